package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// recordPage is a page of the records behind a measure.
type recordPage struct {
	Edges []struct {
		Node struct {
			Value float64
			Node  *struct {
				Type string `json:"__typename"`
				ID   string
			}
		}
	}
	PageInfo struct {
		HasNextPage bool
		EndCursor   string
	}
}

// recordPages asks for pages of records, one for each of the arguments.
func recordPages(caller *apitest.Caller, args []string) []recordPage {
	var query strings.Builder
	for i, a := range args {
		fmt.Fprintf(&query, "m%d: rollupRecords(%s) { edges { node { value node { __typename id } } } pageInfo { hasNextPage endCursor } }\n", i, a)
	}
	var data map[string]recordPage
	caller.Get(&data, "{ "+query.String()+" }", nil)
	out := make([]recordPage, len(args))
	for i := range args {
		out[i] = data[fmt.Sprint("m", i)]
	}
	return out
}

// records asks for all the records behind some measures of a row: how many, and what they add up to.
func records(t *testing.T, caller *apitest.Caller, row string, measures []rollup.Measure, seen map[rollup.Measure]map[string]int) numbers {
	t.Helper()
	type list struct {
		measure rollup.Measure
		after   string
	}
	sum := numbers{}
	var lists []list
	for _, m := range measures {
		lists = append(lists, list{m, ""})
	}
	ids := map[string]bool{}
	for len(lists) > 0 {
		asked := lists[:min(len(lists), 30)]
		lists = lists[len(asked):]
		args := make([]string, len(asked))
		for i, l := range asked {
			args[i] = fmt.Sprintf("%s, measure: %s, first: 100%s", row, l.measure, l.after)
		}
		for i, p := range recordPages(caller, args) {
			m := asked[i].measure
			for _, e := range p.Edges {
				sum[m] += e.Node.Value
				if e.Node.Value == 0 || e.Node.Node == nil {
					t.Errorf("%s: %s: a record %+v", row, m, e.Node)
					continue
				}
				if id := string(m) + e.Node.Node.ID; ids[id] {
					t.Errorf("%s: %s: the record %s twice", row, m, e.Node.Node.ID)
				} else {
					ids[id] = true
				}
				if seen[m] == nil {
					seen[m] = map[string]int{}
				}
				seen[m][e.Node.Node.Type]++
			}
			if p.PageInfo.HasNextPage {
				lists = append(lists, list{m, fmt.Sprintf(", after: %q", p.PageInfo.EndCursor)})
			}
		}
	}
	return sum
}

// entities are the types of the records behind measures, by the beginnings of their names.
var entities = []struct{ prefix, typ string }{
	{"STATIONS", "Station"},
	{"ONLINE_", "Station"},
	{"MANDATES", "Mandate"},
	{"DEPUTIES", "Deputy"},
	{"POSTINGS", "Posting"},
	{"TOWNSHIPS", "Division"},
	{"VILLAGES", "Division"},
	{"CONSTITUENCIES", "Constituency"},
	{"VISIT_DAYS", "VisitDay"},
	{"ACTIVITIES", "Activity"},
	{"ATTENDANCES", "Attendance"},
	{"GUESTS", "Attendance"},
	{"OFFICIALS", "Attendance"},
	{"PEOPLE", "Activity"},
	{"LECTURES", "Activity"},
	{"PROBLEMS", "Activity"},
	{"POINTS", "PointEntry"},
	{"NORMS", "Mandate"},
	{"OPINIONS", "Opinion"},
	{"HARDSHIPS", "Opinion"},
	{"SUGGESTIONS", "Suggestion"},
}

// drill is which rows are gone into.
type drill struct {
	at     string
	by     rollup.By
	period string
}

// rollupDrill goes from the published figures to the records behind them.
func rollupDrill(t *testing.T, s *apitest.Server) {
	drillDown(t, s.As(viewer.NationAdmin, place.Nation), 2, []drill{
		{"430121", rollup.BySelf, may2022},
		{"430121", rollup.ByTownships, may2022},
		{"140723", rollup.BySelf, `period: {from: "2025-02-10", to: "2025-11-20"}`},
		{"140723", rollup.ByStations, year2025},
		{"140723", rollup.ByDepartments, year2025},
		{"140723", rollup.ByCategories, year2025},
		{"430225", rollup.ByChildren, year2025},
		{"430225", rollup.BySelf, year2025},
	})
}

// TestRollupRecords goes from all rows of every grouping to the records behind every measure, in a world that has something of everything.
func TestRollupRecords(t *testing.T) {
	h := newBadHouse(t)
	const years = `period: {from: "2010-01-01", to: "2027-06-30"}`
	// What the world does not have.
	for _, change := range []string{
		`UPDATE station SET kind = 'POST' WHERE id = (
			SELECT id FROM station WHERE kind = 'POINT' AND closed_on IS NULL AND province_code = 430000000000 ORDER BY id LIMIT 1)`,
		`UPDATE visit_day SET state = 'PLANNED', published_at = NULL WHERE id = (
			SELECT id FROM visit_day WHERE state = 'CANCELLED' AND province_code = 430000000000 ORDER BY id LIMIT 1)`,
	} {
		if _, err := h.Owner.ExecContext(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	tests := []drill{{"430121", rollup.BySelf, `period: {from: "2024-03-02", to: "2024-03-20"}`}, {"4419", rollup.ByTownships, years}, {"42", rollup.ByCounties, years}}
	for _, by := range rollup.Bys {
		tests = append(tests, drill{"43", by, years})
	}
	seen := drillDown(t, h.As(viewer.NationAdmin, place.Nation), 100, tests)
	for _, m := range rollup.Measures {
		types := slices.Collect(maps.Keys(seen[m]))
		i := slices.IndexFunc(entities, func(e struct{ prefix, typ string }) bool { return strings.HasPrefix(string(m), e.prefix) })
		if m == rollup.SuggestionsMade || m == rollup.SuggestionsAdopted { // drafts do not count, and there is nothing else yet
			continue
		}
		if i < 0 || !slices.Equal(types, []string{entities[i].typ}) {
			t.Errorf("behind %s are %v", m, types)
		}
	}
}

// drillDown goes from the first rows to the records behind every measure: these add up to what the rows say. It answers of which types they were.
func drillDown(t *testing.T, caller *apitest.Caller, first int, tests []drill) map[rollup.Measure]map[string]int {
	seen := map[rollup.Measure]map[string]int{}
	for _, test := range tests {
		measures := tellable(test.by)
		rows := askRows(caller, fmt.Sprintf("division: %q, by: %s, %s, first: %d", test.at, test.by, test.period, first),
			"division { code } ownOnly key rollup { "+fieldsFor(measures)+" }")
		if len(rows) == 0 {
			t.Errorf("%s by %s: no rows", test.at, test.by)
		}
		for _, row := range rows {
			args := fmt.Sprintf("division: %q, ownOnly: %v, by: %s, %s", row.Division.Code, row.OwnOnly, test.by, test.period)
			if row.Key != nil {
				args += fmt.Sprintf(", key: %q", *row.Key)
			}
			sum := records(t, caller, args, measures, seen)
			for _, m := range measures {
				if diff := sum[m] - row.Rollup[m]; diff > 1e-9 || diff < -1e-9 {
					t.Errorf("%s: the records behind %s add up to %v, the row says %v", args, m, sum[m], row.Rollup[m])
				}
			}
		}
	}
	return seen
}

// TestRollupRefuses asks what cannot be answered.
func TestRollupRefuses(t *testing.T) {
	h := newBadHouse(t)
	rows := func(args string) string {
		return `{ rollup(division: "430121", ` + year2025 + args + `) { rollup { opinionsClosed } trend { rollup { opinionsClosed } } } }`
	}
	list := func(args string) string {
		return `{ rollupRecords(division: "430121", ` + year2025 + args + `) { edges { cursor } pageInfo { endCursor } } }`
	}
	station := globalID("Station", h.world.Spot("430121").Station)
	var first struct {
		RollupRecords struct{ PageInfo struct{ EndCursor string } }
		Stations      struct{ Edges []struct{ Cursor string } }
	}
	h.county.Get(&first, `{ rollupRecords(division: "430121", `+year2025+`, measure: MANDATES, first: 1) { pageInfo { endCursor } }
		stations(division: "430121", first: 1) { edges { cursor } } }`, nil)
	if answer := h.county.Do(list(`, measure: MANDATES, first: 1, after: "`+first.RollupRecords.PageInfo.EndCursor+`"`), nil); len(answer.Errors) > 0 {
		t.Fatal(answer.Body)
	}
	tests := []bad{
		{name: "no rows", ask: rows(", first: 0"), want: "INVALID", field: "first OUT_OF_RANGE"},
		{name: "fewer than no rows", ask: rows(", first: -1"), want: "INVALID", field: "first OUT_OF_RANGE"},
		{name: "too many rows", ask: `{ rollup(division: "430121", ` + year2025 + `, first: 1001) { ownOnly } }`, want: "INVALID", field: "first OUT_OF_RANGE"},
		{
			name: "too many parts", ask: `{ rollup(division: "430121", period: {from: "2010-01-01", to: "2020-12-31"}, interval: MONTH) { trend { rollup { lectures } } } }`,
			want: "INVALID", field: "interval TOO_MANY",
		},
		{name: "an order that cannot be told", ask: rows(`, by: CATEGORIES, orderBy: {measure: STATIONS}`), want: "INVALID", field: "by NOT_TOLD_APART"},
		{name: "another county", ask: strings.Replace(rows(""), "430121", "430102", 1), want: "NOT_FOUND", field: "division NOT_FOUND"},
		{name: "a malformed code", ask: strings.Replace(rows(""), "430121", "43012", 1), want: "INVALID", field: "division MALFORMED"},

		{name: "a page of nothing", ask: list(`, measure: MANDATES, first: 0`), want: "INVALID", field: "first OUT_OF_RANGE"},
		{name: "too large a page", ask: list(`, measure: MANDATES, first: 101`), want: "INVALID", field: "first OUT_OF_RANGE"},
		{name: "no cursor", ask: list(`, measure: MANDATES, first: 1, after: "x"`), want: "INVALID", field: "after MALFORMED"},
		{name: "the cursor of another list", ask: list(`, measure: MANDATES, first: 1, after: "` + first.Stations.Edges[0].Cursor + `"`), want: "INVALID", field: "after MALFORMED"},
		{name: "a key by divisions", ask: list(`, by: CHILDREN, key: "` + station + `", measure: MANDATES, first: 1`), want: "INVALID", field: "key EXCLUSIVE"},
		{name: "no key by stations", ask: list(`, by: STATIONS, measure: POSTINGS, first: 1`), want: "INVALID", field: "key REQUIRED"},
		{name: "no key by zones", ask: list(`, by: ZONES, measure: POSTINGS, first: 1`), want: "INVALID", field: "key REQUIRED"},
		{name: "a key of another type", ask: list(`, by: DEPARTMENTS, key: "` + station + `", measure: OPINIONS_CLOSED, first: 1`), want: "INVALID", field: "key MALFORMED"},
		{name: "a malformed key", ask: list(`, by: STATIONS, key: "x", measure: POSTINGS, first: 1`), want: "INVALID", field: "key MALFORMED"},
		{name: "what stands at a division, by stations", ask: list(`, by: STATIONS, ownOnly: true, key: "` + station + `", measure: POSTINGS, first: 1`), want: "INVALID", field: "ownOnly EXCLUSIVE"},
		{name: "records of what cannot be told", ask: list(`, by: STATIONS, key: "` + station + `", measure: MANDATES, first: 1`), want: "INVALID", field: "by NOT_TOLD_APART"},
		{name: "records of another county", ask: strings.Replace(list(`, measure: MANDATES, first: 1`), "430121", "430102", 1), want: "NOT_FOUND", field: "division NOT_FOUND"},
		{
			name: "records of a period backwards", ask: `{ rollupRecords(division: "430121", period: {from: "2025-12-31", to: "2025-01-01"}, measure: MANDATES, first: 1) { pageInfo { endCursor } } }`,
			want: "INVALID", field: "period.to REVERSED",
		},
	}
	for _, by := range rollup.Bys {
		can := tellable(by)
		for _, m := range rollup.Measures {
			if !slices.Contains(can, m) {
				tests = append(tests, bad{
					name: fmt.Sprintf("%s by %s", m, by), ask: fmt.Sprintf(`{ rollup(division: "430121", %s, by: %s) { rollup { %s } } }`, year2025, by, fieldsFor([]rollup.Measure{m})),
					want: "INVALID", field: "by NOT_TOLD_APART",
				})
			}
		}
	}
	h.check(t, tests)
	t.Run("cost", func(t *testing.T) { rollupCost(t, h.county.For(t)) })
}

// rollupCost sees to it that a dashboard's page passes, and what would fill the memory does not.
func rollupCost(t *testing.T, caller *apitest.Caller) {
	thirty := fieldsFor(slices.DeleteFunc(slices.Clone(rollup.Measures), func(m rollup.Measure) bool { return nested[m] != "" })[:30])
	const (
		decade   = `period: {from: "2016-01-01", to: "2025-12-31"}`
		ranked   = `division: "430121", ` + decade + `, by: STATIONS, interval: MONTH, compareWith: LAST_YEAR, orderBy: {measure: OPINIONS_CLOSED}, first: 1`
		opinions = `opinionsReceived opinionsDeclined opinionsAccepted opinionsOnline opinionsOpen opinionsClosed opinionsSolved opinionsRated hardships`
	)
	for ask, passes := range map[string]bool{
		`{ rollup(division: "430121", ` + year2025 + `) { rollup { ` + fieldsFor(rollup.Measures) + ` } } }`:                                                          true,
		`{ rollup(division: "430121", ` + year2025 + `, by: CHILDREN, first: 31, compareWith: LAST_YEAR) { rollup { ` + thirty + ` } compared { ` + thirty + ` } } }`: true,
		`{ rollup(division: "430121", ` + year2025 + `, by: CHILDREN, first: 31, interval: MONTH) { trend { rollup { ` + thirty + ` } } } }`:                          true,
		`{ rollup(division: "430121", ` + year2025 + `, by: CHILDREN, first: 1000) { rollup { ` + thirty + ` } } }`:                                                   true,
		// A long trend counts for as many parts as it has, and rows for as many as there may be.
		`{ rollup(division: "430121", ` + decade + `, interval: MONTH) { trend { rollup { ` + thirty + ` } } } }`:                                true,
		`{ rollup(division: "430121", ` + decade + `, by: CHILDREN, first: 12, interval: QUARTER) { trend { rollup { ` + thirty + ` } } } }`:     true,
		`{ rollup(division: "430121", ` + decade + `, by: CHILDREN, first: 20, interval: MONTH) { trend { rollup { ` + thirty + ` } } } }`:       false,
		`{ rollup(division: "430121", ` + year2025 + `, by: STATIONS, first: 1000, interval: MONTH) { trend { rollup { ` + opinions + ` } } } }`: false,
		// What is added up only to be ranked counts too.
		`{ rollup(` + ranked + `) { key } }`: true,
		`{ a: rollup(` + ranked + `) { key } b: rollup(` + ranked + `) { key } c: rollup(` + ranked + `) { key } d: rollup(` + ranked + `) { key } }`: false,
	} {
		answer := caller.Do(ask, nil)
		if passes && len(answer.Errors) > 0 || !passes && answer.Code() != "TOO_COMPLEX" {
			t.Errorf("%.150s: %.300s", ask, answer.Body)
		}
		if passes && !json.Valid(answer.Data) {
			t.Errorf("%.150s: no data", ask)
		}
	}
}
