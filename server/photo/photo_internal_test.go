package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/png"
	"testing"
	"testing/synctest"
)

// A picture takes as much room as it has pixels, waits for it, and gives it back however it ends.
func TestCleanWaitsForRoom(t *testing.T) {
	const w, h, all = 20, 10, 1000
	var upload bytes.Buffer
	if err := png.Encode(&upload, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	c := NewCleaner(Limits{Pixels: all})
	clean := func(ctx context.Context, b []byte) error {
		_, err := c.Clean(ctx, bytes.NewReader(b))
		return err
	}
	if !c.room.TryAcquire(all - w*h) {
		t.Fatal("less room than said")
	}
	if err := clean(t.Context(), upload.Bytes()); err != nil {
		t.Errorf("just enough room: %v", err)
	}
	if !c.room.TryAcquire(1) {
		t.Fatal("the room was not given back")
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- clean(ctx, upload.Bytes()) }()
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("a pixel too little room: %v", err)
		default:
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("given up: %v", err)
		}
	})
	c.room.Release(all - w*h + 1)
	for _, b := range [][]byte{upload.Bytes()[:upload.Len()-20], upload.Bytes(), nil} {
		_ = clean(t.Context(), b)
		if !c.room.TryAcquire(all) {
			t.Fatal("the room was not given back")
		}
		c.room.Release(all)
	}
}

func TestLimitsDefaults(t *testing.T) {
	want := Limits{Bytes: 10 << 20, Pixels: 50_000_000, Side: 16384, Kept: 2560, AtOnce: 50_000_000}
	if got := (Limits{}).withDefaults(); got != want {
		t.Errorf("%+v", got)
	}
	if got := (Limits{Pixels: 100, AtOnce: 50}).withDefaults(); got.AtOnce != 100 {
		t.Errorf("a picture that may be taken has no room: %+v", got)
	}
}

// tiff is the least Exif data that has an orientation.
func tiff(order binary.AppendByteOrder, head string, entries ...[4]uint32) []byte {
	b := order.AppendUint32([]byte(head), 8)
	b = order.AppendUint16(b, uint16(len(entries)))
	for _, e := range entries {
		b = order.AppendUint16(order.AppendUint16(b, uint16(e[0])), uint16(e[1]))
		b = order.AppendUint32(b, e[2])
		b = append(order.AppendUint16(b, uint16(e[3])), 0, 0)
	}
	return b
}

func TestOrientation(t *testing.T) {
	little, big := binary.LittleEndian, binary.BigEndian
	good := tiff(little, "II*\x00", [4]uint32{0x10f, 2, 1, 0}, [4]uint32{0x112, 3, 1, 6})
	far := bytes.Clone(good)
	little.PutUint32(far[4:], 1<<32-1)
	at := bytes.Clone(good)
	little.PutUint32(at[4:], uint32(len(good)-1))
	many := bytes.Clone(good)
	little.PutUint16(many[8:], 0xffff)
	for name, c := range map[string]struct {
		exif []byte
		want int
	}{
		"little-endian":               {good, 6},
		"big-endian":                  {tiff(big, "MM\x00*", [4]uint32{0x112, 3, 1, 8}), 8},
		"more entries than there are": {many, 6},
		"the first counts":            {tiff(big, "MM\x00*", [4]uint32{0x112, 3, 1, 3}, [4]uint32{0x112, 3, 1, 8}), 3},

		"nothing":               {nil, 1},
		"another order":         {append([]byte("MM*\x00"), good[4:]...), 1},
		"no TIFF":               {append([]byte("XX*\x00"), good[4:]...), 1},
		"0":                     {tiff(big, "MM\x00*", [4]uint32{0x112, 3, 1, 0}), 1},
		"9":                     {tiff(big, "MM\x00*", [4]uint32{0x112, 3, 1, 9}), 1},
		"65535":                 {tiff(big, "MM\x00*", [4]uint32{0x112, 3, 1, 65535}), 1},
		"of another kind":       {tiff(big, "MM\x00*", [4]uint32{0x112, 4, 1, 6}), 1},
		"two of them":           {tiff(big, "MM\x00*", [4]uint32{0x112, 3, 2, 6}), 1},
		"another tag":           {tiff(big, "MM\x00*", [4]uint32{0x113, 3, 1, 6}), 1},
		"a list out of reach":   {far, 1},
		"a list at the end":     {at, 1},
		"more, and none is it":  {many[:22], 1},
		"an entry that is half": {good[:len(good)-1], 1},
	} {
		if got := orientation(c.exif); got != c.want {
			t.Errorf("%s: %d", name, got)
		}
	}
}

// FuzzOrientation: no data brings the parser out of its bounds, or another answer than 1 to 8.
func FuzzOrientation(f *testing.F) {
	f.Add(tiff(binary.LittleEndian, "II*\x00", [4]uint32{0x112, 3, 1, 6}))
	f.Add(tiff(binary.BigEndian, "MM\x00*", [4]uint32{0x10f, 2, 1, 0}, [4]uint32{0x112, 3, 1, 8}))
	f.Fuzz(func(t *testing.T, exif []byte) {
		if got := orientation(exif); got < 1 || got > 8 {
			t.Errorf("%d of %x", got, exif)
		}
		for _, find := range []func([]byte) []byte{jpegExif, pngExif, webpExif} {
			if got := find(exif); len(got) > len(exif) {
				t.Errorf("%x of %x", got, exif)
			}
		}
	})
}
