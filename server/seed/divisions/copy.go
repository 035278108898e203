package divisions

import (
	"context"
	"database/sql"
	"errors"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/spelling"
)

// stride is the number of rows after which progress is told.
const stride = 2_000

func copyDivisions(ctx context.Context, tx *sql.Tx, rows []Row, m *meter) error {
	var now string
	if err := tx.QueryRowContext(ctx, `SELECT now()::text`).Scan(&now); err != nil {
		return err
	}
	const statement = `COPY division (id, code, level, name, placeholder, parent_id, parent_code,
		province_code, city_code, county_code, township_code, valid_from, created_at, updated_at) FROM STDIN`
	return stream(ctx, tx, statement, rows, m, func(write func(...any) error, row Row) error {
		var parent any
		if row.Parent != nil {
			parent = ID(*row.Parent).String()
		}
		return write(row.ID.String(), int64(row.Code), string(row.Level), row.Name, row.Placeholder, parent, orNull(row.Parent),
			orNull(row.Province), orNull(row.City), orNull(row.County), orNull(row.Township), row.ValidFrom, now, now)
	})
}

// copyKeys writes what each place is found by. A heading is not to be found.
func copyKeys(ctx context.Context, tx *sql.Tx, rows []Row, m *meter) error {
	speller := spelling.NewSpeller()
	return stream(ctx, tx, `COPY division_key (key, code) FROM STDIN`, rows, m, func(write func(...any) error, row Row) error {
		if row.Placeholder {
			return nil
		}
		for _, key := range speller.Keys(row.Name) {
			if err := write(key, int64(row.Code)); err != nil {
				return err
			}
		}
		return nil
	})
}

func orNull(code *place.Code) any {
	if code == nil {
		return nil
	}
	return int64(*code)
}

// stream runs a COPY into which put writes the lines of each row.
func stream(ctx context.Context, tx *sql.Tx, statement string, rows []Row, m *meter, put func(write func(...any) error, row Row) error) (err error) {
	in, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	write := func(columns ...any) error {
		_, err := in.ExecContext(ctx, columns...)
		return err
	}
	for i, row := range rows {
		if err := put(write, row); err != nil {
			return err
		}
		if (i+1)%stride == 0 {
			m.add(stride)
		}
	}
	m.add(len(rows) % stride)
	return write() // flushes, and tells errors that came late
}
