package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/gen/visitday"
	"github.com/lianluo/lianluo/ent/gen/visitduty"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// The platform's own verbs on visit days. No role may do them.
const (
	VerbPlanAhead    Verb = "planVisitDay"
	VerbMissVisitDay Verb = "missVisitDay"
	VerbReleaseDuty  Verb = "releaseDuty"
)

const (
	// plannedAhead is how many days ahead the platform plans the days of all rules in force.
	plannedAhead = 60
	// missedAfter is how many days after a visit day it counts as missed when nothing is on record of it.
	missedAfter = 7
	// stationsAtOnce and daysAtOnce bound a transaction of the platform's.
	stationsAtOnce = 20
	daysAtOnce     = 200
)

// Why the platform changes a rota.
const (
	goneReason   = "代表已不在本站点值班"
	closedReason = "站点已撤销"
)

// PlanAhead plans the visit days of all rules in force some time ahead, and answers how many are new. Some stations are a transaction of their
// own, so those that cannot be planned stand in no other's way.
func (c *Clockwork) PlanAhead(ctx context.Context) (planned int, err error) {
	ctx, v := c.as(ctx, "visits")
	today := c.desk.today()
	var errs []error
	for last := uuid.Nil; ; {
		ids, err := c.ruled(ctx, today, last)
		if err != nil {
			return planned, fmt.Errorf("find stations to plan for: %w", err)
		}
		if len(ids) == 0 || ctx.Err() != nil {
			return planned, errors.Join(append(errs, ctx.Err())...)
		}
		last = ids[len(ids)-1]
		n, err := c.planFor(ctx, v, ids, today.AddDate(0, 0, plannedAhead))
		planned, errs = planned+n, append(errs, err)
	}
}

// ruled finds the next open stations after one that a rule may be in force for.
func (c *Clockwork) ruled(ctx context.Context, today time.Time, after uuid.UUID) ([]uuid.UUID, error) {
	return c.desk.client.Station.Query().Where(station.ClosedOnIsNil(), station.IDGT(after), func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) {
			b.WriteString(`EXISTS (SELECT FROM visit_rule r WHERE (r.until_on IS NULL OR r.until_on >= `).Arg(today).
				WriteString(`) AND (r.station_id = ` + s.C(station.FieldID) + ` OR r.station_id IS NULL AND r.code IN (0, ` +
					s.C(station.FieldProvinceCode) + `, ` + s.C(station.FieldCityCode) + `, ` + s.C(station.FieldCountyCode) + `, ` +
					s.C(station.FieldTownshipCode) + `, ` + s.C(station.FieldCode) + `)))`)
		}))
	}).Order(station.ByID()).Limit(stationsAtOnce).IDs(ctx)
}

func (c *Clockwork) planFor(ctx context.Context, v *viewer.Viewer, stations []uuid.UUID, until time.Time) (planned int, err error) {
	err = c.work(ctx, VerbPlanAhead, v, func(t *task) error {
		p := planner{task: t, until: until}
		if err := p.read(ctx, []predicate.Station{station.IDIn(stations...)}, nil); err != nil {
			return err
		}
		if err := p.draw(); err != nil {
			return err
		}
		planned = len(p.days)
		if err := p.write(ctx); err != nil {
			return err
		}
		news := map[uuid.UUID]int{}
		for _, d := range p.days {
			id, _ := d.Mutation().StationID()
			news[id]++
		}
		for _, s := range p.stations {
			if n := news[s.ID]; n > 0 {
				err := t.audit(ctx, gen.TypeStation, s.ID, areaOfStation(s), map[string]any{"until": until.Format(time.DateOnly), "planned": n})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("plan visit days: %w", err)
	}
	return planned, nil
}

// Kept tells what KeepRota has done.
type Kept struct {
	// Missed are days that nothing is on record of, Cancelled days to come of stations that are closed, Released duties of deputies who are
	// not posted there any more, or whose mandates are suspended or over.
	Missed, Cancelled, Released int
}

// KeepRota brings visit days up to the calendar and to the roster. It does nothing twice, though two servers try at once: what one is at work on the
// other leaves alone.
func (c *Clockwork) KeepRota(ctx context.Context) (k Kept, err error) {
	ctx, v := c.as(ctx, "visits")
	today := c.desk.today()
	open := visitday.StateIn(state.VisitDayPlanned, state.VisitDayPublished)
	var errs [3]error
	k.Missed, errs[0] = c.eachDay(ctx, v, VerbMissVisitDay, func(t *task, d *gen.VisitDay) error {
		to, err := visitStep(d, VerbMissVisitDay)
		if err != nil {
			return err
		}
		return t.tx.VisitDay.UpdateOne(d).SetState(to).AddVersion(1).Exec(ctx)
	}, open, visitday.DayLT(today.AddDate(0, 0, -missedAfter)))
	k.Cancelled, errs[1] = c.eachDay(ctx, v, VerbCancelVisitDay, func(t *task, d *gen.VisitDay) error {
		_, err := t.cancelDay(ctx, d, closedReason)
		return err
	}, open, visitday.DayGTE(today), visitday.HasStationWith(station.ClosedOnLTE(today)))
	released := map[uuid.UUID]int{}
	_, errs[2] = c.eachDay(ctx, v, VerbReleaseDuty, func(t *task, d *gen.VisitDay) (err error) {
		released[d.ID], err = t.releaseDuties(ctx, d)
		return err
	}, open, visitday.DayGTE(today), visitday.HasDutiesWith(visitduty.Replaced(false), undutiful))
	for _, n := range released {
		k.Released += n
	}
	if err := errors.Join(errs[:]...); err != nil {
		return k, fmt.Errorf("keep the rota: %w", err)
	}
	return k, nil
}

// eachDay does something with every visit day that meets some conditions, some in a transaction; it answers with how many.
func (c *Clockwork) eachDay(ctx context.Context, v *viewer.Viewer, verb Verb, do func(*task, *gen.VisitDay) error, where ...predicate.VisitDay) (n int, err error) {
	for after := uuid.Nil; ; {
		var days []*gen.VisitDay
		err := c.work(ctx, verb, v, func(t *task) (err error) {
			days, err = t.tx.VisitDay.Query().Where(where...).Where(visitday.IDGT(after)).Order(visitday.ByID()).Limit(daysAtOnce).
				ForUpdate(sql.WithLockAction(sql.SkipLocked)).All(ctx)
			if err != nil {
				return err
			}
			for _, d := range days {
				if err := do(t, d); err != nil {
					return err
				}
				if err := t.audit(ctx, gen.TypeVisitDay, d.ID, areaOfVisitDay(d), nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(days) == 0 {
			return n, err
		}
		n, after = n+len(days), days[len(days)-1].ID
	}
}

// undutiful are the duties of deputies who have no posting at the station any more that lets them be on duty. It reads as dutiful does.
func undutiful(s *sql.Selector) {
	s.Where(sql.P(func(b *sql.Builder) {
		b.WriteString(`NOT EXISTS (SELECT FROM posting p JOIN mandate m ON m.id = p.mandate_id
			WHERE p.station_id = `+s.C(visitduty.FieldStationID)+` AND p.deputy_id = `+s.C(visitduty.FieldDeputyID)+`
			AND p.ended_on IS NULL AND m.status IN (`).Args(string(state.MandateElected), string(state.MandateConfirmed)).WriteString(`))`)
	}))
}

// releaseDuties takes the deputies off the rota of a locked day who may not be on duty any more, and has those concerned told.
func (t *task) releaseDuties(ctx context.Context, d *gen.VisitDay) (int, error) {
	if _, err := visitStep(d, VerbReleaseDuty); err != nil {
		return 0, err
	}
	ids, err := t.tx.VisitDuty.Query().Where(visitduty.VisitDayID(d.ID), visitduty.Replaced(false), undutiful).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	n, err := t.tx.VisitDuty.Update().Where(visitduty.IDIn(ids...)).SetReplaced(true).SetReason(goneReason).AddVersion(1).Save(ctx)
	if err != nil {
		return 0, err
	}
	return n, t.announceChange(ctx, d, ids...)
}
