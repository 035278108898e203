package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// comers is how many deputies check in, each once to each activity.
const comers = 2000

// comer is a deputy with one mandate.
type comer struct {
	deputy, mandate uuid.UUID
	home            place.Code
}

// errSpent says that what can be done only once has all been done; what was measured until then stands.
var errSpent = errors.New("nothing is left to do it with")

// checkIn is a deputy who scans a station's code at an activity.
func checkIn(ctx context.Context, s *sample) (*benchCase, error) {
	doors, err := s.doors(ctx)
	if err != nil {
		return nil, err
	}
	people, err := s.comers(ctx, doors)
	if err != nil {
		return nil, err
	}
	activities, held := make([]string, len(doors)), make([]uuid.UUID, len(doors))
	for i, d := range doors {
		id := uuid.Must(uuid.NewV7())
		held[i] = id
		if err := s.hold(ctx, d, id); err != nil {
			return nil, err
		}
		activities[i] = globalid.Encode("Activity", id)
	}
	c := &benchCase{
		name: "check-in", about: "a deputy checks in to an activity by the station's code", sort: write,
		query: `mutation($input: CheckInInput!) { checkIn(input: $input) { attendance { id level guest day checkedInAt } } }`,
	}
	c.undo = func(ctx context.Context) error { return s.cancel(ctx, held) }
	n := 0
	c.fresh = func() (ask, error) {
		d, person := n%len(doors), n/len(doors)
		if person >= len(people) {
			return ask{}, errSpent
		}
		n++
		p := people[person]
		w, err := s.bed.as(viewer.Deputy, p.home, p.deputy, uuid.Nil)
		return ask{
			w,
			map[string]any{"input": map[string]any{"code": doors[d].text, "activity": activities[d]}},
			query("door", strconv.Itoa(d), "deputy", p.deputy.String(), "mandate", p.mandate.String()),
		}, err
	}
	// The first two deputies come to each activity, for the scripts.
	scripts := make([]*script, len(doors))
	asks := make([]ask, 2*len(doors))
	for i := range asks {
		if asks[i], err = c.fresh(); err != nil {
			return nil, err
		}
	}
	for d := range doors {
		if scripts[d], err = s.bed.twice(ctx, c, [2]ask{asks[d], asks[d+len(doors)]}, lookups); err != nil {
			return nil, err
		}
	}
	first := people[0]
	c.byHand = func(ctx context.Context, db *sql.DB, q url.Values) (any, error) {
		d, err := strconv.Atoi(q.Get("door"))
		if err != nil {
			return nil, err
		}
		return checkInByHand(ctx, db, scripts[d], map[string]string{
			first.deputy.String(): q.Get("deputy"), first.mandate.String(): q.Get("mandate"),
		})
	}
	return c, nil
}

// comers are deputies with one mandate, of a township, who are not posted at the doors.
func (s *sample) comers(ctx context.Context, doors []door) ([]comer, error) {
	people, err := collect(ctx, s.bed.owner, func(r *sql.Rows) (c comer, err error) { return c, r.Scan(&c.deputy, &c.mandate, &c.home) },
		`SELECT m.deputy_id, m.id, d.code FROM mandate m JOIN deputy d ON d.id = m.deputy_id
		WHERE m.level = 'TOWNSHIP' AND m.status = 'CONFIRMED' AND m.ended_on IS NULL AND m.elected_on < current_date
			AND (SELECT count(*) FROM mandate o WHERE o.deputy_id = m.deputy_id) = 1 -- asked of the first ones only, not joined for all
			AND m.deputy_id <> ALL (SELECT p.deputy_id FROM posting p WHERE p.station_id = ANY ($1))
		ORDER BY m.id LIMIT $2`, stationsOf(doors), comers)
	if err == nil && len(people) < 4 {
		err = errNothing
	}
	return people, err
}

func stationsOf(doors []door) any {
	keys := make([]uuid.UUID, len(doors))
	for i, d := range doors {
		keys[i] = d.station
	}
	return pq.Array(keys)
}

// hold puts an activity that goes on now at a station.
func (s *sample) hold(ctx context.Context, d door, id uuid.UUID) error {
	_, err := s.bed.owner.ExecContext(ctx, `INSERT INTO activity (id, created_at, updated_at, code, province_code, city_code, county_code, township_code,
			code_then, title, way, setting, day, begins_at, ends_at, state, station_id)
		SELECT $2, now(), now(), s.code, s.province_code, s.city_code, s.county_code, s.township_code,
			s.code, '接待选民', 'RECEPTION', 'IN_STATION', day_of(now()), now(), now() + interval '6 hours', 'HELD', s.id FROM station s WHERE s.id = $1`, d.station, id)
	return err
}

// cancel deletes activities and who came to them.
func (s *sample) cancel(ctx context.Context, activities []uuid.UUID) error {
	for _, text := range []string{`DELETE FROM attendance WHERE activity_id = ANY ($1)`, `DELETE FROM activity WHERE id = ANY ($1)`} {
		if _, err := s.bed.owner.ExecContext(ctx, text, pq.Array(activities)); err != nil {
			return fmt.Errorf("take back the check-ins: %w", err)
		}
	}
	return nil
}

func checkInByHand(ctx context.Context, db *sql.DB, s *script, keys map[string]string) (any, error) {
	v := newValues(keys)
	if err := s.perform(ctx, db, v); err != nil {
		return nil, err
	}
	type attendance struct {
		ID          global `json:"id"`
		Level       string `json:"level"`
		Guest       bool   `json:"guest"`
		Day         day    `json:"day"`
		CheckedInAt string `json:"checkedInAt"`
	}
	a := attendance{ID: global{"Attendance", uuid.New()}, Level: "TOWNSHIP", Guest: true, Day: day(v.now), CheckedInAt: v.now.String()}
	return map[string]any{"checkIn": map[string]any{"attendance": a}}, nil
}
