package rollup

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
)

// Tree is the tree of divisions by which sums are made (区划口径).
type Tree string

// The trees.
const (
	// TreeNow: everything counts where it lies now, work done before a change as well (按现区划).
	TreeNow Tree = "NOW"
	// TreeThen: records of work count by the code that their place had when they were written (按当时区划).
	TreeThen Tree = "THEN"
)

// Trees lists the trees.
var Trees = []Tree{TreeNow, TreeThen}

// tells refuses groupings that have no meaning by the tree of the time.
func (t Tree) tells(by By) error {
	if t != TreeThen || by.ofDivisions() {
		return nil
	}
	return fault.Invalid("NOT_TOLD_APART", "按当时区划汇总时,只能按区划分组", "by")
}

// movable are the sources of records that keep the code of the time, by the names that sums_then has for them. All else is counted where it is.
var movable = map[source]string{
	fromVisitDays: "visit_days", fromActivities: "activities", fromFigures: "figures", fromAttendances: "attendances",
	fromDeputiesAttended: "deputies_attended", fromOpinions: "opinions", fromUnmarked: "unmarked",
}

// nameThen is the name that sums_then has for a column.
func (c column) nameThen() string {
	switch c {
	case unmarkedOverdue:
		return "unmarked_overdue"
	case unmarkedLate:
		return "unmarked_late"
	default:
		return tallies[c].name
	}
}

// movableOf are the columns that the tree makes a difference to, by name, and their sources.
func movableOf(columns []column) (names map[string]column, sources []string) {
	names = map[string]column{}
	for _, c := range columns {
		if s := movable[tallies[c].source]; s != "" {
			names[c.nameThen()] = c
			sources = append(sources, s)
		}
	}
	slices.Sort(sources)
	return names, slices.Compact(sources)
}

// Then is Self by the tree of the time. Codes are those of the time; one need not be that of a division any more, but lies in the viewer's
// area, as those whose work was moved away from there still see its sums. A record counts where it was written, whatever its day.
func Then(ctx context.Context, c *gen.Client, divisions []Place, p Period, want Set, today time.Time) (map[place.Code]*Sums, error) {
	return selves(ctx, c, divisions, TreeThen, question{spans: spans{p}, want: want, by: BySelf, today: today})
}

// thenQuestion asks by how much the sums of areas by the tree of the time differ from those by the tree as it is.
type thenQuestion struct {
	groups []areas
	spans
	want  Set
	today time.Time
}

// add adds the difference to the sums by the tree as it is: one statement for all areas and spans.
func (q thenQuestion) add(ctx context.Context, db database, sums sheet) error {
	names, sources := movableOf(q.want.columns(func(column) bool { return true }))
	var first, after pq.Int64Array
	for _, g := range q.groups {
		for _, code := range g.codes {
			if lo, hi := g.limits(code); lo != place.Nation || g.own { // nothing leaves the nation
				first, after = append(first, int64(lo)), append(after, int64(hi))
			}
		}
	}
	if len(names) == 0 || len(first) == 0 {
		return nil
	}
	args := append([]any{first, after}, q.args()...)
	args = append(args, pq.StringArray(sources), q.today.Format(time.DateOnly))
	err := each(ctx, db, `SELECT code, span, measure, n FROM sums_then($1, $2, $3, $4, $5, $6, false)`, args, func(rows *sql.Rows) error {
		var (
			key     cellKey
			nth     int
			measure string
			n       int64
		)
		if err := rows.Scan(&key.area, &nth, &measure, &n); err != nil {
			return err
		}
		if c, ok := names[measure]; ok {
			key.span = nth - 1
			sums.at(key).n[c] += n
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sums by the tree of the time: %w", err)
	}
	return nil
}
