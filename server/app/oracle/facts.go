package oracle

import "sort"

// World is what there is, as plain facts. Ids are texts and unique among all things; places are named by their
// 12-digit codes; an empty id or day is none; days are written YYYY-MM-DD.
type World struct {
	Places         []*Place
	Congresses     []*Congress
	Terms          []*Term
	Constituencies []*Constituency
	Organs         []*Organ
	Zones          []*Zone
	Stations       []*Station
	Staff          []*Staff
	Budgets        []*Budget
	Grids          []*Grid
	Deputies       []*Deputy
	Mandates       []*Mandate
	Postings       []*Posting
	Changes        []*Change
	Formers        []*Former
	// Then has the code under which a record of work was written, by its key, where its place has had another since.
	Then map[string]string

	Opinions      []*Opinion
	Events        []*Event
	Assignments   []*Assignment
	Submitters    []*Submitter
	Texts         []*Text
	Attachments   []*Attachment
	Codes         []*Code
	Limits        []*Limit
	Cases         []*Case
	Suggestions   []*Suggestion
	Notifications []*Notification
	Commons       []*Common

	Rules        []*Rule
	VisitDays    []*VisitDay
	Duties       []*Duty
	Appointments []*Appointment
	Askers       []*Asker
	Activities   []*Activity
	Joints       []*Joined
	OfActivities []*OfActivity
	Attendances  []*Attendance
	Works        []*Work
	Standings    []*Standing
	Pairings     []*Pairing
	Contacts     []*Contact
	Evaluations  []*Evaluation
	Reviews      []*Review

	places map[string]*Place
	byID   map[string]any
}

// Place is a division.
type Place struct {
	ID, Code, Name, Level string
	// Placeholder is a row of the table that is no place.
	Placeholder bool
	// Parent is the code of the place above; empty for the nation and for placeholders.
	Parent string
}

// Change is a change of the tree, within the place At.
type Change struct{ ID, At string }

// Former is a place as it was until a change; At is where it is, or what it became. Until is the first day on which it was so no longer.
type Former struct {
	ID, At, Change            string
	Code, Name, Level, Parent string
	Until                     string
}

// Congress is the people's congress of a place.
type Congress struct{ ID, At, Level string }

// Term is a term of a congress.
type Term struct {
	ID, Congress string
	Number       int
}

// Constituency is a constituency or electing unit; At is where it lies.
type Constituency struct {
	ID, Congress, At string
	// Basis is RESIDENCE, WORK_UNIT or ELECTING_UNIT.
	Basis  string
	Number int
}

// Organ is an organ or department of a place.
type Organ struct{ ID, At string }

// Zone is a place off the tree, hosted by one of it.
type Zone struct{ ID, At, Kind string }

// Station is a liaison station.
type Station struct {
	ID, At, Name, Kind                string
	OpenedOn, ClosedOn                string
	Brand                             string
	NameUniform                       bool
	Parent, Organ, Zone, Constituency string
}

// Online tells a station on the net from one to walk into.
func (s *Station) Online() bool { return s.Kind == "ONLINE" }

// Staff is an office at a station.
type Staff struct{ ID, Station, Deputy, EndedOn string }

// Budget is a budget line of a station.
type Budget struct {
	ID, Station, Purpose string
	Year                 int
	Fen                  int64
}

// Grid is a part of a station's area, with the postings and the staff who have it.
type Grid struct {
	ID, Station     string
	Postings, Staff []string
}

// Deputy is a person; Home is where the person is grouped. Phone is empty when none is known.
type Deputy struct{ ID, Name, Home, Phone, Masked string }

// Mandate is a seat. Seat is the place of the congress, At where the mandate is grouped.
type Mandate struct {
	ID, Deputy, Congress, Term, Constituency string
	Level, Seat, At                          string
	Status                                   string
	ElectedOn, EndedOn                       string
}

// OnRoll tells whether a mandate stands on the roll.
func (m *Mandate) OnRoll() bool { return m.Status != "ENDED" }

// Posting is a deputy's posting to a station on the ground of a mandate.
type Posting struct {
	ID, Station, Deputy, Mandate string
	StartedOn, EndedOn           string
}

// Current tells whether a posting is in force.
func (p *Posting) Current() bool { return p.EndedOn == "" }

// Index makes the world ready to be asked. It must be called after the last fact has been added.
func (w *World) Index() {
	w.places, w.byID = map[string]*Place{}, map[string]any{}
	for _, p := range w.Places {
		w.places[p.Code] = p
		w.byID[p.ID] = p
	}
	add(w, w.Congresses, func(x *Congress) string { return x.ID })
	add(w, w.Terms, func(x *Term) string { return x.ID })
	add(w, w.Constituencies, func(x *Constituency) string { return x.ID })
	add(w, w.Organs, func(x *Organ) string { return x.ID })
	add(w, w.Zones, func(x *Zone) string { return x.ID })
	add(w, w.Stations, func(x *Station) string { return x.ID })
	add(w, w.Staff, func(x *Staff) string { return x.ID })
	add(w, w.Budgets, func(x *Budget) string { return x.ID })
	add(w, w.Grids, func(x *Grid) string { return x.ID })
	add(w, w.Deputies, func(x *Deputy) string { return x.ID })
	add(w, w.Mandates, func(x *Mandate) string { return x.ID })
	add(w, w.Postings, func(x *Posting) string { return x.ID })
	add(w, w.Changes, func(x *Change) string { return x.ID })
	add(w, w.Formers, func(x *Former) string { return x.ID })
	w.indexOpinions()
	w.indexDuty()
}

func add[T any](w *World, things []*T, id func(*T) string) {
	for _, x := range things {
		w.byID[id(x)] = x
	}
}

// Get answers the thing of an id; the zero T when there is none of the type.
func Get[T any](w *World, id string) T {
	x, _ := w.byID[id].(T)
	return x
}

// Place answers the place of a code; nil when there is none.
func (w *World) Place(code string) *Place { return w.places[code] }

// Above lists the places above one, from the nation down. Placeholders are no places.
func (w *World) Above(code string) []*Place {
	var out []*Place
	for p := w.places[w.parent(code)]; p != nil; p = w.places[p.Parent] {
		out = append(out, p)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Code < out[j].Code })
	return out
}

// At is the place a thing belongs to; empty for an unknown id.
func (w *World) At(id string) string {
	switch x := w.byID[id].(type) {
	case *Place:
		return x.Code
	case *Change:
		return x.At
	case *Former:
		return x.At
	case *Congress:
		return x.At
	case *Term:
		return w.At(x.Congress)
	case *Constituency:
		return x.At
	case *Organ:
		return x.At
	case *Zone:
		return x.At
	case *Station:
		return x.At
	case *Staff:
		return w.At(x.Station)
	case *Budget:
		return w.At(x.Station)
	case *Grid:
		return w.At(x.Station)
	case *Deputy:
		return x.Home
	case *Mandate:
		return x.At
	case *Posting:
		return w.At(x.Station)
	}
	return w.atOpinion(id)
}
