package seed

import (
	"fmt"
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// affair is an opinion on its way through the loop. Each step goes by the table of moves and is applied as the verbs apply it
// (package dossier), so rows and timelines agree.
type affair struct {
	*docket
	o     *opinion
	topic *topic
	scene scene
	standing
	active []*part // the departments' parts in force
	// reply is the last answer, which the feedback passes on.
	reply string
	// merged follow it; merges are how those and others were merged into it.
	merged   []*affair
	merges   []*event
	timeline []*event
}

// doing is what a step says and settles.
type doing struct {
	text      string
	decline   kind.DeclineReason
	facts     dossier.Facts
	extension int // working days
}

// do does a step at a moment, after the clock has done what it does until then.
func (a *affair) do(at time.Time, by actor, s state.Step, what doing) *event {
	at = at.Truncate(time.Millisecond)
	a.tick(at)
	if a.err == nil && at.After(present) {
		a.fail(fmt.Errorf("opinion %s: %s at %s: the demonstration ends before", a.o.number, s, at))
	}
	return a.enter(at, by, s, what)
}

// enter adds a line to the timeline.
func (a *affair) enter(at time.Time, by actor, s state.Step, what doing) *event {
	next, err := a.event(at, s, what.facts, what.extension, a.Workdays)
	if err != nil {
		a.fail(fmt.Errorf("opinion %s: %w", a.o.number, err))
		return nil
	}
	move, _ := state.MoveOf(s)
	e := &event{
		record: a.recordAt(at, a.o.in), opinion: a.o, by: by, decline: what.decline, text: what.text, shown: move.Shown, Event: next,
	}
	a.Case = a.Apply(e.Event)
	a.timeline = append(a.timeline, e)
	a.events = append(a.events, e)
	return e
}

// The platform's jobs that have a part in cases: the one that watches the limits, and the one that has merged opinions follow.
var (
	deadlines = actor{party: state.PartyClock, subject: "job:deadlines"}
	steps     = actor{party: state.PartyClock, subject: "job:steps"}
)

// tick has the clock do what it does before a moment.
func (a *affair) tick(until time.Time) {
	for a.err == nil {
		at, s := a.next()
		if s == "" || !at.Before(until) {
			return
		}
		what := doing{}
		if s == state.StepResume {
			what.text = "群众逾期未补充"
		}
		a.enter(at, deadlines, s, what)
		if s == state.StepLapse {
			a.follow(state.StepFollowClose, "主件逾期未评价办结")
		}
	}
}

// follow has the merged opinions follow the last event, a few seconds later.
func (a *affair) follow(s state.Step, text string) {
	for i, m := range a.merged {
		if s == state.StepFollowClose && m.FedBackAt != nil && m.Rating == "" {
			m.rateBefore(a.At)
		}
		what := doing{text: text}
		what.facts.Follows = a.Events
		if s == state.StepFollowFeedback {
			what.facts.Outcome = a.Outcome
		}
		m.enter(a.At.Add(time.Duration(2+i)*time.Second), steps, s, what)
	}
}

// rateBefore has the citizen of a merged opinion rate the answer before its end, if there is the time for it.
func (a *affair) rateBefore(end time.Time) {
	what := doing{}
	what.facts.Rating = kind.RatingSatisfied
	if at := a.sometime(a.random.IntN(2)); a.chance(60) && at.Before(end) {
		a.enter(at, a.citizen(), state.StepRate, what)
	}
}

// assign gives the case to departments.
func (a *affair) assign(at time.Time, by actor, lead *organ, co []*organ) {
	f := dossier.Facts{Lead: new(lead.id)}
	for _, o := range co {
		f.Co = append(f.Co, o.id)
	}
	a.do(at, by, state.StepAssign, doing{facts: f})
	a.endParts()
	for i, o := range append([]*organ{lead}, co...) {
		p := &part{record: a.recordAt(a.At, a.o.in), opinion: a.o, organ: o, part: kind.AssignmentCo}
		if i == 0 {
			p.part = kind.AssignmentLead
		}
		a.active = append(a.active, p)
	}
	a.parts = append(a.parts, a.active...)
}

// endParts ends the parts of all departments.
func (a *affair) endParts() {
	for _, p := range a.active {
		p.ended, p.changed = a.At, a.At
	}
	a.active = nil
}

// holder is the division whose organ owns the case.
func (a *affair) holder() *division {
	for d := a.o.in; d != nil; d = d.parent {
		if d.code == a.Holder {
			return d
		}
	}
	a.fail(fmt.Errorf("opinion %s: %w: the holder %s", a.o.number, errNoActor, a.Holder))
	return a.o.in
}

// organ acts for the division that owns the case.
func (a *affair) organ() actor { return a.as(state.PartyOrgan, a.staffed.admins[a.holder()]) }

// lead acts for the lead department.
func (a *affair) lead(p state.Party) actor {
	for _, part := range a.active {
		if part.part == kind.AssignmentLead {
			return a.as(p, a.staffed.offices[part.organ])
		}
	}
	return a.as(p, nil)
}

// citizen is who submitted it.
func (a *affair) citizen() actor {
	return actor{party: state.PartySubmitter, subject: "receipt:" + a.o.id.String()}
}

// office hours in minutes of the day, in Asia/Shanghai.
const (
	morning, noon, afternoon, evening = 8*60 + 30, 12 * 60, 14*60 + 30, 17*60 + 45
)

// soon is a moment of office hours so many working days later; 0: today, if there is time left.
func (a *affair) soon(days int) time.Time { return a.desk(a.At, days) }

// desk is a moment of office hours so many working days after another; 0: the same day, if there is time left.
func (d *docket) desk(from time.Time, days int) time.Time {
	today := calendar.Today(from)
	first := morning
	if days == 0 && d.Works(today) {
		if first = max(first, int(from.Sub(clockTime(today, 0, 0))/time.Minute)+5); first < evening-30 {
			return d.minute(today, first)
		}
	}
	return d.minute(d.Add(today, max(days, 1)), morning)
}

// minute draws a moment of the office hours of a day, from a minute on.
func (d *docket) minute(day time.Time, from int) time.Time {
	m := from + d.random.IntN(evening-from)
	if m >= noon && m < afternoon {
		if m = afternoon + d.random.IntN(60); m < from {
			m = from
		}
	}
	return clockTime(day, 0, m).Add(time.Duration(d.random.IntN(60_000)) * time.Millisecond)
}

// sometime is a moment of a citizen's day, so many days later.
func (a *affair) sometime(days int) time.Time {
	at := clockTime(calendar.Today(a.At).AddDate(0, 0, days), 0, 8*60+a.random.IntN(13*60)).
		Add(time.Duration(a.random.IntN(60_000)) * time.Millisecond)
	if !at.After(a.At) {
		at = a.At.Add(time.Duration(10+a.random.IntN(90)) * time.Minute)
	}
	return at
}

// done ends the work on it: the clock runs until the present, and the row holds what the timeline adds up to.
func (a *affair) done() {
	if a.err != nil {
		return
	}
	a.tick(present)
	a.o.kept = a.Columns()
	for _, merge := range a.merges { // each tells how far it was
		for _, e := range a.timeline {
			if !e.At.After(merge.At) {
				merge.Facts.Follows = e.Sequence
			}
		}
	}
	for _, m := range a.merged {
		m.done()
	}
}

// ownedBy settles whose organ owns a case.
func ownedBy(d *division) dossier.Facts { return dossier.Facts{Holder: new(d.code), Level: d.level} }
