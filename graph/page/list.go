package page

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
)

// Entity tells how rows of a table are read.
type Entity[T any] struct {
	client *gen.Client
	table  string
	load   func(context.Context, func(*sql.Selector)) ([]*T, error)
	id     func(*T) uuid.UUID
	extra  func(*T, string) (any, error)
}

// Query is a list: which rows, in which order, and below which parents.
type Query[T any] struct {
	Entity  Entity[T]
	Parents Parents
	Order   Order[T]
	Where   []func(*sql.Selector)
}

// Pages answers one page for each parent, in their order, with one statement for all.
func (q Query[T]) Pages(ctx context.Context, a Args) ([]*Connection[T], error) {
	w, err := read(a, q.Order)
	if err != nil {
		return nil, err
	}
	out := make([]*Connection[T], q.Parents.n)
	groups := make([][]*T, q.Parents.n)
	switch q.Parents.n {
	case 0:
		return nil, nil
	case 1:
		groups[0], err = q.Entity.load(ctx, func(s *sql.Selector) { q.window(s, q.Parents.only(), w) })
	default:
		err = q.loadMany(ctx, w, groups)
	}
	if err != nil {
		return nil, err
	}
	totals := sync.OnceValues(func() ([]int, error) { return q.count(ctx) })
	for i, rows := range groups {
		out[i] = q.connection(rows, w)
		out[i].total = func(context.Context) (int, error) {
			counts, err := totals()
			if err != nil {
				return 0, err
			}
			return counts[i], nil
		}
	}
	return out, nil
}

// Page answers the page of the one parent.
func (q Query[T]) Page(ctx context.Context, a Args) (*Connection[T], error) {
	pages, err := q.Pages(ctx, a)
	if err != nil {
		return nil, err
	}
	return pages[0], nil
}

// window narrows a selection to the rows of one page and one more.
func (q Query[T]) window(s *sql.Selector, parent []sqlValue, w window) {
	q.filter(s, parent)
	if w.from != nil {
		q.Order.beyond(s, *w.from, w.reverse)
	}
	q.Order.sort(s, w.reverse)
	s.Limit(w.size + 1)
}

func (q Query[T]) filter(s *sql.Selector, parent []sqlValue) {
	q.Parents.match(s, parent)
	for _, where := range q.Where {
		where(s)
	}
}

// loadMany reads the windows of many parents at once: a lateral sub-query finds the keys of each window by the
// order's index, the rows are read by key.
func (q Query[T]) loadMany(ctx context.Context, w window, groups [][]*T) error {
	rows, err := q.Entity.load(ctx, func(s *sql.Selector) {
		keys := sql.Dialect(dialect.Postgres).Select("id").From(sql.Table(q.Entity.table))
		q.window(keys, q.Parents.columns(), w)
		s.Prefix(sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("WITH page AS MATERIALIZED (SELECT d.n, x.id FROM ")
			q.Parents.rows(b)
			b.WriteString(" CROSS JOIN LATERAL ")
			b.Wrap(func(b *sql.Builder) { b.Join(keys) })
			b.WriteString(" AS x)")
		}))
		page := sql.Table("page")
		s.Join(page).On(s.C("id"), page.C("id"))
		s.AppendSelect(page.C("n"))
		q.Order.sort(s, w.reverse)
	})
	if err != nil {
		return err
	}
	for _, row := range rows {
		n, err := q.Entity.extra(row, "n")
		if err != nil {
			return err
		}
		i, ok := n.(int64)
		if !ok || i < 1 || int(i) > len(groups) {
			return fmt.Errorf("page: a row of no parent: %v", n)
		}
		groups[i-1] = append(groups[i-1], row)
	}
	return nil
}

// connection makes the page of the rows found, of which there may be one too many.
func (q Query[T]) connection(rows []*T, w window) *Connection[T] {
	more := len(rows) > w.size
	if more {
		rows = rows[:w.size]
	}
	info := &Info{HasNextPage: more, HasPreviousPage: w.from != nil}
	if w.reverse {
		slices.Reverse(rows)
		info.HasNextPage, info.HasPreviousPage = w.from != nil, more
	}
	c := &Connection[T]{Edges: make([]*Edge[T], len(rows)), PageInfo: info}
	for i, row := range rows {
		p := position{id: q.Entity.id(row)}
		if q.Order.number != nil {
			p.number = q.Order.number(row)
		}
		c.Edges[i] = &Edge[T]{Node: row, Cursor: q.Order.cursor(p)}
	}
	if len(rows) > 0 {
		info.StartCursor, info.EndCursor = &c.Edges[0].Cursor, &c.Edges[len(rows)-1].Cursor
	}
	return c
}

// count counts the whole list of each parent, with one statement for all.
func (q Query[T]) count(ctx context.Context) ([]int, error) {
	rows := sql.Dialect(dialect.Postgres).Select(sql.Count("*")).From(sql.Table(q.Entity.table))
	var text string
	var args []any
	if q.Parents.n == 1 {
		q.filter(rows, q.Parents.only())
		text, args = rows.Query()
		text = "SELECT 1, c.count FROM (" + text + ") AS c"
	} else {
		q.filter(rows, q.Parents.columns())
		text, args = statement(func(b *sql.Builder) {
			b.WriteString("SELECT d.n, x.count FROM ")
			q.Parents.rows(b)
			b.WriteString(" CROSS JOIN LATERAL ")
			b.Wrap(func(b *sql.Builder) { b.Join(rows) })
			b.WriteString(" AS x")
		})
	}
	found, err := q.Entity.client.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("count %s: %w", q.Entity.table, err)
	}
	defer found.Close()
	counts := make([]int, q.Parents.n)
	for found.Next() {
		var i, n int
		if err := found.Scan(&i, &n); err != nil {
			return nil, fmt.Errorf("count %s: %w", q.Entity.table, err)
		}
		counts[i-1] = n
	}
	return counts, found.Err()
}

// statement writes a statement by hand, with numbered parameters.
func statement(write func(*sql.Builder)) (string, []any) {
	var b sql.Builder
	b.SetDialect(dialect.Postgres)
	write(&b)
	return b.Query()
}
