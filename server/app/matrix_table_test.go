package app_test

import (
	"cmp"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/app"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// pair is a role and a verb.
type pair struct {
	role viewer.Role
	verb workflow.Verb
}

// forbiddenTwice are the rows that nobody can tell from their contrary in the world of the tests: the nation's administrator has everything in sight,
// is no party to a case that a department or deputy has in hand, and has no campaign of its own, so that it comes to FORBIDDEN either way.
var forbiddenTwice = []workflow.Verb{
	workflow.VerbCancelEvaluation, workflow.VerbConvertOpinion, workflow.VerbExplainOpinion, workflow.VerbExtendOpinion, workflow.VerbNoteProgress,
	workflow.VerbPublishEvaluation, workflow.VerbReplyOpinion, workflow.VerbRequestReturn, workflow.VerbReviewCampaign, workflow.VerbTakeOpinion,
}

// TestAccessMatrixNoticesVerbs takes each row out of the table of role × verb in turn, adds each that is not there, and makes the attempts of the
// matrix that stand on it: one of them must come to another end than the oracle's.
func TestAccessMatrixNoticesVerbs(t *testing.T) {
	var turned atomic.Pointer[pair]
	m := newMatrix(t, func(p *app.Parts) {
		p.Allowed = func(role viewer.Role, verb workflow.Verb) bool {
			t := turned.Load()
			return workflow.Allowed(role, verb) != (t != nil && *t == pair{role, verb})
		}
	})
	probes := verbProbes()
	rows := 0
	for _, role := range viewer.Roles {
		var by []asker
		for _, a := range askers(m.world) {
			if a.Role == string(role) {
				by = append(by, a)
			}
		}
		for _, verb := range workflow.Verbs {
			probe, served := probes[string(verb)]
			if !served {
				continue // an operator's
			}
			if isNever(string(role), string(verb)) {
				continue
			}
			rows++
			turn := func(on bool) {
				turned.Store(nil)
				if on {
					turned.Store(&pair{role, verb})
				}
			}
			noticed := slices.ContainsFunc(by, func(a asker) bool { return m.notices(t, a, string(verb), probe, turn) })
			if alike := role == viewer.NationAdmin && slices.Contains(forbiddenTwice, verb); noticed == alike {
				t.Errorf("%s for %s is turned into %t, and the matrix notices: %t", verb, role, !workflow.Allowed(role, verb), noticed)
			}
		}
	}
	t.Logf("rows of the table of verbs: %d turned, %d of them noticed", rows, rows-len(forbiddenTwice))
}

// notices tells whether an attempt of a viewer comes out otherwise when the row it stands on is turned. What the oracle denies for the place is
// tried first, as it changes nothing either way, and must be right before the turn.
func (m *matrix) notices(t *testing.T, a asker, verb string, p verbProbe, turn func(bool)) bool {
	t.Helper()
	defer turn(false)
	caller := a.caller(m.server.For(t))
	ends := func(try attempt) string {
		return cmp.Or(p.codeOfAnswer(caller.Do(p.document(verb), apitest.Vars{"input": try.input})), string(oracle.Done))
	}
	var harmless, done []attempt
	for _, at := range m.placesFor(a, verb) {
		for _, try := range p.at(m, a, at) {
			switch want := m.world.May(a.Viewer, verb, try.target); {
			case !oracle.Allowed(a.Role, verb):
				if m.world.RelationOf(a.At, at) == oracle.Own {
					done = append(done, try)
				} else {
					harmless = append(harmless, try)
				}
			case want == oracle.NotFound:
				harmless = append(harmless, try)
			case want == oracle.Done:
				done = append(done, try)
			}
		}
	}
	for _, try := range harmless {
		want := string(m.world.May(a.Viewer, verb, try.target))
		turn(false)
		if got := ends(try); got != want {
			t.Errorf("%s by %s comes to %s before its row is turned, want %s", verb, a.name, got, want)
		}
		turn(true)
		if ends(try) != want {
			return true
		}
	}
	turn(true)
	return slices.ContainsFunc(done, func(try attempt) bool { return ends(try) != string(m.world.May(a.Viewer, verb, try.target)) })
}
