package rollup

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/place"
)

// byName finds the columns of records of work by their names in the database.
var byName = func() map[string]column {
	out := map[string]column{}
	for c, of := range tallies {
		if of.name != "" {
			out[of.name] = column(c)
		}
	}
	return out
}()

// movable are the measures that records of work which lie elsewhere now make up by the tree of the time (按当时区划): those of visit days, activities,
// attendances, figures and opinions. Stations, the roster and points are counted where they are.
var movable = func() Set {
	var s Set
	for c, of := range tallies {
		switch of.source {
		case fromVisitDays, fromActivities, fromFigures, fromAttendances, fromOpinions, fromDeputiesAttended:
			s.of[c] = true
		}
	}
	return s
}()

// Then answers by how much sums by the tree of the time differ from those by the tree as it is: to be added to what Self and Rows answer for
// the same divisions and days. Codes are those of the time; one need not be that of a division any more, but lies in the viewer's area,
// as those whose work was moved away from there still see its sums. Divisions whose sums do not differ are left out.
//
// A record counts where it was written, whatever its day; overdue opinions are those that are marked.
func Then(ctx context.Context, c database, divisions []place.Code, p Period, want Set) (map[place.Code]*Sums, error) {
	codes := make(pq.Int64Array, len(divisions))
	for i, code := range divisions {
		codes[i] = int64(code)
	}
	out := map[place.Code]*Sums{}
	err := each(ctx, c, `SELECT code, measure, n FROM sums_then($1, $2, $3)`, []any{codes, p.first(), p.last()}, func(rows *sql.Rows) error {
		var (
			code    place.Code
			measure string
			n       int64
		)
		if err := rows.Scan(&code, &measure, &n); err != nil {
			return err
		}
		of, known := byName[measure]
		if !known {
			return fmt.Errorf("%q is no column", measure)
		}
		if !want.of[of] || !movable.of[of] {
			return nil
		}
		if out[code] == nil {
			out[code] = &Sums{}
		}
		out[code].n[of] += n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("sums by the tree of the time: %w", err)
	}
	return out, nil
}

// Add adds other sums to these, measure by measure: for sums of places that lie beside each other, and for the corrections that Then answers.
func (s *Sums) Add(other *Sums) {
	if other == nil {
		return
	}
	for i, n := range other.n {
		s.n[i] += n
	}
}
