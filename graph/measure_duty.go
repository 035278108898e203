package graph

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/attendance"
	"github.com/lianluo/lianluo/ent/gen/keyfigure"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/page"
	"github.com/lianluo/lianluo/graph/tree"
)

// dutyGroups names the group of sums that each field of DutyMeasures is made from, so that no more is summed than is asked.
var dutyGroups = map[string]rollup.DutyWant{
	"visitDays":      rollup.WantVisitDays,
	"activities":     rollup.WantActivities,
	"attendances":    rollup.WantAttendances,
	"figures":        rollup.WantFigures,
	"roll":           rollup.WantRoll,
	"attendanceRate": rollup.WantRoll,
}

// dutyQuestion is what is asked about deputies' work, of which the selected fields tell the groups of sums.
func (r *Resolver) dutyQuestion(ctx context.Context, in model.PeriodInput, fields []graphql.CollectedField) (rollup.DutyQuestion, error) {
	oc := graphql.GetOperationContext(ctx)
	p, err := r.period(in)
	q := rollup.DutyQuestion{Period: p}
	for _, f := range fields {
		for _, measure := range graphql.CollectFields(oc, f.Selections, []string{"DutyMeasures"}) {
			q.Want |= dutyGroups[measure.Name]
		}
	}
	return q, err
}

// dutySums answers the sums of the work in divisions.
func (r *Resolver) dutySums(q rollup.DutyQuestion) func(context.Context, []*gen.Division) (map[*gen.Division]*rollup.DutyMeasures, error) {
	return func(ctx context.Context, divisions []*gen.Division) (map[*gen.Division]*rollup.DutyMeasures, error) {
		found, err := rollup.Duty(ctx, r.client, places(divisions), q)
		if err != nil {
			return nil, err
		}
		out := make(map[*gen.Division]*rollup.DutyMeasures, len(divisions))
		all := make([]*rollup.DutyMeasures, len(divisions))
		for i, d := range divisions {
			out[d], all[i] = found[d.Code], found[d.Code]
		}
		batch.Siblings(ctx, all)
		return out, nil
	}
}

// dutyRows answers the sums of a division's work in rows.
func (r *Resolver) dutyRows(ctx context.Context, d *gen.Division, by rollup.DutyBy, q rollup.DutyQuestion) ([]*model.DutyMeasuresRow, error) {
	rows, err := rollup.DutyRows(ctx, r.client, rollup.Place{Code: d.Code, Level: d.Level}, by, q)
	if err != nil {
		return nil, err
	}
	out := make([]*model.DutyMeasuresRow, len(rows))
	all := make([]*rollup.DutyMeasures, len(rows))
	for i := range rows {
		row := &rows[i]
		all[i] = &row.DutyMeasures
		out[i] = &model.DutyMeasuresRow{
			OwnOnly: row.Own, Measures: all[i], StationKind: orNil(row.StationKind), Way: orNil(row.Way), Mode: orNil(row.Mode),
			Setting: orNil(row.Setting), Level: orNil(row.Deputies),
		}
		switch by {
		case rollup.DutyBySelf:
			out[i].Division = &tree.Ref{Code: d.Code, Name: d.Name, Level: d.Level}
		case rollup.DutyByChildren:
			out[i].Division = &tree.Ref{Code: row.Code, Name: row.Name, Level: row.Level}
		case rollup.DutyByMonth:
			out[i].Month = &row.Month
		default: // named by a word
		}
	}
	batch.Siblings(ctx, all)
	return out, nil
}

// orNil is nil for no word.
func orNil[T ~string](word T) *T {
	if word == "" {
		return nil
	}
	return &word
}

// figureSums lists what was counted, by key figure; the figures of all rows are found with one statement.
func (r *Resolver) figureSums(ctx context.Context, m *rollup.DutyMeasures) ([]*model.FigureSum, error) {
	if m.Figures == nil {
		return nil, nil
	}
	found, err := batch.Field(ctx, m, func(ctx context.Context, all []*rollup.DutyMeasures) (map[*rollup.DutyMeasures][]*model.FigureSum, error) {
		ids := map[uuid.UUID]bool{}
		for _, one := range all {
			for id := range one.Figures {
				ids[id] = true
			}
		}
		out := make(map[*rollup.DutyMeasures][]*model.FigureSum, len(all))
		if len(ids) == 0 {
			return out, nil
		}
		sorted := slices.SortedFunc(maps.Keys(ids), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
		figures, err := r.client.KeyFigure.Query().Where(keyfigure.IDIn(sorted...)).
			Order(keyfigure.ByCode(), keyfigure.ByID()).All(ctx)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			for _, f := range figures {
				if value, ok := one.Figures[f.ID]; ok {
					out[one] = append(out[one], &model.FigureSum{Figure: f, Value: float64(value) / f.Type.Scale()})
				}
			}
		}
		return out, nil
	})
	if found == nil && err == nil {
		found = []*model.FigureSum{}
	}
	return found, err
}

// reportedList lists the attendances that are reported to the committee of a division.
func (r *Resolver) reportedList(ctx context.Context, d *gen.Division, p rollup.Period) (page.Query[gen.Attendance], error) {
	q := page.Query[gen.Attendance]{
		Entity: page.Attendances(r.client), Parents: page.ByArea(false, areas([]*gen.Division{d})...), Order: latestAttendances,
		Where: []where{attendance.DeputyIDNotNil(), attendance.DayGTE(p.From), attendance.DayLTE(p.To), confirmedAttendance},
	}
	if v := viewer.FromContext(ctx); v.Kind != viewer.Area && v.Kind != viewer.System {
		return q, fault.Forbidden("当前角色不能查看上报情况")
	}
	switch rollup.ReportedTo(d.Level) {
	case rollup.ReportedAll:
	case rollup.ReportedUpper:
		q.Where = append(q.Where, attendance.Or(attendance.LevelIn(rollup.UpperLevels...), attendance.CountyCodeIsNil()))
	case rollup.ReportedNone:
		q.Where = append(q.Where, func(s *sql.Selector) { s.Where(sql.False()) })
	}
	return q, nil
}

// confirmedAttendance keeps the attendances at confirmed activities.
func confirmedAttendance(s *sql.Selector) {
	s.Where(sql.P(func(b *sql.Builder) {
		b.WriteString("EXISTS (SELECT FROM activity AS v WHERE v.id = ").Ident(s.C(attendance.FieldActivityID)).WriteString(" AND v.state = 'CONFIRMED')")
	}))
}

// reportedCounts answers what is reported to the committees of divisions, counted.
func (r *Resolver) reportedCounts(p rollup.Period) func(context.Context, []*gen.Division) (map[*gen.Division]*rollup.ReportedCounts, error) {
	return func(ctx context.Context, divisions []*gen.Division) (map[*gen.Division]*rollup.ReportedCounts, error) {
		found, err := rollup.Reported(ctx, r.client, places(divisions), p)
		if err != nil {
			return nil, err
		}
		out := make(map[*gen.Division]*rollup.ReportedCounts, len(divisions))
		for _, d := range divisions {
			out[d] = found[d.Code]
		}
		return out, nil
	}
}

// officialVisits answers the visits of officials and the contacts of organs in a division.
func (r *Resolver) officialVisits(ctx context.Context, d *gen.Division, p rollup.Period) (*model.OfficialVisits, error) {
	rows, err := rollup.OfficialVisits(ctx, r.client, rollup.Place{Code: d.Code, Level: d.Level}, p)
	if err != nil {
		return nil, err
	}
	out := &model.OfficialVisits{Organs: make([]*model.OrganVisits, len(rows))}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.Organ
		out.Visits += row.Visits
		out.Officials += row.Officials
		out.Contacts += row.Contacts
		out.Organs[i] = &model.OrganVisits{Visits: row.Visits, Officials: row.Officials, Stations: row.Stations, Contacts: row.Contacts}
	}
	organs, err := r.organsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	batch.Siblings(ctx, organs)
	for _, o := range organs {
		out.Organs[slices.Index(ids, o.ID)].Organ = o
	}
	return out, nil
}
