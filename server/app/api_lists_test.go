package app_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// TestSearchIsPlain searches for what means something to databases: it means nothing here.
func TestSearchIsPlain(t *testing.T) {
	s := apitest.New(t)
	w := apitest.NewWorld()
	w.Load(t, s.Owner)
	caller := s.As(viewer.NationAdmin, place.Nation)
	totals := func(search string) [3]int {
		t.Helper()
		var data struct{ Stations, Deputies, Divisions struct{ TotalCount int } }
		caller.Get(&data, `query($s: String!) { stations(division: "43", first: 1, filter: {search: $s}) { totalCount }
			deputies(division: "43", first: 1, filter: {search: $s}) { totalCount } divisions(search: $s, first: 1) { totalCount } }`, apitest.Vars{"s": search})
		return [3]int{data.Stations.TotalCount, data.Deputies.TotalCount, data.Divisions.TotalCount}
	}
	for _, search := range []string{"%", "_", "z%", "d_", `\`, `' OR true --`, "*", ".*", "(", `"`, "湖南%", "沙县"} {
		if got := totals(search); got != [3]int{} {
			t.Errorf("searching for %q finds %v", search, got)
		}
	}
	if got := totals("湖南"); got != [3]int{1, 0, 1} {
		t.Errorf("searching for the beginning of a name finds %v", got)
	}
	if got := totals("Z43"); got[0] == 0 {
		t.Errorf("searching in capitals finds %v", got)
	}
}

// TestListOrders: short lists come in the order that the schema describes.
func TestListOrders(t *testing.T) {
	m := newMatrix(t)
	spot := m.world.Spot("430121107")
	for i, year := range []int{2024, 2026, 2023} {
		m.clone(t, "station_budget", spot.Budget, map[string]any{"year": year, "purpose": fmt.Sprintf("用途%d", i)})
	}
	for _, number := range []int{16, 19, 17} {
		m.clone(t, "term", spot.Term, map[string]any{"number": number})
	}
	for _, number := range []int{3, 2} {
		m.clone(t, "grid", spot.Grid, map[string]any{"number": number})
	}
	for _, office := range []string{"DEPUTY_CHIEF", "CHIEF"} {
		m.clone(t, "station_staff", spot.Staff, map[string]any{"office": office})
	}
	m.clone(t, "posting", spot.Posting, map[string]any{"started_on": "2024-01-01", "station_id": m.world.Spot("430121").Station})
	m.clone(t, "posting", spot.Posting, map[string]any{"started_on": "2023-01-01", "station_id": m.world.Spot("430121107201").Station})
	caller := m.server.As(viewer.CountyAdmin, place.MustParse("430121"))
	field := func(typ, id, list, name string) []any {
		t.Helper()
		var data struct{ Node map[string][]map[string]any }
		caller.Get(&data, fmt.Sprintf(`query($id: ID!) { node(id: $id) { ... on %s { list: %s { %s } } } }`, typ, list, name), apitest.Vars{"id": globalID(typ, id)})
		var out []any
		for _, row := range data.Node["list"] {
			out = append(out, row[name])
		}
		return out
	}
	for _, test := range []struct {
		typ, id, list, name string
		want                []any
	}{
		{"Station", spot.Station, "budgets", "year", []any{2026.0, 2025.0, 2024.0, 2023.0}},
		{"Station", spot.Station, "grids", "number", []any{1.0, 2.0, 3.0}},
		{"Station", spot.Station, "staff", "office", []any{"CHIEF", "DEPUTY_CHIEF", "LIAISON"}},
		{"Congress", spot.Congress, "terms", "number", []any{19.0, 18.0, 17.0, 16.0}},
		{"Deputy", apitest.Who(apitest.Double), "mandates", "level", []any{"COUNTY", "TOWNSHIP"}},
		{"Deputy", spot.Deputy, "postings", "startedOn", []any{"2024-01-01", "2023-01-01", "2022-05-15"}},
		{"Mandate", spot.Mandate, "postings", "startedOn", []any{"2024-01-01", "2023-01-01", "2022-05-15"}},
		{"Division", m.world.Place(apitest.Full("430121107")).ID, "ancestors", "level", []any{"NATION", "PROVINCE", "CITY", "COUNTY"}},
		{"Division", m.world.Place(apitest.Full("430121107")).ID, "roster", "level", []any{"NATIONAL", "PROVINCIAL", "CITY", "COUNTY", "TOWNSHIP"}},
	} {
		if got := field(test.typ, test.id, test.list, test.name); !slices.Equal(got, test.want) {
			t.Errorf("%s.%s: %v, want %v", test.typ, test.list, got, test.want)
		}
	}
	// nodes answers in the order asked, also for what is asked twice or is not there.
	ids := []string{
		globalID("Station", spot.Station), globalID("Deputy", spot.Deputy), globalID("Station", uuid.NewString()), globalID("Station", spot.Station),
		globalID("Division", m.world.Place(apitest.Full("430121")).ID),
	}
	var data struct{ Nodes []*struct{ ID string } }
	caller.Get(&data, `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, apitest.Vars{"ids": ids})
	for i, id := range ids {
		if got := data.Nodes[i]; (got == nil) != (i == 2) || got != nil && got.ID != id {
			t.Errorf("node %d: %v, want %s", i, got, id)
		}
	}
}
