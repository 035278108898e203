package archive

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
)

// Entry is one line of the archive in time order (履职时间线).
type Entry struct {
	Section Section
	Day     time.Time
	// Outside tells that it was done outside the viewer's area; title, detail and source are empty then.
	Outside bool
	// Sort is the value of the section's own vocabulary that it is of, with its name: the way of an attendance, the kind of a record ….
	Sort, SortName string
	Title, Detail  string
	Station        *gen.Station
	// Points and Hours are in tenths, where the section has them.
	Points, Hours *int
	// Type and ID name the record it comes from.
	Type string
	ID   uuid.UUID
	// Key tells the entry from all others of its day, and stands in their order.
	Key uuid.UUID
}

// space keeps the keys of entries apart from all other ids.
var space = uuid.MustParse("5b0e7a0c-5b0f-4f6e-9a59-7a6f6a1c2d10")

// keyOf makes the key of an entry: first its section, then what nobody can read the record from.
func keyOf(s Section, record uuid.UUID) uuid.UUID {
	key := uuid.NewSHA1(space, record[:])
	key[0] = byte(slices.Index(Sections, s))
	return key
}

// Timeline lists everything that has a day in time order; of one day, section by section. Without sections all are told, and
// without a year all years.
func (a *Archive) Timeline(sections []Section, year int) []Entry {
	var out []Entry
	for _, section := range Sections {
		if len(sections) == 0 || slices.Contains(sections, section) {
			out = append(out, a.entries(section)...)
		}
	}
	if year != 0 {
		out = slices.DeleteFunc(out, func(e Entry) bool { return e.Day.Year() != year })
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return cmp.Or(a.Day.Compare(b.Day), bytes.Compare(a.Key[:], b.Key[:])) })
	return out
}

// entries lists a section's own.
func (a *Archive) entries(s Section) (out []Entry) {
	put := func(record uuid.UUID, e Entry) {
		e.Key = keyOf(s, record)
		if e.Outside {
			e.Type, e.ID = "", uuid.Nil
		}
		e.Section = s
		out = append(out, e)
	}
	switch s {
	case SectionAttendance:
		for _, x := range a.Attendances {
			put(x.ID, Entry{
				Day: x.Day, Outside: x.Outside, Sort: string(x.Way), SortName: WayName(x.Way), Title: x.Title, Detail: x.detail(), Station: x.Station,
				Type: gen.TypeActivity, ID: x.Activity,
			})
		}
	case SectionVisit:
		for _, x := range a.Visits {
			put(x.ID, Entry{
				Day: x.Day, Sort: string(x.Outcome), SortName: x.Outcome.Name(), Title: cmp.Or(x.Theme, "代表接待日"), Detail: x.Substitution(), Station: x.Station,
				Type: gen.TypeVisitDay, ID: x.VisitDay,
			})
		}
	case SectionOpinion:
		for _, x := range a.Opinions {
			put(x.ID, Entry{
				Day: x.Day, Outside: x.Outside, Sort: string(x.State), SortName: x.State.Title(), Title: x.Number, Detail: x.detail(), Station: x.Station,
				Type: gen.TypeOpinion, ID: x.ID,
			})
		}
	case SectionSuggestion:
		for _, x := range a.Suggestions {
			put(x.ID, Entry{Day: x.Day, Outside: x.Outside, Sort: string(x.State), SortName: SuggestionName(x.State), Title: x.Title, Type: gen.TypeSuggestion, ID: x.ID})
		}
	case SectionTraining:
		for _, x := range a.Trainings {
			e := Entry{Day: x.Day, Outside: x.Outside, Title: x.Title, Type: gen.TypeTraining, ID: x.Course}
			if !x.Outside {
				e.Hours = &x.Hours
			}
			put(x.ID, e)
		}
	case SectionRecord:
		for _, x := range a.Records {
			put(x.ID, Entry{Day: x.Day, Outside: x.Outside, Sort: string(x.Kind), SortName: RecordName(x.Kind), Title: x.Title, Type: gen.TypeDutyRecord, ID: x.ID})
		}
	case SectionPoint:
		for _, x := range a.Points {
			put(x.ID, Entry{Day: x.Day, Sort: string(x.Deed), SortName: DeedName(x.Deed), Title: x.Name, Detail: x.Evidence, Points: &x.Points, Type: gen.TypePointEntry, ID: x.ID})
		}
	case SectionContact:
		for _, x := range a.Contacts {
			put(x.ID, Entry{
				Day: x.Day, Outside: x.Outside, Sort: string(x.Way), SortName: ContactName(x.Way), Title: x.With, Detail: x.Note,
				Type: gen.TypePairingContact, ID: x.ID,
			})
		}
	case SectionEvaluation:
		for _, x := range a.Evaluations {
			put(x.ID, Entry{Day: x.Day, Title: x.Name, Points: x.Total, Type: gen.TypeEvaluation, ID: x.ID})
		}
	}
	return out
}

func (x Attendance) detail() string {
	parts := []string{ModeName(x.Mode)}
	if x.Guest {
		parts = append(parts, "列席")
	}
	return told(parts...)
}

func (x Opinion) detail() string {
	return told(x.Category, OutcomeName(x.Outcome), RatingName(x.Rating))
}

// Substitution says in words who took the duty over, or for whom it was taken over, and why.
func (x Visit) Substitution() string {
	switch {
	case x.Outcome == VisitReplaced:
		return told("由"+cmp.Or(x.Other, "他人")+"替班", x.Reason)
	case x.Taken:
		return told("替"+cmp.Or(x.Other, "他人")+"值班", x.Reason)
	}
	return x.Reason
}

// told joins what there is to tell.
func told(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ",")
}
