package rollup_test

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// recount sums the world's records one by one, without a database: what there is for the viewer among the records that pick takes.
type recount struct {
	*world
	viewer *viewer.Viewer
	// pick takes the places whose records are summed.
	pick func(*spot) bool
}

func (r recount) takes(s *spot) bool { return r.viewer.Sees(r.viewer.Division) && r.pick(s) }

// inForce tells whether something that begins on a day and has an end, its first day without, is in force on another.
func inForce(begins, ends, on time.Time) bool {
	return !begins.After(on) && (ends.IsZero() || ends.After(on))
}

func within(t time.Time, p rollup.Period) bool {
	return !t.IsZero() && !t.Before(p.From) && !t.After(p.To)
}

// sees tells whether a record at the spot is in the viewer's area.
func (r recount) sees(s *spot) bool { return r.viewer.Sees(s.code) }

// seesMandate adds the mandates that a posting in force makes visible across areas.
func (r recount) seesMandate(m *mandateRecord) bool {
	return r.sees(m.at) || slices.ContainsFunc(r.postings, func(p *postingRecord) bool {
		return p.mandate == m && p.ended.IsZero() && r.sees(p.station.at)
	})
}

func (r recount) measures(p rollup.Period) rollup.Measures {
	m := rollup.Measures{StationsByKind: map[kind.Station]int{}, MandatesByLevel: map[kind.CongressLevel]int{}}
	for _, s := range r.stations {
		if !r.takes(s.at) || !r.sees(s.at) {
			continue
		}
		if inForce(s.opened, s.closed, p.To) {
			m.StationsByKind[s.kind]++
			if s.kind == kind.StationOnline {
				m.OnlineStations++
			} else {
				m.Stations++
			}
		}
		if s.kind != kind.StationOnline && within(s.opened, p) {
			m.StationsOpened++
		}
		if s.kind != kind.StationOnline && within(s.closed, p) {
			m.StationsClosed++
		}
	}
	deputies := map[uuid.UUID]bool{}
	for _, x := range r.mandates {
		if r.takes(x.at) && r.seesMandate(x) && inForce(x.elected, x.ended, p.To) {
			m.Mandates++
			m.MandatesByLevel[x.level]++
			deputies[x.deputy] = true
		}
	}
	m.Deputies = len(deputies)
	posted := map[uuid.UUID]bool{}
	for _, x := range r.postings {
		if r.takes(x.station.at) && r.sees(x.station.at) && inForce(x.started, x.ended, p.To) {
			m.Postings++
			posted[x.mandate.deputy] = true
		}
	}
	m.DeputiesPosted = len(posted)
	m.Coverage = r.coverage(p)
	return m
}

func (r recount) coverage(p rollup.Period) (c rollup.Coverage) {
	open := func(like func(*stationRecord) bool) bool {
		return slices.ContainsFunc(r.stations, func(s *stationRecord) bool {
			return s.kind != kind.StationOnline && r.sees(s.at) && inForce(s.opened, s.closed, p.To) && like(s)
		})
	}
	for _, at := range r.real() {
		if !r.takes(at) || !r.sees(at) {
			continue
		}
		covered := open(func(s *stationRecord) bool { return s.at.in(at) })
		switch at.level {
		case place.LevelTownship:
			c.Townships++
			if covered {
				c.TownshipsCovered++
			}
		case place.LevelVillage:
			c.Villages++
			if covered {
				c.VillagesCovered++
			}
		}
	}
	for _, x := range r.constituencies {
		if x.basis == kind.ElectingUnit || !r.takes(x.at) || !r.sees(x.at) || !inForce(x.from, x.to, p.To) {
			continue
		}
		c.Constituencies++
		if open(func(s *stationRecord) bool { return s.constituency == x.id }) {
			c.ConstituenciesCovered++
		}
	}
	return c
}

func (r recount) roster() []rollup.RosterLevel {
	var out []rollup.RosterLevel
	for _, level := range kind.CongressLevels {
		l := rollup.RosterLevel{Level: level}
		for _, m := range r.mandates {
			if m.level != level || m.status == state.MandateEnded || !r.takes(m.at) || !r.seesMandate(m) {
				continue
			}
			l.Mandates++
			if m.status == state.MandateSuspended {
				l.Suspended++
			}
			if slices.ContainsFunc(r.postings, func(p *postingRecord) bool {
				return p.mandate == m && p.ended.IsZero() && r.sees(p.station.at)
			}) {
				l.Posted++
			}
		}
		out = append(out, l)
	}
	return out
}
