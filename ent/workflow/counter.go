package workflow

import (
	"context"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/viewer"
)

// CounterOptions are what a Counter draws on beside its Desk.
type CounterOptions struct {
	// System is a client for the platform's own look at codes and receipts; nil means the desk's.
	System *gen.Client
	// Throttle bounds how often strangers may come; nil means without bounds.
	Throttle Throttle
}

// Counter is where citizens submit opinions and follow them, without an account (窗口). Who scanned a code, or holds a receipt, is still
// unknown, so codes and receipts are looked up on behalf of the platform; everything else is read and written as the holder of one
// receipt, who sees that opinion alone. Each request carries the client's address (WithAddress). It is safe for concurrent use.
type Counter struct {
	desk     *Desk
	system   *gen.Client
	throttle Throttle
}

// NewCounter makes a Counter that shares the desk's database, clock and random source.
func NewCounter(d *Desk, o CounterOptions) *Counter {
	c := &Counter{desk: d, system: o.System, throttle: o.Throttle}
	if c.system == nil {
		c.system = d.client
	}
	return c
}

// asCounter is the context in which codes and receipts are looked up.
func asCounter(ctx context.Context) context.Context {
	return viewer.NewContext(ctx, viewer.SystemJob("counter"))
}
