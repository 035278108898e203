package app_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
)

// snapshot is a JPEG as phones make it; another shade is another photo.
func snapshot(shade uint8) []byte {
	m := image.NewNRGBA(image.Rect(0, 0, 64, 48))
	for y := range 48 {
		for x := range 64 {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x * 4), uint8(y * 5), shade, 255})
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, nil) // in memory
	return b.Bytes()
}

// whereTaken is the position in a located photo: 28° 13′ 41.25″ N, as Exif has it.
var whereTaken = func() (b []byte) {
	for _, n := range []uint32{28, 1, 13, 1, 4125, 100} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}()

// located is a photo with the place where it was taken.
func located() []byte {
	le := binary.LittleEndian
	entry := func(id, kind uint16, count, value uint32) []byte {
		return le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(nil, id), kind), count), value)
	}
	const gps = 8 + 2 + 12 + 4
	tiff := bytes.Join([][]byte{
		[]byte("II*\x00\x08\x00\x00\x00"),
		{1, 0},
		entry(0x8825, 4, 1, gps), make([]byte, 4), // the first list leads to that of the place
		{2, 0},
		entry(1, 2, 2, 'N'), entry(2, 5, 3, gps+2+24+4), make([]byte, 4), whereTaken,
	}, nil)
	return withSegment(snapshot(7), "Exif\x00\x00"+string(tiff))
}

// withSegment puts an application segment behind the beginning of a JPEG.
func withSegment(file []byte, data string) []byte {
	segment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(2+len(data))), data...)
	return bytes.Join([][]byte{file[:2], segment, file[2:]}, nil)
}

// bomb is a PNG of a few bytes that claims to be 60000 × 60000 pixels.
func bomb() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 8, 8)))
	file := b.Bytes()
	binary.BigEndian.PutUint32(file[16:], 60000)
	binary.BigEndian.PutUint32(file[20:], 60000)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

// pdf is the smallest thing that is taken for a PDF.
func pdf() []byte {
	return []byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n")
}

// huge is a JPEG of more than 10 MB, which the picture's pixels do not need.
func huge() []byte {
	file := snapshot(9)
	for range 170 {
		file = withSegment(file, strings.Repeat("x", 65_000))
	}
	return file
}
