package main

import (
	"context"
	"database/sql"
	"net/url"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
)

// roster are a hundred mandates of a county, with who holds them and where they are posted.
func roster(_ context.Context, s *sample) (*benchCase, error) {
	county := s.at(place.LevelCounty)
	return &benchCase{
		name: "roster", about: "100 mandates of a county with their deputies and postings", sort: list,
		query: `query($code: String!) { division(code: $code) { mandates(first: 100) { edges { node { id level status electedOn termNumber
			deputy { id name gender } postings { id basis startedOn station { id name } } } } pageInfo { hasNextPage endCursor } } } }`,
		byHand: rosterByHand,
		asks:   []ask{{county.who, map[string]any{"code": county.code.String()}, query("code", county.code.String())}},
	}, nil
}

type mandateRow struct {
	ID         global       `json:"id"`
	Level      string       `json:"level"`
	Status     string       `json:"status"`
	ElectedOn  day          `json:"electedOn"`
	TermNumber int64        `json:"termNumber"`
	Deputy     *deputyRow   `json:"deputy"`
	Postings   []postingRow `json:"postings"`
	code       int64
}

type deputyRow struct {
	ID     global `json:"id"`
	Name   string `json:"name"`
	Gender string `json:"gender,omitempty"`
}

type postingRow struct {
	ID        global `json:"id"`
	Basis     string `json:"basis"`
	StartedOn day    `json:"startedOn"`
	Station   *named `json:"station"`
}

// rosterPage gives a mandate once for each posting, and once when it has none.
const rosterPage = `SELECT m.code, m.id, m.level, m.status, m.elected_on, m.term_number, d.id, d.name, d.gender, p.id, p.basis, p.started_on, s.id, s.name
	FROM (SELECT * FROM mandate WHERE code >= $2 AND code < $3 AND status <> 'ENDED' ORDER BY code, id LIMIT $1) m
	LEFT JOIN deputy d ON d.id = m.deputy_id
	LEFT JOIN posting p ON p.mandate_id = m.id AND p.ended_on IS NULL
	LEFT JOIN station s ON s.id = p.station_id
	ORDER BY m.code, m.id, p.started_on DESC, p.id DESC`

func rosterByHand(ctx context.Context, db *sql.DB, q url.Values) (any, error) {
	code, err := place.Parse(q.Get("code"))
	if err != nil {
		return nil, err
	}
	lo, hi := code.Range()
	rows, err := db.QueryContext(ctx, rosterPage, 101, int64(lo), int64(hi))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*mandateRow
	for rows.Next() {
		var m mandateRow
		var deputy, posting, station uuid.NullUUID
		var name, gender, basis, stationName sql.NullString
		var started *day
		err := rows.Scan(&m.code, &m.ID.id, &m.Level, &m.Status, &m.ElectedOn, &m.TermNumber, &deputy, &name, &gender, &posting, &basis, &started,
			&station, &stationName)
		if err != nil {
			return nil, err
		}
		if n := len(out); n == 0 || out[n-1].ID.id != m.ID.id {
			m.ID.typ, m.Postings = "Mandate", []postingRow{}
			if deputy.Valid {
				m.Deputy = &deputyRow{global{"Deputy", deputy.UUID}, name.String, gender.String}
			}
			out = append(out, &m)
		}
		if last := out[len(out)-1]; posting.Valid {
			last.Postings = append(last.Postings, postingRow{global{"Posting", posting.UUID}, basis.String, *started, nameOf("Station", station, stationName)})
		}
	}
	c := connect(out, 100, 't', func(m *mandateRow) (int64, uuid.UUID) { return m.code, m.ID.id })
	return map[string]any{"division": map[string]any{"mandates": c}}, rows.Err()
}
