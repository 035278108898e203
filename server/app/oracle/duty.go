package oracle

// The facts of deputies' work. What of it is a station's lies where the station does, what is a deputy's where the mandate is
// grouped, a rule where the congress is that set it.

// Rule is what a congress has set for everyone below it: of visit days, key figures, norms, points, pairings, courses, checklists and
// campaigns of evaluation. Of is the table it stands in.
type Rule struct {
	ID, Of, At string
	// Station is the one station that a rule of visit days is for.
	Station string
	// Published: of a campaign whose results are.
	Published bool
}

// VisitDay is a day on which deputies are at a station.
type VisitDay struct {
	ID, Station, State, Day string
	Published               bool
}

// Duty is a deputy's part in a visit day; one who was replaced had it once.
type Duty struct {
	ID, Day, Deputy string
	Replaced        bool
}

// Appointment is someone's wish to meet a deputy or an official of a department on a visit day.
type Appointment struct {
	ID, Day, Deputy, Organ, State string
}

// Asker is who asked for an appointment.
type Asker struct{ ID, Appointment, Name, Phone string }

// Activity is what deputies do at a station, or together with others.
type Activity struct {
	ID, Station, State, Way, Day string
}

// Open tells whether it is still to come or under way, so that deputies check in.
func (a *Activity) Open() bool { return a.State == "PLANNED" || a.State == "HELD" }

// Joined is the part of another station in an activity.
type Joined struct{ ID, Activity, Station string }

// OfActivity is what else belongs to an activity: Of is activity_event or activity_figure, then with the key of the figure and how much it was.
type OfActivity struct {
	ID, Of, Activity, Key string
	Value                 int
}

// Attendance is someone's presence at a station in an activity: a deputy's or an official's.
type Attendance struct {
	ID, Activity, Station, Deputy, Organ, Day string
	// Level is that of the deputy's highest mandate at the time.
	Level string
	// CheckIn: the deputy scanned the code of the station. Guest: the deputy was not posted there.
	CheckIn, Guest bool
}

// Work is what stands on a mandate: Of is duty_record, point_entry, point_claim, point_check or training_attendance.
type Work struct {
	ID, Of, Mandate, Deputy, State, Day string
	// Kind is the kind of a record or claim, Item what a claim is for, Points what it was granted, or the line gives, in tenths.
	Kind, Item string
	Points     int
}

// Standing is how many items of norms a mandate met and missed in the periods that ended on a day.
type Standing struct {
	ID, Mandate, EndedOn string
	Met, Missing         int
}

// Pairing ties a leader, a deputy or an organ, to a deputy, a station or a place.
type Pairing struct {
	ID, At, Leader, Deputy, Station string
}

// Contact is a meeting of the two of a pairing.
type Contact struct{ ID, Pairing, Day string }

// Evaluation is one deputy's, station's or township's part in a campaign.
type Evaluation struct {
	ID, Campaign, At, Deputy, Station string
	Published                         bool
}

// Review is what the organ of the campaign gave for it.
type Review struct{ ID, Evaluation string }

// indexDuty is Index for the facts of this file.
func (w *World) indexDuty() {
	add(w, w.Rules, func(x *Rule) string { return x.ID })
	add(w, w.VisitDays, func(x *VisitDay) string { return x.ID })
	add(w, w.Duties, func(x *Duty) string { return x.ID })
	add(w, w.Appointments, func(x *Appointment) string { return x.ID })
	add(w, w.Askers, func(x *Asker) string { return x.ID })
	add(w, w.Activities, func(x *Activity) string { return x.ID })
	add(w, w.Joints, func(x *Joined) string { return x.ID })
	add(w, w.OfActivities, func(x *OfActivity) string { return x.ID })
	add(w, w.Attendances, func(x *Attendance) string { return x.ID })
	add(w, w.Works, func(x *Work) string { return x.ID })
	add(w, w.Standings, func(x *Standing) string { return x.ID })
	add(w, w.Pairings, func(x *Pairing) string { return x.ID })
	add(w, w.Contacts, func(x *Contact) string { return x.ID })
	add(w, w.Evaluations, func(x *Evaluation) string { return x.ID })
	add(w, w.Reviews, func(x *Review) string { return x.ID })
}

// atDuty is At for the facts of this file.
func (w *World) atDuty(id string) string {
	switch x := w.byID[id].(type) {
	case *Rule:
		return x.At
	case *VisitDay:
		return w.At(x.Station)
	case *Duty:
		return w.At(x.Day)
	case *Appointment:
		return w.At(x.Day)
	case *Asker:
		return w.At(x.Appointment)
	case *Activity:
		return w.At(x.Station)
	case *Joined:
		return w.At(x.Station)
	case *OfActivity:
		return w.At(x.Activity)
	case *Attendance:
		return w.At(x.Station)
	case *Work:
		return w.At(x.Mandate)
	case *Standing:
		return w.At(x.Mandate)
	case *Pairing:
		return x.At
	case *Contact:
		return w.At(x.Pairing)
	case *Evaluation:
		return x.At
	case *Review: // where the campaign is, so that who is evaluated does not see it
		return w.At(Get[*Evaluation](w, x.Evaluation).Campaign)
	}
	return ""
}
