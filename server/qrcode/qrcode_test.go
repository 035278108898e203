package qrcode_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rsc.io/qr"

	"github.com/lianluo/lianluo/server/qrcode"
)

// address is what a code of the platform says.
const address = "https://lianluo.example.cn/c/7Q2M-K9XD-4TRW-P8HA"

// texts are of the lengths and kinds that make codes of different sizes.
var texts = []string{"1", "12345", "HTTPS://A.CN/B", address, strings.Repeat("https://a.cn/", 8), strings.Repeat("~", qrcode.MaxText)}

// wants is the matrix that a code must show: of its own level, with four white modules on each side.
func wants(t testing.TB, text string) [][]bool {
	t.Helper()
	code, err := qr.Encode(text, qr.Q)
	if err != nil {
		t.Fatal(err)
	}
	m := blank(code.Size + 8)
	for y := range code.Size {
		for x := range code.Size {
			m[y+4][x+4] = code.Black(x, y)
		}
	}
	return m
}

// blank is a matrix without anything on it.
func blank(side int) [][]bool {
	m := make([][]bool, side)
	for y := range m {
		m[y] = make([]bool, side)
	}
	return m
}

func newCode(t testing.TB, text string) *qrcode.Code {
	t.Helper()
	c, err := qrcode.New(text)
	if err != nil {
		t.Fatal(err)
	}
	if c.Text() != text {
		t.Errorf("it says %q", c.Text())
	}
	return c
}

// Every pixel is that of its module, and the picture is as large as it can be.
func TestPNG(t *testing.T) {
	for _, text := range texts {
		want := wants(t, text)
		side := len(want)
		for _, pixels := range []int{1, side - 1, side, 2*side - 1, 2 * side, 300, 1000} {
			b, err := newCode(t, text).PNG(pixels)
			if err != nil {
				t.Fatal(err)
			}
			decoded, err := png.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			m, ok := decoded.(*image.Paletted)
			if !ok || len(m.Palette) != 2 {
				t.Fatalf("a %T", decoded)
			}
			black := m.Palette.Index(color.Black)
			if m.Palette[black] != color.Color(color.RGBA{A: 255}) || m.Palette[1-black] != color.Color(color.RGBA{255, 255, 255, 255}) {
				t.Fatalf("the colours are %v", m.Palette)
			}
			size := m.Bounds().Size()
			scale := size.X / side
			if size.X != size.Y || size.X%side != 0 || scale < 1 {
				t.Fatalf("%v for %d modules", size, side)
			}
			if size.X > max(pixels, side) || (scale+1)*side <= pixels {
				t.Errorf("%d pixels when asked for %d", size.X, pixels)
			}
			for y := range size.Y {
				for x := range size.X {
					if got := int(m.ColorIndexAt(x, y)) == black; got != want[y/scale][x/scale] {
						t.Fatalf("%q at %d: pixel %d, %d is black: %v", text, pixels, x, y, got)
					}
				}
			}
			if depth := b[24]; depth != 1 {
				t.Errorf("%d bits a pixel", depth)
			}
		}
	}
	if b, err := newCode(t, address).PNG(qrcode.MaxPixels); err != nil || len(b) > 1<<20 {
		t.Errorf("the largest has %d bytes, %v", len(b), err)
	}
	for _, pixels := range []int{0, -1, qrcode.MaxPixels + 1} {
		if _, err := newCode(t, address).PNG(pixels); !errors.Is(err, qrcode.ErrPixels) {
			t.Errorf("%d pixels: %v", pixels, err)
		}
	}
}

// svg is what is looked at of a picture.
type svg struct {
	XMLName   xml.Name `xml:"http://www.w3.org/2000/svg svg"`
	ViewBox   string   `xml:"viewBox,attr"`
	Rendering string   `xml:"shape-rendering,attr"`
	Role      string   `xml:"role,attr"`
	Title     string   `xml:"title"`
	Paths     []struct {
		Fill string `xml:"fill,attr"`
		D    string `xml:"d,attr"`
	} `xml:"path"`
}

func readSVG(t testing.TB, b []byte) svg {
	t.Helper()
	var s svg
	d := xml.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&s); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		t.Errorf("something follows: %v", err)
	}
	return s
}

var run = regexp.MustCompile(`^M(\d+) (\d+)h(\d+)v1h-(\d+)z`)

// draw fills the modules that a path of such runs covers, each once.
func draw(t testing.TB, path string, side int) [][]bool {
	t.Helper()
	m := blank(side)
	for path != "" {
		found := run.FindStringSubmatch(path)
		if found == nil {
			t.Fatalf("not a run: %.40s", path)
		}
		path = path[len(found[0]):]
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(found[i+1])
		}
		if n[2] != n[3] || n[0]+n[2] > side || n[1] >= side {
			t.Fatalf("a run that leaves the picture or does not come back: %s", found[0])
		}
		for x := n[0]; x < n[0]+n[2]; x++ {
			if m[n[1]][x] {
				t.Fatalf("%d, %d is drawn twice", x, n[1])
			}
			m[n[1]][x] = true
		}
	}
	return m
}

func TestSVG(t *testing.T) {
	for _, text := range texts {
		want := wants(t, text)
		s := readSVG(t, newCode(t, text).SVG("站码"))
		if box := fmt.Sprintf("0 0 %d %d", len(want), len(want)); s.ViewBox != box || s.Rendering != "crispEdges" || s.Role != "img" || s.Title != "站码" {
			t.Errorf("%+v", s)
		}
		if len(s.Paths) != 2 {
			t.Fatalf("%d paths", len(s.Paths))
		}
		if ground := fmt.Sprintf("M0 0h%dv%dH0z", len(want), len(want)); s.Paths[0].Fill != "#fff" || s.Paths[0].D != ground {
			t.Errorf("the ground is %+v", s.Paths[0])
		}
		got := draw(t, s.Paths[1].D, len(want))
		if fmt.Sprint(got) != fmt.Sprint(want) || s.Paths[1].Fill != "" {
			t.Errorf("%q: another matrix", text)
		}
	}
}

// Whatever stands in the title, it is a title.
func TestSVGEscapes(t *testing.T) {
	for _, title := range hostile {
		b := newCode(t, address).SVG(title)
		if got := readSVG(t, b).Title; got != printable(title) {
			t.Errorf("%q became %q", title, got)
		}
		if n := bytes.Count(b, []byte("<")); n != 6 {
			t.Errorf("%q: %d tags", title, n)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", address + " ", "a\nb", "a\x00b", "a\x7fb", "https://例.中国/", "\xff\xfe", strings.Repeat("a", qrcode.MaxText+1),
	} {
		if c, err := qrcode.New(text); !errors.Is(err, qrcode.ErrText) || c != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
