package calendar

import "time"

// Workdays is a working calendar (工作日历): Monday to Friday are worked, but for the exceptions. The zero value has none.
type Workdays struct {
	// exceptions tells of a day whether it is worked, against the rule of the week or not.
	exceptions map[time.Time]bool
}

// NewWorkdays makes a calendar of the days that are off and the days that are worked whatever the week says.
func NewWorkdays(off, worked []time.Time) Workdays {
	w := Workdays{make(map[time.Time]bool, len(off)+len(worked))}
	for _, d := range off {
		w.exceptions[Day(d)] = false
	}
	for _, d := range worked {
		w.exceptions[Day(d)] = true
	}
	return w
}

// Works tells whether a day is worked.
func (w Workdays) Works(day time.Time) bool {
	day = Day(day)
	if works, ok := w.exceptions[day]; ok {
		return works
	}
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// Add is the n-th working day after a day, before it when n is negative, and the day itself when n is 0. The day a limit
// begins on does not count.
func (w Workdays) Add(day time.Time, n int) time.Time {
	day = Day(day)
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		day = day.AddDate(0, 0, step)
		if w.Works(day) {
			n--
		}
	}
	return day
}

// Between counts the working days after the first day up to the last; it is negative when the last comes before.
func (w Workdays) Between(first, last time.Time) int {
	first, last = Day(first), Day(last)
	sign := 1
	if last.Before(first) {
		first, last, sign = last, first, -1
	}
	n := 0
	for first.Before(last) {
		first = first.AddDate(0, 0, 1)
		if w.Works(first) {
			n++
		}
	}
	return sign * n
}
