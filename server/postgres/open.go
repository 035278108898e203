package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	neturl "net/url"
	"strconv"
	"time"

	"github.com/lib/pq"
)

// What Options leave open.
const (
	defaultApplicationName  = "lianluo"
	defaultMaxOpen          = 20
	defaultLifetime         = 30 * time.Minute
	defaultIdleTime         = 5 * time.Minute
	defaultConnectTimeout   = 5 * time.Second
	defaultStatementTimeout = 30 * time.Second
	defaultIdleInTxTimeout  = 30 * time.Second
)

var errMalformedURL = errors.New("database URL: malformed; special characters of a password must be percent-encoded")

// Options say how a pool behaves. The zero value is ready for use.
//
// What the connection URL names itself (application_name, connect_timeout, statement_timeout and other settings of
// the session) wins over the options, so that an operator has the last word.
type Options struct {
	// ApplicationName is the name in pg_stat_activity and in the server's log; "lianluo" if empty.
	ApplicationName string
	// MaxOpen limits the connections, busy and idle together; 20 if zero. It may not be negative.
	MaxOpen int
	// Lifetime is the age at which a connection is replaced; 30 minutes if zero.
	Lifetime time.Duration
	// IdleTime is how long a connection may stand unused; 5 minutes if zero.
	IdleTime time.Duration
	// ConnectTimeout limits making one connection; 5 seconds if zero.
	ConnectTimeout time.Duration
	// StatementTimeout is the longest the database works on one statement; 30 seconds if zero, no limit if
	// negative. For OpenOwner zero is no limit: migrations may take long.
	StatementTimeout time.Duration
	// IdleInTransactionTimeout is how long a transaction may stand still before the database ends the
	// session; 30 seconds if zero, no limit if negative. For OpenOwner zero is no limit.
	IdleInTransactionTimeout time.Duration

	// Observe, unless nil, is called with each statement that a caller sends, just before it is sent: not for
	// setting the viewer, not for preparing, not for BEGIN, COMMIT and ROLLBACK. It must be safe for concurrent
	// use and quick. OpenOwner ignores it.
	Observe func(ctx context.Context, query string)
	// ObserveArguments, unless nil, is called as Observe is, with what is bound to the statement as well. That may be what people
	// entered: it is for measuring and explaining statements, and belongs in no log.
	ObserveArguments func(ctx context.Context, query string, args []driver.NamedValue)
	// ObserveViewer, unless nil, is called each time the viewer of a session is about to be set, which is one
	// more round trip. It must be safe for concurrent use and quick. OpenOwner ignores it.
	ObserveViewer func(ctx context.Context)
}

// Open opens the pool that works for viewers. The URL must name the login role that owns nothing
// (lianluo_app) and is a member of every viewer role. Open does not connect; an error means that the URL
// cannot be used.
func Open(url string, opts Options) (*sql.DB, error) {
	opts = opts.withDefaults()
	orElse(&opts.StatementTimeout, defaultStatementTimeout)
	orElse(&opts.IdleInTransactionTimeout, defaultIdleInTxTimeout)
	inner, err := opts.connector(url, map[string]string{
		"plan_cache_mode": "force_custom_plan",
		"jit":             "off", // custom plans would compile each expensive statement anew
	})
	if err != nil {
		return nil, err
	}
	return opts.pool(&connector{inner: inner, hooks: hooks{opts.Observe, opts.ObserveArguments, opts.ObserveViewer}, keep: keptStatements}), nil
}

// OpenOwner opens a plain pool as the owner of the database, for migrations and for nothing else: no viewer
// restricts what it sees. OpenOwner does not connect; an error means that the URL cannot be used.
func OpenOwner(url string, opts Options) (*sql.DB, error) {
	opts = opts.withDefaults()
	inner, err := opts.connector(url, map[string]string{})
	if err != nil {
		return nil, err
	}
	return opts.pool(inner), nil
}

func (o Options) withDefaults() Options {
	orElse(&o.ApplicationName, defaultApplicationName)
	orElse(&o.MaxOpen, defaultMaxOpen)
	orElse(&o.Lifetime, defaultLifetime)
	orElse(&o.IdleTime, defaultIdleTime)
	orElse(&o.ConnectTimeout, defaultConnectTimeout)
	return o
}

func orElse[T comparable](v *T, otherwise T) {
	var zero T
	if *v == zero {
		*v = otherwise
	}
}

// connector makes lib/pq's connector for the URL with the given settings of the session and the options'.
func (o Options) connector(url string, settings map[string]string) (*pq.Connector, error) {
	if o.MaxOpen < 0 {
		return nil, fmt.Errorf("limit of connections: %d is negative", o.MaxOpen)
	}
	cfg, err := pq.NewConfig(url)
	if _, malformed := errors.AsType[*neturl.Error](err); malformed {
		return nil, errMalformedURL // and not err, which repeats the URL and with it the password
	}
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	orElse(&cfg.ApplicationName, o.ApplicationName)
	orElse(&cfg.ConnectTimeout, o.ConnectTimeout)
	settings["statement_timeout"] = milliseconds(o.StatementTimeout)
	settings["idle_in_transaction_session_timeout"] = milliseconds(o.IdleInTransactionTimeout)
	maps.Copy(settings, cfg.Runtime)
	cfg.Runtime = settings
	inner, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	return inner, nil
}

// milliseconds writes a time limit as PostgreSQL reads it: 0 is no limit.
func milliseconds(limit time.Duration) string {
	if limit <= 0 {
		return "0"
	}
	return strconv.FormatInt(max(limit.Milliseconds(), 1), 10)
}

func (o Options) pool(c driver.Connector) *sql.DB {
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(o.MaxOpen)
	db.SetMaxIdleConns(o.MaxOpen)
	db.SetConnMaxLifetime(o.Lifetime)
	db.SetConnMaxIdleTime(o.IdleTime)
	return db
}
