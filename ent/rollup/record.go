package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
)

// report is how columns of one source are counted from its records.
type report struct {
	name string
	// from stands for the records t with what belongs to them, and the functions that say what each counts for (m).
	from string
	// days is a column of the records that all their days are equal to; empty when a record counts on several days.
	days string
	// sql is a report that counts for itself: {area}, {key}, {join}, {only} as in the files; it answers the columns in their order.
	sql string
	// keys are how rows are grouped; a grouping that is not there cannot be told from these records.
	keys map[By]key
	// entity and id name the record that is shown for what counts: for a figure its activity.
	entity, id string
}

// key is what rows are grouped by, the joins it takes, and a condition that there is one.
type key struct{ by, join, only string }

// atStations are the groupings of what happens at a station.
func atStations() map[By]key {
	return map[By]key{
		ByStations: {by: "t.station_id"},
		ByZones:    {by: "home.zone_id", join: " JOIN station home ON home.id = t.station_id", only: " AND home.zone_id IS NOT NULL"},
	}
}

var opinionKeys = func() map[By]key {
	keys := atStations()
	keys[ByDepartments] = key{by: "t.lead_organ_id"}
	keys[ByCategories] = key{
		by:   "uppermost.id",
		join: " LEFT JOIN category filed ON filed.id = t.category_id LEFT JOIN category uppermost ON uppermost.number = left(filed.number, 2)",
	}
	return keys
}()

// personsHeld counts persons, each once, for what they hold from a day until another.
func personsHeld(table, from, until string) string {
	return fmt.Sprintf(`SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT {key} AS key, span.n, count(DISTINCT t.deputy_id)
    FROM %s t{join}
    JOIN unnest($3::date[], $4::date[]) WITH ORDINALITY AS span (first, last, n) ON t.%s <= span.last AND (t.%s IS NULL OR t.%[3]s > span.last)
    WHERE {area t}{only}
    GROUP BY 1, 2
) sums`, table, from, until)
}

//go:embed sql/attended.sql
var attendedSQL string

//go:embed sql/places.sql
var placesSQL string

//go:embed sql/constituencies.sql
var constituenciesSQL string

//go:embed sql/unmarked.sql
var unmarkedSQL string

var reports = map[source]report{
	fromStations: {
		name: "stations", from: "station t{join} CROSS JOIN LATERAL station_measures(t) m", entity: "Station", id: "t.id",
		keys: map[By]key{ByStations: {by: "t.id"}, ByZones: {by: "t.zone_id", only: " AND t.zone_id IS NOT NULL"}},
	},
	fromMandates: {name: "mandates", from: "mandate t{join} CROSS JOIN LATERAL mandate_measures(t) m", entity: "Mandate", id: "t.id"},
	fromPostings: {
		name: "postings", from: "posting t{join} CROSS JOIN LATERAL posting_measures(t) m", keys: atStations(), entity: "Posting", id: "t.id",
	},
	fromVisitDays: {
		name: "visit days", from: "visit_day t{join} CROSS JOIN LATERAL visit_day_measures(t) m", days: "t.day", keys: atStations(),
		entity: "VisitDay", id: "t.id",
	},
	fromActivities: {
		name: "activities", from: "activity t{join} CROSS JOIN LATERAL activity_measures(t) m", days: "t.day", keys: atStations(),
		entity: "Activity", id: "t.id",
	},
	fromFigures: {
		name: "figures", from: "activity t JOIN activity_figure f ON f.activity_id = t.id{join} CROSS JOIN LATERAL activity_figure_measures(f, t.day, t.state) m",
		days: "t.day", keys: atStations(), entity: "Activity", id: "t.id",
	},
	fromAttendances: {
		name: "attendances", from: "attendance t JOIN activity v ON v.id = t.activity_id{join} CROSS JOIN LATERAL attendance_measures(t, v.state) m",
		days: "t.day", keys: atStations(), entity: "Attendance", id: "t.id",
	},
	fromPoints: {
		name: "points", from: "point_entry t{join} CROSS JOIN LATERAL point_entry_measures(t) m", days: "t.day", entity: "PointEntry", id: "t.id",
	},
	fromStandings: {
		name: "standings", from: "norm_standing t{join} CROSS JOIN LATERAL norm_standing_measures(t) m", days: "t.ended_on", entity: "Mandate", id: "t.mandate_id",
	},
	fromOpinions: {
		name: "opinions", from: "opinion t{join} CROSS JOIN LATERAL opinion_measures(t) m", keys: opinionKeys, entity: "Opinion", id: "t.id",
	},
	fromSuggestions: {
		name: "suggestions", from: "suggestion t{join} CROSS JOIN LATERAL suggestion_measures(t) m", entity: "Suggestion", id: "t.id",
	},
	fromDeputies:         {name: "deputies", sql: personsHeld("mandate", "elected_on", "ended_on")},
	fromDeputiesPosted:   {name: "deputies posted", sql: personsHeld("posting", "started_on", "ended_on"), keys: atStations()},
	fromDeputiesAttended: {name: "deputies who attended", sql: attendedSQL, keys: atStations()},
	fromPlaces:           {name: "places", sql: placesSQL},
	fromConstituencies:   {name: "constituencies", sql: constituenciesSQL},
	fromUnmarked:         {name: "opinions overdue since today", sql: unmarkedSQL, keys: opinionKeys},
}

// columnsOfSource are the columns of a report that counts for itself, in the order in which it answers them.
var columnsOfSource = map[source][]column{
	fromDeputies: {deputies}, fromDeputiesPosted: {deputiesPosted}, fromDeputiesAttended: {deputiesAttended},
	fromPlaces:         {townships, townshipsCovered, villages, villagesCovered},
	fromConstituencies: {constituencies, constituenciesCovered}, fromUnmarked: {unmarkedOverdue, unmarkedLate},
}

// recordSQL counts records over spans of any days.
//
// $1, $2  first code of each area, and the first one after it
// $3, $4  first and last day of each span
const recordSQL = `SELECT area.lo, sums.*
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi)
CROSS JOIN LATERAL (
    SELECT {key} AS key, span.n, {list}
    FROM {from}
    JOIN unnest($3::date[], $4::date[]) WITH ORDINALITY AS span (first, last, n) ON m.day <= span.last{since}
    WHERE {area t}{days}{only}
    GROUP BY 1, 2
) sums`

// recordQuestion asks for columns of one source, counted from the records.
type recordQuestion struct {
	areas
	spans
	source
	columns []column
	by      By
	today   time.Time
}

// statement writes the report and its arguments.
func (q recordQuestion) statement() (string, []any) {
	r := reports[q.source]
	args := append(q.areaArgs(), q.args()...)
	text, list, since, days := r.sql, []string{}, "", ""
	if text == "" {
		text = recordSQL
		since = " AND m.day >= span.first"
		for _, c := range q.columns {
			if tallies[c].sort == balance {
				since = ""
			}
		}
		for _, c := range q.columns {
			filter := ""
			if since == "" && tallies[c].sort == flow {
				filter = " FILTER (WHERE m.day >= span.first)"
			}
			list = append(list, fmt.Sprintf("coalesce(sum(m.%s)%s, 0)::bigint", tallies[c].name, filter))
		}
		if r.days != "" {
			first, last := q.bounds()
			args = append(args, first, last)
			days = fmt.Sprintf(" AND %s BETWEEN $%d AND $%d", r.days, len(args)-1, len(args))
		}
	}
	if strings.Contains(text, "{today}") {
		args = append(args, q.today.Format(time.DateOnly))
		text = strings.ReplaceAll(text, "{today}", fmt.Sprintf("$%d::date", len(args)))
	}
	k := r.keys[q.by]
	if k.by == "" {
		k.by = "NULL::uuid"
	}
	text = strings.NewReplacer("{from}", r.from, "{list}", strings.Join(list, ", "), "{since}", since, "{days}", days).Replace(text)
	text = strings.NewReplacer("{key}", k.by, "{join}", k.join, "{only}", k.only).Replace(text)
	return q.areas.statement(text), args
}

// add puts the sums into the sheet; at are the places of the spans in the list of all.
func (q recordQuestion) add(ctx context.Context, db database, at []int, sums sheet) error {
	columns := q.columns
	if fixed := columnsOfSource[q.source]; fixed != nil {
		columns = fixed
	}
	query, args := q.statement()
	err := each(ctx, db, query, args, func(rows *sql.Rows) error { return readCell(rows, columns, at, sums) })
	if err != nil {
		return fmt.Errorf("sum of %s: %w", reports[q.source].name, err)
	}
	return nil
}

// readCell reads a row of an area, a key, a span and columns into the sheet.
func readCell(rows *sql.Rows, columns []column, at []int, sums sheet) error {
	var (
		key cellKey
		n   int
		row = make([]int64, len(columns))
	)
	into := []any{&key.area, &key.id, &n}
	for i := range row {
		into = append(into, &row[i])
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	key.span = at[n-1]
	of, err := sums.room(key)
	if err != nil {
		return err
	}
	for i, c := range columns {
		of.n[c] = row[i]
	}
	return nil
}

// room is the place of the key's sums. How many stations, departments and zones have something to tell is known only as they come: more than
// fit into the memory are refused.
func (s sheet) room(k cellKey) (*Sums, error) {
	if len(s) >= maxCells && s[k] == nil {
		return nil, fault.Invalid("TOO_MANY", "分组和时段过多,请缩短时段、加大间隔或选择下级区划", "interval")
	}
	return s.at(k), nil
}
