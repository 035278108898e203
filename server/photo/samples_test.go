package photo_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

var (
	red   = color.NRGBA{255, 0, 0, 255}
	green = color.NRGBA{0, 255, 0, 255}
	blue  = color.NRGBA{0, 0, 255, 255}
	white = color.NRGBA{255, 255, 255, 255}
	none  = color.NRGBA{}
)

// quarters are the colours of a picture's quarters: top left, top right, bottom left, bottom right.
type quarters [4]color.NRGBA

// plain is what all samples show unless they are turned.
var plain = quarters{red, green, blue, white}

// paint makes a picture of four quarters.
func paint(w, h int, q quarters) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			i := 0
			if x >= w/2 {
				i++
			}
			if y >= h/2 {
				i += 2
			}
			m.SetNRGBA(x, y, q[i])
		}
	}
	return m
}

// look tells the colours in the middles of the quarters, each part rounded to nothing or all.
func look(m image.Image) quarters {
	b := m.Bounds()
	var q quarters
	for i := range q {
		c := color.NRGBAModel.Convert(m.At(b.Min.X+b.Dx()*(1+i%2*2)/4, b.Min.Y+b.Dy()*(1+i/2*2)/4)).(color.NRGBA)
		for _, part := range []*uint8{&c.R, &c.G, &c.B, &c.A} {
			if *part >= 128 {
				*part = 255
			} else {
				*part = 0
			}
		}
		if c.A == 0 {
			c = none
		}
		q[i] = c
	}
	return q
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What phones write into pictures, and what must never be found in one that was cleaned.
const (
	camera = "ACME Phone 7 of Mr. Somebody"
	when   = "2026:05:01 08:30:00"
)

// place is a position as Exif has it: 28° 13′ 41.25″, in the byte order given.
func place(order binary.AppendByteOrder) []byte {
	var b []byte
	for _, n := range []uint32{28, 1, 13, 1, 4125, 100} {
		b = order.AppendUint32(b, n)
	}
	return b
}

// exif makes the TIFF part of Exif data by hand: orientation, camera, time, and a GPS list.
func exif(order binary.AppendByteOrder, turned uint16) []byte {
	type tag struct {
		id, kind uint16
		count    uint32
		value    []byte // more than four bytes lie behind the lists
	}
	const ascii, short, long, rational = 2, 3, 4, 5
	two := func(n uint16) []byte { return append(order.AppendUint16(nil, n), 0, 0) }
	text := func(s string) []byte { return append([]byte(s), 0) }
	size := func(n int) uint32 { return uint32(2 + 12*n + 4) }
	lists := [][]tag{
		{
			{0x010f, ascii, uint32(len(camera) + 1), text(camera)},
			{0x0112, short, 1, two(turned)},
			{0x0132, ascii, uint32(len(when) + 1), text(when)},
			{0x8825, long, 1, order.AppendUint32(nil, 8+size(4))}, // where the GPS list is
		},
		{
			{0x0001, ascii, 2, []byte("N\x00\x00\x00")},
			{0x0002, rational, 3, place(order)},
		},
	}
	head := []byte("II*\x00")
	if order.String() == "BigEndian" {
		head = []byte("MM\x00*")
	}
	b := order.AppendUint32(head, 8)
	behind, at := []byte(nil), 8+size(4)+size(2)
	for _, list := range lists {
		b = order.AppendUint16(b, uint16(len(list)))
		for _, t := range list {
			b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, t.id), t.kind), t.count)
			if len(t.value) == 4 {
				b = append(b, t.value...)
				continue
			}
			b = order.AppendUint32(b, at+uint32(len(behind)))
			behind = append(behind, t.value...)
		}
		b = order.AppendUint32(b, 0)
	}
	return append(b, behind...)
}

// segment is a part of a JPEG before its picture.
func segment(marker byte, data string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(data))), data...)
}

// withSegments puts segments behind the beginning of a JPEG.
func withSegments(file []byte, segments ...[]byte) []byte {
	return append(append(bytes.Clone(file[:2]), bytes.Join(segments, nil)...), file[2:]...)
}

// progressive makes a gray JPEG of 8 × 8 pixels that goes over its picture so many times.
func progressive(scans int) []byte {
	oneCode := func(class byte) []byte { // a table in which the one bit 0 stands for 0: no difference, or the block's end
		return segment(0xc4, string(append([]byte{class, 1}, make([]byte, 16)...)))
	}
	b := bytes.Join([][]byte{
		{0xff, 0xd8},
		segment(0xdb, "\x00"+string(bytes.Repeat([]byte{1}, 64))),
		segment(0xc2, "\x08\x00\x08\x00\x08\x01\x01\x11\x00"),
		oneCode(0x00), oneCode(0x10),
		segment(0xda, "\x01\x01\x00\x00\x00\x00"),
		{0x7f},
	}, nil)
	for range scans - 1 {
		b = append(append(b, segment(0xda, "\x01\x01\x00\x01\x3f\x00")...), 0x7f)
	}
	return append(b, 0xff, 0xd9)
}

// chunk is a part of a PNG.
func chunk(name, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// withChunks puts chunks behind the header of a PNG.
func withChunks(file []byte, chunks ...[]byte) []byte {
	const header = 8 + 4 + 4 + 13 + 4
	return append(append(bytes.Clone(file[:header]), bytes.Join(chunks, nil)...), file[header:]...)
}

// The samples of WebP show plain in 24 × 16 pixels; the last quarter of those with alpha is transparent.
var (
	webpLossy         = unbase("UklGRl4AAABXRUJQVlA4IFIAAAAwAwCdASoYABAALoVarVaipycnBwCES1AF2I//A8y/nyogAP7r3Z3A5+qj/9gHP/8K1/2k/of/+7BeWf+3mPc3//vYJk/88pl6cPms8T8VRAAA")
	webpLossyAlpha    = unbase("UklGRo4AAABXRUJQVlA4WAoAAAAQAAAAFwAADwAAQUxQSBUAAAABDzD/ERFCSEB44P9a1YSI/k9Av0wAVlA4IFIAAAAwAwCdASoYABAALoVarVaipycnBwCES1AF2I//A8y/nyogAP7r3Z3A5+qj/9gHP/8K1/2k/of/+7BeWf+3mPc3//vYJk/88pl6cPms8T8VRAAA")
	webpLossless      = unbase("UklGRjgAAABXRUJQVlA4TCsAAAAvF8ADAB8gEEjeHzqN+RcQFPwf3fxHZA+AMNtokpOc5P2PIKL/UalPYNsTAA==")
	webpLosslessAlpha = unbase("UklGRjgAAABXRUJQVlA4TCsAAAAvF8ADEB8gEEjaH3qN+RcQFPk/2vwH8KWAMNtokpOc5P2PIKL/sa16qsATAA==")
	webpAnimated      = unbase("UklGRuQAAABXRUJQVlA4WAoAAAASAAAAFwAADwAAQU5JTQYAAAD/////AABBTk1GbgAAAAAAAAAAABcAAA8AAGQAAAJWUDggVgAAAHADAJ0BKhgAEAAuaUikUiIlpaWFgGhLUAToj//cQATYAv/eQAD+8qC/HFj6hp/7Mv//yDH/+OewGgf/+QH/HX/w9PcX/+QHfX/VbhOv5yJwEy0ZIAAAQU5NRkIAAAAGAAAEAAALAAAHAABkAAACQUxQSAkAAAABBxAREYiI/gcAVlA4IBgAAAAwAQCdASoMAAgAAgA0JaQAA3AA/vuUAAA=")
)

func unbase(s string) []byte {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// webpChunk is a part of a WebP.
func webpChunk(name, data string) []byte {
	b := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data))), data...)
	if len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// extended wraps the one chunk of a simple WebP into the form that has metadata, with a size to claim.
func extended(simple []byte, w, h int, more ...[]byte) []byte {
	flags := append([]byte{1 << 3, 0, 0, 0}, byte(w-1), byte((w-1)>>8), byte((w-1)>>16), byte(h-1), byte((h-1)>>8), byte((h-1)>>16))
	body := append([]byte("WEBP"), webpChunk("VP8X", string(flags))...)
	body = append(append(body, simple[12:]...), bytes.Join(more, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}
