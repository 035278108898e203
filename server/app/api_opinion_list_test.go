package app_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// cases is the world with some hundreds of opinions more, in all states and of all sorts, at every station; and the rows as they are
// stored, from which tests find out plainly what lists must hold.
type cases struct {
	*apitest.Server
	world  *apitest.World
	today  time.Time
	random *rand.Rand

	opinions    []*gen.Opinion
	assignments map[uuid.UUID][]*gen.OpinionAssignment // by opinion
	posted      map[uuid.UUID][]uuid.UUID              // stations by deputy, now
	posts       map[uuid.UUID][]uuid.UUID              // deputies by station, now
	categories  []*gen.Category
	stations    []*gen.Station
	organs      map[uuid.UUID]*gen.Organ
	departments map[place.Code][]uuid.UUID
	congress    map[place.Code]uuid.UUID // an organ of the congress
}

func newCases(t *testing.T) *cases {
	t.Helper()
	c := &cases{
		Server: apitest.New(t), world: apitest.NewWorld(), today: calendar.Today(time.Now()),
		random:      rand.New(rand.NewPCG(3, 563)),
		assignments: map[uuid.UUID][]*gen.OpinionAssignment{}, posted: map[uuid.UUID][]uuid.UUID{}, posts: map[uuid.UUID][]uuid.UUID{},
		organs: map[uuid.UUID]*gen.Organ{}, departments: map[place.Code][]uuid.UUID{}, congress: map[place.Code]uuid.UUID{},
	}
	c.world.Load(t, c.Owner)
	ctx := c.System()
	c.stations = stored(c.Client.Station.Query().All(ctx))
	c.categories = stored(c.Client.Category.Query().All(ctx))
	for _, o := range stored(c.Client.Organ.Query().All(ctx)) {
		c.organs[o.ID] = o
		if o.Kind == kind.OrganDepartment {
			c.departments[o.Code] = append(c.departments[o.Code], o.ID)
		} else {
			c.congress[o.Code] = o.ID
		}
	}
	for _, p := range stored(c.Client.Posting.Query().All(ctx)) {
		if p.EndedOn == nil {
			c.posted[p.DeputyID] = append(c.posted[p.DeputyID], p.StationID)
			c.posts[p.StationID] = append(c.posts[p.StationID], p.DeputyID)
		}
	}
	c.scatter(t, 500)
	c.opinions = stored(c.Client.Opinion.Query().All(ctx))
	for _, a := range stored(c.Client.OpinionAssignment.Query().All(ctx)) {
		c.assignments[a.OpinionID] = append(c.assignments[a.OpinionID], a)
	}
	return c
}

// stored is what was read.
func stored[T any](rows []*T, err error) []*T {
	if err != nil {
		panic(err)
	}
	return rows
}

// pick is one of some things.
func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// often is true n times in 100.
func often(r *rand.Rand, n int) bool { return r.IntN(100) < n }

// scatter adds opinions.
func (c *cases) scatter(t *testing.T, n int) {
	t.Helper()
	var opinions, texts, assignments []map[string]any
	var mains []uuid.UUID
	for i := range n {
		s := pick(c.random, c.stations...)
		o := c.opinion(i, s, mains)
		if o["state"] != state.OpinionMerged {
			mains = append(mains, o["id"].(uuid.UUID))
		}
		opinions = append(opinions, o)
		texts = append(texts, map[string]any{"id": o["id"], "code": s.Code, "body": o["content"].(string) + "\n" + fmt.Sprint(o["location"])})
		assignments = append(assignments, c.parts(o)...)
	}
	c.insert(t, "opinion", opinions)
	c.insert(t, "opinion_assignment", assignments)
	for _, x := range texts {
		body := x["body"].(string)
		pairs := spelling.Bigrams(body)
		if _, err := c.Owner.ExecContext(t.Context(),
			`INSERT INTO opinion_text (opinion_id, code, body, grams, words) VALUES ($1, $2, $3, $4, array_to_tsvector($4::text[]))`,
			x["id"], int64(x["code"].(place.Code)), spelling.Fold(body), pq.Array(pairs)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Owner.ExecContext(t.Context(), `ANALYZE`); err != nil {
		t.Fatal(err)
	}
}

func (c *cases) insert(t *testing.T, table string, rows []map[string]any) {
	t.Helper()
	for _, r := range rows {
		r["version"], r["created_at"], r["updated_at"] = 1, time.Now(), time.Now()
	}
	text, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Owner.ExecContext(t.Context(),
		fmt.Sprintf(`INSERT INTO %[1]s SELECT * FROM jsonb_populate_recordset(null::%[1]s, $1)`, table), string(text)); err != nil {
		t.Fatal(err)
	}
}

// area are the columns of a place, each as a number.
func area(s *gen.Station) map[string]any {
	out := map[string]any{"code": int64(s.Code)}
	for column, code := range map[string]*place.Code{
		"province_code": s.ProvinceCode, "city_code": s.CityCode, "county_code": s.CountyCode, "township_code": s.TownshipCode,
	} {
		if code != nil {
			out[column] = int64(*code)
		}
	}
	return out
}

// above lists the place whose organ is responsible for a station, and those above it.
func above(s *gen.Station) []place.Code {
	out := []place.Code{s.Code}
	if s.TownshipCode != nil {
		out[0] = *s.TownshipCode
	}
	for _, code := range []*place.Code{s.CountyCode, s.CityCode, s.ProvinceCode} {
		if code != nil && *code != out[0] {
			out = append(out, *code)
		}
	}
	return append(out, place.Nation)
}

// opinion makes an opinion of any sort at a station.
func (c *cases) opinion(i int, s *gen.Station, mains []uuid.UUID) map[string]any {
	r := c.random
	holder := pick(r, above(s)...)
	if often(r, 60) {
		holder = above(s)[0]
	}
	is := pick(r, state.Opinions...)
	if is == state.OpinionMerged && len(mains) == 0 {
		is = state.OpinionAccepted
	}
	submitted := time.Now().Add(-time.Duration(r.IntN(400*24)) * time.Hour)
	o := area(s)
	set := func(column string, v any) { o[column] = v }
	set("id", uuid.Must(uuid.NewV7()))
	set("code_then", int64(s.Code))
	set("number", fmt.Sprintf("261101-%08X", i))
	set("station_id", s.ID)
	set("channel", pick(r, kind.Channel("").Values()...))
	content, location := told(r)
	set("content", content)
	set("location", location)
	set("submitted_at", submitted)
	set("state", is)
	set("open", is.Open())
	set("state_since", submitted)
	set("holder_code", int64(holder))
	set("level", holder.Shape())
	for _, column := range []string{"warned", "overdue", "extended", "published"} {
		set(column, false)
	}
	set("late", often(r, 20))
	set("hardship", often(r, 25))
	set("key_case", often(r, 15))
	set("events", 1)
	set("dissatisfied", 0)
	set("reworks", 0)
	if posts := c.posts[s.ID]; len(posts) > 0 && often(r, 40) {
		set("deputy_id", pick(r, posts...))
	}
	lead := uuid.Nil
	if of := c.departments[holder]; len(of) > 0 && slices.Contains(handed, is) {
		lead = pick(r, of...)
		set("lead_organ_id", lead)
	}
	set("waits_on", is.WaitsOn(lead != uuid.Nil))
	if _, limited := is.DefaultLimit(); limited {
		due := c.today.AddDate(0, 0, r.IntN(17)-8)
		set("due_on", due.Format(time.DateOnly))
		set("amber_on", due.AddDate(0, 0, -r.IntN(4)).Format(time.DateOnly))
	}
	switch is {
	case state.OpinionMerged:
		set("main_id", pick(r, mains...))
	case state.OpinionWaiting:
		set("resume_state", pick(r, state.OpinionSubmitted, state.OpinionHandling))
	case state.OpinionRated, state.OpinionClosed, state.OpinionConverted:
		set("rating", pick(r, kind.Rating("").Values()...))
		set("outcome", pick(r, kind.Outcome("").Values()...))
	default: // nothing more
	}
	if is != state.OpinionSubmitted && is != state.OpinionDeclined {
		set("accepted_at", submitted.Add(30*time.Hour))
		set("category_id", pick(r, c.categories...).ID)
		set("urgency", pick(r, kind.Urgency("").Values()...))
	}
	if is == state.OpinionClosed || is == state.OpinionConverted {
		set("closed_at", submitted.Add(300*time.Hour))
	}
	if organ, ok := c.congress[holder]; ok && is.Open() && often(r, 15) {
		set("supervisor_id", organ)
		set("supervision_due_on", c.today.Format(time.DateOnly))
	}
	return o
}

// handed are the states of opinions that departments have had.
var handed = []state.Opinion{
	state.OpinionAssigned, state.OpinionReturnRequested, state.OpinionHandling, state.OpinionReplied, state.OpinionFedBack, state.OpinionRated,
	state.OpinionRework, state.OpinionClosed,
}

// parts are the parts that departments have in an opinion, or had.
func (c *cases) parts(o map[string]any) []map[string]any {
	var out []map[string]any
	part := func(organ any, part kind.Assignment, ended bool) {
		a := map[string]any{"id": uuid.Must(uuid.NewV7()), "opinion_id": o["id"], "organ_id": organ, "part": part, "assigned_at": o["submitted_at"]}
		for _, column := range []string{"code", "province_code", "city_code", "county_code", "township_code"} {
			a[column] = o[column]
		}
		if ended {
			a["ended_at"] = time.Now()
		}
		out = append(out, a)
	}
	lead := o["lead_organ_id"]
	if lead != nil {
		part(lead, kind.AssignmentLead, false)
	}
	for _, other := range c.departments[place.Code(o["holder_code"].(int64))] {
		if lead != nil && other != lead && often(c.random, 60) {
			part(other, kind.AssignmentCo, often(c.random, 40))
		}
	}
	return out
}

// told is what a citizen says, and where it is.
func told(r *rand.Rand) (content, location string) {
	where := pick(r, "幸福小区3号楼", "人民路", "农贸市场", "ABC广场", "中心小学", "滨河公园", "果园镇老街")
	what := pick(r, "路灯不亮", "下水道堵塞", "垃圾无人清运", "噪音扰民", "公交站牌破损", "停车难", "Wi-Fi信号差", "自来水浑浊")
	since := pick(r, ",已有一周", "。多次反映未解决!", ",雨天更严重", "(附近居民都知道)", "", "；晚上出行不便")
	wish := pick(r, "希望尽快处理", "请有关部门解决", "盼回复", "建议安排专人维护")
	return where + what + since + "," + wish, pick(r, "东门", "西侧 路口", "村委会旁", "No.12")
}

// sees tells whether a viewer is to see an opinion.
func (c *cases) sees(v *viewer.Viewer, o *gen.Opinion) bool {
	switch v.Kind {
	case viewer.Area:
		return v.Sees(o.Code)
	case viewer.Organ:
		return slices.ContainsFunc(c.assignments[o.ID], func(a *gen.OpinionAssignment) bool { return a.OrganID == v.Organ })
	case viewer.Self:
		return o.DeputyID != nil && *o.DeputyID == v.Person || slices.Contains(c.posted[v.Person], o.StationID)
	default:
		return false
	}
}

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

// filters are all conditions of a filter, alone and some together.
func (c *cases) filters() []filterTest {
	is := func(words ...string) func(string) bool {
		return func(s string) bool { return slices.Contains(words, s) }
	}
	of := globalid.Encode
	station, deputy, lead := c.world.Spot("430121107201").Station, c.world.Spot("430121").Deputy, c.departments[place.MustParse("430121")][0]
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
					want := c.want(order, func(o *gen.Opinion) bool { return c.sees(v, o) && f.holds(o) })
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
