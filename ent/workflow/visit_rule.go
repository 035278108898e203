package workflow

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/visitday"
	"github.com/lianluo/lianluo/ent/gen/visitrule"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// CreateVisitRule is a rule by which visit days recur (接待日规则): of a station, or of the stations of a division.
type CreateVisitRule struct {
	IdempotencyKey *string `json:"-"`
	Station        *uuid.UUID
	Division       *place.Code
	// Kinds are those of a division's stations that it is for; all physical ones if none.
	Kinds []kind.Station
	Name  string
	When  VisitRecurrence
	// Begins and Ends are times of the day, HH:MM.
	Begins, Ends string
	// PerDay is how many deputies are on duty each day; 0 for all who are posted.
	PerDay int
	Theme  *string

	minutes [2]int
}

// mostPerDay is how many deputies a rule may ask for.
const mostPerDay = 100

func (in *CreateVisitRule) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	station, division := at("站点", "station"), at("区划", "division")
	switch {
	case in.Station == nil && in.Division == nil:
		c.add(station, "REQUIRED", "与区划必须给出其一")
	case in.Station != nil && in.Division != nil:
		c.add(division, "EXCLUSIVE", "与站点只能给出其一")
	case in.Station != nil && len(in.Kinds) > 0:
		c.add(at("站点类型", "kinds"), "EXCLUSIVE", "只用于区划的规则")
	}
	for _, k := range in.Kinds {
		word(&c, at("站点类型", "kinds"), k)
	}
	in.Name = c.text(at("名称", "name"), in.Name, 2, 60)
	in.When.check(&c, today)
	in.minutes = c.hours(in.Begins, in.Ends)
	if in.PerDay < 0 || in.PerDay > mostPerDay {
		c.add(at("每日人数", "perDay"), "OUT_OF_RANGE", fmt.Sprintf("应为 0 至 %d", mostPerDay))
	}
	in.Theme = c.optional(at("主题", "theme"), in.Theme, 100)
	return c.list.Err()
}

// hours checks the times of day at which something begins and ends, and answers them in minutes after midnight. It may end at 24:00.
func (c *checker) hours(begins, ends string) (minutes [2]int) {
	from, to := at("开始时间", "begins"), at("结束时间", "ends")
	first, ok := minute(begins)
	if !ok || first == 24*60 {
		c.add(from, "MALFORMED", "应为 09:00 的形式")
	}
	last, good := minute(ends)
	switch {
	case !good:
		c.add(to, "MALFORMED", "应为 09:00 的形式")
	case ok && last <= first:
		c.add(to, "REVERSED", "应晚于开始时间")
	}
	return [2]int{first, last}
}

// minute reads a time of day, HH:MM.
func minute(text string) (int, bool) {
	if text == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, false
	}
	return t.Hour()*60 + t.Minute(), true
}

// CreateVisitRule sets a rule. A keeper sets one for the own station, an administrator for stations and divisions of the area. A rule that yields no
// day is refused. Days are planned by PlanVisitDays, and by the platform some time ahead.
func (d *Desk) CreateVisitRule(ctx context.Context, in CreateVisitRule) (*gen.VisitRule, error) {
	v, err := d.admit(ctx, VerbCreateVisitRule)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbCreateVisitRule, v, func(t *task) (*gen.VisitRule, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.VisitRule.Get, func() (*gen.VisitRule, uuid.UUID, error) {
			r, err := t.createVisitRule(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return r, r.ID, nil
		})
	})
}

func (t *task) createVisitRule(ctx context.Context, in CreateVisitRule) (*gen.VisitRule, error) {
	where, division, err := t.ruleFor(ctx, in)
	if err != nil {
		return nil, err
	}
	days, err := t.workdays(ctx)
	if err != nil {
		return nil, err
	}
	if len(in.When.rule().Next(in.When.begins, 1, days)) == 0 {
		return nil, noDay()
	}
	create := t.tx.VisitRule.Create().
		SetDivisionID(division).SetNillableStationID(in.Station).SetName(in.Name).
		SetRecurrence(in.When.Recurrence).SetNillableEvery(in.When.Every).SetShift(in.When.Shift).
		SetFromOn(in.When.FromOn).SetNillableUntilOn(in.When.UntilOn).
		SetBeginsMinute(in.minutes[0]).SetEndsMinute(in.minutes[1]).SetPerDay(in.PerDay).SetNillableTheme(in.Theme)
	if len(in.Kinds) > 0 {
		create.SetKinds(in.Kinds)
	}
	if len(in.When.Days) > 0 {
		create.SetDays(in.When.Days)
	}
	if len(in.When.Dates) > 0 {
		dates := make([]string, len(in.When.Dates))
		for i, day := range in.When.Dates {
			dates[i] = day.Format(time.DateOnly)
		}
		create.SetDates(dates)
	}
	where.put(create.Mutation())
	r, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	return r, t.audit(ctx, gen.TypeVisitRule, r.ID, areaOfVisitRule(r), map[string]any{
		"station": r.StationID, "recurrence": r.Recurrence, "fromOn": in.When.FromOn.Format(time.DateOnly),
	})
}

// ruleFor finds what a new rule is for: its place, and the division.
func (t *task) ruleFor(ctx context.Context, in CreateVisitRule) (area, uuid.UUID, error) {
	if in.Station != nil {
		s, err := t.lockOpenStation(ctx, *in.Station, "input", "station")
		if err != nil {
			return area{}, uuid.Nil, err
		}
		return areaOfStation(s), s.DivisionID, t.keeps(s.ID, "input", "station")
	}
	division, err := t.divisionOf(ctx, *in.Division)
	if err != nil {
		return area{}, uuid.Nil, err
	}
	return areaOfDivision(division), division.ID, t.keepsDivision("input", "division")
}

// keepsDivision refuses a keeper what is done for a whole division.
func (t *task) keepsDivision(path ...string) error {
	if t.viewer.Role == viewer.StationKeeper {
		return forbidden("只能办理本站点的事项", path...)
	}
	return nil
}

// keepsRule refuses a keeper a rule that is not the own station's.
func (t *task) keepsRule(r *gen.VisitRule, path ...string) error {
	if r.StationID == nil {
		return t.keepsDivision(path...)
	}
	return t.keeps(*r.StationID, path...)
}

// EndVisitRule is how a rule ends.
type EndVisitRule struct {
	ID              uuid.UUID
	ExpectedVersion *int
	UntilOn         time.Time // the last day it holds on
}

// EndedVisitRule is what came of the end of a rule.
type EndedVisitRule struct {
	Rule *gen.VisitRule
	// Cancelled are the days after the end that had been planned, Standing those that had been published: these are for someone to cancel.
	Cancelled, Standing int
}

// ruleEnded is why days are cancelled that were planned by a rule which has ended.
const ruleEnded = "接待日规则已终止"

// EndVisitRule has a rule of the viewer's area hold no longer than a day. Its days after that are cancelled, but for those published.
func (d *Desk) EndVisitRule(ctx context.Context, in EndVisitRule) (*EndedVisitRule, error) {
	v, err := d.admit(ctx, VerbEndVisitRule)
	if err != nil {
		return nil, err
	}
	in.UntilOn = calendar.Day(in.UntilOn)
	var out EndedVisitRule
	out.Rule, err = transact(ctx, d, VerbEndVisitRule, v, func(t *task) (*gen.VisitRule, error) {
		out.Cancelled, out.Standing = 0, 0
		return t.endVisitRule(ctx, in, &out)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

func (t *task) endVisitRule(ctx context.Context, in EndVisitRule, out *EndedVisitRule) (*gen.VisitRule, error) {
	old, err := t.tx.VisitRule.Query().Where(visitrule.ID(in.ID)).ForUpdate().Only(ctx)
	if gen.IsNotFound(err) {
		return nil, noVisitRule("input", "id")
	}
	if err != nil {
		return nil, err
	}
	if err := t.keepsRule(old, "input", "id"); err != nil {
		return nil, err
	}
	if err := expect(in.ExpectedVersion, old.Version); err != nil {
		return nil, err
	}
	today, until := t.desk.today(), at("结束日期", "untilOn")
	if ruleOver(old, today) {
		return nil, fault.Conflict("ENDED", "该规则已终止", "input", "id")
	}
	last := today.AddDate(0, 0, rulesAhead)
	if old.UntilOn != nil {
		last = calendar.Day(*old.UntilOn)
	}
	if err := oneDay(until, in.UntilOn, later(today, calendar.Day(old.FromOn)).AddDate(0, 0, -1), last); err != nil {
		return nil, err
	}
	r, err := t.tx.VisitRule.UpdateOne(old).SetUntilOn(in.UntilOn).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	beyond, err := t.tx.VisitDay.Query().Where(visitday.RuleID(r.ID), visitday.RuleOnGT(in.UntilOn),
		visitday.StateIn(state.VisitDayPlanned, state.VisitDayPublished)).Order(visitday.ByID()).ForUpdate().All(ctx)
	if err != nil {
		return nil, err
	}
	for _, day := range beyond {
		if day.State == state.VisitDayPublished {
			out.Standing++
			continue
		}
		if _, err := t.cancelDay(ctx, day, ruleEnded); err != nil {
			return nil, err
		}
		out.Cancelled++
	}
	return r, t.audit(ctx, gen.TypeVisitRule, r.ID, areaOfVisitRule(r), map[string]any{
		"untilOn": in.UntilOn.Format(time.DateOnly), "daysCancelled": out.Cancelled,
	})
}

func noVisitRule(path ...string) error {
	return fault.NotFound("接待日规则不存在或不在辖区内", path...)
}

// ruleOver tells whether a rule holds on no day from today on.
func ruleOver(r *gen.VisitRule, today time.Time) bool {
	return r.UntilOn != nil && calendar.Day(*r.UntilOn).Before(today)
}
