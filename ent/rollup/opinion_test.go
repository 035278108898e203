package rollup_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// someQuestion has a period that begins and ends among the world's opinions, and a day on which some of them are overdue.
func someQuestion(r *rand.Rand) rollup.OpinionQuestion {
	from := day("2024-12-28").AddDate(0, 0, r.IntN(30))
	return rollup.OpinionQuestion{
		Period:  rollup.Period{From: from, To: from.AddDate(0, 0, 5+r.IntN(40))},
		Today:   day("2025-01-20").AddDate(0, 0, r.IntN(20)),
		Medians: true,
	}
}

// narrowed are a question's narrower forms: by a station, by a category, by both, and without medians.
func narrowed(r *rand.Rand, w *world, q rollup.OpinionQuestion) (out []rollup.OpinionQuestion) {
	o := w.opinions[r.IntN(len(w.opinions))]
	station, category, both, counts := q, q, q, q
	station.Station = o.station.id
	category.Category = w.categories[r.IntN(len(w.categories))].id
	both.Station, both.Category = station.Station, category.Category
	counts.Medians = false
	return []rollup.OpinionQuestion{station, category, both, counts}
}

func placeOf(s *spot) rollup.Place { return rollup.Place{Code: s.code, Level: s.level} }

// TestOpinionsAreTheRecount asks for every division of random worlds, as viewers of every level, and counts again.
func TestOpinionsAreTheRecount(t *testing.T) {
	var whole rollup.OpinionMeasures
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := talkingWorld(seed, 300)
			h := newHouse(t, w)
			r := rand.New(rand.NewPCG(seed, 3))
			for _, ctx := range viewers(t, r, w) {
				v := viewer.FromContext(ctx)
				if v.Kind != viewer.Area && v.Kind != viewer.System {
					continue
				}
				q := someQuestion(r)
				questions := append(narrowed(r, w, q), q)
				for _, asked := range questions {
					compareOpinions(ctx, t, h, w, asked)
				}
				divisions := someOf(r, w, v)
				compareOpinionsBelow(ctx, t, h, w, divisions, q)
				compareOpinionRows(ctx, t, h, w, divisions, questions)
				compareBoards(ctx, t, h, w, q.Today)
				addOpinions(&whole, recountOpinions(w, v, w.spots[0], q))
			}
		})
	}
	// What never occurs is not compared.
	for sum, i := reflect.ValueOf(whole), 0; i < sum.NumField(); i++ {
		if name := sum.Type().Field(i).Name; name != "MedianDays" && sum.Field(i).IsZero() {
			t.Errorf("no world has opinions that count as %s", name)
		}
	}
	if len(whole.Ratings) != 3 || len(whole.MedianDays) != 12 {
		t.Errorf("the worlds have only ratings %v and stays %v", whole.Ratings, whole.MedianDays)
	}
}

func recountOpinions(w *world, v *viewer.Viewer, division *spot, q rollup.OpinionQuestion) rollup.OpinionMeasures {
	return countOpinions(recount{w, v, below(v, division)}.seen(q), q)
}

func compareOpinions(ctx context.Context, t *testing.T, h house, w *world, q rollup.OpinionQuestion) {
	t.Helper()
	v := viewer.FromContext(ctx)
	got, err := rollup.Opinions(ctx, h.client, w.places(), q)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(w.places()) {
		t.Errorf("%s: %d sums for %d divisions", title(v), len(got), len(w.places()))
	}
	for _, s := range w.real() {
		want := recountOpinions(w, v, s, q)
		if diff := cmp.Diff(&want, got[s.code], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s: (-recount +sum)\n%s", title(v), s.name, diff)
		}
	}
}

func compareOpinionsBelow(ctx context.Context, t *testing.T, h house, w *world, divisions []*spot, q rollup.OpinionQuestion) {
	t.Helper()
	v := viewer.FromContext(ctx)
	for _, division := range divisions {
		got, err := rollup.OpinionsBy(ctx, h.client, placeOf(division), rollup.OpinionByChildren, q)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(opinionsBelow(w, v, division, q), got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: below %s: (-recount +rows)\n%s", title(v), division.name, diff)
		}
		compareWhole(t, title(v)+" below "+division.name, recountOpinions(w, v, division, q), got)
	}
}

// opinionsBelow recounts the rows below a division.
func opinionsBelow(w *world, v *viewer.Viewer, division *spot, q rollup.OpinionQuestion) (rows []rollup.OpinionRow) {
	if !v.Sees(division.code) {
		return nil
	}
	var children []*spot
	for _, s := range w.real() {
		if s.parent == division && v.Sees(s.code) {
			children = append(children, s)
		}
	}
	at := recount{w, v, func(s *spot) bool { return s == division || len(children) == 0 && s.in(division) }}
	if own := countOpinions(at.seen(q), q); !cmp.Equal(own, rollup.OpinionMeasures{}, cmpopts.EquateEmpty()) {
		rows = append(rows, rollup.OpinionRow{Code: division.code, Level: division.level, Name: division.name, Own: true, OpinionMeasures: own})
	}
	for _, s := range children {
		rows = append(rows, rollup.OpinionRow{Code: s.code, Level: s.level, Name: s.name, OpinionMeasures: recountOpinions(w, v, s, q)})
	}
	return rows
}

// someOf are two divisions of each level, and the viewer's own.
func someOf(r *rand.Rand, w *world, v *viewer.Viewer) (out []*spot) {
	for _, level := range place.Levels {
		at := slices.DeleteFunc(w.real(), func(s *spot) bool { return s.level != level })
		for range min(2, len(at)) {
			out = append(out, at[r.IntN(len(at))])
		}
	}
	return append(out, slices.DeleteFunc(w.real(), func(s *spot) bool { return s.code != v.Division })...)
}

// compareOpinionRows takes the other groupings.
func compareOpinionRows(ctx context.Context, t *testing.T, h house, w *world, divisions []*spot, questions []rollup.OpinionQuestion) {
	t.Helper()
	v := viewer.FromContext(ctx)
	for i, division := range divisions {
		for j, by := range rollup.OpinionBys {
			if by == rollup.OpinionByChildren {
				continue
			}
			q := questions[(i+j)%len(questions)]
			got, err := rollup.OpinionsBy(ctx, h.client, placeOf(division), by, q)
			if err != nil {
				t.Fatal(err)
			}
			var want []rollup.OpinionRow
			counted := recount{w, v, below(v, division)}
			switch {
			case !v.Sees(division.code):
			case by == rollup.OpinionBySelf:
				want = []rollup.OpinionRow{{Code: division.code, Level: division.level, OpinionMeasures: countOpinions(counted.seen(q), q)}}
			case by == rollup.OpinionByMonth:
				want = counted.rowsByMonth(q)
			default:
				want = counted.rowsBy(by, q)
			}
			name := fmt.Sprintf("%s: %s by %s", title(v), division.name, by)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: (-recount +rows)\n%s", name, diff)
			}
			compareWhole(t, name, recountOpinions(w, v, division, q), got)
		}
	}
}

// compareWhole holds rows against the whole: all but the medians add up.
func compareWhole(t *testing.T, name string, whole rollup.OpinionMeasures, rows []rollup.OpinionRow) {
	t.Helper()
	var sum rollup.OpinionMeasures
	for _, row := range rows {
		addOpinions(&sum, row.OpinionMeasures)
	}
	sum.MedianDays = whole.MedianDays
	if diff := cmp.Diff(whole, sum, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: (-whole +rows together)\n%s", name, diff)
	}
	if whole.Accepted != whole.Open+whole.Closed {
		t.Errorf("%s: %d accepted are not %d open and %d closed", name, whole.Accepted, whole.Open, whole.Closed)
	}
}

// addOpinions adds every count; of the medians it keeps which there are.
func addOpinions(sum *rollup.OpinionMeasures, m rollup.OpinionMeasures) {
	to, from := reflect.ValueOf(sum).Elem(), reflect.ValueOf(m)
	for i := range from.NumField() {
		if from.Field(i).CanInt() {
			to.Field(i).SetInt(to.Field(i).Int() + from.Field(i).Int())
		}
	}
	if sum.Ratings == nil {
		sum.Ratings, sum.MedianDays = map[kind.Rating]int{}, map[state.Opinion]float64{}
	}
	for rating, n := range m.Ratings {
		sum.Ratings[rating] += n
	}
	for s := range m.MedianDays {
		sum.MedianDays[s] = 0
	}
}

func compareBoards(ctx context.Context, t *testing.T, h house, w *world, today time.Time) {
	t.Helper()
	v := viewer.FromContext(ctx)
	got, err := rollup.Boards(ctx, h.client, w.places(), today)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range w.real() {
		if diff := cmp.Diff(recount{w, v, below(v, s)}.board(today), got[s.code]); diff != "" {
			t.Errorf("%s: board of %s: (-recount +board)\n%s", title(v), s.name, diff)
		}
	}
}

// TestOpinionsOfOrgan: a department's own cases, wherever they lie, whichever part it has, and after its part has ended.
func TestOpinionsOfOrgan(t *testing.T) {
	w := talkingWorld(7, 300)
	h := newHouse(t, w)
	r := rand.New(rand.NewPCG(7, 3))
	organs := map[uuid.UUID][]*opinionRecord{}
	var ended, co int
	for _, o := range w.opinions {
		for _, a := range o.assignments {
			if !slices.Contains(organs[a.organ], o) {
				organs[a.organ] = append(organs[a.organ], o)
			}
			if !a.ends.IsZero() {
				ended++
			}
			if a.part == kind.AssignmentCo {
				co++
			}
		}
	}
	if len(organs) != 6 || ended == 0 || co == 0 {
		t.Fatalf("%d departments, %d parts ended, %d co-handled", len(organs), ended, co)
	}
	organs[newID(99)] = nil // one without cases
	for organ, cases := range organs {
		ctx := asOrgan(t, organ)
		q := someQuestion(r)
		for _, q := range append(narrowed(r, w, q), q) {
			got, err := rollup.OpinionsOfOrgan(ctx, h.client, q)
			if err != nil {
				t.Fatal(err)
			}
			left := slices.DeleteFunc(slices.Clone(cases), func(o *opinionRecord) bool { return !w.asked(q, o) })
			want := countOpinions(left, q)
			if diff := cmp.Diff(&want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: (-recount +sum)\n%s", organ, diff)
			}
		}
	}
}

// asOrgan is the context of a department.
func asOrgan(t *testing.T, organ uuid.UUID) context.Context {
	t.Helper()
	v, err := viewer.For("test", viewer.Department, place.MustParse("430121"))
	if err != nil {
		t.Fatal(err)
	}
	v.Organ = organ
	return viewer.NewContext(t.Context(), v)
}

func TestOpinionStatementsDoNotGrow(t *testing.T) {
	w := talkingWorld(4, 60)
	h := newHouse(t, w)
	ctx := as(t, viewer.NationAdmin, place.Nation)
	q := someQuestion(rand.New(rand.NewPCG(4, 3)))
	statements := func(medians bool, ask func(rollup.OpinionQuestion) error) int {
		q := q
		q.Medians = medians
		return h.counted(func() {
			if err := ask(q); err != nil {
				t.Fatal(err)
			}
		})
	}
	levels := map[place.Level][]rollup.Place{}
	for _, p := range w.places() {
		levels[p.Level] = append(levels[p.Level], p)
	}
	for _, divisions := range [][]rollup.Place{levels[place.LevelVillage][:1], levels[place.LevelVillage], append(levels[place.LevelTownship], levels[place.LevelTownship]...)} {
		for medians, want := range map[bool]int{false: 1, true: 2} {
			got := statements(medians, func(q rollup.OpinionQuestion) error {
				_, err := rollup.Opinions(ctx, h.client, divisions, q)
				return err
			})
			if got != want {
				t.Errorf("%d divisions, medians %v: %d statements, want %d", len(divisions), medians, got, want)
			}
		}
		if got := h.counted(func() { _, _ = rollup.Boards(ctx, h.client, divisions, q.Today) }); got != 1 {
			t.Errorf("boards of %d divisions: %d statements, want 1", len(divisions), got)
		}
	}
	nation := rollup.Place{Code: place.Nation, Level: place.LevelNation}
	for _, by := range rollup.OpinionBys {
		want := map[bool]int{false: 1, true: 2}
		if by == rollup.OpinionByChildren { // the divisions, then the provinces and the nation's own
			want = map[bool]int{false: 3, true: 5}
		}
		for medians, want := range want {
			got := statements(medians, func(q rollup.OpinionQuestion) error {
				_, err := rollup.OpinionsBy(ctx, h.client, nation, by, q)
				return err
			})
			if got != want {
				t.Errorf("by %s, medians %v: %d statements, want %d", by, medians, got, want)
			}
		}
	}
}

// told is a world of one division with one station, whose opinions have the steps given, each at its time in Shanghai.
func told(opinions ...[]string) *world {
	at := &spot{code: place.MustParse("430121107204"), level: place.LevelVillage, name: "花果村"}
	w := &world{spots: []*spot{at}}
	w.stations = []*stationRecord{{id: newID(1), at: at, kind: kind.StationPoint, opened: day("2020-01-01")}}
	for i, steps := range opinions {
		o := &opinionRecord{id: newID(byte(10 + i)), station: w.stations[0], channel: kind.ChannelInPerson}
		for _, step := range steps {
			var word, date, hour string
			if _, err := fmt.Sscan(step, &word, &date, &hour); err != nil {
				panic(err)
			}
			happened, err := time.Parse(time.RFC3339, date+"T"+hour+"+08:00")
			if err != nil {
				panic(err)
			}
			e := dossier.Event{Step: state.Step(word), At: happened}
			e.To, _ = state.Next(o.of.State, e.Step, o.of.Resume)
			o.add(e)
		}
		w.opinions = append(w.opinions, o)
	}
	return w
}

// TestOpinionDays: days and months part at midnight in Shanghai, 16:00 of the day before in UTC, whatever the session's zone.
func TestOpinionDays(t *testing.T) {
	w := told(
		[]string{"SUBMIT 2025-01-31 23:59:59", "ACCEPT 2025-02-01 00:00:00", "ANALYSE 2025-02-02 06:00:00", "ASSIGN 2025-02-28 23:59:59"},
		[]string{"SUBMIT 2025-02-28 23:59:59", "DECLINE 2025-03-01 00:00:00"},
	)
	at := w.spots[0]
	h := newHouse(t, w)
	ctx := as(t, viewer.StationKeeper, at.code)
	for _, tt := range []struct {
		from, to                      string
		submitted, accepted, declined int
		medians                       map[state.Opinion]float64
	}{
		{"2025-01-01", "2025-01-30", 0, 0, 0, nil},
		{"2025-01-01", "2025-01-31", 1, 0, 0, map[state.Opinion]float64{"SUBMITTED": 0}},
		{"2025-02-01", "2025-02-01", 0, 1, 0, map[state.Opinion]float64{"ACCEPTED": 1.3}},
		{"2025-02-02", "2025-02-27", 0, 0, 0, map[state.Opinion]float64{"ANALYSED": 26.7}},
		{"2025-02-02", "2025-02-28", 1, 0, 0, map[state.Opinion]float64{"ANALYSED": 26.7, "SUBMITTED": 0}},
		{"2025-03-01", "2025-03-01", 0, 0, 1, nil},
		{"2025-03-02", "2025-12-31", 0, 0, 0, nil},
	} {
		q := rollup.OpinionQuestion{Period: rollup.Period{From: day(tt.from), To: day(tt.to).Add(23 * time.Hour)}, Today: day(tt.to), Medians: true}
		sums, err := rollup.Opinions(ctx, h.client, []rollup.Place{placeOf(at)}, q)
		if err != nil {
			t.Fatal(err)
		}
		m := sums[at.code]
		if diff := cmp.Diff([]int{tt.submitted, tt.accepted, tt.declined}, []int{m.Submitted, m.Accepted, m.Declined}); diff != "" {
			t.Errorf("%s to %s: submitted, accepted, declined (-want +got)\n%s", tt.from, tt.to, diff)
		}
		if diff := cmp.Diff(tt.medians, m.MedianDays, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s to %s: medians (-want +got)\n%s", tt.from, tt.to, diff)
		}
	}
	q := rollup.OpinionQuestion{Period: rollup.Period{From: day("2025-01-31"), To: day("2025-04-01")}, Today: day("2025-04-01")}
	rows, err := rollup.OpinionsBy(ctx, h.client, placeOf(at), rollup.OpinionByMonth, q)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows {
		got = append(got, fmt.Sprintf("%s %d %d %d", row.Month.Format(time.DateOnly), row.Submitted, row.Accepted, row.Declined))
	}
	if diff := cmp.Diff([]string{"2025-01-01 1 0 0", "2025-02-01 1 1 0", "2025-03-01 0 0 1", "2025-04-01 0 0 0"}, got); diff != "" {
		t.Errorf("months (-want +got)\n%s", diff)
	}
}

// TestOverdueByTheDay: a case is overdue from the day after its last one on, without a job having found that out, and not while it is the
// citizen's turn.
func TestOverdueByTheDay(t *testing.T) {
	w := told(
		[]string{"SUBMIT 2025-03-03 09:00:00", "ACCEPT 2025-03-03 10:00:00"},
		[]string{"SUBMIT 2025-03-03 09:00:00", "ACCEPT 2025-03-03 10:00:00", "ASK 2025-03-03 11:00:00"},
	)
	amber, due := day("2025-03-05"), day("2025-03-06")
	for _, o := range w.opinions {
		o.of.Clock = dossier.Clock{Due: &due, Amber: &amber}
	}
	at := w.spots[0]
	h := newHouse(t, w)
	ctx := as(t, viewer.StationKeeper, at.code)
	for today, want := range map[string][]int{ // overdue, late, amber, red
		"2025-03-04": {0, 0, 0, 0}, "2025-03-05": {0, 0, 2, 0}, "2025-03-06": {0, 0, 2, 0}, "2025-03-07": {1, 1, 0, 2},
	} {
		q := rollup.OpinionQuestion{Period: rollup.Period{From: day("2025-03-03"), To: day("2025-03-03")}, Today: day(today)}
		sums, err := rollup.Opinions(ctx, h.client, []rollup.Place{placeOf(at)}, q)
		if err != nil {
			t.Fatal(err)
		}
		boards, err := rollup.Boards(ctx, h.client, []rollup.Place{placeOf(at)}, day(today))
		if err != nil {
			t.Fatal(err)
		}
		m, b := sums[at.code], boards[at.code]
		if diff := cmp.Diff(want, []int{m.Overdue, m.Late, b.Amber, b.Red}); diff != "" {
			t.Errorf("%s: overdue, late, amber, red (-want +got)\n%s", today, diff)
		}
		if b.Open != 2 || b.Total != 2 {
			t.Errorf("%s: the board has %d open of %d", today, b.Open, b.Total)
		}
	}
}

// TestOpinionRowsAreBounded: of more stations than there may be rows, those with the most opinions are told.
func TestOpinionRowsAreBounded(t *testing.T) {
	w := told()
	at := w.spots[0]
	w.stations = nil
	const many = 1010
	for i := range many {
		s := &stationRecord{id: uuid.UUID{0: byte(i >> 8), 1: byte(i), 15: 1}, at: at, kind: kind.StationPoint, opened: day("2020-01-01")}
		w.stations = append(w.stations, s)
		steps := []string{"SUBMIT 2025-03-03 09:00:00"}
		if i >= many-5 { // the last by their keys
			steps = append(steps, "ACCEPT 2025-03-03 10:00:00")
		}
		one := told(steps).opinions[0]
		one.id, one.station = uuid.UUID{0: byte(i >> 8), 1: byte(i), 15: 2}, s
		w.opinions = append(w.opinions, one)
	}
	h := newHouse(t, w)
	q := rollup.OpinionQuestion{Period: rollup.Period{From: day("2025-03-03"), To: day("2025-03-03")}, Today: day("2025-03-03"), Medians: true}
	rows, err := rollup.OpinionsBy(as(t, viewer.StationKeeper, at.code), h.client, placeOf(at), rollup.OpinionByStation, q)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1000 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, row := range rows {
		want := many - 5 + i
		if i >= 5 {
			want = i - 5
		}
		if row.ID.UUID != w.stations[want].id || row.Submitted != 1 || row.Accepted != max(0, min(1, 5-i)) {
			t.Fatalf("row %d is station %s with %+v, want %s", i, row.ID.UUID, row.OpinionMeasures, w.stations[want].id)
		}
	}
}

func TestOpinionRates(t *testing.T) {
	rates := func(m rollup.OpinionMeasures) (out []any) {
		for _, r := range []*float64{m.ClosingRate(), m.OnTimeRate(), m.Satisfaction(), m.ReworkRate()} {
			if r == nil {
				out = append(out, nil)
			} else {
				out = append(out, *r)
			}
		}
		return out
	}
	for name, tt := range map[string]struct {
		of   rollup.OpinionMeasures
		want []any
	}{
		"nothing":  {rollup.OpinionMeasures{}, []any{nil, nil, nil, nil}},
		"accepted": {rollup.OpinionMeasures{Submitted: 3, Accepted: 2, Open: 2}, []any{0.0, 1.0, nil, nil}},
		"all of it": {rollup.OpinionMeasures{
			Submitted: 9, Accepted: 8, Open: 2, Closed: 6, Late: 2, Answered: 5, Reworked: 1,
			Ratings: map[kind.Rating]int{kind.RatingSatisfied: 2, kind.RatingBasically: 1, kind.RatingDissatisfied: 1},
		}, []any{0.75, 0.75, 0.75, 0.2}},
		"all dissatisfied": {rollup.OpinionMeasures{
			Accepted: 1, Closed: 1, Late: 1, Answered: 1, Reworked: 1, Ratings: map[kind.Rating]int{kind.RatingDissatisfied: 1},
		}, []any{1.0, 0.0, 0.0, 1.0}},
	} {
		if diff := cmp.Diff(tt.want, rates(tt.of)); diff != "" {
			t.Errorf("%s: closing, on time, satisfaction, rework (-want +got)\n%s", name, diff)
		}
	}
}
