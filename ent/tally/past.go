package tally

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
)

// edition is an edition of the rules of a congress.
type edition[I any] struct {
	duty.Edition[I]
	congress uuid.UUID
}

// past is a division that has gone into another. The rules of its congress lie where that one is, but hold for none but those whom they held for, and until the
// day on which the division ended; the rules that are made there hold for these from that day on.
type past struct {
	// congress is that of the division; none, if it had none.
	congress uuid.NullUUID
	until    time.Time
	held     []uuid.UUID
}

// pastOf reads which divisions have gone into those at some places, in the order in which they did, and which of the mandates they had.
func pastOf(ctx context.Context, db Database, heirs pq.Int64Array, mandates []*gen.Mandate) (map[place.Code][]past, error) {
	if len(heirs) == 0 {
		return nil, nil
	}
	ids := make([]uuid.UUID, len(mandates))
	for i, m := range mandates {
		ids[i] = m.ID
	}
	slices.Sort(heirs)
	out := map[place.Code][]past{}
	err := each(ctx, db, `SELECT code, congress, until, held FROM past_rules($1, $2) ORDER BY until, congress`,
		[]any{slices.Compact(heirs), pq.Array(ids)}, func(rows *sql.Rows) error {
			var (
				at place.Code
				p  past
			)
			if err := rows.Scan(&at, &p.congress, &p.until, pq.Array(&p.held)); err != nil {
				return err
			}
			p.until = calendar.Day(p.until)
			out[at] = append(out[at], p)
			return nil
		})
	return out, err
}

// holding are the editions of one place that hold for a mandate, each while it does.
func holding[I any](gone []past, mandate uuid.UUID, all []edition[I]) []duty.Edition[I] {
	begins := map[uuid.UUID]time.Time{}
	var last time.Time
	others := map[uuid.UUID]bool{}
	for _, p := range gone {
		if !slices.Contains(p.held, mandate) {
			others[p.congress.UUID] = p.congress.Valid
			continue
		}
		begins[p.congress.UUID], last = last, p.until
	}
	var out []duty.Edition[I]
	for _, e := range all {
		from, own := begins[e.congress]
		switch {
		case others[e.congress]:
			continue
		case !own:
			from = last
		}
		if e.From.Before(from) {
			e.From = from
		}
		if e.To.IsZero() || !e.To.Before(e.From) {
			out = append(out, e.Edition)
		}
	}
	return out
}
