package rollup

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// formersSQL finds what divisions were.
//
// $1, $2  first code, and the first one after
// $3      level, if all of one are wanted
// $4      code of the parent, if all directly below are wanted
// $5      the day
const formersSQL = `SELECT code, level, name, stood FROM former_then($1, $2, $3, $4, $5)`

// withFormers adds the divisions of the time to those of today: those that stood on the last day, under their name then, and other codes that a division has
// had, where what was written may still count.
func (q Question) withFormers(ctx context.Context, db database, found []listed) ([]listed, error) {
	var level, parent any
	lo, hi := q.Division.Code.Range()
	switch {
	case q.By == ByChildren:
		parent = int64(lo)
	case levels[q.By] != "":
		level = string(levels[q.By])
	default:
		hi = lo + 1
	}
	at := make(map[place.Code]int, len(found))
	for i, d := range found {
		at[d.Code] = i
	}
	err := each(ctx, db, formersSQL, []any{int64(lo), int64(hi), level, parent, q.Period.last()}, func(r *sql.Rows) error {
		var (
			d     listed
			stood bool
		)
		if err := r.Scan(&d.Code, &d.Level, &d.name, &stood); err != nil {
			return err
		}
		i, known := at[d.Code]
		switch {
		case known:
			if stood {
				found[i].name = d.name
			}
		case levels[q.By] == "" || levels[q.By] == d.Level:
			d.lost = !stood
			found = append(found, d)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("former divisions in %s: %w", q.Division.Code, err)
	}
	slices.SortFunc(found, func(a, b listed) int { return cmp.Compare(a.Code, b.Code) })
	return found, nil
}

// Former is what a code in the viewer's area stood for on a day, or else the last that it stood for; nil when no division has lost it. Whoever sees no area is
// told of none.
func Former(ctx context.Context, c *gen.Client, code place.Code, on time.Time) (found *place.Named, err error) {
	if v := viewer.FromContext(ctx); v == nil || v.Kind != viewer.Area && v.Kind != viewer.System {
		return nil, nil
	}
	err = each(ctx, c, formersSQL, []any{int64(code), int64(code) + 1, nil, nil, on.Format(time.DateOnly)}, func(r *sql.Rows) error {
		found = &place.Named{}
		return r.Scan(&found.Code, &found.Level, &found.Name, new(bool))
	})
	if err != nil {
		return nil, fmt.Errorf("former division %s: %w", code, err)
	}
	return found, nil
}

// inSight takes the records in the viewer's area: an activity elsewhere is seen too when a station of the area takes part in it.
const inSight = "t.code >= (SELECT viewer_lo()) AND t.code < (SELECT viewer_hi())"

// placed finds the records that a part counts by the cell's tree. By that of the time they are those that lie in the area and did so when they were written,
// and those that were written there and lie elsewhere: an index holds just these. A person may be among both.
func (cell Cell) placed(part string, s source) string {
	if cell.Tree != TreeThen || movable[s] == "" {
		return part
	}
	union := " UNION ALL "
	if s == fromDeputiesAttended {
		union = " UNION "
	}
	still := strings.ReplaceAll(part, "{area t}", "{area t} AND t.code_then = t.code")
	moved := strings.ReplaceAll(part, "{area t}", inSight+" AND t.code_then >= area.lo AND t.code_then < area.hi AND t.code_then <> t.code")
	return "(" + still + union + moved + ")"
}

// beyond adds what lies outside the viewer's area by now as one sum after all records, by the tree of the time.
func (cell Cell) beyond() []string {
	names, sources := movableOf(columnsOf[cell.Measure])
	if cell.Tree != TreeThen || len(names) == 0 {
		return nil
	}
	terms := make([]string, 0, len(names))
	for name := range names {
		terms = append(terms, "'"+name+"'")
	}
	slices.Sort(terms)
	return []string{fmt.Sprintf(`SELECT 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid, away.n
    FROM sums_then($1, $2, ARRAY[$3::date], ARRAY[$4::date], '{%s}', {today}, true) away WHERE away.measure IN (%s)`,
		strings.Join(sources, ","), strings.Join(terms, ", "))}
}
