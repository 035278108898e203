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
	"github.com/lianluo/lianluo/server/gateway"
)

// queueMessages is the queue of messages, apart from the others so that a slow gateway holds nothing else up.
const queueMessages = "messages"

// The jobs, by their arguments. Those of steps and messages are put into the queue by the database (enqueue_step) and by ent/workflow.
type (
	stepArgs struct {
		Event uuid.UUID `json:"event"`
	}
	messageArgs struct {
		Message uuid.UUID `json:"message"`
	}
	deadlinesArgs struct{}
	cleanArgs     struct{}
)

// Kind names the job that draws the consequences of a step.
func (stepArgs) Kind() string { return "opinion_step" }

// Kind names the job that sends a message.
func (messageArgs) Kind() string { return "message" }

// Kind names the sweep for cases whose day has come.
func (deadlinesArgs) Kind() string { return "deadlines" }

// Kind names the removal of what is over.
func (cleanArgs) Kind() string { return "clean" }

// workers does the jobs.
func (o Options) workers() *river.Workers {
	w := river.NewWorkers()
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, job *river.Job[stepArgs]) error {
		return o.Clockwork.Announce(ctx, job.Args.Event)
	}))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, job *river.Job[messageArgs]) error {
		return o.Clockwork.SendMessage(ctx, job.Args.Message, job.Attempt >= job.MaxAttempts, o.send)
	}))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[deadlinesArgs]) error {
		moved, err := o.Clockwork.KeepTime(ctx)
		if moved > 0 {
			o.Log.InfoContext(ctx, "moved cases whose day has come", "cases", moved)
		}
		return err
	}))
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

// periodic are the jobs that come again and again: whichever server leads puts them into the queue, each once a period, whoever led before. They are
// not tried again when they fail: the next one is.
func (o Options) periodic() []*river.PeriodicJob {
	out := []*river.PeriodicJob{every(o.SweepEvery, deadlinesArgs{})}
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
