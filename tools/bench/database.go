package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/migrations"
	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/embedded"
	"github.com/lianluo/lianluo/server/postgres/operator"
	"github.com/lianluo/lianluo/server/seed"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// appRole is what the server signs in as; it owns nothing.
const appRole = "lianluo_app"

// onDatabase has the database there, up to date and filled, for the time of the work, which is told the URLs of its owner and of the login that serves.
func (f *runFlags) onDatabase(ctx context.Context, stderr io.Writer, work func(owner, app string) error) (err error) {
	owner, app := f.DatabaseURL, f.AppDatabaseURL
	switch {
	case owner == "":
		server, err := embedded.Start(ctx, embedded.Config{DataDir: f.DataDir})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, server.Stop(context.WithoutCancel(ctx))) }()
		if owner, app, err = f.embedded(ctx, server.Address()); err != nil {
			return err
		}
	case app == "":
		u, err := url.Parse(owner)
		if err != nil {
			return usageError{errors.New("--database-url: malformed")}
		}
		u.User = url.User(appRole)
		app = u.String()
	}
	if err := f.prepare(ctx, owner, stderr); err != nil {
		return err
	}
	if f.DatabaseURL == "" {
		if err := f.admit(ctx, owner); err != nil {
			return err
		}
	}
	return work(owner, app)
}

// embedded tells the URLs of the embedded database.
func (f *runFlags) embedded(ctx context.Context, at embedded.Address) (owner, app string, err error) {
	if err := at.EnsureDatabase(ctx, postgres.EmbeddedDatabase); err != nil {
		return "", "", err
	}
	password, err := f.password()
	return at.URL(postgres.EmbeddedDatabase), at.UserURL(postgres.EmbeddedDatabase, appRole, password), err
}

// password is the one that the server of the same data directory gives the login that serves.
func (f *runFlags) password() (string, error) {
	secret, err := auth.LoadOrCreateSecret(f.DataDir, nil)
	if err != nil {
		return "", err
	}
	return secret.Password("role " + appRole), nil
}

func (f *runFlags) admit(ctx context.Context, owner string) error {
	password, err := f.password()
	if err != nil {
		return err
	}
	return operator.Database{Command: "bench", URL: owner}.Do(ctx, func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, `ALTER ROLE `+appRole+` PASSWORD `+pq.QuoteLiteral(password))
		return err
	})
}

// prepare brings the database up to date and fills it if it holds nothing and a size is given.
func (f *runFlags) prepare(ctx context.Context, owner string, stderr io.Writer) error {
	p := &progress{out: stderr}
	return operator.Database{Command: "bench", URL: owner}.Do(ctx, func(db *sql.DB) error {
		if err := migrations.Up(ctx, db, nil); err != nil {
			return err
		}
		if _, err := divisions.Ensure(ctx, db, func(done, total int) { p.report("loading divisions", done, total) }); err != nil {
			return err
		}
		if f.Scale == "" {
			return nil
		}
		// No account of the load signs in here, so none gets a password that fits.
		none := func(string) (string, error) { return "!", nil }
		err := seed.Load(ctx, db, f.Scale, seed.Options{Progress: p.report, Passwords: none})
		if errors.Is(err, seed.ErrOccupied) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = db.ExecContext(ctx, `ANALYZE`)
		return err
	})
}

// progress tells a person how far a long step is, a line a tenth.
type progress struct {
	out  io.Writer
	step string
	told int
}

func (p *progress) report(step string, done, total int) {
	if step != p.step {
		p.step, p.told = step, -1
	}
	if total <= 0 {
		return
	}
	if tenth := done * 10 / total; tenth > p.told {
		p.told = tenth
		_, _ = fmt.Fprintf(p.out, "bench: %s: %d %%\n", step, tenth*10)
	}
}

// keysIn is where the keys of the tokens are kept.
func (f *runFlags) keysIn() (string, error) { return filepath.Abs(f.DataDir) }
