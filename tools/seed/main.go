// Command seed fills a database with invented data.
//
//	go run ./tools/seed --demo             load the demonstration anew: what was changed since is undone
//	go run ./tools/seed --scale province   load the data of a county, a province or the nation, for measuring
//
// It works on the embedded PostgreSQL of the data directory, running or not, or on the one of DATABASE_URL, and brings
// that up to date first: migrations and the tree of divisions. Progress goes to standard error.
package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/lianluo/lianluo/migrations"
	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/seed"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// flags are the command line; kong reads the tags.
type flags struct {
	Demo        bool       `xor:"what" required:"" help:"Load the demonstration anew (演示数据)."`
	Scale       seed.Scale `xor:"what" required:"" placeholder:"SIZE" help:"Load data of the size of a ${scales}, for measuring."`
	Force       bool       `help:"Delete what the database holds, whatever it is, except the divisions and the audit. Without it only the demonstration is replaced, by itself."`
	DatabaseURL string     `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"Owner's URL of the PostgreSQL to fill. Default: the embedded one of the data directory."`
	DataDir     string     `default:".data" env:"LIANLUO_DATA_DIR" placeholder:"DIR" help:"Data directory of the server (${default}); the passwords of the accounts come from its secret."`
}

// usageError is a mistake in the command line, as opposed to a failure in carrying it out.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "seed: error:", err)
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

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f, helped, err := parse(args, stdout, stderr)
	if err != nil {
		return usageError{err}
	}
	if helped {
		return nil
	}
	secret, passwords, err := f.passwords()
	if err != nil {
		return err
	}
	p := &progress{out: stderr, clock: time.Now}
	options := seed.Options{
		Progress: p.report,
		Passwords: func(username string) (string, error) {
			return passwords.Hash(ctx, secret.Password(seed.PasswordPurpose(username)))
		},
		Replace: f.Force,
	}
	return onDatabase(ctx, f, stderr, func(db *sql.DB) error {
		if err := prepare(ctx, db, p); err != nil {
			return err
		}
		if err := fill(ctx, db, f, options, stdout); err != nil || !f.Demo {
			return err
		}
		return accounts(stdout, secret)
	})
}

// fill does what the flags say in a database that is up to date.
func fill(ctx context.Context, db *sql.DB, f flags, o seed.Options, stdout io.Writer) error {
	var err error
	if f.Demo {
		err = seed.Reload(ctx, db, o)
	} else {
		err = seed.Load(ctx, db, f.Scale, o)
	}
	if errors.Is(err, seed.ErrOccupied) {
		return fmt.Errorf("%w; --force deletes it", err)
	}
	if err != nil {
		return err
	}
	return summary(ctx, db, stdout)
}

// parse reads the command line; helped tells that --help was asked for and answered.
func parse(args []string, stdout, stderr io.Writer) (f flags, helped bool, err error) {
	var scales []string
	for _, s := range seed.Scales {
		scales = append(scales, string(s))
	}
	parser, err := kong.New(&f,
		kong.Name("seed"),
		kong.Description("Fill a database with invented data: the demonstration, or a load for measuring."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }), // --help would end the process
		kong.Vars{"scales": strings.Join(scales, ", ")},
	)
	if err != nil {
		return flags{}, false, err
	}
	if _, err = parser.Parse(args); helped {
		return f, true, nil // what else is missing does not matter
	}
	if err != nil {
		return f, false, err
	}
	if !f.Demo && !known(f.Scale) {
		return f, false, fmt.Errorf("--scale must be one of %s, not %q", strings.Join(scales, ", "), f.Scale)
	}
	return f, false, nil
}

func known(s seed.Scale) bool {
	for _, k := range seed.Scales {
		if s == k {
			return true
		}
	}
	return false
}

// passwords are what the server of the data directory makes the accounts' passwords with.
func (f flags) passwords() (auth.Secret, *auth.Passwords, error) {
	secret, err := auth.LoadOrCreateSecret(f.DataDir, rand.Reader)
	if err != nil {
		return auth.Secret{}, nil, err
	}
	passwords, err := auth.NewPasswords(auth.DefaultPasswordParams(), 1, rand.Reader)
	return secret, passwords, err
}

// gcPercent lets the heap grow further between collections: a load lives on a large tree and makes little garbage that stays.
const gcPercent = 200

// prepare brings the database up to date.
func prepare(ctx context.Context, db *sql.DB, p *progress) error {
	debug.SetGCPercent(gcPercent)
	if err := migrations.Up(ctx, db, nil); err != nil {
		return err
	}
	_, err := divisions.Ensure(ctx, db, func(done, total int) { p.report("loading divisions (行政区划)", done, total) })
	return err
}

// summary writes what the database holds now.
func summary(ctx context.Context, db *sql.DB, out io.Writer) error {
	var stations, deputies, mandates, postings, activities, attendances, opinions int
	err := db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM station WHERE closed_on IS NULL), (SELECT count(*) FROM deputy),
		(SELECT count(*) FROM mandate WHERE status <> 'ENDED'), (SELECT count(*) FROM posting WHERE ended_on IS NULL),
		(SELECT count(*) FROM activity), (SELECT count(*) FROM attendance), (SELECT count(*) FROM opinion)`).
		Scan(&stations, &deputies, &mandates, &postings, &activities, &attendances, &opinions)
	if err != nil {
		return fmt.Errorf("count what was stored: %w", err)
	}
	_, err = fmt.Fprintf(out, "%d stations, %d deputies with %d mandates on the roll, %d postings; %d activities with %d attendances; %d opinions\n",
		stations, deputies, mandates, postings, activities, attendances, opinions)
	return err
}

// accounts lists the demonstration accounts and their passwords.
func accounts(out io.Writer, secret auth.Secret) error {
	var b strings.Builder
	for _, a := range seed.Accounts() {
		fmt.Fprintf(&b, "%-16s  %s  %-15s  %s\n", a.Username, secret.Password(seed.PasswordPurpose(a.Username)), a.Role, a.About)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// every is how often a person is told of a step at least.
const every = 5 * time.Second

// progress tells a person how far a step is: each tenth, and every few seconds of a long one.
type progress struct {
	out   io.Writer
	clock func() time.Time
	step  string
	tenth int
	told  time.Time
}

func (p *progress) report(step string, done, total int) {
	if total <= 0 {
		return
	}
	if step != p.step {
		p.step, p.tenth, p.told = step, 0, p.clock()
	}
	tenth, now := done*10/total, p.clock()
	if tenth == p.tenth && now.Sub(p.told) < every {
		return
	}
	p.tenth, p.told = tenth, now
	_, _ = fmt.Fprintf(p.out, "%s: %d %% (%d of %d)\n", step, done*100/total, done, total)
}
