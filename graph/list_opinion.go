package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/opinionassignment"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/page"
)

// opinions makes a list of opinions below some parents, of which none lies outside the codes [lo, hi).
func (r *Resolver) opinions(l *opinionList, of page.Parents, lo, hi place.Code) page.Query[gen.Opinion] {
	q := page.Query[gen.Opinion]{Entity: page.Opinions(r.client), Parents: of, Order: l.order, Where: l.where}
	if l.search != nil {
		q.Where = append(q.Where[:len(q.Where):len(q.Where)], l.search(int64(lo), int64(hi)))
	}
	return q
}

// opinionsOf lists the opinions that point to their parents with a column.
func (r *Resolver) opinionsOf(ctx context.Context, l *opinionList, column string, parents []uuid.UUID) page.Query[gen.Opinion] {
	v := viewer.FromContext(ctx)
	return r.opinions(l, page.ByColumn(column, parents...), v.Lo, v.Hi)
}

// opinionsBelow lists the opinions of divisions and of what lies below them, or at them alone.
func (r *Resolver) opinionsBelow(ctx context.Context, l *opinionList, divisions []*gen.Division) page.Query[gen.Opinion] {
	v := viewer.FromContext(ctx)
	lo, hi := divisions[0].Code.Range()
	codes := make([]place.Code, len(divisions))
	for i, d := range divisions {
		first, end := d.Code.Range()
		lo, hi, codes[i] = min(lo, first), max(hi, end), d.Code
	}
	of := page.ByArea(l.inTree, areas(divisions)...)
	// Who sees nothing below the own place would else have all that lies below it looked through.
	if l.ownOnly || v.Kind == viewer.Area && v.Hi-v.Lo == 1 {
		of = page.ByCode(opinion.FieldCode, codes...)
	}
	q := r.opinions(l, of, lo, hi)
	q.Where = append(q.Where[:len(q.Where):len(q.Where)], opinionsInSight(v)...)
	return q
}

// everywhere is the whole country as the root of a list, for viewers whose rows are named by narrower keys.
func everywhere() page.Parents {
	return page.ByArea(false, page.Area{Code: place.Nation, Level: place.LevelNation})
}

// opinionsInSight names the few opinions that a department or a deputy sees. Row-level security says the same; without the keys named
// here it would have to be asked for every opinion there is.
func opinionsInSight(v *viewer.Viewer) []where {
	switch v.Kind {
	case viewer.Organ:
		return []where{func(s *sql.Selector) {
			a := sql.Table(opinionassignment.Table)
			s.Where(sql.In(s.C(opinion.FieldID), sql.Select(a.C(opinionassignment.FieldOpinionID)).From(a).
				Where(sql.EQ(a.C(opinionassignment.FieldOrganID), v.Organ))))
		}}
	case viewer.Self:
		return []where{func(s *sql.Selector) {
			s.Where(sql.P(func(b *sql.Builder) {
				b.Ident(s.C("id")).WriteString(" IN (SELECT o.id FROM opinion AS o WHERE o.deputy_id = ").Arg(v.Person).
					WriteString(` UNION SELECT o.id FROM posting AS p JOIN opinion AS o ON o.station_id = p.station_id
						WHERE p.ended_on IS NULL AND p.deputy_id = `).Arg(v.Person).WriteString(")")
			}))
		}}
	default:
		return nil
	}
}

// listedOpinions lists the opinions of a division, or without one of all that is the viewer's.
func (r *Resolver) listedOpinions(ctx context.Context, l *opinionList, code *string) (page.Query[gen.Opinion], error) {
	v := viewer.FromContext(ctx)
	if code == nil && (v.Kind == viewer.Organ || v.Kind == viewer.Self) {
		q := r.opinions(l, everywhere(), v.Lo, v.Hi)
		q.Where = append(q.Where[:len(q.Where):len(q.Where)], opinionsInSight(v)...)
		return q, nil
	}
	root, err := r.rootNamed(ctx, code, "division")
	if err != nil {
		return page.Query[gen.Opinion]{}, err
	}
	return r.opinionsBelow(ctx, l, []*gen.Division{root}), nil
}

// rootNamed is divisionNamed, and the viewer's own division when none is named.
func (r *Resolver) rootNamed(ctx context.Context, code *string, argument string) (*gen.Division, error) {
	if code == nil {
		return r.divisionNamed(ctx, viewer.FromContext(ctx).Division.String(), argument)
	}
	return r.divisionNamed(ctx, *code, argument)
}
