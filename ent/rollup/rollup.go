package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Self sums each of the divisions with everything below it. Every division asked has an entry; one that the viewer does not see
// sums to nothing. The period must be valid.
//
// It is a fault.ErrForbidden for all but committees and keepers of stations, who see an area.
func Self(ctx context.Context, c *gen.Client, divisions []Place, p Period, want Want) (map[place.Code]*Measures, error) {
	v, err := sees(ctx, "当前角色不能查看汇总", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	groups, err := byLevel(v, divisions)
	if err != nil {
		return nil, err
	}
	sums := make(sheet, len(divisions))
	for _, d := range divisions {
		sums[d.Code] = &Measures{}
	}
	for _, g := range groups {
		if err := sum(ctx, c, question{g, p, want}, sums); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// Row is the sums of a division directly below the one asked about, or of what stands at that division itself.
type Row struct {
	Code  place.Code
	Level place.Level
	Name  string
	// Own is set on the row of what stands at the division asked about, without what lies below.
	Own bool
	Measures
}

// Children sums the divisions directly below a division, in the order of their codes, preceded by what stands at the division
// itself if anything does. Together the rows are the whole: all measures but the counts of persons add up to those of Self. A
// division that the viewer does not see has no rows. Of one whose children the viewer does not see, the
// row of its own holds everything that is seen. The period must be valid.
//
// It is a fault.ErrForbidden for the same roles as Self.
func Children(ctx context.Context, c *gen.Client, division Place, p Period, want Want) ([]Row, error) {
	v, err := sees(ctx, "当前角色不能查看汇总", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	own, children, err := family(ctx, c, division.Code)
	if err != nil || own == nil {
		return nil, err
	}

	groups, err := partsOf(v, own, children)
	if err != nil {
		return nil, err
	}
	sums := sheet{own.Code: &own.Measures}
	for i := range children {
		sums[children[i].Code] = &children[i].Measures
	}
	for _, g := range groups {
		if err := sum(ctx, c, question{g, p, want}, sums); err != nil {
			return nil, err
		}
	}
	if own.empty() {
		return children, nil
	}
	return append([]Row{*own}, children...), nil
}

// partsOf are the areas that together are a division: those directly below it that the viewer sees, and what stands at the division
// itself, which is everything seen when nothing is below.
func partsOf(v *viewer.Viewer, own *Row, children []Row) ([]areas, error) {
	places := make([]Place, len(children))
	for i, child := range children {
		places[i] = Place{child.Code, child.Level}
	}
	groups, err := byLevel(v, places)
	if err != nil {
		return nil, err
	}
	return append(groups, areas{level: own.Level, own: len(children) > 0, codes: []place.Code{own.Code}}), nil
}

//go:embed sql/family.sql
var familySQL string

// family reads a division and those directly below it, in the order of codes, without sums; own is nil when there is no such division.
func family(ctx context.Context, db database, code place.Code) (own *Row, children []Row, err error) {
	err = each(ctx, db, familySQL, []any{int64(code)}, func(rows *sql.Rows) error {
		var r Row
		if err := rows.Scan(&r.Code, &r.Level, &r.Name); err != nil {
			return err
		}
		if r.Code == code {
			r.Own = true
			own = &r
		} else {
			children = append(children, r)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("divisions below %s: %w", code, err)
	}
	return own, children, nil
}

// sees answers the context's viewer if it is of one of the kinds.
func sees(ctx context.Context, refusal string, kinds ...viewer.Kind) (*viewer.Viewer, error) {
	v := viewer.FromContext(ctx)
	if v == nil {
		return nil, fault.Unauthenticated("请先登录")
	}
	for _, k := range kinds {
		if v.Kind == k {
			return v, nil
		}
	}
	return nil, fault.Forbidden(refusal)
}
