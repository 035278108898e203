package app_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The attempts on opinions. What is refused is tried on the world's opinions, whatever their state: who has no part in a case learns
// nothing of it. What succeeds is tried on a copy in a state for it.

// opinionStep is how a step of an opinion is tried.
type opinionStep struct {
	// state is one in which the step may be done; empty for the opinion's own. changes are further columns of the copy.
	state   string
	changes map[string]any
	// input is what is sent beside the id.
	input func(m *matrix, a asker, o *oracle.Opinion) map[string]any
	// prepare makes what the step needs beside the copy, and tells what to send for it.
	prepare func(m *matrix, t *testing.T, o *oracle.Opinion, copied string) map[string]any
}

func said(more ...any) func(*matrix, asker, *oracle.Opinion) map[string]any {
	input := map[string]any{"text": "已经核实了情况"}
	for i := 0; i < len(more); i += 2 {
		input[more[i].(string)] = more[i+1]
	}
	return func(*matrix, asker, *oracle.Opinion) map[string]any { return input }
}

var (
	dissatisfied = map[string]any{"rating": "DISSATISFIED", "dissatisfied": 1}
	satisfied    = map[string]any{"rating": "SATISFIED"}
	unsupervised = map[string]any{"supervisor_id": nil, "supervision_due_on": nil}
)

// opinionSteps is how every step is tried.
var opinionSteps = map[string]opinionStep{
	"acceptOpinion":  {state: "SUBMITTED", input: said()},
	"declineOpinion": {state: "SUBMITTED", input: said("reason", "OUT_OF_SCOPE")},
	"answerOpinion":  {state: "SUBMITTED", input: said("outcome", "EXPLAINED")},
	"mergeOpinion": {
		state: "ACCEPTED",
		input: said("main", globalID("Opinion", apitest.InState(apitest.Cases[0], "ACCEPTED"))),
		prepare: func(m *matrix, t *testing.T, o *oracle.Opinion, _ string) map[string]any {
			return map[string]any{"main": globalID("Opinion", m.copyOpinion(t, o, "ACCEPTED", nil))}
		},
	},
	"unmergeOpinion": {
		state: "ACCEPTED", input: said(),
		prepare: func(m *matrix, t *testing.T, o *oracle.Opinion, copied string) map[string]any {
			m.exec(t, fmt.Sprintf(`UPDATE opinion SET state = 'MERGED', open = false, due_on = NULL, amber_on = NULL, main_id = '%s'
				WHERE id = '%s'`, m.copyOpinion(t, o, "ACCEPTED", nil), copied))
			return nil
		},
	},
	"askSubmitter": {input: said()},
	"resumeOpinion": {
		input: said(),
		prepare: func(m *matrix, t *testing.T, _ *oracle.Opinion, copied string) map[string]any {
			m.exec(t, fmt.Sprintf(`UPDATE opinion SET state = 'WAITING', resume_state = state WHERE id = '%s'`, copied))
			return nil
		},
	},
	"analyseOpinion": {state: "ACCEPTED", input: func(_ *matrix, _ asker, o *oracle.Opinion) map[string]any {
		return map[string]any{"category": globalID("Category", apitest.Category("0101")), "level": o.Level, "urgency": "NORMAL"}
	}},
	"assignOpinion": {state: "ANALYSED", input: func(m *matrix, _ asker, o *oracle.Opinion) map[string]any {
		return map[string]any{"lead": globalID("Organ", m.world.Spot(o.Holder).Department), "co": []string{globalID("Organ", m.world.Spot(o.Holder).Bureau)}}
	}},
	"takeOpinion":     {state: "ASSIGNED", input: said()},
	"requestReturn":   {state: "ASSIGNED", input: said()},
	"escalateOpinion": {state: "ANALYSED", input: said()},
	"takeUpOpinion":   {state: "ESCALATED", input: said()},
	"sendBackOpinion": {
		state: "ESCALATED", input: said(),
		prepare: func(m *matrix, t *testing.T, o *oracle.Opinion, copied string) map[string]any {
			for _, e := range m.world.Events { // it came from the place that has it, so that the viewer sees that
				if e.Opinion == o.ID {
					m.clone(t, "opinion_event", e.ID, map[string]any{
						"opinion_id": copied, "step": "ESCALATE", "to_state": "ESCALATED", "actor_code": m.stored(o.ID)["holder_code"],
					})
					break
				}
			}
			return nil
		},
	},
	"noteProgress":    {state: "HANDLING", input: said()},
	"explainOpinion":  {state: "HANDLING", input: said()},
	"extendOpinion":   {state: "HANDLING", input: said("days", 2)},
	"replyOpinion":    {state: "HANDLING", input: said("outcome", "SOLVED")},
	"feedBackOpinion": {state: "REPLIED", input: said()},
	"reworkOpinion":   {state: "RATED", changes: dissatisfied, input: said()},
	"closeOpinion":    {state: "RATED", changes: satisfied, input: said()},
	"convertOpinion": {state: "RATED", changes: satisfied, input: func(m *matrix, a asker, _ *oracle.Opinion) map[string]any {
		return map[string]any{"mandate": globalID("Mandate", m.mandateOf(a)), "title": "关于整治积水的建议", "content": "建议统一改造沿街的排水管网。"}
	}},
	"reopenOpinion": {state: "CLOSED", changes: map[string]any{"closed_at": time.Now()}, input: said()},
	"superviseOpinion": {state: "HANDLING", changes: unsupervised, input: func(m *matrix, a asker, _ *oracle.Opinion) map[string]any {
		organ := m.world.Spot(a.At).Organ
		if organ == "" {
			organ = m.world.Spot("430121").Organ // of a village there is none
		}
		return map[string]any{
			"text": "请按期办结", "supervisor": globalID("Organ", organ), "dueOn": time.Now().AddDate(0, 2, 0).Format(time.DateOnly),
		}
	}},
	"urgeOpinion":    {state: "HANDLING", changes: map[string]any{"supervision_due_on": "2031-01-01"}, input: said(), prepare: supervised},
	"endSupervision": {state: "HANDLING", changes: map[string]any{"supervision_due_on": "2031-01-01"}, input: said(), prepare: supervised},
	"markKeyOpinion": {state: "HANDLING", changes: map[string]any{"key_case": false}, input: said("key", true)},
	"publishOpinion": {state: "CLOSED", input: func(*matrix, asker, *oracle.Opinion) map[string]any {
		return map[string]any{"title": "门前积水治理", "matter": "门前路面积水", "answer": "已疏通排水管道"}
	}},
	"withdrawCase": {state: "CLOSED", changes: map[string]any{"published": true}, input: said()},
	"revealSubmitter": {input: func(*matrix, asker, *oracle.Opinion) map[string]any {
		return map[string]any{"reason": "回访核实办理情况"}
	}},
}

// supervised puts a copy under the supervision of the organ responsible for the station's place, which everyone above it may end.
func supervised(m *matrix, t *testing.T, o *oracle.Opinion, copied string) map[string]any {
	m.exec(t, fmt.Sprintf(`UPDATE opinion SET supervisor_id = '%s' WHERE id = '%s'`, m.world.Spot(m.world.Responsible(o.At)).Organ, copied))
	return nil
}

// mandateOf is a mandate of the deputy who asks, on the roll; any for all others.
func (m *matrix) mandateOf(a asker) string {
	for _, x := range m.world.Mandates {
		if x.Deputy == a.Person && x.OnRoll() && x.Status != "SUSPENDED" {
			return x.ID
		}
	}
	return m.world.Spot("430121").Mandate
}

// copyOpinion makes an opinion like another, in a state, with who submitted it and the departments that have it, and answers its id.
func (m *matrix) copyOpinion(t *testing.T, o *oracle.Opinion, state string, changes map[string]any) string {
	t.Helper()
	changes = maps.Clone(changes)
	if changes == nil {
		changes = map[string]any{}
	}
	changes["number"] = fmt.Sprintf("991231-%08d", m.number())
	if state != "" {
		now := &oracle.Opinion{State: state, Lead: o.Lead}
		changes["state"], changes["waits_on"], changes["open"] = state, now.WaitsOn(), now.Open()
	}
	id := m.clone(t, "opinion", o.ID, changes)
	for _, a := range m.world.Assignments {
		if a.Opinion == o.ID {
			m.clone(t, "opinion_assignment", a.ID, map[string]any{"opinion_id": id})
		}
	}
	for _, s := range m.world.Submitters {
		if s.Opinion == o.ID {
			m.clone(t, "opinion_submitter", s.ID, map[string]any{"opinion_id": id})
		}
	}
	return id
}

// casesAt are the opinions of a place on which steps are tried, and at the viewer's own place those of special cases: another station's,
// those that came to deputies who are gone, those of a department that has them no longer.
func (m *matrix) casesAt(a asker, at string) []*oracle.Opinion {
	s := m.world.Spot(at)
	ids := []string{s.Opinion, s.Case, s.Raised}
	if at == a.At {
		ids = append(ids, s.Past, apitest.Told(apitest.AtOnline), apitest.Told(apitest.ToLeft), apitest.Told(apitest.ToRetired))
	}
	var out []*oracle.Opinion
	for _, id := range ids {
		if o := oracle.Get[*oracle.Opinion](&m.world.World, id); o != nil {
			out = append(out, o)
		}
	}
	return out
}

// tryable tells whether an attempt that the oracle allows can succeed at all with what the world has: a case is not put above the nation,
// and a deputy without a seat makes no suggestion.
func (m *matrix) tryable(a asker, verb string, o *oracle.Opinion) bool {
	switch verb {
	case "escalateOpinion":
		return o.Holder != nation
	case "convertOpinion":
		x := oracle.Get[*oracle.Mandate](&m.world.World, m.mandateOf(a))
		return a.Person == "" || x.Deputy == a.Person
	}
	return true
}

// stepProbe is how a step is tried, as other verbs are.
func stepProbe(verb string, step opinionStep) verbProbe {
	payload := []string{"opinion { id }"}
	if verb == "revealSubmitter" {
		payload = []string{"name", "phone", "callBack"}
	}
	return verbProbe{
		payload: payload, sampled: sampledSteps[verb] == "",
		lines: func(done int) int {
			if verb == "convertOpinion" {
				return 2 * done // the suggestion has one of its own
			}
			return done
		},
		at: func(m *matrix, a asker, at string) []attempt {
			var out []attempt
			for _, o := range m.casesAt(a, at) {
				if m.tryable(a, verb, o) {
					out = append(out, m.try(verb, "id", "Opinion", o.ID, oracle.Target{Case: o}, step.input(m, a, o)))
				}
			}
			return out
		},
		spare: func(m *matrix, t *testing.T, a asker, at string) []attempt {
			var out []attempt
			for _, o := range m.casesAt(a, at) {
				if !m.tryable(a, verb, o) {
					continue
				}
				if m.world.MayOn(a.Viewer, verb, o) != oracle.Done {
					out = append(out, attempt{}) // not asked for
					continue
				}
				copied := m.copyOpinion(t, o, step.state, step.changes)
				input := maps.Clone(step.input(m, a, o))
				if step.prepare != nil {
					maps.Copy(input, step.prepare(m, t, o, copied))
				}
				out = append(out, m.try(verb, "id", "Opinion", copied, oracle.Target{Case: o}, input))
			}
			return out
		},
	}
}

// sampledSteps names one step of each party that is tried everywhere. The oracle tells no difference between these and the other steps of
// the same parties (oracle.Like), which are therefore tried once for each outcome.
var sampledSteps = map[string]string{
	"acceptOpinion": "STATION", "assignOpinion": "ORGAN", "takeOpinion": "LEAD", "noteProgress": "HANDLER", "explainOpinion": "DEPUTY",
	"superviseOpinion": "ABOVE", "askSubmitter": "HOLDER", "revealSubmitter": "administrators ABOVE",
}

// opinionProbesOfVerbs is how the mutations on opinions, and around them, are tried.
func opinionProbesOfVerbs() map[string]verbProbe {
	out := map[string]verbProbe{
		"recordOpinion": {payload: []string{"opinion { id }", "number", "token"}, at: func(m *matrix, _ asker, at string) []attempt {
			return m.onStationsOf(at, "recordOpinion", "station", func() map[string]any {
				return map[string]any{"channel": "IN_PERSON", "content": fmt.Sprintf("第%d次反映路灯不亮", m.number()), "consent": "2026-1"}
			})
		}},
		"importOpinions": {
			payload: []string{"rows", "known", "created", "errors { row column code message }"},
			code: func(answer *apitest.Answer) string {
				if code := answer.Code(); code != "" {
					return code
				}
				return firstImportError(answer)
			},
			lines: anyLines,
			at:    imports,
		},
		"importCalendar": {
			payload: []string{"rows", "known", "created", "errors { row column code message }"}, lines: anyLines,
			at: func(m *matrix, a asker, at string) []attempt {
				input := map[string]any{"year": 2027, "csv": "日期,类型,节日\n2027-01-01,放假,元旦\n"}
				return []attempt{{verb: "importCalendar", input: input, target: oracle.Target{At: a.At}, thing: m.world.Place(at).ID, unknown: input}}
			},
		},
		"setOpinionLimit": {payload: []string{"limits { state }"}, at: func(m *matrix, _ asker, at string) []attempt {
			congress := m.world.Spot(at).Congress
			if congress == "" {
				return nil
			}
			return []attempt{m.try("setOpinionLimit", "congress", "Congress", congress, oracle.Target{At: at, Own: true},
				map[string]any{"state": "REPLIED", "days": 8, "amberDays": 2})}
		}},
		"replaceCode": {
			payload: []string{"code { id }"},
			at: func(m *matrix, _ asker, at string) []attempt {
				out := m.onStationsOf(at, "replaceCode", "station", func() map[string]any { return map[string]any{"reason": "破损更换"} })
				if p := m.world.Spot(at).Posting; p != "" {
					out = append(out, m.onPosting("replaceCode", p, at))
				}
				return out
			},
			spare: func(m *matrix, t *testing.T, _ asker, at string) []attempt {
				out := m.onStationsOf(at, "replaceCode", "station", func() map[string]any { return map[string]any{"reason": "破损更换"} })
				if m.world.Spot(at).Posting != "" {
					out = append(out, m.onPosting("replaceCode", m.sparePosting(t, at), at))
				}
				return out
			},
		},
		"revokeCode": {
			payload: []string{"code { id }"},
			at: func(m *matrix, _ asker, at string) []attempt {
				if m.world.Spot(at).Posting == "" {
					return nil
				}
				return []attempt{m.onCode(apitest.CodeOf(m.world.Spot(at).Posting), at)}
			},
			spare: func(m *matrix, t *testing.T, _ asker, at string) []attempt {
				posting := m.sparePosting(t, at)
				return []attempt{m.onCode(m.clone(t, "qr_code", apitest.CodeOf(m.world.Spot(at).Posting), map[string]any{
					"posting_id": posting, "text": "SPARE" + uuid.NewString()[:20],
				}), at)}
			},
		},
		"readNotifications": {
			payload: []string{"read", "unread"}, lines: func(int) int { return 0 }, // what one has read is one's own affair
			at: func(m *matrix, a asker, at string) []attempt {
				if at != a.At {
					return nil // they belong to accounts, not to places
				}
				var out []attempt
				for _, n := range m.world.Notifications {
					out = append(out, attempt{
						verb: "readNotifications", input: map[string]any{"ids": []string{globalID("Notification", n.ID)}}, thing: n.ID,
						target:  oracle.Target{At: a.At, Visible: m.world.Sees(a.Viewer, n.ID)},
						unknown: map[string]any{"ids": []string{globalID("Notification", uuid.NewString())}},
					})
				}
				return out
			},
		},
	}
	for verb, step := range opinionSteps {
		out[verb] = stepProbe(verb, step)
	}
	return out
}

// onStationsOf are attempts on the station of a place and on its online station, which a keeper of another must not touch.
func (m *matrix) onStationsOf(at, verb, field string, input func() map[string]any) []attempt {
	var out []attempt
	for _, s := range m.world.Stations {
		if s.At == at && s.ClosedOn == "" {
			out = append(out, m.try(verb, field, "Station", s.ID, oracle.Target{At: at, Station: s.ID}, input()))
		}
	}
	return out
}

func (m *matrix) onPosting(verb, posting, at string) attempt {
	return m.try(verb, "posting", "Posting", posting, oracle.Target{At: at, Station: m.world.Spot(at).Station}, map[string]any{"reason": "破损更换"})
}

func (m *matrix) onCode(code, at string) attempt {
	return m.try("revokeCode", "id", "QrCode", code, oracle.Target{At: at, Station: m.world.Spot(at).Station}, map[string]any{"reason": "张贴处已拆除"})
}

// imports: a table with one opinion that came to the place's station, which is named in it.
func imports(m *matrix, a asker, at string) []attempt {
	target := oracle.Target{At: at, Station: m.world.Spot(at).Station}
	if a.Role == "STATION_KEEPER" && a.Station == "" {
		target.At = a.At // who keeps no station is told so before the table is read
	}
	s := oracle.Get[*oracle.Station](&m.world.World, m.world.Spot(at).Station)
	table := func(station string) map[string]any {
		return map[string]any{
			"csv":     fmt.Sprintf("外部编号,站点,来源渠道,内容\nX%d,%s,来站,路灯不亮已有多日\n", m.number(), station),
			"consent": "2026-1",
		}
	}
	return []attempt{{
		verb: "importOpinions", input: table(s.Name), target: target, thing: s.ID, unknown: table("没有这个站"),
	}}
}

// unscoped are the verbs that are not about a thing at a place, so that nothing of them can be out of sight.
var unscoped = []string{"importCalendar"}

// neverDone are the pairs of role and verb of which the world has no case: nothing is above the nation.
var neverDone = []string{"NATION_ADMIN escalateOpinion"}

func isNever(role, verb string) bool { return slices.Contains(neverDone, role+" "+verb) }
