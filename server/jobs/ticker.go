package jobs

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"github.com/lianluo/lianluo/ent/audit"
	"github.com/lianluo/lianluo/ent/rollup"
)

// ticker does something again and again. It is no job of the queue, which would have a row to write and one to remove each time.
type ticker struct {
	log   *slog.Logger
	every time.Duration
	do    func(context.Context) error
	// work is what the log calls it.
	work string

	cancel context.CancelFunc
	done   chan struct{}
}

// tickers add to the sums that are kept what was written since, and seal the lines of the audit. Sums stay exact while they are not folded, but take longer
// to read; lines of the audit wait to be sealed.
func (o Options) tickers(pool *sql.DB) []*ticker {
	out := []*ticker{{
		log: o.Log, every: o.FoldEvery, work: "folding the sums",
		do: func(ctx context.Context) error {
			_, err := rollup.Fold(ctx, pool)
			return err
		},
	}}
	if o.Anchor != nil {
		sealer := audit.Sealer{DB: pool, Anchor: o.Anchor}
		out = append(out, &ticker{
			log: o.Log, every: o.SealEvery, work: "sealing the audit",
			do: func(ctx context.Context) error {
				_, err := sealer.Seal(ctx)
				return err
			},
		})
	}
	return out
}

func (t *ticker) start(ctx context.Context) {
	ctx, t.cancel = context.WithCancel(ctx)
	t.done = make(chan struct{})
	go t.run(ctx)
}

// stop takes back what is being done, which the next server does.
func (t *ticker) stop() {
	if t.cancel != nil {
		t.cancel()
		<-t.done
	}
}

// run tells once that it fails, and once that it does no longer.
func (t *ticker) run(ctx context.Context) {
	defer close(t.done)
	tick := time.NewTicker(t.every)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		switch err := t.do(ctx); {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			failing = true
			t.log.ErrorContext(ctx, "work fails and is tried again and again", "work", t.work, "error", err)
		case err == nil && failing:
			failing = false
			t.log.InfoContext(ctx, "work that failed is done again", "work", t.work)
		}
	}
}
