package page

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/notification"
)

// What accounts are told.
//
//nolint:revive // one sentence for both
type (
	NotificationConnection = Connection[gen.Notification]
	NotificationEdge       = Edge[gen.Notification]
)

// Notifications reads notifications.
func Notifications(c *gen.Client) Entity[gen.Notification] {
	return Entity[gen.Notification]{
		client: c, table: notification.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Notification, error) {
			return c.Notification.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Notification) uuid.UUID { return row.ID },
		extra: func(row *gen.Notification, name string) (any, error) { return row.Value(name) },
	}
}
