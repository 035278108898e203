// Package app puts the server together and runs it: the database, the routes and what every request goes
// through, from start to a graceful stop.
//
// It is the top of the server's room: it may import everything of server, graph and ent, and only main
// imports it. The parts of the running server are started in order and stopped in reverse (lifecycle);
// /healthz and /readyz tell how it is (health); logging, security headers, cross-origin rules and
// compression wrap the routes (middleware).
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// component is one part of the running server: a database, the listener, a job runner.
type component struct {
	name string
	// start makes the part ready, or returns an error and leaves nothing behind. Its context ends when the
	// server is to stop; what lives on after start must not hang on it, or requests under way are cut off.
	start func(ctx context.Context) error
	// stop ends the part and returns when it has ended, or soon after its context has. It may be nil.
	stop func(ctx context.Context) error
}

// stopGrace is how long a part may still take to return after its time to stop is over.
const stopGrace = time.Second

// errStopTimeout is the error of a part that did not return from stop.
var errStopTimeout = errors.New("did not stop in time and was left behind")

// runComponents starts the parts in order, waits until the context ends, and stops those that were started in
// reverse order, each within stopTimeout.
//
// The end of the context, as a signal brings it, is wanted and gives nil, also while the parts are starting; but a
// part that fails later ends it through withFailure, and that error is returned. Errors of stopping are joined.
func runComponents(ctx context.Context, log *slog.Logger, stopTimeout time.Duration, parts ...component) error {
	started, err := startComponents(ctx, log, parts)
	if err == nil {
		<-ctx.Done()
		if err = endedBy(ctx); err == nil {
			log.Info("stopping", "reason", context.Cause(ctx))
		}
	}
	// The context has ended or is about to be given up: stopping needs one of its own.
	return errors.Join(err, stopComponents(context.WithoutCancel(ctx), log, stopTimeout, started))
}

// startComponents returns the parts that were started, also when one failed.
func startComponents(ctx context.Context, log *slog.Logger, parts []component) ([]component, error) {
	for i, part := range parts {
		if ctx.Err() != nil {
			return parts[:i], endedBy(ctx)
		}
		begin := time.Now()
		if err := part.start(ctx); err != nil {
			if ctx.Err() != nil {
				log.Info("interrupted while starting", "part", part.name, "error", err)
				return parts[:i], endedBy(ctx)
			}
			return parts[:i], fmt.Errorf("start %s: %w", part.name, err)
		}
		log.Debug("started", "part", part.name, "took", time.Since(begin))
	}
	return parts, nil
}

func stopComponents(ctx context.Context, log *slog.Logger, timeout time.Duration, started []component) error {
	var errs []error
	for i := len(started) - 1; i >= 0; i-- {
		part := started[i]
		if part.stop == nil {
			continue
		}
		begin := time.Now()
		if err := stopComponent(ctx, timeout, part); err != nil {
			errs = append(errs, fmt.Errorf("stop %s: %w", part.name, err))
			continue
		}
		log.Debug("stopped", "part", part.name, "took", time.Since(begin))
	}
	return errors.Join(errs...)
}

// stopComponent does not let one part that hangs keep the others from being stopped.
func stopComponent(ctx context.Context, timeout time.Duration, part component) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- part.stop(ctx) }()
	overdue := time.NewTimer(timeout + stopGrace)
	defer overdue.Stop()
	select {
	case err := <-done:
		return err
	case <-overdue.C:
		return errStopTimeout
	}
}

// failure is the cause of a context that a part of the server has ended by failing. Other causes, such as a
// signal's, are a wanted end.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }

func (f *failure) Unwrap() error { return f.err }

// withFailure gives a context that fail ends with an error. A later failure changes nothing; call fail(nil)
// at last to release the context.
func withFailure(ctx context.Context) (_ context.Context, fail func(error)) {
	ctx, cancel := context.WithCancelCause(ctx)
	return ctx, func(err error) {
		if err != nil {
			err = &failure{err}
		}
		cancel(err)
	}
}

// endedBy is the failure that ended the context, nil when its end was wanted.
func endedBy(ctx context.Context) error {
	if f := (*failure)(nil); errors.As(context.Cause(ctx), &f) {
		return f.err
	}
	return nil
}
