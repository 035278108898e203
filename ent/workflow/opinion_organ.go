package workflow

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/opinionassignment"
	"github.com/lianluo/lianluo/ent/gen/organ"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// The verbs of the organ that owns a case: to whom it goes, and when it ends.

// mostCoHandlers bounds the departments beside the lead.
const mostCoHandlers = 9

// AssignOpinion is to which departments a case goes (交办).
type AssignOpinion struct {
	OpinionRef
	Lead uuid.UUID
	Co   []uuid.UUID
	Text *string
}

// AssignOpinion gives a case to departments of the organ's own division, one of them in the lead. Whoever had it before and is not named
// has it no longer. To assign a case whose return was requested to the same lead is to refuse the return.
func (d *Desk) AssignOpinion(ctx context.Context, in AssignOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbAssignOpinion, step: state.StepAssign, on: in.OpinionRef,
		check: func(c *checker) {
			note(&in.Text)(c)
			co := at("协办单位", "co")
			if len(in.Co) > mostCoHandlers {
				c.add(co, "TOO_MANY", "最多 9 个")
			}
			for i, id := range in.Co {
				if id == in.Lead || slices.Contains(in.Co[:i], id) {
					c.add(co, "REPEATED", "不能重复,也不能是主办单位")
					break
				}
			}
		},
		prepare: func(ctx context.Context, t *task, o *gen.Opinion, do *doing) error {
			if err := t.checkDepartment(ctx, o, in.Lead, "lead"); err != nil {
				return err
			}
			for _, id := range in.Co {
				if err := t.checkDepartment(ctx, o, id, "co"); err != nil {
					return err
				}
			}
			do.text, do.facts.Lead, do.facts.Co = in.Text, &in.Lead, in.Co
			return nil
		},
		after: func(ctx context.Context, t *task, o *gen.Opinion, e *gen.OpinionEvent) error {
			if err := t.endAssignments(ctx, o, e.OccurredAt); err != nil {
				return err
			}
			if err := t.giveTo(ctx, o, e.OccurredAt, in.Lead, kind.AssignmentLead); err != nil {
				return err
			}
			for _, id := range in.Co {
				if err := t.giveTo(ctx, o, e.OccurredAt, id, kind.AssignmentCo); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

// checkDepartment tells whether a case may go to an organ: a department, in existence, of the division whose organ owns the case.
func (t *task) checkDepartment(ctx context.Context, o *gen.Opinion, id uuid.UUID, fieldName string) error {
	found, err := t.tx.Organ.Query().Where(organ.ID(id)).Only(ctx)
	switch {
	case gen.IsNotFound(err):
		return fault.NotFound("承办单位不存在或不在辖区内", "input", fieldName)
	case err != nil:
		return err
	case found.Kind != kind.OrganDepartment:
		return fault.Invalid("MISMATCH", "只能交给承办单位", "input", fieldName)
	case found.Code != o.HolderCode:
		return fault.Invalid("MISMATCH", "只能交给本级的承办单位", "input", fieldName)
	case ended(found.ValidTo, t.desk.today()):
		return fault.Conflict("ENDED", "该承办单位已撤销", "input", fieldName)
	}
	return nil
}

func (t *task) endAssignments(ctx context.Context, o *gen.Opinion, at time.Time) error {
	return t.tx.OpinionAssignment.Update().
		Where(opinionassignment.OpinionID(o.ID), opinionassignment.EndedAtIsNil()).
		SetEndedAt(at).AddVersion(1).Exec(ctx)
}

func (t *task) giveTo(ctx context.Context, o *gen.Opinion, at time.Time, department uuid.UUID, part kind.Assignment) error {
	create := t.tx.OpinionAssignment.Create().SetOpinionID(o.ID).SetOrganID(department).SetPart(part).SetAssignedAt(at)
	areaOfOpinion(o).put(create.Mutation())
	return create.Exec(ctx)
}

// EscalateOpinion is why a case goes to the level above (提级).
type EscalateOpinion struct {
	OpinionRef
	Text string
}

// EscalateOpinion puts a case before the organ one level above, which takes it up or sends it back. A rated case goes up when the citizen was
// dissatisfied a second time.
func (d *Desk) EscalateOpinion(ctx context.Context, in EscalateOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbEscalateOpinion, step: state.StepEscalate, on: in.OpinionRef, check: reason(&in.Text),
		prepare: func(ctx context.Context, t *task, o *gen.Opinion, do *doing) error {
			if o.State == state.OpinionRated && (deref(o.Rating) != kind.RatingDissatisfied || o.Dissatisfied < 2) {
				return fault.Conflict("NOT_DISSATISFIED_TWICE", "已评价的意见仅在两次不满意后提级", "input", "id")
			}
			above, level, err := t.above(ctx, o.HolderCode)
			if err != nil {
				return err
			}
			if level == "" {
				return fault.Conflict("TOP_LEVEL", "已是最高层级,不能再提级", "input", "id")
			}
			do.text, do.facts.Holder, do.facts.Level = &in.Text, &above, level
			return nil
		},
		after: func(ctx context.Context, t *task, o *gen.Opinion, e *gen.OpinionEvent) error {
			return t.endAssignments(ctx, o, e.OccurredAt)
		},
	})
}

// above is the place, and its level, whose organ is one level above another's; none above the nation.
func (t *task) above(ctx context.Context, holder place.Code) (code place.Code, level place.Level, err error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT code, level FROM holder_above($1)`, holder)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	for rows.Next() {
		if err := rows.Scan(&code, &level); err != nil {
			return 0, "", err
		}
	}
	return code, level, rows.Err()
}

// TakeUpOpinion is which escalated case is taken up (接收提级).
type TakeUpOpinion struct {
	OpinionRef
	Text *string
}

// TakeUpOpinion accepts an escalated case, to assign it.
func (d *Desk) TakeUpOpinion(ctx context.Context, in TakeUpOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbTakeUpOpinion, step: state.StepTakeUp, on: in.OpinionRef, check: note(&in.Text),
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.text = in.Text
			return nil
		},
	})
}

// SendBackOpinion is why an escalated case goes back (退回提级).
type SendBackOpinion struct {
	OpinionRef
	Text string
}

// SendBackOpinion sends an escalated case back to the organ it came from.
func (d *Desk) SendBackOpinion(ctx context.Context, in SendBackOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbSendBackOpinion, step: state.StepSendBack, on: in.OpinionRef, check: reason(&in.Text),
		prepare: func(ctx context.Context, t *task, o *gen.Opinion, do *doing) error {
			from, err := t.lastEvent(ctx, o.ID, state.StepEscalate)
			if err != nil {
				return err
			}
			below, err := t.tx.Division.Query().Where(division.Code(*from.ActorCode)).Only(ctx)
			if err != nil {
				return err
			}
			do.text, do.facts = &in.Text, dossier.Facts{Holder: &below.Code, Level: below.Level}
			return nil
		},
	})
}

// ReworkOpinion is why a case is dealt with again (重办).
type ReworkOpinion struct {
	OpinionRef
	Text string
}

// ReworkOpinion has a case dealt with again that the citizen was dissatisfied with. A second time it is escalated instead, while there is a level
// above.
func (d *Desk) ReworkOpinion(ctx context.Context, in ReworkOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbReworkOpinion, step: state.StepRework, on: in.OpinionRef, check: reason(&in.Text),
		prepare: func(_ context.Context, _ *task, o *gen.Opinion, do *doing) error {
			switch {
			case deref(o.Rating) != kind.RatingDissatisfied:
				return fault.Conflict("NOT_DISSATISFIED", "仅不满意的意见重办", "input", "id")
			case o.Dissatisfied >= 2 && o.Level != place.LevelNation:
				return fault.Conflict("DISSATISFIED_TWICE", "已两次不满意,应当提级", "input", "id")
			}
			do.text = &in.Text
			return nil
		},
	})
}

// CloseOpinion is how a case ends (办结).
type CloseOpinion struct {
	OpinionRef
	Text *string
}

// mostDissatisfied is how often a citizen may be dissatisfied before the organ may end the case all the same, with a reason.
const mostDissatisfied = 3

// CloseOpinion ends a rated case. One that the citizen is dissatisfied with is dealt with again first, then escalated.
func (d *Desk) CloseOpinion(ctx context.Context, in CloseOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbCloseOpinion, step: state.StepClose, on: in.OpinionRef, check: note(&in.Text),
		prepare: func(_ context.Context, _ *task, o *gen.Opinion, do *doing) error {
			if deref(o.Rating) == kind.RatingDissatisfied {
				if o.Dissatisfied < mostDissatisfied {
					return fault.Conflict("DISSATISFIED", "反映人不满意,应当重办或提级", "input", "id")
				}
				if in.Text == nil {
					return fault.Invalid("REQUIRED", "反映人仍不满意,办结须说明理由", "input", "text")
				}
			}
			do.text = in.Text
			return nil
		},
	})
}

// ReopenOpinion is why a closed case is taken up again (重新办理).
type ReopenOpinion struct {
	OpinionRef
	Text string
}

// ReopenOpinion takes a case up again within a year of its end.
func (d *Desk) ReopenOpinion(ctx context.Context, in ReopenOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbReopenOpinion, step: state.StepReopen, on: in.OpinionRef, check: reason(&in.Text),
		prepare: func(_ context.Context, t *task, o *gen.Opinion, do *doing) error {
			if o.ClosedAt != nil && t.desk.clock().After(o.ClosedAt.AddDate(1, 0, 0)) {
				return fault.Conflict("TOO_LATE", "办结已超过一年,不能重新办理", "input", "id")
			}
			do.text = &in.Text
			return nil
		},
		after: func(ctx context.Context, t *task, o *gen.Opinion, e *gen.OpinionEvent) error {
			return t.withdrawCase(ctx, o, e.OccurredAt)
		},
	})
}
