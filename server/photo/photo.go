// Package photo makes what people upload safe to keep: pictures are decoded and made anew, documents are checked.
//
// A newcomer needs [Cleaner.Clean], and [CheckDocument] for PDF. What a file is, is told by its content, never by
// its name or by what the sender says of it. A cleaned picture holds its pixels and nothing else: no place and
// time where it was taken, no maker's notes, no second file hidden behind the first. The package imports nothing
// of ours; how a refusal is worded is the callers' business.
package photo

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/sync/semaphore"
)

// The refusals, to be told with errors.Is. Any other error is the reader's or the context's.
var (
	// ErrTooLarge: more bytes than allowed.
	ErrTooLarge = errors.New("photo: more bytes than allowed")
	// ErrTooManyPixels: larger when decoded than allowed, in all or on one side.
	ErrTooManyPixels = errors.New("photo: more pixels than allowed")
	// ErrNotAPicture: neither JPEG nor PNG nor a still WebP.
	ErrNotAPicture = errors.New("photo: not a JPEG, PNG or still WebP picture")
	// ErrNotADocument: not a PDF.
	ErrNotADocument = errors.New("photo: not a PDF document")
	// ErrDamaged: it begins like one, but is cut off, contradicts itself, or is of a kind that is hardly used.
	ErrDamaged = errors.New("photo: damaged")
)

// The media types of what is kept. Pictures come out as JPEG, those with transparent parts as PNG.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	PDF  = "application/pdf"
)

// quality is that of the JPEGs made here: no difference is seen, and they are a quarter of what phones make.
const quality = 85

// Limits bound what is taken and what is kept. A field that is 0 stands for its default.
type Limits struct {
	// Bytes is the largest upload; 10 MiB.
	Bytes int64
	// Pixels is the largest picture, width times height; 50 million.
	Pixels int64
	// Side is the longest side of a picture, in pixels; 16,384.
	Side int
	// Kept is the longer side from which a picture is scaled down to it, in pixels; 2,560.
	Kept int
	// AtOnce is how many pixels may be decoded at the same time; as many as one picture may have. It bounds the
	// memory: at two to five bytes a pixel mostly, at twenty-five for the worst that can be sent. Others wait for
	// their turn.
	AtOnce int64
}

// withDefaults fills in what is not set.
func (l Limits) withDefaults() Limits {
	l.Bytes = cmp.Or(l.Bytes, 10<<20)
	l.Pixels = cmp.Or(l.Pixels, 50_000_000)
	l.Side = cmp.Or(l.Side, 1<<14)
	l.Kept = cmp.Or(l.Kept, 2560)
	l.AtOnce = max(l.AtOnce, l.Pixels)
	return l
}

// Photo is a picture as it is kept.
type Photo struct {
	Bytes         []byte
	MediaType     string // JPEG or PNG
	Width, Height int    // in pixels, upright
	SHA256        [sha256.Size]byte
}

// Cleaner cleans pictures, no more at once than the memory allows. Make it with [NewCleaner]; all may share it.
type Cleaner struct {
	limits Limits
	room   *semaphore.Weighted
}

// NewCleaner makes a Cleaner.
func NewCleaner(limits Limits) *Cleaner {
	limits = limits.withDefaults()
	return &Cleaner{limits: limits, room: semaphore.NewWeighted(limits.AtOnce)}
}

// Clean reads an upload and makes the picture anew: upright, scaled down where it is larger than needed, without
// anything but its pixels. The size is checked before anything is decoded. The upload is held in memory while it
// waits for its turn, so callers bound how many they take; ctx ends the waiting.
func (c *Cleaner) Clean(ctx context.Context, r io.Reader) (Photo, error) {
	upload, err := readAll(r, c.limits.Bytes)
	if err != nil {
		return Photo{}, err
	}
	f, err := formatOf(upload)
	if err != nil {
		return Photo{}, err
	}
	size, err := f.config(upload)
	if err != nil {
		return Photo{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err := c.checkSize(size.Width, size.Height); err != nil {
		return Photo{}, err
	}
	pixels := int64(size.Width) * int64(size.Height)
	if err := c.room.Acquire(ctx, pixels); err != nil {
		return Photo{}, fmt.Errorf("photo: wait for a turn: %w", err)
	}
	defer c.room.Release(pixels)
	picture, err := f.decode(bytes.NewReader(upload))
	if err != nil {
		return Photo{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if b := picture.Bounds(); b.Dx() != size.Width || b.Dy() != size.Height {
		return Photo{}, fmt.Errorf("%w: %v instead of %d × %d pixels", ErrDamaged, b.Size(), size.Width, size.Height)
	}
	return encode(turn(shrink(picture, c.limits.Kept), orientation(f.exif(upload))))
}

// checkSize refuses what would take too much memory, going by what the header claims.
func (c *Cleaner) checkSize(width, height int) error {
	switch {
	case width <= 0 || height <= 0:
		return fmt.Errorf("%w: %d × %d pixels", ErrDamaged, width, height)
	case width > c.limits.Side || height > c.limits.Side || int64(width)*int64(height) > c.limits.Pixels:
		return fmt.Errorf("%w: %d × %d", ErrTooManyPixels, width, height)
	}
	return nil
}

// readAll reads an upload that must not have more than limit bytes.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("photo: read: %w", err)
	case int64(len(b)) > limit:
		return nil, fmt.Errorf("%w: %d", ErrTooLarge, limit)
	}
	return b, nil
}

// encode makes the file that is kept.
func encode(m image.Image) (Photo, error) {
	p := Photo{MediaType: JPEG, Width: m.Bounds().Dx(), Height: m.Bounds().Dy()}
	var (
		out bytes.Buffer
		err error
	)
	if opaque(m) {
		err = jpeg.Encode(&out, m, &jpeg.Options{Quality: quality})
	} else {
		p.MediaType = PNG
		err = png.Encode(&out, m)
	}
	if err != nil {
		return Photo{}, fmt.Errorf("photo: encode: %w", err)
	}
	p.Bytes = out.Bytes()
	p.SHA256 = sha256.Sum256(p.Bytes)
	return p, nil
}

// opaque tells whether nothing shows through. A kind of picture that cannot say has no transparent parts.
func opaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return !ok || o.Opaque()
}
