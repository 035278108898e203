package page

import (
	"context"

	"github.com/google/uuid"
)

// Keyset is a page, forward alone, of a list that something else than a Query finds by a number and an id.
type Keyset struct {
	// Size is how many rows it has.
	Size int
	// Beyond tells that it begins beyond the row of Number and ID; without it, it begins at the start.
	Beyond bool
	Number int64
	ID     uuid.UUID
	name   byte
}

// ReadKeyset reads the arguments of such a list. Name is one letter, not used by another order of the same rows.
func ReadKeyset(first int, after *string, name byte) (Keyset, error) {
	w, err := read(Args{First: &first, After: after}, Order[struct{}]{name: name})
	if err != nil {
		return Keyset{}, err
	}
	k := Keyset{Size: w.size, name: name}
	if w.from != nil {
		k.Beyond, k.Number, k.ID = true, w.from.number, w.from.id
	}
	return k, nil
}

// Found makes the page of the rows that were found for it. More tells that there are others after them, total counts the whole list.
func Found[T any](k Keyset, rows []*T, more bool, total int, place func(*T) (int64, uuid.UUID)) *Connection[T] {
	order := Order[T]{name: k.name}
	c := &Connection[T]{
		Edges:    make([]*Edge[T], len(rows)),
		PageInfo: &Info{HasNextPage: more, HasPreviousPage: k.Beyond},
		total:    func(context.Context) (int, error) { return total, nil },
	}
	for i, row := range rows {
		number, id := place(row)
		c.Edges[i] = &Edge[T]{Node: row, Cursor: order.cursor(position{number, id})}
	}
	if n := len(rows); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c
}
