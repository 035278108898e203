package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// Decree is what all changes of the tree have in common (区划调整).
type Decree struct {
	IdempotencyKey *string `json:"-"`
	// Day is the first day on which the tree is as it is afterwards.
	Day time.Time
	// Document is the decision that the change rests on (批准文号).
	Document, Note *string
	// DryRun checks everything and tells what would move, and changes nothing.
	DryRun bool
}

var decreeDay = at("调整日期", "day")

func (in *Decree) check(c *checker, today time.Time) {
	c.key(in.IdempotencyKey)
	in.Day = c.day(decreeDay, in.Day, calendar.Founding, today)
	in.Document = c.optional(at("批准文号", "document"), in.Document, 100)
	in.Note = c.optional(at("说明", "note"), in.Note, 500)
}

// Reorganisation is what came, or in a dry run would come, of a change of the tree.
type Reorganisation struct {
	// Event is the change as it stands in the register; nil in a dry run.
	Event *gen.DivisionEvent
	Kind  kind.DivisionChange
	Day   time.Time
	// Predecessors are the divisions that change, Successors what they become.
	Predecessors, Successors []place.Named
	// Moved counts the rows that move: by table, cases that are open by themselves (opinion.open), and codes of other parts (opinion.holder_code …).
	Moved map[string]int
}

// Unwrap frees the event from its transaction.
func (r *Reorganisation) Unwrap() *Reorganisation {
	if r.Event != nil {
		r.Event = r.Event.Unwrap()
	}
	return r
}

func reorganisationOf(e *gen.DivisionEvent) *Reorganisation {
	return &Reorganisation{
		Event: e, Kind: e.Kind, Day: e.Day, Predecessors: e.Predecessors, Successors: e.Successors, Moved: e.Moved,
	}
}

// reformsLock makes changes of the tree wait for each other: each is checked against the tree that the one before has left.
const reformsLock = "changes of the tree"

// decree is an input that changes the tree.
type decree interface {
	// basis is the part that all have.
	basis() *Decree
	check(today time.Time) error
	// plan checks the input against the tree and says what becomes of it.
	plan(ctx context.Context, t *task) (*reform, error)
}

func (in *Decree) basis() *Decree { return in }

// reorganise does, or tries, a change of the tree in one transaction. Others read on meanwhile, and see it whole when it is done.
func reorganise(ctx context.Context, d *Desk, verb Verb, in decree) (*Reorganisation, error) {
	v, err := d.admit(ctx, verb)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, verb, v, func(t *task) (*Reorganisation, error) {
		basis := in.basis()
		if basis.DryRun {
			return t.reorganise(ctx, in)
		}
		find := func(ctx context.Context, id uuid.UUID) (*Reorganisation, error) {
			e, err := t.tx.DivisionEvent.Get(ctx, id)
			if err != nil {
				return nil, err
			}
			return reorganisationOf(e), nil
		}
		return once(ctx, t, basis.IdempotencyKey, in, find, func() (*Reorganisation, uuid.UUID, error) {
			done, err := t.reorganise(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return done, done.Event.ID, nil
		})
	})
}

func (t *task) reorganise(ctx context.Context, in decree) (*Reorganisation, error) {
	if err := t.lock(ctx, reformsLock); err != nil {
		return nil, err
	}
	r, err := in.plan(ctx, t)
	if err != nil {
		return nil, err
	}
	basis := in.basis()
	if err := r.settle(ctx, t, basis.Day); err != nil {
		return nil, err
	}
	moved, err := r.move(ctx, t, basis.Day, basis.DryRun)
	if err != nil {
		return nil, err
	}
	out := &Reorganisation{Kind: r.kind, Day: basis.Day, Predecessors: r.before, Successors: r.after, Moved: moved}
	if basis.DryRun {
		return out, nil
	}
	out.Event, err = r.register(ctx, t, basis, moved)
	return out, err
}

// register enters the change and what divisions were until then, and makes places and stations found by their new names.
func (r *reform) register(ctx context.Context, t *task, basis *Decree, moved map[string]int) (*gen.DivisionEvent, error) {
	create := t.tx.DivisionEvent.Create().SetKind(r.kind).SetDay(basis.Day).
		SetNillableDocument(basis.Document).SetNillableNote(basis.Note).
		SetPredecessors(r.before).SetSuccessors(r.after).SetMoved(moved)
	r.within.put(create.Mutation())
	e, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.remember(ctx, t, e.ID); err != nil {
		return nil, err
	}
	if err := r.name(ctx, t); err != nil {
		return nil, err
	}
	return e, t.audit(ctx, gen.TypeDivisionEvent, e.ID, r.within, map[string]any{
		"kind": e.Kind, "day": e.Day.Format(time.DateOnly), "predecessors": r.before, "successors": r.after, "moved": moved,
	})
}
