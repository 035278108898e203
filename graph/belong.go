package graph

import (
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/deputycontact"
	"github.com/lianluo/lianluo/ent/gen/gridassignment"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/gen/stationstaff"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/page"
	"github.com/lianluo/lianluo/graph/tree"
)

// stationList is how a list of stations is narrowed and sorted.
func stationList(ctx context.Context, f *model.StationFilter, by model.StationOrder) ([]where, page.Order[gen.Station], error) {
	conditions, err := stationFilter(ctx, f)
	if by == model.StationOrderNewest {
		return conditions, page.Newest[gen.Station](), err
	}
	return conditions, stationsInTree, err
}

// stationRoots are divisions as the roots of lists of stations: with all below them, or alone.
func stationRoots(divisions []*gen.Division, f *model.StationFilter, by model.StationOrder) page.Parents {
	if f != nil {
		if own := f.OwnOnly.Value(); own != nil && *own {
			return page.ByColumn(station.FieldDivisionID, keys(divisions, divisionID)...)
		}
	}
	return page.ByArea(by == model.StationOrderTree, areas(divisions)...)
}

// openStations are the open stations of some parents in tree order.
func (r *Resolver) openStations(of page.Parents) page.Query[gen.Station] {
	return page.Query[gen.Station]{
		Entity: page.Stations(r.client), Parents: of, Order: stationsInTree, Where: []where{station.ClosedOnIsNil()},
	}
}

// postings are a few deputies' postings, newest first.
func (r *Resolver) postings(ctx context.Context, of predicate.Posting, current bool) ([]*gen.Posting, error) {
	q := r.client.Posting.Query().Where(of)
	if current {
		q.Where(posting.EndedOnIsNil())
	}
	return q.Order(posting.ByStartedOn(sql.OrderDesc()), posting.ByID(sql.OrderDesc())).All(ctx)
}

// phones answers deputies' numbers: whole where the viewer's policy shows the contact, masked elsewhere, and none to
// portals: how to reach a deputy is published by the station.
func (r *Resolver) phones(ctx context.Context, deputies []*gen.Deputy) (map[*gen.Deputy]*string, error) {
	if viewer.FromContext(ctx).Kind == viewer.Public {
		return nil, nil
	}
	contacts, err := r.client.DeputyContact.Query().Where(deputycontact.DeputyIDIn(keys(deputies, deputyID)...)).All(ctx)
	if err != nil {
		return nil, err
	}
	whole := make(map[uuid.UUID]*string, len(contacts))
	for _, c := range contacts {
		whole[c.DeputyID] = &c.Phone
	}
	out := make(map[*gen.Deputy]*string, len(deputies))
	for _, d := range deputies {
		out[d] = d.PhoneMasked
		if phone, ok := whole[d.ID]; ok {
			out[d] = phone
		}
	}
	return out, nil
}

// seats answers the divisions of mandates' congresses, which lie on the way up from where a mandate is grouped or from where
// the viewer stands.
func (r *Resolver) seats(ctx context.Context, mandates []*gen.Mandate) (map[*gen.Mandate]*tree.Ref, error) {
	own := viewer.FromContext(ctx).Division
	codes := []int64{int64(own)}
	for _, m := range mandates {
		codes = append(codes, int64(m.Code))
	}
	chains, err := r.chains(ctx, codes)
	if err != nil {
		return nil, err
	}
	out := make(map[*gen.Mandate]*tree.Ref, len(mandates))
	for _, m := range mandates {
		for _, ref := range slices.Concat(chains[m.Code], chains[own]) {
			if ref.Code == m.SeatCode {
				out[m] = ref
				break
			}
		}
	}
	return out, nil
}

func gridID(g *gen.Grid) uuid.UUID { return g.ID }

// gridPostings answers the postings whose deputies have each grid.
func (r *Resolver) gridPostings(ctx context.Context, grids []*gen.Grid) (map[*gen.Grid][]*gen.Posting, error) {
	return assigned(ctx, r, grids, func(a *gen.GridAssignment) *uuid.UUID { return a.PostingID },
		func(ctx context.Context, ids []uuid.UUID) ([]*gen.Posting, error) {
			return r.client.Posting.Query().Where(posting.IDIn(ids...), posting.EndedOnIsNil()).All(ctx)
		}, func(p *gen.Posting) uuid.UUID { return p.ID })
}

// gridStaff answers the members of staff who have each grid.
func (r *Resolver) gridStaff(ctx context.Context, grids []*gen.Grid) (map[*gen.Grid][]*gen.StationStaff, error) {
	return assigned(ctx, r, grids, func(a *gen.GridAssignment) *uuid.UUID { return a.StaffID },
		func(ctx context.Context, ids []uuid.UUID) ([]*gen.StationStaff, error) {
			return r.client.StationStaff.Query().Where(stationstaff.IDIn(ids...), stationstaff.EndedOnIsNil()).All(ctx)
		}, func(s *gen.StationStaff) uuid.UUID { return s.ID })
}

// assigned answers who of one sort has each grid: the assignments, then those they name.
func assigned[V any](ctx context.Context, r *Resolver, grids []*gen.Grid, key func(*gen.GridAssignment) *uuid.UUID,
	load func(context.Context, []uuid.UUID) ([]*V, error), id func(*V) uuid.UUID,
) (map[*gen.Grid][]*V, error) {
	assignments, err := r.client.GridAssignment.Query().
		Where(gridassignment.GridIDIn(keys(grids, gridID)...)).Order(gridassignment.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	found, err := load(ctx, distinct(assignments, key))
	if err != nil {
		return nil, err
	}
	batch.Siblings(ctx, found)
	byID := make(map[uuid.UUID]*V, len(found))
	for _, v := range found {
		byID[id(v)] = v
	}
	ofGrid := make(map[uuid.UUID][]*V, len(grids))
	for _, a := range assignments {
		if k := key(a); k != nil && byID[*k] != nil {
			ofGrid[a.GridID] = append(ofGrid[a.GridID], byID[*k])
		}
	}
	out := make(map[*gen.Grid][]*V, len(grids))
	for _, g := range grids {
		if out[g] = ofGrid[g.ID]; out[g] == nil {
			out[g] = []*V{}
		}
	}
	return out, nil
}
