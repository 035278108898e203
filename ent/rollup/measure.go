package rollup

import "slices"

// Measure is one number of a sum (指标).
type Measure string

// The measures of stations and of the roster. They tell the state at the end of the period's last day, but for STATIONS_OPENED and STATIONS_CLOSED.
const (
	// Stations counts the open physical stations: all kinds but ONLINE.
	Stations Measure = "STATIONS"
	// OnlineStations counts the open online stations; the others below, those of one kind.
	OnlineStations  Measure = "ONLINE_STATIONS"
	StationsHome    Measure = "STATIONS_HOME"
	StationsStation Measure = "STATIONS_STATION"
	StationsPoint   Measure = "STATIONS_POINT"
	StationsPost    Measure = "STATIONS_POST"
	StationsBase    Measure = "STATIONS_BASE"
	// StationsOpened and StationsClosed count the physical stations whose first day open, or closed, lies in the period. So Stations on its
	// last day is Stations on the day before it, plus the opened, less the closed.
	StationsOpened Measure = "STATIONS_OPENED"
	StationsClosed Measure = "STATIONS_CLOSED"
	// Mandates counts the mandates on the roll; those below, the ones of one level.
	Mandates           Measure = "MANDATES"
	MandatesNational   Measure = "MANDATES_NATIONAL"
	MandatesProvincial Measure = "MANDATES_PROVINCIAL"
	MandatesCity       Measure = "MANDATES_CITY"
	MandatesCounty     Measure = "MANDATES_COUNTY"
	MandatesTownship   Measure = "MANDATES_TOWNSHIP"
	// Deputies counts the persons with a mandate on the roll, each once; it does not add up over areas.
	Deputies Measure = "DEPUTIES"
	// Postings counts the postings in force, DeputiesPosted the persons posted, each once.
	Postings       Measure = "POSTINGS"
	DeputiesPosted Measure = "DEPUTIES_POSTED"
	// Townships and Villages are those of the tree as it is now; covered are those with an open physical station: a village by one of its
	// own, a township by one of its own or of a village in it.
	Townships        Measure = "TOWNSHIPS"
	TownshipsCovered Measure = "TOWNSHIPS_COVERED"
	Villages         Measure = "VILLAGES"
	VillagesCovered  Measure = "VILLAGES_COVERED"
	// Constituencies are those drawn by residence or work unit and valid; covered are those that an open physical station serves.
	Constituencies        Measure = "CONSTITUENCIES"
	ConstituenciesCovered Measure = "CONSTITUENCIES_COVERED"
)

// The measures of deputies' work, on days of the period. Only what belongs to confirmed activities counts, but for ACTIVITIES_RECORDED. A joint activity and its
// figures count once, where the station is that holds it; who attended, at the station at which each one was.
const (
	VisitDaysPlanned   Measure = "VISIT_DAYS_PLANNED"
	VisitDaysHeld      Measure = "VISIT_DAYS_HELD"
	VisitDaysMissed    Measure = "VISIT_DAYS_MISSED"
	VisitDaysCancelled Measure = "VISIT_DAYS_CANCELLED"
	// Activities counts the confirmed ones, ActivitiesRecorded those that wait to be confirmed.
	Activities         Measure = "ACTIVITIES"
	ActivitiesRecorded Measure = "ACTIVITIES_RECORDED"
	// Attendances counts the attendances of deputies (人次); those below, of deputies of one level, by the highest mandate at the time.
	Attendances           Measure = "ATTENDANCES"
	AttendancesNational   Measure = "ATTENDANCES_NATIONAL"
	AttendancesProvincial Measure = "ATTENDANCES_PROVINCIAL"
	AttendancesCity       Measure = "ATTENDANCES_CITY"
	AttendancesCounty     Measure = "ATTENDANCES_COUNTY"
	AttendancesTownship   Measure = "ATTENDANCES_TOWNSHIP"
	// Guests counts the attendances at stations to which the deputy was not posted, Officials those of officials.
	Guests    Measure = "GUESTS"
	Officials Measure = "OFFICIALS"
	// DeputiesAttended counts the deputies who attended (人数), each once; it does not add up, over areas or over time.
	DeputiesAttended Measure = "DEPUTIES_ATTENDED"
	// PeopleReceived and PeopleVisited count person-times (人次); PeopleReached is both.
	PeopleReceived Measure = "PEOPLE_RECEIVED"
	PeopleVisited  Measure = "PEOPLE_VISITED"
	PeopleReached  Measure = "PEOPLE_REACHED"
	Lectures       Measure = "LECTURES"
	ProblemsSolved Measure = "PROBLEMS_SOLVED"
	// Points are tenths of points that deputies were given for what they did in the period.
	Points Measure = "POINTS"
	// NormsMet and NormsMissing count the items of norms (履职标准) that mandates have met and missed, of the norms' periods that ended within the period. The
	// platform works them out shortly after what they rest on has changed, and once a day.
	NormsMet     Measure = "NORMS_MET"
	NormsMissing Measure = "NORMS_MISSING"
)

// The measures of opinions. Received and declined count on the day it happened; all others tell what has become by now of those accepted within the period. See
// OpinionMeasures for what each one means.
const (
	OpinionsReceived           Measure = "OPINIONS_RECEIVED"
	OpinionsDeclined           Measure = "OPINIONS_DECLINED"
	OpinionsAccepted           Measure = "OPINIONS_ACCEPTED"
	OpinionsOnline             Measure = "OPINIONS_ONLINE"
	OpinionsOpen               Measure = "OPINIONS_OPEN"
	OpinionsOverdue            Measure = "OPINIONS_OVERDUE"
	OpinionsLate               Measure = "OPINIONS_LATE"
	OpinionsClosed             Measure = "OPINIONS_CLOSED"
	OpinionsSolved             Measure = "OPINIONS_SOLVED"
	OpinionsConverted          Measure = "OPINIONS_CONVERTED"
	OpinionsMerged             Measure = "OPINIONS_MERGED"
	OpinionsAnswered           Measure = "OPINIONS_ANSWERED"
	OpinionsReworked           Measure = "OPINIONS_REWORKED"
	Hardships                  Measure = "HARDSHIPS"
	HardshipsSolved            Measure = "HARDSHIPS_SOLVED"
	OpinionsRated              Measure = "OPINIONS_RATED"
	OpinionsSatisfied          Measure = "OPINIONS_SATISFIED"
	OpinionsBasicallySatisfied Measure = "OPINIONS_BASICALLY_SATISFIED"
	OpinionsDissatisfied       Measure = "OPINIONS_DISSATISFIED"
	// SuggestionsMade counts the suggestions that deputies have made, drafts not among them; SuggestionsAdopted those of them that were adopted.
	SuggestionsMade    Measure = "SUGGESTIONS_MADE"
	SuggestionsAdopted Measure = "SUGGESTIONS_ADOPTED"
)

// made tells from which columns each measure adds up.
var made = []struct {
	Measure
	of []column
}{
	{Stations, []column{stationsHome, stationsStation, stationsPoint, stationsPost, stationsBase}},
	{OnlineStations, []column{stationsOnline}},
	{StationsHome, []column{stationsHome}},
	{StationsStation, []column{stationsStation}},
	{StationsPoint, []column{stationsPoint}},
	{StationsPost, []column{stationsPost}},
	{StationsBase, []column{stationsBase}},
	{StationsOpened, []column{stationsOpened}},
	{StationsClosed, []column{stationsClosed}},
	{Mandates, []column{mandatesNational, mandatesProvincial, mandatesCity, mandatesCounty, mandatesTownship}},
	{MandatesNational, []column{mandatesNational}},
	{MandatesProvincial, []column{mandatesProvincial}},
	{MandatesCity, []column{mandatesCity}},
	{MandatesCounty, []column{mandatesCounty}},
	{MandatesTownship, []column{mandatesTownship}},
	{Deputies, []column{deputies}},
	{Postings, []column{postings}},
	{DeputiesPosted, []column{deputiesPosted}},
	{Townships, []column{townships}},
	{TownshipsCovered, []column{townshipsCovered}},
	{Villages, []column{villages}},
	{VillagesCovered, []column{villagesCovered}},
	{Constituencies, []column{constituencies}},
	{ConstituenciesCovered, []column{constituenciesCovered}},

	{VisitDaysPlanned, []column{visitDaysPlanned}},
	{VisitDaysHeld, []column{visitDaysHeld}},
	{VisitDaysMissed, []column{visitDaysMissed}},
	{VisitDaysCancelled, []column{visitDaysCancelled}},
	{Activities, []column{activities}},
	{ActivitiesRecorded, []column{activitiesRecorded}},
	{Attendances, []column{attendancesNational, attendancesProvincial, attendancesCity, attendancesCounty, attendancesTownship}},
	{AttendancesNational, []column{attendancesNational}},
	{AttendancesProvincial, []column{attendancesProvincial}},
	{AttendancesCity, []column{attendancesCity}},
	{AttendancesCounty, []column{attendancesCounty}},
	{AttendancesTownship, []column{attendancesTownship}},
	{Guests, []column{guests}},
	{Officials, []column{officials}},
	{DeputiesAttended, []column{deputiesAttended}},
	{PeopleReceived, []column{peopleReceived}},
	{PeopleVisited, []column{peopleVisited}},
	{PeopleReached, []column{peopleReceived, peopleVisited}},
	{Lectures, []column{lectures}},
	{ProblemsSolved, []column{problemsSolved}},
	{Points, []column{points}},
	{NormsMet, []column{normsMet}},
	{NormsMissing, []column{normsMissing}},

	{OpinionsReceived, []column{opinionsSubmitted}},
	{OpinionsDeclined, []column{opinionsDeclined}},
	{OpinionsAccepted, []column{opinionsAccepted}},
	{OpinionsOnline, []column{opinionsOnline}},
	{OpinionsOpen, []column{opinionsOpen}},
	{OpinionsOverdue, []column{opinionsOverdue, unmarkedOverdue}},
	{OpinionsLate, []column{opinionsLate, unmarkedLate}},
	{OpinionsClosed, []column{opinionsClosed}},
	{OpinionsSolved, []column{opinionsSolved}},
	{OpinionsConverted, []column{opinionsConverted}},
	{OpinionsMerged, []column{opinionsMerged}},
	{OpinionsAnswered, []column{opinionsAnswered}},
	{OpinionsReworked, []column{opinionsReworked}},
	{Hardships, []column{hardships}},
	{HardshipsSolved, []column{hardshipsSolved}},
	{OpinionsRated, []column{opinionsSatisfied, opinionsBasically, opinionsDissatisfied}},
	{OpinionsSatisfied, []column{opinionsSatisfied}},
	{OpinionsBasicallySatisfied, []column{opinionsBasically}},
	{OpinionsDissatisfied, []column{opinionsDissatisfied}},
	{SuggestionsMade, []column{suggestionsMade}},
	{SuggestionsAdopted, []column{suggestionsAdopted}},
}

// Measures lists the measures in order.
var Measures = func() []Measure {
	out := make([]Measure, len(made))
	for i, m := range made {
		out[i] = m.Measure
	}
	return out
}()

// columnsOf are the columns from which each measure adds up.
var columnsOf = func() map[Measure][]column {
	out := make(map[Measure][]column, len(made))
	for _, m := range made {
		out[m.Measure] = m.of
	}
	return out
}()

// Valid tells whether there is such a measure.
func (m Measure) Valid() bool { return columnsOf[m] != nil }

// Set is a set of measures. Only what is wanted is computed.
type Set struct{ of [columnCount]bool }

// NewSet is the set of measures.
func NewSet(measures ...Measure) (s Set) { return s.With(measures...) }

// All is the set of all measures.
func All() Set { return NewSet(Measures...) }

// With is the set with measures added.
func (s Set) With(measures ...Measure) Set {
	for _, m := range measures {
		for _, c := range columnsOf[m] {
			s.of[c] = true
		}
	}
	return s
}

// Has tells whether all that a measure is made from is in the set.
func (s Set) Has(m Measure) bool {
	return m.Valid() && !slices.ContainsFunc(columnsOf[m], func(c column) bool { return !s.of[c] })
}

// columns are those of the set that a condition takes, in their order.
func (s Set) columns(takes func(column) bool) (out []column) {
	for c := range columnCount {
		if s.of[c] && takes(c) {
			out = append(out, c)
		}
	}
	return out
}

// Sums are the numbers of one area in one period. What was not wanted is zero.
type Sums struct{ n [columnCount]int64 }

// Of is the number of a measure.
func (s *Sums) Of(m Measure) (n int64) {
	for _, c := range columnsOf[m] {
		n += s.n[c]
	}
	return n
}

// empty tells whether there is nothing in the area.
func (s *Sums) empty() bool { return s.n == [columnCount]int64{} }
