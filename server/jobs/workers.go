package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/gateway"
)

// queueMessages is the queue of messages, apart from the others so that a slow gateway holds nothing else up.
const queueMessages = "messages"

// The jobs, by their arguments. Those of steps and messages are put into the queue by the database (enqueue_step,
// enqueue_notice) and by ent/workflow.
type (
	stepArgs struct {
		Event uuid.UUID `json:"event"`
	}
	messageArgs struct {
		Message uuid.UUID `json:"message"`
	}
	noticeArgs struct {
		Notice kind.Notice `json:"notice"`
		Entity string      `json:"entity"`
		ID     uuid.UUID   `json:"id"`
		Cause  uuid.UUID   `json:"cause"`
		By     string      `json:"by"`
	}
	settlementArgs struct {
		Deputy uuid.UUID `json:"deputy"`
	}
	deadlinesArgs struct{}
	planArgs      struct{}
	rotaArgs      struct{}
	standArgs     struct{}
	cleanArgs     struct{}
)

// Kind names the job that draws the consequences of a step.
func (stepArgs) Kind() string { return "opinion_step" }

// Kind names the job that sends a message.
func (messageArgs) Kind() string { return "message" }

// Kind names the job that tells those concerned what happened.
func (noticeArgs) Kind() string { return "notice" }

// Kind names the job that brings a deputy's ledger of points up to its evidence.
func (settlementArgs) Kind() string { return "settlement" }

// Kind names the sweep for cases whose day has come.
func (deadlinesArgs) Kind() string { return "deadlines" }

// Kind names the planning of visit days.
func (planArgs) Kind() string { return "plan_visits" }

// Kind names what keeps visit days up to the calendar and the roster.
func (rotaArgs) Kind() string { return "keep_rota" }

// Kind names what works out how deputies stand with the norms.
func (standArgs) Kind() string { return "keep_standings" }

// Kind names the removal of what is over.
func (cleanArgs) Kind() string { return "clean" }

// workers does the jobs.
func (o Options) workers() *river.Workers {
	w := river.NewWorkers()
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, job *river.Job[stepArgs]) error {
		return o.Clockwork.Announce(ctx, job.Args.Event)
	}))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, job *river.Job[noticeArgs]) error {
		a := job.Args
		return o.Clockwork.Notify(ctx, workflow.Notice{What: a.Notice, Entity: a.Entity, ID: a.ID, Cause: a.Cause, By: a.By})
	}))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, job *river.Job[messageArgs]) error {
		return o.Clockwork.SendMessage(ctx, job.Args.Message, job.Attempt >= job.MaxAttempts, o.send)
	}))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, job *river.Job[settlementArgs]) error {
		return o.Clockwork.Settle(ctx, job.Args.Deputy)
	}))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[deadlinesArgs]) error {
		moved, err := o.Clockwork.KeepTime(ctx)
		if moved > 0 {
			o.Log.InfoContext(ctx, "moved cases whose day has come", "cases", moved)
		}
		gathered, failure := o.Clockwork.Gather(ctx)
		if gathered > 0 {
			o.Log.InfoContext(ctx, "took along what came too late for a change of the tree", "rows", gathered)
		}
		return errors.Join(err, failure)
	}))
	river.AddWorker(w, &planner{o: o})
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[rotaArgs]) error {
		kept, err := o.Clockwork.KeepRota(ctx)
		if kept != (workflow.Kept{}) {
			o.Log.InfoContext(ctx, "kept the rota", "missed", kept.Missed, "cancelled", kept.Cancelled, "released", kept.Released)
		}
		return err
	}))
	river.AddWorker(w, &stander{o: o})
	river.AddWorker(w, &cleaner{o: o})
	return w
}

var errNoGateway = errors.New("there is no gateway")

// send hands a message to the gateway. A panic of it becomes an error, which ent/workflow takes the number out of.
func (o Options) send(ctx context.Context, id uuid.UUID, channel kind.MessageChannel, to, text string) (err error) {
	if o.Gateway == nil {
		return errNoGateway
	}
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("the gateway panicked: %v\n%s", value, debug.Stack())
		}
	}()
	return o.Gateway.Send(ctx, gateway.Message{ID: id, Channel: channel, To: to, Text: text})
}

// cleaner removes what is over.
type cleaner struct {
	river.WorkerDefaults[cleanArgs]
	o Options
}

// Timeout bounds the cleaning.
func (*cleaner) Timeout(*river.Job[cleanArgs]) time.Duration { return cleanTimeout }

// Work removes what is over.
func (c *cleaner) Work(ctx context.Context, _ *river.Job[cleanArgs]) error {
	cleaned, err := c.o.Clockwork.Clean(ctx, c.o.Remove)
	for _, part := range cleaned {
		if part.Rows > 0 {
			c.o.Log.InfoContext(ctx, "removed what is over", "table", part.Table, "rows", part.Rows)
		}
	}
	return err
}

// planner plans visit days some time ahead.
type planner struct {
	river.WorkerDefaults[planArgs]
	o Options
}

// Timeout bounds the planning.
func (*planner) Timeout(*river.Job[planArgs]) time.Duration { return planTimeout }

// Work plans visit days some time ahead.
func (p *planner) Work(ctx context.Context, _ *river.Job[planArgs]) error {
	planned, err := p.o.Clockwork.PlanAhead(ctx)
	if planned > 0 {
		p.o.Log.InfoContext(ctx, "planned visit days", "days", planned)
	}
	return err
}

// stander works out how deputies stand with the norms.
type stander struct {
	river.WorkerDefaults[standArgs]
	o Options
}

// Timeout bounds the work.
func (*stander) Timeout(*river.Job[standArgs]) time.Duration { return planTimeout }

// Work works out how deputies stand with the norms.
func (s *stander) Work(ctx context.Context, _ *river.Job[standArgs]) error {
	_, err := s.o.Clockwork.KeepStandings(ctx)
	return err
}

// periodic are the jobs that come again and again: whichever server leads puts them into the queue, each once a period, whoever led before. They are
// not tried again when they fail: the next one is.
func (o Options) periodic() []*river.PeriodicJob {
	out := []*river.PeriodicJob{every(o.SweepEvery, deadlinesArgs{}), every(o.PlanEvery, planArgs{}), every(o.RotaEvery, rotaArgs{}), every(o.StandEvery, standArgs{})}
	if o.Remove != nil {
		out = append(out, every(o.CleanEvery, cleanArgs{}))
	}
	return out
}

func every(period time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(period), func() (river.JobArgs, *river.InsertOpts) {
		return args, &river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: period}}
	}, &river.PeriodicJobOpts{RunOnStart: true})
}
