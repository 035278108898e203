package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

func TestPreparedStatementFollowsTheViewer(t *testing.T) {
	f := newFixture(t, 1)
	mine, other := county(t.Context(), changsha), county(t.Context(), beihu)
	for query, args := range map[string][]any{
		`SELECT id FROM note ORDER BY id`:               nil,
		`SELECT id FROM note WHERE id > $1 ORDER BY id`: {0},
	} {
		stmt, err := f.db.PrepareContext(mine, query)
		if err != nil {
			t.Fatal(err)
		}
		// More often than the five times after which PostgreSQL might settle on one plan for all.
		for range 8 {
			for _, as := range []struct {
				ctx  context.Context
				want string
			}{{mine, "1 2"}, {other, "3 4"}, {deputy(t.Context(), secondDeputy), "3"}} {
				if got, err := ids(stmt.QueryContext(as.ctx, args...)); err != nil || got != as.want {
					t.Fatalf("%s: sees %q, %v, want %q", query, got, err, as.want)
				}
			}
		}
		err = inTx(other, t, f.db, func(tx *sql.Tx) error {
			inside := tx.StmtContext(other, stmt)
			defer func() { _ = inside.Close() }()
			if got, err := ids(inside.QueryContext(other, args...)); err != nil || got != "3 4" {
				t.Errorf("%s in a transaction: sees %q, %v, want 3 4", query, got, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := stmt.Close(); err != nil {
			t.Error(err)
		}
		if _, err := ids(stmt.QueryContext(mine, args...)); err == nil {
			t.Error("a closed statement answers")
		}
	}
}

func TestPreparedExec(t *testing.T) {
	f := newFixture(t, 1)
	stmt, err := f.db.PrepareContext(county(t.Context(), changsha), `UPDATE note SET body = $1`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stmt.Close() }()
	for ctx, want := range map[context.Context]int64{
		county(t.Context(), heshun):       2,
		deputy(t.Context(), secondDeputy): 1,
	} {
		result, err := stmt.ExecContext(ctx, "done")
		if err != nil {
			t.Fatal(err)
		}
		if n, err := result.RowsAffected(); err != nil || n != want {
			t.Errorf("%d rows, %v, want %d", n, err, want)
		}
	}
	if _, err := stmt.ExecContext(county(t.Context(), heshun), "too", "many"); err == nil {
		t.Error("too many arguments, and no error")
	}
}

// A viewer kind is a role, and policies belong to roles: a kept statement must be planned anew for each.
func TestKeptStatementServesEveryKind(t *testing.T) {
	f := newFixture(t, 1)
	for range 12 {
		wantIDs(county(t.Context(), changsha), t, f.db, "1 2")
		wantIDs(deputy(t.Context(), firstDeputy), t, f.db, "1")
		wantIDs(deputy(t.Context(), secondDeputy), t, f.db, "3")
		wantIDs(county(t.Context(), beihu), t, f.db, "3 4")
	}
}

func columns(ctx context.Context, q querier) (string, error) {
	rows, err := q.QueryContext(ctx, `SELECT * FROM note WHERE id = $1`, 1)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	return strings.Join(names, " "), errors.Join(err, rows.Err())
}

func TestKeptStatementAfterTheTableChanged(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	want := func(q querier, want string) {
		t.Helper()
		if got, err := columns(mine, q); err != nil || got != want {
			t.Fatalf("columns %q, %v, want %q", got, err, want)
		}
	}
	want(f.db, "id code person body")
	f.exec(t, `ALTER TABLE note ADD extra text`)
	before := f.statements.Load()
	want(f.db, "id code person body extra")
	if n := f.statements.Load() - before; n != 1 {
		t.Errorf("observed %d statements, want one", n)
	}

	// A transaction has failed by then; the next one prepares anew.
	f.exec(t, `ALTER TABLE note DROP extra`)
	err := inTx(mine, t, f.db, func(tx *sql.Tx) error { _, err := columns(mine, tx); return err })
	if pq.As(err, pqerror.FeatureNotSupported) == nil {
		t.Fatalf("in a transaction: %v, want %s", err, pqerror.FeatureNotSupported)
	}
	err = inTx(mine, t, f.db, func(tx *sql.Tx) error { want(tx, "id code person body"); return nil })
	if err != nil {
		t.Fatal(err)
	}
	// So does a write.
	const update = `UPDATE note SET body = $1 RETURNING *`
	for _, column := range []string{"a", "b"} {
		if _, err := f.db.ExecContext(mine, update, "x"); err != nil {
			t.Fatal(err)
		}
		f.exec(t, `ALTER TABLE note ADD `+column+` text`)
	}
}

func TestKeptStatementThatIsGone(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	wantIDs(mine, t, f.db, "1 2")
	const forget = `DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$`
	if _, err := f.db.ExecContext(mine, forget); err != nil {
		t.Fatal(err)
	}
	wantIDs(mine, t, f.db, "1 2")
	err := inTx(mine, t, f.db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(mine, forget); err != nil {
			return err
		}
		if _, err := keptIDs(mine, tx); pq.As(err, pqerror.InvalidSQLStatementName) == nil {
			t.Errorf("in a transaction: %v, want %s", err, pqerror.InvalidSQLStatementName)
		}
		return sql.ErrTxDone
	})
	if err == nil {
		t.Fatal("no error")
	}
}

// prepared gives the names by text of the statements that the pool's one connection keeps.
func prepared(ctx context.Context, t *testing.T, f *fixture) map[string]string {
	t.Helper()
	rows, err := f.db.QueryContext(ctx, `SELECT statement, name FROM pg_prepared_statements`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	out := make(map[string]string)
	for rows.Next() {
		var text, name string
		if err := rows.Scan(&text, &name); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, "set_config") {
			out[text] = name
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestKeptStatementsAreBounded(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	text := func(i int) string { return fmt.Sprintf("SELECT id + %d FROM note WHERE id = $1", i) }
	ask := func(i int) {
		t.Helper()
		if _, err := ids(f.db.QueryContext(mine, text(i), 1)); err != nil {
			t.Fatal(err)
		}
	}
	ask(0)
	first := prepared(mine, t, f)[text(0)]
	const all = 300
	for i := 1; i < all; i++ {
		ask(i)
		ask(0)
	}
	kept := prepared(mine, t, f)
	if len(kept) != 256 {
		t.Errorf("%d statements are kept, want 256", len(kept))
	}
	if first == "" || kept[text(0)] != first {
		t.Errorf("the statement used most was prepared as %q and is now %q", first, kept[text(0)])
	}
	for i, want := range map[int]bool{1: false, all - 256: false, all - 255: true, all - 1: true} {
		if _, got := kept[text(i)]; got != want {
			t.Errorf("statement %d kept: %t, want %t", i, got, want)
		}
	}
}

func TestStatementsNotKept(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	// Without arguments one plan would serve every viewer; a very long text hardly comes twice.
	if got, err := plainIDs(mine, f.db); err != nil || got != "1 2" {
		t.Fatalf("%q, %v", got, err)
	}
	long := `SELECT id FROM note WHERE id > $1 ORDER BY id` + strings.Repeat(" ", 20000)
	if got, err := ids(f.db.QueryContext(mine, long, 0)); err != nil || got != "1 2" {
		t.Fatalf("%q, %v", got, err)
	}
	if _, err := f.db.ExecContext(mine, long, 0); err != nil {
		t.Fatal(err)
	}
	if kept := prepared(mine, t, f); len(kept) != 0 {
		t.Errorf("kept %q, want nothing", kept)
	}
}

func TestDriverFeaturesPassThrough(t *testing.T) {
	f := newFixture(t, 1)
	mine := county(t.Context(), changsha)
	// A slice as argument is lib/pq's own conversion.
	if got, err := ids(f.db.QueryContext(mine, `SELECT id FROM note WHERE id = ANY($1) ORDER BY id`, []int64{1, 3})); err != nil || got != "1" {
		t.Errorf("slice as argument: %q, %v", got, err)
	}
	rows, err := f.db.QueryContext(mine, `SELECT id::varchar(7) FROM note; SELECT 5`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	types, err := rows.ColumnTypes()
	if err != nil {
		t.Fatal(err)
	}
	if length, ok := types[0].Length(); types[0].DatabaseTypeName() != "VARCHAR" || !ok || length != 7 {
		t.Errorf("column is %s(%d)", types[0].DatabaseTypeName(), length)
	}
	for rows.Next() {
	}
	if !rows.NextResultSet() {
		t.Fatal("no second result:", rows.Err())
	}
	var five int
	if !rows.Next() || rows.Scan(&five) != nil || five != 5 {
		t.Errorf("second result is %d, want 5", five)
	}
}
