package workflow

import (
	"context"
	"fmt"

	"github.com/lib/pq"

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
func admit(ctx context.Context, verb Verb) (*viewer.Viewer, error) {
	v := viewer.FromContext(ctx)
	if v == nil {
		return nil, fault.Unauthenticated("请先登录")
	}
	if !Allowed(v.Role, verb) {
		return nil, fault.Forbidden("您的角色不能办理此事项")
	}
	return v, nil
}

// transact does a verb's work in one transaction and hands out the entity as it stands after it.
func transact[E interface{ Unwrap() E }](
	ctx context.Context, d *Desk, verb Verb, v *viewer.Viewer, work func(*task) (E, error),
) (E, error) {
	var none E
	tx, err := d.client.Tx(ctx)
	if err != nil {
		return none, refusal(verb, err)
	}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback() // there is an error already, or a panic on its way
		}
	}()
	made, err := work(&task{desk: d, tx: tx, verb: verb, viewer: v})
	if err != nil {
		return none, refusal(verb, err)
	}
	done = true
	if err := tx.Commit(); err != nil {
		return none, refusal(verb, err)
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
