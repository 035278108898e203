package workflow

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/spelling"
)

// StationKeys lists what a station is found by: its name, its brand (if any) and the names of its places, in every spelling.
func StationKeys(s *spelling.Speller, name, brand string, places ...string) []string {
	names := append([]string{name}, places...)
	if brand != "" {
		names = append(names, brand)
	}
	return spellAll(s, names)
}

// DeputyKeys lists what a deputy is found by: the name in every spelling.
func DeputyKeys(s *spelling.Speller, name string) []string { return spellAll(s, []string{name}) }

// spellAll lists the spellings of names, each once, sorted.
func spellAll(s *spelling.Speller, names []string) []string {
	var keys []string
	for _, name := range names {
		keys = append(keys, s.Keys(name)...)
	}
	keys = slices.DeleteFunc(keys, func(key string) bool { return key == "" })
	slices.Sort(keys)
	return slices.Compact(keys)
}

// keepStationKeys makes a station found by its present names.
func (t *task) keepStationKeys(ctx context.Context, s *gen.Station, places ...string) error {
	brand := ""
	if s.Brand != nil {
		brand = *s.Brand
	}
	t.desk.spellerMu.Lock()
	keys := StationKeys(t.desk.speller, s.Name, brand, places...)
	t.desk.spellerMu.Unlock()
	return t.keepKeys(ctx, s.ID, s.Code, keys,
		`DELETE FROM station_key WHERE station_id = $1`,
		`INSERT INTO station_key (key, station_id, code) SELECT unnest($1::text[]), $2, $3`)
}

// keepDeputyKeys makes a deputy found by the present name.
func (t *task) keepDeputyKeys(ctx context.Context, d *gen.Deputy) error {
	t.desk.spellerMu.Lock()
	keys := DeputyKeys(t.desk.speller, d.Name)
	t.desk.spellerMu.Unlock()
	return t.keepKeys(ctx, d.ID, d.Code, keys,
		`DELETE FROM deputy_key WHERE deputy_id = $1`,
		`INSERT INTO deputy_key (key, deputy_id, code) SELECT unnest($1::text[]), $2, $3`)
}

func (t *task) keepKeys(ctx context.Context, id uuid.UUID, code place.Code, keys []string, forget, keep string) error {
	if _, err := t.tx.ExecContext(ctx, forget, id); err != nil {
		return fmt.Errorf("forget search keys: %w", err)
	}
	if _, err := t.tx.ExecContext(ctx, keep, pq.Array(keys), id, int64(code)); err != nil {
		return fmt.Errorf("keep search keys: %w", err)
	}
	return nil
}
