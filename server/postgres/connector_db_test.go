package postgres_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// The counties that the notes of the tests lie in, two notes each, and the deputies who wrote one each.
var (
	changsha = place.MustParse("430121")
	beihu    = place.MustParse("431002")
	heshun   = place.MustParse("140723")

	firstDeputy  = uuid.MustParse("018f0000-0000-7000-8000-000000000001")
	secondDeputy = uuid.MustParse("018f0000-0000-7000-8000-000000000002")
)

// schema is a small table under the policies that the platform's tables stand under.
const schema = `
CREATE TABLE note (id bigint PRIMARY KEY, code bigint NOT NULL, person uuid, body text NOT NULL DEFAULT '');
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
ALTER TABLE note FORCE ROW LEVEL SECURITY;
CREATE POLICY area ON note TO lianluo_area USING (
	CASE WHEN code >= (SELECT NULLIF(current_setting('app.lo', true), '')::bigint)
	 AND code < (SELECT NULLIF(current_setting('app.hi', true), '')::bigint) THEN true ELSE false END);
CREATE POLICY self ON note TO lianluo_self USING (
	person = (SELECT NULLIF(current_setting('app.person', true), '')::uuid));
GRANT USAGE ON SCHEMA public TO lianluo_area, lianluo_self;
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO lianluo_area, lianluo_self;
INSERT INTO note (id, code, person) VALUES
	(1, 430121001000, '018f0000-0000-7000-8000-000000000001'), (2, 430121002000, NULL),
	(3, 431002001000, '018f0000-0000-7000-8000-000000000002'), (4, 431002002000, NULL),
	(5, 140723001000, NULL), (6, 140723002000, NULL);`

// fixture is a database of one test and a pool for viewers on it.
type fixture struct {
	owner  *sql.DB
	db     *sql.DB
	appURL string
	// sets counts how often a session's viewer was set, statements what callers sent.
	sets, statements atomic.Int64
}

// newFixture opens a pool of a size on a fresh database.
func newFixture(t testing.TB, connections int) *fixture {
	t.Helper()
	database := pgtest.New(t)
	f := &fixture{appURL: database.AppURL}
	f.owner = open(t, postgres.OpenOwner, database.OwnerURL, postgres.Options{})
	f.exec(t, schema)
	f.db = open(t, postgres.Open, database.AppURL, postgres.Options{
		MaxOpen:       connections,
		Observe:       func(context.Context, string) { f.statements.Add(1) },
		ObserveViewer: func(context.Context) { f.sets.Add(1) },
	})
	return f
}

// open opens a pool that is closed when the test ends.
func open(t testing.TB, how func(string, postgres.Options) (*sql.DB, error), url string, opts postgres.Options) *sql.DB {
	t.Helper()
	db, err := how(url, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// setsOf counts how often the viewer is set while do runs.
func (f *fixture) setsOf(do func()) int64 {
	before := f.sets.Load()
	do()
	return f.sets.Load() - before
}

// exec runs a statement as the owner.
func (f *fixture) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	if _, err := f.owner.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// waitForSleeper waits until the database works on a pg_sleep of the test's pool.
func (f *fixture) waitForSleeper(t testing.TB) {
	t.Helper()
	f.waitFor(t, `SELECT count(*) = 1 FROM pg_stat_activity
		WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(%' AND pid <> pg_backend_pid()`)
}

// waitFor asks the owner's pool until the answer is true; the database itself paces the questions.
func (f *fixture) waitFor(t testing.TB, query string) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); {
		var done bool
		row := f.owner.QueryRowContext(t.Context(), `SELECT (`+query+`) FROM (SELECT pg_sleep(0.005)) pace`)
		if err := row.Scan(&done); err != nil {
			t.Fatal(err)
		}
		if done {
			return
		}
	}
	t.Fatalf("never came true: %s", query)
}

// county is a context of the administrator of a county.
func county(ctx context.Context, code place.Code) context.Context {
	v, err := viewer.For("admin of "+code.String(), viewer.CountyAdmin, code)
	if err != nil {
		panic(err)
	}
	return viewer.NewContext(ctx, v)
}

// deputy is a context of a deputy of 长沙县.
func deputy(ctx context.Context, id uuid.UUID) context.Context {
	v, err := viewer.For("deputy "+id.String(), viewer.Deputy, changsha)
	if err != nil {
		panic(err)
	}
	v.Person = id
	return viewer.NewContext(ctx, v)
}

// querier is a pool, a connection or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Two ways to ask for the ids of all notes: sent as it is, and prepared and kept.
var (
	plainIDs = func(ctx context.Context, q querier) (string, error) {
		return ids(q.QueryContext(ctx, `SELECT id FROM note ORDER BY id`))
	}
	keptIDs = func(ctx context.Context, q querier) (string, error) {
		return ids(q.QueryContext(ctx, `SELECT id FROM note WHERE id > $1 ORDER BY id`, 0))
	}
)

// ids reads rows of one number into a text such as "1 2".
func ids(rows *sql.Rows, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return "", err
		}
		out = append(out, fmt.Sprint(id))
	}
	return strings.Join(out, " "), rows.Err()
}

// wantIDs fails the test unless the context's viewer sees these notes, both ways.
func wantIDs(ctx context.Context, t testing.TB, q querier, want string) {
	t.Helper()
	for _, ask := range []func(context.Context, querier) (string, error){plainIDs, keptIDs} {
		got, err := ask(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Fatalf("sees notes %q, want %q", got, want)
		}
	}
}

// preparer is a pool, a connection or a transaction.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// prepare prepares a statement and closes it.
func prepare(ctx context.Context, p preparer, query string) (err error) {
	stmt, err := p.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = stmt.Close() }()
	return nil
}
