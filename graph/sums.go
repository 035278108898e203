package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/tree"
)

// period reads the days of a sum.
func (r *Resolver) period(in model.PeriodInput) (rollup.Period, error) {
	p := rollup.Period{From: in.From, To: in.To}
	return p, p.Validate(calendar.Today(r.clock()))
}

// measures names the group of sums that each field of a Rollup is made from, so that no more is summed than is asked.
var measures = map[string]rollup.Want{
	"stations":        rollup.WantStations,
	"onlineStations":  rollup.WantStations,
	"stationsByKind":  rollup.WantStations,
	"stationsOpened":  rollup.WantStations,
	"stationsClosed":  rollup.WantStations,
	"mandates":        rollup.WantMandates,
	"mandatesByLevel": rollup.WantMandates,
	"deputies":        rollup.WantDeputies,
	"postings":        rollup.WantPostings,
	"deputiesPosted":  rollup.WantDeputiesPosted,
	"coverage":        rollup.WantCoverage,
}

// wanted are the groups of sums that the fields selected of Rollups are made from.
func wanted(rollups []graphql.CollectedField, oc *graphql.OperationContext) rollup.Want {
	var want rollup.Want
	for _, f := range rollups {
		for _, measure := range graphql.CollectFields(oc, f.Selections, []string{"Rollup"}) {
			want |= measures[measure.Name]
		}
	}
	return want
}

// places are divisions as rollups know them.
func places(divisions []*gen.Division) []rollup.Place {
	out := make([]rollup.Place, len(divisions))
	for i, d := range divisions {
		out[i] = rollup.Place{Code: d.Code, Level: d.Level}
	}
	return out
}

// sums answers the sums of divisions.
func (r *Resolver) sums(ctx context.Context, divisions []*gen.Division, p rollup.Period, want rollup.Want) (map[*gen.Division]*model.Rollup, error) {
	found, err := rollup.Self(ctx, r.client, places(divisions), p, want)
	if err != nil {
		return nil, err
	}
	out := make(map[*gen.Division]*model.Rollup, len(divisions))
	for _, d := range divisions {
		out[d] = rollupOf(found[d.Code])
	}
	return out, nil
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

// rows answers the sums of a division by what lies directly below it, or as one row.
func (r *Resolver) rows(ctx context.Context, d *gen.Division, by model.RollupBy, p rollup.Period, want rollup.Want) ([]*model.RollupRow, error) {
	if by == model.RollupBySelf {
		found, err := r.sums(ctx, []*gen.Division{d}, p, want)
		if err != nil {
			return nil, err
		}
		return []*model.RollupRow{{Division: &tree.Ref{Code: d.Code, Name: d.Name, Level: d.Level}, Rollup: found[d]}}, nil
	}
	found, err := rollup.Children(ctx, r.client, rollup.Place{Code: d.Code, Level: d.Level}, p, want)
	if err != nil {
		return nil, err
	}
	out := make([]*model.RollupRow, len(found))
	for i, row := range found {
		out[i] = &model.RollupRow{
			Division: &tree.Ref{Code: row.Code, Name: row.Name, Level: row.Level}, OwnOnly: row.Own, Rollup: rollupOf(&row.Measures),
		}
	}
	return out, nil
}

// rollupOf writes sums as the API shows them: every kind and every level, the absent ones as zero.
func rollupOf(m *rollup.Measures) *model.Rollup {
	out := &model.Rollup{
		Stations:       m.Stations,
		OnlineStations: m.OnlineStations,
		StationsOpened: m.StationsOpened,
		StationsClosed: m.StationsClosed,
		Mandates:       m.Mandates,
		Deputies:       m.Deputies,
		Postings:       m.Postings,
		DeputiesPosted: m.DeputiesPosted,
		Coverage:       &m.Coverage,
	}
	for _, k := range kind.Stations {
		out.StationsByKind = append(out.StationsByKind, &model.StationKindCount{Kind: k, Count: m.StationsByKind[k]})
	}
	for _, l := range kind.CongressLevels {
		out.MandatesByLevel = append(out.MandatesByLevel, &model.LevelCount{Level: l, Count: m.MandatesByLevel[l]})
	}
	return out
}
