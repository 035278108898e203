package state_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/state"
)

// loop is the closed loop of an opinion as the domain tells it, written down a second time: from, step, to, by whom. OPEN are all states
// in which something is still to be done, BACK is the state before WAITING, SAME leaves the state as it is.
const loop = `
-                 SUBMIT           SUBMITTED        SUBMITTER STATION DEPUTY
SUBMITTED         ACCEPT           ACCEPTED         STATION
SUBMITTED         DECLINE          DECLINED         STATION
SUBMITTED         ANSWER           ANSWERED         STATION
ACCEPTED          MERGE            MERGED           STATION
ANALYSED          MERGE            MERGED           STATION
MERGED            UNMERGE          ACCEPTED         STATION
WAITING           SUPPLEMENT       BACK             SUBMITTER
WAITING           RESUME           BACK             HOLDER CLOCK
ACCEPTED          ANALYSE          ANALYSED         STATION
ANALYSED          ASSIGN           ASSIGNED         ORGAN
RETURN_REQUESTED  ASSIGN           ASSIGNED         ORGAN
REWORK            ASSIGN           ASSIGNED         ORGAN
ASSIGNED          TAKE             HANDLING         LEAD
ASSIGNED          REQUEST_RETURN   RETURN_REQUESTED LEAD
ANALYSED          ESCALATE         ESCALATED        ORGAN
RETURN_REQUESTED  ESCALATE         ESCALATED        ORGAN
RATED             ESCALATE         ESCALATED        ORGAN
ESCALATED         TAKE_UP          ANALYSED         ORGAN
ESCALATED         SEND_BACK        ANALYSED         ORGAN
HANDLING          REPLY            REPLIED          LEAD
REWORK            REPLY            REPLIED          LEAD
REPLIED           FEED_BACK        FED_BACK         STATION
ANSWERED          FEED_BACK        FED_BACK         STATION
FED_BACK          RATE             RATED            SUBMITTER
MERGED            RATE             SAME             SUBMITTER
FED_BACK          LAPSE            CLOSED           CLOCK
RATED             REWORK           REWORK           ORGAN
RATED             CLOSE            CLOSED           ORGAN
RATED             CONVERT          CONVERTED        DEPUTY
CLOSED            REOPEN           REWORK           ORGAN
HANDLING          NOTE             SAME             HANDLER
REWORK            NOTE             SAME             HANDLER
HANDLING          EXTEND           SAME             LEAD
OPEN              EXPLAIN          SAME             DEPUTY
OPEN              SUPERVISE        SAME             ABOVE
OPEN              URGE             SAME             ABOVE
OPEN              END_SUPERVISION  SAME             ABOVE
OPEN              MARK_KEY         SAME             ABOVE
OPEN              UNMARK_KEY       SAME             ABOVE
CLOSED            PUBLISH          SAME             ORGAN
CLOSED            WITHDRAW         SAME             ABOVE
MERGED            FOLLOW_FEEDBACK  SAME             CLOCK
MERGED            FOLLOW_CLOSE     SAME             CLOCK
MERGED            FOLLOW_REOPEN    SAME             CLOCK
`

// The citizen may be asked in every open state but those in which the citizen is asked already; every open state but RATED has a clock.
var (
	open = []state.Opinion{
		"SUBMITTED", "ACCEPTED", "ANSWERED", "WAITING", "ANALYSED", "ASSIGNED", "RETURN_REQUESTED", "ESCALATED", "HANDLING",
		"REPLIED", "FED_BACK", "RATED", "REWORK",
	}
	ended = []state.Opinion{"DECLINED", "MERGED", "CLOSED", "CONVERTED"}
)

type pair struct {
	from state.Opinion
	step state.Step
}

// expected is the loop by state and step: where it leads.
func expected() map[pair]string {
	out := map[pair]string{}
	for _, line := range strings.Split(strings.TrimSpace(loop), "\n") {
		f := strings.Fields(line)
		from := []state.Opinion{state.Opinion(f[0])}
		switch f[0] {
		case "-":
			from[0] = ""
		case "OPEN":
			from = open
		}
		for _, s := range from {
			out[pair{s, state.Step(f[1])}] = f[2]
		}
	}
	for _, s := range open {
		if s != "FED_BACK" && s != "WAITING" {
			out[pair{s, "ASK"}] = "WAITING"
		}
		if s != "RATED" {
			out[pair{s, "AMBER"}], out[pair{s, "OVERDUE"}] = "SAME", "SAME"
		}
	}
	return out
}

// Every step in every state: it leads where the domain says, and nowhere else.
func TestOpinionPairs(t *testing.T) {
	want := expected()
	pairs := 0
	for _, from := range append([]state.Opinion{""}, state.Opinions...) {
		for _, step := range state.Steps {
			pairs++
			to, ok := state.Next(from, step, state.OpinionHandling)
			got := "refused"
			switch {
			case ok && to == from:
				got = "SAME"
			case ok && from == state.OpinionWaiting && to == state.OpinionHandling:
				got = "BACK"
			case ok:
				got = string(to)
			}
			expect, known := want[pair{from, step}]
			if !known {
				expect = "refused"
			}
			if got != expect {
				t.Errorf("%s in %q leads to %s, want %s", step, from, got, expect)
			}
		}
	}
	if pairs != 18*39 {
		t.Errorf("tried %d pairs", pairs)
	}
}

func TestOpinionParties(t *testing.T) {
	by := map[state.Step][]string{"ASK": {"HOLDER"}, "AMBER": {"CLOCK"}, "OVERDUE": {"CLOCK"}}
	for _, line := range strings.Split(strings.TrimSpace(loop), "\n") {
		f := strings.Fields(line)
		by[state.Step(f[1])] = f[3:]
	}
	for _, step := range state.Steps {
		move, ok := state.MoveOf(step)
		if !ok || move.Title == "" {
			t.Fatalf("%s is no move: %v", step, move)
		}
		for _, p := range state.Parties {
			if move.Does(p) != slices.Contains(by[step], string(p)) {
				t.Errorf("%s does %s: %v", p, step, move.Does(p))
			}
		}
		delete(by, step)
	}
	if len(by) != 0 {
		t.Error("not steps:", by)
	}
	if _, ok := state.MoveOf("SLEEP"); ok {
		t.Error("an unknown step is a move")
	}
	if to, ok := state.Next(state.OpinionSubmitted, "SLEEP", ""); ok {
		t.Error("an unknown step leads to", to)
	}
	if to, ok := state.Next(state.OpinionWaiting, state.StepResume, ""); ok {
		t.Error("back to nothing:", to)
	}
}

func TestOpinionOpenAndWaiting(t *testing.T) {
	if len(open)+len(ended) != len(state.Opinions) {
		t.Fatal("states:", state.Opinions)
	}
	for _, s := range open {
		if !s.Open() || s.WaitsOn(true) == state.PartyNone {
			t.Errorf("%s is not open, waits on %s", s, s.WaitsOn(true))
		}
	}
	for _, s := range append([]state.Opinion{""}, ended...) {
		if s.Open() || s.WaitsOn(true) != state.PartyNone {
			t.Errorf("%q is open, waits on %s", s, s.WaitsOn(true))
		}
	}
	for on, states := range map[state.Party][]state.Opinion{
		state.PartyStation:   {"SUBMITTED", "ACCEPTED", "ANSWERED", "REPLIED"},
		state.PartyOrgan:     {"ANALYSED", "RETURN_REQUESTED", "ESCALATED", "RATED"},
		state.PartyLead:      {"ASSIGNED", "HANDLING", "REWORK"},
		state.PartySubmitter: {"WAITING", "FED_BACK"},
	} {
		for _, s := range states {
			if s.WaitsOn(true) != on {
				t.Errorf("%s waits on %s, want %s", s, s.WaitsOn(true), on)
			}
		}
	}
	if state.OpinionRework.WaitsOn(false) != state.PartyOrgan {
		t.Error("a case without a department waits on", state.OpinionRework.WaitsOn(false))
	}
}

// The defaults of the domain, in working days.
func TestOpinionLimits(t *testing.T) {
	want := map[state.Opinion]int{
		"SUBMITTED": 3, "ACCEPTED": 3, "ANALYSED": 2, "ASSIGNED": 5, "RETURN_REQUESTED": 5, "ESCALATED": 3, "HANDLING": 15,
		"ANSWERED": 10, "REPLIED": 10, "FED_BACK": 10, "REWORK": 15, "WAITING": 10,
	}
	for _, s := range state.Opinions {
		l, ok := s.DefaultLimit()
		if days := want[s]; l.Days != days || ok != (days > 0) || ok && (l.Amber < 1 || l.Amber >= l.Days) {
			t.Errorf("%s: %v %v, want %d", s, l, ok, days)
		}
	}
}

// The vocabularies that the database is given.
func TestOpinionValues(t *testing.T) {
	if fmt.Sprint(state.Opinion("").Values()[:3]) != "[SUBMITTED ACCEPTED DECLINED]" || len(state.Step("").Values()) != 39 ||
		len(state.Party("").Values()) != 10 || fmt.Sprint(state.Suggestion("").Values()) != "[DRAFT]" {
		t.Error(state.Opinion("").Values(), state.Step("").Values())
	}
}
