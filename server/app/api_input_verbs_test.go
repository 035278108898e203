package app_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/server/app/apitest"
)

// in is an input made of a good one with some fields changed; a nil takes the field away.
func in(good map[string]any, changes ...any) map[string]any {
	out := maps.Clone(good)
	for i := 0; i < len(changes); i += 2 {
		name := changes[i].(string)
		if changes[i+1] == nil {
			delete(out, name)
		} else {
			out[name] = changes[i+1]
		}
	}
	return out
}

// null empties a field, which leaving it out does not.
type null struct{}

func (null) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// tomorrow is the next day where days are counted.
func tomorrow() string {
	return time.Now().In(time.FixedZone("Asia/Shanghai", 8*60*60)).AddDate(0, 0, 1).Format(time.DateOnly)
}

// TestBadStations tries what must not become of stations and their staff.
func TestBadStations(t *testing.T) {
	h := newBadHouse(t)
	own, town, other := h.world.Spot("430121"), h.world.Spot("430121107"), h.world.Spot("430102")
	station := func(s *apitest.Spot) string { return globalID("Station", s.Station) }
	long := strings.Repeat("长", 101)
	create := map[string]any{"division": "430121107", "kind": "POINT", "name": "便民联络点", "openedOn": "2025-01-01"}
	update := map[string]any{"id": station(town), "brand": "新品牌"}
	closing := map[string]any{"id": station(town), "closedOn": "2025-06-30", "reason": "合并"}
	appoint := map[string]any{"station": station(town), "name": "安某", "office": "LIAISON", "origin": "OFFICIAL", "startedOn": "2025-01-01"}
	dismiss := map[string]any{"id": globalID("StationStaff", town.Staff), "endedOn": "2025-06-30"}
	h.check(t, []bad{
		{"short name", "createStation", in(create, "name", "站"), "INVALID", "input.name TOO_SHORT"},
		{"blank name", "createStation", in(create, "name", "   "), "INVALID", "input.name REQUIRED"},
		{"long name", "createStation", in(create, "name", long), "INVALID", "input.name TOO_LONG"},
		{"name that turns the line", "createStation", in(create, "name", "联络\u202e站"), "INVALID", "input.name MALFORMED"},
		{"name taken", "createStation", in(create, "name", "果园镇人大代表联络站"), "CONFLICT", "input.name DUPLICATE"},
		{"opened in 3024", "createStation", in(create, "openedOn", "3024-01-01"), "INVALID", "input.openedOn IMPOSSIBLE_DATE"},
		{"opened before there were any", "createStation", in(create, "openedOn", "1024-01-01"), "INVALID", "input.openedOn IMPOSSIBLE_DATE"},
		{"no such day", "createStation", in(create, "openedOn", "2025-02-30"), "INVALID", "input.openedOn TYPE"},
		{"a day with a time", "createStation", in(create, "openedOn", "2025-02-03T00:00:00Z"), "INVALID", "input.openedOn TYPE"},
		{"east of China", "createStation", in(create, "longitude", 140.0, "latitude", 30.0), "INVALID", "input.longitude OUT_OF_RANGE"},
		{"longitude alone", "createStation", in(create, "longitude", 113.0), "INVALID", "input.latitude REQUIRED"},
		{"floor 0", "createStation", in(create, "floor", 0), "INVALID", "input.floor OUT_OF_RANGE"},
		{"no area", "createStation", in(create, "areaM2", 0.0), "INVALID", "input.areaM2 OUT_OF_RANGE"},
		{"letters for a number", "createStation", in(create, "phone", "call me"), "INVALID", "input.phone MALFORMED"},
		{"long address", "createStation", in(create, "address", long+long), "INVALID", "input.address TOO_LONG"},
		{"long rule", "createStation", in(create, "openingRule", long), "INVALID", "input.openingRule TOO_LONG"},
		{"long brand", "createStation", in(create, "brand", long), "INVALID", "input.brand TOO_LONG"},
		{"long key", "createStation", in(create, "idempotencyKey", long), "INVALID", "input.idempotencyKey TOO_LONG"},
		{"empty key", "createStation", in(create, "idempotencyKey", ""), "INVALID", "input.idempotencyKey REQUIRED"},
		{"malformed division", "createStation", in(create, "division", "43012"), "INVALID", "input.division MALFORMED"},
		{"unknown division", "createStation", in(create, "division", "990000"), "NOT_FOUND", "input.division NOT_FOUND"},
		{"division of another county", "createStation", in(create, "division", "430102"), "NOT_FOUND", "input.division NOT_FOUND"},
		{"placeholder", "createStation", in(create, "division", "430101"), "NOT_FOUND", "input.division NOT_FOUND"},
		{"malformed parent", "createStation", in(create, "parent", "x"), "INVALID", "input.parent MALFORMED"},
		{"parent of another type", "createStation", in(create, "parent", globalID("Zone", town.Zone)), "INVALID", "input.parent MALFORMED"},
		{"parent in another county", "createStation", in(create, "parent", station(other)), "NOT_FOUND", "input.parent NOT_FOUND"},
		{"parent on the net", "createStation", in(create, "parent", globalID("Station", apitest.Online("430121"))), "INVALID", "input.parent MISMATCH"},
		{"closed parent", "createStation", in(create, "parent", globalID("Station", town.Closed)), "CONFLICT", "input.parent CLOSED"},
		{"organ of another county", "createStation", in(create, "organ", globalID("Organ", other.Organ)), "NOT_FOUND", "input.organ NOT_FOUND"},
		{"zone of another county", "createStation", in(create, "zone", globalID("Zone", other.Zone)), "NOT_FOUND", "input.zone NOT_FOUND"},
		{"constituency of another county", "createStation", in(create, "constituency", globalID("Constituency", other.Constituency)), "NOT_FOUND", "input.constituency NOT_FOUND"},
		{"several at once", "createStation", in(create, "name", "站", "floor", 0, "phone", "x"), "INVALID", "input.name TOO_SHORT"},

		{"nothing to change", "updateStation", in(update, "brand", nil), "INVALID", "input EMPTY"},
		{"name emptied", "updateStation", in(update, "name", null{}), "INVALID", "input.name REQUIRED"},
		{"another version", "updateStation", in(update, "expectedVersion", 7), "CONFLICT", "input.expectedVersion VERSION"},
		{"station of another county", "updateStation", in(update, "id", station(other)), "NOT_FOUND", "input.id NOT_FOUND"},
		{"unknown station", "updateStation", in(update, "id", globalID("Station", uuid.NewString())), "NOT_FOUND", "input.id NOT_FOUND"},
		{"its own parent", "updateStation", in(update, "parent", station(town)), "INVALID", "input.parent CYCLE"},
		{"a circle of branches", "updateStation", map[string]any{"id": globalID("Station", apitest.Online("430121")), "parent": globalID("Station", apitest.Online("430121107"))}, "INVALID", "input.parent CYCLE"},
		{"zone of another county, changed", "updateStation", in(update, "zone", globalID("Zone", other.Zone)), "NOT_FOUND", "input.zone NOT_FOUND"},
		{"latitude emptied alone", "updateStation", in(update, "latitude", null{}), "INVALID", "input.latitude REQUIRED"},

		{"closed before it opened", "closeStation", in(closing, "closedOn", "2020-01-01"), "INVALID", "input.closedOn IMPOSSIBLE_DATE"},
		{"closed in 3024", "closeStation", in(closing, "closedOn", "3024-01-01"), "INVALID", "input.closedOn IMPOSSIBLE_DATE"},
		{"no reason", "closeStation", in(closing, "reason", " "), "INVALID", "input.reason REQUIRED"},
		{"long reason", "closeStation", in(closing, "reason", strings.Repeat("长", 501)), "INVALID", "input.reason TOO_LONG"},
		{"closed already", "closeStation", in(closing, "id", globalID("Station", town.Closed)), "CONFLICT", "input.id CLOSED"},
		{"open branches", "closeStation", in(closing, "id", globalID("Station", apitest.Online("430121"))), "CONFLICT", "input.id HAS_BRANCHES"},
		{"another version, closed", "closeStation", in(closing, "expectedVersion", 7), "CONFLICT", "input.expectedVersion VERSION"},

		{"nobody appointed", "appointStaff", in(appoint, "name", nil), "INVALID", "input.name REQUIRED"},
		{"long name appointed", "appointStaff", in(appoint, "name", long), "INVALID", "input.name TOO_LONG"},
		{"appointed in 3024", "appointStaff", in(appoint, "startedOn", "3024-01-01"), "INVALID", "input.startedOn IMPOSSIBLE_DATE"},
		{"appointed before it opened", "appointStaff", in(appoint, "startedOn", "2020-01-01"), "INVALID", "input.startedOn IMPOSSIBLE_DATE"},
		{"appointed to a closed station", "appointStaff", in(appoint, "station", globalID("Station", town.Closed)), "CONFLICT", "input.station CLOSED"},
		{"appointed in another county", "appointStaff", in(appoint, "station", station(other)), "NOT_FOUND", "input.station NOT_FOUND"},
		{"a deputy who is not posted there", "appointStaff", in(appoint, "deputy", globalID("Deputy", own.Deputy)), "CONFLICT", "input.deputy NOT_POSTED"},
		{"a deputy of another county", "appointStaff", in(appoint, "deputy", globalID("Deputy", other.Deputy)), "NOT_FOUND", "input.deputy NOT_FOUND"},
		{"a deputy's office without one", "appointStaff", in(appoint, "origin", "DEPUTY"), "INVALID", "input.deputy REQUIRED"},
		{"appointed tomorrow", "appointStaff", in(appoint, "startedOn", tomorrow()), "INVALID", "input.startedOn IMPOSSIBLE_DATE"},
		{"opened tomorrow", "createStation", in(create, "openedOn", tomorrow()), "INVALID", "input.openedOn IMPOSSIBLE_DATE"},
		{"dismissed before in office", "dismissStaff", in(dismiss, "endedOn", "2020-01-01"), "INVALID", "input.endedOn IMPOSSIBLE_DATE"},
		{"dismissed in 3024", "dismissStaff", in(dismiss, "endedOn", "3024-01-01"), "INVALID", "input.endedOn IMPOSSIBLE_DATE"},
		{"dismissed already", "dismissStaff", in(dismiss, "id", globalID("StationStaff", town.Ended)), "CONFLICT", "input.id ENDED"},
	})
}

// TestBadRoster tries what must not become of deputies, mandates and postings.
func TestBadRoster(t *testing.T) {
	h := newBadHouse(t)
	own, town, other := h.world.Spot("430121"), h.world.Spot("430121107"), h.world.Spot("430102")
	long := strings.Repeat("长", 101)
	seat := map[string]any{"congress": globalID("Congress", town.Congress), "term": 18, "electedOn": "2021-11-20"}
	register := map[string]any{"name": "安某人", "gender": "MALE", "birthMonth": "1980-05-01", "mandate": seat}
	with := func(changes ...any) map[string]any { return in(register, "mandate", in(seat, changes...)) }
	update := map[string]any{"id": globalID("Deputy", town.Deputy), "jobTitle": "校长"}
	give := map[string]any{"deputy": globalID("Deputy", town.Deputy), "mandate": in(seat, "congress", globalID("Congress", own.Congress))}
	change := map[string]any{"id": globalID("Mandate", town.Mandate), "status": "SUSPENDED"}
	end := map[string]any{"id": globalID("Mandate", town.Mandate), "endedOn": "2025-06-30", "reason": "RESIGNED"}
	post := map[string]any{
		"mandate": globalID("Mandate", apitest.Who(apitest.Elected, "mandate")), "station": globalID("Station", own.Station),
		"basis": "PROXIMITY", "startedOn": "2025-01-01",
	}
	withdraw := map[string]any{"id": globalID("Posting", town.Posting), "endedOn": "2025-06-30"}
	if _, err := h.Owner.ExecContext(t.Context(), `INSERT INTO term SELECT (jsonb_populate_record(t, jsonb_build_object(
		'id', gen_random_uuid(), 'number', 17, 'starts_on', '2016-12-01', 'ends_on', '2021-12-01'))).* FROM term t WHERE id = $1`, town.Term); err != nil {
		t.Fatal(err)
	}
	var twin string
	for _, d := range h.world.Deputies {
		if d.ID == town.Deputy {
			twin = d.Name
		}
	}
	h.check(t, []bad{
		{"short name", "registerDeputy", in(register, "name", "安"), "INVALID", "input.name TOO_SHORT"},
		{"long name", "registerDeputy", in(register, "name", long), "INVALID", "input.name TOO_LONG"},
		{"born in 3024", "registerDeputy", in(register, "birthMonth", "3024-01-01"), "INVALID", "input.birthMonth IMPOSSIBLE_DATE"},
		{"under age", "registerDeputy", in(register, "birthMonth", "2004-01-01"), "INVALID", "input.birthMonth IMPOSSIBLE_DATE"},
		{"long employer", "registerDeputy", in(register, "workUnit", long), "INVALID", "input.workUnit TOO_LONG"},
		{"letters for a number", "registerDeputy", in(register, "phone", "none"), "INVALID", "input.phone MALFORMED"},
		{"registered twice", "registerDeputy", in(register, "name", twin, "gender", "FEMALE", "birthMonth", "1980-03-15"), "CONFLICT", "input.name DUPLICATE"},
		{"elected in 3024", "registerDeputy", with("electedOn", "3024-01-01"), "INVALID", "input.mandate.electedOn IMPOSSIBLE_DATE"},
		{"elected before the term", "registerDeputy", with("electedOn", "2019-01-01"), "INVALID", "input.mandate.electedOn IMPOSSIBLE_DATE"},
		{"unknown term", "registerDeputy", with("term", 99), "NOT_FOUND", "input.mandate.term NOT_FOUND"},
		{"term that is over", "registerDeputy", with("term", 17, "electedOn", "2021-06-20"), "CONFLICT", "input.mandate.term TERM_OVER"},
		{"constituency not drawn yet", "registerDeputy", with("electedOn", "2021-01-20", "constituency", globalID("Constituency", town.Constituency)), "CONFLICT", "input.mandate.constituency NOT_YET"},
		{"term 0", "registerDeputy", with("term", 0), "INVALID", "input.mandate.term OUT_OF_RANGE"},
		{"congress of another county", "registerDeputy", with("congress", globalID("Congress", other.Congress)), "NOT_FOUND", "input.mandate.congress NOT_FOUND"},
		{"congress above", "registerDeputy", with("congress", globalID("Congress", h.world.Spot("4301").Congress)), "NOT_FOUND", "input.mandate.congress NOT_FOUND"},
		{"malformed congress", "registerDeputy", with("congress", "x"), "INVALID", "input.mandate.congress MALFORMED"},
		{"constituency of another congress", "registerDeputy", with("constituency", globalID("Constituency", own.Constituency)), "INVALID", "input.mandate.constituency MISMATCH"},
		{"constituency of another county", "registerDeputy", with("constituency", globalID("Constituency", other.Constituency)), "NOT_FOUND", "input.mandate.constituency NOT_FOUND"},

		{"nothing to change", "updateDeputy", in(update, "jobTitle", nil), "INVALID", "input EMPTY"},
		{"another version", "updateDeputy", in(update, "expectedVersion", 7), "CONFLICT", "input.expectedVersion VERSION"},
		{"a guest", "updateDeputy", in(update, "id", globalID("Deputy", apitest.Who(apitest.Provincial))), "FORBIDDEN", "input.id FORBIDDEN"},
		{"deputy of another county", "updateDeputy", in(update, "id", globalID("Deputy", other.Deputy)), "NOT_FOUND", "input.id NOT_FOUND"},
		{"born too late for the seat", "updateDeputy", in(update, "birthMonth", "2005-01-01"), "INVALID", "input.birthMonth IMPOSSIBLE_DATE"},
		{"gender emptied", "updateDeputy", in(update, "gender", null{}), "INVALID", "input.gender REQUIRED"},

		{"the same congress twice", "giveMandate", in(give, "mandate", seat), "CONFLICT", "input.mandate.congress DUPLICATE"},
		{"off the chain", "giveMandate", in(give, "mandate", in(seat, "congress", globalID("Congress", h.world.Spot("430121102").Congress))), "INVALID", "input.mandate.congress CHAIN"},
		{"given to a deputy of another county", "giveMandate", in(give, "deputy", globalID("Deputy", other.Deputy)), "NOT_FOUND", "input.deputy NOT_FOUND"},
		{"given to a guest", "giveMandate", in(give, "deputy", globalID("Deputy", apitest.Who(apitest.Provincial))), "FORBIDDEN", "input.deputy FORBIDDEN"},

		{"back to elected", "changeMandate", in(change, "status", "ELECTED"), "INVALID", "input.status UNKNOWN_VALUE"},
		{"ended by change", "changeMandate", in(change, "status", "ENDED"), "INVALID", "input.status UNKNOWN_VALUE"},
		{"confirmed twice", "changeMandate", in(change, "status", "CONFIRMED"), "CONFLICT", "input.status STATE"},
		{"an ended one taken up", "changeMandate", in(change, "id", globalID("Mandate", apitest.Who(apitest.Retired, "mandate")), "status", "CONFIRMED"), "CONFLICT", "input.status STATE"},
		{"a higher congress's", "changeMandate", in(change, "id", globalID("Mandate", apitest.Who(apitest.National, "mandate"))), "FORBIDDEN", "input.id FORBIDDEN"},

		{"ended before the election", "endMandate", in(end, "endedOn", "2020-01-01"), "INVALID", "input.endedOn IMPOSSIBLE_DATE"},
		{"ended in 3024", "endMandate", in(end, "endedOn", "3024-01-01"), "INVALID", "input.endedOn IMPOSSIBLE_DATE"},
		{"ended twice", "endMandate", in(end, "id", globalID("Mandate", apitest.Who(apitest.Retired, "mandate"))), "CONFLICT", "input.id ENDED"},
		{"long note", "endMandate", in(end, "note", strings.Repeat("长", 501)), "INVALID", "input.note TOO_LONG"},
		{"a higher congress's, ended", "endMandate", in(end, "id", globalID("Mandate", apitest.Who(apitest.National, "mandate"))), "FORBIDDEN", "input.id FORBIDDEN"},

		{"posted in 3024", "postDeputy", in(post, "startedOn", "3024-01-01"), "INVALID", "input.startedOn IMPOSSIBLE_DATE"},
		{"posted before the election", "postDeputy", in(post, "startedOn", "2021-01-01"), "INVALID", "input.startedOn IMPOSSIBLE_DATE"},
		{"posted twice", "postDeputy", in(post, "mandate", globalID("Mandate", own.Mandate)), "CONFLICT", "input.station DUPLICATE"},
		{"posted to a closed station", "postDeputy", in(post, "station", globalID("Station", own.Closed)), "CONFLICT", "input.station CLOSED"},
		{"posted to another county", "postDeputy", in(post, "station", globalID("Station", other.Station), "basis", "CROSS"), "NOT_FOUND", "input.station NOT_FOUND"},
		{"a stranger posted here", "postDeputy", in(post, "mandate", globalID("Mandate", other.Mandate), "basis", "CROSS"), "NOT_FOUND", "input.mandate NOT_FOUND"},
		{"an ended mandate posted", "postDeputy", in(post, "mandate", globalID("Mandate", apitest.Who(apitest.Retired, "mandate"))), "CONFLICT", "input.mandate NOT_ON_ROLL"},
		{"a township's deputy posted beyond it", "postDeputy", in(post, "mandate", globalID("Mandate", town.Mandate)), "INVALID", "input.station MISMATCH"},
		{"a national deputy by constituency", "postDeputy", in(post, "mandate", globalID("Mandate", apitest.Who(apitest.National, "mandate")), "station", globalID("Station", town.Station), "basis", "CONSTITUENCY"), "INVALID", "input.basis MISMATCH"},
		{"a guest drawn from home", "postDeputy", in(post, "mandate", globalID("Mandate", apitest.Who(apitest.Provincial, "mandate")), "station", globalID("Station", town.Station)), "FORBIDDEN", "input.mandate FORBIDDEN"},

		{"withdrawn before posted", "withdrawPosting", in(withdraw, "endedOn", "2020-01-01"), "INVALID", "input.endedOn IMPOSSIBLE_DATE"},
		{"withdrawn in 3024", "withdrawPosting", in(withdraw, "endedOn", "3024-01-01"), "INVALID", "input.endedOn IMPOSSIBLE_DATE"},
		{"withdrawn already", "withdrawPosting", in(withdraw, "id", globalID("Posting", apitest.Who(apitest.Retired, "home"))), "CONFLICT", "input.id ENDED"},
		{"a posting elsewhere", "withdrawPosting", in(withdraw, "id", globalID("Posting", apitest.Who(apitest.Crossing, "cross"))), "NOT_FOUND", "input.id NOT_FOUND"},
	})
}
