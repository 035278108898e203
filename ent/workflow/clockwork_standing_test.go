package workflow_test

import (
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/tally"
)

// standings are how the mandate stands by what is kept, and by the norms themselves.
func (h *dutyHouse) standings() (kept, counted tally.Counts) {
	h.Helper()
	err := h.owner.QueryRowContext(h.Context(), `SELECT coalesce(sum(met), 0), coalesce(sum(missing), 0) FROM norm_standing WHERE mandate_id = $1`,
		h.mandate).Scan(&kept.Met, &kept.Missing)
	if err != nil {
		h.Fatal(err)
	}
	mandates, err := h.client.Mandate.Query().Where(mandate.ID(h.mandate)).All(h.county())
	if err != nil {
		h.Fatal(err)
	}
	for _, year := range []int{now.Year() - 1, now.Year()} {
		checks, err := tally.Checks(h.county(), h.client, mandates, year, now)
		if err != nil {
			h.Fatal(err)
		}
		for _, c := range checks[h.mandate] {
			if c.To().Before(now) && (c.Standing == duty.Met || c.Standing == duty.Missing) {
				counted.Add(c.Standing)
			}
		}
	}
	return kept, counted
}

// TestStandings: how a mandate stands with periods that are over is kept once a day and whenever its evidence changes, goes with the mandate's place, and is in
// the sums.
func TestStandings(t *testing.T) {
	h := newDutyHouse(t)
	if _, err := h.desk.SetNorms(h.county(), h.norms("2025-01-01")); err != nil {
		t.Fatal(err)
	}
	h.worked(h.station, h.mandate, "2026-03-05", kind.WayReception)
	check := func(when string) tally.Counts {
		t.Helper()
		kept, counted := h.standings()
		if kept != counted || kept.Missing == 0 {
			t.Errorf("%s: %+v is kept, %+v counted", when, kept, counted)
		}
		if n := h.count(`fact_differences()`); n != 0 {
			t.Errorf("%s: %d sums are not what the records say", when, n)
		}
		return kept
	}
	if n, err := h.clockwork().KeepStandings(t.Context()); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	before := check("once a day")
	written := h.count(`norm_standing WHERE xmin::text::bigint > 0`)

	h.worked(h.station, h.mandate, "2026-04-01", kind.WayReception)
	if err := h.clockwork().Settle(t.Context(), h.deputy); err != nil {
		t.Fatal(err)
	}
	if after := check("when the evidence changes"); after.Met <= before.Met || after.Met+after.Missing != before.Met+before.Missing {
		t.Errorf("a deed more: %+v, before it %+v", after, before)
	}

	latest := func() (n int) {
		t.Helper()
		if err := h.owner.QueryRowContext(t.Context(), `SELECT max(xmin::text::bigint) FROM norm_standing`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	last := latest()
	if _, err := h.clockwork().KeepStandings(t.Context()); err != nil || latest() != last || h.count(`norm_standing`) != written {
		t.Errorf("what stands was written again: %v", err)
	}

	if _, err := h.owner.ExecContext(t.Context(), `UPDATE mandate SET code = 430121000000, township_code = NULL WHERE id = $1`, h.mandate); err != nil {
		t.Fatal(err)
	}
	check("grouped elsewhere")
	if n := h.count(`norm_standing WHERE mandate_id = $1 AND code <> 430121000000`, h.mandate); n != 0 {
		t.Errorf("%d standings stayed where the mandate was", n)
	}

	if _, err := h.owner.ExecContext(t.Context(), `DELETE FROM norm_set`); err != nil {
		t.Fatal(err)
	}
	if _, err := h.clockwork().KeepStandings(t.Context()); err != nil || h.count(`norm_standing`) != 0 {
		t.Errorf("norms that are gone leave standings: %v", err)
	}
	if n := h.count(`fact_differences()`); n != 0 {
		t.Errorf("%d sums are not what the records say", n)
	}
}

// TestStandingsOfMandateOnTheMove: a mandate that is grouped elsewhere while its standings are worked out has them there.
func TestStandingsOfMandateOnTheMove(t *testing.T) {
	h := newDutyHouse(t)
	if _, err := h.desk.SetNorms(h.county(), h.norms("2025-01-01")); err != nil {
		t.Fatal(err)
	}
	tx, err := h.owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), `UPDATE mandate SET code = 430121000000, township_code = NULL WHERE id = $1`, h.mandate); err != nil {
		t.Fatal(err)
	}
	kept := make(chan error, 1)
	go func() {
		_, err := h.clockwork().KeepStandings(t.Context())
		kept <- err
	}()
	for waiting := 0; waiting == 0 && len(kept) == 0; time.Sleep(10 * time.Millisecond) {
		waiting = h.count(`pg_locks WHERE NOT granted`)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-kept; err != nil {
		t.Fatal(err)
	}
	if all, astray := h.count(`norm_standing WHERE mandate_id = $1`, h.mandate),
		h.count(`norm_standing WHERE mandate_id = $1 AND code <> 430121000000`, h.mandate); all == 0 || astray != 0 {
		t.Errorf("%d of %d standings lie where the mandate was", astray, all)
	}
}
