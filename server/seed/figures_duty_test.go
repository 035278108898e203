package seed_test

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/postgres"
)

// figure adds up a key figure over the confirmed activities of a county between two days.
func figure(county int, key, from, to string) string {
	return fmt.Sprintf(`SELECT coalesce(sum(f.value), 0) FROM activity_figure f JOIN key_figure k ON k.id = f.figure_id JOIN activity a ON a.id = f.activity_id
		WHERE a.code / 1000000 = %d AND a.state = 'CONFIRMED' AND k.key = '%s' AND a.day BETWEEN '%s' AND '%s'`, county, key, from, to)
}

// The figures of deputies' work in the published accounts, each counted here in its own way.
func TestFiguresOfDuty(t *testing.T) {
	db := database(t, demoRoots...)
	demo(t, db)

	const visitDay = `FROM attendance t JOIN activity a ON a.id = t.activity_id WHERE t.code / 1000000 = 430121 AND a.day = '2022-05-15' AND a.state = 'CONFIRMED'`
	const april = `FROM attendance t JOIN activity a ON a.id = t.activity_id WHERE t.code / 1000000 = 430225 AND t.organ_id IS NOT NULL
		AND a.state = 'CONFIRMED' AND a.day BETWEEN '2025-04-01' AND '2025-04-30'`
	for fact, c := range map[string]struct {
		query string
		want  int64
	}{
		"长沙县 deputies who attended": {`SELECT count(DISTINCT t.deputy_id) ` + visitDay, 1160},
		"长沙县 attendances":           {`SELECT count(*) ` + visitDay, 1160},
		"长沙县 stations":              {`SELECT count(DISTINCT t.station_id) ` + visitDay, 125},
		"长沙县 levels":                {`SELECT count(DISTINCT t.level) ` + visitDay, 5},
		"长沙县 national deputies":     {`SELECT count(*) ` + visitDay + ` AND t.level = 'NATIONAL'`, 1},
		"长沙县 received and visited": {`SELECT sum(f.value) FROM activity_figure f JOIN key_figure k ON k.id = f.figure_id JOIN activity a ON a.id = f.activity_id
			WHERE a.county_code = 430121000000 AND a.day = '2022-05-15' AND k.key IN ('RECEIVED', 'VISITED')`, 7237},
		"长沙县 lectures": {figure(430121, "LECTURES", "2022-05-15", "2022-05-15"), 122},
		"长沙县 solved":   {figure(430121, "SOLVED", "2022-05-15", "2022-05-15"), 123},
		"长沙县 visit days held": {`SELECT count(*) FROM visit_day d JOIN visit_rule r ON r.id = d.rule_id WHERE d.code / 1000000 = 430121
			AND d.day = '2022-05-15' AND d.state = 'HELD' AND r.days = '[15]' AND r.recurrence = 'MONTH_DAYS'`, 125},

		"北湖区 received":            {figure(431002, "RECEIVED", "2021-11-01", "2023-12-31"), 2018},
		"北湖区 solved":              {figure(431002, "SOLVED", "2021-11-01", "2023-12-31"), 512},
		"北湖区 households":          {figure(431002, "HOUSEHOLDS", "2020-07-01", "2023-06-30"), 21_360},
		"北湖区 leaflets":            {figure(431002, "LEAFLETS", "2020-07-01", "2023-06-30"), 52_400},
		"北湖区 donations, in fen":   {figure(431002, "DONATIONS", "2020-07-01", "2023-06-30"), 496_000_000},
		"北湖区 days of the park":    {`SELECT count(*) FROM visit_day WHERE code / 1000000 = 431002 AND location = '湘南国际物流园' AND state = 'HELD'`, 6},
		"北湖区 weeks of the estate": {`SELECT count(*) FROM visit_day WHERE code / 1000000 = 431002 AND location LIKE '盈丰国际%' AND state = 'HELD'`, 8}, // one Friday is a holiday
		"北湖区 deputies in the park": {`SELECT min(n) FROM (SELECT count(*) AS n FROM visit_day d JOIN visit_duty u ON u.visit_day_id = d.id
			WHERE d.code / 1000000 = 431002 AND d.location = '湘南国际物流园' GROUP BY d.id) x`, 5},
		"北湖区 villages with market days": {`SELECT count(*) FROM visit_rule WHERE code / 1000000 = 431002 AND recurrence = 'LUNAR_DAYS'`, 6},
		"北湖区 states of visit days":      {`SELECT count(DISTINCT state) FROM visit_day WHERE code / 1000000 = 431002`, 3},
		"北湖区 stars published": {`SELECT count(*) FROM evaluation e JOIN evaluation_review r ON r.evaluation_id = e.id
			WHERE e.code / 1000000 = 431002 AND e.stars = r.stars AND e.total = r.total AND e.published_at IS NOT NULL`, 14},
		"北湖区 different stars": {`SELECT (count(DISTINCT stars) > 1)::int FROM evaluation WHERE code / 1000000 = 431002`, 1},

		"荷塘区 received":          {figure(430202, "RECEIVED", "2022-01-01", "2022-05-31"), 186},
		"荷塘区 collected":         {figure(430202, "COLLECTED", "2022-01-01", "2022-05-31"), 66},
		"荷塘区 solved":            {figure(430202, "SOLVED", "2022-01-01", "2022-05-31"), 18},
		"荷塘区 urgent":            {figure(430202, "URGENT", "2022-05-01", "2022-05-31"), 73},
		"荷塘区 urgent and solved": {figure(430202, "URGENT_SOLVED", "2022-05-01", "2022-05-31"), 12},

		"炎陵县 items":             {`SELECT jsonb_array_length(items) FROM point_scheme WHERE code = 430225000000`, 18},
		"炎陵县 items that count":  {`SELECT count(DISTINCT item) FROM point_entry WHERE code / 1000000 = 430225`, 18},
		"炎陵县 officials' visits": {`SELECT count(*) ` + april, 64},
		"炎陵县 officials":         {`SELECT count(DISTINCT (t.organ_id, t.official_name)) ` + april, 12 + 29},
		"炎陵县 leaders":           {`SELECT count(DISTINCT (t.organ_id, t.official_name)) ` + april + ` AND t.official_title = '班子成员'`, 12},
		"炎陵县 departments":       {`SELECT count(DISTINCT t.organ_id) ` + april + ` AND t.official_title = '主要负责人'`, 29},

		"和顺县 norms": {`SELECT jsonb_array_length(items) FROM norm_set WHERE code = 140723000000 AND level = 'COUNTY'`, 8},
		"和顺县 townships for each leader": {`SELECT count(*) FROM (SELECT leader_name FROM pairing WHERE code / 1000000 = 140723 AND kind = 'LEADER_TOWNSHIP'
			GROUP BY leader_name HAVING count(*) = 2) x`, 4},
		"和顺县 deputies for each member": {`SELECT count(*) FROM (SELECT leader_deputy_id FROM pairing WHERE code / 1000000 = 140723 AND kind = 'MEMBER_DEPUTY'
			GROUP BY leader_deputy_id HAVING count(*) BETWEEN 5 AND 8) x`, 12},
		"和顺县 courses": {`SELECT count(*) FROM training WHERE code / 1000000 = 140723 AND from_on BETWEEN '2025-01-01' AND '2025-12-31'`, 12},
		"checklists":  {`SELECT count(*) FROM standard WHERE name IN ('五个标准', '五有四公开', '十有')`, 3},
	} {
		t.Run(fact, func(t *testing.T) {
			if got := number(t, db, c.query); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
	t.Run("consistent", func(t *testing.T) { dutiesFit(t, db) })
}

// dutiesFit checks what no row of the work may be, whatever the figures.
func dutiesFit(t *testing.T, db *sql.DB) {
	t.Helper()
	for fault, query := range map[string]string{
		"an attendance that is not at its station's place": `SELECT t.id FROM attendance t JOIN station s ON s.id = t.station_id WHERE t.code <> s.code`,
		"an attendance on another day":                     `SELECT t.id FROM attendance t JOIN activity a ON a.id = t.activity_id WHERE t.day <> a.day`,
		"an attendance by a mandate that was not held": `SELECT t.id FROM attendance t JOIN mandate m ON m.id = t.mandate_id
			WHERE m.deputy_id <> t.deputy_id OR m.level <> t.level OR m.elected_on > t.day OR m.ended_on <= t.day`,
		"an attendance by a lower mandate": `SELECT t.id FROM attendance t JOIN mandate m ON m.deputy_id = t.deputy_id AND m.elected_on <= t.day
			AND (m.ended_on IS NULL OR m.ended_on > t.day)
			WHERE array_position(ARRAY['NATIONAL', 'PROVINCIAL', 'CITY', 'COUNTY', 'TOWNSHIP'], m.level::text)
				< array_position(ARRAY['NATIONAL', 'PROVINCIAL', 'CITY', 'COUNTY', 'TOWNSHIP'], t.level::text)`,
		"a deputy who is no guest and not posted": `SELECT t.id FROM attendance t WHERE t.deputy_id IS NOT NULL AND t.guest = EXISTS (SELECT FROM posting p
			WHERE p.deputy_id = t.deputy_id AND p.station_id = t.station_id AND p.started_on <= t.day AND (p.ended_on IS NULL OR p.ended_on > t.day))`,
		"an activity before its station opened": `SELECT a.id FROM activity a JOIN station s ON s.id = a.station_id WHERE a.day < s.opened_on`,
		"an activity with another history": `SELECT a.id FROM activity a WHERE a.events <> (SELECT count(*) FROM activity_event e WHERE e.activity_id = a.id)
			OR a.state <> (SELECT e.to_state FROM activity_event e WHERE e.activity_id = a.id ORDER BY sequence DESC LIMIT 1)`,
		"a history out of order": `SELECT e.id FROM activity_event e JOIN activity_event f ON f.activity_id = e.activity_id AND f.sequence = e.sequence + 1
			WHERE f.occurred_at <= e.occurred_at OR f.from_state <> e.to_state`,
		"a step by no account": `SELECT e.id FROM activity_event e WHERE NOT EXISTS (SELECT FROM account a WHERE a.id::text = e.subject AND a.role = e.role AND a.code = e.actor_code)`,
		"a visit day that is held without its activity": `SELECT d.id FROM visit_day d WHERE (d.state = 'HELD') <> EXISTS (SELECT FROM activity a
			WHERE a.visit_day_id = d.id AND a.station_id = d.station_id AND a.day = d.day AND a.state = 'CONFIRMED')`,
		"a duty of a deputy who is not posted": `SELECT u.id FROM visit_duty u JOIN visit_day d ON d.id = u.visit_day_id WHERE u.code <> d.code OR NOT EXISTS (
			SELECT FROM posting p WHERE p.mandate_id = u.mandate_id AND p.deputy_id = u.deputy_id AND p.station_id = u.station_id AND p.started_on <= d.day AND (p.ended_on IS NULL OR p.ended_on > d.day))`,
		"a figure that is not its activity's": `SELECT f.id FROM activity_figure f JOIN activity a ON a.id = f.activity_id JOIN key_figure k ON k.id = f.figure_id
			WHERE f.code <> a.code OR k.code NOT IN (0, a.county_code) OR k.from_on > a.day`,
		"a record that is not where its deputy is grouped": `SELECT r.id FROM duty_record r JOIN mandate m ON m.id = r.mandate_id WHERE r.code <> m.code OR r.deputy_id <> m.deputy_id`,
		"a course attended elsewhere": `SELECT a.id FROM training_attendance a JOIN mandate m ON m.id = a.mandate_id JOIN training t ON t.id = a.training_id
			WHERE a.code <> m.code OR a.day <> t.from_on OR a.deputy_id <> m.deputy_id`,
		"an entry elsewhere":                `SELECT e.id FROM point_entry e JOIN mandate m ON m.id = e.mandate_id WHERE e.code <> m.code OR e.deputy_id <> m.deputy_id`,
		"a contact before its pairing":      `SELECT c.id FROM pairing_contact c JOIN pairing p ON p.id = c.pairing_id WHERE c.day < p.started_on OR c.code <> p.code`,
		"a suspended mandate without dates": `SELECT id FROM mandate WHERE (status = 'SUSPENDED') <> (suspensions IS NOT NULL)`,
		"anything after the demonstration": `SELECT id FROM activity WHERE updated_at > '2026-02-13 18:00+08' UNION ALL SELECT id FROM visit_day WHERE updated_at > '2026-02-13 18:00+08'
			UNION ALL SELECT id FROM duty_record WHERE updated_at > '2026-02-13 18:00+08' UNION ALL SELECT id FROM point_entry WHERE created_at > '2026-02-13 18:00+08'`,
	} {
		none(t, db, fault, query)
	}
}

// The platform's own settlement has nothing to add to the ledgers.
func TestLedgersAreSettled(t *testing.T) {
	d, owner := databaseAt(t, demoRoots...)
	demo(t, owner)
	db, err := postgres.Open(d.AppURL, postgres.Options{MaxOpen: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	before := number(t, owner, `SELECT count(*) FROM point_entry`)
	c := workflow.NewClockwork(postgres.Client(db), workflow.ClockworkOptions{})
	settled, err := c.SettleAll(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if settled < 150 {
		t.Errorf("only %d deputies are under a scheme", settled)
	}
	if after := number(t, owner, `SELECT count(*) FROM point_entry`); after != before || before == 0 {
		t.Errorf("%d lines, %d once settled", before, after)
	}
	// The control: what is taken away is found missing.
	var entry uuid.UUID
	if err := owner.QueryRowContext(t.Context(), `SELECT id FROM point_entry ORDER BY id LIMIT 1`).Scan(&entry); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.ExecContext(t.Context(), `DELETE FROM point_entry WHERE id = $1`, entry); err != nil {
		t.Fatal(err)
	}
	if _, err := c.SettleAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := number(t, owner, `SELECT count(*) FROM point_entry`); after != before {
		t.Errorf("%d lines, %d after one was taken away", before, after)
	}
}
