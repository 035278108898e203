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

// alike are opinions, with all that belongs to them, like one ($1), merged into it; $2 is the organ that supervises them. Keys of rows are made
// of those they are copies of.
var alike = []string{
	`CREATE TEMPORARY TABLE alike AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, 100) n`,
	`INSERT INTO opinion SELECT (jsonb_populate_record(o, jsonb_build_object('id', a.id, 'number', 'ALIKE-' || a.n, 'state', 'MERGED', 'open', false,
		'main_id', o.id, 'supervisor_id', $2::uuid))).* FROM alike a, opinion o WHERE o.id = $1`,
	`INSERT INTO opinion_event SELECT (jsonb_populate_record(e, jsonb_build_object('id', md5(e.id::text || a.n), 'opinion_id', a.id))).*
		FROM alike a, opinion_event e WHERE e.opinion_id = $1 AND $2::uuid IS NOT NULL`,
	`INSERT INTO opinion_assignment SELECT (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'opinion_id', a.id))).*
		FROM alike a, opinion_assignment x WHERE x.opinion_id = $1 AND $2::uuid IS NOT NULL`,
	`INSERT INTO opinion_submitter SELECT (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'opinion_id', a.id))).*
		FROM alike a, opinion_submitter x WHERE x.opinion_id = $1 AND $2::uuid IS NOT NULL`,
	`INSERT INTO attachment SELECT (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'opinion_id', a.id,
		'event_id', md5(x.event_id::text || a.n)))).* FROM alike a, attachment x WHERE x.opinion_id = $1 AND $2::uuid IS NOT NULL`,
	`INSERT INTO published_case (id, version, created_at, updated_at, code, province_code, city_code, county_code, township_code, opinion_id, station_id,
			category_id, title, matter, answer, published_at)
		SELECT gen_random_uuid(), 1, now(), now(), o.code, o.province_code, o.city_code, o.county_code, o.township_code, a.id, o.station_id,
			o.category_id, '桥面修好了', '桥面破损', '已经修复', now() FROM alike a, opinion o WHERE o.id = $1 AND $2::uuid IS NOT NULL`,
}

// TestOpinionStatements counts SQL statements: a hundred opinions cost as many as one, whatever is asked of them, and so do codes.
func TestOpinionStatements(t *testing.T) {
	l := newLoop(t)
	spot := l.world.Spot("430121102")
	l.record(map[string]any{
		"name": "赵甲", "category": l.category("0101"), "deputy": globalID("Deputy", spot.Deputy), "files": []string{l.upload("a photo"), l.upload("another")},
	})
	l.analysed()
	l.step(l.deputy, "explainOpinion", map[string]any{"text": "按规定办理"}, nil)
	l.replied()
	l.rate("SATISFIED")
	l.step(l.deputy, "convertOpinion", map[string]any{
		"mandate": globalID("Mandate", spot.Mandate), "title": "关于桥梁维护的建议", "content": "建议建立桥梁定期维护制度",
	}, map[string]any{"state": "CONVERTED", "open": false, "suggestion": map[string]any{"title": "关于桥梁维护的建议"}})
	_, key, err := globalid.Decode(l.id)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := l.Owner.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	for i, statement := range alike {
		args := []any{key, uuid.MustParse(l.world.Spot("430121").Organ)}
		if i == 0 {
			args = nil
		}
		if _, err := conn.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%v: %s", err, statement)
		}
	}
	l.world.Crowd(t, l.Owner)
	opinions := func(fields string) string {
		return `{ node(id: "` + l.id + `") { ... on Opinion { merged(first: %d) { totalCount edges { node { ` + fields + ` } } } } } }`
	}
	for name, c := range map[string]struct {
		by    *apitest.Caller
		query string
		most  int64
	}{
		"what they are": {l.county, opinions(`number clock station { name division { name } } deputy { name } division { name } holder { name }
			category { name parent { name } } categoryHint { name children { name } } leadOrgan { name } supervisor { name }
			main { number } merged(first: 1) { totalCount edges { node { number } } }`), 25},
		"what became of them": {l.county, opinions(`assignments { part organ { name } } suggestion { title opinion { number } deputy { name } mandate { level } }
			publishedCase { title station { name } division { name } category { name } opinion { number } }`), 20},
		"who told them":   {l.town, opinions(`submitter { name consentedAt } submitterMasked attachments { url }`), 10},
		"their timelines": {l.county, opinions(`timeline { step role organ { name } deputy { name } outcome rating attachments { url } }`), 10},
		"codes": {l.As(viewer.TownshipAdmin, place.MustParse(apitest.CrowdAt)), `{ stations(division: "` + apitest.CrowdAt + `", last: %d) { edges { node {
			qrCode { url station { name } posting { basis } } postings(first: 1) { edges { node { qrCode { url station { name } posting { basis } } } } } } } } }`, 15},
	} {
		t.Run(name, func(t *testing.T) {
			by := c.by.For(t)
			count := func(n int) (int64, string) {
				before := l.Statements()
				answer := by.Do(fmt.Sprintf(c.query, n), nil)
				if len(answer.Errors) > 0 {
					t.Fatal(answer.Body)
				}
				if got := strings.Count(answer.Body, `"node":{`); got < n {
					t.Fatalf("%d rows instead of %d", got, n)
				}
				return l.Statements() - before, answer.Body
			}
			one, first := count(1)
			hundred, _ := count(100)
			t.Logf("%d statements for 1 row, %d for 100 rows", one, hundred)
			if one != hundred {
				t.Errorf("%d statements for 1 row, %d for 100", one, hundred)
			}
			if one > c.most {
				t.Errorf("%d statements are more than %d", one, c.most)
			}
			// What is not there costs nothing: the sample must have everything that is asked of it.
			for _, empty := range []string{
				`"station":null`, `"category":null`, `"leadOrgan":null`, `"supervisor":null`, `"main":null`, `"assignments":[]`, `"suggestion":null`,
				`"publishedCase":null`, `"submitter":null`, `"attachments":[],"timeline`, `"timeline":[]`, `"qrCode":null`,
			} {
				if strings.Contains(first, empty) {
					t.Errorf("the sample has %s: %s", empty, first)
				}
			}
		})
	}
}
