package seed

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rota"
	"github.com/lianluo/lianluo/ent/state"
)

// diary makes what the deputies of a county do, from its stations and postings.
type diary struct {
	*docket
	all *rows
	// held are all mandates of a deputy, congress the county's.
	held     map[*deputy][]*mandate
	congress *congress
}

// diaries are the counties whose deputies' work is told, in the order of the demonstration.
var diaries = []struct {
	code place.Code
	fill func(*diary)
}{
	{changshaCounty, dutyOfChangshaCounty},
	{beihu, dutyOfBeihu},
	{hetang, dutyOfHetang},
	{yanling, dutyOfYanling},
	{heshun, dutyOfHeshun},
}

// fillDuties makes what deputies do, from the other rows and the accounts. The opinions must be there already: they count as deeds.
func (w *world) fillDuties(ctx context.Context, q querier, all *rows, accounts []*account) error {
	a, err := readAlmanac(ctx, q)
	if err != nil {
		return err
	}
	var made []*rows
	for _, p := range diaries {
		d, err := w.diary(p.code, all, accounts, a)
		if err != nil {
			return err
		}
		if p.fill(d); d.err != nil {
			return fmt.Errorf("%s: %w", d.county.name, d.err)
		}
		made = append(made, &d.rows)
	}
	for _, r := range made {
		all.add(r)
	}
	return nil
}

// diary begins the work of a county's deputies.
func (w *world) diary(at place.Code, all *rows, accounts []*account, a *almanac) (*diary, error) {
	of, err := w.docket(at, all, accounts, a)
	if err != nil {
		return nil, err
	}
	of.scribe = w.scribe(at, forDuties)
	d := &diary{docket: of, all: all, held: map[*deputy][]*mandate{}}
	for _, m := range all.mandates {
		d.held[m.deputy] = append(d.held[m.deputy], m)
	}
	for _, c := range all.congresses {
		if c.in == of.county {
			d.congress = c
		}
	}
	return d, nil
}

// serving tells whether a mandate is on the roll on a day, and not suspended.
func (m *mandate) serving(on time.Time) bool {
	return !m.elected.After(on) && (m.ended.IsZero() || m.ended.After(on)) && (m.suspended().IsZero() || m.suspended().After(on))
}

// suspended is the day from which on the mandate is suspended; zero if it is not.
func (m *mandate) suspended() time.Time {
	if m.status != state.MandateSuspended {
		return time.Time{}
	}
	return later(m.elected, suspendedOn)
}

// suspendedOn is when the mandates that are suspended were.
var suspendedOn = date(2025, 3, 10)

// highest is the mandate by which a deputy attends on a day: that of the uppermost congress.
func (d *diary) highest(who *deputy, on time.Time) *mandate {
	var best *mandate
	rank := func(m *mandate) int { return slices.Index(kind.CongressLevels, levelOf(m)) }
	for _, m := range d.held[who] {
		onRoll := !m.elected.After(on) && (m.ended.IsZero() || m.ended.After(on))
		if onRoll && (best == nil || rank(m) < rank(best)) {
			best = m
		}
	}
	return best
}

// inForce tells whether a posting is in force on a day.
func (p *posting) inForce(on time.Time) bool {
	return !p.started.After(on) && (p.ended.IsZero() || p.ended.After(on))
}

// postedAt are the deputies posted to a station who serve on a day, each once, in the order of their postings.
func (d *diary) postedAt(s *station, on time.Time) []*deputy {
	var out []*deputy
	for _, p := range d.posted[s] {
		if p.inForce(on) && p.mandate.serving(on) && !slices.Contains(out, p.mandate.deputy) {
			out = append(out, p.mandate.deputy)
		}
	}
	return out
}

// some draws so many of a hundred of a list, in its order.
func some[T any](s *scribe, of []T, percent int) []T {
	var out []T
	for _, one := range of {
		if s.chance(percent) {
			out = append(out, one)
		}
	}
	return out
}

// keeper is who keeps the records of a station: its keeper, elsewhere the township or the county; organ who confirms them.
func (d *diary) keeper(s *station) actor {
	if a := d.staffed.keepers[s]; a != nil {
		return d.as(state.PartyStation, a)
	}
	return d.organ(s)
}

func (d *diary) organ(s *station) actor {
	if a := d.staffed.admins[s.in.group()]; a != nil {
		return d.as(state.PartyOrgan, a)
	}
	return d.as(state.PartyOrgan, d.staffed.admins[d.county])
}

// hold has an activity planned, held, recorded on the same day and confirmed a working day later, with those who came and what was counted. Of
// what it is told the rest is filled in.
func (d *diary) hold(a *activity, came []*deputy, counted ...counted) *activity {
	if a.ends == 0 {
		a.begins, a.ends = 9*60, 11*60+30
	}
	planned := d.minute(d.Add(a.day, -5), morning)
	a.record = d.recordAt(planned, a.station.in)
	d.activities = append(d.activities, a)
	d.step(a, planned, "planActivity", d.keeper(a.station))
	d.step(a, clockTime(a.day, 0, a.begins), "openActivity", d.keeper(a.station))
	for _, who := range came {
		d.attend(a, who)
	}
	a.recordedAt = clockTime(a.day, 0, a.ends+20).Add(time.Duration(d.random.IntN(3600)) * time.Second)
	d.step(a, a.recordedAt, "recordActivity", d.keeper(a.station))
	for _, c := range counted {
		if c.value > 0 {
			d.activityFigures = append(d.activityFigures, &activityFigure{
				record: d.recordAt(a.recordedAt, a.station.in), activity: a, figure: c.figure, value: int64(c.value),
			})
		}
	}
	a.confirmedAt = d.minute(d.Add(a.day, 1), morning)
	d.step(a, a.confirmedAt, "confirmActivity", d.organ(a.station))
	a.changed = a.confirmedAt
	if v := a.visitDay; v != nil {
		v.state, v.changed = state.VisitDayHeld, a.recordedAt
	}
	return a
}

// step goes on with an activity, by the table of its states.
func (d *diary) step(a *activity, at time.Time, verb string, by actor) {
	to, ok := state.Activities.Next(a.state, verb)
	if !ok {
		d.fail(fmt.Errorf("activity %s: %w: %s in %s", a.title, errMove, verb, a.state))
		return
	}
	a.events++
	d.activitySteps = append(d.activitySteps, &activityStep{
		record: d.recordAt(at, a.station.in), activity: a, sequence: a.events, verb: verb, from: a.state, to: to, by: by,
	})
	a.state = to
}

// attend has a deputy attend, as a guest where there is no posting.
func (d *diary) attend(a *activity, who *deputy) {
	m := d.highest(who, a.day)
	if m == nil {
		d.fail(fmt.Errorf("activity %s on %s: %w: %s has no mandate", a.title, a.day.Format(time.DateOnly), errNoActor, who.name))
		return
	}
	guest := !slices.ContainsFunc(d.posted[a.station], func(p *posting) bool {
		return p.mandate.deputy == who && p.inForce(a.day)
	})
	d.attendances = append(d.attendances, &attendance{
		record: d.recordAt(clockTime(a.day, 0, a.begins), a.station.in), activity: a, mandate: m, guest: guest,
	})
}

// receive has an official attend.
func (d *diary) receive(a *activity, o *official) {
	d.attendances = append(d.attendances, &attendance{
		record: d.recordAt(clockTime(a.day, 0, a.begins), a.station.in), activity: a, organ: o.organ, official: o.name, title: o.title,
	})
}

type official struct {
	organ       *organ
	name, title string
}

// counted is what an activity counted.
type counted struct {
	figure uuid.UUID
	value  int
}

// The figures that every activity may count, as a migration has them.
var (
	figureReceived = uuid.MustParse("01930000-0000-7000-8000-000000000001")
	figureVisited  = uuid.MustParse("01930000-0000-7000-8000-000000000002")
	figureLectures = uuid.MustParse("01930000-0000-7000-8000-000000000003")
	figureSolved   = uuid.MustParse("01930000-0000-7000-8000-000000000004")
)

// figure defines a figure of the county.
func (d *diary) figure(f keyFigure) uuid.UUID {
	f.record = d.record(d.county)
	d.keyFigures = append(d.keyFigures, &f)
	return f.id
}

// rule sets a rule for visit days: of a station, or with nil of the county.
func (d *diary) rule(r visitRule) *visitRule {
	in := d.county
	if r.station != nil {
		in = r.station.in
	}
	r.record = d.recordAt(clockTime(r.From.AddDate(0, 0, -10), 9, 0), in)
	if r.ends == 0 {
		r.begins, r.ends = 9*60, 11*60+30
	}
	d.visitRules = append(d.visitRules, &r)
	return &r
}

// visit is how a visit day at a station went.
type visit struct {
	location, theme string
	// percent of those on duty came.
	percent int
}

// visits has the visit days of a rule, from one day to another, at a station: drawn up, published and held. It answers the activities.
func (d *diary) visits(r *visitRule, s *station, first, last time.Time, v visit) []*activity {
	var out []*activity
	days := r.Between(first, last, d.Workdays)
	rotas := rota.Share(len(days), r.perDay, d.postedAt(s, first), nil)
	for i, day := range days {
		on, there := d.visitDay(r, s, day, v), d.postedAt(s, day.On)
		onDuty := slices.DeleteFunc(rotas[i], func(who *deputy) bool { return !slices.Contains(there, who) })
		if len(onDuty) == 0 {
			d.fail(fmt.Errorf("visit day of %s on %s: %w", s.name, day.On.Format(time.DateOnly), errNoActor))
			return nil
		}
		for _, who := range onDuty {
			d.duty(on, who)
		}
		came := some(&d.scribe, onDuty, v.percent)
		if len(came) == 0 {
			came = onDuty[:1]
		}
		out = append(out, d.hold(&activity{
			station: s, visitDay: on, title: "代表接待日", way: kind.WayReception, setting: kind.SettingInStation, mode: kind.ModeReceiving,
			theme: v.theme, day: day.On, begins: r.begins, ends: r.ends,
		}, came))
	}
	return out
}

// visitDay draws up a visit day two weeks ahead, and publishes it a week later.
func (d *diary) visitDay(r *visitRule, s *station, day rota.Day, v visit) *visitDay {
	drawn := clockTime(day.On.AddDate(0, 0, -14), 9, 0)
	on := &visitDay{
		record: d.recordAt(drawn, s.in), station: s, rule: r, ruleOn: day.Of, day: day.On, location: v.location, theme: v.theme,
		state: state.VisitDayPublished, published: clockTime(day.On.AddDate(0, 0, -7), 10, 0),
	}
	on.changed = on.published
	d.visitDays = append(d.visitDays, on)
	return on
}

// duty puts a deputy on duty, by the mandate that the deputy is posted by.
func (d *diary) duty(on *visitDay, who *deputy) *visitDuty {
	x := &visitDuty{record: d.recordAt(on.at.Add(time.Minute), on.station.in), of: on}
	for _, p := range d.posted[on.station] {
		if p.mandate.deputy == who && p.inForce(on.day) {
			x.mandate = p.mandate
			break
		}
	}
	d.visitDuties = append(d.visitDuties, x)
	return x
}

// dayOf is the calendar day of a moment.
func dayOf(at time.Time) time.Time { return calendar.Today(at) }

// months lists the days that have a number in the months from one to another.
func months(first, last time.Time) []time.Time {
	var out []time.Time
	for at := first; !at.After(last); at = at.AddDate(0, 1, 0) {
		out = append(out, at)
	}
	return out
}
