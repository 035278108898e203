package duty

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Edition is an edition of rules, of norms or of points, and the span it is in force for.
type Edition[I any] struct {
	ID uuid.UUID
	Span
	Items []I
}

// Timeline tells which of several editions holds when: of those in force on a day the one given first, so that the rules of the nearest congress
// go before those of the congresses above. It answers the editions narrowed to where they hold, in the order of days.
func Timeline[I any](editions []Edition[I]) []Edition[I] {
	var turns []time.Time
	for _, e := range editions {
		turns = append(turns, e.From)
		if !e.To.IsZero() {
			turns = append(turns, e.To.AddDate(0, 0, 1))
		}
	}
	slices.SortFunc(turns, time.Time.Compare)
	turns = slices.CompactFunc(turns, time.Time.Equal)
	var out []Edition[I]
	for i, turn := range turns {
		at := slices.IndexFunc(editions, func(e Edition[I]) bool { return e.Contains(turn) })
		if at < 0 {
			continue
		}
		narrowed := editions[at]
		narrowed.Span = Span{From: turn}
		if i+1 < len(turns) {
			narrowed.To = turns[i+1].AddDate(0, 0, -1)
		}
		if n := len(out); n > 0 && out[n-1].ID == narrowed.ID && out[n-1].To.AddDate(0, 0, 1).Equal(turn) {
			out[n-1].To = narrowed.To
			continue
		}
		out = append(out, narrowed)
	}
	return out
}

// InForce is the edition of a timeline that holds on a day; nil when none does.
func InForce[I any](timeline []Edition[I], day time.Time) *Edition[I] {
	for i := range timeline {
		if timeline[i].Contains(day) {
			return &timeline[i]
		}
	}
	return nil
}

// Counts tells whether what is done on a day counts for the service: it lies in it, and is not suspended.
func (s Service) Counts(day time.Time) bool {
	return s.Contains(day) && !slices.ContainsFunc(s.Suspended, func(gap Span) bool { return gap.Contains(day) })
}
