package app

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"

	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/anchor"
	"github.com/lianluo/lianluo/server/config"
	"github.com/lianluo/lianluo/server/gateway"
	"github.com/lianluo/lianluo/server/jobs"
	"github.com/lianluo/lianluo/server/pages"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/store"
)

// jobRunner is the part of the server that does what the platform does by itself.
type jobRunner struct {
	cfg   config.Config
	log   *slog.Logger
	store store.Store

	outbox *gateway.File // nil when no messages are sent
	runner *jobs.Runner
}

// component takes the pool when it is started: the database is a part of its own.
func (j *jobRunner) component(pool func() *sql.DB) component {
	return component{
		name:  "jobs",
		start: func(ctx context.Context) error { return j.start(ctx, pool()) },
		stop:  j.stop,
	}
}

func (j *jobRunner) start(ctx context.Context, pool *sql.DB) (err error) {
	o := jobs.Options{
		Log: j.log, Remove: j.store.Delete,
		Anchor: anchor.New(cmp.Or(j.cfg.AuditAnchor, filepath.Join(j.cfg.DataDir, anchor.FileName))),
	}
	clockwork := workflow.ClockworkOptions{}
	if j.cfg.PublicURL != "" {
		clockwork.StatusPage = j.cfg.PublicURL + pages.ReceiptPath
		clockwork.AppointmentPage = j.cfg.PublicURL + pages.AppointmentPath
	}
	if j.cfg.SMSGateway == "file" {
		if j.outbox, err = gateway.OpenFile(filepath.Join(j.cfg.DataDir, "outbox"), nil); err != nil {
			return err
		}
		o.Gateway, clockwork.Messages = j.outbox, true
	}
	o.Clockwork = workflow.NewClockwork(postgres.Client(pool), clockwork)
	if j.runner, err = jobs.New(pool, o); err == nil {
		err = j.runner.Start(ctx)
	}
	if err != nil {
		return errors.Join(err, j.close())
	}
	return nil
}

func (j *jobRunner) stop(ctx context.Context) error {
	return errors.Join(j.runner.Stop(ctx), j.close())
}

func (j *jobRunner) close() error {
	if j.outbox == nil {
		return nil
	}
	return j.outbox.Close()
}
