package postgres

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// longestKept is the length in bytes of the longest statement that is kept prepared without being asked for:
// longer ones are bulk writes, hardly ever the same twice.
const longestKept = 16 << 10

// preparedStatement is what lib/pq's statements offer and the connector relies on.
type preparedStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// statementCache holds the prepared statements of one connection by their text, up to a limit.
type statementCache struct {
	limit  int
	byText map[string]*list.Element
	recent *list.List // of keptStatement, the most recently used first
}

type keptStatement struct {
	text string
	preparedStatement
}

func newStatementCache(limit int) *statementCache {
	return &statementCache{limit: limit, byText: make(map[string]*list.Element), recent: list.New()}
}

// get finds a statement, or returns nil.
func (s *statementCache) get(text string) preparedStatement {
	e, ok := s.byText[text]
	if !ok {
		return nil
	}
	s.recent.MoveToFront(e)
	return e.Value.(keptStatement).preparedStatement
}

// put adds a statement that is not there yet.
func (s *statementCache) put(text string, st preparedStatement) {
	s.byText[text] = s.recent.PushFront(keptStatement{text, st})
}

// take removes a statement; nil if it is not there.
func (s *statementCache) take(text string) preparedStatement {
	e, ok := s.byText[text]
	if !ok {
		return nil
	}
	delete(s.byText, text)
	return s.recent.Remove(e).(keptStatement).preparedStatement
}

// takeExcess removes the statement used longest ago if there is no room for one more; nil if there is.
func (s *statementCache) takeExcess() preparedStatement {
	if len(s.byText) < s.limit {
		return nil
	}
	return s.take(s.recent.Back().Value.(keptStatement).text)
}

// send sends a statement, prepared if it has arguments, and repeats it once if only its kept preparation was stale.
func send[T any](
	ctx context.Context, c *conn, query string, args []driver.NamedValue,
	plain func(context.Context, string, []driver.NamedValue) (T, error),
	prepared func(preparedStatement, context.Context, []driver.NamedValue) (T, error),
) (T, error) {
	if len(args) == 0 {
		return plain(ctx, query, args)
	}
	for {
		st := c.statements.get(query)
		kept := st != nil
		if !kept {
			if len(query) > longestKept {
				return plain(ctx, query, args)
			}
			var err error
			if st, err = c.prepare(ctx, query); err != nil {
				var none T
				return none, err
			}
		}
		out, err := prepared(st, ctx, args)
		if err == nil || !stale(err) {
			return out, err
		}
		// The statement failed before it ran. A transaction has failed with it, so there it is only dropped.
		c.drop(query)
		if !kept || c.inTx {
			return out, err
		}
	}
}

// stale tells whether a prepared statement no longer fits the database: a column it returns was changed
// ("cached plan must not change result type"), or it is gone.
func stale(err error) bool {
	return pq.As(err, pqerror.FeatureNotSupported, pqerror.InvalidSQLStatementName) != nil
}

// prepare prepares a statement that is not kept yet, and keeps it.
func (c *conn) prepare(ctx context.Context, query string) (preparedStatement, error) {
	if old := c.statements.takeExcess(); old != nil {
		if err := old.Close(); err != nil {
			return nil, fmt.Errorf("close a prepared statement: %w", err)
		}
	}
	st, err := c.prepareInner(ctx, query)
	if err != nil {
		return nil, err
	}
	c.statements.put(query, st)
	return st, nil
}

func (c *conn) prepareInner(ctx context.Context, query string) (preparedStatement, error) {
	st, err := c.inner.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	prepared, ok := st.(preparedStatement)
	if !ok {
		return nil, errors.Join(fmt.Errorf("statement of type %T lacks what the connector needs", st), st.Close())
	}
	return prepared, nil
}

// drop closes a kept statement. If that fails the connection is beyond use.
func (c *conn) drop(query string) {
	if st := c.statements.take(query); st != nil && st.Close() != nil {
		c.broken = true
	}
}

// PrepareContext checks a statement and keeps it prepared. What it returns is the text: each execution goes the
// way of any other statement and sets its own context's viewer.
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if classify(query) == refused {
		return nil, refuse(query)
	}
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	st := c.statements.get(query)
	if st == nil {
		var err error
		st, err = c.prepare(ctx, query)
		c.settle(ctx, err)
		if err != nil {
			return nil, err
		}
	}
	return &statement{conn: c, query: query, inputs: st.NumInput()}, nil
}

// statement is a statement prepared by the caller.
type statement struct {
	conn   *conn
	query  string
	inputs int
}

var _ preparedStatement = (*statement)(nil)

func (s *statement) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.QueryContext(ctx, s.query, args)
}

func (s *statement) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.conn.ExecContext(ctx, s.query, args)
}

// NumInput is the number of arguments.
func (s *statement) NumInput() int { return s.inputs }

// Close leaves the statement to its connection, which keeps it for the next caller.
func (s *statement) Close() error { return nil }

// Exec is refused: it has no context that could carry a viewer.
func (s *statement) Exec([]driver.Value) (driver.Result, error) { return nil, ErrNoViewer }

// Query is refused: it has no context that could carry a viewer.
func (s *statement) Query([]driver.Value) (driver.Rows, error) { return nil, ErrNoViewer }
