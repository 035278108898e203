package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// doors is how many stations work is done at in turn, so that no lock of one is what is measured.
const doors = 16

// door is a station whose code is scanned.
type door struct {
	station uuid.UUID
	code    place.Code
	text    string
}

// doors are open stations of a county with their codes; a station that has none is given one.
func (s *sample) doors(ctx context.Context) ([]door, error) {
	lo, hi := s.at(place.LevelCounty).code.Range()
	_, err := s.bed.owner.ExecContext(ctx, `INSERT INTO qr_code (id, created_at, updated_at, code, province_code, city_code, county_code, township_code, text, station_id)
		SELECT gen_random_uuid(), now(), now(), s.code, s.province_code, s.city_code, s.county_code, s.township_code, 'bench-' || s.id, s.id
		FROM (SELECT * FROM station WHERE code >= $1 AND code < $2 AND closed_on IS NULL AND kind <> 'ONLINE' ORDER BY id LIMIT $3) s
		WHERE NOT EXISTS (SELECT FROM qr_code q WHERE q.station_id = s.id AND q.posting_id IS NULL AND q.revoked_at IS NULL)`, int64(lo), int64(hi), doors)
	if err != nil {
		return nil, err
	}
	found, err := collect(ctx, s.bed.owner, func(r *sql.Rows) (d door, err error) { return d, r.Scan(&d.station, &d.code, &d.text) },
		`SELECT s.id, s.code, q.text FROM station s JOIN qr_code q ON q.station_id = s.id AND q.posting_id IS NULL AND q.revoked_at IS NULL
		WHERE s.code >= $1 AND s.code < $2 AND s.closed_on IS NULL AND s.kind <> 'ONLINE' ORDER BY s.id LIMIT $3`, int64(lo), int64(hi), doors)
	if err == nil && len(found) == 0 {
		err = errNothing
	}
	return found, err
}

// submit is a citizen who submits an opinion by a station's code.
func submit(ctx context.Context, s *sample) (*benchCase, error) {
	doors, err := s.doors(ctx)
	if err != nil {
		return nil, err
	}
	c := &benchCase{
		name: "submit", about: "a citizen submits an opinion by a scanned code", sort: write,
		query: `mutation($input: SubmitOpinionInput!) { submitOpinion(input: $input) { number token submittedAt dueOn } }`,
	}
	begun := time.Now()
	c.undo = func(ctx context.Context) error { return s.forget(ctx, stationsOf(doors), begun) }
	n := 0
	c.fresh = func() (ask, error) {
		d := n % len(doors)
		n++
		return ask{vars: map[string]any{"input": map[string]any{
			"idempotencyKey": uuid.NewString(), "code": doors[d].text, "content": "村口的路灯坏了两盏,晚上行人看不清路,请尽快修好。", "location": "村口",
			"name": "测试人", "phone": "13800000000", "callBack": true, "consent": workflow.Consents[len(workflow.Consents)-1].Version,
		}}, hand: query("door", strconv.Itoa(d))}, nil
	}
	scripts := make([]*script, len(doors))
	for d := range doors {
		n = d
		first, _ := c.fresh()
		n = d
		second, _ := c.fresh()
		if scripts[d], err = s.bed.twice(ctx, c, [2]ask{first, second}, lookups); err != nil {
			return nil, err
		}
	}
	c.byHand = func(ctx context.Context, db *sql.DB, q url.Values) (any, error) {
		d, err := strconv.Atoi(q.Get("door"))
		if err != nil {
			return nil, err
		}
		return submitByHand(ctx, db, doors[d], scripts[d])
	}
	return c, nil
}

func submitByHand(ctx context.Context, db *sql.DB, d door, s *script) (any, error) {
	v := newValues(nil)
	opinion, err := uuid.Parse(v.key(s.within[0].viewer.Receipt.String()))
	if err != nil {
		return nil, err
	}
	ctx = viewer.NewContext(ctx, viewer.ForReceipt(s.within[0].viewer.Subject, d.code, opinion))
	if err := s.perform(ctx, db, v); err != nil {
		return nil, err
	}
	secret := make([]byte, 16)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	return map[string]any{"submitOpinion": struct {
		Number      string    `json:"number"`
		Token       string    `json:"token"`
		SubmittedAt time.Time `json:"submittedAt"`
		DueOn       day       `json:"dueOn"`
	}{v.number, base64.RawURLEncoding.EncodeToString(secret), v.now, day(v.now)}}, nil
}

// forget deletes the opinions that came in at stations since a moment.
func (s *sample) forget(ctx context.Context, stations any, since time.Time) error {
	const those = `(SELECT id FROM opinion WHERE station_id = ANY ($1) AND created_at >= $2 AND events = 1)`
	for _, text := range []string{
		`DELETE FROM idempotency_key WHERE entity_id IN ` + those, `DELETE FROM notification WHERE opinion_id IN ` + those,
		`DELETE FROM opinion_receipt WHERE opinion_id IN ` + those, `DELETE FROM opinion_submitter WHERE opinion_id IN ` + those,
		`DELETE FROM opinion_event WHERE opinion_id IN ` + those, `DELETE FROM opinion WHERE id IN ` + those,
	} {
		if _, err := s.bed.owner.ExecContext(ctx, text, stations, since); err != nil {
			return fmt.Errorf("take back what was submitted: %w", err)
		}
	}
	return nil
}
