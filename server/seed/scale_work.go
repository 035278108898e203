package seed

import (
	"slices"
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// The months of a load: 24 whole ones, two whole years. What is open at the end stays so.
var (
	loadFirst = date(2024, time.January, 1)
	loadLast  = date(2025, time.December, 31)
	loadEnd   = clockTime(loadLast, 18, 0)
)

// workload is what is done in a unit in the months of a load.
type workload struct{ activities, attendances, opinions int }

// labours makes what is done in a unit.
type labours struct {
	*docket
	w *world
	// at are the stations, those of townships several times, so that more is drawn for them.
	at []*site
	// open are the postings in force at the end of the load, of all its stations.
	open []*posting
	// departments are those of the unit and of the city above it.
	departments []*organ
}

// site is a station at work.
type site struct {
	*station
	from     time.Time // its first day in the load
	postings []*posting
	open     []*posting
	villages []*division // that it serves
}

// offices are the departments of divisions, by the end of their names. Those of a city are made with the first of its counties.
type offices map[*division]map[string]*organ

func (o offices) add(list []*organ) {
	for _, one := range list {
		if one.kind != kind.OrganDepartment {
			continue
		}
		if o[one.in] == nil {
			o[one.in] = map[string]*organ{}
		}
		o[one.in][strings.TrimPrefix(one.name, one.in.name)] = one
	}
}

// How much more than a village's station others have to do.
const (
	weightOfCounty   = 4
	weightOfTownship = 3
)

// labour begins the work of a unit that is filled.
func (w *world) labour(b *builder, days *almanac, all offices) *labours {
	all.add(b.organs)
	l := &labours{
		docket: &docket{
			scribe: w.scribe(b.root.code, forOpinions), almanac: days, names: w.parts, county: b.root,
			offices: map[*division]map[string]*organ{b.root: all[b.root]},
		},
		w: w,
	}
	if city := b.root.parent; city.level == place.LevelCity {
		l.offices[city] = all[city]
	}
	sites := map[*station]*site{}
	for _, s := range b.stations {
		one := &site{station: s, from: later(loadFirst, s.opened), villages: []*division{s.in}}
		sites[s] = one
		weight := 1
		switch s.in.level {
		case place.LevelTownship:
			weight, one.villages = weightOfTownship, villages([]*division{s.in})
		case place.LevelCounty, place.LevelCity:
			weight, one.villages = weightOfCounty, villages(b.towns)
		}
		if len(one.villages) == 0 {
			one.villages = []*division{s.in}
		}
		l.at = append(l.at, slices.Repeat([]*site{one}, weight)...)
	}
	for _, p := range b.postings {
		at := sites[p.station]
		at.postings = append(at.postings, p)
		if p.open() {
			at.open, l.open = append(at.open, p), append(l.open, p)
		}
	}
	for _, o := range b.organs {
		switch {
		case o.in == b.root && o.kind == kind.OrganDepartment:
			l.departments = append(l.departments, o)
		case o.in == b.root && strings.HasSuffix(o.name, overseer):
			l.overseer = o
		}
	}
	return l
}

// work does it.
func (l *labours) work(all workload) (*rows, error) {
	l.activitiesOf(all.activities, all.attendances)
	l.opinionsOf(all.opinions)
	return &l.rows, l.err
}

// day draws a day from a station's first on. Few of them are days off.
func (l *labours) day(at *site) time.Time {
	day := l.between(at.from, loadLast.AddDate(0, 0, 1))
	for range 3 {
		if l.Works(day) || l.chance(15) {
			break
		}
		day = l.between(at.from, loadLast.AddDate(0, 0, 1))
	}
	return day
}

// serves tells whether the deputy of a posting serves at its station on a day.
func (p *posting) serves(on time.Time) bool { return p.inForce(on) && p.mandate.serving(on) }

// seat is the mandate by which the deputy of a posting attends on a day: that of the uppermost congress.
func (p *posting) seat(on time.Time) *mandate {
	best := p.mandate
	rank := func(m *mandate) int { return slices.Index(kind.CongressLevels, levelOf(m)) }
	for _, m := range p.mandate.deputy.seats {
		if !m.elected.After(on) && (m.ended.IsZero() || m.ended.After(on)) && rank(m) < rank(best) {
			best = m
		}
	}
	return best
}

// deputy draws a deputy who is posted to a station at a moment and still is; nil when there is none.
func (l *labours) deputy(at *site, when time.Time) *posting {
	on := calendar.Today(when)
	for range 3 {
		if len(at.open) == 0 {
			return nil
		}
		if p := pick(l.random, at.open); p.serves(on) {
			return p
		}
	}
	return nil
}
