package seed

import (
	"fmt"
	"slices"
	"time"

	"github.com/lianluo/lianluo/ent/kind"
)

// deck is when and where opinions come in, in the order of time, and which course each takes.
type deck struct {
	*docket
	entries []arrival
	courses []course
	dealt   []bool
}

// arrival is when, where and how an opinion comes in.
type arrival struct {
	at      time.Time
	station *station
	channel kind.Channel
}

func (d *docket) deck(entries []arrival) *deck {
	slices.SortStableFunc(entries, func(a, b arrival) int { return a.at.Compare(b.at) })
	return &deck{docket: d, entries: entries, courses: make([]course, len(entries)), dealt: make([]bool, len(entries))}
}

// deal gives so many opinions that came in from one day on and before another their course.
func (k *deck) deal(n int, first, before time.Time, c func(i int) course) {
	k.dealWhere(n, first, before, func(arrival) bool { return true }, c)
}

// dealWhere is deal for those of which something is so.
func (k *deck) dealWhere(n int, first, before time.Time, so func(arrival) bool, c func(i int) course) {
	var free []int
	for i, e := range k.entries {
		if !k.dealt[i] && !e.at.Before(first) && e.at.Before(before) && so(e) {
			free = append(free, i)
		}
	}
	k.random.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	if len(free) < n {
		k.fail(fmt.Errorf("%w in %s between %s and %s", errTooFew, k.county.name, first.Format(time.DateOnly), before.Format(time.DateOnly)))
		return
	}
	for i, at := range free[:n] {
		k.courses[at], k.dealt[at] = c(i), true
	}
}

// hand is so many opinions that came in from one day on and before another, and the course that they take; the first so many are hard.
type hand struct {
	n, hard       int
	first, before time.Time
	course        course
}

// hands deals them. What comes of an opinion is drawn where the course does not say it.
func (k *deck) hands(outcome func() kind.Outcome, list ...hand) {
	for _, h := range list {
		k.dealWhere(h.n, h.first, h.before, k.suits(h.course), func(i int) course {
			c := h.course
			if c.outcome == "" {
				c.outcome = outcome()
			}
			c.hardship = c.hardship || i < h.hard
			return c
		})
	}
}

// suits tells whether an opinion can take a course: for what deputies do there must be one with an account.
func (d *docket) suits(c course) func(arrival) bool {
	return func(a arrival) bool { return !c.explained && !c.convert || d.deputyWith(a.station, a.at) != nil }
}

// rest gives all others their course.
func (k *deck) rest(c func(at time.Time) course) {
	for i, e := range k.entries {
		if !k.dealt[i] {
			k.courses[i], k.dealt[i] = c(e.at), true
		}
	}
}

// play has each opinion come in and take its course.
func (k *deck) play() {
	for i, e := range k.entries {
		if k.err != nil {
			return
		}
		c := k.courses[i]
		if c.urgency == "" {
			c.urgency = k.urgency(c)
		}
		in := k.entryAt(e.at, e.station, e.channel, c)
		if c.spot {
			c.outcome = in.topic.onTheSpot()
		}
		k.take(in).run(c)
	}
}

// channelShare is how many of a hundred come in by a channel.
type channelShare struct {
	channel kind.Channel
	percent int
}

// arrivals draws so many opinions that come in from one day on and before another, at stations by the weights of their kinds. What an officer
// writes down comes in office hours, the rest whenever people find the time.
func (d *docket) arrivals(n int, first, before time.Time, weights map[kind.Station]int, shares []channelShare) []arrival {
	var stations []*station
	for _, s := range d.stations {
		for range weights[s.kind] {
			stations = append(stations, s)
		}
	}
	days := int(before.Sub(first) / (24 * time.Hour))
	out := make([]arrival, 0, n)
	for range n {
		a := arrival{station: pick(d.random, stations)}
		draw := d.random.IntN(100)
		for _, s := range shares {
			if a.channel = s.channel; draw < s.percent {
				break
			}
			draw -= s.percent
		}
		for {
			day := first.AddDate(0, 0, d.random.IntN(days))
			if a.channel == kind.ChannelStationCode || a.channel == kind.ChannelDeputyCode {
				a.at = clockTime(day, 7, d.random.IntN(15*60)).Add(time.Duration(d.random.IntN(60_000)) * time.Millisecond)
				break
			}
			if d.Works(day) {
				a.at = d.minute(day, morning)
				break
			}
		}
		if a.channel == kind.ChannelOnline {
			a.station = d.onlineStation(a.station)
		}
		out = append(out, a)
	}
	return out
}

// onlineStation is the online station of a station's place, if it has one.
func (d *docket) onlineStation(s *station) *station {
	for _, o := range d.stations {
		if o.kind == kind.StationOnline && o.in.group() == s.in.group() {
			return o
		}
	}
	return s
}
