package seed

import (
	"context"
	"fmt"
	"slices"

	"github.com/lib/pq"
)

// refill empties the tables and has work fill them anew, without their indexes, foreign keys and triggers, which are made again from the
// rows, as are the sums that the triggers would have kept: that takes a fraction of the time of keeping them up row by row. All of it is in
// the one transaction: no one else ever sees the tables so, and a process that dies on the way leaves nothing to repair. rebuilt is told
// after each of the total statements that make them again.
//
// The tree stays, and so does the audit: it tells what was done, whatever became of it.
func refill(ctx context.Context, s *session, work func(*writer) error, rebuilt func(done, total int)) error {
	if err := truncate(ctx, s); err != nil {
		return err
	}
	// Sorted in memory, if it may be.
	if err := execute(ctx, s, `SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL work_mem = '256MB'; SET LOCAL jit = off`); err != nil {
		return err
	}
	steps := 0
	err := without(ctx, s, filled, true, func() error { return writing(ctx, s, true, work) }, func(done, total int) {
		steps = total + 1
		rebuilt(done, steps)
	})
	if err != nil {
		return err
	}
	if err := analyze(ctx, s, filled...); err != nil {
		return err
	}
	if err := execute(ctx, s, `SELECT rebuild_facts()`); err != nil {
		return err
	}
	rebuilt(steps, steps)
	return analyze(ctx, s, "fact", "fact_delta", "category_fact")
}

// without has work write to tables without what stands in the way of COPY, and in bulk also without their triggers, indexes and
// constraints, and brings all of it back.
func without(ctx context.Context, s *session, tables []string, bulk bool, work func() error, rebuilt func(done, total int)) error {
	steps, err := dismantling(ctx, s, tables, bulk)
	if err != nil {
		return fmt.Errorf("indexes and constraints: %w", err)
	}
	for _, step := range steps {
		if err := execute(ctx, s, step.drop); err != nil {
			return err
		}
	}
	if err := work(); err != nil {
		return err
	}
	slices.Reverse(steps)
	for i, step := range steps {
		if err := execute(ctx, s, step.make); err != nil {
			return err
		}
		if rebuilt != nil {
			rebuilt(i+1, len(steps))
		}
	}
	return nil
}

// step is a statement that takes something away from a table, and the one that brings it back.
type step struct{ drop, make string }

// dismantling reads from the catalogue what there is to take away, in order. COPY refuses a table whose row-level security binds even
// its owner, so that is lifted from an owner who is no superuser. Foreign keys go before the indexes that they rest on; an index that a
// table which is not written to refers to stays.
func dismantling(ctx context.Context, s *session, tables []string, bulk bool) ([]step, error) {
	rows, err := s.QueryContext(ctx, `
		WITH written AS (SELECT unnest($1::text[])::regclass::oid AS oid)
		SELECT 1 AS turn,
			format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass),
			format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', oid::regclass)
		FROM written WHERE row_security_active(oid)
		UNION ALL
		SELECT 1,
			format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname),
			format('ALTER TABLE %s ENABLE TRIGGER %I', tgrelid::regclass, tgname)
		FROM pg_trigger WHERE $2 AND tgrelid IN (SELECT oid FROM written) AND NOT tgisinternal AND tgenabled = 'O'
		UNION ALL
		SELECT 2,
			format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
			format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
		FROM pg_constraint WHERE $2 AND contype = 'f' AND conrelid IN (SELECT oid FROM written)
		UNION ALL
		SELECT 3,
			CASE WHEN c.oid IS NULL THEN format('DROP INDEX %s', i.indexrelid::regclass)
				ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, c.conname) END,
			CASE WHEN c.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
				ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) END
		FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid AND c.contype IN ('p', 'u')
		WHERE $2 AND i.indrelid IN (SELECT oid FROM written) AND NOT EXISTS (
			SELECT FROM pg_constraint f
			WHERE f.contype = 'f' AND f.conindid = i.indexrelid AND f.conrelid NOT IN (SELECT oid FROM written))
		ORDER BY 1, 2`, pq.Array(tables), bulk)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var steps []step
	for rows.Next() {
		var turn int
		var next step
		if err := rows.Scan(&turn, &next.drop, &next.make); err != nil {
			return nil, err
		}
		steps = append(steps, next)
	}
	return steps, rows.Err()
}

func execute(ctx context.Context, s *session, statement string) error {
	if _, err := s.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
