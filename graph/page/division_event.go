package page

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/divisionevent"
	"github.com/lianluo/lianluo/ent/gen/formerdivision"
)

// Changes of the tree, and what divisions were before them.
//
//nolint:revive // one sentence for all of them: each is a Connection or an Edge of its row
type (
	DivisionEventConnection  = Connection[gen.DivisionEvent]
	DivisionEventEdge        = Edge[gen.DivisionEvent]
	FormerDivisionConnection = Connection[gen.FormerDivision]
	FormerDivisionEdge       = Edge[gen.FormerDivision]
)

// DivisionEvents reads changes of the tree.
func DivisionEvents(c *gen.Client) Entity[gen.DivisionEvent] {
	return Entity[gen.DivisionEvent]{
		client: c, table: divisionevent.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.DivisionEvent, error) {
			return c.DivisionEvent.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.DivisionEvent) uuid.UUID { return row.ID },
		extra: func(row *gen.DivisionEvent, name string) (any, error) { return row.Value(name) },
	}
}

// FormerDivisions reads what divisions were.
func FormerDivisions(c *gen.Client) Entity[gen.FormerDivision] {
	return Entity[gen.FormerDivision]{
		client: c, table: formerdivision.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.FormerDivision, error) {
			return c.FormerDivision.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.FormerDivision) uuid.UUID { return row.ID },
		extra: func(row *gen.FormerDivision, name string) (any, error) { return row.Value(name) },
	}
}
