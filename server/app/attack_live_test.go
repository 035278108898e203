package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// live is a world that changes under people who are signed in. What changed holds on the very next request, with the token, the address or the
// code that was good before.
type live struct {
	*loop
	attacks []attack
	n       int
}

// liveAttacks are the changes, each with what could be done until then.
func liveAttacks(t *testing.T) (*apitest.Server, []attack) {
	t.Helper()
	l := &live{loop: newLoop(t)}
	l.accounts()
	l.deputies()
	l.stations()
	l.departments()
	l.addresses()
	l.divisions() // the last, since codes are others then
	return l.Server, l.attacks
}

// session signs an account in that was made for it.
func (l *live) session(role viewer.Role, code string, columns string, args ...any) (id uuid.UUID, s tokens) {
	l.t.Helper()
	l.n++
	name := fmt.Sprintf("live-%d", l.n)
	id = l.Account(name, "correct horse battery", role, place.MustParse(code))
	if columns != "" {
		l.exec(`UPDATE account SET `+columns+` WHERE id = $1`, append([]any{id}, args...)...)
	}
	return id, granted(l.t, signIn(l.Nobody(), name, "correct horse battery"))
}

func (l *live) exec(query string, args ...any) {
	l.t.Helper()
	if _, err := l.Owner.ExecContext(l.t.Context(), query, args...); err != nil {
		l.t.Fatal(err)
	}
}

// by is a change of the database's rows.
func (l *live) by(query string, args ...any) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		if _, err := l.Owner.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
}

// doing is a change by a mutation.
func (l *live) doing(c *apitest.Caller, verb, selection string, input map[string]any) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		if got := sendTo(t, l.Server, change(c.Token, verb, selection, input)); len(got.Errors) > 0 {
			t.Fatalf("%s: %s", verb, got.Body)
		}
	}
}

// after adds a change: the same request is answered before, with what it shows, and not after.
func (l *live) after(name string, sent sending, shows string, change func(*testing.T), want verdict) {
	if want.code == "UNAUTHENTICATED" && want.status == 0 {
		want.status = http.StatusUnauthorized
	}
	if want.status == 0 {
		want.status = http.StatusOK
	}
	want.statements = anyStatements
	l.attacks = append(l.attacks, attack{name: "live: " + name, control: sent, shows: shows, change: change, sent: sent, want: want})
}

// gone is a null where there was something.
func gone(secrets ...string) verdict { return verdict{secrets: secrets} }

const whoAsks = `{ viewer { role division { code } } }`

// accounts that are closed, or are something else now.
func (l *live) accounts() {
	village, town := l.world.Spot("430121102201"), l.world.Spot("430121102")
	shut := verdict{code: "UNAUTHENTICATED"}
	move := `UPDATE account SET code = d.code, province_code = d.province_code, city_code = d.city_code, county_code = d.county_code,
		township_code = d.township_code, division_id = d.id FROM division d WHERE account.id = $1 AND d.code = $2`
	for _, x := range []struct {
		name    string
		role    viewer.Role
		code    string
		columns string
		args    []any
		change  string
		more    []any
	}{
		{"an account is closed", viewer.CountyAdmin, "430121", "", nil, `UPDATE account SET status = 'CLOSED' WHERE id = $1`, nil},
		{"an account loses its role for a lesser one", viewer.CountyAdmin, "430121", "", nil, `UPDATE account SET role = 'COMMITTEE_STAFF' WHERE id = $1`, nil},
		{"an account is given a greater role", viewer.CommitteeStaff, "430121", "", nil, `UPDATE account SET role = 'COUNTY_ADMIN' WHERE id = $1`, nil},
		{"an account goes to another county", viewer.CountyAdmin, "430121", "", nil, move, []any{430102000000}},
		{"an account goes to a place below", viewer.CommitteeStaff, "430121", "", nil, move, []any{430121107000}},
		{"a keeper goes to another station of the place", viewer.StationKeeper, "430121102201", "station_id = $2", []any{village.Station}, `UPDATE account SET station_id = $2 WHERE id = $1`, []any{village.Closed}},
		{"a keeper has no station any more", viewer.StationKeeper, "430121102201", "station_id = $2", []any{village.Station}, `UPDATE account SET station_id = NULL WHERE id = $1`, nil},
		{"an account is another deputy's", viewer.Deputy, "430121102", "deputy_id = $2", []any{town.Deputy}, `UPDATE account SET deputy_id = $2 WHERE id = $1`, []any{l.world.Spot("430121").Deputy}},
		{"an account is another department's", viewer.Department, "430121", "organ_id = $2", []any{l.world.Spot("430121").Department}, `UPDATE account SET organ_id = $2 WHERE id = $1`, []any{l.world.Spot("430121").Bureau}},
	} {
		id, s := l.session(x.role, x.code, x.columns, x.args...)
		l.after(x.name, operation(s.AccessToken, whoAsks, nil), string(x.role), l.by(x.change, append([]any{id}, x.more...)...), shut)
	}
	id, s := l.session(viewer.CountyAdmin, "430121", "")
	renewed := granted(l.t, refresh(l.Nobody(), s.RefreshToken))
	renew := func(token string) sending {
		return operation("", `mutation($i: RefreshSessionInput!) { refreshSession(input: $i) `+tokenFields+` }`, apitest.Vars{"i": map[string]any{"refreshToken": token}})
	}
	l.attacks = append(l.attacks, attack{
		name: "live: an account is closed, and a refresh token of it is exchanged", control: operation(renewed.AccessToken, whoAsks, nil), shows: "COUNTY_ADMIN",
		change: l.by(`UPDATE account SET status = 'CLOSED' WHERE id = $1`, id), sent: renew(renewed.RefreshToken),
		want: verdict{status: http.StatusOK, code: "UNAUTHENTICATED", statements: anyStatements},
	})
	id, s = l.session(viewer.CountyAdmin, "430121", "")
	l.attacks = append(l.attacks, attack{
		name: "live: an account is closed, and signs in again", control: operation(s.AccessToken, whoAsks, nil), shows: "COUNTY_ADMIN",
		change: l.by(`UPDATE account SET status = 'CLOSED' WHERE id = $1`, id),
		sent: operation("", `mutation($i: SignInInput!) { signIn(input: $i) `+tokenFields+` }`, apitest.Vars{"i": map[string]any{
			"username": fmt.Sprintf("live-%d", l.n), "password": "correct horse battery",
		}}),
		want: verdict{status: http.StatusOK, code: "UNAUTHENTICATED", statements: anyStatements},
	})
}

func node(token, id string) sending { return operation(token, nodeQuery, apitest.Vars{"id": id}) }

// deputies whose postings and mandates end.
func (l *live) deputies() {
	w := l.world
	crossing := l.As(viewer.Deputy, place.MustParse("430121107"), apitest.Person(uuid.MustParse(apitest.Who(apitest.Crossing))))
	far, farOpinion := w.Spot("430102"), globalID("Opinion", w.Spot("430102").Opinion)
	other := l.otherCounty
	l.after("a posting is withdrawn: the deputy sees the case of the station no more", node(crossing.Token, farOpinion), farOpinion,
		l.doing(other, "withdrawPosting", "posting { id }", map[string]any{"id": globalID("Posting", apitest.Who(apitest.Crossing, "cross")), "endedOn": "2025-06-30"}), gone(farOpinion))
	l.attacks = append(l.attacks,
		attack{
			name: "live: a posting is withdrawn: the station is not the deputy's any more", control: node(other.Token, globalID("Station", far.Station)), shows: globalID("Station", far.Station),
			sent: node(crossing.Token, globalID("Station", far.Station)), want: verdict{status: 200, statements: anyStatements, secrets: []string{globalID("Station", far.Station)}},
		},
		attack{
			name: "live: a posting is withdrawn: the area sees the guest no more", control: node(l.county.Token, globalID("Deputy", apitest.Who(apitest.Crossing))), shows: globalID("Deputy", apitest.Who(apitest.Crossing)),
			sent: node(other.Token, globalID("Deputy", apitest.Who(apitest.Crossing))), want: verdict{status: 200, statements: anyStatements, secrets: []string{globalID("Deputy", apitest.Who(apitest.Crossing))}},
		},
		attack{
			name: "live: a posting is withdrawn: the deputy's code leads nowhere", control: operation("", `query($t: String!) { code(text: $t) { station } }`, apitest.Vars{"t": "QR" + apitest.CodeOf(w.Spot("430102002").Station)}), shows: "station",
			sent: operation("", `query($t: String!) { code(text: $t) { station } }`, apitest.Vars{"t": "QR" + apitest.CodeOf(apitest.Who(apitest.Crossing, "cross"))}),
			want: verdict{status: 200, code: "NOT_FOUND", statements: anyStatements},
		})

	deputy := l.As(viewer.Deputy, place.MustParse("431002"), apitest.Person(uuid.MustParse(w.Spot("431002").Deputy)))
	opinion, mandate := globalID("Opinion", w.Spot("431002").Opinion), globalID("Mandate", w.Spot("431002").Mandate)
	end := l.doing(l.As(viewer.CountyAdmin, place.MustParse("431002")), "endMandate", "mandate { id }", map[string]any{"id": mandate, "endedOn": "2025-06-30", "reason": "RESIGNED"})
	l.after("a mandate ends: the deputy sees the cases of the station no more", node(deputy.Token, opinion), opinion, end, gone(opinion))
	portal := l.As(viewer.Portal, place.MustParse("4310"))
	l.attacks = append(l.attacks,
		attack{
			name: "live: a mandate ends: portals do not show it", control: node(portal.Token, globalID("Station", w.Spot("431002").Station)), shows: globalID("Station", w.Spot("431002").Station),
			sent: node(portal.Token, mandate), want: verdict{status: 200, statements: anyStatements, secrets: []string{mandate}},
		},
		attack{
			name: "live: a mandate ends: the deputy records no more opinions at the station", control: node(deputy.Token, mandate), shows: mandate,
			sent: change(deputy.Token, "recordOpinion", "number", map[string]any{"station": globalID("Station", w.Spot("431002").Station), "channel": "VISIT", "content": "路灯不亮需要尽快修复", "consent": "2026-1"}),
			want: verdict{status: 200, code: "NOT_FOUND", statements: anyStatements},
		},
		attack{
			name: "live: a mandate ends: its code leads nowhere", control: node(deputy.Token, mandate), shows: mandate,
			sent: operation("", `query($t: String!) { code(text: $t) { station } }`, apitest.Vars{"t": "QR" + apitest.CodeOf(w.Spot("431002").Posting)}),
			want: verdict{status: 200, code: "NOT_FOUND", statements: anyStatements},
		})
}

// stations that close, offices that end, codes that are revoked.
func (l *live) stations() {
	w := l.world
	s := w.Spot("430121107202")
	station := globalID("Station", s.Station)
	at := place.MustParse("430121107202")
	town, keeper := l.flow.town, l.As(viewer.StationKeeper, at, apitest.Station(uuid.MustParse(s.Station)))
	record := func(content string) sending {
		return change(keeper.Token, "recordOpinion", "number", map[string]any{"station": station, "channel": "IN_PERSON", "content": content, "consent": "2026-1"})
	}
	scan := operation("", `query($t: String!) { code(text: $t) { station place } }`, apitest.Vars{"t": "QR" + s.Code})
	submit := operation("", `mutation($i: SubmitOpinionInput!) { submitOpinion(input: $i) { number } }`, apitest.Vars{"i": map[string]any{
		"code": "QR" + s.Code, "content": "桥面破损,雨天积水", "consent": "2026-1",
	}})
	staff := operation(town.Token, `query($id: ID!) { node(id: $id) { ... on Station { staff { id } } } }`, apitest.Vars{"id": station})
	l.after("an office ends: the person is not listed at the station", staff, globalID("StationStaff", s.Staff),
		l.doing(town, "dismissStaff", "staff { id }", map[string]any{"id": globalID("StationStaff", s.Staff), "endedOn": "2025-06-30"}), gone(globalID("StationStaff", s.Staff)))
	l.after("a code is replaced: the one on the wall leads nowhere", scan, `"station":`,
		l.doing(town, "replaceCode", "code { id }", map[string]any{"station": station, "reason": "张贴的码被损坏"}), verdict{code: "NOT_FOUND"})
	l.attacks = append(l.attacks, attack{
		name: "live: a code is replaced: nothing is submitted by it", control: record("路灯不亮需要尽快修复"), shows: "number", sent: submit, want: verdict{status: 200, code: "NOT_FOUND", statements: anyStatements},
	})
	l.after("a station closes: nothing is booked there", record("沿街路面积水需要疏通"), "number",
		l.doing(town, "closeStation", "station { id }", map[string]any{"id": station, "closedOn": "2025-06-30", "reason": "合并到一村"}), verdict{code: "CONFLICT"})
	posted := globalID("Station", w.Spot("430121107201").Station)
	double := l.As(viewer.Deputy, place.MustParse("430121107"), apitest.Person(uuid.MustParse(apitest.Who(apitest.Double))))
	l.after("a station closes: its deputies see it no more", node(double.Token, posted), posted,
		l.doing(town, "closeStation", "station { id }", map[string]any{"id": posted, "closedOn": "2025-06-30", "reason": "合并到二村"}), gone(posted))
}

// departments that a case is taken from.
func (l *live) departments() {
	w := l.world
	opinion := l.record(nil)["opinion"].(map[string]any)["id"].(string)
	l.analysed()
	l.step(l.county, "assignOpinion", map[string]any{"lead": l.department}, map[string]any{"state": "ASSIGNED", "waitsOn": "LEAD", "leadOrgan": map[string]any{"id": l.department}})
	note := operation(l.building.Token, nodeQuery, apitest.Vars{"id": opinion})
	take := change(l.building.Token, "takeOpinion", "opinion { id }", map[string]any{"id": opinion})
	l.attacks = append(l.attacks, attack{
		name: "live: a case goes to another department: the former takes no step", control: note, shows: opinion,
		change: func(t *testing.T) {
			t.Helper()
			l.doing(l.building, "requestReturn", "opinion { id }", map[string]any{"id": opinion, "text": "不属于本单位职责范围"})(t)
			l.doing(l.county, "assignOpinion", "opinion { id }", map[string]any{"id": opinion, "lead": globalID("Organ", w.Spot("430121").Bureau)})(t)
		},
		sent: take, want: verdict{status: 200, code: "FORBIDDEN", statements: anyStatements},
	})
	desk := operation(l.building.Token, `{ myDesk(first: 100) { edges { node { id } } } }`, nil)
	l.attacks = append(l.attacks, attack{
		name: "live: a case goes to another department: it waits on the former's desk no more", control: note, shows: opinion,
		sent: desk, want: verdict{status: 200, statements: anyStatements, secrets: []string{opinion}},
	})
}

// addresses of files, whose holders lose the right to them.
func (l *live) addresses() {
	w := l.world
	l.record(map[string]any{"files": []string{l.sent(l.keeper, "", snapshot(1))}})
	exports := func(token, mandate string) string {
		l.t.Helper()
		got := sendTo(l.t, l.Server, operation(token, `query($id: ID!) { dutyArchive(mandate: $id) { exports { html } } }`, apitest.Vars{"id": mandate}))
		var data struct {
			DutyArchive struct{ Exports struct{ HTML string } }
		}
		mustRead(l.t, got, &data)
		return data.DutyArchive.Exports.HTML
	}
	mandate := globalID("Mandate", w.Spot("430121").Mandate)
	for _, x := range []struct{ name, change string }{
		{"an account is closed", `UPDATE account SET status = 'CLOSED' WHERE id = $1`}, {"an account has another role", `UPDATE account SET role = 'SUPERVISOR' WHERE id = $1`},
	} {
		id, s := l.session(viewer.CountyAdmin, "430121", "")
		picture := at(l.attachments(l.With(s.AccessToken)), 0, "url").(string)
		document := exports(s.AccessToken, mandate)
		l.attacks = append(l.attacks, attack{
			name: "live: " + x.name + ", and the address of an attachment", control: operation(s.AccessToken, whoAsks, nil), shows: "COUNTY_ADMIN",
			change: l.opened(picture, l.by(x.change, id)), sent: fetching("", picture), want: verdict{status: 404, statements: anyStatements},
		}, attack{
			name: "live: " + x.name + ", and the address of an archive", control: operation(l.county.Token, whoAsks, nil), shows: "COUNTY_ADMIN",
			sent: fetching("", document), want: verdict{status: 401, code: "UNAUTHENTICATED", statements: anyStatements},
		})
	}
	// The deputy of the place was posted to the station, and is no more.
	picture := at(l.attachments(l.deputy), 0, "url").(string)
	l.attacks = append(l.attacks, attack{
		name: "live: a posting is withdrawn, and the address of an attachment", control: node(l.deputy.Token, l.id), shows: l.id,
		change: l.opened(picture, l.by(`UPDATE posting SET ended_on = '2025-06-30' WHERE deputy_id = $1 AND station_id = $2`, w.Spot("430121102").Deputy, w.Spot("430121102201").Station)),
		sent:   fetching("", picture), want: verdict{status: 404, statements: anyStatements},
	})
	own := l.As(viewer.Deputy, place.MustParse("430102"), apitest.Person(uuid.MustParse(apitest.Who(apitest.Moved))))
	archive := exports(own.Token, globalID("Mandate", apitest.Who(apitest.Moved, "mandate")))
	l.attacks = append(l.attacks, attack{
		name: "live: a mandate is another's, and the address of its archive", control: operation(own.Token, whoAsks, nil), shows: "DEPUTY",
		change: l.opened(archive, l.by(`UPDATE mandate SET deputy_id = $1 WHERE id = $2`, apitest.Who(apitest.Suspended), apitest.Who(apitest.Moved, "mandate"))),
		sent:   fetching("", archive), want: verdict{status: 404, code: "NOT_FOUND", statements: anyStatements},
	})
}

// opened sees to it that an address opens before a change.
func (l *live) opened(address string, change func(*testing.T)) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		if got := sendTo(t, l.Server, fetching("", address)); got.Status != http.StatusOK {
			t.Errorf("before the change: %d %.100s", got.Status, got.Body)
		}
		change(t)
	}
}

// divisions that go elsewhere, with all that lies in them.
func (l *live) divisions() {
	w := l.world
	opinion := globalID("Opinion", w.Spot("430121107").Opinion)
	_, town := l.session(viewer.TownshipAdmin, "430121107", "")
	list := operation(l.county.Token, `{ opinions(division: "430121", first: 100) { edges { cursor node { id } } } }`, nil)
	cursor := ""
	got := sendTo(l.t, l.Server, list)
	var data struct {
		Opinions struct {
			Edges []struct {
				Cursor string
				Node   struct{ ID string }
			}
		}
	}
	mustRead(l.t, got, &data)
	for _, e := range data.Opinions.Edges {
		if e.Node.ID == opinion {
			cursor = e.Cursor
		}
	}
	made := map[string]any{"idempotencyKey": "撤并之前", "division": "430121107", "kind": "POINT", "name": "撤并前便民联络点", "openedOn": "2025-01-01"}
	create := change(l.county.Token, "createStation", "station { id }", made)
	transfer := l.doing(l.city, "transferDivision", "event { id }", map[string]any{"division": "430121107", "parent": "430102", "code": "430102117", "day": "2025-06-03"})
	l.after("a division goes to another county: the former sees its cases no more", node(l.county.Token, opinion), opinion, func(t *testing.T) {
		t.Helper()
		if got := sendTo(t, l.Server, create); len(got.Errors) > 0 {
			t.Fatal(got.Body)
		}
		transfer(t)
	}, gone(opinion))
	here := node(l.city.Token, opinion)
	add := func(name string, sent sending, want verdict) {
		want.statements = anyStatements
		l.attacks = append(l.attacks, attack{name: "live: a division goes to another county: " + name, control: here, shows: opinion, sent: sent, want: want})
	}
	add("the account's token of before", operation(town.AccessToken, whoAsks, nil), verdict{status: 401, code: "UNAUTHENTICATED"})
	add("an operator's token of the code of before", node(l.flow.town.Token, opinion), verdict{status: 200, secrets: []string{opinion}})
	add("the division itself, by the former county", operation(l.county.Token, `{ division(code: "430121107") { id } }`, nil), verdict{status: 200, secrets: []string{`"id"`}})
	add("its new code, by the former county", operation(l.county.Token, `{ division(code: "430102117") { id } }`, nil), verdict{status: 200, secrets: []string{`"id"`}})
	add("a cursor of before", operation(l.county.Token, `{ opinions(division: "430121", first: 100, before: null, after: "`+cursor+`") { edges { node { id } } } }`, nil), verdict{status: 200, secrets: []string{opinion}})
	add("a list of the former county", list, verdict{status: 200, secrets: []string{opinion, strings.TrimSpace(w.Place(apitest.Full("430121107")).Name)}})
	add("the retry of a request of before", create, verdict{status: 200, code: "NOT_FOUND"})
	add("a step on its case by the former county", change(l.county.Token, "assignOpinion", "opinion { id }", map[string]any{"id": opinion, "lead": l.department}), verdict{status: 200, code: "NOT_FOUND"})

	village := globalID("Station", w.Spot("430102001201").Station)
	keeper := l.As(viewer.StationKeeper, place.MustParse("430102001201"), apitest.Station(uuid.MustParse(w.Spot("430102001201").Station)))
	l.after("a division is merged into another: the keeper of the code of before sees nothing", node(keeper.Token, village), village,
		l.doing(l.otherCounty, "mergeDivisions", "event { id }", map[string]any{"divisions": []string{"430102001201"}, "into": "430102001202", "day": "2025-06-05"}), gone(village))
	_, before := l.session(viewer.CommitteeStaff, "430102002", "")
	l.after("a division has another code: the token of an account of it", operation(before.AccessToken, whoAsks, nil), "430102002000",
		l.doing(l.otherCounty, "recodeDivision", "event { id }", map[string]any{"division": "430102002", "code": "430102012", "day": "2025-06-06"}), verdict{code: "UNAUTHENTICATED"})
}
