package workflow

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/viewer"
)

// task is one verb at work: its transaction and on whose behalf.
type task struct {
	desk   *Desk
	tx     *gen.Tx
	verb   Verb
	viewer *viewer.Viewer
	// calendar is the working calendar, once it was read.
	calendar *calendar.Workdays
}

// admit finds out who asks and whether the role may do the verb. It comes before everything else, so that who may
// not do it learns nothing from the checks of the input.
func (d *Desk) admit(ctx context.Context, verb Verb) (*viewer.Viewer, error) {
	v := viewer.FromContext(ctx)
	if v == nil {
		return nil, fault.Unauthenticated("请先登录")
	}
	if !d.allowed(v.Role, verb) {
		return nil, fault.Forbidden("您的角色不能办理此事项")
	}
	return v, nil
}

// mostTries is how often a transaction is tried that others got in the way of.
const mostTries = 3

// transact does a verb's work in one transaction and hands out the entity as it stands after it. When it met another one in a deadlock, nothing of it was
// done: the work is done anew in a new transaction, so it must leave nothing outside but what it sets each time.
func transact[E interface{ Unwrap() E }](
	ctx context.Context, d *Desk, verb Verb, v *viewer.Viewer, work func(*task) (E, error),
) (E, error) {
	for try := 1; ; try++ {
		made, err := attempt(ctx, d, verb, v, work)
		if try == mostTries || !inTheWay(err) || !stepAside(ctx, try) {
			return made, refusal(verb, err)
		}
	}
}

// inTheWay tells whether a transaction failed because of what others did at the same time, and may succeed by itself.
func inTheWay(err error) bool {
	if err == nil {
		return false
	}
	said := pq.As(err)
	return said != nil && (said.Code == pqerror.TRDeadlockDetected || said.Code == pqerror.TRSerializationFailure)
}

// stepAside waits a moment, longer each time and never just as long as others do; false when the request ends meanwhile.
func stepAside(ctx context.Context, try int) bool {
	const most = 20 * time.Millisecond
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Duration(try) * rand.N(most)): //nolint:gosec // nothing is to be kept secret
		return true
	}
}

// attempt does a verb's work in one transaction, once.
func attempt[E interface{ Unwrap() E }](
	ctx context.Context, d *Desk, verb Verb, v *viewer.Viewer, work func(*task) (E, error),
) (E, error) {
	var none E
	tx, err := d.client.Tx(ctx)
	if err != nil {
		return none, err
	}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback() // there is an error already, or a panic on its way
		}
	}()
	made, err := work(&task{desk: d, tx: tx, verb: verb, viewer: v})
	if err != nil {
		return none, err
	}
	done = true
	if err := tx.Commit(); err != nil {
		return none, err
	}
	return made.Unwrap(), nil
}

// lock takes advisory locks until the end of the transaction, each waiting for those who hold it, always in the same order.
func (t *task) lock(ctx context.Context, names ...string) error { return lock(ctx, t.tx, names...) }

func lock(ctx context.Context, tx *gen.Tx, names ...string) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(key) FROM (
		SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest($1::text[]) name ORDER BY key) sorted`, pq.Array(names))
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

// scalar reads the one value that a statement answers.
func scalar[T any](ctx context.Context, tx *gen.Tx, into *T, query string, args ...any) (err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	for rows.Next() {
		if err := rows.Scan(into); err != nil {
			return err
		}
	}
	return rows.Err()
}
