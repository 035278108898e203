package seed

import (
	"errors"
	"fmt"
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/state"
)

// standing is how far a case has come: what may be done next, and what the clock does next.
type standing struct{ dossier.Case }

var errMove = errors.New("the table of moves forbids it")

// event is a step that is done at a moment, with what it settles and by how many working days it extends the limit.
func (c *standing) event(at time.Time, s state.Step, facts dossier.Facts, extension int, days calendar.Workdays) (dossier.Event, error) {
	to, ok := state.Next(c.State, s, c.Resume)
	if !ok || !at.After(c.At) {
		return dossier.Event{}, fmt.Errorf("%w: %s in %s at %s", errMove, s, c.State, at)
	}
	e := dossier.Event{Sequence: c.Events + 1, Step: s, From: c.State, To: to, At: at, Facts: facts}
	var limit *state.Limit // no congress has changed any
	if standard, ok := to.DefaultLimit(); ok {
		limit = &standard
	}
	e.Clock = c.ClockAfter(e, limit, extension, days)
	return e, nil
}

// next is what the clock does next, and when; nothing when the case has no clock that could still speak.
func (c *standing) next() (time.Time, state.Step) {
	if c.Clock.Due == nil {
		return time.Time{}, ""
	}
	over := c.sweep(c.Clock.Due.AddDate(0, 0, 1))
	if warn := c.sweep(*c.Clock.Amber); !c.Warned && warn.Before(over) {
		return warn, state.StepAmber
	}
	switch {
	case c.State == state.OpinionFedBack:
		return over, state.StepLapse
	case c.State == state.OpinionWaiting:
		return over, state.StepResume
	case !c.Overdue:
		return over, state.StepOverdue
	}
	return time.Time{}, ""
}

// sweep is when the clock, which looks at all cases every minute, first looks at this one on a day or, if that is over, after its last event.
func (c *standing) sweep(day time.Time) time.Time {
	return later(clockTime(day, 0, 1), c.At.Truncate(time.Minute).Add(time.Minute))
}
