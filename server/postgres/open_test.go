package postgres_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

func TestSessionSettings(t *testing.T) {
	appURL := pgtest.New(t).AppURL
	settings := func(t *testing.T, url string, opts postgres.Options) [5]string {
		t.Helper()
		db := open(t, postgres.Open, url, opts)
		var out [5]string
		err := db.QueryRowContext(county(t.Context(), changsha), `SELECT session_user, current_setting('application_name'),
			current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'),
			current_setting('plan_cache_mode')`).Scan(&out[0], &out[1], &out[2], &out[3], &out[4])
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	const user, plans = "lianluo_app", "force_custom_plan"
	chosen := postgres.Options{ApplicationName: "jobs", StatementTimeout: 1500 * time.Millisecond, IdleInTransactionTimeout: -1}
	for name, c := range map[string]struct {
		url  string
		opts postgres.Options
		want [5]string
	}{
		"default": {appURL, postgres.Options{}, [5]string{user, "lianluo", "30s", "30s", plans}},
		"chosen":  {appURL, chosen, [5]string{user, "jobs", "1500ms", "0", plans}},
		"the operator's URL wins": {
			withParameters(appURL, "application_name=theirs", "statement_timeout=7000"), chosen,
			[5]string{user, "theirs", "7s", "0", plans},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := settings(t, c.url, c.opts); got != c.want {
				t.Errorf("session has %q, want %q", got, c.want)
			}
		})
	}
}

// withParameters adds parameters to a connection string of either form.
func withParameters(url string, parameters ...string) string {
	if !strings.Contains(url, "://") {
		return url + " " + strings.Join(parameters, " ")
	}
	separator := "?"
	if strings.Contains(url, "?") {
		separator = "&"
	}
	return url + separator + strings.Join(parameters, "&")
}

func TestStatementTimeout(t *testing.T) {
	db := open(t, postgres.Open, pgtest.New(t).AppURL, postgres.Options{StatementTimeout: 20 * time.Millisecond})
	_, err := db.ExecContext(county(t.Context(), changsha), `SELECT pg_sleep(60)`)
	if pq.As(err, pqerror.QueryCanceled) == nil {
		t.Errorf("%v, want %s", err, pqerror.QueryCanceled)
	}
}

func TestOwnerNeedsNoViewer(t *testing.T) {
	f := newFixture(t, 1)
	if got, err := plainIDs(t.Context(), f.owner); err != nil || got != "1 2 3 4 5 6" {
		t.Errorf("sees %q, %v, want all", got, err)
	}
	var timeout string
	if err := f.owner.QueryRowContext(t.Context(), `SHOW statement_timeout`).Scan(&timeout); err != nil || timeout != "0" {
		t.Errorf("statement timeout %q, %v, want none", timeout, err)
	}
}

func TestPoolIsFinite(t *testing.T) {
	for given, want := range map[int]int{0: 20, 3: 3} {
		db := open(t, postgres.Open, "postgres://localhost/never-reached", postgres.Options{MaxOpen: given})
		if got := db.Stats().MaxOpenConnections; got != want {
			t.Errorf("MaxOpen %d: %d connections at most, want %d", given, got, want)
		}
	}
	// Waiting for a free connection ends with the context.
	f := newFixture(t, 1)
	c, err := f.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	ctx, cancel := context.WithTimeout(county(t.Context(), changsha), time.Millisecond)
	defer cancel()
	if got, err := plainIDs(ctx, f.db); err == nil {
		t.Errorf("sees %q from a pool without a free connection", got)
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		url  string
		opts postgres.Options
	}{
		"an unknown sslmode": {"postgres://localhost/x?sslmode=maybe", postgres.Options{}},
		"a malformed URL":    {"postgres://[", postgres.Options{}},
		"no limit":           {"postgres://localhost/x", postgres.Options{MaxOpen: -1}},
		"an odd password":    {"postgres://app:hunter2%zz@localhost/x", postgres.Options{}},
	} {
		for _, how := range []func(string, postgres.Options) (*sql.DB, error){postgres.Open, postgres.OpenOwner} {
			db, err := how(c.url, c.opts)
			if err == nil {
				t.Errorf("takes %s", name)
				_ = db.Close()
				continue
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("tells the password: %v", err)
			}
		}
	}
}

func TestObserve(t *testing.T) {
	type key struct{}
	var seen []string
	db := open(t, postgres.Open, pgtest.New(t).AppURL, postgres.Options{
		Observe: func(ctx context.Context, query string) {
			who, _ := ctx.Value(key{}).(string)
			seen = append(seen, who+": "+query)
		},
	})
	ctx := county(context.WithValue(t.Context(), key{}, "me"), changsha)
	for range 2 {
		if _, err := db.ExecContext(ctx, `SELECT 1`); err != nil {
			t.Fatal(err)
		}
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	stmt, err := tx.PrepareContext(ctx, `SELECT $1::text`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stmt.Close() }()
	if _, err := stmt.ExecContext(ctx, "x"); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(seen, "\n"), "me: SELECT 1\nme: SELECT 1\nme: SELECT $1::text"; got != want {
		t.Errorf("observed\n%s\nwant\n%s", got, want)
	}
}

// TestObserveArguments: what is bound is told with each statement, whether it is prepared by the caller or not, and is sent as it was.
func TestObserveArguments(t *testing.T) {
	var seen []string
	db := open(t, postgres.Open, pgtest.New(t).AppURL, postgres.Options{
		ObserveArguments: func(_ context.Context, query string, args []driver.NamedValue) {
			for _, a := range args {
				query += fmt.Sprintf(" %d=%v", a.Ordinal, a.Value)
			}
			seen = append(seen, query)
		},
	})
	ctx := county(t.Context(), changsha)
	var text string
	if err := db.QueryRowContext(ctx, `SELECT $1::text || $2::int`, "a", 7).Scan(&text); err != nil || text != "a7" {
		t.Fatalf("%q, %v", text, err)
	}
	if _, err := db.ExecContext(ctx, `SELECT 1`); err != nil {
		t.Fatal(err)
	}
	stmt, err := db.PrepareContext(ctx, `SELECT $1::text`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stmt.Close() }()
	if err := stmt.QueryRowContext(ctx, "b").Scan(&text); err != nil || text != "b" {
		t.Fatalf("%q, %v", text, err)
	}
	if got, want := strings.Join(seen, "\n"), "SELECT $1::text || $2::int 1=a 2=7\nSELECT 1\nSELECT $1::text 1=b"; got != want {
		t.Errorf("observed\n%s\nwant\n%s", got, want)
	}
}
