package seed

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
)

// Options say how to fill a database. The zero value is ready for use.
type Options struct {
	// Progress, unless nil, is told how far a step is: done rises and ends at total.
	Progress func(step string, done, total int)
	// Passwords, unless nil, hashes the password of a demonstration account, while rows are stored. Without it there are no accounts that
	// one can sign in with.
	Passwords func(username string) (hash string, err error)
	// Replace allows Reload and Load to delete what a database holds, whatever it is, except the tree and the audit.
	Replace bool
}

func (o Options) progress(step string, done, total int) {
	if o.Progress != nil {
		o.Progress(step, done, total)
	}
}

// ErrOccupied is returned when the database holds other data than what may be replaced.
var ErrOccupied = errors.New("the database holds other data")

// The keys of the national congress, by which it is told what a database was filled with.
var (
	demoMark = uuid.MustParse("0197c3f4-5e80-7000-8000-64656d6f0000")
	loadMark = uuid.MustParse("0197c3f4-5e80-7000-8000-6c6f61640000")
)

// content is what a database holds.
type content int

const (
	nothing content = iota
	demonstration
	load
	other
)

// held tells what the database holds.
func held(ctx context.Context, q interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
},
) (content, error) {
	var rows []string
	for _, table := range filled {
		if slices.Contains(emptied, table) {
			rows = append(rows, `EXISTS (SELECT FROM `+table+`)`)
		}
	}
	var demo, loaded, some bool
	err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM congress WHERE id = $1), EXISTS (SELECT FROM congress WHERE id = $2), `+
		strings.Join(rows, " OR "), demoMark, loadMark).Scan(&demo, &loaded, &some)
	switch {
	case err != nil:
		return other, fmt.Errorf("look what the database holds: %w", err)
	case demo:
		return demonstration, nil
	case loaded:
		return load, nil
	case some:
		return other, nil
	}
	return nothing, nil
}

// lockKey is the advisory lock under which one program at a time fills a database.
const lockKey = 0x73656564 // "seed"

// session is a transaction and the connection that it is on.
type session struct {
	*sql.Tx
	conn *sql.Conn
}

// transact does the work in one transaction, alone: a killed process leaves nothing behind, and the second of two at once finds
// the work done.
func transact(ctx context.Context, db *sql.DB, work func(s *session) error) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	worked := false
	defer func() {
		if !worked { // or panicked: the connection could not be closed before the transaction is
			err = errors.Join(err, ignoreDone(tx.Rollback()))
		}
	}()
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, lockKey); err != nil {
		return err
	}
	// Nothing is lost for good when the machine fails just after the end: the next start does it again.
	if _, err := tx.ExecContext(ctx, `SET LOCAL synchronous_commit = off`); err != nil {
		return err
	}
	if err := work(&session{tx, conn}); err != nil {
		return err
	}
	worked = true
	return tx.Commit()
}

// ignoreDone drops the error of a transaction that has ended by itself, with its context or its connection.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) || errors.Is(err, driver.ErrBadConn) {
		return nil
	}
	return err
}

// truncate empties the tables.
func truncate(ctx context.Context, s *session) error {
	// Named one by one and without CASCADE: a table that this package does not know must not lose rows by it.
	if err := execute(ctx, s, `TRUNCATE `+strings.Join(emptied, ", ")); err != nil {
		return err
	}
	return execute(ctx, s, fmt.Sprintf(`DELETE FROM key_figure WHERE code <> %d`, place.Nation))
}

// analyze lets lists and sums be planned well from the first query on.
func analyze(ctx context.Context, s *session, tables ...string) error {
	return execute(ctx, s, `ANALYZE `+strings.Join(tables, ", "))
}
