package oracle

import "slices"

// personal is what does not go by the place alone: who submitted an opinion, and what an account is told; decided is false for all
// else.
func (w *World) personal(v Viewer, id string) (sees, decided bool) {
	switch x := w.byID[id].(type) {
	case *Common:
		return true, true
	case *Submitter:
		return w.SeesSubmitter(v, Get[*Opinion](w, x.Opinion)), true
	case *Asker:
		return w.SeesAsker(v, Get[*Appointment](w, x.Appointment)), true
	case *Notification:
		return x.Subject == v.Subject && slices.Contains([]way{area, narrow, self, organ}, ways[v.Role]), true
	}
	return false, false
}

// SeesSubmitter tells whether a viewer is shown who submitted an opinion without asking for it: the keeper of its station, and
// whoever sees the area of the organ responsible for the station's place, and no more than that. Every level above has it
// revealed, with a reason.
func (w *World) SeesSubmitter(v Viewer, o *Opinion) bool {
	switch ways[v.Role] {
	case narrow:
		return v.Station != "" && v.Station == o.Station
	case area:
		return v.At == w.Responsible(o.At)
	default:
		return false
	}
}

// Responsible is the place whose organ answers for a station at a place: a village's is its township, any other its own.
func (w *World) Responsible(code string) string {
	if p := w.places[code]; p != nil && p.Level == "VILLAGE" {
		return p.Parent
	}
	return code
}

// deputySeesOpinion: what came to the deputy and what came to the stations posted to now, with all that belongs to it but who submitted it
// and which department has it; the codes on the walls there; the own suggestions; what is public of these stations.
func (w *World) deputySeesOpinion(v Viewer, id string) bool {
	switch x := w.byID[id].(type) {
	case *Opinion:
		return x.Deputy == v.Person || w.postedTo(v.Person, x.Station)
	case *Event:
		return w.deputySeesOpinion(v, x.Opinion)
	case *Attachment:
		if x.Opinion != "" {
			return w.deputySeesOpinion(v, x.Opinion)
		}
	case *Code:
		return !x.Revoked && w.postedTo(v.Person, x.Station)
	case *Case:
		return !x.Withdrawn && w.postedTo(v.Person, x.Station)
	case *Suggestion:
		return x.Deputy == v.Person
	}
	return w.deputySeesDuty(v, id)
}

// organSees: the department itself; the cases assigned to it, now or once, with their timelines and files; its own parts in
// them; the appointments with it, and their days.
func (w *World) organSees(v Viewer, id string) bool {
	switch x := w.byID[id].(type) {
	case *Organ:
		return id == v.Organ
	case *Assignment:
		return x.Organ == v.Organ
	case *Appointment:
		return v.Organ != "" && x.Organ == v.Organ
	case *VisitDay: // for which it is asked
		return v.Organ != "" && slices.ContainsFunc(w.Appointments, func(a *Appointment) bool { return a.Day == id && a.Organ == v.Organ })
	case *Opinion, *Event, *Attachment:
		return w.assigned(v.Organ, w.opinionOf(id), false)
	}
	return false
}

// assigned tells whether a department has a part in a case, or ever had one.
func (w *World) assigned(organ, opinion string, now bool) bool {
	return slices.ContainsFunc(w.Assignments, func(a *Assignment) bool {
		return a.Organ == organ && a.Opinion == opinion && (!now || !a.Ended)
	})
}

// AssignedNow tells whether a viewer's department has a part in a case at present.
func (w *World) AssignedNow(v Viewer, opinion string) bool {
	return v.Organ != "" && w.assigned(v.Organ, opinion, true)
}

// citizenSees: the own case or appointment, and of its timeline and files what citizens are shown.
func (w *World) citizenSees(v Viewer, id string) bool {
	switch x := w.byID[id].(type) {
	case *Opinion, *Appointment:
		return id == v.Receipt
	case *Event:
		return x.Opinion == v.Receipt && x.Shown
	case *Attachment:
		return x.Opinion == v.Receipt && x.Shown
	}
	return false
}
