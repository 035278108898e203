package seed

import (
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/workflow"
)

// column is a column of a table and how a row of T fills it.
type column[T any] struct {
	name string
	put  func(*lines, T)
}

// table is a table and how rows of T fill it. Columns that it does not name take the database's defaults.
type table[T any] struct {
	name    string
	columns []column[T]
}

// recorded is a row with a record.
type recorded interface{ rec() *record }

func (r *record) rec() *record { return r }

// tableOf describes a table by its own columns, after those that all have: key, times and place. The place is the
// division's, so the codes of a row are always those of a place of the tree.
func tableOf[T recorded](name string, own ...column[T]) table[T] {
	ancestor := func(name string, of func(*division) place.Code) column[T] {
		return column[T]{name, func(l *lines, t T) {
			if c := of(t.rec().in); c != place.Nation {
				l.number(int64(c))
			} else {
				l.null()
			}
		}}
	}
	return table[T]{name, append([]column[T]{
		{"id", func(l *lines, t T) { l.uuid(t.rec().id) }},
		{"created_at", func(l *lines, t T) { l.moment(t.rec().at) }},
		{"updated_at", func(l *lines, t T) { l.moment(later(t.rec().at, t.rec().changed)) }},
		{"code", func(l *lines, t T) { l.number(int64(t.rec().in.code)) }},
		ancestor("province_code", func(d *division) place.Code { return d.province }),
		ancestor("city_code", func(d *division) place.Code { return d.city }),
		ancestor("county_code", func(d *division) place.Code { return d.county }),
		ancestor("township_code", func(d *division) place.Code { return d.township }),
	}, own...)}
}

// Columns of the common types.

func text[T any, S ~string](name string, of func(T) S) column[T] {
	return column[T]{name, func(l *lines, t T) { l.str(string(of(t))) }}
}

func textOrNull[T any, S ~string](name string, of func(T) S) column[T] {
	return column[T]{name, func(l *lines, t T) { l.strOrNull(string(of(t))) }}
}

func number[T any, N ~int | ~int64](name string, of func(T) N) column[T] {
	return column[T]{name, func(l *lines, t T) { l.number(int64(of(t))) }}
}

func boolean[T any](name string, of func(T) bool) column[T] {
	return column[T]{name, func(l *lines, t T) { l.boolean(of(t)) }}
}

// moment writes the zero time as null.
func moment[T any](name string, of func(T) time.Time) column[T] {
	return column[T]{name, func(l *lines, t T) {
		if at := of(t); !at.IsZero() {
			l.moment(at)
		} else {
			l.null()
		}
	}}
}

// day writes the zero time as null.
func day[T any](name string, of func(T) time.Time) column[T] {
	return column[T]{name, func(l *lines, t T) { l.day(of(t)) }}
}

// floatOrNull writes nothing where known is false.
func floatOrNull[T any](name string, of func(T) (f float64, known bool)) column[T] {
	return column[T]{name, func(l *lines, t T) {
		if f, known := of(t); known {
			l.float(f)
		} else {
			l.null()
		}
	}}
}

// ref is a reference to another row; ids answers the nil UUID for none.
func ref[T any](name string, of func(T) uuid.UUID) column[T] {
	return column[T]{name, func(l *lines, t T) { l.uuid(of(t)) }}
}

// idOf is the key of a row that may be missing.
func idOf[T any, P interface {
	*T
	recorded
}](row P,
) uuid.UUID {
	if row == nil {
		return uuid.Nil
	}
	return row.rec().id
}

// divisionID refers to the row's own division.
func divisionID[T recorded]() column[T] {
	return ref("division_id", func(t T) uuid.UUID { return t.rec().in.id })
}

// searchKey is what a row is found by.
type searchKey struct {
	key string
	id  uuid.UUID
	in  *division
}

func keyTable(name, reference string) table[searchKey] {
	return table[searchKey]{name, []column[searchKey]{
		text("key", func(k searchKey) string { return k.key }),
		ref(reference, func(k searchKey) uuid.UUID { return k.id }),
		number("code", func(k searchKey) place.Code { return k.in.code }),
	}}
}

func maskedPhone(d *deputy) string { return masked(d.phone) }

func masked(phone string) string {
	if phone == "" {
		return ""
	}
	return workflow.MaskPhone(phone)
}
