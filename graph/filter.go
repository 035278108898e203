package graph

import (
	"context"
	"unicode/utf8"

	"entgo.io/ent/dialect/sql"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/deputy"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/page"
)

// where is a condition on the rows of a list.
type where = func(*sql.Selector)

// The orders of lists.
var (
	divisionsInTree = page.ByNumber('t', "code", func(d *gen.Division) int64 { return int64(d.Code) })
	stationsInTree  = page.ByNumber('t', "code", func(s *gen.Station) int64 { return int64(s.Code) })
	deputiesInTree  = page.ByNumber('t', "code", func(d *gen.Deputy) int64 { return int64(d.Code) })
	mandatesInTree  = page.ByNumber('t', "code", func(m *gen.Mandate) int64 { return int64(m.Code) })
	zonesInTree     = page.ByNumber('t', "code", func(z *gen.Zone) int64 { return int64(z.Code) })
	byNumber        = page.ByNumber('c', "number", func(c *gen.Constituency) int64 { return int64(c.Number) })
)

func divisionFilter(ctx context.Context, levels []place.Level, search *string) ([]where, error) {
	var out []where
	if levels != nil {
		out = append(out, division.LevelIn(levels...))
	}
	return found(ctx, out, search, "division_key", "code", "code", "search")
}

// found narrows a list to what a person typed the beginning of: a name, its pinyin or its initials. Viewers of an area look the
// keys up within it, which the index serves; row-level security holds there as everywhere.
func found(ctx context.Context, conditions []where, search *string, table, key, column string, path ...string) ([]where, error) {
	if search == nil {
		return conditions, nil
	}
	text := spelling.Fold(*search)
	if n := utf8.RuneCountInString(text); n < 1 || n > 40 || !utf8.ValidString(text) {
		return nil, fault.Invalid("LENGTH", "搜索词应为 1 至 40 个字", path...)
	}
	v := viewer.FromContext(ctx)
	return append(conditions, func(s *sql.Selector) {
		k := sql.Table(table)
		begins := sql.P(func(b *sql.Builder) { b.Ident(k.C("key")).WriteString(" ^@ ").Arg(text) })
		if v.Kind == viewer.Area || v.Kind == viewer.Public {
			begins = sql.And(begins, sql.GTE(k.C("code"), int64(v.Lo)), sql.LT(k.C("code"), int64(v.Hi)))
		}
		s.Where(sql.In(s.C(column), sql.Select(k.C(key)).From(k).Where(begins)))
	}), nil
}

func stationFilter(ctx context.Context, f *model.StationFilter) ([]where, error) {
	kinds, status := kind.PhysicalStations, model.StationStatusOpen
	if f == nil {
		return []where{station.KindIn(kinds...), station.ClosedOnIsNil()}, nil
	}
	if chosen, ok := f.Kinds.ValueOK(); ok && chosen != nil {
		kinds = chosen
	}
	if chosen := f.Status.Value(); chosen != nil {
		status = *chosen
	}
	out := []where{station.KindIn(kinds...)}
	switch status {
	case model.StationStatusOpen:
		out = append(out, station.ClosedOnIsNil())
	case model.StationStatusClosed:
		out = append(out, station.ClosedOnNotNil())
	case model.StationStatusAny:
	}
	if zone := f.Zone.Value(); zone != nil {
		id, err := keyOf(*zone, "Zone", "filter", "zone")
		if err != nil {
			return nil, err
		}
		out = append(out, station.ZoneID(id))
	}
	out = either(out, f.NameUniform.Value(), station.NameUniform(true))
	out = either(out, f.HasPostings.Value(), station.HasPostingsWith(posting.EndedOnIsNil()))
	out = either(out, f.OffTree.Value(), station.ZoneIDNotNil())
	out = either(out, f.HasBrand.Value(), station.BrandNotNil())
	return found(ctx, out, f.Search.Value(), "station_key", "station_id", "id", "filter", "search")
}

func deputyFilter(ctx context.Context, f *model.DeputyFilter) ([]where, error) {
	if f == nil {
		f = &model.DeputyFilter{}
	}
	with := mandatesOf(f.Levels.Value(), f.Statuses.Value())
	if v := viewer.FromContext(ctx); v.Kind == viewer.Area || v.Kind == viewer.Public {
		// Named for speed: without it the database would look at the mandates of all the country.
		with = append(with, mandate.CodeGTE(v.Lo), mandate.CodeLT(v.Hi))
	}
	out := []where{deputy.HasMandatesWith(with...)}
	out = either(out, f.Posted.Value(), deputy.HasPostingsWith(posting.EndedOnIsNil()))
	return found(ctx, out, f.Search.Value(), "deputy_key", "deputy_id", "id", "filter", "search")
}

// mandatesOf are mandates of some levels and states; without states those on the roll.
func mandatesOf(levels []kind.CongressLevel, statuses []state.Mandate) []predicate.Mandate {
	out := []predicate.Mandate{mandate.StatusNEQ(state.MandateEnded)}
	if statuses != nil {
		out[0] = mandate.StatusIn(statuses...)
	}
	if levels != nil {
		out = append(out, mandate.LevelIn(levels...))
	}
	return out
}

func mandateFilter(levels []kind.CongressLevel, statuses []state.Mandate, posted *bool) []where {
	var out []where
	for _, p := range mandatesOf(levels, statuses) {
		out = append(out, p)
	}
	return either(out, posted, mandate.HasPostingsWith(posting.EndedOnIsNil()))
}

// either adds a condition or its opposite, as asked.
func either[P ~where](conditions []where, wanted *bool, condition P) []where {
	if wanted == nil {
		return conditions
	}
	if *wanted {
		return append(conditions, where(condition))
	}
	return append(conditions, sql.NotPredicates(condition))
}
