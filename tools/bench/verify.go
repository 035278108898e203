package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// pair are the connections to the two ways of one case.
type pair struct{ api, hand *caller }

func (b *bed) dial(ctx context.Context) (p pair, err error) {
	if p.api, err = dial(ctx, b.api); err != nil {
		return p, err
	}
	if p.hand, err = dial(ctx, b.byHand); err != nil {
		p.api.close()
	}
	return p, err
}

func (p pair) close() {
	p.api.close()
	p.hand.close()
}

// answer is what was answered to an ask, and the statements it took.
type answer struct {
	body []byte
	sent []statement
}

// askAPI and askHand ask and keep what is sent meanwhile.
func (b *bed) askAPI(p pair, c *benchCase, a ask) (answer, error) {
	r, err := c.ofAPI(a)
	if err != nil {
		return answer{}, err
	}
	return asked(p.api, r, &b.sent)
}

func (b *bed) askHand(p pair, c *benchCase, a ask) (answer, error) {
	return asked(p.hand, c.ofHand(a), &b.handSent)
}

func asked(c *caller, r request, sent *recorder) (out answer, err error) {
	out.sent, err = sent.during(func() error {
		body, err := c.do(r)
		out.body = bytes.Clone(body)
		return err
	})
	return out, err
}

var errDiffer = errors.New("the API and the handler written by hand answer differently")

// verify compares what the two answer to each ask; of what can be done only once, what the answers are made of.
func (b *bed) verify(p pair, c *benchCase) error {
	times := max(len(c.asks), 1)
	for n := range times {
		ofAPI, err := c.next(n)
		if err != nil {
			return err
		}
		ofHand := ofAPI
		if c.fresh != nil {
			if ofHand, err = c.fresh(); err != nil {
				return err
			}
		}
		api, err := b.askAPI(p, c, ofAPI)
		if err != nil {
			return fmt.Errorf("the API: %w", err)
		}
		hand, err := b.askHand(p, c, ofHand)
		if err != nil {
			return fmt.Errorf("by hand: %w", err)
		}
		if err := compare(api.body, hand.body, c.fresh != nil); err != nil {
			return err
		}
	}
	return nil
}

func compare(api, hand []byte, shape bool) error {
	var a, h any
	if err := errors.Join(json.Unmarshal(api, &a), json.Unmarshal(hand, &h)); err != nil {
		return err
	}
	if shape {
		a, h = shapeOf(a), shapeOf(h)
	}
	if reflect.DeepEqual(a, h) {
		return nil
	}
	at := 0
	for at < min(len(api), len(hand)) && api[at] == hand[at] {
		at++
	}
	from := max(0, at-60)
	return fmt.Errorf("%w:\n  %s\n  %s", errDiffer, api[from:min(len(api), at+200)], hand[from:min(len(hand), at+200)])
}

// shapeOf is what a value is made of: names and kinds.
func shapeOf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = shapeOf(x)
		}
		return out
	case []any:
		out := slices.Clone(v)
		for i := range out {
			out[i] = shapeOf(out[i])
		}
		return out
	}
	return fmt.Sprintf("%T", v)
}
