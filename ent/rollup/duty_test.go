package rollup_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

func equalDuty(a, b rollup.DutyMeasures) bool { return cmp.Equal(a, b, cmpopts.EquateEmpty()) }

// TestDutyIsTheRecount asks for every division of random worlds, as viewers of every level, and counts again.
func TestDutyIsTheRecount(t *testing.T) {
	var whole rollup.DutyMeasures
	reported := map[place.Level]int{}
	var organs rollup.OrganVisits
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := toilingWorld(seed)
			h := newHouse(t, w)
			r := rand.New(rand.NewPCG(seed, 6))
			for _, ctx := range viewers(t, r, w) {
				v := viewer.FromContext(ctx)
				if v.Kind != viewer.Area && v.Kind != viewer.System {
					continue
				}
				from := day("2025-01-01").AddDate(0, 0, r.IntN(20))
				q := rollup.DutyQuestion{Period: rollup.Period{From: from, To: from.AddDate(0, 0, 20+r.IntN(30))}, Want: rollup.WantAllDuty}
				narrow := q
				narrow.Station = pick(r, w.activities).station.id
				for _, asked := range []rollup.DutyQuestion{q, narrow} {
					compareDuty(ctx, t, h, w, asked)
				}
				divisions := someOf(r, w, v)
				for i, division := range divisions {
					compareDutyBelow(ctx, t, h, w, division, q)
					compareDutyRows(ctx, t, h, w, division, []rollup.DutyQuestion{q, narrow}[i%2])
					compareOrgans(ctx, t, h, w, division, q.Period, &organs)
				}
				compareReported(ctx, t, h, w, q.Period, reported)
			}
			all := recount{w, viewer.SystemJob("test"), func(*spot) bool { return true }}
			addDuty(&whole, all.duty(rollup.DutyQuestion{Period: rollup.Period{From: day("2025-01-01"), To: day("2025-03-31")}}, dutyAll))
		})
	}
	// What never occurs is not compared.
	if v := whole.VisitDays; v.Planned == 0 || v.Held == 0 || v.Missed == 0 || v.Cancelled == 0 {
		t.Errorf("the worlds have only visit days %+v", v)
	}
	if a, c := whole.Attendances, whole.Activities; a.Guests == 0 || a.Officials == 0 || a.Deputies == a.Total || c.Recorded == 0 || len(whole.Figures) == 0 {
		t.Errorf("the worlds have only activities %+v and attendances %+v", c, a)
	}
	if whole.Roll.Attended == 0 || whole.Roll.Attended == whole.Roll.Deputies {
		t.Errorf("the worlds have only the roll %+v", whole.Roll)
	}
	for _, level := range place.Levels {
		some := level == place.LevelCity || level == place.LevelCounty || level == place.LevelTownship
		if (reported[level] > 0) != some {
			t.Errorf("%d attendances are reported to a %s", reported[level], level)
		}
	}
	if organs.Visits <= organs.Officials || organs.Stations == 0 || organs.Contacts == 0 {
		t.Errorf("the worlds have only visits of officials %+v", organs)
	}
}

func compareDuty(ctx context.Context, t *testing.T, h house, w *world, q rollup.DutyQuestion) {
	t.Helper()
	v := viewer.FromContext(ctx)
	got, err := rollup.Duty(ctx, h.client, w.places(), q)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(w.places()) {
		t.Errorf("%s: %d sums for %d divisions", title(v), len(got), len(w.places()))
	}
	for _, s := range w.real() {
		want := recount{w, v, below(v, s)}.duty(q, dutyAll)
		if diff := cmp.Diff(&want, got[s.code], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s: (-recount +sum)\n%s", title(v), s.name, diff)
		}
	}
}

func compareDutyBelow(ctx context.Context, t *testing.T, h house, w *world, division *spot, q rollup.DutyQuestion) {
	t.Helper()
	v := viewer.FromContext(ctx)
	got, err := rollup.DutyRows(ctx, h.client, placeOf(division), rollup.DutyByChildren, q)
	if err != nil {
		t.Fatal(err)
	}
	var want []rollup.DutyRow
	var children []*spot
	for _, s := range w.real() {
		if s.parent == division && v.Sees(s.code) && v.Sees(division.code) {
			children = append(children, s)
		}
	}
	if v.Sees(division.code) {
		at := recount{w, v, func(s *spot) bool { return s == division || len(children) == 0 && s.in(division) }}
		own, nothing := at.duty(q, dutyAll), recount{w, v, func(*spot) bool { return false }}.duty(q, dutyAll)
		nothing.Roll = own.Roll
		if !equalDuty(own, nothing) {
			want = append(want, rollup.DutyRow{Code: division.code, Level: division.level, Name: division.name, Own: true, DutyMeasures: own})
		}
	}
	for _, s := range children {
		m := recount{w, v, below(v, s)}.duty(q, dutyAll)
		want = append(want, rollup.DutyRow{Code: s.code, Level: s.level, Name: s.name, DutyMeasures: m})
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: below %s: (-recount +rows)\n%s", title(v), division.name, diff)
	}
}

// compareDutyRows takes the other groupings, and holds the rows against the whole.
func compareDutyRows(ctx context.Context, t *testing.T, h house, w *world, division *spot, q rollup.DutyQuestion) {
	t.Helper()
	v := viewer.FromContext(ctx)
	counted := recount{w, v, below(v, division)}
	for _, by := range rollup.DutyBys {
		if by == rollup.DutyByChildren {
			continue
		}
		got, err := rollup.DutyRows(ctx, h.client, placeOf(division), by, q)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%s: %s by %s", title(v), division.name, by)
		if diff := cmp.Diff(counted.dutyRows(division, by, q), got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: (-recount +rows)\n%s", name, diff)
		}
		if !v.Sees(division.code) {
			continue
		}
		sum, whole := rollup.DutyMeasures{}, counted.duty(q, dutyAll)
		for _, row := range got {
			addDuty(&sum, row.DutyMeasures)
		}
		if sum.Attendances.Total != whole.Attendances.Total || sum.Attendances.Officials != whole.Attendances.Officials {
			t.Errorf("%s: the rows together have %+v, the whole %+v", name, sum.Attendances, whole.Attendances)
		}
		if by != rollup.DutyByLevel && sum.Activities != nil && *sum.Activities != *whole.Activities {
			t.Errorf("%s: the rows together have %+v, the whole %+v", name, *sum.Activities, *whole.Activities)
		}
	}
}

// addDuty adds every count.
func addDuty(sum *rollup.DutyMeasures, m rollup.DutyMeasures) {
	if v := m.VisitDays; v != nil {
		if sum.VisitDays == nil {
			sum.VisitDays = &rollup.VisitDayCounts{}
		}
		sum.VisitDays.Planned += v.Planned
		sum.VisitDays.Held += v.Held
		sum.VisitDays.Missed += v.Missed
		sum.VisitDays.Cancelled += v.Cancelled
	}
	if a := m.Activities; a != nil {
		if sum.Activities == nil {
			sum.Activities = &rollup.ActivityCounts{}
		}
		sum.Activities.Confirmed += a.Confirmed
		sum.Activities.Recorded += a.Recorded
	}
	sum.Attendances.Total += m.Attendances.Total
	sum.Attendances.Guests += m.Attendances.Guests
	sum.Attendances.Deputies += m.Attendances.Deputies
	sum.Attendances.Officials += m.Attendances.Officials
	for figure, value := range m.Figures {
		if sum.Figures == nil {
			sum.Figures = map[uuid.UUID]int64{}
		}
		sum.Figures[figure] += value
	}
	if l := m.Roll; l != nil {
		if sum.Roll == nil {
			sum.Roll = &rollup.RollCounts{}
		}
		sum.Roll.Deputies += l.Deputies
		sum.Roll.Attended += l.Attended
	}
}

func compareReported(ctx context.Context, t *testing.T, h house, w *world, p rollup.Period, seen map[place.Level]int) {
	t.Helper()
	v := viewer.FromContext(ctx)
	got, err := rollup.Reported(ctx, h.client, w.places(), p)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range w.real() {
		want := recount{w, v, below(v, s)}.reported(s, p)
		seen[s.level] += want.Attendances
		if diff := cmp.Diff(want, got[s.code]); diff != "" {
			t.Errorf("%s: reported to %s: (-recount +counts)\n%s", title(v), s.name, diff)
		}
	}
}

func compareOrgans(ctx context.Context, t *testing.T, h house, w *world, division *spot, p rollup.Period, sum *rollup.OrganVisits) {
	t.Helper()
	v := viewer.FromContext(ctx)
	got, err := rollup.OfficialVisits(ctx, h.client, placeOf(division), p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(recount{w, v, below(v, division)}.organs(p), got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: visits of officials in %s: (-recount +rows)\n%s", title(v), division.name, diff)
	}
	for _, o := range got {
		sum.Visits += o.Visits
		sum.Officials += o.Officials
		sum.Stations += o.Stations
		sum.Contacts += o.Contacts
	}
}

// TestBothReportingPaths: what a national deputy does at a station of a county stands in the county's list and in the city's, what a deputy of the
// county does in the county's alone; a city without counties has all of it.
func TestBothReportingPaths(t *testing.T) {
	province := &spot{code: place.MustParse("43"), level: place.LevelProvince, name: "湖南省"}
	city := &spot{code: place.MustParse("4301"), level: place.LevelCity, name: "长沙市", parent: province}
	county := &spot{code: place.MustParse("430121"), level: place.LevelCounty, name: "长沙县", parent: city}
	township := &spot{code: place.MustParse("430121107"), level: place.LevelTownship, name: "果园镇", parent: county}
	flat := &spot{code: place.MustParse("4302"), level: place.LevelCity, name: "无县之市", parent: province}
	below := &spot{code: place.MustParse("430200107"), level: place.LevelTownship, name: "无县之镇", parent: flat}
	w := &world{spots: []*spot{province, city, county, township, flat, below}}
	on := day("2022-05-15")
	for i, at := range []*spot{township, below} {
		s := &stationRecord{id: newID(byte(i + 1)), at: at, kind: kind.StationHome, opened: day("2020-01-01")}
		a := &activityRecord{id: newID(byte(i + 11)), station: s, day: on, way: kind.WayReception, setting: kind.SettingInStation, state: state.ActivityConfirmed}
		w.stations, w.activities = append(w.stations, s), append(w.activities, a)
		for j, level := range []kind.CongressLevel{kind.National, kind.County} {
			m := &mandateRecord{id: newID(byte(20 + 2*i + j)), deputy: newID(byte(30 + 2*i + j)), at: at, level: level, status: state.MandateConfirmed, elected: on}
			w.mandates = append(w.mandates, m)
			w.attendances = append(w.attendances, &attendanceRecord{activity: a, station: s, mandate: m})
		}
	}
	h := newHouse(t, w)
	for _, tt := range []struct {
		at               *spot
		role             viewer.Role
		national, county int
	}{
		{township, viewer.TownshipAdmin, 1, 1},
		{county, viewer.CountyAdmin, 1, 1},
		{city, viewer.CityAdmin, 1, 0},
		{flat, viewer.CityAdmin, 1, 1},
		{below, viewer.TownshipAdmin, 1, 1},
		{province, viewer.ProvinceAdmin, 0, 0},
	} {
		got, err := rollup.Reported(as(t, tt.role, tt.at.code), h.client, []rollup.Place{placeOf(tt.at)}, rollup.Period{From: on, To: on})
		if err != nil {
			t.Fatal(err)
		}
		c := got[tt.at.code]
		if c.Attendances != tt.national+tt.county || c.Levels[0].Attendances != tt.national || c.Levels[3].Attendances != tt.county {
			t.Errorf("%s receives %+v", tt.at.name, *c)
		}
	}
}

func TestDutyStatementsDoNotGrow(t *testing.T) {
	w := toilingWorld(4)
	h := newHouse(t, w)
	ctx := as(t, viewer.NationAdmin, place.Nation)
	q := rollup.DutyQuestion{Period: rollup.Period{From: day("2025-01-01"), To: day("2025-03-01")}}
	byLevel := map[place.Level][]rollup.Place{}
	for _, p := range w.places() {
		byLevel[p.Level] = append(byLevel[p.Level], p)
	}
	for want, statements := range map[rollup.DutyWant]int{
		0: 0, rollup.WantVisitDays: 1, rollup.WantActivities | rollup.WantFigures: 2, rollup.WantAllDuty: 5,
	} {
		q.Want = want
		for _, divisions := range [][]rollup.Place{byLevel[place.LevelVillage][:1], byLevel[place.LevelVillage], byLevel[place.LevelTownship]} {
			got := h.counted(func() { _, _ = rollup.Duty(ctx, h.client, divisions, q) })
			if got != statements {
				t.Errorf("%d divisions, groups %b: %d statements, want %d", len(divisions), want, got, statements)
			}
		}
	}
	nation := rollup.Place{Code: place.Nation, Level: place.LevelNation}
	q.Want = rollup.WantAllDuty
	for by, want := range map[rollup.DutyBy]int{
		rollup.DutyBySelf: 5, rollup.DutyByChildren: 11, rollup.DutyByMonth: 4, rollup.DutyByStationKind: 4, rollup.DutyByWay: 3, rollup.DutyByMode: 3,
		rollup.DutyBySetting: 3, rollup.DutyByLevel: 1,
	} {
		if got := h.counted(func() { _, _ = rollup.DutyRows(ctx, h.client, nation, by, q) }); got != want {
			t.Errorf("by %s: %d statements, want %d", by, got, want)
		}
	}
	for _, divisions := range [][]rollup.Place{byLevel[place.LevelCounty][:1], byLevel[place.LevelCounty]} {
		if got := h.counted(func() { _, _ = rollup.Reported(ctx, h.client, divisions, q.Period) }); got != 1 {
			t.Errorf("reports of %d divisions: %d statements, want 1", len(divisions), got)
		}
	}
	if got := h.counted(func() { _, _ = rollup.OfficialVisits(ctx, h.client, nation, q.Period) }); got != 1 {
		t.Errorf("visits of officials: %d statements, want 1", got)
	}
}

func TestAttendanceRate(t *testing.T) {
	for _, tt := range []struct {
		roll *rollup.RollCounts
		want *float64
	}{{nil, nil}, {&rollup.RollCounts{}, nil}, {&rollup.RollCounts{Deputies: 4}, new(float64)}} {
		if got := (&rollup.DutyMeasures{Roll: tt.roll}).AttendanceRate(); !cmp.Equal(got, tt.want) {
			t.Errorf("rate of %+v: %v", tt.roll, got)
		}
	}
	if got := (&rollup.DutyMeasures{Roll: &rollup.RollCounts{Deputies: 4, Attended: 3}}).AttendanceRate(); got == nil || *got != 0.75 {
		t.Errorf("rate of 3 among 4: %v", got)
	}
}

// dutyVerbs ask each of the sums of work about a division.
func dutyVerbs(h house, at rollup.Place, q rollup.DutyQuestion) map[string]func(context.Context) error {
	verbs := map[string]func(context.Context) error{
		"Duty": func(ctx context.Context) error {
			_, err := rollup.Duty(ctx, h.client, []rollup.Place{at}, q)
			return err
		},
		"Reported": func(ctx context.Context) error {
			_, err := rollup.Reported(ctx, h.client, []rollup.Place{at}, q.Period)
			return err
		},
		"OfficialVisits": func(ctx context.Context) error {
			_, err := rollup.OfficialVisits(ctx, h.client, at, q.Period)
			return err
		},
	}
	for _, by := range rollup.DutyBys {
		verbs["by "+string(by)] = func(ctx context.Context) error {
			_, err := rollup.DutyRows(ctx, h.client, at, by, q)
			return err
		}
	}
	return verbs
}

func TestWhoMayAskOfDuty(t *testing.T) {
	at := &spot{code: place.MustParse("430121"), level: place.LevelCounty, name: "长沙县"}
	h := newHouse(t, &world{spots: []*spot{at}})
	q := rollup.DutyQuestion{Period: rollup.Period{From: day("2025-03-03"), To: day("2025-03-03")}, Want: rollup.WantAllDuty}
	for name, ask := range dutyVerbs(h, placeOf(at), q) {
		for _, k := range viewer.Kinds {
			var want error
			if k != viewer.Area && k != viewer.System {
				want = fault.ErrForbidden
			}
			v := &viewer.Viewer{Subject: "test", Kind: k, Division: at.code, Lo: at.code, Hi: at.code + 1, Organ: newID(1)}
			if err := ask(viewer.NewContext(t.Context(), v)); !errors.Is(err, want) {
				t.Errorf("%s by %s: %v, want %v", name, k, err, want)
			}
		}
		if err := ask(t.Context()); !errors.Is(err, fault.ErrUnauthenticated) {
			t.Errorf("%s by no one: %v", name, err)
		}
		ctx, cancel := context.WithCancel(as(t, viewer.CountyAdmin, at.code))
		cancel()
		if err := ask(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s when it is over: %v", name, err)
		}
	}
	nation := as(t, viewer.NationAdmin, place.Nation)
	for name, ask := range dutyVerbs(h, rollup.Place{Code: place.MustParse("43"), Level: "SHIRE"}, q) {
		if name == "by CHILDREN" { // reads the level from the tree, which does not have the place
			continue
		}
		if err := ask(nation); err == nil {
			t.Errorf("%s of a level that is none", name)
		}
	}
	if _, err := rollup.DutyRows(nation, h.client, placeOf(at), "MOOD", q); err == nil {
		t.Error("work was grouped by what is none")
	}
}
