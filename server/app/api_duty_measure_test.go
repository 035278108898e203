package app_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/migrations"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
	"github.com/lianluo/lianluo/server/seed"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// demonstrated serves the demonstration.
func demonstrated(t *testing.T) *apitest.Server {
	t.Helper()
	all, err := divisions.All()
	if err != nil {
		t.Fatal(err)
	}
	db := pgtest.Empty(t)
	owner := db.Owner(t)
	if err := migrations.Up(t.Context(), owner, nil); err != nil {
		t.Fatal(err)
	}
	var roots []place.Code
	for _, code := range []string{"4301", "4310", "4302", "140723", "4403"} {
		roots = append(roots, place.MustParse(code))
	}
	if err := divisions.Load(t.Context(), owner, divisions.Subset(all, roots...), nil); err != nil {
		t.Fatal(err)
	}
	if err := seed.Demo(t.Context(), owner, seed.Options{}); err != nil {
		t.Fatal(err)
	}
	return apitest.On(t, db)
}

// dutySums is a query for sums of a place in a period.
func dutySums(code, from, to, fields string) string {
	return fmt.Sprintf(`{ dutyMeasures(division: %q, period: {from: %q, to: %q}) { measures { %s } } }`, code, from, to, fields)
}

// TestDutyOfTheDemonstration asks the API for the figures of deputies' work that the published accounts tell.
func TestDutyOfTheDemonstration(t *testing.T) {
	s := demonstrated(t)
	const figures = `figures { figure { key unit } value }`
	for name, tt := range map[string]struct {
		role  viewer.Role
		at    string
		query string
		want  string
	}{
		"长沙县's first visit day": {
			viewer.CountyAdmin, "430121", dutySums("430121", "2022-05-15", "2022-05-15", `visitDays { held missed } activities { confirmed } attendances { total deputies guests } `+figures),
			`{"dutyMeasures":[{"measures":{"visitDays":{"held":125,"missed":0},"activities":{"confirmed":125},"attendances":{"total":1160,"deputies":1160,"guests":0},
			"figures":[{"figure":{"key":"RECEIVED","unit":"人次"},"value":4385},{"figure":{"key":"VISITED","unit":"人次"},"value":2852},
			{"figure":{"key":"LECTURES","unit":"场次"},"value":122},{"figure":{"key":"SOLVED","unit":"个"},"value":123}]}}]}`,
		},
		"the opinions of that day": {
			viewer.CountyAdmin, "430121", `{ opinionMeasures(division: "430121", period: {from: "2022-05-15", to: "2022-05-15"}) { measures { submitted } } }`,
			`{"opinionMeasures":[{"measures":{"submitted":563}}]}`,
		},
		"what 长沙县 receives": {
			viewer.CountyAdmin, "430121", `{ division(code: "430121") { reported(period: {from: "2022-05-15", to: "2022-05-15"}) { attendances deputies } } }`,
			`{"division":{"reported":{"attendances":1160,"deputies":1160}}}`,
		},
		"北湖区's campaign": {
			viewer.CountyAdmin, "431002", dutySums("431002", "2020-07-01", "2023-06-30", figures),
			`{"dutyMeasures":[{"measures":{"figures":[{"figure":{"key":"RECEIVED","unit":"人次"},"value":2018},{"figure":{"key":"SOLVED","unit":"个"},"value":512},
			{"figure":{"key":"HOUSEHOLDS","unit":"户"},"value":21360},{"figure":{"key":"LEAFLETS","unit":"份"},"value":52400},
			{"figure":{"key":"DONATIONS","unit":"元"},"value":4.96e+06}]}}]}`,
		},
		"荷塘区's stations": {
			viewer.CountyAdmin, "430202", dutySums("430202", "2022-01-01", "2022-05-31", figures),
			`{"dutyMeasures":[{"measures":{"figures":[{"figure":{"key":"RECEIVED","unit":"人次"},"value":186},{"figure":{"key":"SOLVED","unit":"个"},"value":18},
			{"figure":{"key":"COLLECTED","unit":"个"},"value":66},{"figure":{"key":"URGENT","unit":"个"},"value":73},{"figure":{"key":"URGENT_SOLVED","unit":"个"},"value":12}]}}]}`,
		},
		"炎陵县's officials": {
			viewer.CountyAdmin, "430225", `{ officialVisits(division: "430225", period: {from: "2025-04-01", to: "2025-04-30"}) { visits officials contacts } }`,
			`{"officialVisits":{"visits":64,"officials":41,"contacts":0}}`,
		},
		"和顺县's leaders": {
			viewer.CountyAdmin, "140723", `{ officialVisits(division: "140723", period: {from: "2025-03-01", to: "2025-03-31"}) { visits contacts organs { organ { name } contacts } } }`,
			`{"officialVisits":{"visits":0,"contacts":16,"organs":[{"organ":{"name":"和顺县人民代表大会常务委员会"},"contacts":16}]}}`,
		},
		"和顺县's activities by setting": {
			viewer.CountyAdmin, "140723", `{ dutyMeasures(division: "140723", by: SETTING, period: {from: "2025-01-01", to: "2025-12-31"}) { setting measures { visitDays { held } activities { recorded } roll { deputies } } } }`,
			`{"dutyMeasures":[{"setting":"IN_STATION","measures":{"visitDays":null,"activities":{"recorded":0},"roll":null}},
			{"setting":"OUT_OF_STATION","measures":{"visitDays":null,"activities":{"recorded":0},"roll":null}}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			answer := s.For(t).As(tt.role, place.MustParse(tt.at)).Do(tt.query, nil)
			if len(answer.Errors) > 0 {
				t.Fatal(answer.Body)
			}
			if want := `{"data":` + strings.NewReplacer("\n", "", "\t", "").Replace(tt.want) + `}`; strings.TrimSpace(answer.Body) != want {
				t.Errorf("answer\n%s\nwant\n%s", answer.Body, want)
			}
		})
	}
	t.Run("both paths", func(t *testing.T) { bothPaths(t, s) })
	t.Run("rates", func(t *testing.T) { attendanceRates(t, s) })
	t.Run("statements", func(t *testing.T) { dutyStatements(t, s) })
	t.Run("norms", func(t *testing.T) { normsMet(t, s) })
	t.Run("rules and items", func(t *testing.T) { rulesAndItems(t, s) })
}

// normsMet asks how 和顺县's deputies stood with its norms in 2025: every item of every period was met by some and missed by some, and asked nothing of those
// who were suspended or came later.
func normsMet(t *testing.T, s *apitest.Server) {
	answer := s.For(t).As(viewer.CountyAdmin, place.MustParse("140723")).Do(`{ normMeasures(division: "140723", level: COUNTY, year: 2025) {
		item { key } from counts { met missing pending notApplicable } } }`, nil)
	if len(answer.Errors) > 0 {
		t.Fatal(answer.Body)
	}
	var p struct {
		NormMeasures []struct {
			Item   struct{ Key string }
			From   string
			Counts struct{ Met, Missing, Pending, NotApplicable int }
		}
	}
	if err := json.Unmarshal(answer.Data, &p); err != nil {
		t.Fatal(err)
	}
	exempt := 0
	for _, m := range p.NormMeasures {
		c := m.Counts
		exempt += c.NotApplicable
		if c.Met == 0 || c.Missing == 0 || c.Met+c.Missing+c.Pending+c.NotApplicable < 168 {
			t.Errorf("%s from %s: %+v", m.Item.Key, m.From, c)
		}
	}
	if want := 4*12 + 4; len(p.NormMeasures) != want || exempt == 0 {
		t.Errorf("%d items and periods, want %d; %d times not applicable", len(p.NormMeasures), want, exempt)
	}
}

// rulesAndItems: 炎陵县's points have 18 items, and a ranking in which someone has points; 北湖区 receives on fixed days and on market days.
func rulesAndItems(t *testing.T, s *apitest.Server) {
	read := func(at, query string, into any) {
		t.Helper()
		answer := s.For(t).As(viewer.CountyAdmin, place.MustParse(at)).Do(query, nil)
		if len(answer.Errors) > 0 {
			t.Fatal(answer.Body)
		}
		if err := json.Unmarshal(answer.Data, into); err != nil {
			t.Fatal(err)
		}
	}
	var points struct {
		PointSchemes []struct {
			FromOn string
			Items  []struct{ Key string }
		}
		PointRanking struct {
			Edges []struct{ Node struct{ Points float64 } }
		}
	}
	read("430225", `{ pointSchemes(division: "430225", level: COUNTY, current: false) { fromOn items { key } }
		pointRanking(division: "430225", level: COUNTY, year: 2025, first: 10) { edges { node { points } } } }`, &points)
	if len(points.PointSchemes) != 1 || len(points.PointSchemes[0].Items) != 18 {
		t.Errorf("炎陵县's items: %+v", points.PointSchemes)
	}
	if len(points.PointRanking.Edges) != 10 || points.PointRanking.Edges[0].Node.Points <= 0 {
		t.Errorf("炎陵县's ranking: %+v", points.PointRanking)
	}
	var rules struct {
		VisitRules struct {
			Edges []struct {
				Node struct{ Name, Recurrence string }
			}
		}
	}
	read("431002", `{ visitRules(division: "431002", current: false, first: 100) { edges { node { name recurrence } } } }`, &rules)
	there := map[string]int{}
	for _, e := range rules.VisitRules.Edges {
		there[e.Node.Name+" "+e.Node.Recurrence]++
	}
	for _, rule := range []string{"代表接待固定日 MONTH_DAYS", "湘南国际物流园园区代表固定日 MONTH_DAYS", "盈丰国际小区代表接待日 WEEKDAYS", "赶集日接待 LUNAR_DAYS"} {
		if there[rule] == 0 {
			t.Errorf("北湖区 has no %s: %v", rule, there)
		}
	}
}

// dutyStatements counts SQL statements: sums of many divisions, and long lists, cost as many as short ones.
func dutyStatements(t *testing.T, s *apitest.Server) {
	caller := s.For(t).As(viewer.CountyAdmin, place.MustParse("430121"))
	const day = `period: {from: "2022-05-15", to: "2022-05-15"}`
	for name, query := range map[string]string{
		"divisions": `{ division(code: "430121") { children(first: %d) { edges { node { reported(` + day + `) { attendances levels { deputies } }
			dutyMeasures(` + day + `) { visitDays { held } activities { confirmed } attendances { deputies } figures { figure { name } value } attendanceRate } } } } } }`,
		"reported": `{ reportedAttendances(division: "430121", ` + day + `, first: %d) { totalCount edges { node {
			day station { name } deputy { name } activity { title } mandate { level } } } } }`,
	} {
		count := func(n int) int64 {
			before := s.Statements()
			answer := caller.Do(fmt.Sprintf(query, n), nil)
			if len(answer.Errors) > 0 {
				t.Fatal(answer.Body)
			}
			return s.Statements() - before
		}
		if one, many := count(1), count(100); one != many || many > 20 {
			t.Errorf("%s: %d statements for one row, %d for many", name, one, many)
		}
	}
	rows := func(division string) int64 {
		before := s.Statements()
		answer := caller.Do(fmt.Sprintf(`{ dutyMeasures(division: %q, by: CHILDREN, %s) { measures { figures { figure { name } value } } } }`, division, day), nil)
		if len(answer.Errors) > 0 {
			t.Fatal(answer.Body)
		}
		return s.Statements() - before
	}
	if county, town := rows("430121"), rows("430121001"); county != town {
		t.Errorf("%d statements for the rows of a county, %d for those of a township", county, town)
	}
}

// reportedPage is a page of what is reported.
type reportedPage struct {
	ReportedAttendances struct {
		TotalCount int
		Edges      []struct {
			Node struct {
				ID     string
				Level  string
				Deputy struct{ ID string }
			}
			Cursor string
		}
		PageInfo struct {
			HasNextPage bool
			EndCursor   string
		}
	}
}

// bothPaths reads the lists of the first visit day's attendances to their ends: what 长沙县's national deputy did stands in the county's and in the city's.
func bothPaths(t *testing.T, s *apitest.Server) {
	read := func(role viewer.Role, at string) (levels map[string]int, national string) {
		caller := s.For(t).As(role, place.MustParse(at))
		levels = map[string]int{}
		for after := "null"; ; {
			answer := caller.Do(fmt.Sprintf(`{ reportedAttendances(division: %q, period: {from: "2022-05-15", to: "2022-05-15"}, first: 100, after: %s) {
				totalCount edges { node { id level deputy { id } } cursor } pageInfo { hasNextPage endCursor } } }`, at, after), nil)
			if len(answer.Errors) > 0 {
				t.Fatal(answer.Body)
			}
			var p reportedPage
			if err := json.Unmarshal(answer.Data, &p); err != nil {
				t.Fatal(err)
			}
			for _, e := range p.ReportedAttendances.Edges {
				levels[e.Node.Level]++
				levels["all"]++
				if e.Node.Level == "NATIONAL" {
					national = e.Node.ID
				}
			}
			if !p.ReportedAttendances.PageInfo.HasNextPage {
				if levels["all"] != p.ReportedAttendances.TotalCount {
					t.Errorf("%s: %d rows, %d counted", at, levels["all"], p.ReportedAttendances.TotalCount)
				}
				return levels, national
			}
			after = fmt.Sprintf("%q", p.ReportedAttendances.PageInfo.EndCursor)
		}
	}
	county, inCounty := read(viewer.CountyAdmin, "430121")
	city, inCity := read(viewer.CityAdmin, "4301")
	if county["all"] != 1160 || county["NATIONAL"] != 1 || county["TOWNSHIP"] == 0 || county["COUNTY"] == 0 {
		t.Errorf("the county receives %v", county)
	}
	if inCounty == "" || inCounty != inCity {
		t.Errorf("the national deputy's attendance is %q in the county and %q in the city", inCounty, inCity)
	}
	if city["TOWNSHIP"]+city["COUNTY"] != 0 || city["all"] != county["NATIONAL"]+county["PROVINCIAL"]+county["CITY"] || city["CITY"] == 0 {
		t.Errorf("the city receives %v", city)
	}
	if province, _ := read(viewer.ProvinceAdmin, "43"); province["all"] != 0 {
		t.Errorf("the province receives %v", province)
	}
}

// attendanceRates asks for the townships of 长沙县: each has a rate above nothing and not above the whole, and as many attendances as the county together.
func attendanceRates(t *testing.T, s *apitest.Server) {
	answer := s.For(t).As(viewer.CountyAdmin, place.MustParse("430121")).Do(`{ dutyMeasures(division: "430121", by: CHILDREN,
		period: {from: "2022-05-15", to: "2022-05-15"}) { division { name } ownOnly measures { attendances { total } roll { deputies attended } attendanceRate } } }`, nil)
	if len(answer.Errors) > 0 {
		t.Fatal(answer.Body)
	}
	var p struct {
		DutyMeasures []struct {
			Division struct{ Name string }
			OwnOnly  bool
			Measures struct {
				Attendances    struct{ Total int }
				Roll           struct{ Deputies, Attended int }
				AttendanceRate float64
			}
		}
	}
	if err := json.Unmarshal(answer.Data, &p); err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, row := range p.DutyMeasures {
		m := row.Measures
		total += m.Attendances.Total
		if m.AttendanceRate <= 0.5 || m.AttendanceRate > 1 || m.AttendanceRate != float64(m.Roll.Attended)/float64(m.Roll.Deputies) {
			t.Errorf("%s: rate %v of %+v", row.Division.Name, m.AttendanceRate, m.Roll)
		}
	}
	if len(p.DutyMeasures) != 18 || total != 1160 {
		t.Errorf("%d townships with %d attendances", len(p.DutyMeasures), total)
	}
}

// TestDutyMeasuresRefuse: who sees no area sums nothing, and what is asked wrongly is told where.
func TestDutyMeasuresRefuse(t *testing.T) {
	s := apitest.New(t)
	w := apitest.NewWorld()
	w.Load(t, s.Owner)
	const period = `period: {from: "2025-01-01", to: "2025-12-31"}`
	queries := map[string]string{
		"dutyMeasures":        `{ dutyMeasures(division: "430121", ` + period + `) { ownOnly } }`,
		"reportedAttendances": `{ reportedAttendances(division: "430121", ` + period + `, first: 1) { totalCount } }`,
		"officialVisits":      `{ officialVisits(division: "430121", ` + period + `) { visits } }`,
	}
	for name, query := range queries {
		if answer := s.As(viewer.Portal, place.MustParse("430121")).Do(query, nil); len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != "FORBIDDEN" {
			t.Errorf("%s by a portal: %s", name, answer.Body)
		}
		reversed := strings.Replace(query, period, `period: {from: "2025-12-31", to: "2025-01-01"}`, 1)
		if answer := s.As(viewer.CountyAdmin, place.MustParse("430121")).Do(reversed, nil); len(answer.Errors) != 1 ||
			!strings.Contains(answer.Body, "REVERSED") || !strings.Contains(answer.Body, "截止日期") {
			t.Errorf("%s of a reversed period: %s", name, answer.Body)
		}
		if answer := s.As(viewer.CountyAdmin, place.MustParse("430102")).Do(query, nil); len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != "NOT_FOUND" {
			t.Errorf("%s from beside: %s", name, answer.Body)
		}
	}
}
