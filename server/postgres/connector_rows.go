package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// resultRows is what lib/pq's rows offer and the connector passes on.
type resultRows interface {
	driver.RowsNextResultSet
	driver.RowsColumnTypeScanType
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypePrecisionScale
}

// rows tell their connection how reading them ended.
type rows struct {
	resultRows
	conn *conn
	ctx  context.Context // of the statement, whose cancellation ends the rows
}

// wrapRows takes lib/pq's rows of a statement; the connection is reading them until they are closed.
func (c *conn) wrapRows(ctx context.Context, inner driver.Rows) (driver.Rows, error) {
	r, ok := inner.(resultRows)
	if !ok {
		c.broken = true
		return nil, errors.Join(fmt.Errorf("rows of type %T lack what the connector needs", inner), inner.Close())
	}
	return &rows{resultRows: r, conn: c, ctx: ctx}, nil
}

// Next reads a row; it fails with io.EOF at the end.
func (r *rows) Next(dest []driver.Value) error {
	err := r.resultRows.Next(dest)
	if err != nil && !errors.Is(err, io.EOF) {
		r.conn.forget()
	}
	return err
}

// Close frees the connection for the next statement.
func (r *rows) Close() error {
	err := r.resultRows.Close()
	r.conn.reading = false
	r.conn.settle(r.ctx, err)
	return err
}
