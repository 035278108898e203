package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/lianluo/lianluo/server/postgres"
)

func TestTransactionBelongsToItsViewer(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	err := inTx(mine, t, f.db, func(tx *sql.Tx) error {
		wantIDs(mine, t, tx, "1 2")
		for _, other := range []context.Context{county(t.Context(), beihu), deputy(t.Context(), firstDeputy)} {
			for _, ask := range []func(context.Context, querier) (string, error){plainIDs, keptIDs} {
				if got, err := ask(other, tx); !errors.Is(err, postgres.ErrViewerChanged) {
					t.Errorf("another viewer inside the transaction: %q, %v, want ErrViewerChanged", got, err)
				}
			}
		}
		// Nothing of the other's reached the database: the transaction goes on.
		wantIDs(county(t.Context(), changsha), t, tx, "1 2")
		_, err := tx.ExecContext(mine, `INSERT INTO note VALUES ($1, $2)`, 7, int64(changsha))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wantIDs(county(t.Context(), beihu), t, f.db, "3 4")
	wantIDs(mine, t, f.db, "1 2 7")
}

func TestRollback(t *testing.T) {
	f := newFixture(t, 1)
	mine, other := county(t.Context(), changsha), county(t.Context(), beihu)
	giveUp := errors.New("give up")
	insert := func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO note VALUES ($1, $2)`, 7, int64(changsha))
		return err
	}
	for name, do := range map[string]func() error{
		"by the caller": func() error {
			return inTx(mine, t, f.db, func(tx *sql.Tx) error { return errors.Join(insert(mine, tx), giveUp) })
		},
		"after a failed statement": func() error {
			return inTx(mine, t, f.db, func(tx *sql.Tx) error { return errors.Join(insert(mine, tx), insert(mine, tx)) })
		},
		"by a failed commit": func() error {
			tx, err := f.db.BeginTx(mine, nil)
			if err != nil {
				t.Fatal(err)
			}
			_ = insert(mine, tx)
			_ = insert(mine, tx) // fails, so that COMMIT rolls back
			return tx.Commit()
		},
		"by a panic": func() (err error) {
			defer func() { err = fmt.Errorf("panicked: %v", recover()) }()
			tx, err := f.db.BeginTx(mine, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback() }()
			_ = insert(mine, tx)
			panic("in the middle")
		},
		"by a panic while rows are open": func() (err error) {
			ctx, cancel := context.WithCancel(mine)
			defer func() { err = fmt.Errorf("panicked: %v", recover()) }()
			tx, err := f.db.BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer cancel() // ends the transaction, which the open rows would hold otherwise
			//nolint:sqlclosecheck // left open on purpose
			rows, err := tx.QueryContext(ctx, `SELECT id FROM note WHERE id > $1`, 0)
			if err != nil {
				t.Fatal(err)
			}
			rows.Next()
			panic(rows.Err())
		},
	} {
		for _, next := range []struct {
			ctx  context.Context
			want string
		}{{mine, "1 2"}, {other, "3 4"}} {
			t.Run(name, func(t *testing.T) {
				wantIDs(mine, t, f.db, "1 2")
				if err := do(); err == nil {
					t.Fatal("no error")
				}
				if n := f.setsOf(func() { wantIDs(next.ctx, t, f.db, next.want) }); n != 1 {
					t.Errorf("after the rollback the viewer was set %d times, want once", n)
				}
			})
		}
	}
}

// PostgreSQL undoes settings made inside a transaction when that is rolled back, so they are made before it.
func TestViewerIsSetOutsideTransactions(t *testing.T) {
	f := newFixture(t, 1)
	var states []string
	db := open(t, postgres.Open, f.appURL, postgres.Options{MaxOpen: 1, ObserveViewer: func(ctx context.Context) {
		var state string
		err := f.owner.QueryRowContext(ctx, `SELECT state FROM pg_stat_activity
			WHERE datname = current_database() AND usename = 'lianluo_app'`).Scan(&state)
		states = append(states, fmt.Sprint(state, err))
	}})
	mine, other := county(t.Context(), changsha), county(t.Context(), beihu)
	for _, ctx := range []context.Context{mine, mine, other, mine} {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keptIDs(ctx, tx); err != nil {
			t.Fatal(err)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
	}
	idle := fmt.Sprint("idle", nil)
	if want := []string{idle, idle, idle, idle}; !slices.Equal(states, want) {
		t.Errorf("when the viewer was set the session was %q, want %q", states, want)
	}
}

func TestSavepoint(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	wantIDs(county(t.Context(), beihu), t, f.db, "3 4")
	err := inTx(mine, t, f.db, func(tx *sql.Tx) error {
		run := func(query string, args ...any) error {
			_, err := tx.ExecContext(mine, query, args...)
			return err
		}
		mustRun := func(query string, args ...any) {
			t.Helper()
			if err := run(query, args...); err != nil {
				t.Fatal(err)
			}
		}
		sets := f.setsOf(func() {
			mustRun(`INSERT INTO note VALUES ($1, $2)`, 7, int64(changsha))
			mustRun(`SAVEPOINT a`)
			if err := run(`INSERT INTO note VALUES ($1, $2)`, 7, int64(changsha)); err == nil {
				t.Error("the same id twice, and no error")
			}
			if _, err := plainIDs(mine, tx); err == nil {
				t.Error("a failed transaction answers")
			}
			mustRun(`rollback to savepoint a`)
			wantIDs(mine, t, tx, "1 2 7")
			mustRun(`INSERT INTO note VALUES ($1, $2)`, 8, int64(changsha))
			mustRun("\n ROLLBACK WORK TO a")
			wantIDs(mine, t, tx, "1 2 7")
			mustRun(`RELEASE SAVEPOINT a`)
			if _, err := plainIDs(county(t.Context(), beihu), tx); !errors.Is(err, postgres.ErrViewerChanged) {
				t.Errorf("another viewer after the savepoint: %v, want ErrViewerChanged", err)
			}
		})
		if sets != 0 {
			t.Errorf("the viewer was set %d times inside the transaction", sets)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := f.setsOf(func() { wantIDs(mine, t, f.db, "1 2 7") }); n != 1 {
		t.Errorf("after rolling back to a savepoint the viewer was set %d times, want once", n)
	}
	wantIDs(county(t.Context(), beihu), t, f.db, "3 4")
}

// Rolling back to a savepoint without any error before it is doubtful enough.
func TestSavepointWithoutError(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	err := inTx(mine, t, f.db, func(tx *sql.Tx) error {
		for _, query := range []string{`SAVEPOINT a`, `ROLLBACK TO a`} {
			if _, err := tx.ExecContext(mine, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := f.setsOf(func() { wantIDs(mine, t, f.db, "1 2") }); n != 1 {
		t.Errorf("the viewer was set %d times, want once", n)
	}
}

func TestRowsOpenInTransaction(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	whileReading := func(tx *sql.Tx, query string, args ...any) error {
		rows, err := tx.QueryContext(mine, query, args...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		if !rows.Next() {
			return errors.Join(errors.New("no rows"), rows.Err())
		}
		_, plain := plainIDs(mine, tx)
		_, kept := keptIDs(mine, tx)
		_, exec := tx.ExecContext(mine, `UPDATE note SET body = $1`, "x")
		for _, err := range []error{plain, kept, exec, prepare(mine, tx, `SELECT body FROM note`)} {
			if !errors.Is(err, postgres.ErrRowsOpen) {
				t.Errorf("statement while rows are open: %v, want ErrRowsOpen", err)
			}
		}
		return nil
	}
	err := inTx(mine, t, f.db, func(tx *sql.Tx) error {
		if err := whileReading(tx, `SELECT id FROM note`); err != nil {
			return err
		}
		wantIDs(mine, t, tx, "1 2")
		if err := whileReading(tx, `SELECT id FROM note WHERE id > $1`, 0); err != nil {
			return err
		}
		wantIDs(mine, t, tx, "1 2")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantIDs(mine, t, f.db, "1 2")
}

func TestReadOnlyTransaction(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	tx, err := f.db.BeginTx(mine, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		t.Fatal(err)
	}
	wantIDs(mine, t, tx, "1 2")
	if _, err := tx.ExecContext(mine, `UPDATE note SET body = 'x'`); err == nil {
		t.Error("a read-only transaction wrote")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	wantIDs(mine, t, f.db, "1 2")
}

func TestStatementsThatWouldChangeTheSession(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	wantIDs(mine, t, f.db, "1 2")
	for _, query := range []string{
		`BEGIN`, `start transaction`, `COMMIT`, ` END;`, `ABORT`, "\tROLLBACK", `ROLLBACK AND CHAIN`, `ROLLBACK WORK`,
		`SET ROLE lianluo_self`, `SET SESSION AUTHORIZATION DEFAULT`, `SET app.lo = '0'`, `SET app.lo TO 0`, `set search_path=x`,
		`SET LOCAL ROLE lianluo_self`, `SET LOCAL SESSION AUTHORIZATION DEFAULT`, `SET LOCAL app.lo = '0'`,
		`RESET ROLE`, `RESET ALL`, `DISCARD ALL`, `DEALLOCATE ALL`, `COPY note FROM STDIN`,
	} {
		_, exec := f.db.ExecContext(mine, query)
		_, ask := ids(f.db.QueryContext(mine, query))
		for _, err := range []error{exec, ask, prepare(mine, f.db, query)} {
			if !errors.Is(err, postgres.ErrStatementRefused) {
				t.Errorf("%s: %v, want ErrStatementRefused", query, err)
			}
		}
	}
	err := inTx(mine, t, f.db, func(tx *sql.Tx) error {
		for _, query := range []string{
			`SET TRANSACTION ISOLATION LEVEL SERIALIZABLE`, `SET CONSTRAINTS ALL DEFERRED`, `SET LOCAL lock_timeout = '1s'`,
			`SAVEPOINT begin`, `RELEASE SAVEPOINT begin`,
		} {
			if _, err := tx.ExecContext(mine, query); err != nil {
				return fmt.Errorf("%s: %w", query, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if n := f.setsOf(func() { wantIDs(mine, t, f.db, "1 2") }); n != 0 {
		t.Errorf("refused statements made the viewer unknown")
	}
}
