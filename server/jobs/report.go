package jobs

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// reporter tells the log of jobs that fail, by kind, number and what went wrong; their arguments are of no use to a reader.
type reporter struct{ log *slog.Logger }

// HandleError tells of a job that returned an error: a warning while it is tried again, an error when it is given up.
func (r reporter) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	r.report(ctx, job, "error", err)
	return nil
}

// HandlePanic tells of a job that panicked.
func (r reporter) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	r.report(ctx, job, "error", fmt.Sprint("panic: ", value), "trace", trace)
	return nil
}

func (r reporter) report(ctx context.Context, job *rivertype.JobRow, attrs ...any) {
	log := r.log.With("kind", job.Kind, "job", job.ID, "attempt", job.Attempt)
	if job.Attempt < job.MaxAttempts {
		log.WarnContext(ctx, "a job failed and is tried again", attrs...)
		return
	}
	log.ErrorContext(ctx, "a job failed and is given up", attrs...)
}

// quiet lets through what the queue says of itself from warnings on; what it says when all is well is for its own developers.
type quiet struct{ slog.Handler }

// Enabled tells whether a level is let through.
func (h quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// WithAttrs stays quiet.
func (h quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{h.Handler.WithAttrs(attrs)} }

// WithGroup stays quiet.
func (h quiet) WithGroup(name string) slog.Handler { return quiet{h.Handler.WithGroup(name)} }
