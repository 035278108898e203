package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// errSilent is why a body's context ends when the store sends nothing for too long.
var errSilent = fmt.Errorf("the store fell silent: %w", context.DeadlineExceeded)

// body is the content of a file on its way from a bucket. Only waiting for the store is bounded: whoever reads
// may take as long as the caller's context lets it.
type body struct {
	ctx     context.Context // the request's, which lasts as long as the body
	end     context.CancelCauseFunc
	silence *time.Timer
	wait    time.Duration
	content io.ReadCloser
}

// newBody begins to wait for the store. Close it also when no content came.
func newBody(ctx context.Context, wait time.Duration) *body {
	ctx, end := context.WithCancelCause(ctx)
	return &body{ctx: ctx, end: end, silence: time.AfterFunc(wait, func() { end(errSilent) }), wait: wait}
}

// begin takes what the store answered.
func (b *body) begin(content io.ReadCloser) {
	b.silence.Stop()
	b.content = content
}

// Read waits for the store, not longer than it may take.
func (b *body) Read(p []byte) (int, error) {
	b.silence.Reset(b.wait)
	n, err := b.content.Read(p)
	b.silence.Stop()
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("store: read: %w", b.failed(err))
	}
	return n, err
}

// failed gives the reason why the request ended rather than that it did.
func (b *body) failed(err error) error {
	if cause := context.Cause(b.ctx); cause != nil {
		return cause
	}
	return err
}

// Close ends the request.
func (b *body) Close() error {
	b.silence.Stop()
	b.end(nil)
	if b.content == nil {
		return nil
	}
	return b.content.Close()
}
