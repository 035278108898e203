package seed_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/migrations"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
	"github.com/lianluo/lianluo/server/seed"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// demoRoots are the places that the demonstration needs.
var demoRoots = []place.Code{
	place.MustParse("4301"), place.MustParse("4310"), place.MustParse("4302"), place.MustParse("140723"), place.MustParse("4403"),
}

// table is the national table, read once.
var table = sync.OnceValues(divisions.All)

// database is migrated and holds the divisions of some roots, and nothing else.
func database(t *testing.T, roots ...place.Code) *sql.DB {
	t.Helper()
	_, db := databaseAt(t, roots...)
	return db
}

// databaseAt is database, and where it is.
func databaseAt(t *testing.T, roots ...place.Code) (*pgtest.Database, *sql.DB) {
	t.Helper()
	all, err := table()
	if err != nil {
		t.Fatal(err)
	}
	d := pgtest.Empty(t)
	db := d.Owner(t)
	if err := migrations.Up(t.Context(), db, nil); err != nil {
		t.Fatal(err)
	}
	if err := divisions.Load(t.Context(), db, divisions.Subset(all, roots...), nil); err != nil {
		t.Fatal(err)
	}
	return d, db
}

// options hash passwords in a way that a test can follow.
func options() seed.Options {
	return seed.Options{Passwords: func(username string) (string, error) { return "hash of " + username, nil }}
}

func demo(t *testing.T, db *sql.DB) {
	t.Helper()
	if err := seed.Demo(t.Context(), db, options()); err != nil {
		t.Fatal(err)
	}
}

// seeded are the tables that are filled.
var seeded = []string{
	"account", "congress", "constituency", "deputy", "deputy_contact", "deputy_key", "grid", "grid_assignment", "mandate", "opinion",
	"opinion_assignment", "opinion_event", "opinion_submitter", "opinion_text", "organ", "posting", "published_case", "qr_code", "station",
	"station_budget", "station_key", "station_staff", "suggestion", "term", "zone",
	"activity", "activity_event", "activity_figure", "attendance", "duty_record", "evaluation", "evaluation_campaign", "evaluation_review", "norm_set",
	"pairing", "pairing_contact", "pairing_rule", "point_claim", "point_entry", "point_scheme", "standard", "training", "training_attendance",
	"visit_day", "visit_duty", "visit_rule",
}

// emptied are those that are emptied with them.
var emptied = []string{
	"refresh_token", "idempotency_key", "opinion_limit", "opinion_receipt", "attachment", "notification", "message", "river_job",
	"appointment", "appointment_contact", "appointment_receipt", "activity_station", "point_check", "norm_standing",
}

// content is a sum over all rows of each table, and the number of rows.
func content(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, table := range seeded {
		var sum string
		if err := db.QueryRowContext(t.Context(),
			`SELECT count(*) || ' ' || coalesce(sum(hashtextextended(r::text, 0)), 0) FROM `+table+` r`).Scan(&sum); err != nil {
			t.Fatal(err)
		}
		out[table] = sum
	}
	return out
}

// schema is all that the work on the tables may change for a time: indexes, constraints, triggers, and whether row-level security binds the owner.
func schema(t *testing.T, db *sql.DB) []string {
	t.Helper()
	return texts(t, db, `
		SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relnamespace = 'public'::regnamespace
		UNION ALL
		SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
		WHERE connamespace = 'public'::regnamespace
		UNION ALL
		SELECT relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
		UNION ALL
		SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
		ORDER BY 1`)
}

func texts(t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query, args...)
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

// none fails the test when a query for faults finds some.
func none(t *testing.T, db *sql.DB, fault, query string, args ...any) {
	t.Helper()
	if found := texts(t, db, query, args...); len(found) > 0 {
		t.Errorf("%s: %d, such as %q", fault, len(found), found[:min(3, len(found))])
	}
}

func TestDemoIsTheSameEachTime(t *testing.T) {
	first, second := database(t, demoRoots...), database(t, demoRoots...)
	before := schema(t, first)
	demo(t, first)
	demo(t, second)
	want := content(t, first)
	if diff := cmp.Diff(want, content(t, second)); diff != "" {
		t.Errorf("in another database (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(before, schema(t, first)); diff != "" {
		t.Errorf("indexes and constraints (-before +after):\n%s", diff)
	}

	t.Run("a second start", func(t *testing.T) {
		o := options()
		o.Progress = func(step string, done, total int) { t.Errorf("it tells progress: %s %d of %d", step, done, total) }
		if err := seed.Demo(t.Context(), first, o); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, content(t, first)); diff != "" {
			t.Errorf("(-once +twice):\n%s", diff)
		}
	})
	t.Run("what was changed stays", func(t *testing.T) {
		if _, err := first.ExecContext(t.Context(), `UPDATE station SET brand = '改过' WHERE code = 430121001000 AND kind = 'STATION'`); err != nil {
			t.Fatal(err)
		}
		changed := content(t, first)
		demo(t, first)
		if diff := cmp.Diff(changed, content(t, first)); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
	})
	t.Run("a reload undoes changes and keeps passwords", func(t *testing.T) {
		if _, err := first.ExecContext(t.Context(), `INSERT INTO audit_entry (id, created_at, updated_at, code, subject, viewer_code, verb, entity, entity_id)
			VALUES (gen_random_uuid(), now(), now(), 0, 's', 0, 'v', 'e', gen_random_uuid())`); err != nil {
			t.Fatal(err)
		}
		if _, err := first.ExecContext(t.Context(), `INSERT INTO river_job (kind, args) VALUES ('opinion_step', '{"event": "none"}')`); err != nil {
			t.Fatal(err)
		}
		if err := seed.Reload(t.Context(), first, seed.Options{}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, content(t, first)); diff != "" {
			t.Errorf("(-fresh +reloaded):\n%s", diff)
		}
		summed(t, first)
		if n := number(t, first, `SELECT count(*) FROM audit_entry`); n != 1 {
			t.Errorf("%d audit entries are left of 1", n)
		}
		if n := number(t, first, `SELECT count(*) FROM river_job`); n != 0 {
			t.Errorf("%d jobs are left that are about what is gone", n)
		}
	})
	t.Run("present", func(t *testing.T) {
		if is, err := seed.Present(t.Context(), first); !is || err != nil {
			t.Errorf("Present = %t, %v", is, err)
		}
	})
}

// summed checks that the sums are those of the records, and that there are some.
func summed(t *testing.T, db *sql.DB) {
	t.Helper()
	none(t, db, "sums that are not those of the records", `SELECT format('%s %s %s %s: %s, not %s', code, span, starts, measure, kept, counted) FROM fact_differences()`)
	none(t, db, "changes that wait to be added to the sums", `SELECT code FROM fact_delta`)
	if number(t, db, `SELECT attendances_county + opinions_accepted FROM fact WHERE code = 0 AND span = 'TOTAL'`) == 0 {
		t.Error("nothing is summed up")
	}
}

func number(t *testing.T, db *sql.DB, query string, args ...any) (n int64) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// A start that is cut off, at whatever moment, leaves nothing, and the next one does it all.
func TestDemoCutOff(t *testing.T) {
	spared := database(t, demoRoots...)
	empty := content(t, spared)
	demo(t, spared)
	want := content(t, spared)

	db := database(t, demoRoots...)
	before := schema(t, db)
	for _, at := range []float64{0.1, 0.5, 0.6, 1} { // among the rows to make, those to store, the indexes, and before the end
		ctx, cancel := context.WithCancel(t.Context())
		o := options()
		o.Progress = func(_ string, done, total int) {
			if float64(done) >= at*float64(total) {
				cancel()
			}
		}
		if err := seed.Demo(ctx, db, o); err == nil {
			t.Errorf("cut off at %v: no error", at)
		}
		cancel()
		if diff := cmp.Diff(empty, content(t, db)); diff != "" {
			t.Errorf("cut off at %v, something is left (-empty +left):\n%s", at, diff)
		}
		if diff := cmp.Diff(before, schema(t, db)); diff != "" {
			t.Errorf("cut off at %v, indexes and constraints (-before +after):\n%s", at, diff)
		}
	}
	demo(t, db)
	if diff := cmp.Diff(want, content(t, db)); diff != "" {
		t.Errorf("after being cut off (-want +got):\n%s", diff)
	}
}

func TestDemoSurvivesKill(t *testing.T) {
	d, db := databaseAt(t, demoRoots...)
	empty, before := content(t, db), schema(t, db)
	victim := exec.CommandContext(t.Context(), os.Args[0])
	victim.Env = append(os.Environ(), victimURL+"="+d.OwnerURL)
	victim.Stderr = os.Stderr
	said, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(said).ReadString('\n')
	if killed := victim.Process.Kill(); killed != nil {
		t.Error(killed)
	}
	_ = victim.Wait() // it did not end well
	if err != nil || line != "hanging\n" {
		t.Fatalf("the victim said %q, %v", line, err)
	}
	demo(t, db)
	if diff := cmp.Diff(before, schema(t, db)); diff != "" {
		t.Errorf("indexes and constraints (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(empty, content(t, db)); diff == "" {
		t.Error("the next start stored nothing")
	}
}

// victimURL makes the test binary a process that stores the demonstration in the database named and stops for ever half-way.
const victimURL = "SEED_TEST_URL"

func TestMain(m *testing.M) {
	if url := os.Getenv(victimURL); url != "" {
		if err := seedAndHang(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1) // it was to be killed
	}
	os.Exit(m.Run())
}

func seedAndHang(url string) error {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	o := options()
	o.Progress = func(_ string, done, total int) {
		if 3*done > 2*total { // the rows are stored, the indexes half made
			_, _ = fmt.Fprintln(os.Stdout, "hanging")
			select {}
		}
	}
	return seed.Demo(context.Background(), db, o)
}

func TestDemosAtOnce(t *testing.T) {
	db := database(t, demoRoots...)
	var together sync.WaitGroup
	for range 3 {
		together.Go(func() {
			if err := seed.Demo(t.Context(), db, options()); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	if n := number(t, db, `SELECT count(*) FROM account WHERE password_hash <> ''`); n != int64(len(seed.Accounts())) {
		t.Errorf("%d accounts, want %d", n, len(seed.Accounts()))
	}
}

// The owner of an existing database need be no superuser, and then row-level security binds it, which COPY refuses.
func TestDemoAsAnOrdinaryOwner(t *testing.T) {
	db := database(t, demoRoots...)
	db.SetMaxOpenConns(1) // SET ROLE is the connection's
	before := schema(t, db)
	// Of the key figures the nation's stay, so they are not among those that are emptied; nor are the sums, which are counted anew.
	for _, table := range slices.Concat(seeded, emptied, []string{"key_figure", "fact", "fact_delta", "category_fact"}) {
		if _, err := db.ExecContext(t.Context(), `ALTER TABLE `+table+` OWNER TO lianluo_system`); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.ExecContext(t.Context(), `
		GRANT CREATE ON SCHEMA public TO lianluo_system;
		GRANT REFERENCES ON division, category TO lianluo_system;
		SET ROLE lianluo_system`); err != nil {
		t.Fatal(err)
	}
	if err := seed.Demo(t.Context(), db, seed.Options{}); err != nil {
		t.Fatal(err)
	}
	demo(t, db) // and then the accounts
	if n := number(t, db, `SELECT count(*) FROM account WHERE password_hash <> ''`); n != int64(len(seed.Accounts())) {
		t.Errorf("%d accounts, want %d", n, len(seed.Accounts()))
	}
	if _, err := db.ExecContext(t.Context(), `RESET ROLE`); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, schema(t, db)); diff != "" {
		t.Errorf("indexes, constraints, row-level security (-before +after):\n%s", diff)
	}
}

func TestDemoNeedsDivisions(t *testing.T) {
	db := database(t, place.MustParse("430121"))
	if err := seed.Demo(t.Context(), db, options()); err == nil {
		t.Error("no error")
	}
	none(t, db, "rows without the divisions", `SELECT name FROM congress`)
}
