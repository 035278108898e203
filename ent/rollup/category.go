package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"strings"
)

//go:embed sql/categories.sql
var categoriesSQL string

// categoryQuestion asks for the sums of opinions that are kept by category: columns over spans of whole months, for areas of one level above the county.
type categoryQuestion struct {
	areas
	spans
	columns []column
}

// add puts the sums by uppermost category into the sheet; at are the places of the spans in the list of all.
func (q categoryQuestion) add(ctx context.Context, db database, at []int, sums sheet) error {
	if len(q.columns) == 0 {
		return nil
	}
	var names, totals []string
	for _, c := range q.columns {
		name := tallies[c].name
		names = append(names, name)
		totals = append(totals, fmt.Sprintf("coalesce(sum(x.%s), 0)::bigint", name))
	}
	query := strings.NewReplacer("{columns}", strings.Join(names, ", "), "{sums}", strings.Join(totals, ", ")).Replace(categoriesSQL)
	err := each(ctx, db, q.statement(query), append(q.areaArgs(), q.args()...), func(rows *sql.Rows) error {
		return readCell(rows, q.columns, at, sums)
	})
	if err != nil {
		return fmt.Errorf("sums that are kept by category: %w", err)
	}
	return nil
}
