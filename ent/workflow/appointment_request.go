package workflow

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// Wish is which meeting is asked for: with whom, on which visit day, about what.
type Wish struct {
	VisitDay uuid.UUID
	// Just one of the two is given: a deputy (代表有约), or the organ of an official (局长进站).
	Deputy, Organ *uuid.UUID
	// OfficialTitle is the office of whom in the organ, as 局长.
	OfficialTitle *string
	Topic         string
}

func (w *Wish) check(c *checker) {
	switch {
	case w.Deputy == nil && w.Organ == nil:
		c.add(at("约见对象", "deputy"), "REQUIRED", "须为代表或承办单位")
	case w.Deputy != nil && w.Organ != nil:
		c.add(at("约见对象", "organ"), "EXCLUSIVE", "只能是代表或承办单位之一")
	}
	title := at("职务", "officialTitle")
	w.OfficialTitle = c.optional(title, w.OfficialTitle, 40)
	if w.OfficialTitle != nil && w.Deputy != nil {
		c.add(title, "EXCLUSIVE", "只在约见承办单位负责人时填写")
	}
	w.Topic = c.text(at("约见事项", "topic"), w.Topic, 2, 500)
}

// Petitioner is the citizen who asks, and which version of the text the citizen agreed to.
type Petitioner struct{ Name, Phone, Consent string }

func (p *Petitioner) check(c *checker) {
	p.Name = c.text(at("姓名", "name"), p.Name, 1, 40)
	phone := at("电话", "phone")
	if given := c.phone(phone, &p.Phone); given != nil {
		p.Phone = *given
	} else {
		c.add(phone, "REQUIRED", "不能为空:约见结果将告知此号码")
	}
	if _, ok := consentAmong(AppointmentConsents, p.Consent); !ok {
		c.add(at("告知同意书", "consent"), "REQUIRED", "须为已公布的版本")
	}
}

// RequestAppointment is an appointment that an officer asks for (申请约见): for a citizen at the counter, or in the name of an organ.
type RequestAppointment struct {
	IdempotencyKey *string `json:"-"`
	Wish
	// Just one of the two is given.
	For            *Petitioner
	RequesterOrgan *uuid.UUID
}

func (in *RequestAppointment) check() error {
	var c checker
	c.key(in.IdempotencyKey)
	in.Wish.check(&c)
	switch {
	case in.For == nil && in.RequesterOrgan == nil:
		c.add(at("姓名", "name"), "REQUIRED", "不能为空:须填写申请人姓名、电话,或申请机关")
	case in.For != nil && in.RequesterOrgan != nil:
		c.add(at("申请机关", "requesterOrgan"), "EXCLUSIVE", "与申请人姓名、电话只能填一项")
	case in.For != nil:
		in.For.check(&c)
	}
	return c.list.Err()
}

// Appointed is an appointment with the receipt for it. The token is given out this once; only its hash is kept.
type Appointed struct {
	Appointment *gen.Appointment
	Token       string
}

// Unwrap turns it into what lives after its transaction.
func (a *Appointed) Unwrap() *Appointed {
	return &Appointed{Appointment: a.Appointment.Unwrap(), Token: a.Token}
}

// RequestAppointment asks for an appointment at a published visit day in the viewer's area that has not begun; a keeper at the own station. A retry
// under the same key answers the same appointment, with a receipt of its own.
func (d *Desk) RequestAppointment(ctx context.Context, in RequestAppointment) (*Appointed, error) {
	v, err := d.admit(ctx, VerbRequestAppointment)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbRequestAppointment, v, func(t *task) (*Appointed, error) {
		a, err := once(ctx, t, in.IdempotencyKey, in, t.tx.Appointment.Get, func() (*gen.Appointment, uuid.UUID, error) {
			a, err := t.requestAppointment(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return a, a.ID, nil
		})
		if err != nil {
			return nil, err
		}
		token, err := t.giveAppointmentReceipt(ctx, a.ID)
		return &Appointed{a, token}, err
	})
}

func (t *task) requestAppointment(ctx context.Context, in RequestAppointment) (*gen.Appointment, error) {
	day, err := t.tx.VisitDay.Get(ctx, in.VisitDay)
	if gen.IsNotFound(err) {
		return nil, noSuchDay()
	}
	if err != nil {
		return nil, err
	}
	if err := t.keeps(day.StationID, "input", "visitDay"); err != nil {
		return nil, err
	}
	if in.RequesterOrgan != nil {
		organ, err := t.tx.Organ.Get(ctx, *in.RequesterOrgan)
		if gen.IsNotFound(err) {
			return nil, fault.NotFound("申请机关不存在或不在辖区内", "input", "requesterOrgan")
		}
		if err != nil {
			return nil, err
		}
		if organ.ValidTo != nil {
			return nil, fault.Conflict("ENDED", "该机关已撤销", "input", "requesterOrgan")
		}
	}
	return t.ask(ctx, newID(), day, in.Wish, in.For, in.RequesterOrgan)
}

// ask makes an appointment of a wish, whoever brings it, and has those told whom it concerns.
func (t *task) ask(
	ctx context.Context, id uuid.UUID, day *gen.VisitDay, w Wish, by *Petitioner, organ *uuid.UUID,
) (*gen.Appointment, error) {
	if err := t.takes(ctx, w.VisitDay, w.Deputy, w.Organ); err != nil {
		return nil, err
	}
	now := t.desk.clock()
	number, err := newNumber(t.desk.random, now)
	if err != nil {
		return nil, err
	}
	to, _ := state.Appointments.Next("", string(VerbRequestAppointment))
	create := t.tx.Appointment.Create().
		SetID(id).
		SetNumber(number).
		SetStationID(day.StationID).
		SetVisitDayID(day.ID).
		SetNillableDeputyID(w.Deputy).
		SetNillableOrganID(w.Organ).
		SetNillableOfficialTitle(w.OfficialTitle).
		SetNillableRequesterOrganID(organ).
		SetTopic(w.Topic).
		SetState(to).
		SetRequestedAt(now)
	if by != nil {
		create.SetRequesterMasked(maskName(by.Name)).SetPhoneMasked(MaskPhone(by.Phone))
	}
	at := areaOfVisitDay(day)
	at.put(create.Mutation())
	a, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.takes(ctx, a.VisitDayID, a.DeputyID, a.OrganID); err != nil {
		return nil, err
	}
	if by != nil {
		if err := t.keepPetitioner(ctx, a, *by); err != nil {
			return nil, err
		}
	}
	if err := t.announce(ctx, kind.NoticeRequested, gen.TypeAppointment, a.ID); err != nil {
		return nil, err
	}
	return a, t.audit(ctx, gen.TypeAppointment, a.ID, at, map[string]any{"station": a.StationID, "visitDay": a.VisitDayID})
}

// keepPetitioner keeps who asks apart from what is asked, and what was agreed to.
func (t *task) keepPetitioner(ctx context.Context, a *gen.Appointment, by Petitioner) error {
	create := t.tx.AppointmentContact.Create().
		SetAppointmentID(a.ID).
		SetStationID(a.StationID).
		SetName(by.Name).
		SetPhone(by.Phone).
		SetPhoneDigits(digits(by.Phone)).
		SetConsentVersion(by.Consent).
		SetConsentedAt(a.RequestedAt)
	areaOfAppointment(a).put(create.Mutation())
	if err := create.Exec(ctx); err != nil {
		return fmt.Errorf("keep who asks: %w", err)
	}
	return nil
}

// giveAppointmentReceipt draws a token with which whoever asked follows the appointment, and keeps its hash.
func (t *task) giveAppointmentReceipt(ctx context.Context, id uuid.UUID) (string, error) {
	token, err := newToken(t.desk.random)
	if err != nil {
		return "", err
	}
	if err := t.tx.AppointmentReceipt.Create().SetAppointmentID(id).SetTokenHash(SecretHash(token)).Exec(ctx); err != nil {
		return "", fmt.Errorf("give a receipt: %w", err)
	}
	return token, nil
}
