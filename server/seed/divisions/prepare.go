package divisions

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// prepare makes the tables ready for COPY and answers the statements that undo it, in order. All of it happens within the
// transaction and under its exclusive lock: no one else ever sees the tables so.
//
// COPY refuses a table whose row-level security binds even its owner, so that is lifted from an owner who is no superuser. For
// a bulk load the indexes and foreign keys go too: made anew from the rows they take a tenth of the time of keeping
// them up row by row. What another table's foreign key rests on stays.
func prepare(ctx context.Context, tx *sql.Tx, bulk bool) (undo []string, err error) {
	if bulk {
		// A constraint made anew is checked at once, an index is sorted in memory if it may be.
		if err := execute(ctx, tx, `SET LOCAL maintenance_work_mem = '128MB'`); err != nil {
			return nil, err
		}
	}
	steps, err := preparations(ctx, tx, bulk)
	if err != nil {
		return nil, fmt.Errorf("indexes and constraints: %w", err)
	}
	for _, step := range steps {
		if err := execute(ctx, tx, step.do); err != nil {
			return nil, err
		}
		undo = append(undo, step.undo)
	}
	slices.Reverse(undo)
	return undo, nil
}

// step is a statement and the one that takes it back.
type step struct{ do, undo string }

// preparations reads from the catalogue what stands in the way of a load. Foreign keys come before the indexes that they rest on.
func preparations(ctx context.Context, tx *sql.Tx, bulk bool) ([]step, error) {
	rows, err := tx.QueryContext(ctx, `
		WITH loaded AS (SELECT unnest(ARRAY['division', 'division_key']::regclass[])::oid AS oid)
		SELECT 1 AS turn,
			format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass),
			format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', oid::regclass)
		FROM loaded WHERE row_security_active(oid)
		UNION ALL
		SELECT 2,
			format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
			format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
		FROM pg_constraint WHERE $1 AND contype = 'f' AND conrelid IN (SELECT oid FROM loaded)
		UNION ALL
		SELECT 3,
			CASE WHEN c.oid IS NULL THEN format('DROP INDEX %s', i.indexrelid::regclass)
				ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, c.conname) END,
			CASE WHEN c.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
				ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) END
		FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid AND c.contype IN ('p', 'u')
		WHERE $1 AND i.indrelid IN (SELECT oid FROM loaded) AND NOT EXISTS (
			SELECT FROM pg_constraint f
			WHERE f.contype = 'f' AND f.conindid = i.indexrelid AND f.conrelid NOT IN (SELECT oid FROM loaded))
		ORDER BY 1, 2`, bulk)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var steps []step
	for rows.Next() {
		var turn int
		var s step
		if err := rows.Scan(&turn, &s.do, &s.undo); err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	return steps, rows.Err()
}
