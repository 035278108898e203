package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// checkNodes asks, for each viewer, for every node by its id, and of those in sight for every field.
func (m *matrix) checkNodes(t *testing.T) {
	probes := nodeProbes(m.world)
	for _, a := range m.askers {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			caller := a.caller(m.server.For(t))
			for typ := range nodeTables {
				visible := m.askNodes(t, a, caller, typ)
				m.askFields(t, a, caller, typ, sample(a, typ, visible), probes[typ])
				m.askUnknown(t, a, caller, typ)
			}
		})
	}
}

// alikeOnes are types of which there are many that are seen alike.
var alikeOnes = []string{"ActivityEvent", "Attendance", "VisitDuty", "PointEntry", "PointCheck", "TrainingAttendance", "KeyFigure", "NormSet", "PointScheme"}

// sample is what is asked for field by field: everything, but a third of it for the roles that see, and share with the
// administrators, just what those see; and a third of the steps and files of opinions, which are seen with their opinion, whichever
// they are, as the nodes themselves and the timelines show of each.
func sample(a asker, typ string, ids []string) []string {
	alike := a.Role == string(viewer.CommitteeStaff) || a.Role == string(viewer.Supervisor) || typ == "OpinionEvent" || typ == "Attachment" || slices.Contains(alikeOnes, typ)
	if !alike || len(ids) < 9 {
		return ids
	}
	var out []string
	for i := 0; i < len(ids); i += 3 {
		out = append(out, ids[i])
	}
	return out
}

// nodesPerRequest is how many ids one request may ask for.
const nodesPerRequest = 100

// askNodes asks for all nodes of a type and answers those that the oracle says are seen.
func (m *matrix) askNodes(t *testing.T, a asker, caller *apitest.Caller, typ string) []string {
	t.Helper()
	var visible []string
	for ids := range slices.Chunk(m.ids[typ], nodesPerRequest) {
		global := make([]string, len(ids))
		for i, id := range ids {
			global[i] = m.globalID(id)
		}
		var data struct {
			Nodes []*struct {
				Typename string `json:"__typename"`
				ID       string
			}
		}
		if !m.get(a, caller, &data, `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`, apitest.Vars{"ids": global}) {
			continue
		}
		for i, id := range ids {
			sees := m.world.Sees(a.Viewer, id)
			c := cell{matrix: m, asker: a, id: id, what: "nodes"}
			c.count(sees)
			switch got := data.Nodes[i]; {
			case got == nil && sees:
				c.loss("the node")
			case got != nil && !sees:
				c.leak("the node")
			case got != nil && (got.ID != global[i] || got.Typename != typ):
				c.mismatch(got, global[i])
			}
			if sees {
				visible = append(visible, id)
			}
		}
	}
	return visible
}

// get asks for data. When the answer has errors, which no question of the matrix should have, it notes them and answers false.
func (m *matrix) get(a asker, caller *apitest.Caller, into any, query string, vars apitest.Vars) bool {
	return m.understood(a, into, query, caller.Do(query, vars))
}

func (m *matrix) understood(a asker, into any, query string, answer *apitest.Answer) bool {
	if len(answer.Errors) > 0 {
		first := answer.Errors[0]
		m.tally.mismatch("%s: %d errors, the first: %s %s at %v, asking %.160s", a,
			len(answer.Errors), first.Extensions.Code, first.Message, first.Path, query)
		return false
	}
	if err := json.Unmarshal(answer.Data, into); err != nil {
		m.tally.mismatch("%s: %v, asking %.120s", a, err, query)
		return false
	}
	return true
}

// costPerRequest keeps requests below what the server counts as too complex.
const costPerRequest = 55_000

// askFields asks for every field of the nodes in sight, many nodes a request.
func (m *matrix) askFields(t *testing.T, a asker, caller *apitest.Caller, typ string, ids []string, probes []probe) {
	t.Helper()
	// All ways to ask for the lists of a division are tried on one division of each level, the first of them on all.
	plain, deep := probes, map[string]bool{}
	if typ == "Division" {
		probes = m.askSums(a, caller, ids, probes)
		plain = firstOfEach(probes)
		for _, id := range ids {
			level := m.world.Place(m.world.At(id)).Level
			if !deep[level] {
				deep[level] = true
				m.askChunk(t, a, caller, typ, []string{id}, probes)
			}
		}
	}
	cost := 1
	for _, p := range plain {
		cost += p.cost
	}
	for chunk := range slices.Chunk(ids, min(nodesPerRequest, costPerRequest/cost)) {
		m.askChunk(t, a, caller, typ, chunk, plain)
	}
}

// askSums sees to it that viewers who are shown no sums are told so, and takes the probes of those out.
func (m *matrix) askSums(a asker, caller *apitest.Caller, ids []string, probes []probe) []probe {
	return slices.DeleteFunc(slices.Clone(probes), func(p probe) bool {
		if !withheld(a.Viewer, p.field) {
			return false
		}
		for _, id := range ids {
			c := cell{matrix: m, asker: a, id: id, what: "Division." + p.field}
			c.count(false)
			answer := caller.Do(fmt.Sprintf(`query($id: ID!) { node(id: $id) { ... on Division { %s } } }`, p.ask("p")), apitest.Vars{"id": m.globalID(id)})
			if answer.Code() != string(oracle.Forbidden) {
				c.leak(answer.Body)
			}
		}
		return true
	})
}

// withheld tells whether a viewer is refused a sum even of divisions in sight.
func withheld(v oracle.Viewer, field string) bool {
	switch field {
	case "roster":
		return !oracle.SeesRoster(v)
	case "rollup", "rollupRecords", "opinionMeasures", "opinionBoard", "dutyMeasures", "reported", "reportedAttendances", "normMeasures", "normReminders",
		"pointRanking", "pairingReport", "officialVisits":
		return !oracle.SeesRollup(v)
	}
	return false
}

// firstOfEach are the first probes of each field.
func firstOfEach(probes []probe) []probe {
	seen := map[string]bool{}
	var out []probe
	for _, p := range probes {
		if !seen[p.field] {
			seen[p.field] = true
			out = append(out, p)
		}
	}
	return out
}

func (m *matrix) askChunk(t *testing.T, a asker, caller *apitest.Caller, typ string, ids []string, probes []probe) {
	t.Helper()
	asks := make([]string, len(probes))
	for i, p := range probes {
		asks[i] = p.ask(fmt.Sprintf("p%d", i))
	}
	global := make([]string, len(ids))
	for i, id := range ids {
		global[i] = m.globalID(id)
	}
	query := fmt.Sprintf(`query($ids: [ID!]!) { nodes(ids: $ids) { ... on %s { %s } } }`, typ, strings.Join(asks, " "))
	var data struct{ Nodes []map[string]any }
	if answer := caller.Do(query, apitest.Vars{"ids": global}); len(answer.Errors) > 0 && len(probes) > 1 {
		for _, p := range probes { // one of them fails: find out which
			m.askChunk(t, a, caller, typ, ids, []probe{p})
		}
		return
	} else if !m.understood(a, &data, query, answer) {
		return
	}
	for i, id := range ids {
		if data.Nodes[i] == nil {
			continue // noted by askNodes
		}
		for j, p := range probes {
			p.judge(cell{matrix: m, asker: a, id: id, what: typ + "." + p.field + "(" + p.args + ")"}, data.Nodes[i][fmt.Sprintf("p%d", j)])
		}
	}
}

// askUnknown sees to it that a thing out of sight cannot be told from one that never was.
func (m *matrix) askUnknown(t *testing.T, a asker, caller *apitest.Caller, typ string) {
	t.Helper()
	i := slices.IndexFunc(m.ids[typ], func(id string) bool { return !m.world.Sees(a.Viewer, id) })
	if i < 0 {
		return
	}
	denied := m.ids[typ][i]
	const query = `query($id: ID!) { node(id: $id) { __typename id } }`
	a1 := caller.Do(query, apitest.Vars{"id": m.globalID(denied)})
	a2 := caller.Do(query, apitest.Vars{"id": globalID(typ, uuid.NewString())})
	m.indistinguishable(a, "node of a "+typ, denied, a1, a2)
}

// indistinguishable compares the answer about a thing out of sight with that about one that never was.
func (m *matrix) indistinguishable(a asker, what, denied string, got, unknown *apitest.Answer) {
	c := cell{matrix: m, asker: a, id: denied, what: what}
	c.count(false)
	if got.Status != unknown.Status || withoutRequest(got.Body) != withoutRequest(unknown.Body) {
		c.leak(fmt.Sprintf("told from an unknown one: %d %s, but %d %s", got.Status, got.Body, unknown.Status, unknown.Body))
	}
}

// withoutRequest is an answer without the name of its request.
func withoutRequest(body string) string {
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		return body
	}
	drop(v)
	text, _ := json.Marshal(v)
	return string(text)
}

func drop(v any) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "requestId")
		for _, item := range v {
			drop(item)
		}
	case []any:
		for _, item := range v {
			drop(item)
		}
	}
}
