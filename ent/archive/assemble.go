package archive

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/tally"
)

// assemble makes the archive of the rows read.
func (r *reader) assemble() *Archive {
	a := &Archive{
		Deputy: r.mandate.Edges.Deputy.Unwrap(), From: r.from, To: r.to,
		Attendances: r.attendances(), Visits: r.dutiesTold(), Opinions: r.opinionsTold(), Suggestions: r.suggestionsTold(),
		Trainings: r.trainingsTold(), Records: r.recordsTold(),
	}
	a.Pairings, a.Contacts = r.pairingsTold()
	for _, m := range r.mandates {
		seat := Seat{m.Unwrap(), cmp.Or(r.congresses[m.CongressID], LevelName(m.Level))}
		a.Mandates = append(a.Mandates, seat)
		if m.ID == r.mandate.ID {
			a.Mandate, a.Seat = seat.Mandate, seat.Congress
		}
	}
	if r.place != nil {
		a.Place = r.place.Name
	}
	a.Norms = r.normsTold()
	a.Points = r.pointsTold(a)
	for _, c := range r.checks {
		a.Checks = append(a.Checks, Check{Day: calendar.Today(c.CreatedAt), Year: c.Year, Points: c.Points, Agreed: c.Agreed, Note: orEmpty(c.Note)})
	}
	for _, e := range r.evaluations {
		told := Evaluation{ID: e.ID, Day: calendar.Today(*e.PublishedAt), SelfTotal: e.SelfTotal, Total: e.Total, Stars: e.Stars}
		if c := e.Edges.Campaign; c != nil {
			told.Name, told.From, told.To = c.Name, c.FromOn, c.ToOn
		}
		a.Evaluations = append(a.Evaluations, told)
	}
	a.sum()
	return a
}

// outside lists the deeds of a kind that are not among those read, because they were done out of the viewer's sight.
func (r *reader) outside(k kind.Deed, seen map[uuid.UUID]bool) []duty.Deed {
	return slices.DeleteFunc(slices.Clone(r.deeds), func(d duty.Deed) bool { return d.Kind != k || seen[d.ID] })
}

// inOrder sorts what is told by its day; what is of one day stays in the order it came in.
func inOrder[T any](told []T, day func(T) time.Time) []T {
	slices.SortStableFunc(told, func(a, b T) int { return day(a).Compare(day(b)) })
	return told
}

func (r *reader) attendances() []Attendance {
	var out []Attendance
	seen := map[uuid.UUID]bool{}
	for _, row := range r.attended {
		v := row.Edges.Activity
		if v == nil || v.State != state.ActivityConfirmed {
			continue
		}
		seen[row.ID] = true
		out = append(out, Attendance{
			ID: row.ID, Day: row.Day, Way: v.Way, Mode: v.Mode, Setting: v.Setting, Title: v.Title, Station: r.stations[row.StationID], Guest: row.Guest, Activity: v.ID,
		})
	}
	for _, d := range r.outside(kind.DeedAttendance, seen) {
		out = append(out, Attendance{ID: d.ID, Day: d.Day, Way: d.Way, Outside: true})
	}
	return inOrder(out, func(a Attendance) time.Time { return a.Day })
}

func (r *reader) dutiesTold() []Visit {
	held, attended := map[uuid.UUID]*gen.Activity{}, map[uuid.UUID]bool{}
	for _, v := range r.held {
		held[*v.VisitDayID] = v
	}
	for _, row := range r.attended {
		attended[row.ActivityID] = true
	}
	took, was := map[uuid.UUID]string{}, map[uuid.UUID]string{}
	for _, other := range r.relieving {
		name := ""
		if other.Edges.Deputy != nil {
			name = other.Edges.Deputy.Name
		}
		was[other.ID] = name
		if other.SubstituteFor != nil {
			took[*other.SubstituteFor] = name
		}
	}
	var out []Visit
	for _, d := range r.duties {
		day := d.Edges.VisitDay
		if day == nil {
			continue
		}
		told := Visit{
			ID: d.ID, Day: day.Day, Outcome: visitOutcome(d, day, held[day.ID], attended), Station: r.stations[d.StationID], Theme: orEmpty(day.Theme),
			Taken: d.SubstituteFor != nil, Reason: orEmpty(d.Reason), VisitDay: day.ID,
		}
		switch {
		case d.Replaced:
			told.Other = took[d.ID]
		case told.Taken:
			told.Other = was[*d.SubstituteFor]
		}
		out = append(out, told)
	}
	return inOrder(out, func(v Visit) time.Time { return v.Day })
}

// visitOutcome is what became of a duty on a day whose activity, if any, is given.
func visitOutcome(d *gen.VisitDuty, day *gen.VisitDay, held *gen.Activity, attended map[uuid.UUID]bool) VisitOutcome {
	switch {
	case d.Replaced:
		return VisitReplaced
	case day.State == state.VisitDayCancelled:
		return VisitCancelled
	case day.State == state.VisitDayMissed:
		return VisitNotHeld
	case day.State != state.VisitDayHeld:
		return VisitToCome
	case held == nil || held.State != state.ActivityConfirmed:
		return VisitOpen
	case attended[held.ID]:
		return VisitKept
	}
	return VisitMissed
}

func (r *reader) opinionsTold() []Opinion {
	var out []Opinion
	seen := map[uuid.UUID]bool{}
	for _, o := range r.opinions {
		seen[o.ID] = true
		told := Opinion{
			ID: o.ID, Day: calendar.Today(o.SubmittedAt), Number: o.Number, Station: r.stations[o.StationID], State: o.State, Outcome: o.Outcome, Rating: o.Rating,
		}
		if o.Edges.Category != nil {
			told.Category = o.Edges.Category.Name
		}
		out = append(out, told)
	}
	for _, d := range r.outside(kind.DeedOpinion, seen) {
		out = append(out, Opinion{ID: d.ID, Day: d.Day, Outside: true})
	}
	return inOrder(out, func(o Opinion) time.Time { return o.Day })
}

func (r *reader) suggestionsTold() []Suggestion {
	var out []Suggestion
	seen := map[uuid.UUID]bool{}
	for _, s := range r.suggestions {
		seen[s.ID] = true
		out = append(out, Suggestion{ID: s.ID, Day: calendar.Today(s.CreatedAt), Title: s.Title, State: s.State})
	}
	for _, d := range r.outside(kind.DeedSuggestion, seen) {
		out = append(out, Suggestion{ID: d.ID, Day: d.Day, Outside: true})
	}
	return inOrder(out, func(s Suggestion) time.Time { return s.Day })
}

func (r *reader) trainingsTold() []Training {
	var out []Training
	seen := map[uuid.UUID]bool{}
	for _, t := range r.trainings {
		seen[t.ID] = true
		told := Training{ID: t.ID, Day: t.Day, Hours: t.Hours, Course: t.TrainingID}
		if t.Edges.Training != nil {
			told.Title = t.Edges.Training.Title
		}
		out = append(out, told)
	}
	for _, d := range r.outside(kind.DeedTraining, seen) {
		out = append(out, Training{ID: d.ID, Day: d.Day, Outside: true})
	}
	return inOrder(out, func(t Training) time.Time { return t.Day })
}

func (r *reader) recordsTold() []Record {
	var out []Record
	seen := map[uuid.UUID]bool{}
	for _, row := range r.records {
		seen[row.ID] = true
		out = append(out, Record{ID: row.ID, Day: row.Day, Kind: row.Kind, Title: row.Title})
	}
	for _, d := range r.outside(kind.DeedRecord, seen) {
		out = append(out, Record{ID: d.ID, Day: d.Day, Kind: d.Record, Outside: true})
	}
	return inOrder(out, func(r Record) time.Time { return r.Day })
}

func (r *reader) pairingsTold() ([]Pairing, []Contact) {
	var pairs []Pairing
	at := map[uuid.UUID]int{}
	for _, p := range r.pairings {
		leads := p.LeaderDeputyID != nil && *p.LeaderDeputyID == r.mandate.DeputyID
		at[p.ID] = len(pairs)
		pairs = append(pairs, Pairing{ID: p.ID, Kind: p.Kind, Leads: leads, With: paired(p, leads), From: p.StartedOn, To: p.EndedOn})
	}
	var contacts []Contact
	seen := map[uuid.UUID]bool{}
	for _, c := range r.contacts {
		seen[c.ID] = true
		told := Contact{ID: c.ID, Day: c.Day, Way: c.Way, Note: c.Note}
		if i, ok := at[c.PairingID]; ok {
			pairs[i].Contacts++
			told.With = pairs[i].With
		}
		contacts = append(contacts, told)
	}
	for _, d := range r.outside(kind.DeedContact, seen) {
		contacts = append(contacts, Contact{ID: d.ID, Day: d.Day, Outside: true})
	}
	return pairs, inOrder(contacts, func(c Contact) time.Time { return c.Day })
}

// normsTold holds the deeds against the norms, in the periods that begin in the years of the archive, and adds up each item's by year.
func (r *reader) normsTold() []Norm {
	type key struct {
		year int
		item string
	}
	var out []Norm
	at := map[key]int{}
	asked := duty.Span{From: tally.Year(r.from.Year()).From, To: tally.Year(r.to.Year()).To}
	for _, set := range r.norms {
		for _, check := range duty.Comply(set.Items, set.Span, tally.ServiceOf(r.mandate), r.deeds, asked, r.today) {
			k := key{check.Period.From.Year(), check.Item.Key}
			i, ok := at[k]
			if !ok {
				i = len(out)
				at[k] = i
				out = append(out, Norm{Year: k.year, Item: check.Item})
			}
			out[i].Add(check.Standing)
		}
	}
	slices.SortStableFunc(out, func(a, b Norm) int { return cmp.Compare(a.Year, b.Year) })
	return out
}

// paired names the other side of a pairing, as far as it is in sight.
func paired(p *gen.Pairing, leads bool) string {
	switch {
	case !leads:
		return p.LeaderName
	case p.Edges.Deputy != nil:
		return p.Edges.Deputy.Name
	case p.Edges.Station != nil:
		return p.Edges.Station.Name
	case p.Edges.Division != nil:
		return p.Edges.Division.Name
	}
	return ""
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
