package workflow

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/account"
	"github.com/lianluo/lianluo/ent/gen/notification"
	"github.com/lianluo/lianluo/ent/gen/opinionevent"
)

// incident is a step that happened, and the case as it was right before and after: whoever looks at it later sees the same.
type incident struct {
	opinion       *gen.Opinion
	event         *gen.OpinionEvent
	before, after dossier.Case
}

// Announce draws the consequences of a step: the accounts concerned are notified, the citizen is sent a message, and the opinions that were merged
// into this one follow it.
func (c *Clockwork) Announce(ctx context.Context, event uuid.UUID) error {
	ctx, v := c.as(ctx, "steps")
	var what *incident
	err := c.work(ctx, VerbAnnounce, v, func(t *task) (err error) {
		if what, err = t.incident(ctx, event); err != nil {
			return err
		}
		if err := t.notify(ctx, what); err != nil {
			return err
		}
		if err := t.settleOpinion(ctx, what); err != nil {
			return err
		}
		if !c.messages {
			return nil
		}
		return t.write(ctx, what, c.statusPage)
	})
	if err != nil {
		return err
	}
	if _, ok := following[what.event.Step]; !ok {
		return nil
	}
	return c.lead(ctx, v, what.opinion.ID)
}

// incident reads what happened.
func (t *task) incident(ctx context.Context, id uuid.UUID) (*incident, error) {
	e, err := t.tx.OpinionEvent.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	o, err := t.tx.Opinion.Get(ctx, e.OpinionID)
	if err != nil {
		return nil, err
	}
	events, err := t.tx.OpinionEvent.Query().Where(opinionevent.OpinionID(o.ID)).Order(opinionevent.BySequence()).All(ctx)
	if err != nil {
		return nil, err
	}
	what := &incident{opinion: o, event: e}
	passedOn := false
	for _, one := range events {
		switch {
		case one.Sequence < e.Sequence:
			what.before = what.before.Apply(eventOf(one))
		case one.Sequence > e.Sequence:
			passedOn = passedOn || one.Facts.Holder != nil
		}
	}
	what.after = what.before.Apply(eventOf(e))
	if !passedOn {
		// The timeline names the holder by the code of its time; a change of the tree may have given the case to another.
		what.after.Holder = o.HolderCode
	}
	return what, nil
}

// eventOf is a stored event as far as it makes the case.
func eventOf(e *gen.OpinionEvent) dossier.Event {
	return dossier.Event{
		Sequence: e.Sequence, Step: e.Step, From: deref(e.FromState), To: e.ToState, At: e.OccurredAt,
		Clock: dossier.Clock{Due: sameDay(e.DueOn), Amber: sameDay(e.AmberOn), Left: e.DaysLeft}, Facts: e.Facts,
	}
}

// notify puts the step before every account it concerns, but whoever did it; each is told once.
func (t *task) notify(ctx context.Context, what *incident) error {
	concerned, err := t.audience(ctx, what)
	if err != nil || len(concerned) == 0 {
		return err
	}
	accounts, err := t.tx.Account.Query().
		Where(inUse, account.Or(concerned...)).Order(account.ByID()).IDs(ctx)
	if err != nil {
		return fmt.Errorf("find whom to notify: %w", err)
	}
	var rows []*gen.NotificationCreate
	for _, id := range accounts {
		if subject := id.String(); subject != what.event.Subject {
			rows = append(rows, t.tx.Notification.Create().
				SetSubject(subject).SetOpinionID(what.opinion.ID).SetEventID(what.event.ID).
				SetCreatedAt(t.desk.clock()).SetUpdatedAt(t.desk.clock()))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	err = t.tx.Notification.CreateBulk(rows...).
		OnConflictColumns(notification.FieldEventID, notification.FieldSubject).DoNothing().Exec(ctx)
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}
