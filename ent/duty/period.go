package duty

import (
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
)

// Span is a stretch of days, both ends included. A zero end is open.
type Span struct{ From, To time.Time }

// Contains tells whether a day lies in the span.
func (s Span) Contains(day time.Time) bool {
	return !day.Before(s.From) && (s.To.IsZero() || !day.After(s.To))
}

// Covers tells whether another span lies wholly in this one.
func (s Span) Covers(o Span) bool {
	return !o.From.Before(s.From) && (s.To.IsZero() || !o.To.IsZero() && !o.To.After(s.To))
}

// Touches tells whether two spans have a day in common.
func (s Span) Touches(o Span) bool {
	return (o.To.IsZero() || !s.From.After(o.To)) && (s.To.IsZero() || !o.From.After(s.To))
}

// PeriodOf is the month, quarter or year that a day lies in.
func PeriodOf(p kind.Period, day time.Time) Span {
	y, m, _ := calendar.Day(day).Date()
	months := 1
	switch p {
	case kind.PeriodQuarter:
		m, months = m-(m-1)%3, 3
	case kind.PeriodYear:
		m, months = time.January, 12
	case kind.PeriodMonth:
	}
	first := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	return Span{first, first.AddDate(0, months, -1)}
}

// periodsIn lists the periods that begin in a span, in order.
func periodsIn(p kind.Period, in Span) []Span {
	var out []Span
	for next := PeriodOf(p, in.From); !next.From.After(in.To); next = PeriodOf(p, next.To.AddDate(0, 0, 1)) {
		if !next.From.Before(in.From) {
			out = append(out, next)
		}
	}
	return out
}
