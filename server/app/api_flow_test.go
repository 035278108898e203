package app_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// flow is a world in which people work.
type flow struct {
	*apitest.Server
	t                     *testing.T
	world                 *apitest.World
	city, county, town    *apitest.Caller
	otherCounty, province *apitest.Caller
}

func newFlow(t *testing.T, change ...func(*app.Parts)) *flow {
	t.Helper()
	s := apitest.New(t, change...)
	w := apitest.NewWorld()
	w.Load(t, s.Owner)
	as := func(role viewer.Role, code string) *apitest.Caller { return s.As(role, place.MustParse(code)) }
	return &flow{
		Server: s, t: t, world: w,
		province: as(viewer.ProvinceAdmin, "43"), city: as(viewer.CityAdmin, "4301"), county: as(viewer.CountyAdmin, "430121"),
		town: as(viewer.TownshipAdmin, "430121107"), otherCounty: as(viewer.CountyAdmin, "430102"),
	}
}

// do does a verb and reads what it answers of a payload.
func (f *flow) do(c *apitest.Caller, verb, selection string, input map[string]any) map[string]any {
	f.t.Helper()
	var data map[string]map[string]any
	c.Get(&data, "mutation($input: "+strings.ToUpper(verb[:1])+verb[1:]+"Input!) { "+verb+"(input: $input) { "+selection+" } }",
		apitest.Vars{"input": input})
	return data[verb]
}

// refuse does a verb that must be refused with a code.
func (f *flow) refuse(c *apitest.Caller, code, verb string, input map[string]any) {
	f.t.Helper()
	if answer := c.Do(mutation(verb), apitest.Vars{"input": input}); answer.Code() != code {
		f.t.Errorf("%s: %s, want %s", verb, answer.Body, code)
	}
}

// ask reads one root field.
func (f *flow) ask(c *apitest.Caller, query string) any {
	f.t.Helper()
	var data map[string]any
	c.Get(&data, query, nil)
	for _, v := range data {
		return v
	}
	return nil
}

// at follows names, and 0 for the first of a list, into an answer.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func (f *flow) equal(what string, got, want any) {
	f.t.Helper()
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		f.t.Errorf("%s: %s, want %s", what, a, b)
	}
}

// audit lists verb, role and entity of the audit's lines of one subject, in order.
func (f *flow) audit(subject string) []string {
	f.t.Helper()
	var text string
	err := f.Owner.QueryRowContext(f.t.Context(), `SELECT coalesce(string_agg(verb || ' ' || role || ' ' || entity, ',' ORDER BY created_at, id), '')
		FROM audit_entry WHERE subject = $1`, subject).Scan(&text)
	if err != nil {
		f.t.Fatal(err)
	}
	return strings.Split(text, ",")
}

// TestStationLife opens a station, fills it, changes it and closes it.
func TestStationLife(t *testing.T) {
	f := newFlow(t)
	village := "430121107201"
	made := at(f.do(f.county, "createStation", "station { id version name nameUniform qrCode { text } division { code } organ { id } longitude }", map[string]any{
		"division": village, "kind": "STATION", "name": "水塘服务站", "openedOn": "2025-01-01", "address": "水塘路3号", "longitude": 113.1, "latitude": 28.2,
		"organ": globalID("Organ", f.world.Spot("430121107").Organ), "phone": "0731-84011111",
	}), "station")
	id := at(made, "id").(string)
	f.equal("the name off the uniform rule", at(made, "nameUniform"), false)
	f.equal("its division", at(made, "division", "code"), village)
	f.equal("its version", at(made, "version"), 1)
	if qr, _ := at(made, "qrCode", "text").(string); len(qr) < 20 {
		t.Errorf("the QR code %q can be guessed", qr)
	}

	changed := at(f.do(f.town, "updateStation", "station { version nameUniform name address longitude brand floor }", map[string]any{
		"id": id, "expectedVersion": 1, "name": "果园镇果园镇一村人大代表联络站", "kind": "STATION", "address": null{}, "longitude": null{}, "latitude": null{},
		"brand": "水塘议事", "floor": 2,
	}), "station")
	f.equal("after the change", changed, map[string]any{
		"version": 2, "nameUniform": true, "name": "果园镇果园镇一村人大代表联络站", "address": nil, "longitude": nil, "brand": "水塘议事", "floor": 2,
	})
	f.refuse(f.county, "CONFLICT", "updateStation", map[string]any{"id": id, "expectedVersion": 1, "brand": "过时"})

	find := `{ stations(division: "430121", first: 5, filter: {search: "水塘议事"}) { edges { node { id } } } }`
	f.equal("found by its brand", at(f.ask(f.county, find), "edges", 0, "node", "id"), id)
	f.equal("found by its first name", at(f.ask(f.county, strings.Replace(find, "水塘议事", "水塘服务", 1)), "edges", 0), nil)
	f.equal("found by initials", at(f.ask(f.county, strings.Replace(find, "水塘议事", "stys", 1)), "edges", 0, "node", "id"), id)
	byID := `{ node(id: "` + id + `") { id } }`
	f.equal("seen by the city", at(f.ask(f.city, byID), "id"), id)
	f.equal("seen next door", f.ask(f.otherCounty, byID), nil)

	deputy := at(f.do(f.town, "postDeputy", "posting { id deputy { id } }", map[string]any{
		"mandate": globalID("Mandate", f.world.Spot("430121107").Mandate), "station": id, "basis": "GRID", "startedOn": "2025-02-01",
	}), "posting", "deputy", "id")
	f.do(f.town, "appointStaff", "staff { id }", map[string]any{
		"station": id, "deputy": deputy, "office": "CHIEF", "origin": "DEPUTY", "startedOn": "2025-02-01",
	})
	helper := at(f.do(f.town, "appointStaff", "staff { id version station { id } }", map[string]any{
		"station": id, "name": "安帮忙", "office": "LIAISON", "origin": "GRID_WORKER", "startedOn": "2025-02-01",
	}), "staff")
	f.equal("the office's station", at(helper, "station", "id"), id)
	ended := at(f.do(f.town, "dismissStaff", "staff { endedOn version }", map[string]any{"id": at(helper, "id"), "endedOn": "2025-03-01"}), "staff")
	f.equal("the office ended", ended, map[string]any{"endedOn": "2025-03-01", "version": 2})

	inside := `{ node(id: "` + id + `") { ... on Station { closedOn closeReason version staff { id } postings(first: 5) { totalCount } past: postings(current: false, first: 5) { totalCount edges { node { endedOn endReason } } } } } }`
	open := f.ask(f.county, inside)
	f.equal("postings while open", at(open, "postings", "totalCount"), 1)
	if staff, _ := at(open, "staff").([]any); len(staff) != 1 {
		t.Errorf("staff while open: %v", staff)
	}
	closed := at(f.do(f.county, "closeStation", "station { id closedOn closeReason version }", map[string]any{"id": id, "closedOn": "2025-06-30", "reason": "并入镇站"}), "station")
	f.equal("closed", closed, map[string]any{"id": id, "closedOn": "2025-06-30", "closeReason": "并入镇站", "version": 3})
	after := f.ask(f.county, inside)
	f.equal("staff after closing", at(after, "staff"), []any{})
	f.equal("postings after closing", at(after, "postings", "totalCount"), 0)
	f.equal("the posting ended with it", at(after, "past", "edges", 0, "node", "endedOn"), "2025-06-30")
	f.equal("off the list", at(f.ask(f.county, find), "edges", 0), nil)
	f.equal("on the list of the closed", at(f.ask(f.county, strings.Replace(find, "filter: {", "filter: {status: CLOSED, ", 1)), "edges", 0, "node", "id"), id)
	f.refuse(f.county, "CONFLICT", "postDeputy", map[string]any{
		"mandate": globalID("Mandate", f.world.Spot("430121107").Mandate), "station": id, "basis": "GRID", "startedOn": "2025-07-01",
	})
	f.equal("what the county did", f.audit("operator:COUNTY_ADMIN-430121000000"), []string{"createStation COUNTY_ADMIN Station", "closeStation COUNTY_ADMIN Station"})
	f.equal("what the township did", f.audit("operator:TOWNSHIP_ADMIN-430121107000"), []string{
		"updateStation TOWNSHIP_ADMIN Station", "postDeputy TOWNSHIP_ADMIN Posting", "appointStaff TOWNSHIP_ADMIN StationStaff",
		"appointStaff TOWNSHIP_ADMIN StationStaff", "dismissStaff TOWNSHIP_ADMIN StationStaff",
	})
}

// TestDeputyLife registers a deputy, gives the seats their grouping by postings, sends the deputy across, and ends the mandate.
func TestDeputyLife(t *testing.T) {
	f := newFlow(t)
	const onRoll = `{ roster(division: "430121") { level mandates posted } }`
	county := func(c *apitest.Caller) (mandates, posted any) {
		l := at(f.ask(c, onRoll), 3)
		return at(l, "mandates"), at(l, "posted")
	}
	before, postedBefore := county(f.county)
	spot := f.world.Spot("430121")
	deputy := at(f.do(f.county, "registerDeputy", "deputy { id version name phone division { code } mandates { id status division { code } } }", map[string]any{
		"name": "安长行", "gender": "FEMALE", "birthMonth": "1985-07-20", "phone": "138 0000 4321", "workUnit": "县一中",
		"mandate": map[string]any{
			"congress": globalID("Congress", spot.Congress), "term": 18, "electedOn": "2021-11-20", "constituency": globalID("Constituency", spot.Below),
		},
	}), "deputy")
	id, mandate := at(deputy, "id").(string), at(deputy, "mandates", 0, "id").(string)
	f.equal("grouped by the constituency", at(deputy, "division", "code"), "430121102000")
	f.equal("the first state", at(deputy, "mandates", 0, "status"), "ELECTED")
	f.equal("the number at home", at(deputy, "phone"), "138 0000 4321")
	f.equal("one more on the roll", at(f.ask(f.county, onRoll), 3, "mandates"), before.(float64)+1)
	f.refuse(f.county, "CONFLICT", "registerDeputy", map[string]any{
		"name": "安长行", "gender": "FEMALE", "birthMonth": "1985-07-01", "mandate": map[string]any{"congress": globalID("Congress", spot.Congress), "term": 18, "electedOn": "2021-11-20"},
	})

	f.equal("confirmed", at(f.do(f.county, "changeMandate", "mandate { status version } postingsEnded", map[string]any{"id": mandate, "status": "CONFIRMED"}), "mandate", "status"), "CONFIRMED")
	home := at(f.do(f.county, "postDeputy", "posting { id basis deputy { division { code } } mandate { division { code } } }", map[string]any{
		"mandate": mandate, "station": globalID("Station", f.world.Spot("430121107").Station), "basis": "PROXIMITY", "startedOn": "2025-01-01",
	}), "posting")
	f.equal("the home of the person", at(home, "deputy", "division", "code"), "430121107000")
	f.equal("where the mandate is grouped", at(home, "mandate", "division", "code"), "430121107000")
	f.equal("one more posted", at(f.ask(f.county, onRoll), 3, "posted"), postedBefore.(float64)+1)

	// Across, into the next county, by the city, which sees both.
	person := `{ node(id: "` + id + `") { ... on Deputy { name phone division { code } mandates { id seat { name } postings { station { name } } } postings { basis } past: postings(current: false) { endReason } } } }`
	f.equal("unknown next door", f.ask(f.otherCounty, person), nil)
	cross := map[string]any{"mandate": mandate, "station": globalID("Station", f.world.Spot("430102").Station), "basis": "CROSS", "startedOn": "2025-02-01"}
	f.refuse(f.county, "NOT_FOUND", "postDeputy", cross)
	f.refuse(f.otherCounty, "NOT_FOUND", "postDeputy", cross)
	f.do(f.city, "postDeputy", "posting { id }", cross)
	guest := f.ask(f.otherCounty, person)
	f.equal("known next door by name", at(guest, "name"), "安长行")
	f.equal("the number next door", at(guest, "phone"), "138****4321")
	f.equal("the home out of sight", at(guest, "division"), nil)
	f.equal("the guest's mandate", at(guest, "mandates", 0, "id"), mandate)
	f.equal("the guest's postings", at(guest, "postings"), []any{map[string]any{"basis": "CROSS"}})
	f.equal("the home stays", at(f.ask(f.county, person), "division", "code"), "430121107000")
	f.refuse(f.otherCounty, "FORBIDDEN", "updateDeputy", map[string]any{"id": id, "jobTitle": "改"})
	f.refuse(f.otherCounty, "FORBIDDEN", "endMandate", map[string]any{"id": mandate, "endedOn": "2025-06-30", "reason": "RESIGNED"})
	f.equal("no more on the guest's roll", at(f.ask(f.otherCounty, `{ roster(division: "430102") { level mandates } }`), 3, "mandates"),
		at(f.ask(f.city, `{ roster(division: "430102") { level mandates } }`), 3, "mandates"))

	// A second seat on the chain; off the chain there is none.
	town := f.world.Spot("430121107")
	second := map[string]any{"deputy": id, "mandate": map[string]any{"congress": globalID("Congress", town.Congress), "term": 18, "electedOn": "2021-11-20"}}
	f.do(f.county, "giveMandate", "mandate { id }", second)
	f.refuse(f.county, "INVALID", "giveMandate", map[string]any{"deputy": id, "mandate": map[string]any{
		"congress": globalID("Congress", f.world.Spot("430121102").Congress), "term": 18, "electedOn": "2021-11-20",
	}})

	ended := f.do(f.county, "endMandate", "mandate { status endedOn endReason } postingsEnded", map[string]any{
		"id": mandate, "endedOn": "2025-06-30", "reason": "RESIGNED", "note": "本人请辞",
	})
	f.equal("two postings ended, one of them out of sight", at(ended, "postingsEnded"), 2)
	f.equal("ended", at(ended, "mandate"), map[string]any{"status": "ENDED", "endedOn": "2025-06-30", "endReason": "RESIGNED"})
	f.equal("gone next door", f.ask(f.otherCounty, person), nil)
	history := f.ask(f.county, person)
	f.equal("the history stays", at(history, "past", 0, "endReason"), "代表资格终止")
	f.equal("no posting in force", at(history, "postings"), []any{})
	f.equal("the roll as before", at(f.ask(f.county, onRoll), 3, "mandates"), before)
	f.equal("the other seat keeps the home", at(history, "division", "code"), "430121107000")
	audit := f.audit("operator:COUNTY_ADMIN-430121000000")
	if want := []string{
		"registerDeputy COUNTY_ADMIN Deputy", "changeMandate COUNTY_ADMIN Mandate", "postDeputy COUNTY_ADMIN Posting", "giveMandate COUNTY_ADMIN Mandate",
		"endMandate COUNTY_ADMIN Mandate",
	}; !slices.Equal(audit, want) {
		t.Errorf("the audit has %v", audit)
	}
}

// TestOneRefusal: what is refused beside something else takes nothing away from it.
func TestOneRefusal(t *testing.T) {
	f := newFlow(t)
	answer := f.county.Do(`mutation($a: UpdateStationInput!, $b: UpdateStationInput!) {
		a: updateStation(input: $a) { station { brand } } b: updateStation(input: $b) { station { brand } } }`, apitest.Vars{
		"a": map[string]any{"id": globalID("Station", f.world.Spot("430121").Station), "brand": "县站"},
		"b": map[string]any{"id": globalID("Station", f.world.Spot("430102").Station), "brand": "邻县站"},
	})
	f.equal("of two changes", string(answer.Data), `{"a":{"station":{"brand":"县站"}},"b":null}`)
	f.equal("the refusal", []any{answer.Code(), answer.Errors[0].Path}, []any{"NOT_FOUND", []any{"b"}})
	answer = f.county.Do(`{ a: stations(division: "430121107", first: 1) { totalCount } b: stations(division: "430102", first: 1) { totalCount } }`, nil)
	f.equal("of two lists", string(answer.Data), `{"a":{"totalCount":3},"b":null}`)
	f.equal("the refusal", []any{answer.Code(), answer.Errors[0].Path}, []any{"NOT_FOUND", []any{"b"}})
}

// TestHealth asks the two questions of whoever keeps the server running.
func TestHealth(t *testing.T) {
	s := apitest.New(t)
	if status, body := s.Fetch("/healthz"); status != http.StatusOK || !strings.Contains(body, `"ok"`) {
		t.Errorf("/healthz: %d %s", status, body)
	}
	if status, body := s.Fetch("/readyz"); status != http.StatusOK || !strings.Contains(body, `"database":"ok"`) {
		t.Errorf("/readyz: %d %s", status, body)
	}
	if err := s.Serving.Close(); err != nil {
		t.Fatal(err)
	}
	if status, body := s.Fetch("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, `"database":"failed"`) {
		t.Errorf("/readyz without a database: %d %s", status, body)
	}
	if status, _ := s.Fetch("/healthz"); status != http.StatusOK {
		t.Errorf("/healthz without a database: %d", status)
	}
	answer := s.As(viewer.NationAdmin, place.Nation).Do(`{ division(code: "43") { name } }`, nil)
	if answer.Code() != "INTERNAL" {
		t.Errorf("a query without a database: %s", answer.Body)
	}
	checkWords(t, answer)
}
