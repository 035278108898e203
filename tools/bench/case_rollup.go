package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/place"
)

// provincesCase is the one that has a goal of its own.
const provincesCase = "rollup-provinces"

// fields are the measures that sums are asked for: few of each sort for wide tables, and thirty.
var (
	fewFields = strings.Fields(`stations mandates deputiesPosted activities attendances peopleReached opinionsReceived opinionsAccepted opinionsClosed opinionsOverdue`)
	allFields = strings.Fields(`stations onlineStations stationsOpened stationsClosed mandates deputies postings deputiesPosted visitDaysPlanned visitDaysHeld
		visitDaysMissed visitDaysCancelled activities activitiesRecorded attendances guests officials deputiesAttended peopleReceived peopleVisited
		peopleReached lectures problemsSolved opinionsReceived opinionsDeclined opinionsAccepted opinionsClosed opinionsSolved opinionsOverdue hardships`)
)

// sums is one case of sums.
type sums struct {
	name, about string
	spot        spot
	// by is the grouping, level that of its rows.
	by    string
	level place.Level
	// period is the days asked for; compared tells that those of the year before are asked for too, monthly that the period's months are.
	period   period
	compared bool
	monthly  bool
	fields   []string
}

// period is a period of whole months; span is the name that the sums have for it, if they keep persons for it.
type period struct {
	from, to time.Time
	span     string
}

func (p period) yearBefore() period {
	return period{p.from.AddDate(-1, 0, 0), p.to.AddDate(-1, 0, 0), p.span}
}

// months are the months of the period.
func (p period) months() []period {
	var out []period
	for m := p.from; m.Before(p.to); m = m.AddDate(0, 1, 0) {
		out = append(out, period{m, m.AddDate(0, 1, -1), "MONTH"})
	}
	return out
}

// rollups are sums of whole months, at each width.
func rollups(_ context.Context, s *sample) ([]*benchCase, error) {
	// The last year and the last quarter that are over and of which there is data.
	first := time.Date(s.today.Year(), s.today.Month(), 1, 0, 0, 0, 0, time.UTC)
	if s.today.AddDate(0, 0, 1).Day() == 1 {
		first = first.AddDate(0, 1, 0)
	}
	yearEnd := time.Date(first.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	quarterEnd := yearEnd.AddDate(0, (int(first.Month())-1)/3*3, 0)
	year := period{yearEnd.AddDate(-1, 0, 0), yearEnd.AddDate(0, 0, -1), "YEAR"}
	quarter := period{quarterEnd.AddDate(0, -3, 0), quarterEnd.AddDate(0, 0, -1), "QUARTER"}

	nation, province := s.at(place.LevelNation), s.at(place.LevelProvince)
	all := []sums{
		{name: "rollup-self", about: "30 measures of the nation in a year", spot: nation, by: "SELF", level: place.LevelNation, period: year, fields: allFields},
		{
			name: "rollup-cities", about: "a province's cities × 30 measures in a quarter, with last year's", spot: province, by: "CITIES", level: place.LevelCity,
			period: quarter, compared: true, fields: allFields,
		},
		{
			name: "rollup-months", about: "the nation's provinces × 12 months × 10 measures", spot: nation, by: "PROVINCES", level: place.LevelProvince,
			period: year, monthly: true, fields: fewFields,
		},
		{
			name: provincesCase, about: "the nation's provinces × 2 periods × 10 measures", spot: nation, by: "PROVINCES", level: place.LevelProvince,
			period: quarter, compared: true, fields: fewFields,
		},
	}
	var out []*benchCase
	for _, c := range all {
		out = append(out, c.benchCase())
	}
	return out, nil
}

// query is what the API is asked.
func (s sums) query() string {
	list := strings.Join(s.fields, " ")
	rows := "division { code name } ownOnly rollup { " + list + " }"
	args := fmt.Sprintf("division: $code, by: %s, period: {from: $from, to: $to}", s.by)
	if s.compared {
		args += ", compareWith: LAST_YEAR"
		rows += " compared { " + list + " }"
	}
	if s.monthly {
		args += ", interval: MONTH"
		rows = "division { code name } ownOnly trend { from to rollup { " + list + " } }"
	}
	return "query($code: String!, $from: Date!, $to: Date!) { rollup(" + args + ") { " + rows + " } }"
}

func (s sums) benchCase() *benchCase {
	code, from, to := s.spot.code.String(), s.period.from.Format(time.DateOnly), s.period.to.Format(time.DateOnly)
	return &benchCase{
		name: s.name, about: s.about, sort: rollup, query: s.query(), byHand: s.byHand,
		asks: []ask{{s.spot.who, map[string]any{"code": code, "from": from, "to": to}, query("code", code, "from", from, "to", to)}},
	}
}
