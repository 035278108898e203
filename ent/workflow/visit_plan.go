package workflow

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/gen/visitrule"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// The bounds of planning.
const (
	// planAhead is how many days ahead visit days may be planned, or moved to.
	planAhead = 366
	// mostPlanned is how many visit days may be planned, or published, at once.
	mostPlanned = 5000
)

// VisitScope is whose visit days are planned or published: those of one station or of all stations of a division.
type VisitScope struct {
	Station  *uuid.UUID
	Division *place.Code
}

// PlanVisitDays is for which stations visit days are planned, and how far ahead.
type PlanVisitDays struct {
	VisitScope
	// Rule plans the days of one rule alone.
	Rule  *uuid.UUID
	Until time.Time
}

func (in *PlanVisitDays) check(today time.Time) error {
	var c checker
	given := 0
	for _, there := range []bool{in.Station != nil, in.Division != nil, in.Rule != nil} {
		if there {
			given++
		}
	}
	if given != 1 {
		c.add(at("站点、区划、规则", "station"), "EXCLUSIVE", "必须且只能给出其一")
	}
	in.Until = c.day(at("截止日期", "until"), in.Until, today, today.AddDate(0, 0, planAhead))
	return c.list.Err()
}

// PlanVisitDays plans the visit days that rules yield up to a day (安排接待日) and puts deputies on duty, and answers how many are new. What is
// planned already, was moved or cancelled stays as it is. A keeper plans for the own station.
func (d *Desk) PlanVisitDays(ctx context.Context, in PlanVisitDays) (planned int, err error) {
	v, err := d.admit(ctx, VerbPlanVisitDays)
	if err != nil {
		return 0, err
	}
	if err := in.check(d.today()); err != nil {
		return 0, err
	}
	_, err = transact(ctx, d, VerbPlanVisitDays, v, func(t *task) (_ done, err error) {
		planned, err = t.planVisitDays(ctx, in)
		return done{}, err
	})
	if err != nil {
		return 0, err
	}
	return planned, nil
}

// plannedFor is what a plan is for, as the audit has it.
type plannedFor struct {
	entity string
	id     uuid.UUID
	area   area
}

func (t *task) planVisitDays(ctx context.Context, in PlanVisitDays) (int, error) {
	var (
		stations []predicate.Station
		rules    []predicate.VisitRule
		what     plannedFor
		err      error
	)
	if in.Rule != nil {
		stations, rules, what, err = t.ruleScope(ctx, *in.Rule)
	} else {
		stations, what, err = t.visitScope(ctx, in.VisitScope)
	}
	if err != nil {
		return 0, err
	}
	planned, err := t.plan(ctx, stations, rules, in.Until)
	if err != nil {
		return 0, err
	}
	return planned, t.audit(ctx, what.entity, what.id, what.area, map[string]any{
		"until": in.Until.Format(time.DateOnly), "planned": planned,
	})
}

// visitScope finds the stations that something is done for, which the viewer must be allowed to do it for.
func (t *task) visitScope(ctx context.Context, in VisitScope) ([]predicate.Station, plannedFor, error) {
	if in.Station != nil {
		s, err := t.lockOpenStation(ctx, *in.Station, "input", "station")
		if err != nil {
			return nil, plannedFor{}, err
		}
		return []predicate.Station{station.ID(s.ID)}, plannedFor{gen.TypeStation, s.ID, areaOfStation(s)}, t.keeps(s.ID, "input", "station")
	}
	d, err := t.tx.Division.Query().Where(division.Code(*in.Division)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, plannedFor{}, fault.NotFound("区划不存在或不在辖区内", "input", "division")
	}
	if err != nil {
		return nil, plannedFor{}, err
	}
	lo, hi := d.Code.Range()
	return []predicate.Station{station.CodeGTE(lo), station.CodeLT(hi)},
		plannedFor{gen.TypeDivision, d.ID, areaOfDivision(d)}, t.keepsDivision("input", "division")
}

// ruleScope finds the stations of the viewer's area that a rule is for.
func (t *task) ruleScope(ctx context.Context, id uuid.UUID) ([]predicate.Station, []predicate.VisitRule, plannedFor, error) {
	r, err := t.tx.VisitRule.Get(ctx, id)
	if gen.IsNotFound(err) {
		return nil, nil, plannedFor{}, noVisitRule("input", "rule")
	}
	if err != nil {
		return nil, nil, plannedFor{}, err
	}
	if ruleOver(r, t.desk.today()) {
		return nil, nil, plannedFor{}, fault.Conflict("ENDED", "该规则已终止", "input", "rule")
	}
	lo, hi := r.Code.Range()
	stations := []predicate.Station{station.CodeGTE(max(lo, t.viewer.Lo)), station.CodeLT(min(hi, t.viewer.Hi))}
	switch {
	case r.StationID != nil:
		stations = append(stations, station.ID(*r.StationID))
		err = t.keeps(*r.StationID, "input", "rule")
	case t.viewer.Role == viewer.StationKeeper:
		stations = append(stations, station.ID(t.viewer.Station))
	}
	return stations, []predicate.VisitRule{visitrule.ID(r.ID)}, plannedFor{gen.TypeVisitRule, r.ID, areaOfVisitRule(r)}, err
}

// plan plans the visit days of stations that are open, up to a day.
func (t *task) plan(ctx context.Context, stations []predicate.Station, rules []predicate.VisitRule, until time.Time) (int, error) {
	p := planner{task: t, until: until}
	if err := p.read(ctx, stations, rules); err != nil {
		return 0, err
	}
	if err := p.draw(); err != nil {
		return 0, err
	}
	return len(p.days), p.write(ctx)
}

// tooManyDays refuses what would be too much for one request.
func tooManyDays() error {
	return fault.Invalid("TOO_MANY", fmt.Sprintf("一次最多 %d 个接待日,请缩小范围或提前截止日期", mostPlanned), "input", "until")
}
