package rollup_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
)

// TestDrillDown asks for the records behind every number of every row, by every grouping, of whole months and of other days: page by page they add up to it.
func TestDrillDown(t *testing.T) {
	w := busyWorld(7)
	h := newHouse(t, w)
	r := rand.New(rand.NewPCG(7, 3))
	provinces := []*spot{}
	for _, s := range w.real() {
		if s.level == place.LevelProvince {
			provinces = append(provinces, s)
		}
	}
	at := pick(r, provinces)
	ctx := as(t, viewer.ProvinceAdmin, at.code)
	entities := map[string]bool{}
	for _, by := range rollup.Bys {
		var told []rollup.Measure
		for _, m := range rollup.Measures {
			q := rollup.Question{Division: rollup.Place{Code: at.code, Level: at.level}, By: by, Period: somePeriods(r)["month"], Want: rollup.NewSet(m), First: 1, Today: today}
			if _, err := rollup.Rows(ctx, h.client, q); err == nil {
				told = append(told, m)
			}
		}
		for _, name := range twoOf(r, []string{"month", "days", "two months"}) {
			p := somePeriods(r)[name]
			q := rollup.Question{
				Division: rollup.Place{Code: at.code, Level: at.level}, By: by, Period: p, Want: rollup.NewSet(told...), First: 1000, Today: today,
			}
			rows, err := rollup.Rows(ctx, h.client, q)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) == 0 {
				t.Errorf("no rows by %s", by)
			}
			for _, row := range rows {
				for _, m := range told {
					if row.Sums.Of(m) == 0 && r.IntN(8) > 0 {
						continue
					}
					cell := rollup.Cell{Area: rollup.Place{Code: row.Code, Level: row.Level}, Own: row.Own, By: by, ID: row.ID, Period: p, Measure: m}
					if cell.Area.Level == "" {
						cell.Area.Level = at.level
					}
					var sum int64
					var after *uuid.UUID
					for more := true; more; {
						var records []rollup.Record
						records, more, err = rollup.Records(ctx, h.client, cell, today, 7, after)
						if err != nil {
							t.Fatal(err)
						}
						for _, x := range records {
							sum += x.Value
							entities[x.Entity] = true
							after = &x.ID
						}
					}
					if want := row.Sums.Of(m); sum != want {
						t.Errorf("%s of %s by %s: the records add up to %d, the row says %d", m, row.Name, by, sum, want)
					}
				}
			}
		}
	}
	for _, entity := range []string{
		"Station", "Mandate", "Posting", "Deputy", "Division", "Constituency", "VisitDay", "Activity", "Attendance", "Opinion",
	} {
		if !entities[entity] {
			t.Errorf("no %s was behind any number", entity)
		}
	}
}
