package seed

import (
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// lot is a course that so many of a thousand opinions of a load take.
type lot struct {
	perMille int
	course   course
}

// lots leave the rest to the usual course.
var lots = []lot{
	{15, course{decline: kind.DeclineLegalProcedure}},
	{10, course{decline: kind.DeclineOutOfScope}},
	{8, course{decline: kind.DeclineUnclear}},
	{320, course{spot: true}},
	{20, course{returned: true}},
	{12, course{city: takenUp}},
	{30, course{ratings: second}},
	{40, course{ask: answered}},
	{40, course{ask: silent}},
	{40, course{extend: true}},
	{10, course{slow: state.OpinionAccepted}},
	{15, course{slow: state.OpinionAssigned}},
	{40, course{slow: state.OpinionHandling}},
	{10, course{slow: state.OpinionHandling, supervised: true}},
	{10, course{slow: state.OpinionReplied}},
	{6, course{key: true}},
	{8, course{convert: true, outcome: kind.OutcomePlanned, ratings: basically}},
	{15, course{echoes: 1}},
}

// leaving is how many opinions there are for each that is left lying, in the next of these states.
const leaving = 80

var lyingIn = []struct {
	state  state.Opinion
	course course
}{
	{state.OpinionHandling, course{}},
	{state.OpinionSubmitted, course{}},
	{state.OpinionAssigned, course{}},
	{state.OpinionReturnRequested, course{returned: true}},
	{state.OpinionHandling, course{supervised: true}},
	{state.OpinionAccepted, course{}},
	{state.OpinionEscalated, course{city: takenUp}},
	{state.OpinionReplied, course{}},
	{state.OpinionAnalysed, course{}},
	{state.OpinionRework, course{ratings: second}},
	{state.OpinionAnswered, course{spot: true}},
	{state.OpinionRated, course{}},
}

// way draws the course of the nth opinion, and the state that it is left in if it is.
func (l *labours) way(n int) (course, state.Opinion) {
	var c course
	var left state.Opinion
	if n%leaving == leaving/2 {
		lies := lyingIn[n/leaving%len(lyingIn)]
		c, left = lies.course, lies.state
	} else {
		draw := l.random.IntN(1000)
		for _, one := range lots {
			if draw < one.perMille {
				c = one.course
				break
			}
			draw -= one.perMille
		}
	}
	if c.ratings == nil {
		if c.ratings = l.rated(); left == state.OpinionRated {
			c.ratings = satisfied
		}
	}
	if c.outcome == "" && !c.spot {
		c.outcome = l.outcome()
	}
	c.hardship = !c.spot && l.chance(8)
	c.urgency = l.urgency(c)
	return c, left
}

// begin is the station's first word, and what it takes the matter for.
func (m *matter) begin() bool {
	switch {
	case m.decline != "":
		m.step(0, 2, state.StepDecline, dossier.Facts{})
		return false
	case m.spot:
		return m.step(0, 2, state.StepAnswer, dossier.Facts{Outcome: m.topic.onTheSpot()})
	}
	facts := ownedBy(m.county)
	facts.Category, facts.Urgency, facts.Hardship = new(m.categories[m.topic.category].id), m.urgency, new(m.hardship)
	if !m.step(0, 2, state.StepAccept, dossier.Facts{}) || m.ask == silent && !m.unanswered() || !m.step(0, 2, state.StepAnalyse, facts) {
		return false
	}
	if m.key && !m.step(0, 0, state.StepMarkKey, dossier.Facts{}) {
		return false
	}
	if up := m.above(); m.city == takenUp && up != nil {
		return m.step(0, 1, state.StepEscalate, ownedBy(up)) && m.step(0, 2, state.StepTakeUp, dossier.Facts{})
	}
	return true
}

// unanswered has the station ask the citizen something, who does not answer until the time for it is over.
func (m *matter) unanswered() bool {
	if !m.step(0, 1, state.StepAsk, dossier.Facts{}) {
		return false
	}
	for m.err == nil && m.State == state.OpinionWaiting {
		at, _ := m.next()
		if at.After(loadEnd) {
			return false
		}
		m.tick(at.Add(time.Second))
	}
	return true
}

// handled has a department deal with the matter, up to its answer.
func (m *matter) handled() bool {
	if m.spot {
		return true
	}
	at := m.county
	if up := m.above(); up != nil && m.Holder == up.code {
		at = up
	}
	if m.returned {
		first := industry
		if m.topic.lead == industry {
			first = housing
		}
		if !m.give(m.office(at, first)) || !m.step(1, 3, state.StepRequestReturn, dossier.Facts{}) {
			return false
		}
	}
	if !m.give(m.office(at, m.topic.lead)) {
		return false
	}
	if m.supervised {
		facts := dossier.Facts{Supervisor: new(m.overseer.id), SupervisionDue: new(m.Add(calendar.Today(m.At), 10))}
		if !m.stepAt(m.desk(m.At, 1), state.StepSupervise, facts) {
			return false
		}
	}
	if !m.step(0, 3, state.StepTake, dossier.Facts{}) {
		return false
	}
	if m.extend && !m.prolong() {
		return false
	}
	if m.ask == answered && (!m.step(1, 3, state.StepAsk, dossier.Facts{}) || !m.step(1, 6, state.StepSupplement, dossier.Facts{})) {
		return false
	}
	return m.step(3, 11, state.StepReply, dossier.Facts{Outcome: m.outcome})
}

// give assigns the matter to a department.
func (m *matter) give(o *organ) bool {
	if m.err != nil || !m.step(0, 1, state.StepAssign, dossier.Facts{Lead: new(o.id)}) {
		return false
	}
	if m.lead != nil {
		m.lead.ended, m.lead.changed = m.At, m.At
	}
	m.lead = &part{record: m.recordAt(m.At, m.o.in), opinion: m.o, organ: o, part: kind.AssignmentLead}
	m.parts = append(m.parts, m.lead)
	return true
}

// prolong extends the limit of the matter by some working days.
func (m *matter) prolong() bool {
	if m.left == m.State {
		return false
	}
	at := m.desk(m.At, 5)
	if at.After(loadEnd) {
		return false
	}
	m.tick(at)
	m.enter(at, state.StepExtend, dossier.Facts{}, 10)
	return m.err == nil
}

// ended gives the citizen the answer and hears what the citizen thinks, once more if need be, and closes the matter.
func (m *matter) ended() {
	for i := 0; ; i++ {
		if !m.step(0, 3, state.StepFeedBack, dossier.Facts{}) || i >= len(m.ratings) {
			return // the time for it runs out
		}
		if !m.step(0, 7, state.StepRate, dossier.Facts{Rating: m.ratings[i]}) {
			return
		}
		if m.ratings[i] != kind.RatingDissatisfied {
			break
		}
		if !m.step(0, 2, state.StepRework, dossier.Facts{}) || !m.step(4, 11, state.StepReply, dossier.Facts{Outcome: m.outcome}) {
			return
		}
	}
	if m.convert && m.converted() {
		return
	}
	m.step(0, 3, state.StepClose, dossier.Facts{})
}

// converted has a deputy make a draft of a suggestion of the matter, if one is posted there.
func (m *matter) converted() bool {
	at := m.desk(m.At, 2)
	p := m.deputy(m.site, at)
	if p == nil || at.After(loadEnd) {
		return false
	}
	s := &suggestion{
		record: m.recordAt(at.Truncate(time.Millisecond), m.o.in), opinion: m.o, mandate: p.mandate,
		title:   "关于解决" + m.scene.at.group().short() + m.categories[m.topic.category].name + "问题的建议",
		content: m.o.content + "建议主管部门统筹安排资金，明确完成时限。",
	}
	if !m.stepAt(at, state.StepConvert, dossier.Facts{Suggestion: new(s.id)}) {
		return false
	}
	m.suggestions = append(m.suggestions, s)
	return true
}

// echo has someone else tell the same while a matter is at work, which is merged into it and follows it.
func (l *labours) echo(at *site, main *matter) {
	if l.err != nil || main.AcceptedAt == nil {
		return
	}
	told := l.desk(*main.AcceptedAt, 0)
	before := loadEnd
	if main.RepliedAt != nil {
		before = *main.RepliedAt
	}
	accepted := l.desk(told, 1)
	merged := l.desk(accepted, 0)
	if !merged.Before(before) {
		return
	}
	m := l.book(at, entry{at: told, station: at.station, channel: kind.ChannelStationCode, topic: main.topic, scene: main.scene}, nil)
	m.stepAt(accepted, state.StepAccept, dossier.Facts{})
	m.stepAt(merged, state.StepMerge, dossier.Facts{Main: new(main.o.id)})
	const behind = 2 * time.Second
	if main.FedBackAt != nil {
		m.enter(main.FedBackAt.Add(behind), state.StepFollowFeedback, dossier.Facts{Outcome: main.Outcome}, 0)
	}
	if main.ClosedAt != nil {
		m.enter(main.ClosedAt.Add(behind), state.StepFollowClose, dossier.Facts{}, 0)
	}
	m.o.kept = m.Columns()
}
