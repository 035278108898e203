package app_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// The orders, as the lists are to have them.
var orders = map[string]func(a, b *gen.Opinion) int{
	"NEWEST": func(a, b *gen.Opinion) int { return bytes.Compare(b.ID[:], a.ID[:]) },
	"TREE": func(a, b *gen.Opinion) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), bytes.Compare(a.ID[:], b.ID[:]))
	},
	"DUE": func(a, b *gen.Opinion) int {
		day := func(o *gen.Opinion) string {
			if o.DueOn == nil {
				return "none" // after all digits
			}
			return o.DueOn.Format(time.DateOnly)
		}
		return cmp.Or(strings.Compare(day(a), day(b)), bytes.Compare(a.ID[:], b.ID[:]))
	},
}

// want lists the ids of the opinions of a condition in an order.
func (c *cases) want(order string, holds func(*gen.Opinion) bool) []string {
	var rows []*gen.Opinion
	for _, o := range c.opinions {
		if holds(o) && (order != "DUE" || o.State.Open()) {
			rows = append(rows, o)
		}
	}
	slices.SortFunc(rows, orders[order])
	ids := make([]string, len(rows))
	for i, o := range rows {
		ids[i] = o.GlobalID()
	}
	return ids
}

// asking are the viewers of the world by name.
func (c *cases) asking(names ...string) []asker {
	var out []asker
	for _, a := range askers(c.world) {
		if slices.Contains(names, a.name) {
			out = append(out, a)
		}
	}
	if len(out) != len(names) {
		panic(fmt.Sprintf("not all of %v are there: %v", names, out))
	}
	return out
}

// listAskers are of all the kinds that see opinions, and one that sees none.
var listAskers = []string{
	"NATION_ADMIN-0", "PROVINCE_ADMIN-43", "CITY_ADMIN-4301", "CITY_ADMIN-4419", "COUNTY_ADMIN-430121", "TOWNSHIP_ADMIN-430121107",
	"COMMITTEE_STAFF-4301", "SUPERVISOR-430121", "STATION_KEEPER-430121", "STATION_KEEPER-430121107201", "DEPARTMENT-430121",
	"DEPUTY-430121107-double", "PORTAL-43",
}

// filterTest is a filter, and what it is to let through.
type filterTest struct {
	name, filter string
	holds        func(*gen.Opinion) bool
}

// referred are the things that the filters "station", "deputy" and "lead department" refer to. They let nothing through to whom that is out of sight.
func (c *cases) referred() (station, deputy string, lead uuid.UUID) {
	return c.world.Spot("430121107201").Station, c.world.Spot("430121").Deputy, c.departments[place.MustParse("430121")][0]
}

// filters are all conditions of a filter, alone and some together.
func (c *cases) filters() []filterTest {
	is := func(words ...string) func(string) bool {
		return func(s string) bool { return slices.Contains(words, s) }
	}
	of := globalid.Encode
	station, deputy, lead := c.referred()
	roads, streets := c.category("01"), c.category("0102")
	during := func(at *time.Time, from, to time.Time) bool {
		return at != nil && !calendar.Today(*at).Before(from) && !calendar.Today(*at).After(to)
	}
	from, to := c.today.AddDate(0, -6, 0), c.today.AddDate(0, -1, 0)
	days := fmt.Sprintf(`{from: %q, to: %q}`, from.Format(time.DateOnly), to.Format(time.DateOnly))
	amber := func(o *gen.Opinion) bool {
		return o.State.Open() && o.DueOn != nil && !o.AmberOn.After(c.today) && !o.DueOn.Before(c.today)
	}
	red := func(o *gen.Opinion) bool { return o.State.Open() && o.DueOn != nil && o.DueOn.Before(c.today) }
	under := func(o *gen.Opinion, number string) bool {
		return o.CategoryID != nil && slices.ContainsFunc(c.categories, func(k *gen.Category) bool {
			return k.ID == *o.CategoryID && strings.HasPrefix(k.Number, number)
		})
	}
	tests := []filterTest{
		{"nothing", ``, func(*gen.Opinion) bool { return true }},
		{"states", `states: [HANDLING, CLOSED]`, func(o *gen.Opinion) bool { return is("HANDLING", "CLOSED")(string(o.State)) }},
		{"no states", `states: []`, func(*gen.Opinion) bool { return false }},
		{"null states", `states: null, open: null, clocks: null, search: null, station: null, submitted: null`, func(*gen.Opinion) bool { return true }},
		{"waitsOn", `waitsOn: [STATION, LEAD]`, func(o *gen.Opinion) bool { return is("STATION", "LEAD")(string(o.WaitsOn)) }},
		{"open", `open: true`, func(o *gen.Opinion) bool { return o.State.Open() }},
		{"not open", `open: false`, func(o *gen.Opinion) bool { return !o.State.Open() }},
		{"green", `clocks: [GREEN]`, func(o *gen.Opinion) bool { return o.State.Open() && o.DueOn != nil && !amber(o) && !red(o) }},
		{"amber", `clocks: [AMBER]`, amber},
		{"red", `clocks: [RED]`, red},
		{"amber or red", `clocks: [RED, AMBER]`, func(o *gen.Opinion) bool { return amber(o) || red(o) }},
		{"no clock", `clocks: []`, func(*gen.Opinion) bool { return false }},
		{"a category with its branches", `categories: ["` + roads + `"]`, func(o *gen.Opinion) bool { return under(o, "01") }},
		{"a branch", `categories: ["` + streets + `"]`, func(o *gen.Opinion) bool { return under(o, "0102") }},
		{"two categories", `categories: ["` + streets + `", "` + c.category("07") + `"]`, func(o *gen.Opinion) bool { return under(o, "0102") || under(o, "07") }},
		{"an unknown category", `categories: ["` + of("Category", uuid.Nil) + `"]`, func(*gen.Opinion) bool { return false }},
		{"levels", `levels: [COUNTY, CITY]`, func(o *gen.Opinion) bool { return is("COUNTY", "CITY")(string(o.Level)) }},
		{"urgencies", `urgencies: [URGENT]`, func(o *gen.Opinion) bool { return o.Urgency != nil && *o.Urgency == kind.UrgencyUrgent }},
		{"hardship", `hardship: true`, func(o *gen.Opinion) bool { return o.Hardship }},
		{"no hardship", `hardship: false`, func(o *gen.Opinion) bool { return !o.Hardship }},
		{"channels", `channels: [VISIT, ONLINE]`, func(o *gen.Opinion) bool { return is("VISIT", "ONLINE")(string(o.Channel)) }},
		{"online", `online: true`, func(o *gen.Opinion) bool { return is("STATION_CODE", "DEPUTY_CODE", "ONLINE")(string(o.Channel)) }},
		{"offline", `online: false`, func(o *gen.Opinion) bool { return is("IN_PERSON", "VISIT", "TELEPHONE")(string(o.Channel)) }},
		{"key cases", `keyCase: true`, func(o *gen.Opinion) bool { return o.KeyCase }},
		{"no key cases", `keyCase: false`, func(o *gen.Opinion) bool { return !o.KeyCase }},
		{"supervised", `supervised: true`, func(o *gen.Opinion) bool { return o.SupervisorID != nil }},
		{"not supervised", `supervised: false`, func(o *gen.Opinion) bool { return o.SupervisorID == nil }},
		{"late", `late: true`, func(o *gen.Opinion) bool { return o.Late }},
		{"never late", `late: false`, func(o *gen.Opinion) bool { return !o.Late }},
		{"ratings", `ratings: [DISSATISFIED, SATISFIED]`, func(o *gen.Opinion) bool {
			return o.Rating != nil && is("DISSATISFIED", "SATISFIED")(string(*o.Rating))
		}},
		{"outcomes", `outcomes: [SOLVED]`, func(o *gen.Opinion) bool { return o.Outcome != nil && *o.Outcome == kind.OutcomeSolved }},
		{"merged", `merged: true`, func(o *gen.Opinion) bool { return o.MainID != nil }},
		{"not merged", `merged: false`, func(o *gen.Opinion) bool { return o.MainID == nil }},
		{"station", `station: "` + globalID("Station", station) + `"`, func(o *gen.Opinion) bool { return o.StationID.String() == station }},
		{"deputy", `deputy: "` + globalID("Deputy", deputy) + `"`, func(o *gen.Opinion) bool { return o.DeputyID != nil && o.DeputyID.String() == deputy }},
		{"lead department", `leadOrgan: "` + of("Organ", lead) + `"`, func(o *gen.Opinion) bool { return o.LeadOrganID != nil && *o.LeadOrganID == lead }},
		{"submitted", `submitted: ` + days, func(o *gen.Opinion) bool { return during(&o.SubmittedAt, from, to) }},
		{"accepted", `accepted: ` + days, func(o *gen.Opinion) bool { return during(o.AcceptedAt, from, to) }},
		{"closed", `closed: ` + days, func(o *gen.Opinion) bool { return during(o.ClosedAt, from, to) }},
		{"number", `number: "` + c.opinions[len(c.opinions)/2].Number + `"`, func(o *gen.Opinion) bool { return o.Number == c.opinions[len(c.opinions)/2].Number }},
		{"number as typed", `number: " ` + strings.ToLower(c.opinions[len(c.opinions)-1].Number) + ` "`, func(o *gen.Opinion) bool { return o.Number == c.opinions[len(c.opinions)-1].Number }},
		{"part of a number", `number: "261101"`, func(*gen.Opinion) bool { return false }},
		{"several together", `open: true, online: false, clocks: [AMBER, RED, GREEN], levels: [TOWNSHIP, COUNTY], late: false, submitted: ` + days, func(o *gen.Opinion) bool {
			return o.State.Open() && o.DueOn != nil && is("IN_PERSON", "VISIT", "TELEPHONE")(string(o.Channel)) &&
				is("TOWNSHIP", "COUNTY")(string(o.Level)) && !o.Late && during(&o.SubmittedAt, from, to)
		}},
	}
	for _, phrase := range phrases {
		tests = append(tests, filterTest{"search " + phrase, `search: ` + quoted(phrase), func(o *gen.Opinion) bool { return mentions(o, phrase) }})
	}
	return append(tests, filterTest{"search with others", `search: "路灯不亮", states: [HANDLING, ANALYSED, CLOSED, FED_BACK]`, func(o *gen.Opinion) bool {
		return mentions(o, "路灯不亮") && is("HANDLING", "ANALYSED", "CLOSED", "FED_BACK")(string(o.State))
	}})
}

func quoted(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// mentions tells whether an opinion has a phrase, in whatever width or case it is written, and however it is spaced.
func mentions(o *gen.Opinion, phrase string) bool {
	text := o.Content
	if o.Location != nil {
		text += "\n" + *o.Location
	}
	return strings.Contains(spelling.Fold(text), spelling.Fold(phrase))
}

func (c *cases) category(number string) string {
	for _, k := range c.categories {
		if k.Number == number {
			return k.GlobalID()
		}
	}
	panic("no category " + number)
}

// TestOpinionLists asks for every filter, in changing orders, by viewers of all kinds: the rows are those, and in that order, that a plain look
// through all rows finds.
func TestOpinionLists(t *testing.T) {
	c := newCases(t)
	filters := c.filters()
	met := map[string]int{}
	station, deputy, lead := c.referred()
	refers := map[string]string{"station": station, "deputy": deputy, "lead department": lead.String()}
	for _, a := range c.asking(listAskers...) {
		t.Run(a.name, func(t *testing.T) {
			caller, v := a.caller(c.For(t)), a.viewer()
			for i, f := range filters {
				for n, order := range []string{"NEWEST", "DUE", "TREE"} {
					if i > 0 && n > 0 && (i+n)%4 != 0 {
						continue // every fourth in another order too
					}
					answer := caller.Do(fmt.Sprintf(`{ page: opinions(filter: {%s}, orderBy: %s, first: 100) %s }`, f.filter, order, connectionSelection), nil)
					p := pageAt(t, answer, []string{"page"})
					known := refers[f.name] == "" || c.world.Sees(a.Viewer, refers[f.name])
					want := c.want(order, func(o *gen.Opinion) bool { return known && c.sees(v, o) && f.holds(o) })
					met[f.name] += len(want)
					checkPage(t, f.name+" "+order, p, want)
				}
			}
		})
	}
	for _, f := range filters {
		if never := strings.HasPrefix(f.name, "no ") || strings.HasPrefix(f.name, "an unknown") || strings.HasPrefix(f.name, "part") || hostile[f.filter]; met[f.name] == 0 && !never {
			t.Errorf("%s: nothing was ever found by it", f.name)
		}
	}
}

// checkPage holds a first page of at most 100 rows to the rows of the whole list.
func checkPage(t *testing.T, name string, p walked, want []string) {
	t.Helper()
	got := make([]string, len(p.Edges))
	for i, e := range p.Edges {
		got[i] = e.Node.ID
	}
	if p.TotalCount != len(want) || !slices.Equal(got, want[:min(100, len(want))]) || p.PageInfo.HasNextPage != (len(want) > 100) {
		t.Errorf("%s: %d rows of %d, want %d\n%v\n%v", name, len(got), p.TotalCount, len(want), got, want)
	}
}

// TestOpinionPages walks through lists of opinions forward and back in pages of several sizes, in all orders.
func TestOpinionPages(t *testing.T) {
	c := newCases(t)
	for _, a := range c.asking("NATION_ADMIN-0", "COUNTY_ADMIN-430121", "DEPARTMENT-430121", "DEPUTY-430121107-double") {
		for order := range orders {
			for _, filter := range []string{``, `online: true`, `search: "路灯"`} {
				t.Run(a.name+" "+order+" "+filter, func(t *testing.T) {
					caller, v := a.caller(c.For(t)), a.viewer()
					page := func(args string) walked {
						t.Helper()
						return pageAt(t, caller.Do(fmt.Sprintf(`{ page: opinions(filter: {%s}, orderBy: %s%s) %s }`, filter, order, args, connectionSelection), nil), []string{"page"})
					}
					want := c.want(order, func(o *gen.Opinion) bool {
						switch filter {
						case `online: true`:
							return c.sees(v, o) && slices.Contains(kind.OnlineChannels, o.Channel)
						case `search: "路灯"`:
							return c.sees(v, o) && mentions(o, "路灯")
						}
						return c.sees(v, o)
					})
					for _, size := range []int{100, 37} {
						if got := walk(t, page, size, "first", "after"); !slices.Equal(got, want) {
							t.Errorf("forward by %d: %d rows, want %d", size, len(got), len(want))
						}
						back := walk(t, page, size, "last", "before")
						slices.Reverse(back)
						if !slices.Equal(back, want) {
							t.Errorf("back by %d: %d rows, want %d", size, len(back), len(want))
						}
					}
				})
			}
		}
	}
}

// TestOpinionsOf asks for the lists of divisions, stations and deputies: each holds what the list of all does of theirs, alone and below many
// parents at once.
func TestOpinionsOf(t *testing.T) {
	c := newCases(t)
	for _, a := range c.asking("CITY_ADMIN-4301", "COUNTY_ADMIN-430121", "STATION_KEEPER-430121", "DEPUTY-430121107-double") {
		t.Run(a.name, func(t *testing.T) {
			caller, v := a.caller(c.For(t)), a.viewer()
			const list = `opinions(first: 100, orderBy: DUE, filter: {search: "路灯不亮"}) ` + connectionSelection
			ofDivision := func(code place.Code, ownOnly bool) []string {
				return c.want("DUE", func(o *gen.Opinion) bool {
					return c.sees(v, o) && mentions(o, "路灯不亮") && code.Contains(o.Code) && (!ownOnly || o.Code == code)
				})
			}
			var data struct {
				Division struct {
					Opinions, Own walked
					Children      struct {
						Edges []struct {
							Node struct {
								Code     place.Code
								Opinions walked
							}
						}
					}
				}
			}
			caller.Get(&data, fmt.Sprintf(`{ division(code: %q) { %s own: opinions(first: 100, orderBy: DUE, filter: {search: "路灯不亮", ownOnly: true}) %s
				children(first: 100) { edges { node { code %s } } } } }`, v.Division, list, connectionSelection, list), nil)
			checkPage(t, "the division", data.Division.Opinions, ofDivision(v.Division, false))
			checkPage(t, "the division alone", data.Division.Own, ofDivision(v.Division, true))
			for _, e := range data.Division.Children.Edges {
				checkPage(t, e.Node.Code.String(), e.Node.Opinions, ofDivision(e.Node.Code, false))
			}
			found := 0
			for _, s := range c.stations {
				want := c.want("TREE", func(o *gen.Opinion) bool { return c.sees(v, o) && o.StationID == s.ID && o.State.Open() })
				var data struct{ Node *struct{ Opinions walked } }
				caller.Get(&data, `query($id: ID!) { node(id: $id) { ... on Station { opinions(first: 100, orderBy: TREE, filter: {open: true}) `+connectionSelection+` } } }`, apitest.Vars{"id": s.GlobalID()})
				if data.Node != nil {
					checkPage(t, s.Name, data.Node.Opinions, want)
					found += len(want)
				}
			}
			if found == 0 {
				t.Error("no station has an opinion")
			}
			var deputies struct{ Nodes []*struct{ Opinions walked } }
			ids := []string{globalID("Deputy", c.world.Spot("430121").Deputy), globalID("Deputy", apitest.Who(apitest.Double)), globalID("Deputy", apitest.Who(apitest.Retired))}
			caller.Get(&deputies, `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Deputy { opinions(first: 100) `+connectionSelection+` } } }`, apitest.Vars{"ids": ids})
			for i, d := range deputies.Nodes {
				if d != nil {
					checkPage(t, ids[i], d.Opinions, c.want("NEWEST", func(o *gen.Opinion) bool {
						return c.sees(v, o) && o.DeputyID != nil && globalid.Encode("Deputy", *o.DeputyID) == ids[i]
					}))
				}
			}
		})
	}
}

// TestOpinionsAtDivision names a division: what lies below it and in sight is listed, and one out of sight is none.
func TestOpinionsAtDivision(t *testing.T) {
	c := newCases(t)
	for _, test := range []struct {
		asker string
		codes []string
	}{
		{"PROVINCE_ADMIN-43", []string{"43", "4301", "430121", "430121107", "430121107201"}},
		{"STATION_KEEPER-430121", []string{"430121"}},
		{"DEPARTMENT-430121", []string{"430121"}},
		{"DEPUTY-430121107-double", []string{"430121107"}},
	} {
		a := c.asking(test.asker)[0]
		caller, v := a.caller(c.For(t)), a.viewer()
		for _, code := range test.codes {
			for order := range orders {
				at := place.MustParse(code)
				p := pageAt(t, caller.Do(fmt.Sprintf(`{ page: opinions(division: %q, orderBy: %s, first: 100) %s }`, code, order, connectionSelection), nil), []string{"page"})
				checkPage(t, test.asker+" "+code, p, c.want(order, func(o *gen.Opinion) bool { return c.sees(v, o) && at.Contains(o.Code) }))
			}
		}
		for _, code := range []string{"44", "440305"} {
			if answer := caller.Do(fmt.Sprintf(`{ opinions(division: %q, first: 1) { totalCount } }`, code), nil); answer.Code() != "NOT_FOUND" {
				t.Errorf("%s at %s: %s", test.asker, code, answer.Body)
			}
		}
	}
}
