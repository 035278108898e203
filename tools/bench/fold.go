package main

import (
	"context"
	"time"

	"github.com/lianluo/lianluo/server/postgres"
)

// foldEvery and foldMost are how the server's job folds what was appended into the sums.
const (
	foldEvery = time.Second
	foldMost  = 20_000
)

// fold folds as the server's job does, beside everything that is measured, until it is stopped.
func (b *bed) fold(ctx context.Context, appURL string) (stop func() error, err error) {
	db, err := postgres.Open(appURL, postgres.Options{ApplicationName: "lianluo-bench-fold", MaxOpen: 1})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(system(ctx))
	ended := make(chan error, 1)
	go func() {
		for {
			select {
			case <-ctx.Done():
				ended <- nil
				return
			case <-time.After(foldEvery):
			}
			var folded int
			if err := db.QueryRowContext(ctx, `SELECT fold_facts($1)`, foldMost).Scan(&folded); err != nil && ctx.Err() == nil {
				ended <- err
				return
			}
		}
	}()
	return func() error {
		cancel()
		err := <-ended
		if closed := db.Close(); err == nil {
			err = closed
		}
		return err
	}, nil
}
