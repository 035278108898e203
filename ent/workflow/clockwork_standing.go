package workflow

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/tally"
)

// VerbKeepStandings is the platform's own: it keeps how mandates stand with the norms, for the sums.
const VerbKeepStandings Verb = "keepStandings"

// standingBatch is how many mandates are held against the norms at once.
const standingBatch = 500

// KeepStandings keeps, for every mandate that norms hold for, how many items of the periods that are over it has met and missed (norm_standing), by the day on
// which each period ended: of this year and the last, in which what is recorded late still falls. What stands already is not touched. It answers how many
// mandates it looked at.
func (c *Clockwork) KeepStandings(ctx context.Context) (int, error) {
	ctx, v := c.as(ctx, "standings")
	ids, err := c.normed(ctx)
	if err != nil {
		return 0, fmt.Errorf("find whom norms hold for: %w", err)
	}
	var errs []error
	for batch := range slices.Chunk(ids, standingBatch) {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		errs = append(errs, c.work(ctx, VerbKeepStandings, v, func(t *task) error {
			mandates, err := t.tx.Mandate.Query().Where(mandate.IDIn(batch...)).Order(mandate.ByID()).All(ctx)
			if err != nil {
				return err
			}
			deputies := make([]string, len(mandates))
			for i, m := range mandates {
				deputies[i] = pointsOf(m.DeputyID)
			}
			if err := t.lock(ctx, deputies...); err != nil {
				return err
			}
			today := t.desk.today()
			return t.keepStandings(ctx, mandates, []int{today.Year() - 1, today.Year()})
		}))
	}
	return len(ids), errors.Join(errs...)
}

// pointsOf names the lock on what is worked out from a deputy's deeds.
func pointsOf(deputy uuid.UUID) string { return "points of " + deputy.String() }

// normed lists the mandates that there are norms for, or that have stood with some.
func (c *Clockwork) normed(ctx context.Context) ([]uuid.UUID, error) {
	return ids(ctx, c.desk.client, `SELECT m.id FROM mandate m WHERE EXISTS (
			SELECT FROM norm_set s WHERE s.level = m.level AND s.code IN (0, m.code, m.code - m.code % 1000, m.code - m.code % 1000000,
				m.code - m.code % 100000000, m.code - m.code % 10000000000))
		UNION SELECT mandate_id FROM norm_standing ORDER BY 1`)
}

// asker is asked: a client, or a transaction.
type asker interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// ids reads the ids that a statement answers.
func ids(ctx context.Context, db asker, query string, args ...any) (out []uuid.UUID, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// restand brings the standings of a deputy's mandates up to the evidence, in every year in which they have stood.
func (t *task) restand(ctx context.Context, mandates []*gen.Mandate) error {
	of := make([]uuid.UUID, len(mandates))
	for i, m := range mandates {
		of[i] = m.ID
	}
	var first sql.NullTime
	if err := scalar(ctx, t.tx, &first, `SELECT min(ended_on) FROM norm_standing WHERE mandate_id = ANY ($1)`, pq.Array(of)); err != nil {
		return err
	}
	today := t.desk.today()
	from := today.Year() - 1
	if first.Valid {
		from = min(from, first.Time.Year())
	}
	var years []int
	for year := from; year <= today.Year(); year++ {
		years = append(years, year)
	}
	return t.keepStandings(ctx, mandates, years)
}

// normEnd is a day on which periods of the norms of a mandate ended.
type normEnd struct {
	mandate uuid.UUID
	day     time.Time
}

// keepStandings writes how mandates stand in some years, one after the other.
func (t *task) keepStandings(ctx context.Context, mandates []*gen.Mandate, years []int) error {
	counts := map[normEnd]*tally.Counts{}
	of := make([]uuid.UUID, len(mandates))
	for i, m := range mandates {
		of[i] = m.ID
	}
	today := t.desk.today()
	for _, year := range years {
		checks, err := tally.Checks(ctx, t.tx, mandates, year, today)
		if err != nil {
			return err
		}
		for id, all := range checks {
			for _, c := range all {
				if !c.To().Before(today) || c.Standing != duty.Met && c.Standing != duty.Missing {
					continue
				}
				at := normEnd{id, calendar.Day(c.To())}
				if counts[at] == nil {
					counts[at] = &tally.Counts{}
				}
				counts[at].Add(c.Standing)
			}
		}
	}
	return t.storeStandings(ctx, of, years, counts)
}

func (t *task) storeStandings(ctx context.Context, of []uuid.UUID, years []int, counts map[normEnd]*tally.Counts) error {
	keys := make([]normEnd, 0, len(counts))
	for at := range counts {
		keys = append(keys, at)
	}
	slices.SortFunc(keys, func(a, b normEnd) int {
		if by := bytes.Compare(a.mandate[:], b.mandate[:]); by != 0 {
			return by
		}
		return a.day.Compare(b.day)
	})
	mandates, days := make([]uuid.UUID, len(keys)), make([]string, len(keys))
	met, missing := make([]int64, len(keys)), make([]int64, len(keys))
	for i, at := range keys {
		mandates[i], days[i] = at.mandate, at.day.Format(time.DateOnly)
		met[i], missing[i] = int64(counts[at].Met), int64(counts[at].Missing)
	}
	_, err := t.tx.ExecContext(ctx, `
		DELETE FROM norm_standing n
		WHERE n.mandate_id = ANY ($1) AND n.ended_on >= make_date($2, 1, 1) AND n.ended_on < make_date($3, 1, 1)
		  AND NOT EXISTS (SELECT FROM unnest($4::uuid[], $5::date[]) AS s (mandate_id, ended_on) WHERE s.mandate_id = n.mandate_id AND s.ended_on = n.ended_on)`,
		pq.Array(of), years[0], years[len(years)-1]+1, pq.Array(mandates), pq.Array(days))
	if err != nil {
		return fmt.Errorf("remove standings: %w", err)
	}
	// A mandate that is grouped elsewhere at this moment is waited for: what is written here would not go with it.
	_, err = t.tx.ExecContext(ctx, `
		INSERT INTO norm_standing AS n (mandate_id, ended_on, met, missing, code, province_code, city_code, county_code, township_code)
		SELECT s.mandate_id, s.ended_on, s.met, s.missing, m.code, m.province_code, m.city_code, m.county_code, m.township_code
		FROM unnest($1::uuid[], $2::date[], $3::bigint[], $4::bigint[]) AS s (mandate_id, ended_on, met, missing)
		JOIN mandate m ON m.id = s.mandate_id FOR SHARE OF m
		ON CONFLICT (mandate_id, ended_on) DO UPDATE SET met = EXCLUDED.met, missing = EXCLUDED.missing
		WHERE (n.met, n.missing) <> (EXCLUDED.met, EXCLUDED.missing)`,
		pq.Array(mandates), pq.Array(days), pq.Array(met), pq.Array(missing))
	if err != nil {
		return fmt.Errorf("keep standings: %w", err)
	}
	return nil
}
