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

// onDatabase does the work on the database that the flags name, as viewers do theirs.
func onDatabase(ctx context.Context, f flags, work func(*sql.DB) error) error {
	if f.AppDatabaseURL != "" {
		return onURL(f.AppDatabaseURL, work)
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
		return onURL(u.String(), work)
	}
	address, err := embedded.Running(ctx, f.DataDir)
	if errors.Is(err, embedded.ErrNotRunning) {
		return fmt.Errorf("start the server first: %w", err)
	}
	if err != nil {
		return err
	}
	return onURL(address.UserURL(postgres.EmbeddedDatabase, appRole, password), work)
}

func onURL(url string, work func(*sql.DB) error) (err error) {
	// A city moves in one statement, which may take longer than a request has.
	db, err := postgres.Open(url, postgres.Options{ApplicationName: "lianluo-divisions", MaxOpen: 2, StatementTimeout: -1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return work(db)
}
