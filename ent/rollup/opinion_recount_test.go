package rollup_test

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/state"
)

// on tells whether something happened on a day of the period.
func on(at *time.Time, p rollup.Period) bool {
	return at != nil && within(calendar.Today(*at), p)
}

// seen are the opinions that the viewer sees among those of the places taken.
func (r recount) seen(q rollup.OpinionQuestion) (out []*opinionRecord) {
	for _, o := range r.opinions {
		if r.takes(o.station.at) && r.sees(o.station.at) && r.asked(q, o) {
			out = append(out, o)
		}
	}
	return out
}

// asked tells whether what narrows the question leaves the opinion in.
func (w *world) asked(q rollup.OpinionQuestion, o *opinionRecord) bool {
	if q.Station != uuid.Nil && o.station.id != q.Station {
		return false
	}
	return q.Category == uuid.Nil || w.category(o.of.Category).in(w.category(&q.Category))
}

// countOpinions goes through the opinions one by one.
func countOpinions(opinions []*opinionRecord, q rollup.OpinionQuestion) rollup.OpinionMeasures {
	m := rollup.OpinionMeasures{Ratings: map[kind.Rating]int{}}
	stays := map[state.Opinion][]time.Duration{}
	for _, o := range opinions {
		for _, e := range o.events {
			if e.Step == state.StepSubmit && on(&e.At, q.Period) {
				m.Submitted++
			}
			if e.Step == state.StepDecline && on(&e.At, q.Period) {
				m.Declined++
			}
		}
		for s, all := range o.stays(q.Period) {
			stays[s] = append(stays[s], all...)
		}
		if on(o.of.AcceptedAt, q.Period) {
			m.Accepted++
			countAccepted(&m, o, q)
		}
	}
	if q.Medians {
		m.MedianDays = map[state.Opinion]float64{}
		for s, all := range stays {
			m.MedianDays[s] = median(all)
		}
	}
	return m
}

func countAccepted(m *rollup.OpinionMeasures, o *opinionRecord, q rollup.OpinionQuestion) {
	add := func(n *int, when bool) {
		if when {
			*n++
		}
	}
	c := o.of
	closed := c.ClosedAt != nil
	solved := closed && c.Outcome == kind.OutcomeSolved
	overdue := c.State.Open() && c.Clock.Due != nil && q.Today.After(*c.Clock.Due) && c.WaitsOn() != state.PartySubmitter
	answered := c.RepliedAt != nil || c.FedBackAt != nil
	add(&m.Online, slices.Contains(kind.OnlineChannels, o.channel))
	add(&m.Open, !closed)
	add(&m.Overdue, overdue)
	add(&m.Late, c.Late || overdue)
	add(&m.Closed, closed)
	add(&m.Solved, solved)
	add(&m.Converted, c.State == state.OpinionConverted)
	add(&m.Merged, c.State == state.OpinionMerged)
	add(&m.Answered, answered)
	add(&m.Reworked, answered && c.Reworks > 0)
	add(&m.Hardship, c.Hardship)
	add(&m.HardshipSolved, c.Hardship && solved)
	if c.Rating != "" {
		m.Ratings[c.Rating]++
	}
}

// stays are how long the opinion was in each state with a limit, of those times that began within the period and are over.
func (o *opinionRecord) stays(p rollup.Period) map[state.Opinion][]time.Duration {
	out := map[state.Opinion][]time.Duration{}
	var entered time.Time
	for _, e := range o.events {
		if e.From == e.To {
			continue
		}
		if _, limited := e.From.DefaultLimit(); limited && on(&entered, p) {
			out[e.From] = append(out[e.From], e.At.Sub(entered))
		}
		entered = e.At
	}
	return out
}

func median(all []time.Duration) float64 {
	slices.Sort(all)
	middle := (all[(len(all)-1)/2] + all[len(all)/2]) / 2
	return math.Round(middle.Seconds()/86400*10) / 10
}

// keyOf is the row in which an opinion counts; months are not asked.
func (w *world) keyOf(o *opinionRecord, by rollup.OpinionBy) uuid.NullUUID {
	id := func(id *uuid.UUID) uuid.NullUUID {
		if id == nil {
			return uuid.NullUUID{}
		}
		return uuid.NullUUID{UUID: *id, Valid: true}
	}
	switch by {
	case rollup.OpinionByStation:
		return id(&o.station.id)
	case rollup.OpinionByDepartment:
		return id(o.of.Lead)
	case rollup.OpinionByCategory:
		return id(o.of.Category)
	default:
		c := w.category(o.of.Category)
		if c == nil {
			return uuid.NullUUID{}
		}
		for c.parent != nil {
			c = c.parent
		}
		return id(&c.id)
	}
}

// rowsBy recounts the rows of stations, departments and categories, in the order that is promised.
func (r recount) rowsBy(by rollup.OpinionBy, q rollup.OpinionQuestion) (rows []rollup.OpinionRow) {
	parts := map[uuid.NullUUID][]*opinionRecord{}
	for _, o := range r.seen(q) {
		key := r.keyOf(o, by)
		parts[key] = append(parts[key], o)
	}
	for id, opinions := range parts {
		m := countOpinions(opinions, q)
		if m.Submitted+m.Accepted+m.Declined+len(m.MedianDays) > 0 {
			rows = append(rows, rollup.OpinionRow{ID: id, OpinionMeasures: m})
		}
	}
	onlyWorked := func(r rollup.OpinionRow) int {
		if r.Submitted+r.Accepted+r.Declined == 0 {
			return 1
		}
		return 0
	}
	without := func(r rollup.OpinionRow) int {
		if !r.ID.Valid {
			return 1
		}
		return 0
	}
	slices.SortFunc(rows, func(a, b rollup.OpinionRow) int {
		return cmp.Or(cmp.Compare(onlyWorked(a), onlyWorked(b)), cmp.Compare(b.Accepted, a.Accepted), cmp.Compare(b.Submitted, a.Submitted),
			cmp.Compare(without(a), without(b)), bytes.Compare(a.ID.UUID[:], b.ID.UUID[:]))
	})
	return rows
}

// rowsByMonth recounts each month of the period as a period of its own.
func (r recount) rowsByMonth(q rollup.OpinionQuestion) (rows []rollup.OpinionRow) {
	opinions := r.seen(q)
	for from := q.Period.From; !from.After(q.Period.To); {
		month := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC)
		next := month.AddDate(0, 1, 0)
		part := q
		part.Period = rollup.Period{From: from, To: next.AddDate(0, 0, -1)}
		if part.Period.To.After(q.Period.To) {
			part.Period.To = q.Period.To
		}
		rows = append(rows, rollup.OpinionRow{Month: month, OpinionMeasures: countOpinions(opinions, part)})
		from = next
	}
	return rows
}

// board recounts a board.
func (r recount) board(today time.Time) *rollup.Board {
	b := &rollup.Board{}
	opinions := r.seen(rollup.OpinionQuestion{})
	for _, s := range state.Opinions {
		column := rollup.BoardColumn{State: s}
		for _, o := range opinions {
			if o.of.State != s {
				continue
			}
			column.Count++
			clock := o.of.Clock
			switch {
			case !s.Open() || clock.Due == nil:
			case today.After(*clock.Due):
				column.Red++
			case !today.Before(*clock.Amber):
				column.Amber++
			}
		}
		b.Columns = append(b.Columns, column)
		b.Total += column.Count
		b.Amber += column.Amber
		b.Red += column.Red
		if s.Open() {
			b.Open += column.Count
		}
	}
	return b
}
