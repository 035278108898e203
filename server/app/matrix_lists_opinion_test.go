package app_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The lists of opinions.

// opinionFilter is one way to narrow a list of opinions: the condition, and what it keeps of the rows as they are stored.
type opinionFilter struct {
	condition string
	keep      func(c cell, o *oracle.Opinion, row map[string]any) bool
}

// opinionFilters is every condition of a list of opinions.
func opinionFilters(w *world) []opinionFilter {
	is := func(column string, values ...any) func(cell, *oracle.Opinion, map[string]any) bool {
		return func(_ cell, _ *oracle.Opinion, row map[string]any) bool { return slices.Contains(values, row[column]) }
	}
	// to refers to a thing, and keeps nothing where that is out of sight.
	to := func(column, id string) func(cell, *oracle.Opinion, map[string]any) bool {
		return func(c cell, _ *oracle.Opinion, row map[string]any) bool {
			return row[column] == id && c.world.Sees(c.Viewer, id)
		}
	}
	day := func(column, day string) func(cell, *oracle.Opinion, map[string]any) bool {
		return func(_ cell, _ *oracle.Opinion, row map[string]any) bool {
			at, _ := row[column].(string)
			return strings.HasPrefix(at, day)
		}
	}
	const third = `{from: "2024-03-03", to: "2024-03-03"}`
	station, lead := w.Spot("430121107201").Station, w.Spot("430121").Department
	return []opinionFilter{
		{"states: [SUBMITTED, HANDLING]", is("state", "SUBMITTED", "HANDLING")},
		{"waitsOn: [STATION, ORGAN]", is("waits_on", "STATION", "ORGAN")},
		{"open: false", is("open", false)},
		{"clocks: [RED]", func(c cell, o *oracle.Opinion, _ map[string]any) bool { return c.clock(o.ID) == "RED" }},
		{"clocks: [AMBER]", func(c cell, o *oracle.Opinion, _ map[string]any) bool { return c.clock(o.ID) == "AMBER" }},
		{fmt.Sprintf("categories: [%q]", globalID("Category", apitest.Category("07"))), is("category_id", apitest.Category("07"), apitest.Category("0701"))},
		{"levels: [COUNTY]", func(_ cell, o *oracle.Opinion, _ map[string]any) bool { return o.Level == "COUNTY" }},
		{"urgencies: [URGENT]", is("urgency", "URGENT")},
		{"hardship: true", is("hardship", true)},
		{"channels: [IN_PERSON]", is("channel", "IN_PERSON")},
		{"online: true", is("channel", "STATION_CODE", "DEPUTY_CODE", "ONLINE")},
		{"keyCase: true", is("key_case", true)},
		{"supervised: true", func(_ cell, o *oracle.Opinion, _ map[string]any) bool { return o.Supervisor != "" }},
		{"late: true", is("late", true)},
		{"ratings: [SATISFIED]", is("rating", "SATISFIED")},
		{"outcomes: [SOLVED]", is("outcome", "SOLVED")},
		{"merged: true", is("state", "MERGED")},
		{fmt.Sprintf("station: %q", globalID("Station", station)), to("station_id", station)},
		{fmt.Sprintf("deputy: %q", globalID("Deputy", apitest.Who(apitest.Double))), to("deputy_id", apitest.Who(apitest.Double))},
		{fmt.Sprintf("leadOrgan: %q", globalID("Organ", lead)), to("lead_organ_id", lead)},
		{"submitted: " + third, day("submitted_at", "2024-03-03")},
		{"accepted: " + third, day("accepted_at", "2024-03-03")},
		{`closed: {from: "2024-03-09", to: "2024-03-10"}`, func(_ cell, _ *oracle.Opinion, row map[string]any) bool {
			at, _ := row["closed_at"].(string)
			return strings.HasPrefix(at, "2024-03-09") || strings.HasPrefix(at, "2024-03-10")
		}},
		{fmt.Sprintf("number: %q", apitest.NumberOf(7)), is("number", apitest.NumberOf(7))},
		{`search: "镇门前路面"`, func(_ cell, _ *oracle.Opinion, row map[string]any) bool {
			return strings.Contains(row["content"].(string), "镇门前路面")
		}},
	}
}

// opinionVariants are the ways to ask for opinions below a division. The first one is the plainest that shows all.
func opinionVariants(w *world) []variant {
	in := func(args string, order func(c cell, ids []string) []string, keep func(c cell, root string, o *oracle.Opinion) bool) variant {
		return variant{args, func(c cell, root string) []string {
			return order(c, collect(c.world.Opinions, func(o *oracle.Opinion) string { return o.ID },
				func(o *oracle.Opinion) bool { return oracle.Holds(root, o.At) && keep(c, root, o) }))
		}}
	}
	newest := func(c cell, ids []string) []string { return c.newestFirst(ids) }
	every := func(cell, string, *oracle.Opinion) bool { return true }
	out := []variant{
		in("first: 100", newest, every),
		in("last: 100, orderBy: TREE", func(c cell, ids []string) []string { return c.inTree(ids) }, every),
		in("first: 100, orderBy: DUE", func(c cell, ids []string) []string { return c.byDueDay(ids) },
			func(_ cell, _ string, o *oracle.Opinion) bool { return o.Open() }),
		in("first: 100, filter: {ownOnly: true}", newest, func(_ cell, root string, o *oracle.Opinion) bool { return o.At == root }),
	}
	for _, f := range opinionFilters(w) {
		out = append(out, in("first: 100, filter: {"+f.condition+"}", newest, func(c cell, _ string, o *oracle.Opinion) bool {
			return f.keep(c, o, c.stored(o.ID))
		}))
	}
	return out
}

// byDueDay sorts opinions by the last day on time, those without one last.
func (m *matrix) byDueDay(ids []string) []string {
	due := func(id string) string {
		return cmp.Or(oracle.Get[*oracle.Opinion](&m.world.World, id).DueOn, "9999-12-31")
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(due(a), due(b)), cmp.Compare(a, b))
	})
	return ids
}

// opinionsOf are the lists of opinions of a station or a deputy.
func opinionsOf(belongs func(cell, *oracle.Opinion) bool) []probe {
	list := func(args string, order func(c cell, ids []string) []string, keep func(o *oracle.Opinion) bool) probe {
		return connection("opinions", args, func(c cell) []string {
			return order(c, collect(c.world.Opinions, func(o *oracle.Opinion) string { return o.ID },
				func(o *oracle.Opinion) bool { return belongs(c, o) && keep(o) }))
		})
	}
	return []probe{
		list("first: 100", func(c cell, ids []string) []string { return c.newestFirst(ids) }, func(*oracle.Opinion) bool { return true }),
		list("first: 100, orderBy: DUE, filter: {states: [HANDLING, ASSIGNED, WAITING]}", func(c cell, ids []string) []string { return c.byDueDay(ids) },
			func(o *oracle.Opinion) bool {
				return slices.Contains([]string{"HANDLING", "ASSIGNED", "WAITING"}, o.State)
			}),
	}
}

// caseVariants is how published cases are asked for; what was taken back is no one's to list.
func caseVariants() []variant {
	return []variant{{"first: 100", func(c cell, root string) []string {
		return c.newestFirst(collect(c.world.Cases, func(x *oracle.Case) string { return x.ID },
			func(x *oracle.Case) bool { return !x.Withdrawn && oracle.Holds(root, c.world.At(x.ID)) }))
	}}}
}

// suggestionVariants is how suggestions are asked for: of a division, by a deputy always the own ones.
func suggestionVariants() []variant {
	return []variant{{"first: 100", func(c cell, root string) []string {
		return c.newestFirst(collect(c.world.Suggestions, func(x *oracle.Suggestion) string { return x.ID },
			func(x *oracle.Suggestion) bool { return c.Role == "DEPUTY" || oracle.Holds(root, c.world.At(x.ID)) }))
	}}}
}
