package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// load asks one way with many requests under way.
type load struct {
	c        *benchCase
	of       func(ask) (request, error)
	callers  []*caller
	backends backends
	// before is what the database's processes had used before; told is whether that can be told.
	before time.Duration
	told   bool

	turn sync.Mutex // to take the next ask
	next int
	done int64
	took time.Duration
	cpu  time.Duration
}

// load makes ready to ask one way, whose pool's connections have a name.
func (m *measurer) load(ctx context.Context, c *benchCase, of func(ask) (request, error), address, name string) (l *load, err error) {
	l = &load{c: c, of: of}
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	for range m.concurrency {
		caller, err := dial(ctx, address)
		if err != nil {
			return l, err
		}
		l.callers = append(l.callers, caller)
	}
	if err := l.run(slice/4, m.count); err != nil { // opens the connections to the database
		return l, err
	}
	l.done, l.took, l.cpu = 0, 0, 0
	if l.backends, err = backendsOf(ctx, m.bed.owner, name); err != nil {
		return l, err
	}
	l.before, l.told = l.backends.cpu()
	return l, nil
}

func (l *load) close() {
	for _, c := range l.callers {
		c.close()
	}
}

// run asks for some time. That what can be done only once has all been done ends it without an error.
func (l *load) run(lasts time.Duration, count int) error {
	var done atomic.Int64
	errs := make([]error, len(l.callers))
	begin, cpu := time.Now(), ownCPU()
	var all sync.WaitGroup
	for i, caller := range l.callers {
		all.Go(func() {
			for time.Since(begin) < lasts && done.Load()+l.done < int64(count) {
				r, err := l.take()
				if err == nil {
					_, err = caller.do(r)
				}
				if err != nil {
					errs[i] = err
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	l.took += time.Since(begin)
	l.cpu += ownCPU() - cpu
	l.done += done.Load()
	for _, err := range errs {
		if err != nil && !errors.Is(err, errSpent) {
			return fmt.Errorf("%d requests at a time: %w", len(l.callers), err)
		}
	}
	return nil
}

// take makes the next request.
func (l *load) take() (request, error) {
	l.turn.Lock()
	defer l.turn.Unlock()
	l.next++
	a, err := l.c.next(l.next)
	if err != nil {
		return nil, err
	}
	return l.of(a)
}

// into writes down what was measured.
func (l *load) into(w *way) {
	if l.done == 0 {
		return
	}
	w.PerSecond, w.CPU = float64(l.done)/l.took.Seconds(), micros(l.cpu, l.done)
	if used, ok := l.backends.cpu(); ok && l.told {
		w.DatabaseCPU = micros(used-l.before, l.done)
		w.CPU += w.DatabaseCPU
	}
}
