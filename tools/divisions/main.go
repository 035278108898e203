// Command divisions brings the tree of divisions (行政区划) up to a newer national table.
//
//	go run ./tools/divisions diff table.csv            show what the table changes, as changes of the tree
//	go run ./tools/divisions apply table.csv           show them, ask, and make them, each in a transaction of its own
//
// The table has the form of server/seed/divisions/data (code,level,name; also gzipped) and is read whole: a division that it lacks is taken for
// abolished. Codes, names and parents that changed are made events of the tree (更名, 变更代码, 划转, 撤销), with all that lies in the divisions;
// what is new is added. apply can be cut off and called again: it goes on with what is left. Splits and mergers cannot be told from a table:
// make those through the API first. What cannot be made, a division that goes to another level or gets the code of one that was merged, is told apart;
// apply does not begin while there is any, unless it is to leave that out.
package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// flags are the command line; kong reads the tags.
type flags struct {
	Diff struct {
		Table string `arg:"" help:"The newer table, as CSV."`
	} `cmd:"" help:"Show what a newer table changes."`
	Apply struct {
		Table    string `arg:"" help:"The newer table, as CSV."`
		Yes      bool   `help:"Do not ask."`
		Omit     bool   `help:"Leave out what cannot be made."`
		Day      string `placeholder:"DATE" help:"First day on which the tree is as in the table; default: today."`
		Document string `help:"The decision that the changes rest on (批准文号)."`
	} `cmd:"" help:"Make the changes."`
	DatabaseURL    string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"Owner's URL of the PostgreSQL, to which lianluo_app signs in with the password of the data directory's secret. Default: the embedded one of the data directory."`
	AppDatabaseURL string `name:"app-database-url" env:"LIANLUO_APP_DATABASE_URL" placeholder:"URL" help:"URL that the server works with, if it is not that."`
	DataDir        string `default:".data" env:"LIANLUO_DATA_DIR" placeholder:"DIR" help:"Data directory of the server (${default})."`
}

// usageError is a mistake in the command line, as opposed to a failure in carrying it out.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "divisions: error:", err)
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

// errLeft is returned when changes are left that could not be made.
var errLeft = errors.New("not all changes were made")

func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	var f flags
	helped := false
	parser, err := kong.New(&f, kong.Name("divisions"), kong.Description("Bring the tree of divisions up to a newer national table."),
		kong.Writers(stdout, stdout), kong.Exit(func(int) { helped = true }))
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if helped {
		return nil
	}
	if err != nil {
		return usageError{err}
	}
	applying := strings.HasPrefix(command.Command(), "apply")
	file := f.Diff.Table
	day := calendar.Today(time.Now())
	if applying {
		file = f.Apply.Table
		if f.Apply.Day != "" {
			if day, err = time.Parse(time.DateOnly, f.Apply.Day); err != nil {
				return usageError{fmt.Errorf("--day: %w", err)}
			}
		}
	}
	rows, err := readTable(file)
	if err != nil {
		return err
	}
	if ctx, err = operator(ctx); err != nil {
		return err
	}
	return onDatabase(ctx, f, func(db *sql.DB) error {
		stored, gone, err := readTree(ctx, db)
		if err != nil {
			return err
		}
		steps := refuse(compare(stored, rows), gone)
		if err := show(stdout, steps); err != nil || !applying || len(steps) == 0 {
			return err
		}
		all := len(steps)
		steps = slices.DeleteFunc(steps, func(s step) bool { return s.title() == titleRefused })
		if len(steps) < all && !f.Apply.Omit {
			return fmt.Errorf("%d of %d changes cannot be made; --omit leaves them out", all-len(steps), all)
		}
		if !f.Apply.Yes && !confirmed(stdin, stdout) {
			return errors.New("nothing was changed")
		}
		return apply(ctx, db, steps, day, f.Apply.Document, stdout)
	})
}

func readTable(name string) ([]divisions.Row, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, usageError{err}
	}
	defer func() { _ = file.Close() }() // it was only read
	return divisions.ParseFile(file)
}

// show lists the steps, one a line, and how many there are of each kind.
func show(out io.Writer, steps []step) error {
	counts := map[string]int{}
	for _, s := range steps {
		counts[s.title()]++
		if _, err := fmt.Fprintln(out, s); err != nil {
			return err
		}
	}
	if len(steps) == 0 {
		_, err := fmt.Fprintln(out, "区划与表一致 (the tree is as in the table)")
		return err
	}
	var parts []string
	for _, title := range titles {
		if counts[title] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", title, counts[title]))
		}
	}
	_, err := fmt.Fprintf(out, "共 %d 项:%s\n", len(steps), strings.Join(parts, ","))
	return err
}

func confirmed(in io.Reader, out io.Writer) bool {
	_, _ = fmt.Fprint(out, "确认执行 (make these changes)? [y/N] ")
	answer, _ := bufio.NewReader(in).ReadString('\n')
	return strings.EqualFold(strings.TrimSpace(answer), "y")
}
