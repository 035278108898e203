// Package store keeps the bytes of attachments (附件), in a folder or in a bucket that speaks S3.
//
// A newcomer needs [Store] with its two kinds, [OpenDir] and [NewS3], and [NewKey]: a file's key is random
// and made by the platform, so that nothing of what a person typed becomes a path. What a file is, whose and
// who may read it stands in the database; the store knows keys and bytes alone, and imports nothing of ours.
package store

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// MaxSize is the size in bytes that no file may exceed, whatever the rooms above allow: the store holds some
// of them in memory.
const MaxSize = 64 << 20

// The refusals, to be told with errors.Is.
var (
	// ErrNotFound: nothing is kept under the key.
	ErrNotFound = errors.New("store: not found")
	// ErrBadKey: the key is not one that [NewKey] makes.
	ErrBadKey = errors.New("store: not a key of this store")
	// ErrSize: the content is longer or shorter than was announced, or the size is below 0 or above [MaxSize].
	ErrSize = errors.New("store: the content is not of the size announced")
)

// Store keeps files by key. All methods may be called at once from anywhere; each ends when its context does.
type Store interface {
	// Put keeps exactly size bytes of r under the key; what was there is replaced whole or not at all. The media
	// type is what a bucket will say of the file; a folder does not keep it. A call that failed on the way to a
	// bucket may have kept the file nonetheless: put it again, or delete it.
	Put(ctx context.Context, key string, r io.Reader, size int64, mediaType string) error
	// Open gives the content, or ErrNotFound. The caller closes it, before ctx ends.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// Delete removes the file. A file that is not there is no error, so that a job may do it twice.
	Delete(ctx context.Context, key string) error
}

// checkPut refuses what no store may be asked to keep.
func checkPut(ctx context.Context, key string, size int64) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if size < 0 || size > MaxSize {
		return fmt.Errorf("%w: %d bytes", ErrSize, size)
	}
	return ctx.Err()
}

// reading stops a copy when its context ends: a reader knows none.
type reading struct {
	ctx  context.Context // it lives as long as the one call it is made for
	from io.Reader
}

// Read is from's, unless the context is over.
func (r reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(p)
}
