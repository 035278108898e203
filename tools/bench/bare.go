package main

import (
	"context"
	"errors"

	"github.com/lianluo/lianluo/ent/viewer"
)

// bare makes what has the SQL of a case done alone, on one connection, without HTTP and JSON: of what is read the statements that the handler written
// by hand sends for each ask, of what is written the handler's function itself, with its commit.
func (b *bed) bare(p pair, c *benchCase) (func(context.Context, int, ask) error, error) {
	if c.fresh != nil {
		return func(ctx context.Context, _ int, a ask) error {
			if a.who.viewer != nil {
				ctx = viewer.NewContext(ctx, a.who.viewer)
			}
			_, err := c.byHand(ctx, b.single, a.hand)
			return err
		}, nil
	}
	scripts := make([][]statement, len(c.asks))
	for n, a := range c.asks {
		hand, err := b.askHand(p, c, a)
		if err != nil {
			return nil, err
		}
		if len(hand.sent) == 0 {
			return nil, errors.New("the handler written by hand sends nothing")
		}
		scripts[n] = hand.sent
	}
	return func(ctx context.Context, n int, _ ask) error {
		for _, s := range scripts[n%len(scripts)] {
			if err := drain(viewer.NewContext(ctx, s.viewer), b.single, s.text, s.args); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
