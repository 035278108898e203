package rollup

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/lianluo/lianluo/ent/place"
)

// foldBatch is how many changes one transaction folds at most: some tenths of a second.
const foldBatch = 10_000

// Fold adds to the sums that are kept what writers have appended since, and answers how many changes that were. Nobody waits for it; of several at once
// one does the work, the others find nothing to do. What an error interrupts is folded the next time. It needs a viewer of the platform's own.
func Fold(ctx context.Context, db database) (folded int, err error) {
	for {
		n, err := answer(ctx, db, `SELECT fold_facts($1)`, foldBatch)
		folded += n
		if err != nil {
			return folded, fmt.Errorf("fold sums: %w", err)
		}
		if n < foldBatch {
			return folded, nil
		}
	}
}

// Difference is a sum that is not what the records say.
type Difference struct {
	Division place.Code
	// Span is MONTH, QUARTER or YEAR with its first day, or TOTAL without one.
	Span    string
	Starts  time.Time
	Measure string // a column of the table fact
	Kept    int64
	Counted int64
}

const differencesSQL = `
SELECT code, span, nullif(starts, 'infinity'), measure, coalesce(kept, 0), coalesce(counted, 0) FROM fact_differences()
ORDER BY code, span, starts, measure`

// Verify counts all sums from the records and hands out those that differ from the sums kept, in the order of divisions. It looks at one moment,
// whatever is written meanwhile, and makes no writer wait. It needs the platform's own viewer or the owner of the database.
func Verify(ctx context.Context, db database, differs func(Difference) error) error {
	err := each(ctx, db, differencesSQL, nil, func(rows *sql.Rows) error {
		var d Difference
		var starts sql.NullTime
		if err := rows.Scan(&d.Division, &d.Span, &starts, &d.Measure, &d.Kept, &d.Counted); err != nil {
			return err
		}
		d.Starts = starts.Time
		return differs(d)
	})
	if err != nil {
		return fmt.Errorf("verify sums: %w", err)
	}
	return nil
}

// Rebuild counts all sums from the records, keeps those, and answers how many rows they are. What is written meanwhile is not lost, and nobody
// waits but whoever folds. It needs what Verify needs.
func Rebuild(ctx context.Context, db database) (rows int, err error) {
	if rows, err = answer(ctx, db, `SELECT rebuild_facts()`); err != nil {
		return 0, fmt.Errorf("rebuild sums: %w", err)
	}
	return rows, nil
}

// answer is the one number that a statement answers.
func answer(ctx context.Context, db database, query string, args ...any) (n int, err error) {
	err = each(ctx, db, query, args, func(rows *sql.Rows) error { return rows.Scan(&n) })
	return n, err
}
