package workflow

import (
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
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
