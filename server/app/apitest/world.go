package apitest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// World is a small country with something of everything at every place of every level, and the special cases: guests,
// what has ended, gaps in the tree. It is always the same, down to the ids. The facts are the oracle's; Load
// writes the rows.
type World struct {
	oracle.World
	spots  map[string]*Spot
	rows   map[string][]row
	people int
	told   int
}

// Spot holds the ids of what stands at one place; empty where there is none.
type Spot struct {
	Congress, Term string
	// Constituency lies at the place itself, Below at a place below it; both are of the place's congress.
	Constituency, Below string
	// Organ is the congress's, Department and Bureau are departments beside it.
	Organ, Department, Bureau, Zone string
	// Station is open, Closed is not. Staff, Ended, Grid and Budget belong to Station.
	Station, Closed            string
	Staff, Ended, Grid, Budget string
	// Deputy sits in the congress and is posted to Station.
	Deputy, Mandate, Posting string
	// Code is the station's code, Revoked the one before it.
	Code, Revoked string
	// Opinion has just come in at Station; Case is at work, with Department in the lead and Bureau beside it; Raised is at work
	// with Department of the place above; Past was with Department and is assigned to Bureau now.
	Opinion, Case, Raised, Past string
}

// row is a row of a table by column.
type row map[string]any

// The special cases of the world by name; each is a deputy's id.
const (
	// Crossing is a deputy of 430121 at home in 430121107, who is also posted to 430102.
	Crossing = "crossing"
	// Far is a deputy of 440305 who is also posted to 431002001, in another province.
	Far = "far"
	// Left is a deputy of 430102 whose posting to 431002 has ended.
	Left = "left"
	// Retired is a deputy of 430121 whose mandate has ended.
	Retired = "retired"
	// Double sits in the congresses of 430121 and of 430121107.
	Double = "double"
	// Provincial is a deputy of 43 at home in 430102, who is also posted to 430121.
	Provincial = "provincial"
	// National is a national deputy at home in 430121.
	National = "national"
	// Suspended is a deputy of 431002 whose mandate is suspended, posted nowhere.
	Suspended = "suspended"
	// Elected is a deputy of 430121 not yet confirmed, posted nowhere, grouped by a constituency in 430121102.
	Elected = "elected"
	// Moved sat in 431002 and sits in 430102 now.
	Moved = "moved"
	// Gap is a deputy of 4419, which has no counties, at home in a township of it.
	Gap = "gap"
)

// Who is the id of a special case's deputy, with the word "mandate", "home" (the posting) or "cross" of what belongs to it.
func Who(name string, what ...string) string {
	for _, w := range what {
		name += " " + w
	}
	return id("deputy " + name)
}

// space makes the world's ids differ from those of any other.
var space = uuid.MustParse("6f6d6d4e-2d2b-4c55-9a7e-0d6f6a1c1f00")

func id(name string) string { return uuid.NewSHA1(space, []byte(name)).String() }

// tree are the places of the world: real ones, but for the villages. Placeholders are rows that are no places.
var tree = []struct{ code, name, level, parent string }{
	{"0", "全国", "NATION", ""},
	{"42", "湖北省", "PROVINCE", "0"},
	{"429000", "省直辖县级行政区划", "CITY", "placeholder"},
	{"429004", "仙桃市", "COUNTY", "42"},
	{"429004001", "沙嘴街道", "TOWNSHIP", "429004"},
	{"429004100", "郑场镇", "TOWNSHIP", "429004"},
	{"43", "湖南省", "PROVINCE", "0"},
	{"4301", "长沙市", "CITY", "43"},
	{"430101", "市辖区", "COUNTY", "placeholder"},
	{"430102", "芙蓉区", "COUNTY", "4301"},
	{"430102001", "文艺路街道", "TOWNSHIP", "430102"},
	{"430102002", "朝阳街道", "TOWNSHIP", "430102"},
	{"430121", "长沙县", "COUNTY", "4301"},
	{"430121102", "黄兴镇", "TOWNSHIP", "430121"},
	{"430121107", "果园镇", "TOWNSHIP", "430121"},
	{"4310", "郴州市", "CITY", "43"},
	{"431002", "北湖区", "COUNTY", "4310"},
	{"431002001", "人民路街道", "TOWNSHIP", "431002"},
	{"431002102", "华塘镇", "TOWNSHIP", "431002"},
	{"44", "广东省", "PROVINCE", "0"},
	{"4403", "深圳市", "CITY", "44"},
	{"440305", "南山区", "COUNTY", "4403"},
	{"440305001", "南头街道", "TOWNSHIP", "440305"},
	{"440305002", "南山街道", "TOWNSHIP", "440305"},
	{"4419", "东莞市", "CITY", "44"},
	{"441900003", "东城街道", "TOWNSHIP", "4419"},
	{"441900101", "石碣镇", "TOWNSHIP", "4419"},
}

// Full writes a code of any length in 12 digits; "0" is the nation.
func Full(code string) string {
	if code == "" {
		return ""
	}
	if code == "0" {
		return place.Nation.String()
	}
	return place.MustParse(code).String()
}

// NewWorld makes the facts and the rows.
func NewWorld() *World {
	w := &World{spots: map[string]*Spot{}, rows: map[string][]row{}}
	for _, p := range tree {
		w.addPlace(p.code, p.name, p.level, p.parent)
		if p.level == "TOWNSHIP" {
			w.addPlace(p.code+"201", p.name+"一村", "VILLAGE", p.code)
			w.addPlace(p.code+"202", p.name+"二村", "VILLAGE", p.code)
		}
	}
	w.Index()
	for _, p := range w.Places {
		if !p.Placeholder {
			w.settle(p)
		}
	}
	w.Index()
	w.addPeople()
	w.addOnline()
	w.addOpinions()
	w.addDuty()
	w.addChanges()
	w.addUnseen()
	w.Index()
	return w
}

// Spot tells what stands at a place.
func (w *World) Spot(code string) *Spot {
	s, ok := w.spots[Full(code)]
	if !ok {
		panic("the world has no place " + code)
	}
	return s
}

// tables are the world's tables, each after those its rows point to.
var tables = []string{
	"division", "division_key", "division_event", "former_division", "organ", "congress", "term", "constituency", "zone", "station", "station_key",
	"deputy", "deputy_key", "deputy_contact", "mandate", "posting", "station_staff", "station_budget", "grid",
	"grid_assignment", "account", "refresh_token", "audit_entry", "idempotency_key",
	"qr_code", "opinion", "opinion_event", "opinion_assignment", "opinion_submitter", "opinion_receipt", "opinion_text",
	"visit_rule", "visit_day", "visit_duty", "appointment", "appointment_contact", "appointment_receipt",
	"activity", "activity_event", "key_figure", "activity_figure", "activity_station", "attendance",
	"norm_set", "norm_standing", "point_scheme", "duty_record", "point_entry", "point_claim", "point_check",
	"pairing_rule", "pairing", "pairing_contact", "training", "training_attendance",
	"standard", "evaluation_campaign", "evaluation", "evaluation_review",
	"attachment", "upload", "message", "opinion_limit", "published_case", "suggestion", "notification",
	"river_job", "river_leader", "river_queue", "river_notification", "audit_seal",
}

// shipped are the tables that come filled and are the same everywhere.
var shipped = []string{"category", "calendar_day", "river_migration"}

// summed are the tables that triggers fill: of sums, and of what is to be sealed.
var summed = []string{"fact", "category_fact", "fact_delta", "audit_unsealed"}

// Load writes the world into a database as its owner, in the place of whatever was there.
func (w *World) Load(t testing.TB, owner *sql.DB) {
	t.Helper()
	_, err := owner.ExecContext(context.Background(), "TRUNCATE "+strings.Join(slices.Concat(tables, summed), ", ")+" CASCADE")
	must(t, err)
	for _, table := range tables {
		text, err := json.Marshal(w.rows[table])
		must(t, err)
		if _, err := owner.ExecContext(context.Background(), fmt.Sprintf(
			`INSERT INTO %[1]s SELECT * FROM jsonb_populate_recordset(null::%[1]s, $1)`, table), string(text)); err != nil {
			t.Fatalf("the world's table %s: %v", table, err)
		}
	}
	// Half of what the sums are made of is folded into them, of every measure something, and half is not yet.
	_, err = owner.ExecContext(context.Background(), `WITH gone AS (DELETE FROM fact_delta RETURNING *)
		INSERT INTO fact_delta SELECT * FROM gone ORDER BY hashtext(gone::text)`)
	must(t, err)
	_, err = owner.ExecContext(context.Background(), `SELECT fold_facts(count(*)::integer / 2) FROM fact_delta`)
	must(t, err)
	_, err = owner.ExecContext(context.Background(), "ANALYZE")
	must(t, err)
	w.Commons = nil
	for _, table := range []string{"category", "calendar_day"} {
		w.learn(t, owner, table)
	}
	w.Index()
}

// learn takes what is known to everyone into the facts.
func (w *World) learn(t testing.TB, owner *sql.DB, table string) {
	t.Helper()
	rows, err := owner.QueryContext(context.Background(), fmt.Sprintf(`SELECT id FROM %s`, table))
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		c := &oracle.Common{}
		must(t, rows.Scan(&c.ID))
		w.Commons = append(w.Commons, c)
	}
	must(t, rows.Err())
}

// Tables lists the tables that the world fills, or finds filled.
func Tables() []string { return slices.Concat(tables, shipped, summed) }
