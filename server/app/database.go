package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"path/filepath"
	"runtime/debug"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/migrations"
	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/config"
	"github.com/lianluo/lianluo/server/jobs"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/embedded"
	"github.com/lianluo/lianluo/server/seed"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// systemConns bounds the connections on which the platform itself looks up accounts, briefly and by key.
const systemConns = 4

// appRole is what the server signs in as to serve; it owns nothing.
const appRole = "lianluo_app"

// database is the part of the server that has PostgreSQL run, brings it up to date and opens it to serve.
type database struct {
	cfg       config.Config
	secret    auth.Secret
	passwords *auth.Passwords
	out       io.Writer
	log       *slog.Logger
	fail      func(error)

	cluster *embedded.Server
	// demo tells that the database holds the demonstration, with its accounts.
	demo bool
	// serving works for viewers, system for the platform itself, jobs for its jobs.
	serving, system, jobs *sql.DB
}

func (d *database) component() component {
	return component{name: "database", start: d.start, stop: d.stop}
}

func (d *database) start(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, d.stop(context.WithoutCancel(ctx)))
		}
	}()
	owner, app, err := d.addresses(ctx)
	if err != nil {
		return err
	}
	if err := d.prepare(ctx, owner, app); err != nil {
		return err
	}
	d.serving, err = postgres.Open(app, postgres.Options{MaxOpen: d.cfg.MaxConns})
	if err != nil {
		return err
	}
	d.system, err = postgres.Open(app, postgres.Options{MaxOpen: systemConns, ApplicationName: "lianluo-system"})
	if err != nil {
		return err
	}
	d.jobs, err = postgres.Open(app, postgres.Options{MaxOpen: jobs.Connections, ApplicationName: "lianluo-jobs"})
	if err != nil {
		return err
	}
	// What the first start read to load the tree is not needed any more.
	debug.FreeOSMemory()
	return d.current(ctx)
}

func (d *database) stop(ctx context.Context) error {
	var errs []error
	for _, pool := range []*sql.DB{d.serving, d.system, d.jobs} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	if d.cluster != nil {
		errs = append(errs, d.cluster.Stop(ctx))
	}
	return errors.Join(errs...)
}

// addresses has the embedded PostgreSQL run, unless another one was given, and tells the URLs to own and to serve with.
func (d *database) addresses(ctx context.Context) (owner, app string, err error) {
	password := d.secret.Password("role " + appRole)
	if !d.cfg.Embedded() {
		owner = string(d.cfg.DatabaseURL)
		if d.cfg.AppDatabaseURL != "" {
			return owner, string(d.cfg.AppDatabaseURL), nil
		}
		u, err := url.Parse(owner)
		if err != nil {
			return "", "", errors.New("database URL: malformed")
		}
		u.User = url.UserPassword(appRole, password)
		return owner, u.String(), nil
	}
	dir, err := filepath.Abs(d.cfg.DataDir)
	if err != nil {
		return "", "", err
	}
	d.cluster, err = embedded.Start(ctx, embedded.Config{DataDir: dir, Log: d.log})
	if err != nil {
		return "", "", err
	}
	go func() {
		if err := <-d.cluster.Exited(); err != nil {
			d.fail(fmt.Errorf("the embedded PostgreSQL ended: %w", err))
		}
	}()
	address := d.cluster.Address()
	if err := address.EnsureDatabase(ctx, postgres.EmbeddedDatabase); err != nil {
		return "", "", err
	}
	return address.URL(postgres.EmbeddedDatabase), address.UserURL(postgres.EmbeddedDatabase, appRole, password), nil
}

// prepare migrates, loads the tree and the demonstration, as the owner. Each step finds out by itself what is left of
// it to do, so that a start that was cut off is made good by the next.
func (d *database) prepare(ctx context.Context, url, app string) (err error) {
	owner, err := postgres.OpenOwner(url, postgres.Options{MaxOpen: 4})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, owner.Close()) }()
	if err := checkServer(ctx, owner); err != nil {
		return err
	}
	if err := migrations.Up(ctx, owner, func(m migrations.Migration) {
		d.log.InfoContext(ctx, "migrated", "version", m.Version, "name", m.Name)
	}); err != nil {
		return err
	}
	if d.cfg.AppDatabaseURL == "" {
		if err := d.admit(ctx, owner, app); err != nil {
			return err
		}
	}
	p := &progress{out: d.out}
	if _, err := divisions.Ensure(ctx, owner, p.of("loading 665,271 divisions (行政区划)")); err != nil {
		return err
	}
	if !d.cfg.Demo {
		return nil
	}
	err = seed.Demo(ctx, owner, seed.Options{
		Progress: p.report,
		Passwords: func(username string) (string, error) {
			return d.passwords.Hash(ctx, demoPassword(d.secret, username))
		},
	})
	if err != nil {
		return err
	}
	d.demo, err = seed.Present(ctx, owner)
	return err
}

// admit gives the role that serves its password, unless it has it. Servers that share a database but not a data directory
// would take it from each other: they are given --app-database-url.
func (d *database) admit(ctx context.Context, owner *sql.DB, app string) error {
	serving, err := postgres.OpenOwner(app, postgres.Options{MaxOpen: 1})
	if err != nil {
		return err
	}
	refused := serving.PingContext(ctx)
	if err := serving.Close(); refused == nil || err != nil {
		return err
	}
	_, err = owner.ExecContext(ctx, `ALTER ROLE `+appRole+` PASSWORD `+pq.QuoteLiteral(d.secret.Password("role "+appRole)))
	if err != nil {
		return fmt.Errorf("admit %s: %w", appRole, err)
	}
	return nil
}

// minServer is the oldest PostgreSQL whose b-trees serve what search needs (starts_with) and whose views can be
// bound to the asker's policies.
const minServer = 150000

func checkServer(ctx context.Context, owner *sql.DB) error {
	var version int
	var encoding string
	err := owner.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_encoding')`).
		Scan(&version, &encoding)
	switch {
	case err != nil:
		return fmt.Errorf("database: %w", err)
	case version < minServer:
		return fmt.Errorf("database: PostgreSQL 15 or newer is needed, this is %d", version/10000)
	case encoding != "UTF8":
		return fmt.Errorf("database: its encoding must be UTF8, not %s", encoding)
	}
	return nil
}

// current tells whether the database answers to the role that serves and has all migrations.
func (d *database) current(ctx context.Context) error {
	ctx = viewer.NewContext(ctx, viewer.SystemJob("readiness"))
	pending, err := migrations.Pending(ctx, d.system)
	if err != nil {
		return err
	}
	if pending > 0 {
		return fmt.Errorf("%d migrations are pending", pending)
	}
	return nil
}

// checks are what /readyz asks.
func (d *database) checks() []Check {
	return []Check{
		{Name: "database", Run: d.serving.PingContext},
		{Name: "migrations", Run: d.current},
	}
}

// progress tells a person how far a long step is, a line a tenth, so that it can also be read from a file.
type progress struct {
	out  io.Writer
	step string
	told int
}

func (p *progress) of(step string) func(done, total int) {
	return func(done, total int) { p.report(step, done, total) }
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
		_, _ = fmt.Fprintf(p.out, "%s … %d %%\n", step, tenth*10)
	}
}
