// Package migrations builds the database: versioned SQL files, embedded, and the runner that applies them.
//
// Files are applied in the order of their names, each once and in a transaction of its own, as the owner of
// the database; the server then works as lianluo_app, which owns nothing. Tables come from ent/schema
// (tools/migrate diff); roles, policies, functions and search tables are written by hand beside them.
// The package imports nothing of ours.
package migrations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/lib/pq"
)

// Files holds the SQL files and atlas.sum, the checksums that guard them against later edits.
//
//go:embed *.sql atlas.sum
var Files embed.FS

// ErrChanged is returned when a file that was applied before reads differently now.
var ErrChanged = errors.New("an applied migration was changed")

// ErrAhead is returned when the database knows a migration that this program does not: it was made by a newer one.
var ErrAhead = errors.New("the database is newer than this program")

// Migration is one file.
type Migration struct {
	// Version is the file's leading number, Name the rest without the ending.
	Version, Name string
	// Sum is the SHA-256 of the text, in hex.
	Sum string
	// AppliedAt is zero while the migration is pending.
	AppliedAt time.Time
	text      string
}

// All lists the files in order, without asking a database.
func All() ([]Migration, error) {
	names, err := fs.Glob(Files, "*.sql")
	if err != nil {
		return nil, err
	}
	out := make([]Migration, 0, len(names))
	for _, file := range names {
		text, err := Files.ReadFile(file)
		if err != nil {
			return nil, err
		}
		version, name, ok := strings.Cut(strings.TrimSuffix(file, ".sql"), "_")
		if !ok {
			return nil, fmt.Errorf("migration %s: want VERSION_name.sql", file)
		}
		sum := sha256.Sum256(text)
		out = append(out, Migration{Version: version, Name: name, Sum: hex.EncodeToString(sum[:]), text: string(text)})
	}
	return out, nil
}

// Status lists all files with the time each was applied.
func Status(ctx context.Context, db *sql.DB) ([]Migration, error) { return status(ctx, db) }

// querier is a pool or one of its connections.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func status(ctx context.Context, db querier) ([]Migration, error) {
	all, err := All()
	if err != nil {
		return nil, err
	}
	applied, err := history(ctx, db)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if a, ok := applied[all[i].Version]; ok {
			if a.Sum != all[i].Sum {
				return nil, fmt.Errorf("%w: %s_%s", ErrChanged, all[i].Version, all[i].Name)
			}
			all[i].AppliedAt = a.AppliedAt
			delete(applied, all[i].Version)
		}
	}
	for version := range applied {
		return nil, fmt.Errorf("%w: it has migration %s", ErrAhead, version)
	}
	return all, nil
}

// Pending counts the files that are not applied yet.
func Pending(ctx context.Context, db *sql.DB) (int, error) {
	all, err := Status(ctx, db)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, m := range all {
		if m.AppliedAt.IsZero() {
			n++
		}
	}
	return n, nil
}

func history(ctx context.Context, db querier) (map[string]Migration, error) {
	var exists bool
	if err := db.QueryRowContext(ctx, `SELECT to_regclass('schema_migration') IS NOT NULL`).Scan(&exists); err != nil {
		return nil, fmt.Errorf("read migration history: %w", err)
	}
	applied := map[string]Migration{}
	if !exists {
		return applied, nil
	}
	rows, err := db.QueryContext(ctx, `SELECT version, name, sum, applied_at FROM schema_migration`)
	if err != nil {
		return nil, fmt.Errorf("read migration history: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var m Migration
		if err := rows.Scan(&m.Version, &m.Name, &m.Sum, &m.AppliedAt); err != nil {
			return nil, fmt.Errorf("read migration history: %w", err)
		}
		applied[m.Version] = m
	}
	return applied, rows.Err()
}

// lockKey is the advisory lock under which one program at a time migrates a database.
const lockKey = 0x6c69616e // "lian"

// Up applies what is pending, as the owner, and tells report of each file applied (report may be nil). Several
// programs may call it at once: they take turns, trying for the lock rather than queueing for it, so that none waits inside the server.
func Up(ctx context.Context, db *sql.DB, report func(Migration)) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Close()
	if err := tryLock(ctx, conn); err != nil {
		return err
	}
	defer func() {
		// The lock belongs to the session; a connection whose lock cannot be given back must not be used again.
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, lockKey); err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}()
	if _, err := conn.ExecContext(ctx, `
		CREATE TABLE IF NOT EXISTS schema_migration (
			version text PRIMARY KEY, name text NOT NULL, sum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	all, err := status(ctx, conn)
	if err != nil {
		return err
	}
	for _, m := range all {
		if !m.AppliedAt.IsZero() {
			continue
		}
		if err := applyWithRetry(ctx, conn, m); err != nil {
			return fmt.Errorf("migration %s_%s: %w", m.Version, m.Name, err)
		}
		if report != nil {
			report(m)
		}
	}
	return nil
}

func tryLock(ctx context.Context, conn *sql.Conn) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		var got bool
		if err := conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, lockKey).Scan(&got); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		if got {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("migrate: waiting for another program that migrates: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// applyWithRetry tries again when two databases of one cluster set up the shared roles at the same moment:
// PostgreSQL then fails one of them with an internal error instead of letting it wait.
func applyWithRetry(ctx context.Context, conn *sql.Conn, m Migration) error {
	var err error
	for range 5 {
		err = apply(ctx, conn, m)
		var pqErr *pq.Error
		if !errors.As(err, &pqErr) || !strings.Contains(pqErr.Message, "tuple concurrently") {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return err
}

func apply(ctx context.Context, conn *sql.Conn, m Migration) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	// A migration must not queue behind a long transaction and hold up everyone after it.
	if _, err := tx.ExecContext(ctx, `SET LOCAL lock_timeout = '5s'`); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, m.text); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO schema_migration (version, name, sum) VALUES ($1, $2, $3)`,
		m.Version, m.Name, m.Sum); err != nil {
		return err
	}
	return tx.Commit()
}
