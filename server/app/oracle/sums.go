package oracle

import "slices"

// Levels lists the levels of congresses from the top.
var Levels = []string{"NATIONAL", "PROVINCIAL", "CITY", "COUNTY", "TOWNSHIP"}

// Kinds lists the kinds of stations.
var Kinds = []string{"HOME", "STATION", "POINT", "POST", "BASE", "ONLINE"}

// SeesRoster tells whether a viewer is shown rosters: who sees an area or what is published of one. The few rows that a deputy or a
// department sees are no area to count.
func SeesRoster(v Viewer) bool { return SeesRollup(v) || ways[v.Role] == published }

// SeesRollup tells whether a viewer is shown sums: committees and keepers, who see all of what is summed.
func SeesRollup(v Viewer) bool { return ways[v.Role] == area || ways[v.Role] == narrow }

// RosterLevel is one level of a roster.
type RosterLevel struct {
	Level                       string
	Mandates, Posted, Suspended int
}

// Roster is the five-level roster of a place and what lies below it, of what the viewer sees.
func (w *World) Roster(v Viewer, root string) []RosterLevel {
	out := make([]RosterLevel, len(Levels))
	for i, level := range Levels {
		out[i].Level = level
	}
	for _, m := range w.Mandates {
		if !m.OnRoll() || !Holds(root, m.At) || !w.Sees(v, m.ID) {
			continue
		}
		l := &out[slices.Index(Levels, m.Level)]
		l.Mandates++
		if m.Status == "SUSPENDED" {
			l.Suspended++
		}
		if slices.ContainsFunc(w.Postings, func(p *Posting) bool {
			return p.Mandate == m.ID && p.Current() && w.Sees(v, p.ID)
		}) {
			l.Posted++
		}
	}
	return out
}

// Rollup are the sums of a division.
type Rollup struct {
	ByKind, ByLevel                              map[string]int
	Stations, Online, Opened, Closed             int
	Mandates, Deputies, Postings, DeputiesPosted int
	Townships, TownshipsCovered                  int
	Villages, VillagesCovered                    int
	Constituencies, ConstituenciesCovered        int
}

// Rollup sums up what a viewer sees of a place, with all below it or of the place alone, at the end of the last of
// some days; what happened is counted from the first of them.
func (w *World) Rollup(v Viewer, root string, alone bool, from, to string) Rollup {
	r := Rollup{ByKind: map[string]int{}, ByLevel: map[string]int{}}
	in := func(id string) bool {
		at := w.At(id)
		return (at == root || !alone && Holds(root, at)) && w.Sees(v, id)
	}
	then := func(start, end string) bool { return start <= to && (end == "" || end > to) }
	within := func(day string) bool { return from <= day && day <= to }

	for _, s := range w.Stations {
		if !in(s.ID) {
			continue
		}
		if then(s.OpenedOn, s.ClosedOn) {
			r.ByKind[s.Kind]++
			if s.Online() {
				r.Online++
			} else {
				r.Stations++
			}
		}
		if !s.Online() && within(s.OpenedOn) {
			r.Opened++
		}
		if !s.Online() && s.ClosedOn != "" && within(s.ClosedOn) {
			r.Closed++
		}
	}
	persons, posted := map[string]bool{}, map[string]bool{}
	for _, m := range w.Mandates {
		if in(m.ID) && then(m.ElectedOn, m.EndedOn) {
			r.Mandates++
			r.ByLevel[m.Level]++
			persons[m.Deputy] = true
		}
	}
	for _, p := range w.Postings {
		if in(p.ID) && then(p.StartedOn, p.EndedOn) {
			r.Postings++
			posted[p.Deputy] = true
		}
	}
	r.Deputies, r.DeputiesPosted = len(persons), len(posted)

	served := func(serves func(*Station) bool) bool {
		return slices.ContainsFunc(w.Stations, func(s *Station) bool {
			return !s.Online() && then(s.OpenedOn, s.ClosedOn) && w.Sees(v, s.ID) && serves(s)
		})
	}
	for _, p := range w.Places {
		if !in(p.ID) {
			continue
		}
		switch p.Level {
		case "TOWNSHIP":
			r.Townships++
			if served(func(s *Station) bool { return Holds(p.Code, s.At) }) {
				r.TownshipsCovered++
			}
		case "VILLAGE":
			r.Villages++
			if served(func(s *Station) bool { return s.At == p.Code }) {
				r.VillagesCovered++
			}
		}
	}
	for _, c := range w.Constituencies {
		if c.Basis == "ELECTING_UNIT" || !in(c.ID) {
			continue
		}
		r.Constituencies++
		if served(func(s *Station) bool { return s.Constituency == c.ID }) {
			r.ConstituenciesCovered++
		}
	}
	return r
}
