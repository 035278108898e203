// Command bench measures the platform against the same answers written by hand.
//
//	go run ./tools/bench --scale county                     load a county into the embedded PostgreSQL and measure on it
//	go run ./tools/bench --database-url URL --json r.json   measure on a database that holds data already
//	go run ./tools/bench report county.json nation.json     write docs/performance.md and its plots
//
// Each case is measured in one run that takes turns, so that whatever else the machine does hits all alike: A the API over HTTP, B a handler of
// net/http and lib/pq written by hand that gives the same JSON under the same row-level security, C the SQL of B alone. The answers of A and B are
// compared before anything is measured. Server and handler run in this process, on loopback, as server/main runs the one.
//
// What is written meanwhile is taken back, but for lines of the audit and codes of stations that had none: give it a database of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/lianluo/lianluo/server/seed"
)

// commands are the command line; kong reads the tags.
type commands struct {
	Run    runFlags    `cmd:"" default:"withargs" help:"Measure (the default)."`
	Report reportFlags `cmd:"" help:"Write docs/performance.md and its plots from the results of runs."`
}

// runFlags say what is measured on.
type runFlags struct {
	DatabaseURL    string        `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"Owner's URL of the PostgreSQL to measure on. Default: the embedded one of the data directory."`
	AppDatabaseURL string        `name:"app-database-url" env:"LIANLUO_APP_DATABASE_URL" placeholder:"URL" help:"With --database-url: URL of the login that owns nothing. Default: the same, as lianluo_app, without a password."`
	DataDir        string        `default:".bench" placeholder:"DIR" help:"Data directory of the embedded PostgreSQL and of the keys (${default})."`
	Scale          seed.Scale    `placeholder:"SIZE" help:"Size of the data: ${scales}. A database that holds none is loaded with it."`
	Cases          []string      `placeholder:"NAME" help:"Only cases whose names begin so."`
	Duration       time.Duration `default:"6s" help:"Longest time a case is measured, half of it one request at a time and half of it many, 200ms to 5m (${default})."`
	Count          int           `default:"20000" help:"Most requests of each way in each half (${default})."`
	Concurrency    int           `default:"4" help:"Requests under way at a time in the second half, 1 to 64 (${default})."`
	JSON           string        `name:"json" placeholder:"FILE" help:"Write the results to this file too."`
	Note           string        `help:"What a reader of the results should know, such as what else the machine did."`
}

// usageError is a mistake in the command line, as opposed to a failure in carrying it out.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench: error:", err)
		os.Exit(exitCode(err))
	}
}

// exitCode is 2 for a mistake in the command line and 1 for a failure.
func exitCode(err error) int {
	if errors.As(err, new(usageError)) {
		return 2
	}
	return 1
}

// run writes results to stdout and progress to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c, what, err := parse(args, stdout, stderr)
	if err != nil {
		return usageError{err}
	}
	switch what {
	case "run":
		return c.Run.bench(ctx, stdout, stderr)
	case "report <results>":
		return c.Report.write(stdout)
	}
	return nil // --help was asked for and answered
}

// parse reads the command line and tells which command it names; none when --help was asked for and answered.
func parse(args []string, stdout, stderr io.Writer) (c commands, what string, err error) {
	var scales []string
	for _, s := range seed.Scales {
		scales = append(scales, string(s))
	}
	helped := false
	parser, err := kong.New(&c,
		kong.Name("bench"),
		kong.Description("Measure the API against the same answers written by hand, and report how cost grows with the data."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }), // --help would end the process
		kong.Vars{"scales": strings.Join(scales, ", ")},
	)
	if err != nil {
		return commands{}, "", err
	}
	parsed, err := parser.Parse(args)
	switch {
	case helped:
		return c, "", nil
	case err != nil:
		return c, "", err
	case parsed.Command() == "run":
		return c, "run", c.Run.check()
	}
	return c, parsed.Command(), nil
}

func (f *runFlags) check() error {
	var errs []error
	if f.Scale != "" && !known(f.Scale) {
		errs = append(errs, fmt.Errorf("--scale: no such size: %q", f.Scale))
	}
	if f.Duration < 200*time.Millisecond || f.Duration > 5*time.Minute {
		errs = append(errs, errors.New("--duration must be 200ms to 5m"))
	}
	if f.Count < 1 || f.Count > 1_000_000 {
		errs = append(errs, errors.New("--count must be 1 to 1000000"))
	}
	if f.Concurrency < 1 || f.Concurrency > 64 {
		errs = append(errs, errors.New("--concurrency must be 1 to 64"))
	}
	if f.AppDatabaseURL != "" && f.DatabaseURL == "" {
		errs = append(errs, errors.New("--app-database-url needs --database-url"))
	}
	return errors.Join(errs...)
}

func known(s seed.Scale) bool {
	for _, k := range seed.Scales {
		if s == k {
			return true
		}
	}
	return false
}
