package workflow

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/appointment"
	"github.com/lianluo/lianluo/ent/gen/visitday"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// lockVisitDay finds a visit day and keeps it from being changed by others.
func (t *task) lockVisitDay(ctx context.Context, id uuid.UUID, path ...string) (*gen.VisitDay, error) {
	d, err := t.tx.VisitDay.Query().Where(visitday.ID(id)).ForUpdate().Only(ctx)
	if gen.IsNotFound(err) {
		return nil, noVisitDay(path...)
	}
	return d, err
}

func noVisitDay(path ...string) error {
	return fault.NotFound("接待日不存在或不在辖区内", path...)
}

// visitStep tells where a verb leads a visit day, or refuses it.
func visitStep(d *gen.VisitDay, verb Verb, path ...string) (state.VisitDay, error) {
	to, ok := state.VisitDays.Next(d.State, string(verb))
	if !ok {
		return "", fault.Conflict("STATE", "该接待日"+state.VisitDays.Titles[d.State]+",不能办理此事项", path...)
	}
	return to, nil
}

// holdVisitDay notes that a visit day was held: what was done on it is on record. It may be noted again.
func (t *task) holdVisitDay(ctx context.Context, id uuid.UUID) error {
	return t.moveVisitDay(ctx, id, VerbRecordActivity)
}

// unholdVisitDay takes back that a visit day was held, when what was on record of it is cancelled. It counts as missed then, and may still be
// made good. A day that was not held stays as it is.
func (t *task) unholdVisitDay(ctx context.Context, id uuid.UUID) error {
	d, err := t.lockVisitDay(ctx, id, "input", "id")
	if err != nil || d.State != state.VisitDayHeld {
		return err
	}
	return t.moveVisitDay(ctx, id, VerbCancelActivity)
}

func (t *task) moveVisitDay(ctx context.Context, id uuid.UUID, verb Verb) error {
	d, err := t.lockVisitDay(ctx, id, "input", "id")
	if err != nil {
		return err
	}
	to, err := visitStep(d, verb, "input", "id")
	if err != nil || to == d.State {
		return err
	}
	return t.tx.VisitDay.UpdateOne(d).SetState(to).AddVersion(1).Exec(ctx)
}

// cancelDay cancels a locked visit day and the appointments on it that are still open, and has those concerned told.
func (t *task) cancelDay(ctx context.Context, d *gen.VisitDay, reason string) (*gen.VisitDay, error) {
	to, err := visitStep(d, VerbCancelVisitDay, "input", "id")
	if err != nil {
		return nil, err
	}
	changed, err := t.tx.VisitDay.UpdateOne(d).SetState(to).SetReason(reason).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	// No state of an open appointment keeps it from being cancelled with its day.
	open, err := t.tx.Appointment.Query().
		Where(appointment.VisitDayID(d.ID), appointment.StateIn(state.AppointmentRequested, state.AppointmentAccepted)).
		Order(appointment.ByID()).ForUpdate().All(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range open {
		to, ok := state.Appointments.Next(a.State, string(VerbCancelVisitDay))
		if !ok {
			return nil, fmt.Errorf("appointment %s cannot be cancelled when it is %s", a.Number, a.State)
		}
		if err := t.tx.Appointment.UpdateOne(a).SetState(to).SetReason(reason).AddVersion(1).Exec(ctx); err != nil {
			return nil, err
		}
	}
	// Of a day that was never published, those only know who asked for an appointment on it.
	if d.PublishedAt == nil && len(open) == 0 {
		return changed, nil
	}
	return changed, t.announce(ctx, kind.NoticeCancelled, gen.TypeVisitDay, d.ID)
}

// announceDays announces the same of many visit days.
func (t *task) announceDays(ctx context.Context, notice kind.Notice, days []uuid.UUID) error {
	_, err := t.tx.ExecContext(ctx, `SELECT enqueue_notice($1, $2, day) FROM unnest($3::uuid[]) day`, string(notice), gen.TypeVisitDay, pq.Array(days))
	if err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	return nil
}

// CancelVisitDay is which visit day is cancelled, and why.
type CancelVisitDay struct {
	ID              uuid.UUID
	ExpectedVersion *int
	Reason          string
}

func (in *CancelVisitDay) check() error {
	var c checker
	in.Reason = c.text(at("取消原因", "reason"), in.Reason, 2, longestReason)
	return c.list.Err()
}

// longestReason is how long the reason of a change of the rota may be, in characters.
const longestReason = 200

// CancelVisitDay cancels a visit day that was not held yet, with the appointments on it that are open. Deputies on duty and those who have an
// appointment are told. It is not planned again. Once the day is over only an organ does so: a station that did not hold it has missed it.
func (d *Desk) CancelVisitDay(ctx context.Context, in CancelVisitDay) (*gen.VisitDay, error) {
	v, err := d.admit(ctx, VerbCancelVisitDay)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbCancelVisitDay, v, func(t *task) (*gen.VisitDay, error) {
		old, err := t.ownVisitDay(ctx, in.ID, in.ExpectedVersion)
		if err != nil {
			return nil, err
		}
		if old.State.Open() && t.viewer.Role == viewer.StationKeeper && calendar.Day(old.Day).Before(d.today()) {
			return nil, dayOver("input", "id")
		}
		changed, err := t.cancelDay(ctx, old, in.Reason)
		if err != nil {
			return nil, err
		}
		return changed, t.audit(ctx, gen.TypeVisitDay, old.ID, areaOfVisitDay(old), map[string]any{
			"day": old.Day.Format(time.DateOnly), "reason": in.Reason,
		})
	})
}

// ownVisitDay locks a visit day at the expected version; a keeper only one of the own station.
func (t *task) ownVisitDay(ctx context.Context, id uuid.UUID, expected *int) (*gen.VisitDay, error) {
	d, err := t.lockVisitDay(ctx, id, "input", "id")
	if err != nil {
		return nil, err
	}
	if err := t.keeps(d.StationID, "input", "id"); err != nil {
		return nil, err
	}
	return d, expect(expected, d.Version)
}
