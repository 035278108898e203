package app_test

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// loop is a flow of one opinion at the station of a village, with everyone who has a part in it.
type loop struct {
	*flow
	station, department            string // opaque ids
	keeper, town, building, deputy *apitest.Caller
	// id, number and token are of the opinion at work.
	id, number, token string
}

func newLoop(t *testing.T, change ...func(*app.Parts)) *loop {
	t.Helper()
	f := newFlow(t, change...)
	village, county, town := f.world.Spot("430121102201"), f.world.Spot("430121"), f.world.Spot("430121102")
	l := &loop{
		flow: f, station: globalID("Station", village.Station), department: globalID("Organ", county.Department),
		keeper:   f.As(viewer.StationKeeper, place.MustParse("430121102201"), apitest.Station(uuid.MustParse(village.Station))),
		town:     f.As(viewer.TownshipAdmin, place.MustParse("430121102")),
		building: f.As(viewer.Department, place.MustParse("430121"), apitest.Organ(uuid.MustParse(county.Department))),
		deputy:   f.As(viewer.Deputy, place.MustParse("430121102"), apitest.Person(uuid.MustParse(town.Deputy))),
	}
	l.do(f.county, "postDeputy", "posting { id }", map[string]any{
		"mandate": globalID("Mandate", town.Mandate), "station": l.station, "basis": "GRID", "startedOn": "2025-02-01",
	})
	return l
}

// record has the keeper record the opinion to work with.
func (l *loop) record(more map[string]any) map[string]any {
	l.t.Helper()
	input := map[string]any{
		"station": l.station, "channel": "IN_PERSON", "content": "村口的桥面破损,雨天积水", "consent": "2026-1",
	}
	for k, v := range more {
		input[k] = v
	}
	made := l.do(l.keeper, "recordOpinion", "number token opinion { id number "+opinionFields+" }", input)
	l.id, l.number, l.token = at(made, "opinion", "id").(string), at(made, "number").(string), at(made, "token").(string)
	return made
}

// opinionFields are the fields of an opinion that steps change.
const opinionFields = `version state resumeState waitsOn open clock late level holder { code } category { number } urgency hardship leadOrgan { id }
	main { id } extended outcome rating dissatisfied reworks supervisor { id } supervisionDueOn keyCase published suggestion { title }`

// step does a verb on the opinion and answers it as it stands then; what the step changed must be as told, and nothing else may have
// changed but the version, the state, whom it waits on and the clock.
func (l *loop) step(c *apitest.Caller, verb string, input, changed map[string]any) {
	l.t.Helper()
	read := `{ node(id: "` + l.id + `") { ... on Opinion { ` + opinionFields + ` } } }`
	want, _ := l.ask(l.county, read).(map[string]any)
	full := map[string]any{"id": l.id, "expectedVersion": want["version"]}
	for k, v := range input {
		full[k] = v
	}
	l.do(c, verb, "opinion { id }", full)
	got, _ := l.ask(l.county, read).(map[string]any)
	want["version"] = want["version"].(float64) + 1
	for k, v := range changed {
		want[k] = v
	}
	for _, free := range []string{"waitsOn", "clock"} {
		if _, told := changed[free]; !told {
			want[free] = got[free]
		}
	}
	l.equal("after "+verb, got, want)
}

// refused does a verb on the opinion that must be refused with a code, for the field that a path leads to.
func (l *loop) refused(c *apitest.Caller, verb string, input map[string]any, code, fieldCode string, path ...any) {
	l.t.Helper()
	full := map[string]any{"id": l.id}
	for k, v := range input {
		full[k] = v
	}
	answer := c.Do("mutation($input: "+strings.ToUpper(verb[:1])+verb[1:]+"Input!) { "+verb+"(input: $input) { __typename } }",
		apitest.Vars{"input": full})
	if len(answer.Errors) != 1 || answer.Code() != code || len(answer.Errors[0].Extensions.Fields) != 1 {
		l.t.Errorf("%s: %s, want %s for one field", verb, answer.Body, code)
		return
	}
	f := answer.Errors[0].Extensions.Fields[0]
	l.equal(verb+" is refused", []any{answer.Errors[0].Path, f.Code, f.Path}, []any{[]any{verb}, fieldCode, path})
	l.equal(verb+" answers", answer.Data, map[string]any{verb: nil})
	checkWords(l.t, answer)
}

// rate has the citizen rate the answer.
func (l *loop) rate(rating string) {
	l.t.Helper()
	l.do(l.Nobody(), "rateOpinion", "__typename", map[string]any{
		"number": l.number, "token": l.token, "rating": rating, "comment": "桥面又坏了",
	})
}

// upload puts a file into the store's table, as if it had been sent before, and answers its secret.
func (l *loop) upload(secret string) string {
	l.t.Helper()
	hash := sha256.Sum256([]byte(secret))
	_, err := l.Owner.ExecContext(l.t.Context(), `INSERT INTO upload (id, version, created_at, updated_at, storage_key, media_type, size, width, height, sha256, secret_hash)
		VALUES (gen_random_uuid(), 1, now(), now(), $1, 'image/jpeg', 2048, 640, 480, '\x00', $2)`, "key of "+secret, hash[:])
	if err != nil {
		l.t.Fatal(err)
	}
	return secret
}

func (l *loop) category(number string) string {
	l.t.Helper()
	var id string
	if err := l.Owner.QueryRowContext(l.t.Context(), `SELECT id FROM category WHERE number = $1`, number).Scan(&id); err != nil {
		l.t.Fatal(err)
	}
	return globalID("Category", id)
}

// analysed has the opinion accepted and analysed for the county.
func (l *loop) analysed() {
	l.t.Helper()
	l.step(l.keeper, "acceptOpinion", nil, map[string]any{"state": "ACCEPTED"})
	l.step(l.town, "analyseOpinion", map[string]any{"category": l.category("0101"), "level": "COUNTY", "urgency": "URGENT", "hardship": true}, map[string]any{
		"state": "ANALYSED", "waitsOn": "ORGAN", "level": "COUNTY", "holder": map[string]any{"code": "430121000000"},
		"category": map[string]any{"number": "0101"}, "urgency": "URGENT", "hardship": true,
	})
}

// replied takes an analysed opinion to the department's answer and back to the citizen.
func (l *loop) replied() {
	l.t.Helper()
	l.step(l.county, "assignOpinion", map[string]any{"lead": l.department}, map[string]any{
		"state": "ASSIGNED", "waitsOn": "LEAD", "leadOrgan": map[string]any{"id": l.department},
	})
	l.step(l.building, "takeOpinion", nil, map[string]any{"state": "HANDLING"})
	l.answered()
}

// answered has the department answer, and the answer given back.
func (l *loop) answered() {
	l.t.Helper()
	l.step(l.building, "replyOpinion", map[string]any{"text": "桥面已修复,排水已疏通", "outcome": "SOLVED"}, map[string]any{
		"state": "REPLIED", "outcome": "SOLVED", "waitsOn": "STATION",
	})
	l.step(l.keeper, "feedBackOpinion", map[string]any{"text": "请您评价"}, map[string]any{"state": "FED_BACK", "waitsOn": "SUBMITTER", "rating": nil})
}

// TestOpinionLoop takes one opinion from the entry to the end, and reads all of it as those do who have a part in it.
func TestOpinionLoop(t *testing.T) {
	l := newLoop(t)
	asked := map[string]any{
		"idempotencyKey": "一次", "name": "赵甲", "phone": "138 0000 1234", "callBack": true, "location": "东头桥", "category": l.category("0101"),
		"files": []string{l.upload("a photo")},
	}
	made := l.record(asked)
	if number, token := at(made, "opinion", "number"), l.token; number != l.number ||
		!regexp.MustCompile(`^\d{6}-[0-9A-HJKMNP-TV-Z]{8}$`).MatchString(l.number) || len(token) != 22 {
		t.Errorf("number %v and %s, token %s", number, l.number, token)
	}
	first, token := l.id, l.token
	if l.record(asked); l.id != first || l.token == token {
		t.Error("a retry is another opinion, or has the same token")
	}
	l.equal("as it came in", l.ask(l.keeper, `{ node(id: "`+l.id+`") { ... on Opinion { channel content location submitterMasked phoneMasked
		submitter { name phone callBack consentVersion consentPurpose } station { id } deputy { id } division { code name level } divisionThen
		state resumeState waitsOn open clock late level holder { code name level } category { id } categoryHint { number name parent { number } }
		urgency hardship assignments { part } merged(first: 1) { totalCount } publishedCase { id } acceptedAt closedAt
		attachments { mediaType size width height } } } }`), map[string]any{
		"channel": "IN_PERSON", "content": "村口的桥面破损,雨天积水", "location": "东头桥", "submitterMasked": "赵**", "phoneMasked": "138****1234",
		"submitter": map[string]any{
			"name": "赵甲", "phone": "138 0000 1234", "callBack": true, "consentVersion": "2026-1", "consentPurpose": "办理、反馈和回访所反映的问题",
		},
		"station": map[string]any{"id": l.station}, "deputy": nil,
		"division":     map[string]any{"code": "430121102201", "name": "黄兴镇一村", "level": "VILLAGE"},
		"divisionThen": "430121102201", "state": "SUBMITTED", "resumeState": nil, "waitsOn": "STATION", "open": true, "clock": "GREEN", "late": false,
		"level": "TOWNSHIP", "holder": map[string]any{"code": "430121102000", "name": "黄兴镇", "level": "TOWNSHIP"},
		"category": nil, "categoryHint": l.ask(l.county, `{ node(id: "`+l.category("0101")+`") { ... on Category { number name parent { number } } } }`),
		"urgency": nil, "hardship": false, "assignments": []any{}, "merged": map[string]any{"totalCount": 0}, "publishedCase": nil,
		"acceptedAt": nil, "closedAt": nil,
		"attachments": []any{map[string]any{"mediaType": "image/jpeg", "size": 2048, "width": 640, "height": 480}},
	})

	l.analysed()
	l.step(l.county, "assignOpinion", map[string]any{
		"lead": l.department, "co": []string{globalID("Organ", l.world.Spot("430121").Bureau)}, "text": "请于时限内办理",
	}, map[string]any{"state": "ASSIGNED", "waitsOn": "LEAD", "leadOrgan": map[string]any{"id": l.department}})
	l.step(l.building, "requestReturn", map[string]any{"text": "不属本局职责"}, map[string]any{"state": "RETURN_REQUESTED", "waitsOn": "ORGAN"})
	l.step(l.county, "assignOpinion", map[string]any{"lead": l.department}, map[string]any{"state": "ASSIGNED"})
	l.step(l.building, "takeOpinion", map[string]any{"text": "已派员"}, map[string]any{"state": "HANDLING"})
	l.step(l.building, "askSubmitter", map[string]any{"text": "是哪一座桥?"}, map[string]any{"state": "WAITING", "resumeState": "HANDLING", "waitsOn": "SUBMITTER"})
	l.step(l.building, "resumeOpinion", map[string]any{"text": "电话中已说明"}, map[string]any{"state": "HANDLING", "resumeState": nil})
	l.step(l.building, "noteProgress", map[string]any{"text": "已到现场查看", "files": []string{l.upload("on site")}}, nil)
	l.step(l.building, "extendOpinion", map[string]any{"days": 5, "text": "等待材料"}, map[string]any{"extended": true})
	l.step(l.deputy, "explainOpinion", map[string]any{"text": "按规定由县住建局维护"}, nil)
	l.answered()
	l.rate("DISSATISFIED")
	l.step(l.county, "reworkOpinion", map[string]any{"text": "重新修复"}, map[string]any{"state": "REWORK", "waitsOn": "LEAD", "reworks": 1})
	l.answered()
	l.rate("SATISFIED")
	l.step(l.county, "closeOpinion", map[string]any{"text": "办结"}, map[string]any{"state": "CLOSED", "open": false, "waitsOn": "NONE", "clock": nil})

	read := `{ node(id: "` + l.id + `") { ... on Opinion { submitterMasked submitter { name } leadOrgan { id } station { id } division { code } holder { code }
		assignments { organ { id } part endedAt } dissatisfied rating acceptedAt repliedAt fedBackAt ratedAt closedAt
		timeline { sequence step from to party role actorDivision organ { id } deputy { id } outcome rating text shown attachments { size } } } } }`
	end := l.ask(l.county, read)
	for _, moment := range []string{"acceptedAt", "repliedAt", "fedBackAt", "ratedAt", "closedAt"} {
		if at(end, moment) == nil {
			t.Errorf("no %s", moment)
		}
	}
	l.equal("rated", []any{at(end, "dissatisfied"), at(end, "rating")}, []any{1, "SATISFIED"})
	l.equal("the county is shown what is masked", []any{at(end, "submitterMasked"), at(end, "submitter")}, []any{"赵**", nil})
	lines := []string{
		"1 SUBMIT <nil> SUBMITTED STATION STATION_KEEPER", "2 ACCEPT SUBMITTED ACCEPTED STATION STATION_KEEPER",
		"3 ANALYSE ACCEPTED ANALYSED STATION TOWNSHIP_ADMIN", "4 ASSIGN ANALYSED ASSIGNED ORGAN COUNTY_ADMIN",
		"5 REQUEST_RETURN ASSIGNED RETURN_REQUESTED LEAD DEPARTMENT", "6 ASSIGN RETURN_REQUESTED ASSIGNED ORGAN COUNTY_ADMIN",
		"7 TAKE ASSIGNED HANDLING LEAD DEPARTMENT", "8 ASK HANDLING WAITING LEAD DEPARTMENT", "9 RESUME WAITING HANDLING LEAD DEPARTMENT",
		"10 NOTE HANDLING HANDLING HANDLER DEPARTMENT", "11 EXTEND HANDLING HANDLING LEAD DEPARTMENT", "12 EXPLAIN HANDLING HANDLING DEPUTY DEPUTY",
		"13 REPLY HANDLING REPLIED LEAD DEPARTMENT", "14 FEED_BACK REPLIED FED_BACK STATION STATION_KEEPER", "15 RATE FED_BACK RATED SUBMITTER <nil>",
		"16 REWORK RATED REWORK ORGAN COUNTY_ADMIN", "17 REPLY REWORK REPLIED LEAD DEPARTMENT", "18 FEED_BACK REPLIED FED_BACK STATION STATION_KEEPER",
		"19 RATE FED_BACK RATED SUBMITTER <nil>", "20 CLOSE RATED CLOSED ORGAN COUNTY_ADMIN",
	}
	for i, want := range lines {
		e := at(end, "timeline", i)
		if got := fmt.Sprint(at(e, "sequence"), " ", at(e, "step"), " ", at(e, "from"), " ", at(e, "to"), " ", at(e, "party"), " ", at(e, "role")); got != want {
			t.Errorf("the timeline has %s, want %s", got, want)
		}
	}
	l.equal("no more lines", at(end, "timeline", len(lines)), nil)
	l.equal("a note", at(end, "timeline", 9), map[string]any{
		"sequence": 10, "step": "NOTE", "from": "HANDLING", "to": "HANDLING", "party": "HANDLER", "role": "DEPARTMENT", "actorDivision": "430121000000",
		"organ": map[string]any{"id": l.department}, "deputy": nil, "outcome": nil, "rating": nil, "text": "已到现场查看", "shown": false,
		"attachments": []any{map[string]any{"size": 2048}},
	})
	l.equal("a deputy's word", []any{at(end, "timeline", 11, "deputy", "id"), at(end, "timeline", 11, "shown")},
		[]any{globalID("Deputy", l.world.Spot("430121102").Deputy), true})
	l.equal("the first rating", []any{at(end, "timeline", 14, "rating"), at(end, "timeline", 14, "text")}, []any{"DISSATISFIED", "桥面又坏了"})
	l.equal("the feedback", at(end, "timeline", 13, "text"), "桥面已修复,排水已疏通\n请您评价")
	l.equal("who had it", []any{at(end, "assignments", 0, "part"), at(end, "assignments", 0, "endedAt"), at(end, "assignments", 3)}, []any{"LEAD", nil, nil})

	seen := l.ask(l.building, read)
	l.equal("the department sees its own part", []any{
		at(seen, "leadOrgan", "id"), at(seen, "assignments", 0, "organ", "id"), at(seen, "assignments", 2), at(seen, "submitter"), at(seen, "station"),
		at(seen, "holder", "code"), at(seen, "timeline", 19, "step"),
	}, []any{l.department, l.department, nil, nil, nil, "430121000000", "CLOSE"})
	l.equal("the county next door sees nothing", l.ask(l.otherCounty, read), nil)
	revealed := l.do(l.county, "revealSubmitter", "name phone callBack", map[string]any{"id": l.id, "reason": "回访核实情况"})
	l.equal("revealed", revealed, map[string]any{"name": "赵甲", "phone": "138 0000 1234", "callBack": true})
}

// TestOpinionTurns takes opinions through the steps beside the straight way.
func TestOpinionTurns(t *testing.T) {
	l := newLoop(t)
	text := map[string]any{"text": "说明理由如下"}

	l.record(nil)
	l.step(l.keeper, "declineOpinion", map[string]any{"reason": "OUT_OF_SCOPE", "text": "应向法院提出"}, map[string]any{"state": "DECLINED", "open": false})
	l.equal("why", at(l.ask(l.county, `{ node(id: "`+l.id+`") { ... on Opinion { timeline { declineReason text } } } }`), "timeline", 1),
		map[string]any{"declineReason": "OUT_OF_SCOPE", "text": "应向法院提出"})
	l.record(nil)
	l.step(l.town, "answerOpinion", map[string]any{"text": "每周二有班车", "outcome": "EXPLAINED", "files": []string{l.upload("answer")}},
		map[string]any{"state": "ANSWERED", "outcome": "EXPLAINED"})

	l.record(map[string]any{"channel": "VISIT"})
	l.analysed()
	main := l.id
	l.record(map[string]any{"channel": "TELEPHONE"})
	l.step(l.keeper, "acceptOpinion", map[string]any{"text": "已受理"}, map[string]any{"state": "ACCEPTED"})
	merged := map[string]any{"state": "MERGED", "open": false, "main": map[string]any{"id": main}, "waitsOn": "NONE"}
	l.step(l.keeper, "mergeOpinion", map[string]any{"main": main}, merged)
	l.equal("merged into it", at(l.ask(l.county, `{ node(id: "`+main+`") { ... on Opinion { merged(first: 5) { totalCount edges { node { id } } } } } }`), "merged"),
		map[string]any{"totalCount": 1, "edges": []any{map[string]any{"node": map[string]any{"id": l.id}}}})
	l.step(l.keeper, "unmergeOpinion", text, map[string]any{"state": "ACCEPTED", "open": true, "main": nil})

	l.id = main
	l.step(l.county, "escalateOpinion", text, map[string]any{"state": "ESCALATED", "level": "CITY", "holder": map[string]any{"code": "430100000000"}})
	l.step(l.city, "sendBackOpinion", text, map[string]any{"state": "ANALYSED", "level": "COUNTY", "holder": map[string]any{"code": "430121000000"}})
	l.step(l.county, "escalateOpinion", text, map[string]any{"state": "ESCALATED", "level": "CITY", "holder": map[string]any{"code": "430100000000"}})
	l.step(l.city, "takeUpOpinion", text, map[string]any{"state": "ANALYSED"})
	organ := globalID("Organ", l.world.Spot("43").Organ)
	l.step(l.province, "superviseOpinion", map[string]any{"supervisor": organ, "dueOn": tomorrow(), "text": "限期办理"}, map[string]any{
		"supervisor": nil, "supervisionDueOn": tomorrow(), // the supervisor is out of the county's sight
	})
	l.equal("its supervisor", l.ask(l.province, `{ node(id: "`+l.id+`") { ... on Opinion { supervisor { id } } } }`), map[string]any{"supervisor": map[string]any{"id": organ}})
	l.step(l.province, "urgeOpinion", text, nil)
	l.step(l.province, "endSupervision", text, map[string]any{"supervisionDueOn": nil})
	l.step(l.province, "markKeyOpinion", map[string]any{"key": true}, map[string]any{"keyCase": true})
	l.step(l.province, "markKeyOpinion", map[string]any{"key": false}, map[string]any{"keyCase": false})

	l.record(map[string]any{"channel": "ONLINE"})
	l.analysed()
	l.replied()
	l.rate("BASICALLY_SATISFIED")
	l.step(l.county, "closeOpinion", nil, map[string]any{"state": "CLOSED", "open": false})
	told := map[string]any{"title": "村口桥面修好了", "matter": "桥面破损,雨天积水", "answer": "桥面修复,排水疏通"}
	l.step(l.county, "publishOpinion", told, map[string]any{"published": true})
	published := l.ask(l.county, `{ node(id: "`+l.id+`") { ... on Opinion { publishedCase { id title matter answer category { number } station { id } division { code } opinion { id } withdrawnAt } } } }`)
	byID := `{ node(id: "` + at(published, "publishedCase", "id").(string) + `") { ... on PublishedCase { title matter answer category { number } station { id } division { code } opinion { id } withdrawnAt } } }`
	told["category"], told["station"], told["division"] = map[string]any{"number": "0101"}, map[string]any{"id": l.station}, map[string]any{"code": "430121102201"}
	told["withdrawnAt"], told["opinion"] = nil, map[string]any{"id": l.id}
	l.equal("the case", l.ask(l.county, byID), told)
	told["opinion"] = nil
	portal := l.As(viewer.Portal, place.MustParse("43"))
	l.equal("the case as the public reads it", l.ask(portal, byID), told)
	l.step(l.city, "withdrawCase", text, map[string]any{"published": false})
	l.equal("no case any more", l.ask(portal, byID), nil)
	l.step(l.county, "reopenOpinion", text, map[string]any{"state": "REWORK", "open": true, "reworks": 1})

	l.record(map[string]any{"deputy": globalID("Deputy", l.world.Spot("430121102").Deputy)})
	l.analysed()
	l.replied()
	l.rate("SATISFIED")
	l.step(l.deputy, "convertOpinion", map[string]any{
		"mandate": globalID("Mandate", l.world.Spot("430121102").Mandate), "title": "关于乡村桥梁维护的建议", "content": "建议建立乡村桥梁定期维护制度",
	}, map[string]any{"state": "CONVERTED", "open": false, "suggestion": map[string]any{"title": "关于乡村桥梁维护的建议"}})
	l.equal("the suggestion", l.ask(l.deputy, `{ node(id: "`+l.id+`") { ... on Opinion { suggestion { title content state opinion { id } deputy { id } mandate { id } } } } }`),
		map[string]any{"suggestion": map[string]any{
			"title": "关于乡村桥梁维护的建议", "content": "建议建立乡村桥梁定期维护制度", "state": "DRAFT", "opinion": map[string]any{"id": l.id},
			"deputy": map[string]any{"id": globalID("Deputy", l.world.Spot("430121102").Deputy)}, "mandate": map[string]any{"id": globalID("Mandate", l.world.Spot("430121102").Mandate)},
		}})
}

// TestOpinionRefusals: who is refused what, with which words for programs.
func TestOpinionRefusals(t *testing.T) {
	l := newLoop(t)
	l.record(nil)
	text := map[string]any{"text": "说明理由如下"}
	neighbour := l.As(viewer.StationKeeper, place.MustParse("430121102202"), apitest.Station(uuid.MustParse(l.world.Spot("430121102202").Station)))
	l.refused(neighbour, "acceptOpinion", nil, "NOT_FOUND", "NOT_FOUND", "input", "id")
	l.refused(l.county, "acceptOpinion", nil, "FORBIDDEN", "FORBIDDEN", "input", "id")
	l.refused(l.keeper, "acceptOpinion", map[string]any{"id": l.station}, "INVALID", "MALFORMED", "input", "id")
	l.refused(l.keeper, "acceptOpinion", map[string]any{"expectedVersion": 7}, "CONFLICT", "VERSION", "input", "expectedVersion")
	l.refused(l.keeper, "feedBackOpinion", nil, "CONFLICT", "STATE", "input", "id")
	l.refused(l.keeper, "declineOpinion", map[string]any{"reason": "OTHER", "text": " "}, "INVALID", "REQUIRED", "input", "text")
	l.refused(l.keeper, "answerOpinion", map[string]any{"text": "已在现场答复", "outcome": "SOLVED", "files": []string{"never sent"}}, "NOT_FOUND", "NOT_FOUND", "input", "files", "0")
	l.step(l.keeper, "acceptOpinion", nil, map[string]any{"state": "ACCEPTED"})
	analysis := map[string]any{"category": l.category("0101"), "level": "PROVINCE", "urgency": "NORMAL"}
	l.refused(l.town, "analyseOpinion", analysis, "INVALID", "MISMATCH", "input", "level")
	analysis["category"], analysis["level"] = globalID("Category", uuid.NewString()), "TOWNSHIP"
	l.refused(l.town, "analyseOpinion", analysis, "NOT_FOUND", "NOT_FOUND", "input", "category")
	l.refused(l.keeper, "mergeOpinion", map[string]any{"main": l.id}, "INVALID", "MISMATCH", "input", "main")
	analysis["category"], analysis["level"] = l.category("0101"), "COUNTY"
	l.step(l.town, "analyseOpinion", analysis, map[string]any{
		"state": "ANALYSED", "level": "COUNTY", "holder": map[string]any{"code": "430121000000"}, "category": map[string]any{"number": "0101"}, "urgency": "NORMAL",
	})
	l.refused(l.town, "assignOpinion", map[string]any{"lead": globalID("Organ", l.world.Spot("430121102").Department)}, "FORBIDDEN", "FORBIDDEN", "input", "id")
	l.refused(l.county, "assignOpinion", map[string]any{"lead": l.department, "co": []string{l.department, "nonsense"}}, "INVALID", "MALFORMED", "input", "co", "1")
	l.refused(l.county, "assignOpinion", map[string]any{"lead": globalID("Organ", l.world.Spot("430102").Department)}, "NOT_FOUND", "NOT_FOUND", "input", "lead")
	l.refused(l.county, "assignOpinion", map[string]any{"lead": globalID("Organ", l.world.Spot("430121").Organ)}, "INVALID", "MISMATCH", "input", "lead")
	l.refused(l.building, "takeOpinion", nil, "NOT_FOUND", "NOT_FOUND", "input", "id")
	l.step(l.county, "assignOpinion", map[string]any{"lead": l.department}, map[string]any{"state": "ASSIGNED", "leadOrgan": map[string]any{"id": l.department}})
	l.step(l.building, "takeOpinion", nil, map[string]any{"state": "HANDLING"})
	l.refused(l.building, "extendOpinion", map[string]any{"days": 251, "text": "等待材料"}, "INVALID", "OUT_OF_RANGE", "input", "days")
	l.step(l.building, "extendOpinion", map[string]any{"days": 5, "text": "等待材料"}, map[string]any{"extended": true})
	l.refused(l.building, "extendOpinion", map[string]any{"days": 1, "text": "等待材料"}, "CONFLICT", "EXTENDED", "input", "id")
	l.refused(l.province, "urgeOpinion", text, "CONFLICT", "NOT_SUPERVISED", "input", "id")
	l.refused(l.county, "superviseOpinion", map[string]any{"supervisor": l.department, "dueOn": tomorrow(), "text": "限期办理"}, "INVALID", "MISMATCH", "input", "supervisor")
	l.answered()
	l.refused(l.county, "closeOpinion", nil, "CONFLICT", "STATE", "input", "id")
	l.rate("DISSATISFIED")
	l.refused(l.county, "closeOpinion", nil, "CONFLICT", "DISSATISFIED", "input", "id")
	l.refused(l.county, "escalateOpinion", text, "CONFLICT", "NOT_DISSATISFIED_TWICE", "input", "id")
	l.refused(l.county, "revealSubmitter", map[string]any{"reason": "看"}, "INVALID", "TOO_SHORT", "input", "reason")
	// Whose role may not do a verb anywhere is told so, and of no field.
	for verb, c := range map[string]*apitest.Caller{"takeOpinion": l.county, "explainOpinion": l.keeper, "closeOpinion": l.building} {
		answer := c.Do("mutation($id: ID!) { "+verb+`(input: {id: $id`+map[bool]string{true: `, text: "说明理由"`}[verb == "explainOpinion"]+"}) { __typename } }",
			apitest.Vars{"id": l.id})
		if answer.Code() != "FORBIDDEN" || len(answer.Errors[0].Extensions.Fields) != 0 {
			t.Errorf("%s: %s", verb, answer.Body)
		}
	}
}
