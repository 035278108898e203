package archive

import (
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/tally"
)

// Section is a part of an archive (档案栏目).
type Section string

// The sections: 参加活动, 代表接待日, 社情民意, 代表建议, 培训, 履职记录, 积分, 结对联系, 考评.
const (
	SectionAttendance Section = "ATTENDANCE"
	SectionVisit      Section = "VISIT_DAY"
	SectionOpinion    Section = "OPINION"
	SectionSuggestion Section = "SUGGESTION"
	SectionTraining   Section = "TRAINING"
	SectionRecord     Section = "RECORD"
	SectionPoint      Section = "POINT"
	SectionContact    Section = "CONTACT"
	SectionEvaluation Section = "EVALUATION"
)

// Sections lists the sections in the order in which they are told.
var Sections = []Section{
	SectionAttendance, SectionVisit, SectionOpinion, SectionSuggestion, SectionTraining, SectionRecord, SectionPoint,
	SectionContact, SectionEvaluation,
}

// VisitOutcome is what became of a duty on a visit day (接待日到岗情况).
type VisitOutcome string

// The outcomes: 已到岗, 缺席, 待确认, 未开展, 已取消, 已替班, 未到期.
const (
	// VisitKept: the day's activity is confirmed and the deputy attended it; VisitMissed: it is, and the deputy did not.
	VisitKept   VisitOutcome = "KEPT"
	VisitMissed VisitOutcome = "MISSED"
	// VisitOpen: the day's activity is not confirmed yet.
	VisitOpen VisitOutcome = "UNCONFIRMED"
	// VisitNotHeld: the day passed without any activity.
	VisitNotHeld   VisitOutcome = "NOT_HELD"
	VisitCancelled VisitOutcome = "CANCELLED"
	// VisitReplaced: someone else took the duty over.
	VisitReplaced VisitOutcome = "REPLACED"
	// VisitToCome: nothing is said of the day yet.
	VisitToCome VisitOutcome = "TO_COME"
)

// Values lists the outcomes as text.
func (VisitOutcome) Values() []string {
	return words(VisitKept, VisitMissed, VisitOpen, VisitNotHeld, VisitCancelled, VisitReplaced, VisitToCome)
}

// Values lists the sections as text.
func (Section) Values() []string { return words(Sections...) }

func words[T ~string](values ...T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// Seat is a mandate of the person with the name of its congress, or its level where that is out of sight.
type Seat struct {
	*gen.Mandate
	Congress string
}

// Attendance is a part in a confirmed activity. Of one outside the viewer's area only the day and the way are known.
type Attendance struct {
	ID      uuid.UUID
	Day     time.Time
	Way     kind.Way
	Outside bool
	Mode    *kind.Mode
	Setting kind.Setting
	Title   string
	// Station is where it was; nil when it is out of the viewer's sight.
	Station *gen.Station
	Guest   bool
	// Activity is the activity's key.
	Activity uuid.UUID
}

// Visit is a duty on a visit day, up to today.
type Visit struct {
	ID      uuid.UUID
	Day     time.Time
	Outcome VisitOutcome
	Station *gen.Station
	Theme   string
	// Taken tells that the duty was taken over from someone, Other who that was; of a duty that was replaced Other is who took it over. It is empty when the
	// person is out of sight.
	Taken  bool
	Other  string
	Reason string
	// VisitDay is the day's key.
	VisitDay uuid.UUID
}

// Opinion is an opinion that the deputy brought. Nothing is told of who submitted it, nor its words, which may name people.
type Opinion struct {
	ID       uuid.UUID
	Day      time.Time
	Outside  bool
	Number   string
	Category string
	Station  *gen.Station
	State    state.Opinion
	Outcome  *kind.Outcome
	Rating   *kind.Rating
}

// Counts tells whether the opinion counts as brought: not when it was declined.
func (o Opinion) Counts() bool { return o.State != state.OpinionDeclined }

// Suggestion is a suggestion that the deputy leads.
type Suggestion struct {
	ID      uuid.UUID
	Day     time.Time
	Outside bool
	Title   string
	State   state.Suggestion
}

// Training is a part in a course.
type Training struct {
	ID      uuid.UUID
	Day     time.Time
	Outside bool
	Title   string
	// Hours are in tenths; 0 of one outside, where they are not known.
	Hours int
	// Course is the course's key.
	Course uuid.UUID
}

// Record is a confirmed record of work.
type Record struct {
	ID      uuid.UUID
	Day     time.Time
	Outside bool
	Kind    kind.Record
	Title   string
}

// Norm is how the deputy stood with one item of the norms in the periods that began in a year.
type Norm struct {
	Year int
	Item duty.NormItem
	// Counts counts the periods by standing.
	tally.Counts
}

// Point is a line of the mandate's ledger with what proves it.
type Point struct {
	ID  uuid.UUID
	Day time.Time
	// Item is the item's key in its scheme, Name its name.
	Item, Name string
	Deed       kind.Deed
	// Evidence says what the deed was, in words.
	Evidence string
	// Points are in tenths.
	Points     int
	Correction bool
}

// Check is the deputy's own word on the points of a year.
type Check struct {
	Day    time.Time
	Year   int
	Points int
	Agreed bool
	Note   string
}

// Pairing is a pairing of the deputy that touches the days of the archive, and is in sight.
type Pairing struct {
	ID    uuid.UUID
	Kind  kind.Pairing
	Leads bool
	// With is who or what the deputy is paired with.
	With string
	From time.Time
	// To is the first day without it.
	To *time.Time
	// Contacts counts those within the days of the archive.
	Contacts int
}

// Contact is a contact within a pairing.
type Contact struct {
	ID      uuid.UUID
	Day     time.Time
	Outside bool
	Way     kind.ContactWay
	With    string
	Note    string
}

// Evaluation is a published evaluation.
type Evaluation struct {
	ID uuid.UUID
	// Day is the one it was published on, From and To are the days that were evaluated.
	Day, From, To time.Time
	Name          string
	// SelfTotal and Total are in tenths of a point.
	SelfTotal, Total, Stars *int
}
