package archive

import (
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// Sums is what a year of an archive, or all of it, comes to. What was done outside the viewer's area is counted in, and by itself.
type Sums struct {
	// Year is 0 of the whole term.
	Year int

	Attendances, AttendancesOutside, AttendancesAsGuest int
	// Ways counts all attendances, Modes those in sight that have a mode.
	Ways, Modes []Count

	VisitsKept, VisitsMissed int
	// VisitsReplaced counts duties that others took over, VisitsTaken those taken over from others.
	VisitsReplaced, VisitsTaken int

	// Opinions are those not declined; OpinionsClosed of these are closed, converted or merged.
	Opinions, OpinionsOutside, OpinionsDeclined, OpinionsClosed int
	Outcomes, Ratings                                           []Count

	Suggestions, SuggestionsOutside int
	Trainings, TrainingsOutside     int
	// TrainingHours are in tenths.
	TrainingHours           int
	Records, RecordsOutside int
	RecordKinds             []Count

	NormsMet, NormsMissing int
	// Points are in tenths.
	Points                    int
	Contacts, ContactsOutside int
	Evaluations               int
}

// YearTold is the year, nil of the whole term.
func (s *Sums) YearTold() *int {
	if s.Year == 0 {
		return nil
	}
	return &s.Year
}

// Count is how many there are of a value of a vocabulary.
type Count struct {
	// Key is the value, Name what it is called.
	Key, Name string
	Count     int
}

// counts has a line for every value of a vocabulary.
func counts[T ~string](values []T, names map[T]string) []Count {
	out := make([]Count, len(values))
	for i, v := range values {
		out[i] = Count{Key: string(v), Name: names[v]}
	}
	return out
}

// add counts one more of a value.
func add(counted []Count, value string) {
	for i := range counted {
		if counted[i].Key == value {
			counted[i].Count++
		}
	}
}

func newSums(year int) Sums {
	return Sums{
		Year: year, Ways: counts(kind.Ways, wayNames), Modes: counts(kind.Modes, modeNames),
		Outcomes:    counts([]kind.Outcome{kind.OutcomeSolved, kind.OutcomeUnderWay, kind.OutcomePlanned, kind.OutcomeExplained}, outcomeNames),
		Ratings:     counts([]kind.Rating{kind.RatingSatisfied, kind.RatingBasically, kind.RatingDissatisfied}, ratingNames),
		RecordKinds: counts([]kind.Record{kind.RecordJournal, kind.RecordLivelihood, kind.RecordStory, kind.RecordDutyReport, kind.RecordOther}, recordNames),
	}
}

// sum adds up the sections, per year and in all.
func (a *Archive) sum() {
	a.Total = newSums(0)
	last := a.To.Year()
	for _, e := range a.Evaluations {
		last = max(last, e.Day.Year()) // it may have been published when the mandate was over
	}
	for year := a.From.Year(); year <= last; year++ {
		a.Years = append(a.Years, newSums(year))
	}
	of := func(year int) []*Sums {
		if i := year - a.From.Year(); i >= 0 && i < len(a.Years) {
			return []*Sums{&a.Years[i], &a.Total}
		}
		return []*Sums{&a.Total}
	}
	on := func(day time.Time) []*Sums { return of(day.Year()) }
	for _, x := range a.Attendances {
		for _, s := range on(x.Day) {
			s.attendance(x)
		}
	}
	for _, x := range a.Visits {
		for _, s := range on(x.Day) {
			s.visit(x)
		}
	}
	for _, x := range a.Opinions {
		for _, s := range on(x.Day) {
			s.opinion(x)
		}
	}
	for _, x := range a.Suggestions {
		for _, s := range on(x.Day) {
			tick(&s.Suggestions, &s.SuggestionsOutside, x.Outside)
		}
	}
	for _, x := range a.Trainings {
		for _, s := range on(x.Day) {
			tick(&s.Trainings, &s.TrainingsOutside, x.Outside)
			s.TrainingHours += x.Hours
		}
	}
	for _, x := range a.Records {
		for _, s := range on(x.Day) {
			tick(&s.Records, &s.RecordsOutside, x.Outside)
			add(s.RecordKinds, string(x.Kind))
		}
	}
	for _, x := range a.Contacts {
		for _, s := range on(x.Day) {
			tick(&s.Contacts, &s.ContactsOutside, x.Outside)
		}
	}
	for _, x := range a.Norms {
		for _, s := range of(x.Year) {
			s.NormsMet += x.Met
			s.NormsMissing += x.Missing
		}
	}
	for _, x := range a.Points {
		for _, s := range on(x.Day) {
			s.Points += x.Points
		}
	}
	for _, x := range a.Evaluations {
		for _, s := range on(x.Day) {
			s.Evaluations++
		}
	}
}

// tick counts one more of all, and of those outside if it was.
func tick(all, outside *int, out bool) {
	*all++
	if out {
		*outside++
	}
}

func (s *Sums) attendance(x Attendance) {
	tick(&s.Attendances, &s.AttendancesOutside, x.Outside)
	add(s.Ways, string(x.Way))
	if x.Mode != nil {
		add(s.Modes, string(*x.Mode))
	}
	if x.Guest {
		s.AttendancesAsGuest++
	}
}

func (s *Sums) visit(x Visit) {
	switch x.Outcome {
	case VisitKept:
		s.VisitsKept++
	case VisitMissed:
		s.VisitsMissed++
	case VisitReplaced:
		s.VisitsReplaced++
	case VisitOpen, VisitNotHeld, VisitCancelled, VisitToCome: // nothing that the deputy did or left undone
	}
	if x.Taken {
		s.VisitsTaken++
	}
}

func (s *Sums) opinion(x Opinion) {
	if !x.Counts() {
		s.OpinionsDeclined++
		return
	}
	tick(&s.Opinions, &s.OpinionsOutside, x.Outside)
	switch x.State {
	case state.OpinionClosed, state.OpinionConverted, state.OpinionMerged:
		s.OpinionsClosed++
	default: // at work, or out of sight
	}
	if x.Outcome != nil {
		add(s.Outcomes, string(*x.Outcome))
	}
	if x.Rating != nil {
		add(s.Ratings, string(*x.Rating))
	}
}
