package workflow

import (
	"context"
	"fmt"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/state"
)

// arrangement is one verb on an activity.
type arrangement struct {
	verb Verb
	on   ActivityRef
	// partners tells that a partner's keeper, or an administrator above it, may do the verb too, at that station. It then stands in the audit alone:
	// the activity and its history are the host's.
	partners bool
	// check looks at the input alone.
	check func(*checker)
	// do looks at the input against what is stored, writes what belongs to the verb, and says what else it changes; nil when it is but a step.
	do func(context.Context, *task, *gen.Activity, *arranging) error
	// after has others told; the activity is as it stands then.
	after func(context.Context, *task, *gen.Activity) error
}

// arranging is what a verb changes of an activity.
type arranging struct {
	*gen.ActivityUpdateOne
	// text is the reason, or what was done, for the history.
	text *string
	// detail is for the audit, at the place of whatever was changed.
	detail map[string]any
	place  area
}

// arrange does a verb on an activity, from the question who asks to the answer.
func (d *Desk) arrange(ctx context.Context, w arrangement) (*gen.Activity, error) {
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
	return transact(ctx, d, w.verb, v, func(t *task) (*gen.Activity, error) {
		a, err := t.lockActivity(ctx, w.on.ID, "input", "id")
		if err != nil {
			return nil, err
		}
		return t.arrange(ctx, a, w)
	})
}

// arrange does the verb on a locked activity.
func (t *task) arrange(ctx context.Context, a *gen.Activity, w arrangement) (*gen.Activity, error) {
	foreign := t.hosts(a)
	if foreign != nil && !w.partners {
		return nil, foreign
	}
	to, err := activityState(a, w.verb)
	if err != nil {
		return nil, err
	}
	if err := expect(w.on.ExpectedVersion, a.Version); err != nil {
		return nil, err
	}
	do := &arranging{ActivityUpdateOne: t.tx.Activity.UpdateOne(a), detail: map[string]any{}, place: areaOfActivity(a)}
	if w.do != nil {
		if err := w.do(ctx, t, a, do); err != nil {
			return nil, err
		}
	}
	changed := a
	if foreign == nil {
		if changed, err = do.SetState(to).AddEvents(1).AddVersion(1).Save(ctx); err != nil {
			return nil, err
		}
		if err := t.enter(ctx, changed, &a.State, do.text); err != nil {
			return nil, err
		}
	}
	if w.after != nil {
		if err := w.after(ctx, t, changed); err != nil {
			return nil, err
		}
	}
	if to != a.State {
		do.detail["state"] = move{a.State, to}
	}
	return changed, t.audit(ctx, gen.TypeActivity, a.ID, do.place, do.detail)
}

// enter adds the newest line to the history of an activity.
func (t *task) enter(ctx context.Context, a *gen.Activity, from *state.Activity, text *string) error {
	create := t.tx.ActivityEvent.Create().
		SetActivityID(a.ID).
		SetSequence(a.Events).
		SetVerb(string(t.verb)).
		SetNillableFromState(from).
		SetToState(a.State).
		SetOccurredAt(t.desk.clock()).
		SetSubject(t.viewer.Subject).
		SetRole(string(t.viewer.Role)).
		SetActorCode(t.viewer.Division).
		SetNillableText(text)
	areaOfActivity(a).put(create.Mutation())
	if err := create.Exec(ctx); err != nil {
		return fmt.Errorf("add to the history: %w", err)
	}
	return nil
}
