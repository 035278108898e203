package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// opinionKey tells the rows of sums of opinions apart: the area, and within it what they are grouped by.
type opinionKey struct {
	area  place.Code
	id    uuid.NullUUID
	month time.Time
}

// opinionSheet holds the sums under their keys, in the order in which they came, and no more than there is room for.
type opinionSheet struct {
	room  int
	order []opinionKey
	of    map[opinionKey]*OpinionMeasures
}

func newOpinionSheet(room int) *opinionSheet {
	return &opinionSheet{room: room, of: map[opinionKey]*OpinionMeasures{}}
}

// at is the place of the key's sums, nil when there is no room for it.
func (s *opinionSheet) at(k opinionKey) *OpinionMeasures {
	m := s.of[k]
	if m == nil && len(s.order) < s.room {
		m = &OpinionMeasures{}
		s.order, s.of[k] = append(s.order, k), m
	}
	return m
}

// grouping is how a report comes by the keys of its rows.
type grouping struct {
	// key stands for {key}: what an opinion t, or what happened to it, is grouped by; join for {join}: what that needs beside them.
	key, join string
	// read is where a row's key goes.
	read func(*opinionKey) any
}

var (
	ungrouped = grouping{key: "NULL::uuid", read: intoID}

	groupings = map[OpinionBy]grouping{
		OpinionBySelf:       ungrouped,
		OpinionByStation:    {key: "t.station_id", read: intoID},
		OpinionByDepartment: {key: "t.lead_organ_id", read: intoID},
		OpinionByCategory:   {key: "t.category_id", read: intoID},
		OpinionByTopCategory: {
			key:  "uppermost.id",
			join: "LEFT JOIN category filed ON filed.id = t.category_id LEFT JOIN category uppermost ON uppermost.number = left(filed.number, 2)",
			read: intoID,
		},
		OpinionByMonth: {key: "date_trunc('month', happened.at AT TIME ZONE interval '8 hours')::date", read: intoMonth},
	}
)

func intoID(k *opinionKey) any    { return &k.id }
func intoMonth(k *opinionKey) any { return &k.month }

// opinionReport is a question about areas of one level, or about the cases of a department.
type opinionReport struct {
	areas
	grouping
	OpinionQuestion
	// organ narrows to the cases of a department; uuid.Nil is all.
	organ uuid.UUID
}

// statement writes a report and its arguments, of which those of every report come after the areas, and those of what narrows it at
// the end.
func (r opinionReport) statement(report string, args ...any) (string, []any) {
	args = append(r.areaArgs(), args...)
	var only strings.Builder
	narrow := func(condition string, id uuid.UUID) {
		if id != uuid.Nil {
			args = append(args, id)
			fmt.Fprintf(&only, " AND "+condition, len(args))
		}
	}
	narrow("t.station_id = $%d", r.Station)
	narrow("t.category_id IN (SELECT b.id FROM category c JOIN category b ON b.number ^@ c.number WHERE c.id = $%d)", r.Category)
	narrow("t.id IN (SELECT a.opinion_id FROM opinion_assignment a WHERE a.organ_id = $%d)", r.organ)
	filled := strings.NewReplacer("{key}", r.key, "{join}", r.join, "{only}", only.String()).Replace(report)
	return r.areas.statement(filled), args
}

//go:embed sql/opinion_counts.sql
var opinionCountsSQL string

//go:embed sql/opinion_stays.sql
var opinionStaysSQL string

// sumOpinions puts the sums into the sheet.
func sumOpinions(ctx context.Context, db database, r opinionReport, sums *opinionSheet) error {
	begins, ends := r.Period.begins(), r.Period.ends()
	query, args := r.statement(opinionCountsSQL, begins, ends, r.Today.Format(time.DateOnly), sums.room)
	err := each(ctx, db, query, args, func(rows *sql.Rows) error { return r.readCounts(rows, sums) })
	if err != nil {
		return fmt.Errorf("sum of opinions: %w", err)
	}
	if !r.Medians {
		return nil
	}
	query, args = r.statement(opinionStaysSQL, begins, ends)
	err = each(ctx, db, query, args, func(rows *sql.Rows) error { return r.readStays(rows, sums) })
	if err != nil {
		return fmt.Errorf("medians of opinions: %w", err)
	}
	return nil
}

// ratings lists the ratings in the order of the columns.
var ratings = []kind.Rating{kind.RatingSatisfied, kind.RatingBasically, kind.RatingDissatisfied}

func (r opinionReport) readCounts(rows *sql.Rows, sums *opinionSheet) error {
	var (
		k     opinionKey
		m     OpinionMeasures
		rated = make([]int, len(ratings))
	)
	into := []any{
		&k.area, r.read(&k), &m.Submitted, &m.Declined, &m.Accepted, &m.Online, &m.Open, &m.Overdue, &m.Late, &m.Closed, &m.Solved,
		&m.Converted, &m.Merged, &m.Answered, &m.Reworked, &m.Hardship, &m.HardshipSolved,
	}
	for i := range rated {
		into = append(into, &rated[i])
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	m.Ratings = named(ratings, rated)
	if of := sums.at(k.day()); of != nil {
		*of = m
	}
	return nil
}

// limited lists the states that have a limit, in the order of the columns.
var limited = slices.DeleteFunc(slices.Clone(state.Opinions), func(s state.Opinion) bool {
	_, ok := s.DefaultLimit()
	return !ok
})

func (r opinionReport) readStays(rows *sql.Rows, sums *opinionSheet) error {
	var (
		k       opinionKey
		medians = make([]sql.NullFloat64, len(limited))
	)
	into := []any{&k.area, r.read(&k)}
	for i := range medians {
		into = append(into, &medians[i])
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	days := map[state.Opinion]float64{}
	for i, seconds := range medians {
		if seconds.Valid {
			days[limited[i]] = math.Round(seconds.Float64/secondsOfDay*10) / 10
		}
	}
	if len(days) == 0 {
		return nil // they stayed in states without a limit alone
	}
	if of := sums.at(k.day()); of != nil {
		of.MedianDays = days
	}
	return nil
}

const secondsOfDay = 24 * 60 * 60

// day is the key with its month as days are compared.
func (k opinionKey) day() opinionKey {
	k.month = calendar.Day(k.month)
	return k
}
