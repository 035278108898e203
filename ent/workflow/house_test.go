package workflow_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// The places of the tests.
var (
	hunan    = place.MustParse("43")
	changsha = place.MustParse("4301")
	county   = place.MustParse("430121")    // 长沙县
	guoyuan  = place.MustParse("430121107") // 果园镇
	huaguo   = place.MustParse("430121107204")
	huangxin = place.MustParse("430121102") // 黄兴镇
	xingsha  = place.MustParse("430121001") // 星沙街道, without a congress
	chenzhou = place.MustParse("4310")
	beihu    = place.MustParse("431002") // 北湖区
)

// places are the rows of the national table that the tests stand on.
var places = []struct {
	code  place.Code
	level place.Level
	name  string
}{
	{place.Nation, place.LevelNation, "全国"},
	{hunan, place.LevelProvince, "湖南省"},
	{changsha, place.LevelCity, "长沙市"},
	{county, place.LevelCounty, "长沙县"},
	{xingsha, place.LevelTownship, "星沙街道"},
	{huangxin, place.LevelTownship, "黄兴镇"},
	{guoyuan, place.LevelTownship, "果园镇"},
	{huaguo, place.LevelVillage, "花果村委会"},
	{chenzhou, place.LevelCity, "郴州市"},
	{beihu, place.LevelCounty, "北湖区"},
}

// now is the time of the tests: 15 June 2026 in China, still the day before in UTC.
var now = time.Date(2026, time.June, 14, 16, 30, 0, 0, time.UTC)

var today = day("2026-06-15")

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr[T any](v T) *T { return &v }

// house is a database with a few places and congresses, and a desk to work at.
type house struct {
	*testing.T
	database *pgtest.Database
	owner    *sql.DB
	client   *gen.Client
	desk     *workflow.Desk

	congress     map[place.Code]uuid.UUID
	constituency map[place.Code]uuid.UUID // of the county's congress, by the township it lies in; of the city's, by the county
	organ        map[place.Code]uuid.UUID
	zone         map[place.Code]uuid.UUID
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{
		T: t, database: pgtest.New(t),
		congress: map[place.Code]uuid.UUID{}, constituency: map[place.Code]uuid.UUID{},
		organ: map[place.Code]uuid.UUID{}, zone: map[place.Code]uuid.UUID{},
	}
	h.owner = h.database.Owner(t)
	db, err := postgres.Open(h.database.AppURL, postgres.Options{MaxOpen: 6})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	h.client = postgres.Client(db)
	h.desk = workflow.NewDesk(h.client, workflow.Options{
		Clock:  func() time.Time { return now },
		Random: rand.NewChaCha8([32]byte{1}),
	})
	h.furnish()
	return h
}

// row adds a row with a place as the owner and returns its id. Columns beside the common ones are given by name.
func (h *house) row(table string, code place.Code, columns map[string]any) uuid.UUID {
	h.Helper()
	id := uuid.Must(uuid.NewV7())
	names := []string{"id", "created_at", "updated_at"}
	values := []any{id, now, now}
	if table != "refresh_token" {
		names = append(names, "code", "province_code", "city_code", "county_code", "township_code")
		values = append(values, int64(code))
		for _, level := range place.Levels[1:5] {
			if code.Shape().Depth() >= level.Depth() {
				values = append(values, int64(code.At(level)))
			} else {
				values = append(values, nil)
			}
		}
	}
	for name, value := range columns {
		names, values = append(names, name), append(values, value)
	}
	marks := make([]string, len(values))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	query := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(names, ", "), strings.Join(marks, ", "))
	if _, err := h.owner.ExecContext(h.Context(), query, values...); err != nil {
		h.Fatal(err)
	}
	return id
}

// furnish fills the house: divisions that the template lacks, congresses with two terms, constituencies, organs and zones.
func (h *house) furnish() {
	h.Helper()
	division := map[place.Code]uuid.UUID{}
	for _, p := range places {
		var id uuid.UUID
		err := h.owner.QueryRowContext(h.Context(), `SELECT id FROM division WHERE code = $1`, int64(p.code)).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			id = h.row("division", p.code, map[string]any{"level": p.level, "name": p.name, "valid_from": "2023-06-30"})
		} else if err != nil {
			h.Fatal(err)
		}
		division[p.code] = id
	}
	for _, code := range []place.Code{hunan, changsha, county, guoyuan, huangxin, chenzhou, beihu} {
		level, _ := kind.CongressLevelOf(code.Shape())
		h.congress[code] = h.row("congress", code, map[string]any{
			"division_id": division[code], "level": level, "name": "人民代表大会",
		})
		for number, starts := range map[int]string{17: "2016-12-01", 18: "2021-12-01"} {
			h.row("term", code, map[string]any{
				"congress_id": h.congress[code], "number": number,
				"starts_on": starts, "ends_on": day(starts).AddDate(5, 0, 0),
			})
		}
		h.organ[code] = h.row("organ", code, map[string]any{
			"division_id": division[code], "kind": kind.OrganDeputyCommittee, "name": "代表工作委员会", "valid_from": "2020-01-01",
		})
		h.zone[code] = h.row("zone", code, map[string]any{
			"division_id": division[code], "kind": kind.ZonePark, "name": "产业园",
		})
	}
	for number, unit := range []struct {
		at, of place.Code
		basis  kind.Constituency
	}{{guoyuan, county, kind.ByResidence}, {huangxin, county, kind.ByResidence}, {county, changsha, kind.ElectingUnit}} {
		h.constituency[unit.at] = h.row("constituency", unit.at, map[string]any{
			"congress_id": h.congress[unit.of], "number": number + 1, "name": "选区", "basis": unit.basis, "seats": 3, "valid_from": "2021-01-01",
		})
	}
}

// as is the context of a viewer.
func (h *house) as(role viewer.Role, at place.Code) context.Context {
	h.Helper()
	v, err := viewer.For(string(role)+"@"+at.String(), role, at)
	if err != nil {
		h.Fatal(err)
	}
	return viewer.NewContext(h.Context(), v)
}

func (h *house) nation() context.Context   { return h.as(viewer.NationAdmin, place.Nation) }
func (h *house) province() context.Context { return h.as(viewer.ProvinceAdmin, hunan) }
func (h *house) city() context.Context     { return h.as(viewer.CityAdmin, changsha) }
func (h *house) county() context.Context   { return h.as(viewer.CountyAdmin, county) }
func (h *house) township() context.Context { return h.as(viewer.TownshipAdmin, guoyuan) }
func (h *house) beihu() context.Context    { return h.as(viewer.CountyAdmin, beihu) }

// tables are all that verbs write to.
var tables = []string{
	"station", "station_key", "station_staff", "deputy", "deputy_key", "deputy_contact", "mandate", "posting",
	"audit_entry", "idempotency_key", "account", "refresh_token",
	"opinion", "opinion_event", "opinion_assignment", "opinion_submitter", "opinion_receipt", "opinion_text", "attachment", "upload",
	"qr_code", "suggestion", "published_case", "opinion_limit", "calendar_day", "notification", "message", "river_job",
	"activity", "activity_event", "activity_station", "activity_figure", "attendance", "key_figure",
	"pairing_rule", "pairing", "pairing_contact", "training", "training_attendance", "standard", "evaluation_campaign", "evaluation", "evaluation_review",
	"norm_set", "duty_record", "point_scheme", "point_entry", "point_claim", "point_check",
	"visit_rule", "visit_day", "visit_duty", "appointment", "appointment_contact", "appointment_receipt",
	"division", "division_key", "division_event", "former_division",
}

// state is a fingerprint of all that is stored.
func (h *house) state() string {
	h.Helper()
	var all []string
	for _, table := range tables {
		var sum string
		err := h.owner.QueryRowContext(h.Context(),
			`SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM `+table+` t`).Scan(&sum)
		if err != nil {
			h.Fatal(err)
		}
		all = append(all, table+" "+sum)
	}
	return strings.Join(all, "\n")
}

// count counts rows by a condition, as the owner.
func (h *house) count(from string, args ...any) int {
	h.Helper()
	var n int
	if err := h.owner.QueryRowContext(h.Context(), `SELECT count(*) FROM `+from, args...).Scan(&n); err != nil {
		h.Fatal(err)
	}
	return n
}

// codeOf is the place of a row, as the owner sees it.
func (h *house) codeOf(table string, id uuid.UUID) place.Code {
	h.Helper()
	var code int64
	if err := h.owner.QueryRowContext(h.Context(), `SELECT code FROM `+table+` WHERE id = $1`, id).Scan(&code); err != nil {
		h.Fatal(err)
	}
	return place.Code(code)
}

// refusal is what a test expects to be refused with. Codes are "path CODE".
type refusal struct {
	kind  error
	codes []string
}

func invalid(codes ...string) refusal  { return refusal{fault.ErrInvalid, codes} }
func conflict(codes ...string) refusal { return refusal{fault.ErrConflict, codes} }
func notFound(path string) refusal     { return refusal{fault.ErrNotFound, []string{path + " NOT_FOUND"}} }

func denied(path string) refusal { return refusal{fault.ErrForbidden, []string{path + " FORBIDDEN"}} }

// check tells whether an error is the refusal, and whether it speaks to people.
func (r refusal) check(t *testing.T, err error) {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want a refusal: %v %v", err, r.kind, r.codes)
	}
	var codes []string
	for _, field := range f.Fields {
		codes = append(codes, strings.Join(field.Path, ".")+" "+field.Code)
		if field.Message == "" {
			t.Errorf("no message for %v", field.Path)
		}
	}
	if !errors.Is(f, r.kind) || !slices.Equal(codes, r.codes) {
		t.Errorf("refused with %v %v, want %v %v", f.Kind, codes, r.kind, r.codes)
	}
	if !strings.ContainsFunc(f.Message, func(r rune) bool { return r >= '一' && r <= '龥' }) {
		t.Errorf("message %q is not Chinese", f.Message)
	}
}

// refused does something that must be refused, and must change nothing.
func (h *house) refused(want refusal, do func() error) {
	h.Helper()
	before := h.state()
	want.check(h.T, do())
	if after := h.state(); after != before {
		h.Errorf("a refusal changed something:\n%s\n%s", before, after)
	}
}

// sub is the house in a subtest.
func (h *house) sub(t *testing.T) *house {
	inner := *h
	inner.T = t
	return &inner
}

// audited tells whether the newest line of the audit is of a verb on an entity, by the viewer at a place.
func (h *house) audited(verb workflow.Verb, entity string, id uuid.UUID, subject string, at place.Code) string {
	h.Helper()
	var v, e, s, detail string
	var eid uuid.UUID
	var code int64
	err := h.owner.QueryRowContext(h.Context(), `SELECT verb, entity, entity_id, subject, code, coalesce(detail::text, '')
		FROM audit_entry ORDER BY id DESC LIMIT 1`).Scan(&v, &e, &eid, &s, &code, &detail)
	if err != nil {
		h.Fatal(err)
	}
	if v != string(verb) || e != entity || eid != id || s != subject || place.Code(code) != at {
		h.Errorf("audit: %s %s %s by %s at %s", v, e, eid, s, place.Code(code))
	}
	return detail
}

// patience bounds how long a test waits for others to come to wait.
const patience = 3 * time.Minute

// until waits until the owner counts at least n rows.
func (h *house) until(n int, from string) {
	h.Helper()
	for start := time.Now(); h.count(from) < n; {
		if time.Since(start) > patience {
			h.Fatalf("there are never %d %s", n, from)
		}
	}
}

// hold takes an advisory lock as the owner and returns what lets it go.
func (h *house) hold(name string) (release func()) {
	h.Helper()
	conn, err := h.owner.Conn(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	if _, err := conn.ExecContext(h.Context(), `SELECT pg_advisory_lock(hashtextextended($1, 0))`, name); err != nil {
		h.Fatal(err)
	}
	return func() {
		if _, err := conn.ExecContext(h.Context(), `SELECT pg_advisory_unlock_all()`); err != nil {
			h.Error(err)
		}
		if err := conn.Close(); err != nil {
			h.Error(err)
		}
	}
}

// atOnce starts things that all begin while a lock is held from outside, and gives their errors.
func (h *house) atOnce(name string, things ...func() error) []error {
	h.Helper()
	release := h.hold(name)
	errs := make([]error, len(things))
	done := make(chan struct{}, len(things))
	for i, thing := range things {
		go func() {
			errs[i] = thing()
			done <- struct{}{}
		}()
	}
	h.until(len(things), `pg_locks WHERE locktype = 'advisory' AND NOT granted`)
	release()
	for range things {
		<-done
	}
	return errs
}
