package graph

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/appointment"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/page"
)

// openAppointments are the states in which something is still to come of an appointment.
var openAppointments = []state.Appointment{state.AppointmentRequested, state.AppointmentAccepted}

// appointmentFilter reads which appointments are wanted.
func appointmentFilter(f *model.AppointmentFilter) ([]where, error) {
	if f == nil {
		return nil, nil
	}
	var out []where
	var faults fault.List
	if states := f.States.Value(); states != nil {
		out = append(out, appointment.StateIn(states...))
	}
	out = either(out, f.Open.Value(), appointment.StateIn(openAppointments...))
	id := func(id *string, typ, field string) (key uuid.UUID) {
		key, err := keyOf(*id, typ)
		if err != nil {
			faults.Add("MALFORMED", "编号无效", "filter", field)
		}
		return key
	}
	if deputy := f.Deputy.Value(); deputy != nil {
		out = append(out, appointment.DeputyID(id(deputy, gen.TypeDeputy, "deputy")))
	}
	if organ := f.Organ.Value(); organ != nil {
		out = append(out, appointment.OrganID(id(organ, gen.TypeOrgan, "organ")))
	}
	if p := f.Requested.Value(); p != nil {
		if p.To.Before(p.From) {
			faults.Add("REVERSED", "截止日期不能早于起始日期", "filter", "requested", "to")
		}
		out = append(out, appointment.RequestedAtGTE(calendar.Begin(p.From)), appointment.RequestedAtLT(calendar.Begin(p.To.AddDate(0, 0, 1))))
	}
	return out, faults.Err()
}

func (r *Resolver) appointments(of page.Parents, conditions []where) page.Query[gen.Appointment] {
	return page.Query[gen.Appointment]{
		Entity: page.Appointments(r.client), Parents: of, Order: page.Newest[gen.Appointment](), Where: conditions,
	}
}

// appointmentsBelow lists the appointments of divisions and of what lies below them.
func (r *Resolver) appointmentsBelow(ctx context.Context, conditions []where, divisions []*gen.Division) page.Query[gen.Appointment] {
	v := viewer.FromContext(ctx)
	if v.Kind == viewer.Area && v.Hi-v.Lo == 1 {
		// Who sees nothing below the own place would else have all that lies below it looked through.
		codes := make([]place.Code, len(divisions))
		for i, d := range divisions {
			codes[i] = d.Code
		}
		return r.appointments(page.ByCode(appointment.FieldCode, codes...), conditions)
	}
	return r.appointments(page.ByArea(false, areas(divisions)...), append(conditions[:len(conditions):len(conditions)], askedOf(v)...))
}

// askedOf names the few appointments that a deputy or a department sees, which row-level security says too.
func askedOf(v *viewer.Viewer) []where {
	switch v.Kind {
	case viewer.Organ:
		return []where{appointment.OrganID(v.Organ)}
	case viewer.Self:
		return []where{appointment.DeputyID(v.Person)}
	default:
		return nil
	}
}

// listedAppointments lists the appointments of a division, or without one of all that is the viewer's.
func (r *Resolver) listedAppointments(ctx context.Context, f *model.AppointmentFilter, code *string) (page.Query[gen.Appointment], error) {
	conditions, err := appointmentFilter(f)
	if err != nil {
		return page.Query[gen.Appointment]{}, err
	}
	v := viewer.FromContext(ctx)
	if own := askedOf(v); code == nil && own != nil {
		return r.appointments(everywhere(), append(conditions, own...)), nil
	}
	root, err := r.rootNamed(ctx, code)
	if err != nil {
		return page.Query[gen.Appointment]{}, err
	}
	return r.appointmentsBelow(ctx, conditions, []*gen.Division{root}), nil
}

// appointmentsOf lists the appointments that point to rows with a column.
func appointmentsOf[T any](
	ctx context.Context, r *Resolver, row *T, f *model.AppointmentFilter, a page.Args, column string, id func(*T) uuid.UUID,
) (*page.Connection[gen.Appointment], error) {
	conditions, err := appointmentFilter(f)
	if err != nil {
		return nil, err
	}
	return list(ctx, row, a, func(rows []*T) page.Query[gen.Appointment] {
		return r.appointments(page.ByColumn(column, keys(rows, id)...), conditions)
	})
}

func (r *Resolver) appointmentsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Appointment, error) {
	return r.client.Appointment.Query().Where(appointment.IDIn(ids...)).All(ctx)
}

// named answers what something is called that an appointment names, also when it is out of sight; nil when it names none.
func (r *Resolver) named(ctx context.Context, a *gen.Appointment, names string, key func(*gen.Appointment) *uuid.UUID) (*string, error) {
	return batch.Field(ctx, a, func(ctx context.Context, rows []*gen.Appointment) (map[*gen.Appointment]*string, error) {
		out := make(map[*gen.Appointment]*string, len(rows))
		wanted := distinct(rows, key)
		if len(wanted) == 0 {
			return out, nil
		}
		known, err := r.names(ctx, `SELECT id, name FROM `+names+`($1)`, pq.Array(wanted))
		if err != nil {
			return nil, err
		}
		byID := make(map[uuid.UUID]string, len(known))
		for _, k := range known {
			byID[k.Key] = k.Name
		}
		for _, row := range rows {
			if k := key(row); k != nil {
				name := byID[*k]
				out[row] = &name
			}
		}
		return out, nil
	})
}

// names reads keys and names.
func (r *Resolver) names(ctx context.Context, query string, args ...any) (out []*workflow.Department, err error) {
	rows, err := r.client.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	for rows.Next() {
		n := &workflow.Department{}
		if err := rows.Scan(&n.Key, &n.Name); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// askable lists the departments whose officials may be asked to a station.
func (r *Resolver) askable(ctx context.Context, id string) ([]*workflow.Department, error) {
	key, err := keyOf(id, gen.TypeStation, "station")
	if err != nil {
		return nil, err
	}
	found, err := r.stationsByID(ctx, []uuid.UUID{key})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || viewer.FromContext(ctx).Kind != viewer.Area {
		return nil, fault.NotFound("站点不存在或不在辖区内", "station")
	}
	return r.names(ctx, `SELECT id, name FROM departments_over($1)`, int64(found[0].Code))
}

func appointmentID(a *gen.Appointment) uuid.UUID { return a.ID }
