package rollup

import (
	"time"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
)

// Interval is a length of time by which a period is shown in parts (趋势间隔).
type Interval string

// The intervals.
const (
	IntervalNone    Interval = "NONE"
	IntervalMonth   Interval = "MONTH"
	IntervalQuarter Interval = "QUARTER"
	IntervalYear    Interval = "YEAR"
)

// Intervals lists the intervals.
var Intervals = []Interval{IntervalNone, IntervalMonth, IntervalQuarter, IntervalYear}

// months is how many months the interval has; none for NONE.
func (i Interval) months() int {
	switch i {
	case IntervalMonth:
		return 1
	case IntervalQuarter:
		return 3
	case IntervalYear:
		return 12
	}
	return 0
}

// Comparison is the period that another one is held against (对比期).
type Comparison string

// The comparisons.
const (
	CompareNone Comparison = "NONE"
	// ComparePrevious is the period of the same length directly before: so many months when the period has whole months, else so many days (环比).
	ComparePrevious Comparison = "PREVIOUS"
	// CompareLastYear is the same days a year before (同比).
	CompareLastYear Comparison = "LAST_YEAR"
)

// Comparisons lists the comparisons.
var Comparisons = []Comparison{CompareNone, ComparePrevious, CompareLastYear}

// next is the day after the period's last.
func (p Period) next() time.Time { return calendar.Day(p.To).AddDate(0, 0, 1) }

// whole tells whether the period is made of whole months.
func (p Period) whole() bool { return p.From.Day() == 1 && p.next().Day() == 1 }

// wholeMonths counts the months of a period that is made of whole ones.
func (p Period) wholeMonths() int {
	next := p.next()
	return 12*(next.Year()-p.From.Year()) + int(next.Month()-p.From.Month())
}

// span is the calendar month, quarter or year that the period is, as the sums that are kept name it; empty when it is none.
func (p Period) span() string {
	if !p.whole() {
		return ""
	}
	for _, i := range Intervals[1:] {
		if p.wholeMonths() == i.months() && (int(p.From.Month())-1)%i.months() == 0 {
			return string(i)
		}
	}
	return ""
}

// against is the period that the comparison holds the period against; ok is false when there is none.
func (p Period) against(c Comparison) (Period, bool) {
	from := calendar.Day(p.From)
	switch {
	case c == ComparePrevious && p.whole():
		return Period{from.AddDate(0, -p.wholeMonths(), 0), from.AddDate(0, 0, -1)}, true
	case c == ComparePrevious:
		days := int(p.next().Sub(from).Hours() / 24)
		return Period{from.AddDate(0, 0, -days), from.AddDate(0, 0, -1)}, true
	case c == CompareLastYear:
		return Period{yearBefore(from), yearBefore(p.next()).AddDate(0, 0, -1)}, true
	}
	return Period{}, false
}

// yearBefore is the same day a year before; of 29 February, 1 March.
func yearBefore(day time.Time) time.Time { return day.AddDate(-1, 0, 0) }

// Parts counts the parts into which an interval divides the period.
func (p Period) Parts(i Interval) int {
	n := i.months()
	if n == 0 || p.To.Before(p.From) {
		return 0
	}
	nth := func(day time.Time) int { return (12*day.Year() + int(day.Month()) - 1) / n }
	return nth(p.To) - nth(p.From) + 1
}

// parts divides the period by calendar months, quarters or years; the first and the last part may be cut off by its bounds.
func (p Period) parts(i Interval) (out []Period) {
	n := i.months()
	if n == 0 {
		return nil
	}
	from, to := calendar.Day(p.From), calendar.Day(p.To)
	for !from.After(to) {
		month := int(from.Month()) - 1
		next := time.Date(from.Year(), time.Month(month-month%n+n+1), 1, 0, 0, 0, 0, from.Location())
		last := next.AddDate(0, 0, -1)
		if last.After(to) {
			last = to
		}
		out = append(out, Period{from, last})
		from = next
	}
	return out
}

// spans are periods that one statement sums, each under its place in the list.
type spans []Period

// only are those that a condition takes, and their places in the list.
func (s spans) only(takes func(Period) bool) (out spans, at []int) {
	for i, p := range s {
		if takes(p) {
			out, at = append(out, p), append(at, i)
		}
	}
	return out, at
}

// args are the first days and the last days.
func (s spans) args() []any {
	first, last := make(pq.StringArray, len(s)), make(pq.StringArray, len(s))
	for i, p := range s {
		first[i], last[i] = p.first(), p.last()
	}
	return []any{first, last}
}

// bounds are the first and the last of all days.
func (s spans) bounds() (first, last string) {
	first, last = s[0].first(), s[0].last()
	for _, p := range s[1:] {
		first, last = min(first, p.first()), max(last, p.last())
	}
	return first, last
}
