package app_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
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
