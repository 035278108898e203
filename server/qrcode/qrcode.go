// Package qrcode draws the codes (二维码) that citizens scan, as PNG, SVG and as a poster to print.
//
// A newcomer needs [New], [Code.PNG] and [Code.SVG], and [Poster]. What a code says and whose it is, is decided
// above: the package knows text, and imports nothing of ours.
package qrcode

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strconv"

	"rsc.io/qr"
)

// level is how much of a code may be dirty or torn and it is still read: a quarter. Codes hang outdoors.
const level = qr.Q

// quiet is the margin in modules that a code needs to be found, on each side.
const quiet = 4

// MaxText is the longest text of a code in bytes. Longer ones make modules too fine for print and old phones.
const MaxText = 200

// MaxPixels is the largest side of a picture.
const MaxPixels = 4096

// The refusals, to be told with errors.Is.
var (
	// ErrText: no text, one too long, or one with other than printable ASCII signs. What scanners make of others
	// differs, and addresses have none.
	ErrText = errors.New("qrcode: not a text for a code")
	// ErrPixels: the picture's side is below 1 or above [MaxPixels].
	ErrPixels = errors.New("qrcode: not a size for a picture")
)

// Code is a QR code. It does not change; all may share it.
type Code struct {
	text   string
	matrix *qr.Code
}

// New makes the code of a text, an address as a rule.
func New(text string) (*Code, error) {
	if text == "" || len(text) > MaxText {
		return nil, fmt.Errorf("%w: %d bytes", ErrText, len(text))
	}
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' {
			return nil, fmt.Errorf("%w: %q in it", ErrText, c)
		}
	}
	matrix, err := qr.Encode(text, level)
	if err != nil {
		return nil, fmt.Errorf("qrcode: encode: %w", err)
	}
	return &Code{text, matrix}, nil
}

// Text is what the code says.
func (c *Code) Text() string { return c.text }

// side is the number of modules on a side, margins included.
func (c *Code) side() int { return c.matrix.Size + 2*quiet }

// black tells whether a module is black, counted from the corner of the margin.
func (c *Code) black(x, y int) bool { return c.matrix.Black(x-quiet, y-quiet) }

// PNG draws the code in black and white, margin included. Modules are whole pixels, all alike, so the side is the
// largest that fits into so many pixels; it is larger than asked only where a module would have less than one.
func (c *Code) PNG(pixels int) ([]byte, error) {
	if pixels < 1 || pixels > MaxPixels {
		return nil, fmt.Errorf("%w: %d", ErrPixels, pixels)
	}
	scale := max(1, pixels/c.side())
	m := image.NewPaletted(image.Rect(0, 0, c.side()*scale, c.side()*scale), color.Palette{color.White, color.Black})
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride:][:m.Rect.Dx()]
		for x := range row {
			if c.black(x/scale, y/scale) {
				row[x] = 1
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		return nil, fmt.Errorf("qrcode: encode: %w", err)
	}
	return out.Bytes(), nil
}

// SVG draws the code as one path, margin included, with a title for those who cannot see it. It has no size of its
// own, no style and no reference, and stands in a file as well as in a page.
func (c *Code) SVG(title string) []byte {
	side := strconv.Itoa(c.side())
	var out bytes.Buffer
	out.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` + side + ` ` + side + `" role="img" shape-rendering="crispEdges"><title>`)
	// EscapeText makes anything fit for XML, which is fit for HTML too; a buffer takes it all.
	_ = xml.EscapeText(&out, []byte(title))
	out.WriteString(`</title><path fill="#fff" d="M0 0h` + side + `v` + side + `H0z"/><path d="`)
	c.path(&out)
	out.WriteString(`"/></svg>`)
	return out.Bytes()
}

// path writes each run of black modules in a row as a rectangle.
func (c *Code) path(out *bytes.Buffer) {
	for y := range c.side() {
		for x := 0; x < c.side(); x++ {
			run := 0
			for c.black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(out, "M%d %dh%dv1h-%dz", x, y, run, run)
				x += run
			}
		}
	}
}
