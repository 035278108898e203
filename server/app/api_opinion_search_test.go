package app_test

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// phrases are what is searched for: words, parts of words, across what stands between words, in other widths and cases; and what means
// something to text search or to SQL, and must mean nothing here.
var phrases = append([]string{
	"路灯", "路灯不亮", "灯不", "小区3号", "3号楼", "abc广场", "ABC", "ＡＢＣ", "wi-fi", "Wi-Fi信号差", "已有一周", "不亮,已有", "解决!,请有", "路 灯", "西侧路口", "no.12",
	"村委会旁", "果园镇老街路灯", "(附近",
}, hostilePhrases...)

var hostilePhrases = []string{
	"'路灯", "路灯'", "路灯' & '不亮", "路灯' | '积水", "!路灯", "路灯 & 不亮", "路灯 | 不亮", "路灯:*", "路灯:A", `\路灯`, `路灯\`, `路灯\'`, "路灯<->不亮", "(路灯", "路灯)", "路灯; DROP TABLE opinion; --",
	"%灯不%", "_灯不", "路灯''", `"路灯"`, "路灯$1", "路灯${x}", "路灯\n不亮", "路灯 不亮 AND", "&| 路灯",
}

// hostile are the filters of the hostile phrases.
var hostile = func() map[string]bool {
	out := map[string]bool{}
	for _, p := range hostilePhrases {
		out[`search: `+quoted(p)] = true
	}
	return out
}()

// TestOpinionListRefusals asks for lists in ways that cannot be meant.
func TestOpinionListRefusals(t *testing.T) {
	c := newCases(t)
	county, building, double := c.asking("COUNTY_ADMIN-430121")[0].caller(c.Server), c.asking("DEPARTMENT-430121")[0].caller(c.Server), c.asking("DEPUTY-430121107-double")[0].caller(c.Server)
	for _, test := range []struct{ filter, code, path string }{
		{`search: ""`, "TOO_SHORT", "search"},
		{`search: "灯"`, "TOO_SHORT", "search"},
		{`search: " 灯　"`, "TOO_SHORT", "search"},
		{`search: "路,灯"`, "TOO_SHORT", "search"},
		{`search: "'; & | ! : *"`, "TOO_SHORT", "search"},
		{`search: "` + strings.Repeat("灯", 101) + `"`, "TOO_LONG", "search"},
		{`station: "x"`, "MALFORMED", "station"},
		{`station: "` + globalID("Deputy", uuid.NewString()) + `"`, "MALFORMED", "station"},
		{`deputy: "` + globalID("Station", uuid.NewString()) + `"`, "MALFORMED", "deputy"},
		{`leadOrgan: ""`, "MALFORMED", "leadOrgan"},
		{`categories: ["` + c.category("01") + `", "no"]`, "MALFORMED", "categories"},
		{`submitted: {from: "2026-02-01", to: "2026-01-31"}`, "REVERSED", "submitted to"},
		{`closed: {from: "2026-02-01", to: "2025-01-31"}`, "REVERSED", "closed to"},
	} {
		for _, caller := range []*apitest.Caller{county, building, double} {
			answer := caller.Do(`{ opinions(first: 1, filter: {`+test.filter+`}) { totalCount } }`, nil)
			if answer.Code() != "INVALID" || len(answer.Errors[0].Extensions.Fields) != 1 {
				t.Errorf("%s: %s", test.filter, answer.Body)
				continue
			}
			f := answer.Errors[0].Extensions.Fields[0]
			if f.Code != test.code || fmt.Sprint(f.Path) != "[filter "+test.path+"]" {
				t.Errorf("%s: %s", test.filter, answer.Body)
			}
		}
	}
	// All that is wrong is told at once.
	if answer := county.Do(`{ opinions(first: 1, filter: {search: "灯", station: "x", deputy: "y"}) { totalCount } }`, nil); len(answer.Errors[0].Extensions.Fields) != 3 {
		t.Error(answer.Body)
	}
	// A cursor of another order, or one that was never given out.
	p := pageAt(t, county.Do(`{ page: opinions(first: 1, orderBy: DUE) `+connectionSelection+` }`, nil), []string{"page"})
	for order, cursor := range map[string]string{"NEWEST": *p.PageInfo.EndCursor, "TREE": *p.PageInfo.EndCursor, "DUE": forged(math.MinInt64)} {
		if answer := county.Do(fmt.Sprintf(`{ opinions(first: 1, orderBy: %s, after: %q) { totalCount } }`, order, cursor), nil); answer.Code() != "INVALID" {
			t.Errorf("%s: %s", order, answer.Body)
		}
	}
	for _, day := range []int64{0, 20_000, 2_932_896, 2_932_897, math.MaxInt64 - 1, math.MaxInt64, -1} {
		for _, args := range []string{`first: 1, after: %q`, `last: 1, before: %q`} {
			if answer := county.Do(fmt.Sprintf(`{ opinions(orderBy: DUE, `+args+`) { totalCount } }`, forged(day)), nil); answer.Code() != "" && answer.Code() != "INVALID" {
				t.Errorf("a cursor at day %d: %s", day, answer.Body)
			}
		}
	}
}

// forged is a cursor of the order DUE at a day.
func forged(day int64) string {
	b := append([]byte{'d'}, make([]byte, 24)...)
	for i := range 8 {
		b[1+i] = byte(uint64(day) >> (56 - 8*i))
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// TestSimilarOpinions compares with a plain comparison of all pairs of characters.
func TestSimilarOpinions(t *testing.T) {
	c := newCases(t)
	grams := map[uuid.UUID]map[string]bool{}
	rows, err := c.Owner.QueryContext(t.Context(), `SELECT opinion_id, grams FROM opinion_text`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var (
			id    uuid.UUID
			pairs []string
		)
		if err := rows.Scan(&id, pq.Array(&pairs)); err != nil {
			t.Fatal(err)
		}
		grams[id] = map[string]bool{}
		for _, pair := range pairs {
			grams[id][pair] = true
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	type likeness struct {
		id    uuid.UUID
		score float64
	}
	same := func(a, b *gen.Opinion) bool {
		switch {
		case a.CountyCode != nil:
			return b.CountyCode != nil && *a.CountyCode == *b.CountyCode
		case a.CityCode != nil:
			return b.CityCode != nil && *a.CityCode == *b.CityCode
		case a.ProvinceCode != nil:
			return b.ProvinceCode != nil && *a.ProvinceCode == *b.ProvinceCode
		}
		return a.Code == b.Code
	}
	found := 0
	for _, a := range c.asking("NATION_ADMIN-0", "COUNTY_ADMIN-430121", "TOWNSHIP_ADMIN-430121107", "CITY_ADMIN-4419", "STATION_KEEPER-430121107201", "SUPERVISOR-430121") {
		caller, v := a.caller(c.For(t)), a.viewer()
		asked := 0
		for _, o := range c.opinions {
			if !c.sees(v, o) || asked == 25 {
				continue
			}
			asked++
			var want []likeness
			for _, other := range c.opinions {
				recent := other.SubmittedAt.After(time.Now().Add(-180 * 24 * time.Hour))
				if other.ID == o.ID || !c.sees(v, other) || !same(o, other) || other.MainID != nil || !other.State.Open() && !recent {
					continue
				}
				both := 0
				for pair := range grams[o.ID] {
					if grams[other.ID][pair] {
						both++
					}
				}
				if score := float64(both) / float64(len(grams[o.ID])+len(grams[other.ID])-both); score >= 0.15 {
					want = append(want, likeness{other.ID, score})
				}
			}
			slices.SortFunc(want, func(a, b likeness) int { return cmp.Or(cmp.Compare(b.score, a.score), bytes.Compare(b.id[:], a.id[:])) })
			for _, first := range []int{3, 50} {
				var data struct {
					SimilarOpinions []struct {
						Opinion struct{ ID string }
						Score   float64
					}
				}
				caller.Get(&data, `query($id: ID!, $n: Int!) { similarOpinions(opinion: $id, first: $n) { opinion { id } score } }`, apitest.Vars{"id": o.GlobalID(), "n": first})
				part := want[:min(first, len(want))]
				found += len(part)
				if len(data.SimilarOpinions) != len(part) {
					t.Fatalf("%s: %d are similar to %s, want %d", a.name, len(data.SimilarOpinions), o.Content, len(part))
				}
				for i, s := range data.SimilarOpinions {
					if s.Opinion.ID != globalID("Opinion", part[i].id.String()) || math.Abs(s.Score-part[i].score) > 1e-9 {
						t.Errorf("%s: %d of %s: %v, want %v", a.name, i, o.Content, s, part[i])
					}
				}
			}
		}
	}
	if found < 500 {
		t.Errorf("only %d similar ones were found", found)
	}

	there := globalID("Opinion", c.world.Spot("430121107201").Opinion)
	for _, test := range []struct{ asker, query, code string }{
		{"COUNTY_ADMIN-430121", `similarOpinions(opinion: "` + globalID("Opinion", c.world.Spot("430102").Opinion) + `")`, "NOT_FOUND"},
		{"COUNTY_ADMIN-430121", `similarOpinions(opinion: "` + globalID("Opinion", uuid.NewString()) + `")`, "NOT_FOUND"},
		{"COUNTY_ADMIN-430121", `similarOpinions(opinion: "x")`, "INVALID"},
		{"COUNTY_ADMIN-430121", `similarOpinions(opinion: "` + there + `", first: 0)`, "INVALID"},
		{"COUNTY_ADMIN-430121", `similarOpinions(opinion: "` + there + `", first: 51)`, "INVALID"},
		{"DEPARTMENT-430121", `similarOpinions(opinion: "` + there + `")`, "FORBIDDEN"},
		{"DEPUTY-430121107-double", `similarOpinions(opinion: "` + there + `")`, "FORBIDDEN"},
		{"PORTAL-43", `similarOpinions(opinion: "` + there + `")`, "FORBIDDEN"},
	} {
		if answer := c.asking(test.asker)[0].caller(c.Server).Do(`{ `+test.query+` { score } }`, nil); answer.Code() != test.code {
			t.Errorf("%s %s: %s", test.asker, test.query, answer.Body)
		}
	}
}
