package seed

import (
	"fmt"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// Deputies of an upper congress who also sit in the county's, and of the county's who sit in a township's, of a hundred.
const (
	alsoCounty   = 20
	alsoTownship = 4
)

// maxSeats is the most deputies that one constituency elects, by law.
const maxSeats = 3

// seatsEach is about how many it elects, in fifths.
const seatsEach = 12

// countySeats gives a county's congress its constituencies and deputies, posted where they were elected.
func (b *builder) countySeats(seats int) {
	c := b.congress(b.root)
	places := villages(b.towns)
	if len(places) == 0 {
		places = b.towns
	}
	n := max(1, (5*seats+seatsEach-1)/seatsEach)
	for i := range n {
		d := b.root
		if len(places) > 0 {
			d = places[i*len(places)/n]
		}
		name, basis := d.short(), kind.ByResidence
		if d.level == place.LevelVillage {
			name = d.parent.short() + d.short()
		}
		if i%17 == 16 {
			name, basis = d.group().short()+"机关企事业单位", kind.ByWorkUnit
		}
		u := b.directly(c, d.group(), fmt.Sprintf("第%d选区(%s)", i+1, name), basis)
		s := b.stationOf(d)
		if s.constituency == nil && s.in.level == place.LevelVillage {
			s.constituency = u
		}
		b.fill(u, s, share(seats, n, i))
	}
}

// fill has a constituency of the county's congress elect its deputies, posted to a station.
func (b *builder) fill(u *constituency, s *station, seats int) {
	u.seats = seats
	for range seats {
		m := b.elect(u, b.newcomer(s, u.congress), s)
		b.takers[s.in.group()] = append(b.takers[s.in.group()], m.deputy)
		b.takers[nil] = append(b.takers[nil], m.deputy)
	}
}

// townshipSeats gives the congress of a township its constituencies and deputies.
func (b *builder) townshipSeats(town *division, seats int) {
	c := b.congress(town)
	places := villages([]*division{town})
	if len(places) == 0 {
		places = []*division{town}
	}
	n := max(len(places), (seats+maxSeats-1)/maxSeats)
	if n > seats {
		n = max(1, seats)
	}
	for i := range n {
		d := places[i*len(places)/n]
		u := b.directly(c, town, fmt.Sprintf("第%d选区(%s)", i+1, d.short()), kind.ByResidence)
		u.seats = share(seats, n, i)
		s := b.stationOf(d)
		for range u.seats {
			who := b.taker(town, alsoTownship)
			if who == nil {
				who = b.newcomer(s, c)
			} else {
				s = who.seats[0].home.station
			}
			b.elect(u, who, s)
			s = b.stationOf(d)
		}
	}
}

// upperSeats gives the county deputies of a congress above it, posted to the nearest of some stations in turn.
func (b *builder) upperSeats(above *division, electing *division, seats int, stations []*station) {
	if seats == 0 {
		return
	}
	c := b.congress(above)
	u := b.unit(c, electing)
	u.seats += seats
	for i := range seats {
		s := stations[i*len(stations)/seats]
		who := b.taker(nil, alsoCounty)
		if who == nil {
			who = b.newcomer(s, c)
		} else {
			s = who.seats[0].home.station
		}
		b.elect(u, who, s)
	}
}

// taker answers, in so many cases of a hundred, a deputy of the county's congress at home in a township (nil: anywhere) who gets a
// second seat; nil otherwise, and where there is none.
func (b *builder) taker(town *division, percent int) *deputy {
	if !b.chance(percent) {
		return nil
	}
	list := b.takers[town]
	for range 3 {
		if len(list) == 0 {
			return nil
		}
		if d := pick(b.random, list); len(d.seats) == 1 && d.seats[0].status == state.MandateConfirmed {
			return d
		}
	}
	return nil
}

// Among the mandates one in byElection was won in a by-election, and of those one in stillElected is not confirmed yet; one in
// suspended is suspended.
const (
	byElection   = 71
	stillElected = 6
	suspended    = 397
)

// elect gives a person a seat and posts it.
func (b *builder) elect(u *constituency, who *deputy, s *station) *mandate {
	c := u.congress
	m := &mandate{
		record: b.record(s.in.group()), deputy: who, term: c.current, constituency: u,
		election: kind.GeneralElection, status: state.MandateConfirmed,
		elected: c.current.starts.AddDate(0, 0, -lead(c.level)),
	}
	b.counter++
	switch {
	case b.counter%byElection == 13 && len(who.seats) == 0:
		m.election = kind.ByElection
		m.elected = b.between(date(2023, 6, 1), date(2025, 3, 1))
		b.predecessor(m, s)
		if b.counter/byElection%stillElected == 1 {
			m.elected, m.status = date(2025, 6, 12), state.MandateElected
		}
	case b.counter%suspended == 29 && len(who.seats) == 0:
		m.status = state.MandateSuspended
	case b.past > 0 && b.counter%b.past == 5, b.pastAbove && (c.level == kind.National || c.level == kind.Provincial):
		b.reelected(m, s)
	}
	b.mandates = append(b.mandates, m)
	who.seats = append(who.seats, m)
	m.home = b.posting(m, s, b.basisOf(c.level))
	return m
}

func (b *builder) basisOf(level kind.CongressLevel) kind.Posting {
	switch {
	case b.basis != "":
		return b.basis
	case level == kind.County, level == kind.Township:
		return kind.PostingConstituency
	}
	return kind.PostingProximity
}

// posting posts a mandate to a station from the first day on that both are there.
func (b *builder) posting(m *mandate, s *station, basis kind.Posting) *posting {
	p := &posting{record: b.record(s.in), station: s, mandate: m, basis: basis, started: later(m.elected, s.opened)}
	b.postings = append(b.postings, p)
	return p
}

// vacancies are why seats fall vacant, the commoner reasons more often, and what was noted.
var vacancies = []struct {
	reason kind.EndReason
	note   string
}{
	{kind.EndMovedAway, "工作调动,调离本行政区域"},
	{kind.EndResigned, "本人书面提出辞职,已被接受"},
	{kind.EndMovedAway, "户籍迁出本行政区域"},
	{kind.EndDied, ""},
	{kind.EndResigned, "因健康原因提出辞职,已被接受"},
	{kind.EndMovedAway, "工作调动,调离本行政区域"},
	{kind.EndRecalled, "被依法罢免"},
}

// predecessor makes the one whose seat a by-election filled.
func (b *builder) predecessor(m *mandate, s *station) {
	u := m.constituency
	elected := u.congress.current.starts.AddDate(0, 0, -lead(u.congress.level))
	old := &mandate{
		record: b.record(m.in), deputy: b.newcomer(s, u.congress), term: m.term, constituency: u,
		election: kind.GeneralElection, status: state.MandateEnded, elected: elected,
		ended: b.between(elected.AddDate(0, 3, 0), m.elected.AddDate(0, -1, 0)),
	}
	why := vacancies[b.counter/byElection%len(vacancies)]
	old.reason, old.note = why.reason, why.note
	b.mandates = append(b.mandates, old)
	b.end(old, s)
}

// reelected gives the holder of a mandate one of the term before.
func (b *builder) reelected(m *mandate, s *station) {
	c := m.constituency.congress
	old := &mandate{
		record: b.record(m.in), deputy: m.deputy, term: c.previous, constituency: m.constituency,
		election: kind.GeneralElection, status: state.MandateEnded,
		elected: c.previous.starts.AddDate(0, 0, -lead(c.level)), ended: c.previous.ends, reason: kind.EndTermOver,
	}
	b.mandates = append(b.mandates, old)
	b.end(old, s)
}

// end gives a mandate that has ended the posting that it had, if the station was open then.
func (b *builder) end(m *mandate, s *station) {
	if !s.opened.Before(m.ended) {
		return
	}
	p := b.posting(m, s, b.basisOf(m.constituency.congress.level))
	p.ended, p.reason = m.ended, "代表资格终止"
}

// newcomer makes a person who is no one else in the county.
func (b *builder) newcomer(s *station, c *congress) *deputy {
	home := s.in.group()
	d := &deputy{record: b.record(home), ethnicity: "汉族"}
	for {
		d.gender = gender(b.random)
		d.name, d.born = b.w.parts.name(b.random, d.gender), born(b.random)
		if who := (person{d.name, d.gender, d.born}); !b.known[who] {
			b.known[who] = true
			break
		}
	}
	if p := people(home.name + b.root.name); p != "" && b.chance(70) {
		d.ethnicity = p
	}
	b.employ(d, s, c.level)
	if b.chance(60) {
		d.phone = phone(b.random)
	}
	b.deputies = append(b.deputies, d)
	if d.phone != "" {
		b.contacts = append(b.contacts, &contact{record: b.record(home), deputy: d})
	}
	return d
}

// employ gives a person work that fits the congress.
func (b *builder) employ(d *deputy, s *station, level kind.CongressLevel) {
	home, of := s.in.group().short(), townWork
	switch {
	case level == kind.Township && s.in.level == place.LevelVillage:
		home, of = s.in.group().short()+s.in.short(), villageWork
	case level != kind.Township && b.chance(50):
		home, of = b.root.name, countyWork
	}
	w := pick(b.random, of)
	d.workUnit, d.jobTitle = home+w.unit, w.title
}

// open tells whether a posting is in force.
func (p *posting) open() bool { return p.ended.IsZero() }
