package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// GiveMandate is a further mandate of a deputy.
type GiveMandate struct {
	IdempotencyKey *string `json:"-"`
	Deputy         uuid.UUID
	Mandate        NewMandate
}

func (in *GiveMandate) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	in.Mandate.check(&c, today)
	return c.list.Err()
}

// GiveMandate gives a deputy at home in the viewer's area another mandate, of a congress in the area. All mandates of a person must
// lie on one chain of divisions; a second one in the same congress is a conflict.
func (d *Desk) GiveMandate(ctx context.Context, in GiveMandate) (*gen.Mandate, error) {
	v, err := d.admit(ctx, VerbGiveMandate)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbGiveMandate, v, func(t *task) (*gen.Mandate, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.Mandate.Get, func() (*gen.Mandate, uuid.UUID, error) {
			m, err := t.giveMandate(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return m, m.ID, nil
		})
	})
}

func (t *task) giveMandate(ctx context.Context, in GiveMandate) (*gen.Mandate, error) {
	deputy, err := t.lockDeputy(ctx, in.Deputy, "input", "deputy")
	if err != nil {
		return nil, err
	}
	seat, err := t.seatOf(ctx, in.Mandate)
	if err != nil {
		return nil, err
	}
	if err := checkAge(deputy.BirthMonth, in.Mandate.ElectedOn, electedOn); err != nil {
		return nil, err
	}
	if err := t.checkChain(ctx, deputy.ID, seat.congress.Code); err != nil {
		return nil, err
	}
	m, err := t.createMandate(ctx, deputy.ID, seat, in.Mandate)
	if err != nil {
		return nil, err
	}
	if err := t.regroup(ctx, deputy.ID); err != nil {
		return nil, err
	}
	return m, t.audit(ctx, gen.TypeMandate, m.ID, areaOfMandate(m), map[string]any{
		"deputy": m.DeputyID, "congress": m.CongressID, "term": m.TermNumber, "status": m.Status,
	})
}

// ChangeMandate is a new state of a mandate.
type ChangeMandate struct {
	ID              uuid.UUID
	ExpectedVersion *int
	Status          state.Mandate // MandateConfirmed or MandateSuspended
	// On is the day from which a mandate is suspended, or no longer is; nil is today.
	On *time.Time
}

// ChangeMandate confirms a mandate of a congress in the viewer's area, suspends it or takes it up again. A state that may not follow
// the present one is a conflict.
func (d *Desk) ChangeMandate(ctx context.Context, in ChangeMandate) (*gen.Mandate, error) {
	v, err := d.admit(ctx, VerbChangeMandate)
	if err != nil {
		return nil, err
	}
	if in.Status != state.MandateConfirmed && in.Status != state.MandateSuspended {
		return nil, fault.Invalid("UNKNOWN_VALUE", "只能改为资格确认或暂停;终止请用终止代表资格", "input", "status")
	}
	return transact(ctx, d, VerbChangeMandate, v, func(t *task) (*gen.Mandate, error) {
		old, err := t.lockOwnMandate(ctx, in.ID, in.ExpectedVersion)
		if err != nil {
			return nil, err
		}
		if !old.Status.CanBecome(in.Status) {
			return nil, fault.Conflict("STATE", "当前资格状态不能改为所选状态", "input", "status")
		}
		gaps, err := suspensions(old, in.Status, in.On, d.today())
		if err != nil {
			return nil, err
		}
		update := t.tx.Mandate.UpdateOne(old).SetStatus(in.Status).AddVersion(1)
		if len(gaps) > 0 {
			update.SetSuspensions(gaps)
		}
		m, err := update.Save(ctx)
		if err != nil {
			return nil, err
		}
		if err := t.settle(ctx, m.DeputyID); err != nil {
			return nil, err
		}
		return m, t.audit(ctx, gen.TypeMandate, m.ID, areaOfMandate(m), map[string]any{
			"changed": diff{"status": move{From: old.Status, To: m.Status}},
		})
	})
}

// lockOwnMandate locks a mandate at the expected version. It must be of a congress in the viewer's area: one that is merely grouped
// here is for the congress to change.
func (t *task) lockOwnMandate(ctx context.Context, id uuid.UUID, expected *int) (*gen.Mandate, error) {
	m, err := t.lockMandate(ctx, id, "input", "id")
	if err != nil {
		return nil, err
	}
	if !t.viewer.Sees(m.SeatCode) {
		return nil, forbidden("该代表职务由其所属人民代表大会一级管理", "input", "id")
	}
	return m, expect(expected, m.Version)
}

// EndMandate is how a mandate ends.
type EndMandate struct {
	ID              uuid.UUID
	ExpectedVersion *int
	EndedOn         time.Time // first day without it
	Reason          kind.EndReason
	Note            *string
}

func (in *EndMandate) check() error {
	var c checker
	in.EndedOn = calendar.Day(in.EndedOn)
	word(&c, at("终止原因", "reason"), in.Reason)
	in.Note = c.optional(at("终止说明", "note"), in.Note, 500)
	return c.list.Err()
}

// EndMandate ends a mandate of a congress in the viewer's area, and with it all postings that rest on it, wherever they are; it
// tells how many. The history stays. The person's home moves to the deepest of the other mandates, and stays if there is none.
func (d *Desk) EndMandate(ctx context.Context, in EndMandate) (m *gen.Mandate, postingsEnded int, err error) {
	v, err := d.admit(ctx, VerbEndMandate)
	if err != nil {
		return nil, 0, err
	}
	if err := in.check(); err != nil {
		return nil, 0, err
	}
	m, err = transact(ctx, d, VerbEndMandate, v, func(t *task) (*gen.Mandate, error) {
		m, n, err := t.endMandate(ctx, in)
		postingsEnded = n
		return m, err
	})
	if err != nil {
		return nil, 0, err
	}
	return m, postingsEnded, nil
}

func (t *task) endMandate(ctx context.Context, in EndMandate) (*gen.Mandate, int, error) {
	old, err := t.lockOwnMandate(ctx, in.ID, in.ExpectedVersion)
	if err != nil {
		return nil, 0, err
	}
	if !old.Status.CanBecome(state.MandateEnded) {
		return nil, 0, fault.Conflict("ENDED", "该代表资格已终止", "input", "id")
	}
	err = oneDay(at("终止日期", "endedOn"), in.EndedOn, calendar.Day(old.ElectedOn), t.desk.today())
	if err != nil {
		return nil, 0, err
	}
	update := t.tx.Mandate.UpdateOne(old).
		SetStatus(state.MandateEnded).SetEndedOn(in.EndedOn).SetEndReason(in.Reason).AddVersion(1)
	if gaps := suspensionsAtEnd(old, in.EndedOn); len(gaps) > 0 {
		update.SetSuspensions(gaps)
	}
	if in.Note != nil {
		update.SetEndNote(*in.Note)
	}
	m, err := update.Save(ctx)
	if err != nil {
		return nil, 0, err
	}
	var n int
	err = scalar(ctx, t.tx, &n, `SELECT end_postings_of_mandate($1, $2, $3)`, m.ID, in.EndedOn, "代表资格终止")
	if err != nil {
		return nil, 0, err
	}
	if err := t.regroup(ctx, m.DeputyID); err != nil {
		return nil, 0, err
	}
	return m, n, t.audit(ctx, gen.TypeMandate, m.ID, areaOfMandate(m), map[string]any{
		"changed":       diff{"status": move{From: old.Status, To: m.Status}},
		"endedOn":       in.EndedOn.Format(time.DateOnly),
		"postingsEnded": n,
	})
}
