package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maker makes cases for a sample of the data, or answers errNothing when the data has nothing for them. The name is what their names begin with. What a
// maker of writes needs it writes at once, so each is called when its turn comes.
type maker struct {
	name string
	make func(context.Context, *sample) ([]*benchCase, error)
}

// makers make the cases, those that write after all that read.
var makers = []maker{
	{"node", one(pointNode)},
	{"newest", newest},
	{"filtered", one(filtered)},
	{"roster", one(roster)},
	{"station", one(stationDays)},
	{"rollup", rollups},
	{"submit", one(submit)},
	{"check-in", one(checkIn)},
	{"sign-in", one(signIn)},
}

// wanted tells whether the name of one of the maker's cases may begin as one of some beginnings; without any each may.
func (m maker) wanted(beginnings []string) bool {
	return len(beginnings) == 0 || slices.ContainsFunc(beginnings, func(b string) bool {
		return strings.HasPrefix(m.name, b) || strings.HasPrefix(b, m.name)
	})
}

// one is for what makes one case.
func one(single func(context.Context, *sample) (*benchCase, error)) func(context.Context, *sample) ([]*benchCase, error) {
	return func(ctx context.Context, s *sample) ([]*benchCase, error) {
		c, err := single(ctx, s)
		return []*benchCase{c}, err
	}
}

// each makes the cases whose names begin as wanted, and does something with each; absent counts what the data has nothing for.
func (s *sample) each(ctx context.Context, wanted []string, do func(*benchCase) error) (absent int, err error) {
	for _, m := range makers {
		if !m.wanted(wanted) {
			continue
		}
		made, err := m.make(ctx, s)
		if errors.Is(err, errNothing) {
			absent++
			continue
		}
		if err != nil {
			return absent, fmt.Errorf("%s: %w", m.name, err)
		}
		for _, c := range made {
			if err := s.one(ctx, c, wanted, do); err != nil {
				return absent, fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	return absent, nil
}

// one does something with a case if it is wanted, and undoes what it wrote in any case.
func (s *sample) one(ctx context.Context, c *benchCase, wanted []string, do func(*benchCase) error) (err error) {
	if c.undo != nil {
		defer func() { err = errors.Join(err, c.undo(context.WithoutCancel(ctx))) }()
	}
	if !c.wanted(wanted) {
		return nil
	}
	s.bed.add(c)
	return do(c)
}
