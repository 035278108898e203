package workflow_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// rules are what a township's congress sets for deputies of a level from a day on: what a reception brings, and how many are asked for in a month.
func (l *land) rules(at place.Code, level kind.CongressLevel, from string, points float64, required int) {
	l.Helper()
	edition := workflow.NewEdition{Congress: l.congress[at], Level: level, Name: "办法", FromOn: day(from)}
	received := duty.Filter{Deed: kind.DeedAttendance, Ways: []kind.Way{kind.WayReception}}
	ctx := l.as(viewer.TownshipAdmin, at)
	_, err := l.desk.SetPointScheme(ctx, workflow.SetPointScheme{
		NewEdition: edition, Items: []workflow.NewPointItem{{Key: "RECEPTION", Name: "接待群众", Filter: received, Points: points}},
	})
	if err != nil {
		l.Fatal(err)
	}
	_, err = l.desk.SetNorms(ctx, workflow.SetNorms{
		NewEdition: edition, Items: []duty.NormItem{{Key: "RECEPTION", Name: "每月接待群众", Filter: received, Period: kind.PeriodMonth, Required: required}},
	})
	if err != nil {
		l.Fatal(err)
	}
}

// settled settles all deputies on a day and answers what their ledgers and standings are up to another, without the place.
func (l *land) settled(on, until string, mandates map[string]uuid.UUID) map[string][]string {
	l.Helper()
	c := l.clockworkAt(day(on))
	for range 2 { // the second time changes nothing
		for _, m := range mandates {
			if err := c.Settle(l.Context(), l.deputyOf(m)); err != nil {
				l.Fatal(err)
			}
		}
	}
	if _, err := c.KeepStandings(l.Context()); err != nil {
		l.Fatal(err)
	}
	out := map[string][]string{}
	for name, m := range mandates {
		if kept := l.kept(m, until); len(kept) > 0 {
			out[name] = kept
		}
	}
	return out
}

// kept is the ledger of a mandate, and how it stands with norms since April, up to a day.
func (l *land) kept(mandate uuid.UUID, until string) (out []string) {
	l.Helper()
	rows, err := l.owner.QueryContext(l.Context(), `
		SELECT day || ' ' || s.name || ' ' || e.points FROM point_entry e JOIN point_scheme s ON s.id = e.scheme_id WHERE e.mandate_id = $1 AND day <= $2
		UNION ALL SELECT ended_on || ' met ' || met || ' missing ' || missing FROM norm_standing WHERE mandate_id = $1 AND ended_on <= $2 AND ended_on >= '2026-04-01'
		ORDER BY 1`, mandate, until)
	if err != nil {
		l.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			l.Fatal(err)
		}
		out = append(out, line)
	}
	if err := rows.Err(); err != nil {
		l.Fatal(err)
	}
	return out
}

// After a merger the rules of each congress hold for the deputies that they held for, for the days on which they did; from the day on those of the
// one that goes on hold for all.
func TestRulesAfterMerger(t *testing.T) {
	for name, c := range map[string]struct {
		into place.Code
		name *string
		// brings is what a reception brings after the merger: none when the new congress has no rules yet.
		brings map[string]string
	}{
		"into one that is there": {huangxin, nil, map[string]string{"county": "30", "township": "50", "there": "30"}},
		"into a new one":         {place.MustParse("430121120"), ptr("黄园镇"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLand(t)
			there := l.station(huangxin, "黄兴镇人大代表联络站")
			mandates := map[string]uuid.UUID{
				"county": l.mandate, "township": l.seated, "there": l.register(l.county(), "胡一帆", l.congress[county], ptr(l.constituency[huangxin])),
			}
			l.post(l.county(), mandates["there"], there.ID, kind.PostingProximity, "2026-01-01")
			// The congress that goes on has the later edition, has rules from before the other's, and for a level for which the other has none.
			l.rules(huangxin, kind.County, "2026-01-01", 4, 3)
			l.rules(huangxin, kind.County, "2026-02-01", 3, 2)
			l.rules(huangxin, kind.Township, "2026-01-01", 5, 1)
			l.rules(guoyuan, kind.County, "2026-03-01", 2, 1)
			for on, s := range map[string]place.Code{"2026-02-10": guoyuan, "2026-04-10": guoyuan, "2026-04-11": guoyuan, "2026-01-20": huangxin, "2026-04-12": huangxin, "2026-04-13": huangxin} {
				at, who := l.below, []string{"county", "township"}
				if s == huangxin {
					at, who = there, []string{"there"}
				}
				for _, name := range who {
					l.worked(at, mandates[name], on, kind.WayReception)
				}
			}
			before := l.settled("2026-06-15", "2026-06-14", mandates)
			if got := fmt.Sprint(before); got != "map[county:[2026-04-10 办法 20 2026-04-11 办法 20 2026-04-30 met 1 missing 0 2026-05-15 办法 20 2026-05-31 met 1 missing 0] "+
				"there:[2026-01-20 办法 40 2026-04-12 办法 30 2026-04-13 办法 30 2026-04-30 met 1 missing 0 2026-05-31 met 0 missing 1]]" {
				t.Errorf("before: %s", got)
			}
			merge := workflow.MergeDivisions{Decree: decree(), Divisions: []place.Code{guoyuan}, Into: c.into, Name: c.name, Children: l.renumbered(guoyuan, c.into)}
			if c.name != nil {
				merge.Divisions = append(merge.Divisions, huangxin)
			}
			if _, err := l.desk.MergeDivisions(l.county(), merge); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, l.settled("2026-06-20", "2026-06-14", mandates)); diff != "" {
				t.Errorf("what was settled before the merger (-before +after):\n%s", diff)
			}
			for name, s := range map[string]uuid.UUID{"county": l.below.ID, "township": l.below.ID, "there": there.ID} {
				moved := l.client.Station.GetX(l.nation(), s)
				l.worked(moved, mandates[name], "2026-06-18", kind.WayReception)
			}
			after := l.settled("2026-06-20", "2026-06-19", mandates)
			for name := range mandates {
				var want []string
				if points, ok := c.brings[name]; ok {
					want = []string{"2026-06-18 办法 " + points}
				}
				if got := after[name][len(before[name]):]; fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s, after the merger: %v, want %v", name, got, want)
				}
			}
			if n := l.count(`point_entry WHERE correction`); n != 0 {
				t.Errorf("%d lines were corrected", n)
			}
			l.sumsHold()
		})
	}
}
