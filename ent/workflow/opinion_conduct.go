package workflow

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/state"
)

// OpinionRef names the opinion that a verb is about.
type OpinionRef struct {
	ID              uuid.UUID
	ExpectedVersion *int
}

// conduct is one verb on an opinion.
type conduct struct {
	verb Verb
	step state.Step
	on   OpinionRef
	// check looks at the input alone.
	check func(*checker)
	// prepare looks at the input against what is stored and says what the step settles; nil when there is nothing to say but the step.
	prepare func(context.Context, *task, *gen.Opinion, *doing) error
	// after writes what belongs to the step beside the timeline.
	after func(context.Context, *task, *gen.Opinion, *gen.OpinionEvent) error
}

// conduct does a verb on an opinion, from the question who asks to the answer.
func (d *Desk) conduct(ctx context.Context, w conduct) (*gen.Opinion, error) {
	v, err := d.admit(ctx, w.verb)
	if err != nil {
		return nil, err
	}
	var c checker
	if w.check != nil {
		w.check(&c)
	}
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return transact(ctx, d, w.verb, v, func(t *task) (*gen.Opinion, error) {
		o, err := t.lockOpinion(ctx, w.on.ID, "input", "id")
		if err != nil {
			return nil, err
		}
		return t.conduct(ctx, o, w)
	})
}

// conduct does the verb on a locked opinion.
func (t *task) conduct(ctx context.Context, o *gen.Opinion, w conduct) (*gen.Opinion, error) {
	party, err := t.may(ctx, o, w.step)
	if err != nil {
		return nil, err
	}
	if err := expect(w.on.ExpectedVersion, o.Version); err != nil {
		return nil, err
	}
	do := doing{step: w.step}
	if w.prepare != nil {
		if err := w.prepare(ctx, t, o, &do); err != nil {
			return nil, err
		}
	}
	changed, event, err := t.step(ctx, o, party, do)
	if err != nil {
		return nil, err
	}
	if w.after != nil {
		if err := w.after(ctx, t, changed, event); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// The lengths of what is written into a timeline, in characters.
const (
	longestNote  = 500
	longestReply = 2000
)

// reason checks a text that must be given.
func reason(text *string) func(*checker) {
	return func(c *checker) { *text = c.text(at("说明", "text"), *text, 2, longestNote) }
}

// note checks a text that may be given.
func note(text **string) func(*checker) {
	return func(c *checker) { *text = c.optional(at("说明", "text"), *text, longestNote) }
}
