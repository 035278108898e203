package app_test

import (
	"testing"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The attempts on people and their seats.

// appointments: someone at the place's station; at the place's online station, which a keeper of one station must not touch;
// and a deputy of the place at the viewer's own station.
func appointments(m *matrix, a asker, at string) []attempt {
	on := func(station string) attempt {
		return m.try("appointStaff", "station", "Station", station, oracle.Target{At: at, Station: station}, map[string]any{
			"name": m.someone(), "office": "LIAISON", "origin": "VOLUNTEER", "startedOn": "2025-01-01",
		})
	}
	s := m.world.Spot(at)
	out := []attempt{on(s.Station)}
	if s.Deputy != "" && at != a.At {
		deputy := m.try("appointStaff", "deputy", "Deputy", s.Deputy, oracle.Target{At: at}, map[string]any{
			"station": globalID("Station", m.world.Spot(a.At).Station), "office": "LIAISON", "origin": "DEPUTY", "startedOn": "2025-01-01",
		})
		here := m.world.May(a.Viewer, "appointStaff", oracle.Target{At: a.At, Station: m.world.Spot(a.At).Station})
		if here == oracle.Forbidden && oracle.Allowed(a.Role, "appointStaff") {
			return out // not even the own station is theirs
		}
		if m.world.May(a.Viewer, "appointStaff", deputy.target) != oracle.Done { // one in sight is not posted there
			out = append(out, deputy)
		}
	}
	for _, x := range m.world.Stations {
		if x.At == at && x.Online() {
			out = append(out, on(x.ID))
		}
	}
	return out
}

// registrations: a person with a seat in the place's congress; and one of the viewer's own congress with the place's constituency.
func registrations(m *matrix, a asker, at string) []attempt {
	s := m.world.Spot(at)
	if s.Congress == "" {
		return nil
	}
	person := func() map[string]any {
		return map[string]any{"name": m.someone(), "gender": "MALE", "birthMonth": "1980-05-01"}
	}
	out := []attempt{m.tryMandate("registerDeputy", "congress", "Congress", s.Congress, oracle.Target{At: at}, person(), seat())}
	if own := m.world.Spot(a.At); own.Congress != "" && !oracle.Holds(a.At, at) {
		with := seat()
		with["congress"] = globalID("Congress", own.Congress)
		out = append(out, m.tryMandate("registerDeputy", "constituency", "Constituency", s.Constituency, oracle.Target{At: at}, person(), with))
	}
	return out
}

func seat() map[string]any {
	return map[string]any{"term": 18, "electedOn": "2021-11-20", "confirmed": true}
}

// specials are the people of the world who are seen, or grouped, elsewhere than where they are governed.
var specials = []string{
	apitest.Crossing, apitest.Far, apitest.Left, apitest.Provincial, apitest.National, apitest.Gap, apitest.Moved,
}

// onDeputies are attempts on the deputy of a place and, at the viewer's own, on the special people.
func (m *matrix) onDeputies(a asker, verb, at string, on func(id string, target oracle.Target) attempt) []attempt {
	var out []attempt
	if id := m.world.Spot(at).Deputy; id != "" {
		out = append(out, on(id, oracle.Target{At: at}))
	}
	if at != a.At {
		return out
	}
	for _, name := range specials {
		id := apitest.Who(name)
		try := on(id, oracle.Target{At: m.world.At(id), Visible: m.world.Sees(a.Viewer, id)})
		if m.world.May(a.Viewer, verb, try.target) != oracle.Done {
			out = append(out, try)
		}
	}
	return out
}

// onMandates are attempts on the mandate of a place's deputy, and on those of the special people at home there or seen there.
func (m *matrix) onMandates(a asker, verb, at string, input map[string]any) []attempt {
	var out []attempt
	if id := m.world.Spot(at).Mandate; id != "" {
		out = append(out, m.try(verb, "id", "Mandate", id, oracle.Target{At: at, Of: at}, input))
	}
	if at != a.At {
		return out
	}
	for _, name := range specials {
		id := apitest.Who(name, "mandate")
		x := oracle.Get[*oracle.Mandate](&m.world.World, id)
		try := m.try(verb, "id", "Mandate", id, oracle.Target{At: x.At, Of: x.Seat, Visible: m.world.Sees(a.Viewer, id)}, input)
		if m.world.May(a.Viewer, verb, try.target) != oracle.Done {
			out = append(out, try)
		}
	}
	return out
}

func (m *matrix) onSpareMandate(t *testing.T, verb, at string, input map[string]any) []attempt {
	if m.world.Spot(at).Mandate == "" {
		return nil
	}
	_, id := m.spareMandate(t, at)
	return []attempt{m.try(verb, "id", "Mandate", id, oracle.Target{At: at, Of: at}, input)}
}

// gifts: a seat in the place's congress for the place's deputy; and a seat there for a deputy of the viewer's own.
func gifts(m *matrix, a asker, at string) []attempt {
	s, own := m.world.Spot(at), m.world.Spot(a.At)
	if s.Deputy == "" {
		return nil
	}
	with := seat()
	with["congress"] = globalID("Congress", s.Congress)
	input := map[string]any{"mandate": with}
	out := []attempt{m.try("giveMandate", "deputy", "Deputy", s.Deputy, oracle.Target{At: at}, input)}
	if own.Deputy != "" && !oracle.Holds(a.At, at) {
		out = append(out, m.tryMandate("giveMandate", "congress", "Congress", s.Congress, oracle.Target{At: at},
			map[string]any{"deputy": globalID("Deputy", own.Deputy)}, seat()))
	}
	return out
}

// spareGifts: a person without a seat now may be given any.
func spareGifts(m *matrix, t *testing.T, _ asker, at string) []attempt {
	s := m.world.Spot(at)
	with := seat()
	with["congress"] = globalID("Congress", s.Congress)
	return []attempt{m.try("giveMandate", "deputy", "Deputy", m.spareDeputy(t, at), oracle.Target{At: at}, map[string]any{"mandate": with})}
}

func post(basis string) map[string]any {
	return map[string]any{"basis": basis, "startedOn": "2025-01-01"}
}

// postings: the place's mandate to the place's station; the place's mandate to the viewer's own station; the viewer's own mandate
// to the place's station; and guests, who must be neither drawn away from their home nor handed on.
func postings(m *matrix, a asker, at string) []attempt {
	s, own := m.world.Spot(at), m.world.Spot(a.At)
	var out []attempt
	with := func(field, typ, id string, target oracle.Target, basis, other, otherType, otherID string) {
		input := post(basis)
		input[other] = globalID(otherType, otherID)
		out = append(out, m.try("postDeputy", field, typ, id, target, input))
	}
	if s.Mandate != "" {
		with("station", "Station", s.Station, oracle.Target{At: at}, "PROXIMITY", "mandate", "Mandate", s.Mandate)
	}
	outside := !oracle.Holds(a.At, at)
	if s.Mandate != "" && outside {
		with("mandate", "Mandate", s.Mandate, oracle.Target{At: at}, "CROSS", "station", "Station", own.Station)
	}
	if own.Mandate != "" && outside {
		with("station", "Station", s.Station, oracle.Target{At: at}, "CROSS", "mandate", "Mandate", own.Mandate)
	}
	if at != a.At {
		return out
	}
	for _, name := range specials {
		id := apitest.Who(name, "mandate")
		x := oracle.Get[*oracle.Mandate](&m.world.World, id)
		if target := (oracle.Target{At: x.At, Visible: m.world.Sees(a.Viewer, id)}); m.world.May(a.Viewer, "postDeputy", target) != oracle.Done {
			with("mandate", "Mandate", id, target, "PROXIMITY", "station", "Station", own.Station)
			with("mandate", "Mandate", id, target, "CROSS", "station", "Station", own.Station)
		}
	}
	return out
}

func sparePostings(m *matrix, t *testing.T, _ asker, at string) []attempt {
	if m.world.Spot(at).Mandate == "" {
		return nil
	}
	_, mandate := m.spareMandate(t, at)
	input := post("PROXIMITY")
	input["mandate"] = globalID("Mandate", mandate)
	return []attempt{m.try("postDeputy", "station", "Station", m.world.Spot(at).Station, oracle.Target{At: at}, input)}
}
