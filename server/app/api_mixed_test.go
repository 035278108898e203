package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// TestMixedWriters lets several people do all sorts of things to the same few deputies and stations at once: nothing may
// deadlock or fail for reasons of the platform's own, and what stands afterwards must hang together.
func TestMixedWriters(t *testing.T) {
	h := newBadHouse(t)
	writers := []*apitest.Caller{
		h.As(viewer.ProvinceAdmin, place.MustParse("43")), h.As(viewer.CityAdmin, place.MustParse("4301")), h.county,
		h.As(viewer.TownshipAdmin, place.MustParse("430121107")), h.As(viewer.CountyAdmin, place.MustParse("430102")),
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	codes, done := map[string]int{}, 0
	for i := range writers {
		for twice := range 2 {
			wg.Go(func() {
				dice := rand.New(rand.NewPCG(uint64(i), uint64(twice)))
				for range 40 {
					verb, input := h.chance(dice)
					answer := writers[i].Do(mutation(verb), apitest.Vars{"input": input})
					mu.Lock()
					codes[answer.Code()]++
					if answer.Code() == "" {
						done++
					}
					if !slices.Contains([]string{"", "CONFLICT", "NOT_FOUND", "FORBIDDEN", "INVALID"}, answer.Code()) {
						t.Errorf("%s %v: %s", verb, input, answer.Body)
					}
					mu.Unlock()
				}
			})
		}
	}
	wg.Wait()
	t.Logf("%v", codes)
	if done < 40 {
		t.Errorf("only %d of the attempts were done", done)
	}
	for what, query := range map[string]string{
		"postings at closed stations": `SELECT count(*) FROM posting p JOIN station s ON s.id = p.station_id WHERE p.ended_on IS NULL AND s.closed_on IS NOT NULL`,
		"offices at closed stations":  `SELECT count(*) FROM station_staff p JOIN station s ON s.id = p.station_id WHERE p.ended_on IS NULL AND s.closed_on IS NOT NULL`,
		"postings of ended mandates":  `SELECT count(*) FROM posting p JOIN mandate m ON m.id = p.mandate_id WHERE p.ended_on IS NULL AND m.status = 'ENDED'`,
		"mandates off their home": `SELECT count(*) FROM mandate m
			JOIN LATERAL (SELECT coalesce(p.township_code, p.code) AS code FROM posting p
				WHERE p.mandate_id = m.id AND p.ended_on IS NULL AND p.basis <> 'CROSS' ORDER BY p.started_on, p.id LIMIT 1) h ON true
			WHERE m.status <> 'ENDED' AND m.code <> h.code`,
		"deputies off their mandates": `SELECT count(*) FROM deputy d WHERE EXISTS (SELECT FROM mandate m WHERE m.deputy_id = d.id AND m.status <> 'ENDED')
			AND NOT EXISTS (SELECT FROM mandate m WHERE m.deputy_id = d.id AND m.status <> 'ENDED' AND m.code = d.code)`,
		"search keys off their deputies": `SELECT count(*) FROM deputy_key k JOIN deputy d ON d.id = k.deputy_id WHERE k.code <> d.code`,
		"numbers off their deputies":     `SELECT count(*) FROM deputy_contact k JOIN deputy d ON d.id = k.deputy_id WHERE k.code <> d.code`,
		"two chiefs":                     `SELECT count(*) FROM (SELECT FROM station_staff WHERE office = 'CHIEF' AND ended_on IS NULL GROUP BY station_id HAVING count(*) > 1) x`,
	} {
		if n := h.count(t, query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	if n := h.count(t, `SELECT count(*) FROM audit_entry WHERE subject LIKE 'operator:%'`); n != done {
		t.Errorf("%d lines in the audit for %d done", n, done)
	}
}

// chance draws something to do to some of the same few things.
func (h *badHouse) chance(dice *rand.Rand) (verb string, input map[string]any) {
	pick := func(ids ...string) string { return ids[dice.IntN(len(ids))] }
	spot := h.world.Spot
	station := globalID("Station", pick(spot("430121").Station, spot("430121107").Station, spot("430121107201").Station, spot("430102").Station, spot("430102001").Station))
	mandate := globalID("Mandate", pick(spot("430121107").Mandate, spot("430121").Mandate, apitest.Who(apitest.Crossing, "mandate"),
		apitest.Who(apitest.Double, "county"), apitest.Who(apitest.Double, "mandate"), apitest.Who(apitest.Provincial, "mandate")))
	deputy := globalID("Deputy", pick(apitest.Who(apitest.Crossing), apitest.Who(apitest.Double), spot("430121107").Deputy))
	day := fmt.Sprintf("2025-0%d-15", 1+dice.IntN(9))
	switch dice.IntN(12) {
	case 0, 1, 2:
		return "postDeputy", map[string]any{"mandate": mandate, "station": station, "basis": pick("PROXIMITY", "CROSS", "CROSS", "GRID"), "startedOn": day}
	case 3, 4:
		return "withdrawPosting", map[string]any{"endedOn": "2025-12-31", "id": globalID("Posting", pick(apitest.Who(apitest.Crossing, "home"), apitest.Who(apitest.Crossing, "cross"),
			apitest.Who(apitest.Double, "home"), apitest.Who(apitest.Double, "county posting"), apitest.Who(apitest.Provincial, "cross"), spot("430121107").Posting))}
	case 5:
		return "changeMandate", map[string]any{"id": mandate, "status": pick("SUSPENDED", "CONFIRMED")}
	case 6:
		if dice.IntN(6) > 0 {
			return h.chance(dice) // rarely, as it is for good
		}
		return "endMandate", map[string]any{"id": mandate, "endedOn": "2025-12-31", "reason": "RESIGNED"}
	case 7:
		if dice.IntN(6) > 0 {
			return h.chance(dice)
		}
		return "closeStation", map[string]any{"id": station, "closedOn": "2025-12-31", "reason": "合并"}
	case 8:
		return "appointStaff", map[string]any{"station": station, "deputy": deputy, "office": pick("CHIEF", "LIAISON"), "origin": "DEPUTY", "startedOn": day}
	case 9:
		return "updateDeputy", map[string]any{"id": deputy, "jobTitle": fmt.Sprintf("教师%d", dice.Int()), "phone": fmt.Sprintf("1380000%04d", dice.IntN(9999))}
	case 10:
		return "giveMandate", map[string]any{"deputy": deputy, "mandate": map[string]any{
			"congress": globalID("Congress", pick(spot("430121").Congress, spot("430121107").Congress, spot("4301").Congress)), "term": 18, "electedOn": "2021-11-20",
		}}
	default:
		return "updateStation", map[string]any{"id": station, "brand": fmt.Sprintf("品牌%d", dice.Int())}
	}
}

// TestViewersAtOnce lets many viewers ask at once over a pool that has far fewer connections, while others hang up in the middle: each sees
// its own, always.
func TestViewersAtOnce(t *testing.T) {
	m := newMatrix(t)
	root := stationVariants(m.world)[0]
	var wg sync.WaitGroup
	for _, a := range m.askers {
		caller := a.caller(m.server)
		place := m.world.Place(a.At)
		query := fmt.Sprintf(`{ s: stations(division: %q, %s) %s d: division(code: %q) { organs { id } } other: division(code: "440305") { name } }`,
			a.At, root.args, connectionSelection, a.At)
		wg.Go(func() {
			for range 6 {
				var data struct{ S, D, Other any }
				if !m.get(a, caller, &data, query, nil) {
					continue
				}
				c := cell{matrix: m, asker: a, id: place.ID, what: "stations among others"}
				c.judgeConnection(data.S, root.rows(c, a.At), false)
				c.id, c.what = m.world.Place(apitest.Full("440305")).ID, "division among others"
				c.count(m.world.Sees(a.Viewer, c.id))
				if (data.Other != nil) != m.world.Sees(a.Viewer, c.id) {
					c.leak(data.Other)
				}
			}
		})
		wg.Go(func() { // hangs up as soon as it has asked
			for range 3 {
				ctx, cancel := context.WithCancel(t.Context())
				req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.server.URL+"/graphql", strings.NewReader(`{"query":"{ stations(division: \"`+a.At+`\", first: 100) { totalCount edges { node { name postings(first: 9) { totalCount } } } } }"}`))
				if err != nil {
					t.Error(err)
				}
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("Authorization", "Bearer "+caller.Token)
				go cancel()
				if res, err := http.DefaultClient.Do(req); err == nil {
					_ = res.Body.Close()
				}
				cancel()
			}
		})
	}
	wg.Wait()
	if m.tally.bad() > 0 {
		t.Error(m.tally)
	}
}

// TestRollupParts asks for each sum alone: it must be what it is among the others, for one division and for several.
func TestRollupParts(t *testing.T) {
	m := newMatrix(t)
	a := asker{Viewer: oracle.Viewer{Role: string(viewer.CityAdmin), At: apitest.Full("4301"), Subject: "operator:parts"}, name: "parts"}
	caller := a.caller(m.server)
	for _, field := range valueFields["Rollup"] {
		name, of, object := strings.Cut(field, ":")
		selection := name
		if object {
			selection += " " + selectionOf(of)
		}
		var data struct {
			Rollup   []struct{ Rollup map[string]any }
			Division struct {
				Rollup   map[string]any
				Children struct {
					Edges []struct {
						Node struct {
							Code   string
							Rollup map[string]any
						}
					}
				}
			}
		}
		p := periods[1]
		part := "rollup(" + p.args() + ") { ..." + " Part }"
		caller.Get(&data, fmt.Sprintf(`{ rollup(division: "4301", %s) { rollup { ...Part } } division(code: "4301") { %s children(first: 5) { edges { node { code %s } } } } }
			fragment Part on Rollup { ... @include(if: true) { %s } }`, p.args(), part, part, selection), nil)
		want := func(code string) any {
			return sumsAnswer(m.world.Counts(a.Viewer, oracle.Part{Root: code}, p.from, p.to), rollupFields)[name]
		}
		check := func(where string, got map[string]any, code string) {
			if fmt.Sprint(got[name]) != fmt.Sprint(plain(want(code))) {
				t.Errorf("%s of %s: %v, want %v", name, where, got[name], want(code))
			}
		}
		check("the query", data.Rollup[0].Rollup, a.At)
		check("the division", data.Division.Rollup, a.At)
		if len(data.Division.Children.Edges) != 2 {
			t.Fatalf("children: %+v", data.Division.Children)
		}
		for _, e := range data.Division.Children.Edges {
			check("a child", e.Node.Rollup, e.Node.Code)
		}
	}
}
