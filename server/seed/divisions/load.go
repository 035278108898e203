package divisions

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"
)

// Progress is told how far a load is, in units that mean nothing but their ratio: done rises and ends at total.
type Progress func(done, total int)

// Ensure loads the embedded table unless the database holds it, and tells whether it did. Called at every start, it makes
// good a start that was cut off.
func Ensure(ctx context.Context, owner *sql.DB, progress Progress) (loaded bool, err error) {
	var stored int
	if err := owner.QueryRowContext(ctx, `SELECT count(*) FROM division`).Scan(&stored); err != nil {
		return false, fmt.Errorf("count divisions: %w", err)
	}
	// Load puts in all or nothing, and a division is never deleted (撤销 ends its validity), so the number tells.
	if stored >= Size {
		return false, nil
	}
	rows, err := All()
	if err != nil {
		return false, err
	}
	return true, Load(ctx, owner, rows, progress)
}

// Load writes the rows that the database does not hold yet, and the keys that their names are found by. The database
// holds a row if it knows its id, whatever name and code the division has got since. A row's parent must be among the rows
// or in the database. The connection is that of the tables' owner; progress may be nil.
//
// It is one transaction: an error, a cancelled context or a killed process leaves nothing behind, and the second of two loads at
// once finds the work done. Until it ends no one else can write the tables, and from the first row on no one can read them.
func Load(ctx context.Context, owner *sql.DB, rows []Row, progress Progress) error {
	tx, err := owner.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("load divisions: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := load(ctx, tx, rows, progress); err != nil {
		return fmt.Errorf("load divisions: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("load divisions: %w", err)
	}
	return nil
}

// bulk is the number of rows from which it is quicker to make the indexes anew than to keep them up.
const bulk = 20_000

func load(ctx context.Context, tx *sql.Tx, rows []Row, progress Progress) error {
	// Readers pass this lock, so that a load with nothing to do disturbs no one.
	if err := execute(ctx, tx, `LOCK TABLE division, division_key IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		return err
	}
	stored, err := storedIDs(ctx, tx)
	if err != nil {
		return err
	}
	missing := make([]Row, 0, len(rows))
	for _, row := range rows {
		if _, ok := stored[row.ID]; !ok {
			missing = append(missing, row)
		}
	}
	if len(missing) == 0 {
		return nil
	}

	undo, err := prepare(ctx, tx, len(missing) >= bulk)
	if err != nil {
		return err
	}
	// The indexes take about half as long as the rows and their keys.
	m := meter{total: 3 * len(missing), report: progress}
	if err := copyDivisions(ctx, tx, missing, &m); err != nil {
		return fmt.Errorf("rows: %w", err)
	}
	if err := copyKeys(ctx, tx, missing, &m); err != nil {
		return fmt.Errorf("search keys: %w", err)
	}
	for _, statement := range undo {
		if err := execute(ctx, tx, statement); err != nil {
			return err
		}
		m.add(len(missing) / (len(undo) + 1))
	}
	// Lists and searches are planned well from the first query on.
	if err := execute(ctx, tx, `ANALYZE division, division_key`); err != nil {
		return err
	}
	m.add(m.total - m.done)
	return nil
}

func storedIDs(ctx context.Context, tx *sql.Tx) (map[uuid.UUID]struct{}, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id FROM division`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	ids := make(map[uuid.UUID]struct{})
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids[id] = struct{}{}
	}
	return ids, rows.Err()
}

func execute(ctx context.Context, tx *sql.Tx, statement string) error {
	if _, err := tx.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// meter counts work done.
type meter struct {
	done, total int
	report      Progress
}

func (m *meter) add(n int) {
	if m.done += n; m.report != nil && n > 0 {
		m.report(m.done, m.total)
	}
}
