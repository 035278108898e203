package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

const changed = `event { id kind day division { code } predecessors { code name level } successors { code name level } moved { entity rows } }
	predecessors { code name level } successors { code name level } moved { entity rows }`

// tried does a change as a dry run and then in earnest; both tell the same.
func (f *flow) tried(c *apitest.Caller, verb string, input map[string]any) map[string]any {
	f.t.Helper()
	input["dryRun"] = true
	told := f.do(c, verb, changed, input)
	if told["event"] != nil {
		f.t.Errorf("%s: a dry run made %v", verb, told["event"])
	}
	delete(input, "dryRun")
	done := f.do(c, verb, changed, input)
	for _, part := range []string{"predecessors", "successors", "moved"} {
		f.equal(verb+": "+part+" as told", done[part], told[part])
		f.equal(verb+": "+part+" as registered", at(done, "event", part), done[part])
	}
	return done
}

// TestDivisionEvents changes the tree in every way, and asks everyone concerned before and after.
func TestDivisionEvents(t *testing.T) {
	f := newFlow(t)
	opinion := globalID("Opinion", f.world.Spot("430121107").Opinion)
	sees := func(c *apitest.Caller) bool {
		answer := c.Do(`{ node(id: "`+opinion+`") { id } }`, nil)
		return strings.Contains(answer.Body, opinion)
	}
	portal := f.As(viewer.Portal, place.MustParse("43"))
	if !sees(f.town) || !sees(f.county) || sees(f.otherCounty) {
		t.Fatal("who sees the opinion before")
	}

	// Another name, then another code.
	renamed := f.tried(f.county, "renameDivision", map[string]any{"division": "430121107", "name": "果园街道", "day": "2025-06-01"})
	f.equal("former names lead there", at(f.ask(f.county, `{ divisions(search: "果园镇", first: 5) { edges { node { code name } } } }`), "edges", 0, "node"),
		map[string]any{"code": "430121107000", "name": "果园街道"})
	recoded := f.tried(f.county, "recodeDivision", map[string]any{"division": "430121107", "code": "430121117", "day": "2025-06-02", "document": "湘民〔2025〕7号"})
	if moved := fmt.Sprint(recoded["moved"]); !strings.Contains(moved, "map[entity:station rows:") || !strings.Contains(moved, "map[entity:qr_code rows:") {
		t.Errorf("moved: %s", moved)
	}
	moved := f.As(viewer.TownshipAdmin, place.MustParse("430121117"))
	if sees(f.town) || !sees(moved) || !sees(f.county) {
		t.Error("who sees the opinion under the new code")
	}
	var was []any
	for _, edge := range at(f.ask(moved, `{ division(code: "430121117") { former(first: 10) { edges { node { code name parentCode validTo division { code } event { kind } } } } } }`), "former", "edges").([]any) {
		if at(edge, "node", "code") == "430121107000" {
			was = append(was, at(edge, "node"))
		}
	}
	f.equal("what it was", was, []any{
		map[string]any{"code": "430121107000", "name": "果园街道", "parentCode": "430121000000", "validTo": "2025-06-02", "division": map[string]any{"code": "430121117000"}, "event": nil},
		map[string]any{
			"code": "430121107000", "name": "果园镇", "parentCode": "430121000000", "validTo": "2025-06-01", "division": map[string]any{"code": "430121117000"},
			"event": map[string]any{"kind": "RENAME"},
		},
	})
	f.equal("the tree of a day", at(f.ask(f.county, `{ formerDivisions(on: "2025-05-31", within: "430121107000", first: 1) { totalCount edges { node { code name } } } }`), "edges", 0, "node"),
		map[string]any{"code": "430121107000", "name": "果园镇"})

	// To the next county: the old one sees nothing of it any more, the new one all, past work too.
	f.refuse(f.county, "NOT_FOUND", "transferDivision", map[string]any{"division": "430121117", "parent": "430102", "code": "430102117", "day": "2025-06-03"})
	transferred := f.tried(f.city, "transferDivision", map[string]any{"division": "430121117", "parent": "430102", "code": "430102117", "day": "2025-06-03"})
	if sees(f.county) || sees(moved) || !sees(f.otherCounty) || !sees(f.city) {
		t.Error("who sees the opinion in the other county")
	}

	// A village leaves its township with a new one, which is merged into the old one again. What is registered is there for whoever sees both sides.
	village := at(f.ask(f.county, `{ division(code: "430121102") { children(first: 1) { edges { node { code } } } } }`), "children", "edges", 0, "node", "code")
	split := f.tried(f.county, "splitDivision", map[string]any{"division": "430121102", "day": "2025-06-04", "parts": []map[string]any{
		{"code": "430121119", "name": "黄花岭镇", "children": []map[string]any{{"division": village}}},
	}})
	merged := f.tried(f.county, "mergeDivisions", map[string]any{"divisions": []string{"430121119"}, "into": "430121102", "day": "2025-06-05"})
	f.refuse(f.county, "CONFLICT", "abolishDivision", map[string]any{"division": "430121102", "day": "2025-06-05"})
	f.equal("what was merged is listed no more", strings.Contains(fmt.Sprint(f.ask(f.county, `{ division(code: "430121") { children(first: 100) { edges { node { code } } } } }`)), "430121119000"), false)
	f.equal("but is known", at(f.ask(f.county, `{ division(code: "430121119") { validTo } }`), "validTo"), "2025-06-05")
	for name, q := range map[string]struct {
		by    *apitest.Caller
		query string
		sees  []map[string]any
	}{
		"the county":         {f.county, `{ divisionEvents(first: 100) { edges { node { id } } } }`, []map[string]any{recoded, split, merged}},
		"the other county":   {f.otherCounty, `{ divisionEvents(first: 100) { edges { node { id } } } }`, []map[string]any{renamed}}, // it has gone with the township
		"the city":           {f.city, `{ divisionEvents(first: 100) { edges { node { id } } } }`, []map[string]any{renamed, recoded, transferred, split, merged}},
		"the city, of kinds": {f.city, `{ divisionEvents(kinds: [TRANSFER], first: 100) { edges { node { id } } } }`, []map[string]any{transferred}},
		"a portal":           {portal, `{ division(code: "4301") { events(first: 100) { edges { node { id } } } } }`, []map[string]any{renamed, recoded, transferred, split, merged}},
	} {
		body := q.by.Do(q.query, nil).Body
		for _, done := range []map[string]any{renamed, recoded, transferred, split, merged} {
			want := false
			for _, one := range q.sees {
				want = want || at(one, "event", "id") == at(done, "event", "id")
			}
			if strings.Contains(body, at(done, "event", "id").(string)) != want {
				t.Errorf("%s: %v in %s, want %v", name, done["event"], body, want)
			}
		}
	}
	var off int
	if err := f.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM fact_differences()`).Scan(&off); err != nil || off != 0 {
		t.Errorf("%d sums are wrong, %v", off, err)
	}
}

// Who may not change the tree learns nothing of it.
func TestDivisionEventRefusals(t *testing.T) {
	f := newFlow(t)
	nation := f.As(viewer.NationAdmin, place.Nation)
	before := at(f.ask(nation, `{ divisionEvents(first: 1) { totalCount } }`), "totalCount")
	rename := func(code string) map[string]any {
		return map[string]any{"division": code, "name": "新名", "day": "2025-06-01"}
	}
	for name, c := range map[string]struct {
		by         *apitest.Caller
		code, want string
	}{
		"the own division":       {f.county, "430121", "FORBIDDEN"},
		"beside":                 {f.county, "430102", "NOT_FOUND"},
		"above":                  {f.county, "4301", "NOT_FOUND"},
		"nowhere":                {f.city, "430199", "NOT_FOUND"},
		"a heading":              {nation, "4290", "NOT_FOUND"},
		"the nation":             {nation, "00", "FORBIDDEN"},
		"malformed":              {f.city, "430", "INVALID"},
		"a township in its area": {f.town, "430121107204", "FORBIDDEN"},
		"staff":                  {f.As(viewer.CommitteeStaff, place.MustParse("4301")), "430121", "FORBIDDEN"},
		"a portal":               {f.As(viewer.Portal, place.MustParse("4301")), "430121", "FORBIDDEN"},
		"nobody":                 {f.Nobody(), "430121", "UNAUTHENTICATED"},
	} {
		t.Run(name, func(t *testing.T) {
			if answer := c.by.For(t).Do(mutation("renameDivision"), apitest.Vars{"input": rename(c.code)}); answer.Code() != c.want {
				t.Errorf("%s, want %s", answer.Body, c.want)
			}
		})
	}
	f.refuse(f.city, "INVALID", "renameDivision", map[string]any{"division": "430121", "name": "", "day": "2999-01-01"})
	f.equal("nothing was registered", at(f.ask(nation, `{ divisionEvents(first: 1) { totalCount } }`), "totalCount"), before)
}
