package workflow

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/place"
)

// name makes divisions found by the names that they have now, beside the former ones, and judges the names of their stations anew.
func (r *reform) name(ctx context.Context, t *task) error {
	for _, m := range append(append([]*moving{}, r.made...), r.moves...) {
		if m.ends || m.from != nil && m.from.Name == m.name {
			continue
		}
		if err := t.nameDivision(ctx, m.to.Code, m.name); err != nil {
			return err
		}
	}
	return t.renameStations(ctx, r.calledAnew())
}

// nameDivision makes a division be found by a name, beside those that it is found by already.
func (t *task) nameDivision(ctx context.Context, code place.Code, name string) error {
	if _, err := t.tx.ExecContext(ctx, `SELECT name_division($1, $2)`, int64(code), pq.Array(t.spell(name))); err != nil {
		return fmt.Errorf("keep search keys: %w", err)
	}
	return nil
}

// spell is what names are found by.
func (t *task) spell(names ...string) []string {
	t.desk.spellerMu.Lock()
	defer t.desk.spellerMu.Unlock()
	return spellAll(t.desk.speller, names)
}

// calledAnew lists where stations lie, after the change, whose division or township has another name than before.
func (r *reform) calledAnew() []place.Code {
	var out []place.Code
	for _, s := range r.surveyed {
		if s.Placeholder || s.ValidTo != nil {
			continue
		}
		code := s.code()
		m := r.byCode[code]
		switch {
		case m != nil && (m.ends || m.name != s.Name):
			out = append(out, m.to.Code)
		case s.Level == place.LevelVillage && s.Area.Township != nil && r.townshipCalledAnew(s, m):
			if m != nil {
				code = m.to.Code
			}
			out = append(out, code)
		}
	}
	return out
}

// townshipCalledAnew tells whether a village's township has another name, or is another one, after the change.
func (r *reform) townshipCalledAnew(s *surveyed, m *moving) bool {
	now := s.Area.Township
	if m != nil {
		now = m.to.Township
	}
	township := r.byCode[*s.Area.Township]
	if township == nil || township.ends || now == nil || *now != township.to.Code {
		return now == nil || *now != *s.Area.Township
	}
	return township.name != township.from.Name
}

// renameStations brings what is said of the names of stations up to those of their divisions.
func (t *task) renameStations(ctx context.Context, codes []place.Code) error {
	if len(codes) == 0 {
		return nil
	}
	stations, err := t.tx.Station.Query().Where(station.CodeIn(codes...)).Order(station.ByID()).All(ctx)
	if err != nil || len(stations) == 0 {
		return err
	}
	for _, s := range stations {
		if s.TownshipCode != nil {
			codes = append(codes, *s.TownshipCode)
		}
	}
	found, err := t.tx.Division.Query().Where(division.CodeIn(codes...)).All(ctx)
	if err != nil {
		return err
	}
	byCode := make(map[place.Code]*gen.Division, len(found))
	for _, d := range found {
		byCode[d.Code] = d
	}
	for _, s := range stations {
		d, township := byCode[s.Code], ""
		if d == nil {
			return fmt.Errorf("station %s lies nowhere", s.ID)
		}
		if d.Level == place.LevelVillage && s.TownshipCode != nil && byCode[*s.TownshipCode] != nil {
			township = byCode[*s.TownshipCode].Name
		}
		if err := t.renameStation(ctx, s, d.Name, township); err != nil {
			return err
		}
	}
	return nil
}

// renameStation notes whether a station's name is uniform still, and makes the station found by the names of its places, beside the former ones.
func (t *task) renameStation(ctx context.Context, s *gen.Station, division, township string) error {
	if uniform := NameUniform(s.Kind, s.Name, division, township); uniform != s.NameUniform {
		if err := t.tx.Station.UpdateOne(s).SetNameUniform(uniform).Exec(ctx); err != nil {
			return err
		}
	}
	_, err := t.tx.ExecContext(ctx, `INSERT INTO station_key (key, station_id, code) SELECT unnest($1::text[]), $2, $3 ON CONFLICT DO NOTHING`,
		pq.Array(t.spell(division, township)), s.ID, int64(s.Code))
	if err != nil {
		return fmt.Errorf("keep search keys: %w", err)
	}
	return nil
}
