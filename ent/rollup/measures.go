package rollup

import (
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// Want is a set of groups of measures. Only what is wanted is computed; the rest stays zero.
type Want uint

// The groups. Persons are wanted apart from what they hold, because counting each once costs as much again.
const (
	// WantStations: Stations, OnlineStations, StationsByKind, StationsOpened, StationsClosed.
	WantStations Want = 1 << iota
	// WantMandates: Mandates, MandatesByLevel.
	WantMandates
	// WantDeputies: Deputies.
	WantDeputies
	// WantPostings: Postings.
	WantPostings
	// WantDeputiesPosted: DeputiesPosted.
	WantDeputiesPosted
	// WantCoverage: Coverage.
	WantCoverage

	// WantAll is every group.
	WantAll = WantStations | WantMandates | WantDeputies | WantPostings | WantDeputiesPosted | WantCoverage
)

// any tells whether one of the groups is wanted.
func (w Want) any(groups Want) bool { return w&groups != 0 }

// Measures are the sums of one area. States are those at the end of the period's last day: something is in force from
// its first day until the day before the one that ended it. In the maps, what is absent is zero.
type Measures struct {
	// Stations counts the open physical stations, that is all but the online ones.
	Stations int
	// OnlineStations counts the open online stations.
	OnlineStations int
	// StationsByKind counts the open stations of every kind.
	StationsByKind map[kind.Station]int
	// StationsOpened and StationsClosed count the physical stations whose first day open, or closed, lies in the period. So
	// Stations on its last day is Stations on the day before it, plus the opened, less the closed.
	StationsOpened, StationsClosed int

	// Mandates counts the mandates on the roll.
	Mandates int
	// MandatesByLevel counts them by the level of the congress.
	MandatesByLevel map[kind.CongressLevel]int
	// Deputies counts the persons with a mandate on the roll, each once; it does not add up over areas.
	Deputies int

	// Postings counts the postings in force.
	Postings int
	// DeputiesPosted counts the persons with a posting in force, each once; it does not add up over areas.
	DeputiesPosted int

	// Coverage tells which places have a station.
	Coverage Coverage
}

// Coverage counts places and those among them that have an open physical station. A village has its own, a township one of
// its own or of a village in it, a constituency one that serves it.
type Coverage struct {
	// Townships and Villages are those of the tree as it is now.
	Townships, TownshipsCovered int
	Villages, VillagesCovered   int
	// Constituencies are those drawn by residence or work unit and valid on the period's last day.
	Constituencies, ConstituenciesCovered int
}

// empty tells whether there is nothing in the area.
func (m *Measures) empty() bool {
	return m.Stations == 0 && m.OnlineStations == 0 && m.StationsOpened == 0 && m.StationsClosed == 0 &&
		m.Mandates == 0 && m.Deputies == 0 && m.Postings == 0 && m.DeputiesPosted == 0 && m.Coverage == Coverage{}
}

// sheet holds the sums under the codes of their areas.
type sheet map[place.Code]*Measures
