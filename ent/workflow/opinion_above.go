package workflow

import (
	"context"
	"regexp"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/organ"
	"github.com/lianluo/lianluo/ent/gen/publishedcase"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// The verbs of the organs above a case: supervision, 重点, publication, and who submitted it.

// SuperviseOpinion is who supervises a case, and until when (督办).
type SuperviseOpinion struct {
	OpinionRef
	Supervisor uuid.UUID // an organ of the viewer's division
	DueOn      time.Time
	Text       string
}

// SuperviseOpinion puts an open case under supervision.
func (d *Desk) SuperviseOpinion(ctx context.Context, in SuperviseOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbSuperviseOpinion, step: state.StepSupervise, on: in.OpinionRef,
		check: func(c *checker) {
			today := d.today()
			in.DueOn = c.day(at("督办期限", "dueOn"), in.DueOn, today, today.AddDate(1, 0, 0))
			reason(&in.Text)(c)
		},
		prepare: func(ctx context.Context, t *task, o *gen.Opinion, do *doing) error {
			if o.SupervisorID != nil {
				return fault.Conflict("SUPERVISED", "该意见已在督办", "input", "id")
			}
			by, err := t.tx.Organ.Query().Where(organ.ID(in.Supervisor)).Only(ctx)
			switch {
			case gen.IsNotFound(err):
				return fault.NotFound("督办机关不存在或不在辖区内", "input", "supervisor")
			case err != nil:
				return err
			case by.Code != t.viewer.Division || by.Kind == kind.OrganDepartment:
				return fault.Invalid("MISMATCH", "督办机关应为本级人大机关", "input", "supervisor")
			case ended(by.ValidTo, t.desk.today()):
				return fault.Conflict("ENDED", "该机关已撤销", "input", "supervisor")
			}
			do.text, do.facts.Supervisor, do.facts.SupervisionDue = &in.Text, &by.ID, &in.DueOn
			return nil
		},
	})
}

// UrgeOpinion is what a case under supervision is urged with (催办).
type UrgeOpinion struct {
	OpinionRef
	Text string
}

// UrgeOpinion urges whoever holds a case under supervision.
func (d *Desk) UrgeOpinion(ctx context.Context, in UrgeOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, supervised(VerbUrgeOpinion, state.StepUrge, in.OpinionRef, &in.Text))
}

// EndSupervision is why a supervision ends (解除督办).
type EndSupervision struct {
	OpinionRef
	Text string
}

// EndSupervision ends the supervision of a case. Whoever is supervised does not end it: that is for the division that began it, or one above.
func (d *Desk) EndSupervision(ctx context.Context, in EndSupervision) (*gen.Opinion, error) {
	w := supervised(VerbEndSupervision, state.StepEndSupervision, in.OpinionRef, &in.Text)
	supervised := w.prepare
	w.prepare = func(ctx context.Context, t *task, o *gen.Opinion, do *doing) error {
		if err := supervised(ctx, t, o, do); err != nil {
			return err
		}
		return t.mayUndo(ctx, o, state.StepSupervise, "督办只能由督办机关或其上级解除")
	}
	return d.conduct(ctx, w)
}

// mayUndo refuses to undo what an organ out of the viewer's area, one above it, has done last.
func (t *task) mayUndo(ctx context.Context, o *gen.Opinion, step state.Step, refusal string) error {
	done, err := t.lastEvent(ctx, o.ID, step)
	if err != nil {
		return err
	}
	if done != nil && done.ActorCode != nil && !t.viewer.Sees(*done.ActorCode) {
		return forbidden(refusal, "input", "id")
	}
	return nil
}

// supervised is a verb on a case under supervision.
func supervised(verb Verb, step state.Step, on OpinionRef, text *string) conduct {
	return conduct{
		verb: verb, step: step, on: on, check: reason(text),
		prepare: func(_ context.Context, _ *task, o *gen.Opinion, do *doing) error {
			if o.SupervisorID == nil {
				return fault.Conflict("NOT_SUPERVISED", "该意见不在督办", "input", "id")
			}
			do.text = text
			return nil
		},
	}
}

// MarkKeyOpinion is whether a case is a key one (重点).
type MarkKeyOpinion struct {
	OpinionRef
	Key  bool
	Text *string
}

// MarkKeyOpinion makes an open case a key one, or an ordinary one again, which is for the division that made it a key one, or one above.
func (d *Desk) MarkKeyOpinion(ctx context.Context, in MarkKeyOpinion) (*gen.Opinion, error) {
	step := state.StepUnmarkKey
	if in.Key {
		step = state.StepMarkKey
	}
	return d.conduct(ctx, conduct{
		verb: VerbMarkKeyOpinion, step: step, on: in.OpinionRef, check: note(&in.Text),
		prepare: func(ctx context.Context, t *task, o *gen.Opinion, do *doing) error {
			if o.KeyCase == in.Key {
				return fault.Conflict("UNCHANGED", "无需更改", "input", "key")
			}
			do.text = in.Text
			if in.Key {
				return nil
			}
			return t.mayUndo(ctx, o, state.StepMarkKey, "重点只能由列入的机关或其上级取消")
		},
	})
}

// PublishOpinion is a closed case in words for the public (公开案例).
type PublishOpinion struct {
	OpinionRef
	Title, Matter, Answer string
}

// telephone is what looks like a telephone or identity number in a text, also in full-width digits.
var telephone = regexp.MustCompile(`\p{Nd}[\p{Nd} \x{3000}\-－—]{5,}\p{Nd}`)

// PublishOpinion tells the public of a closed case, in words of the organ's own: no names, no numbers.
func (d *Desk) PublishOpinion(ctx context.Context, in PublishOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbPublishOpinion, step: state.StepPublish, on: in.OpinionRef,
		check: func(c *checker) {
			for _, text := range []struct {
				field   field
				value   *string
				longest int
			}{
				{at("标题", "title"), &in.Title, 100}, {at("事项", "matter"), &in.Matter, 1000}, {at("办理情况", "answer"), &in.Answer, 1000},
			} {
				*text.value = c.text(text.field, *text.value, 4, text.longest)
				if telephone.MatchString(*text.value) {
					c.add(text.field, "PERSONAL", "含有疑似电话或证件号码,不能公开")
				}
			}
		},
		prepare: func(_ context.Context, _ *task, o *gen.Opinion, _ *doing) error {
			if o.Published {
				return fault.Conflict("PUBLISHED", "该案例已公开", "input", "id")
			}
			return nil
		},
		after: func(ctx context.Context, t *task, o *gen.Opinion, e *gen.OpinionEvent) error {
			create := t.tx.PublishedCase.Create().
				SetOpinionID(o.ID).SetStationID(o.StationID).SetNillableCategoryID(o.CategoryID).
				SetTitle(in.Title).SetMatter(in.Matter).SetAnswer(in.Answer).SetPublishedAt(e.OccurredAt)
			areaOfOpinion(o).put(create.Mutation())
			return create.Exec(ctx)
		},
	})
}

// WithdrawCase is why a case is no longer public (撤回公开).
type WithdrawCase struct {
	OpinionRef
	Text string
}

// WithdrawCase takes a published case back.
func (d *Desk) WithdrawCase(ctx context.Context, in WithdrawCase) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbWithdrawCase, step: state.StepWithdraw, on: in.OpinionRef, check: reason(&in.Text),
		prepare: func(_ context.Context, _ *task, o *gen.Opinion, do *doing) error {
			if !o.Published {
				return fault.Conflict("NOT_PUBLISHED", "该案例未公开", "input", "id")
			}
			do.text = &in.Text
			return nil
		},
		after: func(ctx context.Context, t *task, o *gen.Opinion, e *gen.OpinionEvent) error {
			return t.withdrawCase(ctx, o, e.OccurredAt)
		},
	})
}

func (t *task) withdrawCase(ctx context.Context, o *gen.Opinion, at time.Time) error {
	return t.tx.PublishedCase.Update().
		Where(publishedcase.OpinionID(o.ID), publishedcase.WithdrawnAtIsNil()).
		SetWithdrawnAt(at).AddVersion(1).Exec(ctx)
}

// RevealSubmitter is why someone must know who submitted an opinion (查看反映人).
type RevealSubmitter struct {
	ID     uuid.UUID
	Reason string
}

// Submitter is who submitted an opinion, as far as the person said.
type Submitter struct {
	Name, Phone *string
	CallBack    bool
}

// RevealSubmitter shows an administrator above the station who submitted an opinion. The database puts it in the audit in the same
// breath.
func (d *Desk) RevealSubmitter(ctx context.Context, in RevealSubmitter) (*Submitter, error) {
	v, err := d.admit(ctx, VerbRevealSubmitter)
	if err != nil {
		return nil, err
	}
	var c checker
	in.Reason = c.text(at("查看理由", "reason"), in.Reason, 5, 200)
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	var found *Submitter
	_, err = transact(ctx, d, VerbRevealSubmitter, v, func(t *task) (*gen.Opinion, error) {
		o, err := t.tx.Opinion.Query().Where(opinion.ID(in.ID)).Only(ctx)
		if gen.IsNotFound(err) {
			return nil, fault.NotFound("意见不存在或不在查看范围内", "input", "id")
		}
		if err != nil {
			return nil, err
		}
		found, err = t.reveal(ctx, o, in.Reason)
		return o, err
	})
	if err != nil {
		return nil, err // what is not in the audit is not told
	}
	return found, nil
}

func (t *task) reveal(ctx context.Context, o *gen.Opinion, why string) (*Submitter, error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT name, phone, call_back FROM reveal_submitter($1, $2, $3, $4)`,
		o.ID, why, string(t.viewer.Role), t.viewer.Division)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	found := &Submitter{}
	for rows.Next() {
		if err := rows.Scan(&found.Name, &found.Phone, &found.CallBack); err != nil {
			return nil, err
		}
	}
	return found, rows.Err()
}
