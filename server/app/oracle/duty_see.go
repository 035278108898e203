package oracle

import "slices"

// joins tells whether a station that fulfils a condition takes part in an activity as a guest.
func (w *World) joins(activity string, is func(station string) bool) bool {
	return slices.ContainsFunc(w.Joints, func(j *Joined) bool { return j.Activity == activity && is(j.Station) })
}

// TakesPart tells whether an activity is a station's, or it takes part.
func (w *World) TakesPart(a *Activity, station string) bool {
	return a.Station == station || w.joins(a.ID, func(s string) bool { return s == station })
}

// areaSeesDuty: besides what lies in the area, the rules that those above have set, and an activity, with its figures, that a station of the
// area takes part in; the host sees who takes part.
func (w *World) areaSeesDuty(v Viewer, id string) bool {
	joined := func(activity string) bool {
		return w.joins(activity, func(s string) bool { return reaches(v, w.At(s)) })
	}
	switch x := w.byID[id].(type) {
	case *Rule:
		return Holds(x.At, v.At)
	case *Activity:
		return joined(x.ID)
	case *OfActivity:
		return x.Of == "activity_figure" && joined(x.Activity)
	case *Joined:
		return reaches(v, w.At(x.Activity))
	}
	return false
}

// deputySeesDuty: the own record, at every station; what the stations posted to have planned and who is on duty there; activities there and
// those attended; the rules of the congresses over the own mandates; pairings with the deputy and with these stations.
func (w *World) deputySeesDuty(v Viewer, id string) bool {
	own := func(deputy string) bool { return deputy != "" && deputy == v.Person }
	switch x := w.byID[id].(type) {
	case *Rule:
		if x.Station != "" {
			return w.postedTo(v.Person, x.Station)
		}
		return slices.ContainsFunc(w.Mandates, func(m *Mandate) bool {
			return own(m.Deputy) && (x.At == m.Seat || Holds(x.At, m.At))
		})
	case *VisitDay:
		return w.postedTo(v.Person, x.Station) || slices.ContainsFunc(w.Duties, func(d *Duty) bool { return d.Day == id && own(d.Deputy) })
	case *Duty:
		return own(x.Deputy) || w.postedTo(v.Person, Get[*VisitDay](w, x.Day).Station)
	case *Appointment:
		return own(x.Deputy)
	case *Activity:
		return w.postedTo(v.Person, x.Station) || w.joins(id, func(s string) bool { return w.postedTo(v.Person, s) }) ||
			slices.ContainsFunc(w.Attendances, func(a *Attendance) bool { return a.Activity == id && own(a.Deputy) })
	case *OfActivity:
		return x.Of == "activity_figure" && w.deputySeesDuty(v, x.Activity)
	case *Joined:
		return w.postedTo(v.Person, x.Station)
	case *Attendance:
		return own(x.Deputy)
	case *Work:
		return own(x.Deputy)
	case *Pairing:
		return own(x.Leader) || own(x.Deputy) || w.postedTo(v.Person, x.Station)
	case *Contact:
		p := Get[*Pairing](w, x.Pairing)
		return own(p.Leader) || own(p.Deputy)
	case *Evaluation:
		return own(x.Deputy)
	case *Attachment:
		return x.Of != "" && w.deputySeesDuty(v, x.Of)
	}
	return false
}

// portalSeesDuty: visit days once they are published, with those who are on duty; how stations were evaluated, and in which
// campaign, which may be one of above, once that is published.
func (w *World) portalSeesDuty(v Viewer, id string) bool {
	if x, ok := w.byID[id].(*Rule); ok {
		return x.Of == "evaluation_campaign" && x.Published && (reaches(v, x.At) || Holds(x.At, v.At))
	}
	if !reaches(v, w.At(id)) {
		return false
	}
	switch x := w.byID[id].(type) {
	case *VisitDay:
		return x.Published
	case *Duty:
		return !x.Replaced && Get[*VisitDay](w, x.Day).Published
	case *Evaluation:
		return x.Published && x.Station != ""
	}
	return false
}

// SeesAsker tells whether a viewer is shown who asked for an appointment: as with who submitted an opinion.
func (w *World) SeesAsker(v Viewer, a *Appointment) bool {
	station := Get[*VisitDay](w, a.Day).Station
	switch ways[v.Role] {
	case narrow:
		return v.Station != "" && v.Station == station
	case area:
		return v.At == w.Responsible(w.At(station))
	default:
		return false
	}
}
