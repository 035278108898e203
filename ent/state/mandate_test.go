package state_test

import (
	"slices"
	"testing"

	"github.com/lianluo/lianluo/ent/state"
)

// Every pair of states, against a table of its own.
func TestMandate(t *testing.T) {
	const elected, confirmed, suspended, ended = state.MandateElected, state.MandateConfirmed, state.MandateSuspended, state.MandateEnded
	allowed := map[[2]state.Mandate]bool{
		{elected, confirmed}: true, {elected, ended}: true,
		{confirmed, suspended}: true, {confirmed, ended}: true,
		{suspended, confirmed}: true, {suspended, ended}: true,
	}
	all := []state.Mandate{elected, confirmed, suspended, ended, "", "KING"}
	for _, from := range all {
		for _, to := range all {
			want := allowed[[2]state.Mandate{from, to}]
			if from.CanBecome(to) != want || slices.Contains(from.Next(), to) != want {
				t.Errorf("%q to %q: %v", from, to, from.CanBecome(to))
			}
		}
	}
	for m, want := range map[state.Mandate]bool{elected: true, confirmed: true, suspended: true, ended: false, "": false} {
		if m.OnRoll() != want {
			t.Errorf("%q on the roll: %v", m, m.OnRoll())
		}
	}
	if want := []string{"ELECTED", "CONFIRMED", "SUSPENDED", "ENDED"}; !slices.Equal(elected.Values(), want) {
		t.Error("values:", elected.Values())
	}
}

// From every state there is a way to the end, and none from it.
func TestMandatesEnd(t *testing.T) {
	for _, m := range state.Mandates {
		if m.CanBecome(state.MandateEnded) == (m == state.MandateEnded) {
			t.Errorf("%s can end: %v", m, m.CanBecome(state.MandateEnded))
		}
	}
}
