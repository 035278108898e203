package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// database is what sums are read from; the client of ent is one.
type database interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
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

// cellKey tells sums apart: the area, within it what they are grouped by, and the span by its place in the list.
type cellKey struct {
	area place.Code
	id   uuid.NullUUID
	span int
}

// sheet holds sums under their keys.
type sheet map[cellKey]*Sums

// at is the place of the key's sums.
func (s sheet) at(k cellKey) *Sums {
	of := s[k]
	if of == nil {
		of = &Sums{}
		s[k] = of
	}
	return of
}

// question is what is summed, for areas of one level.
type question struct {
	areas
	spans
	want  Set
	by    By
	today time.Time
}

// sum asks the sums that are kept for what they hold, and the records for the rest: one statement for the former, and one for each source of the latter.
func sum(ctx context.Context, v *viewer.Viewer, db database, q question, sums sheet) error {
	kept := func(Period) bool { return false }
	counted := kept
	if q.by.ofDivisions() && q.keeps(v) {
		kept, counted = Period.whole, func(p Period) bool { return p.span() != "" }
	}
	if spans, at := q.only(kept); len(spans) > 0 {
		columns := q.want.columns(func(c column) bool {
			return c.kept() && (tallies[c].sort != once || slices.ContainsFunc(spans, counted))
		})
		if len(columns) > 0 {
			if err := (factQuestion{q.areas, spans, columns}).add(ctx, db, at, sums); err != nil {
				return err
			}
		}
	}
	if q.by == ByCategories && q.level.Depth() < place.LevelCounty.Depth() && q.keeps(v) {
		kept = Period.whole
		if spans, at := q.only(kept); len(spans) > 0 {
			columns := q.want.columns(func(c column) bool { return tallies[c].source == fromOpinions })
			if err := (categoryQuestion{q.areas, spans, columns}).add(ctx, db, at, sums); err != nil {
				return err
			}
		}
	}
	for s := range fromUnmarked + 1 {
		columns := q.want.columns(func(c column) bool { return tallies[c].source == s })
		if len(columns) == 0 {
			continue
		}
		spans, at := q.only(func(p Period) bool {
			c := columns[0] // columns of one source are kept alike
			return !c.kept() || !kept(p) || tallies[c].sort == once && !counted(p)
		})
		if len(spans) == 0 {
			continue
		}
		if err := (recordQuestion{q.areas, spans, s, columns, q.by, q.today}).add(ctx, db, at, sums); err != nil {
			return err
		}
	}
	return nil
}

// Self sums each of the divisions with everything below it. Every division asked has an entry; one that the viewer does not see
// sums to nothing. The period must be valid; today decides what is overdue.
//
// It is a fault.ErrForbidden for all but committees and keepers of stations, who see an area.
func Self(ctx context.Context, c *gen.Client, divisions []Place, p Period, want Set, today time.Time) (map[place.Code]*Sums, error) {
	return selves(ctx, c, divisions, TreeNow, question{spans: spans{p}, want: want, by: BySelf, today: today})
}

// selves sums divisions by a tree; the question is one without areas.
func selves(ctx context.Context, c *gen.Client, divisions []Place, tree Tree, q question) (map[place.Code]*Sums, error) {
	v, err := sees(ctx, "当前角色不能查看汇总", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	groups, err := byLevel(v, divisions)
	if err != nil {
		return nil, err
	}
	sums := sheet{}
	if err := sumAll(ctx, v, c, groups, tree, q, sums); err != nil {
		return nil, err
	}
	out := make(map[place.Code]*Sums, len(divisions))
	for _, d := range divisions {
		out[d.Code] = sums.at(cellKey{area: d.Code})
	}
	return out, nil
}

// sumAll sums areas of several levels by a tree.
func sumAll(ctx context.Context, v *viewer.Viewer, db database, groups []areas, tree Tree, q question, sums sheet) error {
	for _, g := range groups {
		q.areas = g
		if err := sum(ctx, v, db, q, sums); err != nil {
			return err
		}
	}
	if tree == TreeThen {
		return thenQuestion{groups, q.spans, q.want, q.today}.add(ctx, db, sums)
	}
	return nil
}

//go:embed sql/family.sql
var familySQL string

// listed is a division as a row of sums names it. own marks what stands at the division itself, without what lies below; lost a code that no division had on
// the last day. Both are rows only if they have something to tell.
type listed struct {
	Place
	name      string
	own, lost bool
}

// family reads a division and, after it, those directly below it in the order of codes; nothing when there is no such division.
func family(ctx context.Context, db database, code place.Code) (rows []listed, err error) {
	err = each(ctx, db, familySQL, []any{int64(code)}, func(r *sql.Rows) error {
		var d listed
		err := r.Scan(&d.Code, &d.Level, &d.name)
		d.own = d.Code == code
		rows = append(rows, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("divisions below %s: %w", code, err)
	}
	if len(rows) == 0 || !rows[0].own { // a code is the first of its range
		return nil, nil
	}
	return rows, nil
}

// partsOf are the areas that together are the first division of a family: those directly below it that the viewer sees, and what stands at the
// division itself, which is everything seen when nothing is below.
func partsOf(v *viewer.Viewer, family []listed) ([]areas, error) {
	own, below := family[0], family[1:]
	children := make([]Place, len(below))
	for i, d := range below {
		children[i] = d.Place
	}
	groups, err := byLevel(v, children)
	if err != nil {
		return nil, err
	}
	return append(groups, areas{level: own.Level, own: len(below) > 0, codes: []place.Code{own.Code}}), nil
}

// sees answers the context's viewer if it is of one of the kinds.
func sees(ctx context.Context, refusal string, kinds ...viewer.Kind) (*viewer.Viewer, error) {
	v := viewer.FromContext(ctx)
	if v == nil {
		return nil, fault.Unauthenticated("请先登录")
	}
	if !slices.Contains(kinds, v.Kind) {
		return nil, fault.Forbidden(refusal)
	}
	return v, nil
}
