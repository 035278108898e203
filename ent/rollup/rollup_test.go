package rollup_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
)

// seeds make the worlds of the tests that compare with a recount.
var seeds = []uint64{1, 2, 3}

// roles are those of a committee by the level of its division.
var roles = map[place.Level]viewer.Role{
	place.LevelNation: viewer.NationAdmin, place.LevelProvince: viewer.ProvinceAdmin, place.LevelCity: viewer.CityAdmin,
	place.LevelCounty: viewer.CountyAdmin, place.LevelTownship: viewer.TownshipAdmin, place.LevelVillage: viewer.StationKeeper,
}

// viewers are, for one division of each level, its committee, and below the nation a station's keeper and a portal there.
func viewers(t *testing.T, r *rand.Rand, w *world) (out []context.Context) {
	t.Helper()
	byLevel := map[place.Level][]*spot{}
	for _, s := range w.real() {
		byLevel[s.level] = append(byLevel[s.level], s)
	}
	for _, level := range place.Levels {
		if len(byLevel[level]) == 0 {
			continue
		}
		at := byLevel[level][r.IntN(len(byLevel[level]))].code
		out = append(out, as(t, roles[level], at), as(t, viewer.Portal, at))
		if level != place.LevelNation {
			out = append(out, as(t, viewer.StationKeeper, at))
		}
	}
	return append(out, viewer.NewContext(t.Context(), viewer.SystemJob("test")))
}

// somePeriods have bounds on days of the world's records; the sums of those of whole months are kept.
func somePeriods(r *rand.Rand) map[string]rollup.Period {
	from := day("2025-01-01").AddDate(0, 0, r.IntN(40))
	return map[string]rollup.Period{
		"days":       {From: from, To: from.AddDate(0, 0, r.IntN(20))},
		"month":      {From: day("2025-01-01"), To: day("2025-01-31")},
		"two months": {From: day("2025-01-01"), To: day("2025-02-28")},
		"quarter":    {From: day("2025-01-01"), To: day("2025-03-31")},
		"year":       {From: day("2024-01-01"), To: day("2024-12-31")},
	}
}

// twoOf are two different ones.
func twoOf(r *rand.Rand, names []string) []string {
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names[:2]
}

// today is when it is asked what is overdue.
var today = day("2025-02-05")

// below picks the places of a division, nothing when the viewer does not see it.
func below(v *viewer.Viewer, division *spot) func(*spot) bool {
	return func(s *spot) bool { return v.Sees(division.code) && s.in(division) }
}

func title(v *viewer.Viewer) string { return fmt.Sprintf("%s %s at %s", v.Kind, v.Role, v.Division) }

// TestSumsAreTheRecount asks for every division of random worlds, as viewers of every level, and counts again.
func TestSumsAreTheRecount(t *testing.T) {
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := busyWorld(seed)
			h := newHouse(t, w)
			r := rand.New(rand.NewPCG(seed, 1))
			for _, ctx := range viewers(t, r, w) {
				compareRosters(ctx, t, h, w)
				if k := viewer.FromContext(ctx).Kind; k != viewer.Area && k != viewer.System {
					continue
				}
				periods := somePeriods(r)
				for _, name := range twoOf(r, slices.Sorted(maps.Keys(periods))) {
					p := periods[name]
					t.Run(title(viewer.FromContext(ctx))+" "+name, func(t *testing.T) {
						compareSums(ctx, t, h, w, p)
						compareChildren(ctx, t, h, w, p)
					})
				}
			}
		})
	}
}

func compareSums(ctx context.Context, t *testing.T, h house, w *world, p rollup.Period) {
	t.Helper()
	v := viewer.FromContext(ctx)
	got, err := rollup.Self(ctx, h.client, w.places(), p, rollup.All(), today)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(w.places()) {
		t.Errorf("%d sums for %d divisions", len(got), len(w.places()))
	}
	for _, s := range w.real() {
		want := recount{w, v, below(v, s)}.sums(p, today)
		if diff := cmp.Diff(want, numbersOf(got[s.code])); diff != "" {
			t.Errorf("%s: (-recount +sum)\n%s", s.name, diff)
		}
	}
}

func compareRosters(ctx context.Context, t *testing.T, h house, w *world) {
	t.Helper()
	v := viewer.FromContext(ctx)
	got, err := rollup.Roster(ctx, h.client, w.places())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range w.real() {
		want := recount{w, v, below(v, s)}.roster()
		if diff := cmp.Diff(want, got[s.code]); diff != "" {
			t.Errorf("%s: roster of %s: (-recount +roster)\n%s", title(v), s.name, diff)
		}
	}
}

// persons are counted once, and so do not add up over rows.
var persons = []rollup.Measure{rollup.Deputies, rollup.DeputiesPosted, rollup.DeputiesAttended}

// childrenRow is a row as the recount has it.
type childrenRow struct {
	Code  place.Code
	Level place.Level
	Name  string
	Own   bool
	Sums  numbers
}

func byChildren(of *spot, p rollup.Period) rollup.Question {
	return rollup.Question{
		Division: rollup.Place{Code: of.code, Level: of.level}, By: rollup.ByChildren, Period: p, Want: rollup.All(), First: 1000, Today: today,
	}
}

// compareChildren also holds the rows against the whole: all but the persons add up.
func compareChildren(ctx context.Context, t *testing.T, h house, w *world, p rollup.Period) {
	t.Helper()
	v := viewer.FromContext(ctx)
	for i, division := range w.real() {
		if i%3 != int(p.To.Unix()/86400)%3 {
			continue // the others are asked of other periods
		}
		found, err := rollup.Rows(ctx, h.client, byChildren(division, p))
		if err != nil {
			t.Fatal(err)
		}
		var got []childrenRow
		sum := numbers{}
		for _, r := range found {
			row := childrenRow{r.Code, r.Level, r.Name, r.Own, numbersOf(r.Sums)}
			got = append(got, row)
			for m, n := range row.Sums {
				sum[m] += n
			}
		}
		if diff := cmp.Diff(childrenOf(w, v, division, p), got); diff != "" {
			t.Errorf("below %s: (-recount +rows)\n%s", division.name, diff)
		}
		whole := recount{w, v, below(v, division)}.sums(p, today)
		for _, m := range persons {
			if sum[m] < whole[m] {
				t.Errorf("%s has more %s than its rows", division.name, m)
			}
			delete(sum, m)
			delete(whole, m)
		}
		if diff := cmp.Diff(whole, sum); diff != "" {
			t.Errorf("%s: (-whole +rows together)\n%s", division.name, diff)
		}
	}
}

// childrenOf recounts the rows below a division.
func childrenOf(w *world, v *viewer.Viewer, division *spot, p rollup.Period) (rows []childrenRow) {
	if !v.Sees(division.code) {
		return nil
	}
	var children []*spot
	for _, s := range w.real() {
		if s.parent == division && v.Sees(s.code) {
			children = append(children, s)
		}
	}
	own := recount{w, v, func(s *spot) bool { return s == division || len(children) == 0 && s.in(division) }}.sums(p, today)
	if len(own) > 0 {
		rows = append(rows, childrenRow{division.code, division.level, division.name, true, own})
	}
	for _, s := range children {
		rows = append(rows, childrenRow{s.code, s.level, s.name, false, recount{w, v, below(v, s)}.sums(p, today)})
	}
	return rows
}

// TestOnlyWhatIsWanted takes each measure alone: it is what it is among all, the others that do not share in it stay zero, and it costs one statement: of the
// sums that are kept, or of the records on other days.
func TestOnlyWhatIsWanted(t *testing.T) {
	w := busyWorld(5)
	h := newHouse(t, w)
	ctx := as(t, viewer.NationAdmin, place.Nation)
	nation := []rollup.Place{{Code: place.Nation, Level: place.LevelNation}}
	ask := func(p rollup.Period, want rollup.Set) (got numbers, statements int) {
		t.Helper()
		statements = h.counted(func() {
			sums, err := rollup.Self(ctx, h.client, nation, p, want, today)
			if err != nil {
				t.Fatal(err)
			}
			got = numbersOf(sums[place.Nation])
		})
		return got, statements
	}
	// What of the day alone can tell is never kept.
	further := map[rollup.Measure]int{rollup.OpinionsOverdue: 1, rollup.OpinionsLate: 1}
	for name, p := range map[string]rollup.Period{
		"month": {From: day("2025-01-01"), To: day("2025-01-31")}, "days": {From: day("2025-01-10"), To: day("2025-01-30")},
	} {
		whole, _ := ask(p, rollup.All())
		for _, m := range rollup.Measures {
			got, statements := ask(p, rollup.NewSet(m))
			if got[m] != whole[m] {
				t.Errorf("%s of the %s: %d alone, %d among all", m, name, got[m], whole[m])
			}
			if want := 1 + further[m]; statements != want {
				t.Errorf("%s of the %s: %d statements, want %d", m, name, statements, want)
			}
		}
		if got, statements := ask(p, rollup.Set{}); len(got) != 0 || statements != 0 {
			t.Errorf("nothing of the %s: %v by %d statements", name, got, statements)
		}
		if got, _ := ask(p, rollup.NewSet(rollup.Mandates)); len(got) > 1+len(kind.CongressLevels) {
			t.Errorf("mandates alone tell %v", got)
		}
	}
	if _, statements := ask(rollup.Period{From: day("2025-01-01"), To: day("2025-01-31")}, rollup.All()); statements != 3 {
		t.Errorf("all measures of a month: %d statements, want those kept, of constituencies, and of what is overdue since today", statements)
	}
}

// everySource is how many statements count all measures from the records.
const everySource = 17

func TestStatementsDoNotGrow(t *testing.T) {
	w := &world{}
	province := &spot{code: place.MustParse("43"), level: place.LevelProvince, name: "湖南省"}
	county := &spot{code: place.MustParse("430121"), level: place.LevelCounty, name: "长沙县", parent: province}
	w.spots = []*spot{province, county}
	var townships []rollup.Place
	for i := range place.Code(50) {
		s := &spot{code: county.code + (i+100)*1000, level: place.LevelTownship, name: "乡", parent: county}
		w.spots = append(w.spots, s)
		townships = append(townships, rollup.Place{Code: s.code, Level: s.level})
	}
	h := newHouse(t, w)
	ctx := as(t, viewer.CountyAdmin, county.code)
	p := rollup.Period{From: day("2025-01-10"), To: day("2025-01-30")}
	asked := map[string]func(divisions []rollup.Place) error{
		"Self": func(divisions []rollup.Place) error {
			_, err := rollup.Self(ctx, h.client, divisions, p, rollup.All(), today)
			return err
		},
		"Roster": func(divisions []rollup.Place) error {
			_, err := rollup.Roster(ctx, h.client, divisions)
			return err
		},
	}
	for name, ask := range asked {
		var counts []int
		for _, divisions := range [][]rollup.Place{townships[:1], townships, append(townships, townships...)} {
			counts = append(counts, h.counted(func() {
				if err := ask(divisions); err != nil {
					t.Fatal(err)
				}
			}))
		}
		if want := map[string]int{"Self": everySource, "Roster": 1}[name]; counts[0] != want || counts[1] != want || counts[2] != want {
			t.Errorf("%s of 1, 50 and 50 named twice: %v statements, want %d", name, counts, want)
		}
	}
	children := h.counted(func() {
		rows, err := rollup.Rows(ctx, h.client, byChildren(county, p))
		if err != nil || len(rows) != 50 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
	})
	if want := 1 + 2*everySource; children != want { // the divisions, then the children, then the county's own
		t.Errorf("Children of 50: %d statements, want %d", children, want)
	}
}

// TestDays walks over the days on which things begin and end.
func TestDays(t *testing.T) {
	at := &spot{code: place.MustParse("430121107204"), level: place.LevelVillage, name: "花果村"}
	first, end := day("2025-03-10"), day("2025-03-20")
	w := &world{spots: []*spot{at}}
	station := &stationRecord{id: newID(1), at: at, kind: kind.StationPoint, opened: first, closed: end}
	mandate := &mandateRecord{id: newID(2), deputy: newID(3), at: at, level: kind.Township, status: "ENDED", elected: first, ended: end}
	w.stations, w.mandates = []*stationRecord{station}, []*mandateRecord{mandate}
	w.postings = []*postingRecord{{station: station, mandate: mandate, started: first, ended: end}}
	h := newHouse(t, w)
	ctx := as(t, viewer.StationKeeper, at.code)
	for _, tt := range []struct {
		from, to                string
		open, opened, closed    int
		mandates, posted, cover int
	}{
		{"2025-03-01", "2025-03-09", 0, 0, 0, 0, 0, 0},
		{"2025-03-01", "2025-03-10", 1, 1, 0, 1, 1, 1},
		{"2025-03-10", "2025-03-10", 1, 1, 0, 1, 1, 1},
		{"2025-03-11", "2025-03-19", 1, 0, 0, 1, 1, 1},
		{"2025-03-11", "2025-03-20", 0, 0, 1, 0, 0, 0},
		{"2025-03-10", "2025-03-20", 0, 1, 1, 0, 0, 0},
		{"2025-03-21", "2025-03-31", 0, 0, 0, 0, 0, 0},
	} {
		p := rollup.Period{From: day(tt.from), To: day(tt.to).Add(23 * time.Hour)}
		sums, err := rollup.Self(ctx, h.client, []rollup.Place{{Code: at.code, Level: at.level}}, p, rollup.All(), today)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, m := range []rollup.Measure{
			rollup.Stations, rollup.StationsOpened, rollup.StationsClosed, rollup.Mandates, rollup.Postings, rollup.VillagesCovered,
		} {
			got = append(got, int(sums[at.code].Of(m)))
		}
		if diff := cmp.Diff([]int{tt.open, tt.opened, tt.closed, tt.mandates, tt.posted, tt.cover}, got); diff != "" {
			t.Errorf("%s to %s: open, opened, closed, mandates, postings, covered (-want +got)\n%s", tt.from, tt.to, diff)
		}
	}
}

// TestNothingBeside: a county that asks its sibling learns nothing, not even what a deputy posted across makes visible.
func TestNothingBeside(t *testing.T) {
	province := &spot{code: place.MustParse("43"), level: place.LevelProvince, name: "湖南省"}
	mine := &spot{code: place.MustParse("430121"), level: place.LevelCounty, name: "长沙县", parent: province}
	beside := &spot{code: place.MustParse("431002"), level: place.LevelCounty, name: "北湖区", parent: province}
	w := &world{spots: []*spot{province, mine, beside}}
	for i, at := range []*spot{mine, beside} {
		n := byte(10 * i)
		s := &stationRecord{id: newID(n + 1), at: at, kind: kind.StationHome, opened: day("2025-01-01")}
		m := &mandateRecord{id: newID(n + 2), deputy: newID(n + 3), at: at, level: kind.County, status: "CONFIRMED", elected: day("2025-01-01")}
		w.stations, w.mandates = append(w.stations, s), append(w.mandates, m)
	}
	// The deputy of the county beside is posted here.
	w.postings = []*postingRecord{{station: w.stations[0], mandate: w.mandates[1], started: day("2025-01-02")}}
	h := newHouse(t, w)
	p := rollup.Period{From: day("2025-01-10"), To: day("2025-01-30")}
	ask := func(ctx context.Context, s *spot) (numbers, []*rollup.Row, rollup.RosterLevel) {
		t.Helper()
		division := rollup.Place{Code: s.code, Level: s.level}
		sums, err := rollup.Self(ctx, h.client, []rollup.Place{division}, p, rollup.All(), today)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := rollup.Rows(ctx, h.client, byChildren(s, p))
		if err != nil {
			t.Fatal(err)
		}
		rosters, err := rollup.Roster(ctx, h.client, []rollup.Place{division})
		if err != nil {
			t.Fatal(err)
		}
		return numbersOf(sums[s.code]), rows, rosters[s.code][3]
	}
	here := as(t, viewer.CountyAdmin, mine.code)
	for _, s := range []*spot{beside, province} {
		sums, rows, roster := ask(here, s)
		if diff := cmp.Diff(numbers{}, sums); diff != "" {
			t.Errorf("%s sums to something for %s: %s", s.name, mine.name, diff)
		}
		if len(rows) != 0 || roster != (rollup.RosterLevel{Level: kind.County}) {
			t.Errorf("%s shows %s rows %v, roster %+v", s.name, mine.name, rows, roster)
		}
	}
	// The control: each county sees its own.
	for _, s := range []*spot{mine, beside} {
		sums, rows, roster := ask(as(t, viewer.CountyAdmin, s.code), s)
		if sums[rollup.Stations] != 1 || sums[rollup.Mandates] != 1 || len(rows) != 1 || roster.Mandates != 1 {
			t.Errorf("%s sees of itself: %+v, rows %v, roster %+v", s.name, sums, rows, roster)
		}
	}
}

func TestWhoMayAsk(t *testing.T) {
	h := newHouse(t, &world{spots: []*spot{{code: place.MustParse("430121"), level: place.LevelCounty, name: "长沙县"}}})
	at := rollup.Place{Code: place.MustParse("430121"), Level: place.LevelCounty}
	p := rollup.Period{From: day("2025-01-10"), To: day("2025-01-30")}
	verbs := map[string]func(context.Context) error{
		"Self": func(ctx context.Context) error {
			_, err := rollup.Self(ctx, h.client, []rollup.Place{at}, p, rollup.All(), today)
			return err
		},
		"Rows": func(ctx context.Context) error {
			_, err := rollup.Rows(ctx, h.client, rollup.Question{Division: at, By: rollup.ByChildren, Period: p, Want: rollup.All(), First: 10, Today: today})
			return err
		},
		"Roster": func(ctx context.Context) error {
			_, err := rollup.Roster(ctx, h.client, []rollup.Place{at})
			return err
		},
	}
	for _, k := range viewer.Kinds {
		ctx := viewer.NewContext(t.Context(), &viewer.Viewer{Subject: "test", Kind: k, Division: at.Code, Lo: at.Code, Hi: at.Code + 1})
		for name, ask := range verbs {
			var want error
			switch {
			case k == viewer.Area, k == viewer.System, k == viewer.Public && name == "Roster":
			default:
				want = fault.ErrForbidden
			}
			if err := ask(ctx); !errors.Is(err, want) {
				t.Errorf("%s by %s: %v, want %v", name, k, err, want)
			}
		}
	}
	for name, ask := range verbs {
		if err := ask(t.Context()); !errors.Is(err, fault.ErrUnauthenticated) {
			t.Errorf("%s by no one: %v", name, err)
		}
	}
}

func TestUnknownLevel(t *testing.T) {
	h := newHouse(t, &world{})
	ctx := as(t, viewer.NationAdmin, place.Nation)
	_, err := rollup.Self(ctx, h.client, []rollup.Place{{Code: place.MustParse("43"), Level: "SHIRE"}}, rollup.Period{}, rollup.All(), today)
	if err == nil {
		t.Error("a level that is none was summed")
	}
}

func TestEndedContext(t *testing.T) {
	h := newHouse(t, &world{})
	ctx, cancel := context.WithCancel(as(t, viewer.NationAdmin, place.Nation))
	cancel()
	nation := rollup.Place{Code: place.Nation, Level: place.LevelNation}
	_, self := rollup.Self(ctx, h.client, []rollup.Place{nation}, rollup.Period{}, rollup.All(), today)
	_, rows := rollup.Rows(ctx, h.client, rollup.Question{Division: nation, By: rollup.ByChildren, Want: rollup.All(), First: 10, Today: today})
	_, roster := rollup.Roster(ctx, h.client, []rollup.Place{nation})
	for name, err := range map[string]error{"Self": self, "Rows": rows, "Roster": roster} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
