package workflow

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/visitduty"
)

// AcceptAppointment is which request is granted (接受约见).
type AcceptAppointment struct{ AppointmentRef }

// AcceptAppointment grants a request, by the station, an organ in whose area it lies, or whoever was asked, while the day is not over and the deputy
// who was asked is on duty on it.
func (d *Desk) AcceptAppointment(ctx context.Context, in AcceptAppointment) (*gen.Appointment, error) {
	return d.meet(ctx, meeting{
		verb: VerbAcceptAppointment, on: in.AppointmentRef,
		write: func(ctx context.Context, t *task, a *gen.Appointment, u *gen.AppointmentUpdateOne) error {
			day, err := t.visitDayOf(ctx, a)
			if err != nil {
				return err
			}
			now := d.clock()
			if !now.Before(day.EndsAt) {
				return fault.Conflict("PAST", "该接待日已结束,不能再接受约见", "input", "id")
			}
			if err := t.stillOnDuty(ctx, a); err != nil {
				return err
			}
			u.SetDecidedAt(now).ClearReason()
			return nil
		},
	})
}

// stillOnDuty refuses to promise a deputy whose duty on the day was taken over meanwhile.
func (t *task) stillOnDuty(ctx context.Context, a *gen.Appointment) error {
	if a.DeputyID == nil {
		return nil
	}
	there, err := t.tx.VisitDuty.Query().
		Where(visitduty.VisitDayID(a.VisitDayID), visitduty.DeputyID(*a.DeputyID), visitduty.Replaced(false)).Exist(ctx)
	if err != nil {
		return err
	}
	if !there {
		return fault.Conflict("NOT_ON_DUTY", "该代表当天已不在站轮值,请改约或婉拒", "input", "id")
	}
	return nil
}

// MoveAppointment is to which day an appointment is moved, and why (改约).
type MoveAppointment struct {
	AppointmentRef
	VisitDay uuid.UUID
	Reason   string
}

// MoveAppointment moves an appointment to another open visit day of the same station, by the station or an organ in whose area it lies. A request is
// granted by it. The deputy who was asked must be on duty on that day too.
func (d *Desk) MoveAppointment(ctx context.Context, in MoveAppointment) (*gen.Appointment, error) {
	return d.meet(ctx, meeting{
		verb: VerbMoveAppointment, on: in.AppointmentRef,
		check: func(c *checker) { in.Reason = c.text(at("改约原因", "reason"), in.Reason, 2, longestReason) },
		write: func(ctx context.Context, t *task, a *gen.Appointment, u *gen.AppointmentUpdateOne) error {
			day, err := t.tx.VisitDay.Get(ctx, in.VisitDay)
			if gen.IsNotFound(err) {
				return noSuchDay()
			}
			if err != nil {
				return err
			}
			switch {
			case day.ID == a.VisitDayID:
				return fault.Invalid("MISMATCH", "已约在这一接待日", "input", "visitDay")
			case day.StationID != a.StationID:
				return fault.Invalid("MISMATCH", "须改约到同一站点的接待日", "input", "visitDay")
			}
			u.SetVisitDayID(day.ID).SetReason(in.Reason).AddMoves(1).SetDecidedAt(d.clock())
			return nil
		},
		after: func(ctx context.Context, t *task, a *gen.Appointment) error {
			// Whom it is with stays; it is the day that does not fit.
			return blame(t.takes(ctx, a.VisitDayID, a.DeputyID, a.OrganID), "visitDay", "deputy", "organ")
		},
	})
}

// blame lays what a refusal says of some fields of the input to another one.
func blame(err error, field string, instead ...string) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		for i, at := range f.Fields {
			if len(at.Path) == 2 && slices.Contains(instead, at.Path[1]) {
				f.Fields[i].Path = []string{"input", field}
			}
		}
	}
	return err
}

// DeclineAppointment is what is refused, and why (婉拒约见).
type DeclineAppointment struct {
	AppointmentRef
	Reason string
}

// DeclineAppointment refuses a request, or takes a promise back, by the station, an organ in whose area it lies, or whoever was asked.
func (d *Desk) DeclineAppointment(ctx context.Context, in DeclineAppointment) (*gen.Appointment, error) {
	return d.meet(ctx, meeting{
		verb: VerbDeclineAppointment, on: in.AppointmentRef,
		check: func(c *checker) { in.Reason = c.text(at("婉拒原因", "reason"), in.Reason, 2, longestReason) },
		write: func(_ context.Context, _ *task, _ *gen.Appointment, u *gen.AppointmentUpdateOne) error {
			u.SetReason(in.Reason).SetDecidedAt(d.clock())
			return nil
		},
	})
}

// ConcludeAppointment is whether an appointment was kept (登记约见结果).
type ConcludeAppointment struct {
	AppointmentRef
	Kept bool
}

// ConcludeAppointment records, once the day has begun, whether the two met, by the station or an organ in whose area it lies.
func (d *Desk) ConcludeAppointment(ctx context.Context, in ConcludeAppointment) (*gen.Appointment, error) {
	m := meeting{
		verb: VerbConcludeAppointment, on: in.AppointmentRef, silent: true,
		write: func(ctx context.Context, t *task, a *gen.Appointment, u *gen.AppointmentUpdateOne) error {
			day, err := t.visitDayOf(ctx, a)
			if err != nil {
				return err
			}
			now := d.clock()
			if now.Before(day.BeginsAt) {
				return fault.Conflict("NOT_YET", "该接待日尚未开始,不能登记约见结果", "input", "id")
			}
			u.SetConcludedAt(now)
			return nil
		},
	}
	if !in.Kept {
		m.line = "missAppointment"
	}
	return d.meet(ctx, m)
}
