package workflow

import (
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
)

// today is the calendar day now.
func (d *Desk) today() time.Time { return calendar.Today(d.clock()) }

// later is the later of two days.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

const impossibleDate = "IMPOSSIBLE_DATE"

// day checks that a day lies between two others, both included.
func (c *checker) day(f field, value, first, last time.Time) time.Time {
	value = calendar.Day(value)
	switch {
	case value.Before(first):
		c.add(f, impossibleDate, "不能早于 "+first.Format(time.DateOnly))
	case value.After(last):
		c.add(f, impossibleDate, "不能晚于 "+last.Format(time.DateOnly))
	}
	return value
}

// oneDay is day outside the first check of the input, where the bounds come from what is stored.
func oneDay(f field, value, first, last time.Time) error {
	var c checker
	c.day(f, value, first, last)
	return c.list.Err()
}

// sameDay is the calendar day of a stored date, which may be missing.
func sameDay(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	day := calendar.Day(*t)
	return &day
}

// Workdays makes the working calendar of its stored exceptions.
func Workdays(days []*gen.CalendarDay) calendar.Workdays {
	var off, worked []time.Time
	for _, d := range days {
		if d.Kind == kind.DayWork {
			worked = append(worked, d.Day)
		} else {
			off = append(off, d.Day)
		}
	}
	return calendar.NewWorkdays(off, worked)
}
