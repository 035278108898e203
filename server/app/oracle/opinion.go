package oracle

import "slices"

// The facts of opinions: cases, what belongs to them, and what people are told of them.

// Opinion is what a citizen told a station.
type Opinion struct {
	ID, At, Station string
	// Deputy is whom it came to; empty when it came to the station.
	Deputy string
	State  string
	// Before is, while a question to the citizen is open, the state that the case goes back to.
	Before string
	// Holder is the place whose organ owns the case.
	Holder string
	// Lead is the department that has it in the lead, or had it last; Main the opinion it is merged into.
	Lead, Main string
	// Supervisor is the organ that supervises it.
	Supervisor string
	// Category is what it is about, Level the level of the place that owns it.
	Category, Level string
	// Published: told to the public, and not taken back.
	Published bool
	// DueOn is the last day on time; empty where no clock runs. Overdue: it is over.
	DueOn   string
	Overdue bool
	// SubmittedOn, AcceptedOn and DeclinedOn are the days on which it came in, was accepted and was declined; empty where it was not.
	SubmittedOn, AcceptedOn, DeclinedOn string
	// Channel is the way in which it came, Outcome what became of it, Rating what the citizen thinks of that; empty for none yet.
	Channel, Outcome, Rating string
	// Closed: what was to be done is. Answered: the citizen was told something. Late: some step of it was.
	Closed, Answered, Late, Hardship, Reworked bool
}

// Open tells whether something is still to be done.
func (o *Opinion) Open() bool {
	return !slices.Contains([]string{"DECLINED", "MERGED", "CLOSED", "CONVERTED"}, o.State)
}

// Event is one line of the timeline of an opinion; the citizen is shown some of them.
type Event struct {
	ID, Opinion, Step string
	Shown             bool
	Subject           string
}

// Assignment is the part of a department in a case: LEAD or CO.
type Assignment struct {
	ID, Opinion, Organ, Part string
	Ended                    bool
}

// Submitter is who submitted an opinion.
type Submitter struct{ ID, Opinion, Name, Phone string }

// Text is what an opinion is found by.
type Text struct{ ID, Opinion string }

// Attachment is a file of an event, or of something else that deputies do.
type Attachment struct {
	ID, Opinion, Event, Of string
	Shown                  bool
}

// Code is what hangs on the wall of a station, for the station or for a posting there.
type Code struct {
	ID, Station, Posting string
	Revoked              bool
}

// Limit is what a congress has set for a state.
type Limit struct {
	ID, Congress, State string
	Days, Amber         int
}

// Case is an opinion in words for the public.
type Case struct {
	ID, Opinion, Station, Category string
	Withdrawn                      bool
}

// Suggestion is what a deputy has made of an opinion.
type Suggestion struct{ ID, Deputy, Mandate, Opinion string }

// Notification tells an account of a step, or of something else; About is what.
type Notification struct {
	ID, Subject, Opinion, Event, About string
	Read                               bool
}

// Common is what is the same for the whole country and known to everyone: a category, a day of the calendar.
type Common struct{ ID string }

// indexOpinions is Index for the facts of this file.
func (w *World) indexOpinions() {
	add(w, w.Opinions, func(x *Opinion) string { return x.ID })
	add(w, w.Events, func(x *Event) string { return x.ID })
	add(w, w.Assignments, func(x *Assignment) string { return x.ID })
	add(w, w.Submitters, func(x *Submitter) string { return x.ID })
	add(w, w.Texts, func(x *Text) string { return x.ID })
	add(w, w.Attachments, func(x *Attachment) string { return x.ID })
	add(w, w.Codes, func(x *Code) string { return x.ID })
	add(w, w.Limits, func(x *Limit) string { return x.ID })
	add(w, w.Cases, func(x *Case) string { return x.ID })
	add(w, w.Suggestions, func(x *Suggestion) string { return x.ID })
	add(w, w.Notifications, func(x *Notification) string { return x.ID })
	add(w, w.Commons, func(x *Common) string { return x.ID })
}

// opinionOf is the opinion that a thing belongs to; empty when it belongs to none.
func (w *World) opinionOf(id string) string {
	switch x := w.byID[id].(type) {
	case *Opinion:
		return x.ID
	case *Event:
		return x.Opinion
	case *Assignment:
		return x.Opinion
	case *Submitter:
		return x.Opinion
	case *Text:
		return x.Opinion
	case *Attachment:
		return x.Opinion
	case *Case:
		return x.Opinion
	case *Suggestion:
		return x.Opinion
	}
	return ""
}

// atOpinion is At for the facts of this file. A notification belongs to an account, not to a place.
func (w *World) atOpinion(id string) string {
	switch x := w.byID[id].(type) {
	case *Opinion:
		return x.At
	case *Code:
		return w.At(x.Station)
	case *Limit:
		return w.At(x.Congress)
	case *Attachment:
		if x.Of != "" {
			return w.At(x.Of)
		}
	}
	if o := w.opinionOf(id); o != "" {
		return w.At(o)
	}
	return w.atDuty(id)
}
