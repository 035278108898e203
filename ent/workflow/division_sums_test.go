package workflow_test

import (
	"context"
	"testing"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// The measures that are compared: those of records of work.
var counted = []rollup.Measure{
	rollup.Activities, rollup.Attendances, rollup.AttendancesCounty, rollup.Guests, rollup.DeputiesAttended,
	rollup.OpinionsReceived, rollup.OpinionsAccepted, rollup.OpinionsOpen,
}

// sumsOf are the sums of May and June of a division, by the tree as it is (now) and by that of the time (then).
func (l *land) sumsOf(ctx context.Context, at place.Code) (now, then map[rollup.Measure]int64) {
	l.Helper()
	divisions := []rollup.Place{{Code: at, Level: at.Shape()}}
	period := rollup.Period{From: day("2026-05-01"), To: day("2026-06-30")}
	of := func(found map[place.Code]*rollup.Sums, err error) map[rollup.Measure]int64 {
		l.Helper()
		if err != nil {
			l.Fatal(err)
		}
		out := map[rollup.Measure]int64{}
		for _, m := range counted {
			out[m] = found[at].Of(m)
		}
		return out
	}
	return of(rollup.Self(ctx, l.client, divisions, period, rollup.NewSet(counted...), today)),
		of(rollup.Then(ctx, l.client, divisions, period, rollup.NewSet(counted...), today))
}

// Sums by the tree as it is go with a county that moves; those by the tree of the time stay where the work was done.
func TestSumsThen(t *testing.T) {
	l := newLand(t)
	l.worked(l.own, l.mandate, "2026-05-20", kind.WayReception) // the same deputy once more, who counts once
	away := l.station(beihu, "北湖区人大代表联络站")
	l.worked(away, l.mandate, "2026-05-21", kind.WayReception)
	to := place.MustParse("431099")
	sees := map[string]context.Context{
		"old city": l.city(), "new city": l.as(viewer.CityAdmin, chenzhou), "province": l.province(), "old county": l.county(), "new county": l.as(viewer.CountyAdmin, to),
	}
	before := map[string]map[rollup.Measure]int64{}
	for who, at := range map[string]place.Code{"old city": changsha, "new city": chenzhou, "province": hunan, "old county": county} {
		now, then := l.sumsOf(sees[who], at)
		if !same(now, then) {
			t.Errorf("%s: %v now, %v then, and nothing has moved", who, now, then)
		}
		before[who] = now
	}
	if before["old city"][rollup.Attendances] != 2 || before["old city"][rollup.OpinionsReceived] != 1 || before["province"][rollup.DeputiesAttended] != 1 {
		t.Fatalf("%v", before)
	}
	_, err := l.desk.TransferDivision(l.province(), workflow.TransferDivision{
		RecodeDivision: workflow.RecodeDivision{Decree: decree(), Division: county, Code: to}, Parent: chenzhou,
	})
	if err != nil {
		t.Fatal(err)
	}
	l.consistent()
	check := func(who string, at place.Code, now, then map[rollup.Measure]int64) {
		t.Helper()
		gotNow, gotThen := l.sumsOf(sees[who], at)
		if !same(gotNow, now) {
			t.Errorf("%s, now: %v, want %v", who, gotNow, now)
		}
		if !same(gotThen, then) {
			t.Errorf("%s, then: %v, want %v", who, gotThen, then)
		}
	}
	none := map[rollup.Measure]int64{}
	check("old city", changsha, none, before["old city"])
	check("old city", county, none, before["old county"]) // a code that is no division's any more
	check("old county", county, none, before["old county"])
	check("province", hunan, before["province"], before["province"])
	check("new county", to, before["old county"], none)
	joined := map[rollup.Measure]int64{}
	for m, n := range before["new city"] {
		joined[m] = n + before["old city"][m]
	}
	joined[rollup.DeputiesAttended] = 1 // one deputy, in both
	check("new city", chenzhou, joined, before["new city"])
	// Beside the area nothing is told.
	for _, beside := range []place.Code{county, changsha, hunan} {
		check("new city", beside, none, none)
	}
	// What is done from then on counts in the new place, then as now.
	below, err := l.client.Station.Get(l.nation(), l.below.ID)
	if err != nil {
		t.Fatal(err)
	}
	l.worked(below, l.mandate, "2026-06-01", kind.WayReception)
	now, then := l.sumsOf(sees["new city"], chenzhou)
	if now[rollup.Attendances] != joined[rollup.Attendances]+1 || then[rollup.Attendances] != before["new city"][rollup.Attendances]+1 {
		t.Errorf("%v now, %v then", now, then)
	}
}

func same(a, b map[rollup.Measure]int64) bool {
	for _, m := range counted {
		if a[m] != b[m] {
			return false
		}
	}
	return true
}
