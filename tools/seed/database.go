package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/embedded"
)

// onDatabase does the work on the database that the flags name, as its owner.
func onDatabase(ctx context.Context, f flags, stderr io.Writer, work func(*sql.DB) error) error {
	if f.DatabaseURL != "" {
		return onURL(f.DatabaseURL, work)
	}
	address, err := embedded.Running(ctx, f.DataDir)
	switch {
	case errors.Is(err, embedded.ErrNotRunning):
		return onEmbedded(ctx, f.DataDir, work)
	case err != nil:
		return err
	}
	_, _ = fmt.Fprintln(stderr, "seed: a server runs on this data directory; its requests wait until the work is done, or fail if that takes too long")
	if err := address.EnsureDatabase(ctx, postgres.EmbeddedDatabase); err != nil {
		return err
	}
	return onURL(address.URL(postgres.EmbeddedDatabase), work)
}

// onEmbedded has the data directory's PostgreSQL run for the time of the work.
func onEmbedded(ctx context.Context, dataDir string, work func(*sql.DB) error) (err error) {
	server, err := embedded.Start(ctx, embedded.Config{DataDir: dataDir})
	if errors.Is(err, embedded.ErrInUse) {
		return fmt.Errorf("a server is just starting or stopping on this data directory: %w", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop(context.WithoutCancel(ctx))) }()
	if err := server.Address().EnsureDatabase(ctx, postgres.EmbeddedDatabase); err != nil {
		return err
	}
	return onURL(server.Address().URL(postgres.EmbeddedDatabase), work)
}

func onURL(url string, work func(*sql.DB) error) (err error) {
	db, err := postgres.OpenOwner(url, postgres.Options{ApplicationName: "lianluo-seed", MaxOpen: 4})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return work(db)
}
