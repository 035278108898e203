package migrations_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/lianluo/lianluo/migrations"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

func TestUpAppliesEachFileOnce(t *testing.T) {
	db := pgtest.Empty(t).Owner(t)
	all, err := migrations.All()
	if err != nil {
		t.Fatal(err)
	}
	var applied []string
	report := func(m migrations.Migration) { applied = append(applied, m.Version) }
	for range 2 {
		if err := migrations.Up(t.Context(), db, report); err != nil {
			t.Fatal(err)
		}
	}
	if len(applied) != len(all) || !slices.IsSorted(applied) {
		t.Errorf("applied %v, want each of the %d files once and in order", applied, len(all))
	}
	if n, err := migrations.Pending(t.Context(), db); n != 0 || err != nil {
		t.Errorf("pending: %d, %v", n, err)
	}
}

func TestUpOverOneConnection(t *testing.T) {
	db := pgtest.Empty(t).Owner(t)
	db.SetMaxOpenConns(1)
	if err := migrations.Up(t.Context(), db, nil); err != nil {
		t.Fatal(err)
	}
}

func TestProgramsTakeTurns(t *testing.T) {
	database := pgtest.Empty(t)
	var (
		programs sync.WaitGroup
		mu       sync.Mutex
		applied  int
	)
	for range 4 {
		db := database.Owner(t)
		programs.Go(func() {
			err := migrations.Up(t.Context(), db, func(migrations.Migration) {
				mu.Lock()
				defer mu.Unlock()
				applied++
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	programs.Wait()
	if all, err := migrations.All(); err != nil || applied != len(all) {
		t.Errorf("%d files applied, want %d (%v)", applied, len(all), err)
	}
}

// Databases of one cluster share its roles, which several may be making at once.
func TestDatabasesMigrateSideBySide(t *testing.T) {
	var databases sync.WaitGroup
	for range 4 {
		db := pgtest.Empty(t).Owner(t)
		databases.Go(func() {
			if err := migrations.Up(t.Context(), db, nil); err != nil {
				t.Error(err)
			}
		})
	}
	databases.Wait()
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		statement string
		want      error
	}{
		"a file that was changed after it was applied": {
			`UPDATE schema_migration SET sum = 'x' WHERE version = (SELECT min(version) FROM schema_migration)`, migrations.ErrChanged,
		},
		"a database that a newer program has migrated": {
			`INSERT INTO schema_migration (version, name, sum) VALUES ('99990101000000', 'later', 'x')`, migrations.ErrAhead,
		},
	} {
		t.Run(name, func(t *testing.T) {
			db := pgtest.New(t).Owner(t)
			if _, err := db.ExecContext(t.Context(), tc.statement); err != nil {
				t.Fatal(err)
			}
			if err := migrations.Up(t.Context(), db, nil); !errors.Is(err, tc.want) {
				t.Errorf("Up: %v, want %v", err, tc.want)
			}
			if _, err := migrations.Status(t.Context(), db); !errors.Is(err, tc.want) {
				t.Errorf("Status: %v, want %v", err, tc.want)
			}
		})
	}
}

// Every table is under forced row-level security, so that forgetting one is noticed; and the role that serves owns nothing.
func TestEveryTableIsProtected(t *testing.T) {
	db := pgtest.New(t).Owner(t)
	rows, err := db.QueryContext(t.Context(), `
		SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity
		FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'schema_migration'`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	tables := 0
	for rows.Next() {
		var (
			table     string
			protected bool
		)
		if err := rows.Scan(&table, &protected); err != nil {
			t.Fatal(err)
		}
		tables++
		if !protected {
			t.Errorf("table %s is not under forced row-level security", table)
		}
	}
	if err := rows.Err(); err != nil || tables < 20 {
		t.Errorf("%d tables (%v)", tables, err)
	}
	var owned, superuser, bypass, inherit bool
	err = db.QueryRowContext(t.Context(), `
		SELECT EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) OR EXISTS (SELECT FROM pg_proc WHERE proowner = r.oid),
		       r.rolsuper, r.rolbypassrls, r.rolinherit
		FROM pg_roles r WHERE r.rolname = 'lianluo_app'`).Scan(&owned, &superuser, &bypass, &inherit)
	if err != nil || owned || superuser || bypass || inherit {
		t.Errorf("lianluo_app: owns %v, superuser %v, bypasses policies %v, inherits %v (%v)", owned, superuser, bypass, inherit, err)
	}
}
