package oracle

import "slices"

// party is who has something to do with a case, as the domain's table names them, by the API's words.
type party string

const (
	// station: the officer of its station, or the organ responsible for the station's place.
	station party = "STATION"
	// owner: the organ that owns the case's level at present.
	owner party = "ORGAN"
	// lead: the lead department; handlers: it and those beside it.
	lead     party = "LEAD"
	handlers party = "HANDLER"
	// deputies: whoever of them it came to, or to whose station.
	deputies party = "DEPUTY"
	// upper: every organ in whose area it lies, special committees among them.
	upper party = "ABOVE"
	// holder: whoever the case waits on, of the above.
	holder party = "HOLDER"
	// submitter: the citizen. Nobody: it waits on no one.
	submitter party = "SUBMITTER"
	nobody    party = "NONE"
)

// whose tells whose each verb on an opinion is.
var whose = map[string]party{
	"acceptOpinion": station, "declineOpinion": station, "answerOpinion": station, "mergeOpinion": station, "unmergeOpinion": station,
	"analyseOpinion": station, "feedBackOpinion": station,
	"assignOpinion": owner, "escalateOpinion": owner, "takeUpOpinion": owner, "sendBackOpinion": owner, "reworkOpinion": owner,
	"closeOpinion": owner, "reopenOpinion": owner, "publishOpinion": owner,
	"takeOpinion": lead, "requestReturn": lead, "extendOpinion": lead, "replyOpinion": lead,
	"noteProgress":   handlers,
	"explainOpinion": deputies, "convertOpinion": deputies,
	"superviseOpinion": upper, "urgeOpinion": upper, "endSupervision": upper, "markKeyOpinion": upper, "withdrawCase": upper,
	"revealSubmitter": upper,
	"askSubmitter":    holder, "resumeOpinion": holder,
}

// rolesOf are the roles that can be a party at all. Staff of committees read only.
var rolesOf = map[party][]string{
	station:  append([]string{"STATION_KEEPER"}, administrators...),
	owner:    administrators,
	lead:     {"DEPARTMENT"},
	handlers: {"DEPARTMENT"},
	deputies: {"DEPUTY"},
	upper:    append([]string{"SUPERVISOR"}, administrators...),
	holder:   append([]string{"STATION_KEEPER", "DEPARTMENT"}, administrators...),
}

// otherVerbs are the verbs around opinions that are not steps of one.
var otherVerbs = map[string][]string{
	// A citizen's words are taken down where they are said, by whoever works there or is posted there.
	"recordOpinion":  append([]string{"STATION_KEEPER", "DEPUTY"}, administrators...),
	"importOpinions": append([]string{"STATION_KEEPER"}, administrators...),
	"replaceCode":    append([]string{"STATION_KEEPER"}, administrators...),
	"revokeCode":     append([]string{"STATION_KEEPER"}, administrators...),
	// Limits are a congress's own.
	"setOpinionLimit": administrators,
	// The calendar is the country's.
	"importCalendar": {"NATION_ADMIN"},
	// Whoever has an account has notifications; a portal is a machine.
	"readNotifications": append([]string{
		"COMMITTEE_STAFF", "SUPERVISOR", "STATION_KEEPER", "DEPUTY", "DEPARTMENT",
	}, administrators...),
}

// Like names the kind of a verb on an opinion: those of one kind are the same parties', and the oracle tells no difference
// between them. It is empty for other verbs.
func Like(verb string) string { return string(whose[verb]) }

// MayOn tells what becomes of a viewer's attempt at a step of an opinion that is in a state for it.
func (w *World) MayOn(v Viewer, verb string, o *Opinion) Outcome {
	switch {
	case !Allowed(v.Role, verb):
		return Forbidden
	case !w.Sees(v, o.ID):
		return NotFound
	case !w.is(v, whose[verb], o):
		return Forbidden
	case verb == "endSupervision" && o.Supervisor != "" && !reaches(v, w.At(o.Supervisor)):
		return Forbidden // whoever is supervised does not end it
	}
	return Done
}

// is tells whether a viewer is a party to a case.
func (w *World) is(v Viewer, p party, o *Opinion) bool {
	administrator := slices.Contains(administrators, v.Role) && reaches(v, o.At)
	switch p {
	case station:
		return administrator && v.At == w.Responsible(o.At) || v.Role == "STATION_KEEPER" && v.Station == o.Station
	case owner:
		return administrator && v.At == o.Holder
	case lead:
		return v.Role == "DEPARTMENT" && w.AssignedNow(v, o.ID) && v.Organ == o.Lead
	case handlers:
		return v.Role == "DEPARTMENT" && w.AssignedNow(v, o.ID)
	case deputies:
		return v.Role == "DEPUTY" && w.sits(v.Person) // who has left the congress reads on
	case upper:
		return administrator || v.Role == "SUPERVISOR"
	case holder:
		return w.is(v, waitsOn(o), o)
	}
	return false
}

// sits tells whether a person has a seat and may use it.
func (w *World) sits(person string) bool {
	return slices.ContainsFunc(w.Mandates, func(m *Mandate) bool { return m.Deputy == person && m.OnRoll() && m.Status != "SUSPENDED" })
}

// waitsOn is who has the case in its state, or had it before the citizen was asked.
func waitsOn(o *Opinion) party {
	if o.State == "WAITING" {
		return waitsIn(o.Before, o.Lead != "")
	}
	return waitsIn(o.State, o.Lead != "")
}

// WaitsOn is on whom a case waits, in the API's words.
func (o *Opinion) WaitsOn() string { return string(waitsIn(o.State, o.Lead != "")) }

func waitsIn(state string, given bool) party {
	switch state {
	case "SUBMITTED", "ACCEPTED", "ANSWERED", "REPLIED":
		return station
	case "ANALYSED", "RETURN_REQUESTED", "ESCALATED", "RATED":
		return owner
	case "ASSIGNED", "HANDLING":
		return lead
	case "REWORK": // by whoever dealt with it the first time
		if given {
			return lead
		}
		return owner
	case "FED_BACK", "WAITING":
		return submitter
	}
	return nobody
}

// WaitsFor tells whether an open opinion waits for a viewer: for whoever is the party that it waits on, and for staff of a committee as
// for its administrators; for the special committee whose division supervises it; for a department that has it in the lead, or helps
// while it is at work; for the deputy it came to.
func (w *World) WaitsFor(v Viewer, o *Opinion) bool {
	if !w.Sees(v, o.ID) || !o.Open() {
		return false
	}
	on := party(o.WaitsOn())
	switch v.Role {
	case "SUPERVISOR":
		return o.Supervisor != "" && w.At(o.Supervisor) == v.At
	case "DEPARTMENT":
		return w.is(v, lead, o) && on == lead || w.is(v, handlers, o) && (o.State == "HANDLING" || o.State == "REWORK")
	case "DEPUTY":
		return o.Deputy == v.Person
	case "COMMITTEE_STAFF":
		return on == owner && v.At == o.Holder || on == station && v.At == w.Responsible(o.At)
	}
	return (on == owner || on == station) && w.is(v, on, o)
}

// Near tells whether a place lies in the county of another, or, where the tree has none, on the next level above that it has.
func (w *World) Near(code, other string) bool {
	for _, level := range []string{"COUNTY", "CITY", "PROVINCE"} {
		for _, p := range append(w.Above(code), w.places[code]) {
			if p.Level == level {
				return Holds(p.Code, other)
			}
		}
	}
	return code == other
}
