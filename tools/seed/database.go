package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"

	"github.com/lianluo/lianluo/server/postgres/embedded"
	"github.com/lianluo/lianluo/server/postgres/operator"
)

// onDatabase does the work on the database that the flags name, as its owner.
func onDatabase(ctx context.Context, f flags, stderr io.Writer, work func(*sql.DB) error) error {
	if f.DatabaseURL == "" {
		if _, err := embedded.Running(ctx, f.DataDir); err == nil { // what else there is, the work meets again
			_, _ = fmt.Fprintln(stderr, "seed: a server runs on this data directory; its requests wait until the work is done, or fail if that takes too long")
		}
	}
	return operator.Database{Command: "seed", URL: f.DatabaseURL, DataDir: f.DataDir}.Do(ctx, work)
}
