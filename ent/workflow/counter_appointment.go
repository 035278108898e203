package workflow

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/appointment"
	"github.com/lianluo/lianluo/ent/gen/appointmentcontact"
	"github.com/lianluo/lianluo/ent/gen/appointmentreceipt"
	"github.com/lianluo/lianluo/ent/gen/visitday"
	"github.com/lianluo/lianluo/ent/viewer"
)

// BookAppointment is an appointment that a citizen asks for (群众点单、代表有约、局长进站).
type BookAppointment struct {
	IdempotencyKey *string `json:"-"`
	Wish
	Petitioner
}

func (in *BookAppointment) check() error {
	var c checker
	c.key(in.IdempotencyKey)
	in.Wish.check(&c)
	in.Petitioner.check(&c)
	return c.list.Err()
}

// buckets are what a booking takes one from.
func (in *BookAppointment) buckets(address string) []Bucket {
	day, phone := in.VisitDay.String(), digits(in.Phone)
	return []Bucket{
		{BoundSubmitAddress, address},
		{BoundSubmitCode, day},
		{BoundSubmitCodeAddress, day + " " + address},
		{BoundSubmitPhone, phone},
		{BoundSubmitPhoneAddress, phone + " " + address},
	}
}

// BookAppointment asks for an appointment at a published visit day that has not begun. A retry under the same key of the same day answers the same
// appointment, with a receipt of its own, also when the day has begun since.
func (c *Counter) BookAppointment(ctx context.Context, in BookAppointment) (*Appointed, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := c.take(in.buckets(addressOf(ctx))...); err != nil {
		return nil, err
	}
	day, err := c.system.VisitDay.Query().Where(visitday.ID(in.VisitDay), visitday.PublishedAtNotNil()).Only(asCounter(ctx))
	if gen.IsNotFound(err) {
		return nil, noSuchDay()
	}
	if err != nil {
		return nil, err
	}
	booked, err := c.ask(ctx, day, in)
	if known, ok := errors.AsType[*bookedBefore](err); ok {
		return c.askedBefore(ctx, day, known.id)
	}
	return booked, err
}

// ask makes the appointment as the citizen who is about to be given its receipt.
func (c *Counter) ask(ctx context.Context, day *gen.VisitDay, in BookAppointment) (*Appointed, error) {
	id := newID()
	ctx = atDay(ctx, day, id)
	return transact(ctx, c.desk, VerbBookAppointment, viewer.FromContext(ctx), func(t *task) (*Appointed, error) {
		find := func(_ context.Context, id uuid.UUID) (*gen.Appointment, error) { return nil, &bookedBefore{id} }
		a, err := once(ctx, t, in.IdempotencyKey, in, find, func() (*gen.Appointment, uuid.UUID, error) {
			a, err := t.ask(ctx, id, day, in.Wish, &in.Petitioner, nil)
			return a, id, err
		})
		if err != nil {
			return nil, err
		}
		token, err := t.giveAppointmentReceipt(ctx, a.ID)
		return &Appointed{a, token}, err
	})
}

// askedBefore gives one more receipt for an appointment that a day and a key led to before.
func (c *Counter) askedBefore(ctx context.Context, day *gen.VisitDay, id uuid.UUID) (*Appointed, error) {
	ctx = atDay(ctx, day, id)
	return transact(ctx, c.desk, VerbBookAppointment, viewer.FromContext(ctx), func(t *task) (*Appointed, error) {
		a, err := t.tx.Appointment.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		token, err := t.giveAppointmentReceipt(ctx, a.ID)
		return &Appointed{a, token}, err
	})
}

// atDay is the context of a citizen who asks for an appointment on a visit day, at the appointment that it leads to.
func atDay(ctx context.Context, day *gen.VisitDay, appointment uuid.UUID) context.Context {
	return viewer.NewContext(ctx, viewer.ForReceipt("visitDay:"+day.ID.String(), day.Code, appointment))
}

// WithdrawAppointment takes back what the holder of a pass asked for, before the day begins. It answers how the appointment stands then.
func (c *Counter) WithdrawAppointment(ctx context.Context, p Pass) (*AppointmentStatus, error) {
	var list checker
	p.check(&list, at)
	if err := list.list.Err(); err != nil {
		return nil, err
	}
	ctx, err := c.enter(ctx, p, c.findAppointment)
	if err != nil {
		return nil, err
	}
	v := viewer.FromContext(ctx)
	_, err = transact(ctx, c.desk, VerbWithdrawAppointment, v, func(t *task) (*gen.Appointment, error) {
		return t.meet(ctx, meeting{
			verb: VerbWithdrawAppointment, on: AppointmentRef{ID: v.Receipt},
			write: func(ctx context.Context, t *task, a *gen.Appointment, u *gen.AppointmentUpdateOne) error {
				day, err := t.askedDay(ctx, a.VisitDayID, a.DeputyID, a.OrganID)
				if err != nil {
					return err
				}
				now := c.desk.clock()
				if day == nil || !now.Before(day.begins) {
					return fault.Conflict("BEGUN", "该接待日已开始,不能再撤回", "input", "number")
				}
				u.SetDecidedAt(now).ClearReason()
				return nil
			},
		}, "number")
	})
	if err != nil {
		return nil, err
	}
	return c.appointmentStatus(ctx)
}

// findAppointment looks up the appointment of a number whose pass is right, in two statements whatever is wrong; nil when something is.
func (c *Counter) findAppointment(ctx context.Context, number string, p Pass) (*held, error) {
	a, err := c.system.Appointment.Query().Where(appointment.Number(number)).Only(ctx)
	if err != nil && !gen.IsNotFound(err) {
		return nil, err
	}
	id := uuid.Nil
	if a != nil {
		id = a.ID
	}
	var right bool
	if p.Token != nil {
		right, err = c.system.AppointmentReceipt.Query().
			Where(appointmentreceipt.AppointmentID(id), appointmentreceipt.TokenHash(SecretHash(*p.Token))).Exist(ctx)
	} else {
		right, err = c.system.AppointmentContact.Query().
			Where(appointmentcontact.AppointmentID(id), appointmentcontact.PhoneDigits(digits(*p.Phone))).Exist(ctx)
	}
	if err != nil || a == nil || !right {
		return nil, err
	}
	return &held{a.ID, a.Code}, nil
}
