package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// eighteenItems are items as 炎陵县 has them.
func eighteenItems() []map[string]any {
	attended := func(way, name string, points float64) map[string]any {
		return map[string]any{"key": way, "name": name, "deed": "ATTENDANCE", "ways": []string{way}, "points": points}
	}
	record := func(kind, name string, points float64) map[string]any {
		return map[string]any{"key": kind, "name": name, "deed": "RECORD", "records": []string{kind}, "points": points}
	}
	capped := func(item map[string]any, most float64, period string) map[string]any {
		item["cap"], item["capPeriod"] = most, period
		return item
	}
	other := func(key, deed, name string, points float64) map[string]any {
		return map[string]any{"key": key, "name": name, "deed": deed, "points": points}
	}
	return []map[string]any{
		capped(attended("RECEPTION", "进站接待群众", 2), 4, "MONTH"), attended("HOUSEHOLD", "入户走访", 1), attended("SUPERVISION", "参加督事", 2),
		attended("HELP", "帮忙办事", 1.5), attended("REPORT", "述职", 5), capped(attended("LECTURE", "宣讲", 2), 10, "YEAR"),
		attended("RESEARCH", "参加调研", 2), attended("INSPECTION", "参加视察", 2), attended("VOLUNTEER", "志愿服务", 0.5),
		capped(other("OPINION", "OPINION", "反映社情民意", 0.5), 10, "YEAR"), other("SUGGESTION", "SUGGESTION", "提出建议", 3), other("TRAINING", "TRAINING", "参加培训", 2),
		capped(other("CONTACT", "CONTACT", "结对联系", 0.2), 5, "YEAR"), record("JOURNAL", "民情日志", 1), record("STORY", "履职故事", 2),
		record("LIVELIHOOD", "民生实事", 5), capped(other("HONOUR", "CLAIM", "受到表彰", 5), 10, "YEAR"), capped(other("ABSENT", "CLAIM", "无故缺席会议", -2), 6, "YEAR"),
	}
}

func (d *duties) scheme(more map[string]any) map[string]any {
	in := map[string]any{"congress": d.congress, "level": "TOWNSHIP", "name": "代表履职积分办法", "items": eighteenItems(), "fromOn": "2025-01-01"}
	for k, v := range more {
		in[k] = v
	}
	return in
}

func (d *duties) award(more map[string]any) map[string]any {
	in := map[string]any{"kind": "AWARD", "mandate": d.mandate, "item": "HONOUR", "day": "2025-05-01", "text": "被评为优秀代表"}
	for k, v := range more {
		in[k] = v
	}
	return in
}

// settled has the platform bring all ledgers up to their evidence, as its job does.
func (d *duties) settled() {
	d.t.Helper()
	if n, err := workflow.NewClockwork(d.Client, workflow.ClockworkOptions{}).SettleAll(d.t.Context()); err != nil || n == 0 {
		d.t.Fatal(n, err)
	}
}

// points are the deputy's points of 2025.
func (d *duties) points(c *apitest.Caller) any {
	d.t.Helper()
	return at(d.ask(c, fmt.Sprintf(`{ node(id: %q) { ... on Mandate { points(year: 2025) { year sum items { key item { name } sum deeds }
		entries(first: 10) { totalCount edges { node { id itemKey deed day points correction evidence { __typename } } } }
		lastCheck { agreed points note } } } } }`, d.mandate)), "points")
}

// Points through the API: a scheme, what it brings, a claim granted, an appeal, a refusal contested, a self-check and the ranking.
func TestPoints(t *testing.T) {
	d := newDuties(t)
	set := d.do(d.county, "setPointScheme", "pointScheme { id edition items { key points cap capPeriod } }", d.scheme(nil))
	d.equal("items", []any{at(set, "pointScheme", "items", 0), at(set, "pointScheme", "items", 8), at(set, "pointScheme", "items", 17)}, []any{
		map[string]any{"key": "RECEPTION", "points": 2, "cap": 4, "capPeriod": "MONTH"},
		map[string]any{"key": "VOLUNTEER", "points": 0.5, "cap": nil, "capPeriod": nil},
		map[string]any{"key": "ABSENT", "points": -2, "cap": 6, "capPeriod": "YEAR"},
	})
	record := at(d.do(d.deputy, "submitDutyRecord", "dutyRecord { id }", d.record(nil)), "dutyRecord", "id")
	d.do(d.town, "confirmDutyRecord", "dutyRecord { state }", map[string]any{"id": record})
	claim := at(d.do(d.deputy, "claimPoints", "pointClaim { id state }", d.award(nil)), "pointClaim", "id")
	desk := d.ask(d.town, `{ pointClaims(filter: {states: [SUBMITTED, APPEALED]}, first: 10) { totalCount edges { node { id text itemKey item { name } deputy { name } } } } }`)
	d.equal("the organ's desk", []any{at(desk, "edges", 0, "node", "id"), at(desk, "edges", 0, "node", "item", "name")}, []any{claim, "受到表彰"})
	d.do(d.town, "approveClaim", "pointClaim { state points decidedAt }", map[string]any{"id": claim, "points": 7.5, "note": "省级"})
	d.settled()
	got := d.points(d.deputy)
	d.equal("sum", []any{at(got, "sum"), at(got, "entries", "totalCount")}, []any{9.5, 2})
	d.equal("as the township sees them", d.points(d.town), got)
	d.equal("newest first, with what proves it", []any{at(got, "entries", "edges", 0, "node", "evidence", "__typename"), at(got, "entries", "edges", 1, "node", "evidence", "__typename")},
		[]any{"PointClaim", "DutyRecord"})
	d.settled()
	d.equal("settled again", d.points(d.deputy), got)

	// An appeal against the entry of the story.
	entry := at(got, "entries", "edges", 1, "node", "id")
	appeal := at(d.do(d.deputy, "claimPoints", "pointClaim { id itemKey entry { id } }", map[string]any{"kind": "APPEAL", "entry": entry, "text": "被省报刊登"}), "pointClaim", "id")
	d.no(d.deputy, "claimPoints", map[string]any{"kind": "APPEAL", "entry": entry, "text": "再次申诉"}, "CONFLICT", "input.entry DUPLICATE")
	d.do(d.town, "refuseClaim", "pointClaim { state decision }", map[string]any{"id": appeal, "reason": "没有报样"})
	d.do(d.deputy, "appealClaim", "pointClaim { state appeal }", map[string]any{"id": appeal, "reason": "报样已补交"})
	d.do(d.town, "approveClaim", "pointClaim { state }", map[string]any{"id": appeal, "points": 0.5})
	d.settled()
	d.equal("after the appeal", at(d.points(d.deputy), "sum"), 10)
	d.do(d.deputy, "checkPoints", "pointCheck { id points mandate { level } }", map[string]any{"mandate": d.mandate, "year": 2025, "agreed": false, "note": "少记一次接待"})
	d.equal("the self-check", at(d.points(d.town), "lastCheck"), map[string]any{"agreed": false, "note": "少记一次接待", "points": 10})

	d.ranked(t)
	for typ, id := range map[string]any{"PointScheme": at(set, "pointScheme", "id"), "PointClaim": claim, "PointEntry": entry, "DutyRecord": record} {
		read := fmt.Sprintf(`{ node(id: %q) { __typename } }`, id)
		d.equal(typ+" is a node", d.ask(d.deputy, read), map[string]any{"__typename": typ})
		if typ != "PointScheme" {
			d.equal(typ+" is not another deputy's", d.ask(d.otherDeputy(), read), nil)
			d.equal(typ+" is not another county's", d.ask(d.otherCounty, read), nil)
		}
	}
}

// ranked checks the ranking against the sums in the ledger.
func (d *duties) ranked(t *testing.T) {
	t.Helper()
	rows, err := d.Owner.QueryContext(t.Context(), `SELECT coalesce((SELECT sum(points) FROM point_entry e WHERE e.mandate_id = m.id AND e.day BETWEEN '2025-01-01' AND '2025-12-31'), 0)
		FROM mandate m WHERE m.level = 'TOWNSHIP' AND m.county_code = 430121000000 AND m.elected_on <= '2025-12-31' AND (m.ended_on IS NULL OR m.ended_on > '2025-12-31') ORDER BY 1 DESC`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var want [][]float64 // points and rank: 1, 2, 2, 4
	for rows.Next() {
		var tenths float64
		if err := rows.Scan(&tenths); err != nil {
			t.Fatal(err)
		}
		rank := float64(len(want) + 1)
		if n := len(want); n > 0 && want[n-1][0] == tenths/10 {
			rank = want[n-1][1]
		}
		want = append(want, []float64{tenths / 10, rank})
	}
	if err := rows.Err(); err != nil || len(want) < 2 {
		t.Fatal(len(want), err)
	}
	var got [][]float64
	after := "null"
	for {
		p := d.ask(d.county, `{ pointRanking(division: "430121", level: TOWNSHIP, year: 2025, first: 2, after: `+after+`) { totalCount edges { node { rank points mandate { level } } } pageInfo { hasNextPage endCursor } } }`)
		if at(p, "totalCount") != float64(len(want)) {
			t.Errorf("%v deputies, want %d", at(p, "totalCount"), len(want))
		}
		for _, e := range at(p, "edges").([]any) {
			got = append(got, []float64{at(e, "node", "points").(float64), at(e, "node", "rank").(float64)})
		}
		if at(p, "pageInfo", "hasNextPage") != true {
			break
		}
		after = fmt.Sprintf("%q", at(p, "pageInfo", "endCursor"))
	}
	d.equal("the ranking", got, want)
}

// What is refused of points.
func TestPointInput(t *testing.T) {
	d := newDuties(t)
	d.do(d.county, "setPointScheme", "pointScheme { id }", d.scheme(nil))
	item := func(change map[string]any) map[string]any {
		items := eighteenItems()[1:3]
		for k, v := range change {
			items[1][k] = v
		}
		return d.scheme(map[string]any{"items": items})
	}
	claim := at(d.do(d.deputy, "claimPoints", "pointClaim { id }", d.award(nil)), "pointClaim", "id")
	for _, c := range []struct {
		by          *apitest.Caller
		verb        string
		in          map[string]any
		code, field string
	}{
		{d.county, "setPointScheme", item(map[string]any{"points": 0.25}), "INVALID", "input.items.1.points MALFORMED"},
		{d.county, "setPointScheme", item(map[string]any{"cap": -1, "capPeriod": "YEAR"}), "INVALID", "input.items.1.cap OUT_OF_RANGE"},
		{d.county, "setPointScheme", item(map[string]any{"cap": 1}), "INVALID", "input.items.1.capPeriod REQUIRED"},
		{d.county, "setPointScheme", d.scheme(map[string]any{"fromOn": "2024-12-31"}), "INVALID", "input.fromOn IMPOSSIBLE_DATE"},
		{d.city, "setPointScheme", d.scheme(nil), "FORBIDDEN", "input.congress FORBIDDEN"},
		{d.deputy, "setPointScheme", d.scheme(nil), "FORBIDDEN", ""},
		{d.deputy, "claimPoints", d.award(map[string]any{"item": "REPORT"}), "INVALID", "input.item MISMATCH"},
		{d.deputy, "claimPoints", d.award(map[string]any{"item": "NOTHING"}), "NOT_FOUND", "input.item NOT_FOUND"},
		{d.deputy, "claimPoints", d.award(map[string]any{"day": "2024-12-31"}), "CONFLICT", "input.day NO_SCHEME"},
		{d.deputy, "claimPoints", d.award(map[string]any{"day": "2999-12-31"}), "INVALID", "input.day IMPOSSIBLE_DATE"},
		{d.otherDeputy(), "claimPoints", d.award(nil), "NOT_FOUND", "input.mandate NOT_FOUND"},
		{d.otherCounty, "claimPoints", d.award(nil), "NOT_FOUND", "input.mandate NOT_FOUND"},
		{d.keeper, "claimPoints", d.award(nil), "FORBIDDEN", ""},
		{d.town, "approveClaim", map[string]any{"id": claim, "points": 10.1}, "INVALID", "input.points OUT_OF_RANGE"},
		{d.town, "approveClaim", map[string]any{"id": claim, "points": 0}, "INVALID", "input.points OUT_OF_RANGE"},
		{d.town, "refuseClaim", map[string]any{"id": claim, "reason": ""}, "INVALID", "input.reason REQUIRED"},
		{d.town, "upholdRefusal", map[string]any{"id": claim, "reason": "维持决定"}, "CONFLICT", "input.id STATE"},
		{d.otherCounty, "approveClaim", map[string]any{"id": claim, "points": 5}, "NOT_FOUND", "input.id NOT_FOUND"},
		{d.deputy, "approveClaim", map[string]any{"id": claim, "points": 5}, "FORBIDDEN", ""},
		{d.deputy, "checkPoints", map[string]any{"mandate": d.mandate, "year": 2025, "agreed": false}, "INVALID", "input.note REQUIRED"},
		{d.deputy, "checkPoints", map[string]any{"mandate": d.mandate, "year": 2999, "agreed": true}, "INVALID", "input.year OUT_OF_RANGE"},
		{d.deputy, "withdrawClaim", map[string]any{"id": claim, "expectedVersion": 9}, "CONFLICT", "input.expectedVersion VERSION"},
	} {
		d.no(c.by, c.verb, c.in, c.code, c.field)
	}
	if own := d.ask(d.deputy, `{ pointClaims(first: 10) { totalCount edges { node { state points } } } }`); at(own, "totalCount") != 1.0 || at(own, "edges", 0, "node", "state") != "SUBMITTED" {
		t.Errorf("after all that: %v", own)
	}
	if answer := d.county.Do(`{ pointRanking(division: "430121", level: TOWNSHIP, year: 2025, first: 101) { totalCount } }`, nil); answer.Code() != "INVALID" || !strings.Contains(answer.Body, "first") {
		t.Errorf("%s", answer.Body)
	}
}
