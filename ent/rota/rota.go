// Package rota draws up visit days (代表接待日) and who is on duty on them (轮值). All of it is pure: rules and deputies in, days and names out.
//
// Room: ent. It may import kind and calendar.
package rota

import (
	"slices"
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
)

// Rule is when visit days recur.
type Rule struct {
	Recurrence kind.Recurrence
	// Days are days of the month (1 to 31; a month that is shorter has its last day instead), of the week (1 is Monday, 7 is Sunday) or
	// of the lunar month (1 to 30), by the recurrence. A lunar month of 29 days has its last day for day 30, and a leap month has all
	// days that others have: markets (赶集) are held in it too.
	Days []int
	// Every is the number of days from one to the next, from the day the rule begins on.
	Every int
	// Dates are the given dates.
	Dates []time.Time
	// Shift is what becomes of a day that is not worked.
	Shift kind.Shift
	// From is the first day the rule holds on, Until the last; zero for no end.
	From, Until time.Time
}

// Day is a day that a rule yields.
type Day struct {
	// On is the day itself, Of the one that the rule names, which differs when On was shifted to a working day. Of stays the same whatever
	// becomes of the working calendar.
	On, Of time.Time
}

// farthest is how many days a day may be shifted by. No holiday is as long.
const farthest = 31

// Horizon is how far ahead a rule without end is looked at when it is asked what it yields.
const Horizon = 2 * 366

// Between are the days of the rule from the first to the last, in order and each once. Neither they nor the days they were shifted from lie
// outside the rule's span. When two come to fall on one day, it counts as the one that was not shifted, or else as the earlier.
func (r Rule) Between(first, last time.Time, w calendar.Workdays) []Day {
	first, last = calendar.Day(first), calendar.Day(last)
	from, until := first.AddDate(0, 0, -farthest), last.AddDate(0, 0, farthest)
	if begin := calendar.Day(r.From); begin.After(from) {
		from = begin
	}
	if !r.Until.IsZero() && calendar.Day(r.Until).Before(until) {
		until = calendar.Day(r.Until)
	}
	of := map[time.Time]time.Time{}
	falls := r.falls(from, until)
	for day := from; !day.After(until); day = day.AddDate(0, 0, 1) {
		if !falls(day) {
			continue
		}
		on, ok := r.shift(day, w)
		if !ok || on.Before(first) || on.After(last) || on.Before(calendar.Day(r.From)) || !r.Until.IsZero() && on.After(calendar.Day(r.Until)) {
			continue
		}
		if _, taken := of[on]; !taken || on.Equal(day) {
			of[on] = day
		}
	}
	out := make([]Day, 0, len(of))
	for on, day := range of {
		out = append(out, Day{On: on, Of: day})
	}
	slices.SortFunc(out, func(a, b Day) int { return a.On.Compare(b.On) })
	return out
}

// Next are the first days of the rule from a day on, at most n, no farther ahead than the Horizon.
func (r Rule) Next(from time.Time, n int, w calendar.Workdays) []Day {
	if calendar.Day(r.From).After(from) {
		from = calendar.Day(r.From)
	}
	days := r.Between(from, from.AddDate(0, 0, Horizon), w)
	return days[:min(n, len(days))]
}

// shift is where a day of the rule comes to fall; false where it is left out.
func (r Rule) shift(day time.Time, w calendar.Workdays) (time.Time, bool) {
	if r.Shift == kind.ShiftNone || w.Works(day) {
		return day, true
	}
	var step int
	switch r.Shift {
	case kind.ShiftNext:
		step = 1
	case kind.ShiftPrevious:
		step = -1
	default:
		return day, false
	}
	for range farthest {
		day = day.AddDate(0, 0, step)
		if w.Works(day) {
			return day, true
		}
	}
	return day, false
}

// falls tells of a day between two others whether the rule names it.
func (r Rule) falls(first, last time.Time) func(time.Time) bool {
	switch r.Recurrence {
	case kind.OnMonthDays:
		return func(day time.Time) bool {
			end := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
			return named(r.Days, day.Day(), end)
		}
	case kind.OnWeekdays:
		return func(day time.Time) bool { return slices.Contains(r.Days, (int(day.Weekday())+6)%7+1) }
	case kind.OnLunarDays:
		lunar := lunarDays(first, last)
		return func(day time.Time) bool { return named(r.Days, lunar[day].day, lunar[day].end) }
	case kind.EverySoMany:
		return func(day time.Time) bool {
			return r.Every > 0 && int(day.Sub(calendar.Day(r.From))/(24*time.Hour))%r.Every == 0
		}
	case kind.OnGivenDates:
		return func(day time.Time) bool {
			return slices.ContainsFunc(r.Dates, func(d time.Time) bool { return calendar.Day(d).Equal(day) })
		}
	}
	return func(time.Time) bool { return false }
}

// named tells whether a day of a month is among those named: the last one also stands for days that the month does not have.
func named(days []int, day, end int) bool {
	return slices.ContainsFunc(days, func(d int) bool { return d == day || day == end && d > end })
}
