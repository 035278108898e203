// Command rollup checks the sums that are kept against the records, and makes them anew.
//
//	go run ./tools/rollup verify    list the sums that are not what the records say; the exit status is 1 if there are any
//	go run ./tools/rollup rebuild   count all sums from the records and keep those
//
// Both work on a database in use: nobody has to stop, no writer waits, and nothing that is written meanwhile is lost.
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

	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/server/postgres/operator"
)

// name is the command's own.
const name = "rollup"

type commands struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" help:"Owner's URL of the PostgreSQL to work on. Default: the embedded one of the data directory."`
	DataDir     string `default:".data" env:"LIANLUO_DATA_DIR" help:"Data directory of the embedded PostgreSQL. Default: ${default}."`

	Verify  struct{} `cmd:"" help:"List the sums that are not what the records say."`
	Rebuild struct{} `cmd:"" help:"Count all sums from the records and keep those."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "rollup:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var c commands
	shown := false
	parser, err := kong.New(&c, kong.Name(name), kong.Description("Check the sums that are kept against the records, and make them anew."),
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
	do := verify
	if chosen.Selected().Name == "rebuild" {
		do = rebuild
	}
	return operator.Database{Command: name, URL: c.DatabaseURL, DataDir: c.DataDir}.Do(ctx, func(db *sql.DB) error { return do(ctx, db, stdout) })
}

// errDiffer is that sums are not what the records say.
var errDiffer = errors.New("sums differ from the records; rebuild makes them right")

// verify writes a line for each sum that differs.
func verify(ctx context.Context, db *sql.DB, out io.Writer) error {
	differ := 0
	err := rollup.Verify(ctx, db, func(d rollup.Difference) error {
		differ++
		starts := "all months"
		if !d.Starts.IsZero() {
			starts = d.Starts.Format(time.DateOnly)
		}
		_, err := fmt.Fprintf(out, "%s  %-7s  %-10s  %-22s kept %d, counted %d\n", d.Division, d.Span, starts, d.Measure, d.Kept, d.Counted)
		return err
	})
	switch {
	case err != nil:
		return err
	case differ > 0:
		return fmt.Errorf("%d %w", differ, errDiffer)
	}
	_, err = fmt.Fprintln(out, "all sums are what the records say")
	return err
}

func rebuild(ctx context.Context, db *sql.DB, out io.Writer) error {
	began := time.Now()
	rows, err := rollup.Rebuild(ctx, db)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "counted %d rows of sums in %s\n", rows, time.Since(began).Round(time.Millisecond))
	return err
}
