package workflow

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// The verbs of the platform itself. No role may do them.
const (
	VerbKeepTime    Verb = "keepTime"
	VerbAnnounce    Verb = "announceStep"
	VerbSendMessage Verb = "sendMessage"
	VerbClean       Verb = "clean"
)

// ClockworkOptions are what a Clockwork draws on beside the database. The zero value is ready for use and sends citizens nothing.
type ClockworkOptions struct {
	// Clock tells the time; nil means time.Now.
	Clock func() time.Time
	// Messages tells that there is a gateway for messages to citizens. Without one none are written, and no number is kept for them.
	Messages bool
	// StatusPage is the address of the page where citizens see how their opinions stand; empty when it is not known to the platform.
	StatusPage string
	// AppointmentPage is the same for appointments.
	AppointmentPage string
}

// Clockwork does what the platform does by itself: it keeps the time of cases (KeepTime), draws the consequences of each step (Announce), tells of what
// else happened (Notify), sends messages (SendMessage) and removes what is over (Clean). Jobs call it, as often as they like: whatever is done already
// is not done again, though two servers try at once, one is killed in between or a clock is set back. It is safe for concurrent use.
type Clockwork struct {
	desk            *Desk
	messages        bool
	statusPage      string
	appointmentPage string
}

// NewClockwork makes a Clockwork on a client whose connections follow the context's viewer. It brings its own viewer, the platform's.
func NewClockwork(client *gen.Client, o ClockworkOptions) *Clockwork {
	return &Clockwork{
		desk: NewDesk(client, Options{Clock: o.Clock}), messages: o.Messages, statusPage: o.StatusPage, appointmentPage: o.AppointmentPage,
	}
}

// as makes the viewer of one of the platform's jobs.
func (*Clockwork) as(ctx context.Context, job string) (context.Context, *viewer.Viewer) {
	v := viewer.SystemJob(job)
	return viewer.NewContext(ctx, v), v
}

// done is what a job's transaction answers: nothing.
type done struct{}

// Unwrap returns itself.
func (done) Unwrap() done { return done{} }

// work does a job's work in one transaction.
func (c *Clockwork) work(ctx context.Context, verb Verb, v *viewer.Viewer, work func(*task) error) error {
	_, err := transact(ctx, c.desk, verb, v, func(t *task) (done, error) { return done{}, work(t) })
	return err
}

// workOnce does a job's work whose effects reach beyond the transaction, so that it is never done anew by itself.
func (c *Clockwork) workOnce(ctx context.Context, verb Verb, v *viewer.Viewer, work func(*task) error) error {
	_, err := attempt(ctx, c.desk, verb, v, func(t *task) (done, error) { return done{}, work(t) })
	return refusal(verb, err)
}

// mostDue bounds the cases of one sweep. What is left is found by the next.
const mostDue = 5000

// KeepTime looks for open cases whose day has come and does in each what is to be done: a warning (预警) and, when the last day is over, a
// mark (超期), each once in a state; a question that was not answered is dropped, and what was not rated ends. Each case is a transaction
// of its own, so one that cannot be moved stands in no other's way. It answers how many cases it moved; the error tells how many it could
// not, and why the first.
func (c *Clockwork) KeepTime(ctx context.Context) (moved int, err error) {
	ctx, v := c.as(ctx, "deadlines")
	ids, err := c.due(ctx)
	if err != nil {
		return 0, fmt.Errorf("find cases that are due: %w", err)
	}
	failed := 0
	for _, id := range ids {
		if ctx.Err() != nil {
			return moved, ctx.Err()
		}
		did, failure := c.keepTime(ctx, v, id)
		if did {
			moved++
		}
		if failure != nil {
			if failed++; failed == 1 {
				err = failure
			}
		}
	}
	if failed > 0 {
		return moved, fmt.Errorf("%d of %d cases that are due: %w", failed, len(ids), err)
	}
	return moved, nil
}

// due finds the open cases that timely has something for, those longest over first.
func (c *Clockwork) due(ctx context.Context) ([]uuid.UUID, error) {
	today := c.desk.today()
	return c.desk.client.Opinion.Query().
		Where(opinion.Open(true), opinion.Or(
			opinion.And(opinion.Overdue(false), opinion.DueOnLT(today)),
			opinion.And(opinion.Warned(false), opinion.AmberOnLTE(today), opinion.DueOnGTE(today)),
		)).
		Order(opinion.ByDueOn(), opinion.ByID()).Limit(mostDue).IDs(ctx)
}

// keepTime does in one case what its day asks for. One that someone is at work on is left alone: the next sweep finds it.
func (c *Clockwork) keepTime(ctx context.Context, v *viewer.Viewer, id uuid.UUID) (moved bool, err error) {
	err = c.work(ctx, VerbKeepTime, v, func(t *task) error {
		moved = false
		o, err := t.tx.Opinion.Query().Where(opinion.ID(id)).ForUpdate(sql.WithLockAction(sql.SkipLocked)).Only(ctx)
		if gen.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		do, ok := timely(caseOf(o), c.desk.today())
		if !ok {
			return nil
		}
		party, err := t.may(ctx, o, do.step)
		if err != nil {
			return err
		}
		moved = true
		_, _, err = t.step(ctx, o, party, do)
		return err
	})
	return moved && err == nil, err
}

// unanswered is why the work goes on when a citizen did not answer a question in time.
const unanswered = "群众逾期未补充"

// timely is what a case's day asks for; false when nothing is to be done.
func timely(c dossier.Case, today time.Time) (doing, bool) {
	if !c.State.Open() || c.Clock.Due == nil {
		return doing{}, false
	}
	over := today.After(*c.Clock.Due)
	switch {
	case over && c.State == state.OpinionWaiting:
		text := unanswered
		return doing{step: state.StepResume, text: &text}, true
	case over && c.State == state.OpinionFedBack:
		return doing{step: state.StepLapse}, true
	case over:
		return doing{step: state.StepOverdue}, !c.Overdue
	case today.Before(*c.Clock.Amber):
		return doing{}, false
	}
	return doing{step: state.StepAmber}, !c.Warned
}
