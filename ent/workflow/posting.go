package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// PostDeputy is who is posted where.
type PostDeputy struct {
	IdempotencyKey *string   `json:"-"`
	Mandate        uuid.UUID // the one the posting rests on
	Station        uuid.UUID
	Basis          kind.Posting
	StartedOn      time.Time
}

func (in *PostDeputy) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	word(&c, at("进站依据", "basis"), in.Basis)
	in.StartedOn = c.day(postedOn, in.StartedOn, calendar.Founding, today)
	return c.list.Err()
}

var postedOn = at("进站日期", "startedOn")

// PostDeputy posts a deputy to an open station in the viewer's area. The mandate must be on the roll and not suspended. With any basis
// but CROSS the station must lie in the area of the mandate's congress, and the earliest such posting is the home: the mandate is grouped
// there, and the person with it. A cross-posting leaves the home where it is.
func (d *Desk) PostDeputy(ctx context.Context, in PostDeputy) (*gen.Posting, error) {
	v, err := d.admit(ctx, VerbPostDeputy)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbPostDeputy, v, func(t *task) (*gen.Posting, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.Posting.Get, func() (*gen.Posting, uuid.UUID, error) {
			p, err := t.postDeputy(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return p, p.ID, nil
		})
	})
}

func (t *task) postDeputy(ctx context.Context, in PostDeputy) (*gen.Posting, error) {
	s, err := t.lockOpenStation(ctx, in.Station, "input", "station")
	if err != nil {
		return nil, err
	}
	m, err := t.lockMandate(ctx, in.Mandate, "input", "mandate")
	if err != nil {
		return nil, err
	}
	if !m.Status.OnRoll() || m.Status == state.MandateSuspended {
		return nil, fault.Conflict("NOT_ON_ROLL", "该代表职务已终止或暂停,不能进站", "input", "mandate")
	}
	if err := t.checkBasis(in.Basis, m, s); err != nil {
		return nil, err
	}
	first := later(calendar.Day(m.ElectedOn), calendar.Day(s.OpenedOn))
	if err := oneDay(postedOn, in.StartedOn, first, in.StartedOn); err != nil {
		return nil, err
	}
	create := t.tx.Posting.Create().
		SetStationID(s.ID).
		SetDeputyID(m.DeputyID).
		SetMandateID(m.ID).
		SetBasis(in.Basis).
		SetStartedOn(in.StartedOn)
	areaOfStation(s).put(create.Mutation())
	p, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := t.issueCode(ctx, s, p); err != nil {
		return nil, err
	}
	if p.Basis != kind.PostingCross {
		if err := t.regroup(ctx, p.DeputyID); err != nil {
			return nil, err
		}
	}
	return p, t.audit(ctx, gen.TypePosting, p.ID, areaOfPosting(p), map[string]any{
		"station": p.StationID, "mandate": p.MandateID, "basis": p.Basis, "startedOn": p.StartedOn.Format(time.DateOnly),
	})
}

// checkBasis tells whether a mandate may be posted to a station on a basis.
func (t *task) checkBasis(basis kind.Posting, m *gen.Mandate, s *gen.Station) error {
	// A guest, visible by a cross-posting, is not the host's to post: the host would keep hold of someone whom the home
	// can neither see there nor call back. An organ above both may.
	if !t.viewer.Sees(m.Code) {
		return forbidden("该代表由其他地方编组,应由双方共同的上级安排", "input", "mandate")
	}
	if basis == kind.PostingCross {
		return nil
	}
	if !m.SeatCode.Contains(s.Code) {
		return fault.Invalid("MISMATCH", "站点不在该代表所属人民代表大会的行政区域内,只能交叉进站", "input", "station")
	}
	if basis == kind.PostingConstituency && m.Level != kind.County && m.Level != kind.Township {
		return fault.Invalid("MISMATCH", "只有县、乡两级代表按选区进站", "input", "basis")
	}
	return nil
}

// WithdrawPosting is how a posting ends.
type WithdrawPosting struct {
	ID              uuid.UUID
	ExpectedVersion *int
	EndedOn         time.Time // first day without it
	Reason          *string
}

func (in *WithdrawPosting) check() error {
	var c checker
	in.EndedOn = calendar.Day(in.EndedOn)
	in.Reason = c.optional(at("退出原因", "reason"), in.Reason, 200)
	return c.list.Err()
}

// WithdrawPosting ends a posting at a station in the viewer's area. If it was the home, the mandate is grouped at the next posting, or
// without one at its electing unit, which may be out of the viewer's sight.
func (d *Desk) WithdrawPosting(ctx context.Context, in WithdrawPosting) (*gen.Posting, error) {
	v, err := d.admit(ctx, VerbWithdrawPosting)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbWithdrawPosting, v, func(t *task) (*gen.Posting, error) {
		return t.withdrawPosting(ctx, in)
	})
}

func (t *task) withdrawPosting(ctx context.Context, in WithdrawPosting) (*gen.Posting, error) {
	old, err := t.lockPosting(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := expect(in.ExpectedVersion, old.Version); err != nil {
		return nil, err
	}
	if old.EndedOn != nil {
		return nil, fault.Conflict("ENDED", "该进站已结束", "input", "id")
	}
	if err := oneDay(at("退出日期", "endedOn"), in.EndedOn, calendar.Day(old.StartedOn), t.desk.today()); err != nil {
		return nil, err
	}
	update := t.tx.Posting.UpdateOne(old).SetEndedOn(in.EndedOn).AddVersion(1)
	if in.Reason != nil {
		update.SetEndReason(*in.Reason)
	}
	p, err := update.Save(ctx)
	if err != nil {
		return nil, err
	}
	if p.Basis != kind.PostingCross {
		if err := t.regroup(ctx, p.DeputyID); err != nil {
			return nil, err
		}
	}
	return p, t.audit(ctx, gen.TypePosting, p.ID, areaOfPosting(p), map[string]any{
		"endedOn": in.EndedOn.Format(time.DateOnly),
	})
}

// lockPosting finds a posting and keeps it, and the other rows of its person, from being changed by others.
func (t *task) lockPosting(ctx context.Context, id uuid.UUID) (*gen.Posting, error) {
	p, err := t.tx.Posting.Get(ctx, id)
	if err == nil {
		if err := t.lockPersons(ctx, p.DeputyID); err != nil {
			return nil, err
		}
		p, err = t.tx.Posting.Query().Where(posting.ID(id)).ForUpdate().Only(ctx)
	}
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("进站记录不存在或不在辖区内", "input", "id")
	}
	return p, err
}
