package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/pointcheck"
	"github.com/lianluo/lianluo/ent/gen/pointclaim"
	"github.com/lianluo/lianluo/ent/gen/pointentry"
	"github.com/lianluo/lianluo/ent/gen/pointscheme"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/tally"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/node"
	"github.com/lianluo/lianluo/graph/page"
)

// pointSchemes lists the editions of point schemes of a division and of those above it.
func (r *Resolver) pointSchemes(ctx context.Context, root *gen.Division, level *kind.CongressLevel, current bool) ([]*gen.PointScheme, error) {
	q := r.client.PointScheme.Query().Where(pointscheme.CodeIn(pathUp(root.Code)...))
	if level != nil {
		q.Where(pointscheme.LevelEQ(*level))
	}
	if current {
		q.Where(pointscheme.Or(pointscheme.UntilOnIsNil(), pointscheme.UntilOnGTE(r.today())))
	}
	found, err := q.Order(gen.Desc(pointscheme.FieldCode), pointscheme.ByLevel(), gen.Desc(pointscheme.FieldEdition)).All(ctx)
	batch.Siblings(ctx, found)
	return found, err
}

func (r *Resolver) pointSchemesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.PointScheme, error) {
	return r.client.PointScheme.Query().Where(pointscheme.IDIn(ids...)).All(ctx)
}

func (r *Resolver) pointEntriesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.PointEntry, error) {
	return r.client.PointEntry.Query().Where(pointentry.IDIn(ids...)).All(ctx)
}

func (r *Resolver) pointClaimsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.PointClaim, error) {
	return r.client.PointClaim.Query().Where(pointclaim.IDIn(ids...)).All(ctx)
}

func (r *Resolver) pointChecksByID(ctx context.Context, ids []uuid.UUID) ([]*gen.PointCheck, error) {
	return r.client.PointCheck.Query().Where(pointcheck.IDIn(ids...)).All(ctx)
}

// schemeOf answers the scheme that a row names. Its items are looked up in it too, so it is loaded once for both.
func schemeOf[T any](ctx context.Context, r *Resolver, row *T, key func(*T) uuid.UUID) (*gen.PointScheme, error) {
	return batch.Shared(ctx, row, "scheme", func(ctx context.Context, rows []*T) (map[*T]*gen.PointScheme, error) {
		found, err := r.pointSchemesByID(ctx, distinct(rows, func(row *T) *uuid.UUID { id := key(row); return &id }))
		if err != nil {
			return nil, err
		}
		batch.Siblings(ctx, found)
		byID := make(map[uuid.UUID]*gen.PointScheme, len(found))
		for _, s := range found {
			byID[s.ID] = s
		}
		out := make(map[*T]*gen.PointScheme, len(rows))
		for _, row := range rows {
			out[row] = byID[key(row)]
		}
		return out, nil
	})
}

// itemOf answers the item of a scheme that a row names; nil when the scheme has none, or is out of scope.
func itemOf[T any](ctx context.Context, r *Resolver, row *T, key func(*T) uuid.UUID, item string) (*duty.PointItem, error) {
	s, err := schemeOf(ctx, r, row, key)
	if s == nil || err != nil {
		return nil, err
	}
	for i := range s.Items {
		if s.Items[i].Key == item {
			return &s.Items[i], nil
		}
	}
	return nil, nil
}

// points answers mandates' points of a year.
func (r *Resolver) points(year int) func(context.Context, []*gen.Mandate) (map[*gen.Mandate]*rollup.MandatePoints, error) {
	return func(ctx context.Context, mandates []*gen.Mandate) (map[*gen.Mandate]*rollup.MandatePoints, error) {
		if err := r.year(year); err != nil {
			return nil, err
		}
		asked := counted(ctx, mandates)
		found, err := rollup.PointsOf(ctx, r.client, keys(asked, mandateID), year)
		if err != nil {
			return nil, err
		}
		var all []*rollup.MandatePoints
		var items []*rollup.ItemPoints
		out := make(map[*gen.Mandate]*rollup.MandatePoints, len(asked))
		for _, m := range asked {
			p := *found[m.ID] // a row may be there twice, and siblings are told apart by their address
			out[m], all, items = &p, append(all, &p), append(items, p.Items...)
		}
		batch.Siblings(ctx, all)
		batch.Siblings(ctx, items)
		return out, nil
	}
}

func pointsOfMandate(p *rollup.MandatePoints) uuid.UUID { return p.Mandate }

// entriesOf lists the lines of the ledger of mandates in the year asked about.
func (r *Resolver) entriesOf(of []*rollup.MandatePoints) page.Query[gen.PointEntry] {
	year := tally.Year(of[0].Year)
	return page.Query[gen.PointEntry]{
		Entity: page.PointEntries(r.client), Order: page.Newest[gen.PointEntry](),
		Parents: page.ByColumn(pointentry.FieldMandateID, keys(of, pointsOfMandate)...),
		Where:   []where{pointentry.DayGTE(year.From), pointentry.DayLTE(year.To)},
	}
}

// lastChecks answers the last word of deputies on their points of the year asked about.
func (r *Resolver) lastChecks(ctx context.Context, of []*rollup.MandatePoints) (map[*rollup.MandatePoints]*gen.PointCheck, error) {
	found, err := r.client.PointCheck.Query().
		Where(pointcheck.MandateIDIn(keys(of, pointsOfMandate)...), pointcheck.Year(of[0].Year)).Order(pointcheck.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	batch.Siblings(ctx, found)
	last := make(map[uuid.UUID]*gen.PointCheck, len(found))
	for _, c := range found {
		last[c.MandateID] = c
	}
	out := make(map[*rollup.MandatePoints]*gen.PointCheck, len(of))
	for _, p := range of {
		out[p] = last[p.Mandate]
	}
	return out, nil
}

// evidenceTypes are the types of the records that prove deeds.
var evidenceTypes = map[kind.Deed]string{
	kind.DeedAttendance: gen.TypeAttendance,
	kind.DeedOpinion:    gen.TypeOpinion,
	kind.DeedSuggestion: gen.TypeSuggestion,
	kind.DeedTraining:   gen.TypeTrainingAttendance,
	kind.DeedRecord:     gen.TypeDutyRecord,
	kind.DeedContact:    gen.TypePairingContact,
	kind.DeedClaim:      gen.TypePointClaim,
}

// evidence answers the records that prove entries, as far as they are in scope: one statement a type.
func (r *Resolver) evidence(ctx context.Context, entries []*gen.PointEntry) (map[*gen.PointEntry]node.Node, error) {
	finders := r.finders()
	out := make(map[*gen.PointEntry]node.Node, len(entries))
	for deed, typ := range evidenceTypes {
		byID := map[string][]*gen.PointEntry{}
		var ids []uuid.UUID
		for _, e := range entries {
			if e.Deed == deed {
				ids = append(ids, e.DeedID)
				id := globalid.Encode(typ, e.DeedID)
				byID[id] = append(byID[id], e)
			}
		}
		find := finders[typ]
		if len(ids) == 0 || find == nil {
			continue
		}
		found, err := find(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, n := range found {
			for _, e := range byID[n.GlobalID()] {
				out[e] = n
			}
		}
	}
	return out, nil
}

// pointRanking answers a page of a ranking.
func (r *Resolver) pointRanking(ctx context.Context, root *gen.Division, level kind.CongressLevel, year, first int, after *string) (*page.PointRankingConnection, error) {
	if err := r.year(year); err != nil {
		return nil, err
	}
	k, err := page.ReadKeyset(first, after, 'p')
	if err != nil {
		return nil, err
	}
	var beyond *rollup.Beyond
	if k.Beyond {
		beyond = &rollup.Beyond{Points: int(k.Number), Mandate: k.ID}
	}
	found, err := rollup.PointRanking(ctx, r.client, rollup.Place{Code: root.Code, Level: root.Level}, level, year, r.today(), k.Size, beyond)
	if err != nil {
		return nil, err
	}
	mandates := make([]*gen.Mandate, len(found.Rows))
	for i, row := range found.Rows {
		mandates[i] = row.Mandate
	}
	batch.Siblings(ctx, mandates)
	return page.Found(k, found.Rows, found.More, found.Total, func(row *rollup.Ranked) (int64, uuid.UUID) {
		return int64(row.Points), row.Mandate.ID
	}), nil
}

// claimsBelow lists claims in a division, without one in all that the viewer sees.
func (r *Resolver) claimsBelow(ctx context.Context, division *string, f *model.PointClaimFilter) (page.Query[gen.PointClaim], error) {
	q := page.Query[gen.PointClaim]{Entity: page.PointClaims(r.client), Order: page.Newest[gen.PointClaim]()}
	var err error
	if q.Parents, err = r.within(ctx, division); err != nil {
		return q, err
	}
	if v := viewer.FromContext(ctx); v.Kind == viewer.Self {
		q.Where = append(q.Where, pointclaim.DeputyID(v.Person))
	}
	if f == nil {
		return q, nil
	}
	if id := f.Deputy.Value(); id != nil {
		deputy, err := keyOf(*id, gen.TypeDeputy, "filter", "deputy")
		if err != nil {
			return q, err
		}
		q.Where = append(q.Where, pointclaim.DeputyID(deputy))
	}
	if f.States.IsSet() {
		q.Where = append(q.Where, pointclaim.StateIn(f.States.Value()...))
	}
	if k := f.Kind.Value(); k != nil {
		q.Where = append(q.Where, pointclaim.KindEQ(*k))
	}
	return q, nil
}

// fieldIn is the condition that a column holds one of some ids.
func fieldIn(column string, ids []uuid.UUID) where {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return func(s *sql.Selector) { s.Where(sql.In(s.C(column), values...)) }
}
