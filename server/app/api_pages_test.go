package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// walked is one page of a walk through a connection.
type walked struct {
	TotalCount int
	Edges      []struct {
		Cursor string
		Node   struct{ ID string }
	}
	PageInfo struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
}

// pageAt finds the connection at the end of a path of fields in an answer.
func pageAt(t *testing.T, a *apitest.Answer, path []string) walked {
	t.Helper()
	if len(a.Errors) > 0 {
		t.Fatal(a.Body)
	}
	at := a.Data
	for _, name := range path {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(at, &fields); err != nil {
			t.Fatal(err)
		}
		at = fields[name]
	}
	var p walked
	if err := json.Unmarshal(at, &p); err != nil {
		t.Fatalf("%v: %s", err, a.Body)
	}
	return p
}

// TestPages walks through every connection in every order, forward and back, in pages of several sizes: each row comes once, in
// the same order, and the count and the page's information are right throughout.
func TestPages(t *testing.T) {
	s := apitest.New(t)
	w := apitest.NewWorld()
	w.Load(t, s.Owner)
	w.Crowd(t, s.Owner)
	caller := s.As(viewer.NationAdmin, place.Nation)
	node := func(typ, id, field string) (string, []string) {
		return fmt.Sprintf(`{ node(id: %q) { ... on %s { %s } } }`, globalID(typ, id), typ, field), []string{"node"}
	}
	type list struct {
		name, query string
		path        []string
		least       int
	}
	lists := []list{
		{"stations", `{ page: stations(division: "0", filter: {status: ANY}%s) %s }`, nil, 150},
		{"stations newest", `{ page: stations(division: "43", orderBy: NEWEST%s) %s }`, nil, 100},
		{"deputies", `{ page: deputies(division: "0"%s) %s }`, nil, 120},
		{"divisions", `{ page: divisions(search: "p"%s) %s }`, nil, 40},
		{"children", `{ division(code: "430121107") { page: children(%s) %s } }`, []string{"division"}, 100},
		{"mandates", `{ division(code: "43") { page: mandates(%s) %s } }`, []string{"division"}, 110},
		{"zones", `{ division(code: "43") { page: zones(%s) %s } }`, []string{"division"}, 100},
	}
	for _, of := range []struct{ typ, id, field string }{
		{"Station", w.Spot("430121107201").Station, "postings"},
		{"Station", apitest.Online("430121"), "branches"},
		{"Zone", w.Spot("430121107201").Zone, "stations"},
		{"Congress", w.Spot("430121107").Congress, "constituencies"},
		{"Constituency", w.Spot("430121107").Constituency, "stations"},
	} {
		query, path := node(of.typ, of.id, "page: "+of.field+"(%s) %s")
		lists = append(lists, list{of.typ + " " + of.field, query, path, 1})
	}
	for _, l := range lists {
		t.Run(l.name, func(t *testing.T) {
			c := caller.For(t)
			page := func(args string) walked {
				t.Helper()
				if strings.Contains(l.query, "(%s)") {
					args = strings.TrimPrefix(args, ", ")
				}
				query := strings.Replace(strings.Replace(strings.Replace(l.query, `"0"`, `"000000000000"`, 1), "%s", args, 1), "%s", connectionSelection, 1)
				return pageAt(t, c.Do(query, nil), append(slices.Clone(l.path), "page"))
			}
			var all []string
			for _, size := range []int{100, 7, 1} {
				if size == 1 && len(all) > 20 {
					break
				}
				forward := walk(t, page, size, "first", "after")
				if all == nil {
					all = forward
				}
				if !slices.Equal(forward, all) {
					t.Errorf("forward by %d: %d rows in another order or number than %d", size, len(forward), len(all))
				}
				back := walk(t, page, size, "last", "before")
				slices.Reverse(back)
				if !slices.Equal(back, all) {
					t.Errorf("back by %d: %d rows in another order or number than %d", size, len(back), len(all))
				}
			}
			if len(all) < l.least {
				t.Errorf("%d rows are less than %d", len(all), l.least)
			}
			sorted := slices.Clone(all)
			slices.Sort(sorted)
			if len(slices.Compact(sorted)) != len(all) {
				t.Error("a row comes twice")
			}
		})
	}
}

// walk goes through a list in one direction and answers the ids in the order met.
func walk(t *testing.T, page func(args string) walked, size int, count, from string) []string {
	t.Helper()
	var ids []string
	args := fmt.Sprintf(", %s: %d", count, size)
	for start := true; ; start = false {
		p := page(args)
		got := make([]string, len(p.Edges))
		for i, e := range p.Edges {
			got[i] = e.Node.ID
		}
		further, behind, next := p.PageInfo.HasNextPage, p.PageInfo.HasPreviousPage, p.PageInfo.EndCursor
		if from == "before" {
			slices.Reverse(got)
			further, behind, next = behind, further, p.PageInfo.StartCursor
		}
		ids = append(ids, got...)
		if further != (len(ids) < p.TotalCount) || behind == start {
			t.Fatalf("%s %d: page info %+v after %d of %d rows", count, size, p.PageInfo, len(ids), p.TotalCount)
		}
		if !further {
			if len(ids) != p.TotalCount {
				t.Fatalf("%s %d: %d rows of %d", count, size, len(ids), p.TotalCount)
			}
			return ids
		}
		if len(got) != size {
			t.Fatalf("%s %d: a page of %d rows before the end", count, size, len(got))
		}
		args = fmt.Sprintf(", %s: %d, %s: %q", count, size, from, *next)
	}
}

// TestNestedPages asks for the pages of many parents at once: each is what its parent answers alone, and goes on from its cursor.
func TestNestedPages(t *testing.T) {
	s := apitest.New(t)
	w := apitest.NewWorld()
	w.Load(t, s.Owner)
	w.Crowd(t, s.Owner)
	caller := s.As(viewer.ProvinceAdmin, place.MustParse("43"))
	type children struct {
		Division struct {
			Children struct {
				Edges []struct {
					Node struct {
						Code                      string
						Stations, Deputies, Zones walked
					}
				}
			}
		}
	}
	const lists = ` stations(%[1]s) ` + connectionSelection + ` deputies(%[1]s) ` + connectionSelection + ` zones(%[1]s) ` + connectionSelection
	for _, args := range []string{"first: 2", "last: 3"} {
		for _, parent := range []string{"43", "4301", "430121", "430121107"} {
			var many children
			caller.Get(&many, fmt.Sprintf(`query($c: String!) { division(code: $c) { children(first: 100) { edges { node { code `+lists+` } } } } }`, args), apitest.Vars{"c": parent})
			for _, e := range many.Division.Children.Edges[:min(8, len(many.Division.Children.Edges))] {
				var one struct {
					Division struct{ Stations, Deputies, Zones walked }
				}
				caller.Get(&one, fmt.Sprintf(`query($c: String!) { division(code: $c) { `+lists+` } }`, args), apitest.Vars{"c": e.Node.Code})
				for _, pair := range [][2]walked{{e.Node.Stations, one.Division.Stations}, {e.Node.Deputies, one.Division.Deputies}, {e.Node.Zones, one.Division.Zones}} {
					if fmt.Sprint(plain(pair[0])) != fmt.Sprint(plain(pair[1])) {
						t.Errorf("%s of %s below %s: %+v, alone %+v", args, e.Node.Code, parent, pair[0], pair[1])
					}
				}
			}
		}
	}
	// Two pages of the same list of the same rows stand side by side.
	var sides struct {
		Division struct {
			Children struct {
				Edges []struct{ Node struct{ A, B walked } }
			}
		}
	}
	caller.Get(&sides, `{ division(code: "4301") { children(first: 10) { edges { node {
		a: stations(first: 1) `+connectionSelection+` b: stations(last: 1, filter: {status: CLOSED}) `+connectionSelection+` } } } } }`, nil)
	for _, e := range sides.Division.Children.Edges {
		if len(e.Node.A.Edges) != 1 || len(e.Node.B.Edges) != 1 || e.Node.A.Edges[0].Node.ID == e.Node.B.Edges[0].Node.ID {
			t.Errorf("side by side: %+v", e.Node)
		}
	}
}
