package photo

import (
	"image"

	"golang.org/x/image/draw"
)

// shrink scales a picture down so that its longer side is not above kept; a smaller one is given back as it is.
// It goes by halves, each pixel the mean of four, and by what is left in a last step: as good to look at as one wide
// filter, which would need gigabytes of memory for the largest.
func shrink(m image.Image, kept int) image.Image {
	size := m.Bounds().Size()
	longer := max(size.X, size.Y)
	if longer <= kept {
		return m
	}
	// Rounded, and never nothing.
	want := image.Pt(max((size.X*kept+longer/2)/longer, 1), max((size.Y*kept+longer/2)/longer, 1))
	for size != want {
		size = image.Pt(max(want.X, (size.X+1)/2), max(want.Y, (size.Y+1)/2))
		smaller := image.NewRGBA(image.Rectangle{Max: size})
		draw.ApproxBiLinear.Scale(smaller, smaller.Rect, m, m.Bounds(), draw.Src, nil)
		m = smaller
	}
	return m
}

// turn shows a picture as Exif's orientation says it was held.
func turn(m image.Image, orientation int) image.Image {
	if orientation == upright {
		return m
	}
	from := rgba(m)
	w, h := from.Rect.Dx(), from.Rect.Dy()
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 { // on its side
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range to.Rect.Dy() {
		row := to.Pix[y*to.Stride:]
		for x := range to.Rect.Dx() {
			i := from.PixOffset(source(orientation, x, y, w, h))
			copy(row[4*x:4*x+4], from.Pix[i:i+4])
		}
	}
	return to
}

// source is where, in a picture of w × h as it is stored, the pixel lies that is shown at x, y.
func source(orientation, x, y, w, h int) (sx, sy int) {
	switch orientation {
	case 2: // mirrored
		return w - 1 - x, y
	case 3: // upside down
		return w - 1 - x, h - 1 - y
	case 4: // mirrored and upside down
		return x, h - 1 - y
	case 5: // mirrored, top to the left
		return y, x
	case 6: // top to the right
		return y, h - 1 - x
	case 7: // mirrored, top to the right
		return w - 1 - y, h - 1 - x
	case 8: // top to the left
		return w - 1 - y, x
	default:
		return x, y
	}
}

// rgba is the picture with its pixels in reach, at the origin.
func rgba(m image.Image) *image.RGBA {
	if r, ok := m.(*image.RGBA); ok && r.Rect.Min == (image.Point{}) {
		return r
	}
	r := image.NewRGBA(image.Rectangle{Max: m.Bounds().Size()})
	draw.Draw(r, r.Rect, m, m.Bounds().Min, draw.Src)
	return r
}
