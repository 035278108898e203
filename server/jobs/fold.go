package jobs

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"github.com/lianluo/lianluo/ent/rollup"
)

// folder adds to the sums that are kept what was written since, again and again. It is a plain ticker and no job of the queue, which would have a row
// to write and one to remove each second.
type folder struct {
	pool  *sql.DB
	log   *slog.Logger
	every time.Duration

	cancel context.CancelFunc
	done   chan struct{}
}

func (f *folder) start(ctx context.Context) {
	ctx, f.cancel = context.WithCancel(ctx)
	f.done = make(chan struct{})
	go f.run(ctx)
}

// stop takes back what is being folded, which the next server folds.
func (f *folder) stop() {
	if f.cancel != nil {
		f.cancel()
		<-f.done
	}
}

// run tells once that folding fails, and once that it does no longer: sums stay exact meanwhile, but take longer to read.
func (f *folder) run(ctx context.Context) {
	defer close(f.done)
	tick := time.NewTicker(f.every)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		switch _, err := rollup.Fold(ctx, f.pool); {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			failing = true
			f.log.ErrorContext(ctx, "sums are not folded; it is tried again and again", "error", err)
		case err == nil && failing:
			failing = false
			f.log.InfoContext(ctx, "sums are folded again")
		}
	}
}
