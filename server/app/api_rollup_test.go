package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// TestRollup asks the demonstration for its sums, in every way in which they can be asked.
func TestRollup(t *testing.T) {
	s := demonstrated(t)
	t.Run("the published figures", func(t *testing.T) { rollupContract(t, s.For(t)) })
	t.Run("nobody else", func(t *testing.T) { rollupRefused(t, s.For(t)) })
	t.Run("a correction", func(t *testing.T) { rollupCorrected(t, s.For(t)) })
	t.Run("other days", func(t *testing.T) { rollupOtherDays(t, s.For(t)) })
	t.Run("rows", func(t *testing.T) { rollupRows(t, s.For(t)) })
	t.Run("comparison", func(t *testing.T) { rollupCompared(t, s.For(t)) })
	t.Run("trend", func(t *testing.T) { rollupTrend(t, s.For(t)) })
	t.Run("ranking", func(t *testing.T) { rollupRanking(t, s.For(t)) })
	t.Run("parts", func(t *testing.T) { rollupPartly(t, s.For(t)) })
	t.Run("records", func(t *testing.T) { rollupDrill(t, s.For(t)) })
}

const may2022 = `period: {from: "2022-05-01", to: "2022-05-31"}`

// contract is the query that the platform promises an answer to, word for word.
const contract = `{ division(code: "430121") { rollup(period: {from: "2022-05-01", to: "2022-05-31"}) { deputiesAttended attendances peopleReached lectures problemsSolved
	opinionsReceived opinionsAccepted opinionsClosed closingRate { numerator denominator value } satisfactionRate { numerator denominator value }
	suggestionsMade suggestionsAdopted stations mandates } } }`

// rollupContract asks for 长沙县's first month as everyone who may see the whole county.
func rollupContract(t *testing.T, s *apitest.Server) {
	count := func(query string) (n int) {
		t.Helper()
		if err := s.Owner.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const accepted = `SELECT count(*) FROM opinion WHERE code / 1000000 = 430121 AND accepted_at >= '2022-05-01T00:00+08:00' AND accepted_at < '2022-06-01T00:00+08:00'`
	wants := map[string]int{
		"deputiesAttended": 1160, "attendances": 1160, "peopleReached": 7237, "lectures": 122, "problemsSolved": 123, "opinionsReceived": 563,
		"opinionsAccepted": count(accepted), "opinionsClosed": count(accepted + ` AND closed_at IS NOT NULL`),
		"suggestionsMade": 0, "suggestionsAdopted": 0,
		"stations": count(`SELECT count(*) FROM station WHERE code / 1000000 = 430121 AND kind <> 'ONLINE' AND opened_on <= '2022-05-31'
			AND (closed_on IS NULL OR closed_on > '2022-05-31')`),
		"mandates": count(`SELECT count(*) FROM mandate WHERE code / 1000000 = 430121 AND elected_on <= '2022-05-31' AND (ended_on IS NULL OR ended_on > '2022-05-31')`),
	}
	content := count(accepted + ` AND rating IN ('SATISFIED', 'BASICALLY_SATISFIED')`)
	rated := count(accepted + ` AND rating IS NOT NULL`)
	if wants["stations"] != 125 || wants["opinionsClosed"] == 0 || rated == 0 {
		t.Fatalf("the demonstration has %v, %d rated", wants, rated)
	}
	for _, who := range []struct {
		role viewer.Role
		at   string
	}{
		{viewer.NationAdmin, "00"},
		{viewer.ProvinceAdmin, "43"},
		{viewer.CityAdmin, "4301"},
		{viewer.CountyAdmin, "430121"},
		{viewer.CommitteeStaff, "430121"},
		{viewer.CommitteeStaff, "43"},
		{viewer.Supervisor, "430121"},
	} {
		var data struct {
			Division struct{ Rollup map[string]any }
		}
		s.As(who.role, divisionCode(who.at)).Get(&data, contract, nil)
		got := data.Division.Rollup
		for field, want := range wants {
			if got[field] != float64(want) {
				t.Errorf("%s at %s: %s is %v, want %d", who.role, who.at, field, got[field], want)
			}
		}
		for field, want := range map[string][2]int{"closingRate": {wants["opinionsClosed"], wants["opinionsAccepted"]}, "satisfactionRate": {content, rated}} {
			rate := fmt.Sprint(map[string]any{"numerator": float64(want[0]), "denominator": float64(want[1]), "value": float64(want[0]) / float64(want[1])})
			if fmt.Sprint(got[field]) != rate {
				t.Errorf("%s at %s: %s is %v, want %s", who.role, who.at, field, got[field], rate)
			}
		}
		var rows struct {
			Rollup []struct{ Rollup map[string]any }
		}
		s.As(who.role, divisionCode(who.at)).Get(&rows, `{ rollup(division: "430121", `+may2022+`) { rollup { deputiesAttended peopleReached adoptionRate { value } } } }`, nil)
		if r := rows.Rollup; len(r) != 1 || r[0].Rollup["deputiesAttended"] != 1160.0 || r[0].Rollup["peopleReached"] != 7237.0 || fmt.Sprint(r[0].Rollup["adoptionRate"]) != "map[value:<nil>]" {
			t.Errorf("%s at %s: rows %v", who.role, who.at, r)
		}
	}
}

// rollupCorrected corrects a figure: the sum is another at once, and when the correction is folded in.
func rollupCorrected(t *testing.T, s *apitest.Server) {
	caller := s.As(viewer.ProvinceAdmin, place.MustParse("43"))
	reached := func() float64 {
		return askRows(caller, `division: "430121", `+may2022, "rollup { peopleReached }")[0].Rollup[rollup.PeopleReached]
	}
	correct := func(by int) {
		t.Helper()
		if _, err := s.Owner.ExecContext(t.Context(), `UPDATE activity_figure SET value = value + $1 WHERE id = (
			SELECT f.id FROM activity_figure f JOIN activity a ON a.id = f.activity_id JOIN key_figure k ON k.id = f.figure_id
			WHERE a.county_code = 430121000000 AND a.day = '2022-05-15' AND k.key = 'RECEIVED' ORDER BY f.id LIMIT 1)`, by); err != nil {
			t.Fatal(err)
		}
	}
	correct(5)
	if got := reached(); got != 7242 {
		t.Errorf("%v people after the correction", got)
	}
	var folded int
	if err := s.Owner.QueryRowContext(t.Context(), `SELECT fold_facts(1000)`).Scan(&folded); err != nil || folded == 0 {
		t.Fatalf("folded %d: %v", folded, err)
	}
	if got := reached(); got != 7242 {
		t.Errorf("%v people after it is folded", got)
	}
	correct(-5)
	if got := reached(); got != 7237 {
		t.Errorf("%v people after it is taken back", got)
	}
}

// divisionCode reads a code; 00 is the nation.
func divisionCode(code string) place.Code {
	if code == "00" {
		return place.Nation
	}
	return place.MustParse(code)
}

// rollupRefused asks for the same as those who may not see the county, or no sums at all.
func rollupRefused(t *testing.T, s *apitest.Server) {
	var deputy, organ, station string
	const of = ` WHERE code / 1000000 = 430121 ORDER BY id LIMIT 1`
	for query, into := range map[string]*string{
		`SELECT deputy_id FROM mandate` + of: &deputy, `SELECT id FROM organ` + of: &organ, `SELECT id FROM station` + of: &station,
	} {
		if err := s.Owner.QueryRowContext(t.Context(), query).Scan(into); err != nil {
			t.Fatal(err)
		}
	}
	for _, who := range []struct {
		name   string
		caller *apitest.Caller
		// code is that of the error; empty when the division is not there.
		code, rows string
	}{
		{"a deputy", s.As(viewer.Deputy, place.MustParse("430121"), apitest.Person(uuid.MustParse(deputy))), "FORBIDDEN", "FORBIDDEN"},
		{"a department", s.As(viewer.Department, place.MustParse("430121"), apitest.Organ(uuid.MustParse(organ))), "FORBIDDEN", "FORBIDDEN"},
		{"a portal", s.As(viewer.Portal, place.MustParse("430121")), "FORBIDDEN", "FORBIDDEN"},
		{"a county beside", s.As(viewer.CountyAdmin, place.MustParse("430102")), "", "NOT_FOUND"},
		{"a city beside", s.As(viewer.CityAdmin, place.MustParse("4310")), "", "NOT_FOUND"},
		{"a province beside", s.As(viewer.ProvinceAdmin, place.MustParse("14")), "", "NOT_FOUND"},
		{"a township below", s.As(viewer.TownshipAdmin, place.MustParse("430121107")), "", "NOT_FOUND"},
		{"the keeper of a station", s.As(viewer.StationKeeper, place.MustParse("430121107"), apitest.Station(uuid.MustParse(station))), "", "NOT_FOUND"},
		{"nobody", s.Nobody(), "UNAUTHENTICATED", "UNAUTHENTICATED"},
	} {
		answer := who.caller.Do(contract, nil)
		if answer.Code() != who.code || strings.ContainsAny(string(answer.Data), "123456789") {
			t.Errorf("%s: %s", who.name, answer.Body)
		}
		for _, query := range []string{
			`{ rollup(division: "430121", ` + may2022 + `) { rollup { peopleReached } } }`,
			`{ rollupRecords(division: "430121", ` + may2022 + `, measure: PEOPLE_REACHED, first: 5) { edges { node { value } } } }`,
		} {
			if answer := who.caller.Do(query, nil); answer.Code() != who.rows || strings.ContainsAny(string(answer.Data), "123456789") {
				t.Errorf("%s: %s", who.name, answer.Body)
			}
		}
	}
}

// Reading sums by the names of measures.

// nested are the measures that stand in lists and in coverage, and the field of each.
var nested = func() map[rollup.Measure]string {
	out := map[rollup.Measure]string{}
	for field, words := range map[string][]string{
		"stationsByKind { kind count }": {"STATIONS_HOME", "STATIONS_STATION", "STATIONS_POINT", "STATIONS_POST", "STATIONS_BASE"},
		"mandatesByLevel { level count }": {
			"MANDATES_NATIONAL", "MANDATES_PROVINCIAL", "MANDATES_CITY", "MANDATES_COUNTY", "MANDATES_TOWNSHIP",
		},
		"attendancesByLevel { level count }": {
			"ATTENDANCES_NATIONAL", "ATTENDANCES_PROVINCIAL", "ATTENDANCES_CITY", "ATTENDANCES_COUNTY", "ATTENDANCES_TOWNSHIP",
		},
		"ratings { rating count }": {"OPINIONS_SATISFIED", "OPINIONS_BASICALLY_SATISFIED", "OPINIONS_DISSATISFIED"},
		"coverage { townships townshipsCovered villages villagesCovered constituencies constituenciesCovered }": {
			"TOWNSHIPS", "TOWNSHIPS_COVERED", "VILLAGES", "VILLAGES_COVERED", "CONSTITUENCIES", "CONSTITUENCIES_COVERED",
		},
	} {
		for _, word := range words {
			out[rollup.Measure(word)] = field
		}
	}
	return out
}()

// listMeasures are the lists, and what their words make a measure with.
var listMeasures = map[string]string{"stationsByKind": "STATIONS_", "mandatesByLevel": "MANDATES_", "attendancesByLevel": "ATTENDANCES_", "ratings": "OPINIONS_"}

// fieldName is a measure's name as a field.
func fieldName(m rollup.Measure) string {
	words := strings.Split(strings.ToLower(string(m)), "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// fieldsFor selects some measures.
func fieldsFor(measures []rollup.Measure) string {
	var fields []string
	for _, m := range measures {
		field := nested[m]
		if field == "" {
			field = fieldName(m)
		}
		if !slices.Contains(fields, field) {
			fields = append(fields, field)
		}
	}
	return strings.Join(fields, " ")
}

// numbers are sums by measure.
type numbers map[rollup.Measure]float64

// UnmarshalJSON reads a Rollup with any fields but rates.
func (n *numbers) UnmarshalJSON(text []byte) error {
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return err
	}
	if fields == nil {
		return nil
	}
	*n = numbers{}
	read := map[string]float64{}
	for name, value := range fields {
		switch v := value.(type) {
		case float64:
			read[name] = v
		case map[string]any: // coverage
			for part, value := range v {
				read[part], _ = value.(float64)
			}
		case []any:
			for _, item := range v {
				row, _ := item.(map[string]any)
				for _, word := range []any{row["kind"], row["level"], row["rating"]} {
					if m := rollup.Measure(fmt.Sprint(listMeasures[name], word)); m.Valid() {
						(*n)[m], _ = row["count"].(float64)
					}
				}
			}
		}
	}
	for _, m := range rollup.Measures {
		if v, ok := read[fieldName(m)]; ok {
			(*n)[m] = v
		}
	}
	return nil
}

// askedRow is a row of sums.
type askedRow struct {
	Division struct{ Code, Name, Level string }
	OwnOnly  bool
	Key      *string
	Station  *struct{ ID, Name string }
	Zone     *struct{ ID, Name string }
	Rank     *int
	Rollup   numbers
	Compared numbers
	Trend    []struct {
		From, To string
		Rollup   numbers
		Compared numbers
	}
}

// askRows asks for rows of sums.
func askRows(caller *apitest.Caller, args, selection string) []askedRow {
	var data struct{ Rollup []askedRow }
	caller.Get(&data, `{ rollup(`+args+`) { `+selection+` } }`, nil)
	return data.Rollup
}
