package main

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"
	"sync"

	"github.com/lianluo/lianluo/ent/viewer"
)

// statement is one statement as it was sent, and for whom.
type statement struct {
	text   string
	args   []any
	viewer *viewer.Viewer
}

// reads tells whether the statement only reads, so that it can be sent again.
func (s statement) reads() bool {
	text := strings.TrimSpace(s.text)
	return (strings.HasPrefix(text, "SELECT") || strings.HasPrefix(text, "WITH")) &&
		!strings.Contains(text, "pg_advisory") && !strings.Contains(text, "FOR UPDATE") && !strings.Contains(text, "FOR SHARE")
}

// whole tells whether the statement asks for no rows in particular.
func (s statement) whole() bool { return !strings.Contains(s.text, "WHERE") }

// recorder notes the statements of a pool while it is asked to; otherwise it costs a look at a lock.
type recorder struct {
	mu   sync.Mutex
	on   bool
	sent []statement
}

// observe is called by the pool.
func (r *recorder) observe(ctx context.Context, text string, args []driver.NamedValue) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.on {
		return
	}
	s := statement{text: text, args: make([]any, len(args)), viewer: viewer.FromContext(ctx)}
	for i, a := range args {
		s.args[i] = a.Value
	}
	r.sent = append(r.sent, s)
}

// during records what is sent while work runs.
func (r *recorder) during(work func() error) ([]statement, error) {
	r.mu.Lock()
	r.on, r.sent = true, nil
	r.mu.Unlock()
	err := work()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on = false
	return slices.Clone(r.sent), err
}
