package jobs_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
)

// Evidence that changed, told many times over, to two servers at once: the ledger has each line once.
func TestLedgerIsSettled(t *testing.T) {
	s := newStation(t)
	deputy, mandate, record := uuid.New(), uuid.New(), uuid.New()
	items, err := json.Marshal([]duty.PointItem{{
		Key: "STORY", Name: "履职故事", Filter: duty.Filter{Deed: kind.DeedRecord, Records: []kind.Record{kind.RecordStory}}, Points: 20,
	}})
	if err != nil {
		t.Fatal(err)
	}
	const common, place = `id, created_at, updated_at, code`, `now(), now(), 430121107000`
	congress, term := uuid.New(), uuid.New()
	s.exec(`INSERT INTO congress (`+common+`, division_id, level, name) SELECT $1, `+place+`, id, 'TOWNSHIP', '果园镇人民代表大会' FROM division WHERE code = 430121107000`, congress)
	s.exec(`INSERT INTO term (`+common+`, congress_id, number, starts_on, ends_on) VALUES ($1, `+place+`, $2, 18, '2021-12-01', '2026-12-01')`, term, congress)
	s.exec(`INSERT INTO deputy (`+common+`, name, gender, birth_month, ethnicity) VALUES ($1, `+place+`, '钱乙', 'FEMALE', '1980-03-01', '汉族')`, deputy)
	s.exec(`INSERT INTO mandate (`+common+`, deputy_id, congress_id, term_id, level, seat_code, term_number, election, status, elected_on)
		VALUES ($1, `+place+`, $2, $3, $4, 'TOWNSHIP', 430121107000, 18, 'GENERAL', 'CONFIRMED', '2021-11-20')`, mandate, deputy, congress, term)
	s.exec(`INSERT INTO point_scheme (`+common+`, congress_id, level, name, edition, items, from_on)
		VALUES ($1, `+place+`, $2, 'TOWNSHIP', '积分办法', 1, $3, '2025-01-01')`, uuid.New(), congress, items)
	s.exec(`INSERT INTO duty_record (`+common+`, deputy_id, mandate_id, kind, day, title, content, state)
		VALUES ($1, `+place+`, $2, $3, 'STORY', '2026-05-01', '桥修好了', '村口的桥面修好了', 'CONFIRMED')`, record, deputy, mandate)
	told := func() { s.exec(`SELECT enqueue_settlement(ARRAY[$1::uuid, $1]) FROM generate_series(1, 20)`, deputy) }
	settled := func() bool { return s.count(`river_job WHERE kind = 'settlement' AND state <> 'completed'`) == 0 }
	told()
	s.runner(nil)
	s.runner(nil)
	s.until("all settled", settled)
	if n, one := s.count(`point_entry`), s.count(`point_entry WHERE deed_id = $1 AND points = 20 AND NOT correction`, record); n != 1 || one != 1 {
		t.Errorf("%d lines, %d of the record", n, one)
	}
	s.exec(`UPDATE duty_record SET state = 'RETURNED'`)
	told()
	s.until("all settled again", settled)
	if n, one := s.count(`point_entry`), s.count(`point_entry WHERE deed_id = $1 AND points = -20 AND correction`, record); n != 2 || one != 1 {
		t.Errorf("%d lines, %d that take it back", n, one)
	}
	if n := s.count(`river_job WHERE kind = 'settlement'`); n != 40 {
		t.Errorf("%d settlements, want one for each time", n)
	}
	s.wellBehaved()
}
