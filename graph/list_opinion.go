package graph

import (
	"context"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/opinionassignment"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/predicate"
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
		return []where{keyed(assignedTo(v))}
	case viewer.Self:
		here := sql.Table(posting.Table).As("p")
		posted := opinionKeys()
		posted.Join(here).On(posted.C(opinion.FieldStationID), here.C(posting.FieldStationID)).
			Where(sql.And(sql.EQ(here.C(posting.FieldDeputyID), v.Person), sql.IsNull(here.C(posting.FieldEndedOn))))
		return []where{keyed(opinionKeys(opinion.DeputyID(v.Person)), posted)}
	default:
		return nil
	}
}

// opinionKeys selects the keys of opinions that meet all conditions.
func opinionKeys(conditions ...predicate.Opinion) *sql.Selector {
	o := sql.Table(opinion.Table).As("o")
	s := sql.Dialect(dialect.Postgres).Select(o.C(opinion.FieldID)).From(o)
	for _, holds := range conditions {
		holds(s)
	}
	return s
}

// assignedTo selects the keys of the opinions that the viewer's department has or had.
func assignedTo(v *viewer.Viewer) *sql.Selector {
	a := sql.Table(opinionassignment.Table).As("a")
	return sql.Dialect(dialect.Postgres).Select(a.C(opinionassignment.FieldOpinionID)).From(a).
		Where(sql.EQ(a.C(opinionassignment.FieldOrganID), v.Organ))
}

// keyed keeps the rows with the keys that some statements answer. Taken as an array these are found first, and the rows by them. Of a sub-query
// the planner may think that it is better looked up for every row there is.
func keyed(statements ...*sql.Selector) where {
	return func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) {
			b.Ident(s.C("id")).WriteString(" = ANY (ARRAY(")
			for i, keys := range statements {
				if i > 0 {
					b.WriteString(" UNION ALL ")
				}
				b.Join(keys)
			}
			b.WriteString("))")
		}))
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
	root, err := r.rootNamed(ctx, code)
	if err != nil {
		return page.Query[gen.Opinion]{}, err
	}
	return r.opinionsBelow(ctx, l, []*gen.Division{root}), nil
}

// rootNamed is the division that the argument "division" names, and the viewer's own when it names none.
func (r *Resolver) rootNamed(ctx context.Context, code *string) (*gen.Division, error) {
	if code == nil {
		return r.divisionNamed(ctx, viewer.FromContext(ctx).Division.String(), "division")
	}
	return r.divisionNamed(ctx, *code, "division")
}
