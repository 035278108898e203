package page

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/archive"
)

// The time line of a duty archive.
//
//nolint:revive // one sentence for both
type (
	DutyArchiveEntryConnection = Connection[archive.Entry]
	DutyArchiveEntryEdge       = Edge[archive.Entry]
)

// Rows answers a page of rows that are at hand, in the order of a number and a key that tell them apart. Name stands in the cursors, as
// with ByNumber.
func Rows[T any](rows []*T, name byte, place func(*T) (int64, uuid.UUID), a Args) (*Connection[T], error) {
	order := Order[T]{name: name}
	w, err := read(a, order)
	if err != nil {
		return nil, err
	}
	at := func(row *T) position {
		number, id := place(row)
		return position{number, id}
	}
	sorted := slices.SortedFunc(slices.Values(rows), func(a, b *T) int { return at(a).compare(at(b)) })
	if w.reverse {
		slices.Reverse(sorted)
	}
	page := sorted
	if w.from != nil {
		page = slices.DeleteFunc(slices.Clone(page), func(row *T) bool {
			c := at(row).compare(*w.from)
			return c == 0 || (c < 0) != w.reverse
		})
	}
	q := Query[T]{Order: order}
	q.Order.number = func(row *T) int64 { return at(row).number }
	q.Entity.id = func(row *T) uuid.UUID { return at(row).id }
	c := q.connection(slices.Clone(page[:min(len(page), w.size+1)]), w)
	c.total = func(context.Context) (int, error) { return len(rows), nil }
	return c, nil
}

func (p position) compare(other position) int {
	return cmp.Or(cmp.Compare(p.number, other.number), bytes.Compare(p.id[:], other.id[:]))
}
