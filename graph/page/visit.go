package page

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/visitday"
	"github.com/lianluo/lianluo/ent/gen/visitduty"
	"github.com/lianluo/lianluo/ent/gen/visitrule"
)

// Visit days, their rules and who is on duty.
//
//nolint:revive // one sentence for all of them: each is a Connection or an Edge of its row
type (
	VisitDayConnection  = Connection[gen.VisitDay]
	VisitDayEdge        = Edge[gen.VisitDay]
	VisitRuleConnection = Connection[gen.VisitRule]
	VisitRuleEdge       = Edge[gen.VisitRule]
	VisitDutyConnection = Connection[gen.VisitDuty]
	VisitDutyEdge       = Edge[gen.VisitDuty]
)

// VisitDays reads visit days.
func VisitDays(c *gen.Client) Entity[gen.VisitDay] {
	return Entity[gen.VisitDay]{
		client: c, table: visitday.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.VisitDay, error) {
			return c.VisitDay.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.VisitDay) uuid.UUID { return row.ID },
		extra: func(row *gen.VisitDay, name string) (any, error) { return row.Value(name) },
	}
}

// VisitRules reads rules for visit days.
func VisitRules(c *gen.Client) Entity[gen.VisitRule] {
	return Entity[gen.VisitRule]{
		client: c, table: visitrule.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.VisitRule, error) {
			return c.VisitRule.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.VisitRule) uuid.UUID { return row.ID },
		extra: func(row *gen.VisitRule, name string) (any, error) { return row.Value(name) },
	}
}

// VisitDuties reads duties on visit days.
func VisitDuties(c *gen.Client) Entity[gen.VisitDuty] {
	return Entity[gen.VisitDuty]{
		client: c, table: visitduty.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.VisitDuty, error) {
			return c.VisitDuty.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.VisitDuty) uuid.UUID { return row.ID },
		extra: func(row *gen.VisitDuty, name string) (any, error) { return row.Value(name) },
	}
}
