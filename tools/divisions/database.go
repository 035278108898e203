package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/embedded"
)

// appRole is what the server signs in as to serve.
const appRole = "lianluo_app"

// bases are the database as its owner and as viewers work on it.
type bases struct{ owner, app *sql.DB }

// onDatabase does the work on the database that the flags name.
func onDatabase(ctx context.Context, f flags, work func(bases) error) error {
	if f.DatabaseURL != "" && f.AppDatabaseURL != "" {
		return onURLs(f.DatabaseURL, f.AppDatabaseURL, work)
	}
	secret, err := auth.LoadOrCreateSecret(f.DataDir, rand.Reader)
	if err != nil {
		return err
	}
	password := secret.Password("role " + appRole)
	if f.DatabaseURL != "" {
		u, err := url.Parse(f.DatabaseURL)
		if err != nil {
			return errors.New("database URL: malformed")
		}
		u.User = url.UserPassword(appRole, password)
		return onURLs(f.DatabaseURL, u.String(), work)
	}
	address, err := embedded.Running(ctx, f.DataDir)
	if errors.Is(err, embedded.ErrNotRunning) {
		return fmt.Errorf("start the server first: %w", err)
	}
	if err != nil {
		return err
	}
	return onURLs(address.URL(postgres.EmbeddedDatabase), address.UserURL(postgres.EmbeddedDatabase, appRole, password), work)
}

func onURLs(owner, app string, work func(bases) error) (err error) {
	var b bases
	b.owner, err = postgres.OpenOwner(owner, postgres.Options{ApplicationName: "lianluo-divisions", MaxOpen: 2})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.owner.Close()) }()
	// A city moves in one statement, which may take longer than a request has.
	b.app, err = postgres.Open(app, postgres.Options{ApplicationName: "lianluo-divisions", MaxOpen: 2, StatementTimeout: -1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.app.Close()) }()
	return work(b)
}
