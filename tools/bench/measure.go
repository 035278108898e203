package main

import (
	"context"
	"errors"
	"time"
)

// measurer measures cases on a bed.
type measurer struct {
	bed         *bed
	duration    time.Duration
	count       int
	concurrency int
}

// measure measures a case, after making sure that both ways answer the same.
func (m *measurer) measure(ctx context.Context, c *benchCase) (r caseResult, plans []plan, err error) {
	r.Name, r.About, r.Sort = c.name, c.about, c.sort
	p, err := m.bed.dial(ctx)
	if err != nil {
		return r, nil, err
	}
	defer p.close()
	if err := m.bed.verify(p, c); err != nil {
		return r, nil, err
	}
	sent, err := m.look(p, c, &r)
	if err != nil {
		return r, nil, err
	}
	if err := m.oneByOne(ctx, p, c, &r); err != nil {
		return r, nil, err
	}
	if err := m.allocations(p, c, &r); err != nil {
		return r, nil, err
	}
	if err := m.many(ctx, c, &r); err != nil {
		return r, nil, err
	}
	if r.Hand.PerSecond > 0 {
		r.Throughput = r.API.PerSecond / r.Hand.PerSecond
	}
	if r.Hand.P50 > 0 {
		r.Latency = r.API.P50 / r.Hand.P50
	}
	plans, err = m.bed.explain(ctx, c.name, sent)
	return r, plans, err
}

// look asks once each way and counts statements and bytes.
func (m *measurer) look(p pair, c *benchCase, r *caseResult) (ofAPI []statement, err error) {
	a, err := c.next(0)
	if err != nil {
		return nil, err
	}
	api, err := m.bed.askAPI(p, c, a)
	if err != nil {
		return nil, err
	}
	if a, err = c.next(0); err != nil {
		return nil, err
	}
	hand, err := m.bed.askHand(p, c, a)
	if err != nil {
		return nil, err
	}
	r.API.Statements, r.API.Bytes = len(api.sent), len(api.body)
	r.Hand.Statements, r.Hand.Bytes = len(hand.sent), len(hand.body)
	return api.sent, nil
}

// oneByOne asks in turn: the API, by hand, the SQL alone, and again.
func (m *measurer) oneByOne(ctx context.Context, p pair, c *benchCase, r *caseResult) error {
	bare, err := m.bed.bare(p, c)
	if err != nil {
		return err
	}
	var took [3][]time.Duration
	end := time.Now().Add(m.duration / 2)
	for n := 0; n < m.count && time.Now().Before(end); n++ {
		err := m.turn(ctx, p, c, n, bare, &took)
		if errors.Is(err, errSpent) {
			break
		}
		if err != nil {
			return err
		}
	}
	for i, t := range took {
		took[i] = t[min(len(t)/4, warmUp):]
	}
	r.API.times, r.Hand.times, r.SQL = timesOf(took[0]), timesOf(took[1]), timesOf(took[2])
	return nil
}

// warmUp is how many turns at most are not counted, for they fill caches.
const warmUp = 10

func (m *measurer) turn(ctx context.Context, p pair, c *benchCase, n int, bare func(context.Context, int, ask) error, took *[3][]time.Duration) error {
	a, err := c.next(n)
	if err != nil {
		return err
	}
	r, err := c.ofAPI(a)
	if err != nil {
		return err
	}
	begin := time.Now()
	if _, err := p.api.do(r); err != nil {
		return err
	}
	took[0] = append(took[0], time.Since(begin))

	if a, err = c.next(n); err != nil {
		return err
	}
	r = c.ofHand(a)
	begin = time.Now()
	if _, err := p.hand.do(r); err != nil {
		return err
	}
	took[1] = append(took[1], time.Since(begin))

	if a, err = c.next(n); err != nil {
		return err
	}
	begin = time.Now()
	if err := bare(ctx, n, a); err != nil {
		return err
	}
	took[2] = append(took[2], time.Since(begin))
	return nil
}

// allocations counts what one request allocates, while nothing else is under way.
func (m *measurer) allocations(p pair, c *benchCase, r *caseResult) error {
	const times = 20
	for _, way := range []struct {
		caller *caller
		into   *way
		of     func(ask) (request, error)
	}{
		{p.api, &r.API, c.ofAPI},
		{p.hand, &r.Hand, func(a ask) (request, error) { return c.ofHand(a), nil }},
	} {
		requests := make([]request, times)
		for n := range requests {
			a, err := c.next(n)
			if errors.Is(err, errSpent) {
				return nil
			}
			if err != nil {
				return err
			}
			if requests[n], err = way.of(a); err != nil {
				return err
			}
		}
		count, size := allocated()
		for _, r := range requests {
			if _, err := way.caller.do(r); err != nil {
				return err
			}
		}
		countAfter, sizeAfter := allocated()
		way.into.Allocations, way.into.Allocated = float64(countAfter-count)/times, float64(sizeAfter-size)/times
	}
	return nil
}

// slice is how long one way has its turn when many requests are under way.
const slice = 200 * time.Millisecond

// many asks with many requests under way, each way for a slice of time in turn.
func (m *measurer) many(ctx context.Context, c *benchCase, r *caseResult) error {
	api, err := m.load(ctx, c, c.ofAPI, m.bed.api, apiName)
	if err != nil {
		return err
	}
	defer api.close()
	hand, err := m.load(ctx, c, func(a ask) (request, error) { return c.ofHand(a), nil }, m.bed.byHand, byHandName)
	if err != nil {
		return err
	}
	defer hand.close()
	end := time.Now().Add(m.duration / 2)
	for time.Now().Before(end) && api.done < int64(m.count) {
		for _, l := range []*load{api, hand} {
			if err := l.run(min(slice, m.duration/4), m.count); err != nil {
				return err
			}
		}
	}
	api.into(&r.API)
	hand.into(&r.Hand)
	return nil
}

func micros(d time.Duration, by int64) float64 { return float64(d.Microseconds()) / float64(by) }
