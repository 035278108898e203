package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// waits tells whether an open opinion is to lie on a viewer's desk.
func (c *cases) waits(v *viewer.Viewer, o *gen.Opinion) bool {
	answersFor := o.Code
	if o.TownshipCode != nil {
		answersFor = *o.TownshipCode
	}
	switch v.Role {
	case viewer.StationKeeper:
		return o.StationID == v.Station && o.WaitsOn == state.PartyStation
	case viewer.Department:
		return slices.ContainsFunc(c.assignments[o.ID], func(a *gen.OpinionAssignment) bool {
			atWork := o.State == state.OpinionHandling || o.State == state.OpinionRework
			return a.OrganID == v.Organ && a.EndedAt == nil &&
				(a.Part == kind.AssignmentLead && o.WaitsOn == state.PartyLead || a.Part == kind.AssignmentCo && atWork)
		})
	case viewer.Supervisor:
		return o.SupervisorID != nil && c.organs[*o.SupervisorID].Code == v.Division
	case viewer.Deputy:
		return o.DeputyID != nil && *o.DeputyID == v.Person
	case viewer.Portal:
		return false
	default:
		return o.WaitsOn == state.PartyOrgan && o.HolderCode == v.Division || o.WaitsOn == state.PartyStation && answersFor == v.Division
	}
}

// TestDesk asks every role what waits for it: by due date, forward and back, and in few statements.
func TestDesk(t *testing.T) {
	c := newCases(t)
	met := map[viewer.Role]int{}
	var cost []int64
	for _, a := range c.asking("NATION_ADMIN-0", "PROVINCE_ADMIN-43", "CITY_ADMIN-4301", "CITY_ADMIN-4419", "COUNTY_ADMIN-430121", "COUNTY_ADMIN-429004",
		"TOWNSHIP_ADMIN-430121107", "TOWNSHIP_ADMIN-430102001", "TOWNSHIP_ADMIN-441900003", "COMMITTEE_STAFF-4301", "COMMITTEE_STAFF-430121107",
		"SUPERVISOR-43", "SUPERVISOR-4301", "SUPERVISOR-430121", "STATION_KEEPER-430121", "STATION_KEEPER-430121107201", "DEPARTMENT-430121",
		"DEPUTY-430121107-double") {
		t.Run(a.name, func(t *testing.T) {
			caller, v := a.caller(c.For(t)), a.viewer()
			want := c.want("DUE", func(o *gen.Opinion) bool { return o.State.Open() && c.sees(v, o) && c.waits(v, o) })
			met[v.Role] += len(want)
			page := func(args string) walked {
				t.Helper()
				return pageAt(t, caller.Do(`{ page: myDesk(`+strings.TrimPrefix(args, ", ")+`) `+connectionSelection+` }`, nil), []string{"page"})
			}
			for _, size := range []int{100, 3} {
				if got := walk(t, page, size, "first", "after"); !slices.Equal(got, want) {
					t.Errorf("by %d: %v, want %v", size, got, want)
				}
				back := walk(t, page, size, "last", "before")
				slices.Reverse(back)
				if !slices.Equal(back, want) {
					t.Errorf("back by %d: %v, want %v", size, back, want)
				}
			}
			before := c.Statements()
			page("first: 100")
			cost = append(cost, c.Statements()-before)
		})
	}
	for role, n := range met {
		if n == 0 {
			t.Errorf("nothing lies on the desk of any %s", role)
		}
	}
	if slices.Min(cost) != slices.Max(cost) {
		t.Errorf("the desks cost %v statements", cost)
	}
	if answer := c.asking("PORTAL-43")[0].caller(c.Server).Do(`{ myDesk(first: 1) { totalCount } }`, nil); answer.Code() != "FORBIDDEN" {
		t.Errorf("a portal's desk: %s", answer.Body)
	}
	// Who keeps no station has nothing to keep.
	if p := pageAt(t, c.As(viewer.StationKeeper, place.MustParse("430121107201")).Do(`{ page: myDesk(first: 1) `+connectionSelection+` }`, nil), []string{"page"}); p.TotalCount != 0 {
		t.Errorf("a keeper without a station has %d", p.TotalCount)
	}
}

// TestOpinionListStatements counts SQL statements: a list of a hundred opinions costs as many as a list of one.
func TestOpinionListStatements(t *testing.T) {
	c := newCases(t)
	// What every opinion has: what all of a few rows happen not to have is not asked for.
	const row = ` { totalCount edges { node { number content clock station { name } division { name } holder { name } timeline { step } assignments { part } } } }`
	const period = `period: {from: "2024-01-01", to: "2026-12-31"}`
	for _, test := range []struct {
		name, asker, query string
		most               int64
	}{
		{"opinions", "NATION_ADMIN-0", `opinions(first: %d)` + row, 25},
		{"opinions due", "COUNTY_ADMIN-430121", `opinions(first: %d, orderBy: DUE)` + row, 25},
		{"search", "NATION_ADMIN-0", `opinions(first: %d, filter: {search: "路灯不亮"})` + row, 25},
		{"a department's", "DEPARTMENT-430121", `opinions(first: %d)` + row, 25},
		{"a deputy's", "DEPUTY-430121107-double", `opinions(first: %d)` + row, 25},
		{"desk", "NATION_ADMIN-0", `myDesk(first: %d)` + row, 25},
		{"stations' opinions", "PROVINCE_ADMIN-43", `stations(division: "43", first: %d, filter: {status: ANY}) { edges { node { name opinions(first: 3, filter: {search: "希望"}) ` + row + ` } } }`, 30},
		{"deputies' opinions", "PROVINCE_ADMIN-43", `deputies(division: "43", first: %d) { edges { node { name opinions(first: 3) ` + row + ` suggestions(first: 3) { totalCount } } } }`, 30},
		{"divisions' opinions", "PROVINCE_ADMIN-43", `divisions(search: "p43", levels: [VILLAGE], first: %d) { edges { node { name opinions(first: 2, orderBy: DUE) ` + row + ` opinionMeasures(` + period + `) { accepted medianDays { days } } } } }`, 30},
		{"similar", "COUNTY_ADMIN-430121", `similarOpinions(opinion: "` + globalID("Opinion", c.world.Spot("430121107201").Opinion) + `", first: %d) { score opinion { number station { name } } }`, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			caller := c.asking(test.asker)[0].caller(c.For(t))
			count := func(n int) int64 {
				before := c.Statements()
				answer := caller.Do(fmt.Sprintf("{ "+test.query+" }", n), nil)
				if len(answer.Errors) > 0 {
					t.Fatal(answer.Body)
				}
				return c.Statements() - before
			}
			few, many := count(2), count(50)
			if few != many || few > test.most {
				t.Errorf("%d statements for 2 rows, %d for 50; at most %d", few, many, test.most)
			}
		})
	}
	for _, by := range []string{"SELF", "CHILDREN", "STATION", "DEPARTMENT", "TOP_CATEGORY", "CATEGORY"} {
		count := func(code string) int64 {
			before := c.Statements()
			answer := c.asking("NATION_ADMIN-0")[0].caller(c.Server).Do(`{ opinionMeasures(division: "`+code+`", by: `+by+`, `+period+`) { division { name } station { name }
				department { name } category { name } measures { accepted closingRate medianDays { days } } } }`, nil)
			if len(answer.Errors) > 0 {
				t.Fatal(answer.Body)
			}
			return c.Statements() - before
		}
		if few, many := count("430121107"), count("43"); few != many {
			t.Errorf("by %s: %d statements for a township, %d for a province", by, few, many)
		}
	}
}

// TestOutcomes lists what comes of opinions, and the tree of what they are about.
func TestOutcomes(t *testing.T) {
	c := newCases(t)
	cases, suggestions := stored(c.Client.PublishedCase.Query().All(c.System())), stored(c.Client.Suggestion.Query().All(c.System()))
	for _, test := range []struct {
		asker, division    string
		cases, suggestions int
	}{
		{"NATION_ADMIN-0", "000000000000", -1, -1},
		{"COUNTY_ADMIN-430121", "430121", -1, -1},
		{"CITY_ADMIN-4310", "4310", -1, -1},
		{"TOWNSHIP_ADMIN-430121107", "430121107", -1, -1},
		{"PORTAL-0", "430121", -1, 0},
		{"PORTAL-43", "43", -1, 0},
		{"DEPUTY-430121107-double", "430121107", -1, -1},
		{"DEPARTMENT-430121", "430121", 0, 0},
	} {
		a := c.asking(test.asker)[0]
		caller, v, at := a.caller(c.For(t)), a.viewer(), place.MustParse(test.division)
		var wantCases, wantSuggestions []string
		for _, x := range cases {
			seen := v.Kind == viewer.Self && slices.Contains(c.posted[v.Person], x.StationID) || v.Kind != viewer.Self && v.Sees(x.Code)
			if x.WithdrawnAt == nil && seen && at.Contains(x.Code) && test.cases != 0 {
				wantCases = append(wantCases, x.GlobalID())
			}
		}
		for _, x := range suggestions {
			seen := v.Kind == viewer.Self && x.DeputyID == v.Person || v.Kind != viewer.Self && at.Contains(x.Code)
			if seen && test.suggestions != 0 {
				wantSuggestions = append(wantSuggestions, x.GlobalID())
			}
		}
		for _, list := range []struct {
			field string
			want  []string
		}{{"publishedCases", wantCases}, {"suggestions", wantSuggestions}} {
			p := pageAt(t, caller.Do(fmt.Sprintf(`{ page: %s(division: %q, first: 100) %s }`, list.field, test.division, connectionSelection), nil), []string{"page"})
			var got []string
			for _, e := range p.Edges {
				got = append(got, e.Node.ID)
			}
			if slices.Sort(got); p.TotalCount != len(list.want) || !slices.Equal(got, arranged(list.want)) {
				t.Errorf("%s of %s at %s: %v, want %v", list.field, test.asker, test.division, got, list.want)
			}
		}
	}
	if len(cases) < 3 || len(suggestions) < 1 {
		t.Errorf("the world has %d cases and %d suggestions", len(cases), len(suggestions))
	}

	// The tree of categories is everyone's.
	for name, caller := range map[string]*apitest.Caller{
		"nobody": c.Nobody(), "a portal": c.asking("PORTAL-43")[0].caller(c.Server), "a department": c.asking("DEPARTMENT-430121")[0].caller(c.Server),
		"a deputy": c.asking("DEPUTY-430121107-double")[0].caller(c.Server), "a county": c.asking("COUNTY_ADMIN-430121")[0].caller(c.Server),
	} {
		before := c.Statements()
		var data struct {
			Categories []struct {
				ID, Number, Name string
				Parent           *struct{ Number string }
				Children         []struct{ Number string }
			}
		}
		caller.Get(&data, `{ categories { id number name parent { number } children { number } } }`, nil)
		if n := c.Statements() - before; n > 4 {
			t.Errorf("%s: %d statements for the tree", name, n)
		}
		if len(data.Categories) != len(c.categories) {
			t.Errorf("%s: %d categories of %d", name, len(data.Categories), len(c.categories))
		}
		below := map[string]int{}
		for i, k := range data.Categories {
			if i > 0 && data.Categories[i-1].Number >= k.Number {
				t.Errorf("%s: %s comes after %s", name, k.Number, data.Categories[i-1].Number)
			}
			if (k.Parent == nil) != (len(k.Number) == 2) || k.Parent != nil && k.Parent.Number != k.Number[:len(k.Number)-2] {
				t.Errorf("%s: %s is below %v", name, k.Number, k.Parent)
			}
			if k.Parent != nil {
				below[k.Parent.Number]++
			}
		}
		for _, k := range data.Categories {
			if len(k.Children) != below[k.Number] {
				t.Errorf("%s: %s has %d branches, want %d", name, k.Number, len(k.Children), below[k.Number])
			}
		}
	}
}

func arranged(ids []string) []string {
	out := slices.Clone(ids)
	slices.Sort(out)
	return out
}

// TestOpinionSumsOverAPI holds boards and sums, as the API tells them, to a plain count.
func TestOpinionSumsOverAPI(t *testing.T) {
	c := newCases(t)
	period := fmt.Sprintf(`period: {from: "2020-01-01", to: %q}`, c.today.AddDate(0, 0, 1).Format(time.DateOnly))
	type measures struct {
		Submitted, Accepted, Open, Closed int
		Ratings                           []struct {
			Rating kind.Rating
			Count  int
		}
		ClosingRate *float64
		MedianDays  []struct {
			State state.Opinion
			Days  float64
		}
	}
	const fields = `submitted accepted open closed ratings { rating count } closingRate medianDays { state days }`
	count := func(holds func(*gen.Opinion) bool) (m measures) {
		for _, o := range c.opinions {
			if !holds(o) {
				continue
			}
			m.Submitted++
			if o.AcceptedAt != nil {
				m.Accepted++
				if o.ClosedAt != nil {
					m.Closed++
				} else {
					m.Open++
				}
			}
		}
		return m
	}
	check := func(name string, got, want measures) {
		t.Helper()
		if got.Submitted != want.Submitted || got.Accepted != want.Accepted || got.Open != want.Open || got.Closed != want.Closed {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if (got.ClosingRate == nil) != (want.Accepted == 0) || got.ClosingRate != nil && *got.ClosingRate != float64(want.Closed)/float64(want.Accepted) {
			t.Errorf("%s: closing rate %v of %+v", name, got.ClosingRate, want)
		}
		if len(got.Ratings) != 3 {
			t.Errorf("%s: ratings %v", name, got.Ratings)
		}
	}
	at := place.MustParse("430121")
	in := func(o *gen.Opinion) bool { return at.Contains(o.Code) }
	caller := c.asking("COUNTY_ADMIN-430121")[0].caller(c.Server)
	var data struct {
		Division struct{ OpinionMeasures measures }
		Rows     []struct {
			Division   *struct{ Code place.Code }
			OwnOnly    bool
			Station    *struct{ ID string }
			Department *struct{ ID string }
			Category   *struct{ ID, Number string }
			Month      *string
			Measures   measures
		}
	}
	for _, by := range []string{"SELF", "CHILDREN", "STATION", "DEPARTMENT", "TOP_CATEGORY", "CATEGORY", "MONTH"} {
		data.Rows = nil
		caller.Get(&data, `{ division(code: "430121") { opinionMeasures(`+period+`) { `+fields+` } } rows: opinionMeasures(division: "430121", by: `+by+`, `+period+`) {
			division { code } ownOnly station { id } department { id } category { id number } month measures { `+fields+` } } }`, nil)
		check("the division", data.Division.OpinionMeasures, count(in))
		if len(data.Division.OpinionMeasures.MedianDays) == 0 {
			t.Error("no medians")
		}
		sum := 0
		for _, row := range data.Rows {
			sum += row.Measures.Accepted
			if named := row.Division != nil || row.Station != nil || row.Department != nil || row.Category != nil || row.Month != nil; !named && (by == "STATION" || by == "MONTH") {
				t.Errorf("by %s: a row of nothing: %+v", by, row)
			}
			id := func(v *struct{ ID string }) string {
				if v == nil {
					return ""
				}
				return v.ID
			}
			of := func(key *uuid.UUID, typ string) string {
				if key == nil {
					return ""
				}
				return globalID(typ, key.String())
			}
			switch by {
			case "SELF":
				check(by, row.Measures, count(in))
			case "CHILDREN":
				check(row.Division.Code.String(), row.Measures, count(func(o *gen.Opinion) bool {
					return in(o) && (row.OwnOnly && o.Code == at || !row.OwnOnly && row.Division.Code.Contains(o.Code))
				}))
			case "STATION":
				check(id(row.Station), row.Measures, count(func(o *gen.Opinion) bool { return in(o) && of(&o.StationID, "Station") == id(row.Station) }))
			case "DEPARTMENT":
				if row.Department != nil { // those of other divisions are out of sight, and have no name
					check(id(row.Department), row.Measures, count(func(o *gen.Opinion) bool { return in(o) && of(o.LeadOrganID, "Organ") == id(row.Department) }))
				}
			case "CATEGORY":
				if row.Category != nil {
					check(row.Category.Number, row.Measures, count(func(o *gen.Opinion) bool { return in(o) && of(o.CategoryID, "Category") == row.Category.ID }))
				}
			case "TOP_CATEGORY":
				if row.Category != nil && len(row.Category.Number) != 2 {
					t.Errorf("%s is not at the top", row.Category.Number)
				}
			}
		}
		if want := count(in).Accepted; sum != want {
			t.Errorf("by %s: %d accepted in all, want %d", by, sum, want)
		}
	}
	// Narrowed to a station, and to a category with its branches.
	station := c.world.Spot("430121107201").Station
	var narrow struct{ A, B []struct{ Measures measures } }
	caller.Get(&narrow, `{ a: opinionMeasures(division: "430121", `+period+`, station: "`+globalID("Station", station)+`") { measures { `+fields+` } }
		b: opinionMeasures(division: "430121", `+period+`, category: "`+c.category("01")+`") { measures { `+fields+` } } }`, nil)
	check("a station", narrow.A[0].Measures, count(func(o *gen.Opinion) bool { return o.StationID.String() == station }))
	check("a category", narrow.B[0].Measures, count(func(o *gen.Opinion) bool {
		return in(o) && o.CategoryID != nil && slices.ContainsFunc(c.categories, func(k *gen.Category) bool { return k.ID == *o.CategoryID && strings.HasPrefix(k.Number, "01") })
	}))

	department := c.asking("DEPARTMENT-430121")[0]
	var own struct{ DepartmentMeasures measures }
	department.caller(c.Server).Get(&own, `{ departmentMeasures(`+period+`) { `+fields+` } }`, nil)
	check("a department's own", own.DepartmentMeasures, count(func(o *gen.Opinion) bool { return c.sees(department.viewer(), o) }))

	var board struct {
		OpinionBoard struct {
			Total, Open, Amber, Red int
			Columns                 []struct {
				State             state.Opinion
				Count, Amber, Red int
			}
		}
	}
	caller.Get(&board, `{ opinionBoard(division: "430121") { total open amber red columns { state count amber red } } }`, nil)
	b := board.OpinionBoard
	open, amber, red, states := 0, 0, 0, map[state.Opinion]int{}
	for _, o := range c.opinions {
		if !in(o) {
			continue
		}
		states[o.State]++
		if o.State.Open() {
			open++
			switch {
			case o.DueOn == nil:
			case o.DueOn.Before(c.today):
				red++
			case !o.AmberOn.After(c.today):
				amber++
			}
		}
	}
	if len(b.Columns) != len(state.Opinions) || b.Total != len(c.want("NEWEST", in)) || b.Open != open || b.Amber != amber || b.Red != red || red == 0 || amber == 0 {
		t.Errorf("the board %+v; want %d open, %d amber, %d red", b, open, amber, red)
	}
	for i, column := range b.Columns {
		if column.State != state.Opinions[i] || column.Count != states[column.State] {
			t.Errorf("column %d: %+v, want %d", i, column, states[column.State])
		}
	}

	for _, test := range []struct{ asker, query, code string }{
		{"DEPARTMENT-430121", `opinionBoard(division: "430121") { total }`, "FORBIDDEN"},
		{"DEPUTY-430121107-double", `opinionBoard(division: "430121107") { total }`, "FORBIDDEN"},
		{"PORTAL-43", `opinionBoard(division: "43") { total }`, "FORBIDDEN"},
		{"COUNTY_ADMIN-430121", `opinionBoard(division: "430102") { total }`, "NOT_FOUND"},
		{"DEPARTMENT-430121", `opinionMeasures(division: "430121", ` + period + `) { ownOnly }`, "FORBIDDEN"},
		{"DEPUTY-430121107-double", `division(code: "430121107") { opinionMeasures(` + period + `) { open } }`, "FORBIDDEN"},
		{"PORTAL-43", `opinionMeasures(division: "43", ` + period + `) { ownOnly }`, "FORBIDDEN"},
		{"COUNTY_ADMIN-430121", `opinionMeasures(division: "4301", ` + period + `) { ownOnly }`, "NOT_FOUND"},
		{"COUNTY_ADMIN-430121", `departmentMeasures(` + period + `) { open }`, "FORBIDDEN"},
		{"COUNTY_ADMIN-430121", `opinionMeasures(division: "430121", period: {from: "2026-02-01", to: "2026-01-01"}) { ownOnly }`, "INVALID"},
		{"COUNTY_ADMIN-430121", `opinionMeasures(division: "430121", ` + period + `, station: "x") { ownOnly }`, "INVALID"},
		{"COUNTY_ADMIN-430121", `opinionMeasures(division: "430121", ` + period + `, category: "x") { ownOnly }`, "INVALID"},
		{"DEPARTMENT-430121", `departmentMeasures(` + period + `, category: "x") { open }`, "INVALID"},
	} {
		if answer := c.asking(test.asker)[0].caller(c.Server).Do(`{ `+test.query+` }`, nil); answer.Code() != test.code {
			t.Errorf("%s %s: %s", test.asker, test.query, answer.Body)
		}
	}
}

// TestOpinionLimitsOverAPI sets and reads limits.
func TestOpinionLimitsOverAPI(t *testing.T) {
	c := newCases(t)
	county, township := c.asking("COUNTY_ADMIN-430121")[0].caller(c.Server), c.asking("TOWNSHIP_ADMIN-430121107")[0].caller(c.Server)
	congress := globalID("Congress", c.world.Spot("430121").Congress)
	type limits []struct {
		State           state.Opinion
		Days, AmberDays int
		Source          string
	}
	const fields = `{ state days amberDays source }`
	set := `mutation($c: ID!, $d: Int!, $a: Int!) { setOpinionLimit(input: {congress: $c, state: REWORK, days: $d, amberDays: $a}) { limits ` + fields + ` } }`
	of := func(l limits, s state.Opinion) string {
		for _, x := range l {
			if x.State == s {
				return fmt.Sprintf("%d %d %s", x.Days, x.AmberDays, x.Source)
			}
		}
		return "none"
	}
	var made struct{ SetOpinionLimit struct{ Limits limits } }
	county.Get(&made, set, apitest.Vars{"c": congress, "d": 22, "a": 4})
	if got := of(made.SetOpinionLimit.Limits, state.OpinionRework); got != "22 4 OWN" || len(made.SetOpinionLimit.Limits) != 12 {
		t.Errorf("answered %v", made)
	}
	var read struct{ OpinionLimits limits }
	township.Get(&read, `query($c: ID!) { opinionLimits(congress: $c) `+fields+` }`, apitest.Vars{"c": globalID("Congress", c.world.Spot("430121107").Congress)})
	if got := of(read.OpinionLimits, state.OpinionRework); got != "22 4 INHERITED" {
		t.Errorf("below: %v", read)
	}
	for _, test := range []struct {
		caller  *apitest.Caller
		c       string
		d, a    int
		code    string
		because string
	}{
		{county, congress, 3, 3, "INVALID", "[input amberDays]"},
		{county, congress, 251, 3, "INVALID", "[input days]"},
		{county, "x", 5, 3, "INVALID", "[input congress]"},
		{county, globalID("Congress", c.world.Spot("430121107").Congress), 5, 3, "FORBIDDEN", "[input congress]"},
		{township, congress, 5, 3, "NOT_FOUND", "[input congress]"},
	} {
		answer := test.caller.Do(set, apitest.Vars{"c": test.c, "d": test.d, "a": test.a})
		if answer.Code() != test.code || len(answer.Errors[0].Extensions.Fields) != 1 || fmt.Sprint(answer.Errors[0].Extensions.Fields[0].Path) != test.because {
			t.Errorf("%v: %s", test, answer.Body)
		}
	}
	for _, test := range []struct{ asker, id, code string }{
		{"TOWNSHIP_ADMIN-430121107", congress, "NOT_FOUND"},
		{"COUNTY_ADMIN-430121", "x", "INVALID"},
		{"DEPUTY-430121107-double", congress, "FORBIDDEN"},
		{"DEPARTMENT-430121", congress, "FORBIDDEN"},
		{"PORTAL-43", congress, "FORBIDDEN"},
	} {
		if answer := c.asking(test.asker)[0].caller(c.Server).Do(`query($c: ID!) { opinionLimits(congress: $c) `+fields+` }`, apitest.Vars{"c": test.id}); answer.Code() != test.code {
			t.Errorf("%s: %s", test.asker, answer.Body)
		}
	}
}
