package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/place"
)

// weight says how a row of the sums counts for a measure: see sumsText.
type weight string

const (
	flow    weight = "flow"    // what happened within the period
	balance weight = "balance" // what there is at its end: all there ever was, less the changes of later months
	once    weight = "once"    // persons, who count once in a period of any length
)

// kept is where a measure is kept.
type kept struct {
	columns string // with + between them
	weight  weight
}

// measures are those of the cases, by the names of their fields.
var measures = map[string]kept{
	"stations":           {"stations_home+stations_station+stations_point+stations_post+stations_base", balance},
	"onlineStations":     {"stations_online", balance},
	"stationsOpened":     {"stations_opened", flow},
	"stationsClosed":     {"stations_closed", flow},
	"mandates":           {"mandates_national+mandates_provincial+mandates_city+mandates_county+mandates_township", balance},
	"deputies":           {"deputies", balance},
	"postings":           {"postings", balance},
	"deputiesPosted":     {"deputies_posted", balance},
	"visitDaysPlanned":   {"visit_days_planned", flow},
	"visitDaysHeld":      {"visit_days_held", flow},
	"visitDaysMissed":    {"visit_days_missed", flow},
	"visitDaysCancelled": {"visit_days_cancelled", flow},
	"activities":         {"activities", flow},
	"activitiesRecorded": {"activities_recorded", flow},
	"attendances":        {"attendances_national+attendances_provincial+attendances_city+attendances_county+attendances_township", flow},
	"guests":             {"guests", flow},
	"officials":          {"officials", flow},
	"deputiesAttended":   {"deputies_attended", once},
	"peopleReceived":     {"people_received", flow},
	"peopleVisited":      {"people_visited", flow},
	"peopleReached":      {"people_received+people_visited", flow},
	"lectures":           {"lectures", flow},
	"problemsSolved":     {"problems_solved", flow},
	"opinionsReceived":   {"opinions_submitted", flow},
	"opinionsDeclined":   {"opinions_declined", flow},
	"opinionsAccepted":   {"opinions_accepted", flow},
	"opinionsClosed":     {"opinions_closed", flow},
	"opinionsSolved":     {"opinions_solved", flow},
	"opinionsOverdue":    {"opinions_overdue", flow},
	"hardships":          {"hardships", flow},
}

// sumsText adds up, for each place and period, the rows that are kept for the place and what is not folded into them yet. A row counts for a measure by
// its weight: 0, 1, or -1 for the months after the end that a balance goes back over. $1 and $2 are the places' codes and the first ones after them, $3
// to $5 the periods.
const sumsText = `WITH area AS (SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS a (lo, hi)),
	period AS (SELECT * FROM unnest($3::date[], $4::date[], $5::text[]) WITH ORDINALITY AS p (first, last, name, n))
SELECT area.lo, period.n, {sums}
FROM area CROSS JOIN period LEFT JOIN LATERAL (
	SELECT f.*, (f.span = 'MONTH' AND f.starts BETWEEN period.first AND period.last)::integer AS flow,
		CASE WHEN f.span = 'TOTAL' THEN 1 WHEN f.span = 'MONTH' AND f.starts > period.last THEN -1 ELSE 0 END AS balance,
		(f.span = period.name AND f.starts = period.first)::integer AS once
	FROM (SELECT {columns}, span, starts FROM fact WHERE code = area.lo AND (span IN ('MONTH', 'TOTAL') AND starts >= period.first OR span = period.name AND starts = period.first)) f
	UNION ALL
	SELECT d.*, (d.span = 'MONTH' AND d.starts BETWEEN period.first AND period.last)::integer,
		(d.span = 'MONTH' AND d.starts <= period.last)::integer, (d.span = period.name AND d.starts = period.first)::integer
	FROM (SELECT {columns}, span, starts FROM fact_delta WHERE code >= area.lo AND code < area.hi) d
) x ON true
GROUP BY 1, 2`

// lateText counts, for each place and period, the opinions that are overdue though the clock has not marked them yet.
const lateText = `SELECT area.lo, period.n, count(*)
FROM unnest($1::bigint[], $2::bigint[]) AS area (lo, hi) JOIN opinion o ON o.code >= area.lo AND o.code < area.hi
JOIN unnest($3::date[], $4::date[]) WITH ORDINALITY AS period (first, last, n) ON day_of(o.accepted_at) BETWEEN period.first AND period.last
WHERE o.open AND NOT o.overdue AND o.due_on < $5::date AND o.waits_on <> 'SUBMITTER'
GROUP BY 1, 2`

// text writes sumsText for the measures of the case.
func (s sums) text() string {
	var added, columns []string
	seen := map[string]bool{}
	for _, f := range s.fields {
		var terms []string
		for _, c := range strings.Split(measures[f].columns, "+") {
			terms = append(terms, "coalesce(x."+c+", 0)")
			if !seen[c] {
				seen[c], columns = true, append(columns, c)
			}
		}
		added = append(added, fmt.Sprintf("coalesce(sum((%s) * x.%s), 0)::bigint", strings.Join(terms, " + "), measures[f].weight))
	}
	return strings.NewReplacer("{sums}", strings.Join(added, ", "), "{columns}", strings.Join(columns, ", ")).Replace(sumsText)
}

// figures are measures in the order they were asked for.
type figures struct {
	fields []string
	values []int64
}

func (f figures) MarshalJSON() ([]byte, error) { //nolint:unparam // json.Marshaler
	b := []byte{'{'}
	for i, name := range f.fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, name), ':')
		b = strconv.AppendInt(b, f.values[i], 10)
	}
	return append(b, '}'), nil
}

type sumsRow struct {
	Division placeRow     `json:"division"`
	OwnOnly  bool         `json:"ownOnly"`
	Rollup   *figures     `json:"rollup,omitempty"`
	Compared *figures     `json:"compared,omitempty"`
	Trend    []trendPoint `json:"trend,omitempty"`
}

type placeRow struct {
	Code place.Code `json:"code"`
	Name string     `json:"name"`
}

type trendPoint struct {
	From   day     `json:"from"`
	To     day     `json:"to"`
	Rollup figures `json:"rollup"`
}

// byHand answers with three statements: what the rows are, their sums, and what the clock is about to change of them.
func (s sums) byHand(ctx context.Context, db *sql.DB, q url.Values) (any, error) {
	code, err := place.Parse(q.Get("code"))
	if err != nil {
		return nil, err
	}
	p := period{span: s.period.span}
	if p.from, err = time.Parse(time.DateOnly, q.Get("from")); err != nil {
		return nil, err
	}
	if p.to, err = time.Parse(time.DateOnly, q.Get("to")); err != nil {
		return nil, err
	}
	periods := []period{p}
	if s.compared {
		periods = append(periods, p.yearBefore())
	}
	if s.monthly {
		periods = p.months()
	}
	lo, hi := code.Range()
	if s.by == "SELF" {
		hi = lo + 1 // the division alone: its level may have no index
	}
	places, err := collect(ctx, db, func(r *sql.Rows) (p placeRow, err error) { return p, r.Scan(&p.Code, &p.Name) },
		`SELECT code, name FROM division WHERE level = $1 AND code >= $2 AND code < $3 AND NOT placeholder AND valid_to IS NULL ORDER BY code`,
		string(s.level), int64(lo), int64(hi))
	if err != nil {
		return nil, err
	}
	found, err := s.read(ctx, db, places, periods)
	if err != nil {
		return nil, err
	}
	out := make([]sumsRow, len(places))
	for i, d := range places {
		of := found[d.Code]
		row := sumsRow{Division: d}
		switch {
		case s.monthly:
			for n, p := range periods {
				row.Trend = append(row.Trend, trendPoint{day(p.from), day(p.to), of[n]})
			}
		default:
			row.Rollup = &of[0]
			if s.compared {
				row.Compared = &of[1]
			}
		}
		out[i] = row
	}
	return map[string]any{"rollup": out}, nil
}

// read reads the sums of places in periods.
func (s sums) read(ctx context.Context, db *sql.DB, places []placeRow, periods []period) (map[place.Code][]figures, error) {
	los, his := make([]int64, len(places)), make([]int64, len(places))
	for i, d := range places {
		lo, hi := d.Code.Range()
		los[i], his[i] = int64(lo), int64(hi)
	}
	var firsts, lasts, names []string
	for _, p := range periods {
		firsts, lasts, names = append(firsts, p.from.Format(time.DateOnly)), append(lasts, p.to.Format(time.DateOnly)), append(names, p.span)
	}
	type cell struct {
		code  place.Code
		n     int
		count []int64
	}
	read := func(count int, text string, args ...any) ([]cell, error) {
		return collect(ctx, db, func(r *sql.Rows) (cell, error) {
			c := cell{count: make([]int64, count)}
			into := []any{&c.code, &c.n}
			for i := range c.count {
				into = append(into, &c.count[i])
			}
			return c, r.Scan(into...)
		}, text, args...)
	}
	cells, err := read(len(s.fields), s.text(), pq.Array(los), pq.Array(his), pq.Array(firsts), pq.Array(lasts), pq.Array(names))
	if err != nil {
		return nil, err
	}
	out := map[place.Code][]figures{}
	for _, c := range cells {
		if out[c.code] == nil {
			out[c.code] = make([]figures, len(periods))
		}
		out[c.code][c.n-1] = figures{s.fields, c.count}
	}
	overdue := slices.Index(s.fields, "opinionsOverdue")
	if overdue < 0 {
		return out, nil
	}
	late, err := read(1, lateText, pq.Array(los), pq.Array(his), pq.Array(firsts), pq.Array(lasts), calendar.Today(time.Now()).Format(time.DateOnly))
	for _, c := range late {
		out[c.code][c.n-1].values[overdue] += c.count[0]
	}
	return out, err
}
