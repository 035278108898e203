package app_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// bad is an operation that must be refused, and how.
type bad struct {
	name string
	// ask is a query, or the name of a mutation whose input is given.
	ask   string
	input map[string]any
	// want is the code of the error, field the path and the code of the first field blamed; empty for none.
	want, field string
}

// badHouse is the world for bad input, with a county's administrator.
type badHouse struct {
	*apitest.Server
	world  *apitest.World
	county *apitest.Caller
}

func newBadHouse(t *testing.T) *badHouse {
	t.Helper()
	h := &badHouse{Server: apitest.New(t), world: apitest.NewWorld()}
	h.world.Load(t, h.Owner)
	h.county = h.As(viewer.CountyAdmin, place.MustParse("430121"))
	return h
}

// mutation is a mutation that takes its input as a variable.
func mutation(verb string) string {
	payload := map[string]string{
		"appointStaff": "staff { id }", "dismissStaff": "staff { id }", "registerDeputy": "deputy { id }", "updateDeputy": "deputy { id }",
		"giveMandate": "mandate { id }", "changeMandate": "mandate { id }", "endMandate": "mandate { id }",
		"postDeputy": "posting { id }", "withdrawPosting": "posting { id }",
		"createVisitRule": "rule { id }", "endVisitRule": "rule { id }", "planVisitDays": "planned", "publishVisitDays": "published",
		"changeVisitDay": "visitDay { id }", "cancelVisitDay": "visitDay { id }", "assignDuty": "duty { id }", "substituteDuty": "duty { id }",
		"setPairingRule": "rule { id }", "pair": "pairing { id }", "unpair": "pairing { id }", "logContact": "contact { id }",
		"planTraining": "training { id }", "changeTraining": "training { id }", "cancelTraining": "training { id }",
		"recordTraining": "training { id }", "removeTrainingAttendance": "training { id }",
		"renameDivision": "event { id }", "recodeDivision": "event { id }", "transferDivision": "event { id }", "splitDivision": "event { id }",
		"mergeDivisions": "event { id }", "abolishDivision": "event { id }",
		"setStandard": "standard { id }", "openEvaluation": "campaign { id }", "evaluateSelf": "evaluation { id }", "reviewCampaign": "campaign { id }",
		"reviewEvaluation": "evaluation { id }", "publishEvaluation": "campaign { id }", "cancelEvaluation": "campaign { id }",
	}[verb]
	if payload == "" {
		payload = "station { id }"
	}
	return fmt.Sprintf("mutation($input: %s%sInput!) { %s(input: $input) { %s } }", strings.ToUpper(verb[:1]), verb[1:], verb, payload)
}

func (h *badHouse) do(c *apitest.Caller, b bad) *apitest.Answer {
	if b.input == nil {
		return c.Do(b.ask, nil)
	}
	return c.Do(mutation(b.ask), apitest.Vars{"input": b.input})
}

// check tries each operation: it must be refused as said, in plain words, and change nothing.
func (h *badHouse) check(t *testing.T, tests []bad) {
	t.Helper()
	m := &matrix{server: h.Server}
	before := m.snapshot(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer := h.do(h.county.For(t), test)
			if answer.Code() != test.want {
				t.Fatalf("answered %d %s, want %s", answer.Status, answer.Body, test.want)
			}
			first := answer.Errors[0]
			field := ""
			if len(first.Extensions.Fields) > 0 {
				f := first.Extensions.Fields[0]
				steps := make([]string, len(f.Path))
				for i, step := range f.Path {
					steps[i] = fmt.Sprint(step)
				}
				field = strings.Join(steps, ".") + " " + f.Code
			}
			if field != test.field {
				t.Errorf("blames %q, want %q: %s", field, test.field, answer.Body)
			}
			checkWords(t, answer)
		})
	}
	if after := m.snapshot(t); after != before {
		t.Errorf("what was refused has changed something:\nbefore %s\nafter  %s", before, after)
	}
}

// inner are words that only the inside of the platform knows.
var inner = regexp.MustCompile(`(?i)pq:|sql|ent:|constraint|violat|relation|goroutine|panic|\.go:|lianluo_|uuid`)

// checkWords sees to it that every message is for people and tells nothing of the inside, nor of things out of sight.
func checkWords(t *testing.T, answer *apitest.Answer) {
	t.Helper()
	for _, e := range answer.Errors {
		if !strings.ContainsFunc(e.Message, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("a message that is not Chinese: %s", answer.Body)
		}
		for _, f := range e.Extensions.Fields {
			if !strings.ContainsFunc(f.Message, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("a field's message that is not Chinese: %s", answer.Body)
			}
		}
	}
	if word := inner.FindString(answer.Body); word != "" {
		t.Errorf("the answer tells of the inside (%s): %s", word, answer.Body)
	}
	if strings.Contains(answer.Body, "芙蓉区") || strings.Contains(answer.Body, "北湖区") {
		t.Errorf("the answer tells of another county: %s", answer.Body)
	}
}

// TestBadQueries asks what cannot be answered.
func TestBadQueries(t *testing.T) {
	h := newBadHouse(t)
	stations := func(args string) string {
		return `{ stations(division: "430121"` + args + `) { totalCount edges { node { id } } } }`
	}
	newest := h.cursor(t, "first: 1, orderBy: NEWEST")
	inTree := h.cursor(t, "first: 1")
	h.check(t, []bad{
		{name: "code of 5 digits", ask: `{ division(code: "43012") { name } }`, want: "INVALID", field: "code MALFORMED"},
		{name: "code of 13 digits", ask: `{ division(code: "4301210000000") { name } }`, want: "INVALID", field: "code MALFORMED"},
		{name: "code with a letter", ask: `{ division(code: "43012x") { name } }`, want: "INVALID", field: "code MALFORMED"},
		{name: "code of other digits", ask: `{ division(code: "43") { name children(first: 1) { totalCount } } d: division(code: "４３") { name } }`, want: "INVALID", field: "code MALFORMED"},
		{name: "empty code", ask: `{ division(code: "") { name } }`, want: "INVALID", field: "code MALFORMED"},
		{name: "stations of an unknown division", ask: `{ stations(division: "990000", first: 1) { totalCount } }`, want: "NOT_FOUND", field: "division NOT_FOUND"},
		{name: "stations of another county", ask: `{ stations(division: "430102", first: 1) { totalCount } }`, want: "NOT_FOUND", field: "division NOT_FOUND"},
		{name: "stations of the city above", ask: `{ stations(division: "4301", first: 1) { totalCount } }`, want: "NOT_FOUND", field: "division NOT_FOUND"},
		{name: "deputies of another county", ask: `{ deputies(division: "430102", first: 1) { totalCount } }`, want: "NOT_FOUND", field: "division NOT_FOUND"},
		{name: "roster of another county", ask: `{ roster(division: "430102") { level } }`, want: "NOT_FOUND", field: "division NOT_FOUND"},
		{name: "search in another county", ask: `{ divisions(search: "p", within: "430102", first: 1) { totalCount } }`, want: "NOT_FOUND", field: "within NOT_FOUND"},
		{name: "rollup of another county", ask: `{ rollup(division: "430102", period: {from: "2025-01-01", to: "2025-12-31"}) { ownOnly } }`, want: "NOT_FOUND", field: "division NOT_FOUND"},

		{name: "id of nothing", ask: `{ node(id: "x") { id } }`, want: "INVALID", field: "id MALFORMED"},
		{name: "empty id", ask: `{ node(id: "") { id } }`, want: "INVALID", field: "id MALFORMED"},
		{name: "id of an unknown type", ask: `{ node(id: "` + globalID("Account", h.world.Spot("430121").Station) + `") { id } }`, want: "INVALID", field: "id MALFORMED"},
		{name: "id cut off", ask: `{ node(id: "` + globalID("Station", h.world.Spot("430121").Station)[:20] + `") { id } }`, want: "INVALID", field: "id MALFORMED"},
		{name: "id padded", ask: `{ node(id: "` + globalID("Station", h.world.Spot("430121").Station) + `==") { id } }`, want: "INVALID", field: "id MALFORMED"},
		{name: "an id among others", ask: `{ nodes(ids: ["` + globalID("Station", h.world.Spot("430121").Station) + `", "x"]) { id } }`, want: "INVALID", field: "ids MALFORMED"},
		{name: "too many ids", ask: `{ nodes(ids: [` + strings.Repeat(`"`+globalID("Station", h.world.Spot("430121").Station)+`" `, 101) + `]) { id } }`, want: "INVALID", field: "ids OUT_OF_RANGE"},
		{name: "zone of another type", ask: stations(`, first: 1, filter: {zone: "` + globalID("Station", h.world.Spot("430121").Station) + `"}`), want: "INVALID", field: "filter.zone MALFORMED"},

		{name: "first 0", ask: stations(", first: 0"), want: "INVALID", field: "first OUT_OF_RANGE"},
		{name: "first -1", ask: stations(", first: -1"), want: "INVALID", field: "first OUT_OF_RANGE"},
		{name: "first 101", ask: stations(", first: 101"), want: "INVALID", field: "first OUT_OF_RANGE"},
		{name: "last 0", ask: stations(", last: 0"), want: "INVALID", field: "last OUT_OF_RANGE"},
		{name: "last 101", ask: stations(", last: 101"), want: "INVALID", field: "last OUT_OF_RANGE"},
		{name: "neither first nor last", ask: stations(""), want: "INVALID", field: "first REQUIRED"},
		{name: "first and last", ask: stations(", first: 1, last: 1"), want: "INVALID", field: "last EXCLUSIVE"},
		{name: "first with before", ask: stations(`, first: 1, before: "` + inTree + `"`), want: "INVALID", field: "last EXCLUSIVE"},
		{name: "last with after", ask: stations(`, last: 1, after: "` + inTree + `"`), want: "INVALID", field: "last EXCLUSIVE"},
		{name: "a nested list without first", ask: `{ division(code: "430121") { children(first: 2) { edges { node { stations { totalCount } } } } } }`, want: "INVALID", field: "first REQUIRED"},

		{name: "malformed cursor", ask: stations(`, first: 1, after: "x"`), want: "INVALID", field: "after MALFORMED"},
		{name: "empty cursor", ask: stations(`, first: 1, after: ""`), want: "INVALID", field: "after MALFORMED"},
		{name: "cursor cut off", ask: stations(`, first: 1, after: "` + inTree[:len(inTree)-1] + `"`), want: "INVALID", field: "after MALFORMED"},
		{name: "cursor of another order", ask: stations(`, first: 1, after: "` + newest + `"`), want: "INVALID", field: "after MALFORMED"},
		{name: "cursor of another order, back", ask: stations(`, last: 1, orderBy: NEWEST, before: "` + inTree + `"`), want: "INVALID", field: "before MALFORMED"},

		{name: "empty search", ask: `{ divisions(search: "", first: 1) { totalCount } }`, want: "INVALID", field: "search LENGTH"},
		{name: "blank search", ask: `{ divisions(search: "  ", first: 1) { totalCount } }`, want: "INVALID", field: "search LENGTH"},
		{name: "long search", ask: `{ divisions(search: "` + strings.Repeat("长", 41) + `", first: 1) { totalCount } }`, want: "INVALID", field: "search LENGTH"},
		{name: "long search of stations", ask: stations(`, first: 1, filter: {search: "` + strings.Repeat("长", 41) + `"}`), want: "INVALID", field: "filter.search LENGTH"},
		{name: "period backwards", ask: `{ rollup(division: "430121", period: {from: "2025-12-31", to: "2025-01-01"}) { ownOnly } }`, want: "INVALID", field: "period.to REVERSED"},
		{name: "period in 3024", ask: `{ rollup(division: "430121", period: {from: "2025-12-31", to: "3024-01-01"}) { ownOnly } }`, want: "INVALID", field: "period.to IMPOSSIBLE_DATE"},
		{name: "no such day", ask: `{ rollup(division: "430121", period: {from: "2025-02-30", to: "2025-03-01"}) { ownOnly } }`, want: "INVALID", field: "period.from TYPE"},
	})
}

// cursor is the cursor of the first station of a page.
func (h *badHouse) cursor(t *testing.T, args string) string {
	t.Helper()
	var data struct {
		Stations struct{ Edges []struct{ Cursor string } }
	}
	h.county.Get(&data, `{ stations(division: "430121", `+args+`) { edges { cursor } } }`, nil)
	return data.Stations.Edges[0].Cursor
}
