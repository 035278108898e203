package seed

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/lib/pq"

	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// What is written comes back from the database as it was, whatever it holds.
func TestLinesComeBack(t *testing.T) {
	type row struct {
		text, some string
		n          int64
		f          float64
		yes        bool
		id         uuid.UUID
		day        time.Time
	}
	const when = "2025-07-01 01:02:03.004+00"
	moment := time.Date(2025, 7, 1, 9, 2, 3, 4_000_000, time.FixedZone("", 8*60*60))
	var want []row
	for _, text := range []string{`\N`, `NULL`, "tab\tnew\nline\r", `back\slash`, `\.`, `"'{},`, "长沙县", "\\\\t"} {
		want = append(want, row{text, text, -1, 113.08123, true, uuid.MustParse("0197c3f4-5e80-7000-8000-64656d6f0000"), date(2024, 2, 29)})
	}
	want = append(want, row{}) // an empty text, and nulls

	columns := []column[row]{
		text("text", func(r row) string { return r.text }),
		textOrNull("other", func(r row) string { return r.some }),
		number("n", func(r row) int64 { return r.n }),
		floatOrNull("f", func(r row) (float64, bool) { return r.f, r.f != 0 }),
		{"yes", func(l *lines, r row) { l.boolean(r.yes) }},
		ref("id", func(r row) uuid.UUID { return r.id }),
		day("day", func(r row) time.Time { return r.day }),
		{"at", func(l *lines, _ row) { l.moment(moment) }},
	}
	db := pgtest.Empty(t).Owner(t)
	if err := transact(t.Context(), db, func(s *session) error {
		if err := execute(t.Context(), s, `CREATE TABLE r (seq serial, text text, other text, n bigint, f double precision, yes boolean,
			id uuid, day date, at timestamptz)`); err != nil {
			return err
		}
		return writing(t.Context(), s, false, func(w *writer) error {
			put(w, table[row]{"r", columns}, want)
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(t.Context(), `SELECT text, coalesce(other, ''), other IS NULL, n, coalesce(f, 0), yes,
		coalesce(id, '00000000-0000-0000-0000-000000000000'), coalesce(day::text, ''), at::text FROM r ORDER BY seq`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for i := 0; rows.Next(); i++ {
		var r row
		var null bool
		var on, at string
		if err := rows.Scan(&r.text, &r.some, &null, &r.n, &r.f, &r.yes, &r.id, &on, &at); err != nil {
			t.Fatal(err)
		}
		if on != "" {
			r.day, _ = time.Parse(time.DateOnly, on)
		}
		if r != want[i] || null != (want[i].some == "") || at != when {
			t.Errorf("row %d is %+v at %s, want %+v", i, r, at, want[i])
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// An error of the database, such as a value that a constraint refuses, is told, and nothing more is written.
func TestWritingTellsErrors(t *testing.T) {
	db := pgtest.Empty(t).Owner(t)
	numbers := table[int]{"n", []column[int]{number("n", func(n int) int { return n })}}
	err := transact(t.Context(), db, func(s *session) error {
		if err := execute(t.Context(), s, `CREATE TABLE n (n bigint CHECK (n <> 7000))`); err != nil {
			return err
		}
		return writing(t.Context(), s, true, func(w *writer) error {
			var list []int
			for n := range 100_000 {
				list = append(list, n)
			}
			put(w, numbers, list)
			return nil
		})
	})
	if err == nil || !strings.Contains(err.Error(), "n_n_check") {
		t.Errorf("the error is %v", err)
	}
	if err := db.PingContext(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
