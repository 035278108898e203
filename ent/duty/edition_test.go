package duty_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/lianluo/lianluo/ent/duty"
)

type edition = duty.Edition[duty.NormItem]

// drawEditions draws editions of some congresses, the nearest first.
func drawEditions(t *rapid.T) []edition {
	out := make([]edition, rapid.IntRange(0, 8).Draw(t, "n"))
	for i := range out {
		from := day("2024-01-01").AddDate(0, 0, rapid.IntRange(0, 60).Draw(t, "from"))
		out[i] = edition{ID: uuid.New(), Span: duty.Span{From: from}}
		if rapid.Bool().Draw(t, "ends") {
			out[i].To = from.AddDate(0, 0, rapid.IntRange(-1, 40).Draw(t, "days"))
		}
	}
	return out
}

// Whatever the editions: on every day the timeline has the first of those in force, and no two stretches touch.
func TestTimelineProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		editions := drawEditions(t)
		line := duty.Timeline(editions)
		for on := day("2023-12-25"); on.Before(day("2024-06-01")); on = on.AddDate(0, 0, 1) {
			var want uuid.UUID
			for _, e := range editions {
				if e.Contains(on) {
					want = e.ID
					break
				}
			}
			var got uuid.UUID
			n := 0
			for _, e := range line {
				if e.Contains(on) {
					got = e.ID
					n++
				}
			}
			if got != want || n > 1 {
				t.Fatalf("on %s: %v in %d stretches, want %v", on.Format(time.DateOnly), got, n, want)
			}
			if in := duty.InForce(line, on); (in == nil) != (want == uuid.Nil) || in != nil && in.ID != want {
				t.Fatalf("in force on %s: %v", on.Format(time.DateOnly), in)
			}
		}
		for i := 1; i < len(line); i++ {
			if line[i-1].To.IsZero() || !line[i].From.After(line[i-1].To) {
				t.Fatalf("%v and %v", line[i-1].Span, line[i].Span)
			}
			if line[i].ID == line[i-1].ID && line[i-1].To.AddDate(0, 0, 1).Equal(line[i].From) {
				t.Fatalf("%v is in two", line[i].ID)
			}
		}
	})
}

// A township's own norms go before the county's for as long as they are in force.
func TestTimelineOfTwoCongresses(t *testing.T) {
	county := edition{ID: uuid.New(), Span: span("2024-01-01", "")}
	township := edition{ID: uuid.New(), Span: span("2024-04-01", "2024-06-30")}
	line := duty.Timeline([]edition{township, county})
	want := []edition{
		{ID: county.ID, Span: span("2024-01-01", "2024-03-31")},
		{ID: township.ID, Span: span("2024-04-01", "2024-06-30")},
		{ID: county.ID, Span: span("2024-07-01", "")},
	}
	if len(line) != len(want) {
		t.Fatalf("%v", line)
	}
	for i := range want {
		if line[i].ID != want[i].ID || line[i].Span != want[i].Span {
			t.Errorf("%d: %v, want %v", i, line[i], want[i])
		}
	}
}

func TestServiceCounts(t *testing.T) {
	s := duty.Service{Span: span("2024-01-10", "2024-03-31"), Suspended: []duty.Span{span("2024-02-01", "2024-02-10"), span("2024-03-30", "")}}
	for on, want := range map[string]bool{
		"2024-01-09": false, "2024-01-10": true, "2024-01-31": true, "2024-02-01": false, "2024-02-10": false, "2024-02-11": true,
		"2024-03-29": true, "2024-03-30": false, "2024-04-01": false,
	} {
		if got := s.Counts(day(on)); got != want {
			t.Errorf("%s: %v", on, got)
		}
	}
}
