package oracle

import (
	"maps"
	"slices"
)

// Outcome is what becomes of an attempt to change something.
type Outcome string

// The outcomes, by the API's codes.
const (
	// Done: it succeeds.
	Done Outcome = "OK"
	// Forbidden: the viewer sees it, or is of the wrong role, and may not do this.
	Forbidden Outcome = "FORBIDDEN"
	// NotFound: for the viewer it does not exist.
	NotFound Outcome = "NOT_FOUND"
)

var administrators = []string{"NATION_ADMIN", "PROVINCE_ADMIN", "CITY_ADMIN", "COUNTY_ADMIN", "TOWNSHIP_ADMIN"}

// rosterVerbs are the verbs on stations and the roster: committees enter the work of their area, a station's keeper says who
// works there, everyone else reads.
var rosterVerbs = map[string][]string{
	"createStation":   administrators,
	"updateStation":   administrators,
	"closeStation":    administrators,
	"appointStaff":    append([]string{"STATION_KEEPER"}, administrators...),
	"dismissStaff":    append([]string{"STATION_KEEPER"}, administrators...),
	"registerDeputy":  administrators,
	"updateDeputy":    administrators,
	"giveMandate":     administrators,
	"changeMandate":   administrators,
	"endMandate":      administrators,
	"postDeputy":      administrators,
	"withdrawPosting": administrators,
}

// TreeVerbs are the verbs on the tree: whoever is above a division changes it, no one the own.
var TreeVerbs = []string{"renameDivision", "recodeDivision", "transferDivision", "splitDivision", "mergeDivisions", "abolishDivision"}

// OperatorsVerbs are the verbs on the tree that the API does not offer: an operator does them, as the nation's administrator.
var OperatorsVerbs = []string{"establishDivision"}

// verbs tells which roles may do what at all.
var verbs = func() map[string][]string {
	out := map[string][]string{}
	for verb, p := range whose {
		out[verb] = rolesOf[p]
	}
	// Who submitted an opinion is for administrators to reveal; a special committee has no need of it.
	out["revealSubmitter"] = administrators
	maps.Copy(out, rosterVerbs)
	maps.Copy(out, otherVerbs)
	maps.Copy(out, whoDoes)
	for _, verb := range TreeVerbs {
		out[verb] = administrators[:4] // who have others below them
	}
	for _, verb := range OperatorsVerbs {
		out[verb] = []string{"NATION_ADMIN"}
	}
	return out
}()

// Verbs lists what can be done by a viewer.
func Verbs() []string {
	var out []string
	for verb := range verbs {
		out = append(out, verb)
	}
	slices.Sort(out)
	return out
}

// Allowed tells whether a role may do a verb anywhere.
func Allowed(role, verb string) bool { return slices.Contains(verbs[verb], role) }

// Target is what an attempt is about: a thing at a place, or a case. At is its place: of the station, the office's or posting's station, the deputy's
// home, the congress. A thing that is only referred to counts like the target itself.
type Target struct {
	At string
	// Station is the station's id, for keepers.
	Station string
	// Visible tells that the viewer sees a target whose place is out of reach: a guest.
	Visible bool
	// Of is, for a verb on a mandate, the place of its congress.
	Of string
	// Case is the opinion of a verb on an opinion; the rest is empty then.
	Case *Opinion
	// Owner is the deputy or the department whose the target is, of deputies' work.
	Owner string
	// Own tells that it must be of the viewer's own division, nothing below it; Below that it must lie below that.
	Own, Below bool
}

// May tells what becomes of a viewer's attempt on a target.
func (w *World) May(v Viewer, verb string, t Target) Outcome {
	switch {
	case t.Case != nil:
		return w.MayOn(v, verb, t.Case)
	case verb == "readNotifications" && Allowed(v.Role, verb): // one's own, which no place decides on
		if t.Visible {
			return Done
		}
		return NotFound
	case !Allowed(v.Role, verb):
		return Forbidden
	case DutyVerb(verb) && (ways[v.Role] == self || ways[v.Role] == organ):
		o, _ := mayOwn(v, t)
		return o
	case v.Role == "DEPUTY" && t.Station != "":
		if w.postedTo(v.Person, t.Station) {
			return Done
		}
		return NotFound // deputies see the stations posted to alone
	case !reaches(v, t.At) && !t.Visible:
		return NotFound
	case !reaches(v, t.At):
		return Forbidden // a guest is not the host's to change
	case v.Role == "STATION_KEEPER" && v.Station != t.Station:
		return Forbidden // of another station, or of none
	case t.Own && v.At != t.At, t.Below && v.At == t.At:
		return Forbidden
	case t.Of != "" && !reaches(v, t.Of):
		return Forbidden // a mandate is its congress's
	}
	return Done
}
