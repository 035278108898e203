package page

import (
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/place"
)

// Parents are the things whose lists are asked for, one or many.
type Parents struct {
	n int
	// arrays are the parents' keys as columns; names are what a row of them calls these.
	arrays []any
	types  []string
	names  []string
	// match ties a row of the list to the parent whose keys stand in the given expressions.
	match func(s *sql.Selector, keys []sqlValue)
}

// sqlValue is a key in a statement: a parameter, or a column of the parents' row.
type sqlValue struct {
	column string
	value  any
}

func (v sqlValue) compare(column, op string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.Ident(column).WriteString(" " + op + " ")
		if v.column != "" {
			b.WriteString(v.column)
			return
		}
		b.Arg(v.value)
	})
}

// ByColumn are parents to which the rows point with a column.
func ByColumn(column string, keys ...uuid.UUID) Parents {
	return Parents{
		n: len(keys), arrays: []any{keys}, types: []string{"uuid"}, names: []string{"key"},
		match: func(s *sql.Selector, keys []sqlValue) {
			s.Where(keys[0].compare(s.C(column), "="))
		},
	}
}

// ByCode are divisions to which the rows point with a code.
func ByCode(column string, codes ...place.Code) Parents {
	keys := make([]int64, len(codes))
	for i, c := range codes {
		keys[i] = int64(c)
	}
	p := ByColumn(column)
	p.n, p.arrays, p.types = len(keys), []any{keys}, []string{"bigint"}
	return p
}

// Area is a division as the root of a list.
type Area struct {
	Code  place.Code
	Level place.Level
}

// ancestorColumn names the column that holds a row's ancestor of a level; none for the levels that are
// small enough to be read by their range of codes, and none for the nation, which everything lies in.
var ancestorColumn = map[place.Level]string{
	place.LevelProvince: "province_code",
	place.LevelCity:     "city_code",
	place.LevelCounty:   "county_code",
}

// ByArea are divisions in and below which the rows lie. Row-level security decides what is seen; the condition made here
// lets the database find it quickly. Lists in tree order (inTreeOrder) run along the codes, for which a range serves
// best; lists in other orders want the equality of an ancestor.
func ByArea(inTreeOrder bool, areas ...Area) Parents {
	lo, hi := make([]int64, len(areas)), make([]int64, len(areas))
	level := place.Level("")
	for i, a := range areas {
		l, h := a.Code.Range()
		lo[i], hi[i] = int64(l), int64(h)
		if i > 0 && a.Level != level {
			inTreeOrder = true // mixed levels have no ancestor column in common
		}
		level = a.Level
	}
	column := ancestorColumn[level]
	return Parents{
		n: len(areas), arrays: []any{lo, hi}, types: []string{"bigint", "bigint"}, names: []string{"lo", "hi"},
		match: func(s *sql.Selector, keys []sqlValue) {
			switch {
			case !inTreeOrder && column != "":
				s.Where(keys[0].compare(s.C(column), "="))
			case !inTreeOrder && level == place.LevelNation:
			default:
				s.Where(keys[0].compare(s.C("code"), ">="))
				s.Where(keys[1].compare(s.C("code"), "<"))
			}
		},
	}
}

// only are the keys of the one parent, as parameters.
func (p Parents) only() []sqlValue {
	out := make([]sqlValue, len(p.arrays))
	for i, array := range p.arrays {
		switch a := array.(type) {
		case []uuid.UUID:
			out[i].value = a[0]
		case []int64:
			out[i].value = a[0]
		}
	}
	return out
}

// columns are the keys of the parent in the row d.
func (p Parents) columns() []sqlValue {
	out := make([]sqlValue, len(p.names))
	for i, name := range p.names {
		out[i].column = "d." + name
	}
	return out
}

// rows writes the parents as rows d, numbered from 1 in d.n.
func (p Parents) rows(b *sql.Builder) {
	b.WriteString("unnest(")
	for i, array := range p.arrays {
		if i > 0 {
			b.Comma()
		}
		b.Arg(pq.Array(array)).WriteString("::" + p.types[i] + "[]")
	}
	b.WriteString(") WITH ORDINALITY AS d(")
	for _, name := range p.names {
		b.WriteString(name + ", ")
	}
	b.WriteString("n)")
}

// ByEither are parents to which the rows point with one of two columns.
func ByEither(one, other string, keys ...uuid.UUID) Parents {
	p := ByColumn(one, keys...)
	p.match = func(s *sql.Selector, keys []sqlValue) {
		s.Where(sql.Or(keys[0].compare(s.C(one), "="), keys[0].compare(s.C(other), "=")))
	}
	return p
}
