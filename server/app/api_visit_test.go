package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// daysAhead is a day some days from now, where days are counted.
func daysAhead(n int) string {
	return time.Now().In(time.FixedZone("Asia/Shanghai", 8*60*60)).AddDate(0, 0, n).Format(time.DateOnly)
}

// fifteenth is the rule of 长沙县, from tomorrow on: the 15th of each month, or the next working day.
func fifteenth(changes ...any) map[string]any {
	return in(map[string]any{
		"division": "430121", "name": "每月15日代表接待日", "begins": "09:00", "ends": "11:30", "perDay": 1, "theme": "听民声",
		"when": map[string]any{"recurrence": "MONTH_DAYS", "days": []int{15}, "shift": "NEXT_WORKDAY", "fromOn": daysAhead(1)},
	}, changes...)
}

// weekly is when something recurs each day of the week that is named, from tomorrow on.
func weekly(days ...int) map[string]any {
	return map[string]any{"recurrence": "WEEKDAYS", "days": days, "fromOn": daysAhead(1)}
}

// setRule sets a rule and answers its id.
func (f *flow) setRule(c *apitest.Caller, input map[string]any) string {
	f.t.Helper()
	return at(f.do(c, "createVisitRule", "rule { id }", input), "rule", "id").(string)
}

// ruled are the days of a list that a rule gave, as they are asked for.
func (f *flow) ruled(c *apitest.Caller, division, rule, selection string) []any {
	f.t.Helper()
	list := f.ask(c, `{ visitDays(division: "`+division+`", filter: {rule: "`+rule+`"}, first: 100) { edges { node { `+selection+` } } } }`)
	edges, _ := at(list, "edges").([]any)
	out := make([]any, len(edges))
	for i, e := range edges {
		out[i] = at(e, "node")
	}
	return out
}

// A county's visit days, from the rule to the public: 长沙县 holds them on the 15th of each month.
func TestVisitDayLife(t *testing.T) {
	f := newFlow(t)
	spot := f.world.Spot("430121107")
	station, deputy := globalID("Station", spot.Station), globalID("Deputy", spot.Deputy)
	keeper := f.As(viewer.StationKeeper, place.MustParse("430121107"), apitest.Station(uuid.MustParse(spot.Station)))
	portal := f.As(viewer.Portal, place.MustParse("430121"))
	self := f.As(viewer.Deputy, place.MustParse("430121107"), apitest.Person(uuid.MustParse(spot.Deputy)))

	made := at(f.do(f.county, "createVisitRule", `rule { id version name division { code } station { id } kinds recurrence days every dates shift fromOn untilOn
		begins ends perDay theme }`, fifteenth()), "rule")
	rule := at(made, "id").(string)
	f.equal("the rule", made, map[string]any{
		"id": rule, "version": 1, "name": "每月15日代表接待日", "division": map[string]any{"code": "430121000000"}, "station": nil, "kinds": nil,
		"recurrence": "MONTH_DAYS", "days": []int{15}, "every": nil, "dates": nil, "shift": "NEXT_WORKDAY", "fromOn": daysAhead(1), "untilOn": nil,
		"begins": "09:00", "ends": "11:30", "perDay": 1, "theme": "听民声",
	})
	if rules := f.ask(f.county, `{ visitRules(division: "430121", first: 100) { edges { node { id } } } }`); !strings.Contains(fmt.Sprint(rules), rule) {
		t.Errorf("the county does not know its rule: %v", rules)
	}
	holding := f.ask(keeper, `{ node(id: "`+station+`") { ... on Station { visitRules { id } } } }`)
	if !strings.Contains(fmt.Sprint(holding), rule) {
		t.Errorf("the station does not know the county's rule: %v", holding)
	}

	planned := f.do(f.county, "planVisitDays", "planned", map[string]any{"rule": rule, "until": daysAhead(150)})
	all := f.ruled(f.county, "430121", rule, "day ruleOn state station { id }")
	if n := at(planned, "planned").(float64); int(n) != len(all) || n < 16 {
		t.Errorf("%v days are planned, %d are there", n, len(all))
	}
	f.equal("planned again", f.do(f.city, "planVisitDays", "planned", map[string]any{"rule": rule, "until": daysAhead(150)}), map[string]any{"planned": 0})
	var own []any
	for _, d := range f.ruled(keeper, "430121107", rule, "id day ruleOn state station { id } duties { id deputy { id } }") {
		if at(d, "station", "id") == station {
			own = append(own, d)
		}
	}
	preview, _ := f.ask(keeper, `{ previewVisitRule(input: {first: 12, when: {recurrence: MONTH_DAYS, days: [15], shift: NEXT_WORKDAY, fromOn: "`+daysAhead(1)+`"}}) { day ruleOn shifted } }`).([]any)
	if len(own) < 4 || len(preview) != 12 {
		t.Fatalf("%d days at the station, %d in the preview", len(own), len(preview))
	}
	for i, d := range own {
		f.equal("a day of the preview", []any{at(d, "day"), at(d, "ruleOn")}, []any{at(preview[i], "day"), at(preview[i], "ruleOn")})
		if on := at(d, "ruleOn").(string); !strings.HasSuffix(on, "-15") || at(d, "state") != "PLANNED" {
			t.Errorf("not the 15th: %v", d)
		}
	}
	first, second := at(own[0], "id").(string), at(own[1], "id").(string)

	// Nobody outside sees what is not published.
	read := `{ visitDays(division: "430121107", filter: {rule: "` + rule + `"}, first: 10) { totalCount edges { node {
		day state publishedAt location theme reason station { name } duties { deputy { name } } rule { id } } } } }`
	f.equal("the portal's days before publication", f.ask(portal, read), map[string]any{"totalCount": 0, "edges": []any{}})
	f.equal("the portal's node before publication", f.ask(portal, `{ node(id: "`+first+`") { id } }`), nil)
	f.equal("another county's", f.ask(f.otherCounty, `{ node(id: "`+first+`") { id } }`), nil)
	f.refuse(f.otherCounty, "NOT_FOUND", "cancelVisitDay", map[string]any{"id": first, "reason": "不该由我取消"})
	f.refuse(portal, "FORBIDDEN", "publishVisitDays", map[string]any{"ids": []string{first}})
	f.refuse(self, "FORBIDDEN", "changeVisitDay", map[string]any{"id": first, "theme": "新", "reason": "改一改"})

	f.equal("published", f.do(keeper, "publishVisitDays", "published", map[string]any{"ids": []string{first, second}}), map[string]any{"published": 2})
	seen := f.ask(portal, read)
	f.equal("the portal's days", at(seen, "totalCount"), 2)
	d := at(seen, "edges", 0, "node")
	f.equal("the public day", []any{at(d, "day"), at(d, "state"), at(d, "station", "name"), at(d, "theme"), at(d, "rule")},
		[]any{at(own[0], "day"), "PUBLISHED", "果园镇人大代表联络站", "听民声", nil})
	if name, _ := at(d, "duties", 0, "deputy", "name").(string); name == "" {
		t.Errorf("the public does not see who is on duty: %v", d)
	}

	// Moved, staffed, taken over.
	moved := at(f.do(keeper, "changeVisitDay", "visitDay { version day location reason state }", map[string]any{
		"id": first, "day": daysAhead(3), "location": "果园村文化广场", "reason": "与会议冲突",
	}), "visitDay")
	f.equal("moved", moved, map[string]any{"version": 3, "day": daysAhead(3), "location": "果园村文化广场", "reason": "与会议冲突", "state": "PUBLISHED"})
	duty := at(own[0], "duties", 0, "id").(string)
	on := at(own[0], "duties", 0, "deputy", "id").(string)
	substitute := deputy
	if on == deputy {
		substitute = globalID("Deputy", apitest.Who(apitest.Crossing))
	}
	taken := at(f.do(f.town, "substituteDuty", "duty { deputy { id } substituteFor { id replaced reason } visitDay { id } station { id } mandate { id } }", map[string]any{
		"id": duty, "deputy": substitute, "reason": "外出学习",
	}), "duty")
	f.equal("taken over", []any{at(taken, "deputy", "id"), at(taken, "substituteFor"), at(taken, "visitDay", "id"), at(taken, "station", "id")},
		[]any{substitute, map[string]any{"id": duty, "replaced": true, "reason": "外出学习"}, first, station})
	f.equal("back on duty", at(f.do(keeper, "assignDuty", "duty { deputy { id } replaced }", map[string]any{"visitDay": first, "deputy": on}), "duty"),
		map[string]any{"deputy": map[string]any{"id": on}, "replaced": false})
	rota := f.ask(f.county, `{ node(id: "`+first+`") { ... on VisitDay { duties { deputy { id } } all: duties(replaced: true) { replaced } } } }`)
	if len(at(rota, "duties").([]any)) != 2 || len(at(rota, "all").([]any)) != 3 {
		t.Errorf("the rota: %v", rota)
	}
	mine := f.ask(self, `{ visitDays(first: 100, filter: {rule: "`+rule+`", deputy: "`+deputy+`", states: [PUBLISHED]}) { edges { node { id } } } }`)
	if !strings.Contains(fmt.Sprint(mine), first) {
		t.Errorf("the deputy does not find the own day: %v", mine)
	}
	duties := f.ask(self, `{ node(id: "`+deputy+`") { ... on Deputy { duties(from: "`+daysAhead(1)+`", to: "`+daysAhead(5)+`", first: 10) { totalCount edges { node { visitDay { id } } } } } } }`)
	f.equal("the deputy's duties", at(duties, "duties", "edges", 0, "node", "visitDay", "id"), first)

	cancelled := at(f.do(keeper, "cancelVisitDay", "visitDay { state reason }", map[string]any{"id": second, "reason": "暴雨"}), "visitDay")
	f.equal("cancelled", cancelled, map[string]any{"state": "CANCELLED", "reason": "暴雨"})
	f.refuse(keeper, "CONFLICT", "changeVisitDay", map[string]any{"id": second, "theme": "新", "reason": "改一改"})
	f.equal("the public learns of it", f.ask(portal, `{ node(id: "`+second+`") { ... on VisitDay { state reason } } }`), cancelled)

	ended := f.do(f.county, "endVisitRule", "rule { untilOn version } daysCancelled daysStanding", map[string]any{"id": rule, "untilOn": daysAhead(0)})
	f.equal("the end of the rule", []any{at(ended, "rule"), at(ended, "daysStanding")}, []any{map[string]any{"untilOn": daysAhead(0), "version": 2}, 1})
	if n := at(ended, "daysCancelled").(float64); int(n) != len(all)-2 {
		t.Errorf("%v of %d days are cancelled", n, len(all))
	}
}

// 北湖区 receives on market days by the moon and on a fixed day of the week.
func TestVisitDaysOnMarketDays(t *testing.T) {
	f := newFlow(t)
	district := f.As(viewer.CountyAdmin, place.MustParse("431002"))
	market := f.setRule(district, fifteenth("division", "431002", "name", "逢三逢八赶集日", "when", map[string]any{
		"recurrence": "LUNAR_DAYS", "days": []int{3, 8, 13, 18, 23, 28}, "fromOn": daysAhead(1),
	}))
	fixed := f.setRule(district, fifteenth("division", nil, "station", globalID("Station", f.world.Spot("431002102").Station), "name", "每周三接待日", "when", weekly(3)))
	f.do(district, "planVisitDays", "planned", map[string]any{"division": "431002", "until": daysAhead(59)})
	at102 := func(rule string) (out []time.Time) {
		for _, d := range f.ruled(district, "431002102", rule, "day station { id }") {
			if at(d, "station", "id") == globalID("Station", f.world.Spot("431002102").Station) {
				day, err := time.Parse(time.DateOnly, at(d, "day").(string))
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, day)
			}
		}
		return out
	}
	wednesdays := at102(fixed)
	if len(wednesdays) < 8 {
		t.Errorf("%d Wednesdays in 59 days", len(wednesdays))
	}
	for _, d := range wednesdays {
		if d.Weekday() != time.Wednesday {
			t.Errorf("%s is no Wednesday", d)
		}
	}
	// Two lunar months have twelve market days; those on Wednesdays are the station's own already.
	moon := at102(market)
	if n := len(moon); n < 8 || n > 13 {
		t.Errorf("%d market days in 59 days", n)
	}
	for i, d := range moon[1:] {
		if gap := int(d.Sub(moon[i]).Hours()) / 24; gap < 4 || gap > 16 {
			t.Errorf("%d days between market days", gap)
		}
	}
}

func TestBadVisitDays(t *testing.T) {
	h := newBadHouse(t)
	f := &flow{Server: h.Server, t: t, world: h.world, county: h.county}
	own, town, other := h.world.Spot("430121"), h.world.Spot("430121107"), h.world.Spot("430102")
	station := func(s *apitest.Spot) string { return globalID("Station", s.Station) }
	rule := f.setRule(h.county, fifteenth("division", nil, "station", station(town), "name", "周一接待", "when", weekly(1, 2)))
	f.do(h.county, "planVisitDays", "planned", map[string]any{"rule": rule, "until": daysAhead(30)})
	days := f.ruled(h.county, "430121107", rule, "id day duties { id deputy { id } }")
	day, next := at(days[0], "id").(string), at(days[1], "day").(string)
	duty, onDuty := at(days[0], "duties", 0, "id").(string), at(days[0], "duties", 0, "deputy", "id").(string)
	gone := at(days[2], "id").(string)
	f.do(h.county, "cancelVisitDay", "visitDay { id }", map[string]any{"id": gone, "reason": "暴雨"})

	when := func(changes ...any) map[string]any { return in(fifteenth()["when"].(map[string]any), changes...) }
	plan := map[string]any{"station": station(town), "until": daysAhead(30)}
	change := map[string]any{"id": day, "theme": "助学", "reason": "另定主题"}
	assign := map[string]any{"visitDay": day, "deputy": globalID("Deputy", apitest.Who(apitest.Crossing))}
	take := map[string]any{"id": duty, "deputy": globalID("Deputy", apitest.Who(apitest.Crossing)), "reason": "外出"}
	long := strings.Repeat("长", 201)
	h.check(t, []bad{
		{"a rule that yields no day", "createVisitRule", fifteenth("when", dayless()), "INVALID", "input.when NO_DAY"},
		{"a rule that is over", "createVisitRule", fifteenth("when", when("untilOn", daysAhead(-1))), "INVALID", "input.when.untilOn IMPOSSIBLE_DATE"},
		{"a rule of a closed station", "createVisitRule", fifteenth("division", nil, "station", globalID("Station", town.Closed)), "CONFLICT", "input.station CLOSED"},
		{"a rule of another county", "createVisitRule", fifteenth("division", "430102"), "NOT_FOUND", "input.division NOT_FOUND"},
		{"a rule of another county's station", "createVisitRule", fifteenth("division", nil, "station", station(other)), "NOT_FOUND", "input.station NOT_FOUND"},
		{"a rule for nothing", "createVisitRule", fifteenth("division", nil), "INVALID", "input.station REQUIRED"},
		{"a malformed division", "createVisitRule", fifteenth("division", "43012"), "INVALID", "input.division MALFORMED"},
		{"a malformed station", "createVisitRule", fifteenth("division", nil, "station", "x"), "INVALID", "input.station MALFORMED"},
		{"a 32nd", "createVisitRule", fifteenth("when", when("days", []int{32})), "INVALID", "input.when.days OUT_OF_RANGE"},
		{"a day 0 of the moon", "createVisitRule", fifteenth("when", when("recurrence", "LUNAR_DAYS", "days", []int{0})), "INVALID", "input.when.days OUT_OF_RANGE"},
		{"no step", "createVisitRule", fifteenth("when", when("recurrence", "EVERY_N_DAYS", "days", nil)), "INVALID", "input.when.every REQUIRED"},
		{"a strange time", "createVisitRule", fifteenth("begins", "9点"), "INVALID", "input.begins MALFORMED"},
		{"ends first", "createVisitRule", fifteenth("ends", "08:00"), "INVALID", "input.ends REVERSED"},
		{"negative deputies", "createVisitRule", fifteenth("perDay", -1), "INVALID", "input.perDay OUT_OF_RANGE"},
		{"a long theme", "createVisitRule", fifteenth("theme", long), "INVALID", "input.theme TOO_LONG"},
		{"a preview of no day", fmt.Sprintf(`{ previewVisitRule(input: {when: {recurrence: WEEKDAYS, days: %v, fromOn: %q, untilOn: %q}}) { day } }`, dayless()["days"], daysAhead(1), daysAhead(1)), nil, "INVALID", "input.when NO_DAY"},
		{"a preview of 1000 days", `{ previewVisitRule(input: {first: 1000, when: {recurrence: WEEKDAYS, days: [1], fromOn: "` + daysAhead(0) + `"}}) { day } }`, nil, "INVALID", "input.first OUT_OF_RANGE"},

		{"the end of a rule long ago", "endVisitRule", map[string]any{"id": rule, "untilOn": daysAhead(-2)}, "INVALID", "input.untilOn IMPOSSIBLE_DATE"},
		{"the end of another version", "endVisitRule", map[string]any{"id": rule, "untilOn": daysAhead(2), "expectedVersion": 9}, "CONFLICT", "input.expectedVersion VERSION"},
		{"the end of nothing", "endVisitRule", map[string]any{"id": globalID("VisitRule", uuid.NewString()), "untilOn": daysAhead(2)}, "NOT_FOUND", "input.id NOT_FOUND"},

		{"planned into the past", "planVisitDays", in(plan, "until", daysAhead(-1)), "INVALID", "input.until IMPOSSIBLE_DATE"},
		{"planned too far ahead", "planVisitDays", in(plan, "until", daysAhead(368)), "INVALID", "input.until IMPOSSIBLE_DATE"},
		{"planned for two", "planVisitDays", in(plan, "division", "430121"), "INVALID", "input.station EXCLUSIVE"},
		{"planned for a closed station", "planVisitDays", in(plan, "station", globalID("Station", town.Closed)), "CONFLICT", "input.station CLOSED"},
		{"planned for another county", "planVisitDays", map[string]any{"division": "430102", "until": daysAhead(3)}, "NOT_FOUND", "input.division NOT_FOUND"},

		{"moved into the past", "changeVisitDay", in(change, "day", daysAhead(-1)), "INVALID", "input.day IMPOSSIBLE_DATE"},
		{"moved onto another day", "changeVisitDay", in(change, "day", next), "CONFLICT", "input.day DUPLICATE"},
		{"a cancelled day", "changeVisitDay", in(change, "id", gone), "CONFLICT", "input.id STATE"},
		{"nothing to change", "changeVisitDay", in(change, "theme", nil), "INVALID", "input EMPTY"},
		{"a change without a reason", "changeVisitDay", in(change, "reason", " "), "INVALID", "input.reason REQUIRED"},
		{"a long reason", "changeVisitDay", in(change, "reason", long), "INVALID", "input.reason TOO_LONG"},
		{"another type of id", "changeVisitDay", in(change, "id", station(town)), "INVALID", "input.id MALFORMED"},
		{"cancelled twice", "cancelVisitDay", map[string]any{"id": gone, "reason": "暴雨"}, "CONFLICT", "input.id STATE"},
		{"published after it was cancelled", "publishVisitDays", map[string]any{"ids": []string{day, gone}}, "CONFLICT", "input.ids.1 STATE"},
		{"published without an end", "publishVisitDays", map[string]any{"division": "430121"}, "INVALID", "input.until REQUIRED"},

		{"on duty without a posting", "assignDuty", in(assign, "deputy", globalID("Deputy", own.Deputy)), "CONFLICT", "input.deputy NOT_POSTED"},
		{"on duty from out of sight", "assignDuty", in(assign, "deputy", globalID("Deputy", apitest.Who(apitest.Far))), "NOT_FOUND", "input.deputy NOT_FOUND"},
		{"on duty twice", "assignDuty", in(assign, "deputy", onDuty), "CONFLICT", "input.deputy DUPLICATE"},
		{"on duty on a cancelled day", "assignDuty", in(assign, "visitDay", gone), "CONFLICT", "input.visitDay STATE"},
		{"taken over by nobody posted", "substituteDuty", in(take, "deputy", globalID("Deputy", own.Deputy)), "CONFLICT", "input.deputy NOT_POSTED"},
		{"taken over by the same", "substituteDuty", in(take, "deputy", onDuty), "INVALID", "input.deputy SAME"},
		{"taken over at another version", "substituteDuty", in(take, "deputy", onDuty, "expectedVersion", 7), "CONFLICT", "input.expectedVersion VERSION"},

		{"a list backwards", `{ visitDays(first: 1, filter: {from: "2026-02-01", to: "2026-01-01"}) { totalCount } }`, nil, "INVALID", "filter.to REVERSED"},
		{"a list of a malformed deputy", `{ visitDays(first: 1, filter: {deputy: "x"}) { totalCount } }`, nil, "INVALID", "filter.deputy MALFORMED"},
		{"a list of another county", `{ visitDays(division: "430102", first: 1) { totalCount } }`, nil, "NOT_FOUND", "division NOT_FOUND"},
		{"rules of another county", `{ visitRules(division: "430102", first: 1) { totalCount } }`, nil, "NOT_FOUND", "division NOT_FOUND"},
	})
}

// dayless is a rule that holds tomorrow alone, for the day of the week that comes after.
func dayless() map[string]any {
	today := time.Now().In(time.FixedZone("Asia/Shanghai", 8*60*60))
	return map[string]any{"recurrence": "WEEKDAYS", "days": []int{int(today.AddDate(0, 0, 1).Weekday()) + 1}, "fromOn": daysAhead(1), "untilOn": daysAhead(1)}
}

// Several plan the same at once: what one has planned the others do not plan again.
func TestVisitDaysPlannedAtOnce(t *testing.T) {
	h := newBadHouse(t)
	f := &flow{Server: h.Server, t: t, world: h.world, county: h.county}
	f.setRule(h.county, fifteenth("division", "430121107", "perDay", 0, "when", weekly(1, 2, 3, 4, 5, 6, 7)))
	total := 0
	for _, a := range together(h, "planVisitDays", func(i int) map[string]any {
		return map[string]any{"division": []string{"430121", "430121107"}[i%2], "until": daysAhead(20 + i%3)}
	}) {
		var n int
		if _, err := fmt.Sscanf(string(a.Data), `{"planVisitDays":{"planned":%d}}`, &n); err != nil {
			t.Error(a.Body)
		}
		total += n
	}
	if n := h.count(t, `SELECT count(*) FROM visit_day`); n < total || total == 0 {
		t.Errorf("%d were planned, %d are there", total, n)
	}
	if n := h.count(t, `SELECT count(*) FROM (SELECT FROM visit_day WHERE state <> 'CANCELLED' GROUP BY station_id, day HAVING count(*) > 1) twice`); n != 0 {
		t.Errorf("%d days are there twice", n)
	}
	if n := h.count(t, `SELECT count(*) FROM (SELECT FROM visit_duty WHERE NOT replaced GROUP BY visit_day_id, deputy_id HAVING count(*) > 1) twice`); n != 0 {
		t.Errorf("%d duties are there twice", n)
	}
}

// TestVisitStatements counts SQL statements: a hundred visit days cost as many as one, and so do a hundred stations and deputies.
func TestVisitStatements(t *testing.T) {
	s := apitest.New(t)
	w := apitest.NewWorld()
	w.Load(t, s.Owner)
	w.Crowd(t, s.Owner)
	f := &flow{Server: s, t: t, world: w, county: s.As(viewer.CountyAdmin, place.MustParse("430121"))}
	rule := f.setRule(f.county, fifteenth("division", apitest.CrowdAt, "perDay", 0, "when", weekly(1, 3, 5)))
	f.do(f.county, "planVisitDays", "planned", map[string]any{"rule": rule, "until": daysAhead(20)})
	for name, c := range map[string]struct {
		query string
		most  int64
	}{
		"visit days": {`{ visitDays(division: "` + apitest.CrowdAt + `", filter: {rule: "` + rule + `"}, last: %d) { totalCount edges { node {
			day state station { name division { name } } rule { name station { name } division { name } }
			duties(replaced: true) { deputy { name } mandate { level } station { name } visitDay { day } substituteFor { id } } } } } }`, 20},
		"of stations": {`{ stations(division: "` + apitest.CrowdAt + `", last: %d) { edges { node { visitRules { name division { name } }
			visitDays(first: 1) { totalCount edges { node { day duties { deputy { name } } } } } } } } }`, 15},
		"of divisions": {`{ division(code: "` + apitest.CrowdAt + `") { children(last: %d) { edges { node { visitDays(first: 1) { totalCount edges { node { day station { name } } } } } } } } }`, 10},
		"of deputies": {`{ deputies(division: "` + apitest.CrowdAt + `", last: %d) { edges { node { duties(first: 1, from: "` + daysAhead(0) + `") { totalCount edges { node {
			replaced visitDay { day station { name } } } } } } } } }`, 12},
	} {
		t.Run(name, func(t *testing.T) {
			caller := f.county.For(t)
			count := func(n int) int64 {
				before := s.Statements()
				answer := caller.Do(fmt.Sprintf(c.query, n), nil)
				if len(answer.Errors) > 0 {
					t.Fatal(answer.Body)
				}
				if got := strings.Count(answer.Body, `"node":{`); got < n {
					t.Fatalf("%d rows instead of %d", got, n)
				}
				// What is not there costs nothing: the sample must have everything that is asked of it.
				for _, empty := range []string{`"duties":[]`, `"visitRules":[]`, `"totalCount":0`, `"rule":null`} {
					if n == 1 && strings.Contains(answer.Body, empty) {
						t.Fatalf("the sample has %s: %s", empty, answer.Body)
					}
				}
				return s.Statements() - before
			}
			one, hundred := count(1), count(100)
			t.Logf("%d statements for 1 row, %d for 100 rows", one, hundred)
			if one != hundred || one > c.most {
				t.Errorf("%d statements for 1 row, %d for 100, at most %d", one, hundred, c.most)
			}
		})
	}
}
