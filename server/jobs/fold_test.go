package jobs_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/server/jobs"
)

// often makes a runner fold at every turn.
func often(o *jobs.Options) { o.FoldEvery = 5 * time.Millisecond }

// visitDays writes days of visits at the station, next year, by several writers at once.
func (s *station) visitDays(ctx context.Context, writers, each int) {
	s.Helper()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				_, err := s.owner.ExecContext(ctx, `
					INSERT INTO visit_day (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, code_then, station_id, day,
						begins_at, ends_at, state)
					SELECT $1, now(), now(), s.code, s.province_code, s.city_code, s.county_code, s.township_code, s.code, s.id, d, d + interval '1 hour',
						d + interval '3 hours', 'PLANNED'
					FROM station s, LATERAL (SELECT '2027-01-01'::date + $3::integer) AS t (d) WHERE s.id = $2`, uuid.New(), s.id, w*each+i)
				if err != nil {
					s.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// kept is what is folded of the visit days of a division in all months.
func (s *station) kept(division int64) (n int) {
	s.Helper()
	err := s.owner.QueryRowContext(s.Context(),
		`SELECT coalesce(sum(visit_days_planned), 0) FROM fact WHERE code = $1 AND span = 'TOTAL'`, division).Scan(&n)
	if err != nil {
		s.Fatal(err)
	}
	return n
}

// Several servers fold at once while others write: each change goes into the sums once. Without a server nothing is folded; the next one makes up for it.
func TestSumsAreFolded(t *testing.T) {
	s := newStation(t)
	const writers, each = 4, 50
	first := s.runner(often)
	second := s.runner(often)
	s.visitDays(t.Context(), writers, each)
	all := func(n int) func() bool {
		return func() bool { return s.count(`fact_delta`) == 0 && s.kept(0) == n }
	}
	s.until("all folded", all(writers*each))
	for _, division := range []int64{430121_000000, 430100_000000, 430000_000000} {
		if n := s.kept(division); n != writers*each {
			t.Errorf("%d: %d days are kept", division, n)
		}
	}
	if n := s.count(`fact_differences()`); n != 0 {
		t.Errorf("%d sums differ", n)
	}

	for _, r := range []*jobs.Runner{first, second} {
		if err := r.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.exec(`UPDATE visit_day SET state = 'CANCELLED' WHERE day < '2027-02-01'`)
	time.Sleep(50 * time.Millisecond)
	if n := s.count(`fact_delta`); n == 0 {
		t.Error("folded after the runners had stopped")
	}
	s.runner(often)
	s.until("made up for", all(writers*each-31))
	s.wellBehaved()
}

// While someone else folds, or counts all anew, a runner lets it be. Stop does not wait for that, and is no loss.
func TestFoldingIsLeftToOthers(t *testing.T) {
	s := newStation(t)
	other, err := s.owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Rollback() }()
	if _, err := other.ExecContext(t.Context(), `SELECT fold_facts(1)`); err != nil {
		t.Fatal(err)
	}
	r := s.runner(often)
	s.visitDays(t.Context(), 1, 3)
	time.Sleep(50 * time.Millisecond)
	if n := s.count(`fact_delta WHERE visit_days_planned > 0`); n != 3 {
		t.Errorf("%d changes wait to be folded", n)
	}
	if err := r.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if err := other.Commit(); err != nil {
		t.Fatal(err)
	}
	s.runner(often)
	s.until("folded", func() bool { return s.kept(0) == 3 })
	s.wellBehaved()
}

// A database that refuses is asked again and again, and the log tells so once.
func TestFoldingGoesOnAfterErrors(t *testing.T) {
	s := newStation(t)
	s.exec(`REVOKE EXECUTE ON FUNCTION fold_facts(integer) FROM lianluo_system`)
	s.visitDays(t.Context(), 1, 2)
	s.runner(often)
	const refused = `tried again and again" work="folding the sums"`
	s.until("a refusal", func() bool { return strings.Contains(s.log.String(), refused) })
	time.Sleep(50 * time.Millisecond)
	s.exec(`GRANT EXECUTE ON FUNCTION fold_facts(integer) TO lianluo_system`)
	s.until("folded", func() bool { return s.kept(0) == 2 })
	s.until("the log tells", func() bool { return strings.Contains(s.log.String(), `done again" work="folding the sums"`) })
	if n := strings.Count(s.log.String(), refused); n != 1 {
		t.Errorf("told %d times:\n%s", n, s.log)
	}
	s.wellBehaved()
}
