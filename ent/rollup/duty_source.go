package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// dutyKey tells the rows of sums of work apart: the area, and within it the word by which they are grouped.
type dutyKey struct {
	area place.Code
	word string
}

// dutySheet holds the sums under their keys. New ones start with the groups that are wanted and that the grouping can tell apart.
type dutySheet struct {
	want DutyWant
	of   map[dutyKey]*DutyMeasures
}

func newDutySheet(q DutyQuestion, g dutyGrouping) *dutySheet {
	return &dutySheet{want: g.answered(q), of: map[dutyKey]*DutyMeasures{}}
}

func (s *dutySheet) at(k dutyKey) *DutyMeasures {
	m := s.of[k]
	if m != nil {
		return m
	}
	m = &DutyMeasures{}
	if s.want.any(WantVisitDays) {
		m.VisitDays = &VisitDayCounts{}
	}
	if s.want.any(WantActivities) {
		m.Activities = &ActivityCounts{}
	}
	if s.want.any(WantFigures) {
		m.Figures = map[uuid.UUID]int64{}
	}
	if s.want.any(WantRoll) {
		m.Roll = &RollCounts{}
	}
	s.of[k] = m
	return m
}

// rows lists the sums of a division in the order of the words, and at the end those without a word.
func (s *dutySheet) rows(division Place, by DutyBy, words []string) ([]DutyRow, error) {
	rows := make([]DutyRow, 0, len(s.of))
	for _, word := range append(words[:len(words):len(words)], "") {
		m := s.of[dutyKey{division.Code, word}]
		if m == nil {
			continue
		}
		row := DutyRow{DutyMeasures: *m}
		if err := row.name(division, by, word); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	if len(rows) != len(s.of) {
		return nil, fmt.Errorf("work by %s: a word that is not of the vocabulary", by)
	}
	return rows, nil
}

// name says what the row is of.
func (r *DutyRow) name(division Place, by DutyBy, word string) (err error) {
	switch by {
	case DutyBySelf:
		r.Code, r.Level = division.Code, division.Level
	case DutyByMonth:
		r.Month, err = time.Parse(time.DateOnly, word)
		r.Month = calendar.Day(r.Month)
	case DutyByStationKind:
		r.StationKind = kind.Station(word)
	case DutyByWay:
		r.Way = kind.Way(word)
	case DutyByMode:
		r.Mode = kind.Mode(word)
	case DutyBySetting:
		r.Setting = kind.Setting(word)
	case DutyByLevel:
		r.Deputies = kind.CongressLevel(word)
	default: // named by the tree
	}
	return err
}

// any tells whether one of the groups is wanted.
func (w DutyWant) any(groups DutyWant) bool { return w&groups != 0 }

// dutyGrouping is how reports come by the keys of their rows.
type dutyGrouping struct {
	// held stands for {key} where t is a visit day or an activity, attended where it is an attendance t at an activity v; join for {join}.
	held, attended, join string
	// words lists the keys in order.
	words []string
	// knows are the groups of sums that the grouping can tell apart.
	knows DutyWant
}

// answered are the groups that are wanted of a question and can be answered.
func (g dutyGrouping) answered(q DutyQuestion) DutyWant {
	want := q.Want & g.knows
	if q.Station != uuid.Nil {
		want &^= WantRoll
	}
	return want
}

const (
	ofActivities = WantActivities | WantAttendances | WantFigures
	ofStations   = ofActivities | WantVisitDays
	monthOf      = "date_trunc('month', t.day)::date::text"
)

var (
	dutyWhole = dutyGrouping{held: "NULL", attended: "NULL", knows: WantAllDuty}

	dutyGroupings = map[DutyBy]dutyGrouping{
		DutyBySelf:  dutyWhole,
		DutyByMonth: {held: monthOf, attended: monthOf, knows: ofStations},
		DutyByStationKind: {
			held: "s.kind", attended: "s.kind", join: "JOIN station s ON s.id = t.station_id", words: texts(kind.Stations), knows: ofStations,
		},
		DutyByWay:     {held: "t.way", attended: "v.way", words: texts(kind.Ways), knows: ofActivities},
		DutyByMode:    {held: "t.mode", attended: "v.mode", words: texts(kind.Modes), knows: ofActivities},
		DutyBySetting: {held: "t.setting", attended: "v.setting", words: kind.Setting("").Values(), knows: ofActivities},
		DutyByLevel:   {attended: "t.level", words: texts(kind.CongressLevels), knows: WantAttendances},
	}
)

func texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// dutyReport is a question about areas of one level.
type dutyReport struct {
	areas
	dutyGrouping
	DutyQuestion
}

// dutySource answers one group of sums: a report, what its rows are grouped by, and what to do with one.
type dutySource struct {
	name, sql, key string
	read           func(*dutySheet, *sql.Rows) error
}

// sources are those that together answer what the question wants.
func (r dutyReport) sources() []dutySource {
	groups := [...]struct {
		answers DutyWant
		source  dutySource
	}{
		{WantVisitDays, dutySource{"visit days", dutyVisitDaysSQL, r.held, (*dutySheet).readVisitDays}},
		{WantActivities, dutySource{"activities", dutyActivitiesSQL, r.held, (*dutySheet).readActivities}},
		{WantAttendances, dutySource{"attendances", dutyAttendancesSQL, r.attended, (*dutySheet).readAttendances}},
		{WantFigures, dutySource{"figures", dutyFiguresSQL, r.held, (*dutySheet).readFigures}},
		{WantRoll, dutySource{"the roll", dutyRollSQL, "", (*dutySheet).readRoll}},
	}
	want := r.answered(r.DutyQuestion)
	var out []dutySource
	for _, g := range groups {
		if want.any(g.answers) {
			out = append(out, g.source)
		}
	}
	return out
}

// sumDuty puts the sums into the sheet.
func sumDuty(ctx context.Context, db database, r dutyReport, sums *dutySheet) error {
	for _, s := range r.sources() {
		args := append(r.areaArgs(), r.Period.first(), r.Period.last())
		only := ""
		if r.Station != uuid.Nil {
			args = append(args, r.Station)
			only = fmt.Sprintf(" AND t.station_id = $%d", len(args))
		}
		query := strings.NewReplacer("{key}", s.key, "{join}", r.join, "{only}", only).Replace(s.sql)
		err := each(ctx, db, r.statement(query), args, func(rows *sql.Rows) error { return s.read(sums, rows) })
		if err != nil {
			return fmt.Errorf("sum of %s: %w", s.name, err)
		}
	}
	return nil
}

var (
	//go:embed sql/duty_visit_days.sql
	dutyVisitDaysSQL string
	//go:embed sql/duty_activities.sql
	dutyActivitiesSQL string
	//go:embed sql/duty_attendances.sql
	dutyAttendancesSQL string
	//go:embed sql/duty_figures.sql
	dutyFiguresSQL string
	//go:embed sql/duty_roll.sql
	dutyRollSQL string
)

// scan reads the key of a row and what comes after it.
func (s *dutySheet) scan(rows *sql.Rows, rest ...any) (*DutyMeasures, error) {
	var (
		area place.Code
		word sql.NullString
	)
	if err := rows.Scan(append([]any{&area, &word}, rest...)...); err != nil {
		return nil, err
	}
	return s.at(dutyKey{area, word.String}), nil
}

func (s *dutySheet) readVisitDays(rows *sql.Rows) error {
	var c VisitDayCounts
	m, err := s.scan(rows, &c.Planned, &c.Held, &c.Missed, &c.Cancelled)
	if err == nil {
		m.VisitDays = &c
	}
	return err
}

func (s *dutySheet) readActivities(rows *sql.Rows) error {
	var c ActivityCounts
	m, err := s.scan(rows, &c.Confirmed, &c.Recorded)
	if err == nil {
		m.Activities = &c
	}
	return err
}

func (s *dutySheet) readAttendances(rows *sql.Rows) error {
	var c AttendanceCounts
	m, err := s.scan(rows, &c.Total, &c.Guests, &c.Deputies, &c.Officials, &c.Organs)
	if err == nil {
		m.Attendances = c
	}
	return err
}

func (s *dutySheet) readFigures(rows *sql.Rows) error {
	var (
		figure uuid.UUID
		sum    int64
	)
	m, err := s.scan(rows, &figure, &sum)
	if err == nil {
		m.Figures[figure] = sum
	}
	return err
}

func (s *dutySheet) readRoll(rows *sql.Rows) error {
	var c RollCounts
	m, err := s.scan(rows, &c.Deputies, &c.Attended)
	if err == nil {
		m.Roll = &c
	}
	return err
}
