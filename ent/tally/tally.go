// Package tally reads what deputies' work is counted from (履职统计的依据): the time in which a mandate is in force, the norms and point schemes that
// hold for it and when, and the deeds; and it holds deeds against norms. What is done with it is decided in package duty.
//
// Each function costs a number of statements that does not depend on how many mandates are asked about. Row-level security decides what is
// read: of whom the viewer does not see, nothing is counted, see [Counted].
//
// Room: ent. It may import calendar, duty, gen, kind, place and viewer, never workflow or rollup.
package tally

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Database is asked: a client, or a transaction.
type Database interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Counted tells whether a viewer sees all that a mandate's work is counted from: it is grouped in the area, or it is the viewer's own. Of a guest, who
// is seen because of a posting, and of all others it does not.
func Counted(v *viewer.Viewer, m *gen.Mandate) bool {
	switch v.Kind {
	case viewer.Area, viewer.System:
		return v.Sees(m.Code)
	case viewer.Self:
		return m.DeputyID == v.Person
	default:
		return false
	}
}

// ServiceOf is the time in which a mandate is in force.
func ServiceOf(m *gen.Mandate) duty.Service {
	s := duty.Service{Span: duty.Span{From: calendar.Day(m.ElectedOn)}}
	if m.EndedOn != nil {
		s.To = calendar.Day(*m.EndedOn).AddDate(0, 0, -1)
	}
	for _, gap := range m.Suspensions {
		from, _ := time.Parse(time.DateOnly, gap.From)
		span := duty.Span{From: from}
		if until, err := time.Parse(time.DateOnly, gap.Until); err == nil {
			if !until.After(from) {
				continue // taken back on the same day
			}
			span.To = until.AddDate(0, 0, -1)
		}
		s.Suspended = append(s.Suspended, span)
	}
	return s
}

// Norms answers which norms hold for each mandate, and when.
func Norms(ctx context.Context, db Database, mandates []*gen.Mandate) (map[uuid.UUID][]duty.Edition[duty.NormItem], error) {
	return editions[duty.NormItem](ctx, db, "norm_set", mandates)
}

// Schemes answers which point schemes hold for each mandate, and when.
func Schemes(ctx context.Context, db Database, mandates []*gen.Mandate) (map[uuid.UUID][]duty.Edition[duty.PointItem], error) {
	return editions[duty.PointItem](ctx, db, "point_scheme", mandates)
}

// rules are whose editions they are: for deputies of a level, of the congress of a place.
type rules struct {
	level kind.CongressLevel
	code  place.Code
}

// editions reads the editions of a table that are for the mandates' levels, set at or above their places: the nearest go first.
func editions[I any](ctx context.Context, db Database, table string, mandates []*gen.Mandate) (map[uuid.UUID][]duty.Edition[I], error) {
	var codes pq.Int64Array
	var levels pq.StringArray
	for _, m := range mandates {
		levels = append(levels, string(m.Level))
		for _, code := range upward(m.Code) {
			codes = append(codes, int64(code))
		}
	}
	slices.Sort(codes)
	slices.Sort(levels)
	found := map[rules][]edition[I]{}
	var heirs pq.Int64Array // places where other divisions went into the one that is there
	// The name of the table is ours, never a person's.
	err := each(ctx, db, `SELECT id, level, code, congress_id, from_on, until_on, items, took_over(code) FROM `+table+`
		WHERE code = ANY ($1) AND level = ANY ($2) ORDER BY edition DESC, id`,
		[]any{slices.Compact(codes), slices.Compact(levels)}, func(rows *sql.Rows) error {
			var (
				e     edition[I]
				of    rules
				until sql.NullTime
				items []byte
				heir  bool
			)
			if err := rows.Scan(&e.ID, &of.level, &of.code, &e.congress, &e.From, &until, &items, &heir); err != nil {
				return err
			}
			e.From = calendar.Day(e.From)
			if until.Valid {
				e.To = calendar.Day(until.Time)
			}
			if err := json.Unmarshal(items, &e.Items); err != nil {
				return err
			}
			found[of] = append(found[of], e)
			if heir {
				heirs = append(heirs, int64(of.code))
			}
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("editions of %s: %w", table, err)
	}
	past, err := pastOf(ctx, db, heirs, mandates)
	if err != nil {
		return nil, fmt.Errorf("editions of %s: %w", table, err)
	}
	lines := map[rules][]duty.Edition[I]{}
	out := make(map[uuid.UUID][]duty.Edition[I], len(mandates))
	for _, m := range mandates {
		at := rules{m.Level, m.Code}
		line, known := lines[at]
		if !known || len(past) > 0 {
			var nearest []duty.Edition[I]
			for _, code := range upward(m.Code) {
				nearest = append(nearest, holding(past[code], m.ID, found[rules{m.Level, code}])...)
			}
			line = duty.Timeline(nearest)
			lines[at] = line
		}
		out[m.ID] = line
	}
	return out, nil
}

// upward lists a place and those above it that its code names, up to the nation.
func upward(code place.Code) []place.Code {
	out := []place.Code{code}
	for _, level := range slices.Backward(place.Levels[:len(place.Levels)-1]) {
		if above := code.At(level); above != out[len(out)-1] {
			out = append(out, above)
		}
	}
	return out
}

// Deeds answers what deputies did in a span that counts, wherever it was.
func Deeds(ctx context.Context, db Database, deputies []uuid.UUID, in duty.Span) (map[uuid.UUID][]duty.Deed, error) {
	slices.SortFunc(deputies, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	out := map[uuid.UUID][]duty.Deed{}
	err := each(ctx, db, `SELECT deputy, deed, id, day, coalesce(way, ''), coalesce(record, ''), item, points, appeal FROM deeds($1, $2, $3)`,
		[]any{pq.Array(slices.Compact(deputies)), in.From, in.To}, func(rows *sql.Rows) error {
			var (
				deputy uuid.UUID
				d      duty.Deed
				item   sql.NullString
				points sql.NullInt64
				appeal sql.NullBool
			)
			if err := rows.Scan(&deputy, &d.Kind, &d.ID, &d.Day, &d.Way, &d.Record, &item, &points, &appeal); err != nil {
				return err
			}
			d.Day = calendar.Day(d.Day)
			if d.Kind == kind.DeedClaim {
				d.Claimed = &duty.Claimed{Item: item.String, Points: int(points.Int64), Appeal: appeal.Bool}
			}
			out[deputy] = append(out[deputy], d)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("deeds: %w", err)
	}
	return out, nil
}

// each reads the rows that a statement answers, one by one.
func each(ctx context.Context, db Database, query string, args []any, read func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	for rows.Next() {
		if err := read(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
