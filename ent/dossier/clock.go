package dossier

import (
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/state"
)

// ClockAfter is where the clock of a case stands after an event. The limit is that of the state it leads to, nil for none; an extension, in
// working days, is given to the state it is in. While a case waits for the citizen the clock stands, and what was left of it is kept. What
// comes back with nothing left is due on a working day all the same: that day, or the next one.
func (c Case) ClockAfter(e Event, limit *state.Limit, extension int, days calendar.Workdays) Clock {
	switch today := calendar.Today(e.At); {
	case e.To == c.State && extension == 0:
		return c.Clock
	case limit == nil:
		return Clock{}
	case extension > 0:
		return clockUntil(days, days.Add(*c.Clock.Due, extension), *limit)
	case c.State == state.OpinionWaiting && c.Clock.Left == nil:
		return Clock{}
	case c.State == state.OpinionWaiting:
		due := days.Add(today, *c.Clock.Left)
		if !days.Works(due) {
			due = days.Add(due, 1)
		}
		return clockUntil(days, due, *limit)
	default:
		clock := clockUntil(days, days.Add(today, limit.Days), *limit)
		if e.To == state.OpinionWaiting && c.Clock.Due != nil {
			left := days.Between(today, *c.Clock.Due)
			clock.Left = &left
		}
		return clock
	}
}

func clockUntil(days calendar.Workdays, due time.Time, limit state.Limit) Clock {
	amber := days.Add(due, -limit.Amber)
	return Clock{Due: &due, Amber: &amber}
}
