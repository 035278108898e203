package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/place"
)

// stationDays is a station with its next visit days and who is on duty on each.
func stationDays(ctx context.Context, s *sample) (*benchCase, error) {
	county := s.at(place.LevelCounty)
	doors, err := s.doors(ctx)
	if err != nil {
		return nil, err
	}
	var from time.Time
	if err := s.bed.owner.QueryRowContext(ctx, `SELECT current_date - 31 * $1`, visits).Scan(&from); err != nil {
		return nil, err
	}
	made, err := s.plan(ctx, doors)
	if err != nil {
		return nil, err
	}
	c := &benchCase{
		name: "station", about: "a station with 20 visit days and the deputies on duty", sort: list,
		query: `query($id: ID!, $from: Date!) { node(id: $id) { ... on Station { id name address visitDays(first: 20, filter: {from: $from}) {
			edges { node { id day beginsAt endsAt state theme duties { id deputy { id name } } } } pageInfo { hasNextPage endCursor } } } } }`,
		byHand: stationDaysByHand,
		undo:   func(ctx context.Context) error { return s.unplan(ctx, made) },
	}
	since := from.Format(time.DateOnly)
	for _, d := range doors {
		id := globalid.Encode("Station", d.station)
		c.asks = append(c.asks, ask{county.who, map[string]any{"id": id, "from": since}, query("id", id, "from", since)})
	}
	return c, nil
}

// visits is how many visit days a station is given, one a month.
const visits = 24

// plan gives stations visit days in months past, with up to three of their deputies on duty on each, and answers which.
func (s *sample) plan(ctx context.Context, doors []door) ([]uuid.UUID, error) {
	made, err := collect(ctx, s.bed.owner, scalar[uuid.UUID],
		`INSERT INTO visit_day (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, code_then, station_id, day,
			begins_at, ends_at, state, theme)
		SELECT gen_random_uuid(), now(), now(), s.code, s.province_code, s.city_code, s.county_code, s.township_code, s.code, s.id, d,
			d + interval '9 hours', d + interval '11 hours', 'HELD', '接待群众'
		FROM station s CROSS JOIN (SELECT current_date - 31 * n AS d FROM generate_series(1, $2) n) days
		WHERE s.id = ANY ($1) AND NOT EXISTS (SELECT FROM visit_day v WHERE v.station_id = s.id AND v.day = d) RETURNING id`, stationsOf(doors), visits)
	if err != nil {
		return nil, fmt.Errorf("plan visit days: %w", err)
	}
	_, err = s.bed.owner.ExecContext(ctx, `INSERT INTO visit_duty (id, created_at, updated_at, code, province_code, city_code, county_code, township_code,
			visit_day_id, station_id, deputy_id, mandate_id, replaced)
		SELECT gen_random_uuid(), now(), now(), v.code, v.province_code, v.city_code, v.county_code, v.township_code, v.id, v.station_id,
			p.deputy_id, p.mandate_id, false
		FROM visit_day v CROSS JOIN LATERAL (SELECT * FROM posting p WHERE p.station_id = v.station_id AND p.ended_on IS NULL ORDER BY p.id LIMIT 3) p
		WHERE v.id = ANY ($1)`, pq.Array(made))
	if err != nil {
		return nil, fmt.Errorf("plan duties: %w", err)
	}
	return made, nil
}

// unplan takes visit days away again.
func (s *sample) unplan(ctx context.Context, made []uuid.UUID) error {
	for _, text := range []string{`DELETE FROM visit_duty WHERE visit_day_id = ANY ($1)`, `DELETE FROM visit_day WHERE id = ANY ($1)`} {
		if _, err := s.bed.owner.ExecContext(ctx, text, pq.Array(made)); err != nil {
			return fmt.Errorf("take back the visit days: %w", err)
		}
	}
	return nil
}

type visitDayRow struct {
	ID       global    `json:"id"`
	Day      day       `json:"day"`
	BeginsAt time.Time `json:"beginsAt"`
	EndsAt   time.Time `json:"endsAt"`
	State    string    `json:"state"`
	Theme    *string   `json:"theme"`
	Duties   []dutyRow `json:"duties"`
}

type dutyRow struct {
	ID     global     `json:"id"`
	Deputy *deputyRow `json:"deputy"`
}

// daysOfStation gives a day once for each duty, and once when it has none.
const daysOfStation = `SELECT s.name, s.address, v.id, v.day, v.begins_at, v.ends_at, v.state, v.theme, u.id, d.id, d.name
	FROM station s
	LEFT JOIN LATERAL (SELECT * FROM visit_day v WHERE v.station_id = s.id AND v.day >= $3 ORDER BY v.day, v.id LIMIT $2) v ON true
	LEFT JOIN visit_duty u ON u.visit_day_id = v.id AND NOT u.replaced
	LEFT JOIN deputy d ON d.id = u.deputy_id
	WHERE s.id = $1
	ORDER BY v.day, v.id, u.id`

func stationDaysByHand(ctx context.Context, db *sql.DB, q url.Values) (any, error) {
	_, id, err := globalid.Decode(q.Get("id"))
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, daysOfStation, id, 21, q.Get("from"))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var station struct {
		ID        global                   `json:"id"`
		Name      string                   `json:"name"`
		Address   *string                  `json:"address"`
		VisitDays connection[*visitDayRow] `json:"visitDays"`
	}
	station.ID = global{"Station", id}
	var days []*visitDayRow
	for rows.Next() {
		var v visitDayRow
		var key, duty, deputy uuid.NullUUID
		var day *day
		var begins, ends sql.NullTime
		var state, name sql.NullString
		if err := rows.Scan(&station.Name, &station.Address, &key, &day, &begins, &ends, &state, &v.Theme, &duty, &deputy, &name); err != nil {
			return nil, err
		}
		if !key.Valid {
			break
		}
		if n := len(days); n == 0 || days[n-1].ID.id != key.UUID {
			v.ID, v.Day, v.BeginsAt, v.EndsAt, v.State, v.Duties = global{"VisitDay", key.UUID}, *day, begins.Time, ends.Time, state.String, []dutyRow{}
			days = append(days, &v)
		}
		if duty.Valid {
			u := dutyRow{ID: global{"VisitDuty", duty.UUID}}
			if deputy.Valid {
				u.Deputy = &deputyRow{ID: global{"Deputy", deputy.UUID}, Name: name.String}
			}
			last := days[len(days)-1]
			last.Duties = append(last.Duties, u)
		}
	}
	station.VisitDays = connect(days, 20, 'd', func(v *visitDayRow) (int64, uuid.UUID) { return time.Time(v.Day).Unix() / 86_400, v.ID.id })
	return map[string]any{"node": station}, rows.Err()
}
