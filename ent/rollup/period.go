package rollup

import (
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
)

// maxYears bounds a period.
const maxYears = 20

// Period is the days From to To, both counted in. Only the calendar day that a time shows counts, not the hour.
type Period struct{ From, To time.Time }

// Validate refuses a period that is reversed, longer than 20 years, or reaches before the founding of the republic or more than a
// year past today, which is the calendar day that the given time shows. The error is a fault.ErrInvalid that names
// the fields period.from and period.to.
func (p Period) Validate(today time.Time) error {
	var faults fault.List
	from, to, last := calendar.Day(p.From), calendar.Day(p.To), calendar.Day(today).AddDate(1, 0, 0)
	outside := func(t time.Time, field string) bool {
		switch {
		case t.Before(calendar.Founding):
			faults.Add("IMPOSSIBLE_DATE", "日期不能早于 "+calendar.Founding.Format(time.DateOnly), "period", field)
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

// first and last are the bounds as the database reads days.
func (p Period) first() string { return p.From.Format(time.DateOnly) }
func (p Period) last() string  { return p.To.Format(time.DateOnly) }
