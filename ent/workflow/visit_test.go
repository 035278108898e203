package workflow_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/workflow"
)

// 长沙县: the 15th of each month at every physical station of the county, on a working day.
func TestVisitDaysOfACounty(t *testing.T) {
	h := newVisitHouse(t, 3)
	other, far := h.house.station(huangxin, "黄兴镇人大代表联络站"), h.house.station(beihu, "北湖站")
	online, err := h.desk.CreateStation(h.nation(), workflow.CreateStation{Division: guoyuan, Kind: kind.StationOnline, Name: "网上站", OpenedOn: day("2023-05-01")})
	if err != nil {
		t.Fatal(err)
	}
	r := h.rule(h.county(), monthly(nil))
	if r.Code != county || r.StationID != nil || r.BeginsMinute != 540 || r.EndsMinute != 690 || *r.Theme != "听民声" || r.Version != 1 {
		t.Error("the rule:", r)
	}
	h.audited(workflow.VerbCreateVisitRule, "VisitRule", r.ID, "COUNTY_ADMIN@430121000000", county)
	if n := h.plan(h.county(), workflow.PlanVisitDays{Rule: &r.ID, Until: day("2026-12-31")}); n != 14 {
		t.Errorf("%d days are planned, want 7 at each of two stations", n)
	}
	h.audited(workflow.VerbPlanVisitDays, "VisitRule", r.ID, "COUNTY_ADMIN@430121000000", county)
	// 15 August is a Saturday, 15 November a Sunday.
	for _, s := range []*gen.Station{h.station, other} {
		if got := h.told(s.ID); got != "06-15, 07-15, 08-17, 09-15, 10-15, 11-16, 12-15" {
			t.Errorf("at %s: %s", s.Name, got)
		}
	}
	for _, s := range []*gen.Station{online, far} {
		if got := h.told(s.ID); got != "" {
			t.Errorf("at %s: %s", s.Name, got)
		}
	}
	d := h.days(h.station.ID)[2]
	if d.RuleOn.Format(time.DateOnly) != "2026-08-15" || *d.RuleID != r.ID || !d.BeginsAt.Equal(clockAt("2026-08-17", "09:00")) ||
		!d.EndsAt.Equal(clockAt("2026-08-17", "11:30")) || d.Code != guoyuan || d.CodeThen != guoyuan || *d.Theme != "听民声" || d.PublishedAt != nil {
		t.Error("the day:", d)
	}
	if got := h.duty(h.deputies...); spread(got, h.deputies) > 1 || len(h.on(d.ID)) != 1 {
		t.Errorf("duties %v", got)
	}
	if n := h.count(`visit_duty WHERE station_id = $1`, other.ID); n != 0 {
		t.Errorf("%d duties where nobody is posted", n)
	}

	// Planned again, nearer, farther, by others and by the platform: what is there stays, and the turn goes on.
	for _, again := range []struct {
		by    context.Context
		in    workflow.PlanVisitDays
		added int
	}{
		{h.county(), workflow.PlanVisitDays{Rule: &r.ID, Until: day("2026-12-31")}, 0},
		{h.city(), workflow.PlanVisitDays{VisitScope: workflow.VisitScope{Division: &county}, Until: day("2026-10-01")}, 0},
		{h.keeper, planAt(h.station.ID, "2027-02-28"), 2},
		{h.township(), workflow.PlanVisitDays{VisitScope: workflow.VisitScope{Division: &guoyuan}, Until: day("2027-02-28")}, 0},
	} {
		if n := h.plan(again.by, again.in); n != again.added {
			t.Errorf("planned again: %d, want %d", n, again.added)
		}
	}
	if n, err := h.clockworkAt(noon("2026-06-15")).PlanAhead(t.Context()); n != 0 || err != nil {
		t.Error("the platform plans again:", n, err)
	}
	if got := h.duty(h.deputies...); spread(got, h.deputies) > 1 || got[h.deputies[0]] != 3 {
		t.Errorf("duties %v", got)
	}
}

// Moved and cancelled days are not planned again, by their rule or another, and a day that has begun is not planned.
func TestPlannedOnce(t *testing.T) {
	h := newVisitHouse(t, 2)
	h.rule(h.county(), monthly(func(in *workflow.CreateVisitRule) { in.PerDay = 0 }))
	h.plan(h.keeper, planAt(h.station.ID, "2026-09-30"))
	days := h.days(h.station.ID)
	for _, d := range days {
		if len(h.on(d.ID)) != 2 {
			t.Errorf("not all are on duty on %s", d.Day)
		}
	}
	moved, err := h.desk.ChangeVisitDay(h.keeper, workflow.ChangeVisitDay{ID: days[1].ID, Day: workflow.To(day("2026-07-18")), Reason: "会议冲突"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.CancelVisitDay(h.keeper, workflow.CancelVisitDay{ID: days[2].ID, Reason: "台风"}); err != nil {
		t.Fatal(err)
	}
	if !moved.BeginsAt.Equal(clockAt("2026-07-18", "09:00")) || moved.RuleOn.Format(time.DateOnly) != "2026-07-15" {
		t.Error("moved", moved)
	}
	h.rule(h.keeper, monthly(func(in *workflow.CreateVisitRule) {
		h.ofStation(in)
		in.Name, in.When.Days = "每月15、20日", []int{20, 15, 15}
		in.When.Shift = kind.ShiftNone
	}))
	if n := h.plan(h.keeper, planAt(h.station.ID, "2026-09-30")); n != 6 {
		t.Errorf("%d days more, want those of 20 June to September, 15 July and 15 August", n)
	}
	if got := h.told(h.station.ID); got != "06-15, 06-20, 07-15, 07-18, 07-20, 08-15, 08-17 CANCELLED, 08-20, 09-15, 09-20" {
		t.Error(got)
	}
	// At noon the day of today has begun.
	late := workflow.NewDesk(h.client, workflow.Options{Clock: func() time.Time { return noon("2026-06-15") }})
	alone := h.house.station(huangxin, "黄兴镇人大代表联络站")
	if n, err := late.PlanVisitDays(h.county(), planAt(alone.ID, "2026-07-31")); n != 1 || err != nil || h.told(alone.ID) != "07-15" {
		t.Error(n, err, h.told(alone.ID))
	}
}

// 北湖区: each Wednesday, market days by the moon (逢三逢八), and every ten days.
func TestVisitDaysByWeekAndMoon(t *testing.T) {
	for name, c := range map[string]struct {
		when workflow.VisitRecurrence
		want string
	}{
		"Wednesdays": {workflow.VisitRecurrence{Recurrence: kind.OnWeekdays, Days: []int{3}, Shift: kind.ShiftNone}, "06-17, 06-24, 07-01, 07-08"},
		// 15 June 2026 is 五月初一.
		"market days": {
			workflow.VisitRecurrence{Recurrence: kind.OnLunarDays, Days: []int{3, 8, 13, 18, 23, 28}, Shift: kind.ShiftNone},
			"06-17, 06-22, 06-27, 07-02, 07-07",
		},
		"every ten days": {workflow.VisitRecurrence{Recurrence: kind.EverySoMany, Every: ptr(10), Shift: kind.ShiftNone}, "06-15, 06-25, 07-05"},
		"given dates": {
			workflow.VisitRecurrence{Recurrence: kind.OnGivenDates, Dates: []time.Time{day("2026-07-01"), day("2026-06-19")}, Shift: kind.ShiftPrevious},
			"06-18, 07-01", // 19 June is 端午节
		},
		"holidays left out": {workflow.VisitRecurrence{Recurrence: kind.OnWeekdays, Days: []int{5}, Shift: kind.ShiftSkip}, "06-26, 07-03"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newVisitHouse(t, 0)
			s := h.house.station(beihu, "北湖区人大代表联络站")
			c.when.FromOn = today
			h.rule(h.beihu(), monthly(func(in *workflow.CreateVisitRule) { in.Division, in.When = &beihu, c.when }))
			h.plan(h.officer(s), planAt(s.ID, "2026-07-08"))
			if got := h.told(s.ID); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			ahead, err := h.desk.PreviewVisitRule(h.beihu(), workflow.PreviewVisitRule{When: c.when, First: 2})
			if err != nil || len(ahead) != 2 || ahead[0].Day.Format("01-02") != c.want[:5] || ahead[0].Shifted != (name == "given dates") {
				t.Error("the preview:", ahead, err)
			}
		})
	}
}

func TestVisitRuleRefusals(t *testing.T) {
	h := newVisitHouse(t, 0)
	other, far, closed := h.house.station(huangxin, "黄兴站"), h.house.station(beihu, "北湖站"), h.house.station(guoyuan, "旧站")
	if _, err := h.desk.CloseStation(h.county(), workflow.CloseStation{ID: closed.ID, ClosedOn: today, Reason: "撤并"}); err != nil {
		t.Fatal(err)
	}
	when := func(change func(*workflow.VisitRecurrence)) func(*workflow.CreateVisitRule) {
		return func(in *workflow.CreateVisitRule) { change(&in.When) }
	}
	for name, c := range map[string]struct {
		ctx    context.Context
		change func(*workflow.CreateVisitRule)
		want   refusal
	}{
		"neither station nor division": {h.county(), func(in *workflow.CreateVisitRule) { in.Division = nil }, invalid("input.station REQUIRED")},
		"both":                         {h.county(), func(in *workflow.CreateVisitRule) { in.Station = &h.station.ID }, invalid("input.division EXCLUSIVE")},
		"kinds of a station": {h.county(), func(in *workflow.CreateVisitRule) {
			h.ofStation(in)
			in.Kinds = []kind.Station{kind.StationHome}
		}, invalid("input.kinds EXCLUSIVE")},
		"an unknown kind": {h.county(), func(in *workflow.CreateVisitRule) { in.Kinds = []kind.Station{"TENT"} }, invalid("input.kinds UNKNOWN_VALUE")},
		"all at once": {
			h.county(), func(in *workflow.CreateVisitRule) {
				in.Name, in.Begins, in.Ends, in.PerDay = "日", "9点", "25:00", 101
			},
			invalid("input.name TOO_SHORT", "input.begins MALFORMED", "input.ends MALFORMED", "input.perDay OUT_OF_RANGE"),
		},
		"ends before it begins": {h.county(), func(in *workflow.CreateVisitRule) { in.Ends = "09:00" }, invalid("input.ends REVERSED")},
		"begins at the end":     {h.county(), func(in *workflow.CreateVisitRule) { in.Begins, in.Ends = "24:00", "24:00" }, invalid("input.begins MALFORMED", "input.ends REVERSED")},
		"no days":               {h.county(), when(func(r *workflow.VisitRecurrence) { r.Days = nil }), invalid("input.when.days REQUIRED")},
		"a 32nd":                {h.county(), when(func(r *workflow.VisitRecurrence) { r.Days = []int{32} }), invalid("input.when.days OUT_OF_RANGE")},
		"an 8th day of the week": {h.county(), when(func(r *workflow.VisitRecurrence) {
			r.Recurrence, r.Days = kind.OnWeekdays, []int{8}
		}), invalid("input.when.days OUT_OF_RANGE")},
		"days for a step": {h.county(), when(func(r *workflow.VisitRecurrence) {
			r.Recurrence, r.Every = kind.EverySoMany, ptr(7)
		}), invalid("input.when.days EXCLUSIVE")},
		"a step of 0": {h.county(), when(func(r *workflow.VisitRecurrence) {
			r.Recurrence, r.Days, r.Every = kind.EverySoMany, nil, ptr(0)
		}), invalid("input.when.every OUT_OF_RANGE")},
		"no step":         {h.county(), when(func(r *workflow.VisitRecurrence) { r.Recurrence, r.Days = kind.EverySoMany, nil }), invalid("input.when.every REQUIRED")},
		"a step for days": {h.county(), when(func(r *workflow.VisitRecurrence) { r.Every = ptr(3) }), invalid("input.when.every EXCLUSIVE")},
		"no dates":        {h.county(), when(func(r *workflow.VisitRecurrence) { r.Recurrence, r.Days = kind.OnGivenDates, nil }), invalid("input.when.dates REQUIRED")},
		"dates for days":  {h.county(), when(func(r *workflow.VisitRecurrence) { r.Dates = []time.Time{today} }), invalid("input.when.dates EXCLUSIVE")},
		"a date past": {h.county(), when(func(r *workflow.VisitRecurrence) {
			r.Recurrence, r.Days, r.Dates = kind.OnGivenDates, nil, []time.Time{day("2026-06-14")}
		}), invalid("input.when.dates.0 IMPOSSIBLE_DATE")},
		"an unknown way":   {h.county(), when(func(r *workflow.VisitRecurrence) { r.Recurrence, r.Days, r.Shift = "NEVER", nil, "UP" }), invalid("input.when.recurrence UNKNOWN_VALUE", "input.when.shift UNKNOWN_VALUE")},
		"over already":     {h.county(), when(func(r *workflow.VisitRecurrence) { r.FromOn, r.UntilOn = day("2026-01-01"), ptr(day("2026-06-14")) }), invalid("input.when.untilOn IMPOSSIBLE_DATE")},
		"ends before":      {h.county(), when(func(r *workflow.VisitRecurrence) { r.FromOn, r.UntilOn = day("2026-08-01"), ptr(day("2026-07-31")) }), invalid("input.when.untilOn IMPOSSIBLE_DATE")},
		"begun long ago":   {h.county(), when(func(r *workflow.VisitRecurrence) { r.FromOn = day("2025-06-13") }), invalid("input.when.fromOn IMPOSSIBLE_DATE")},
		"no day in a span": {h.county(), when(func(r *workflow.VisitRecurrence) { r.FromOn, r.UntilOn = day("2026-06-16"), ptr(day("2026-07-14")) }), invalid("input.when NO_DAY")},
		"holidays alone": {h.county(), when(func(r *workflow.VisitRecurrence) {
			r.Recurrence, r.Days, r.Dates, r.Shift = kind.OnGivenDates, nil, []time.Time{day("2026-06-19")}, kind.ShiftSkip
		}), invalid("input.when NO_DAY")},
		"a closed station":       {h.county(), func(in *workflow.CreateVisitRule) { in.Division, in.Station = nil, &closed.ID }, conflict("input.station CLOSED")},
		"a station elsewhere":    {h.county(), func(in *workflow.CreateVisitRule) { in.Division, in.Station = nil, &far.ID }, notFound("input.station")},
		"a division elsewhere":   {h.county(), func(in *workflow.CreateVisitRule) { in.Division = &beihu }, notFound("input.division")},
		"a division above":       {h.township(), nil, notFound("input.division")},
		"a keeper's division":    {h.keeper, func(in *workflow.CreateVisitRule) { in.Division = &guoyuan }, denied("input.division")},
		"another keeper's":       {h.officer(other), func(in *workflow.CreateVisitRule) { h.ofStation(in) }, notFound("input.station")},
		"a deputy's":             {h.as("DEPUTY", guoyuan), nil, refusal{kind: fault.ErrForbidden}},
		"committee staff's":      {h.as("COMMITTEE_STAFF", county), nil, refusal{kind: fault.ErrForbidden}},
		"a name that turns over": {h.county(), func(in *workflow.CreateVisitRule) { in.Name = "接待\u202e日" }, invalid("input.name MALFORMED")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.CreateVisitRule(c.ctx, monthly(c.change))
				return err
			})
		})
	}
	for name, c := range map[string]struct {
		in   workflow.PreviewVisitRule
		want refusal
	}{
		"none asked for": {workflow.PreviewVisitRule{When: monthly(nil).When}, invalid("input.first OUT_OF_RANGE")},
		"no day": {workflow.PreviewVisitRule{When: workflow.VisitRecurrence{
			Recurrence: kind.OnMonthDays, Days: []int{15}, Shift: kind.ShiftNone, FromOn: day("2026-06-16"), UntilOn: ptr(day("2026-06-20")),
		}, First: 3}, invalid("input.when NO_DAY")},
	} {
		t.Run("preview of "+name, func(t *testing.T) {
			_, err := h.desk.PreviewVisitRule(h.county(), c.in)
			c.want.check(t, err)
		})
	}
	again := monthly(func(in *workflow.CreateVisitRule) { in.IdempotencyKey = ptr("rule 1") })
	if a, b := h.rule(h.county(), again), h.rule(h.county(), again); a.ID != b.ID {
		t.Error("a retry made another rule")
	}
}

// The end of a rule cancels what it had planned after it, and leaves what was published.
func TestEndVisitRule(t *testing.T) {
	h := newVisitHouse(t, 1)
	r := h.rule(h.county(), monthly(nil))
	own := h.rule(h.keeper, monthly(func(in *workflow.CreateVisitRule) {
		h.ofStation(in)
		in.When.Days = []int{1}
	}))
	h.plan(h.keeper, planAt(h.station.ID, "2026-10-31"))
	days := h.days(h.station.ID)
	if got := h.told(h.station.ID); got != "06-15, 07-01, 07-15, 08-03, 08-17, 09-01, 09-15, 10-08, 10-15" {
		t.Fatal(got)
	}
	h.publish(h.keeper, days[4].ID)
	end := func(id uuid.UUID, until string) workflow.EndVisitRule {
		return workflow.EndVisitRule{ID: id, UntilOn: day(until)}
	}
	for name, c := range map[string]struct {
		ctx  context.Context
		in   workflow.EndVisitRule
		want refusal
	}{
		"a keeper":             {h.keeper, end(r.ID, "2026-07-31"), notFound("input.id")}, // seen, and not the keeper's to change
		"the township":         {h.township(), end(r.ID, "2026-07-31"), notFound("input.id")},
		"elsewhere":            {h.beihu(), end(r.ID, "2026-07-31"), notFound("input.id")},
		"before yesterday":     {h.county(), end(r.ID, "2026-06-13"), invalid("input.untilOn IMPOSSIBLE_DATE")},
		"another version":      {h.county(), workflow.EndVisitRule{ID: r.ID, ExpectedVersion: ptr(2), UntilOn: today}, conflict("input.expectedVersion VERSION")},
		"another's station":    {h.officer(h.house.station(guoyuan, "二站")), end(own.ID, "2026-07-31"), denied("input.id")},
		"far beyond the years": {h.county(), end(r.ID, "2046-06-13"), invalid("input.untilOn IMPOSSIBLE_DATE")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.EndVisitRule(c.ctx, c.in)
				return err
			})
		})
	}
	out, err := h.desk.EndVisitRule(h.county(), workflow.EndVisitRule{ID: r.ID, ExpectedVersion: ptr(1), UntilOn: day("2026-07-31")})
	if err != nil {
		t.Fatal(err)
	}
	if out.Cancelled != 2 || out.Standing != 1 || out.Rule.Version != 2 || h.audited(workflow.VerbEndVisitRule, "VisitRule", r.ID, "COUNTY_ADMIN@430121000000", county) == "" {
		t.Error("ended", out)
	}
	if got := h.told(h.station.ID); got != "06-15, 07-01, 07-15, 08-03, 08-17 PUBLISHED, 09-01, 09-15 CANCELLED, 10-08, 10-15 CANCELLED" {
		t.Error(got)
	}
	if _, err := h.desk.EndVisitRule(h.county(), end(r.ID, "2026-08-31")); err == nil {
		t.Error("a rule that has an end was given a later one")
	}
	if _, err := h.desk.EndVisitRule(h.keeper, end(own.ID, "2026-06-14")); err != nil {
		t.Error("the own rule:", err)
	}
	h.refused(conflict("input.id ENDED"), func() error {
		_, err := h.desk.EndVisitRule(h.keeper, end(own.ID, "2026-06-14"))
		return err
	})
	h.refused(conflict("input.rule ENDED"), func() error {
		_, err := h.desk.PlanVisitDays(h.keeper, workflow.PlanVisitDays{Rule: &own.ID, Until: day("2026-10-31")})
		return err
	})
	if n := h.plan(h.keeper, planAt(h.station.ID, "2026-10-31")); n != 0 {
		t.Errorf("%d days of rules that have ended", n)
	}
}

func TestPlanRefusals(t *testing.T) {
	h := newVisitHouse(t, 0)
	second, far := h.house.station(guoyuan, "二站"), h.house.station(beihu, "北湖站")
	r := h.rule(h.county(), monthly(nil))
	until := day("2026-08-31")
	for name, c := range map[string]struct {
		ctx  context.Context
		in   workflow.PlanVisitDays
		want refusal
	}{
		"for nothing":           {h.county(), workflow.PlanVisitDays{Until: until}, invalid("input.station EXCLUSIVE")},
		"for two":               {h.county(), workflow.PlanVisitDays{VisitScope: workflow.VisitScope{Station: &h.station.ID, Division: &county}, Until: until}, invalid("input.station EXCLUSIVE")},
		"into the past":         {h.county(), planAt(h.station.ID, "2026-06-14"), invalid("input.until IMPOSSIBLE_DATE")},
		"too far":               {h.county(), planAt(h.station.ID, "2027-06-17"), invalid("input.until IMPOSSIBLE_DATE")},
		"a station elsewhere":   {h.county(), planAt(far.ID, "2026-08-31"), notFound("input.station")},
		"a division elsewhere":  {h.county(), workflow.PlanVisitDays{VisitScope: workflow.VisitScope{Division: &beihu}, Until: until}, notFound("input.division")},
		"a rule elsewhere":      {h.beihu(), workflow.PlanVisitDays{Rule: &r.ID, Until: until}, notFound("input.rule")},
		"another's station":     {h.keeper, planAt(second.ID, "2026-08-31"), denied("input.station")},
		"a keeper's division":   {h.keeper, workflow.PlanVisitDays{VisitScope: workflow.VisitScope{Division: &guoyuan}, Until: until}, denied("input.division")},
		"a rule that was never": {h.county(), workflow.PlanVisitDays{Rule: ptr(uuid.New()), Until: until}, notFound("input.rule")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.PlanVisitDays(c.ctx, c.in)
				return err
			})
		})
	}
	// By a rule of the county a keeper plans for the own station alone.
	if n := h.plan(h.keeper, workflow.PlanVisitDays{Rule: &r.ID, Until: until}); n != 3 || h.told(second.ID) != "" {
		t.Error("a keeper planned", n, h.told(second.ID))
	}
}

// Several plan at once, people and the platform: each day is there once, and so is each deputy on it.
func TestPlannersAtOnce(t *testing.T) {
	h := newVisitHouse(t, 4)
	h.rule(h.county(), monthly(func(in *workflow.CreateVisitRule) {
		in.PerDay = 2
		in.When.Recurrence, in.When.Days = kind.OnWeekdays, []int{1, 4}
	}))
	planned := make([]int, 4)
	by := func(i int, plan func() (int, error)) func() error {
		return func() (err error) {
			planned[i], err = plan()
			return err
		}
	}
	for _, err := range h.atOnce("visit days:"+h.station.ID.String(),
		by(0, func() (int, error) { return h.desk.PlanVisitDays(h.keeper, planAt(h.station.ID, "2026-08-14")) }),
		by(1, func() (int, error) {
			return h.desk.PlanVisitDays(h.county(), workflow.PlanVisitDays{VisitScope: workflow.VisitScope{Division: &county}, Until: day("2026-08-14")})
		}),
		by(2, func() (int, error) { return h.clockworkAt(now).PlanAhead(t.Context()) }),
		by(3, func() (int, error) { return h.clockworkAt(now).PlanAhead(t.Context()) }),
	) {
		if err != nil {
			t.Error(err)
		}
	}
	if total := planned[0] + planned[1] + planned[2] + planned[3]; total != len(h.days(h.station.ID)) || total != 18 {
		t.Errorf("planned %v, there are %d", planned, len(h.days(h.station.ID)))
	}
	if n := h.count(`(SELECT FROM visit_day GROUP BY station_id, day HAVING count(*) > 1) twice`); n != 0 {
		t.Errorf("%d days are there twice", n)
	}
	if got := h.duty(h.deputies...); spread(got, h.deputies) > 1 || got[h.deputies[0]] != 9 {
		t.Errorf("duties %v", got)
	}
}

// Someone who comes later has a turn like the others from then on, and need not catch up with them.
func TestNewcomersOnTheRota(t *testing.T) {
	h := newVisitHouse(t, 3)
	h.rule(h.keeper, monthly(func(in *workflow.CreateVisitRule) {
		h.ofStation(in)
		in.When.Recurrence, in.When.Days, in.When.Shift = kind.OnWeekdays, []int{1, 2, 3, 4, 5}, kind.ShiftNone
	}))
	if n, err := h.clockworkAt(now).PlanAhead(t.Context()); n != 45 || err != nil { // nine weeks
		t.Fatal(n, err)
	}
	before := h.duty(h.deputies...)
	last := h.join("江新帆", h.station.ID)
	for n := range 28 { // day by day for four weeks
		if _, err := h.clockworkAt(now.AddDate(0, 0, n+1)).PlanAhead(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	got := h.duty(h.deputies...)
	if got[last] != 5 || spread(before, h.deputies[:3]) > 0 {
		t.Errorf("before %v, four weeks later %v", before, got)
	}
	for _, d := range h.deputies[:3] {
		if got[d]-before[d] != 5 {
			t.Errorf("before %v, four weeks later %v", before, got)
		}
	}
}
