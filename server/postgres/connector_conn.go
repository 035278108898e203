package postgres

import (
	"context"
	"database/sql/driver"
)

// session is what lib/pq's connections offer and the connector relies on.
type session interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// conn is one session of the database together with what is known of its state. It offers every interface
// that lib/pq's connection offers. database/sql never calls it from two goroutines at once.
type conn struct {
	inner      session
	hooks      hooks
	statements *statementCache
	setViewer  preparedStatement // nil until first needed

	viewer  settings // what the session is set to; zero when that is unknown
	inTx    bool     // viewer is fixed
	doubt   bool     // viewer counts as unknown once the transaction is over
	reading bool     // rows are open
	broken  bool     // not to be used again
}

var _ session = (*conn)(nil)

// QueryContext sends a query for the context's viewer.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.admit(ctx, query, args); err != nil {
		return nil, err
	}
	r, err := send(ctx, c, query, args, c.inner.QueryContext, preparedStatement.QueryContext)
	if err != nil {
		c.settle(ctx, err)
		return nil, err
	}
	c.reading = true
	return c.wrapRows(ctx, r)
}

// ExecContext sends a statement without result rows for the context's viewer.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.admit(ctx, query, args); err != nil {
		return nil, err
	}
	result, err := send(ctx, c, query, args, c.inner.ExecContext, preparedStatement.ExecContext)
	c.settle(ctx, err)
	return result, err
}

// admit makes the session ready for a statement of a caller, or says why it may not be sent.
func (c *conn) admit(ctx context.Context, query string, args []driver.NamedValue) error {
	switch classify(query) {
	case refused:
		return refuse(query)
	case savepointRollback:
		// Undoes no viewer, since that was set before BEGIN; but nothing is trusted after it.
		c.forget()
	case ordinary:
	}
	if err := c.ready(ctx); err != nil {
		return err
	}
	if c.hooks.statement != nil {
		c.hooks.statement(ctx, query)
	}
	if c.hooks.arguments != nil {
		c.hooks.arguments(ctx, query, args)
	}
	return nil
}

// ready brings the session to the context's viewer.
func (c *conn) ready(ctx context.Context) error {
	want, err := settingsFrom(ctx)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	switch {
	case c.broken:
		return driver.ErrBadConn
	case c.reading:
		return ErrRowsOpen
	case c.viewer == want:
		return nil
	case c.inTx:
		return ErrViewerChanged
	}
	return c.become(ctx, want)
}

// settle notes how a statement ended. The connection of a cancelled one is given up: the request to cancel
// travels on its own connection and could hit the statement after.
func (c *conn) settle(ctx context.Context, err error) {
	if err != nil {
		c.forget()
	}
	if ctx.Err() != nil {
		c.forget()
		c.broken = true
	}
}

// forget makes the session's viewer unknown, inside a transaction as soon as that is over.
func (c *conn) forget() {
	if c.inTx {
		c.doubt = true
		return
	}
	c.viewer = settings{}
}

// BeginTx begins a transaction that belongs to the context's viewer.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	tx, err := c.inner.BeginTx(ctx, opts)
	c.settle(ctx, err)
	if err != nil {
		return nil, err
	}
	c.inTx, c.doubt = true, false
	return &transaction{inner: tx, conn: c}, nil
}

// Begin is refused: it has no context that could carry a viewer.
func (c *conn) Begin() (driver.Tx, error) { return nil, ErrNoViewer }

// Prepare is refused: it has no context that could carry a viewer.
func (c *conn) Prepare(string) (driver.Stmt, error) { return nil, ErrNoViewer }

// Ping asks whether the database answers; it needs no viewer.
func (c *conn) Ping(ctx context.Context) error {
	if c.reading {
		return ErrRowsOpen
	}
	err := c.inner.Ping(ctx)
	c.settle(ctx, err)
	return err
}

// CheckNamedValue converts an argument as lib/pq does.
func (c *conn) CheckNamedValue(v *driver.NamedValue) error { return c.inner.CheckNamedValue(v) }

// ResetSession tells whether the connection may serve the next caller; it needs no viewer.
func (c *conn) ResetSession(ctx context.Context) error {
	if !c.IsValid() {
		return driver.ErrBadConn
	}
	return c.inner.ResetSession(ctx)
}

// IsValid tells whether the connection may go back to the pool.
func (c *conn) IsValid() bool { return !c.broken && !c.inTx && !c.reading && c.inner.IsValid() }

// Close ends the session, and with it the statements prepared in it.
func (c *conn) Close() error { return c.inner.Close() }

// transaction ends the transaction of a connection.
type transaction struct {
	inner driver.Tx
	conn  *conn
}

func (t *transaction) Commit() error {
	err := t.inner.Commit()
	t.conn.ended(err == nil)
	return err
}

func (t *transaction) Rollback() error {
	err := t.inner.Rollback()
	t.conn.ended(false)
	if err != nil {
		t.conn.broken = true
	}
	return err
}

// ended notes the end of a transaction; the viewer stays known only if nothing went wrong in it.
func (c *conn) ended(cleanly bool) {
	c.inTx = false
	if c.doubt || !cleanly {
		c.forget()
	}
}
