package tally

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
)

// Check is how a mandate stands with an item of a set of norms in one period.
type Check struct {
	Set uuid.UUID
	duty.Check
}

// From is the first day of the period.
func (c *Check) From() time.Time { return c.Period.From }

// To is the last day of the period.
func (c *Check) To() time.Time { return c.Period.To }

// Required is how many deeds the item asks for.
func (c *Check) Required() int { return c.Item.Required }

// Counts is how many stand how.
type Counts struct{ Met, Missing, Pending, NotApplicable int }

// Add counts one more.
func (c *Counts) Add(s duty.Standing) {
	switch s {
	case duty.Met:
		c.Met++
	case duty.Missing:
		c.Missing++
	case duty.Pending:
		c.Pending++
	case duty.NotApplicable:
		c.NotApplicable++
	}
}

// Year is the span of a year.
func Year(year int) duty.Span {
	first := time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)
	return duty.Span{From: first, To: first.AddDate(1, 0, -1)}
}

// Checks holds the deeds of mandates against the norms that hold for them, for the periods of a year that have begun by today.
func Checks(ctx context.Context, db Database, mandates []*gen.Mandate, year int, today time.Time) (map[uuid.UUID][]*Check, error) {
	if len(mandates) == 0 {
		return nil, nil
	}
	norms, err := Norms(ctx, db, mandates)
	if err != nil {
		return nil, err
	}
	asked := Year(year)
	deputies := make([]uuid.UUID, len(mandates))
	for i, m := range mandates {
		deputies[i] = m.DeputyID
	}
	deeds, err := Deeds(ctx, db, deputies, asked)
	if err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID][]*Check, len(mandates))
	for _, m := range mandates {
		service := ServiceOf(m)
		checks := []*Check{}
		for _, set := range norms[m.ID] {
			for _, c := range duty.Comply(set.Items, set.Span, service, deeds[m.DeputyID], asked, today) {
				checks = append(checks, &Check{set.ID, c})
			}
		}
		out[m.ID] = checks
	}
	return out, nil
}

// Lacking are the checks of periods that are under way in which something is still to be done.
func Lacking(checks []*Check, today time.Time) []*Check {
	var out []*Check
	for _, c := range checks {
		if c.Standing == duty.Pending && c.Period.Contains(today) {
			out = append(out, c)
		}
	}
	return out
}
