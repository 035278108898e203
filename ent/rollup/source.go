package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// database is what sums are read from; the client of ent is one.
type database interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// question is what a source is asked.
type question struct {
	areas
	period Period
	want   Want
}

// source answers one group of measures: it puts those of every area of the question into the sheet, which holds Measures for each,
// in one statement.
type source interface {
	add(ctx context.Context, db database, q question, sums sheet) error
}

// sourcesFor are the sources that together answer what the question wants.
func sourcesFor(q question) []source {
	groups := [...]struct {
		answers Want
		source  source
	}{
		{WantStations, records{"stations", stationsSQL, stationsArgs, readStations}},
		{WantMandates | WantDeputies, records{"mandates", mandatesSQL, mandatesArgs, readMandates}},
		{WantPostings | WantDeputiesPosted, records{"postings", postingsSQL, postingsArgs, readPostings}},
		{WantCoverage, records{"places", placesSQL, lastDay, readPlaces}},
		{WantCoverage, records{"constituencies", constituenciesSQL, lastDay, readConstituencies}},
	}
	var out []source
	for _, g := range groups {
		if q.want.any(g.answers) {
			out = append(out, g.source)
		}
	}
	return out
}

// sum asks all sources.
func sum(ctx context.Context, db database, q question, sums sheet) error {
	for _, s := range sourcesFor(q) {
		if err := s.add(ctx, db, q, sums); err != nil {
			return err
		}
	}
	return nil
}

// records counts the records themselves: a report, its arguments after the areas, and what to do with a row of the answer.
type records struct {
	name string
	sql  string
	args func(question) []any
	read func(*sql.Rows, sheet) error
}

func (r records) add(ctx context.Context, db database, q question, sums sheet) error {
	args := append(q.areaArgs(), r.args(q)...)
	err := each(ctx, db, q.statement(r.sql), args, func(rows *sql.Rows) error { return r.read(rows, sums) })
	if err != nil {
		return fmt.Errorf("sum of %s: %w", r.name, err)
	}
	return nil
}

// each hands the rows of an answer to read, one after the other.
func each(ctx context.Context, db database, query string, args []any, read func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	for rows.Next() {
		if err := read(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

//go:embed sql/stations.sql
var stationsSQL string

func stationsArgs(q question) []any { return []any{q.period.last(), q.period.first()} }

func readStations(rows *sql.Rows, sums sheet) error {
	var (
		code           place.Code
		open           = make([]int, len(kind.Stations))
		opened, closed int
	)
	if err := rows.Scan(columns(&code, open, &opened, &closed)...); err != nil {
		return err
	}
	m := sums[code]
	m.StationsByKind = named(kind.Stations, open)
	m.OnlineStations = m.StationsByKind[kind.StationOnline]
	m.Stations = total(open) - m.OnlineStations
	m.StationsOpened, m.StationsClosed = opened, closed
	return nil
}

//go:embed sql/mandates.sql
var mandatesSQL string

func mandatesArgs(q question) []any { return []any{q.period.last(), q.want.any(WantDeputies)} }

func readMandates(rows *sql.Rows, sums sheet) error {
	var (
		code     place.Code
		onRoll   = make([]int, len(kind.CongressLevels))
		deputies int
	)
	if err := rows.Scan(columns(&code, onRoll, &deputies)...); err != nil {
		return err
	}
	m := sums[code]
	m.MandatesByLevel, m.Mandates, m.Deputies = named(kind.CongressLevels, onRoll), total(onRoll), deputies
	return nil
}

//go:embed sql/postings.sql
var postingsSQL string

func postingsArgs(q question) []any { return []any{q.period.last(), q.want.any(WantDeputiesPosted)} }

func readPostings(rows *sql.Rows, sums sheet) error {
	var (
		code               place.Code
		postings, deputies int
	)
	if err := rows.Scan(&code, &postings, &deputies); err != nil {
		return err
	}
	m := sums[code]
	m.Postings, m.DeputiesPosted = postings, deputies
	return nil
}

//go:embed sql/places.sql
var placesSQL string

func lastDay(q question) []any { return []any{q.period.last()} }

func readPlaces(rows *sql.Rows, sums sheet) error {
	var (
		code place.Code
		c    Coverage
	)
	if err := rows.Scan(&code, &c.Townships, &c.TownshipsCovered, &c.Villages, &c.VillagesCovered); err != nil {
		return err
	}
	of := &sums[code].Coverage
	of.Townships, of.TownshipsCovered, of.Villages, of.VillagesCovered = c.Townships, c.TownshipsCovered, c.Villages, c.VillagesCovered
	return nil
}

//go:embed sql/constituencies.sql
var constituenciesSQL string

func readConstituencies(rows *sql.Rows, sums sheet) error {
	var (
		code            place.Code
		drawn, unserved int
	)
	if err := rows.Scan(&code, &drawn, &unserved); err != nil {
		return err
	}
	of := &sums[code].Coverage
	of.Constituencies, of.ConstituenciesCovered = drawn, drawn-unserved
	return nil
}

// columns lists where the columns of a row go: the area's code, a count for each word of a vocabulary in its order, and the rest.
func columns(code *place.Code, counts []int, rest ...any) []any {
	out := append(make([]any, 0, 1+len(counts)+len(rest)), code)
	for i := range counts {
		out = append(out, &counts[i])
	}
	return append(out, rest...)
}

// named tells the counts by the words of the vocabulary; a count of nothing is left out.
func named[T ~string](words []T, counts []int) map[T]int {
	out := make(map[T]int, len(words))
	for i, w := range words {
		if counts[i] != 0 {
			out[w] = counts[i]
		}
	}
	return out
}

func total(counts []int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}
