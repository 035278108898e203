package seed

import (
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// employAll gives each station that has none yet a chief, a deputy chief and a liaison officer. In a township the chief is, where one
// is posted, a deputy of the county.
func (b *builder) employAll() {
	chiefs := b.chiefs()
	staffed := map[*station]map[kind.Staff]bool{}
	for _, m := range b.staff {
		if staffed[m.station] == nil {
			staffed[m.station] = map[kind.Staff]bool{}
		}
		staffed[m.station][m.office] = true
	}
	for _, s := range b.stations {
		names := map[string]bool{}
		for _, office := range []kind.Staff{kind.StaffChief, kind.StaffDeputyChief, kind.StaffLiaison} {
			if staffed[s][office] {
				continue
			}
			m := b.hire(s, office, kind.OriginOfficial, names)
			if d := chiefs[s]; d != nil && office == kind.StaffChief {
				m.name, m.origin, m.deputy = d.name, kind.OriginDeputy, d
				m.started = later(m.started, d.seats[0].elected)
			}
		}
	}
}

// chiefs finds for the stations of townships a deputy of the county who is posted there.
func (b *builder) chiefs() map[*station]*deputy {
	out := map[*station]*deputy{}
	for _, p := range b.postings {
		if p.open() && p.mandate.constituency.congress.level == kind.County && p.station.in.level == place.LevelTownship && out[p.station] == nil {
			out[p.station] = p.mandate.deputy
		}
	}
	return out
}

// deputyCodes gives each deputy who is posted now a code at the station (代表码).
func (w *world) deputyCodes(all *rows) {
	s := w.scribe(place.Nation, forCodes)
	for _, p := range all.postings {
		if p.open() {
			all.codes = append(all.codes, &code{record: s.record(p.in), station: p.station, posting: p, text: s.code()})
		}
	}
}

// hire gives a new person an office at a station from its first day on. Names in use at the station are not given again.
func (b *builder) hire(s *station, office kind.Staff, origin kind.StaffOrigin, names map[string]bool) *staff {
	name := b.w.parts.name(b.random, gender(b.random))
	for names[name] {
		name = b.w.parts.name(b.random, gender(b.random))
	}
	names[name] = true
	m := &staff{record: b.record(s.in), station: s, name: name, office: office, origin: origin, started: s.opened}
	b.staff = append(b.staff, m)
	return m
}
