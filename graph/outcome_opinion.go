package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/category"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/publishedcase"
	"github.com/lianluo/lianluo/ent/gen/suggestion"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/page"
)

// What opinions are sorted into, and what comes of them.

// anyone is a context for what is everyone's, also of who has not signed in: as the holder of no receipt, who sees nothing else.
func anyone(ctx context.Context) context.Context {
	if viewer.FromContext(ctx) != nil {
		return ctx
	}
	return viewer.NewContext(ctx, viewer.ForReceipt("anyone", place.Nation, uuid.Nil))
}

// categories answers the whole tree.
func (r *Resolver) categories(ctx context.Context) ([]*gen.Category, error) {
	found, err := r.client.Category.Query().Order(category.ByNumber()).All(anyone(ctx))
	if err != nil {
		return nil, err
	}
	batch.Siblings(ctx, found)
	return found, nil
}

// publishedCases lists the cases of a division and of what lies below it that are public now, the latest first.
func (r *Resolver) publishedCases(ctx context.Context, root *gen.Division) page.Query[gen.PublishedCase] {
	q := page.Query[gen.PublishedCase]{
		Entity: page.PublishedCases(r.client), Order: page.Newest[gen.PublishedCase](),
		Parents: page.ByArea(false, areas([]*gen.Division{root})...), Where: []where{publishedcase.WithdrawnAtIsNil()},
	}
	if v := viewer.FromContext(ctx); v.Kind == viewer.Self {
		// A deputy sees those of the own stations, which this finds by their keys.
		q.Where = append(q.Where, func(s *sql.Selector) {
			p := sql.Table(posting.Table)
			s.Where(sql.In(s.C(publishedcase.FieldStationID), sql.Select(p.C(posting.FieldStationID)).From(p).
				Where(sql.And(sql.EQ(p.C(posting.FieldDeputyID), v.Person), sql.IsNull(p.C(posting.FieldEndedOn))))))
		})
	}
	return q
}

// suggestions lists suggestions, the latest first.
func (r *Resolver) suggestions(of page.Parents) page.Query[gen.Suggestion] {
	return page.Query[gen.Suggestion]{Entity: page.Suggestions(r.client), Parents: of, Order: page.Newest[gen.Suggestion]()}
}

// suggestionsRoot is where a list of suggestions begins: at a division, for a deputy at the own person.
func (r *Resolver) suggestionsRoot(ctx context.Context, code *string) (page.Parents, error) {
	root, err := r.rootNamed(ctx, code)
	if err != nil {
		return page.Parents{}, err
	}
	if v := viewer.FromContext(ctx); v.Kind == viewer.Self {
		return page.ByColumn(suggestion.FieldDeputyID, v.Person), nil
	}
	return page.ByArea(false, areas([]*gen.Division{root})...), nil
}
