package page

import (
	"context"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/appointment"
)

// Appointments at visit days.
//
//nolint:revive // one sentence for both
type (
	AppointmentConnection = Connection[gen.Appointment]
	AppointmentEdge       = Edge[gen.Appointment]
)

// Appointments reads appointments.
func Appointments(c *gen.Client) Entity[gen.Appointment] {
	return Entity[gen.Appointment]{
		client: c, table: appointment.Table,
		load: func(ctx context.Context, where func(*sql.Selector)) ([]*gen.Appointment, error) {
			return c.Appointment.Query().Where(where).All(ctx)
		},
		id:    func(row *gen.Appointment) uuid.UUID { return row.ID },
		extra: func(row *gen.Appointment, name string) (any, error) { return row.Value(name) },
	}
}
