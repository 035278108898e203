package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
)

func TestCancel(t *testing.T) {
	f := newFixture(t, 1)
	mine, other := county(t.Context(), changsha), county(t.Context(), beihu)
	for name, sleep := range map[string]func(ctx context.Context) error{
		"exec": func(ctx context.Context) error { _, err := f.db.ExecContext(ctx, `SELECT pg_sleep(60)`); return err },
		"kept exec": func(ctx context.Context) error {
			_, err := f.db.ExecContext(ctx, `SELECT pg_sleep($1)`, 60)
			return err
		},
		"query": func(ctx context.Context) error {
			_, err := ids(f.db.QueryContext(ctx, `SELECT pg_sleep(60)`))
			return err
		},
		"kept query": func(ctx context.Context) error {
			_, err := ids(f.db.QueryContext(ctx, `SELECT pg_sleep($1)`, 60))
			return err
		},
		"while reading": func(ctx context.Context) error {
			// The first row, too large to be held back, comes at once; the second after a minute.
			rows, err := f.db.QueryContext(ctx,
				`SELECT repeat('x', 100000) FROM generate_series(1, 3) g, pg_sleep($1 * (g - 1))`, 60)
			if err != nil {
				t.Error("no row came:", err)
				return err
			}
			defer func() { _ = rows.Close() }()
			for rows.Next() {
			}
			return rows.Err()
		},
		"transaction": func(ctx context.Context) error {
			tx, err := f.db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer func() { _ = tx.Rollback() }()
			_, err = tx.ExecContext(ctx, `SELECT pg_sleep($1)`, 60)
			return err
		},
		"statement of a transaction": func(ctx context.Context) error {
			tx, err := f.db.BeginTx(mine, nil)
			if err != nil {
				return err
			}
			defer func() { _ = tx.Rollback() }()
			_, err = tx.ExecContext(ctx, `SELECT pg_sleep($1)`, 60)
			if _, after := plainIDs(mine, tx); after == nil {
				t.Error("a transaction answers after a cancellation")
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			wantIDs(mine, t, f.db, "1 2")
			before := sessionOf(mine, t, f.db)
			ctx, cancel := context.WithCancel(mine)
			defer cancel()
			done := make(chan error, 1)
			go func() { done <- sleep(ctx) }()
			f.waitForSleeper(t)
			cancel()
			if err := <-done; err == nil {
				t.Fatal("no error")
			}
			if n := f.setsOf(func() { wantIDs(other, t, f.db, "3 4") }); n != 1 {
				t.Errorf("the viewer was set %d times, want once", n)
			}
			if sessionOf(other, t, f.db) == before {
				t.Error("the session goes on, within reach of the request to cancel")
			}
			f.waitFor(t, `SELECT count(*) = 0 FROM pg_stat_activity
				WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep($%' AND pid <> pg_backend_pid()`)
		})
	}
}

// sessionOf is the id of the session's process.
func sessionOf(ctx context.Context, t *testing.T, q querier) string {
	t.Helper()
	pid, err := ids(q.QueryContext(ctx, `SELECT pg_backend_pid()`))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestCancelledBeforeItIsSent(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	c, err := f.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	wantIDs(mine, t, c, "1 2")
	ctx, cancel := context.WithCancel(county(t.Context(), beihu))
	cancel()
	sets := f.setsOf(func() {
		if _, err := plainIDs(ctx, c); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
		wantIDs(mine, t, c, "1 2")
	})
	if sets != 0 {
		t.Errorf("the viewer was set %d times, want never", sets)
	}
}

// database/sql rolls a transaction back by itself when its context ends, at a moment of its own.
func TestTransactionOfACancelledContext(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	for range 20 {
		ctx, cancel := context.WithCancel(mine)
		tx, err := f.db.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO note VALUES ($1, $2)`, 7, int64(changsha)); err != nil {
			t.Fatal(err)
		}
		cancel()
		// The pool has one connection, so this waits for the rollback.
		wantIDs(county(t.Context(), beihu), t, f.db, "3 4")
		wantIDs(mine, t, f.db, "1 2")
		if err := tx.Commit(); err == nil {
			t.Fatal("a cancelled transaction commits")
		}
	}
}

func TestServerEndsTheSession(t *testing.T) {
	f := newFixture(t, 1)
	mine, other := county(t.Context(), changsha), county(t.Context(), beihu)
	const end = `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`
	for _, next := range []struct {
		ctx  context.Context
		want string
	}{{mine, "1 2"}, {other, "3 4"}} {
		wantIDs(mine, t, f.db, "1 2")
		f.exec(t, end)
		wantIDs(next.ctx, t, f.db, next.want)
	}
	// BEGIN on a session that is gone is repeated on a new one.
	wantIDs(mine, t, f.db, "1 2")
	f.exec(t, end)
	err := inTx(mine, t, f.db, func(tx *sql.Tx) error { wantIDs(mine, t, tx, "1 2"); return nil })
	if err != nil {
		t.Fatal(err)
	}
	// A session that ends inside a transaction takes the transaction with it.
	tx, err := f.db.BeginTx(mine, nil)
	if err != nil {
		t.Fatal(err)
	}
	f.exec(t, end)
	if got, err := plainIDs(mine, tx); err == nil {
		t.Errorf("sees %q, want an error", got)
	}
	_ = tx.Rollback()
	wantIDs(other, t, f.db, "3 4")
}

// Many viewers on few connections, with cancellations, errors and transactions in between: nobody ever sees
// a row of another.
func TestNoLeakUnderLoad(t *testing.T) {
	const goroutines, rounds = 60, 40
	f := newFixture(t, 3)
	areas := []struct {
		code place.Code
		want string
	}{{changsha, "1 2"}, {beihu, "3 4"}, {heshun, "5 6"}}
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(g)))
			for range rounds {
				area := areas[random.IntN(len(areas))]
				ctx, want := county(t.Context(), area.code), area.want
				switch random.IntN(6) {
				case 0:
					ctx, want = deputy(t.Context(), firstDeputy), "1"
				case 1:
					ctx, want = deputy(t.Context(), secondDeputy), "3"
				}
				hurry(ctx, t, f, want, random)
			}
		})
	}
	wg.Wait()
	if got := f.db.Stats().OpenConnections; got > 3 {
		t.Errorf("%d connections, want at most 3", got)
	}
	if f.statements.Load() < goroutines*rounds {
		t.Errorf("only %d statements were sent", f.statements.Load())
	}
}

// hurry asks once as the viewer, in one of several troubled ways.
func hurry(ctx context.Context, t *testing.T, f *fixture, want string, random *rand.Rand) {
	check := func(ctx context.Context, q querier) {
		ask := plainIDs
		if random.IntN(2) == 0 {
			ask = keptIDs
		}
		got, err := ask(ctx, q)
		switch {
		case err == nil && got != want:
			t.Errorf("sees notes %q, want %q", got, want)
		case err != nil && ctx.Err() == nil:
			t.Error(err)
		}
	}
	trouble := random.IntN(6)
	if trouble == 0 || trouble == 1 {
		// The cancellation hits before, during or after, as it happens.
		cancelled, cancel := context.WithCancel(ctx)
		defer cancel()
		wait := random.IntN(200)
		go func() {
			for range wait {
				_ = cancelled.Err()
			}
			cancel()
		}()
		ctx = cancelled
	}
	switch trouble {
	case 0, 2:
		check(ctx, f.db)
	case 1, 3, 4:
		tx, err := f.db.BeginTx(ctx, nil)
		if err != nil {
			if ctx.Err() == nil {
				t.Error(err)
			}
			return
		}
		check(ctx, tx)
		if trouble == 3 {
			_, _ = tx.ExecContext(ctx, `INSERT INTO note VALUES ($1, $2)`, 1, 1) // fails
		}
		if trouble == 4 {
			_ = tx.Commit()
		} else {
			_ = tx.Rollback()
		}
	case 5:
		_, _ = f.db.ExecContext(ctx, `SELECT 1/$1::int`, 0) // fails
		check(ctx, f.db)
	}
}
