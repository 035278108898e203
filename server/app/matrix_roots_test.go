package app_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// rootProbe tries a field of Query that is told a division.
type rootProbe struct {
	field string
	// args are the arguments; %s stands for the division's code.
	args      string
	selection string
	// cost is about how many fields the server counts for it; 0 for what the field tells.
	cost int
	// notOf is the level of divisions of which the field is refused as INVALID.
	notOf string
	// nullable: a division out of sight is answered with null; otherwise with NOT_FOUND.
	nullable bool
	judge    func(c cell, got any)
}

// rootProbes is how every field of Query is tried but node, nodes and viewer.
func rootProbes(w *world) []rootProbe {
	out := []rootProbe{
		{field: "division", args: "code: %s", selection: "{ id code }", nullable: true, judge: func(c cell, got any) {
			c.same(got, map[string]any{"id": c.globalID(c.id), "code": c.world.At(c.id)})
		}},
		{field: "roster", args: "division: %s", selection: selectionOf("RosterLevel"), judge: func(c cell, got any) {
			c.same(got, rosterAnswer(c, c.world.At(c.id)))
		}},
	}
	connections := func(field string, variants ...variant) {
		for _, v := range variants {
			argument := "division: %s, "
			if field == "divisions" {
				argument = "within: %s, "
			}
			out = append(out, rootProbe{field: field, args: argument + v.args, selection: connectionSelection, judge: func(c cell, got any) {
				c.judgeConnection(got, v.rows(c, c.world.At(c.id)), strings.Contains(v.args, "last:"))
			}})
		}
	}
	connections("stations", stationVariants(w)[:4]...)
	connections("deputies", deputyVariants()[:2]...)
	connections("divisions", searchVariants()...)
	connections("opinions", opinionVariants(w)[:4]...)
	connections("publishedCases", caseVariants()...)
	connections("suggestions", suggestionVariants()...)
	out = append(out, measureRoots(w)...)
	out = append(out, dutyRoots()...)
	out = append(out, dutySumRoots()...)
	out = append(out, changeRoots()...)
	return append(out, sumRoots(w)...)
}

// searchVariants are the ways to search for divisions: by what begins all their codes, and by a name.
func searchVariants() []variant {
	found := func(keep func(*oracle.Place) bool) func(cell, string) []string {
		return func(c cell, root string) []string {
			return c.inTree(collect(c.world.Places, func(p *oracle.Place) string { return p.ID },
				func(p *oracle.Place) bool { return oracle.Holds(root, p.Code) && keep(p) }))
		}
	}
	return []variant{
		{`first: 100, search: "p"`, found(func(*oracle.Place) bool { return true })},
		{`first: 100, search: "长沙", levels: [CITY, COUNTY]`, found(func(p *oracle.Place) bool { return strings.HasPrefix(p.Name, "长沙") })},
	}
}

// rootsPerRequest is how many fields one query may have at its top.
const rootsPerRequest = 50

// checkRoots asks, for each viewer and each division, every field of Query.
func (m *matrix) checkRoots(t *testing.T) {
	for _, a := range m.askers {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			caller := a.caller(m.server.For(t))
			m.checkViewer(a, caller)
			for _, r := range rootProbes(m.world) {
				m.checkRoot(a, caller, r)
			}
			m.checkOwn(a, caller)
		})
	}
}

func (m *matrix) checkViewer(a asker, caller *apitest.Caller) {
	var data struct{ Viewer any }
	if !m.get(a, caller, &data, `{ viewer { role division { code } } }`, nil) {
		return
	}
	c := cell{matrix: m, asker: a, id: m.world.Place(a.At).ID, what: "viewer"}
	c.same(data.Viewer, map[string]any{"role": a.Role, "division": map[string]any{"code": a.At}})
}

// sumsOfDuty are the costly sums of deputies' work.
var sumsOfDuty = []string{"dutyMeasures", "normMeasures", "normReminders", "pointRanking", "pairingReport", "officialVisits"}

// most is about how many divisions of each level and relation a field is asked: division about all, the many sums of opinions about one.
func (r rootProbe) most() int {
	switch r.field {
	case "division":
		return math.MaxInt
	case "rollup", "rollupRecords", "opinionMeasures", "normMeasures", "normReminders", "pointRanking", "pairingReport", "officialVisits":
		return 1
	}
	return 2
}

// checkRoot asks one field about divisions: first about those in sight, then
// about those that are not, with one that never was among them, which must all be answered alike.
func (m *matrix) checkRoot(a asker, caller *apitest.Caller, r rootProbe) {
	var seen, denied []string
	asked := map[string]int{}
	for _, p := range m.world.Places {
		sort := fmt.Sprint(p.Level, p.Placeholder, m.world.RelationOf(a.At, p.Code), m.world.Sees(a.Viewer, p.ID))
		if asked[sort]++; asked[sort] > r.most() {
			continue
		}
		if m.world.Sees(a.Viewer, p.ID) {
			seen = append(seen, p.ID)
		} else {
			denied = append(denied, p.ID)
		}
	}
	cost := 10
	switch {
	case r.selection == connectionSelection:
		cost = 420
	case r.cost > 0:
		cost = r.cost
	case r.field == "opinionMeasures" || slices.Contains(sumsOfDuty, r.field):
		cost = 13_000
	}
	if r.notOf != "" && !withheld(a.Viewer, r.field) {
		seen = slices.DeleteFunc(seen, func(id string) bool {
			refused := m.world.Place(m.world.At(id)).Level == r.notOf
			if refused {
				cell{matrix: m, asker: a, id: id, what: r.field + "(" + r.args + ")"}.refused(caller.Do(r.query([]string{m.world.At(id)}), nil), "INVALID")
			}
			return refused
		})
	}
	for chunk := range slices.Chunk(seen, min(rootsPerRequest, costPerRequest/cost)) {
		codes := make([]string, len(chunk))
		for i, id := range chunk {
			codes[i] = m.world.At(id)
		}
		if withheld(a.Viewer, r.field) {
			m.checkForbiddenRoot(a, caller, r, chunk, codes)
			continue
		}
		var data map[string]any
		if !m.get(a, caller, &data, r.query(codes), nil) {
			continue
		}
		for i, id := range chunk {
			r.judge(cell{matrix: m, asker: a, id: id, what: r.field + "(" + r.args + ")"}, data[alias(i)])
		}
	}
	for chunk := range slices.Chunk(denied, min(rootsPerRequest, costPerRequest/cost)-1) {
		m.checkDeniedRoot(a, caller, r, chunk)
	}
}

// checkForbiddenRoot asks about divisions in sight what the viewer is not shown of any.
func (m *matrix) checkForbiddenRoot(a asker, caller *apitest.Caller, r rootProbe, ids, codes []string) {
	answer := caller.Do(r.query(codes), nil)
	for i, id := range ids {
		c := cell{matrix: m, asker: a, id: id, what: r.field}
		c.count(false)
		if !slices.ContainsFunc(answer.Errors, func(e apitest.Error) bool {
			return len(e.Path) > 0 && e.Path[0] == alias(i) && e.Extensions.Code == string(oracle.Forbidden)
		}) {
			c.leak(answer.Body)
		}
	}
}

func alias(i int) string { return fmt.Sprintf("r%d", i) }

// query asks the field about each of some divisions.
func (r rootProbe) query(codes []string) string {
	var b strings.Builder
	b.WriteString("{")
	for i, code := range codes {
		fmt.Fprintf(&b, " %s: %s("+r.args+") %s", alias(i), r.field, `"`+code+`"`, r.selection)
	}
	return b.String() + " }"
}

// nowhere is a code that no place has.
const nowhere = "990000000000"

func (m *matrix) checkDeniedRoot(a asker, caller *apitest.Caller, r rootProbe, ids []string) {
	codes := []string{nowhere}
	for _, id := range ids {
		codes = append(codes, m.world.At(id))
	}
	answer := caller.Do(r.query(codes), nil)
	at := map[string]apitest.Error{}
	for _, e := range answer.Errors {
		if len(e.Path) > 0 {
			at[fmt.Sprint(e.Path[0])] = e
		}
	}
	unknown, failed := at[alias(0)]
	if failed != !r.nullable || failed && unknown.Extensions.Code != string(oracle.NotFound) {
		m.tally.mismatch("%s, %s of an unknown division: %s", a, r.field, answer.Body)
	}
	for i, id := range ids {
		c := cell{matrix: m, asker: a, id: id, what: r.field + "(" + r.args + ")"}
		c.count(false)
		e, ok := at[alias(i+1)]
		switch {
		case r.nullable && !strings.Contains(answer.Body, `"`+alias(i+1)+`":null`), !r.nullable && !ok:
			c.leak(answer.Body)
		case ok && (e.Message != unknown.Message || fmt.Sprint(e.Extensions) != fmt.Sprint(unknown.Extensions)):
			c.leak("told from an unknown one: " + e.Extensions.Code + " " + e.Message)
		}
	}
}
