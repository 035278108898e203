package seed

import (
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// run takes a submitted opinion through its course.
func (a *affair) run(c course) {
	r := &running{affair: a, course: c}
	if r.intake() {
		r.goOn()
	}
	a.done()
}

// goOn takes it through its course from the analysis on.
func (r *running) goOn() {
	for _, stage := range []func() bool{r.analyse, r.assignment, r.handling, r.feedback, r.end} {
		if r.err != nil || !stage() {
			return
		}
	}
}

// running is a course under way.
type running struct {
	*affair
	course
	times int // how often the step to stop after was done
	// apart is the moment after which no one is merged into it any more.
	apart time.Time
}

// step does a step and tells whether the course goes on.
func (r *running) step(at time.Time, by actor, s state.Step, what doing) bool {
	r.do(r.reach(at, s), by, s, what)
	return r.goesOn(s)
}

// reach is when a step is done that could be done at a moment.
func (r *running) reach(at time.Time, s state.Step) time.Time {
	if s == r.hold && r.until.After(at) {
		return r.minute(r.until, morning)
	}
	return at
}

func (r *running) goesOn(s state.Step) bool {
	if s == r.stop {
		r.times++
	}
	return r.err == nil && (s != r.stop || r.times < max(r.nth, 1))
}

// wait draws how many working days a state lasts: least to most when all goes well, the first third of that when it must be quick, up to
// the limit or longer when it is tardy or slow.
func (r *running) wait(least, most int) int {
	switch limit, ok := r.State.DefaultLimit(); {
	case ok && r.State == r.slow:
		return limit.Days + 1 + r.random.IntN(6)
	case ok && r.tardy && (r.WaitsOn() == state.PartyOrgan || r.WaitsOn() == state.PartyLead):
		return limit.Days
	case r.quick:
		most = least + (most-least)/3
	}
	return least + r.random.IntN(most-least+1)
}

// intake is the station's first word.
func (r *running) intake() bool {
	officer := r.officer(r.o.station)
	at := r.soon(r.wait(0, 2))
	switch {
	case r.decline != "":
		r.do(at, officer, state.StepDecline, doing{text: declines[r.decline], decline: r.decline})
		return false
	case r.spot:
		r.reply = r.scene.fill(r.topic.spot)
		what := doing{text: r.reply}
		what.facts.Outcome = r.outcome
		return r.step(at, officer, state.StepAnswer, what)
	}
	return r.step(at, officer, state.StepAccept, doing{text: r.say(20, acceptances)}) && r.explain()
}

// explain is a deputy's word in between.
func (r *running) explain() bool {
	if !r.explained {
		return true
	}
	d := r.deputyWith(r.o.station, r.At)
	return r.step(r.soon(0), r.as(state.PartyDeputy, r.staffed.deputies[d]), state.StepExplain, doing{text: pick(r.random, explanations)})
}

// analyse says what it is and whose.
func (r *running) analyse() bool {
	if r.spot {
		return true
	}
	owner := r.county
	if r.town && r.holder().level == place.LevelTownship {
		owner = r.holder()
	}
	facts := ownedBy(owner)
	facts.Category, facts.Urgency, facts.Hardship = new(r.categories[r.topic.category].id), r.urgency, new(r.hardship)
	if !r.step(r.soon(r.wait(0, 2)), r.officer(r.o.station), state.StepAnalyse, doing{facts: facts, text: r.say(15, analyses)}) {
		return false
	}
	if owner != r.county && !r.escalate(takenUp) {
		return false
	}
	if r.key && !r.step(r.soon(0), r.as(state.PartyAbove, r.staffed.admins[r.county]), state.StepMarkKey, doing{text: "涉及面广，列为重点。"}) {
		return false
	}
	return r.city == notAsked || r.escalate(r.city)
}

// escalate puts the case before the level above.
func (r *running) escalate(then cityCourse) bool {
	from := r.holder()
	text := "所需协调的部门在上一级，本级难以解决，请求提级办理。"
	if r.Dissatisfied > 1 {
		text = "反映人两次表示不满意，提请上级办理。"
	}
	at := r.reach(r.soon(r.wait(0, 1)), state.StepEscalate)
	r.do(at, r.organ(), state.StepEscalate, doing{facts: ownedBy(from.parent), text: text})
	r.endParts() // who had it before has it no longer
	if !r.goesOn(state.StepEscalate) {
		return false
	}
	if then == sentBack {
		return r.step(r.soon(r.wait(1, 2)), r.organ(), state.StepSendBack, doing{facts: ownedBy(from), text: "属本级职责范围，请按分级办理的要求继续办理。"})
	}
	return r.step(r.soon(r.wait(0, 2)), r.organ(), state.StepTakeUp, doing{})
}

// assignment finds the department that takes it.
func (r *running) assignment() bool {
	if r.spot {
		return true
	}
	lead := r.office(r.holder(), r.topic.lead)
	var co []*organ
	if r.co && r.topic.co != "" {
		co = []*organ{r.office(r.holder(), r.topic.co)}
	}
	if r.returned {
		first := industry
		if r.topic.lead == industry {
			first = housing
		}
		if !r.give(r.office(r.holder(), first), nil) {
			return false
		}
		text := "经研判，该事项属" + lead.name + "职责，申请退回并改派。"
		if !r.step(r.soon(r.wait(1, 3)), r.lead(state.PartyLead), state.StepRequestReturn, doing{text: text}) {
			return false
		}
	}
	return r.give(lead, co) && r.step(r.soon(r.wait(0, 3)), r.lead(state.PartyLead), state.StepTake, doing{})
}

// give assigns it.
func (r *running) give(lead *organ, co []*organ) bool {
	if r.err != nil {
		return false // there is no such department
	}
	r.assign(r.reach(r.soon(r.wait(0, 1)), state.StepAssign), r.organ(), lead, co)
	return r.goesOn(state.StepAssign)
}

// handling is the work of the department, up to the answer.
func (r *running) handling() bool {
	if r.spot {
		return true
	}
	begun, days := r.At, r.wait(3, 12)
	if r.extend {
		days = 13 + r.random.IntN(9)
	}
	r.echo()
	if !r.supervise() || !r.report() || !r.prolong() || !r.question() {
		return false
	}
	at := later(r.desk(begun, days), r.apart)
	if !at.After(r.At) {
		at = r.soon(1)
	}
	first := r.outcome
	if len(r.ratings) > 1 && r.ratings[0] == kind.RatingDissatisfied {
		first = kind.OutcomeExplained
	}
	return r.answer(at, first)
}

// report has the departments, in turn, note how it goes.
func (r *running) report() bool {
	for i := range r.notes {
		by := r.lead(state.PartyHandler)
		if len(r.active) > 1 && i%2 == 1 {
			by = r.as(state.PartyHandler, r.staffed.offices[r.active[1].organ])
		}
		if !r.step(r.soon(1+r.random.IntN(2)), by, state.StepNote, doing{text: pick(r.random, progress)}) {
			return false
		}
	}
	return true
}

// prolong extends the limit.
func (r *running) prolong() bool {
	if !r.extend {
		return true
	}
	what := doing{text: "涉及环节较多，需进一步协调，申请延期。", extension: 5 + 5*r.random.IntN(3)}
	if r.tardy {
		what.extension = 15
	}
	return r.step(r.soon(1+r.random.IntN(3)), r.lead(state.PartyLead), state.StepExtend, what)
}

// answer is a reply of the lead department.
func (r *running) answer(at time.Time, o kind.Outcome) bool {
	r.reply = r.scene.fill(r.topic.answer(o))
	what := doing{text: r.reply}
	what.facts.Outcome = o
	return r.step(at, r.lead(state.PartyLead), state.StepReply, what)
}

// question asks the citizen something, and what comes of it.
func (r *running) question() bool {
	if r.ask == noQuestion {
		return true
	}
	if !r.step(r.soon(1), r.lead(state.PartyLead), state.StepAsk, doing{text: pick(r.random, questions)}) {
		return false
	}
	switch r.ask {
	case answered:
		return r.step(r.sometime(r.random.IntN(4)), r.citizen(), state.StepSupplement, doing{text: r.scene.fill(pick(r.random, supplements))})
	case called:
		return r.step(r.soon(1+r.random.IntN(3)), r.lead(state.PartyLead), state.StepResume, doing{text: "已电话联系反映人，情况已核清。"})
	}
	for r.err == nil && r.State == state.OpinionWaiting { // until the time for it is over
		at, s := r.next()
		if s == "" || at.After(present) {
			return false
		}
		r.tick(at.Add(time.Second))
	}
	return r.err == nil
}

// supervise has the committee look after it, and urge the department.
func (r *running) supervise() bool {
	if !r.supervised {
		return true
	}
	by := r.as(state.PartyAbove, r.staffed.overseers[r.county])
	at := r.soon(1)
	what := doing{text: "群众多次反映，请限期办结并报告进展。"}
	what.facts.Supervisor, what.facts.SupervisionDue = new(r.overseer.id), new(r.Add(calendar.Today(at), 10))
	if !r.step(at, by, state.StepSupervise, what) {
		return false
	}
	return r.step(r.soon(2), by, state.StepUrge, doing{text: pick(r.random, urgings)})
}

// say draws one of some texts, in so many of a hundred cases.
func (a *affair) say(percent int, texts []string) string {
	if !a.chance(percent) {
		return ""
	}
	return pick(a.random, texts)
}
