package workflow

import (
	"time"
)

// shanghai is where days are counted. China has had one time, without summer time, since 1991.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// founding is the first day that anything of the platform can have happened on.
var founding = time.Date(1949, time.October, 1, 0, 0, 0, 0, time.UTC)

// dayOf is the calendar day that a time shows, as midnight UTC, the form in which days are stored and compared.
func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// today is the calendar day now.
func (d *Desk) today() time.Time { return dayOf(d.clock().In(shanghai)) }

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
	value = dayOf(value)
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
