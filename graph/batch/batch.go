// Package batch loads what belongs to many rows at once, so that a list costs as many statements for a hundred rows as for one.
//
// Rows that came from one statement are siblings. When a field of one is asked for, it is loaded for all of them, and
// its siblings, which are about to ask for the same, find it there. Nothing waits for a timer to gather keys, so the
// number of statements is always the same. The registry of siblings lives as long as one request. Imports nothing of ours.
package batch

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// Registry remembers within one request which rows are siblings.
type Registry struct {
	mu     sync.Mutex
	groups map[any]*group
}

// group are the rows of one statement, as a []*T.
type group struct {
	rows   any
	mu     sync.Mutex
	fields map[string]*cell
}

// cell is a field of all rows of a group, loaded once.
type cell struct {
	once   sync.Once
	values any
	err    error
}

type contextKey struct{}

// NewContext gives a request its registry.
func NewContext(ctx context.Context) context.Context {
	return context.WithValue(ctx, contextKey{}, &Registry{groups: map[any]*group{}})
}

func from(ctx context.Context) *Registry {
	r, _ := ctx.Value(contextKey{}).(*Registry)
	return r
}

// Siblings notes that rows came from one statement. A row that is known already keeps its siblings.
func Siblings[T any](ctx context.Context, rows []*T) {
	r := from(ctx)
	if r == nil || len(rows) < 2 {
		return
	}
	g := &group{rows: rows}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, row := range rows {
		if _, known := r.groups[row]; !known {
			r.groups[row] = g
		}
	}
}

// of finds the row's siblings, the row among them.
func of[T any](ctx context.Context, row *T) *group {
	r := from(ctx)
	if r == nil {
		return &group{rows: []*T{row}}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	g, known := r.groups[row]
	if !known {
		g = &group{rows: []*T{row}}
		r.groups[row] = g
	}
	return g
}

// Field answers a field of one row, loading it for all its siblings when the first of them asks. The load is told the rows and
// answers a value for each that has one.
//
// A field may stand in a query several times with other arguments; each has a response name of its own, by which they are told apart.
func Field[T, V any](ctx context.Context, row *T, load func(ctx context.Context, rows []*T) (map[*T]V, error)) (V, error) {
	fc := graphql.GetFieldContext(ctx)
	return Shared(ctx, row, "field "+fc.Field.ObjectDefinition.Name+"."+fc.Field.Alias, load)
}

// Shared is Field for something that several fields are made from; they name it alike.
func Shared[T, V any](ctx context.Context, row *T, name string, load func(ctx context.Context, rows []*T) (map[*T]V, error)) (V, error) {
	g := of(ctx, row)
	c := g.cell(name)
	c.once.Do(func() {
		var values map[*T]V
		values, c.err = load(ctx, g.rows.([]*T))
		c.values = values
	})
	if c.err != nil {
		var none V
		return none, c.err
	}
	return c.values.(map[*T]V)[row], nil
}

func (g *group) cell(name string) *cell {
	g.mu.Lock()
	defer g.mu.Unlock()
	c, ok := g.fields[name]
	if !ok {
		c = &cell{}
		if g.fields == nil {
			g.fields = map[string]*cell{}
		}
		g.fields[name] = c
	}
	return c
}
