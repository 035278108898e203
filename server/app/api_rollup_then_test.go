package app_test

import (
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

// recorded are the measures of records that keep the code of the time.
func recorded() []rollup.Measure {
	return slices.DeleteFunc(tellable(rollup.ByStations), func(m rollup.Measure) bool {
		return strings.HasPrefix(string(m), "STATIONS") || slices.Contains([]rollup.Measure{rollup.OnlineStations, rollup.Postings, rollup.DeputiesPosted}, m)
	})
}

// TestRollupThen moves a township to another county, and asks those concerned for the sums by both trees.
func TestRollupThen(t *testing.T) {
	f := newFlow(t)
	nation := f.As(viewer.NationAdmin, place.Nation)
	const year, moved, until = `, period: {from: "2024-01-01", to: "2024-12-31"}`, "430121107000", `, period: {from: "2024-01-01", to: "2025-12-31"}`
	fields := "division { code name level } ownOnly rank rollup { " + fieldsFor(recorded()) + " }"
	self := func(c *apitest.Caller, code, args string) numbers {
		t.Helper()
		rows := askRows(c, fmt.Sprintf("division: %q", code)+args, fields)
		if len(rows) != 1 {
			t.Fatalf("%s: %d rows", code, len(rows))
		}
		return rows[0].Rollup
	}
	then := ", tree: THEN"
	was, lay := map[string]numbers{}, map[string]numbers{} // by the tree of the time, and as it is before
	for _, code := range []string{"00", "43", "4301", "430121", "430102", moved} {
		was[code], lay[code] = self(nation, code, then+year), self(nation, code, year)
	}
	expectSame(t, "the nation before", was["00"], lay["00"])
	if was[moved][rollup.Attendances] == 0 || was[moved][rollup.OpinionsReceived] == 0 || was[moved][rollup.ActivitiesRecorded]+was[moved][rollup.Activities] == 0 || was[moved][rollup.PeopleReached] == 0 {
		t.Fatalf("nothing to move: %v", was[moved])
	}
	f.do(f.county, "renameDivision", changed, map[string]any{"division": moved, "name": "果园街道", "day": "2025-06-01"})
	f.do(f.city, "transferDivision", changed, map[string]any{"division": moved, "parent": "430102", "code": "430102117", "day": "2025-06-03"})

	for name, q := range map[string]struct {
		by   *apitest.Caller
		code string
		then numbers
	}{
		"the nation": {nation, "00", was["00"]}, "the province": {nation, "43", was["43"]}, "the city": {f.city, "4301", was["4301"]},
		"the county that it left": {f.county, "430121", was["430121"]}, "the one that it came to": {f.otherCounty, "430102", was["430102"]},
		"the township, asked by the county": {f.county, moved, was[moved]}, "the township, asked above": {f.city, moved, was[moved]},
		"under the new code": {f.otherCounty, "430102117", numbers{}},
	} {
		got := self(q.by, q.code, then+year)
		for _, m := range recorded() {
			if got[m] != q.then[m] {
				t.Errorf("%s: %s is %v by the tree of the time, want %v", name, m, got[m], q.then[m])
			}
		}
	}
	expectSame(t, "the nation as it is", self(nation, "00", year), was["00"])
	expectSame(t, "under the new code, as it is", self(f.otherCounty, "430102117", year), lay[moved])
	for _, m := range recorded() {
		if now := self(f.county, "430121", year)[m]; m != rollup.DeputiesAttended && now != lay["430121"][m]-lay[moved][m] {
			t.Errorf("the county as it is: %s is %v", m, now)
		}
	}
	f.thenRows(fields, year, until, was)
	f.thenRecords(moved, was[moved])
	f.thenRefused(moved)
	thenStatements(t, f.Server, nation)
}

// thenRows asks for the rows: what was, by its name then; together the whole; ranked.
func (f *flow) thenRows(fields, year, until string, was map[string]numbers) {
	f.t.Helper()
	const moved = "430121107000"
	for _, period := range []string{year, until} {
		var sum numbers
		found := false
		for _, row := range askRows(f.county, `division: "430121", by: CHILDREN, tree: THEN`+period, fields) {
			sum = sum.plus(row.Rollup)
			if row.Division.Code == moved {
				found = true
				if name := row.Division.Name; (name == "果园镇") != (period == year) {
					f.t.Errorf("the township was %s%s", name, period)
				}
				expectSame(f.t, "the row of the township"+period, row.Rollup, was[moved])
			}
		}
		if !found {
			f.t.Errorf("no row of the township%s", period)
		}
		expectSame(f.t, "all children"+period, sum, was["430121"], rollup.DeputiesAttended)
	}
	// Where it is now it has no row of the time with anything in it.
	for _, row := range askRows(f.otherCounty, `division: "430102", by: CHILDREN, tree: THEN`+year, fields) {
		if row.Division.Code == "430102117000" && slices.ContainsFunc(slices.Collect(maps.Values(row.Rollup)), func(n float64) bool { return n != 0 }) {
			f.t.Errorf("under the new code: %v", row.Rollup)
		}
	}
	ranked := askRows(f.county, `division: "430121", by: TOWNSHIPS, tree: THEN, orderBy: {measure: ATTENDANCES}, first: 1`+year, fields)
	if len(ranked) != 1 || *ranked[0].Rank != 1 || ranked[0].Rollup[rollup.Attendances] < was[moved][rollup.Attendances] {
		f.t.Errorf("the first by attendances: %v", ranked)
	}
	// As a field of divisions, compared and as a trend.
	got := f.ask(f.county, `{ division(code: "430121") { now: rollup(period: {from: "2024-05-01", to: "2024-05-31"}) { attendances }
		then: rollup(period: {from: "2024-05-01", to: "2024-05-31"}, tree: THEN) { attendances } } }`)
	trend := askRows(f.county, `division: "430121", tree: THEN, interval: MONTH, period: {from: "2024-04-01", to: "2024-06-30"}, compareWith: PREVIOUS`,
		"division { code } compared { attendances } trend { rollup { attendances } compared { attendances } }")[0]
	f.equal("May in the trend", fmt.Sprint(trend.Trend[1].Rollup[rollup.Attendances]), fmt.Sprint(at(got, "then", "attendances")))
	f.equal("before May", trend.Trend[1].Compared[rollup.Attendances], trend.Trend[0].Rollup[rollup.Attendances])
	if fmt.Sprint(at(got, "now", "attendances")) == fmt.Sprint(at(got, "then", "attendances")) {
		f.t.Errorf("the trees do not differ: %v", got)
	}
}

// thenRecords asks for what is behind the sums: whoever sees where the records lie now is shown them, the others their sum.
func (f *flow) thenRecords(moved string, was numbers) {
	f.t.Helper()
	for _, m := range []rollup.Measure{rollup.Attendances, rollup.OpinionsReceived, rollup.PeopleReached, rollup.DeputiesAttended, rollup.OpinionsAccepted} {
		for name, q := range map[string]struct {
			by    *apitest.Caller
			shown bool
		}{"city": {f.city, true}, "county": {f.county, false}} {
			query := fmt.Sprintf(`{ rollupRecords(division: %q, by: CHILDREN, tree: THEN, period: {from: "2024-01-01", to: "2024-12-31"}, measure: %s, first: 100)
				{ edges { node { value node { id } } } pageInfo { hasNextPage } } }`, moved, m)
			edges := at(f.ask(q.by, query), "edges").([]any)
			sum := 0.0
			for _, e := range edges {
				sum += at(e, "node", "value").(float64)
				if shown := at(e, "node", "node") != nil; shown != q.shown {
					f.t.Errorf("%s of the %s: a record is shown: %t", m, name, shown)
				}
			}
			if sum != was[m] || !q.shown && len(edges) != 1 {
				f.t.Errorf("%s of the %s: %d records add up to %v, want %v", m, name, len(edges), sum, was[m])
			}
		}
	}
}

// thenRefused: what has no meaning by the tree of the time, and what lay elsewhere.
func (f *flow) thenRefused(moved string) {
	f.t.Helper()
	const year = `period: {from: "2024-01-01", to: "2024-12-31"}`
	sums := func(code, args string) string {
		return fmt.Sprintf(`{ rollup(division: %q, %s, %s) { rollup { opinionsReceived } } }`, code, args, year)
	}
	records := func(code, args string) string {
		return fmt.Sprintf(`{ rollupRecords(division: %q, %s, measure: OPINIONS_RECEIVED, %s, first: 5) { edges { node { value } } } }`, code, args, year)
	}
	for name, q := range map[string]struct {
		by          *apitest.Caller
		query, want string
	}{
		"stations":                      {f.city, sums("4301", "by: STATIONS, tree: THEN"), "INVALID"},
		"departments":                   {f.city, sums("4301", "by: DEPARTMENTS, tree: THEN"), "INVALID"},
		"categories":                    {f.city, sums("4301", "by: CATEGORIES, tree: THEN"), "INVALID"},
		"zones":                         {f.city, sums("4301", "by: ZONES, tree: THEN"), "INVALID"},
		"records by category":           {f.city, records("4301", "by: CATEGORIES, tree: THEN"), "INVALID"},
		"a lost code as it is":          {f.county, sums(moved, "tree: NOW"), "NOT_FOUND"},
		"a lost code beside":            {f.otherCounty, sums(moved, "tree: THEN"), "NOT_FOUND"},
		"records of a lost code beside": {f.otherCounty, records(moved, "tree: THEN"), "NOT_FOUND"},
		"a code that never was":         {f.county, sums("430121999", "tree: THEN"), "NOT_FOUND"},
		"a portal":                      {f.As(viewer.Portal, place.MustParse("4301")), sums("430121", "tree: THEN"), "FORBIDDEN"},
		"a portal, of a lost code":      {f.As(viewer.Portal, place.MustParse("4301")), sums(moved, "tree: THEN"), "NOT_FOUND"},
	} {
		answer := q.by.Do(q.query, nil)
		if answer.Code() != q.want || q.want == "INVALID" && !strings.Contains(answer.Body, "按当时区划汇总时,只能按区划分组") {
			f.t.Errorf("%s: %s, want %s", name, answer.Body, q.want)
		}
	}
	// A code that lay elsewhere is refused like one that never was.
	beside, never := f.otherCounty.Do(sums(moved, "tree: THEN"), nil), f.otherCounty.Do(sums("430121999", "tree: THEN"), nil)
	f.equal("beside and never", beside.Body, never.Body)
}

// thenStatements: as many for many rows, months and divisions as for few.
func thenStatements(t *testing.T, s *apitest.Server, c *apitest.Caller) {
	t.Helper()
	count := func(query string) int64 {
		before := s.Statements()
		if answer := c.Do(query, nil); len(answer.Errors) > 0 {
			t.Fatal(answer.Body)
		}
		return s.Statements() - before
	}
	rows := func(args string) string {
		return `{ rollup(` + args + `) { division { name } rollup { attendances opinionsReceived } compared { attendances } trend { rollup { attendances } } } }`
	}
	list := func(first int) string {
		return fmt.Sprintf(`{ division(code: "430121") { children(first: %d) { edges { node {
			rollup(period: {from: "2024-01-01", to: "2024-12-31"}, tree: THEN) { attendances activities } } } } } }`, first)
	}
	for name, q := range map[string]struct{ few, many string }{
		"rows": {
			rows(`division: "00", by: COUNTIES, tree: THEN, first: 1, compareWith: PREVIOUS, interval: YEAR, period: {from: "2024-01-01", to: "2024-12-31"}`),
			rows(`division: "00", by: COUNTIES, tree: THEN, first: 20, compareWith: PREVIOUS, interval: MONTH, period: {from: "2024-01-01", to: "2024-12-31"}`),
		},
		"divisions": {list(1), list(20)},
	} {
		if few, many := count(q.few), count(q.many); few != many || few == 0 {
			t.Errorf("%s: %d statements for few, %d for many", name, few, many)
		}
	}
}
