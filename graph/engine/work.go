package engine

import (
	"context"
	"sync/atomic"
)

// Work counts what checking requests takes before any resolver runs: the same on every machine, so that a test can hold it to a number.
// It may be shared by requests.
type Work struct {
	// Tokens is how many lexical tokens were read.
	Tokens atomic.Int64
	// Nodes is how many selections were visited to take the shape of a document, and how many steps its validation then took at most.
	Nodes atomic.Int64
}

type workKey struct{}

// WithWork has what checking the requests of the context takes counted into w.
func WithWork(ctx context.Context, w *Work) context.Context {
	return context.WithValue(ctx, workKey{}, w)
}

// workOf is where the work of a context is counted; nil when nobody counts.
func workOf(ctx context.Context) *Work {
	w, _ := ctx.Value(workKey{}).(*Work)
	return w
}

func (w *Work) add(tokens, nodes int) {
	if w != nil {
		w.Tokens.Add(int64(tokens))
		w.Nodes.Add(int64(nodes))
	}
}
