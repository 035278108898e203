package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/dutyrecord"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// SubmitDutyRecord is a deputy's own record of work (履职记录).
type SubmitDutyRecord struct {
	IdempotencyKey *string `json:"-"`
	Mandate        uuid.UUID
	Kind           kind.Record
	Day            time.Time
	Title, Content string
	Files          []string // secrets of uploads
}

// written checks what a record says.
func written(c *checker, title, content *string, files []string) {
	*title = c.text(at("标题", "title"), *title, 2, 100)
	*content = c.text(at("内容", "content"), *content, 10, 5000)
	c.files(attached, files)
}

var doneOn = at("日期", "day")

// SubmitDutyRecord puts a record of the viewer's own work before the organ. The mandate must be in service, and the day lie in it.
func (d *Desk) SubmitDutyRecord(ctx context.Context, in SubmitDutyRecord) (*gen.DutyRecord, error) {
	v, err := d.admit(ctx, VerbSubmitDutyRecord)
	if err != nil {
		return nil, err
	}
	var c checker
	c.key(in.IdempotencyKey)
	word(&c, at("履职记录类型", "kind"), in.Kind)
	in.Day = c.day(doneOn, in.Day, calendar.Founding, d.today())
	written(&c, &in.Title, &in.Content, in.Files)
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbSubmitDutyRecord, v, func(t *task) (*gen.DutyRecord, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.DutyRecord.Get, func() (*gen.DutyRecord, uuid.UUID, error) {
			r, err := t.submitDutyRecord(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return r, r.ID, nil
		})
	})
}

func (t *task) submitDutyRecord(ctx context.Context, in SubmitDutyRecord) (*gen.DutyRecord, error) {
	m, err := t.ownMandate(ctx, in.Mandate)
	if err != nil {
		return nil, err
	}
	if err := t.withinMandate(m, doneOn, in.Day); err != nil {
		return nil, err
	}
	first, _ := state.Records.Next("", string(t.verb))
	create := t.tx.DutyRecord.Create().
		SetDeputyID(m.DeputyID).SetMandateID(m.ID).SetKind(in.Kind).SetDay(in.Day).SetTitle(in.Title).SetContent(in.Content).SetState(first)
	areaOfMandate(m).put(create.Mutation())
	r, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.attachTo(ctx, ofDutyRecord(r), attached, in.Files); err != nil {
		return nil, err
	}
	return r, t.audit(ctx, gen.TypeDutyRecord, r.ID, areaOfMandate(m), map[string]any{
		"mandate": r.MandateID, "kind": r.Kind, "day": r.Day.Format(time.DateOnly), "files": len(in.Files),
	})
}

// ownMandate finds a mandate of the viewer's own that is in service.
func (t *task) ownMandate(ctx context.Context, id uuid.UUID) (*gen.Mandate, error) {
	m, err := t.tx.Mandate.Query().Where(mandate.ID(id), mandate.DeputyID(t.viewer.Person)).Only(ctx)
	switch {
	case gen.IsNotFound(err):
		return nil, fault.NotFound("代表职务不存在", "input", "mandate")
	case err != nil:
		return nil, err
	case !serves(m.Status):
		return nil, fault.Conflict("NOT_ON_ROLL", "该代表职务已终止或暂停", "input", "mandate")
	}
	return m, nil
}

// withinMandate checks that a day lies in the time of a mandate, and not in the future.
func (t *task) withinMandate(m *gen.Mandate, f field, day time.Time) error {
	last := t.desk.today()
	if m.EndedOn != nil {
		if end := calendar.Day(*m.EndedOn).AddDate(0, 0, -1); end.Before(last) {
			last = end
		}
	}
	return oneDay(f, day, calendar.Day(m.ElectedOn), last)
}

// ReviseDutyRecord is what a record says instead.
type ReviseDutyRecord struct {
	ID              uuid.UUID
	ExpectedVersion *int
	Day             Change[time.Time]
	Title, Content  Change[string]
	Files           []string // further ones
}

// ReviseDutyRecord changes what is given of a record of the viewer's own that is not confirmed, and puts it before the organ again.
func (d *Desk) ReviseDutyRecord(ctx context.Context, in ReviseDutyRecord) (*gen.DutyRecord, error) {
	v, err := d.admit(ctx, VerbReviseDutyRecord)
	if err != nil {
		return nil, err
	}
	var c checker
	in.Title = c.newText(at("标题", "title"), in.Title, 2, 100)
	in.Content = c.newText(at("内容", "content"), in.Content, 10, 5000)
	c.files(attached, in.Files)
	switch {
	case !in.Day.Given:
	case in.Day.Value == nil:
		c.add(doneOn, "REQUIRED", "不能为空")
	default:
		in.Day = To(c.day(doneOn, *in.Day.Value, calendar.Founding, d.today()))
	}
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbReviseDutyRecord, v, func(t *task) (*gen.DutyRecord, error) {
		old, to, err := t.lockDutyRecord(ctx, in.ID, in.ExpectedVersion)
		if err != nil {
			return nil, err
		}
		update, changed := t.tx.DutyRecord.UpdateOne(old).SetState(to).AddVersion(1), diff{}
		revise(changed, "title", &old.Title, in.Title, update.SetTitle, nil)
		revise(changed, "content", &old.Content, in.Content, update.SetContent, nil)
		if in.Day.Given {
			m, err := t.tx.Mandate.Get(ctx, old.MandateID)
			if err != nil {
				return nil, err
			}
			if err := t.withinMandate(m, doneOn, *in.Day.Value); err != nil {
				return nil, err
			}
			day := calendar.Day(old.Day)
			revise(changed, "day", &day, in.Day, update.SetDay, nil)
		}
		r, err := update.Save(ctx)
		if err != nil {
			return nil, err
		}
		if err := t.attachTo(ctx, ofDutyRecord(r), attached, in.Files); err != nil {
			return nil, err
		}
		names := make([]string, 0, len(changed)) // what a deputy writes is not for the audit
		for name := range changed {
			names = append(names, name)
		}
		return r, t.auditRecord(ctx, r, map[string]any{"changed": names, "files": len(in.Files), "from": old.State})
	})
}

// lockDutyRecord finds a record at the expected version, keeps it from being changed by others, and tells where the verb leads from its state.
func (t *task) lockDutyRecord(ctx context.Context, id uuid.UUID, expected *int) (*gen.DutyRecord, state.Record, error) {
	r, err := t.tx.DutyRecord.Query().Where(dutyrecord.ID(id)).ForUpdate().Only(ctx)
	if gen.IsNotFound(err) {
		return nil, "", fault.NotFound("履职记录不存在或不在辖区内", "input", "id")
	}
	if err != nil {
		return nil, "", err
	}
	if err := expect(expected, r.Version); err != nil {
		return nil, "", err
	}
	to, ok := state.Records.Next(r.State, string(t.verb))
	if !ok {
		return nil, "", fault.Conflict("STATE", "履职记录"+state.Records.Titles[r.State]+",不能办理此事项", "input", "id")
	}
	return r, to, nil
}

func (t *task) auditRecord(ctx context.Context, r *gen.DutyRecord, detail map[string]any) error {
	return t.audit(ctx, gen.TypeDutyRecord, r.ID, area{r.Code, r.ProvinceCode, r.CityCode, r.CountyCode, r.TownshipCode}, detail)
}

// WithdrawDutyRecord is which record is taken back.
type WithdrawDutyRecord struct {
	ID              uuid.UUID
	ExpectedVersion *int
}

// WithdrawDutyRecord takes a record of the viewer's own back that is not confirmed.
func (d *Desk) WithdrawDutyRecord(ctx context.Context, in WithdrawDutyRecord) (*gen.DutyRecord, error) {
	v, err := d.admit(ctx, VerbWithdrawDutyRecord)
	if err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbWithdrawDutyRecord, v, func(t *task) (*gen.DutyRecord, error) {
		old, to, err := t.lockDutyRecord(ctx, in.ID, in.ExpectedVersion)
		if err != nil {
			return nil, err
		}
		r, err := t.tx.DutyRecord.UpdateOne(old).SetState(to).AddVersion(1).Save(ctx)
		if err != nil {
			return nil, err
		}
		return r, t.auditRecord(ctx, r, map[string]any{"from": old.State})
	})
}

// ReviewDutyRecord is what the organ says of a record.
type ReviewDutyRecord struct {
	ID              uuid.UUID
	ExpectedVersion *int
	// Text is a remark, or why the record is returned.
	Text *string
}

// ConfirmDutyRecord confirms a record of a deputy grouped in the viewer's area: from then on it counts.
func (d *Desk) ConfirmDutyRecord(ctx context.Context, in ReviewDutyRecord) (*gen.DutyRecord, error) {
	return d.reviewDutyRecord(ctx, VerbConfirmDutyRecord, in, at("审核意见", "note"), false)
}

// ReturnDutyRecord gives a record back to the deputy, with a reason. One that counted does not any more.
func (d *Desk) ReturnDutyRecord(ctx context.Context, in ReviewDutyRecord) (*gen.DutyRecord, error) {
	return d.reviewDutyRecord(ctx, VerbReturnDutyRecord, in, at("退回原因", "reason"), true)
}

func (d *Desk) reviewDutyRecord(ctx context.Context, verb Verb, in ReviewDutyRecord, f field, needed bool) (*gen.DutyRecord, error) {
	v, err := d.admit(ctx, verb)
	if err != nil {
		return nil, err
	}
	var c checker
	in.Text = c.optional(f, in.Text, 500)
	if needed && in.Text == nil {
		c.add(f, "REQUIRED", "不能为空")
	}
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return transact(ctx, d, verb, v, func(t *task) (*gen.DutyRecord, error) {
		old, to, err := t.lockDutyRecord(ctx, in.ID, in.ExpectedVersion)
		if err != nil {
			return nil, err
		}
		update := t.tx.DutyRecord.UpdateOne(old).SetState(to).SetReviewedAt(d.clock()).AddVersion(1)
		if in.Text != nil {
			update.SetReview(*in.Text)
		} else {
			update.ClearReview()
		}
		r, err := update.Save(ctx)
		if err != nil {
			return nil, err
		}
		if err := t.settle(ctx, r.DeputyID); err != nil {
			return nil, err
		}
		if err := t.announce(ctx, kind.NoticeRecord, gen.TypeDutyRecord, r.ID); err != nil {
			return nil, err
		}
		return r, t.auditRecord(ctx, r, map[string]any{"from": old.State, "to": r.State})
	})
}
