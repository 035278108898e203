package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// attempt is one try to change something, and how the oracle is told of it.
type attempt struct {
	verb   string
	input  map[string]any
	target oracle.Target
	// thing is what the attempt is about, for the relation and for people.
	thing string
	// unknown is the same with the id of something that never was in the place of the target's.
	unknown map[string]any
}

// verbProbe tries a mutation.
type verbProbe struct {
	// payload are the fields of the answer, as in valueFields; the things in it are asked for their ids.
	payload []string
	// at makes the attempts on what the world has at a place. What they change for good when they succeed is made for the
	// purpose by spare, which is nil where an attempt may be repeated.
	at    func(m *matrix, a asker, place string) []attempt
	spare func(m *matrix, t *testing.T, a asker, place string) []attempt
	// sampled: one attempt of each outcome is enough, since another verb of the same kind is tried everywhere.
	sampled bool
	// code is what an answer says of an attempt; nil for its first error.
	code func(*apitest.Answer) string
	// lines is how many lines in the audit so many successes leave; nil for as many.
	lines func(done int) int
}

// anyLines: the lines are counted elsewhere.
func anyLines(int) int { return -1 }

// codeOfAnswer is the outcome of an attempt as the API has it; empty for success.
func (p verbProbe) codeOfAnswer(answer *apitest.Answer) string {
	if p.code != nil {
		return p.code(answer)
	}
	return answer.Code()
}

// firstImportError is what is wrong with the first cell of a table.
func firstImportError(answer *apitest.Answer) string {
	var data struct {
		ImportOpinions *struct{ Errors []struct{ Code string } }
	}
	if err := json.Unmarshal(answer.Data, &data); err != nil || data.ImportOpinions == nil || len(data.ImportOpinions.Errors) == 0 {
		return ""
	}
	return data.ImportOpinions.Errors[0].Code
}

// payloadFields are the fields of the types that mutations, and viewer, answer.
var payloadFields = func() map[string][]string {
	out := map[string][]string{
		"Viewer":         {"role", "division"},                         // checkViewer
		"SignInPayload":  {"accessToken", "refreshToken", "expiresAt"}, // TestSession
		"SignOutPayload": {"signedOut"},
		"ImportError":    {"row", "column", "code", "message"},
		// Of citizens, not of viewers: TestCitizen.
		"SubmitOpinionPayload": {"number", "token", "submittedAt", "dueOn"},
		"ReceiptPayload":       {"receipt"},
		// TestCitizensAppointment.
		"BookAppointmentPayload":     {"number", "token", "requestedAt"},
		"WithdrawAppointmentPayload": {"appointment"}, // checkBooking
	}
	for verb, p := range verbProbes() {
		if slices.Contains(oracle.TreeVerbs, verb) {
			out["DivisionChangePayload"] = []string{"event", "predecessors", "successors", "moved"}
			continue
		}
		thing, _, _ := strings.Cut(p.payload[0], " ")
		name := strings.ToUpper(thing[:1]) + thing[1:] + "Payload"
		switch {
		case payloadTypes[verb] != "":
			name = payloadTypes[verb]
		case opinionSteps[verb].input != nil:
			name = "OpinionPayload"
		}
		for _, f := range p.payload {
			field, _, _ := strings.Cut(f, " ")
			if !slices.Contains(out[name], field) {
				out[name] = append(out[name], field)
			}
		}
	}
	return out
}()

// payloadTypes are the types that answer verbs, where they are not named for the thing.
var payloadTypes = map[string]string{
	"recordOpinion": "RecordOpinionPayload", "revealSubmitter": "RevealSubmitterPayload", "importOpinions": "ImportPayload",
	"importCalendar": "ImportPayload", "setOpinionLimit": "SetOpinionLimitPayload", "replaceCode": "QrCodePayload", "revokeCode": "QrCodePayload",
	"readNotifications": "ReadNotificationsPayload",

	"endVisitRule": "EndVisitRulePayload", "createVisitRule": "VisitRulePayload", "planVisitDays": "PlanVisitDaysPayload",
	"publishVisitDays": "PublishVisitDaysPayload", "assignDuty": "VisitDutyPayload", "substituteDuty": "VisitDutyPayload",
	"requestAppointment": "RequestAppointmentPayload", "checkIn": "CheckInPayload", "defineFigure": "KeyFigurePayload", "changeFigure": "KeyFigurePayload",
	"remindDeputies": "RemindDeputiesPayload", "setPairingRule": "PairingRulePayload", "logContact": "PairingContactPayload",
	"openEvaluation": "EvaluationCampaignPayload", "reviewCampaign": "EvaluationCampaignPayload", "publishEvaluation": "EvaluationCampaignPayload",
	"cancelEvaluation": "EvaluationCampaignPayload",
}

// checkVerbs lets every viewer try every mutation on something of each relation: first what the oracle denies,
// after which nothing may have changed; then, as controls, what it allows.
func (m *matrix) checkVerbs(t *testing.T) {
	probes := verbProbes()
	before := m.snapshot(t)
	t.Run("denied", func(t *testing.T) {
		for _, a := range m.askers {
			t.Run(a.name, func(t *testing.T) {
				t.Parallel()
				caller := a.caller(m.server.For(t))
				for verb, p := range probes {
					m.tryAllDenied(a, caller, verb, p)
				}
			})
		}
	})
	if after := m.snapshot(t); before != after {
		t.Errorf("what was refused has changed something:\nbefore %s\nafter  %s\naudit  %s", before, after, m.lastAudit(t))
	}
	t.Run("allowed", func(t *testing.T) {
		for _, a := range m.askers {
			t.Run(a.name, func(t *testing.T) {
				t.Parallel()
				caller := a.caller(m.server.For(t))
				for verb, p := range probes {
					m.tryAllowed(t, a, caller, verb, p)
				}
			})
		}
	})
	m.checkPairs(t)
}

// places are the places on which a viewer's attempts are made: two of each relation, where there are.
func (m *matrix) places(a asker) []string {
	var out []string
	for _, r := range oracle.Relations {
		var of, congresses []string
		for _, p := range m.world.Places {
			if p.Placeholder || m.world.RelationOf(a.At, p.Code) != r {
				continue
			}
			of = append(of, p.Code)
			if m.world.Spot(p.Code).Congress != "" {
				congresses = append(congresses, p.Code)
			}
		}
		out = append(out, slices.Compact(slices.Concat(of[max(0, len(of)-1):], congresses[:min(1, len(congresses))]))...)
	}
	return out
}

// document is the mutation of a verb.
func (p verbProbe) document(verb string) string {
	var b strings.Builder
	for _, f := range p.payload {
		name, rest, _ := strings.Cut(f, " ")
		b.WriteString(" " + name + " " + rest)
	}
	typ := strings.ToUpper(verb[:1]) + verb[1:] + "Input"
	return fmt.Sprintf("mutation($input: %s!) { %s(input: $input) {%s } }", typ, verb, b.String())
}

// tryAllDenied makes the attempts of one verb that must fail. A role that may not do the verb at all makes one for each place.
func (m *matrix) tryAllDenied(a asker, caller *apitest.Caller, verb string, p verbProbe) {
	compared := map[int]bool{} // with something unknown, once for each kind of attempt
	tried := map[oracle.Outcome]bool{}
	for _, at := range m.placesFor(a, verb) {
		for i, try := range p.at(m, a, at) {
			want := m.world.May(a.Viewer, verb, try.target)
			if want == oracle.Done || p.sampled && tried[want] {
				continue
			}
			tried[want] = true
			hidden := want == oracle.NotFound || !oracle.Allowed(a.Role, verb)
			m.tryDenied(a, caller, p, try, hidden && !compared[i])
			compared[i] = compared[i] || hidden
			if !oracle.Allowed(a.Role, verb) {
				break
			}
		}
	}
}

// tryDenied makes an attempt that must fail and, if compare, again with something that never was, which must fail alike.
func (m *matrix) tryDenied(a asker, caller *apitest.Caller, p verbProbe, try attempt, compare bool) {
	want := m.world.May(a.Viewer, try.verb, try.target)
	c := cell{matrix: m, asker: a, id: try.thing, what: try.verb}
	c.count(false)
	m.tried(a.Role, try.verb, want)
	answer := caller.Do(p.document(try.verb), apitest.Vars{"input": try.input})
	switch got := p.codeOfAnswer(answer); {
	case got == "":
		c.leak("done: " + answer.Body)
	case got != string(want):
		c.mismatch(answer.Body, want)
	}
	if compare {
		unknown := caller.Do(p.document(try.verb), apitest.Vars{"input": try.unknown})
		m.indistinguishable(a, try.verb, try.thing, answer, unknown)
	}
}

func (m *matrix) tryAllowed(t *testing.T, a asker, caller *apitest.Caller, verb string, p verbProbe) {
	done := 0
	for _, at := range m.placesFor(a, verb) {
		if p.sampled && done > 0 {
			break
		}
		again := p.spare
		if again == nil {
			again = func(m *matrix, _ *testing.T, a asker, place string) []attempt { return p.at(m, a, place) }
		}
		for i, try := range p.at(m, a, at) {
			if m.world.May(a.Viewer, verb, try.target) != oracle.Done {
				continue
			}
			if spares := again(m, t, a, at); i < len(spares) {
				try = spares[i]
			} else {
				continue // only ever tried where it is denied
			}
			c := cell{matrix: m, asker: a, id: try.thing, what: verb, at: try.target.At}
			c.count(true)
			m.tried(a.Role, verb, oracle.Done)
			if answer := caller.Do(p.document(verb), apitest.Vars{"input": try.input}); p.codeOfAnswer(answer) != "" {
				c.loss(answer.Body)
				continue
			}
			if done++; p.sampled {
				break
			}
		}
	}
	lines := done
	if p.lines != nil {
		lines = p.lines(done)
	}
	var audited int
	err := m.server.Owner.QueryRowContext(t.Context(),
		`SELECT count(*) FROM audit_entry WHERE subject = $1 AND verb = $2`, a.subject(), verb).Scan(&audited)
	if err != nil {
		t.Fatal(err)
	}
	if audited != lines && lines >= 0 {
		t.Errorf("%s: %d lines in the audit for %d done", verb, audited, done)
	}
}

// tried notes that an outcome was expected of a role and a verb.
func (m *matrix) tried(role, verb string, o oracle.Outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.outcomes[role+" "+verb+" "+string(o)]++
}

// checkPairs sees to it that every pair of role and verb was tried: an allowed one with success and, where there is
// something out of sight, without; a denied one. A change in the table of verbs cannot pass then.
func (m *matrix) checkPairs(t *testing.T) {
	var verbs []string
	for _, v := range workflow.Verbs {
		verbs = append(verbs, string(v))
	}
	slices.Sort(verbs)
	if want := oracle.Verbs(); !slices.Equal(verbs, want) {
		t.Errorf("the verbs are %v, the oracle knows %v", verbs, want)
	}
	roles := oracle.Roles()
	for _, r := range viewer.Roles {
		if !slices.Contains(roles, string(r)) {
			t.Errorf("the oracle does not know the role %s", r)
		}
	}
	for _, role := range roles {
		if role == oracle.Citizen {
			continue // without an account: TestCitizen
		}
		for _, verb := range verbs {
			if slices.Contains(oracle.OperatorsVerbs, verb) {
				continue // no mutation does it
			}
			want := []oracle.Outcome{oracle.Forbidden}
			if oracle.Allowed(role, verb) {
				want = nil
				if !isNever(role, verb) && !doneElsewhere(verb) {
					want = append(want, oracle.Done)
				}
				if role != string(viewer.NationAdmin) && !slices.Contains(slices.Concat(unscoped, unscopedDuty), verb) {
					want = append(want, oracle.NotFound)
				}
			}
			for _, o := range want {
				if m.outcomes[role+" "+verb+" "+string(o)] == 0 {
					t.Errorf("%s never came to %s by %s", role, o, verb)
				}
			}
		}
	}
}

// snapshot is a text that is another one when any row of any table has changed.
func (m *matrix) snapshot(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, table := range apitest.Tables() {
		var text string
		err := m.server.Owner.QueryRowContext(t.Context(), fmt.Sprintf(
			`SELECT count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM %s t`, table)).Scan(&text)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s ", table, text)
	}
	return b.String()
}

func (m *matrix) lastAudit(t *testing.T) (last string) {
	t.Helper()
	err := m.server.Owner.QueryRowContext(t.Context(),
		`SELECT coalesce(string_agg(subject || ' ' || verb, ', '), '') FROM audit_entry WHERE subject LIKE 'operator:%'`).Scan(&last)
	if err != nil {
		t.Fatal(err)
	}
	return last
}
