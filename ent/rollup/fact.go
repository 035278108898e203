package rollup

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// keeps tells whether sums of the areas are kept, and the viewer may read them: those of counties and above with all below them, of whom the
// viewer sees everything.
func (a areas) keeps(v *viewer.Viewer) bool {
	if a.own || a.level.Depth() > place.LevelCounty.Depth() {
		return false
	}
	for _, code := range a.codes {
		if lo, hi := code.Range(); v.Lo > lo || v.Hi < hi {
			return false
		}
	}
	return true
}

// factQuestion asks for sums that are kept: columns over spans of whole months, each for every area of one level.
type factQuestion struct {
	areas
	spans
	columns []column
}

// factSQL adds up the sums that are kept and what is not folded into them yet, in one statement, so that nothing is counted twice or missed. A balance
// is the total of all months less the changes of the months after the span. Sums are kept with all below the division, what is not folded at its own place.
//
// $1, $2  first code of each area, and the first one after it
// $3, $4  first and last day of each span
// $5      the month, quarter or year that each span is, if it is one
const factSQL = `
WITH area AS (SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS a (lo, hi)),
     span AS (SELECT * FROM unnest($3::date[], $4::date[], $5::text[]) WITH ORDINALITY AS s (first, last, name, n))
SELECT sums.lo, sums.n, {sums}
FROM (
    SELECT area.lo, span.n, {kept}
    FROM area CROSS JOIN span{laterals}
    UNION ALL
    SELECT area.lo, span.n, {pending}
    FROM area JOIN fact_delta t ON {area t} CROSS JOIN span
    GROUP BY area.lo, span.n
) sums
GROUP BY sums.lo, sums.n`

// The parts of factSQL by the sort of a column.
var factParts = map[sort]struct{ lateral, kept, pending string }{
	flow: {
		lateral: `
    CROSS JOIN LATERAL (SELECT {list} FROM fact f WHERE f.code = area.lo AND f.span = 'MONTH' AND f.starts BETWEEN span.first AND span.last) flow`,
		kept:    "sum(f.%[1]s)",
		pending: "t.span = 'MONTH' AND t.starts BETWEEN span.first AND span.last",
	},
	balance: {
		lateral: `
    CROSS JOIN LATERAL (SELECT {list} FROM fact f WHERE f.code = area.lo AND f.span IN ('MONTH', 'TOTAL') AND f.starts > span.last) balance`,
		kept:    "sum(CASE f.span WHEN 'TOTAL' THEN f.%[1]s ELSE -f.%[1]s END)",
		pending: "t.span = 'MONTH' AND t.starts <= span.last",
	},
	once: {
		lateral: `
    CROSS JOIN LATERAL (SELECT {list} FROM fact f WHERE f.code = area.lo AND f.span = span.name AND f.starts = span.first) once`,
		kept:    "sum(f.%[1]s)",
		pending: "t.span = span.name AND t.starts = span.first",
	},
}

// statement writes factSQL for the columns.
func (q factQuestion) statement() string {
	var sums, kept, pending []string
	lists := map[sort][]string{}
	for i, c := range q.columns {
		of := tallies[c]
		part := factParts[of.sort]
		name := fmt.Sprintf("c%d", i)
		lists[of.sort] = append(lists[of.sort], fmt.Sprintf(part.kept, of.name)+" AS "+name)
		sums = append(sums, fmt.Sprintf("coalesce(sum(sums.%s), 0)::bigint", name))
		kept = append(kept, name)
		pending = append(pending, fmt.Sprintf("sum(t.%s) FILTER (WHERE %s)", of.name, part.pending))
	}
	var laterals strings.Builder
	for _, s := range []sort{flow, balance, once} {
		if list := lists[s]; list != nil {
			laterals.WriteString(strings.Replace(factParts[s].lateral, "{list}", strings.Join(list, ", "), 1))
		}
	}
	filled := strings.NewReplacer("{sums}", strings.Join(sums, ", "), "{kept}", strings.Join(kept, ", "), "{pending}", strings.Join(pending, ", "),
		"{laterals}", laterals.String()).Replace(factSQL)
	return q.areas.statement(filled)
}

// add puts the sums into the sheet; at are the places of the spans in the list of all.
func (q factQuestion) add(ctx context.Context, db database, at []int, sums sheet) error {
	names := make(pq.StringArray, len(q.spans))
	for i, p := range q.spans {
		names[i] = p.span()
	}
	args := append(append(q.areaArgs(), q.args()...), names)
	err := each(ctx, db, q.statement(), args, func(rows *sql.Rows) error {
		var (
			key cellKey
			n   int
			row = make([]int64, len(q.columns))
		)
		into := []any{&key.area, &n}
		for i := range row {
			into = append(into, &row[i])
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		key.span = at[n-1]
		of := sums.at(key)
		for i, c := range q.columns {
			of.n[c] = row[i]
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sums that are kept: %w", err)
	}
	return nil
}
