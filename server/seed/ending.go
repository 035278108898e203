package seed

import (
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// feedback gives the citizen the answer and hears what the citizen thinks, again until it is good or there is no more to be done.
func (r *running) feedback() bool {
	for i := 0; ; i++ {
		text := r.reply
		if r.chance(25) {
			text += "\n" + pick(r.random, words)
		}
		if !r.step(r.soon(r.wait(0, 3)), r.officer(r.o.station), state.StepFeedBack, doing{text: text}) {
			return false
		}
		r.follow(state.StepFollowFeedback, text)
		if i >= len(r.ratings) {
			r.tick(later(present, r.At)) // the time for it runs out
			return r.State == state.OpinionClosed
		}
		rating := r.ratings[i]
		what := doing{text: r.say(35, comments[rating])}
		what.facts.Rating = rating
		if !r.step(r.sometime(r.wait(0, 7)), r.citizen(), state.StepRate, what) {
			return false
		}
		if rating != kind.RatingDissatisfied {
			return true
		}
		if !r.again(r.ratings[i+1:]) {
			return false
		}
	}
}

// again deals with it once more: reworked at the first time, escalated at the second.
func (r *running) again(left []kind.Rating) bool {
	o := r.outcome
	if len(left) > 1 {
		o = kind.OutcomeUnderWay
	}
	if r.Dissatisfied > 1 {
		if !r.escalate(takenUp) || !r.give(r.office(r.holder(), r.topic.lead), nil) {
			return false
		}
		if !r.step(r.soon(r.wait(0, 2)), r.lead(state.PartyLead), state.StepTake, doing{}) {
			return false
		}
		return r.answer(r.soon(r.wait(4, 11)), o)
	}
	if !r.step(r.soon(r.wait(0, 2)), r.organ(), state.StepRework, doing{text: pick(r.random, grounds)}) {
		return false
	}
	return r.answer(r.soon(r.wait(4, 12)), o)
}

// end ends it, and what may come after the end.
func (r *running) end() bool {
	if r.State == state.OpinionRated {
		if r.convert {
			r.suggest(r.deputyWith(r.o.station, r.At))
			return false
		}
		if !r.step(r.soon(r.wait(0, 3)), r.organ(), state.StepClose, doing{}) {
			return false
		}
		r.follow(state.StepFollowClose, "主件已办结")
	}
	if r.reopen && !r.reopened() {
		return false
	}
	if r.publish {
		r.makePublic()
	}
	return true
}

// reopened takes it up again some time after the end.
func (r *running) reopened() bool {
	if !r.step(r.soon(10+r.random.IntN(30)), r.organ(), state.StepReopen, doing{text: "回访发现问题反复，重新办理。"}) ||
		!r.answer(r.soon(r.wait(4, 10)), r.outcome) {
		return false
	}
	if !r.step(r.soon(r.wait(0, 2)), r.officer(r.o.station), state.StepFeedBack, doing{text: r.reply}) {
		return false
	}
	what := doing{}
	what.facts.Rating = kind.RatingSatisfied
	return r.step(r.sometime(r.random.IntN(5)), r.citizen(), state.StepRate, what) &&
		r.step(r.soon(r.wait(0, 3)), r.organ(), state.StepClose, doing{})
}

// suggest converts it into a deputy's suggestion.
func (r *running) suggest(d *deputy) {
	m := d.seats[0]
	at := r.soon(1 + r.random.IntN(5))
	s := &suggestion{
		record: r.recordAt(at.Truncate(time.Millisecond), r.o.in), opinion: r.o, mandate: m,
		title:   "关于解决" + r.scene.at.group().short() + r.categories[r.topic.category].name + "问题的建议",
		content: r.scene.fill(pick(r.random, r.topic.told)+"群众对此反映较多。") + "现有办理意见：" + r.reply + "建议主管部门统筹安排资金，明确完成时限。",
	}
	what := doing{}
	what.facts.Suggestion = new(s.id)
	r.do(at, r.as(state.PartyDeputy, r.staffed.deputies[d]), state.StepConvert, what)
	r.follow(state.StepFollowClose, "主件已转为代表建议")
	r.suggestions = append(r.suggestions, s)
}

// makePublic tells the public of it, in words from which no one can be known.
func (r *running) makePublic() {
	r.do(r.soon(3+r.random.IntN(10)), r.organ(), state.StepPublish, doing{})
	p := &published{
		record: r.recordAt(r.At, r.o.in), opinion: r.o, category: r.Category,
		title:  r.scene.at.group().short() + r.categories[r.topic.category].name + "问题办理情况",
		matter: r.scene.fill(r.topic.told[0]), answer: r.reply,
	}
	r.published = append(r.published, p)
	if r.withdraw {
		r.do(r.soon(5), r.as(state.PartyAbove, r.staffed.admins[r.county]), state.StepWithdraw, doing{text: "表述需进一步核实，先行撤回。"})
		p.withdrawn, p.changed = r.At, r.At
	}
}
