package seed_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/postgres"
)

// The platform's own clock has nothing to add to the timelines when they break off, and when it goes on, as in every server that is
// started later, it changes no figure: it marks what is overdue and goes on with what waits for an answer.
func TestClockLeavesTheFigures(t *testing.T) {
	d, owner := databaseAt(t, demoRoots...)
	demo(t, owner)
	db, err := postgres.Open(d.AppURL, postgres.Options{MaxOpen: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	sweep := func(at time.Time) int {
		c := workflow.NewClockwork(postgres.Client(db), workflow.ClockworkOptions{Clock: func() time.Time { return at }})
		moved, err := c.KeepTime(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return moved
	}
	const present = "2026-02-13T18:00:00+08:00"
	now, err := time.Parse(time.RFC3339, present)
	if err != nil {
		t.Fatal(err)
	}
	before := figuresOfOpinions(t, owner)
	if moved := sweep(now); moved != 0 {
		t.Errorf("%d cases had been left to themselves", moved)
	}
	moved := 0
	for range 5 { // more than a question, its end, a warning and a mark take
		now = now.AddDate(0, 2, 0)
		moved += sweep(now)
	}
	if moved == 0 {
		t.Error("no case was open")
	}
	if diff := cmp.Diff(before, figuresOfOpinions(t, owner)); diff != "" {
		t.Errorf("(-loaded +months later):\n%s", diff)
	}
	none(t, owner, "a step of the clock that ends something", `SELECT step FROM opinion_event
		WHERE occurred_at > '2026-02-14' AND step NOT IN ('AMBER', 'OVERDUE', 'RESUME')`)
}

// figuresOfOpinions are the sums over the opinions of each county that the accounts tell.
func figuresOfOpinions(t *testing.T, db *sql.DB) []string {
	t.Helper()
	return texts(t, db, `SELECT ROW(county_code, count(*), count(accepted_at), count(closed_at), count(*) FILTER (WHERE outcome = 'SOLVED'),
		count(*) FILTER (WHERE hardship AND outcome = 'SOLVED'))::text FROM opinion GROUP BY county_code ORDER BY 1`)
}
