package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// sums asks for sums and lists of divisions that are not the viewer's, and, where few people stand behind a figure, of those that are.
func (i *isolation) sums(t *testing.T) {
	for _, name := range []string{"COUNTY_ADMIN-430102", "TOWNSHIP_ADMIN-430121102", "COMMITTEE_STAFF-430121107", "PORTAL-430102", "DEPUTY-430121-county", "DEPARTMENT-430121-beside"} {
		a := i.attacker(name)
		done := map[string]bool{}
		for _, r := range rootProbes(i.world) {
			level := r.notOf
			if done[r.field] || level != "" {
				continue // one that is refused of some levels tells the level of none
			}
			done[r.field] = true
			nothing := operation(i.token(a), r.query([]string{nowhere}), nil)
			code := i.refusal(t, nothing, "NOT_FOUND", "FORBIDDEN")
			for _, foreign := range []string{"431002001201", "44"} {
				i.alike(fmt.Sprintf("foreign division: %s of %s, as %s", r.field, foreign, name), i.world.Place(apitest.Full(foreign)).ID, code,
					operation(i.token(a), r.query([]string{apitest.Full(foreign)}), nil), nothing)
			}
		}
	}
	i.smallCells()
	i.drilling()
}

// smallCells asks those who are shown no sums for the figures of a place so small that a figure is a person: by their own division, and by the
// division's own fields.
func (i *isolation) smallCells() {
	for _, name := range []string{"PORTAL-430121107201", "PORTAL-430121", "DEPUTY-430121107201-village", "DEPARTMENT-430121107"} {
		a := i.attacker(name)
		done := map[string]bool{}
		for _, r := range rootProbes(i.world) {
			if done[r.field] || !withheld(a.Viewer, r.field) || r.notOf != "" {
				continue
			}
			done[r.field] = true
			control := operation(i.nation(), r.query([]string{a.At}), nil)
			i.attacks = append(i.attacks, attack{
				name: fmt.Sprintf("small cells: %s of the own division, as %s", r.field, name), control: control, shows: `"r0":`,
				sent: operation(i.token(a), r.query([]string{a.At}), nil), want: verdict{status: 200, code: "FORBIDDEN", statements: anyStatements},
			})
		}
		for _, field := range []string{"roster { level mandates }", `rollup(` + may.args() + `) { mandates attendances }`, `opinionMeasures(` + may.args() + `) { submitted }`} {
			query := `query($id: ID!) { node(id: $id) { ... on Division { ` + field + ` } } }`
			id := apitest.Vars{"id": i.globalID(i.world.Place(a.At).ID)}
			word, _, _ := strings.Cut(field, "(")
			word, _, _ = strings.Cut(word, " ")
			if !withheld(a.Viewer, word) {
				continue // how many sit in a congress is public
			}
			i.attacks = append(i.attacks, attack{
				name: fmt.Sprintf("small cells: %s of the own division as a node, as %s", word, name), control: operation(i.nation(), query, id), shows: word,
				sent: operation(i.token(a), query, id), want: verdict{status: 200, code: "FORBIDDEN", statements: anyStatements},
				also: func(t *testing.T, got reply) {
					t.Helper()
					if strings.Contains(got.Body, "mandates\":") || strings.Contains(got.Body, "submitted\":") {
						t.Errorf("leak: %s", got.Body)
					}
				},
			})
		}
	}
}

// drilling goes from sums to records by the keys of foreign rows.
func (i *isolation) drilling() {
	w := i.world
	a := i.attacker("COUNTY_ADMIN-430102")
	const query = `query($id: ID, $d: String!, $by: RollupBy!, $m: RollupMeasure!) {
		rollupRecords(division: $d, by: $by, key: $id, period: {from: "2022-01-01", to: "2026-12-31"}, measure: $m, first: 100) { edges { node { value node { id } } } } }`
	for _, x := range []struct{ by, typ, thing, measure string }{
		{"STATIONS", "Station", w.Spot("430121").Station, "OPINIONS_RECEIVED"},
		{"STATIONS", "Station", w.Spot("431002").Station, "ACTIVITIES"},
		{"DEPARTMENTS", "Organ", w.Spot("430121").Department, "OPINIONS_RECEIVED"},
		{"ZONES", "Zone", w.Spot("430121").Zone, "OPINIONS_RECEIVED"},
	} {
		ask := func(id string) sending {
			return operation(i.token(a), query, apitest.Vars{"id": id, "d": a.At, "by": x.by, "m": x.measure})
		}
		i.alike(fmt.Sprintf("drill-down: %s by the key of a foreign %s", strings.ToLower(x.measure), x.typ), x.thing, "", ask(globalID(x.typ, x.thing)), ask(never(x.typ)))
		last := &i.attacks[len(i.attacks)-1]
		last.also = i.both(last.also, nothing)
	}
	i.ranks()
}

// ranks has the rows of the own division ranked: a foreign row takes no place among them.
func (i *isolation) ranks() {
	for _, by := range []string{"STATIONS", "DEPARTMENTS", "ZONES", "TOWNSHIPS", "CHILDREN"} {
		for _, name := range []string{"COUNTY_ADMIN-430102", "TOWNSHIP_ADMIN-430121107"} {
			a := i.attacker(name)
			ask := func(token, code string) sending {
				return operation(token, `{ rollup(division: "`+code+`", by: `+by+`, period: {from: "2024-01-01", to: "2024-12-31"}, compareWith: LAST_YEAR,
					orderBy: {measure: OPINIONS_RECEIVED}, first: 100) { rank key station { id } department { id } zone { id } division { code } rollup { opinionsReceived } compared { opinionsReceived } } }`, nil)
			}
			i.attacks = append(i.attacks, attack{
				name: fmt.Sprintf("ranking: %s of the own division, as %s", strings.ToLower(by), name), control: ask(i.nation(), "430121000000"), shows: `"rank":1`,
				sent: ask(i.token(a), a.At), want: verdict{status: 200, statements: anyStatements},
				also: i.both(i.inScope(a), func(t *testing.T, got reply) {
					t.Helper()
					var data struct {
						Rollup []struct {
							Rank     int
							Division *struct{ Code string }
						}
					}
					mustRead(t, got, &data)
					for n, row := range data.Rollup {
						if row.Rank < 1 || row.Rank > n+1 {
							t.Errorf("row %d has the rank %d", n+1, row.Rank)
						}
						if row.Division != nil && !slices.ContainsFunc(i.world.Places, func(p *oracle.Place) bool { return p.Code == row.Division.Code && i.world.Sees(a.Viewer, p.ID) }) {
							t.Errorf("leak: a row of %s", row.Division.Code)
						}
					}
				}),
			})
		}
	}
}
