package duty

import "time"

// Standing is how a deputy stands with an item of the norms in one period (达标情况).
type Standing string

// The standings: 已达标, 未达标, 进行中, 不适用.
const (
	Met           Standing = "MET"
	Missing       Standing = "MISSING"
	Pending       Standing = "PENDING"
	NotApplicable Standing = "NOT_APPLICABLE"
)

// Standings lists the standings.
var Standings = []Standing{Met, Missing, Pending, NotApplicable}

// Service is the time in which a deputy can be asked for anything: that of a mandate, less when it was suspended.
type Service struct {
	Span
	Suspended []Span
}

// Whole tells whether a deputy served all of a period.
func (s Service) Whole(period Span) bool {
	if !s.Covers(period) {
		return false
	}
	for _, gap := range s.Suspended {
		if gap.Touches(period) {
			return false
		}
	}
	return true
}

// Check is how a deputy stands with one item in one period.
type Check struct {
	Item   NormItem
	Period Span
	// Done counts the deeds of the period, Item.Required is how many there should be.
	Done     int
	Standing Standing
}

// Comply holds a deputy's deeds against the items of norms that are in force for a span, for the periods that begin in a span and have
// begun by today. A period that the norms, or the deputy's service, do not cover wholly asks for nothing: of the norms it is left out, of the
// service it is told as not applicable.
func Comply(items []NormItem, inForce Span, s Service, deeds []Deed, asked Span, today time.Time) []Check {
	var out []Check
	for _, item := range items {
		for _, period := range periodsIn(item.Period, asked) {
			if period.From.After(today) || !inForce.Covers(period) {
				continue
			}
			c := Check{Item: item, Period: period}
			for _, d := range deeds {
				if item.Counts(d) && period.Contains(d.Day) {
					c.Done++
				}
			}
			c.Standing = Stand(s.Whole(period), c.Done, item.Required, period, today)
			out = append(out, c)
		}
	}
	return out
}

// Stand is how someone stands who did so many of the deeds that a period requires; whole tells whether all of the period counts.
func Stand(whole bool, done, required int, period Span, today time.Time) Standing {
	switch {
	case !whole:
		return NotApplicable
	case done >= required:
		return Met
	case today.After(period.To):
		return Missing
	}
	return Pending
}
