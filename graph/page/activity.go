package page

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/activity"
	"github.com/lianluo/lianluo/ent/gen/activitystation"
	"github.com/lianluo/lianluo/ent/gen/attendance"
)

// What deputies do, and who came.
//
//nolint:revive // one sentence for all of them: each is a Connection or an Edge of its row
type (
	ActivityConnection   = Connection[gen.Activity]
	ActivityEdge         = Edge[gen.Activity]
	AttendanceConnection = Connection[gen.Attendance]
	AttendanceEdge       = Edge[gen.Attendance]
)

// Activities reads activities.
func Activities(c *gen.Client) Entity[gen.Activity] {
	return Entity[gen.Activity]{
		client: c, table: activity.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Activity, error) {
			return c.Activity.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Activity) uuid.UUID { return row.ID },
		extra: func(row *gen.Activity, name string) (any, error) { return row.Value(name) },
	}
}

// Attendances reads attendances.
func Attendances(c *gen.Client) Entity[gen.Attendance] {
	return Entity[gen.Attendance]{
		client: c, table: attendance.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Attendance, error) {
			return c.Attendance.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Attendance) uuid.UUID { return row.ID },
		extra: func(row *gen.Attendance, name string) (any, error) { return row.Value(name) },
	}
}

// Joined are stations that take part in the activities of a list beside their hosts.
func Joined(stations ...uuid.UUID) Parents {
	p := ByColumn("", stations...)
	p.match = func(s *sql.Selector, keys []sqlValue) {
		j := sql.Table(activitystation.Table).As("j")
		s.Where(sql.In(s.C(activity.FieldID), sql.Select(j.C(activitystation.FieldActivityID)).From(j).
			Where(keys[0].compare(j.C(activitystation.FieldStationID), "="))))
	}
	return p
}
