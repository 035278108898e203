package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/server/app/apitest"
)

// isolation gathers the attacks of those who have signed in, or hold a receipt, on what is not theirs. The oracle of the access matrix says what is.
type isolation struct {
	*matrix
	all     []asker
	attacks []attack
}

func newIsolation(t *testing.T) *isolation {
	t.Helper()
	m := newMatrix(t)
	return &isolation{matrix: m, all: askers(m.world)}
}

// isolationGroup is a part of the suite that is made of a world.
func isolationGroup(parts ...func(*isolation, *testing.T)) func(*testing.T) (*apitest.Server, []attack) {
	return func(t *testing.T) (*apitest.Server, []attack) {
		t.Helper()
		i := newIsolation(t)
		for _, add := range parts {
			add(i, t)
		}
		return i.server, i.attacks
	}
}

// attacker is a viewer of the matrix by name.
func (i *isolation) attacker(name string) asker {
	n := slices.IndexFunc(i.all, func(a asker) bool { return a.name == name })
	if n < 0 {
		panic("no viewer is called " + name)
	}
	return i.all[n]
}

func (i *isolation) token(a asker) string { return a.caller(i.server).Token }

// nation is the token of one who sees all that an area has.
func (i *isolation) nation() string { return i.token(i.attacker("NATION_ADMIN-0")) }

const nodeQuery = `query($id: ID!) { node(id: $id) { __typename id } }`

// seen is a control: someone who may sees the thing.
func (i *isolation) seen(id string) (control sending, shows string) {
	n := slices.IndexFunc(i.all, func(a asker) bool { return i.types[id] != "" && i.world.Sees(a.Viewer, id) })
	if n < 0 {
		return operation(i.nation(), `{ viewer { role } }`, nil), "NATION_ADMIN"
	}
	return operation(i.token(i.all[n]), nodeQuery, apitest.Vars{"id": i.globalID(id)}), i.globalID(id)
}

// foreign is a thing of a type that a viewer does not see but someone else does; empty where there is none. Which one it is depends on the viewer.
func (i *isolation) foreign(a asker, typ string) string {
	var out []string
	for _, id := range i.ids[typ] {
		if !i.world.Sees(a.Viewer, id) && slices.ContainsFunc(i.all, func(other asker) bool { return i.world.Sees(other.Viewer, id) }) {
			out = append(out, id)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return out[len(a.name)%len(out)]
}

// own is a thing of a type that a viewer sees.
func (i *isolation) own(a asker, typ string) string {
	n := slices.IndexFunc(i.ids[typ], func(id string) bool { return i.world.Sees(a.Viewer, id) })
	if n < 0 {
		panic(a.name + " sees no " + typ)
	}
	return i.ids[typ][n]
}

// alike adds an attack that must be answered with a code, to the letter as, and by as many statements as, the same about what never was.
func (i *isolation) alike(name, thing, code string, sent, never sending) {
	control, shows := i.seen(thing)
	i.attacks = append(i.attacks, attack{
		name: name, control: control, shows: shows, sent: sent, want: verdict{status: 200, code: code, like: &never, statements: anyStatements},
		also: i.asMuchWork(never),
	})
}

// refusal is the code with which the same is refused when it is about nothing: one of those that may be, or none.
func (i *isolation) refusal(t *testing.T, about sending, among ...string) string {
	t.Helper()
	got := sendTo(t, i.server, about)
	code := got.Code()
	if code != "" && !slices.Contains(among, code) {
		t.Fatalf("what is about nothing is refused with %s", code)
	}
	return code
}

// asMuchWork sees to it that an answer took as many statements as another, so that its time tells nothing either.
func (i *isolation) asMuchWork(never sending) func(*testing.T, reply) {
	return func(t *testing.T, got reply) {
		t.Helper()
		if other := sendTo(t, i.server, never); other.statements != got.statements {
			t.Errorf("it took %d statements, but %d for what never was", got.statements, other.statements)
		}
	}
}

// inScope sees to it that every thing in an answer is the viewer's to see.
func (i *isolation) inScope(a asker) func(*testing.T, reply) {
	return func(t *testing.T, got reply) {
		t.Helper()
		for _, id := range things(got.Data) {
			if key := keyOf(id); !i.world.Sees(a.Viewer, key) {
				t.Errorf("leak: %s sees %s", a, i.describe(key))
			}
		}
	}
}

// things are the values of all fields called id in an answer.
func things(data json.RawMessage) (ids []string) {
	var v any
	if json.Unmarshal(data, &v) != nil {
		return nil
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if id, ok := v["id"].(string); ok {
				ids = append(ids, id)
			}
			for _, item := range v {
				walk(item)
			}
		case []any:
			for _, item := range v {
				walk(item)
			}
		}
	}
	walk(v)
	return ids
}

// never is the id of a thing of a type that never was.
func never(typ string) string { return globalID(typ, uuid.NewString()) }

// intruders are the viewers whose attacks on nodes are tried: beside, above but elsewhere, below, narrow, and without an area.
var intruders = []string{
	"COUNTY_ADMIN-430102", "TOWNSHIP_ADMIN-430121102", "CITY_ADMIN-4310", "STATION_KEEPER-430121107201", "DEPUTY-430121-county",
	"DEPARTMENT-430121-beside", "PORTAL-430102", "COMMITTEE_STAFF-430121107",
}

// nodesOfOthers asks for a node of each type that is not the viewer's.
func (i *isolation) nodesOfOthers(*testing.T) {
	types := slices.Sorted(maps.Keys(nodeTables))
	for _, name := range intruders {
		a := i.attacker(name)
		for _, typ := range types {
			id := i.foreign(a, typ)
			if id == "" {
				continue // everyone sees all there are
			}
			i.alike(fmt.Sprintf("node: a foreign %s, as %s", typ, name), id, "",
				operation(i.token(a), nodeQuery, apitest.Vars{"id": i.globalID(id)}),
				operation(i.token(a), nodeQuery, apitest.Vars{"id": never(typ)}))
		}
	}
	for _, typ := range []string{"Opinion", "Deputy", "Mandate", "Station", "DutyRecord", "PointEntry", "Notification"} {
		id := i.ids[typ][0]
		i.alike(fmt.Sprintf("node: a %s, without a token", typ), id, "UNAUTHENTICATED",
			operation("", nodeQuery, apitest.Vars{"id": i.globalID(id)}), operation("", nodeQuery, apitest.Vars{"id": never(typ)}))
	}
}

const nodesQuery = `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`

// nodesAmongOwn asks for several nodes with a foreign one among them: it is a null as one that never was is, and the others come.
func (i *isolation) nodesAmongOwn(*testing.T) {
	for _, x := range []struct{ viewer, typ string }{
		{"COUNTY_ADMIN-430102", "Station"},
		{"TOWNSHIP_ADMIN-430121102", "Opinion"},
		{"CITY_ADMIN-4310", "Mandate"},
		{"PORTAL-430102", "Deputy"},
		{"DEPUTY-430121-county", "Posting"},
		{"DEPARTMENT-430121", "Opinion"},
		{"STATION_KEEPER-430121107", "Activity"},
	} {
		a := i.attacker(x.viewer)
		good, bad := i.globalID(i.own(a, x.typ)), i.foreign(a, x.typ)
		ask := func(id string) sending {
			return operation(i.token(a), nodesQuery, apitest.Vars{"ids": []string{good, id, good}})
		}
		i.alike(fmt.Sprintf("nodes: a foreign %s among own ones, as %s", x.typ, x.viewer), bad, "", ask(i.globalID(bad)), ask(never(x.typ)))
		last := &i.attacks[len(i.attacks)-1]
		work := last.also
		last.also = func(t *testing.T, got reply) {
			work(t, got)
			if strings.Count(got.Body, good) != 2 || !strings.Contains(got.Body, "null") {
				t.Errorf("answered %s", got.Body)
			}
		}
	}
}

// retyped asks for a row by its key under another type: as a table that is not the row's, and as one that is no node at all.
func (i *isolation) retyped(t *testing.T) {
	a := i.attacker("COUNTY_ADMIN-430121")
	for _, x := range []struct{ is, as string }{
		{"Deputy", "Station"},
		{"Station", "Deputy"},
		{"Opinion", "OpinionEvent"},
		{"Mandate", "Posting"},
		{"Posting", "Mandate"},
		{"Division", "FormerDivision"},
		{"Activity", "ActivityEvent"},
		{"DutyRecord", "PointClaim"},
		{"Organ", "Congress"},
		{"VisitDay", "VisitRule"},
		{"Appointment", "Opinion"},
	} {
		id := i.own(a, x.is)
		i.alike(fmt.Sprintf("re-typed id: a %s as a %s", x.is, x.as), id, "",
			operation(i.token(a), nodeQuery, apitest.Vars{"id": globalID(x.as, id)}), operation(i.token(a), nodeQuery, apitest.Vars{"id": never(x.as)}))
	}
	for _, x := range []struct{ typ, table string }{
		{"Account", "account"},
		{"AuditEntry", "audit_entry"},
		{"RefreshToken", "refresh_token"},
		{"IdempotencyKey", "idempotency_key"},
		{"Message", "message"},
		{"OpinionSubmitter", "opinion_submitter"},
		{"OpinionReceipt", "opinion_receipt"},
		{"DeputyContact", "deputy_contact"},
		{"AppointmentContact", "appointment_contact"},
		{"AppointmentReceipt", "appointment_receipt"},
		{"EvaluationReview", "evaluation_review"},
		{"StationBudget", "station_budget"},
		{"Upload", "upload"},
		{"OpinionAssignment", "opinion_assignment"},
		{"OpinionLimit", "opinion_limit"},
	} {
		var id string
		if err := i.server.Owner.QueryRowContext(t.Context(), "SELECT coalesce((SELECT id FROM "+x.table+" ORDER BY id LIMIT 1), gen_random_uuid())").Scan(&id); err != nil {
			t.Fatal(err)
		}
		for _, typ := range []string{x.typ, x.table} {
			i.alike("re-typed id: a row of the table behind "+typ+" is no node", "", "INVALID",
				operation(i.nation(), nodeQuery, apitest.Vars{"id": globalID(typ, id)}), operation(i.nation(), nodeQuery, apitest.Vars{"id": never(typ)}))
		}
	}
}
