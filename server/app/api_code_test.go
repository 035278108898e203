package app_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// TestCodes replaces and revokes the codes of a station and of a posting.
func TestCodes(t *testing.T) {
	l := newLoop(t)
	read := `{ node(id: "` + l.station + `") { ... on Station { qrCode { id text url station { id } posting { id } revokedAt }
		postings(first: 5) { edges { node { id qrCode { id text station { id } posting { id } } } } } } } }`
	before := l.ask(l.keeper, read)
	text, _ := at(before, "qrCode", "text").(string)
	l.equal("the station's code", at(before, "qrCode"), map[string]any{
		"id": at(before, "qrCode", "id"), "text": text, "url": "/q/" + text, "station": map[string]any{"id": l.station}, "posting": nil, "revokedAt": nil,
	})
	posting := at(before, "postings", "edges", 0, "node", "id")
	l.equal("the deputy's code", []any{
		at(before, "postings", "edges", 0, "node", "qrCode", "station", "id"), at(before, "postings", "edges", 0, "node", "qrCode", "posting", "id"),
	}, []any{l.station, posting})
	if text == "" || at(before, "postings", "edges", 0, "node", "qrCode", "text") == text {
		t.Errorf("the codes are %v", before)
	}

	made := at(l.do(l.keeper, "replaceCode", "code { id text revokedAt posting { id } }", map[string]any{
		"idempotencyKey": "换码", "station": l.station, "reason": "海报损坏",
	}), "code")
	if at(made, "text") == text || at(made, "revokedAt") != nil || at(made, "posting") != nil {
		t.Errorf("the new code is %v, the old %s", made, text)
	}
	again := at(l.do(l.keeper, "replaceCode", "code { id }", map[string]any{"idempotencyKey": "换码", "station": l.station, "reason": "海报损坏"}), "code")
	l.equal("a retry", at(again, "id"), at(made, "id"))
	after := l.ask(l.keeper, read)
	l.equal("the station's new code", at(after, "qrCode", "id"), at(made, "id"))
	l.equal("the deputy's code stays", at(after, "postings"), at(before, "postings"))
	old := l.ask(l.county, `{ node(id: "`+at(before, "qrCode", "id").(string)+`") { ... on QrCode { text revokeReason } } }`)
	l.equal("the old code is kept", old, map[string]any{"text": text, "revokeReason": "海报损坏"})
	l.equal("the public is not shown it", l.ask(l.As(viewer.Portal, place.MustParse("43")), `{ node(id: "`+at(before, "qrCode", "id").(string)+`") { id } }`), nil)

	deputys := at(l.do(l.county, "replaceCode", "code { id posting { id } }", map[string]any{"posting": posting, "reason": "更换"}), "code")
	l.equal("the posting's new code", at(deputys, "posting", "id"), posting)
	revoked := at(l.do(l.keeper, "revokeCode", "code { id revokeReason }", map[string]any{"id": at(deputys, "id"), "reason": "不再使用"}), "code")
	l.equal("revoked", revoked, map[string]any{"id": at(deputys, "id"), "revokeReason": "不再使用"})
	l.equal("no code", at(l.ask(l.keeper, read), "postings", "edges", 0, "node", "qrCode"), nil)

	elsewhere := l.As(viewer.StationKeeper, place.MustParse("430121102202"), apitest.Station(uuid.MustParse(l.world.Spot("430121102202").Station)))
	l.refused(elsewhere, "revokeCode", map[string]any{"id": at(made, "id"), "reason": "不再使用"}, "NOT_FOUND", "NOT_FOUND", "input", "id")
	l.refused(l.keeper, "revokeCode", map[string]any{"id": at(deputys, "id"), "reason": "不再使用"}, "CONFLICT", "ENDED", "input", "id")
	l.refused(l.keeper, "revokeCode", map[string]any{"id": l.station, "reason": "不再使用"}, "INVALID", "MALFORMED", "input", "id")

	// With the station its codes are over.
	l.do(l.county, "closeStation", "station { id }", map[string]any{"id": l.station, "closedOn": "2025-06-30", "reason": "并入镇站"})
	closed := l.ask(l.county, `{ node(id: "`+l.station+`") { ... on Station { qrCode { id } postings(current: false, first: 1) { edges { node { qrCode { id } } } } } } }`)
	l.equal("no codes", []any{at(closed, "qrCode"), at(closed, "postings", "edges", 0, "node", "qrCode")}, []any{nil, nil})
	answer := l.keeper.Do(`mutation($s: ID!) { replaceCode(input: {station: $s, reason: "更换"}) { code { id } } }`, apitest.Vars{"s": l.station})
	l.equal("no new code", []any{answer.Code(), answer.Errors[0].Extensions.Fields[0].Code}, []any{"CONFLICT", "CLOSED"})
	answer = l.keeper.Do(`mutation { replaceCode(input: {reason: "更换"}) { code { id } } }`, nil)
	l.equal("of what", []any{answer.Code(), answer.Errors[0].Extensions.Fields[0].Code}, []any{"INVALID", "REQUIRED"})
}
