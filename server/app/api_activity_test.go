package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// plan has the keeper plan an activity that is under way now, which the loop is about from then on.
func (l *loop) plan(more map[string]any) map[string]any {
	l.t.Helper()
	input := map[string]any{
		"station": l.station, "title": "代表集中接待", "way": "RECEPTION", "setting": "IN_STATION", "mode": "RECEIVING",
		"beginsAt": time.Now().Add(-30 * time.Minute).Format(time.RFC3339), "endsAt": time.Now().Add(time.Hour).Format(time.RFC3339),
	}
	for k, v := range more {
		input[k] = v
	}
	made := l.do(l.keeper, "planActivity", `activity { id version state title station { id } division { code } divisionThen history { sequence verb from to } }`, input)
	l.id = at(made, "activity", "id").(string)
	return made
}

// arrange does a verb on the activity and answers what it is then.
func (l *loop) arrange(c *apitest.Caller, verb, selection string, input map[string]any) map[string]any {
	l.t.Helper()
	full := map[string]any{"id": l.id}
	for k, v := range input {
		full[k] = v
	}
	activity, _ := at(l.do(c, verb, "activity { "+selection+" }", full), "activity").(map[string]any)
	return activity
}

func (l *loop) postedDeputy() string {
	return globalID("Deputy", l.world.Spot("430121102").Deputy)
}

// TestActivityLife leads an activity from the plan to the confirmation, and asks for it in every way there is.
func TestActivityLife(t *testing.T) {
	l := newLoop(t)
	planned := l.plan(map[string]any{"campaign": "百日行动"})
	l.equal("planned", at(planned, "activity"), map[string]any{
		"id": l.id, "version": 1, "state": "PLANNED", "title": "代表集中接待", "station": map[string]any{"id": l.station},
		"division": map[string]any{"code": "430121102201"}, "divisionThen": "430121102201",
		"history": []any{map[string]any{"sequence": 1, "verb": "planActivity", "from": nil, "to": "PLANNED"}},
	})
	figure := l.do(l.county, "defineFigure", "figure { id key type definedBy version }", map[string]any{
		"key": "DONATED", "name": "捐款", "unit": "元", "type": "AMOUNT", "campaign": "百日行动", "fromOn": "2026-01-01",
	})
	l.equal("defined", at(figure, "figure", "definedBy"), "430121000000")
	keys := func(c *apitest.Caller) string {
		list, _ := l.ask(c, `{ keyFigures(division: "430121102201") { key } }`).([]any)
		var out []string
		for _, f := range list {
			if key := at(f, "key").(string); !strings.HasPrefix(key, "OWN") { // the world has one of each place
				out = append(out, key)
			}
		}
		return strings.Join(out, " ")
	}
	for name, c := range map[string]*apitest.Caller{"keeper": l.keeper, "county": l.county} {
		l.equal("figures that hold for the "+name, keys(c), "LECTURES RECEIVED SOLVED VISITED DONATED")
	}
	if !strings.Contains(keys(l.province), "DONATED") {
		t.Error("the province does not see what the county counts")
	}
	came := l.do(l.deputy, "checkIn", "attendance { id guest source level checkedInAt distanceM deputy { id } activity { id } }", map[string]any{"code": l.code()})
	l.equal("checked in", []any{
		at(came, "attendance", "guest"), at(came, "attendance", "source"), at(came, "attendance", "deputy", "id"), at(came, "attendance", "activity", "id"),
	}, []any{false, "CHECK_IN", l.postedDeputy(), l.id})
	l.arrange(l.keeper, "openActivity", "state", nil)
	l.arrange(l.county, "recordAttendance", "state", map[string]any{
		"deputies":  []any{map[string]any{"deputy": globalID("Deputy", l.world.Spot("430121").Deputy), "guest": true, "note": "专程到站"}},
		"officials": []any{map[string]any{"organ": l.department, "name": "吴戊", "title": "副局长"}},
	})
	photo := l.sent(l.keeper, "", snapshot(200))
	status, answer, _ := l.send(l.keeper, "", []byte("#!/bin/sh\necho a photo"))
	if status != http.StatusUnprocessableEntity {
		t.Errorf("a file that lies about its type: %d %s", status, answer.Body)
	}
	recorded := l.arrange(l.keeper, "recordActivity", `state late summary figures { figure { key unit } value } photos { id url mediaType }
		attendances(first: 10) { totalCount edges { node { guest note officialName officialTitle organ { id } deputy { id } } } }`, map[string]any{
		"summary": "接待群众,现场答复", "photos": []any{photo},
		"figures": []any{
			map[string]any{"key": "RECEIVED", "value": 37}, map[string]any{"figure": at(figure, "figure", "id"), "value": 1234.56},
		},
	})
	l.equal("recorded", []any{at(recorded, "state"), at(recorded, "late"), at(recorded, "figures")}, []any{"RECORDED", false, []any{
		map[string]any{"figure": map[string]any{"key": "RECEIVED", "unit": "人次"}, "value": 37},
		map[string]any{"figure": map[string]any{"key": "DONATED", "unit": "元"}, "value": 1234.56},
	}})
	l.equal("who came", at(recorded, "attendances", "totalCount"), 3)
	url, _ := at(recorded, "photos", 0, "url").(string)
	if got := l.fetch(http.MethodGet, url); got.status != http.StatusOK || got.header.Get("Content-Type") != "image/jpeg" || len(got.body) == 0 {
		t.Errorf("the photo: %d %v", got.status, got.header)
	}
	l.arrange(l.town, "confirmActivity", "state", nil)

	filter := func(f string) string {
		return `{ division(code: "430121") { activities(first: 10, filter: {` + f + `}) { totalCount } } }`
	}
	today := time.Now().In(time.FixedZone("", 8*3600))
	for f, want := range map[string]int{
		``: 1, `ways: [RECEPTION], modes: [RECEIVING], settings: [IN_STATION], states: [CONFIRMED], campaign: "百日行动", late: false`: 1,
		`ways: [HELP]`: 0, `modes: [VISITING]`: 0, `settings: [JOINT]`: 0, `states: []`: 0, `campaign: "别的"`: 0, `late: true`: 0,
		`to: "` + today.AddDate(0, 0, -2).Format(time.DateOnly) + `"`: 0, `from: "` + today.AddDate(0, 0, 1).Format(time.DateOnly) + `"`: 0,
		`from: "` + today.AddDate(0, 0, -1).Format(time.DateOnly) + `", to: "` + today.Format(time.DateOnly) + `"`: 1,
	} {
		// Rows of the world beside it lie at other stations, without the campaign; what is asked for here is this one.
		c := strings.ReplaceAll(filter(f), `division(code: "430121") {`, `station: node(id: "`+l.station+`") { ... on Station {`)
		got := l.ask(l.county, c+" }")
		l.equal("activities of the station with "+f, at(got, "activities", "totalCount"), want)
	}
	for name, c := range map[string]*apitest.Caller{"county": l.county, "keeper": l.keeper, "city": l.city} {
		got := l.ask(c, `{ division(code: "430121102201") { activities(first: 1, filter: {campaign: "百日行动"}) { totalCount edges { node { id } } } } }`)
		l.equal("activities for the "+name, at(got, "activities", "edges", 0, "node", "id"), l.id)
	}
	mine := l.ask(l.deputy, `{ node(id: "`+l.postedDeputy()+`") { ... on Deputy { attendances(first: 5, from: "`+today.AddDate(0, 0, -1).Format(time.DateOnly)+`") {
		totalCount edges { node { id activity { id state history { verb } } station { id } } } } } } }`)
	l.equal("the deputy's own", at(mine, "attendances", "edges", 0, "node", "activity", "id"), l.id)
	for _, typ := range []struct{ id, name string }{
		{l.id, "Activity"}, {at(came, "attendance", "id").(string), "Attendance"}, {at(figure, "figure", "id").(string), "KeyFigure"},
	} {
		l.equal("node", at(l.ask(l.keeper, `{ node(id: "`+typ.id+`") { __typename } }`), "__typename"), typ.name)
		l.equal("node elsewhere", l.ask(l.otherCounty, `{ node(id: "`+typ.id+`") { __typename } }`), nil)
	}
	history, _ := at(l.ask(l.town, `{ node(id: "`+l.id+`") { ... on Activity { history { id verb role activity { id } } } } }`), "history").([]any)
	var told []string
	for _, e := range history {
		told = append(told, at(e, "verb").(string)+" "+at(e, "role").(string))
	}
	l.equal("history", told, []any{
		"planActivity STATION_KEEPER", "openActivity STATION_KEEPER", "recordAttendance COUNTY_ADMIN", "recordActivity STATION_KEEPER", "confirmActivity TOWNSHIP_ADMIN",
	})
}

// TestActivityRefusals asks for what must be refused, and looks at code, path and words.
func TestActivityRefusals(t *testing.T) {
	l := newLoop(t)
	l.plan(nil)
	guest := globalID("Deputy", l.world.Spot("430121").Deputy)
	came := func(deputy string) map[string]any {
		return map[string]any{"deputies": []any{map[string]any{"deputy": deputy}}}
	}
	l.refused(l.keeper, "recordActivity", nil, "CONFLICT", "STATE", "input", "id")
	l.arrange(l.keeper, "openActivity", "state", nil)
	l.refused(l.county, "recordAttendance", came(guest), "CONFLICT", "NOT_POSTED", "input", "deputies", "0", "deputy")
	l.arrange(l.keeper, "recordAttendance", "state", came(l.postedDeputy()))
	l.refused(l.keeper, "recordAttendance", came(l.postedDeputy()), "CONFLICT", "TWICE", "input", "deputies", "0", "deputy")
	counted := func(key string, value float64) map[string]any {
		return map[string]any{"figures": []any{map[string]any{"key": key, "value": value}}}
	}
	l.refused(l.keeper, "recordActivity", counted("RECEIVED", -1), "INVALID", "OUT_OF_RANGE", "input", "figures", "0", "value")
	l.refused(l.keeper, "recordActivity", counted("RECEIVED", 1.5), "INVALID", "MALFORMED", "input", "figures", "0", "value")
	l.refused(l.keeper, "recordActivity", counted("NOTHING", 1), "NOT_FOUND", "NOT_FOUND", "input", "figures", "0")
	l.refused(l.keeper, "recordActivity", map[string]any{"photos": []any{"guess"}}, "NOT_FOUND", "NOT_FOUND", "input", "photos", "0")
	l.refused(l.otherCounty, "confirmActivity", nil, "NOT_FOUND", "NOT_FOUND", "input", "id")
	l.refused(l.keeper, "cancelActivity", map[string]any{"reason": " "}, "INVALID", "REQUIRED", "input", "reason")
	scan := func(more map[string]any, code, fieldCode string, path ...any) {
		t.Helper()
		input := map[string]any{"code": l.code()}
		for k, v := range more {
			input[k] = v
		}
		answer := l.deputy.Do("mutation($input: CheckInInput!) { checkIn(input: $input) { __typename } }", apitest.Vars{"input": input})
		if answer.Code() != code || len(answer.Errors[0].Extensions.Fields) != 1 {
			t.Errorf("%v: %s, want %s", more, answer.Body, code)
			return
		}
		f := answer.Errors[0].Extensions.Fields[0]
		l.equal("the scan is refused", []any{f.Code, f.Path}, []any{fieldCode, path})
		checkWords(t, answer)
	}
	scan(nil, "CONFLICT", "TWICE", "input", "activity")
	scan(map[string]any{"code": l.revoked()}, "NOT_FOUND", "NOT_FOUND", "input", "code")
	scan(map[string]any{"longitude": 100, "latitude": 30}, "CONFLICT", "TOO_FAR", "input", "longitude")
	l.arrange(l.keeper, "cancelActivity", "state", map[string]any{"reason": "天气原因"})
	l.plan(map[string]any{
		"beginsAt": time.Now().Add(2 * time.Hour).Format(time.RFC3339), "endsAt": time.Now().Add(3 * time.Hour).Format(time.RFC3339),
	})
	l.refused(l.keeper, "openActivity", nil, "CONFLICT", "TOO_EARLY", "input", "id")
	scan(map[string]any{"activity": l.id}, "CONFLICT", "OUTSIDE_HOURS", "input", "code")
}

// busy are activities, with all that belongs to them, like one ($1).
var busy = []string{
	`CREATE TEMPORARY TABLE busy AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, 100) n`,
	`INSERT INTO activity SELECT (jsonb_populate_record(a, jsonb_build_object('id', b.id))).* FROM busy b, activity a WHERE a.id = $1`,
	`INSERT INTO activity_event SELECT (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'activity_id', b.id))).* FROM busy b, activity_event x WHERE x.activity_id = $1`,
	`INSERT INTO activity_station SELECT (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'activity_id', b.id))).* FROM busy b, activity_station x WHERE x.activity_id = $1`,
	`INSERT INTO activity_figure SELECT (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'activity_id', b.id))).* FROM busy b, activity_figure x WHERE x.activity_id = $1`,
	`INSERT INTO attendance SELECT (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'activity_id', b.id))).* FROM busy b, attendance x WHERE x.activity_id = $1`,
	`INSERT INTO attachment SELECT (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'activity_id', b.id))).* FROM busy b, attachment x WHERE x.activity_id = $1`,
}

// TestActivityStatements counts SQL statements: a hundred activities cost as many as one, whatever is asked of them.
func TestActivityStatements(t *testing.T) {
	l := newLoop(t)
	l.plan(map[string]any{"setting": "JOINT"})
	partner := globalID("Station", l.world.Spot("430121107").Station)
	l.arrange(l.county, "joinActivity", "partners { station { id } division }", map[string]any{"add": []any{partner}})
	l.arrange(l.keeper, "openActivity", "state", nil)
	l.arrange(l.county, "recordAttendance", "state", map[string]any{
		"deputies":  []any{map[string]any{"deputy": l.postedDeputy()}},
		"officials": []any{map[string]any{"organ": l.department, "name": "吴戊"}},
	})
	l.arrange(l.keeper, "recordActivity", "state", map[string]any{
		"photos": []any{l.upload("one"), l.upload("two")}, "figures": []any{map[string]any{"key": "RECEIVED", "value": 3}, map[string]any{"key": "SOLVED", "value": 1}},
	})
	_, key, err := globalid.Decode(l.id)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := l.Owner.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	for i, statement := range busy {
		var args []any
		if i > 0 {
			args = []any{key}
		}
		if _, err := conn.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%v: %s", err, statement)
		}
	}
	all := `station { name } division { name } partners { station { name } division } figures { figure { name } value } photos { url }
		history { verb activity { title } } attendances(first: 2) { totalCount edges { node { deputy { name } mandate { level } organ { name }
		station { name } division { name } activity { title } } } }`
	keeper := l.As(viewer.StationKeeper, place.MustParse("430121107"), apitest.Station(uuid.MustParse(l.world.Spot("430121107").Station)))
	for name, c := range map[string]struct {
		by    *apitest.Caller
		query string
		most  int64
	}{
		"of a division":  {l.county, `{ division(code: "430121102201") { activities(first: %d, filter: {settings: [JOINT]}) { totalCount edges { node { ` + all + ` } } } } }`, 30},
		"of a station":   {l.town, `{ node(id: "` + l.station + `") { ... on Station { activities(first: %d, filter: {states: [RECORDED]}) { totalCount edges { node { ` + all + ` } } } } } }`, 30},
		"of a partner":   {keeper, `{ node(id: "` + partner + `") { ... on Station { joinedActivities(first: %d) { totalCount edges { node { title state figures { value } } } } } } }`, 12},
		"for the deputy": {l.deputy, `{ division(code: "430121102") { name } node(id: "` + l.station + `") { ... on Station { activities(first: %d) { totalCount edges { node { title figures { value } } } } } } }`, 14},
		"attended":       {l.county, `{ node(id: "` + l.postedDeputy() + `") { ... on Deputy { attendances(first: %d) { totalCount edges { node { guest activity { title figures { value } } station { name } mandate { level } } } } } } }`, 16},
	} {
		t.Run(name, func(t *testing.T) {
			by := c.by.For(t)
			count := func(n int) int64 {
				before := l.Statements()
				answer := by.Do(fmt.Sprintf(c.query, n), nil)
				if len(answer.Errors) > 0 {
					t.Fatal(answer.Body)
				}
				if got := strings.Count(answer.Body, `"node":{`); got < n {
					t.Fatalf("%d rows instead of %d", got, n)
				}
				for _, empty := range []string{`"photos":[]`, `"figures":[]`, `"history":[]`, `"partners":[]`, `"edges":[]`} {
					if n == 1 && strings.Contains(answer.Body, empty) {
						t.Errorf("the sample has %s: %s", empty, answer.Body)
					}
				}
				return l.Statements() - before
			}
			one, hundred := count(1), count(100)
			t.Logf("%d statements for 1 row, %d for 100 rows", one, hundred)
			if one != hundred || one > c.most {
				t.Errorf("%d statements for 1 row, %d for 100; at most %d", one, hundred, c.most)
			}
		})
	}
}
