package seed

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// entry is how an opinion comes in.
type entry struct {
	at      time.Time
	station *station
	channel kind.Channel
	deputy  *deputy // the one it comes to, if any
	topic   *topic
	scene   scene
}

// take books an opinion as it comes in: the citizen by the code that was scanned, else the station's officer, or the deputy.
func (d *docket) take(e entry) *affair {
	at := e.at.Truncate(time.Millisecond)
	o := &opinion{
		record: d.recordAt(at, e.station.in), number: d.number(at), station: e.station, deputy: e.deputy, channel: e.channel,
		content: d.words(e), location: e.scene.location(),
	}
	if d.chance(40) {
		o.hint = d.categories[e.topic.category].id
	}
	o.submitter = d.submitter(o)
	d.opinions = append(d.opinions, o)
	d.told = append(d.told, o)
	d.submitters = append(d.submitters, o.submitter)

	a := &affair{docket: d, o: o, topic: e.topic, scene: e.scene}
	by := actor{party: state.PartySubmitter}
	if e.scanned() {
		by.subject = "code:" + d.codeOf(e).String()
	} else {
		by = d.booker(o)
	}
	home := e.station.in.group()
	a.enter(at, by, state.StepSubmit, doing{facts: ownedBy(home)})
	return a
}

// codeOf is the code that was scanned.
func (d *docket) codeOf(e entry) uuid.UUID {
	for _, c := range d.codesAt[e.station] {
		if c.posting == nil && e.deputy == nil || c.posting != nil && c.posting.mandate.deputy == e.deputy {
			return c.id
		}
	}
	d.fail(fmt.Errorf("%w: a code of %s", errNoActor, e.station.name))
	return uuid.Nil
}

// words tells a scene in words that no one has used in the county.
func (d *docket) words(e entry) string {
	for {
		text := e.scene.told(d.random, !e.scanned())
		if !d.met[text] {
			d.met[text] = true
			return text
		}
	}
}

// scanned tells whether the citizen wrote it, after scanning a code.
func (e entry) scanned() bool {
	return e.channel == kind.ChannelStationCode || e.channel == kind.ChannelDeputyCode
}

// booker is who writes down what a citizen says.
func (d *docket) booker(o *opinion) actor {
	if o.deputy != nil {
		if a := d.staffed.deputies[o.deputy]; a != nil {
			return d.as(state.PartyDeputy, a)
		}
	}
	return d.officer(o.station)
}

// submitter is who submits an opinion: most do not say, some leave a number, fewer the name too.
func (d *docket) submitter(o *opinion) *submitter {
	s := &submitter{record: d.recordAt(o.at, o.in), opinion: o}
	if d.chance(35) {
		s.phone = phone(d.random)
		s.callBack = d.chance(50)
		if d.chance(60) {
			s.name = d.names.name(d.random, gender(d.random))
		}
	}
	return s
}

// topicFor draws a topic that may come up at a place on a day and suits the course.
func (d *docket) topicFor(at *division, day time.Time, c course) *topic {
	for {
		t := &topics[d.random.IntN(len(topics))]
		if t.fits(at, day.Month()) && t.suits(c) && (!t.rare || d.chance(45)) {
			return t
		}
	}
}

// villageOf is the village that a station serves, or one of those it serves.
func (d *docket) villageOf(s *station) *division {
	if s.in.level == place.LevelVillage {
		return s.in
	}
	towns := []*division{s.in}
	if s.in == d.county {
		towns = d.county.below(place.LevelTownship)
	}
	if list := villages(towns); len(list) > 0 {
		return pick(d.random, list)
	}
	return s.in
}

// entryAt is an opinion that comes to a station by a channel at a moment.
func (d *docket) entryAt(at time.Time, s *station, channel kind.Channel, c course) entry {
	e := entry{at: at, station: s, channel: channel}
	switch {
	case channel == kind.ChannelDeputyCode:
		if e.deputy = d.deputyAt(s, at); e.deputy == nil {
			e.channel = kind.ChannelStationCode
		}
	case channel == kind.ChannelVisit && d.chance(40) && d.deputyWith(s, at) != nil:
		e.deputy = d.deputyWith(s, at)
	case channel == kind.ChannelInPerson || channel == kind.ChannelVisit:
		if d.chance(60) || !d.visitDay.IsZero() {
			e.deputy = d.deputyAt(s, at)
		}
	}
	where := d.villageOf(s)
	e.topic = d.topicFor(where, calendar.Today(at), c)
	e.scene = e.topic.scene(d.random, where)
	return e
}

// echoAt is when someone else tells the same: while it is at work, or on the same visit day.
func (r *running) echoAt() time.Time {
	if r.visitDay.IsZero() {
		return r.desk(*r.AcceptedAt, r.random.IntN(3))
	}
	return r.minute(r.visitDay, min(evening-10, int(r.o.at.Sub(clockTime(r.visitDay, 0, 0))/time.Minute)+1))
}

// echo books opinions about the same as one at work, and merges them into it. The last is taken out again if the course says so, and goes
// its own way.
func (r *running) echo() {
	for i := range r.echoes {
		m := r.take(entry{
			at: r.echoAt(), station: r.o.station, channel: r.o.channel, deputy: r.o.deputy, topic: r.topic, scene: r.scene,
		})
		officer := r.officer(r.o.station)
		m.do(m.soon(0), officer, state.StepAccept, doing{})
		merge := doing{text: "与另一件意见反映同一问题，并件办理。"}
		merge.facts.Main = new(r.o.id)
		at := later(m.soon(r.random.IntN(2)), r.desk(*r.AcceptedAt, 0))
		r.merges = append(r.merges, m.do(at, officer, state.StepMerge, merge))
		if r.split && i == r.echoes-1 {
			m.do(m.soon(1), officer, state.StepUnmerge, doing{text: "经核实地点不同，分开办理。"})
			r.apart = later(r.apart, m.soon(1))
			own := &running{affair: m, course: course{urgency: r.urgency, outcome: kind.OutcomeExplained, ratings: satisfied}}
			own.goOn()
			m.done()
			continue
		}
		r.apart = later(r.apart, m.soon(1))
		r.merged = append(r.merged, m)
	}
}
