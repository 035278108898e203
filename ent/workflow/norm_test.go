package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/tally"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// eightOnes are the norms of 和顺县, 八个一: four a month and four a year.
func eightOnes() []duty.NormItem {
	attended := func(ways ...kind.Way) duty.Filter { return duty.Filter{Deed: kind.DeedAttendance, Ways: ways} }
	recorded := func(k kind.Record) duty.Filter {
		return duty.Filter{Deed: kind.DeedRecord, Records: []kind.Record{k}}
	}
	return []duty.NormItem{
		{Key: "RECEPTION", Name: "每月接待一次群众", Filter: attended(kind.WayReception), Period: kind.PeriodMonth, Required: 1},
		{Key: "OPINION", Name: "每月反映一条社情民意", Filter: duty.Filter{Deed: kind.DeedOpinion}, Period: kind.PeriodMonth, Required: 1},
		{Key: "STATION", Name: "每月进站一次", Filter: attended(), Period: kind.PeriodMonth, Required: 1},
		{Key: "TRAINING", Name: "每月参加一次培训", Filter: duty.Filter{Deed: kind.DeedTraining}, Period: kind.PeriodMonth, Required: 1},
		{Key: "JOURNAL", Name: "每年一本民情日志", Filter: recorded(kind.RecordJournal), Period: kind.PeriodYear, Required: 1},
		{Key: "LIVELIHOOD", Name: "每年一件民生实事", Filter: recorded(kind.RecordLivelihood), Period: kind.PeriodYear, Required: 1},
		{Key: "STORY", Name: "每年一个履职故事", Filter: recorded(kind.RecordStory), Period: kind.PeriodYear, Required: 1},
		{Key: "DUTY_REPORT", Name: "每年一次述职", Filter: recorded(kind.RecordDutyReport), Period: kind.PeriodYear, Required: 1},
	}
}

func (h *house) norms(from string) workflow.SetNorms {
	return workflow.SetNorms{
		NewEdition: workflow.NewEdition{Congress: h.congress[county], Level: kind.County, Name: "八个一", FromOn: day(from)}, Items: eightOnes(),
	}
}

// member is the context of a deputy.
func (h *house) asDeputy(deputy uuid.UUID, at place.Code) context.Context {
	ctx := h.as(viewer.Deputy, at)
	viewer.FromContext(ctx).Person = deputy
	return ctx
}

// worked is an activity at a station on a day, confirmed, that a deputy attended; it answers the attendance.
func (h *house) worked(s *gen.Station, m uuid.UUID, on string, way kind.Way) uuid.UUID {
	h.Helper()
	code := int64(s.Code)
	a := h.row("activity", s.Code, map[string]any{
		"code_then": code, "station_id": s.ID, "title": "进站活动", "way": way, "setting": kind.SettingInStation, "day": on,
		"begins_at": day(on).Add(time.Hour), "ends_at": day(on).Add(2 * time.Hour), "state": state.ActivityConfirmed,
	})
	return h.row("attendance", s.Code, map[string]any{
		"code_then": code, "activity_id": a, "station_id": s.ID, "deputy_id": h.deputyOf(m), "mandate_id": m, "level": kind.County,
		"guest": false, "day": on, "source": kind.AttendanceRecorded,
	})
}

func TestNormEditions(t *testing.T) {
	h := newHouse(t)
	set := func(from string) *gen.NormSet {
		t.Helper()
		n, err := h.desk.SetNorms(h.county(), h.norms(from))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	first := set("2025-01-01")
	if first.Edition != 1 || first.UntilOn != nil || len(first.Items) != 8 || first.Code != county {
		t.Errorf("%v", first)
	}
	h.audited(workflow.VerbSetNorms, "NormSet", first.ID, "COUNTY_ADMIN@430121000000", county)
	// The one before ends on the day before; a correction on its first day leaves nothing of it.
	second := set("2026-01-01")
	third := set("2026-01-01")
	if second.Edition != 2 || third.Edition != 3 {
		t.Errorf("editions %d and %d", second.Edition, third.Edition)
	}
	for id, until := range map[uuid.UUID]string{first.ID: "2025-12-31", second.ID: "2025-12-31"} {
		if h.count(`norm_set WHERE id = $1 AND until_on = $2 AND version = 2`, id, until) != 1 {
			t.Errorf("%s does not end on %s", id, until)
		}
	}
	h.refused(invalid("input.fromOn IMPOSSIBLE_DATE"), func() error {
		_, err := h.desk.SetNorms(h.county(), h.norms("2025-12-31"))
		return err
	})
	// A retry with the key answers the same.
	in := h.norms("2026-02-01")
	in.IdempotencyKey = ptr("once")
	a, err := h.desk.SetNorms(h.county(), in)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := h.desk.SetNorms(h.county(), in); err != nil || b.ID != a.ID {
		t.Errorf("a retry: %v, %v", b, err)
	}
	end := func(ctx context.Context, in workflow.EndEdition) error {
		_, err := h.desk.EndNorms(ctx, in)
		return err
	}
	h.refused(conflict("input.id ENDED"), func() error { return end(h.county(), workflow.EndEdition{ID: first.ID, UntilOn: today}) })
	h.refused(conflict("input.expectedVersion VERSION"), func() error {
		return end(h.county(), workflow.EndEdition{ID: a.ID, ExpectedVersion: ptr(7), UntilOn: today})
	})
	h.refused(invalid("input.untilOn IMPOSSIBLE_DATE"), func() error { return end(h.county(), workflow.EndEdition{ID: a.ID, UntilOn: day("2026-01-31")}) })
	h.refused(denied("input.id"), func() error { return end(h.township(), workflow.EndEdition{ID: a.ID, UntilOn: today}) })
	h.refused(denied("input.id"), func() error { return end(h.city(), workflow.EndEdition{ID: a.ID, UntilOn: today}) })
	h.refused(notFound("input.id"), func() error { return end(h.beihu(), workflow.EndEdition{ID: a.ID, UntilOn: today}) })
	if err := end(h.county(), workflow.EndEdition{ID: a.ID, UntilOn: today}); err != nil {
		t.Fatal(err)
	}
	h.audited(workflow.VerbEndNorms, "NormSet", a.ID, "COUNTY_ADMIN@430121000000", county)
}

func TestNormRefusals(t *testing.T) {
	h := newHouse(t)
	with := func(change func(*workflow.SetNorms)) workflow.SetNorms {
		in := h.norms("2026-01-01")
		change(&in)
		return in
	}
	item := func(change func(*duty.NormItem)) workflow.SetNorms {
		return with(func(in *workflow.SetNorms) { change(&in.Items[1]) })
	}
	for name, c := range map[string]struct {
		ctx  context.Context
		in   workflow.SetNorms
		want refusal
	}{
		"no items":         {h.county(), with(func(in *workflow.SetNorms) { in.Items = nil }), invalid("input.items REQUIRED")},
		"too many items":   {h.county(), with(func(in *workflow.SetNorms) { in.Items = manyItems(51) }), invalid("input.items TOO_MANY")},
		"a key twice":      {h.county(), item(func(i *duty.NormItem) { i.Key = "RECEPTION" }), invalid("input.items.1.key DUPLICATE")},
		"a key in Chinese": {h.county(), item(func(i *duty.NormItem) { i.Key = "接待" }), invalid("input.items.1.key MALFORMED")},
		"no name":          {h.county(), item(func(i *duty.NormItem) { i.Name = " " }), invalid("input.items.1.name REQUIRED")},
		"nothing asked":    {h.county(), item(func(i *duty.NormItem) { i.Required = 0 }), invalid("input.items.1.required OUT_OF_RANGE")},
		"minus one asked":  {h.county(), item(func(i *duty.NormItem) { i.Required = -1 }), invalid("input.items.1.required OUT_OF_RANGE")},
		"too much asked":   {h.county(), item(func(i *duty.NormItem) { i.Required = 367 }), invalid("input.items.1.required OUT_OF_RANGE")},
		"no period":        {h.county(), item(func(i *duty.NormItem) { i.Period = "" }), invalid("input.items.1.period UNKNOWN_VALUE")},
		"claims":           {h.county(), item(func(i *duty.NormItem) { i.Deed = kind.DeedClaim }), invalid("input.items.1.deed MISMATCH")},
		"unknown deed":     {h.county(), item(func(i *duty.NormItem) { i.Deed = "X" }), invalid("input.items.1.deed UNKNOWN_VALUE")},
		"ways of opinions": {
			h.county(), item(func(i *duty.NormItem) { i.Ways = []kind.Way{kind.WayHelp} }), invalid("input.items.1.ways MISMATCH"),
		},
		"kinds of opinions": {
			h.county(), item(func(i *duty.NormItem) { i.Records = []kind.Record{kind.RecordStory} }), invalid("input.items.1.records MISMATCH"),
		},
		"a way twice": {
			h.county(), with(func(in *workflow.SetNorms) { in.Items[0].Ways = []kind.Way{kind.WayHelp, kind.WayHelp} }), invalid("input.items.0.ways DUPLICATE"),
		},
		"several faults": {
			h.county(), with(func(in *workflow.SetNorms) { in.Name, in.Level, in.Items[2].Required = "", "X", 0 }),
			invalid("input.level UNKNOWN_VALUE", "input.name REQUIRED", "input.items.2.required OUT_OF_RANGE"),
		},
		"far ahead":                 {h.county(), with(func(in *workflow.SetNorms) { in.FromOn = day("2027-06-16") }), invalid("input.fromOn IMPOSSIBLE_DATE")},
		"the congress above":        {h.county(), with(func(in *workflow.SetNorms) { in.Congress = h.congress[changsha] }), notFound("input.congress")},
		"the congress below":        {h.county(), with(func(in *workflow.SetNorms) { in.Congress = h.congress[guoyuan] }), denied("input.congress")},
		"from above":                {h.city(), h.norms("2026-01-01"), denied("input.congress")},
		"from another county":       {h.beihu(), h.norms("2026-01-01"), notFound("input.congress")},
		"a congress that never was": {h.county(), with(func(in *workflow.SetNorms) { in.Congress = uuid.New() }), notFound("input.congress")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error { _, err := h.desk.SetNorms(c.ctx, c.in); return err })
		})
	}
	for _, role := range []viewer.Role{viewer.CommitteeStaff, viewer.Supervisor, viewer.StationKeeper, viewer.Deputy, viewer.Department, viewer.Portal} {
		if _, err := h.desk.SetNorms(h.as(role, county), h.norms("2026-01-01")); !errors.Is(err, fault.ErrForbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
}

func manyItems(n int) []duty.NormItem {
	out := make([]duty.NormItem, n)
	for i := range out {
		out[i] = eightOnes()[1]
		out[i].Key = fmt.Sprintf("ITEM_%d", i)
	}
	return out
}

// Two editions at once follow each other: one ends where the other begins.
func TestNormsAtOnce(t *testing.T) {
	h := newHouse(t)
	set := func(from string) func() error {
		return func() error { _, err := h.desk.SetNorms(h.county(), h.norms(from)); return err }
	}
	errs := h.atOnce("norms "+h.congress[county].String()+" COUNTY", set("2026-01-01"), set("2026-01-01"))
	if errs[0] != nil || errs[1] != nil {
		t.Fatal(errs)
	}
	if h.count(`norm_set WHERE edition = 1 AND until_on = '2025-12-31'`) != 1 || h.count(`norm_set WHERE edition = 2 AND until_on IS NULL`) != 1 {
		t.Error("the editions do not follow each other")
	}
}

func TestRemindDeputies(t *testing.T) {
	h := newHouse(t)
	s := h.station(guoyuan, "果园镇人大代表联络站")
	lazy := h.register(h.county(), "江一帆", h.congress[county], nil)
	h.post(h.county(), lazy, s.ID, kind.PostingConstituency, "2024-01-01")
	busy := h.register(h.county(), "江二帆", h.congress[county], nil)
	in := h.norms("2026-01-01")
	in.Items = in.Items[2:3] // once a month to the station
	if _, err := h.desk.SetNorms(h.county(), in); err != nil {
		t.Fatal(err)
	}
	h.worked(s, busy, "2026-06-02", kind.WayHelp)
	h.worked(s, lazy, "2026-05-31", kind.WayHelp)
	remind := func(ctx context.Context, ids ...uuid.UUID) (*workflow.Reminded, error) {
		return h.desk.RemindDeputies(ctx, workflow.RemindDeputies{Mandates: ids})
	}
	before := h.count(`river_job WHERE kind = 'notice'`)
	if r, err := remind(h.county(), lazy, busy); err != nil || r.Mandates != 1 {
		t.Fatalf("%v, %v", r, err)
	}
	if h.count(`river_job WHERE kind = 'notice' AND args->>'notice' = 'NORM_REMINDER' AND args->>'entity' = 'Mandate' AND args->>'id' = $1`, lazy) != 1 {
		t.Error("the one who lacks something is not told")
	}
	if n := h.count(`river_job WHERE kind = 'notice'`); n != before+1 {
		t.Errorf("%d notices, want one", n-before)
	}
	if detail := h.audited(workflow.VerbRemindDeputies, "Division", h.divisionID(county), "COUNTY_ADMIN@430121000000", county); !strings.Contains(detail, lazy.String()) {
		t.Error("audit detail:", detail)
	}
	if r, err := remind(h.county(), busy); err != nil || r.Mandates != 0 {
		t.Errorf("of one who has done everything: %v, %v", r, err)
	}
	h.refused(notFound("input.mandates.1"), func() error { _, err := remind(h.township(), lazy, busy); return err })
	h.refused(notFound("input.mandates.0"), func() error { _, err := remind(h.beihu(), lazy); return err })
	h.refused(invalid("input.mandates REQUIRED"), func() error { _, err := remind(h.county()); return err })
	h.refused(invalid("input.mandates TOO_MANY"), func() error { _, err := remind(h.county(), slices.Repeat([]uuid.UUID{lazy}, 101)...); return err })
}

func TestSuspensions(t *testing.T) {
	h := newHouse(t)
	m := h.register(h.county(), "江一帆", h.congress[county], nil)
	to := func(status state.Mandate, on *time.Time) (*gen.Mandate, error) {
		return h.desk.ChangeMandate(h.county(), workflow.ChangeMandate{ID: m, Status: status, On: on})
	}
	d := func(text string) *time.Time { v := day(text); return &v }
	check := func(want ...duty.Suspension) {
		t.Helper()
		got, err := h.client.Mandate.Get(h.county(), m)
		if err != nil || !slices.Equal(got.Suspensions, want) {
			t.Errorf("%v, %v, want %v", got.Suspensions, err, want)
		}
	}
	refused := func(status state.Mandate, on *time.Time, want refusal) {
		t.Helper()
		h.refused(want, func() error { _, err := to(status, on); return err })
	}
	impossible := invalid("input.on IMPOSSIBLE_DATE")
	refused(state.MandateSuspended, d("2021-11-19"), impossible) // before the election
	refused(state.MandateSuspended, d("2026-06-16"), impossible) // tomorrow
	if _, err := to(state.MandateSuspended, d("2025-03-20")); err != nil {
		t.Fatal(err)
	}
	check(duty.Suspension{From: "2025-03-20"})
	refused(state.MandateConfirmed, d("2025-03-19"), impossible) // before it began
	if _, err := to(state.MandateConfirmed, d("2025-04-02")); err != nil {
		t.Fatal(err)
	}
	check(duty.Suspension{From: "2025-03-20", Until: "2025-04-02"})
	refused(state.MandateSuspended, d("2025-04-01"), impossible) // within the first
	if _, err := to(state.MandateSuspended, nil); err != nil {
		t.Fatal(err)
	}
	check(duty.Suspension{From: "2025-03-20", Until: "2025-04-02"}, duty.Suspension{From: "2026-06-15"})
	if _, _, err := h.desk.EndMandate(h.county(), workflow.EndMandate{ID: m, EndedOn: today, Reason: kind.EndResigned}); err != nil {
		t.Fatal(err)
	}
	check(duty.Suspension{From: "2025-03-20", Until: "2025-04-02"}, duty.Suspension{From: "2026-06-15", Until: "2026-06-15"})

	other := person("江二帆", h.congress[county], nil)
	other.Mandate.Confirmed = false
	deputy, err := h.desk.RegisterDeputy(h.county(), other)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.owner.QueryRowContext(t.Context(), `SELECT id FROM mandate WHERE deputy_id = $1`, deputy.ID).Scan(&m); err != nil {
		t.Fatal(err)
	}
	refused(state.MandateConfirmed, d("2026-06-01"), invalid("input.on MISMATCH")) // nothing to suspend
}

// The norms of the nearest congress hold: a township's own go before the county's for as long as they are in force.
func TestNearestNorms(t *testing.T) {
	h := newDutyHouse(t)
	ofCounty, err := h.desk.SetNorms(h.county(), h.norms("2025-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	in := h.norms("2025-04-01")
	in.Congress, in.Items = h.congress[guoyuan], in.Items[2:3]
	ofTownship, err := h.desk.SetNorms(h.township(), in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.EndNorms(h.township(), workflow.EndEdition{ID: ofTownship.ID, UntilOn: day("2025-09-30")}); err != nil {
		t.Fatal(err)
	}
	h.worked(h.station, h.mandate, "2025-05-03", kind.WayHelp)
	m, err := h.client.Mandate.Get(h.county(), h.mandate)
	if err != nil {
		t.Fatal(err)
	}
	for name, ctx := range map[string]context.Context{"the county": h.county(), "the township": h.township(), "the deputy": h.own()} {
		checks, err := tally.Checks(ctx, h.client, []*gen.Mandate{m}, 2025, today)
		if err != nil {
			t.Fatal(err)
		}
		got := map[uuid.UUID]map[duty.Standing]int{ofCounty.ID: {}, ofTownship.ID: {}}
		for _, c := range checks[m.ID] {
			got[c.Set][c.Standing]++
			if (c.Set == ofTownship.ID) != (c.From().Month() >= time.April && c.From().Month() <= time.September) {
				t.Errorf("%s: %s is asked for from %s by the other congress", name, c.Item.Key, c.From().Format(time.DateOnly))
			}
		}
		// The county asks for four things in each of six months, and for nothing a year long; the township for one in each of the other six.
		if got[ofCounty.ID][duty.Missing] != 24 || got[ofTownship.ID][duty.Missing] != 5 || got[ofTownship.ID][duty.Met] != 1 || len(checks[m.ID]) != 30 {
			t.Errorf("%s sees %v", name, got)
		}
	}
}
