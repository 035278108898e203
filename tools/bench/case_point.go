package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/place"
)

// inTurn is how many things of a kind are asked for in turn, so that no row is hotter than in life.
const inTurn = 200

// global is an id as the API gives it.
type global struct {
	typ string
	id  uuid.UUID
}

func (g global) MarshalJSON() ([]byte, error) { return json.Marshal(globalid.Encode(g.typ, g.id)) }

// day is a calendar day as the API gives it.
type day time.Time

func (d *day) Scan(v any) error {
	t, ok := v.(time.Time)
	if !ok {
		return fmt.Errorf("a day cannot be %T", v)
	}
	*d = day(t)
	return nil
}

func (d day) MarshalText() ([]byte, error) { //nolint:unparam // encoding.TextMarshaler
	return time.Time(d).AppendFormat(nil, time.DateOnly), nil
}

// pointNode finds one station by its id.
func pointNode(ctx context.Context, s *sample) (*benchCase, error) {
	county := s.at(place.LevelCounty)
	lo, hi := county.code.Range()
	keys, err := s.keys(ctx, `SELECT id FROM station WHERE code >= $1 AND code < $2 ORDER BY id LIMIT $3`, int64(lo), int64(hi), inTurn)
	if err != nil {
		return nil, err
	}
	c := &benchCase{
		name: "node", about: "one station by its id", sort: point,
		query:  `query($id: ID!) { node(id: $id) { ... on Station { id version kind name address openedOn closedOn } } }`,
		byHand: stationByHand,
	}
	for _, k := range keys {
		c.asks = append(c.asks, ask{
			county.who, map[string]any{"id": globalid.Encode("Station", k)}, query("id", globalid.Encode("Station", k)),
		})
	}
	return c, nil
}

func stationByHand(ctx context.Context, db *sql.DB, q url.Values) (any, error) {
	_, id, err := globalid.Decode(q.Get("id"))
	if err != nil {
		return nil, err
	}
	var s struct {
		ID       global  `json:"id"`
		Version  int64   `json:"version"`
		Kind     string  `json:"kind"`
		Name     string  `json:"name"`
		Address  *string `json:"address"`
		OpenedOn day     `json:"openedOn"`
		ClosedOn *day    `json:"closedOn"`
	}
	s.ID = global{"Station", id}
	err = db.QueryRowContext(ctx, `SELECT version, kind, name, address, opened_on, closed_on FROM station WHERE id = $1`, id).
		Scan(&s.Version, &s.Kind, &s.Name, &s.Address, &s.OpenedOn, &s.ClosedOn)
	return map[string]any{"node": s}, err
}
