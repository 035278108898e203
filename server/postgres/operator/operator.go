// Package operator opens the database for commands, as its owner: one that a URL names, or the embedded one of a data directory.
//
// Room: server. It may import server/postgres and server/postgres/embedded.
package operator

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/embedded"
)

// Database says which database a command works on.
type Database struct {
	// Command names who works, in the database's own list of connections.
	Command string
	// URL is the owner's; without one it is the embedded PostgreSQL of the data directory.
	URL     string
	DataDir string
}

// Do does the work. A server that runs on the data directory is used as it is; where none runs, PostgreSQL is started for as long as the work takes.
func (d Database) Do(ctx context.Context, work func(*sql.DB) error) error {
	if d.URL != "" {
		return d.onURL(d.URL, work)
	}
	address, err := embedded.Running(ctx, d.DataDir)
	if errors.Is(err, embedded.ErrNotRunning) {
		return d.OnEmbedded(ctx, embedded.Config{DataDir: d.DataDir}, work)
	}
	if err != nil {
		return err
	}
	return d.onAddress(ctx, address, work)
}

// OnEmbedded starts an embedded PostgreSQL, does the work on its database, and stops it.
func (d Database) OnEmbedded(ctx context.Context, config embedded.Config, work func(*sql.DB) error) (err error) {
	server, err := embedded.Start(ctx, config)
	if errors.Is(err, embedded.ErrInUse) {
		return fmt.Errorf("a server is just starting or stopping on this data directory: %w", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop(context.WithoutCancel(ctx))) }()
	return d.onAddress(ctx, server.Address(), work)
}

func (d Database) onAddress(ctx context.Context, address embedded.Address, work func(*sql.DB) error) error {
	if err := address.EnsureDatabase(ctx, postgres.EmbeddedDatabase); err != nil {
		return err
	}
	return d.onURL(address.URL(postgres.EmbeddedDatabase), work)
}

func (d Database) onURL(url string, work func(*sql.DB) error) (err error) {
	db, err := postgres.OpenOwner(url, postgres.Options{ApplicationName: "lianluo-" + d.Command, MaxOpen: 4})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return work(db)
}
