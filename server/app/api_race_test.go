package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/lianluo/lianluo/server/app/apitest"
)

// atOnce is how many do the same at the same time.
const atOnce = 8

// together sends the same kind of operation from several callers at once and answers what came.
func together(h *badHouse, verb string, input func(i int) map[string]any) []*apitest.Answer {
	answers := make([]*apitest.Answer, atOnce)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range atOnce {
		wg.Go(func() {
			<-start
			answers[i] = h.county.Do(mutation(verb), apitest.Vars{"input": input(i)})
		})
	}
	close(start)
	wg.Wait()
	return answers
}

// outcomes counts the answers by code, and lists the ids of what was done.
func outcomes(t *testing.T, answers []*apitest.Answer) (codes map[string]int, ids []string) {
	t.Helper()
	codes = map[string]int{}
	for _, a := range answers {
		code := a.Code()
		if code != "" && len(a.Errors[0].Extensions.Fields) > 0 {
			code += " " + a.Errors[0].Extensions.Fields[0].Code
		}
		codes[code]++
		if code != "" {
			checkWords(t, a)
			continue
		}
		var data map[string]map[string]struct{ ID string }
		if err := json.Unmarshal(a.Data, &data); err != nil {
			t.Fatal(err)
		}
		for _, payload := range data {
			for _, thing := range payload {
				if !slices.Contains(ids, thing.ID) {
					ids = append(ids, thing.ID)
				}
			}
		}
	}
	return codes, ids
}

// count answers a number from the database.
func (h *badHouse) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := h.Owner.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestWritersAtOnce lets several do what only one can do.
func TestWritersAtOnce(t *testing.T) {
	h := newBadHouse(t)
	town := h.world.Spot("430121107")
	village := h.world.Spot("430121107202")
	seat := map[string]any{"congress": globalID("Congress", town.Congress), "term": 18, "electedOn": "2021-11-20"}
	tests := []struct {
		name, verb string
		input      func(i int) map[string]any
		// refused is how all but one are.
		refused string
		// left counts in the database what one of them has done.
		left string
	}{
		{
			"a change of the same version", "updateStation", func(i int) map[string]any {
				return map[string]any{"id": globalID("Station", town.Station), "expectedVersion": 1, "brand": fmt.Sprintf("品牌%d", i)}
			}, "CONFLICT VERSION", `SELECT count(*) FROM station WHERE id = '` + town.Station + `' AND version = 2`,
		},
		{
			"a station of one name", "createStation", func(int) map[string]any {
				return map[string]any{"division": "430121107", "kind": "POINT", "name": "同名站", "openedOn": "2025-01-01"}
			}, "CONFLICT DUPLICATE", `SELECT count(*) FROM station WHERE name = '同名站'`,
		},
		{
			"the chief of a station", "appointStaff", func(i int) map[string]any {
				return map[string]any{
					"station": globalID("Station", town.Station), "name": fmt.Sprintf("站长%d", i), "office": "CHIEF", "origin": "OFFICIAL", "startedOn": "2025-01-01",
				}
			}, "CONFLICT CHIEF_TAKEN", `SELECT count(*) FROM station_staff WHERE station_id = '` + town.Station + `' AND office = 'CHIEF'`,
		},
		{
			"a person", "registerDeputy", func(int) map[string]any {
				return map[string]any{"name": "同一人", "gender": "MALE", "birthMonth": "1980-05-01", "mandate": seat}
			}, "CONFLICT DUPLICATE", `SELECT count(*) FROM deputy WHERE name = '同一人'`,
		},
		{
			"a posting", "postDeputy", func(int) map[string]any {
				return map[string]any{
					"mandate": globalID("Mandate", town.Mandate), "station": globalID("Station", village.Station), "basis": "GRID", "startedOn": "2025-01-01",
				}
			}, "CONFLICT DUPLICATE", `SELECT count(*) FROM posting WHERE station_id = '` + village.Station + `'`,
		},
		{
			"the end of a mandate", "endMandate", func(int) map[string]any {
				return map[string]any{"id": globalID("Mandate", town.Mandate), "endedOn": "2025-06-30", "reason": "RESIGNED"}
			}, "CONFLICT ENDED", `SELECT count(*) FROM mandate WHERE id = '` + town.Mandate + `' AND status = 'ENDED' AND version = 2`,
		},
		{
			"the end of a station", "closeStation", func(int) map[string]any {
				return map[string]any{"id": globalID("Station", town.Station), "closedOn": "2025-06-30", "reason": "合并"}
			}, "CONFLICT CLOSED", `SELECT count(*) FROM station WHERE id = '` + town.Station + `' AND closed_on IS NOT NULL AND version = 3`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := h.count(t, `SELECT count(*) FROM audit_entry WHERE verb = $1`, test.verb)
			codes, ids := outcomes(t, together(h, test.verb, test.input))
			if codes[""] != 1 || codes[test.refused] != atOnce-1 || len(ids) != 1 {
				t.Errorf("of %d at once: %v, done to %v", atOnce, codes, ids)
			}
			if n := h.count(t, test.left); n != 1 {
				t.Errorf("%d are left", n)
			}
			if n := h.count(t, `SELECT count(*) FROM audit_entry WHERE verb = $1`, test.verb) - before; n != 1 {
				t.Errorf("%d lines in the audit", n)
			}
		})
	}
}

// TestIdempotency sends the same request under one key many times, at once and later; and another one under it.
func TestIdempotency(t *testing.T) {
	h := newBadHouse(t)
	town := h.world.Spot("430121107")
	seat := map[string]any{"congress": globalID("Congress", town.Congress), "term": 18, "electedOn": "2021-11-20"}
	tests := []struct {
		verb    string
		input   map[string]any
		another map[string]any
		left    string
	}{
		{
			"createStation",
			map[string]any{"division": "430121107", "kind": "POINT", "name": "只建一次", "openedOn": "2025-01-01"},
			map[string]any{"name": "另建一次"},
			`SELECT count(*) FROM station WHERE name IN ('只建一次', '另建一次')`,
		},
		{
			"appointStaff",
			map[string]any{"station": globalID("Station", town.Station), "name": "安只任", "office": "LIAISON", "origin": "OFFICIAL", "startedOn": "2025-01-01"},
			map[string]any{"name": "安另任"},
			`SELECT count(*) FROM station_staff WHERE name IN ('安只任', '安另任')`,
		},
		{
			"registerDeputy",
			map[string]any{"name": "安只登", "gender": "MALE", "birthMonth": "1980-05-01", "mandate": seat},
			map[string]any{"name": "安另登"},
			`SELECT count(*) FROM deputy WHERE name IN ('安只登', '安另登')`,
		},
		{
			"giveMandate",
			map[string]any{"deputy": globalID("Deputy", town.Deputy), "mandate": in(seat, "congress", globalID("Congress", h.world.Spot("430121").Congress))},
			map[string]any{"mandate": in(seat, "congress", globalID("Congress", h.world.Spot("430121").Congress), "confirmed", true)},
			`SELECT count(*) - 1 FROM mandate WHERE deputy_id = '` + town.Deputy + `'`,
		},
		{
			"postDeputy",
			map[string]any{
				"mandate": globalID("Mandate", town.Mandate), "station": globalID("Station", h.world.Spot("430121107202").Station), "basis": "GRID", "startedOn": "2025-01-01",
			},
			map[string]any{"basis": "SECTOR"},
			`SELECT count(*) FROM posting WHERE station_id = '` + h.world.Spot("430121107202").Station + `'`,
		},
	}
	for _, test := range tests {
		t.Run(test.verb, func(t *testing.T) {
			input := in(test.input, "idempotencyKey", "key of "+test.verb)
			same := func(int) map[string]any { return input }
			first, ids := outcomes(t, together(h, test.verb, same))
			if first[""] != atOnce || len(ids) != 1 {
				t.Errorf("at once: %v, ids %v", first, ids)
			}
			later, again := outcomes(t, together(h, test.verb, same))
			if later[""] != atOnce || !slices.Equal(again, ids) {
				t.Errorf("later: %v, ids %v, before %v", later, again, ids)
			}
			for name, value := range test.another {
				input = in(input, name, value)
			}
			other, _ := outcomes(t, together(h, test.verb, func(int) map[string]any { return input }))
			if other["CONFLICT IDEMPOTENCY_KEY_REUSED"] != atOnce {
				t.Errorf("another request under the key: %v", other)
			}
			if n := h.count(t, test.left); n != 1 {
				t.Errorf("%d were made", n)
			}
			if n := h.count(t, `SELECT count(*) FROM audit_entry WHERE verb = $1`, test.verb); n != 1 {
				t.Errorf("%d lines in the audit", n)
			}
		})
	}
}
