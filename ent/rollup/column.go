package rollup

// column is a number that is counted by itself: one of the table fact, or one that only records tell.
type column int

// The columns.
const (
	stationsHome column = iota
	stationsStation
	stationsPoint
	stationsPost
	stationsBase
	stationsOnline
	stationsOpened
	stationsClosed
	mandatesNational
	mandatesProvincial
	mandatesCity
	mandatesCounty
	mandatesTownship
	deputies
	postings
	deputiesPosted
	townships
	townshipsCovered
	villages
	villagesCovered
	constituencies
	constituenciesCovered

	visitDaysPlanned
	visitDaysHeld
	visitDaysMissed
	visitDaysCancelled
	activities
	activitiesRecorded
	attendancesNational
	attendancesProvincial
	attendancesCity
	attendancesCounty
	attendancesTownship
	guests
	officials
	deputiesAttended
	peopleReceived
	peopleVisited
	lectures
	problemsSolved
	points
	normsMet
	normsMissing

	opinionsSubmitted
	opinionsDeclined
	opinionsAccepted
	opinionsOnline
	opinionsOpen
	opinionsOverdue
	opinionsLate
	opinionsClosed
	opinionsSolved
	opinionsConverted
	opinionsMerged
	opinionsAnswered
	opinionsReworked
	hardships
	hardshipsSolved
	opinionsSatisfied
	opinionsBasically
	opinionsDissatisfied
	// What the clock has made overdue but not marked yet: the calendar alone tells, no write does.
	unmarkedOverdue
	unmarkedLate
	suggestionsMade
	suggestionsAdopted

	columnCount
)

// sort is how a column relates to days.
type sort int

const (
	// flow happens on days: a period has the sum of its days.
	flow sort = iota
	// balance changes on days: a period's last day has the sum of all days until then.
	balance
	// once counts things once however often they are met in a period.
	once
)

// nature is what is known of a column.
type nature struct {
	// name is that of the column of fact, and of the functions that count records; empty for one that only records tell.
	name string
	sort
	source
}

// source names where a column is counted from the records.
type source int

const (
	fromStations source = iota
	fromMandates
	fromPostings
	fromVisitDays
	fromActivities
	fromFigures
	fromAttendances
	fromPoints
	fromStandings
	fromOpinions
	fromSuggestions
	fromDeputies
	fromDeputiesPosted
	fromDeputiesAttended
	fromPlaces
	fromConstituencies
	fromUnmarked
)

var tallies = [columnCount]nature{
	stationsHome:          {"stations_home", balance, fromStations},
	stationsStation:       {"stations_station", balance, fromStations},
	stationsPoint:         {"stations_point", balance, fromStations},
	stationsPost:          {"stations_post", balance, fromStations},
	stationsBase:          {"stations_base", balance, fromStations},
	stationsOnline:        {"stations_online", balance, fromStations},
	stationsOpened:        {"stations_opened", flow, fromStations},
	stationsClosed:        {"stations_closed", flow, fromStations},
	mandatesNational:      {"mandates_national", balance, fromMandates},
	mandatesProvincial:    {"mandates_provincial", balance, fromMandates},
	mandatesCity:          {"mandates_city", balance, fromMandates},
	mandatesCounty:        {"mandates_county", balance, fromMandates},
	mandatesTownship:      {"mandates_township", balance, fromMandates},
	deputies:              {"deputies", balance, fromDeputies},
	postings:              {"postings", balance, fromPostings},
	deputiesPosted:        {"deputies_posted", balance, fromDeputiesPosted},
	townships:             {"townships", balance, fromPlaces},
	townshipsCovered:      {"townships_covered", balance, fromPlaces},
	villages:              {"villages", balance, fromPlaces},
	villagesCovered:       {"villages_covered", balance, fromPlaces},
	constituencies:        {"", balance, fromConstituencies},
	constituenciesCovered: {"", balance, fromConstituencies},

	visitDaysPlanned:      {"visit_days_planned", flow, fromVisitDays},
	visitDaysHeld:         {"visit_days_held", flow, fromVisitDays},
	visitDaysMissed:       {"visit_days_missed", flow, fromVisitDays},
	visitDaysCancelled:    {"visit_days_cancelled", flow, fromVisitDays},
	activities:            {"activities", flow, fromActivities},
	activitiesRecorded:    {"activities_recorded", flow, fromActivities},
	attendancesNational:   {"attendances_national", flow, fromAttendances},
	attendancesProvincial: {"attendances_provincial", flow, fromAttendances},
	attendancesCity:       {"attendances_city", flow, fromAttendances},
	attendancesCounty:     {"attendances_county", flow, fromAttendances},
	attendancesTownship:   {"attendances_township", flow, fromAttendances},
	guests:                {"guests", flow, fromAttendances},
	officials:             {"officials", flow, fromAttendances},
	deputiesAttended:      {"deputies_attended", once, fromDeputiesAttended},
	peopleReceived:        {"people_received", flow, fromFigures},
	peopleVisited:         {"people_visited", flow, fromFigures},
	lectures:              {"lectures", flow, fromFigures},
	problemsSolved:        {"problems_solved", flow, fromFigures},
	points:                {"points", flow, fromPoints},
	normsMet:              {"norms_met", flow, fromStandings},
	normsMissing:          {"norms_missing", flow, fromStandings},

	opinionsSubmitted:    {"opinions_submitted", flow, fromOpinions},
	opinionsDeclined:     {"opinions_declined", flow, fromOpinions},
	opinionsAccepted:     {"opinions_accepted", flow, fromOpinions},
	opinionsOnline:       {"opinions_online", flow, fromOpinions},
	opinionsOpen:         {"opinions_open", flow, fromOpinions},
	opinionsOverdue:      {"opinions_overdue", flow, fromOpinions},
	opinionsLate:         {"opinions_late", flow, fromOpinions},
	opinionsClosed:       {"opinions_closed", flow, fromOpinions},
	opinionsSolved:       {"opinions_solved", flow, fromOpinions},
	opinionsConverted:    {"opinions_converted", flow, fromOpinions},
	opinionsMerged:       {"opinions_merged", flow, fromOpinions},
	opinionsAnswered:     {"opinions_answered", flow, fromOpinions},
	opinionsReworked:     {"opinions_reworked", flow, fromOpinions},
	hardships:            {"hardships", flow, fromOpinions},
	hardshipsSolved:      {"hardships_solved", flow, fromOpinions},
	opinionsSatisfied:    {"opinions_satisfied", flow, fromOpinions},
	opinionsBasically:    {"opinions_basically", flow, fromOpinions},
	opinionsDissatisfied: {"opinions_dissatisfied", flow, fromOpinions},
	unmarkedOverdue:      {"", flow, fromUnmarked},
	unmarkedLate:         {"", flow, fromUnmarked},
	suggestionsMade:      {"suggestions_made", flow, fromSuggestions},
	suggestionsAdopted:   {"suggestions_adopted", flow, fromSuggestions},
}

// kept tells whether the column is one of fact.
func (c column) kept() bool { return tallies[c].name != "" }
