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

// begins and ends are the moments between which the days lie, in Asia/Shanghai, as the database reads them: at begins the period
// has begun, at ends it is over.
func (p Period) begins() string { return moment(p.From) }
func (p Period) ends() string   { return moment(p.To.AddDate(0, 0, 1)) }

// moment is the one at which a day begins.
func moment(day time.Time) string { return day.Format(time.DateOnly) + "T00:00:00+08:00" }

// months lists the first days of the months that the period touches, in order.
func (p Period) months() (out []time.Time) {
	from := calendar.Day(p.From)
	month := from.AddDate(0, 0, 1-from.Day())
	for ; !month.After(calendar.Day(p.To)); month = month.AddDate(0, 1, 0) {
		out = append(out, month)
	}
	return out
}

// first and last are the bounds as the database reads days.
func (p Period) first() string { return p.From.Format(time.DateOnly) }
func (p Period) last() string  { return p.To.Format(time.DateOnly) }
