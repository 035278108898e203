package archive_test

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/archive"
	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// now is the time of the tests: 15 June 2026 in China, still the day before in UTC.
var now = time.Date(2026, time.June, 14, 16, 30, 0, 0, time.UTC)

// house is the world with a busy deputy in it.
type house struct {
	*testing.T
	world      *apitest.World
	busy       *apitest.Busy
	owner      *sql.DB
	client     *gen.Client
	statements atomic.Int64
}

// newHouse makes a house in which n records of each sort are told of the deputy.
func newHouse(t *testing.T, n int) *house {
	t.Helper()
	h := &house{T: t, world: apitest.NewWorld()}
	h.busy = h.world.NewBusy(7, n, calendar.Today(now))
	db := pgtest.New(t)
	h.owner = db.Owner(t)
	h.world.Load(t, h.owner)
	h.busy.Load(t, h.owner)
	pool, err := postgres.Open(db.AppURL, postgres.Options{MaxOpen: 4, Observe: func(context.Context, string) { h.statements.Add(1) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	h.client = postgres.Client(pool)
	return h
}

func (h *house) exec(statement string, args ...any) {
	h.Helper()
	if _, err := h.owner.ExecContext(h.Context(), statement, args...); err != nil {
		h.Fatal(err)
	}
}

// viewer makes a viewer of a role at a division.
func (h *house) viewer(role viewer.Role, division string) *viewer.Viewer {
	h.Helper()
	v, err := viewer.For("someone", role, place.MustParse(division))
	if err != nil {
		h.Fatal(err)
	}
	return v
}

func (h *house) deputy(id string) *viewer.Viewer {
	v := h.viewer(viewer.Deputy, "430121")
	v.Person = uuid.MustParse(id)
	return v
}

func (h *house) read(v *viewer.Viewer) (*archive.Archive, error) {
	return archive.Read(viewer.NewContext(h.Context(), v), h.client, uuid.MustParse(h.busy.Mandate), now)
}

func (h *house) must(v *viewer.Viewer) *archive.Archive {
	h.Helper()
	a, err := h.read(v)
	if err != nil {
		h.Fatal(err)
	}
	return a
}

// sums are the sums of an archive, told plainly.
type sums map[string]int

// recount counts a viewer's sums of a year, or of all years, from the facts alone.
func (h *house) recount(v *viewer.Viewer, year, last string) sums {
	out := sums{}
	count := func(of string, n int) {
		if n != 0 {
			out[of] += n
		}
	}
	for _, f := range h.busy.Facts {
		inSight := v.Kind == viewer.Self || v.Sees(place.MustParse(f.At))
		everywhere := slices.Contains([]string{"ATTENDANCE", "OPINION", "SUGGESTION", "TRAINING", "RECORD", "CONTACT"}, f.Section)
		if f.Day < h.busy.Elected || f.Day > last && f.Section != "EVALUATION" || !strings.HasPrefix(f.Day, year) || !inSight && !everywhere || f.Section == "PAIRING" {
			continue
		}
		if f.Section == "OPINION" && f.Sort == "DECLINED" && inSight {
			count("declined", 1)
		}
		if !f.Counts {
			continue
		}
		if f.Section == "VISIT_DAY" {
			count(f.Section+" "+f.Sort, 1)
			if f.Taken {
				count("taken", 1)
			}
			continue
		}
		count(f.Section, 1)
		if !inSight {
			count(f.Section+" outside", 1)
			if f.Section != "ATTENDANCE" && f.Section != "RECORD" {
				continue
			}
			count(f.Section+" "+f.Sort, 1)
			continue
		}
		switch f.Section {
		case "ATTENDANCE", "RECORD":
			count(f.Section+" "+f.Sort, 1)
		case "OPINION":
			if f.Sort == "CLOSED" || f.Sort == "CONVERTED" {
				count("closed", 1)
			}
		case "TRAINING":
			count("hours", f.N)
		case "POINT":
			count("points", f.N)
		}
		for _, word := range []string{f.Mode, f.Outcome, f.Rating} {
			if word != "" {
				count(f.Section+" "+word, 1)
			}
		}
		if f.Guest {
			count("guest", 1)
		}
	}
	return out
}

// plain tells an archive's sums as recount does.
func plain(s archive.Sums) sums {
	out := sums{
		"ATTENDANCE": s.Attendances, "ATTENDANCE outside": s.AttendancesOutside, "guest": s.AttendancesAsGuest,
		"VISIT_DAY KEPT": s.VisitsKept, "VISIT_DAY MISSED": s.VisitsMissed, "VISIT_DAY REPLACED": s.VisitsReplaced, "taken": s.VisitsTaken,
		"OPINION": s.Opinions, "OPINION outside": s.OpinionsOutside, "declined": s.OpinionsDeclined, "closed": s.OpinionsClosed,
		"SUGGESTION": s.Suggestions, "SUGGESTION outside": s.SuggestionsOutside,
		"TRAINING": s.Trainings, "TRAINING outside": s.TrainingsOutside, "hours": s.TrainingHours,
		"RECORD": s.Records, "RECORD outside": s.RecordsOutside, "points": s.Points,
		"CONTACT": s.Contacts, "CONTACT outside": s.ContactsOutside, "EVALUATION": s.Evaluations,
	}
	for before, counts := range map[string][]archive.Count{
		"ATTENDANCE ": slices.Concat(s.Ways, s.Modes), "OPINION ": slices.Concat(s.Outcomes, s.Ratings), "RECORD ": s.RecordKinds,
	} {
		for _, c := range counts {
			out[before+c.Key] = c.Count
		}
	}
	for of, n := range out {
		if n == 0 {
			delete(out, of)
		}
	}
	return out
}

// told are the keys that sums of an archive have.
func told(counted sums) sums {
	for _, of := range []string{
		"VISIT_DAY NOT_HELD", "VISIT_DAY CANCELLED", "VISIT_DAY TO_COME", "VISIT_DAY UNCONFIRMED", "POINT",
	} {
		delete(counted, of)
	}
	return counted
}

// TestArchiveAgainstRecount compares every sum of every year, for viewers of each level and the deputy, with a plain count of what was put in.
func TestArchiveAgainstRecount(t *testing.T) {
	h := newHouse(t, 80)
	viewers := map[string]*viewer.Viewer{
		"nation": h.viewer(viewer.NationAdmin, "000000000000"), "city": h.viewer(viewer.CityAdmin, "4301"), "county": h.viewer(viewer.CountyAdmin, "430121"),
		"county staff": h.viewer(viewer.CommitteeStaff, "430121"), "township": h.viewer(viewer.TownshipAdmin, "430121107"),
		"keeper": h.viewer(viewer.StationKeeper, "430121107"), "deputy": h.deputy(h.busy.Deputy),
	}
	outside := map[string]bool{}
	for _, end := range []string{"", "2025-03-01"} {
		last := "2026-06-15"
		if end != "" {
			h.exec(`UPDATE mandate SET status = 'ENDED', ended_on = $2, end_reason = 'RESIGNED' WHERE id = $1`, h.busy.Mandate, end)
			last = "2025-02-28"
		}
		for name, v := range viewers {
			a := h.must(v)
			if got := a.To.Format(time.DateOnly); got != last || a.From.Format(time.DateOnly) != h.busy.Elected {
				t.Errorf("%s: from %s to %s", name, a.From, got)
			}
			if got, want := plain(a.Total), told(h.recount(v, "", last)); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, to %s: %v, want %v", name, last, got, want)
			}
			outside[name] = outside[name] || a.Total.AttendancesOutside > 0
			for i, s := range a.Years {
				year := a.From.Year() + i
				got, want := plain(s), told(h.recount(v, time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006"), last))
				if s.Year != year || !reflect.DeepEqual(got, want) {
					t.Errorf("%s, year %d: %v, want %v", name, year, got, want)
				}
			}
			h.checkLines(name, a)
		}
	}
	for name, want := range map[string]bool{"nation": false, "city": false, "county": true, "county staff": true, "township": true, "keeper": true, "deputy": false} {
		if outside[name] != want {
			t.Errorf("%s: something is outside: %v", name, outside[name])
		}
	}
}

// checkLines looks at the lines of an archive: in order, complete, and silent about what is outside.
func (h *house) checkLines(name string, a *archive.Archive) {
	h.Helper()
	all := a.Timeline(nil, 0)
	if want := len(a.Attendances) + len(a.Visits) + len(a.Opinions) + len(a.Suggestions) + len(a.Trainings) + len(a.Records) + len(a.Points) + len(a.Contacts) +
		len(a.Evaluations); len(all) != want {
		h.Errorf("%s: %d lines of %d", name, len(all), want)
	}
	keys, bySection := map[uuid.UUID]bool{}, map[archive.Section]int{}
	for i, e := range all {
		if keys[e.Key] || e.Day.Before(a.From) || e.Day.After(a.To) && e.Section != archive.SectionEvaluation || i > 0 && e.Day.Before(all[i-1].Day) {
			h.Errorf("%s: line %d %+v", name, i, e)
		}
		keys[e.Key] = true
		bySection[e.Section]++
		if e.Outside && (e.Title != "" || e.Detail != "" || e.Station != nil || e.ID != uuid.Nil || e.Type != "" || e.Hours != nil) {
			h.Errorf("%s: it is told what was done outside: %+v", name, e)
		}
	}
	years := 0
	for _, s := range a.Years {
		years += len(a.Timeline(nil, s.Year))
	}
	sections := 0
	for _, s := range archive.Sections {
		of := a.Timeline([]archive.Section{s}, 0)
		if len(of) != bySection[s] {
			h.Errorf("%s: %d lines of %s, want %d", name, len(of), s, bySection[s])
		}
		sections += len(of)
	}
	if years != len(all) || sections != len(all) {
		h.Errorf("%s: %d lines by year, %d by section, %d in all", name, years, sections, len(all))
	}
	points, lines := 0, 0
	for _, item := range a.Items() {
		points += item.Points
		lines += item.Lines
	}
	if points != a.Total.Points || lines != len(a.Points) {
		h.Errorf("%s: items come to %d of %d points", name, points, a.Total.Points)
	}
}

// TestWhoReadsArchives: those in whose area the mandate is grouped, and the deputy; all others are answered as for one that never was.
func TestWhoReadsArchives(t *testing.T) {
	h := newHouse(t, 3)
	never := h.busy.Mandate
	h.busy.Mandate = uuid.NewString()
	_, unknown := h.read(h.viewer(viewer.CountyAdmin, "430121"))
	h.busy.Mandate = never
	if !errors.Is(unknown, fault.ErrNotFound) {
		t.Fatal(unknown)
	}
	for name, v := range map[string]*viewer.Viewer{
		"the county":     h.viewer(viewer.CountyAdmin, "430121"),
		"its supervisor": h.viewer(viewer.Supervisor, "430121"),
		"the township":   h.viewer(viewer.TownshipAdmin, "430121107"),
		"the keeper":     h.viewer(viewer.StationKeeper, "430121107"),
		"the province":   h.viewer(viewer.ProvinceAdmin, "43"),
		"the deputy":     h.deputy(h.busy.Deputy),
	} {
		if a, err := h.read(v); err != nil || a.Deputy.ID.String() != h.busy.Deputy || a.Mandate.ID.String() != h.busy.Mandate {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, v := range map[string]*viewer.Viewer{
		"the county posted to":      h.viewer(viewer.CountyAdmin, "430102"),
		"another county":            h.viewer(viewer.CountyAdmin, "431002"),
		"another township":          h.viewer(viewer.TownshipAdmin, "430121102"),
		"the keeper of a village":   h.viewer(viewer.StationKeeper, "430121107201"),
		"another deputy":            h.deputy(h.world.Spot("430121107").Deputy),
		"a deputy who is no person": h.deputy(uuid.Nil.String()),
		"a portal":                  h.viewer(viewer.Portal, "430121"),
		"a department":              h.viewer(viewer.Department, "430121"),
	} {
		if a, err := h.read(v); !errors.Is(err, fault.ErrNotFound) || a != nil || err.Error() != unknown.Error() {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := archive.Read(t.Context(), h.client, uuid.MustParse(h.busy.Mandate), now); !errors.Is(err, fault.ErrUnauthenticated) {
		t.Errorf("nobody: %v", err)
	}
}

// TestStatementsStayFlat: an archive of a hundred records of each sort costs as many statements as one of a few.
func TestStatementsStayFlat(t *testing.T) {
	costs := func(n int) int64 {
		h := newHouse(t, n)
		v := h.viewer(viewer.CountyAdmin, "430121")
		h.must(v)
		before := h.statements.Load()
		h.must(v)
		return h.statements.Load() - before
	}
	few, many := costs(12), costs(120)
	t.Logf("%d statements", few)
	if few != many || few > 45 {
		t.Errorf("%d statements for a few records, %d for many", few, many)
	}
}

// TestNormsOfArchive counts the months and years again in which the norms were met.
func TestNormsOfArchive(t *testing.T) {
	h := newHouse(t, 60)
	h.exec(`INSERT INTO norm_set (id, version, created_at, updated_at, code, province_code, city_code, county_code, congress_id, level, name, edition, items, from_on)
		SELECT gen_random_uuid(), 1, now(), now(), code, province_code, city_code, county_code, id, 'COUNTY', '八个一', 90, $2::jsonb, '2020-01-01' FROM congress WHERE id = $1`,
		h.world.Spot("430121").Congress, `[{"key": "VISIT", "name": "每月进站", "deed": "ATTENDANCE", "period": "MONTH", "required": 1},
			{"key": "STORY", "name": "履职故事", "deed": "RECORD", "records": ["STORY"], "period": "YEAR", "required": 2}]`)
	a := h.must(h.viewer(viewer.TownshipAdmin, "430121107"))
	// A period counts when the mandate lasted through it: from December 2021, and from the year 2022 on.
	met, missing, pending := map[string]int{}, map[string]int{}, map[string]int{}
	judge := func(item, period, before string, section, sort string, required int) {
		done := 0
		for _, f := range h.busy.Facts {
			if f.Section == section && f.Counts && strings.HasPrefix(f.Day, period) && (sort == "" || f.Sort == sort) && f.Day <= "2026-06-15" {
				done++
			}
		}
		switch {
		case done >= required:
			met[item]++
		case period < before:
			missing[item]++
		default:
			pending[item]++
		}
	}
	for month := time.Date(2021, time.December, 1, 0, 0, 0, 0, time.UTC); month.Before(now); month = month.AddDate(0, 1, 0) {
		judge("VISIT", month.Format("2006-01"), "2026-06", "ATTENDANCE", "", 1)
	}
	for _, year := range []string{"2022", "2023", "2024", "2025", "2026"} {
		judge("STORY", year, "2026", "RECORD", "STORY", 2)
	}
	got := map[string]*archive.Norm{}
	for _, n := range a.Norms {
		if got[n.Item.Key] == nil {
			got[n.Item.Key] = &archive.Norm{}
		}
		sum := got[n.Item.Key]
		sum.Met, sum.Missing, sum.Pending, sum.NotApplicable = sum.Met+n.Met, sum.Missing+n.Missing, sum.Pending+n.Pending, sum.NotApplicable+n.NotApplicable
	}
	for item, notApplicable := range map[string]int{"VISIT": 11, "STORY": 1} {
		if n := got[item]; n == nil || n.Met != met[item] || n.Missing != missing[item] || n.Pending != pending[item] || n.NotApplicable != notApplicable {
			t.Errorf("%s: %+v, want %d met, %d missing, %d pending", item, n, met[item], missing[item], pending[item])
		}
	}
	if a.Total.NormsMet != met["VISIT"]+met["STORY"] || a.Total.NormsMissing != missing["VISIT"]+missing["STORY"] || a.Total.NormsMissing == 0 || a.Total.NormsMet == 0 {
		t.Errorf("%d met, %d missing", a.Total.NormsMet, a.Total.NormsMissing)
	}
}

// TestWhatArchivesTell looks at single lines: who took a duty over, what proves a point, who is led, what the deputy says of the points.
func TestWhatArchivesTell(t *testing.T) {
	h := newHouse(t, 40)
	a := h.must(h.viewer(viewer.CountyAdmin, "430121"))
	if a.Seat != "长沙县人民代表大会" || a.Place != "果园镇" || len(a.Mandates) != 1 || a.Deputy.Name == "" {
		t.Errorf("%s at %s, %d mandates", a.Seat, a.Place, len(a.Mandates))
	}
	seen := map[string]int{}
	for _, v := range a.Visits {
		seen[string(v.Outcome)]++
		if (v.Outcome == archive.VisitReplaced || v.Taken) && (v.Other == "" || !strings.Contains(v.Substitution(), v.Other)) {
			t.Errorf("nobody took over: %+v", v)
		}
	}
	if len(seen) < 6 {
		t.Errorf("few outcomes of duties: %v", seen)
	}
	proofs := map[string]int{}
	for _, p := range a.Points {
		switch {
		case p.Evidence == archive.Elsewhere:
			proofs["elsewhere"]++
		case p.Evidence != "":
			proofs["here"]++
		}
		if p.Deed == "CLAIM" && (p.Evidence != "获县级表彰" || p.Name != "表彰" || p.Points != 50) {
			t.Errorf("the claim: %+v", p)
		}
	}
	if proofs["elsewhere"] == 0 || proofs["here"] == 0 {
		t.Errorf("proofs: %v", proofs)
	}
	leads := map[bool]int{}
	for _, p := range a.Pairings {
		leads[p.Leads]++
		if p.With == "" || p.Contacts > 1 {
			t.Errorf("%+v", p)
		}
	}
	if leads[true] == 0 || leads[false] == 0 {
		t.Errorf("pairings: %v", leads)
	}
	if len(a.Checks) != 1 || a.Checks[0].Year != 2025 || a.Checks[0].Points != 123 || a.Checks[0].Agreed || a.Checks[0].Note != "少记一次" {
		t.Errorf("checks: %+v", a.Checks)
	}
	for _, e := range a.Evaluations {
		if e.Name != "年度考评" || *e.Total != 955 || *e.Stars != 5 || *e.SelfTotal != 900 {
			t.Errorf("%+v", e)
		}
	}
	for _, s := range archive.Sections {
		if s.Name() == "" {
			t.Errorf("%s has no name", s)
		}
	}
}
