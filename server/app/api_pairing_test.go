package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// alikes counts statements: a query, which says how many rows with %d, costs as many for a hundred as for one, and no more than most. What is
// not there costs nothing, so the sample must have all that is asked of it: none of the texts in lacks.
func alikes(t *testing.T, s *apitest.Server, by *apitest.Caller, query string, most int64, lacks ...string) {
	t.Helper()
	by = by.For(t)
	count := func(n int) int64 {
		before := s.Statements()
		answer := by.Do(fmt.Sprintf(query, n), nil)
		if len(answer.Errors) > 0 {
			t.Fatal(answer.Body)
		}
		if got := strings.Count(answer.Body, `"node":{`); got < n {
			t.Fatalf("%d rows instead of %d: %.500s", got, n, answer.Body)
		}
		for _, empty := range lacks {
			if strings.Contains(answer.Body, empty) {
				t.Errorf("the sample has %s: %.500s", empty, answer.Body)
			}
		}
		return s.Statements() - before
	}
	one, hundred := count(1), count(100)
	t.Logf("%d statements for 1 row, %d for 100 rows", one, hundred)
	if one != hundred || one > most {
		t.Errorf("%d statements for 1 row, %d for 100, at most %d", one, hundred, most)
	}
}

// person is a caller who is a certain deputy of 长沙县.
func (f *flow) person(deputy string) *apitest.Caller {
	return f.As(viewer.Deputy, place.MustParse("430121"), apitest.Person(uuid.MustParse(deputy)))
}

// TestPairingFlow pairs a leading deputy with two at the base, logs contacts, and reads how they stand, each as who may.
func TestPairingFlow(t *testing.T) {
	f := newFlow(t)
	own := f.world.Spot("430121")
	leader, led, other := own.Deputy, apitest.Who(apitest.Crossing), apitest.Who(apitest.Double)
	congress := globalID("Congress", own.Congress)
	f.equal("the rule", f.do(f.county, "setPairingRule", "rule { kind least most times period fromOn congress { id } }", map[string]any{
		"congress": congress, "kind": "LEADER_DEPUTY", "least": 2, "most": 2, "times": 2, "period": "QUARTER", "fromOn": "2025-01-01",
	})["rule"], map[string]any{
		"kind": "LEADER_DEPUTY", "least": 2, "most": 2, "times": 2, "period": "QUARTER", "fromOn": "2025-01-01", "congress": map[string]any{"id": congress},
	})
	in := map[string]any{
		"idempotencyKey": "pair-1", "congress": congress, "kind": "LEADER_DEPUTY", "leader": map[string]any{"deputy": globalID("Deputy", leader), "title": "副县长"},
		"deputy": globalID("Deputy", led), "startedOn": "2025-01-01",
	}
	first := f.do(f.county, "pair", "pairing { id leaderTitle deputy { id } township { name } }", in)
	f.equal("the retry", f.do(f.county, "pair", "pairing { id leaderTitle deputy { id } township { name } }", in), first)
	pairing := at(first, "pairing", "id").(string)
	second := at(f.do(f.county, "pair", "pairing { id }", map[string]any{
		"congress": congress, "kind": "LEADER_DEPUTY", "leader": in["leader"], "deputy": globalID("Deputy", other), "startedOn": "2025-02-01",
	}), "pairing", "id").(string)

	for _, by := range []*apitest.Caller{f.person(leader), f.person(led), f.county, f.town} {
		f.equal("a contact", at(f.do(by, "logContact", "contact { day way note pairing { id } }", map[string]any{
			"pairing": pairing, "day": "2025-03-31", "way": "TELEPHONE", "note": "了解履职情况",
		}), "contact"), map[string]any{"day": "2025-03-31", "way": "TELEPHONE", "note": "了解履职情况", "pairing": map[string]any{"id": pairing}})
	}
	f.refuse(f.person(other), "NOT_FOUND", "logContact", map[string]any{"pairing": pairing, "day": "2025-03-31", "way": "VISIT", "note": "走访"})
	f.refuse(f.otherCounty, "NOT_FOUND", "logContact", map[string]any{"pairing": pairing, "day": "2025-03-31", "way": "VISIT", "note": "走访"})

	report := `{ pairingReport(congress: "` + congress + `", kind: LEADER_DEPUTY, on: "%s") { on
		sum { leaders behind paired done expected missing }
		leaders(first: 10) { totalCount edges { node { name title from to paired least most done expected missing deputy { id } rule { times }
			pairings { pairing { id } done expected standing } } } } } }`
	standing := func(id string, done int, expected any, how string) map[string]any {
		return map[string]any{"pairing": map[string]any{"id": id}, "done": done, "expected": expected, "standing": how}
	}
	for _, q := range []struct {
		on, from, to            string
		done, expected, missing int
		pairings                []map[string]any
	}{
		// The second began within the first quarter: nothing is expected of it.
		{"2025-02-15", "2025-01-01", "2025-03-31", 4, 2, 0, []map[string]any{standing(pairing, 4, 2, "MET"), standing(second, 0, nil, "NOT_APPLICABLE")}},
		{"2025-06-30", "2025-04-01", "2025-06-30", 0, 4, 4, []map[string]any{standing(pairing, 0, 2, "MISSING"), standing(second, 0, 2, "MISSING")}},
	} {
		behind := 0
		if q.missing > 0 {
			behind = 1
		}
		got := f.ask(f.county, fmt.Sprintf(report, q.on))
		f.equal("the sum", at(got, "sum"), map[string]any{
			"leaders": 1, "behind": behind, "paired": 2, "done": q.done, "expected": q.expected, "missing": q.missing,
		})
		row, _ := at(got, "leaders", "edges", 0, "node").(map[string]any)
		name := row["name"]
		f.equal("the leader", row, map[string]any{
			"name": name, "title": "副县长", "from": q.from, "to": q.to, "paired": 2, "least": 2, "most": 2, "done": q.done, "expected": q.expected,
			"missing": q.missing, "deputy": map[string]any{"id": globalID("Deputy", leader)}, "rule": map[string]any{"times": 2}, "pairings": q.pairings,
		})
	}
	for _, by := range []*apitest.Caller{f.person(leader), f.As(viewer.Portal, place.MustParse("430121"))} {
		if answer := by.Do(`{ pairingReport(division: "430121", kind: LEADER_DEPUTY) { leaders(first: 1) { totalCount } } }`, nil); answer.Code() != "FORBIDDEN" && answer.Code() != "NOT_FOUND" {
			t.Errorf("a report: %s", answer.Body)
		}
	}

	// Each sees the pairing where it is at home.
	mine := func(by *apitest.Caller, deputy string) any {
		return at(f.ask(by, `{ node(id: "`+globalID("Deputy", deputy)+`") { ... on Deputy { pairings(first: 10) { edges { node { id leaderName contacts(first: 10) { totalCount } } } } } } }`), "pairings", "edges")
	}
	for name, got := range map[string]any{"the leader": mine(f.person(leader), leader), "who is led": mine(f.person(led), led), "the town": mine(f.town, led)} {
		if text := fmt.Sprint(got); !strings.Contains(text, pairing) || !strings.Contains(text, "totalCount:4") {
			t.Errorf("%s sees %v", name, got)
		}
	}
	listed := f.ask(f.county, `{ node(id: "`+congress+`") { ... on Congress { pairings(kinds: [LEADER_DEPUTY], last: 1) { totalCount edges { node { id } } } pairingRules { kind } } } }`)
	f.equal("the congress's", at(listed, "pairings", "totalCount"), 2)
	f.do(f.county, "unpair", "pairing { endedOn }", map[string]any{"id": second, "expectedVersion": 1, "endedOn": "2025-07-01", "reason": "岗位调整"})
	f.refuse(f.county, "CONFLICT", "unpair", map[string]any{"id": second, "endedOn": "2025-07-01", "reason": "岗位调整"})
	f.equal("now", at(f.ask(f.county, `{ node(id: "`+congress+`") { ... on Congress { pairings(kinds: [LEADER_DEPUTY], first: 5) { totalCount } } } }`), "pairings", "totalCount"), 1)
}

// TestBadPairings tries what must not become of pairings.
func TestBadPairings(t *testing.T) {
	h := newBadHouse(t)
	own, town, other := h.world.Spot("430121"), h.world.Spot("430121107"), h.world.Spot("430102")
	deputy := func(id string) map[string]any { return map[string]any{"deputy": globalID("Deputy", id)} }
	rule := map[string]any{"congress": globalID("Congress", own.Congress), "kind": "LEADER_DEPUTY", "least": 1, "most": 5, "times": 1, "period": "MONTH"}
	pair := map[string]any{
		"congress": globalID("Congress", own.Congress), "kind": "LEADER_DEPUTY", "leader": deputy(own.Deputy), "deputy": globalID("Deputy", town.Deputy), "startedOn": "2025-01-01",
	}
	unpair := map[string]any{"id": globalID("Pairing", apitest.PairingOf(0)), "endedOn": "2026-01-01", "reason": "调整"}
	contact := map[string]any{"pairing": globalID("Pairing", apitest.PairingOf(0)), "day": "2025-01-01", "way": "VISIT", "note": "走访"}
	h.check(t, []bad{
		{"negative numbers", "setPairingRule", in(rule, "least", -1), "INVALID", "input.least OUT_OF_RANGE"},
		{"most below least", "setPairingRule", in(rule, "least", 6), "INVALID", "input.most OUT_OF_RANGE"},
		{"another congress's", "setPairingRule", in(rule, "congress", globalID("Congress", town.Congress)), "FORBIDDEN", "input.congress FORBIDDEN"},
		{"from tomorrow", "setPairingRule", in(rule, "fromOn", tomorrow()), "INVALID", "input.fromOn IMPOSSIBLE_DATE"},
		{"oneself", "pair", in(pair, "deputy", globalID("Deputy", own.Deputy)), "INVALID", "input.deputy SELF"},
		{"twice", "pair", in(pair, "kind", "MEMBER_DEPUTY", "deputy", globalID("Deputy", apitest.Who(apitest.Crossing))), "CONFLICT", "input.deputy DUPLICATE"},
		{"nobody leads", "pair", in(pair, "leader", map[string]any{}), "INVALID", "input.leader EXCLUSIVE"},
		{"not of the congress", "pair", in(pair, "leader", deputy(town.Deputy), "deputy", globalID("Deputy", own.Deputy)), "INVALID", "input.leader.deputy MISMATCH"},
		{"a deputy of another county", "pair", in(pair, "deputy", globalID("Deputy", other.Deputy)), "NOT_FOUND", "input.deputy NOT_FOUND"},
		{"a guest", "pair", in(pair, "deputy", globalID("Deputy", apitest.Who(apitest.Provincial))), "FORBIDDEN", "input.deputy FORBIDDEN"},
		{"a retired one", "pair", in(pair, "deputy", globalID("Deputy", apitest.Who(apitest.Retired))), "CONFLICT", "input.deputy NOT_ON_ROLL"},
		{"a closed station", "pair", in(pair, "kind", "LEADER_STATION", "deputy", nil, "station", globalID("Station", town.Closed)), "CONFLICT", "input.station CLOSED"},
		{"a village for a township", "pair", in(pair, "kind", "LEADER_TOWNSHIP", "deputy", nil, "township", "430121107201"), "INVALID", "input.township MISMATCH"},
		{"half a code", "pair", in(pair, "kind", "LEADER_TOWNSHIP", "deputy", nil, "township", "4301211"), "INVALID", "input.township MALFORMED"},
		{"an id of something else", "pair", in(pair, "deputy", globalID("Station", town.Station)), "INVALID", "input.deputy MALFORMED"},
		{"ended before it began", "unpair", in(unpair, "endedOn", "2020-01-01"), "INVALID", "input.endedOn IMPOSSIBLE_DATE"},
		{"no reason", "unpair", in(unpair, "reason", " "), "INVALID", "input.reason REQUIRED"},
		{"another version", "unpair", in(unpair, "expectedVersion", 9), "CONFLICT", "input.expectedVersion VERSION"},
		{"another county's", "unpair", in(unpair, "id", globalID("Pairing", apitest.PairingOf(5))), "NOT_FOUND", "input.id NOT_FOUND"},
		{"the city's", "unpair", in(unpair, "id", globalID("Pairing", apitest.PairingOf(4))), "FORBIDDEN", "input.id FORBIDDEN"},
		{"tomorrow's contact", "logContact", in(contact, "day", tomorrow()), "INVALID", "input.day IMPOSSIBLE_DATE"},
		{"before the pairing", "logContact", in(contact, "day", "2022-05-14"), "INVALID", "input.day IMPOSSIBLE_DATE"},
		{"nothing said", "logContact", in(contact, "note", ""), "INVALID", "input.note REQUIRED"},
	})
}

// TestPairingStatements counts the statements of lists of pairings.
func TestPairingStatements(t *testing.T) {
	f := newFlow(t)
	f.world.Crowd(t, f.Owner)
	own := f.world.Spot("430121")
	for _, statement := range []string{
		`INSERT INTO pairing SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'kind', 'MEMBER_DEPUTY', 'leader_deputy_id', d.id))).*
			FROM pairing p, deputy d WHERE p.id = $1 AND d.name LIKE '众代表%'`,
		`INSERT INTO pairing_contact SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'pairing_id', p.id))).*
			FROM pairing_contact c, pairing p WHERE c.pairing_id = $1 AND p.id <> $1 AND p.kind = 'MEMBER_DEPUTY'`,
	} {
		if _, err := f.Owner.ExecContext(t.Context(), statement, apitest.PairingOf(0)); err != nil {
			t.Fatal(err)
		}
	}
	const fields = `leaderName congress { name } leaderDeputy { name } deputy { name division { name } } contacts(first: 1) { totalCount edges { node { note pairing { id } } } }`
	t.Run("of a congress", func(t *testing.T) {
		alikes(t, f.Server, f.county, `{ node(id: "`+globalID("Congress", own.Congress)+`") { ... on Congress {
			pairings(kinds: [MEMBER_DEPUTY], last: %d) { totalCount edges { node { `+fields+` } } } pairingRules { most congress { name } } } } }`, 16, `"deputy":null`)
	})
	t.Run("of deputies", func(t *testing.T) {
		alikes(t, f.Server, f.county, `{ deputies(division: "430121107", last: %d) { edges { node { name pairings(first: 2) { totalCount edges { node { `+fields+` } } } } } } }`, 16)
	})
	t.Run("how leaders stand", func(t *testing.T) {
		alikes(t, f.Server, f.county, `{ pairingReport(division: "430121", kind: MEMBER_DEPUTY) { sum { missing } leaders(first: %d) { totalCount edges { node {
			name congress { name } deputy { name } organ { name } rule { least } pairings { standing pairing { `+fields+` } } } } } } }`, 18, `"rule":null`, `"pairings":[]`)
	})
	t.Run("pages", func(t *testing.T) {
		// All leaders once, page by page, from either end.
		walk := func(args, cursor, more string) []string {
			var names []string
			after := ""
			for range 20 {
				page := f.ask(f.county, `{ pairingReport(division: "430121", kind: MEMBER_DEPUTY) { leaders(`+args+after+`) { edges { node { deputy { id } missing } } pageInfo { `+cursor+` `+more+` } } } }`)
				for i := 0; at(page, "leaders", "edges", i) != nil; i++ {
					names = append(names, fmt.Sprint(at(page, "leaders", "edges", i, "node", "deputy", "id")))
				}
				if at(page, "leaders", "pageInfo", more) != true {
					break
				}
				side := "after"
				if strings.HasPrefix(args, "last") {
					side = "before"
				}
				after = `, ` + side + `: "` + at(page, "leaders", "pageInfo", cursor).(string) + `"`
			}
			return names
		}
		seen := map[string]int{}
		forward, back := walk("first: 30", "endCursor", "hasNextPage"), walk("last: 30", "startCursor", "hasPreviousPage")
		for _, name := range append(forward, back...) {
			seen[name]++
		}
		if len(forward) != 101 || len(back) != 101 || len(seen) != 101 {
			t.Errorf("%d forward, %d back, %d different", len(forward), len(back), len(seen))
		}
	})
}
