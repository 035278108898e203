package workflow

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/calendarday"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/rota"
)

// VisitRecurrence is when the visit days of a rule recur (接待日规律).
type VisitRecurrence struct {
	Recurrence kind.Recurrence
	// Days are for the recurrences that name days of a month, a week or a lunar month.
	Days []int
	// Every is for every so many days.
	Every *int
	// Dates are for given dates.
	Dates           []time.Time
	Shift           kind.Shift
	FromOn          time.Time
	UntilOn         *time.Time
	begins, reaches time.Time // what check found: the days that it can yield lie between these
}

// The bounds of a recurrence.
const (
	mostDates    = 100
	longestEvery = 366
	// A rule may have begun a year ago, so that it counts its days from there, and may end ten years from now.
	rulesBehind = 366
	rulesAhead  = 3660
)

// highestDay is the highest number that days have, by the recurrence that names them by number.
var highestDay = map[kind.Recurrence]int{kind.OnMonthDays: 31, kind.OnWeekdays: 7, kind.OnLunarDays: 30}

func (in *VisitRecurrence) check(c *checker, today time.Time) {
	word(c, at("重复方式", "when", "recurrence"), in.Recurrence)
	word(c, at("遇节假日", "when", "shift"), in.Shift)
	from, until := at("开始日期", "when", "fromOn"), at("结束日期", "when", "untilOn")
	in.FromOn = c.day(from, in.FromOn, today.AddDate(0, 0, -rulesBehind), today.AddDate(0, 0, planAhead))
	in.begins, in.reaches = later(in.FromOn, today), today.AddDate(0, 0, rulesAhead)
	if in.UntilOn != nil {
		last := c.day(until, *in.UntilOn, in.begins, in.reaches)
		in.UntilOn, in.reaches = &last, last
	}
	in.checkDays(c)
	every := at("间隔天数", "when", "every")
	switch wanted := in.Recurrence == kind.EverySoMany; {
	case wanted && in.Every == nil:
		c.add(every, "REQUIRED", "不能为空")
	case !wanted && in.Every != nil:
		c.add(every, "EXCLUSIVE", "只用于每隔若干天的规律")
	case wanted && (*in.Every < 1 || *in.Every > longestEvery):
		c.add(every, "OUT_OF_RANGE", fmt.Sprintf("应为 1 至 %d", longestEvery))
	}
	in.checkDates(c)
}

func (in *VisitRecurrence) checkDays(c *checker) {
	days := at("日子", "when", "days")
	highest, wanted := highestDay[in.Recurrence]
	switch {
	case wanted && len(in.Days) == 0:
		c.add(days, "REQUIRED", "不能为空")
	case !wanted && len(in.Days) > 0:
		c.add(days, "EXCLUSIVE", "只用于每月、每周或农历的固定日")
	case wanted && slices.ContainsFunc(in.Days, func(d int) bool { return d < 1 || d > highest }):
		c.add(days, "OUT_OF_RANGE", fmt.Sprintf("应为 1 至 %d", highest))
	default:
		in.Days = slices.Compact(slices.Sorted(slices.Values(in.Days)))
	}
}

func (in *VisitRecurrence) checkDates(c *checker) {
	dates := at("日期", "when", "dates")
	switch wanted := in.Recurrence == kind.OnGivenDates; {
	case wanted && len(in.Dates) == 0:
		c.add(dates, "REQUIRED", "不能为空")
	case !wanted && len(in.Dates) > 0:
		c.add(dates, "EXCLUSIVE", "只用于指定日期的规律")
	case len(in.Dates) > mostDates:
		c.add(dates, "TOO_MANY", fmt.Sprintf("最多 %d 个", mostDates))
	default:
		for i, d := range in.Dates {
			in.Dates[i] = c.day(at("日期", "when", "dates", strconv.Itoa(i)), d, in.begins, in.reaches)
		}
		slices.SortFunc(in.Dates, time.Time.Compare)
		in.Dates = slices.Compact(in.Dates)
	}
}

func (in *VisitRecurrence) rule() rota.Rule {
	r := rota.Rule{
		Recurrence: in.Recurrence, Days: in.Days, Every: deref(in.Every), Dates: in.Dates, Shift: in.Shift, From: in.FromOn,
	}
	if in.UntilOn != nil {
		r.Until = *in.UntilOn
	}
	return r
}

// ruleOf is a stored rule.
func ruleOf(r *gen.VisitRule) (rota.Rule, error) {
	out := rota.Rule{
		Recurrence: r.Recurrence, Days: r.Days, Every: deref(r.Every), Shift: r.Shift, From: calendar.Day(r.FromOn),
	}
	if r.UntilOn != nil {
		out.Until = calendar.Day(*r.UntilOn)
	}
	for _, text := range r.Dates {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return out, fmt.Errorf("visit rule %s: %w", r.ID, err)
		}
		out.Dates = append(out.Dates, day)
	}
	return out, nil
}

// noDay refuses a rule that yields nothing as far as it holds, or within two years.
func noDay() error {
	return fault.Invalid("NO_DAY", "按此规律没有可排的接待日", "input", "when")
}

// PreviewVisitRule is a rule whose next days are asked for.
type PreviewVisitRule struct {
	When VisitRecurrence
	// First is how many days.
	First int
}

// mostPreviewed is how many days of a rule are shown at once.
const mostPreviewed = 100

// RuledDay is a day that a rule would yield (规则生成的日期).
type RuledDay struct {
	// Day is the day itself, RuleOn the one that the rule names; they differ when it was Shifted.
	Day, RuleOn time.Time
	Shifted     bool
}

// PreviewVisitRule answers the next days that a rule would yield, with the days they were shifted from. It stores nothing.
func (d *Desk) PreviewVisitRule(ctx context.Context, in PreviewVisitRule) ([]*RuledDay, error) {
	var c checker
	in.When.check(&c, d.today())
	if in.First < 1 || in.First > mostPreviewed {
		c.add(at("天数", "first"), "OUT_OF_RANGE", fmt.Sprintf("应为 1 至 %d", mostPreviewed))
	}
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	exceptions, err := d.client.CalendarDay.Query().Order(calendarday.ByDay()).All(ctx)
	if err != nil {
		return nil, err
	}
	days := in.When.rule().Next(in.When.begins, in.First, Workdays(exceptions))
	if len(days) == 0 {
		return nil, noDay()
	}
	out := make([]*RuledDay, len(days))
	for i, day := range days {
		out[i] = &RuledDay{Day: day.On, RuleOn: day.Of, Shifted: !day.On.Equal(day.Of)}
	}
	return out, nil
}
