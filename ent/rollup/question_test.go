package rollup_test

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
)

// TestRows asks for the divisions of a level, compared, as a trend and ranked: each cell is what Self answers for it.
func TestRows(t *testing.T) {
	w := busyWorld(9)
	h := newHouse(t, w)
	ctx := as(t, viewer.NationAdmin, place.Nation)
	q := rollup.Question{
		Division: rollup.Place{Code: place.Nation, Level: place.LevelNation}, By: rollup.ByCounties,
		Period: rollup.Period{From: day("2025-01-01"), To: day("2025-02-28")}, Compare: rollup.ComparePrevious, Interval: rollup.IntervalMonth,
		Want: rollup.All(), First: 1000, Today: today,
	}
	sums := func(s rollup.Place, p rollup.Period) numbers {
		t.Helper()
		got, err := rollup.Self(ctx, h.client, []rollup.Place{s}, p, rollup.All(), today)
		if err != nil {
			t.Fatal(err)
		}
		return numbersOf(got[s.Code])
	}
	same := func(what string, want numbers, got *rollup.Sums) {
		t.Helper()
		for _, m := range rollup.Measures {
			if got.Of(m) != want[m] {
				t.Errorf("%s: %s is %d, alone %d", what, m, got.Of(m), want[m])
			}
		}
	}
	rows, err := rollup.Rows(ctx, h.client, q)
	if err != nil {
		t.Fatal(err)
	}
	var counties []place.Code
	for _, s := range w.real() {
		if s.level == place.LevelCounty {
			counties = append(counties, s.code)
		}
	}
	if len(rows) != len(counties) || len(rows) < 3 {
		t.Fatalf("%d rows for %d counties", len(rows), len(counties))
	}
	for i, r := range rows {
		at := rollup.Place{Code: r.Code, Level: r.Level}
		if r.Code != counties[i] {
			t.Errorf("row %d is of %s, want %s", i, r.Code, counties[i])
		}
		same(r.Name, sums(at, q.Period), r.Sums)
		same(r.Name+" before", sums(at, rollup.Period{From: day("2024-11-01"), To: day("2024-12-31")}), r.Compared)
		if len(r.Trend) != 2 {
			t.Fatalf("%d parts of two months", len(r.Trend))
		}
		for _, p := range r.Trend {
			same(r.Name+" in a month", sums(at, p.Period), p.Sums)
		}
		same(r.Name+" in December", sums(at, rollup.Period{From: day("2024-12-01"), To: day("2024-12-31")}), r.Trend[0].Compared)
		same(r.Name+" in January", sums(at, rollup.Period{From: day("2025-01-01"), To: day("2025-01-31")}), r.Trend[1].Compared)
	}

	ranked := q
	ranked.OrderBy, ranked.First = &rollup.Order{Measure: rollup.Attendances}, 3
	top, err := rollup.Rows(ctx, h.client, ranked)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(rows, func(a, b *rollup.Row) int {
		return cmp.Compare(b.Sums.Of(rollup.Attendances), a.Sums.Of(rollup.Attendances))
	})
	for i := range 3 {
		if len(top) != 3 || top[i].Code != rows[i].Code {
			t.Fatalf("the first three are not those with the most attendances")
		}
	}
	first := q
	first.First = 2
	if two, err := rollup.Rows(ctx, h.client, first); err != nil || len(two) != 2 || two[1].Code != counties[1] {
		t.Errorf("the first two: %d rows, %v", len(two), err)
	}
}

// TestRowsRefused: what cannot be told apart, and what is too much.
func TestRowsRefused(t *testing.T) {
	w := randomWorld(3)
	h := newHouse(t, w)
	ctx := as(t, viewer.NationAdmin, place.Nation)
	nation := rollup.Place{Code: place.Nation, Level: place.LevelNation}
	province := rollup.Place{Code: place.MustParse("41"), Level: place.LevelProvince}
	long := rollup.Period{From: day("2010-01-01"), To: day("2024-12-31")}
	month := rollup.Period{From: day("2025-01-01"), To: day("2025-01-31")}
	for name, tt := range map[string]struct {
		q       rollup.Question
		refused string
	}{
		"stations by department": {rollup.Question{Division: province, By: rollup.ByDepartments, Period: month, Want: rollup.NewSet(rollup.Stations)}, "NOT_TOLD_APART"},
		"ranked by what cannot be told": {rollup.Question{
			Division: province, By: rollup.ByCategories, Period: month, Want: rollup.NewSet(rollup.OpinionsClosed), OrderBy: &rollup.Order{Measure: rollup.Points},
		}, "NOT_TOLD_APART"},
		"180 months":              {rollup.Question{Division: nation, By: rollup.BySelf, Period: long, Interval: rollup.IntervalMonth, Want: rollup.All()}, "TOO_MANY"},
		"60 quarters":             {rollup.Question{Division: nation, By: rollup.BySelf, Period: long, Interval: rollup.IntervalQuarter, Want: rollup.NewSet(rollup.Stations)}, ""},
		"stations of the nation":  {rollup.Question{Division: nation, By: rollup.ByStations, Period: month, Want: rollup.NewSet(rollup.Stations)}, "TOO_MANY"},
		"stations of a province":  {rollup.Question{Division: province, By: rollup.ByStations, Period: month, Want: rollup.NewSet(rollup.Stations)}, ""},
		"categories of the whole": {rollup.Question{Division: nation, By: rollup.ByCategories, Period: month, Want: rollup.NewSet(rollup.OpinionsClosed)}, ""},
	} {
		tt.q.First, tt.q.Today = 1000, today
		_, err := rollup.Rows(ctx, h.client, tt.q)
		if tt.refused == "" && err != nil || tt.refused != "" && (!errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), tt.refused)) {
			t.Errorf("%s: %v, want %s", name, err, tt.refused)
		}
	}
}
