package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// eightOnes are the norms of 和顺县, 八个一, as an organ sends them.
func eightOnes() []map[string]any {
	monthly := func(key, name, deed string, ways ...string) map[string]any {
		return map[string]any{"key": key, "name": name, "deed": deed, "ways": append([]string{}, ways...), "period": "MONTH", "required": 1}
	}
	yearly := func(record, name string) map[string]any {
		return map[string]any{"key": record, "name": name, "deed": "RECORD", "records": []string{record}, "period": "YEAR", "required": 1}
	}
	return []map[string]any{
		monthly("RECEPTION", "每月接待一次群众", "ATTENDANCE", "RECEPTION"), monthly("OPINION", "每月反映一条社情民意", "OPINION"),
		monthly("STATION", "每月进站一次", "ATTENDANCE"), monthly("TRAINING", "每月参加一次培训", "TRAINING"),
		yearly("JOURNAL", "每年一本民情日志"), yearly("LIVELIHOOD", "每年一件民生实事"), yearly("STORY", "每年一个履职故事"), yearly("DUTY_REPORT", "每年一次述职"),
	}
}

// duties is a flow about a township deputy's work.
type duties struct {
	*loop
	mandate, congress string // opaque ids
}

func newDuties(t *testing.T) *duties {
	t.Helper()
	l := newLoop(t)
	return &duties{loop: l, mandate: globalID("Mandate", l.world.Spot("430121102").Mandate), congress: globalID("Congress", l.world.Spot("430121").Congress)}
}

func (d *duties) norms(more map[string]any) map[string]any {
	in := map[string]any{"congress": d.congress, "level": "TOWNSHIP", "name": "八个一", "items": eightOnes(), "fromOn": "2025-01-01"}
	for k, v := range more {
		in[k] = v
	}
	return in
}

func (d *duties) record(more map[string]any) map[string]any {
	in := map[string]any{"mandate": d.mandate, "kind": "STORY", "day": "2025-03-10", "title": "桥修好了", "content": "村口的桥面修好了,孩子们上学不再绕路。"}
	for k, v := range more {
		in[k] = v
	}
	return in
}

// no does a verb that must be refused with a code for one field, and checks the words.
func (d *duties) no(c *apitest.Caller, verb string, input map[string]any, code, field string) {
	d.t.Helper()
	answer := c.Do(asked(verb), apitest.Vars{"input": input})
	if answer.Code() != code || string(answer.Data) != `{"`+verb+`":null}` {
		d.t.Errorf("%s: %s, want %s", verb, answer.Body, code)
		return
	}
	checkWords(d.t, answer)
	got := ""
	if blamed := answer.Errors[0].Extensions.Fields; len(blamed) > 0 {
		path := make([]string, len(blamed[0].Path))
		for i, p := range blamed[0].Path {
			path[i] = fmt.Sprint(p)
		}
		got = strings.Join(path, ".") + " " + blamed[0].Code
	}
	if got != field {
		d.t.Errorf("%s blames %q, want %q", verb, got, field)
	}
}

const standingFields = `year counts { met missing pending notApplicable } checks { set { name edition } item { key ways records period required } from to done required standing }`

func (d *duties) compliance(c *apitest.Caller, year int) any {
	d.t.Helper()
	return at(d.ask(c, fmt.Sprintf(`{ node(id: %q) { ... on Mandate { suspensions { from until } compliance(year: %d) { %s } } } }`, d.mandate, year, standingFields)), "compliance")
}

// The norms of a county through the API: set, met by a record that the township confirms, counted, reminded of, suspended.
func TestNorms(t *testing.T) {
	d := newDuties(t)
	set := d.do(d.county, "setNorms", "normSet { id version edition name level items { key name deed ways records period required } fromOn untilOn congress { name } }", d.norms(nil))
	if at(set, "normSet", "edition") != 1.0 || at(set, "normSet", "items", 7, "key") != "DUTY_REPORT" || at(set, "normSet", "congress", "name") == nil {
		t.Errorf("set %v", set)
	}
	sets := `{ normSets(division: %q, level: TOWNSHIP) { name edition congress { name } } }`
	for name, c := range map[string]struct {
		by   *apitest.Caller
		at   string
		seen int
	}{
		"the county": {d.county, "430121", 1}, "a township below": {d.town, "430121102", 1}, "the deputy": {d.deputy, "430121102", 1},
		"the keeper": {d.keeper, "430121102201", 1}, "the city above, at the county": {d.city, "430121", 1}, "the city, of itself": {d.city, "4301", 0},
		"another county": {d.otherCounty, "430102", 0},
	} {
		found, _ := d.ask(c.by, fmt.Sprintf(sets, c.at)).([]any)
		if len(found) != c.seen {
			t.Errorf("%s sees %v", name, found)
		}
	}

	// A record counts once it is confirmed.
	files := map[string]any{"files": []string{d.upload("a photo of the bridge")}}
	made := d.do(d.deputy, "submitDutyRecord", "dutyRecord { id version state deputy { name } mandate { level } attachments { mediaType url } }", d.record(files))
	id := at(made, "dutyRecord", "id").(string)
	if at(made, "dutyRecord", "state") != "SUBMITTED" || at(made, "dutyRecord", "attachments", 0, "mediaType") != "image/jpeg" {
		t.Errorf("submitted %v", made)
	}
	counts := func(c *apitest.Caller) any { return at(d.compliance(c, 2025), "counts") }
	none := map[string]any{"met": 0, "missing": 52, "notApplicable": 0, "pending": 0}
	d.equal("before it is confirmed", counts(d.deputy), none)
	waiting := at(d.ask(d.town, `{ dutyRecords(filter: {states: [SUBMITTED]}, first: 10) { totalCount edges { node { id title content day attachments { url } } } } }`), "edges", 0, "node", "id")
	d.equal("the organ's desk", waiting, id)
	d.do(d.town, "confirmDutyRecord", "dutyRecord { state reviewedAt }", map[string]any{"id": id, "expectedVersion": 1, "note": "很好"})
	d.equal("once it is confirmed", counts(d.deputy), map[string]any{"met": 1, "missing": 51, "notApplicable": 0, "pending": 0})
	d.equal("as the county sees it", counts(d.county), counts(d.deputy))
	d.no(d.county, "confirmDutyRecord", map[string]any{"id": id}, "CONFLICT", "input.id STATE")
	d.equal("as another county sees it", d.ask(d.otherCounty, fmt.Sprintf(`{ node(id: %q) { id } }`, d.mandate)), nil)

	// The sums are of all the township's deputies, and add up.
	rows, _ := d.ask(d.town, `{ normMeasures(division: "430121102", level: TOWNSHIP, year: 2025) {
		set { name } item { key } from to counts { met missing pending notApplicable } share } }`).([]any)
	if len(rows) != 52 {
		t.Fatalf("%d rows", len(rows))
	}
	var everyone int
	if err := d.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM mandate WHERE level = 'TOWNSHIP' AND code >= 430121102000 AND code < 430121103000
		AND elected_on <= '2025-12-31' AND (ended_on IS NULL OR ended_on > '2025-01-01')`).Scan(&everyone); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		sum := 0.0
		for _, standing := range []string{"met", "missing", "pending", "notApplicable"} {
			sum += at(row, "counts", standing).(float64)
		}
		met := at(row, "counts", "met").(float64)
		if int(sum) != everyone || met != map[bool]float64{true: 1}[at(row, "item", "key") == "STORY"] {
			t.Errorf("%v of %d deputies", row, everyone)
		}
	}
	here, _ := d.ask(d.town, fmt.Sprintf(`{ stationNormMeasures(station: %q, year: 2025) { item { key } counts { met missing } } }`, d.station)).([]any)
	if len(here) != 52 {
		t.Errorf("%d rows of the station", len(here))
	}

	// Who misses something in the periods under way is told, those are.
	reminders := d.ask(d.town, `{ normReminders(division: "430121102", level: TOWNSHIP, first: 100) { edges { node { mandate { id level deputy { name } } lacking { item { key } from standing } } cursor } pageInfo { hasNextPage } } }`)
	edges, _ := at(reminders, "edges").([]any)
	found := false
	for _, e := range edges {
		found = found || at(e, "node", "mandate", "id") == d.mandate && len(at(e, "node", "lacking").([]any)) > 0
	}
	if !found {
		t.Errorf("the deputy is not on the list: %v", reminders)
	}
	if len(edges) > 1 {
		next := d.ask(d.town, fmt.Sprintf(`{ normReminders(division: "430121102", level: TOWNSHIP, first: 1, after: %q) { edges { node { mandate { id } } } } }`, at(edges[0], "cursor")))
		d.equal("the page after the first", at(next, "edges", 0, "node", "mandate", "id"), at(edges[1], "node", "mandate", "id"))
	}
	d.equal("reminded", d.do(d.town, "remindDeputies", "reminded", map[string]any{"mandates": []string{d.mandate}}), map[string]any{"reminded": 1})

	// A month in which the mandate was suspended asks for nothing.
	d.do(d.town, "changeMandate", "mandate { suspensions { from until } }", map[string]any{"id": d.mandate, "status": "SUSPENDED", "on": "2025-06-10"})
	d.equal("suspended", counts(d.town), map[string]any{"met": 0, "missing": 20, "notApplicable": 32, "pending": 0})
}

// What is refused of norms and records: the code, the field, words in Chinese, and nothing changed.
func TestNormInput(t *testing.T) {
	d := newDuties(t)
	item := func(change map[string]any) map[string]any {
		items := eightOnes()[:2]
		for k, v := range change {
			items[1][k] = v
		}
		return d.norms(map[string]any{"items": items})
	}
	for _, c := range []struct {
		by          *apitest.Caller
		verb        string
		in          map[string]any
		code, field string
	}{
		{d.county, "setNorms", d.norms(map[string]any{"items": []any{}}), "INVALID", "input.items REQUIRED"},
		{d.county, "setNorms", item(map[string]any{"key": "RECEPTION"}), "INVALID", "input.items.1.key DUPLICATE"},
		{d.county, "setNorms", item(map[string]any{"required": -1}), "INVALID", "input.items.1.required OUT_OF_RANGE"},
		{d.county, "setNorms", item(map[string]any{"records": []string{"STORY"}}), "INVALID", "input.items.1.records MISMATCH"},
		{d.county, "setNorms", d.norms(map[string]any{"congress": "nonsense"}), "INVALID", "input.congress MALFORMED"},
		{d.city, "setNorms", d.norms(nil), "FORBIDDEN", "input.congress FORBIDDEN"},
		{d.otherCounty, "setNorms", d.norms(nil), "NOT_FOUND", "input.congress NOT_FOUND"},
		{d.keeper, "setNorms", d.norms(nil), "FORBIDDEN", ""},
		{d.deputy, "setNorms", d.norms(nil), "FORBIDDEN", ""},
		{d.county, "submitDutyRecord", d.record(nil), "FORBIDDEN", ""},
		{d.deputy, "submitDutyRecord", d.record(map[string]any{"day": "2999-01-01"}), "INVALID", "input.day IMPOSSIBLE_DATE"},
		{d.deputy, "submitDutyRecord", d.record(map[string]any{"day": "1990-01-01"}), "INVALID", "input.day IMPOSSIBLE_DATE"},
		{d.deputy, "submitDutyRecord", d.record(map[string]any{"title": " "}), "INVALID", "input.title REQUIRED"},
		{d.deputy, "submitDutyRecord", d.record(map[string]any{"files": []string{"no such file"}}), "NOT_FOUND", "input.files.0 NOT_FOUND"},
		{d.deputy, "submitDutyRecord", d.record(map[string]any{"mandate": globalID("Mandate", d.world.Spot("430121107").Mandate)}), "NOT_FOUND", "input.mandate NOT_FOUND"},
		{d.town, "remindDeputies", map[string]any{"mandates": []string{globalID("Mandate", d.world.Spot("430121107").Mandate)}}, "NOT_FOUND", "input.mandates.0 NOT_FOUND"},
		{d.town, "changeMandate", map[string]any{"id": d.mandate, "status": "SUSPENDED", "on": "2999-01-01"}, "INVALID", "input.on IMPOSSIBLE_DATE"},
	} {
		d.no(c.by, c.verb, c.in, c.code, c.field)
	}
	var n int
	if err := d.Owner.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM norm_set WHERE name = '八个一') + (SELECT count(*) FROM duty_record WHERE title = '桥修好了')`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows of what was refused, %v", n, err)
	}
	for ask, code := range map[string]string{
		`{ normMeasures(division: "430121", level: TOWNSHIP, year: 1999) { share } }`:      "INVALID",
		`{ normReminders(division: "430121", first: 0) { edges { cursor } } }`:             "INVALID",
		`{ normReminders(division: "430121", first: 1, after: "x") { edges { cursor } } }`: "INVALID",
		`{ normMeasures(division: "430102", level: TOWNSHIP, year: 2025) { share } }`:      "NOT_FOUND",
	} {
		if answer := d.county.Do(ask, nil); answer.Code() != code {
			t.Errorf("%s: %s", ask, answer.Body)
		}
	}
	for _, ask := range []string{
		`{ normMeasures(division: "430121102", level: TOWNSHIP, year: 2025) { share } }`, `{ normReminders(division: "430121102", first: 1) { edges { cursor } } }`,
		`{ stationNormMeasures(station: "` + d.station + `", year: 2025) { share } }`, `{ pointRanking(division: "430121102", level: TOWNSHIP, year: 2025, first: 1) { totalCount } }`,
	} {
		if answer := d.deputy.Do(ask, nil); answer.Code() != "FORBIDDEN" {
			t.Errorf("a deputy asks %s: %s", ask, answer.Body)
		}
	}
}

// TestDutyStatements counts SQL statements: a hundred mandates, records, claims or entries cost as many as one.
func TestDutyStatements(t *testing.T) {
	d := newDuties(t)
	d.do(d.county, "setNorms", "normSet { id }", d.norms(nil))
	scheme := d.do(d.county, "setPointScheme", "pointScheme { id }", d.scheme(nil))
	d.do(d.deputy, "submitDutyRecord", "dutyRecord { id }", d.record(map[string]any{"files": []string{d.upload("one")}}))
	d.do(d.deputy, "claimPoints", "pointClaim { id }", d.award(map[string]any{"files": []string{d.upload("two")}}))
	d.do(d.deputy, "checkPoints", "pointCheck { id }", map[string]any{"mandate": d.mandate, "year": 2025, "agreed": true})
	d.world.Crowd(t, d.Owner)
	_, schemeKey, err := globalid.Decode(at(scheme, "pointScheme", "id").(string))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO duty_record SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'state', 'CONFIRMED'))).* FROM duty_record r, generate_series(1, 120) WHERE r.title = '桥修好了'`,
		`INSERT INTO point_claim SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid()))).* FROM point_claim r, generate_series(1, 120) WHERE r.text = '被评为优秀代表'`,
		`INSERT INTO point_entry (id, version, created_at, updated_at, code, province_code, city_code, county_code, township_code, scheme_id, mandate_id, deputy_id, item, deed, deed_id, day, points, correction)
			SELECT gen_random_uuid(), 1, now(), now(), m.code, m.province_code, m.city_code, m.county_code, m.township_code, $1, m.id, m.deputy_id, 'STORY', 'RECORD',
				(SELECT min(id::text)::uuid FROM duty_record WHERE title = '桥修好了'), '2025-03-10', 20, false FROM mandate m, generate_series(1, 2) WHERE m.code = 430121107000 OR m.id = $2`,
		`INSERT INTO point_check (id, version, created_at, updated_at, code, province_code, city_code, county_code, township_code, mandate_id, deputy_id, year, points, agreed)
			SELECT gen_random_uuid(), 1, now(), now(), m.code, m.province_code, m.city_code, m.county_code, m.township_code, m.id, m.deputy_id, 2025, 20, true FROM mandate m WHERE m.code = 430121107000`,
	} {
		args := []any{schemeKey, uuid.MustParse(d.world.Spot("430121102").Mandate)}
		if !strings.Contains(statement, "$1") {
			args = nil
		}
		if _, err := d.Owner.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%v: %s", err, statement)
		}
	}
	for name, c := range map[string]struct {
		by    *apitest.Caller
		query string
		most  int64
	}{
		"compliance": {d.county, `{ division(code: "430121107") { mandates(last: %d) { edges { node { suspensions { from } compliance(year: 2025) { ` + standingFields + ` } } } } } }`, 10},
		"points": {d.county, `{ division(code: "430121107") { mandates(last: %d) { edges { node { points(year: 2025) { sum items { key sum deeds scheme { name } item { name points cap capPeriod } }
			entries(first: 1) { totalCount edges { cursor } } lastCheck { points agreed mandate { level } } } } } } } }`, 15},
		"entries": {d.county, `{ division(code: "430121107") { mandates(last: %d) { edges { node { points(year: 2025) { entries(first: 1) { edges { cursor node { points day deed itemKey item { name } scheme { name congress { name } }
			mandate { level deputy { name } } evidence { id ... on DutyRecord { title } } correction } } } } } } } } }`, 20},
		"records":   {d.county, `{ dutyRecords(division: "430121102", filter: {states: [CONFIRMED]}, first: %d) { totalCount edges { node { title deputy { name } mandate { level } attachments { url } } } } }`, 10},
		"claims":    {d.county, `{ pointClaims(division: "430121102", first: %d) { totalCount edges { node { text item { name } scheme { name } deputy { name } mandate { level } entry { points } attachments { url } } } } }`, 12},
		"ranking":   {d.county, `{ pointRanking(division: "430121107", level: TOWNSHIP, year: 2025, first: %d) { totalCount edges { node { rank points mandate { level deputy { name } } } } } }`, 8},
		"reminders": {d.county, `{ normReminders(division: "430121107", first: %d) { edges { node { mandate { level deputy { name } } lacking { item { name } set { name } } } } } }`, 8},
	} {
		t.Run(name, func(t *testing.T) {
			caller := c.by.For(t)
			count := func(n int) int64 {
				before := d.Statements()
				answer := caller.Do(fmt.Sprintf(c.query, n), nil)
				if len(answer.Errors) > 0 {
					t.Fatal(answer.Body)
				}
				if got := strings.Count(answer.Body, `"node":{`); got < n {
					t.Fatalf("%d rows instead of %d", got, n)
				}
				return d.Statements() - before
			}
			one, hundred := count(1), count(apitest.CrowdSize)
			t.Logf("%d statements for 1 row, %d for %d rows", one, hundred, apitest.CrowdSize)
			if one != hundred || one > c.most {
				t.Errorf("%d statements for 1 row, %d for %d, at most %d", one, hundred, apitest.CrowdSize, c.most)
			}
		})
	}
	t.Run("measures", func(t *testing.T) {
		count := func(division string) int64 {
			before := d.Statements()
			answer := d.county.For(t).Do(`{ normMeasures(division: "`+division+`", level: TOWNSHIP, year: 2025) { set { name } item { key } counts { met missing } share } }`, nil)
			if len(answer.Errors) > 0 {
				t.Fatal(answer.Body)
			}
			return d.Statements() - before
		}
		if few, many := count("430121102"), count("430121107"); few != many || few > 6 {
			t.Errorf("%d statements for few deputies, %d for many", few, many)
		}
	})
}

// otherDeputy is a deputy of another township.
func (d *duties) otherDeputy() *apitest.Caller {
	return d.As(viewer.Deputy, place.MustParse("430121107"), apitest.Person(uuid.MustParse(d.world.Spot("430121107").Deputy)))
}
