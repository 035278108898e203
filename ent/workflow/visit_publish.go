package workflow

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/gen/visitday"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// PublishVisitDays is which visit days are published (公布接待日): some, or all that are planned for a station or a division up to a day.
type PublishVisitDays struct {
	IDs []uuid.UUID
	VisitScope
	Until *time.Time
}

// mostNamed is how many visit days can be named at once: a page of them.
const mostNamed = 100

func (in *PublishVisitDays) check(today time.Time) error {
	var c checker
	given := 0
	for _, there := range []bool{len(in.IDs) > 0, in.Station != nil, in.Division != nil} {
		if there {
			given++
		}
	}
	until := at("截止日期", "until")
	switch {
	case given != 1:
		c.add(at("接待日、站点、区划", "ids"), "EXCLUSIVE", "必须且只能给出其一")
	case len(in.IDs) > mostNamed:
		c.add(at("接待日", "ids"), "TOO_MANY", fmt.Sprintf("最多 %d 个", mostNamed))
	case len(in.IDs) > 0 && in.Until != nil:
		c.add(until, "EXCLUSIVE", "只用于站点或区划")
	case len(in.IDs) == 0 && in.Until == nil:
		c.add(until, "REQUIRED", "不能为空")
	case in.Until != nil:
		last := c.day(until, *in.Until, today, today.AddDate(0, 0, planAhead))
		in.Until = &last
	}
	return c.list.Err()
}

// PublishVisitDays publishes planned visit days from today on, and answers how many. Portals see them from then on, with the deputies on duty, who are told.
// Of days that are named, one that is not planned or is over is a conflict; then none is published.
func (d *Desk) PublishVisitDays(ctx context.Context, in PublishVisitDays) (published int, err error) {
	v, err := d.admit(ctx, VerbPublishVisitDays)
	if err != nil {
		return 0, err
	}
	if err := in.check(d.today()); err != nil {
		return 0, err
	}
	_, err = transact(ctx, d, VerbPublishVisitDays, v, func(t *task) (_ done, err error) {
		published, err = t.publishVisitDays(ctx, in)
		return done{}, err
	})
	if err != nil {
		return 0, err
	}
	return published, nil
}

func (t *task) publishVisitDays(ctx context.Context, in PublishVisitDays) (int, error) {
	var (
		ids  []uuid.UUID
		what plannedFor
		err  error
	)
	if len(in.IDs) > 0 {
		ids, what, err = t.namedDays(ctx, in.IDs)
	} else {
		ids, what, err = t.plannedDays(ctx, in)
	}
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(ids, rowsAtOnce) {
		err := t.tx.VisitDay.Update().Where(visitday.IDIn(some...)).
			SetState(state.VisitDayPublished).SetPublishedAt(t.desk.clock()).AddVersion(1).Exec(ctx)
		if err != nil {
			return 0, err
		}
	}
	if err := t.announceDays(ctx, kind.NoticeRota, ids); err != nil {
		return 0, err
	}
	return len(ids), t.audit(ctx, what.entity, what.id, what.area, map[string]any{"published": len(ids), "visitDays": in.IDs, "until": in.Until})
}

// plannedDays locks the days that are planned for the stations of a scope.
func (t *task) plannedDays(ctx context.Context, in PublishVisitDays) ([]uuid.UUID, plannedFor, error) {
	of, what, err := t.visitScope(ctx, in.VisitScope)
	if err != nil {
		return nil, what, err
	}
	where := []predicate.VisitDay{
		visitday.StateEQ(state.VisitDayPlanned), visitday.DayGTE(t.desk.today()), visitday.DayLTE(*in.Until), visitday.HasStationWith(of...),
		visitday.HasStationWith(station.ClosedOnIsNil()),
	}
	days, err := t.tx.VisitDay.Query().Where(where...).Order(visitday.ByID()).Limit(mostPlanned + 1).ForUpdate().All(ctx)
	if err != nil {
		return nil, what, err
	}
	if len(days) > mostPlanned {
		return nil, what, tooManyDays()
	}
	ids := make([]uuid.UUID, len(days))
	for i, d := range days {
		ids[i] = d.ID
	}
	return ids, what, nil
}

// namedDays locks days that are named, each of which must be there to be published.
func (t *task) namedDays(ctx context.Context, ids []uuid.UUID) ([]uuid.UUID, plannedFor, error) {
	days, err := t.tx.VisitDay.Query().Where(visitday.IDIn(ids...)).Order(visitday.ByID()).ForUpdate().All(ctx)
	if err != nil {
		return nil, plannedFor{}, err
	}
	byID := make(map[uuid.UUID]*gen.VisitDay, len(days))
	for _, d := range days {
		byID[d.ID] = d
	}
	var first *gen.VisitDay
	for i, id := range ids {
		d, path := byID[id], []string{"input", "ids", strconv.Itoa(i)}
		if d == nil {
			return nil, plannedFor{}, noVisitDay(path...)
		}
		if err := t.keeps(d.StationID, path...); err != nil {
			return nil, plannedFor{}, err
		}
		if _, err := visitStep(d, "publishVisitDay", path...); err != nil {
			return nil, plannedFor{}, err
		}
		if calendar.Day(d.Day).Before(t.desk.today()) {
			return nil, plannedFor{}, dayOver(path...)
		}
		if first == nil {
			first = d
		}
	}
	known := slices.Compact(slices.SortedFunc(slices.Values(ids), func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }))
	return known, plannedFor{gen.TypeVisitDay, first.ID, areaOfVisitDay(first)}, nil
}

func dayOver(path ...string) error {
	return fault.Conflict("OVER", "该接待日已过", path...)
}
