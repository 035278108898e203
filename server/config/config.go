// Package config says how the server is to run: one plain struct, read from flags, environment and a file.
//
// A newcomer needs three things from it: [Config] with its defaults, [Parse] which main calls, and
// [Config.Validate] which names every wrong setting at once, before anything starts. A flag wins over
// an environment variable, that over the config file, that over the default. The package belongs to
// the server's room; it imports nothing of ours, and no other package reads the environment.
package config

import (
	"fmt"
	"log/slog"
	"time"
)

// Config holds the settings of the server. Make one with [Parse] or [Default]; the tags are the flags.
type Config struct {
	// Addr is the host and port to listen on; port 0 takes a free one.
	Addr string `default:"127.0.0.1:8080" env:"LIANLUO_ADDR" group:"http" placeholder:"HOST:PORT" help:"Address to listen on; port 0 takes a free port. Default: ${default}."`
	// PublicURL is where citizens reach the server, which QR codes and messages lead to; empty for the address it listens on, which
	// stands in no message.
	PublicURL string `name:"public-url" env:"LIANLUO_PUBLIC_URL" group:"http" placeholder:"ORIGIN" help:"Where citizens reach the server, such as https://lianluo.example.cn; QR codes and messages lead there. Default: the address it listens on, which stands in no message."`
	// CORSOrigins lists the web origins besides the server's own whose pages may call the API.
	CORSOrigins []string `name:"cors-origins" env:"LIANLUO_CORS_ORIGINS" group:"http" placeholder:"ORIGIN" help:"Web origins whose pages may call the API, such as https://portal.example.cn. Default: none."`
	// TrustedProxies lists the networks, or single addresses, of the proxies in front of the server, which are believed when they tell
	// a client's address (X-Forwarded-For).
	TrustedProxies []string `name:"trusted-proxies" env:"LIANLUO_TRUSTED_PROXIES" group:"http" placeholder:"NETWORK" help:"Networks of the reverse proxies that are believed about a client's address (X-Forwarded-For), such as 10.0.0.0/8 or 127.0.0.1. Default: none."`
	// RequestTimeout bounds the handling of one request.
	RequestTimeout time.Duration `default:"15s" env:"LIANLUO_REQUEST_TIMEOUT" group:"http" placeholder:"DURATION" help:"Longest time one request may take, 1s to 5m. Default: ${default}."`
	// ShutdownTimeout bounds, for each part of the server, how long it may take to stop.
	ShutdownTimeout time.Duration `default:"10s" env:"LIANLUO_SHUTDOWN_TIMEOUT" group:"http" placeholder:"DURATION" help:"Longest time each part of the server may take to stop, requests under way included, 1s to 5m. Default: ${default}."`

	// DataDir is the folder of the embedded PostgreSQL and of the signing keys.
	DataDir string `default:".data" env:"LIANLUO_DATA_DIR" group:"data" placeholder:"FOLDER" help:"Folder of the embedded PostgreSQL and of the signing keys; made when missing. Default: ${default}."`
	// Demo loads the demonstration into a database that is still empty.
	Demo bool `default:"true" negatable:"" env:"LIANLUO_DEMO" group:"data" help:"Load the demonstration (invented people, published figures) into an empty database. Default: true; --demo=false or --no-demo turns it off."`
	// DatabaseURL is the PostgreSQL to use as its owner; empty for the embedded one.
	DatabaseURL DatabaseURL `name:"database-url" env:"DATABASE_URL" group:"data" placeholder:"URL" help:"Use this PostgreSQL 15 or newer instead of the embedded one, as postgres://user:password@host:port/database; the user must be allowed to create roles. Give it by environment or file: other users of the machine see flags."`
	// AppDatabaseURL is what to serve as when DatabaseURL is given; empty to let the server manage that login itself.
	AppDatabaseURL DatabaseURL `name:"app-database-url" env:"LIANLUO_APP_DATABASE_URL" group:"data" placeholder:"URL" help:"With --database-url: connect as this user, which must own nothing, to serve requests. Default: the server gives lianluo_app a password of its own."`
	// StoreURL is the bucket that keeps attachments; empty for a folder of the data directory.
	StoreURL StoreURL `name:"store-url" env:"LIANLUO_STORE_URL" group:"data" placeholder:"URL" help:"Keep attachments in this bucket, as s3://key:secret@host:port/bucket?region=NAME&tls=false, instead of the folder attachments of the data directory. Give it by environment or file: other users of the machine see flags."`
	// AuditAnchor is the file outside the database that keeps the heads of the audit's chain; empty for audit-anchor in the data directory.
	AuditAnchor string `name:"audit-anchor" env:"LIANLUO_AUDIT_ANCHOR" group:"data" placeholder:"FILE" help:"File that keeps the heads of the audit's chain (审计链), a line each. It belongs on another machine, or on storage that can be written once: it shows when the database was tampered with. Default: audit-anchor in the data directory."`
	// SMSGateway is what takes text messages to citizens: file, or none to send none.
	SMSGateway string `name:"sms-gateway" default:"file" env:"LIANLUO_SMS_GATEWAY" group:"data" placeholder:"NAME" help:"What takes text messages to citizens: file writes them into the folder outbox of the data directory, for another program to send; none sends none. Default: ${default}."`
	// MaxConns bounds the connections of the pool that serves requests.
	MaxConns int `default:"20" env:"LIANLUO_MAX_CONNS" group:"data" placeholder:"N" help:"Most database connections for serving requests, 2 to 1000. Default: ${default}."`

	// Issuer and Audience stand in the tokens the server signs and are asked of those it accepts.
	Issuer   string `default:"lianluo" env:"LIANLUO_ISSUER" group:"tokens" placeholder:"NAME" help:"Issuer (iss) of the tokens. Default: ${default}."`
	Audience string `default:"lianluo-api" env:"LIANLUO_AUDIENCE" group:"tokens" placeholder:"NAME" help:"Audience (aud) of the tokens. Default: ${default}."`
	// TokenTTL is the life of an access token.
	TokenTTL time.Duration `name:"token-ttl" default:"15m" env:"LIANLUO_TOKEN_TTL" group:"tokens" placeholder:"DURATION" help:"Life of an access token, 1m to 24h. Default: ${default}."`
	// RefreshTTL is the life of a refresh token; it is longer than TokenTTL.
	RefreshTTL time.Duration `name:"refresh-ttl" default:"720h" env:"LIANLUO_REFRESH_TTL" group:"tokens" placeholder:"DURATION" help:"Life of a refresh token, longer than an access token and at most 2160h. Default: ${default}."`

	// LogLevel is debug, info, warn or error.
	LogLevel string `default:"info" env:"LIANLUO_LOG_LEVEL" group:"log" placeholder:"LEVEL" help:"Least level to log: debug, info, warn or error. Default: ${default}."`
	// LogFormat is text or json.
	LogFormat string `default:"text" env:"LIANLUO_LOG_FORMAT" group:"log" placeholder:"FORMAT" help:"Form of the log on standard error: text or json. Default: ${default}."`
}

// Embedded tells whether the server runs a PostgreSQL of its own.
func (c Config) Embedded() bool { return c.DatabaseURL == "" }

// String writes the settings without secrets.
func (c Config) String() string { return c.LogValue().String() }

// GoString writes the settings without secrets.
func (c Config) GoString() string { return "config.Config" + c.String() }

// Format writes the settings without secrets, whatever the verb.
func (c Config) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, c.String()) }

// LogValue gives the settings without secrets.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("addr", c.Addr),
		slog.String("public_url", c.PublicURL),
		slog.Any("cors_origins", c.CORSOrigins),
		slog.Any("trusted_proxies", c.TrustedProxies),
		slog.Duration("request_timeout", c.RequestTimeout),
		slog.Duration("shutdown_timeout", c.ShutdownTimeout),
		slog.String("data_dir", c.DataDir),
		slog.Bool("demo", c.Demo),
		slog.String("database_url", c.DatabaseURL.String()),
		slog.String("app_database_url", c.AppDatabaseURL.String()),
		slog.String("store_url", c.StoreURL.String()),
		slog.String("audit_anchor", c.AuditAnchor),
		slog.String("sms_gateway", c.SMSGateway),
		slog.Int("max_conns", c.MaxConns),
		slog.String("issuer", c.Issuer),
		slog.String("audience", c.Audience),
		slog.Duration("token_ttl", c.TokenTTL),
		slog.Duration("refresh_ttl", c.RefreshTTL),
		slog.String("log_level", c.LogLevel),
		slog.String("log_format", c.LogFormat),
	)
}
