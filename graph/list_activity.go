package graph

import (
	"context"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/activity"
	"github.com/lianluo/lianluo/ent/gen/attendance"
	"github.com/lianluo/lianluo/ent/gen/keyfigure"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/page"
)

// The orders of lists of activities and attendances.
var (
	latestActivities  = page.ByLatestDay('d', activity.FieldDay, func(a *gen.Activity) time.Time { return a.Day })
	latestAttendances = page.ByLatestDay('d', attendance.FieldDay, func(a *gen.Attendance) time.Time { return a.Day })
)

// activities lists activities below some parents, the latest day first.
func (r *Resolver) activities(of page.Parents, narrowed []where) page.Query[gen.Activity] {
	return page.Query[gen.Activity]{Entity: page.Activities(r.client), Parents: of, Order: latestActivities, Where: narrowed}
}

func activityFilter(f *model.ActivityFilter) ([]where, error) {
	if f == nil {
		return nil, nil
	}
	out, err := within(f.From.Value(), f.To.Value(), activity.DayGTE, activity.DayLTE, "filter", "to")
	keepAmong(&out, f.Ways, activity.WayIn)
	keepAmong(&out, f.Modes, activity.ModeIn)
	keepAmong(&out, f.Settings, activity.SettingIn)
	keepAmong(&out, f.States, activity.StateIn)
	if campaign := f.Campaign.Value(); campaign != nil {
		out = append(out, activity.Campaign(*campaign))
	}
	return either(out, f.Late.Value(), activity.Late(true)), err
}

// keepAmong keeps the rows with one of the values, if any are named.
func keepAmong[T any, P ~where](conditions *[]where, values graphql.Omittable[[]T], is func(...T) P) {
	if v := values.Value(); v != nil {
		*conditions = append(*conditions, where(is(v...)))
	}
}

// within keeps the rows of days from one to another, if these are named. The path leads to the last day.
func within[P ~where](first, last *time.Time, from, to func(time.Time) P, path ...string) ([]where, error) {
	var out []where
	if first != nil {
		out = append(out, where(from(*first)))
	}
	if last != nil {
		out = append(out, where(to(*last)))
	}
	if first != nil && last != nil && last.Before(*first) {
		return nil, fault.Invalid("REVERSED", "截止日期不能早于起始日期", path...)
	}
	return out, nil
}

// activitiesBelow lists the activities of divisions and of what lies below them.
func (r *Resolver) activitiesBelow(ctx context.Context, divisions []*gen.Division, narrowed []where) page.Query[gen.Activity] {
	v := viewer.FromContext(ctx)
	of := page.ByArea(false, areas(divisions)...)
	// Who sees nothing below the own place would else have all that lies below it looked through.
	if v.Kind == viewer.Area && v.Hi-v.Lo == 1 {
		codes := make([]place.Code, len(divisions))
		for i, d := range divisions {
			codes[i] = d.Code
		}
		of = page.ByCode(activity.FieldCode, codes...)
	}
	if v.Kind == viewer.Self {
		narrowed = append(narrowed[:len(narrowed):len(narrowed)], ownActivities(v))
	}
	return r.activities(of, narrowed)
}

// ownActivities names the few activities that a deputy sees: of the stations posted to, and those attended. Row-level security says the same; without
// the keys it would have to be asked for every activity there is.
func ownActivities(v *viewer.Viewer) where {
	a, p, came := sql.Table(activity.Table).As("a"), sql.Table(posting.Table).As("p"), sql.Table(attendance.Table).As("c")
	posted := sql.Dialect(dialect.Postgres).Select(a.C(activity.FieldID)).From(a)
	posted.Join(p).On(a.C(activity.FieldStationID), p.C(posting.FieldStationID)).
		Where(sql.And(sql.EQ(p.C(posting.FieldDeputyID), v.Person), sql.IsNull(p.C(posting.FieldEndedOn))))
	attended := sql.Dialect(dialect.Postgres).Select(came.C(attendance.FieldActivityID)).From(came).
		Where(sql.EQ(came.C(attendance.FieldDeputyID), v.Person))
	return keyed(posted, attended)
}

// attendances lists attendances, the latest day first.
func (r *Resolver) attendances(column string, parents []uuid.UUID, where ...where) page.Query[gen.Attendance] {
	return page.Query[gen.Attendance]{
		Entity: page.Attendances(r.client), Parents: page.ByColumn(column, parents...), Order: latestAttendances, Where: where,
	}
}

// keyFigures lists the key figures that hold at a division on a day: those of the places on its way up.
func (r *Resolver) keyFigures(ctx context.Context, code *string, on *time.Time) ([]*gen.KeyFigure, error) {
	root, err := r.rootNamed(ctx, code)
	if err != nil {
		return nil, err
	}
	way := []place.Code{place.Nation, root.Code}
	for _, above := range []*place.Code{root.ProvinceCode, root.CityCode, root.CountyCode, root.TownshipCode} {
		if above != nil {
			way = append(way, *above)
		}
	}
	day := r.today()
	if on != nil {
		day = *on
	}
	return r.client.KeyFigure.Query().Where(keyfigure.CodeIn(way...), inForce(day)).
		Order(keyfigure.ByCode(), keyfigure.ByKey()).All(ctx)
}

func inForce(day time.Time) predicate.KeyFigure {
	return keyfigure.And(keyfigure.FromOnLTE(day), keyfigure.Or(keyfigure.UntilOnIsNil(), keyfigure.UntilOnGTE(day)))
}
