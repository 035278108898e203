package pgtest

import (
	"database/sql"
	"testing"
	"time"
)

func TestNew(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("database", func(t *testing.T) {
		New(t) // whatever has to be made once
		began := time.Now()
		db := New(t)
		t.Logf("cloned in %v", time.Since(began))
		url = db.OwnerURL

		owner := db.Owner(t)
		if got := query[int](t, owner, `SELECT count(*) FROM schema_migration`); got == 0 {
			t.Error("no migration was applied")
		}
		if got := query[bool](t, owner, `SELECT rolsuper FROM pg_roles WHERE rolname = current_user`); !got {
			t.Error("the owner is no superuser")
		}
		app := openURL(t, db.AppURL)
		if got := query[string](t, app, `SELECT current_user`); got != appRole {
			t.Errorf("signed in as %s, want %s", got, appRole)
		}
		if got := query[bool](t, app, `SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user`); got {
			t.Error("the application is above the policies")
		}
		if _, err := app.ExecContext(t.Context(), `CREATE TABLE mine ()`); err == nil {
			t.Error("the application may create tables")
		}
	})
	if err := openURL(t, url).PingContext(t.Context()); err == nil {
		t.Error("the database is left after its test")
	}
}

func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	one, two := New(t), New(t)
	if _, err := one.Owner(t).ExecContext(t.Context(), `CREATE TABLE only_here ()`); err != nil {
		t.Fatal(err)
	}
	if query[bool](t, two.Owner(t), `SELECT to_regclass('only_here') IS NOT NULL`) {
		t.Error("a change shows in another database")
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	owner := Empty(t).Owner(t)
	if got := query[int](t, owner, `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`); got != 0 {
		t.Errorf("%d tables, want none", got)
	}
	if got := query[string](t, owner, `SHOW lc_collate`); got != "C" {
		t.Errorf("collation %s, want C", got)
	}
}

func openURL(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // its server may be gone on purpose
	return db
}

func query[T any](t *testing.T, db *sql.DB, text string) T {
	t.Helper()
	var value T
	if err := db.QueryRowContext(t.Context(), text).Scan(&value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}
