package divisions_test

import (
	"context"
	"database/sql"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/migrations"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// database is migrated and holds no division, whatever the template of other tests holds.
func database(t *testing.T) (*pgtest.Database, *sql.DB) {
	t.Helper()
	d := pgtest.Empty(t)
	owner := d.Owner(t)
	if err := migrations.Up(t.Context(), owner, nil); err != nil {
		t.Fatal(err)
	}
	return d, owner
}

// few are counties of different kinds, loaded row by row; many is a province, enough for a load in bulk.
func few(t *testing.T) []divisions.Row {
	return divisions.Subset(all(t), place.MustParse("430121"), place.MustParse("4290"), place.MustParse("110101001"), place.MustParse("460400"))
}

func many(t *testing.T) []divisions.Row {
	rows := divisions.Subset(all(t), place.MustParse("36"))
	if len(rows) < 20_000 {
		t.Fatalf("%d rows are too few for a load in bulk", len(rows))
	}
	return rows
}

// state is what a load may change, and what it must leave as it is.
type state struct {
	Divisions, Keys int
	Contents        string   // a sum over all rows but their times
	Schema          []string // indexes, constraints and whether row-level security binds the owner
}

func stateOf(ctx context.Context, t *testing.T, db *sql.DB) state {
	t.Helper()
	var s state
	if err := db.QueryRowContext(ctx, `
		SELECT (SELECT count(*) FROM division), (SELECT count(*) FROM division_key), md5(
			(SELECT COALESCE(string_agg(md5(ROW(d.id, d.version, d.code, d.level, d.name, d.placeholder, d.parent_id, d.parent_code,
				d.province_code, d.city_code, d.county_code, d.township_code, d.valid_from, d.valid_to)::text), '' ORDER BY d.code), '') FROM division d) ||
			(SELECT COALESCE(string_agg(md5(k::text), '' ORDER BY k.key, k.code), '') FROM division_key k))`,
	).Scan(&s.Divisions, &s.Keys, &s.Contents); err != nil {
		t.Fatal(err)
	}
	s.Schema = texts(ctx, t, db, `
		SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN ('division'::regclass, 'division_key'::regclass)
		UNION ALL
		SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
		WHERE conrelid IN ('division'::regclass, 'division_key'::regclass) OR confrelid = 'division'::regclass
		UNION ALL
		SELECT relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity FROM pg_class
		WHERE oid IN ('division'::regclass, 'division_key'::regclass)
		ORDER BY 1`)
	return s
}

func texts(ctx context.Context, t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func load(t *testing.T, db *sql.DB, rows []divisions.Row) {
	t.Helper()
	if err := divisions.Load(t.Context(), db, rows, nil); err != nil {
		t.Fatal(err)
	}
}

func TestLoadWritesTheRows(t *testing.T) {
	ctx := t.Context()
	_, db := database(t)
	rows := few(t)
	load(t, db, rows)

	stored, err := db.QueryContext(ctx, `
		SELECT id, code, level, name, placeholder, parent_code, province_code, city_code, county_code, township_code, valid_from,
			parent_id, valid_to, version, created_at = updated_at
		FROM division ORDER BY code`)
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Close()
	var got []divisions.Row
	for stored.Next() {
		var row divisions.Row
		var parent uuid.NullUUID
		var validTo sql.NullTime
		var version int
		var fresh bool
		if err := stored.Scan(&row.ID, &row.Code, &row.Level, &row.Name, &row.Placeholder, &row.Parent, &row.Province, &row.City, &row.County,
			&row.Township, &row.ValidFrom, &parent, &validTo, &version, &fresh); err != nil {
			t.Fatal(err)
		}
		row.ValidFrom = row.ValidFrom.UTC()
		switch {
		case (row.Parent == nil) == parent.Valid, row.Parent != nil && parent.UUID != divisions.ID(*row.Parent):
			t.Errorf("%s: the parent is %v, its id %v", row.Code, row.Parent, parent)
		case validTo.Valid, version != 1, !fresh:
			t.Errorf("%s: valid to %v, version %d, times alike %t", row.Code, validTo, version, fresh)
		}
		got = append(got, row)
	}
	if err := stored.Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rows, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestLoadWritesSearchKeys(t *testing.T) {
	_, db := database(t)
	load(t, db, few(t))
	for typed, want := range map[string]string{
		"长沙县":          "长沙县",
		"changshaxian": "长沙县",
		"zhangshax":    "长沙县", // 长 is read in two ways
		"csx":          "长沙县",
		"xiant":        "仙桃市",
		"省直辖":          "", // a heading is not found
		"sz":           "",
	} {
		found := texts(t.Context(), t, db, `
			SELECT d.name FROM division d WHERE d.level = 'COUNTY' AND d.code IN (SELECT k.code FROM division_key k WHERE k.key ^@ $1)`, typed)
		if want == "" && len(found) > 0 || want != "" && !slices.Equal(found, []string{want}) {
			t.Errorf("%q finds the counties %q, want %q", typed, found, want)
		}
	}
	// The rows hold one heading, 4290.
	if wrong := texts(t.Context(), t, db, `
		SELECT d.name FROM division d
		WHERE d.placeholder = EXISTS (SELECT FROM division_key k WHERE k.code = d.code) OR d.placeholder <> (d.code = 429000000000)`); wrong != nil {
		t.Errorf("these have keys as headings, or have none as places: %q", wrong)
	}
}

func TestLoadTellsProgress(t *testing.T) {
	for name, rows := range map[string][]divisions.Row{"few": few(t), "many": many(t)} {
		t.Run(name, func(t *testing.T) {
			_, db := database(t)
			type report struct{ done, total int }
			var reports []report
			note := func(done, total int) { reports = append(reports, report{done, total}) }
			if err := divisions.Load(t.Context(), db, rows, note); err != nil {
				t.Fatal(err)
			}
			if len(reports) == 0 {
				t.Fatal("no progress was told")
			}
			before := 0
			for _, r := range reports {
				if r.done <= before || r.done > r.total || r.total != reports[0].total {
					t.Errorf("%d of %d after %d of %d", r.done, r.total, before, reports[0].total)
				}
				before = r.done
			}
			if before != reports[0].total {
				t.Errorf("it ended at %d of %d", before, reports[0].total)
			}

			reports = nil
			if err := divisions.Load(t.Context(), db, rows, note); err != nil {
				t.Fatal(err)
			}
			if reports != nil {
				t.Errorf("with nothing to do it told %v", reports)
			}
		})
	}
}

func TestLoadTwiceIsLoadOnce(t *testing.T) {
	for name, rows := range map[string][]divisions.Row{"few": few(t), "many": many(t)} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			_, db := database(t)
			empty := stateOf(ctx, t, db)
			load(t, db, rows)
			once := stateOf(ctx, t, db)
			if once.Divisions != len(rows) || once.Keys < 2*len(rows) {
				t.Errorf("%d divisions with %d keys are stored, want %d and at least twice as many", once.Divisions, once.Keys, len(rows))
			}
			if diff := cmp.Diff(empty.Schema, once.Schema); diff != "" {
				t.Errorf("indexes and constraints (-before +after):\n%s", diff)
			}
			load(t, db, rows)
			if diff := cmp.Diff(once, stateOf(ctx, t, db)); diff != "" {
				t.Errorf("after the second load (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadAddsWhatIsMissing(t *testing.T) {
	ctx := t.Context()
	_, whole := database(t)
	load(t, whole, few(t))
	_, db := database(t)
	load(t, db, divisions.Subset(few(t), place.MustParse("430121")))
	load(t, db, few(t))
	if diff := cmp.Diff(stateOf(ctx, t, whole), stateOf(ctx, t, db)); diff != "" {
		t.Errorf("in two parts (-in one +in two):\n%s", diff)
	}
}

// A division that was renamed and got another code keeps its id, and the table of 2023 does not bring the old one back.
func TestLoadLeavesChangedDivisions(t *testing.T) {
	ctx := t.Context()
	_, db := database(t)
	load(t, db, few(t))
	if _, err := db.ExecContext(ctx, `UPDATE division SET name = '星沙区', code = 430199000000 WHERE code = 430121000000`); err != nil {
		t.Fatal(err)
	}
	changed := stateOf(ctx, t, db)
	load(t, db, few(t))
	if diff := cmp.Diff(changed, stateOf(ctx, t, db)); diff != "" {
		t.Errorf("a changed division (-want +got):\n%s", diff)
	}
}

func TestLoadsAtOnce(t *testing.T) {
	ctx := t.Context()
	_, db := database(t)
	rows := few(t)
	var together sync.WaitGroup
	for range 4 {
		together.Go(func() {
			if err := divisions.Load(ctx, db, rows, nil); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	if got := stateOf(ctx, t, db).Divisions; got != len(rows) {
		t.Errorf("%d divisions are stored, want %d", got, len(rows))
	}
}

func TestLoadFailsWhole(t *testing.T) {
	ctx := t.Context()
	_, db := database(t)
	empty := stateOf(ctx, t, db)

	orphans := slices.DeleteFunc(few(t), func(row divisions.Row) bool { return row.Level == place.LevelCity })
	if err := divisions.Load(ctx, db, orphans, nil); err == nil {
		t.Error("rows without their parents were loaded")
	}
	cancelled, cancel := context.WithCancel(ctx)
	if err := divisions.Load(cancelled, db, many(t), func(done, total int) {
		if done > total/2 {
			cancel()
		}
	}); err == nil {
		t.Error("a cancelled load gave no error")
	}
	if diff := cmp.Diff(empty, stateOf(ctx, t, db)); diff != "" {
		t.Errorf("after failures (-before +after):\n%s", diff)
	}
}

// The owner of an existing database need be no superuser, and then row-level security binds it, which COPY refuses.
func TestLoadAsAnOrdinaryOwner(t *testing.T) {
	for name, rows := range map[string][]divisions.Row{"few": few(t), "many": many(t)} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			d, db := database(t)
			own(t, db)
			empty := stateOf(ctx, t, db)
			load(t, db, rows)
			got := stateOf(ctx, t, d.Owner(t))
			if got.Divisions != len(rows) {
				t.Errorf("%d divisions are stored, want %d", got.Divisions, len(rows))
			}
			if diff := cmp.Diff(empty.Schema, got.Schema); diff != "" {
				t.Errorf("indexes, constraints, row-level security (-before +after):\n%s", diff)
			}
		})
	}
}

// own makes the connection that of an ordinary role that owns the tables, and that a policy shows all rows, as the
// migrations see to for the owner.
func own(t *testing.T, db *sql.DB) {
	t.Helper()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), `
		ALTER TABLE division OWNER TO lianluo_system;
		ALTER TABLE division_key OWNER TO lianluo_system;
		GRANT CREATE ON SCHEMA public TO lianluo_system;
		SET ROLE lianluo_system`); err != nil {
		t.Fatal(err)
	}
}
