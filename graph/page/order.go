package page

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
)

// Order is how a list is sorted: by a column of numbers or days, or none, and then by id, which makes it total.
type Order[T any] struct {
	// name stands in cursors, so that one of another order is not accepted.
	name byte
	// column is the column; empty to sort by id alone, which is the order of entry.
	column string
	desc   bool
	// number is a row's place by the column.
	number func(*T) int64
	// days: the numbers are days, and a row without one comes last. full: there are no rows without one.
	days, full bool
}

// ByNumber sorts by a column that number reads, rising, and then by id. Name is one letter, not used by another order of T.
func ByNumber[T any](name byte, column string, number func(*T) int64) Order[T] {
	return Order[T]{name: name, column: column, number: number}
}

// ByDay sorts by a column of days that day reads, the earliest first and rows without one last, and then by id. Name is as with ByNumber.
func ByDay[T any](name byte, column string, day func(*T) *time.Time) Order[T] {
	return Order[T]{name: name, column: column, days: true, number: func(row *T) int64 {
		if d := day(row); d != nil {
			return d.Unix() / secondsOfDay
		}
		return noDay
	}}
}

// ByEveryDay is ByDay for a column that holds a day in every row.
func ByEveryDay[T any](name byte, column string, day func(*T) time.Time) Order[T] {
	o := ByDay(name, column, func(row *T) *time.Time { d := day(row); return &d })
	o.full = true
	return o
}

// ByLatestDay is ByEveryDay with the latest day first.
func ByLatestDay[T any](name byte, column string, day func(*T) time.Time) Order[T] {
	o := ByEveryDay(name, column, day)
	o.desc = true
	return o
}

const (
	secondsOfDay = 24 * 60 * 60
	// noDay is the place of a row without a day, lastDay the last one that a day of four-digit years may have.
	noDay   = math.MaxInt64
	lastDay = 2_932_896
)

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
	if o.days && p.number != noDay && (p.number < 0 || p.number > lastDay) {
		return position{}, errCursor
	}
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
	compare := sql.CompositeGT
	if o.desc != reverse {
		compare = sql.CompositeLT
	}
	id, column := s.C("id"), s.C(o.column)
	switch {
	case o.column == "":
		s.Where(compare([]string{id}, p.id))
	case !o.days:
		s.Where(compare([]string{column, id}, p.number, p.id))
	case p.number != noDay:
		day := time.Unix(p.number*secondsOfDay, 0).UTC().Format(time.DateOnly)
		past := compare([]string{column, id}, day, p.id)
		if !reverse && !o.full {
			past = sql.Or(past, sql.IsNull(column))
		}
		s.Where(past)
	case reverse:
		s.Where(sql.Or(sql.NotNull(column), compare([]string{id}, p.id)))
	default:
		s.Where(sql.And(sql.IsNull(column), compare([]string{id}, p.id)))
	}
}
