package page

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/publishedcase"
	"github.com/lianluo/lianluo/ent/gen/suggestion"
)

// What comes of opinions.
//
//nolint:revive // one sentence for all of them: each is a Connection or an Edge of its row
type (
	PublishedCaseConnection = Connection[gen.PublishedCase]
	PublishedCaseEdge       = Edge[gen.PublishedCase]
	SuggestionConnection    = Connection[gen.Suggestion]
	SuggestionEdge          = Edge[gen.Suggestion]
)

// PublishedCases reads published cases.
func PublishedCases(c *gen.Client) Entity[gen.PublishedCase] {
	return Entity[gen.PublishedCase]{
		client: c, table: publishedcase.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.PublishedCase, error) {
			return c.PublishedCase.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.PublishedCase) uuid.UUID { return row.ID },
		extra: func(row *gen.PublishedCase, name string) (any, error) { return row.Value(name) },
	}
}

// Suggestions reads suggestions.
func Suggestions(c *gen.Client) Entity[gen.Suggestion] {
	return Entity[gen.Suggestion]{
		client: c, table: suggestion.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Suggestion, error) {
			return c.Suggestion.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Suggestion) uuid.UUID { return row.ID },
		extra: func(row *gen.Suggestion, name string) (any, error) { return row.Value(name) },
	}
}
