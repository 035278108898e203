package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// Errors that callers may tell apart. None of them reaches the database.
var (
	// ErrNoViewer is returned for a statement whose context carries no viewer, or one of no known kind.
	ErrNoViewer = errors.New("no viewer in the context")
	// ErrViewerChanged is returned for a statement inside a transaction that another viewer began.
	ErrViewerChanged = errors.New("the viewer changed inside a transaction")
	// ErrRowsOpen is returned for a statement on a connection whose rows are still being read, as happens
	// inside a transaction. The connection stays usable.
	ErrRowsOpen = errors.New("rows of an earlier statement on this connection are still open")
	// ErrStatementRefused is returned for a statement that would begin or end a transaction past database/sql or
	// change the role or the settings of the session, and for COPY, which row-level security does not allow.
	ErrStatementRefused = errors.New("statement is not for a viewer's session")
)

// keptStatements is how many prepared statements a connection keeps. The program's statements are far fewer; the
// limit is for lists of arguments that vary in length.
const keptStatements = 256

// hooks observe what is sent; nil ones are not called.
type hooks struct {
	statement func(ctx context.Context, query string)
	arguments func(ctx context.Context, query string, args []driver.NamedValue)
	viewer    func(ctx context.Context)
}

// connector makes connections that follow the context's viewer.
type connector struct {
	inner driver.Connector
	hooks hooks
	keep  int
}

// Connect makes a connection. It needs no viewer: the viewer is set before the first statement.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	raw, err := c.inner.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := raw.(session)
	if !ok {
		return nil, errors.Join(fmt.Errorf("connection of type %T lacks what the connector needs", raw), raw.Close())
	}
	return &conn{inner: inner, hooks: c.hooks, statements: newStatementCache(c.keep)}, nil
}

// Driver is lib/pq's driver; what it opens by itself follows no viewer.
func (c *connector) Driver() driver.Driver { return c.inner.Driver() }
