package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/page"
)

// one answers the row that a field of another row names, or nil when there is none or it is out of scope. It is
// loaded for all siblings of the row with one statement.
func one[T, V any](ctx context.Context, row *T, key func(*T) *uuid.UUID,
	load func(context.Context, []uuid.UUID) ([]*V, error), id func(*V) uuid.UUID,
) (*V, error) {
	return batch.Field(ctx, row, func(ctx context.Context, rows []*T) (map[*T]*V, error) {
		keys := distinct(rows, key)
		if len(keys) == 0 {
			return nil, nil
		}
		found, err := load(ctx, keys)
		if err != nil {
			return nil, err
		}
		batch.Siblings(ctx, found)
		byID := make(map[uuid.UUID]*V, len(found))
		for _, v := range found {
			byID[id(v)] = v
		}
		out := make(map[*T]*V, len(rows))
		for _, r := range rows {
			if k := key(r); k != nil {
				if v, ok := byID[*k]; ok {
					out[r] = v
				}
			}
		}
		return out, nil
	})
}

// many answers the rows that name a row, in the order loaded; for lists that are short by their nature.
func many[T, V any](ctx context.Context, row *T, id func(*T) uuid.UUID,
	load func(context.Context, []uuid.UUID) ([]*V, error), key func(*V) uuid.UUID,
) ([]*V, error) {
	return batch.Field(ctx, row, func(ctx context.Context, rows []*T) (map[*T][]*V, error) {
		found, err := load(ctx, keys(rows, id))
		if err != nil {
			return nil, err
		}
		batch.Siblings(ctx, found)
		// Siblings may be the same thing twice, when the lists they come from overlap: each gets what is its.
		byKey := make(map[uuid.UUID][]*V, len(rows))
		for _, v := range found {
			byKey[key(v)] = append(byKey[key(v)], v)
		}
		out := make(map[*T][]*V, len(rows))
		for _, r := range rows {
			if out[r] = byKey[id(r)]; out[r] == nil {
				out[r] = []*V{}
			}
		}
		return out, nil
	})
}

// list answers a page of what belongs to a row; the pages of all its siblings come with one statement.
func list[T, V any](ctx context.Context, row *T, a page.Args, query func(rows []*T) page.Query[V]) (*page.Connection[V], error) {
	return batch.Field(ctx, row, func(ctx context.Context, rows []*T) (map[*T]*page.Connection[V], error) {
		pages, err := query(rows).Pages(ctx, a)
		if err != nil {
			return nil, err
		}
		var all []*V
		out := make(map[*T]*page.Connection[V], len(rows))
		for i, p := range pages {
			out[rows[i]] = p
			all = append(all, p.Nodes()...)
		}
		batch.Siblings(ctx, all)
		return out, nil
	})
}

// listed answers the page of a list that has one parent, and notes its rows as siblings.
func listed[V any](ctx context.Context, q page.Query[V], a page.Args) (*page.Connection[V], error) {
	p, err := q.Page(ctx, a)
	if err != nil {
		return nil, err
	}
	batch.Siblings(ctx, p.Nodes())
	return p, nil
}

// oneByCode is one for a division that a row names by its code.
func oneByCode[T any](ctx context.Context, row *T, code func(*T) place.Code,
	load func(context.Context, []place.Code) ([]*gen.Division, error),
) (*gen.Division, error) {
	return batch.Field(ctx, row, func(ctx context.Context, rows []*T) (map[*T]*gen.Division, error) {
		byCode := make(map[place.Code]*gen.Division, len(rows))
		for _, r := range rows {
			byCode[code(r)] = nil
		}
		found, err := load(ctx, slices.Collect(maps.Keys(byCode)))
		if err != nil {
			return nil, err
		}
		batch.Siblings(ctx, found)
		for _, d := range found {
			byCode[d.Code] = d
		}
		out := make(map[*T]*gen.Division, len(rows))
		for _, r := range rows {
			out[r] = byCode[code(r)]
		}
		return out, nil
	})
}

func distinct[T any](rows []*T, key func(*T) *uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(rows))
	var out []uuid.UUID
	for _, r := range rows {
		if k := key(r); k != nil && !seen[*k] {
			seen[*k] = true
			out = append(out, *k)
		}
	}
	return out
}

// keys lists the ids of rows.
func keys[T any](rows []*T, id func(*T) uuid.UUID) []uuid.UUID {
	out := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		out[i] = id(r)
	}
	return out
}

func stationID(s *gen.Station) uuid.UUID           { return s.ID }
func deputyID(d *gen.Deputy) uuid.UUID             { return d.ID }
func mandateID(m *gen.Mandate) uuid.UUID           { return m.ID }
func congressID(c *gen.Congress) uuid.UUID         { return c.ID }
func constituencyID(c *gen.Constituency) uuid.UUID { return c.ID }
func divisionID(d *gen.Division) uuid.UUID         { return d.ID }
func zoneID(z *gen.Zone) uuid.UUID                 { return z.ID }
func organID(o *gen.Organ) uuid.UUID               { return o.ID }
func categoryID(c *gen.Category) uuid.UUID         { return c.ID }
