// Package rota draws up visit days (代表接待日) and who is on duty on them (轮值). All of it is pure: rules and deputies in, days and names out.
//
// Room: ent. It may import kind and calendar.
package rota

import (
	"time"

	"github.com/lianluo/lianluo/ent/kind"
)

// Rule is when visit days recur.
type Rule struct {
	Recurrence kind.Recurrence
	// Days are days of the month (1 to 31; a month that is shorter has its last day instead), of the week (1 is Monday, 7 is Sunday) or
	// of the lunar month (1 to 30), by the recurrence.
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
