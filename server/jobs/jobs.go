// Package jobs runs what the platform does by itself, on a queue in the database (river): what a step brings about, messages to
// citizens, the sweep for deadlines, the planning of visit days, and cleaning. Beside the queue it folds sums, each second, and seals the audit.
//
// The workers are thin: what is done and that it is done once is decided in ent/workflow (Clockwork). A job is put into the queue by the
// transaction that it follows from, so none is lost and none is there of what was taken back; its arguments are ids, nothing
// personal. Every statement is the platform's own viewer's: the pool follows the context's viewer, and river hands the context it is
// started with on to all it does.
//
// Room: server. It may import ent/workflow, ent/rollup, ent/audit, ent/viewer, ent/kind and server/gateway.
package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"

	"github.com/lianluo/lianluo/ent/audit"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/gateway"
)

// What Options leave open.
const (
	defaultSweepEvery  = time.Minute
	defaultPlanEvery   = 24 * time.Hour
	defaultRotaEvery   = time.Hour
	defaultStandEvery  = 24 * time.Hour
	defaultCleanEvery  = 24 * time.Hour
	defaultPollEvery   = time.Second
	defaultFoldEvery   = time.Second
	defaultSealEvery   = 5 * time.Second
	defaultRescueAfter = 2 * time.Minute
)

// Bounds of the work.
const (
	// jobTimeout bounds a job; a longer one is cut off and tried again.
	jobTimeout = time.Minute
	// cleanTimeout bounds the cleaning, which may have much to do the first time.
	cleanTimeout = 30 * time.Minute
	// planTimeout bounds the planning of visit days, for every station that has rules, and the look at how every deputy stands with norms.
	planTimeout = 30 * time.Minute
	// workers of each queue run at once on one server.
	workers = 4
	// Jobs that are done are of no more interest; those given up are kept for whoever looks into them.
	keepCompleted = time.Hour
	keepDiscarded = 30 * 24 * time.Hour
	// hardStop is how long jobs that were cut off may take to return, or half of the time there is to stop.
	hardStop = 3 * time.Second
)

// Connections is how many connections the jobs of one server can make use of at once: one a worker, one to fold sums, one to seal the
// audit, and some for the queue itself.
const Connections = 2*workers + 2 + 4

// Options are what a Runner works with. Log and Clockwork must be given.
type Options struct {
	Log       *slog.Logger
	Clockwork *workflow.Clockwork
	// Gateway takes messages to citizens. Without one those that wait are tried in vain, and given up in the end.
	Gateway gateway.Gateway
	// Remove deletes files of uploads that nobody attached; nil leaves cleaning out.
	Remove workflow.Remove
	// Anchor keeps the heads of the audit's chain outside the database; nil leaves sealing out.
	Anchor audit.Anchor

	// SweepEvery is how often cases are looked through whose day has come; every minute if zero. At least a second.
	SweepEvery time.Duration
	// PlanEvery is how often visit days are planned ahead; daily if zero. At least a second.
	PlanEvery time.Duration
	// RotaEvery is how often visit days are brought up to the calendar and the roster; every hour if zero. At least a second.
	RotaEvery time.Duration
	// StandEvery is how often it is worked out how deputies stand with the norms; daily if zero. At least a second.
	StandEvery time.Duration
	// CleanEvery is how often what is over is removed; daily if zero. At least a second.
	CleanEvery time.Duration
	// FoldEvery is how often what was written is added to the sums that are kept; every second if zero.
	FoldEvery time.Duration
	// SealEvery is how often lines of the audit are sealed; every five seconds if zero.
	SealEvery time.Duration
	// PollEvery is how often each queue is asked for new jobs; every second if zero.
	PollEvery time.Duration
	// RescueAfter is when a job whose server has died is taken up by another; after two minutes if zero. It may not be shorter than a job may take.
	RescueAfter time.Duration

	// quick leaves out waits that spread the load of many servers, and lets jobs be cut off sooner: for tests.
	quick time.Duration
}

// Runner works the queue until it is stopped. Several, on several servers, share the work.
type Runner struct {
	client  *river.Client[*sql.Tx]
	tickers []*ticker
}

// New makes a Runner on a pool that follows the context's viewer. It does not start yet.
func New(pool *sql.DB, o Options) (*Runner, error) {
	o = o.withDefaults()
	timeout := jobTimeout
	if o.quick > 0 {
		timeout = o.quick
	}
	client, err := river.NewClient(riverdatabasesql.New(pool), &river.Config{
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: workers},
			queueMessages:      {MaxWorkers: workers},
		},
		Workers:                     o.workers(),
		PeriodicJobs:                o.periodic(),
		Logger:                      slog.New(quiet{o.Log.Handler()}),
		ErrorHandler:                reporter{o.Log},
		JobTimeout:                  timeout,
		RescueStuckJobsAfter:        o.RescueAfter,
		FetchPollInterval:           o.PollEvery,
		FetchCooldown:               min(o.PollEvery, river.FetchCooldownDefault),
		CompletedJobRetentionPeriod: keepCompleted,
		DiscardedJobRetentionPeriod: keepDiscarded,
		// The tables are not the jobs' own to reindex.
		ReindexerIndexNames: []string{},
		ReindexerSchedule:   river.NeverSchedule(),
		TestOnly:            o.quick > 0,
	})
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return &Runner{client, o.tickers(pool)}, nil
}

func (o Options) withDefaults() Options {
	orElse(&o.SweepEvery, defaultSweepEvery)
	orElse(&o.PlanEvery, defaultPlanEvery)
	orElse(&o.RotaEvery, defaultRotaEvery)
	orElse(&o.StandEvery, defaultStandEvery)
	orElse(&o.CleanEvery, defaultCleanEvery)
	orElse(&o.PollEvery, defaultPollEvery)
	orElse(&o.FoldEvery, defaultFoldEvery)
	orElse(&o.SealEvery, defaultSealEvery)
	orElse(&o.RescueAfter, defaultRescueAfter)
	return o
}

func orElse(d *time.Duration, otherwise time.Duration) {
	if *d == 0 {
		*d = otherwise
	}
}

// Start begins to work. The end of the context does not stop it: Stop does.
func (r *Runner) Start(ctx context.Context) error {
	ctx = viewer.NewContext(context.WithoutCancel(ctx), viewer.SystemJob("jobs"))
	if err := r.client.Start(ctx); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	for _, t := range r.tickers {
		t.start(ctx)
	}
	return nil
}

// Stop takes no more jobs and waits for those at work. Shortly before the context's deadline they are cut off; they are taken back and tried again
// later. It returns an error when even that did not end in time.
func (r *Runner) Stop(ctx context.Context) error {
	for _, t := range r.tickers {
		t.stop()
	}
	soft := ctx
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		left := time.Until(deadline)
		soft, cancel = context.WithTimeout(ctx, max(left-hardStop, left/2))
		defer cancel()
	}
	err := r.client.Stop(soft)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = r.client.StopAndCancel(ctx)
	}
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	return nil
}
