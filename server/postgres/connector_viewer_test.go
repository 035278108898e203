package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/postgres"
)

func TestEachViewerSeesItsOwn(t *testing.T) {
	f := newFixture(t, 1)
	ctx := t.Context()
	// One connection serves all, so each step would see the rows of the one before if the viewer stuck.
	for _, step := range []struct {
		ctx  context.Context
		want string
	}{
		{county(ctx, changsha), "1 2"},
		{county(ctx, beihu), "3 4"},
		{deputy(ctx, firstDeputy), "1"},
		{county(ctx, heshun), "5 6"},
		{deputy(ctx, secondDeputy), "3"},
		{deputy(ctx, uuid.Nil), ""},
		{county(ctx, changsha), "1 2"},
	} {
		wantIDs(step.ctx, t, f.db, step.want)
	}
}

func TestWritesAreTheViewersOwn(t *testing.T) {
	f := newFixture(t, 1)
	mine, other := county(t.Context(), changsha), county(t.Context(), beihu)
	wantIDs(other, t, f.db, "3 4")
	for _, query := range []string{`UPDATE note SET body = 'x'`, `DELETE FROM note`} {
		result, err := f.db.ExecContext(mine, query)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := result.RowsAffected(); err != nil || n != 2 {
			t.Errorf("%s: %d rows, %v; want 2", query, n, err)
		}
	}
	if _, err := f.db.ExecContext(mine, `INSERT INTO note VALUES ($1, $2)`, 100, int64(beihu)); err == nil {
		t.Error("a row was written into another county")
	}
	wantIDs(other, t, f.db, "3 4")
}

func TestSessionKnowsWhoAsks(t *testing.T) {
	f := newFixture(t, 1)
	// The first subject tries to end the text it stands in and become somebody else.
	subjects := []string{`x', false); SET ROLE postgres; --`, `\'; DROP TABLE note; --`, `张三 $1 "q" \ '' %s`, ``}
	for _, subject := range subjects {
		v := &viewer.Viewer{
			Subject: subject, Kind: viewer.Area, Lo: 430121000000, Hi: 430122000000,
			Person: firstDeputy, Organ: secondDeputy, Station: uuid.MustParse("018f0000-0000-7000-8000-000000000003"),
		}
		const query = `SELECT current_user, current_setting('app.lo'), current_setting('app.hi'),
			current_setting('app.person'), current_setting('app.organ'), current_setting('app.station'),
			current_setting('app.subject')`
		var got [7]string
		err := f.db.QueryRowContext(viewer.NewContext(t.Context(), v), query).
			Scan(&got[0], &got[1], &got[2], &got[3], &got[4], &got[5], &got[6])
		if err != nil {
			t.Fatal(err)
		}
		want := [7]string{
			"lianluo_area", "430121000000", "430122000000",
			v.Person.String(), v.Organ.String(), v.Station.String(), subject,
		}
		if got != want {
			t.Errorf("session has %q, want %q", got, want)
		}
	}
	// A text that PostgreSQL cannot hold fails, and the viewer before it does not stay.
	for _, subject := range []string{"a\x00b", "\xff"} {
		ctx := viewer.NewContext(t.Context(), &viewer.Viewer{Subject: subject, Kind: viewer.Self})
		for range 2 { // it is not taken for set the second time either
			if got, err := plainIDs(ctx, f.db); err == nil {
				t.Errorf("subject %q sees %q, want an error", subject, got)
			}
		}
		wantIDs(county(t.Context(), beihu), t, f.db, "3 4")
	}
}

func TestNoViewer(t *testing.T) {
	f := newFixture(t, 1)
	wantIDs(county(t.Context(), changsha), t, f.db, "1 2")
	stmt, err := f.db.PrepareContext(county(t.Context(), changsha), `SELECT id FROM note WHERE id > $1`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stmt.Close() }()
	tx, err := f.db.BeginTx(county(t.Context(), changsha), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, inTx := plainIDs(t.Context(), tx)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(inTx, postgres.ErrNoViewer) {
		t.Errorf("inside a transaction: %v, want ErrNoViewer", inTx)
	}

	sent, sets := f.statements.Load(), f.sets.Load()
	for name, ctx := range map[string]context.Context{
		"none":         t.Context(),
		"nil":          viewer.NewContext(t.Context(), nil),
		"no kind":      viewer.NewContext(t.Context(), &viewer.Viewer{Subject: "x"}),
		"unknown kind": viewer.NewContext(t.Context(), &viewer.Viewer{Subject: "x", Kind: "POSTGRES"}),
	} {
		for call, do := range map[string]func() error{
			"query":      func() error { _, err := plainIDs(ctx, f.db); return err },
			"kept query": func() error { _, err := keptIDs(ctx, f.db); return err },
			"exec":       func() error { _, err := f.db.ExecContext(ctx, `DELETE FROM note`); return err },
			"kept exec":  func() error { _, err := f.db.ExecContext(ctx, `DELETE FROM note WHERE id > $1`, 0); return err },
			"begin":      func() error { _, err := f.db.BeginTx(ctx, nil); return err },
			"prepare":    func() error { return prepare(ctx, f.db, `SELECT 1`) },
			"prepared":   func() error { _, err := ids(stmt.QueryContext(ctx, 0)); return err },
		} {
			if err := do(); !errors.Is(err, postgres.ErrNoViewer) {
				t.Errorf("%s with viewer %s: %v, want ErrNoViewer", call, name, err)
			}
		}
	}
	if f.statements.Load() != sent || f.sets.Load() != sets {
		t.Error("something was sent without a viewer")
	}
	if err := f.db.PingContext(t.Context()); err != nil {
		t.Errorf("ping without a viewer: %v", err)
	}
	wantIDs(county(t.Context(), changsha), t, f.db, "1 2")
}

func TestViewerIsSetOnlyWhenItChanges(t *testing.T) {
	f := newFixture(t, 1)
	ctx := t.Context()
	query := func(ctx context.Context) func() {
		return func() {
			if _, err := plainIDs(ctx, f.db); err != nil {
				t.Error(err)
			}
		}
	}
	commit := func(ctx context.Context) func() {
		return func() {
			if err := inTx(ctx, t, f.db, func(*sql.Tx) error { return nil }); err != nil {
				t.Error(err)
			}
		}
	}
	for i, step := range []struct {
		do   func()
		want int64
	}{
		{query(county(ctx, changsha)), 1},
		{query(county(ctx, changsha)), 0}, // another Viewer of equal content is the same viewer
		{query(county(ctx, beihu)), 1},
		{query(county(ctx, beihu)), 0},
		{func() {
			if err := f.db.PingContext(ctx); err != nil {
				t.Error(err)
			}
		}, 0},
		{commit(county(ctx, beihu)), 0},
		{query(county(ctx, beihu)), 0}, // a transaction that commits leaves the viewer as it was
		{query(deputy(ctx, firstDeputy)), 1},
		{query(deputy(ctx, secondDeputy)), 1},
		{commit(county(ctx, beihu)), 1},
		{query(county(ctx, beihu)), 0},
	} {
		if got := f.setsOf(step.do); got != step.want {
			t.Errorf("step %d: the viewer was set %d times, want %d", i, got, step.want)
		}
	}
}

// inTx runs do in a transaction that commits unless do fails; it returns do's error.
func inTx(ctx context.Context, t testing.TB, db *sql.DB, do func(*sql.Tx) error) error {
	t.Helper()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if failed := do(tx); failed != nil {
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		return failed
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return nil
}

func TestErrorForgetsTheViewer(t *testing.T) {
	f := newFixture(t, 1)
	ctx := county(t.Context(), changsha)
	for name, fail := range map[string]func() error{
		"syntax": func() error { _, err := f.db.ExecContext(ctx, `SELEC`); return err },
		"kept syntax": func() error {
			_, err := f.db.ExecContext(ctx, `SELEC $1`, 1)
			return err
		},
		"constraint": func() error {
			_, err := f.db.ExecContext(ctx, `INSERT INTO note VALUES ($1, $2)`, 1, int64(changsha))
			return err
		},
		"while reading": func() error {
			_, err := ids(f.db.QueryContext(ctx, `SELECT 1/(3-g) FROM generate_series(1,9) g`))
			return err
		},
		"while reading kept": func() error {
			_, err := ids(f.db.QueryContext(ctx, `SELECT 1/($1-g) FROM generate_series(1,9) g`, 3))
			return err
		},
		"prepare": func() error { return prepare(ctx, f.db, `SELECT nothing`) },
		"policy": func() error {
			_, err := f.db.ExecContext(ctx, `INSERT INTO note VALUES ($1, $2)`, 100, int64(beihu))
			return err
		},
		"inside a transaction": func() error {
			return inTx(ctx, t, f.db, func(tx *sql.Tx) error { _, err := tx.ExecContext(ctx, `SELEC`); return err })
		},
	} {
		t.Run(name, func(t *testing.T) {
			wantIDs(ctx, t, f.db, "1 2")
			if err := fail(); err == nil {
				t.Fatal("no error")
			}
			if n := f.setsOf(func() { wantIDs(ctx, t, f.db, "1 2") }); n != 1 {
				t.Errorf("after the error the viewer was set %d times, want once", n)
			}
			if err := fail(); err == nil {
				t.Fatal("no error")
			}
			wantIDs(deputy(t.Context(), secondDeputy), t, f.db, "3")
		})
	}
}
