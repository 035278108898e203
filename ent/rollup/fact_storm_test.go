package rollup_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// storm is a database whose records many writers change at once, with every constraint and trigger in force.
type storm struct {
	*testing.T
	spots []*spot
	owner *sql.DB
	// pool works for the platform's own viewer, which job is a context of.
	pool *sql.DB
	job  context.Context //nolint:containedctx // of the test, as t.Context is

	deputies, organs, congresses, terms, figures []uuid.UUID
	scheme                                       uuid.UUID

	mu      sync.Mutex
	refused map[string]int // by the constraint that refused
	written int
}

// writer is one of those who change records: a connection and its luck.
type writer struct {
	*storm
	*rand.Rand
	tx *sql.Tx
}

// newStorm is a database with a random tree, persons, and nothing recorded of them.
func newStorm(t *testing.T, seed uint64) *storm {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 11))
	w := &world{}
	w.grow(r)
	database := pgtest.New(t)
	s := &storm{T: t, spots: w.real(), owner: database.Owner(t), refused: map[string]int{}}
	w.store(t, s.owner)
	var err error
	if s.pool, err = postgres.Open(database.AppURL, postgres.Options{MaxOpen: 4}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.pool.Close() })
	s.job = viewer.NewContext(t.Context(), viewer.SystemJob("test"))
	s.people(r)
	return s
}

// people puts in those whom records point to.
func (s *storm) people(r *rand.Rand) {
	s.Helper()
	ids := func(n int) (out []uuid.UUID) {
		for range n {
			out = append(out, randomID(r))
		}
		return out
	}
	s.deputies, s.organs, s.congresses, s.terms, s.scheme = ids(10), ids(3), ids(len(kind.CongressLevels)), ids(len(kind.CongressLevels)), randomID(r)
	for i := range 5 { // the four that count, and one that does not
		s.figures = append(s.figures, uuid.MustParse(fmt.Sprintf("01930000-0000-7000-8000-%012d", i+1)))
	}
	s.figures[4] = randomID(r)
	const common, now = `id, created_at, updated_at, code`, `now(), now(), 0`
	err := s.inTx(s.Context(), func(tx *sql.Tx) error {
		do := func(query string, args ...any) {
			s.Helper()
			if _, err := tx.ExecContext(s.Context(), query, args...); err != nil {
				s.Fatalf("%s: %v", query, err)
			}
		}
		// Deadlocks, which a storm has, are to be found soon.
		do(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''20ms''', current_database()); END $$`)
		do(`SET LOCAL session_replication_role = replica`)
		for _, id := range s.deputies {
			do(`INSERT INTO deputy (`+common+`, name, gender, birth_month) VALUES ($1, `+now+`, '钱乙', 'FEMALE', '1980-03-01')`, id)
		}
		for _, id := range s.organs {
			do(`INSERT INTO organ (`+common+`, kind, name, valid_from, division_id) VALUES ($1, `+now+`, 'DEPARTMENT', '民政局', '2020-01-01', $1)`, id)
		}
		for i, id := range s.congresses {
			do(`INSERT INTO congress (`+common+`, level, name, division_id) VALUES ($1, `+now+`, $2, '人民代表大会', $1)`, id, string(kind.CongressLevels[i]))
			do(`INSERT INTO term (`+common+`, number, starts_on, ends_on, congress_id) VALUES ($1, `+now+`, 18, '2021-01-01', '2027-01-01', $2)`, s.terms[i], id)
		}
		do(`INSERT INTO point_scheme (`+common+`, congress_id, level, name, edition, items, from_on)
			VALUES ($1, `+now+`, $2, 'COUNTY', '积分办法', 1, '[]', '2024-01-01')`, s.scheme, s.congresses[0])
		for i := range 3 {
			do(`INSERT INTO category (id, created_at, updated_at, number, name) VALUES ($1, now(), now(), $2, '环境')`, randomID(r), fmt.Sprintf("9%d", i))
		}
		do(`INSERT INTO key_figure SELECT (jsonb_populate_record(f, jsonb_build_object('id', $1::uuid, 'key', 'OTHER', 'name', '其他'))).*
			FROM key_figure f WHERE key = 'LECTURES'`, s.figures[4])
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
}

func (s *storm) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.owner.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// rage has writers change records at once, each so many times, and waits for them.
func (s *storm) rage(seed uint64, writers, turns int) {
	s.Helper()
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			w := &writer{storm: s, Rand: rand.New(rand.NewPCG(seed, uint64(100+i)))}
			for range turns {
				w.turn()
			}
		})
	}
	wg.Wait()
}

// errThinksBetterOfIt rolls a transaction back.
var errThinksBetterOfIt = errors.New("thinks better of it")

// turn is one transaction of a few changes. That others were first, or that a constraint refuses what luck came up with, is no failure.
func (w *writer) turn() {
	act := deeds[w.IntN(len(deeds))]
	err := w.inTx(w.Context(), func(tx *sql.Tx) error {
		w.tx = tx
		for {
			if err := act(w); err != nil {
				return err
			}
			switch w.IntN(10) {
			case 0:
				return errThinksBetterOfIt
			case 1, 2:
				act = deeds[w.IntN(len(deeds))]
			default:
				return nil
			}
		}
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	refusal, refused := errors.AsType[*pq.Error](err)
	switch {
	case err == nil:
		w.written++
	case errors.Is(err, errThinksBetterOfIt):
	case refused && (refusal.Code.Class() == "23" || refusal.Code == "40P01"):
		w.refused[refusal.Code.Name()+" "+refusal.Constraint]++
	default:
		w.Error(err)
	}
}

// do runs a statement of the writer's transaction.
func (w *writer) do(query string, args ...any) error {
	if _, err := w.tx.ExecContext(w.Context(), query, args...); err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	return nil
}

// any is a row of a table, or a new id when there is none.
func (w *writer) any(table string) uuid.UUID {
	id := randomID(w.Rand)
	row := w.tx.QueryRowContext(w.Context(), fmt.Sprintf(`SELECT id FROM %s ORDER BY md5(id::text || $1) LIMIT 1`, table), id)
	if err := row.Scan(&id); err != nil && !errors.Is(err, sql.ErrNoRows) {
		w.Errorf("%s: %v", table, err)
	}
	return id
}

// at is a place: often one of a few, so that places are met again.
func (w *writer) at() *spot {
	if w.IntN(2) == 0 {
		return w.spots[w.IntN(min(len(w.spots), 12))]
	}
	return w.spots[w.IntN(len(w.spots))]
}

// someday is a day of eight months around the end of a year, often the first or the last of its month.
func (w *writer) someday() time.Time {
	first := day("2024-10-01").AddDate(0, w.IntN(8), 0)
	switch w.IntN(3) {
	case 0:
		return first
	case 1:
		return first.AddDate(0, 1, -1)
	}
	return first.AddDate(0, 0, w.IntN(28))
}

// sometime is a moment of such a day in China, often the very first.
func (w *writer) sometime() time.Time {
	return shanghai(w.someday()).Add(time.Duration(w.IntN(2)*w.IntN(24*60)) * time.Minute)
}

// maybe is a value, or null.
func maybe[T any](w *writer, v T) any {
	if w.IntN(2) == 0 {
		return nil
	}
	return v
}

// codes are the columns of a place and their values.
var codeColumns = []string{"code", "province_code", "city_code", "county_code", "township_code"}

func codes(at *spot) []any {
	out := []any{int64(at.code)}
	for _, level := range place.Levels[1:5] {
		if a := at.ancestor(level); a != nil {
			out = append(out, int64(a.code))
		} else {
			out = append(out, nil)
		}
	}
	return out
}

// insert puts rows into a table by one statement, each at a place of its own, and answers their ids.
func (w *writer) insert(table string, columns []string, rows ...[]any) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	var tuples []string
	var args []any
	for _, row := range rows {
		id := randomID(w.Rand)
		ids = append(ids, id)
		marks := []string{"now()", "now()"}
		for _, v := range append(append([]any{id}, codes(w.at())...), row...) {
			args = append(args, v)
			marks = append(marks, fmt.Sprintf("$%d", len(args)))
		}
		tuples = append(tuples, "("+strings.Join(marks, ", ")+")")
	}
	names := append(append([]string{"created_at", "updated_at", "id"}, codeColumns...), columns...)
	return ids, w.do(fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", table, strings.Join(names, ", "), strings.Join(tuples, ", ")), args...)
}
