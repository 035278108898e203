package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/auth"
)

// byHandPath is below which the handlers written by hand answer.
const byHandPath = "/by-hand/"

// reader is what the handlers written by hand read with: a pool or a transaction of it.
type reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// handWritten is what stands before the handlers written by hand: the token is checked as the server does, and nothing else; it has none of the
// server's other middleware.
func handWritten(verifier *auth.Verifier, handlers http.Handler) http.Handler {
	deny := func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, err.Error(), http.StatusUnauthorized)
	}
	return auth.Authenticate(verifier, noAccounts{}, slog.New(slog.DiscardHandler), deny)(handlers)
}

// add serves a case as one would who writes for it alone: one function reads the parameters, asks the database and makes a struct, encoding/json
// writes it.
func (b *bed) add(c *benchCase) {
	b.handlers.HandleFunc("POST "+byHandPath+c.name, func(w http.ResponseWriter, r *http.Request) {
		answer, err := c.byHand(r.Context(), b.hand, r.URL.Query())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		body, err := json.Marshal(map[string]any{"data": answer})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
}

// noAccounts is for tokens of operators, who have none.
type noAccounts struct{}

func (noAccounts) CheckAccount(context.Context, *auth.Claims) (*viewer.Viewer, error) {
	return nil, errors.New("the bench signs tokens of operators alone")
}

// query encodes what a handler written by hand is asked with.
func query(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// scalar reads a row of one column.
func scalar[T any](r *sql.Rows) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

// collect reads the rows of a statement one by one.
func collect[T any](ctx context.Context, db reader, scan func(*sql.Rows) (T, error), text string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}
