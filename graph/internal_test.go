package graph

import (
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/graph/model"
)

// The clock turns with the day: amber on the first day of warning, red on the day after the last one on time.
func TestClockOf(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	due, amber := day(12), day(11)
	o := &gen.Opinion{DueOn: &due, AmberOn: &amber}
	for d, want := range map[int]model.OpinionClock{
		1: model.OpinionClockGreen, 10: model.OpinionClockGreen, 11: model.OpinionClockAmber, 12: model.OpinionClockAmber, 13: model.OpinionClockRed,
	} {
		if got := clockOf(o, day(d)); got == nil || *got != want {
			t.Errorf("on the %dth: %v, want %s", d, got, want)
		}
	}
	if got := clockOf(&gen.Opinion{}, day(13)); got != nil {
		t.Errorf("without a limit: %s", *got)
	}
}
