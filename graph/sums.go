package graph

import (
	"context"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/graph/model"
)

// period reads the days of a sum.
func (r *Resolver) period(in model.PeriodInput) (rollup.Period, error) {
	p := rollup.Period{From: in.From, To: in.To}
	return p, p.Validate(calendar.Today(r.clock()))
}

// places are divisions as rollups know them.
func places(divisions []*gen.Division) []rollup.Place {
	out := make([]rollup.Place, len(divisions))
	for i, d := range divisions {
		out[i] = rollup.Place{Code: d.Code, Level: d.Level}
	}
	return out
}

// rosters answers the rosters of divisions.
func (r *Resolver) rosters(ctx context.Context, divisions []*gen.Division) (map[*gen.Division][]*rollup.RosterLevel, error) {
	found, err := rollup.Roster(ctx, r.client, places(divisions))
	if err != nil {
		return nil, err
	}
	out := make(map[*gen.Division][]*rollup.RosterLevel, len(divisions))
	for _, d := range divisions {
		for _, level := range found[d.Code] {
			out[d] = append(out[d], &level)
		}
	}
	return out, nil
}
