package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// TestStatements counts SQL statements: a list of a hundred rows costs as many as a list of one, whatever is asked of the rows.
func TestStatements(t *testing.T) {
	s := apitest.New(t)
	w := apitest.NewWorld()
	w.Load(t, s.Owner)
	w.Crowd(t, s.Owner)
	caller := s.As(viewer.CountyAdmin, place.MustParse("430121"))
	const sums = `period: {from: "2025-01-01", to: "2025-12-31"}`
	tests := []struct {
		name string
		// query asks for the last rows, which are the crowd's; %d stands for how many.
		query string
		// most bounds the statements, so that a list does not become dear for all alike.
		most int64
	}{
		{"stations", `{ stations(division: "430121107", last: %d) { totalCount edges { node {
			name division { name fullName parent { name } ancestors { name } } organ { name division { name } } zone { name }
			constituency { name congress { name } } parent { name } branches(first: 1) { totalCount edges { node { name } } }
			postings(first: 2) { totalCount edges { node { basis deputy { name phone division { name } mandates { status congress { name } } } mandate { level } } } }
			} } } }`, 30},
		{"stations' people", `{ stations(division: "430121107", last: %d) { edges { node {
			staff { name deputy { phone } } grids { postings { deputy { name } } staff { name } } budgets { year } } } } }`, 15},
		{"children", `{ division(code: "430121107") { children(last: %d) { totalCount edges { node {
			fullName parent { name } ancestors { code } congress { name terms { number } } organs { name }
			stations(first: 1) { totalCount edges { node { name division { name } } } } zones(first: 1) { totalCount }
			deputies(first: 1) { totalCount } mandates(first: 1) { totalCount } children(first: 1) { totalCount }
			roster { level mandates posted } rollup(` + sums + `) { stations mandates deputies postings coverage { villages } } } } } } }`, 35},
		{"deputies", `{ deputies(division: "430121107", last: %d) { totalCount edges { node {
			name phone division { fullName } mandates { level seat { name } congress { name } term { number } constituency { name }
				division { name } postings { startedOn } deputy { name } } } } } }`, 20},
		{"deputies' postings", `{ deputies(division: "430121107", last: %d) { edges { node {
			postings(current: false) { station { name kind division { name } staff { name } } mandate { level } } } } } }`, 10},
		{"mandates", `{ division(code: "430121107") { mandates(last: %d) { totalCount edges { node {
			level seat { name } deputy { name phone mandates { level } } congress { name } term { number } constituency { name } division { name }
			postings { station { name } } } } } } }`, 20},
		{"constituencies", `{ node(id: "` + globalID("Congress", w.Spot("430121107").Congress) + `") { ... on Congress {
			constituencies(last: %d) { totalCount edges { node { name division { fullName } congress { name } stations(first: 1) { totalCount } } } } } } }`, 10},
		{"divisions", `{ divisions(search: "众", last: %d) { totalCount edges { node { fullName parent { name } stations(first: 2) { edges { node { name staff { name } } } } } } } }`, 10},
		{"zones", `{ division(code: "430121107") { zones(last: %d) { totalCount edges { node { division { fullName } stations(first: 1) { totalCount } } } } } }`, 10},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			caller := caller.For(t)
			count := func(n int) int64 {
				before := s.Statements()
				answer := caller.Do(fmt.Sprintf(test.query, n), nil)
				if len(answer.Errors) > 0 {
					t.Fatal(answer.Body)
				}
				if got := strings.Count(answer.Body, `"node":{`); got < n {
					t.Fatalf("%d rows instead of %d", got, n)
				}
				return s.Statements() - before
			}
			one, hundred := count(1), count(apitest.CrowdSize)
			t.Logf("%s: %d statements for 1 row, %d for %d rows", test.name, one, hundred, apitest.CrowdSize)
			if one != hundred {
				t.Errorf("%d statements for 1 row, %d for %d", one, hundred, apitest.CrowdSize)
			}
			if one > test.most {
				t.Errorf("%d statements are more than %d", one, test.most)
			}
		})
	}
	t.Run("rollup", func(t *testing.T) { rollupStatements(t, s, caller.For(t)) })
}

// rollupStatements counts the statements of sums: those of many rows, periods and records cost as many as those of few, and only what is selected is summed.
func rollupStatements(t *testing.T, s *apitest.Server, caller *apitest.Caller) {
	count := func(query string) int64 {
		before := s.Statements()
		answer := caller.Do(query, nil)
		if len(answer.Errors) > 0 {
			t.Fatal(answer.Body)
		}
		return s.Statements() - before
	}
	const year = `period: {from: "2025-01-01", to: "2025-12-31"}`
	rows := func(args, fields string) string {
		return `{ rollup(` + args + `) { division { name } ownOnly station { name division { name } } rollup { ` + fields + ` } compared { ` + fields + ` } trend { rollup { ` + fields + ` } } } }`
	}
	list := func(args string) string {
		return `{ rollupRecords(division: "430121107", ` + year + `, ` + args + `) { edges { node { value node { id ... on Station { name division { name } } ... on Division { name parent { name } } } } } } }`
	}
	all := fieldsFor(rollup.Measures)
	here := fieldsFor(tellable(rollup.ByStations))
	for name, q := range map[string]struct{ few, many string }{
		"children": {rows(`division: "430121102", by: CHILDREN, first: 200, `+year, "stations deputies"), rows(`division: "430121107", by: CHILDREN, first: 200, `+year, "stations deputies")},
		"children, everything": {
			`{ rollup(division: "430121102", by: CHILDREN, ` + year + `) { rollup { ` + all + ` } } }`, `{ rollup(division: "430121107", by: CHILDREN, ` + year + `) { rollup { ` + all + ` } } }`,
		},
		"stations": {
			rows(`division: "430121107", by: STATIONS, first: 1, `+year, "stations"), rows(`division: "430121107", by: STATIONS, first: 100, `+year, "stations"),
		},
		"stations, everything": {
			`{ rollup(division: "430121107", by: STATIONS, first: 1, ` + year + `) { station { name } rollup { ` + here + ` } } }`,
			`{ rollup(division: "430121107", by: STATIONS, first: 100, ` + year + `) { station { name } rollup { ` + here + ` } } }`,
		},
		"months": {
			rows(`division: "430121", first: 1, interval: YEAR, compareWith: LAST_YEAR, `+year, all), rows(`division: "430121", first: 1, interval: MONTH, compareWith: LAST_YEAR, `+year, all),
		},
		"stations behind a sum":  {list(`measure: STATIONS, first: 1`), list(`measure: STATIONS, first: 100`)},
		"divisions behind a sum": {list(`measure: VILLAGES, first: 1`), list(`measure: VILLAGES, first: 100`)},
	} {
		few, many := count(q.few), count(q.many)
		t.Logf("%s: %d statements for few, %d for many", name, few, many)
		if few != many || many > 40 {
			t.Errorf("%s: %d statements for few, %d for many", name, few, many)
		}
	}

	county := func(fields string) int64 {
		return count(`{ rollup(division: "430121", ` + year + `) { ` + fields + ` } }`)
	}
	one := county("rollup { stations }")
	for fields, more := range map[string]int64{
		"rollup { stations mandates deputies lectures deputiesAttended opinionsClosed closingRate { value } points suggestionsMade coverage { villagesCovered } }": 0,
		"rollup { stations } compared { mandates } trend { rollup { lectures } }":                                                                                  0,
		"rollup { stations coverage { constituencies } }":                                                                                                          1,
		"rollup { stations opinionsOverdue }":                                                                                                                      1,
		"rollup { __typename }":                                                                                                                                    -1,
		"ownOnly division { name }":                                                                                                                                -1,
	} {
		if got := county(fields); got != one+more {
			t.Errorf("%s: %d statements, %d for the stations alone", fields, got, one)
		}
	}
}
