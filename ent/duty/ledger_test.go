package duty_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
)

func tenths(n int) *int { return &n }

var scheme = []duty.PointItem{
	{Key: "STATION", Name: "参加进站活动", Filter: duty.Filter{Deed: kind.DeedAttendance}, Points: 20, Cap: tenths(50), CapPeriod: kind.PeriodQuarter},
	{Key: "LECTURE", Name: "开展宣讲", Filter: duty.Filter{Deed: kind.DeedAttendance, Ways: []kind.Way{kind.WayLecture}}, Points: 5},
	{Key: "STORY", Name: "履职故事", Filter: duty.Filter{Deed: kind.DeedRecord, Records: []kind.Record{kind.RecordStory}}, Points: 30, Cap: tenths(60), CapPeriod: kind.PeriodYear},
	{Key: "ABSENT", Name: "无故缺席", Filter: duty.Filter{Deed: kind.DeedTraining}, Points: -15, Cap: tenths(30), CapPeriod: kind.PeriodYear},
	{Key: "HONOUR", Name: "受到表彰", Filter: duty.Filter{Deed: kind.DeedClaim}, Points: 50, Cap: tenths(80), CapPeriod: kind.PeriodYear},
}

func TestLedger(t *testing.T) {
	claim := func(on, item string, points int, appeal bool) duty.Deed {
		return duty.Deed{Kind: kind.DeedClaim, ID: uuid.New(), Day: day(on), Claimed: &duty.Claimed{Item: item, Points: points, Appeal: appeal}}
	}
	deeds := []duty.Deed{
		attended("2025-03-31", kind.WayReception), // third of the quarter: half of it is over the cap
		attended("2025-01-15", kind.WayLecture), attended("2025-02-15", kind.WayReception),
		attended("2025-04-01", kind.WayReception), // another quarter
		claim("2025-05-01", "HONOUR", 50, false), claim("2025-06-01", "HONOUR", 50, false),
		claim("2025-07-01", "STATION", 10, true), claim("2025-07-02", "STATION", 99, false), // the item is none for claims
	}
	got := map[string][]int{}
	for _, l := range duty.Ledger(scheme, deeds) {
		got[l.Item] = append(got[l.Item], l.Points)
	}
	for item, want := range map[string][]int{
		"STATION": {20, 20, 10, 20, 10}, "LECTURE": {5}, "HONOUR": {50, 30}, "STORY": nil, "ABSENT": nil,
	} {
		if !slices.Equal(got[item], want) {
			t.Errorf("%s: %v, want %v", item, got[item], want)
		}
	}
}

// Whatever the deeds, and whatever was stored before: what is appended makes the stored lines come to the ledger, and then there is nothing left to append;
// no cap is passed; the order of deeds does not matter.
func TestLedgerProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stored []duty.Line
		for range 3 { // the evidence changes, and the ledger follows
			deeds := drawDeeds(t)
			should := duty.Ledger(scheme, deeds)
			slices.Reverse(deeds)
			if again := duty.Ledger(scheme, deeds); duty.Sum(again) != duty.Sum(should) || len(duty.Differences(again, should)) != 0 {
				t.Fatal("the order of deeds matters")
			}
			stored = append(stored, duty.Differences(should, stored)...)
			if duty.Sum(stored) != duty.Sum(should) {
				t.Fatalf("%d stored, %d in the ledger", duty.Sum(stored), duty.Sum(should))
			}
			if left := duty.Differences(should, stored); len(left) != 0 {
				t.Fatalf("%v are left", left)
			}
			checkCaps(t, should, deeds)
		}
		if rest := duty.Differences(nil, stored); duty.Sum(rest) != -duty.Sum(stored) {
			t.Fatal("what has no evidence any more stays")
		}
	})
}

// checkCaps adds up in another way: by item and period, without what appeals grant.
func checkCaps(t *rapid.T, lines []duty.Line, deeds []duty.Deed) {
	appeals := map[uuid.UUID]bool{}
	for _, d := range deeds {
		appeals[d.ID] = d.Claimed != nil && d.Claimed.Appeal
	}
	for _, item := range scheme {
		if item.Cap == nil {
			continue
		}
		sums := map[duty.Span]int{}
		for _, l := range lines {
			if l.Item == item.Key && !appeals[l.ID] {
				sums[duty.PeriodOf(item.CapPeriod, l.Day)] += l.Points
			}
		}
		for period, sum := range sums {
			if sum > *item.Cap || sum < -*item.Cap {
				t.Fatalf("%s: %d in %v", item.Key, sum, period)
			}
		}
	}
}
