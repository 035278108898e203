package rollup

import (
	"time"

	"github.com/lianluo/lianluo/ent/fault"
)

// maxYears bounds a period.
const maxYears = 20

// founding is the first day that anything can have happened on.
var founding = time.Date(1949, time.October, 1, 0, 0, 0, 0, time.UTC)

// Period is the days From to To, both counted in. Only the calendar day that a time shows counts, not the hour.
type Period struct{ From, To time.Time }

// Validate refuses a period that is reversed, longer than 20 years, or reaches before the founding of the republic or more than a
// year past today, which is the calendar day that the given time shows. The error is a fault.ErrInvalid that names
// the fields period.from and period.to.
func (p Period) Validate(today time.Time) error {
	var faults fault.List
	from, to, last := day(p.From), day(p.To), day(today).AddDate(1, 0, 0)
	outside := func(t time.Time, field string) bool {
		switch {
		case t.Before(founding):
			faults.Add("IMPOSSIBLE_DATE", "日期不能早于 "+founding.Format(time.DateOnly), "period", field)
		case t.After(last):
			faults.Add("IMPOSSIBLE_DATE", "日期不能晚于 "+last.Format(time.DateOnly), "period", field)
		default:
			return false
		}
		return true
	}
	fromOutside, toOutside := outside(from, "from"), outside(to, "to")
	switch {
	case fromOutside || toOutside:
	case to.Before(from):
		faults.Add("REVERSED", "截止日期不能早于起始日期", "period", "to")
	case !to.Before(from.AddDate(maxYears, 0, 0)):
		faults.Add("TOO_LONG", "时段不能超过 20 年", "period", "to")
	}
	return faults.Err()
}

// day is the calendar day that a time shows, as midnight UTC.
func day(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// first and last are the bounds as the database reads days.
func (p Period) first() string { return p.From.Format(time.DateOnly) }
func (p Period) last() string  { return p.To.Format(time.DateOnly) }
