package page

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/dutyrecord"
	"github.com/lianluo/lianluo/ent/gen/pointclaim"
	"github.com/lianluo/lianluo/ent/gen/pointentry"
	"github.com/lianluo/lianluo/ent/rollup"
)

// What deputies are asked for, and what it brings them.
//
//nolint:revive // one sentence for all of them: each is a Connection or an Edge of its row
type (
	DutyRecordConnection   = Connection[gen.DutyRecord]
	DutyRecordEdge         = Edge[gen.DutyRecord]
	NormReminderConnection = Connection[rollup.Reminder]
	NormReminderEdge       = Edge[rollup.Reminder]
	PointEntryConnection   = Connection[gen.PointEntry]
	PointEntryEdge         = Edge[gen.PointEntry]
	PointClaimConnection   = Connection[gen.PointClaim]
	PointClaimEdge         = Edge[gen.PointClaim]
	PointRankingConnection = Connection[rollup.Ranked]
	PointRankingEdge       = Edge[rollup.Ranked]
)

// DutyRecords reads deputies' records of work.
func DutyRecords(c *gen.Client) Entity[gen.DutyRecord] {
	return Entity[gen.DutyRecord]{
		client: c, table: dutyrecord.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.DutyRecord, error) {
			return c.DutyRecord.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.DutyRecord) uuid.UUID { return row.ID },
		extra: func(row *gen.DutyRecord, name string) (any, error) { return row.Value(name) },
	}
}

// PointEntries reads lines of the ledger of points.
func PointEntries(c *gen.Client) Entity[gen.PointEntry] {
	return Entity[gen.PointEntry]{
		client: c, table: pointentry.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.PointEntry, error) {
			return c.PointEntry.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.PointEntry) uuid.UUID { return row.ID },
		extra: func(row *gen.PointEntry, name string) (any, error) { return row.Value(name) },
	}
}

// PointClaims reads claims to points.
func PointClaims(c *gen.Client) Entity[gen.PointClaim] {
	return Entity[gen.PointClaim]{
		client: c, table: pointclaim.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.PointClaim, error) {
			return c.PointClaim.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.PointClaim) uuid.UUID { return row.ID },
		extra: func(row *gen.PointClaim, name string) (any, error) { return row.Value(name) },
	}
}
