package app_test

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The fields of Query that are not told a division: what is the viewer's own, and what is about one thing.

// ownProbe tries a field that answers what is the viewer's own.
type ownProbe struct {
	field, args, selection string
	// withheld: the field is refused to some viewers.
	withheld func(v oracle.Viewer) bool
	judge    func(c cell, got any)
}

func ownProbes(_ *world) []ownProbe {
	return slices.Concat(opinionOwn(), dutyOwn(), changeOwn())
}

func opinionOwn() []ownProbe {
	shown := func(oracle.Viewer) bool { return false }
	rows := func(field string, withheld func(oracle.Viewer) bool, want func(c cell) []string) ownProbe {
		return ownProbe{field, "first: 100", connectionSelection, withheld, func(c cell, got any) { c.judgeConnection(got, want(c), false) }}
	}
	return []ownProbe{
		rows("opinions", shown, func(c cell) []string {
			return c.newestFirst(collect(c.world.Opinions, func(o *oracle.Opinion) string { return o.ID }, func(o *oracle.Opinion) bool {
				return c.Role == "DEPUTY" || c.Role == "DEPARTMENT" || oracle.Holds(c.At, o.At)
			}))
		}),
		rows("suggestions", shown, func(c cell) []string { return suggestionVariants()[0].rows(c, c.At) }),
		rows("myDesk", func(v oracle.Viewer) bool { return v.Role == "PORTAL" }, func(c cell) []string {
			return c.byDueDay(collect(c.world.Opinions, func(o *oracle.Opinion) string { return o.ID },
				func(o *oracle.Opinion) bool { return c.world.WaitsFor(c.Viewer, o) }))
		}),
		rows("notifications", shown, func(c cell) []string { return c.notices(true) }),
		{"notifications", "unreadOnly: true, first: 100", connectionSelection, shown, func(c cell, got any) {
			c.judgeConnection(got, c.notices(false), false)
		}},
		{"unreadNotifications", "", "", shown, func(c cell, got any) { c.same(got, len(c.seen(c.notices(false)))) }},
		{"categories", "", "{ id }", shown, func(c cell, got any) { c.judgeIDs(idsOf(got), c.ids["Category"], false) }},
		{
			"departmentMeasures", measured[0].args(), selectionOf("OpinionMeasures"), func(v oracle.Viewer) bool { return v.Role != "DEPARTMENT" },
			func(c cell, got any) {
				c.same(got, c.measures(measured[0], func(*oracle.Opinion) bool { return true }))
			},
		},
		{
			"departmentMeasures", fmt.Sprintf("category: %q, ", globalID("Category", apitest.Category("0102"))) + measured[0].args(),
			selectionOf("OpinionMeasures"), func(v oracle.Viewer) bool { return v.Role != "DEPARTMENT" },
			func(c cell, got any) {
				c.same(got, c.measures(measured[0], func(o *oracle.Opinion) bool { return o.Category == apitest.Category("0102") }))
			},
		},
	}
}

// notices are the notifications of all accounts, or those not read yet.
func (c cell) notices(read bool) []string {
	return c.newestFirst(collect(c.world.Notifications, func(n *oracle.Notification) string { return n.ID },
		func(n *oracle.Notification) bool { return read || !n.Read }))
}

// thingProbe tries a field that is told one thing by its id, or by a text that names it.
type thingProbe struct {
	field, argument, selection string
	withheld                   func(v oracle.Viewer) bool
	things                     func(m *matrix) []string
	typ                        string
	// sees tells which of them the viewer may ask about; nil for all in sight.
	sees func(m *matrix, v oracle.Viewer, id string) bool
	// refusal tells how the viewer is refused, where it is not as with all in sight.
	refusal func(m *matrix, v oracle.Viewer, id string) oracle.Outcome
	judge   func(c cell, got any)
}

func thingProbes() []thingProbe {
	return append(opinionThings(), dutyThings()...)
}

func opinionThings() []thingProbe {
	committees := func(v oracle.Viewer) bool { return !oracle.SeesRollup(v) }
	return []thingProbe{
		{
			field: "similarOpinions", argument: "first: 50, opinion", selection: "{ score opinion { id } }", withheld: committees, typ: "Opinion",
			things: func(m *matrix) []string {
				out := []string{m.world.Spot("0").Opinion, m.world.Spot("4310").Case}
				for _, at := range []string{"43", "4301", "430121", "430121107", "430121107201", "430102", "431002", "440305", "4419", "429004"} {
					out = append(out, m.world.Spot(at).Opinion)
				}
				return out
			},
			judge: judgeSimilar,
		},
		{
			field: "opinionLimits", argument: "congress", selection: selectionOf("OpinionLimit"), withheld: committees, typ: "Congress",
			things: func(m *matrix) []string { return m.ids["Congress"] },
			judge:  func(c cell, got any) { c.same(got, c.limits(c.world.At(c.id))) },
		},
	}
}

// judgeSimilar compares which opinions are alike; in the world all are that lie in one county, but what is over long since.
func judgeSimilar(c cell, got any) {
	rows, _ := got.([]any)
	ids := make([]string, len(rows))
	for i, r := range rows {
		similar, _ := r.(map[string]any)
		o, _ := similar["opinion"].(map[string]any)
		ids[i], _ = o["id"].(string)
		if score, _ := similar["score"].(float64); score < 0.15 || score > 1 {
			c.mismatch(score, "a score")
		}
	}
	want := c.seen(collect(c.world.Opinions, func(o *oracle.Opinion) string { return o.ID }, func(o *oracle.Opinion) bool {
		return o.ID != c.id && o.Open() && c.world.Near(c.world.At(c.id), o.At)
	}))
	if len(want) > mostAlike { // it is for the scores to say which of them come
		want = slices.DeleteFunc(want, func(id string) bool { return !slices.Contains(ids, c.globalID(id)) })
		if len(want) != mostAlike {
			c.loss(fmt.Sprintf("%d alike", mostAlike))
		}
	}
	c.judgeIDs(ids, want, false)
}

// mostAlike is how many are asked for.
const mostAlike = 50

// standard are the limits where no congress has set one, in working days, and how many of them are amber.
var standard = map[string][2]int{
	"SUBMITTED": {3, 1}, "ACCEPTED": {3, 1}, "ANALYSED": {2, 1}, "ASSIGNED": {5, 1}, "RETURN_REQUESTED": {5, 1}, "ESCALATED": {3, 1},
	"HANDLING": {15, 3}, "ANSWERED": {10, 3}, "REPLIED": {10, 3}, "FED_BACK": {10, 3}, "REWORK": {15, 3}, "WAITING": {10, 3},
}

// limits are those that hold at a place: the own, else the nearest above, else the platform's.
func (c cell) limits(at string) any {
	out := []any{}
	for _, state := range limitedStates {
		days, source := standard[state], "DEFAULT"
		for p := c.world.Place(at); p != nil && source == "DEFAULT"; p = c.world.Place(p.Parent) {
			for _, l := range c.world.Limits {
				if l.State == state && c.world.At(l.ID) == p.Code {
					days, source = [2]int{l.Days, l.Amber}, "INHERITED"
					if p.Code == at {
						source = "OWN"
					}
				}
			}
		}
		out = append(out, map[string]any{"state": state, "days": days[0], "amberDays": days[1], "source": source})
	}
	return out
}

// checkOwn asks one viewer all of them.
func (m *matrix) checkOwn(a asker, caller *apitest.Caller) {
	for _, p := range ownProbes(m.world) {
		args := ""
		if p.args != "" {
			args = "(" + p.args + ")"
		}
		query := "{ r: " + p.field + args + " " + p.selection + " }"
		c := cell{matrix: m, asker: a, id: m.world.Place(a.At).ID, what: p.field + args}
		answer := caller.Do(query, nil)
		if p.withheld(a.Viewer) {
			c.refused(answer, oracle.Forbidden)
			continue
		}
		var data struct{ R any }
		if m.understood(a, &data, query, answer) {
			p.judge(c, data.R)
		}
	}
	for _, p := range thingProbes() {
		m.checkThings(a, caller, p)
	}
}

// refused notes an answer that must be a refusal with a code.
func (c cell) refused(answer *apitest.Answer, want oracle.Outcome) {
	c.count(false)
	switch got := answer.Code(); {
	case got == "":
		c.leak(answer.Body)
	case got != string(want):
		c.mismatch(answer.Body, want)
	}
}

// checkThings asks a field about each thing: of those out of sight it must tell nothing, not even that they are.
func (m *matrix) checkThings(a asker, caller *apitest.Caller, p thingProbe) {
	query := fmt.Sprintf("query($id: ID!) { r: %s(%s: $id) %s }", p.field, p.argument, p.selection)
	unknown := caller.Do(query, apitest.Vars{"id": globalID(p.typ, uuid.NewString())})
	for _, id := range p.things(m) {
		c := cell{matrix: m, asker: a, id: id, what: p.field}
		answer := caller.Do(query, apitest.Vars{"id": m.globalID(id)})
		if p.refusal != nil {
			if o := p.refusal(m, a.Viewer, id); o != "" {
				c.refused(answer, o)
				continue
			}
		}
		switch {
		case p.withheld(a.Viewer):
			c.refused(answer, oracle.Forbidden)
		case p.sees == nil && !m.world.Sees(a.Viewer, id), p.sees != nil && !p.sees(m, a.Viewer, id):
			c.refused(answer, oracle.NotFound)
			m.indistinguishable(a, p.field, id, answer, unknown)
		default:
			var data struct{ R any }
			if m.understood(a, &data, query, answer) {
				p.judge(c, data.R)
			}
		}
	}
}

// triedRoots are the fields of Query that are tried without a division.
func triedRoots(w *world) []string {
	var out []string
	for _, p := range ownProbes(w) {
		if !slices.Contains(out, p.field) {
			out = append(out, p.field)
		}
	}
	for _, p := range thingProbes() {
		if !slices.Contains(out, p.field) {
			out = append(out, p.field)
		}
	}
	return out
}
