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

const year2025 = `period: {from: "2025-01-01", to: "2025-12-31"}`

// persons are the measures that count each one once, so that rows and times do not add up.
var persons = []rollup.Measure{rollup.Deputies, rollup.DeputiesPosted, rollup.DeputiesAttended}

// standing tells whether a measure is a state at the end of a period rather than what happened in it.
func standing(m rollup.Measure) bool {
	switch m {
	case rollup.StationsOpened, rollup.StationsClosed:
		return false
	case rollup.OnlineStations, rollup.Postings:
		return true
	}
	for _, word := range []string{"STATIONS", "MANDATES", "TOWNSHIPS", "VILLAGES", "CONSTITUENCIES"} {
		if strings.HasPrefix(string(m), word) {
			return true
		}
	}
	return m == rollup.Deputies || m == rollup.DeputiesPosted
}

// tellable are the measures that a grouping can tell apart.
func tellable(by rollup.By) []rollup.Measure {
	opinions := func(m rollup.Measure) bool {
		return strings.HasPrefix(string(m), "OPINIONS_") || strings.HasPrefix(string(m), "HARDSHIPS")
	}
	var out []rollup.Measure
	for _, m := range rollup.Measures {
		ok := true
		switch by {
		case rollup.ByDepartments, rollup.ByCategories:
			ok = opinions(m)
		case rollup.ByStations, rollup.ByZones:
			ok = opinions(m)
			for _, word := range []string{
				"STATIONS", "ONLINE_", "POSTINGS", "DEPUTIES_", "VISIT_DAYS", "ACTIVITIES", "ATTENDANCES", "GUESTS", "OFFICIALS", "PEOPLE", "LECTURES", "PROBLEMS",
			} {
				ok = ok || strings.HasPrefix(string(m), word)
			}
		default:
		}
		if ok {
			out = append(out, m)
		}
	}
	return out
}

// expectSame compares sums measure by measure.
func expectSame(t *testing.T, what string, got, want numbers, but ...rollup.Measure) {
	t.Helper()
	for _, m := range slices.Sorted(maps.Keys(want)) {
		if !slices.Contains(but, m) && got[m] != want[m] {
			t.Errorf("%s: %s is %v, want %v", what, m, got[m], want[m])
		}
	}
	if len(want) == 0 {
		t.Errorf("%s: nothing to compare", what)
	}
}

// rollupOtherDays holds whole months, which the kept sums answer, against other days, which records do.
func rollupOtherDays(t *testing.T, s *apitest.Server) {
	all := "division { code } rollup { " + fieldsFor(rollup.Measures) + " }"
	for _, test := range []struct{ at, from, cut, next, to string }{
		{"430121", "2022-05-01", "2022-05-15", "2022-05-16", "2022-05-31"},
		{"430121", "2022-04-01", "2022-05-03", "2022-05-04", "2022-06-30"},
		{"140723", "2025-01-01", "2025-06-14", "2025-06-15", "2025-12-31"},
		{"430225", "2025-01-01", "2025-04-09", "2025-04-10", "2025-12-31"},
		{"4302", "2022-01-01", "2022-01-31", "2022-02-01", "2022-12-31"},
	} {
		caller := s.As(viewer.NationAdmin, place.Nation)
		ask := func(from, to string) numbers {
			return askRows(caller, fmt.Sprintf("division: %q, period: {from: %q, to: %q}", test.at, from, to), all)[0].Rollup
		}
		whole, first, second := ask(test.from, test.to), ask(test.from, test.cut), ask(test.next, test.to)
		if len(whole) != len(rollup.Measures) {
			t.Fatalf("%d of %d measures answered", len(whole), len(rollup.Measures))
		}
		parts := numbers{}
		for _, m := range rollup.Measures {
			parts[m] = second[m]
			if !standing(m) {
				parts[m] += first[m]
			}
		}
		expectSame(t, test.at+" from "+test.from, whole, parts, rollup.DeputiesAttended)
		if n := whole[rollup.DeputiesAttended]; n > first[rollup.DeputiesAttended]+second[rollup.DeputiesAttended] || n < second[rollup.DeputiesAttended] {
			t.Errorf("%s: %v deputies attended, %v and %v of them in the parts", test.at, n, first[rollup.DeputiesAttended], second[rollup.DeputiesAttended])
		}
		// The rows below are counted from the records of townships.
		var below numbers
		for _, row := range askRows(caller, fmt.Sprintf("division: %q, by: CHILDREN, period: {from: %q, to: %q}", test.at, test.from, test.to), all) {
			below = below.plus(row.Rollup)
		}
		expectSame(t, test.at+" by its townships", below, whole, persons...)
	}
}

// plus adds sums up.
func (n numbers) plus(other numbers) numbers {
	out := numbers{}
	for m, v := range other {
		out[m] = n[m] + v
	}
	return out
}

// rollupRows asks for every grouping: the rows are what they should be, and together the whole.
func rollupRows(t *testing.T, s *apitest.Server) {
	caller := s.As(viewer.NationAdmin, place.Nation)
	count := func(query string) (n int) {
		t.Helper()
		if err := s.Owner.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const divisions = `SELECT count(*) FROM division WHERE NOT placeholder AND valid_to IS NULL AND level = '%s' AND code >= %d AND code < %d`
	of := func(level string, lo, hi int) int { return count(fmt.Sprintf(divisions, level, lo, hi)) }
	for _, test := range []struct {
		at   string
		by   rollup.By
		rows int
		// whole tells that the rows are the whole of the division.
		whole bool
	}{
		{"140723", rollup.BySelf, 1, true},
		{"140723", rollup.ByChildren, -1, true},
		{"43", rollup.ByProvinces, 1, true},
		{"00", rollup.ByProvinces, of("PROVINCE", 0, 1e12), false},
		{"43", rollup.ByCities, of("CITY", 43e10, 44e10), false},
		{"4301", rollup.ByCities, 1, true},
		{"43", rollup.ByCounties, of("COUNTY", 43e10, 44e10), false},
		{"4301", rollup.ByTownships, of("TOWNSHIP", 4301e8, 4302e8), false},
		{"140723", rollup.ByStations, -1, true},
		{"140723", rollup.ByDepartments, -1, true},
		{"140723", rollup.ByCategories, -1, true},
		{"430202", rollup.ByZones, -1, false},
	} {
		what := test.at + " by " + string(test.by)
		fields := fieldsFor(tellable(test.by))
		rows := askRows(caller, fmt.Sprintf("division: %q, by: %s, %s", test.at, test.by, year2025),
			"division { code name level } ownOnly key station { id name } zone { id name } rank rollup { "+fields+" }")
		self := askRows(caller, fmt.Sprintf("division: %q, %s", test.at, year2025), "division { code } rollup { "+fields+" }")[0].Rollup
		if test.rows >= 0 && len(rows) != test.rows || len(rows) == 0 {
			t.Errorf("%s: %d rows, want %d", what, len(rows), test.rows)
		}
		var sum numbers
		for _, row := range rows {
			sum = sum.plus(row.Rollup)
			if row.Division.Name == "" || row.Rank != nil || row.OwnOnly && test.by != rollup.ByChildren {
				t.Errorf("%s: row %+v", what, row)
			}
			switch test.by {
			case rollup.ByStations:
				if row.Station == nil || row.Key == nil || *row.Key != row.Station.ID || row.Station.Name == "" {
					t.Errorf("%s: row %+v", what, row)
				}
			case rollup.ByZones:
				if row.Zone == nil || row.Key == nil || *row.Key != row.Zone.ID {
					t.Errorf("%s: row %+v", what, row)
				}
			case rollup.ByDepartments, rollup.ByCategories:
			default:
				if row.Key != nil {
					t.Errorf("%s: row %+v", what, row)
				}
			}
		}
		if test.whole {
			expectSame(t, what, sum, self, persons...)
		}
		for m, n := range sum {
			if n > self[m] && !slices.Contains(persons, m) {
				t.Errorf("%s: %s is %v in all rows, %v in the whole", what, m, n, self[m])
			}
		}
		if test.by != rollup.BySelf && test.by != rollup.ByChildren && !slices.Contains([]string{"43", "4301", "00"}, test.at) &&
			!slices.IsSortedFunc(rows, func(a, b askedRow) int { return int(b.Rollup[tellable(test.by)[0]] - a.Rollup[tellable(test.by)[0]]) }) {
			t.Errorf("%s: the rows with the most to tell are not first", what)
		}
		if few := askRows(caller, fmt.Sprintf("division: %q, by: %s, %s, first: 1", test.at, test.by, year2025), "division { code } ownOnly key rollup { "+fields+" }"); len(few) != 1 ||
			few[0].Division.Code != rows[0].Division.Code {
			t.Errorf("%s: first 1: %+v", what, few)
		}
	}
}

// rollupCompared holds what rows are compared with against the same asked for directly.
func rollupCompared(t *testing.T, s *apitest.Server) {
	caller := s.As(viewer.ProvinceAdmin, place.MustParse("43"))
	all := fieldsFor(rollup.Measures)
	for _, test := range []struct{ how, from, to, otherFrom, otherTo string }{
		{"PREVIOUS", "2022-06-01", "2022-06-30", "2022-05-01", "2022-05-31"},
		{"PREVIOUS", "2022-07-01", "2022-09-30", "2022-04-01", "2022-06-30"},
		{"PREVIOUS", "2022-05-20", "2022-05-29", "2022-05-10", "2022-05-19"},
		{"LAST_YEAR", "2023-05-01", "2023-05-31", "2022-05-01", "2022-05-31"},
		{"LAST_YEAR", "2023-05-10", "2023-05-20", "2022-05-10", "2022-05-20"},
		{"LAST_YEAR", "2024-02-01", "2024-02-29", "2023-02-01", "2023-02-28"},
	} {
		what := test.how + " of " + test.from
		args := func(from, to string) string {
			return fmt.Sprintf("division: \"430121\", by: CHILDREN, period: {from: %q, to: %q}", from, to)
		}
		rows := askRows(caller, args(test.from, test.to)+", compareWith: "+test.how, "division { code } ownOnly compared { "+all+" }")
		plain := askRows(caller, args(test.from, test.to), "division { code } ownOnly rollup { "+all+" } compared { lectures }")
		others := map[string]numbers{}
		for _, row := range askRows(caller, args(test.otherFrom, test.otherTo), "division { code } ownOnly rollup { "+all+" }") {
			others[row.Division.Code] = row.Rollup
		}
		for _, row := range rows {
			if want := others[row.Division.Code]; want != nil {
				expectSame(t, what+" in "+row.Division.Code, row.Compared, want)
			}
		}
		for _, row := range plain {
			if row.Compared != nil {
				t.Errorf("%s: compared without being asked: %v", what, row.Compared)
			}
		}
		if len(rows) < 18 {
			t.Errorf("%s: %d rows", what, len(rows))
		}
	}
}

// rollupTrend holds the parts of trends against the same asked for directly.
func rollupTrend(t *testing.T, s *apitest.Server) {
	caller := s.As(viewer.CityAdmin, place.MustParse("4301"))
	fields := fieldsFor(rollup.Measures)
	for _, test := range []struct {
		interval, from, to string
		parts              []string
	}{
		{"MONTH", "2022-04-01", "2022-06-30", []string{"2022-04-01 2022-04-30", "2022-05-01 2022-05-31", "2022-06-01 2022-06-30"}},
		{"MONTH", "2022-04-20", "2022-06-10", []string{"2022-04-20 2022-04-30", "2022-05-01 2022-05-31", "2022-06-01 2022-06-10"}},
		{"QUARTER", "2022-02-01", "2022-07-31", []string{"2022-02-01 2022-03-31", "2022-04-01 2022-06-30", "2022-07-01 2022-07-31"}},
		{"YEAR", "2021-01-01", "2022-12-31", []string{"2021-01-01 2021-12-31", "2022-01-01 2022-12-31"}},
		{"NONE", "2022-04-01", "2022-06-30", nil},
	} {
		what := test.interval + " from " + test.from
		rows := askRows(caller, fmt.Sprintf("division: \"430121\", period: {from: %q, to: %q}, first: 1, interval: %s, compareWith: PREVIOUS", test.from, test.to, test.interval),
			"trend { from to rollup { "+fields+" } compared { lectures opinionsReceived } }")
		if len(rows) != 1 || len(rows[0].Trend) != len(test.parts) {
			t.Fatalf("%s: %+v", what, rows)
		}
		for i, point := range rows[0].Trend {
			if got := point.From + " " + point.To; got != test.parts[i] {
				t.Errorf("%s: part %s, want %s", what, got, test.parts[i])
			}
			direct := askRows(caller, fmt.Sprintf("division: \"430121\", period: {from: %q, to: %q}, compareWith: PREVIOUS", point.From, point.To),
				"division { code } rollup { "+fields+" } compared { lectures opinionsReceived }")[0]
			expectSame(t, what+" "+point.From, point.Rollup, direct.Rollup)
			expectSame(t, what+" "+point.From+" compared", point.Compared, direct.Compared)
		}
	}
}

// rollupRanking ranks 长沙县's townships and 和顺县's stations.
func rollupRanking(t *testing.T, s *apitest.Server) {
	caller := s.As(viewer.NationAdmin, place.Nation)
	for _, test := range []struct {
		args    string
		measure rollup.Measure
	}{
		{`division: "430121", by: TOWNSHIPS, ` + may2022, rollup.PeopleReached},
		{`division: "430121", by: TOWNSHIPS, ` + may2022, rollup.Stations},
		{`division: "140723", by: STATIONS, ` + year2025, rollup.OpinionsAccepted},
		{`division: "43", by: COUNTIES, ` + may2022, rollup.DeputiesAttended},
		{`division: "140723", by: CATEGORIES, ` + year2025, rollup.OpinionsClosed},
	} {
		fields := "division { code } key rank rollup { " + fieldName(test.measure) + " }"
		order := func(direction string) []askedRow {
			return askRows(caller, test.args+", orderBy: {measure: "+string(test.measure)+", direction: "+direction+"}", fields)
		}
		falling, rising := order("DESC"), order("ASC")
		if len(falling) < 2 || len(falling) != len(rising) {
			t.Fatalf("%s: %d rows falling, %d rising", test.args, len(falling), len(rising))
		}
		for _, rows := range [][]askedRow{falling, rising} {
			for i, row := range rows {
				ahead := 0
				for _, other := range rows {
					a, b := other.Rollup[test.measure], row.Rollup[test.measure]
					if i > 0 && &rows[0] == &falling[0] && a > b || &rows[0] == &rising[0] && a < b {
						ahead++
					}
				}
				if row.Rank == nil || *row.Rank != ahead+1 {
					t.Errorf("%s: row %d has rank %v, %d are ahead", test.args, i, row.Rank, ahead)
				}
			}
		}
		top := askRows(caller, test.args+", first: 2, orderBy: {measure: "+string(test.measure)+"}", "division { code } key rank")
		for i, row := range top {
			if len(top) != 2 || row.Division != (askedRow{Division: row.Division}).Division || row.Division.Code != falling[i].Division.Code || *row.Rank != *falling[i].Rank {
				t.Errorf("%s: the first two are %+v", test.args, top)
			}
		}
	}
}

// rollupPartly asks for measures through aliases and fragments, and for parts of rows: each is what it is alone.
func rollupPartly(t *testing.T, s *apitest.Server) {
	caller := s.As(viewer.CountyAdmin, place.MustParse("430121"))
	answer := caller.Do(`{
		a: rollup(division: "430121", `+may2022+`) { first: rollup { said: lectures } ... on RollupRow { second: rollup { ...Solved } } }
		b: division(code: "430121") { x: rollup(`+may2022+`) { lectures } y: rollup(period: {from: "2022-04-01", to: "2022-04-30"}) { ...Solved lectures } }
		c: rollup(division: "430121", `+may2022+`, interval: MONTH) { trend { rollup { coverage { covered: townshipsCovered townshipRate { value } } } } }
		d: rollup(division: "430121", `+may2022+`) { ownOnly division { name } }
	} fragment Solved on Rollup { ... on Rollup @include(if: true) { problemsSolved } opinionsReceived @skip(if: true) }`, nil)
	want := `{"data":{"a":[{"first":{"said":122},"second":{"problemsSolved":123}}],"b":{"x":{"lectures":122},"y":{"problemsSolved":0,"lectures":0}},` +
		`"c":[{"trend":[{"rollup":{"coverage":{"covered":18,"townshipRate":{"value":1}}}}]}],"d":[{"ownOnly":false,"division":{"name":"长沙县"}}]}}`
	if strings.TrimSpace(answer.Body) != want {
		t.Errorf("answer\n%s\nwant\n%s", answer.Body, want)
	}
}
