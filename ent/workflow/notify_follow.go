package workflow

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/opinionevent"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// follow is what a step of a main opinion (主件) means for those merged into it.
type follow struct {
	step state.Step
	// text is what the citizen reads; empty for the text of the main opinion's step itself.
	text string
}

var following = map[state.Step]follow{
	state.StepFeedBack: {step: state.StepFollowFeedback},
	state.StepClose:    {state.StepFollowClose, "主件已办结"},
	state.StepLapse:    {state.StepFollowClose, "主件逾期未评价办结"},
	state.StepConvert:  {state.StepFollowClose, "主件已转为代表建议"},
	state.StepReopen:   {state.StepFollowReopen, "主件重新办理"},
}

// lead has the opinions merged into a main one follow it. Each is a transaction of its own; those that cannot follow now do when the job is tried
// again.
func (c *Clockwork) lead(ctx context.Context, v *viewer.Viewer, main uuid.UUID) error {
	merged, err := c.desk.client.Opinion.Query().Where(opinion.MainID(main)).Order(opinion.ByID()).IDs(ctx)
	if err != nil {
		return fmt.Errorf("find merged opinions: %w", err)
	}
	var errs []error
	for _, id := range merged {
		err := c.work(ctx, VerbAnnounce, v, func(t *task) error { return t.follow(ctx, id, main) })
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// follow has one merged opinion follow all steps of its main one that it has not followed yet, in their order. Each of its own steps tells up to
// where it has come, so that none is followed twice, and none is lost though its job was.
func (t *task) follow(ctx context.Context, id, main uuid.UUID) error {
	o, err := t.tx.Opinion.Query().Where(opinion.ID(id), opinion.MainID(main)).ForUpdate().Only(ctx)
	if gen.IsNotFound(err) {
		return nil // taken out again meanwhile
	}
	if err != nil {
		return err
	}
	last, err := t.lastEvent(ctx, id, state.StepMerge, state.StepFollowFeedback, state.StepFollowClose, state.StepFollowReopen)
	if err != nil {
		return err
	}
	come := 0
	if last != nil {
		come = last.Facts.Follows
	}
	ahead, err := t.tx.OpinionEvent.Query().
		Where(opinionevent.OpinionID(main), opinionevent.SequenceGT(come)).Order(opinionevent.BySequence()).All(ctx)
	if err != nil {
		return err
	}
	outcome := kind.Outcome("")
	for _, e := range ahead {
		if e.Facts.Outcome != "" {
			outcome = e.Facts.Outcome
		}
		f, ok := following[e.Step]
		if !ok {
			continue
		}
		do := doing{step: f.step, text: e.Text}
		do.facts.Follows = e.Sequence
		if f.text != "" {
			do.text = &f.text
		} else {
			do.facts.Outcome = outcome
		}
		if o, err = t.followOne(ctx, o, e, do); err != nil {
			return err
		}
	}
	return nil
}

// followOne does one step after the main opinion's, and shows its files.
func (t *task) followOne(ctx context.Context, o *gen.Opinion, of *gen.OpinionEvent, do doing) (*gen.Opinion, error) {
	party, err := t.may(ctx, o, do.step)
	if err != nil {
		return nil, err
	}
	changed, event, err := t.step(ctx, o, party, do)
	if err != nil {
		return nil, err
	}
	return changed, t.showFiles(ctx, changed, of, event)
}
