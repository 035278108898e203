package workflow

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/appointment"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// AppointmentRef names the appointment that a verb is about.
type AppointmentRef struct {
	ID              uuid.UUID
	ExpectedVersion *int
}

// meeting is one verb on an appointment.
type meeting struct {
	verb Verb
	// line is the verb's in the table of states, when it is called otherwise there.
	line string
	on   AppointmentRef
	// check looks at the input alone.
	check func(*checker)
	// write says what changes beside the state.
	write func(context.Context, *task, *gen.Appointment, *gen.AppointmentUpdateOne) error
	// after looks at what was written against what others may have written meanwhile.
	after func(context.Context, *task, *gen.Appointment) error
	// silent verbs are told to no one.
	silent bool
}

// meet does a verb on an appointment, from the question who asks to the answer.
func (d *Desk) meet(ctx context.Context, m meeting) (*gen.Appointment, error) {
	v, err := d.admit(ctx, m.verb)
	if err != nil {
		return nil, err
	}
	if m.check != nil {
		var c checker
		m.check(&c)
		if err := c.list.Err(); err != nil {
			return nil, err
		}
	}
	return transact(ctx, d, m.verb, v, func(t *task) (*gen.Appointment, error) {
		return t.meet(ctx, m, "id")
	})
}

// meet does the verb. The field names the appointment in the input.
func (t *task) meet(ctx context.Context, m meeting, field string) (*gen.Appointment, error) {
	a, err := t.tx.Appointment.Query().Where(appointment.ID(m.on.ID)).ForUpdate().Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("约见不存在或不在查看范围内", "input", field)
	}
	if err != nil {
		return nil, err
	}
	line := m.line
	if line == "" {
		line = string(m.verb)
	}
	to, err := t.mayMeet(ctx, a, line, field)
	if err != nil {
		return nil, err
	}
	if err := expect(m.on.ExpectedVersion, a.Version); err != nil {
		return nil, err
	}
	update := t.tx.Appointment.UpdateOne(a).AddVersion(1).SetState(to)
	if m.write != nil {
		if err := m.write(ctx, t, a, update); err != nil {
			return nil, err
		}
	}
	changed, err := update.Save(ctx)
	if err != nil {
		return nil, err
	}
	if m.after != nil {
		if err := m.after(ctx, t, changed); err != nil {
			return nil, err
		}
	}
	if !m.silent {
		if err := t.announce(ctx, kind.NoticeDecided, gen.TypeAppointment, a.ID); err != nil {
			return nil, err
		}
	}
	return changed, t.audit(ctx, gen.TypeAppointment, a.ID, areaOfAppointment(a), map[string]any{
		"from": a.State, "to": changed.State, "visitDay": changed.VisitDayID,
	})
}

// mayMeet tells where a line of the table leads an appointment, if it is the viewer's to do and may be done now.
func (t *task) mayMeet(ctx context.Context, a *gen.Appointment, verb, field string) (state.Appointment, error) {
	own, err := t.appointmentParties(ctx, a)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(state.Appointments.Lines, func(l state.Line[state.Appointment]) bool { return l.Verb == verb })
	if i < 0 {
		return "", fmt.Errorf("no such verb on appointments: %s", verb)
	}
	line := state.Appointments.Lines[i]
	if !slices.ContainsFunc(line.By, func(p state.Party) bool { return slices.Contains(own, p) }) {
		return "", forbidden("“"+line.Title+"”不由您办理", "input", field)
	}
	to, ok := state.Appointments.Next(a.State, verb)
	if !ok {
		return "", fault.Conflict("STATE", "该约见当前为“"+state.Appointments.Titles[a.State]+"”,不能“"+line.Title+"”", "input", field)
	}
	return to, nil
}

// appointmentParties tells as what the viewer may act on an appointment: the station's keeper, an administrator in whose area it lies, whoever was
// asked, or whoever holds its receipt.
func (t *task) appointmentParties(ctx context.Context, a *gen.Appointment) ([]state.Party, error) {
	v := t.viewer
	switch {
	case v.Kind == viewer.Receipt && v.Receipt == a.ID:
		return []state.Party{state.PartySubmitter}, nil
	case v.Role == viewer.Deputy && a.DeputyID != nil && *a.DeputyID == v.Person:
		return t.deputyParties(ctx)
	case v.Role == viewer.Department && a.OrganID != nil && *a.OrganID == v.Organ:
		return []state.Party{state.PartyHandler}, nil
	case v.Role == viewer.StationKeeper && v.Station == a.StationID:
		return []state.Party{state.PartyStation}, nil
	case slices.Contains(administrators, v.Role) && v.Sees(a.Code):
		return []state.Party{state.PartyStation, state.PartyOrgan}, nil
	}
	return nil, nil
}

// visitDayOf is the day that an appointment is for. Whoever may act on the one sees the other.
func (t *task) visitDayOf(ctx context.Context, a *gen.Appointment) (*gen.VisitDay, error) {
	day, err := t.tx.VisitDay.Get(ctx, a.VisitDayID)
	if err != nil {
		return nil, fmt.Errorf("find the visit day: %w", err)
	}
	return day, nil
}

// askedDay is what matters of a visit day to someone who asks for an appointment.
type askedDay struct {
	state             state.VisitDay
	published         bool
	begins, ends      time.Time
	onDuty, overPlace bool
}

// askedDay reads a day as it stands now, with whoever is asked; nil for one out of sight.
func (t *task) askedDay(ctx context.Context, id uuid.UUID, deputy, organ *uuid.UUID) (*askedDay, error) {
	rows, err := t.tx.QueryContext(ctx,
		`SELECT state, published, begins_at, ends_at, on_duty, department FROM asked_day($1, $2, $3)`, id, deputy, organ)
	if err != nil {
		return nil, fmt.Errorf("find the visit day: %w", err)
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	var day *askedDay
	for rows.Next() {
		day = &askedDay{}
		if err := rows.Scan(&day.state, &day.published, &day.begins, &day.ends, &day.onDuty, &day.overPlace); err != nil {
			return nil, err
		}
	}
	return day, rows.Err()
}

func noSuchDay() error {
	return fault.NotFound("接待日不存在、未公布或不在辖区内", "input", "visitDay")
}

// takes refuses an appointment on a day on which it may not be made: only one that is published and has not begun, with a deputy who is on duty then,
// or a department that works there. Asked after the writing, which has waited for whoever was changing the day, it goes by how the day stays.
func (t *task) takes(ctx context.Context, visitDay uuid.UUID, deputy, organ *uuid.UUID) error {
	day, err := t.askedDay(ctx, visitDay, deputy, organ)
	if err != nil {
		return err
	}
	switch {
	case day == nil, !day.published && t.viewer.Kind == viewer.Receipt:
		return noSuchDay()
	case !day.published:
		return fault.Conflict("NOT_PUBLISHED", "该接待日尚未公布", "input", "visitDay")
	case day.state != state.VisitDayPublished:
		return fault.Conflict("STATE", "该接待日当前为“"+state.VisitDays.Titles[day.state]+"”,不能约见", "input", "visitDay")
	case !t.desk.clock().Before(day.begins):
		return fault.Conflict("BEGUN", "该接待日已开始,不能再约见", "input", "visitDay")
	case deputy != nil && !day.onDuty:
		return fault.Conflict("NOT_ON_DUTY", "该代表当天不在站轮值", "input", "deputy")
	case organ != nil && !day.overPlace:
		return fault.NotFound("承办单位不存在或不管辖该站点", "input", "organ")
	}
	return nil
}
