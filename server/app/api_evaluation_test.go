package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// checklists are the three named ones as a county would enter them: 五个标准 of 长沙县, 五有四公开 of 北湖区, and 十有.
var checklists = map[string][]string{
	"五个标准": {"每个选区设立一个代表联系群众工作站", "设置一个接待选民群众的场所", "设立一个宣传公示栏", "配备一名联络人作为民情信息员", "每月相对固定一天组织进站"},
	"五有四公开": {
		"有场所", "有牌子", "有设施", "有制度", "有经费", "公开代表信息", "公开联络员信息", "公开接待日程", "公开办理结果",
	},
	"十有": {"有场所", "有标识", "有设备", "有专人", "有制度", "有计划", "有活动", "有记录", "有反馈", "有经费"},
}

// checklist is one of them, with ten points for each item and evidence for the first.
func checklist(name, congress string) map[string]any {
	var items []map[string]any
	for i, item := range checklists[name] {
		items = append(items, map[string]any{"key": fmt.Sprint(i + 1), "name": item, "points": 10.0, "evidence": i == 0})
	}
	full := float64(10 * len(items))
	return map[string]any{
		"congress": congress, "subject": "STATION", "name": name, "items": items,
		"stars": []map[string]any{{"stars": 3, "from": full * 0.6}, {"stars": 4, "from": full * 0.8}, {"stars": 5, "from": full * 0.9}},
	}
}

// marks gives each item of a checklist the same points, with words where they are needed.
func marks(name string, points float64, word string) []map[string]any {
	var out []map[string]any
	for i := range checklists[name] {
		out = append(out, map[string]any{"key": fmt.Sprint(i + 1), "points": points, word: "有照片和台账"})
	}
	return out
}

// TestEvaluationFlow plays a campaign for stations by each of the named checklists through the API: nothing of what the organ gives is seen by those who are evaluated, nor by
// portals, before it is published.
func TestEvaluationFlow(t *testing.T) {
	f := newFlow(t)
	own, town := f.world.Spot("430121"), f.world.Spot("430121107")
	congress := globalID("Congress", own.Congress)
	station := globalID("Station", town.Station)
	keeper := f.As(viewer.StationKeeper, place.MustParse("430121107"), apitest.Station(uuid.MustParse(town.Station)))
	portal := f.As(viewer.Portal, place.MustParse("430121"))
	rating := func(by *apitest.Caller) any {
		return at(f.ask(by, `{ node(id: "`+station+`") { ... on Station { rating { stars total publishedAt campaign { name division { name } } } } } }`), "rating")
	}
	for n, name := range []string{"五个标准", "五有四公开", "十有"} {
		in := checklist(name, congress)
		standard := f.do(f.county, "setStandard", "standard { id edition full items { key points evidence } stars { stars from } }", in)["standard"]
		f.equal("the full mark", at(standard, "full"), 10*len(checklists[name]))
		title := name + "考评"
		opened := f.do(f.county, "openEvaluation", "campaign { id state evaluations(first: 100) { totalCount edges { node { id station { id } } } } }", map[string]any{
			"congress": congress, "standard": at(standard, "id"), "name": title, "fromOn": "2025-01-01", "toOn": "2025-12-31", "selfUntil": tomorrow(),
		})["campaign"]
		campaign := at(opened, "id").(string)
		var evaluations []string
		mine := ""
		for i := 0; at(opened, "evaluations", "edges", i) != nil; i++ {
			row := at(opened, "evaluations", "edges", i, "node")
			evaluations = append(evaluations, at(row, "id").(string))
			if at(row, "station", "id") == station {
				mine = at(row, "id").(string)
			}
		}
		f.do(keeper, "evaluateSelf", "evaluation { state selfTotal selfScores { key points evidence } }", map[string]any{"id": mine, "scores": marks(name, 9.5, "evidence")})
		f.refuse(f.county, "FORBIDDEN", "evaluateSelf", map[string]any{"id": mine, "scores": marks(name, 9.5, "evidence")})
		f.refuse(f.town, "FORBIDDEN", "reviewCampaign", map[string]any{"id": campaign})
		f.refuse(f.county, "CONFLICT", "reviewEvaluation", map[string]any{"id": mine, "scores": marks(name, 8, "note")})
		f.do(f.county, "reviewCampaign", "campaign { state }", map[string]any{"id": campaign, "expectedVersion": 1})
		f.refuse(keeper, "CONFLICT", "evaluateSelf", map[string]any{"id": mine, "scores": marks(name, 9.5, "evidence")})
		f.refuse(f.county, "CONFLICT", "publishEvaluation", map[string]any{"id": campaign})
		f.refuse(f.town, "FORBIDDEN", "reviewEvaluation", map[string]any{"id": mine, "scores": marks(name, 10, "note")})
		for _, id := range evaluations {
			points := 7.0
			if id == mine {
				points = 8.5
			}
			f.do(f.county, "reviewEvaluation", "evaluation { state }", map[string]any{"id": id, "scores": marks(name, points, "note"), "note": "总体较好"})
		}
		// Nothing of it is seen before it is published, by whatever way it is asked for.
		before := rating(keeper)
		ask := `{ node(id: "` + mine + `") { ... on Evaluation { state selfTotal total stars publishedAt scores { points } review { total note } campaign { ranking(first: 5) { totalCount } } } } }`
		total := 85.0 / 10 * float64(len(checklists[name]))
		for who, by := range map[string]*apitest.Caller{"the keeper": keeper, "the township": f.town} {
			got := f.ask(by, ask)
			if at(got, "total") != nil || at(got, "stars") != nil || at(got, "review") != nil || at(got, "scores", 0) != nil || at(got, "selfTotal") == nil {
				t.Errorf("%s sees %v", who, got)
			}
			f.equal("the ranking", at(got, "campaign", "ranking", "totalCount"), 0)
		}
		f.equal("the organ's view", at(f.ask(f.county, ask), "review"), map[string]any{"total": total, "note": "总体较好"})
		f.equal("a portal's view", f.ask(portal, ask), nil)
		f.equal("the portal's rating", rating(portal), before)

		f.do(f.county, "publishEvaluation", "campaign { state publishedAt }", map[string]any{"id": campaign})
		for who, by := range map[string]*apitest.Caller{"the keeper": keeper, "the township": f.town, "a portal": portal, "the county": f.county} {
			got, _ := rating(by).(map[string]any)
			if got["total"] != total || got["stars"] != 4.0 || at(got, "campaign", "name") != title || at(got, "campaign", "division", "name") != "长沙县" && by != portal {
				t.Errorf("%s sees %v after campaign %d", who, got, n)
			}
		}
		f.equal("the published result", at(f.ask(keeper, ask), "total"), total)
		f.equal("the review to the keeper", at(f.ask(keeper, ask), "review"), nil)
		open := f.ask(portal, `{ node(id: "`+mine+`") { ... on Evaluation { total selfTotal selfScores { evidence } scores { note } } } }`)
		f.equal("what portals see", open, map[string]any{"total": total, "selfTotal": nil, "selfScores": []any{}, "scores": []any{}})
		ranking := f.ask(f.county, `{ node(id: "`+campaign+`") { ... on EvaluationCampaign { ranking(first: 3) { totalCount edges { node { id total } } } } } }`)
		f.equal("the first", []any{at(ranking, "ranking", "totalCount"), at(ranking, "ranking", "edges", 0, "node", "id")}, []any{len(evaluations), mine})
		f.refuse(f.county, "CONFLICT", "cancelEvaluation", map[string]any{"id": campaign, "reason": "另行组织"})
	}
	found := f.ask(f.town, `{ evaluationCampaigns(above: true, states: [PUBLISHED], first: 100) { edges { node { name standard { name } } } } }`)
	if text := fmt.Sprint(found); !strings.Contains(text, "五有四公开考评") {
		t.Errorf("the township sees %s", text)
	}
	listed := f.ask(f.county, `{ node(id: "`+congress+`") { ... on Congress { standards(first: 100) { edges { node { name edition } } } evaluationCampaigns(first: 100) { totalCount } } } }`)
	// 五有四公开 was there already: the one entered here is its second edition, and the first is no longer in force.
	if text := fmt.Sprint(at(listed, "standards")); strings.Count(text, "五有四公开") != 1 || !strings.Contains(text, "edition:2 name:五有四公开") {
		t.Errorf("%s", text)
	}
	f.equal("campaigns", at(listed, "evaluationCampaigns", "totalCount"), 4)
	// Three here, and the one in the province's campaign.
	f.equal("evaluations of the station", at(f.ask(f.county, `{ node(id: "`+station+`") { ... on Station { evaluations(first: 10) { totalCount } } } }`), "evaluations", "totalCount"), 4)
}

// TestBadEvaluations tries what must not become of evaluations.
func TestBadEvaluations(t *testing.T) {
	h := newBadHouse(t)
	own, town := h.world.Spot("430121"), h.world.Spot("430121107")
	congress := globalID("Congress", own.Congress)
	standard := checklist("十有", congress)
	open := map[string]any{
		"congress": congress, "standard": globalID("Standard", apitest.Of("standard", "430121")), "name": "年度考评",
		"fromOn": "2025-01-01", "toOn": "2025-12-31", "selfUntil": tomorrow(),
	}
	campaign := map[string]any{"id": globalID("EvaluationCampaign", apitest.CampaignOf("430121"))} // under review
	review := map[string]any{
		"id":     globalID("Evaluation", apitest.EvaluationOf("430121", own.Station)),
		"scores": []map[string]any{{"key": "SIGN", "points": 90.0}},
	}
	score := func(key string, points float64) []map[string]any {
		return []map[string]any{{"key": key, "points": points}}
	}
	h.check(t, []bad{
		{"no items", "setStandard", in(standard, "items", []any{}), "INVALID", "input.items REQUIRED"},
		{"negative points", "setStandard", in(standard, "items", []map[string]any{{"key": "1", "name": "有场所", "points": -10.0}}, "stars", nil), "INVALID", "input.items.0.points OUT_OF_RANGE"},
		{"stars that fall", "setStandard", in(standard, "stars", []map[string]any{{"stars": 5, "from": 60.0}, {"stars": 4, "from": 80.0}}), "INVALID", "input.stars.1.stars NOT_RISING"},
		{"stars beyond reach", "setStandard", in(standard, "stars", []map[string]any{{"stars": 5, "from": 160.0}}), "INVALID", "input.stars.0.from OUT_OF_RANGE"},
		{"another congress's", "setStandard", in(standard, "congress", globalID("Congress", town.Congress)), "FORBIDDEN", "input.congress FORBIDDEN"},
		{"another subject", "setStandard", in(standard, "name", "五有四公开", "subject", "TOWNSHIP"), "CONFLICT", "input.subject MISMATCH"},
		{"over already", "openEvaluation", in(open, "selfUntil", "2025-01-01"), "INVALID", "input.selfUntil IMPOSSIBLE_DATE"},
		{"a standard below", "openEvaluation", in(open, "standard", globalID("Standard", apitest.Of("standard", "430121107"))), "FORBIDDEN", "input.standard FORBIDDEN"},
		{"a standard beside", "openEvaluation", in(open, "standard", globalID("Standard", apitest.Of("standard", "430102"))), "NOT_FOUND", "input.standard NOT_FOUND"},
		{"a level of stations", "openEvaluation", in(open, "level", "COUNTY"), "INVALID", "input.level MISMATCH"},
		{"reviewed twice", "reviewCampaign", campaign, "CONFLICT", "input.id STATE"},
		{"another version", "cancelEvaluation", in(campaign, "expectedVersion", 9, "reason", "另行组织"), "CONFLICT", "input.expectedVersion VERSION"},
		{"no reason", "cancelEvaluation", in(campaign, "reason", " "), "INVALID", "input.reason REQUIRED"},
		{"some not reviewed", "publishEvaluation", campaign, "CONFLICT", "input.id NOT_REVIEWED"},
		{"the province's", "publishEvaluation", map[string]any{"id": globalID("EvaluationCampaign", apitest.CampaignOf("43"))}, "FORBIDDEN", "input.id FORBIDDEN"},
		{"another county's", "publishEvaluation", map[string]any{"id": globalID("EvaluationCampaign", apitest.CampaignOf("430102"))}, "NOT_FOUND", "input.id NOT_FOUND"},
		{"too many points", "reviewEvaluation", in(review, "scores", score("SIGN", 100.1)), "INVALID", "input.scores.0.points OUT_OF_RANGE"},
		{"negative score", "reviewEvaluation", in(review, "scores", score("SIGN", -1)), "INVALID", "input.scores.0.points OUT_OF_RANGE"},
		{"an item that is not there", "reviewEvaluation", in(review, "scores", append(score("SIGN", 1), score("DOOR", 1)...)), "INVALID", "input.scores.1.key UNKNOWN_VALUE"},
		{"an item left out", "reviewEvaluation", in(review, "scores", []any{}), "INVALID", "input.scores REQUIRED"},
		{"of another's campaign", "reviewEvaluation", in(review, "id", globalID("Evaluation", apitest.EvaluationOf("43", town.Station))), "FORBIDDEN", "input.id FORBIDDEN"},
	})
}

// TestEvaluationStatements counts the statements of lists of evaluations and of what stations were given.
func TestEvaluationStatements(t *testing.T) {
	f := newFlow(t)
	f.world.Crowd(t, f.Owner)
	sample := apitest.EvaluationOf("430121", f.world.Spot("430121").Station)
	for _, statement := range []string{
		`INSERT INTO evaluation SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'station_id', s.id, 'code', s.code, 'total', 900, 'stars', 4,
			'published_at', now()))).* FROM evaluation e, station s WHERE e.id = $1 AND s.name LIKE '众%'`,
		`INSERT INTO evaluation_review SELECT (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid(), 'evaluation_id', e.id))).*
			FROM evaluation_review v, evaluation e JOIN station s ON s.id = e.station_id WHERE v.evaluation_id = $1 AND s.name LIKE '众%'`,
	} {
		if _, err := f.Owner.ExecContext(t.Context(), statement, sample); err != nil {
			t.Fatal(err)
		}
	}
	const fields = `state total stars station { name } deputy { name } township { name } mandate { level } review { total scores { points } } attachments { url } scores { points }
		campaign { name division { name } congress { name } standard { name full } }`
	id := globalID("EvaluationCampaign", apitest.CampaignOf("430121"))
	t.Run("of a campaign", func(t *testing.T) {
		alikes(t, f.Server, f.county, `{ node(id: "`+id+`") { ... on EvaluationCampaign { evaluations(last: %d) { totalCount edges { node { `+fields+` } } } } } }`, 16)
	})
	t.Run("ranking", func(t *testing.T) {
		alikes(t, f.Server, f.county, `{ node(id: "`+id+`") { ... on EvaluationCampaign { ranking(first: %d) { totalCount edges { node { `+fields+` } } } } } }`, 16, `"station":null`)
	})
	t.Run("stations", func(t *testing.T) {
		alikes(t, f.Server, f.county, `{ stations(division: "430121107", last: %d) { edges { node { name rating { stars total campaign { name division { name } } }
			evaluations(first: 1) { totalCount edges { node { `+fields+` } } } } } } }`, 18, `"rating":null`)
	})
	t.Run("stations of a portal", func(t *testing.T) {
		alikes(t, f.Server, f.As(viewer.Portal, place.MustParse("430121")), `{ stations(division: "430121107", last: %d) { edges { node { name rating { stars total } } } } }`, 5, `"rating":null`)
	})
}
