package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/sums"
	"github.com/lianluo/lianluo/graph/tree"
)

// question is what is asked about opinions, of which the selected fields tell whether medians are.
func (r *Resolver) question(ctx context.Context, in model.PeriodInput, fields []graphql.CollectedField) (rollup.OpinionQuestion, error) {
	oc := graphql.GetOperationContext(ctx)
	p, err := r.period(in)
	q := rollup.OpinionQuestion{Period: p, Today: r.today()}
	for _, f := range fields {
		for _, measure := range graphql.CollectFields(oc, f.Selections, []string{"OpinionMeasures"}) {
			q.Medians = q.Medians || measure.Name == "medianDays"
		}
	}
	return q, err
}

// asked is the field that is being resolved.
func asked(ctx context.Context) []graphql.CollectedField {
	return []graphql.CollectedField{graphql.GetFieldContext(ctx).Field}
}

// selected are the fields of a name that are selected of the rows that the field being resolved answers.
func selected(ctx context.Context, typ, field string) []graphql.CollectedField {
	var out []graphql.CollectedField
	for _, f := range graphql.CollectFieldsCtx(ctx, []string{typ}) {
		if f.Name == field {
			out = append(out, f)
		}
	}
	return out
}

// only reads the id of what sums are narrowed to; nil is all.
func only(id *string, typ, argument string) (uuid.UUID, error) {
	if id == nil {
		return uuid.Nil, nil
	}
	return keyOf(*id, typ, argument)
}

// opinionSums answers the sums of opinions of divisions.
func (r *Resolver) opinionSums(q rollup.OpinionQuestion) func(context.Context, []*gen.Division) (map[*gen.Division]*rollup.OpinionMeasures, error) {
	return func(ctx context.Context, divisions []*gen.Division) (map[*gen.Division]*rollup.OpinionMeasures, error) {
		found, err := rollup.Opinions(ctx, r.client, places(divisions), q)
		if err != nil {
			return nil, err
		}
		out := make(map[*gen.Division]*rollup.OpinionMeasures, len(divisions))
		for _, d := range divisions {
			out[d] = found[d.Code]
		}
		return out, nil
	}
}

// opinionRows answers the sums of a division's opinions in rows.
func (r *Resolver) opinionRows(ctx context.Context, d *gen.Division, by rollup.OpinionBy, q rollup.OpinionQuestion) ([]*model.OpinionMeasuresRow, error) {
	rows, err := rollup.OpinionsBy(ctx, r.client, rollup.Place{Code: d.Code, Level: d.Level}, by, q)
	if err != nil {
		return nil, err
	}
	out := make([]*model.OpinionMeasuresRow, len(rows))
	ids := make([]uuid.NullUUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
		out[i] = &model.OpinionMeasuresRow{OwnOnly: row.Own, Measures: &row.OpinionMeasures}
		switch by {
		case rollup.OpinionBySelf:
			out[i].Division = &tree.Ref{Code: d.Code, Name: d.Name, Level: d.Level}
		case rollup.OpinionByChildren:
			out[i].Division = &tree.Ref{Code: row.Code, Name: row.Name, Level: row.Level}
		case rollup.OpinionByMonth:
			out[i].Month = &row.Month
		default: // named by an id
		}
	}
	switch by {
	case rollup.OpinionByStation:
		err = name(ctx, ids, r.stationsByID, stationID, func(i int, s *gen.Station) { out[i].Station = s })
	case rollup.OpinionByDepartment:
		err = name(ctx, ids, r.organsByID, organID, func(i int, o *gen.Organ) { out[i].Department = o })
	case rollup.OpinionByTopCategory, rollup.OpinionByCategory:
		err = name(ctx, ids, r.categoriesByID, categoryID, func(i int, c *gen.Category) { out[i].Category = c })
	default: // named already
	}
	return out, err
}

// name finds what the rows of sums are of, by the ids of the rows.
func name[V any](ctx context.Context, rows []uuid.NullUUID, load func(context.Context, []uuid.UUID) ([]*V, error),
	id func(*V) uuid.UUID, put func(int, *V),
) error {
	at := make(map[uuid.UUID]int, len(rows))
	ids := make([]uuid.UUID, 0, len(rows))
	for i, row := range rows {
		if row.Valid {
			at[row.UUID] = i
			ids = append(ids, row.UUID)
		}
	}
	found, err := load(ctx, ids)
	if err != nil {
		return err
	}
	batch.Siblings(ctx, found)
	for _, v := range found {
		put(at[id(v)], v)
	}
	return nil
}

// ratingsOf lists how many opinions are rated how, the ratings without any too.
func ratingsOf(m *rollup.OpinionMeasures) []*sums.RatingCount {
	var out []*sums.RatingCount
	for _, word := range kind.Rating("").Values() {
		rating := kind.Rating(word)
		out = append(out, &sums.RatingCount{Rating: rating, Count: int64(m.Ratings[rating])})
	}
	return out
}

// mediansOf lists the medians in the order of an opinion's life.
func mediansOf(m *rollup.OpinionMeasures) []*model.OpinionMedian {
	out := []*model.OpinionMedian{}
	for _, s := range state.Opinions {
		if days, ok := m.MedianDays[s]; ok {
			out = append(out, &model.OpinionMedian{State: s, Days: days})
		}
	}
	return out
}
