package rollup

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// OpinionBy is what the rows of sums of opinions are.
type OpinionBy string

// The groupings.
const (
	// OpinionBySelf: one row, the division with everything below it.
	OpinionBySelf OpinionBy = "SELF"
	// OpinionByChildren: the divisions directly below in the order of codes, preceded by what stands at the division itself if
	// anything does.
	OpinionByChildren OpinionBy = "CHILDREN"
	// OpinionByStation: the stations that booked them.
	OpinionByStation OpinionBy = "STATION"
	// OpinionByDepartment: the departments that have the lead at present, or had it in the end; one row without a department.
	OpinionByDepartment OpinionBy = "DEPARTMENT"
	// OpinionByTopCategory: the uppermost categories, with all their branches; one row not analysed yet.
	OpinionByTopCategory OpinionBy = "TOP_CATEGORY"
	// OpinionByCategory: the categories under which they are filed, without their branches; one row not analysed yet.
	OpinionByCategory OpinionBy = "CATEGORY"
	// OpinionByMonth: the months of the period in order, each as if it were the period, as far as it lies in it.
	OpinionByMonth OpinionBy = "MONTH"
)

// OpinionBys lists the groupings.
var OpinionBys = []OpinionBy{
	OpinionBySelf, OpinionByChildren, OpinionByStation, OpinionByDepartment, OpinionByTopCategory, OpinionByCategory, OpinionByMonth,
}

// maxOpinionRows bounds the rows by station, department and category. Months and divisions have bounds of their own.
const maxOpinionRows = 1000

// OpinionRow is the sums of one part of a division's opinions.
type OpinionRow struct {
	// Code and Level tell the division of a row by SELF or CHILDREN, Name its name by CHILDREN.
	Code  place.Code
	Level place.Level
	Name  string
	// Own is set on the row of what stands at the division asked about, without what lies below.
	Own bool
	// ID is the station, department or category of a row by these; it is not valid on the row of those without.
	ID uuid.NullUUID
	// Month is the first day of the month of a row by MONTH.
	Month time.Time
	OpinionMeasures
}

// OpinionsBy sums the opinions of a division with everything below it in rows, which together are the whole, but for medians. The rows
// of stations, departments and categories come with the most accepted opinions first, then the most submitted, and end after the
// thousandth; what has nothing to tell has no row. A division that the viewer does not see has no rows.
//
// It is a fault.ErrForbidden for the same roles as Opinions.
func OpinionsBy(ctx context.Context, c *gen.Client, division Place, by OpinionBy, q OpinionQuestion) ([]OpinionRow, error) {
	v, err := sees(ctx, "当前角色不能查看汇总", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	if by == OpinionByChildren {
		return opinionsBelow(ctx, c, v, division, q)
	}
	g, ok := groupings[by]
	if !ok {
		return nil, fmt.Errorf("opinions by %q: unknown grouping", by)
	}
	groups, err := byLevel(v, []Place{division})
	if err != nil || len(groups) == 0 {
		return nil, err
	}

	sums := newOpinionSheet(maxOpinionRows)
	switch by {
	case OpinionBySelf:
		sums.at(opinionKey{area: division.Code})
	case OpinionByMonth:
		for _, month := range q.Period.months() {
			sums.at(opinionKey{area: division.Code, month: month})
		}
	default: // what has something to tell
	}
	if err := sumOpinions(ctx, c, opinionReport{areas: groups[0], grouping: g, OpinionQuestion: q}, sums); err != nil {
		return nil, err
	}
	rows := make([]OpinionRow, len(sums.order))
	for i, k := range sums.order {
		rows[i] = OpinionRow{ID: k.id, Month: k.month, OpinionMeasures: *sums.of[k]}
		if by == OpinionBySelf {
			rows[i].Code, rows[i].Level = division.Code, division.Level
		}
	}
	return rows, nil
}

// opinionsBelow sums the divisions directly below a division, and what stands at the division itself.
func opinionsBelow(ctx context.Context, c *gen.Client, v *viewer.Viewer, division Place, q OpinionQuestion) ([]OpinionRow, error) {
	divisions, err := family(ctx, c, division.Code)
	if err != nil || divisions == nil {
		return nil, err
	}
	groups, err := partsOf(v, divisions)
	if err != nil {
		return nil, err
	}
	sums := newOpinionSheet(len(divisions))
	rows := make([]OpinionRow, 0, len(divisions))
	for _, d := range divisions {
		sums.at(opinionKey{area: d.Code})
	}
	for _, g := range groups {
		if err := sumOpinions(ctx, c, opinionReport{areas: g, grouping: ungrouped, OpinionQuestion: q}, sums); err != nil {
			return nil, err
		}
	}
	for _, d := range divisions {
		if m := sums.at(opinionKey{area: d.Code}); !d.own || !m.empty() {
			rows = append(rows, OpinionRow{Code: d.Code, Level: d.Level, Name: d.name, Own: d.own, OpinionMeasures: *m})
		}
	}
	return rows, nil
}
