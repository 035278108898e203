package photo_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"github.com/lianluo/lianluo/server/photo"
)

func clean(t testing.TB, upload []byte) (photo.Photo, error) {
	t.Helper()
	return photo.NewCleaner(photo.Limits{}).Clean(t.Context(), bytes.NewReader(upload))
}

// cleaned is the picture of an upload that is to be taken, after a look at what is said of it.
func cleaned(t testing.TB, upload []byte) (photo.Photo, image.Image) {
	t.Helper()
	p, err := clean(t, upload)
	if err != nil {
		t.Fatal(err)
	}
	return p, consistent(t, p)
}

// consistent decodes a photo and sees that it is what it says.
func consistent(t testing.TB, p photo.Photo) image.Image {
	t.Helper()
	decode := map[string]func(io.Reader) (image.Image, error){photo.JPEG: jpeg.Decode, photo.PNG: png.Decode}[p.MediaType]
	if decode == nil {
		t.Fatalf("it is %q", p.MediaType)
	}
	m, err := decode(bytes.NewReader(p.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds() != image.Rect(0, 0, p.Width, p.Height) {
		t.Errorf("%v is said to be %d × %d", m.Bounds(), p.Width, p.Height)
	}
	if p.SHA256 != sha256.Sum256(p.Bytes) {
		t.Error("it has another SHA-256")
	}
	return m
}

// turned is what plain shows once it is turned as an orientation says.
var turned = [9]quarters{
	1: plain,
	2: {green, red, white, blue},
	3: {white, blue, green, red},
	4: {blue, white, red, green},
	5: {red, blue, green, white},
	6: {blue, red, white, green},
	7: {white, green, blue, red},
	8: {green, white, red, blue},
}

// Every orientation, in every format that can carry one, in both byte orders, small and scaled down.
func TestCleanTurnsUpright(t *testing.T) {
	orders := []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian}
	small, large := paint(24, 16, plain), paint(2904, 726, plain)
	forms := map[string]func(exif []byte, m image.Image) []byte{
		"JPEG": func(exif []byte, m image.Image) []byte {
			return withSegments(asJPEG(t, m), segment(0xe0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"), segment(0xe1, "Exif\x00\x00"+string(exif)))
		},
		"PNG": func(exif []byte, m image.Image) []byte { return withChunks(asPNG(t, m), chunk("eXIf", string(exif))) },
		"WebP": func(exif []byte, _ image.Image) []byte {
			return extended(webpLossless, 24, 16, webpChunk("EXIF", string(exif)))
		},
		"WebP with a head": func(exif []byte, _ image.Image) []byte {
			return extended(webpLossy, 24, 16, webpChunk("EXIF", "Exif\x00\x00"+string(exif)))
		},
	}
	for name, form := range forms {
		for orientation := 1; orientation <= 8; orientation++ {
			t.Run(fmt.Sprint(name, orientation), func(t *testing.T) {
				w, h := 24, 16
				if orientation >= 5 {
					w, h = h, w
				}
				for _, order := range orders {
					p, m := cleaned(t, form(exif(order, uint16(orientation)), small))
					if p.Width != w || p.Height != h || look(m) != turned[orientation] {
						t.Errorf("%v: %d × %d, %v", order, p.Width, p.Height, look(m))
					}
				}
				if orientation%5 == 1 && strings.HasPrefix(name, "JPEG") {
					p, m := cleaned(t, form(exif(binary.BigEndian, uint16(orientation)), large))
					if max(p.Width, p.Height) != 2560 || min(p.Width, p.Height) != 640 || look(m) != turned[orientation] {
						t.Errorf("large: %d × %d, %v", p.Width, p.Height, look(m))
					}
				}
			})
		}
	}
}

// What came with the picture and is not the picture is gone.
func TestCleanRemovesAllButThePicture(t *testing.T) {
	const (
		xmp     = "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta xmlns:x='adobe:ns:meta/'>made at home</x:xmpmeta>"
		remark  = "taken in my kitchen"
		script  = "<script>alert(document.cookie)</script><?php system($_GET['c']); ?>"
		archive = "PK\x03\x04 another file"
	)
	little, big := string(exif(binary.LittleEndian, 1)), string(exif(binary.BigEndian, 1))
	uploads := map[string][]byte{
		"JPEG": append(withSegments(asJPEG(t, paint(24, 16, plain)),
			segment(0xe1, "Exif\x00\x00"+little), segment(0xe1, "Exif\x00\x00"+big), segment(0xe1, xmp),
			segment(0xe2, "ICC_PROFILE\x00\x01\x01"+remark), segment(0xed, "Photoshop 3.0\x00"+remark), segment(0xfe, remark+script)),
			script+archive...),
		"PNG": append(withChunks(asPNG(t, paint(24, 16, plain)),
			chunk("eXIf", big), chunk("tEXt", "Comment\x00"+remark), chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+xmp), chunk("prVt", script)),
			script+archive...),
		"PNG with alpha": append(withChunks(asPNG(t, paint(24, 16, quarters{red, green, blue, none})),
			chunk("eXIf", little), chunk("tEXt", "Comment\x00"+remark+script)), archive...),
		"WebP": extended(webpLossy, 24, 16, webpChunk("EXIF", little), webpChunk("XMP ", xmp+script)),
	}
	telling := map[string]string{
		"Exif": "Exif", "camera": camera, "time": when, "XMP": "adobe", "remark": remark, "script": "script", "PHP": "<?php", "archive": "PK\x03\x04",
		"place": string(place(binary.LittleEndian)), "place, big-endian": string(place(binary.BigEndian)),
		"kinds of chunks": "eXIf", "text chunks": "tEXt", "profiles": "ICC_PROFILE", "TIFF": "II*\x00", "TIFF, big-endian": "MM\x00*",
	}
	for name, upload := range uploads {
		t.Run(name, func(t *testing.T) {
			found := 0
			p, m := cleaned(t, upload)
			for what, text := range telling {
				if bytes.Contains(upload, []byte(text)) {
					found++
				}
				if bytes.Contains(p.Bytes, []byte(text)) {
					t.Errorf("it still holds %s", what)
				}
			}
			if found < 5 {
				t.Errorf("the upload held only %d of what is to be removed", found)
			}
			if q := look(m); q[0] != red || q[1] != green || q[2] != blue {
				t.Errorf("it shows %v", q)
			}
			again, _ := cleaned(t, upload)
			if again.SHA256 != p.SHA256 {
				t.Error("another time it comes out otherwise")
			}
		})
	}
}

// JPEG comes out, unless something shows through.
func TestCleanFormats(t *testing.T) {
	through := quarters{red, green, blue, none}
	gray := image.NewGray(image.Rect(0, 0, 24, 16))
	for i := range gray.Pix {
		gray.Pix[i] = 255
	}
	allWhite := quarters{white, white, white, white}
	palette := image.NewPaletted(image.Rect(0, 0, 24, 16), color.Palette{none, red})
	deep := image.NewNRGBA64(image.Rect(0, 0, 24, 16))
	for y := range 16 {
		for x := range 24 {
			deep.Set(x, y, paint(24, 16, through).At(x, y))
		}
	}
	cases := map[string]struct {
		upload    []byte
		mediaType string
		shows     quarters
	}{
		"JPEG":                     {asJPEG(t, paint(24, 16, plain)), photo.JPEG, plain},
		"gray JPEG":                {asJPEG(t, gray), photo.JPEG, allWhite},
		"PNG":                      {asPNG(t, paint(24, 16, plain)), photo.JPEG, plain},
		"gray PNG":                 {asPNG(t, gray), photo.JPEG, allWhite},
		"PNG with alpha":           {asPNG(t, paint(24, 16, through)), photo.PNG, through},
		"PNG with palette, clear":  {asPNG(t, palette), photo.PNG, quarters{}},
		"deep PNG with alpha":      {asPNG(t, deep), photo.PNG, through},
		"moving PNG":               {withChunks(asPNG(t, paint(24, 16, plain)), chunk("acTL", "\x00\x00\x00\x01\x00\x00\x00\x00")), photo.JPEG, plain},
		"WebP":                     {webpLossy, photo.JPEG, plain},
		"lossless WebP":            {webpLossless, photo.JPEG, plain},
		"WebP with alpha":          {webpLossyAlpha, photo.PNG, through},
		"lossless WebP with alpha": {webpLosslessAlpha, photo.PNG, through},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p, m := cleaned(t, c.upload)
			if p.MediaType != c.mediaType || p.Width != 24 || p.Height != 16 || look(m) != c.shows {
				t.Errorf("%s, %d × %d, %v", p.MediaType, p.Width, p.Height, look(m))
			}
			// What was cleaned once can be cleaned again.
			if _, again := cleaned(t, p.Bytes); look(again) != c.shows {
				t.Errorf("again: %v", look(again))
			}
		})
	}
}

func TestCleanScalesDown(t *testing.T) {
	for _, c := range []struct{ w, h, wantW, wantH int }{
		{2560, 1440, 2560, 1440},
		{2561, 100, 2560, 100},
		{100, 2561, 100, 2560},
		{4000, 300, 2560, 192},
		{300, 4000, 192, 2560},
		{5121, 3, 2560, 1},
		{16384, 120, 2560, 19},
		{16384, 1, 2560, 1},
		{2, 16384, 1, 2560},
	} {
		through := plain
		through[3] = none
		for _, q := range []quarters{plain, through} {
			p, m := cleaned(t, asPNG(t, paint(c.w, c.h, q)))
			if p.Width != c.wantW || p.Height != c.wantH {
				t.Errorf("%d × %d became %d × %d", c.w, c.h, p.Width, p.Height)
			}
			if min(p.Width, p.Height) > 10 && look(m) != q {
				t.Errorf("%d × %d shows %v", c.w, c.h, look(m))
			}
		}
	}
}

// Scaling takes every pixel into account: what is finer than the result becomes its mean, not a pattern.
func TestCleanScalesSmoothly(t *testing.T) {
	for name, c := range map[string]struct {
		w     int
		white func(x, y int) bool
	}{
		"a chessboard, to the half":    {5120, func(x, y int) bool { return (x+y)%2 == 0 }},
		"a chessboard, to the quarter": {10240, func(x, y int) bool { return (x+y)%2 == 0 }},
		"columns, to the quarter":      {10240, func(x, _ int) bool { return x%4 == 1 || x%4 == 2 }},
		"rows, to the quarter":         {10240, func(_, y int) bool { return y%4 == 1 || y%4 == 2 }},
	} {
		m := image.NewGray(image.Rect(0, 0, c.w, 128))
		for y := range m.Rect.Dy() {
			for x := range c.w {
				if c.white(x, y) {
					m.SetGray(x, y, color.Gray{255})
				}
			}
		}
		_, scaled := cleaned(t, asPNG(t, m))
		for y := range scaled.Bounds().Dy() {
			for x := range scaled.Bounds().Dx() {
				if v := color.GrayModel.Convert(scaled.At(x, y)).(color.Gray).Y; v < 120 || v > 136 {
					t.Fatalf("%s: %d at %d, %d", name, v, x, y)
				}
			}
		}
	}
}

func TestCleanRefusesWhatIsNoPicture(t *testing.T) {
	m := paint(24, 16, plain)
	encoded := func(encode func(io.Writer, image.Image) error) []byte {
		var b bytes.Buffer
		if err := encode(&b, m); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	jpg, pic := asJPEG(t, m), asPNG(t, m)
	for name, upload := range map[string][]byte{
		"nothing":       nil,
		"text":          []byte("hello"),
		"HTML":          []byte("<!DOCTYPE html><html><script>alert(1)</script>"),
		"SVG":           []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
		"XML SVG":       []byte(`<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"script":        []byte("alert(1)//\xff\xd8\xff"),
		"GIF":           encoded(func(w io.Writer, m image.Image) error { return gif.Encode(w, m, nil) }),
		"GIF and JS":    []byte("GIF89a/*" + strings.Repeat("\x00", 20) + "*/=1;alert(1)"),
		"BMP":           encoded(bmp.Encode),
		"TIFF":          encoded(func(w io.Writer, m image.Image) error { return tiff.Encode(w, m, nil) }),
		"PDF":           []byte(goodPDF),
		"PDF and JPEG":  append([]byte("%PDF-1.4\n"), jpg...),
		"ZIP and PNG":   append([]byte("PK\x03\x04"), pic...),
		"HTML and PNG":  append([]byte("<html>"), pic...),
		"space and PNG": append([]byte("\n"), pic...),
		"HEIC":          []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + strings.Repeat("\x00", 100)),
		"AVIF":          []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif" + strings.Repeat("\x00", 100)),
		"MP4":           []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + strings.Repeat("\x00", 100)),
		"WAV":           []byte("RIFF\x24\x00\x00\x00WAVEfmt " + strings.Repeat("\x00", 100)),
		"moving WebP":   webpAnimated,
		"Exif alone":    exif(binary.LittleEndian, 6),
		"ICO":           append([]byte("\x00\x00\x01\x00\x01\x00\x10\x10\x00\x00\x01\x00\x20\x00\x28\x00\x00\x00\x16\x00\x00\x00"), pic...),
		"zeros":         make([]byte, 1000),
		"JPEG in UTF-8": []byte(string([]rune{0xff, 0xd8, 0xff, 0xe0})),
	} {
		if p, err := clean(t, upload); !errors.Is(err, photo.ErrNotAPicture) {
			t.Errorf("%s: %v, %v", name, p.MediaType, err)
		}
	}
}

func TestCleanRefusesWhatIsDamaged(t *testing.T) {
	m := paint(24, 16, plain)
	jpg, pic := asJPEG(t, m), asPNG(t, m)
	html := []byte("<html><script>alert(1)</script></html>")
	unusual := bytes.Clone(jpg)
	copy(unusual[sofAt(t, unusual)+2:], "\x00\x0b\x0c") // a precision of twelve bits
	for name, upload := range map[string][]byte{
		"HTML that begins as JPEG": append([]byte("\xff\xd8\xff"), html...),
		"HTML that begins as PNG":  append([]byte("\x89PNG\r\n\x1a\n"), html...),
		"HTML that begins as WebP": append([]byte("RIFF\x50\x00\x00\x00WEBPVP8 \x40\x00\x00\x00"), html...),
		"JPEG of no height":        resize(t, jpg, 24, 0),
		"JPEG of no width":         resize(t, jpg, 0, 16),
		"JPEG that claims more":    resize(t, jpg, 2400, 1600),
		"JPEG of an unusual kind":  unusual,
		"PNG of no size":           append(append(bytes.Clone(pic[:8]), chunk("IHDR", "\x00\x00\x00\x00\x00\x00\x00\x00\x08\x02\x00\x00\x00")...), pic[33:]...),
		"PNG that claims more":     append(append(bytes.Clone(pic[:8]), chunk("IHDR", "\x00\x00\x10\x00\x00\x00\x10\x00\x08\x02\x00\x00\x00")...), pic[33:]...),
		"PNG with a wrong sum":     append(append(bytes.Clone(pic[:40]), pic[40]^1), pic[41:]...),
		"WebP that claims less":    extended(webpLossy, 4, 4),
		"WebP that claims more":    extended(webpLossless, 5000, 5000),
	} {
		if p, err := clean(t, upload); !errors.Is(err, photo.ErrDamaged) {
			t.Errorf("%s: %v, %v", name, p.MediaType, err)
		}
	}
	// Cut off anywhere, no picture is taken for a whole one.
	for name, upload := range map[string][]byte{
		"JPEG": withSegments(jpg, segment(0xe1, "Exif\x00\x00"+string(exif(binary.BigEndian, 6)))), "PNG": pic,
		"WebP": webpLossy, "WebP with alpha": webpLossyAlpha,
		// The last byte of these only pads them.
		"lossless WebP": webpLossless[:63], "lossless WebP with alpha": webpLosslessAlpha[:63],
	} {
		for n := range len(upload) {
			if _, err := clean(t, upload[:n]); !errors.Is(err, photo.ErrDamaged) && !errors.Is(err, photo.ErrNotAPicture) {
				t.Errorf("%s cut off at %d of %d: %v", name, n, len(upload), err)
				break
			}
		}
	}
}

// A JPEG may go over its picture as often as is usual and more, but not as often as it takes to hold up a server.
func TestCleanCountsScans(t *testing.T) {
	tail := strings.Repeat("\xff\xda", 1000) // behind the picture, where nobody looks
	for _, c := range []struct {
		upload []byte
		want   error
	}{
		{progressive(1), nil},
		{progressive(100), nil},
		{append(progressive(100), tail...), nil},
		{withSegments(progressive(100), segment(0xfe, tail)), nil},
		{progressive(101), photo.ErrDamaged},
		{progressive(100_000), photo.ErrDamaged},
		{progressive(100_000)[:500_000], photo.ErrDamaged},
	} {
		if _, err := clean(t, c.upload); !errors.Is(err, c.want) || (err != nil && !strings.Contains(err.Error(), "scans")) {
			t.Errorf("%d bytes: %v", len(c.upload), err)
		}
	}
}

// sofAt is where a JPEG's frame begins, which has its size.
func sofAt(t testing.TB, file []byte) int {
	t.Helper()
	i := bytes.Index(file, []byte{0xff, 0xc0})
	if i < 0 {
		t.Fatal("no frame")
	}
	return i
}

// resize makes a JPEG claim another size.
func resize(t testing.TB, file []byte, w, h uint16) []byte {
	t.Helper()
	file = bytes.Clone(file)
	at := sofAt(t, file)
	binary.BigEndian.PutUint16(file[at+5:], h)
	binary.BigEndian.PutUint16(file[at+7:], w)
	return file
}

// A few bytes that claim to be gigabytes are refused before any memory is taken for them.
func TestCleanRefusesBombs(t *testing.T) {
	pic := asPNG(t, paint(24, 16, plain))
	ihdr := func(w, h uint32) []byte {
		size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
		return append(append(bytes.Clone(pic[:8]), chunk("IHDR", string(size)+"\x08\x06\x00\x00\x00")...), pic[33:]...)
	}
	jpg := asJPEG(t, paint(24, 16, plain))
	for name, upload := range map[string][]byte{
		"PNG of 60000 × 60000":           ihdr(60000, 60000),
		"PNG of 2147483647 × 1":          ihdr(1<<31-1, 1),
		"PNG of 1 × 16385":               ihdr(1, 16385),
		"PNG of 16384 × 16384":           ihdr(16384, 16384),
		"PNG of 50 million and a little": ihdr(10000, 5001),
		"JPEG of 65535 × 65535":          resize(t, jpg, 65535, 65535),
		"JPEG of 16385 × 1":              resize(t, jpg, 16385, 1),
		"WebP of 16384 × 16384":          extended(webpLossy, 16384, 16384),
		"WebP of 16777216 × 1":           extended(webpLossy, 1<<24, 1),
	} {
		before := totalAlloc()
		_, err := clean(t, upload)
		if used := totalAlloc() - before; used > 4<<20 {
			t.Errorf("%s: %d bytes of memory", name, used)
		}
		if !errors.Is(err, photo.ErrTooManyPixels) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCleanLimits(t *testing.T) {
	jpg := asJPEG(t, paint(24, 16, plain))
	size := int64(len(jpg))
	for name, c := range map[string]struct {
		limits photo.Limits
		want   error
	}{
		"just as many bytes":  {photo.Limits{Bytes: size}, nil},
		"a byte too many":     {photo.Limits{Bytes: size - 1}, photo.ErrTooLarge},
		"just as many pixels": {photo.Limits{Pixels: 24 * 16}, nil},
		"a pixel too many":    {photo.Limits{Pixels: 24*16 - 1}, photo.ErrTooManyPixels},
		"just as wide":        {photo.Limits{Side: 24}, nil},
		"a pixel too wide":    {photo.Limits{Side: 23}, photo.ErrTooManyPixels},
	} {
		if _, err := photo.NewCleaner(c.limits).Clean(t.Context(), bytes.NewReader(jpg)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p, err := photo.NewCleaner(photo.Limits{Kept: 6}).Clean(t.Context(), bytes.NewReader(jpg))
	if err != nil || p.Width != 6 || p.Height != 4 {
		t.Errorf("kept: %d × %d, %v", p.Width, p.Height, err)
	}
}

// An upload that never ends is read no further than the limit.
func TestCleanReadsNoFurther(t *testing.T) {
	const limit = 1000
	var n counter
	_, err := photo.NewCleaner(photo.Limits{Bytes: limit}).Clean(t.Context(), io.TeeReader(endless{}, &n))
	if !errors.Is(err, photo.ErrTooLarge) || n > limit+1 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// A line that breaks is the line's fault, not the picture's.
func TestCleanReaderFails(t *testing.T) {
	broken := errors.New("the line broke")
	r := io.MultiReader(bytes.NewReader(asJPEG(t, paint(24, 16, plain))), iotest.ErrReader(broken))
	_, err := photo.NewCleaner(photo.Limits{}).Clean(t.Context(), r)
	if !errors.Is(err, broken) {
		t.Error(err)
	}
	for _, refusal := range []error{photo.ErrTooLarge, photo.ErrTooManyPixels, photo.ErrNotAPicture, photo.ErrDamaged} {
		if errors.Is(err, refusal) {
			t.Errorf("it passes for %v", refusal)
		}
	}
}

// FuzzClean: whatever is sent is refused for one of the reasons, or comes out as a small clean picture.
func FuzzClean(f *testing.F) {
	m := paint(24, 16, plain)
	through := quarters{red, green, blue, none}
	jpg, pic := asJPEG(f, m), asPNG(f, m)
	for _, upload := range [][]byte{
		jpg, resize(f, jpg, 600, 100), pic, asPNG(f, paint(8, 8, through)), asPNG(f, image.NewGray16(m.Rect)), asPNG(f, image.NewPaletted(m.Rect, color.Palette{red, none})),
		withSegments(jpg, segment(0xe1, "Exif\x00\x00"+string(exif(binary.LittleEndian, 6)))),
		withChunks(pic, chunk("eXIf", string(exif(binary.BigEndian, 7)))),
		progressive(3), webpLossy, webpLossless, webpLossyAlpha, webpLosslessAlpha, webpAnimated,
		extended(webpLossy, 24, 16, webpChunk("EXIF", string(exif(binary.BigEndian, 3)))),
		[]byte(goodPDF), []byte("GIF89a"), nil,
	} {
		f.Add(upload)
	}
	cleaner := photo.NewCleaner(photo.Limits{Pixels: 1 << 16, Kept: 100})
	f.Fuzz(func(t *testing.T, upload []byte) {
		p, err := cleaner.Clean(t.Context(), bytes.NewReader(upload))
		switch {
		case errors.Is(err, photo.ErrTooLarge), errors.Is(err, photo.ErrTooManyPixels), errors.Is(err, photo.ErrNotAPicture), errors.Is(err, photo.ErrDamaged):
			return
		case err != nil:
			t.Fatal(err)
		}
		consistent(t, p)
		if max(p.Width, p.Height) > 100 || bytes.Contains(p.Bytes, []byte("Exif")) {
			t.Errorf("%d × %d", p.Width, p.Height)
		}
	})
}

func BenchmarkClean(b *testing.B) {
	for _, c := range []struct{ w, h int }{{1600, 1200}, {4000, 3000}, {8660, 5773}} {
		upload := asJPEG(b, paint(c.w, c.h, plain))
		b.Run(fmt.Sprintf("%dx%d", c.w, c.h), func(b *testing.B) {
			cleaner := photo.NewCleaner(photo.Limits{})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := cleaner.Clean(b.Context(), bytes.NewReader(upload)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
