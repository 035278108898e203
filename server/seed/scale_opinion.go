package seed

import (
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// loadChannels are how opinions come in.
var loadChannels = []channelShare{
	{kind.ChannelStationCode, 44},
	{kind.ChannelDeputyCode, 8},
	{kind.ChannelOnline, 14},
	{kind.ChannelInPerson, 18},
	{kind.ChannelVisit, 12},
	{kind.ChannelTelephone, 4},
}

// opinionsOf has so many opinions come in and go their way.
func (l *labours) opinionsOf(n int) {
	for l.err == nil && len(l.opinions) < n {
		at := pick(l.random, l.at)
		c, left := l.way(len(l.opinions))
		m := l.submit(at, l.arrival(at), c)
		m.course, m.left = c, left
		m.run()
		if c.echoes > 0 && len(l.opinions) < n {
			l.echo(at, m)
		}
	}
}

// arrival draws when an opinion comes in and how: what an officer writes down comes in office hours.
func (l *labours) arrival(at *site) arrival {
	a := arrival{station: at.station}
	draw := l.random.IntN(100)
	for _, s := range loadChannels {
		if a.channel = s.channel; draw < s.percent {
			break
		}
		draw -= s.percent
	}
	day := l.day(at)
	if a.channel == kind.ChannelStationCode || a.channel == kind.ChannelDeputyCode {
		a.at = clockTime(day, 7, l.random.IntN(11*60)).Add(time.Duration(l.random.IntN(60_000)) * time.Millisecond)
	} else {
		a.at = l.minute(day, morning)
	}
	return a
}

// submit books an opinion as it comes in, about something that suits its course.
func (l *labours) submit(at *site, a arrival, c course) *matter {
	var to *posting
	if a.channel == kind.ChannelDeputyCode || a.channel == kind.ChannelInPerson || a.channel == kind.ChannelVisit {
		to = l.deputy(at, a.at)
	}
	if a.channel == kind.ChannelDeputyCode && to == nil {
		a.channel = kind.ChannelStationCode
	}
	where := pick(l.random, at.villages)
	about := l.topicFor(where, calendar.Today(a.at), c)
	e := entry{at: a.at, station: at.station, channel: a.channel, topic: about, scene: about.scene(l.random, where)}
	return l.book(at, e, to)
}

// book enters it.
func (l *labours) book(at *site, e entry, to *posting) *matter {
	o := &opinion{
		record: l.recordAt(e.at, at.in), number: l.w.receipt(e.at), station: at.station, channel: e.channel,
		content: e.scene.fill(pick(l.random, e.topic.told)), location: e.scene.location(), submitter: &submitter{},
	}
	if to != nil {
		o.deputy = to.mandate.deputy
	}
	if l.chance(30) {
		o.hint = l.categories[e.topic.category].id
	}
	l.opinions = append(l.opinions, o)
	m := &matter{labours: l, site: at, o: o, topic: e.topic, scene: e.scene}
	m.enter(e.at, state.StepSubmit, ownedBy(at.in.group()), 0)
	return m
}

// receiptStep is odd, so that counting by it meets each of the numbers of one day's receipts once.
const receiptStep, receipts = 0x9e3779b97f4a7c15, 1 << 40

// receipt is a receipt number that no other opinion has.
func (w *world) receipt(at time.Time) string {
	w.receipts++
	n := w.receipts * receiptStep % receipts
	text := []byte(calendar.Today(at).Format("060102") + "-")
	for range 8 {
		text = append(text, crockford[n%32])
		n /= 32
	}
	return string(text)
}

// matter is an opinion of a load on its way through the loop, of which only what it comes to is kept.
type matter struct {
	*labours
	site  *site
	o     *opinion
	topic *topic
	scene scene
	standing
	course
	// left is the state in which it is left lying, if any.
	left state.Opinion
	lead *part // the department's part in force
}

// run takes it through its course until the end of the load.
func (m *matter) run() {
	if m.err == nil && m.begin() && m.handled() {
		m.ended()
	}
	m.tick(loadEnd)
	m.o.kept = m.Columns()
}

// step does a step so many working days later.
func (m *matter) step(least, most int, s state.Step, facts dossier.Facts) bool {
	return m.stepAt(m.desk(m.At, m.days(least, most)), s, facts)
}

// days draws how many working days pass: more than the limit of the state in which the matter stays too long.
func (m *matter) days(least, most int) int {
	if limit, ok := m.State.DefaultLimit(); ok && m.State == m.slow {
		return limit.Days + 1 + m.random.IntN(6)
	}
	return least + m.random.IntN(most-least+1)
}

// stepAt does a step at a moment, unless the load is over by then or the matter is left lying.
func (m *matter) stepAt(at time.Time, s state.Step, facts dossier.Facts) bool {
	if at.After(loadEnd) || m.State == m.left {
		return false
	}
	m.tick(at)
	m.enter(at, s, facts, 0)
	return m.err == nil
}

// tick has the clock do what it does before a moment.
func (m *matter) tick(until time.Time) {
	for m.err == nil {
		at, s := m.next()
		if s == "" || !at.Before(until) {
			return
		}
		m.enter(at, s, dossier.Facts{}, 0)
	}
}

func (m *matter) enter(at time.Time, s state.Step, facts dossier.Facts, extension int) {
	e, err := m.event(at.Truncate(time.Millisecond), s, facts, extension, m.Workdays)
	if err != nil {
		m.fail(err)
		return
	}
	m.Case = m.Apply(e)
}

// above is the city above the unit, if there is one that takes cases up.
func (l *labours) above() *division {
	if up := l.county.parent; up != nil && up.level == place.LevelCity && l.offices[up] != nil {
		return up
	}
	return nil
}
