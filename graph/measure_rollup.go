package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/sums"
	"github.com/lianluo/lianluo/graph/tree"
)

// The most rows of sums there are, and how many there are with an interval when it is not said.
const (
	maxRollupRows   = 1000
	rowsWithTrends  = 100
	rollupRowsFault = "first 应为 1 至 1000"
)

// rollupTypes are the types of what rows of sums are, where they are not divisions.
var rollupTypes = map[rollup.By]string{
	rollup.ByStations: gen.TypeStation, rollup.ByDepartments: gen.TypeOrgan, rollup.ByCategories: gen.TypeCategory, rollup.ByZones: gen.TypeZone,
}

// wanted are the measures that the fields selected of Rollups are made from, so that no more is summed than is asked.
func wanted(ctx context.Context, rollups []graphql.CollectedField) rollup.Set {
	oc := graphql.GetOperationContext(ctx)
	var want rollup.Set
	for _, f := range rollups {
		for _, field := range graphql.CollectFields(oc, f.Selections, []string{"Rollup"}) {
			if field.Name != "coverage" {
				want = want.With(sums.Fields[field.Name]...)
				continue
			}
			for _, part := range graphql.CollectFields(oc, field.Selections, []string{"Coverage"}) {
				want = want.With(sums.CoverageFields[part.Name]...)
			}
		}
	}
	return want
}

// rollupsOf answers the sums of divisions by a tree.
func (r *Resolver) rollupsOf(p rollup.Period, of rollup.Tree, want rollup.Set) func(context.Context, []*gen.Division) (map[*gen.Division]*sums.Rollup, error) {
	return func(ctx context.Context, divisions []*gen.Division) (map[*gen.Division]*sums.Rollup, error) {
		sum := rollup.Self
		if of == rollup.TreeThen {
			sum = rollup.Then
		}
		found, err := sum(ctx, r.client, places(divisions), p, want, r.today())
		if err != nil {
			return nil, err
		}
		out := make(map[*gen.Division]*sums.Rollup, len(divisions))
		for _, d := range divisions {
			out[d] = sums.New(found[d.Code])
		}
		return out, nil
	}
}

// rollupSelection is what is selected of rows of sums.
type rollupSelection struct {
	// want are the measures, of the rows themselves and of their trends.
	want rollup.Set
	// fields tells which fields of the rows are selected, and whether anything is compared.
	fields   map[string]bool
	compared bool
}

func selectedRollups(ctx context.Context) rollupSelection {
	s := rollupSelection{fields: map[string]bool{}}
	var rollups []graphql.CollectedField
	take := func(fields []graphql.CollectedField) {
		for _, f := range fields {
			if f.Name == "rollup" || f.Name == "compared" {
				rollups = append(rollups, f)
				s.compared = s.compared || f.Name == "compared"
			}
		}
	}
	rows := graphql.CollectFieldsCtx(ctx, []string{"RollupRow"})
	take(rows)
	for _, f := range rows {
		s.fields[f.Name] = true
		if f.Name == "trend" {
			take(graphql.CollectFields(graphql.GetOperationContext(ctx), f.Selections, []string{"RollupPoint"}))
		}
	}
	s.want = wanted(ctx, rollups)
	return s
}

// rollupQuestion reads what is asked; what is not selected is not.
func (r *Resolver) rollupQuestion(by rollup.By, of rollup.Tree, in model.PeriodInput, compare rollup.Comparison, interval rollup.Interval,
	order *model.RollupOrder, first *int, s rollupSelection,
) (rollup.Question, error) {
	p, err := r.period(in)
	if err != nil {
		return rollup.Question{}, err
	}
	q := rollup.Question{
		By: by, Tree: of, Period: p, Compare: rollup.CompareNone, Interval: rollup.IntervalNone, Want: s.want, First: rowsUnsaid(interval), Today: r.today(),
	}
	if s.compared {
		q.Compare = compare
	}
	if s.fields["trend"] {
		q.Interval = interval
	}
	if first != nil {
		if q.First = *first; q.First < 1 || q.First > maxRollupRows {
			return q, fault.Invalid("OUT_OF_RANGE", rollupRowsFault, "first")
		}
	}
	if order != nil {
		q.OrderBy = &rollup.Order{Measure: order.Measure, Ascending: order.Direction == model.OrderDirectionAsc}
	}
	return q, nil
}

// rollupRoot finds the division of which sums are asked, by the tree of the time also one that is no more, under its name then.
func (r *Resolver) rollupRoot(ctx context.Context, code string, of rollup.Tree, on time.Time) (*tree.Ref, error) {
	d, err := r.divisionByCode(ctx, code, "division")
	switch {
	case err != nil:
		return nil, err
	case d != nil:
		return &tree.Ref{Code: d.Code, Name: d.Name, Level: d.Level}, nil
	case of == rollup.TreeThen:
		c, err := place.Parse(code)
		if err != nil {
			return nil, err
		}
		was, err := rollup.Former(ctx, r.client, c, on)
		if err != nil {
			return nil, err
		}
		if was != nil {
			return &tree.Ref{Code: was.Code, Name: was.Name, Level: was.Level}, nil
		}
	}
	return nil, unknownDivision("division")
}

// rollupRows answers the sums of a division in rows.
func (r *Resolver) rollupRows(ctx context.Context, root *tree.Ref, q rollup.Question, s rollupSelection) ([]*model.RollupRow, error) {
	q.Division = rollup.Place{Code: root.Code, Level: root.Level}
	rows, err := rollup.Rows(ctx, r.client, q)
	if err != nil {
		return nil, err
	}
	out := make([]*model.RollupRow, len(rows))
	for i, row := range rows {
		out[i] = &model.RollupRow{
			Division: &tree.Ref{Code: row.Code, Name: row.Name, Level: row.Level}, OwnOnly: row.Own,
			Rollup: sums.New(row.Sums), Compared: compared(row.Compared), Trend: make([]*model.RollupPoint, len(row.Trend)),
		}
		if row.Name == "" { // the division asked about, or something in it
			out[i].Division = root
		}
		if row.ID.Valid {
			key := globalid.Encode(rollupTypes[q.By], row.ID.UUID)
			out[i].Key = &key
		}
		for j, p := range row.Trend {
			out[i].Trend[j] = &model.RollupPoint{From: p.From, To: p.To, Rollup: sums.New(p.Sums), Compared: compared(p.Compared)}
		}
	}
	rankRollups(out, rows, q.OrderBy)
	return out, r.nameRollups(ctx, out, rows, q.By, s)
}

func compared(of *rollup.Sums) *sums.Rollup {
	if of == nil {
		return nil
	}
	return sums.New(of)
}

// rankRollups tells the places of rows that come in an order.
func rankRollups(out []*model.RollupRow, rows []*rollup.Row, order *rollup.Order) {
	if order == nil {
		return
	}
	for i, row := range rows {
		rank := i + 1
		if i > 0 && row.Sums.Of(order.Measure) == rows[i-1].Sums.Of(order.Measure) {
			rank = *out[i-1].Rank
		}
		out[i].Rank = &rank
	}
}

// nameRollups finds what the rows are of, if that is selected: one statement for all.
func (r *Resolver) nameRollups(ctx context.Context, out []*model.RollupRow, rows []*rollup.Row, by rollup.By, s rollupSelection) error {
	ids := make([]uuid.NullUUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	switch {
	case by == rollup.ByStations && s.fields["station"]:
		return name(ctx, ids, r.stationsByID, stationID, func(i int, v *gen.Station) { out[i].Station = v })
	case by == rollup.ByDepartments && s.fields["department"]:
		return name(ctx, ids, r.organsByID, organID, func(i int, v *gen.Organ) { out[i].Department = v })
	case by == rollup.ByCategories && s.fields["category"]:
		return name(ctx, ids, r.categoriesByID, categoryID, func(i int, v *gen.Category) { out[i].Category = v })
	case by == rollup.ByZones && s.fields["zone"]:
		return name(ctx, ids, r.zonesByID, zoneID, func(i int, v *gen.Zone) { out[i].Zone = v })
	default:
		return nil
	}
}
