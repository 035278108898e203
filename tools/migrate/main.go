// Command migrate writes and applies the migrations of the database.
//
//	go run ./tools/migrate diff NAME   write the file that leads to ent/schema, worked out on a throw-away database
//	go run ./tools/migrate up          apply what is pending
//	go run ./tools/migrate status      list the files and when each was applied
//
// The server applies what is pending at each start; up is for those who want it done apart.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/lianluo/lianluo/migrations"
	"github.com/lianluo/lianluo/server/postgres/embedded"
	"github.com/lianluo/lianluo/server/postgres/operator"
)

// name is the command's own.
const name = "migrate"

type commands struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" help:"Owner's URL of the PostgreSQL to work on. Default: the embedded one of the data directory."`
	DataDir     string `default:".data" env:"LIANLUO_DATA_DIR" help:"Data directory of the embedded PostgreSQL. Default: ${default}."`

	Diff struct {
		Name string `arg:"" help:"What the migration does, in a word or two: add_visit_day."`
		Dir  string `default:"migrations" help:"Folder of the migrations. Default: ${default}."`
	} `cmd:"" help:"Write the migration that leads to ent/schema."`
	Up     struct{} `cmd:"" help:"Apply what is pending."`
	Status struct{} `cmd:"" help:"List the migrations and when each was applied."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "migrate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var c commands
	shown := false
	parser, err := kong.New(&c, kong.Name(name), kong.Description("Write and apply the migrations of the database."),
		kong.Writers(stdout, stderr), kong.Exit(func(int) { shown = true }))
	if err != nil {
		return err
	}
	chosen, err := parser.Parse(args)
	if shown {
		return nil
	}
	if err != nil {
		return err
	}
	if chosen.Selected().Name == "diff" {
		return onEmpty(ctx, func(db *sql.DB) error { return diff(ctx, db, c.Diff.Dir, c.Diff.Name, stdout) })
	}
	return operator.Database{Command: name, URL: c.DatabaseURL, DataDir: c.DataDir}.Do(ctx, func(db *sql.DB) error {
		if chosen.Selected().Name == "up" {
			return migrations.Up(ctx, db, func(m migrations.Migration) {
				_, _ = fmt.Fprintf(stdout, "applied %s_%s\n", m.Version, m.Name)
			})
		}
		return status(ctx, db, stdout)
	})
}

func status(ctx context.Context, db *sql.DB, out io.Writer) error {
	all, err := migrations.Status(ctx, db)
	if err != nil {
		return err
	}
	for _, m := range all {
		applied := "pending"
		if !m.AppliedAt.IsZero() {
			applied = m.AppliedAt.Format(time.RFC3339)
		}
		if _, err := fmt.Fprintf(out, "%s  %-20s %s\n", m.Version, m.Name, applied); err != nil {
			return err
		}
	}
	return nil
}

// onEmpty works on an empty database of a cluster that is thrown away afterwards.
func onEmpty(ctx context.Context, work func(*sql.DB) error) (err error) {
	dir, err := os.MkdirTemp("", "lianluo-migrate-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	defer func() { err = errors.Join(err, embedded.Remove(context.WithoutCancel(ctx), dir)) }()
	return operator.Database{Command: name}.OnEmbedded(ctx, embedded.Config{DataDir: dir, Disposable: true}, work)
}
