package page

import (
	"encoding/base64"
	"encoding/binary"
	"errors"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
)

// Order is how a list is sorted: by a number column, or none, and then by id, which makes it total.
type Order[T any] struct {
	// name stands in cursors, so that one of another order is not accepted.
	name byte
	// column is the number column; empty to sort by id alone, which is the order of entry.
	column string
	desc   bool
	number func(*T) int64
}

// ByNumber sorts by a column that number reads, rising, and then by id. Name is one letter, not used by another order of T.
func ByNumber[T any](name byte, column string, number func(*T) int64) Order[T] {
	return Order[T]{name: name, column: column, number: number}
}

// Newest sorts by the time of entry, the latest first.
func Newest[T any]() Order[T] { return Order[T]{name: 'n', desc: true} }

// position is a row's place in an order.
type position struct {
	number int64
	id     uuid.UUID
}

var errCursor = errors.New("malformed cursor")

const cursorSize = 1 + 8 + 16

func (o Order[T]) cursor(p position) string {
	var b [cursorSize]byte
	b[0] = o.name
	binary.BigEndian.PutUint64(b[1:9], uint64(p.number))
	copy(b[9:], p.id[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func (o Order[T]) parse(cursor string) (position, error) {
	if base64.RawURLEncoding.DecodedLen(len(cursor)) != cursorSize {
		return position{}, errCursor
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || b[0] != o.name {
		return position{}, errCursor
	}
	p := position{number: int64(binary.BigEndian.Uint64(b[1:9]))}
	copy(p.id[:], b[9:])
	return p, nil
}

// sort orders a selection; reverse turns it round, for a page from the end.
func (o Order[T]) sort(s *sql.Selector, reverse bool) {
	direction := sql.Asc
	if o.desc != reverse {
		direction = sql.Desc
	}
	if o.column != "" {
		s.OrderBy(direction(s.C(o.column)))
	}
	s.OrderBy(direction(s.C("id")))
}

// beyond keeps the rows past a position, in the direction of the page.
func (o Order[T]) beyond(s *sql.Selector, p position, reverse bool) {
	columns, values := []string{s.C("id")}, []any{p.id}
	if o.column != "" {
		columns, values = []string{s.C(o.column), s.C("id")}, []any{p.number, p.id}
	}
	if o.desc != reverse {
		s.Where(sql.CompositeLT(columns, values...))
	} else {
		s.Where(sql.CompositeGT(columns, values...))
	}
}
