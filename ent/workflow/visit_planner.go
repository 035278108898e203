package workflow

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/gen/visitday"
	"github.com/lianluo/lianluo/ent/gen/visitrule"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rota"
	"github.com/lianluo/lianluo/ent/state"
)

// planner draws up the visit days of some stations and who is on duty on them.
type planner struct {
	*task
	until    time.Time
	workdays calendar.Workdays
	stations []*gen.Station
	rules    []*gen.VisitRule
	// known are the days that rules have given already, and taken those on which a station has a visit day, cancelled or not: a day that
	// was cancelled under one rule does not come back under another.
	known map[givenDay]bool
	taken map[stationDay]bool
	rota  map[uuid.UUID]*stationRota
	// days and duties are what is new.
	days   []*gen.VisitDayCreate
	duties []*gen.VisitDutyCreate
}

type givenDay struct {
	station, rule uuid.UUID
	on            time.Time
}

type stationDay struct {
	station uuid.UUID
	day     time.Time
}

// stationRota is who may be put on duty at a station, in order, and how often they were put there since the last of them came, a year back at
// most: from then on all have had the same chances, and who is new need not catch up with the others.
type stationRota struct {
	deputies []uuid.UUID
	mandate  map[uuid.UUID]uuid.UUID
	since    time.Time
	done     map[uuid.UUID]int
}

// read locks the stations against being closed, and against others who plan for them, and reads what the plan rests on.
func (p *planner) read(ctx context.Context, stations []predicate.Station, rules []predicate.VisitRule) (err error) {
	p.stations, err = p.tx.Station.Query().Where(stations...).Where(station.ClosedOnIsNil()).Order(station.ByID()).ForShare().All(ctx)
	if err != nil || len(p.stations) == 0 {
		return err
	}
	ids, names := make([]uuid.UUID, len(p.stations)), make([]string, len(p.stations))
	for i, s := range p.stations {
		ids[i], names[i] = s.ID, "visit days:"+s.ID.String()
	}
	if err := p.lock(ctx, names...); err != nil {
		return err
	}
	if err := p.readRules(ctx, ids, rules); err != nil || len(p.rules) == 0 {
		return err
	}
	if p.workdays, err = p.task.workdays(ctx); err != nil {
		return err
	}
	if err := p.readDays(ctx, ids); err != nil {
		return err
	}
	return p.readRota(ctx, ids)
}

// readRules reads the rules that hold for the stations, the nearest first: their own, and those of the places they lie in.
func (p *planner) readRules(ctx context.Context, ids []uuid.UUID, more []predicate.VisitRule) (err error) {
	above := map[place.Code]bool{}
	for _, s := range p.stations {
		a := areaOfStation(s)
		above[a.Code], above[place.Nation] = true, true
		for _, code := range []*place.Code{a.Province, a.City, a.County, a.Township} {
			if code != nil {
				above[*code] = true
			}
		}
	}
	codes := make([]place.Code, 0, len(above))
	for code := range above {
		codes = append(codes, code)
	}
	p.rules, err = p.tx.VisitRule.Query().Where(more...).Where(
		visitrule.Or(visitrule.StationIDIn(ids...), visitrule.And(visitrule.StationIDIsNil(), visitrule.CodeIn(codes...))),
		visitrule.FromOnLTE(p.until), visitrule.Or(visitrule.UntilOnIsNil(), visitrule.UntilOnGTE(p.desk.today())),
	).Order(visitrule.ByID()).All(ctx)
	if err != nil {
		return err
	}
	depth := func(r *gen.VisitRule) int {
		if r.StationID != nil {
			return len(place.Levels)
		}
		return r.Code.Shape().Depth()
	}
	slices.SortStableFunc(p.rules, func(a, b *gen.VisitRule) int { return depth(b) - depth(a) })
	return nil
}

// RuleApplies tells whether a rule is for a station.
func RuleApplies(r *gen.VisitRule, s *gen.Station) bool {
	if r.StationID != nil {
		return *r.StationID == s.ID
	}
	kinds := r.Kinds
	if len(kinds) == 0 {
		kinds = kind.PhysicalStations
	}
	return r.Code.Contains(s.Code) && slices.Contains(kinds, s.Kind)
}

// readDays reads which days there are already. A day may have been moved a year from the one that its rule gave.
func (p *planner) readDays(ctx context.Context, ids []uuid.UUID) error {
	today := p.desk.today()
	p.known, p.taken = map[givenDay]bool{}, map[stationDay]bool{}
	days, err := p.tx.VisitDay.Query().Where(visitday.StationIDIn(ids...),
		visitday.Or(visitday.DayGTE(today), visitday.RuleOnGTE(today.AddDate(0, 0, -shiftable)))).
		Select(visitday.FieldStationID, visitday.FieldRuleID, visitday.FieldRuleOn, visitday.FieldDay).All(ctx)
	if err != nil {
		return err
	}
	for _, d := range days {
		p.taken[stationDay{d.StationID, calendar.Day(d.Day)}] = true
		if d.RuleID != nil {
			p.known[givenDay{d.StationID, *d.RuleID, calendar.Day(*d.RuleOn)}] = true
		}
	}
	return nil
}

// shiftable is more days than a rule may shift one of its days by.
const shiftable = 40

// readRota reads the deputies posted to the stations whose mandates let them be on duty, each once, and what they have done.
func (p *planner) readRota(ctx context.Context, ids []uuid.UUID) error {
	p.rota = make(map[uuid.UUID]*stationRota, len(ids))
	for _, id := range ids {
		p.rota[id] = &stationRota{mandate: map[uuid.UUID]uuid.UUID{}, done: map[uuid.UUID]int{}}
	}
	postings, err := p.tx.Posting.Query().Where(posting.StationIDIn(ids...), dutiful).
		Order(posting.ByStartedOn(), posting.ByID()).All(ctx)
	if err != nil {
		return err
	}
	for _, at := range postings {
		r := p.rota[at.StationID]
		if _, known := r.mandate[at.DeputyID]; known {
			continue
		}
		r.deputies, r.mandate[at.DeputyID] = append(r.deputies, at.DeputyID), at.MandateID
		r.since = later(r.since, at.CreatedAt)
	}
	since := make([]time.Time, len(ids))
	for i, id := range ids {
		since[i] = later(p.rota[id].since, p.desk.clock().AddDate(-1, 0, 0))
	}
	rows, err := p.tx.QueryContext(ctx, `SELECT d.station_id, d.deputy_id, count(*)
		FROM unnest($1::uuid[], $2::timestamptz[]) s (id, since)
		JOIN visit_duty d ON d.station_id = s.id AND d.created_at >= s.since AND NOT d.replaced
		JOIN visit_day v ON v.id = d.visit_day_id AND v.state <> 'CANCELLED'
		GROUP BY 1, 2`, pq.Array(ids), pq.Array(since))
	if err != nil {
		return fmt.Errorf("count duties: %w", err)
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	for rows.Next() {
		var station, deputy uuid.UUID
		var n int
		if err := rows.Scan(&station, &deputy, &n); err != nil {
			return fmt.Errorf("count duties: %w", err)
		}
		p.rota[station].done[deputy] = n
	}
	return rows.Err()
}

// dutiful are the postings that let a deputy be on duty: those in force, on a mandate that is neither suspended nor over.
var dutiful = posting.And(posting.EndedOnIsNil(),
	posting.HasMandateWith(mandate.StatusIn(state.MandateElected, state.MandateConfirmed)))

// draw works out what is new. A day that has begun is not planned any more.
func (p *planner) draw() error {
	for _, r := range p.rules {
		rule, err := ruleOf(r)
		if err != nil {
			return err
		}
		days := rule.Between(p.desk.today(), p.until, p.workdays)
		for _, s := range p.stations {
			if !RuleApplies(r, s) {
				continue
			}
			p.drawStation(s, r, slices.DeleteFunc(slices.Clone(days), func(d rota.Day) bool {
				return !hourOf(d.On, r.BeginsMinute).After(p.desk.clock()) || d.On.Before(calendar.Day(s.OpenedOn)) ||
					p.known[givenDay{s.ID, r.ID, d.Of}] || p.taken[stationDay{s.ID, d.On}]
			}))
			if len(p.days) > mostPlanned {
				return tooManyDays()
			}
		}
	}
	return nil
}

// drawStation adds days of a rule at a station, with deputies on duty.
func (p *planner) drawStation(s *gen.Station, r *gen.VisitRule, days []rota.Day) {
	turns := p.rota[s.ID]
	for i, who := range rota.Share(len(days), r.PerDay, turns.deputies, turns.done) {
		d, id := days[i], newID()
		p.taken[stationDay{s.ID, d.On}] = true
		day := p.tx.VisitDay.Create().SetID(id).SetCodeThen(s.Code).SetStationID(s.ID).SetRuleID(r.ID).SetRuleOn(d.Of).
			SetDay(d.On).SetBeginsAt(hourOf(d.On, r.BeginsMinute)).SetEndsAt(hourOf(d.On, r.EndsMinute)).
			SetNillableTheme(r.Theme).SetState(state.VisitDayPlanned)
		areaOfStation(s).put(day.Mutation())
		p.days = append(p.days, day)
		for _, deputy := range who {
			turns.done[deputy]++
			duty := p.tx.VisitDuty.Create().SetVisitDayID(id).SetStationID(s.ID).SetDeputyID(deputy).SetMandateID(turns.mandate[deputy])
			areaOfStation(s).put(duty.Mutation())
			p.duties = append(p.duties, duty)
		}
	}
}

// hourOf is the moment some minutes after a day begins.
func hourOf(day time.Time, minutes int) time.Time {
	return calendar.Begin(day).Add(time.Duration(minutes) * time.Minute)
}

// rowsAtOnce bounds the rows of one statement, whose parameters are bounded.
const rowsAtOnce = 1000

func (p *planner) write(ctx context.Context) error {
	for days := range slices.Chunk(p.days, rowsAtOnce) {
		if err := p.tx.VisitDay.CreateBulk(days...).Exec(ctx); err != nil {
			return err
		}
	}
	for duties := range slices.Chunk(p.duties, rowsAtOnce) {
		if err := p.tx.VisitDuty.CreateBulk(duties...).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
