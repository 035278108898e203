package rollup_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
)

// plain is a row of a table as JSON tells it: what the plain recount looks at, without any of the functions that sums are kept by.
type plain map[string]any

func (p plain) is(column string, values ...string) bool {
	text, ok := p[column].(string)
	return ok && slices.Contains(values, text)
}

func (p plain) number(column string) int64 { n, _ := p[column].(float64); return int64(n) }
func (p plain) yes(column string) bool     { b, _ := p[column].(bool); return b }
func (p plain) has(column string) bool     { return p[column] != nil }
func (p plain) text(column string) string  { s, _ := p[column].(string); return s }

// on is the day that a column tells, or none; a moment's is that in China.
func (p plain) on(column string) time.Time {
	text := p.text(column)
	if d, err := time.Parse(time.DateOnly, text); err == nil {
		return d
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return calendar.Today(at)
	}
	return time.Time{}
}

// in tells whether a row lies in a division of a county or above, by its own columns.
func (p plain) in(division int64) bool {
	return division == 0 || p.number("province_code") == division || p.number("city_code") == division || p.number("county_code") == division
}

// read is every row of a table, in the transaction's one view of it.
func (s *storm) read(tx *sql.Tx, query string) (out []plain) {
	s.Helper()
	rows, err := tx.QueryContext(s.Context(), query)
	if err != nil {
		s.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var text []byte
		row := plain{}
		if err := rows.Scan(&text); err != nil {
			s.Fatal(err)
		}
		if err := json.Unmarshal(text, &row); err != nil {
			s.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		s.Fatal(err)
	}
	return out
}

// span is a month, quarter or year.
type span struct {
	name        string
	first, last time.Time
}

func (s span) holds(t time.Time) bool { return !t.IsZero() && !t.Before(s.first) && !t.After(s.last) }

// spansOfStorm are all months, quarters and years that a storm may write to, and those about them.
func spansOfStorm() (out []span) {
	for _, l := range []struct {
		name   string
		months int
	}{{"MONTH", 1}, {"QUARTER", 3}, {"YEAR", 12}} {
		for first := day("2024-01-01"); first.Before(day("2026-01-01")); first = first.AddDate(0, l.months, 0) {
			out = append(out, span{l.name, first, first.AddDate(0, l.months, -1)})
		}
	}
	return out
}

// records is everything that sums are made of.
type records struct {
	tables map[string][]plain
	// confirmed are the activities that count.
	confirmed map[string]plain
}

func (s *storm) records(tx *sql.Tx) *records {
	s.Helper()
	r := &records{tables: map[string][]plain{}, confirmed: map[string]plain{}}
	for _, table := range counted {
		r.tables[table] = s.read(tx, `SELECT to_jsonb(t) FROM `+table+` t`)
	}
	for _, a := range r.tables["activity"] {
		if a.is("state", "CONFIRMED") {
			r.confirmed[a.text("id")] = a
		}
	}
	return r
}

// The measures by how they relate to days.
var (
	balances = []string{
		"stations_home", "stations_station", "stations_point", "stations_post", "stations_base", "stations_online",
		"mandates_national", "mandates_provincial", "mandates_city", "mandates_county", "mandates_township", "deputies", "postings", "deputies_posted",
		"townships", "townships_covered", "villages", "villages_covered",
	}
	distinct = []string{"deputies_attended"}
)

// sum counts what there is of a division at the end of a span, and what happened in it.
func (r *records) sum(division int64, s span) map[string]int64 {
	out := map[string]int64{}
	sets := map[string]map[any]bool{}
	once := func(measure string, key any) {
		if sets[measure] == nil {
			sets[measure] = map[any]bool{}
		}
		sets[measure][key] = true
	}
	each := func(table string, do func(plain)) {
		for _, p := range r.tables[table] {
			if p.in(division) {
				do(p)
			}
		}
	}
	add := func(when bool, measure string) {
		if when {
			out[measure]++
		}
	}
	each("station", func(p plain) {
		physical := !p.is("kind", "ONLINE")
		add(physical && s.holds(p.on("opened_on")), "stations_opened")
		add(physical && s.holds(p.on("closed_on")), "stations_closed")
		if !inForce(p.on("opened_on"), p.on("closed_on"), s.last) {
			return
		}
		out["stations_"+strings.ToLower(p.text("kind"))]++
		if physical && p.number("code")%1000 != 0 {
			once("villages_covered", p["code"])
		}
		if physical && p.has("township_code") {
			once("townships_covered", p["township_code"])
		}
	})
	each("mandate", func(p plain) {
		if inForce(p.on("elected_on"), p.on("ended_on"), s.last) {
			out["mandates_"+strings.ToLower(p.text("level"))]++
			once("deputies", p["deputy_id"])
		}
	})
	each("posting", func(p plain) {
		if inForce(p.on("started_on"), p.on("ended_on"), s.last) {
			out["postings"]++
			once("deputies_posted", p["deputy_id"])
		}
	})
	each("division", func(p plain) {
		now := !p.yes("placeholder") && !p.has("valid_to")
		add(now && p.is("level", "TOWNSHIP"), "townships")
		add(now && p.is("level", "VILLAGE"), "villages")
	})
	each("visit_day", func(p plain) {
		if s.holds(p.on("day")) {
			add(p.is("state", "PLANNED", "PUBLISHED"), "visit_days_planned")
			add(p.is("state", "HELD"), "visit_days_held")
			add(p.is("state", "MISSED"), "visit_days_missed")
			add(p.is("state", "CANCELLED"), "visit_days_cancelled")
		}
	})
	each("activity", func(p plain) {
		if s.holds(p.on("day")) {
			add(p.is("state", "CONFIRMED"), "activities")
			add(p.is("state", "RECORDED"), "activities_recorded")
		}
	})
	each("activity_figure", func(p plain) {
		of, ok := r.confirmed[p.text("activity_id")]
		measure := map[string]string{"1": "people_received", "2": "people_visited", "3": "lectures", "4": "problems_solved"}
		if id, standard := strings.CutPrefix(p.text("figure_id"), "01930000-0000-7000-8000-00000000000"); ok && standard && s.holds(of.on("day")) {
			out[measure[id]] += p.number("value")
		}
	})
	each("attendance", func(p plain) {
		if _, ok := r.confirmed[p.text("activity_id")]; !ok || !s.holds(p.on("day")) {
			return
		}
		if !p.has("deputy_id") {
			out["officials"]++
			return
		}
		out["attendances_"+strings.ToLower(p.text("level"))]++
		add(p.yes("guest"), "guests")
		once("deputies_attended", p["deputy_id"])
	})
	each("point_entry", func(p plain) {
		if s.holds(p.on("day")) {
			out["points"] += p.number("points")
		}
	})
	each("norm_standing", func(p plain) {
		if s.holds(p.on("ended_on")) {
			out["norms_met"] += p.number("met")
			out["norms_missing"] += p.number("missing")
		}
	})
	each("opinion", func(p plain) { p.sumOpinion(s, add) })
	each("suggestion", func(p plain) { add(!p.is("state", "DRAFT") && s.holds(p.on("created_at")), "suggestions_made") })
	for measure, keys := range sets {
		out[measure] = int64(len(keys))
	}
	return out
}

// sumOpinion counts an opinion: what became of it counts where it was accepted.
func (p plain) sumOpinion(s span, add func(bool, string)) {
	add(s.holds(p.on("submitted_at")), "opinions_submitted")
	add(p.is("state", "DECLINED") && s.holds(p.on("state_since")), "opinions_declined")
	if !s.holds(p.on("accepted_at")) {
		return
	}
	closed, solved, answered := p.has("closed_at"), p.is("outcome", "SOLVED"), p.has("replied_at") || p.has("fed_back_at")
	for measure, counts := range map[string]bool{
		"opinions_accepted":     true,
		"opinions_online":       p.is("channel", "STATION_CODE", "DEPUTY_CODE", "ONLINE"),
		"opinions_open":         !closed,
		"opinions_overdue":      p.yes("open") && p.yes("overdue") && !p.is("waits_on", "SUBMITTER"),
		"opinions_late":         p.yes("late"),
		"opinions_closed":       closed,
		"opinions_solved":       closed && solved,
		"opinions_converted":    p.is("state", "CONVERTED"),
		"opinions_merged":       p.is("state", "MERGED"),
		"opinions_answered":     answered,
		"opinions_reworked":     answered && p.number("reworks") > 0,
		"hardships":             p.yes("hardship"),
		"hardships_solved":      p.yes("hardship") && closed && solved,
		"opinions_satisfied":    p.is("rating", "SATISFIED"),
		"opinions_basically":    p.is("rating", "BASICALLY_SATISFIED"),
		"opinions_dissatisfied": p.is("rating", "DISSATISFIED"),
	} {
		add(counts, measure)
	}
}

// keptSums are the rows of the table fact, read plainly.
type keptSums map[string]plain

func factKey(code int64, span, starts string) string {
	return fmt.Sprintf("%d %s %s", code, span, starts)
}

func (s *storm) keptSums(tx *sql.Tx) (keptSums, []string) {
	s.Helper()
	out := keptSums{}
	measures := map[string]bool{}
	for _, row := range s.read(tx, `SELECT to_jsonb(f) FROM fact f`) {
		out[factKey(row.number("code"), row.text("span"), row.text("starts"))] = row
		for name := range row {
			measures[name] = true
		}
	}
	for _, name := range []string{"code", "span", "starts"} {
		delete(measures, name)
	}
	return out, slices.Sorted(maps.Keys(measures))
}

// of is what is kept of a measure of a division for a span: what months add up to, what the total is less what came later, or the span's own.
func (k keptSums) of(division int64, s span, measure string) (n int64) {
	month := func(first time.Time) int64 {
		return k[factKey(division, "MONTH", first.Format(time.DateOnly))].number(measure)
	}
	switch {
	case slices.Contains(distinct, measure):
		return k[factKey(division, s.name, s.first.Format(time.DateOnly))].number(measure)
	case slices.Contains(balances, measure):
		n = k[factKey(division, "TOTAL", "infinity")].number(measure)
		for m := s.last.AddDate(0, 0, 1); m.Before(day("2027-01-01")); m = m.AddDate(0, 1, 0) {
			n -= month(m)
		}
	default:
		for m := s.first; m.Before(s.last); m = m.AddDate(0, 1, 0) {
			n += month(m)
		}
	}
	return n
}

// byCategory counts the opinions of each month by category, for the nation, provinces and cities.
func (r *records) byCategory() map[string]int64 {
	out := map[string]int64{}
	for _, p := range r.tables["opinion"] {
		for _, s := range spansOfStorm() {
			if s.name != "MONTH" {
				continue
			}
			p.sumOpinion(s, func(when bool, measure string) {
				for _, division := range []any{0.0, p["province_code"], p["city_code"]} {
					if code, ok := division.(float64); ok && when {
						out[categoryKey(int64(code), s.first.Format(time.DateOnly), p.text("category_id"), measure)]++
					}
				}
			})
		}
	}
	return out
}

func categoryKey(division int64, month, category, measure string) string {
	return fmt.Sprintf("%d %s %q %s", division, month, category, measure)
}

// keptByCategory are the numbers of the table category_fact other than 0, read plainly.
func (s *storm) keptByCategory(tx *sql.Tx) map[string]int64 {
	s.Helper()
	out := map[string]int64{}
	for _, row := range s.read(tx, `SELECT to_jsonb(f) FROM category_fact f`) {
		for measure := range row {
			n := row.number(measure)
			if n != 0 && !slices.Contains([]string{"code", "starts", "category_id"}, measure) {
				out[categoryKey(row.number("code"), row.text("starts"), row.text("category_id"), measure)] = n
			}
		}
	}
	return out
}
