package rollup_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
)

// stays tells whether a measure is counted where things are, whatever the tree.
func stays(m rollup.Measure) bool {
	return slices.ContainsFunc([]string{
		"STATIONS", "ONLINE_", "MANDATES", "POSTINGS", "TOWNSHIPS", "VILLAGES", "CONSTITUENCIES", "POINTS", "NORMS_", "SUGGESTIONS_",
	}, func(begins string) bool { return strings.HasPrefix(string(m), begins) }) || m == rollup.Deputies || m == rollup.DeputiesPosted
}

// moving are the numbers that the tree makes a difference to.
func (n numbers) moving() numbers {
	out := maps.Clone(n)
	maps.DeleteFunc(out, func(m rollup.Measure, _ int64) bool { return stays(m) })
	return out
}

// thenPeriods are lengths of time before the changes, over which sums are kept or not, and the year in which they came.
var thenPeriods = []rollup.Period{
	{From: day("2025-01-01"), To: day("2025-01-31")},
	{From: day("2025-01-01"), To: day("2025-03-31")},
	{From: day("2025-01-11"), To: day("2025-02-19")},
	{From: day("2025-01-01"), To: day("2025-12-31")},
}

// writtenAt is what the records of the world counted for before the changes, at a code and below it, or there alone.
func (w *world) writtenAt(code place.Code, own bool, p rollup.Period) numbers {
	lo, hi := code.Range()
	nation, err := viewer.For("test", viewer.NationAdmin, place.Nation)
	if err != nil {
		panic(err)
	}
	return recount{w, nation, func(s *spot) bool { return s.code == lo || !own && s.code > lo && s.code < hi }}.sums(p, today).moving()
}

// everPlaces are all divisions that there were before the changes, and those that there are now.
func everPlaces(ctx context.Context, t *testing.T, w *world, h house) (all, now []rollup.Place) {
	t.Helper()
	found, err := h.client.Division.Query().Where(division.Placeholder(false), division.ValidToIsNil()).Order(division.ByCode()).All(ctx)
	if err != nil {
		t.Fatal(err)
	}
	all = w.places()
	for _, d := range found {
		at := rollup.Place{Code: d.Code, Level: d.Level}
		now = append(now, at)
		if !slices.Contains(all, at) {
			all = append(all, at)
		}
	}
	return all, now
}

// TestThen changes the tree in every way, and holds the sums by the tree of the time against what the records counted for where they were written.
func TestThen(t *testing.T) {
	for _, seed := range []uint64{3, 12} {
		t.Run(fmt.Sprint("world ", seed), func(t *testing.T) {
			w, h, _ := reformedHouse(t, seed)
			nation := as(t, viewer.NationAdmin, place.Nation)
			all, now := everPlaces(nation, t, w, h)
			if len(all) < len(now)+5 || len(all) < len(w.places())+5 {
				t.Fatalf("%d divisions ever, %d now, %d before", len(all), len(now), len(w.places()))
			}
			moved := 0
			for _, p := range thenPeriods {
				then, err := rollup.Then(nation, h.client, all, p, rollup.All(), today)
				if err != nil {
					t.Fatal(err)
				}
				is, err := rollup.Self(nation, h.client, all, p, rollup.All(), today)
				if err != nil {
					t.Fatal(err)
				}
				for _, at := range all {
					got, want := numbersOf(then[at.Code]), w.writtenAt(at.Code, false, p)
					if !maps.Equal(got.moving(), want) {
						t.Errorf("%s %s from %s: %v, want %v", at.Level, at.Code, p.From.Format("01-02"), got.moving(), want)
					}
					if !maps.Equal(want, numbersOf(is[at.Code]).moving()) {
						moved++
					}
					for _, m := range rollup.Measures {
						if stays(m) && then[at.Code].Of(m) != is[at.Code].Of(m) {
							t.Errorf("%s at %s: %d, where it is %d", m, at.Code, then[at.Code].Of(m), is[at.Code].Of(m))
						}
					}
				}
			}
			if moved < 20 {
				t.Errorf("the tree made a difference %d times", moved)
			}
			provinces(t, w, h, all)
		})
	}
}

// provinces asks for each province as its own committee, from which work has moved away.
func provinces(t *testing.T, w *world, h house, all []rollup.Place) {
	t.Helper()
	p := thenPeriods[2]
	for _, s := range w.real() {
		if s.level != place.LevelProvince {
			continue
		}
		ctx := as(t, viewer.ProvinceAdmin, s.code)
		got, err := rollup.Then(ctx, h.client, all, p, rollup.All(), today)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range all {
			want := numbers{}
			if s.code.Contains(at.Code) {
				want = w.writtenAt(at.Code, false, p)
			}
			if of := numbersOf(got[at.Code]).moving(); !maps.Equal(of, want) {
				t.Errorf("%s to %s: %v, want %v", at.Code, s.name, of, want)
			}
		}
	}
}

// TestThenRows asks for rows by the tree of the time: the divisions of before under their names then, and together what there is in the whole.
func TestThenRows(t *testing.T) {
	w, h, spare := reformedHouse(t, 12)
	ctx := as(t, viewer.NationAdmin, place.Nation)
	all, now := everPlaces(ctx, t, w, h)
	names := map[place.Code]string{}
	for _, s := range w.real() {
		names[s.code] = s.name
	}
	ask := func(q rollup.Question) []*rollup.Row {
		t.Helper()
		q.Tree, q.Want, q.Today = rollup.TreeThen, rollup.All(), today
		if q.First == 0 {
			q.First = 1000
		}
		rows, err := rollup.Rows(ctx, h.client, q)
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	nation := rollup.Place{Code: place.Nation, Level: place.LevelNation}
	for by, level := range map[rollup.By]place.Level{
		rollup.ByProvinces: place.LevelProvince, rollup.ByCities: place.LevelCity, rollup.ByCounties: place.LevelCounty, rollup.ByTownships: place.LevelTownship,
	} {
		for _, p := range thenPeriods {
			var want []place.Code
			for _, at := range all {
				before := names[at.Code] != "" && (p.To.Before(reformed) || len(w.writtenAt(at.Code, false, p)) > 0)
				if at.Level == level && (before || slices.Contains(now, at)) {
					want = append(want, at.Code)
				}
			}
			slices.Sort(want)
			var got []place.Code
			for _, r := range ask(rollup.Question{Division: nation, By: by, Period: p}) {
				got = append(got, r.Code)
				if sum, want := numbersOf(r.Sums).moving(), w.writtenAt(r.Code, false, p); !maps.Equal(sum, want) {
					t.Errorf("%s of %s: %v, want %v", by, r.Name, sum, want)
				}
				if was := names[r.Code]; was != "" && p.To.Before(reformed) && r.Name != was {
					t.Errorf("%s was %s, not %s", r.Code, was, r.Name)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s until %s: %v, want %v", by, p.To.Format("01-02"), got, want)
			}
		}
	}
	// Children add up to the whole, also of a division that is no more, and in the year of the changes.
	for _, at := range all {
		for _, p := range []rollup.Period{thenPeriods[1], thenPeriods[3]} {
			sum := numbers{}
			for _, r := range ask(rollup.Question{Division: at, By: rollup.ByChildren, Period: p}) {
				of := numbersOf(r.Sums)
				if want := w.writtenAt(r.Code, r.Own, p); !maps.Equal(of.moving(), want) {
					t.Errorf("%s in %s: %v, want %v", r.Code, at.Code, of.moving(), want)
				}
				for m, n := range of {
					sum[m] += n
				}
			}
			whole := w.writtenAt(at.Code, false, p)
			delete(sum, rollup.DeputiesAttended)
			delete(whole, rollup.DeputiesAttended)
			if !maps.Equal(sum.moving(), whole) {
				t.Errorf("children of %s until %s: %v, want %v", at.Code, p.To.Format("01-02"), sum.moving(), whole)
			}
		}
	}
	// What was abolished is found among the children of its township.
	among := ask(rollup.Question{Division: rollup.Place{Code: spare.parent.code, Level: place.LevelTownship}, By: rollup.ByChildren, Period: thenPeriods[0]})
	if !slices.ContainsFunc(among, func(r *rollup.Row) bool { return r.Code == spare.code && r.Sums.Of(rollup.VisitDaysHeld) == 1 }) {
		t.Errorf("%s is not among %d children", spare.name, len(among))
	}
	rankedThen(t, w, ask, nation)
}

// rankedThen asks for rows compared, as a trend and ranked: by the sums of the time.
func rankedThen(t *testing.T, w *world, ask func(rollup.Question) []*rollup.Row, nation rollup.Place) {
	t.Helper()
	q := rollup.Question{
		Division: nation, By: rollup.ByCounties, Period: rollup.Period{From: day("2025-02-01"), To: day("2025-03-31")},
		Compare: rollup.ComparePrevious, Interval: rollup.IntervalMonth, OrderBy: &rollup.Order{Measure: rollup.Attendances},
	}
	same := func(what string, of *rollup.Sums, code place.Code, p rollup.Period) {
		t.Helper()
		if got, want := numbersOf(of).moving(), w.writtenAt(code, false, p); !maps.Equal(got, want) {
			t.Errorf("%s of %s: %v, want %v", what, code, got, want)
		}
	}
	month := func(m string) rollup.Period {
		return rollup.Period{From: day(m + "-01"), To: day(m+"-01").AddDate(0, 1, -1)}
	}
	rows := ask(q)
	for _, r := range rows {
		same("rows", r.Sums, r.Code, q.Period)
		same("compared", r.Compared, r.Code, rollup.Period{From: day("2024-12-01"), To: day("2025-01-31")})
		same("February", r.Trend[0].Sums, r.Code, month("2025-02"))
		same("before February", r.Trend[0].Compared, r.Code, month("2025-01"))
		same("March", r.Trend[1].Sums, r.Code, month("2025-03"))
	}
	if !slices.IsSortedFunc(rows, func(a, b *rollup.Row) int {
		return cmp.Or(cmp.Compare(b.Sums.Of(rollup.Attendances), a.Sums.Of(rollup.Attendances)), cmp.Compare(a.Code, b.Code))
	}) {
		t.Error("rows are not in the order of the sums of the time")
	}
	q.First = 2
	if top := ask(q); len(top) != 2 || top[0].Code != rows[0].Code || top[1].Code != rows[1].Code {
		t.Error("the first two are others")
	}
	q.OrderBy, q.First = nil, 3
	if first := ask(q); len(first) != 3 || first[0].Code >= first[1].Code {
		t.Errorf("%d rows in the order of codes", len(first))
	}
}

// TestThenRecords lists the records behind sums by the tree of the time: they add up, and what lies elsewhere now comes as one sum.
func TestThenRecords(t *testing.T) {
	w, h, _ := reformedHouse(t, 3)
	nation := as(t, viewer.NationAdmin, place.Nation)
	all, _ := everPlaces(nation, t, w, h)
	p := thenPeriods[1]
	away, listed := 0, 0
	for i, at := range all {
		ctx, own := nation, false
		if at.Level != place.LevelNation && at.Code%2 == 0 { // even as those who saw the province
			ctx = as(t, viewer.ProvinceAdmin, at.Code.At(place.LevelProvince))
			own = at.Level == place.LevelTownship
		}
		want := w.writtenAt(at.Code, own, p)
		for j, m := range rollup.Measures {
			if stays(m) || (i+j)%6 > 0 {
				continue
			}
			cell := rollup.Cell{Area: at, Own: own, By: rollup.BySelf, Tree: rollup.TreeThen, Period: p, Measure: m}
			sum, rest := addedUp(ctx, t, h.client, cell)
			if sum+rest != want[m] {
				t.Errorf("%s at %s: the records add up to %d and %d elsewhere, want %d", m, at.Code, sum, rest, want[m])
			}
			if rest != 0 {
				away++
				if ctx == nation {
					t.Errorf("%s at %s: something lies outside the nation", m, at.Code)
				}
			}
			if sum != 0 {
				listed++
			}
		}
	}
	if away < 10 || listed < 100 {
		t.Errorf("%d sums with something elsewhere, %d with records", away, listed)
	}
}

// addedUp reads all pages of the records behind a cell: what those in sight count for, and the sum of the others.
func addedUp(ctx context.Context, t *testing.T, c *gen.Client, cell rollup.Cell) (sum, rest int64) {
	t.Helper()
	var after *uuid.UUID
	for more := true; more; {
		var (
			page []rollup.Record
			err  error
		)
		page, more, err = rollup.Records(ctx, c, cell, today, 7, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range page {
			if x.Entity == "" {
				rest += x.Value
			} else {
				sum += x.Value
			}
			after = &x.ID
		}
	}
	return sum, rest
}

// TestThenStatements: one statement more than by the tree as it is and one for the rows, however many there are; none for what stays.
func TestThenStatements(t *testing.T) {
	w := busyWorld(3)
	h := newHouse(t, w)
	ctx := as(t, viewer.NationAdmin, place.Nation)
	sent := func(by rollup.By, tree rollup.Tree, interval rollup.Interval, first int, want ...rollup.Measure) int {
		t.Helper()
		return h.counted(func() {
			_, err := rollup.Rows(ctx, h.client, rollup.Question{
				Division: rollup.Place{Code: place.Nation, Level: place.LevelNation}, By: by, Tree: tree, Period: thenPeriods[1], Compare: rollup.ComparePrevious,
				Interval: interval, Want: rollup.NewSet(want...), First: first, Today: today,
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	for _, by := range []rollup.By{rollup.ByChildren, rollup.ByCities, rollup.ByCounties} {
		for _, want := range [][]rollup.Measure{{rollup.Attendances}, {rollup.Attendances, rollup.OpinionsReceived, rollup.Activities}} {
			now := sent(by, rollup.TreeNow, rollup.IntervalNone, 1000, want...)
			for _, first := range []int{1, 1000} {
				for _, interval := range []rollup.Interval{rollup.IntervalNone, rollup.IntervalMonth} {
					if n := sent(by, rollup.TreeThen, interval, first, want...); n != now+2 {
						t.Errorf("%s, %d rows %s of %v: %d statements, %d by the tree as it is", by, first, interval, want, n, now)
					}
				}
			}
		}
		if now, then := sent(by, rollup.TreeNow, rollup.IntervalNone, 9, rollup.Mandates), sent(by, rollup.TreeThen, rollup.IntervalNone, 9, rollup.Mandates); then != now+1 {
			t.Errorf("%s of what stays: %d statements, %d by the tree as it is", by, then, now)
		}
	}
}

// TestThenRefused: rows that are no divisions, and those who see no area.
func TestThenRefused(t *testing.T) {
	h := newHouse(t, randomWorld(3))
	ctx := as(t, viewer.NationAdmin, place.Nation)
	province := rollup.Place{Code: place.MustParse("41"), Level: place.LevelProvince}
	for _, by := range []rollup.By{rollup.ByStations, rollup.ByZones, rollup.ByDepartments, rollup.ByCategories} {
		_, err := rollup.Rows(ctx, h.client, rollup.Question{
			Division: province, By: by, Tree: rollup.TreeThen, Period: thenPeriods[0], Want: rollup.NewSet(rollup.OpinionsReceived), First: 10, Today: today,
		})
		if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "NOT_TOLD_APART") {
			t.Errorf("rows by %s: %v", by, err)
		}
		cell := rollup.Cell{Area: province, By: by, Tree: rollup.TreeThen, Period: thenPeriods[0], Measure: rollup.OpinionsReceived}
		if _, _, err := rollup.Records(ctx, h.client, cell, today, 10, nil); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("records by %s: %v", by, err)
		}
	}
	portal := as(t, viewer.Portal, province.Code)
	if _, err := rollup.Then(portal, h.client, []rollup.Place{province}, thenPeriods[0], rollup.All(), today); !errors.Is(err, fault.ErrForbidden) {
		t.Errorf("a portal: %v", err)
	}
	if was, err := rollup.Former(portal, h.client, province.Code, today); was != nil || err != nil {
		t.Errorf("a portal is told of %v, %v", was, err)
	}
}
