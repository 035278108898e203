package rollup_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// spot is a division of a test's tree.
type spot struct {
	code        place.Code
	level       place.Level
	name        string
	placeholder bool
	parent      *spot // the nearest real division above; nil for the nation
}

// in tells whether the spot is the division or lies below it, by going up the tree.
func (s *spot) in(division *spot) bool {
	for at := s; at != nil; at = at.parent {
		if at == division {
			return true
		}
	}
	return false
}

// ancestor is the real division of a level at or above the spot, or nil.
func (s *spot) ancestor(level place.Level) *spot {
	for at := s; at != nil; at = at.parent {
		if at.level == level && !at.placeholder {
			return at
		}
	}
	return nil
}

// The records of a test, as far as sums look at them. A zero day is none.
type (
	stationRecord struct {
		id             uuid.UUID
		at             *spot
		kind           kind.Station
		opened, closed time.Time
		constituency   uuid.UUID
		zone           uuid.UUID
	}
	mandateRecord struct {
		id, deputy     uuid.UUID
		at             *spot
		level          kind.CongressLevel
		status         state.Mandate
		elected, ended time.Time
	}
	postingRecord struct {
		station        *stationRecord
		mandate        *mandateRecord
		started, ended time.Time
	}
	constituencyRecord struct {
		id       uuid.UUID
		at       *spot
		basis    kind.Constituency
		from, to time.Time
	}
)

// world is everything that a test's database holds.
type world struct {
	spots          []*spot // in the order of codes, placeholders among them
	stations       []*stationRecord
	mandates       []*mandateRecord
	postings       []*postingRecord
	constituencies []*constituencyRecord
	categories     []*categoryRecord
	opinions       []*opinionRecord
	work
}

// real lists the divisions that are places.
func (w *world) real() (out []*spot) {
	for _, s := range w.spots {
		if !s.placeholder {
			out = append(out, s)
		}
	}
	return out
}

func (w *world) places() (out []rollup.Place) {
	for _, s := range w.real() {
		out = append(out, rollup.Place{Code: s.code, Level: s.level})
	}
	return out
}

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// grow makes a random tree with the gaps that the real one has: counties directly under a province, behind a placeholder; cities
// without counties, whose townships stand directly below.
func (w *world) grow(r *rand.Rand) {
	add := func(code place.Code, level place.Level, parent *spot) *spot {
		s := &spot{code: code, level: level, name: fmt.Sprintf("%s %d", level, code), parent: parent}
		w.spots = append(w.spots, s)
		return s
	}
	townships := func(above *spot) {
		for t := range place.Code(r.IntN(4)) {
			township := add(above.code+(t+1)*1000, place.LevelTownship, above)
			for v := range place.Code(r.IntN(4)) {
				add(township.code+200+v, place.LevelVillage, township)
			}
		}
	}
	counties := func(block place.Code, above *spot) {
		for c := range place.Code(1 + r.IntN(3)) {
			townships(add(block+(c+1)*1_000_000, place.LevelCounty, above))
		}
	}
	nation := add(place.Nation, place.LevelNation, nil)
	for p := range place.Code(3) {
		province := add((p+41)*10_000_000_000, place.LevelProvince, nation)
		for c := range place.Code(1 + r.IntN(3)) {
			city := add(province.code+(c+1)*100_000_000, place.LevelCity, province)
			if r.IntN(3) == 0 {
				townships(city)
			} else {
				counties(city.code, city)
			}
		}
		if r.IntN(2) == 0 {
			heading := add(province.code+90*100_000_000, place.LevelCity, province)
			heading.placeholder, heading.name = true, "省直辖县级行政区划"
			counties(heading.code, province)
		}
	}
}

// fill puts random records at random places. Some mandates are posted to stations of other areas.
func (w *world) fill(r *rand.Rand) {
	spots := w.real()
	anywhere := func() *spot { return spots[r.IntN(len(spots))] }
	id := func() uuid.UUID { return randomID(r) }
	// Few days, so that the bounds of periods are met often.
	someday := func() time.Time { return day("2025-01-01").AddDate(0, 0, r.IntN(40)) }
	perhaps := func(not time.Time) time.Time {
		if t := someday(); r.IntN(3) == 0 && !t.Before(not) {
			return t
		}
		return time.Time{}
	}
	for range 80 {
		c := &constituencyRecord{id: id(), at: anywhere(), from: someday()}
		c.basis = []kind.Constituency{kind.ByResidence, kind.ByWorkUnit, kind.ElectingUnit}[r.IntN(3)]
		c.to = perhaps(c.from)
		w.constituencies = append(w.constituencies, c)
	}
	for range 120 {
		s := &stationRecord{id: id(), at: anywhere(), kind: kind.Stations[r.IntN(len(kind.Stations))], opened: someday()}
		s.closed = perhaps(s.opened)
		if len(w.stations)%3 == 0 {
			s.zone = newID(byte(1 + len(w.stations)%5))
		}
		if r.IntN(2) == 0 {
			s.constituency = w.constituencies[r.IntN(len(w.constituencies))].id
		}
		w.stations = append(w.stations, s)
	}
	deputies := make([]uuid.UUID, 90)
	for i := range deputies {
		deputies[i] = id()
	}
	for range 200 {
		m := &mandateRecord{id: id(), deputy: deputies[r.IntN(len(deputies))], at: anywhere(), elected: someday()}
		m.level = kind.CongressLevels[r.IntN(len(kind.CongressLevels))]
		m.status = state.Mandates[r.IntN(3)]
		if m.ended = perhaps(m.elected); !m.ended.IsZero() {
			m.status = state.MandateEnded
		}
		w.mandates = append(w.mandates, m)
	}
	taken := map[[2]uuid.UUID]bool{}
	for range 300 {
		p := &postingRecord{mandate: w.mandates[r.IntN(len(w.mandates))], station: w.stations[r.IntN(len(w.stations))], started: someday()}
		p.ended = perhaps(p.started)
		if key := [2]uuid.UUID{p.mandate.id, p.station.id}; !taken[key] {
			taken[key] = true
			w.postings = append(w.postings, p)
		}
	}
}

// busyWorld is a random world with everything in it.
func busyWorld(seed uint64) *world {
	w := toilingWorld(seed)
	w.speak(rand.New(rand.NewPCG(seed, 2)), 150)
	return w
}

// randomWorld is a world that the seed alone decides.
func randomWorld(seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 0))
	w := &world{}
	w.grow(r)
	w.fill(r)
	return w
}

// house is a database that holds a world, and the client that the server works with.
type house struct {
	client *gen.Client
	owner  *sql.DB
	// statements are those that the client has sent.
	statements *[]string
}

func newHouse(t *testing.T, w *world) house {
	t.Helper()
	database := pgtest.New(t)
	owner := database.Owner(t)
	w.store(t, owner)
	var statements []string
	db, err := postgres.Open(database.AppURL, postgres.Options{
		MaxOpen: 2,
		Observe: func(_ context.Context, query string) { statements = append(statements, query) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return house{postgres.Client(db), owner, &statements}
}

// counted is how many statements do sends.
func (h house) counted(do func()) int {
	before := len(*h.statements)
	do()
	return len(*h.statements) - before
}

// store writes the world as the owner of the tables. Foreign keys are off: sums do not look at the persons, congresses and
// terms that the records point to.
func (w *world) store(t *testing.T, owner *sql.DB) {
	t.Helper()
	tx, err := owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := tx.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	exec(`SET LOCAL session_replication_role = replica`)
	// The sums are kept all the same.
	for _, table := range counted {
		for _, event := range []string{"insert", "delete"} {
			exec(fmt.Sprintf(`ALTER TABLE %s ENABLE ALWAYS TRIGGER counted_%s`, table, event))
		}
	}
	exec(`DELETE FROM division`)
	row := func(table string, id uuid.UUID, at *spot, columns map[string]any) {
		t.Helper()
		names := []string{"id", "created_at", "updated_at", "code", "province_code", "city_code", "county_code", "township_code"}
		values := []any{id, day("2025-01-01"), day("2025-01-01"), int64(at.code)}
		for _, level := range place.Levels[1:5] {
			var code any
			if a := at.ancestor(level); a != nil {
				code = int64(a.code)
			}
			values = append(values, code)
		}
		for name, value := range columns {
			names, values = append(names, name), append(values, value)
		}
		marks := make([]string, len(values))
		for i := range marks {
			marks[i] = fmt.Sprintf("$%d", i+1)
		}
		exec(fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(names, ", "), strings.Join(marks, ", ")), values...)
	}
	for _, s := range w.spots {
		var parent any
		if s.parent != nil {
			parent = int64(s.parent.code)
		}
		row("division", uuid.New(), s, map[string]any{
			"level": s.level, "name": s.name, "placeholder": s.placeholder, "parent_code": parent, "valid_from": "2023-06-30",
		})
	}
	for i, c := range w.constituencies {
		row("constituency", c.id, c.at, map[string]any{
			"congress_id": uuid.New(), "number": i + 1, "name": "选区", "basis": c.basis, "seats": 2,
			"valid_from": c.from, "valid_to": orNull(c.to),
		})
	}
	for _, s := range w.stations {
		row("station", s.id, s.at, map[string]any{
			"division_id": uuid.New(), "kind": s.kind, "name": "联络站", "name_uniform": true,
			"opened_on": s.opened, "closed_on": orNull(s.closed),
			"constituency_id": uuid.NullUUID{UUID: s.constituency, Valid: s.constituency != uuid.Nil},
			"zone_id":         uuid.NullUUID{UUID: s.zone, Valid: s.zone != uuid.Nil},
		})
	}
	for _, m := range w.mandates {
		var reason any
		if !m.ended.IsZero() {
			reason = kind.EndMovedAway
		}
		row("mandate", m.id, m.at, map[string]any{
			"deputy_id": m.deputy, "congress_id": uuid.New(), "term_id": uuid.New(), "level": m.level, "seat_code": int64(m.at.code),
			"term_number": 18, "election": kind.GeneralElection, "status": m.status,
			"elected_on": m.elected, "ended_on": orNull(m.ended), "end_reason": reason,
		})
	}
	for _, p := range w.postings {
		row("posting", uuid.New(), p.station.at, map[string]any{
			"station_id": p.station.id, "deputy_id": p.mandate.deputy, "mandate_id": p.mandate.id, "basis": kind.PostingProximity,
			"started_on": p.started, "ended_on": orNull(p.ended),
		})
	}
	w.storeOpinions(exec, row)
	w.storeWork(exec, row)
	// Some of what was written is folded into the sums, some is not yet.
	exec(`SELECT fold_facts(count(*)::integer / 2) FROM fact_delta`)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// counted are the tables of whose records sums are kept.
var counted = []string{
	"division", "station", "mandate", "posting", "visit_day", "activity", "activity_figure", "attendance", "point_entry", "norm_standing", "opinion", "suggestion",
}

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// as is the context of a viewer of the role at a division.
func as(t *testing.T, role viewer.Role, at place.Code) context.Context {
	t.Helper()
	v, err := viewer.For("test", role, at)
	if err != nil {
		t.Fatal(err)
	}
	return viewer.NewContext(t.Context(), v)
}

// newID is an id that the number decides.
func newID(n byte) uuid.UUID { return uuid.UUID{15: n} }
