package app_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// TestWorldTellsItself has the platform's jobs look at every case of the world, and draw the consequences of every step: what is put into tables by
// hand must be such as the platform makes, or tests with jobs would hang on it.
func TestWorldTellsItself(t *testing.T) {
	db := pgtest.New(t)
	server := apitest.On(t, db)
	apitest.NewWorld().Load(t, server.Owner)
	pool, err := postgres.Open(db.AppURL, postgres.Options{MaxOpen: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	clockwork := workflow.NewClockwork(postgres.Client(pool), workflow.ClockworkOptions{Messages: true})
	if moved, err := clockwork.KeepTime(t.Context()); err != nil || moved == 0 {
		t.Errorf("%d cases were moved: %v", moved, err)
	}
	rows, err := server.Owner.QueryContext(t.Context(), `SELECT id, step FROM opinion_event ORDER BY opinion_id, sequence`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id uuid.UUID
		var step string
		if err := rows.Scan(&id, &step); err != nil {
			t.Fatal(err)
		}
		if err := clockwork.Announce(t.Context(), id); err != nil {
			t.Errorf("%s: %v", step, err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
