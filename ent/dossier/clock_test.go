package dossier_test

import (
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/state"
)

// Friday 2026-06-12; no exceptions of the calendar.
func TestClockAfter(t *testing.T) {
	at := time.Date(2026, time.June, 12, 10, 0, 0, 0, time.UTC)
	on := func(d int) *time.Time { v := time.Date(2026, time.June, d, 0, 0, 0, 0, time.UTC); return &v }
	left := func(n int) *int { return &n }
	running := dossier.Clock{Due: on(16), Amber: on(15)}
	for name, c := range map[string]struct {
		in        state.Opinion
		clock     dossier.Clock
		to        state.Opinion
		at        time.Time
		limit     *state.Limit
		extension int
		want      dossier.Clock
	}{
		"a step beside":              {state.OpinionHandling, running, state.OpinionHandling, at, &state.Limit{Days: 9, Amber: 1}, 0, running},
		"into a state with a limit":  {state.OpinionSubmitted, running, state.OpinionAccepted, at, &state.Limit{Days: 3, Amber: 1}, 0, dossier.Clock{Due: on(17), Amber: on(16)}},
		"into one without":           {state.OpinionRated, running, state.OpinionClosed, at, nil, 0, dossier.Clock{}},
		"an extension":               {state.OpinionHandling, running, state.OpinionHandling, at, &state.Limit{Days: 15, Amber: 3}, 5, dossier.Clock{Due: on(23), Amber: on(18)}},
		"a question to the citizen":  {state.OpinionAccepted, running, state.OpinionWaiting, at, &state.Limit{Days: 10, Amber: 2}, 0, dossier.Clock{Due: on(26), Amber: on(24), Left: left(2)}},
		"and its answer":             {state.OpinionWaiting, dossier.Clock{Due: on(26), Amber: on(24), Left: left(2)}, state.OpinionAccepted, at, &state.Limit{Days: 3, Amber: 1}, 0, running},
		"an answer on the last day":  {state.OpinionWaiting, dossier.Clock{Left: left(0)}, state.OpinionAccepted, at, &state.Limit{Days: 3, Amber: 1}, 0, dossier.Clock{Due: on(12), Amber: on(11)}},
		"an answer at the weekend":   {state.OpinionWaiting, dossier.Clock{Left: left(0)}, state.OpinionAccepted, at.AddDate(0, 0, 1), &state.Limit{Days: 3, Amber: 1}, 0, dossier.Clock{Due: on(15), Amber: on(12)}},
		"an answer, without a clock": {state.OpinionWaiting, dossier.Clock{}, state.OpinionAnswered, at, &state.Limit{Days: 3, Amber: 1}, 0, dossier.Clock{}},
	} {
		got := dossier.Case{State: c.in, Clock: c.clock}.ClockAfter(dossier.Event{From: c.in, To: c.to, At: c.at}, c.limit, c.extension, calendar.Workdays{})
		if !sameDate(got.Due, c.want.Due) || !sameDate(got.Amber, c.want.Amber) || (got.Left == nil) != (c.want.Left == nil) || got.Left != nil && *got.Left != *c.want.Left {
			t.Errorf("%s: %v %v %v", name, got.Due, got.Amber, got.Left)
		}
	}
}

func sameDate(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}
