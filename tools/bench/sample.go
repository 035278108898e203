package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// sample is what of the data the cases ask for.
type sample struct {
	bed *bed
	// spots are a place of each level, each in the one before: the busiest, so that what is measured is the worst case. A level that the data
	// does not have is left out.
	spots []spot
	// today is the last day of which there is data.
	today time.Time
}

// spot is a place, and who looks at it.
type spot struct {
	level place.Level
	code  place.Code
	who   who
}

// roleOf is who looks at a place of a level.
var roleOf = map[place.Level]viewer.Role{
	place.LevelNation: viewer.NationAdmin, place.LevelProvince: viewer.ProvinceAdmin, place.LevelCity: viewer.CityAdmin,
	place.LevelCounty: viewer.CountyAdmin, place.LevelTownship: viewer.TownshipAdmin, place.LevelVillage: viewer.StationKeeper,
}

// busiest finds the place below another one where most opinions came in. %s is the column of its level.
const busiest = `SELECT %[1]s FROM opinion WHERE code >= $1 AND code < $2 AND %[1]s IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`

var columnOf = map[place.Level]string{
	place.LevelProvince: "province_code", place.LevelCity: "city_code", place.LevelCounty: "county_code", place.LevelTownship: "township_code",
	place.LevelVillage: "CASE WHEN code % 1000 <> 0 THEN code END",
}

var errNoOpinions = errors.New("the database holds no opinions: give --scale to load an empty one")

func newSample(ctx context.Context, b *bed) (*sample, error) {
	s := &sample{bed: b}
	var last sql.NullTime
	if err := b.owner.QueryRowContext(ctx, `SELECT max(submitted_at)::date FROM opinion`).Scan(&last); err != nil {
		return nil, err
	}
	if !last.Valid {
		return nil, errNoOpinions
	}
	s.today = last.Time
	within := place.Nation
	for _, level := range place.Levels {
		code := place.Nation
		if level != place.LevelNation {
			lo, hi := within.Range()
			err := b.owner.QueryRowContext(ctx, fmt.Sprintf(busiest, columnOf[level]), int64(lo), int64(hi)).Scan(&code)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("the busiest %s: %w", level, err)
			}
		}
		station := uuid.Nil
		if level == place.LevelVillage {
			if err := b.owner.QueryRowContext(ctx, `SELECT station_id FROM opinion WHERE code = $1 ORDER BY id DESC LIMIT 1`, int64(code)).Scan(&station); err != nil {
				return nil, err
			}
		}
		w, err := b.as(roleOf[level], code, uuid.Nil, station)
		if err != nil {
			return nil, err
		}
		s.spots, within = append(s.spots, spot{level, code, w}), code
	}
	return s, nil
}

// catchUp does at once what the server's jobs would have done each night since the data ends: what is overdue by now is marked and folded into the sums,
// and what that leaves behind is cleared away.
func (b *bed) catchUp(ctx context.Context) error {
	marked, err := b.owner.ExecContext(ctx, `UPDATE opinion SET overdue = true, late = true
		WHERE open AND NOT overdue AND due_on < current_date AND waits_on <> 'SUBMITTER'`)
	if err != nil {
		return fmt.Errorf("mark what is overdue: %w", err)
	}
	for folded := 1; folded > 0; {
		if err := b.owner.QueryRowContext(ctx, `SELECT fold_facts($1)`, foldMost).Scan(&folded); err != nil {
			return fmt.Errorf("fold the sums: %w", err)
		}
	}
	if n, err := marked.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for _, table := range []string{"opinion", "fact", "fact_delta"} {
		if _, err := b.owner.ExecContext(ctx, `VACUUM (ANALYZE) `+table); err != nil {
			return err
		}
	}
	return nil
}

// at is the place of a level, or of the next level above that there is.
func (s *sample) at(level place.Level) spot {
	found := s.spots[0]
	for _, p := range s.spots {
		if p.level.Depth() <= level.Depth() {
			found = p
		}
	}
	return found
}

// errNothing says that the data has none of what a case asks for.
var errNothing = errors.New("the data has nothing to ask for")

// keys reads ids of things the cases ask for in turn.
func (s *sample) keys(ctx context.Context, text string, args ...any) ([]uuid.UUID, error) {
	keys, err := collect(ctx, s.bed.owner, scalar[uuid.UUID], text, args...)
	if err == nil && len(keys) == 0 {
		err = errNothing
	}
	return keys, err
}
