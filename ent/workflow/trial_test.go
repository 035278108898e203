package workflow

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Trial is an opinion locked for the viewer of a context, on which single steps are tried without the verbs around them.
type Trial struct {
	t   *task
	o   *gen.Opinion
	ctx context.Context
}

var errTried = errors.New("only tried")

// Try locks an opinion, tries something on it and takes it all back. The error is that of locking.
func (d *Desk) Try(ctx context.Context, id uuid.UUID, try func(*Trial)) error {
	return d.trial(ctx, id, func(x *Trial) error {
		try(x)
		return errTried
	})
}

// Walk does a step for good, as whoever the context says.
func (d *Desk) Walk(ctx context.Context, id uuid.UUID, step state.Step, f dossier.Facts) (*gen.Opinion, error) {
	var out *gen.Opinion
	err := d.trial(ctx, id, func(x *Trial) (err error) {
		out, err = x.Do(step, f)
		return err
	})
	return out, err
}

func (d *Desk) trial(ctx context.Context, id uuid.UUID, work func(*Trial) error) error {
	_, err := transact(ctx, d, "trial", viewer.FromContext(ctx), func(t *task) (*gen.Opinion, error) {
		o, err := t.lockOpinion(ctx, id, "input", "id")
		if err != nil {
			return nil, err
		}
		return o, work(&Trial{t, o, ctx})
	})
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}

// May is the refusal of a step, or nil.
func (x *Trial) May(step state.Step) error {
	_, err := x.t.may(x.ctx, x.o, step)
	return err
}

// Do does a step, and gives the case to departments as an assignment does.
func (x *Trial) Do(step state.Step, f dossier.Facts) (*gen.Opinion, error) {
	party, err := x.t.may(x.ctx, x.o, step)
	if err != nil {
		return nil, err
	}
	o, e, err := x.t.step(x.ctx, x.o, party, doing{step: step, facts: f})
	if err != nil {
		return nil, err
	}
	if step == state.StepAssign || step == state.StepEscalate {
		if err := x.t.endAssignments(x.ctx, o, e.OccurredAt); err != nil {
			return nil, err
		}
	}
	if step == state.StepAssign {
		if err := x.t.giveTo(x.ctx, o, e.OccurredAt, *f.Lead, "LEAD"); err != nil {
			return nil, err
		}
		for _, id := range f.Co {
			if err := x.t.giveTo(x.ctx, o, e.OccurredAt, id, "CO"); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}
