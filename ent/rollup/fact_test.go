package rollup_test

import (
	"context"
	"database/sql"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
)

// differences are the sums that are not what the records say, as the database finds.
func (s *storm) differences() (out []rollup.Difference) {
	s.Helper()
	if err := rollup.Verify(s.job, s.pool, func(d rollup.Difference) error { out = append(out, d); return nil }); err != nil {
		s.Fatal(err)
	}
	return out
}

func (s *storm) right(when string) {
	s.Helper()
	for i, d := range s.differences() {
		if i == 20 {
			break
		}
		s.Errorf("%s: %+v", when, d)
	}
}

// fold folds all there is.
func (s *storm) fold() int {
	s.Helper()
	n, err := rollup.Fold(s.job, s.pool)
	if err != nil {
		s.Fatal(err)
	}
	return n
}

// beside does something again and again while the work is done, and answers how often.
func beside(work func(), do func()) (times int) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				do()
				times++
			}
		}
	})
	work()
	close(done)
	wg.Wait()
	return times
}

// pending is how many changes are not folded yet.
func (s *storm) pending() (n int) {
	s.Helper()
	if err := s.owner.QueryRowContext(s.Context(), `SELECT count(*) FROM fact_delta`).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

// plainly compares every measure that is kept of every division of a county and above, for every month, quarter and year, with what a recount in Go of
// all rows says. It answers how many numbers other than 0 there were, by measure.
func (s *storm) plainly() map[string]int {
	s.Helper()
	tx, err := s.owner.BeginTx(s.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	r := s.records(tx)
	kept, measures := s.keptSums(tx)
	equal := map[string]int{}
	wrong := 0
	for _, at := range s.spots {
		if at.level.Depth() > place.LevelCounty.Depth() {
			continue
		}
		for _, span := range spansOfStorm() {
			want := r.sum(int64(at.code), span)
			for _, measure := range measures {
				got := kept.of(int64(at.code), span, measure)
				met := equal[measure]
				if got != 0 {
					met++
				}
				equal[measure] = met // an entry also when nothing was met
				if got != want[measure] {
					if wrong++; wrong <= 20 {
						s.Errorf("%s %d, %s from %s: %s is %d, counted %d", at.level, at.code, span.name, span.first.Format(time.DateOnly), measure, got, want[measure])
					}
				}
				delete(want, measure)
			}
			for measure := range want {
				s.Fatalf("no sum of %s is kept", measure)
			}
		}
	}
	if got, want := s.keptByCategory(tx), r.byCategory(); !maps.Equal(got, want) || len(want) == 0 {
		s.Errorf("%d sums by category, counted %d", len(got), len(want))
		for key := range want {
			if got[key] != want[key] {
				s.Errorf("%s is %d, counted %d", key, got[key], want[key])
			}
		}
	}
	return equal
}

// After writers have changed records at once, corrected, deleted, moved and thought better of it, while others folded and rebuilt, every sum is
// exactly what there is; and at every moment meanwhile the sums with what was not folded yet were.
func TestSumsAfterAStorm(t *testing.T) {
	t.Parallel()
	turns := 150
	if testing.Short() {
		turns = 60
	}
	met := map[string]int{} // how many numbers other than 0 were compared, by measure
	for _, seed := range []uint64{1, 2} {
		s := newStorm(t, seed)
		var folded, looked, rebuilt int
		// One storm may be over before all of it has happened in its midst.
		for more := seed; folded < 10 || looked < 2 || rebuilt < 2; more += 1000 {
			folded += beside(func() {
				looked += beside(func() {
					rebuilt += beside(func() { s.rage(more, 6, turns) }, func() {
						if _, err := rollup.Rebuild(s.job, s.pool); err != nil {
							s.Error(err)
						}
						time.Sleep(300 * time.Millisecond)
					})
				}, func() { s.right("during the storm") })
			}, func() { s.fold(); time.Sleep(5 * time.Millisecond) })
		}
		s.rage(seed+100, 3, 20) // what is not folded
		t.Logf("seed %d: %d transactions, refused %v; %d times folded, %d times verified, %d times rebuilt; %d changes left to fold",
			seed, s.written, s.refused, folded, looked, rebuilt, s.pending())
		if s.pending() == 0 {
			t.Error("nothing is left to fold")
		}
		s.right("before the last folding")
		s.fold()
		if n := s.pending(); n != 0 {
			t.Errorf("%d changes are not folded", n)
		}
		s.right("after the last folding")
		for measure, n := range s.plainly() {
			met[measure] += n
		}
	}
	for measure, n := range met {
		// Nothing makes suggestions yet.
		if made := !strings.HasPrefix(measure, "suggestions_"); made && n < 5 {
			t.Errorf("%s: only %d numbers other than 0 were compared", measure, n)
		}
	}
}

// A sum that is wrong is found whatever is wrong with it, and rebuilt, also while others write and fold.
func TestWrongSumsAreFoundAndRebuilt(t *testing.T) {
	t.Parallel()
	s := newStorm(t, 3)
	s.rage(3, 4, 60)
	s.fold()
	s.rage(4, 2, 10)
	s.right("at first")
	const total = ` WHERE code = 0 AND span = 'TOTAL'`
	for _, harm := range []struct{ name, query string }{
		{"a sum is changed", `UPDATE fact SET activities = activities + 1` + total},
		{"a sum of a quarter", `UPDATE fact SET deputies_attended = deputies_attended - 1 WHERE span = 'QUARTER'`},
		{"a row is lost", `DELETE FROM fact` + total},
		{"a row is too many", `INSERT INTO fact (code, span, starts, lectures) VALUES (410000000000, 'YEAR', '2031-01-01', 2)`},
		{"what is to fold is lost", `DELETE FROM fact_delta`},
		{"what is to fold is doubled", `INSERT INTO fact_delta SELECT * FROM fact_delta`},
		{"records change unseen", `ALTER TABLE visit_day DISABLE TRIGGER USER;
			UPDATE visit_day SET state = CASE state WHEN 'HELD' THEN 'MISSED' ELSE 'HELD' END WHERE state <> 'CANCELLED';
			ALTER TABLE visit_day ENABLE TRIGGER USER`},
	} {
		s.rage(5, 1, 20) // that there is something to fold
		if _, err := s.owner.ExecContext(t.Context(), harm.query); err != nil {
			t.Fatalf("%s: %v", harm.name, err)
		}
		if len(s.differences()) == 0 {
			t.Errorf("%s: not found", harm.name)
		}
		beside(func() { s.rage(6, 3, 15) }, func() { s.fold() })
		if len(s.differences()) == 0 {
			t.Errorf("%s: no longer found after more was written", harm.name)
		}
		beside(func() {
			if _, err := rollup.Rebuild(s.job, s.pool); err != nil {
				t.Errorf("%s: %v", harm.name, err)
			}
		}, func() { s.rage(rand.Uint64(), 2, 2); s.fold() })
		s.right(harm.name + ", rebuilt")
	}
	s.fold()
	s.plainly()
}

// Who takes turns must see what the one before has left.
func TestPersonsAreCountedInReadCommittedOnly(t *testing.T) {
	t.Parallel()
	s := newStorm(t, 4)
	err := func() error {
		tx, err := s.owner.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		w := &writer{storm: s, Rand: rand.New(rand.NewPCG(4, 4)), tx: tx}
		return w.elect()
	}()
	if err == nil {
		t.Error("a person was counted on an old snapshot")
	}
	if _, err := rollup.Fold(context.Background(), s.pool); err == nil {
		t.Error("folded for nobody")
	}
}
