package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// meeting is a flow of appointments at the station of a village, with everyone who has a part in them.
type meeting struct {
	*loop
	day, deputyID, departmentID string // opaque ids
	keeper, host, bureau        *apitest.Caller
	keeperAccount, hostAccount  uuid.UUID
}

const meetingPlace = "430121107201"

func newMeeting(t *testing.T) *meeting {
	t.Helper()
	f := newFlow(t)
	m := &meeting{loop: &loop{flow: f, town: f.town}}
	village, county := f.world.Spot(meetingPlace), f.world.Spot("430121")
	station, host := uuid.MustParse(village.Station), uuid.MustParse(apitest.Who(apitest.Double))
	m.day, m.deputyID, m.departmentID = globalID("VisitDay", apitest.Of("day", meetingPlace)), globalID("Deputy", host.String()), globalID("Organ", county.Department)
	_, m.keeperAccount = m.signedIn(viewer.StationKeeper, meetingPlace, &station)
	m.keeper = f.As(viewer.StationKeeper, place.MustParse(meetingPlace), apitest.Station(station), apitest.Subject(m.keeperAccount.String()))
	m.hostAccount = m.Account("host", "irrelevant", viewer.Deputy, place.MustParse("430121107"))
	if _, err := m.Owner.ExecContext(t.Context(), `UPDATE account SET deputy_id = $2 WHERE id = $1`, m.hostAccount, host); err != nil {
		t.Fatal(err)
	}
	m.host = f.As(viewer.Deputy, place.MustParse("430121107"), apitest.Person(host), apitest.Subject(m.hostAccount.String()))
	m.bureau = f.As(viewer.Department, place.MustParse("430121"), apitest.Organ(uuid.MustParse(county.Department)))
	return m
}

// wanted is what a citizen asks for, with changes; a nil takes a field out.
func (m *meeting) wanted(change map[string]any) map[string]any {
	in := map[string]any{
		"visitDay": m.day, "deputy": m.deputyID, "topic": "村口路灯长期不亮", "name": "秦己", "phone": "139 7777 6666", "consent": "A2026-1",
	}
	maps.Copy(in, change)
	maps.DeleteFunc(in, func(_ string, v any) bool { return v == nil })
	return in
}

// asked is the opaque id of the appointment of a number.
func (m *meeting) asked(number string) string {
	m.t.Helper()
	var id string
	if err := m.Owner.QueryRowContext(m.t.Context(), `SELECT id FROM appointment WHERE number = $1`, number).Scan(&id); err != nil {
		m.t.Fatal(err)
	}
	return globalID("Appointment", id)
}

// notices has everyone told whom the notices in the queue concern, as the jobs do.
func (m *meeting) notices() {
	m.t.Helper()
	rows, err := m.Owner.QueryContext(m.t.Context(), `SELECT args->>'notice', args->>'entity', args->>'id', args->>'cause', args->>'by'
		FROM river_job WHERE kind = 'notice' ORDER BY id`)
	if err != nil {
		m.t.Fatal(err)
	}
	defer rows.Close()
	clockwork := workflow.NewClockwork(m.Client, workflow.ClockworkOptions{})
	for rows.Next() {
		var n workflow.Notice
		if err := rows.Scan(&n.What, &n.Entity, &n.ID, &n.Cause, &n.By); err != nil {
			m.t.Fatal(err)
		}
		if err := clockwork.Notify(m.t.Context(), n); err != nil {
			m.t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		m.t.Fatal(err)
	}
}

const myNotices = `{ notifications(first: 3) { totalCount edges { node { notice title event { step } opinion { id } target { __typename id } } } } }`

// TestCitizensAppointment takes an appointment from the scanned code to what comes of it, over HTTP: the citizen has no account.
func TestCitizensAppointment(t *testing.T) {
	m := newMeeting(t)
	consent := m.ask(m.Nobody(), `{ appointmentConsent { version purpose text } }`)
	if at(consent, "version") != "A2026-1" || !strings.Contains(fmt.Sprint(at(consent, "text")), "姓名和电话只由该联络站") {
		t.Errorf("the consent: %v", consent)
	}
	open := m.ask(m.Nobody(), fmt.Sprintf(`{ openVisitDays(code: %q) { station place days { id day beginsAt location theme deputies { id level } } departments { id } } }`,
		"QR"+m.world.Spot(meetingPlace).Code))
	m.equal("the days", at(open, "days"), []any{map[string]any{
		"id": m.day, "day": "2031-05-15", "beginsAt": "2031-05-15T01:00:00Z", "location": "一楼大厅", "theme": "倾听民声",
		"deputies": []any{map[string]any{"id": m.deputyID, "level": "TOWNSHIP"}},
	}})
	if !strings.Contains(fmt.Sprint(at(open, "departments")), m.departmentID) {
		t.Errorf("the departments: %v", at(open, "departments"))
	}

	input := m.wanted(map[string]any{"idempotencyKey": "一次"})
	made := m.do(m.Nobody(), "bookAppointment", "number token requestedAt", input)
	again := m.do(m.Nobody(), "bookAppointment", "number token requestedAt", input)
	number, token := made["number"].(string), made["token"].(string)
	if again["number"] != number || again["token"] == token || made["requestedAt"] == nil {
		t.Errorf("booked %v and %v", made, again)
	}
	status := func(fields string, by string) *apitest.Answer {
		return m.Nobody().Do(fmt.Sprintf(`{ appointmentStatus(number: %q, %s) { %s } }`, number, by, fields), nil)
	}
	if a := status("state", fmt.Sprintf("token: %q", again["token"])); !strings.Contains(a.Body, `"REQUESTED"`) {
		t.Errorf("by the second token: %s", a.Body)
	}
	wrong := status("state", `token: "x"`)
	unknown := m.Nobody().Do(fmt.Sprintf(`{ appointmentStatus(number: "260101-00000000", token: %q) { state } }`, token), nil)
	if wrong.Body != unknown.Body || wrong.Code() != "NOT_FOUND" {
		t.Errorf("a wrong token answers %s, an unknown number %s", wrong.Body, unknown.Body)
	}

	id := m.asked(number)
	seen := `{ node(id: "` + id + `") { ... on Appointment { topic requesterMasked phoneMasked contact { name phone } stationName visitDay { day } deputy { id } stateTitle } } }`
	shown := map[string]any{
		"topic": "村口路灯长期不亮", "requesterMasked": "秦**", "phoneMasked": "139****6666", "contact": nil, "stationName": "果园镇一村人大代表联络站",
		"visitDay": map[string]any{"day": "2031-05-15"}, "deputy": map[string]any{"id": m.deputyID}, "stateTitle": "待确认",
	}
	m.equal("to the county", m.ask(m.county, seen), shown)
	m.equal("to the deputy", m.ask(m.host, seen), shown)
	m.equal("to another department", m.ask(m.bureau, seen), nil)
	m.equal("to another county", m.ask(m.otherCounty, seen), nil)
	shown["contact"] = map[string]any{"name": "秦己", "phone": "139 7777 6666"}
	m.equal("to the keeper", m.ask(m.keeper, seen), shown)
	m.equal("to the township", m.ask(m.town, seen), shown)

	m.notices()
	m.equal("the keeper is told", m.ask(m.keeper, myNotices), map[string]any{"totalCount": 1, "edges": []any{map[string]any{"node": map[string]any{
		"notice": "APPOINTMENT_REQUESTED", "title": "约见申请", "event": nil, "opinion": nil,
		"target": map[string]any{"__typename": "Appointment", "id": id},
	}}}})
	if own := m.ask(m.host, `{ appointments(first: 100, filter: {open: true}) { edges { node { number } } } }`); !strings.Contains(fmt.Sprint(own), number) {
		t.Errorf("the deputy's own list: %v", own)
	}
	m.do(m.host, "acceptAppointment", "appointment { id }", map[string]any{"id": id, "expectedVersion": 1})
	m.refuseField(m.keeper, "CONFLICT", "STATE", "id", "acceptAppointment", map[string]any{"id": id})
	m.notices()
	m.equal("the keeper is told of the decision", at(m.ask(m.keeper, myNotices), "edges", 0, "node", "title"), "约见结果")
	m.equal("whoever decided is not", at(m.ask(m.host, myNotices), "totalCount"), 1)
	m.refuseField(m.keeper, "CONFLICT", "NOT_YET", "id", "concludeAppointment", map[string]any{"id": id, "kept": true})

	pass := map[string]any{"number": strings.ToLower(number), "phone": "13977776666"}
	m.equal("withdrawn", at(m.do(m.Nobody(), "withdrawAppointment", "appointment { state stateTitle mayWithdraw }", pass), "appointment"),
		map[string]any{"state": "WITHDRAWN", "stateTitle": "已撤回", "mayWithdraw": false})
	m.refuseField(m.Nobody(), "CONFLICT", "STATE", "number", "withdrawAppointment", pass)
}

// refuseField does a verb that must be refused with a code, for one field.
func (m *meeting) refuseField(c *apitest.Caller, code, fieldCode, field, verb string, input map[string]any) {
	m.t.Helper()
	answer := c.Do("mutation($input: "+strings.ToUpper(verb[:1])+verb[1:]+"Input!) { "+verb+"(input: $input) { __typename } }", apitest.Vars{"input": input})
	if len(answer.Errors) != 1 || answer.Code() != code || len(answer.Errors[0].Extensions.Fields) != 1 {
		m.t.Errorf("%s: %s, want %s for one field", verb, answer.Body, code)
		return
	}
	f := answer.Errors[0].Extensions.Fields[0]
	m.equal(verb+" is refused", []any{f.Code, f.Path}, []any{fieldCode, []any{"input", field}})
	checkWords(m.t, answer)
}

// What may not be asked for is refused alike for citizens and, at the counter, for officers; nothing is kept of it.
func TestAppointmentRefusals(t *testing.T) {
	m := newMeeting(t)
	before := m.count("appointment")
	for name, c := range map[string]struct {
		change                 map[string]any
		code, fieldCode, field string
	}{
		"a day that is over":     {map[string]any{"visitDay": globalID("VisitDay", apitest.Of("day held", meetingPlace))}, "CONFLICT", "STATE", "visitDay"},
		"not published":          {map[string]any{"visitDay": globalID("VisitDay", apitest.Of("day planned", meetingPlace))}, "NOT_FOUND", "NOT_FOUND", "visitDay"},
		"no day":                 {map[string]any{"visitDay": globalID("VisitDay", uuid.NewString())}, "NOT_FOUND", "NOT_FOUND", "visitDay"},
		"no id":                  {map[string]any{"visitDay": "2031-05-15"}, "INVALID", "MALFORMED", "visitDay"},
		"not on duty":            {map[string]any{"deputy": globalID("Deputy", m.world.Spot("430121").Deputy)}, "CONFLICT", "NOT_ON_DUTY", "deputy"},
		"another province's":     {map[string]any{"deputy": nil, "organ": globalID("Organ", m.world.Spot("440305").Department)}, "NOT_FOUND", "NOT_FOUND", "organ"},
		"neither":                {map[string]any{"deputy": nil}, "INVALID", "REQUIRED", "deputy"},
		"both":                   {map[string]any{"organ": m.departmentID}, "INVALID", "EXCLUSIVE", "organ"},
		"without consent":        {map[string]any{"consent": "x"}, "INVALID", "REQUIRED", "consent"},
		"a number that is none":  {map[string]any{"phone": "电话"}, "INVALID", "MALFORMED", "phone"},
		"a topic of two metres":  {map[string]any{"topic": strings.Repeat("长", 501)}, "INVALID", "TOO_LONG", "topic"},
		"a topic that is empty ": {map[string]any{"topic": " "}, "INVALID", "REQUIRED", "topic"},
	} {
		t.Run(name, func(t *testing.T) {
			m.refuseField(m.Nobody(), c.code, c.fieldCode, c.field, "bookAppointment", m.wanted(c.change))
		})
	}
	m.refuseField(m.keeper, "CONFLICT", "NOT_PUBLISHED", "visitDay", "requestAppointment",
		m.wanted(map[string]any{"visitDay": globalID("VisitDay", apitest.Of("day planned", meetingPlace))}))
	m.refuseField(m.otherCounty, "NOT_FOUND", "NOT_FOUND", "visitDay", "requestAppointment", m.wanted(nil))
	if answer := m.host.Do(`mutation($input: RequestAppointmentInput!) { requestAppointment(input: $input) { number } }`,
		apitest.Vars{"input": m.wanted(nil)}); answer.Code() != "FORBIDDEN" {
		t.Errorf("a deputy asks: %s", answer.Body)
	}
	if answer := m.Nobody().Do(`mutation { bookAppointment { nothing } }`, nil); answer.Code() != "INVALID" {
		t.Errorf("no operation, from a stranger: %s", answer.Body)
	}
	if after := m.count("appointment"); after != before {
		t.Errorf("%d appointments, before %d", after, before)
	}
}

// A department is asked, by an organ: it sees who asks and where by name, and decides in its own list.
func TestDepartmentIsAsked(t *testing.T) {
	m := newMeeting(t)
	askable := m.ask(m.keeper, `{ askableDepartments(station: "`+globalID("Station", m.world.Spot(meetingPlace).Station)+`") { id name } }`)
	if !strings.Contains(fmt.Sprint(askable), m.departmentID) {
		t.Errorf("askable: %v", askable)
	}
	made := m.do(m.town, "requestAppointment", "number token appointment { id organName requesterOrganName requesterMasked }", m.wanted(map[string]any{
		"deputy": nil, "organ": m.departmentID, "officialTitle": "局长", "name": nil, "phone": nil, "consent": nil,
		"requesterOrgan": globalID("Organ", m.world.Spot("430121107").Organ),
	}))
	id := at(made, "appointment", "id").(string)
	if at(made, "appointment", "organName") == nil || at(made, "appointment", "requesterMasked") != nil {
		t.Errorf("asked: %v", made)
	}
	if own := m.ask(m.bureau, `{ appointments(first: 100, filter: {states: [REQUESTED]}) { edges { node { id } } } }`); !strings.Contains(fmt.Sprint(own), id) {
		t.Errorf("the department's own list: %v", own)
	}
	row := m.ask(m.bureau, `{ node(id: "`+id+`") { ... on Appointment { id topic stationName officialTitle requesterOrganName visitDay { day } station { id } } } }`)
	m.equal("to the department", row, map[string]any{
		"id": id, "topic": "村口路灯长期不亮", "stationName": "果园镇一村人大代表联络站", "officialTitle": "局长",
		"requesterOrganName": at(made, "appointment", "requesterOrganName"), "visitDay": map[string]any{"day": "2031-05-15"}, "station": nil,
	})
	declined := at(m.do(m.bureau, "declineAppointment", "appointment { state reason }", map[string]any{"id": id, "reason": "当日有会议"}), "appointment")
	m.equal("declined", declined, map[string]any{"state": "DECLINED", "reason": "当日有会议"})
	m.equal("the organ that asked follows it", at(m.ask(m.Nobody(),
		fmt.Sprintf(`{ appointmentStatus(number: %q, token: %q) { state reason } }`, made["number"], made["token"])), "reason"), "当日有会议")
}

// A list of fifty appointments costs as many statements as a list of two, one with a deputy and one with an official; and so do notifications with what
// they are about.
func TestAppointmentStatements(t *testing.T) {
	m := newMeeting(t)
	if _, err := m.Owner.ExecContext(t.Context(), `
		INSERT INTO appointment (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, number, station_id, visit_day_id,
			deputy_id, organ_id, requester_organ_id, topic, state, requested_at)
		SELECT ('ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, now(), now(), d.code, d.province_code, d.city_code, d.county_code, d.township_code, 'N' || n, d.station_id, d.id,
			CASE WHEN n % 2 = 0 THEN $2::uuid END, CASE WHEN n % 2 = 1 THEN $3::uuid END, $3, '路灯', 'REQUESTED', now()
		FROM visit_day d, generate_series(1, 120) n WHERE d.id = $1`,
		apitest.Of("day", meetingPlace), apitest.Who(apitest.Double), m.world.Spot("430121").Department); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Owner.ExecContext(t.Context(), `
		INSERT INTO notification (id, created_at, updated_at, subject, notice, entity, entity_id, cause_id)
		SELECT gen_random_uuid(), now(), now(), $1, 'APPOINTMENT_REQUESTED', 'Appointment', id, gen_random_uuid() FROM appointment WHERE number LIKE 'N%'`,
		m.keeperAccount.String()); err != nil {
		t.Fatal(err)
	}
	const fields = `totalCount edges { node { topic stateTitle contact { name } requesterOrgan { name } requesterOrganName station { name } stationName division { name }
		visitDay { day } deputy { name } organ { name } organName } }`
	station := globalID("Station", m.world.Spot(meetingPlace).Station)
	for name, c := range map[string]struct {
		caller *apitest.Caller
		query  string
		most   int64
	}{
		"of a division":   {m.county, `{ appointments(division: "430121", first: %d) { ` + fields + ` } }`, 14},
		"of a department": {m.bureau, `{ appointments(first: %d) { ` + fields + ` } }`, 14},
		"of a deputy":     {m.host, `{ appointments(first: %d) { ` + fields + ` } }`, 14},
		"of a station":    {m.keeper, `{ node(id: "` + station + `") { ... on Station { appointments(first: %d) { ` + fields + ` } } } }`, 15},
		"of a day":        {m.keeper, `{ node(id: "` + m.day + `") { ... on VisitDay { appointments(first: %d) { ` + fields + ` } } } }`, 15},
		"notifications":   {m.keeper, `{ notifications(first: %d) { edges { node { title target { ... on Appointment { topic visitDay { day } } } } } } }`, 5},
	} {
		t.Run(name, func(t *testing.T) {
			counts := map[int]int64{}
			for _, n := range []int{2, 50} {
				before := m.Statements()
				answer := c.caller.Do(fmt.Sprintf(c.query, n), nil)
				if len(answer.Errors) > 0 {
					t.Fatal(answer.Body)
				}
				if got := strings.Count(answer.Body, `"node":{"t`); got != n {
					t.Fatalf("%d rows instead of %d", got, n)
				}
				counts[n] = m.Statements() - before
			}
			t.Logf("%d statements", counts[2])
			if counts[2] != counts[50] || counts[2] > c.most {
				t.Errorf("%d statements for 2 rows, %d for 50, at most %d", counts[2], counts[50], c.most)
			}
		})
	}
}

// TestPagesOfAppointments plays a citizen with nothing but a browser: from the code on the wall to the withdrawal.
func TestPagesOfAppointments(t *testing.T) {
	m := newMeeting(t)
	b := newBrowser(m.Server, t)
	path := "/q/QR" + m.world.Spot(meetingPlace).Code + "/appointment"
	b.get(strings.TrimSuffix(path, "/appointment")).is(http.StatusOK, "预约代表接待")
	first := b.get(path).is(http.StatusOK, "果园镇一村人大代表联络站", "2031-05-15 09:00 至 11:00", "乡镇人大代表", "安排约见,并将结果告知您")
	who := apitest.Of("day", meetingPlace) + "/" + apitest.Who(apitest.Double)
	wrong := first.form(path).tick("choice", who).fill("topic", "灯").fill("name", "秦己").fill("phone", "139 7777 6666").tick("consent").
		send().is(http.StatusUnprocessableEntity, "请检查下列各项", "约见事项至少 2 个字")
	f := wrong.form(path).fill("topic", "村口路灯长期不亮")
	done := f.send().is(http.StatusCreated, "您的预约已登记")
	number, token := done.receipt("约见编号"), done.receipt("查询凭证")
	f.send().is(http.StatusCreated, number) // sent twice, it is one
	status := done.form("/appointment").send().is(http.StatusOK, number, "待确认", "村口路灯长期不亮", "2031-05-15 09:00")
	look := func(number, secret string) *page {
		return b.get("/appointment").is(http.StatusOK).form("/appointment").fill("number", number).fill("secret", secret).send()
	}
	look(number, "13977776666").is(http.StatusOK, "待确认")
	look(number, "13977776667").is(http.StatusNotFound, "编号或凭证不正确")
	look("260101-00000000", token).is(http.StatusNotFound, "编号或凭证不正确")
	status.form("/appointment/withdraw").send().is(http.StatusOK, "已撤回")
	b.get("/q/NOSUCHCODE/appointment").is(http.StatusNotFound, "二维码已失效")
}
