package workflow_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// newRotaHouse has three days planned for July to September, with one of three deputies on duty each.
func newRotaHouse(t *testing.T) *visitHouse {
	t.Helper()
	h := newVisitHouse(t, 3)
	h.rule(h.keeper, monthly(func(in *workflow.CreateVisitRule) {
		h.ofStation(in)
		in.When.FromOn = day("2026-07-01")
	}))
	h.plan(h.keeper, planAt(h.station.ID, "2026-09-30"))
	return h
}

func TestChangeVisitDay(t *testing.T) {
	h := newRotaHouse(t)
	days := h.days(h.station.ID)
	d, err := h.desk.ChangeVisitDay(h.keeper, workflow.ChangeVisitDay{
		ID: days[0].ID, ExpectedVersion: ptr(1), Day: workflow.To(day("2026-07-16")), Begins: workflow.To("14:30"), Ends: workflow.To("17:00"),
		Location: workflow.To(" 花果村文化广场 "), Theme: workflow.Emptied[string](), Reason: "与会议冲突",
	})
	if err != nil {
		t.Fatal(err)
	}
	if d.Day.Format(time.DateOnly) != "2026-07-16" || !d.BeginsAt.Equal(clockAt("2026-07-16", "14:30")) || !d.EndsAt.Equal(clockAt("2026-07-16", "17:00")) ||
		*d.Location != "花果村文化广场" || d.Theme != nil || *d.Reason != "与会议冲突" || d.Version != 2 || d.State != state.VisitDayPlanned {
		t.Error("changed", d)
	}
	detail := h.audited(workflow.VerbChangeVisitDay, "VisitDay", d.ID, "STATION_KEEPER@430121107000", guoyuan)
	for _, want := range []string{`"from": "2026-07-15"`, `"to": "2026-07-16"`, "beginsAt", "endsAt", "花果村文化广场", "与会议冲突"} {
		if !strings.Contains(detail, want) {
			t.Errorf("the audit does not tell %s: %s", want, detail)
		}
	}
	if h.notices() != "" {
		t.Error("of a day that nobody knows of was told:", h.notices())
	}
	h.publish(h.keeper, d.ID)
	if _, err := h.desk.ChangeVisitDay(h.county(), workflow.ChangeVisitDay{ID: d.ID, Theme: workflow.To("助学"), Reason: "另定主题"}); err != nil {
		t.Fatal(err)
	}
	if h.notices() != "VISIT_DAY_PUBLISHED VisitDay, VISIT_DAY_CHANGED VisitDay" {
		t.Error(h.notices())
	}

	today := h.house.station(guoyuan, "二站")
	h.rule(h.county(), monthly(func(in *workflow.CreateVisitRule) {
		in.Division, in.Station, in.When.FromOn = nil, &today.ID, day("2026-06-15")
	}))
	h.plan(h.county(), planAt(today.ID, "2026-06-30"))
	begun := h.days(today.ID)[0]
	change := func(c func(*workflow.ChangeVisitDay)) workflow.ChangeVisitDay {
		in := workflow.ChangeVisitDay{ID: days[1].ID, Reason: "另有安排"}
		c(&in)
		return in
	}
	for name, c := range map[string]struct {
		ctx  context.Context
		in   workflow.ChangeVisitDay
		want refusal
	}{
		"nothing":       {h.keeper, change(func(*workflow.ChangeVisitDay) {}), invalid("input EMPTY")},
		"what it is":    {h.keeper, change(func(in *workflow.ChangeVisitDay) { in.Theme = workflow.To("听民声") }), invalid("input EMPTY")},
		"no reason":     {h.keeper, change(func(in *workflow.ChangeVisitDay) { in.Theme, in.Reason = workflow.To("新"), " " }), invalid("input.reason REQUIRED")},
		"into the past": {h.keeper, change(func(in *workflow.ChangeVisitDay) { in.Day = workflow.To(day("2026-06-14")) }), invalid("input.day IMPOSSIBLE_DATE")},
		"too far":       {h.keeper, change(func(in *workflow.ChangeVisitDay) { in.Day = workflow.To(day("2027-06-17")) }), invalid("input.day IMPOSSIBLE_DATE")},
		"no day":        {h.keeper, change(func(in *workflow.ChangeVisitDay) { in.Day = workflow.Emptied[time.Time]() }), invalid("input.day REQUIRED")},
		"a strange time": {h.keeper, change(func(in *workflow.ChangeVisitDay) {
			in.Begins, in.Ends = workflow.To("9:00"), workflow.Emptied[string]()
		}), invalid("input.begins MALFORMED", "input.ends MALFORMED")},
		"ends first":      {h.keeper, change(func(in *workflow.ChangeVisitDay) { in.Begins = workflow.To("12:00") }), invalid("input.ends REVERSED")},
		"another day's":   {h.keeper, change(func(in *workflow.ChangeVisitDay) { in.Day = workflow.To(day("2026-09-15")) }), conflict("input.day DUPLICATE")},
		"another version": {h.keeper, change(func(in *workflow.ChangeVisitDay) { in.Theme, in.ExpectedVersion = workflow.To("新"), ptr(9) }), conflict("input.expectedVersion VERSION")},
		"of another":      {h.officer(today), change(func(in *workflow.ChangeVisitDay) { in.Theme = workflow.To("新") }), denied("input.id")},
		"elsewhere":       {h.beihu(), change(func(in *workflow.ChangeVisitDay) { in.Theme = workflow.To("新") }), notFound("input.id")},
		"a time gone by":  {h.county(), workflow.ChangeVisitDay{ID: begun.ID, Begins: workflow.To("00:10"), Reason: "提前开始"}, invalid("input.day IMPOSSIBLE_DATE")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.ChangeVisitDay(c.ctx, c.in)
				return err
			})
		})
	}
}

func TestPublishVisitDays(t *testing.T) {
	h := newRotaHouse(t)
	days := h.days(h.station.ID)
	for name, c := range map[string]struct {
		ctx  context.Context
		in   workflow.PublishVisitDays
		want refusal
	}{
		"nothing":           {h.keeper, workflow.PublishVisitDays{}, invalid("input.ids EXCLUSIVE")},
		"no end":            {h.keeper, workflow.PublishVisitDays{VisitScope: workflow.VisitScope{Station: &h.station.ID}}, invalid("input.until REQUIRED")},
		"an end of some":    {h.keeper, workflow.PublishVisitDays{IDs: []uuid.UUID{days[0].ID}, Until: ptr(day("2026-08-01"))}, invalid("input.until EXCLUSIVE")},
		"too many":          {h.keeper, workflow.PublishVisitDays{IDs: make([]uuid.UUID, 101)}, invalid("input.ids TOO_MANY")},
		"one that is not":   {h.keeper, workflow.PublishVisitDays{IDs: []uuid.UUID{days[0].ID, uuid.New()}}, notFound("input.ids.1")},
		"elsewhere":         {h.beihu(), workflow.PublishVisitDays{IDs: []uuid.UUID{days[0].ID}}, notFound("input.ids.0")},
		"another's":         {h.officer(h.house.station(guoyuan, "二站")), workflow.PublishVisitDays{IDs: []uuid.UUID{days[0].ID}}, denied("input.ids.0")},
		"a keeper's county": {h.keeper, workflow.PublishVisitDays{VisitScope: workflow.VisitScope{Division: &guoyuan}, Until: ptr(day("2026-08-01"))}, denied("input.division")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.PublishVisitDays(c.ctx, c.in)
				return err
			})
		})
	}
	publish := func(ctx context.Context, in workflow.PublishVisitDays, want int) {
		t.Helper()
		if n, err := h.desk.PublishVisitDays(ctx, in); err != nil || n != want {
			t.Error(n, err)
		}
	}
	publish(h.keeper, workflow.PublishVisitDays{IDs: []uuid.UUID{days[1].ID, days[1].ID}}, 1) // named twice, told once
	h.audited(workflow.VerbPublishVisitDays, "VisitDay", days[1].ID, "STATION_KEEPER@430121107000", guoyuan)
	publish(h.county(), workflow.PublishVisitDays{VisitScope: workflow.VisitScope{Division: &county}, Until: ptr(day("2026-08-31"))}, 1)
	publish(h.county(), workflow.PublishVisitDays{VisitScope: workflow.VisitScope{Division: &county}, Until: ptr(day("2026-08-31"))}, 0)
	publish(h.keeper, workflow.PublishVisitDays{VisitScope: workflow.VisitScope{Station: &h.station.ID}, Until: ptr(day("2026-12-31"))}, 1)
	if got := h.told(h.station.ID); got != "07-15 PUBLISHED, 08-17 PUBLISHED, 09-15 PUBLISHED" {
		t.Error(got)
	}
	if d := h.days(h.station.ID)[0]; !d.PublishedAt.Equal(now) || d.Version != 2 {
		t.Error("published", d)
	}
	if got := strings.Count(h.notices(), "VISIT_DAY_PUBLISHED VisitDay"); got != 3 {
		t.Error(h.notices())
	}
	h.refused(conflict("input.ids.0 STATE"), func() error {
		_, err := h.desk.PublishVisitDays(h.keeper, workflow.PublishVisitDays{IDs: []uuid.UUID{days[0].ID}})
		return err
	})
}

// A station cannot turn a day that it has missed into one that was cancelled; its organ may.
func TestCancelAfterTheDay(t *testing.T) {
	h := newRotaHouse(t)
	day := h.days(h.station.ID)[0]
	later := h.deskAt(noon(day.Day.AddDate(0, 0, 1).Format(time.DateOnly)))
	h.refused(conflict("input.id OVER"), func() error {
		_, err := later.CancelVisitDay(h.keeper, workflow.CancelVisitDay{ID: day.ID, Reason: "暴雨"})
		return err
	})
	d, err := later.CancelVisitDay(h.as(viewer.TownshipAdmin, guoyuan), workflow.CancelVisitDay{ID: day.ID, Reason: "暴雨"})
	if err != nil || d.State != state.VisitDayCancelled {
		t.Error(d, err)
	}
}

// A day that is cancelled takes the appointments on it along, and nothing can be done with it any more; nor with one that was held.
func TestCancelAndHold(t *testing.T) {
	h := newRotaHouse(t)
	days := h.days(h.station.ID)
	asked, accepted, declined := h.appointment(days[0], "REQUESTED"), h.appointment(days[0], "ACCEPTED"), h.appointment(days[0], "DECLINED")
	other := h.appointment(days[1], "ACCEPTED")
	h.publish(h.keeper, days[1].ID)
	h.refused(invalid("input.reason TOO_SHORT"), func() error {
		_, err := h.desk.CancelVisitDay(h.keeper, workflow.CancelVisitDay{ID: days[0].ID, Reason: "雨"})
		return err
	})
	h.refused(conflict("input.expectedVersion VERSION"), func() error {
		_, err := h.desk.CancelVisitDay(h.keeper, workflow.CancelVisitDay{ID: days[0].ID, ExpectedVersion: ptr(2), Reason: "暴雨"})
		return err
	})
	d, err := h.desk.CancelVisitDay(h.keeper, workflow.CancelVisitDay{ID: days[0].ID, ExpectedVersion: ptr(1), Reason: "暴雨"})
	if err != nil {
		t.Fatal(err)
	}
	if d.State != state.VisitDayCancelled || *d.Reason != "暴雨" || d.Version != 2 {
		t.Error("cancelled", d)
	}
	h.audited(workflow.VerbCancelVisitDay, "VisitDay", d.ID, "STATION_KEEPER@430121107000", guoyuan)
	for id, want := range map[uuid.UUID]string{asked: "CANCELLED", accepted: "CANCELLED", declined: "DECLINED", other: "ACCEPTED"} {
		if h.count(`appointment WHERE id = $1 AND state = $2 AND (state <> 'CANCELLED' OR reason = '暴雨' AND version = 2)`, id, want) != 1 {
			t.Errorf("an appointment is not %s", want)
		}
	}
	if got := h.notices(); got != "VISIT_DAY_PUBLISHED VisitDay, VISIT_DAY_CANCELLED VisitDay" {
		t.Error(got)
	}

	for range 2 { // put on record again after it was sent back
		if err := h.desk.HoldVisitDay(h.keeper, days[1].ID); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.told(h.station.ID); got != "07-15 CANCELLED, 08-17 HELD, 09-15" {
		t.Error(got)
	}
	duty := h.on(days[1].ID)[0]
	for _, gone := range days[:2] {
		for name, do := range map[string]func() error{
			"change": func() error {
				_, err := h.desk.ChangeVisitDay(h.keeper, workflow.ChangeVisitDay{ID: gone.ID, Theme: workflow.To("新"), Reason: "另定主题"})
				return err
			},
			"cancel": func() error {
				_, err := h.desk.CancelVisitDay(h.keeper, workflow.CancelVisitDay{ID: gone.ID, Reason: "暴雨"})
				return err
			},
		} {
			t.Run(name, func(t *testing.T) { h.sub(t).refused(conflict("input.id STATE"), do) })
		}
		h.refused(conflict("input.visitDay STATE"), func() error {
			_, err := h.desk.AssignDuty(h.keeper, workflow.AssignDuty{VisitDay: gone.ID, Deputy: h.deputies[0]})
			return err
		})
		h.refused(conflict("input.ids.0 STATE"), func() error {
			_, err := h.desk.PublishVisitDays(h.keeper, workflow.PublishVisitDays{IDs: []uuid.UUID{gone.ID}})
			return err
		})
	}
	h.refused(conflict("input.id STATE"), func() error {
		_, err := h.desk.SubstituteDuty(h.keeper, workflow.SubstituteDuty{ID: duty.ID, Deputy: h.deputies[0], Reason: "外出"})
		return err
	})
	h.refused(conflict("input.id STATE"), func() error { return h.desk.HoldVisitDay(h.keeper, days[0].ID) })

	// What was on record is cancelled: the day was not held after all, and may still be made good. Days not held stay as they are.
	for _, id := range []uuid.UUID{days[1].ID, days[1].ID, days[2].ID, days[0].ID} {
		if err := h.desk.UnholdVisitDay(h.keeper, id); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.told(h.station.ID); got != "07-15 CANCELLED, 08-17 MISSED, 09-15" {
		t.Error(got)
	}
	if err := h.desk.HoldVisitDay(h.keeper, days[1].ID); err != nil || h.told(h.station.ID) != "07-15 CANCELLED, 08-17 HELD, 09-15" {
		t.Error(err, h.told(h.station.ID))
	}
}

func TestDuties(t *testing.T) {
	h := newRotaHouse(t)
	days := h.days(h.station.ID)
	first := h.on(days[0].ID)[0]
	if first.DeputyID != h.deputies[0] {
		t.Fatal("not in turn")
	}
	guest := h.register(h.beihu(), "北一帆", h.congress[beihu], nil)
	h.post(h.nation(), guest, h.station.ID, kind.PostingCross, "2024-01-01")
	far := h.deputyOf(h.register(h.beihu(), "北二帆", h.congress[beihu], nil))
	near := h.deputyOf(h.register(h.county(), "江三帆", h.congress[guoyuan], nil))
	left := h.join("江四帆", h.station.ID)
	suspended := h.join("江五帆", h.station.ID)
	if _, _, err := h.desk.EndMandate(h.county(), workflow.EndMandate{ID: h.mandates[3], EndedOn: today, Reason: kind.EndResigned}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.ChangeMandate(h.county(), workflow.ChangeMandate{ID: h.mandates[4], Status: state.MandateSuspended}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		ctx    context.Context
		deputy uuid.UUID
		want   refusal
	}{
		"on duty already": {h.keeper, h.deputies[0], conflict("input.deputy DUPLICATE")},
		"posted nowhere":  {h.county(), near, conflict("input.deputy NOT_POSTED")},
		"not in sight":    {h.keeper, far, notFound("input.deputy")},
		"gone":            {h.county(), left, conflict("input.deputy NOT_POSTED")},
		"suspended":       {h.keeper, suspended, conflict("input.deputy NOT_ON_ROLL")},
		"elsewhere":       {h.beihu(), h.deputies[1], notFound("input.visitDay")},
		"another's":       {h.officer(h.house.station(guoyuan, "二站")), h.deputies[1], denied("input.visitDay")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.AssignDuty(c.ctx, workflow.AssignDuty{VisitDay: days[0].ID, Deputy: c.deputy})
				return err
			})
		})
	}
	h.refused(conflict("input.visitDay OVER"), func() error {
		_, err := h.deskAt(noon("2026-07-16")).AssignDuty(h.keeper, workflow.AssignDuty{VisitDay: days[0].ID, Deputy: h.deputies[1]})
		return err
	})

	h.publish(h.keeper, days[0].ID)
	in := workflow.AssignDuty{IdempotencyKey: ptr("duty 1"), VisitDay: days[0].ID, Deputy: h.deputyOf(guest)}
	duty, err := h.desk.AssignDuty(h.keeper, in)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := h.desk.AssignDuty(h.keeper, in); err != nil || again.ID != duty.ID {
		t.Error("a retry:", again, err)
	}
	if duty.MandateID != guest || duty.Code != guoyuan || duty.Replaced || duty.StationID != h.station.ID {
		t.Error("assigned", duty)
	}
	h.audited(workflow.VerbAssignDuty, "VisitDuty", duty.ID, "STATION_KEEPER@430121107000", guoyuan)

	for name, c := range map[string]struct {
		in   workflow.SubstituteDuty
		want refusal
	}{
		"by nobody posted":   {workflow.SubstituteDuty{ID: first.ID, Deputy: near, Reason: "外出"}, conflict("input.deputy NOT_POSTED")},
		"by the same":        {workflow.SubstituteDuty{ID: first.ID, Deputy: first.DeputyID, Reason: "外出"}, invalid("input.deputy SAME")},
		"by one on duty":     {workflow.SubstituteDuty{ID: first.ID, Deputy: duty.DeputyID, Reason: "外出"}, conflict("input.deputy DUPLICATE")},
		"without a reason":   {workflow.SubstituteDuty{ID: first.ID, Deputy: h.deputies[1]}, invalid("input.reason REQUIRED")},
		"of another version": {workflow.SubstituteDuty{ID: first.ID, ExpectedVersion: ptr(3), Deputy: h.deputies[1], Reason: "外出"}, conflict("input.expectedVersion VERSION")},
		"of nothing":         {workflow.SubstituteDuty{ID: uuid.New(), Deputy: h.deputies[1], Reason: "外出"}, notFound("input.id")},
	} {
		t.Run("taken over "+name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.SubstituteDuty(h.keeper, c.in)
				return err
			})
		})
	}
	taken, err := h.desk.SubstituteDuty(h.township(), workflow.SubstituteDuty{ID: first.ID, ExpectedVersion: ptr(1), Deputy: h.deputies[1], Reason: "外出学习"})
	if err != nil {
		t.Fatal(err)
	}
	if *taken.SubstituteFor != first.ID || taken.DeputyID != h.deputies[1] || taken.MandateID != h.mandates[1] {
		t.Error("taken over", taken)
	}
	h.audited(workflow.VerbSubstituteDuty, "VisitDuty", taken.ID, "TOWNSHIP_ADMIN@430121107000", guoyuan)
	if old := h.on(days[0].ID)[0]; !old.Replaced || *old.Reason != "外出学习" || old.Version != 2 {
		t.Error("replaced", old)
	}
	h.refused(conflict("input.id REPLACED"), func() error {
		_, err := h.desk.SubstituteDuty(h.keeper, workflow.SubstituteDuty{ID: first.ID, Deputy: h.deputies[2], Reason: "外出"})
		return err
	})
	// The one who was replaced may come after all.
	if _, err := h.desk.AssignDuty(h.keeper, workflow.AssignDuty{VisitDay: days[0].ID, Deputy: h.deputies[0]}); err != nil {
		t.Error(err)
	}
	want := "VISIT_DAY_PUBLISHED VisitDay, VISIT_DAY_CHANGED VisitDuty, VISIT_DAY_CHANGED VisitDuty, VISIT_DAY_CHANGED VisitDuty"
	if got := h.notices(); got != want {
		t.Error(got)
	}
}

// The rota follows the roster and the calendar by itself, once, though two look after it at a time.
func TestKeepRota(t *testing.T) {
	h := newVisitHouse(t, 3)
	h.rule(h.keeper, monthly(func(in *workflow.CreateVisitRule) {
		h.ofStation(in)
		in.PerDay = 0
	}))
	h.plan(h.keeper, planAt(h.station.ID, "2026-08-31"))
	days := h.days(h.station.ID)
	h.publish(h.keeper, days[1].ID)
	second := h.house.station(huangxin, "黄兴站")
	h.rule(h.county(), monthly(func(in *workflow.CreateVisitRule) { in.Division, in.Station = nil, &second.ID }))
	h.plan(h.county(), planAt(second.ID, "2026-07-31"))
	asked := h.appointment(h.days(second.ID)[1], "REQUESTED")
	if k := h.keep("2026-06-15"); k != (workflow.Kept{}) {
		t.Error("kept when there was nothing to do:", k)
	}

	if _, err := h.desk.CloseStation(h.county(), workflow.CloseStation{ID: second.ID, ClosedOn: today, Reason: "撤并"}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.ChangeMandate(h.county(), workflow.ChangeMandate{ID: h.mandates[1], Status: state.MandateSuspended}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.desk.EndMandate(h.county(), workflow.EndMandate{ID: h.mandates[2], EndedOn: today, Reason: kind.EndResigned}); err != nil {
		t.Fatal(err)
	}
	if k := h.keep("2026-06-16"); k != (workflow.Kept{Cancelled: 1, Released: 4}) { // what was to be on the 15th is left to the week
		t.Error("kept", k)
	}
	if got := h.told(second.ID); got != "06-15, 07-15 CANCELLED" {
		t.Error("the closed station:", got)
	}
	if h.count(`appointment WHERE id = $1 AND state = 'CANCELLED' AND reason = '站点已撤销'`, asked) != 1 {
		t.Error("the appointment at the closed station stands")
	}
	if got := h.duty(h.deputies...); got[h.deputies[0]] != 3 || got[h.deputies[1]] != 1 || got[h.deputies[2]] != 1 {
		t.Errorf("duties %v", got)
	}
	if n := h.count(`visit_duty WHERE replaced AND reason = '代表已不在本站点值班' AND version = 2`); n != 4 {
		t.Errorf("%d duties are released with the reason", n)
	}
	if got := h.notices(); got != "VISIT_DAY_PUBLISHED VisitDay, VISIT_DAY_CANCELLED VisitDay, VISIT_DAY_CHANGED VisitDuty, VISIT_DAY_CHANGED VisitDuty" {
		t.Error(got)
	}
	if n := h.count(`audit_entry WHERE subject = 'job:visits' AND verb = 'releaseDuty'`); n != 2 {
		t.Errorf("%d lines of released duties in the audit", n)
	}

	for _, c := range []struct {
		on   string
		want string
	}{
		{"2026-06-22", "06-15, 07-15 PUBLISHED, 08-17"}, // a week later
		{"2026-06-23", "06-15 MISSED, 07-15 PUBLISHED, 08-17"},
		{"2026-06-22", "06-15 MISSED, 07-15 PUBLISHED, 08-17"}, // the clock is set back
		{"2026-07-23", "06-15 MISSED, 07-15 MISSED, 08-17"},
	} {
		before := h.state()
		k := h.keep(c.on)
		if got := h.told(h.station.ID); got != c.want {
			t.Errorf("on %s: %s, %v", c.on, got, k)
		}
		if k == (workflow.Kept{}) && h.state() != before {
			t.Errorf("on %s something changed, though nothing was said to", c.on)
		}
	}
	h.refused(conflict("input.id STATE"), func() error {
		_, err := h.desk.CancelVisitDay(h.keeper, workflow.CancelVisitDay{ID: days[0].ID, Reason: "暴雨"})
		return err
	})
	if err := h.desk.HoldVisitDay(h.keeper, days[0].ID); err != nil {
		t.Error("a missed day cannot be made good:", err)
	}

	done := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := h.clockworkAt(noon("2026-09-01")).KeepRota(t.Context())
			done <- err
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	h.keep("2026-09-01") // whatever one of them left to the other
	if n := h.count(`audit_entry WHERE verb = 'missVisitDay' AND entity_id = $1`, days[2].ID); n != 1 || h.told(h.station.ID) != "06-15 HELD, 07-15 MISSED, 08-17 MISSED" {
		t.Errorf("missed %d times: %s", n, h.told(h.station.ID))
	}
}
