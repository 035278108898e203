package sums

import (
	"maps"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/rollup"
)

// What the lists count, by their words.
var (
	stationKinds = map[kind.Station]rollup.Measure{
		kind.StationHome: rollup.StationsHome, kind.StationStation: rollup.StationsStation, kind.StationPoint: rollup.StationsPoint,
		kind.StationPost: rollup.StationsPost, kind.StationBase: rollup.StationsBase, kind.StationOnline: rollup.OnlineStations,
	}
	mandateLevels = map[kind.CongressLevel]rollup.Measure{
		kind.National: rollup.MandatesNational, kind.Provincial: rollup.MandatesProvincial, kind.City: rollup.MandatesCity,
		kind.County: rollup.MandatesCounty, kind.Township: rollup.MandatesTownship,
	}
	attendanceLevels = map[kind.CongressLevel]rollup.Measure{
		kind.National: rollup.AttendancesNational, kind.Provincial: rollup.AttendancesProvincial, kind.City: rollup.AttendancesCity,
		kind.County: rollup.AttendancesCounty, kind.Township: rollup.AttendancesTownship,
	}
	ratings = map[kind.Rating]rollup.Measure{
		kind.RatingSatisfied: rollup.OpinionsSatisfied, kind.RatingBasically: rollup.OpinionsBasicallySatisfied,
		kind.RatingDissatisfied: rollup.OpinionsDissatisfied,
	}
)

// Fields names the measures that each field of a Rollup is made from, but for coverage, whose own fields CoverageFields names.
var Fields = single(map[string][]rollup.Measure{
	"stationsByKind":      slices.Collect(maps.Values(stationKinds)),
	"mandatesByLevel":     slices.Collect(maps.Values(mandateLevels)),
	"visitDayRate":        {rollup.VisitDaysHeld, rollup.VisitDaysMissed},
	"confirmedRate":       {rollup.Activities, rollup.ActivitiesRecorded},
	"attendancesByLevel":  slices.Collect(maps.Values(attendanceLevels)),
	"ratings":             slices.Collect(maps.Values(ratings)),
	"normRate":            {rollup.NormsMet, rollup.NormsMissing},
	"closingRate":         {rollup.OpinionsClosed, rollup.OpinionsAccepted},
	"onTimeRate":          {rollup.OpinionsLate, rollup.OpinionsAccepted},
	"solvedRate":          {rollup.OpinionsSolved, rollup.OpinionsClosed},
	"satisfactionRate":    {rollup.OpinionsSatisfied, rollup.OpinionsBasicallySatisfied, rollup.OpinionsRated},
	"reworkRate":          {rollup.OpinionsReworked, rollup.OpinionsAnswered},
	"hardshipsSolvedRate": {rollup.HardshipsSolved, rollup.Hardships},
	"adoptionRate":        {rollup.SuggestionsAdopted, rollup.SuggestionsMade},
})

// CoverageFields names the measures that each field of Coverage is made from.
var CoverageFields = single(map[string][]rollup.Measure{
	"townshipRate":     {rollup.TownshipsCovered, rollup.Townships},
	"villageRate":      {rollup.VillagesCovered, rollup.Villages},
	"constituencyRate": {rollup.ConstituenciesCovered, rollup.Constituencies},
})

// single adds the fields that are one measure each: OPINIONS_CLOSED is told by opinionsClosed.
func single(fields map[string][]rollup.Measure) map[string][]rollup.Measure {
	for _, m := range rollup.Measures {
		words := strings.Split(strings.ToLower(string(m)), "_")
		for i, word := range words[1:] {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
		fields[strings.Join(words, "")] = []rollup.Measure{m}
	}
	return fields
}
