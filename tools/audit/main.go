// Command audit checks the chain of the audit (审计链) against the lines of the audit and the heads in its anchor.
//
//	go run ./tools/audit verify --database-url URL --anchor FILE
//
// It names the first link that is broken, whoever broke it, and works on a database in use. The exit status, which go run turns to 1 unless it is 0, tells
// programs what it found:
//
//	0  the chain is whole and leads to the anchor's heads
//	1  it could not be checked
//	2  the command was not understood
//	3  the chain is broken, cut, or made anew
//	4  the anchor is missing, changed, or far behind the chain
//	5  lines wait to be sealed for longer than patience allows
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/lianluo/lianluo/ent/audit"
	"github.com/lianluo/lianluo/server/anchor"
	"github.com/lianluo/lianluo/server/postgres/operator"
)

// name is the command's own.
const name = "audit"

// The exit codes.
const (
	exitWhole = iota
	exitUnchecked
	exitUsage
	exitBroken
	exitAnchor
	exitWaiting
)

type commands struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" help:"Owner's URL of the PostgreSQL to work on. Default: the embedded one of the data directory."`
	DataDir     string `default:".data" env:"LIANLUO_DATA_DIR" help:"Data directory of the server. Default: ${default}."`
	Anchor      string `env:"LIANLUO_AUDIT_ANCHOR" placeholder:"FILE" help:"The file that has the heads of the chain, best a copy on another machine. Default: audit-anchor in the data directory."`

	Verify struct {
		Patience time.Duration `default:"10m" help:"How long a line may wait to be sealed, and a seal to be anchored. Default: ${default}."`
	} `cmd:"" help:"Name the first link of the chain that is broken."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program without the process; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c commands
	shown := false
	parser, err := kong.New(&c, kong.Name(name), kong.Description("Check the audit's chain."),
		kong.Writers(stdout, stderr), kong.Exit(func(int) { shown = true }))
	if err == nil {
		_, err = parser.Parse(args)
	}
	switch {
	case shown:
		return exitWhole
	case err != nil:
		_, _ = fmt.Fprintln(stderr, "audit:", err)
		return exitUsage
	}
	code := exitUnchecked
	err = operator.Database{Command: name, URL: c.DatabaseURL, DataDir: c.DataDir}.Do(ctx, func(db *sql.DB) (err error) {
		code, err = c.verify(ctx, db, stdout)
		return err
	})
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "audit:", err)
		return exitUnchecked
	}
	return code
}

// verify writes what it found and returns the exit code.
func (c *commands) verify(ctx context.Context, db *sql.DB, out io.Writer) (code int, err error) {
	path := c.Anchor
	if path == "" {
		path = filepath.Join(c.DataDir, anchor.FileName)
	}
	check := audit.Check{Patience: c.Verify.Patience}
	// The anchor is opened before the database is looked at: what is added to it meanwhile is not read.
	reader, err := anchor.Open(path)
	missing := errors.Is(err, fs.ErrNotExist)
	switch {
	case missing:
	case err != nil:
		return exitUnchecked, fmt.Errorf("anchor: %w", err)
	default:
		defer func() { err = errors.Join(err, reader.Close()) }()
		check.Heads = reader.Heads()
	}
	r, err := audit.Verify(ctx, db, check)
	if err != nil {
		return exitUnchecked, err
	}
	p := printer{out: out}
	p.line("%d links hold; %d of them are heads in the anchor", r.Checked, r.Anchored)
	p.line("%d lines wait to be sealed, the first for %s", r.Unsealed, r.Oldest)
	if r.Late > 0 {
		p.line("note: %d lines were sealed more than %s after they say that they were written, the first at position %d: the platform stood still, or their time is wrong",
			r.Late, check.Patience, r.FirstLate)
	}
	switch {
	case r.Chain != nil:
		code = exitBroken
		p.line("BROKEN %s", r.Chain)
	case missing:
		code = exitAnchor
		p.line("ANCHOR there is no file %s: a chain that was made anew would not be noticed", path)
	case r.Anchor != nil:
		code = exitAnchor
	case r.Unsealed > 0 && r.Oldest > check.Patience:
		code = exitWaiting
		p.line("WAITING lines are not sealed for longer than %s: does a server run?", check.Patience)
	default:
		p.line("the chain is whole up to position %d", r.Head.Position)
	}
	if r.Anchor != nil {
		p.line("ANCHOR %s", r.Anchor)
	}
	return code, p.err
}

// printer writes lines until one cannot be written.
type printer struct {
	out io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format+"\n", args...)
	}
}
