package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/gen/visitday"
	"github.com/lianluo/lianluo/ent/gen/visitduty"
	"github.com/lianluo/lianluo/ent/gen/visitrule"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/page"
)

var visitDaysInOrder = page.ByEveryDay('d', visitday.FieldDay, func(d *gen.VisitDay) time.Time { return calendar.Day(d.Day) })

// visitDayFilter is how a list of visit days is narrowed.
func visitDayFilter(f *model.VisitDayFilter) ([]where, error) {
	if f == nil {
		return nil, nil
	}
	var out []where
	var faults fault.List
	from, to := f.From.Value(), f.To.Value()
	if from != nil {
		out = append(out, visitday.DayGTE(*from))
	}
	if to != nil {
		out = append(out, visitday.DayLTE(*to))
	}
	if from != nil && to != nil && to.Before(*from) {
		faults.Add("REVERSED", "截止日期不能早于起始日期", "filter", "to")
	}
	if states := f.States.Value(); states != nil {
		out = append(out, visitday.StateIn(states...))
	}
	for _, named := range []struct {
		field, typ string
		id         *string
		is         func(uuid.UUID) predicate.VisitDay
	}{
		{"deputy", gen.TypeDeputy, f.Deputy.Value(), func(id uuid.UUID) predicate.VisitDay {
			return visitday.HasDutiesWith(visitduty.DeputyID(id), visitduty.Replaced(false))
		}},
		{"rule", gen.TypeVisitRule, f.Rule.Value(), visitday.RuleID},
	} {
		if named.id == nil {
			continue
		}
		key, err := keyOf(*named.id, named.typ)
		if err != nil {
			faults.Add("MALFORMED", "编号无效", "filter", named.field)
		}
		out = append(out, named.is(key))
	}
	return out, faults.Err()
}

func (r *Resolver) visitDays(of page.Parents, conditions ...where) page.Query[gen.VisitDay] {
	return page.Query[gen.VisitDay]{Entity: page.VisitDays(r.client), Parents: of, Order: visitDaysInOrder, Where: conditions}
}

// visitDaysBelow lists the visit days of divisions and of what lies below them.
func (r *Resolver) visitDaysBelow(ctx context.Context, conditions []where, divisions []*gen.Division) page.Query[gen.VisitDay] {
	v := viewer.FromContext(ctx)
	of := page.ByArea(false, areas(divisions)...)
	// Who sees nothing below the own place would else have all that lies below it looked through.
	if v.Kind == viewer.Area && v.Hi-v.Lo == 1 {
		codes := make([]place.Code, len(divisions))
		for i, d := range divisions {
			codes[i] = d.Code
		}
		of = page.ByCode(visitday.FieldCode, codes...)
	}
	return r.visitDays(of, slices.Concat(conditions, visitDaysInSight(v))...)
}

// visitDaysInSight names the few visit days that a deputy sees: those of the stations posted to, and those of the own duties. Row-level security says
// the same; without the keys named here it would have to be asked for every day there is.
func visitDaysInSight(v *viewer.Viewer) []where {
	if v.Kind != viewer.Self {
		return nil
	}
	days, here, duties := sql.Table(visitday.Table).As("v"), sql.Table(posting.Table).As("p"), sql.Table(visitduty.Table).As("d")
	posted := sql.Dialect(dialect.Postgres).Select(days.C(visitday.FieldID)).From(days).
		Join(here).On(days.C(visitday.FieldStationID), here.C(posting.FieldStationID)).
		Where(sql.And(sql.EQ(here.C(posting.FieldDeputyID), v.Person), sql.IsNull(here.C(posting.FieldEndedOn))))
	own := sql.Dialect(dialect.Postgres).Select(duties.C(visitduty.FieldVisitDayID)).From(duties).
		Where(sql.EQ(duties.C(visitduty.FieldDeputyID), v.Person))
	return []where{keyed(posted, own)}
}

// listedVisitDays lists the visit days of a division, or without one of all that is the viewer's.
func (r *Resolver) listedVisitDays(ctx context.Context, conditions []where, code *string) (page.Query[gen.VisitDay], error) {
	v := viewer.FromContext(ctx)
	if code == nil && v.Kind == viewer.Self {
		return r.visitDays(everywhere(), slices.Concat(conditions, visitDaysInSight(v))...), nil
	}
	root, err := r.rootNamed(ctx, code)
	if err != nil {
		return page.Query[gen.VisitDay]{}, err
	}
	return r.visitDaysBelow(ctx, conditions, []*gen.Division{root}), nil
}

// rulesFrom keeps the rules that hold on a day or later.
func rulesFrom(day time.Time) predicate.VisitRule {
	return visitrule.Or(visitrule.UntilOnIsNil(), visitrule.UntilOnGTE(day))
}

// stationRules answers the rules that hold for stations now or later, the widest first.
func (r *Resolver) stationRules(ctx context.Context, stations []*gen.Station) (map[*gen.Station][]*gen.VisitRule, error) {
	codes := []place.Code{place.Nation}
	for _, s := range stations {
		codes = append(codes, s.Code)
		for _, above := range []*place.Code{s.ProvinceCode, s.CityCode, s.CountyCode, s.TownshipCode} {
			if above != nil {
				codes = append(codes, *above)
			}
		}
	}
	slices.Sort(codes)
	found, err := r.client.VisitRule.Query().Where(rulesFrom(r.today()), visitrule.Or(
		visitrule.StationIDIn(keys(stations, stationID)...),
		visitrule.And(visitrule.StationIDIsNil(), visitrule.CodeIn(slices.Compact(codes)...)),
	)).Order(visitrule.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	batch.Siblings(ctx, found)
	slices.SortStableFunc(found, func(a, b *gen.VisitRule) int { return cmp.Compare(width(a), width(b)) })
	out := make(map[*gen.Station][]*gen.VisitRule, len(stations))
	for _, s := range stations {
		out[s] = []*gen.VisitRule{}
		for _, rule := range found {
			if workflow.RuleApplies(rule, s) {
				out[s] = append(out[s], rule)
			}
		}
	}
	return out, nil
}

// width is how far down the tree a rule is set: a station's own the farthest.
func width(r *gen.VisitRule) int {
	if r.StationID != nil {
		return len(place.Levels)
	}
	return r.Code.Shape().Depth()
}

// duties answers who is on duty on visit days, in the order they were put there; with those replaced, if wanted.
func (r *Resolver) duties(ctx context.Context, days []uuid.UUID, replaced bool) ([]*gen.VisitDuty, error) {
	q := r.client.VisitDuty.Query().Where(visitduty.VisitDayIDIn(days...))
	if !replaced {
		q.Where(visitduty.Replaced(false))
	}
	return q.Order(visitduty.ByID()).All(ctx)
}

// dutyList narrows a deputy's duties.
func dutyList(from, to *time.Time, replaced bool) ([]where, error) {
	var out []where
	if !replaced {
		out = append(out, visitduty.Replaced(false))
	}
	var days []predicate.VisitDay
	if from != nil {
		days = append(days, visitday.DayGTE(*from))
	}
	if to != nil {
		days = append(days, visitday.DayLTE(*to))
	}
	if from != nil && to != nil && to.Before(*from) {
		return nil, fault.Invalid("REVERSED", "截止日期不能早于起始日期", "to")
	}
	if len(days) > 0 {
		out = append(out, visitduty.HasVisitDayWith(days...))
	}
	return out, nil
}

// timeOfDay writes minutes after midnight as 09:00.
func timeOfDay(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// Visit days and what belongs to them by their keys, as far as they are in scope.

func (r *Resolver) visitRulesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.VisitRule, error) {
	return r.client.VisitRule.Query().Where(visitrule.IDIn(ids...)).All(ctx)
}

func (r *Resolver) visitDaysByID(ctx context.Context, ids []uuid.UUID) ([]*gen.VisitDay, error) {
	return r.client.VisitDay.Query().Where(visitday.IDIn(ids...)).All(ctx)
}

func (r *Resolver) visitDutiesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.VisitDuty, error) {
	return r.client.VisitDuty.Query().Where(visitduty.IDIn(ids...)).All(ctx)
}

func visitDayOf[T any](ctx context.Context, r *Resolver, row *T, key func(*T) *uuid.UUID) (*gen.VisitDay, error) {
	return one(ctx, row, key, r.visitDaysByID, visitDayID)
}

func visitDayID(d *gen.VisitDay) uuid.UUID { return d.ID }
