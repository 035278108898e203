package seed_test

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"github.com/lianluo/lianluo/ent/state"
)

// loadEnd is when a load breaks off.
const loadEnd = `'2025-12-31 18:00+08'::timestamptz`

// labourFits checks what no row of the work of a load may be.
func labourFits(t *testing.T, db *sql.DB) {
	t.Helper()
	for _, table := range []string{"activity", "activity_figure", "attendance", "opinion", "opinion_assignment", "suggestion"} {
		none(t, db, "place of "+table+" is not a division's", `
			SELECT r.id FROM `+table+` r LEFT JOIN division d ON d.code = r.code AND NOT d.placeholder
			WHERE d.id IS NULL OR ROW(d.province_code, d.city_code, d.county_code, d.township_code) IS DISTINCT FROM
				ROW(r.province_code, r.city_code, r.county_code, r.township_code)`)
		none(t, db, table+" has keys that are not UUIDv7 of its time", `SELECT id FROM `+table+` WHERE substr(id::text, 15, 1) <> '7'
			OR ('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint <> (extract(epoch FROM created_at) * 1000)::bigint`)
		none(t, db, table+" is from after the load", `SELECT id FROM `+table+` WHERE updated_at > `+loadEnd+` OR updated_at < created_at`)
	}
	for fault, query := range map[string]string{
		"an activity that is not at its station's place": `SELECT a.id FROM activity a JOIN station s ON s.id = a.station_id WHERE a.code <> s.code OR a.code_then <> a.code`,
		"an activity out of the months of the load": `SELECT a.id FROM activity a JOIN station s ON s.id = a.station_id
			WHERE a.day NOT BETWEEN greatest(s.opened_on, '2024-01-01') AND '2025-12-31' OR (a.begins_at AT TIME ZONE 'Asia/Shanghai')::date <> a.day`,
		"an activity whose moments are not its state's": `SELECT id FROM activity WHERE (recorded_at IS NOT NULL) <> (state IN ('RECORDED', 'CONFIRMED'))
			OR (confirmed_at IS NOT NULL) <> (state = 'CONFIRMED') OR recorded_at < ends_at OR confirmed_at < recorded_at
			OR updated_at <> coalesce(confirmed_at, recorded_at, updated_at) OR version <> events
			OR events <> CASE state WHEN 'CANCELLED' THEN 2 WHEN 'RECORDED' THEN 3 WHEN 'CONFIRMED' THEN 4 END`,
		"someone who came to what was cancelled": `SELECT t.id FROM attendance t JOIN activity a ON a.id = t.activity_id WHERE a.state = 'CANCELLED'`,
		"a figure of what was cancelled":         `SELECT f.id FROM activity_figure f JOIN activity a ON a.id = f.activity_id WHERE a.state = 'CANCELLED' OR f.code <> a.code`,
		"an attendance that is not its activity's": `SELECT t.id FROM attendance t JOIN activity a ON a.id = t.activity_id
			WHERE t.day <> a.day OR t.station_id <> a.station_id OR t.code <> a.code OR t.created_at <> a.begins_at`,
		"an attendance by a mandate that was not held": `SELECT t.id FROM attendance t JOIN mandate m ON m.id = t.mandate_id
			WHERE m.deputy_id <> t.deputy_id OR m.level <> t.level OR m.elected_on > t.day OR m.ended_on <= t.day`,
		"an attendance by a lower mandate": `SELECT t.id FROM attendance t JOIN mandate m ON m.deputy_id = t.deputy_id AND m.elected_on <= t.day
			AND (m.ended_on IS NULL OR m.ended_on > t.day)
			WHERE array_position(ARRAY['NATIONAL', 'PROVINCIAL', 'CITY', 'COUNTY', 'TOWNSHIP'], m.level::text)
				< array_position(ARRAY['NATIONAL', 'PROVINCIAL', 'CITY', 'COUNTY', 'TOWNSHIP'], t.level::text)`,
		"a deputy who is no guest and not posted": `SELECT t.id FROM attendance t WHERE t.deputy_id IS NOT NULL AND t.guest = EXISTS (SELECT FROM posting p
			WHERE p.deputy_id = t.deputy_id AND p.station_id = t.station_id AND p.started_on <= t.day AND (p.ended_on IS NULL OR p.ended_on > t.day))`,

		"an opinion that is not at its station's place": `SELECT o.id FROM opinion o JOIN station s ON s.id = o.station_id WHERE o.code <> s.code OR o.code_then <> o.code`,
		"an opinion before its station":                 `SELECT o.id FROM opinion o JOIN station s ON s.id = o.station_id WHERE o.submitted_at < s.opened_on`,
		"a number of another day":                       `SELECT number FROM opinion WHERE number !~ ('^' || to_char(submitted_at AT TIME ZONE 'Asia/Shanghai', 'YYMMDD') || '-[0-9A-HJKMNP-TV-Z]{8}$')`,
		"an opinion whose moments are out of order": `SELECT id FROM opinion WHERE accepted_at <= submitted_at OR replied_at < accepted_at OR fed_back_at <= replied_at AND state <> 'REPLIED'
			OR rated_at <= fed_back_at OR closed_at <= coalesce(rated_at, fed_back_at, accepted_at) OR state_since > updated_at OR state_since < submitted_at`,
		"an opinion whose moments are not its state's": `SELECT id FROM opinion WHERE (accepted_at IS NULL) <> (state IN ('SUBMITTED', 'DECLINED'))
			OR state IN ('ANSWERED', 'REPLIED', 'FED_BACK', 'RATED', 'REWORK', 'CLOSED', 'CONVERTED') AND (replied_at IS NULL OR outcome IS NULL)
			OR state IN ('FED_BACK', 'RATED', 'REWORK', 'CLOSED', 'CONVERTED') AND fed_back_at IS NULL OR state IN ('RATED', 'REWORK', 'CONVERTED') AND rated_at IS NULL
			OR (rating IS NULL) <> (rated_at IS NULL) OR CASE state WHEN 'MERGED' THEN false WHEN 'CLOSED' THEN closed_at IS NULL WHEN 'CONVERTED' THEN closed_at IS NULL
				ELSE closed_at IS NOT NULL END OR reworks > dissatisfied`,
		"a category or a department before the analysis, or none after it": `SELECT id FROM opinion
			WHERE (category_id IS NULL) <> (urgency IS NULL) OR state IN ('SUBMITTED', 'ACCEPTED', 'DECLINED', 'ANSWERED', 'MERGED') AND num_nonnulls(category_id, lead_organ_id) > 0
				OR state IN ('ANALYSED', 'ASSIGNED', 'RETURN_REQUESTED', 'ESCALATED', 'HANDLING', 'REPLIED', 'REWORK', 'CONVERTED') AND category_id IS NULL
				OR state IN ('ASSIGNED', 'RETURN_REQUESTED', 'HANDLING', 'REPLIED', 'REWORK', 'CONVERTED') AND lead_organ_id IS NULL`,
		"a holder that is not responsible": `SELECT o.id FROM opinion o JOIN division d ON d.code = o.holder_code
			WHERE o.level <> d.level OR d.code NOT IN (o.code, coalesce(o.township_code, -1), coalesce(o.county_code, -1), coalesce(o.city_code, -1))`,
		"a clock that has not spoken": `SELECT id FROM opinion WHERE overdue <> coalesce(due_on < '2025-12-31', false) OR warned <> coalesce(amber_on <= '2025-12-31', false)
			OR overdue AND NOT late AND waits_on <> 'SUBMITTER'`,
		"a lead who has no part, or a part without the lead": `SELECT o.number FROM opinion o LEFT JOIN opinion_assignment a
			ON a.opinion_id = o.id AND a.part = 'LEAD' AND a.ended_at IS NULL WHERE o.lead_organ_id IS DISTINCT FROM a.organ_id`,
		"a part of a department that is none of the holder's": `SELECT a.id FROM opinion_assignment a JOIN opinion o ON o.id = a.opinion_id JOIN organ g ON g.id = a.organ_id
			WHERE g.kind <> 'DEPARTMENT' OR a.code <> o.code OR g.code <> o.holder_code OR (a.version = 2) <> (a.ended_at IS NOT NULL)`,
		"an opinion merged into one that is over, or of elsewhere": `SELECT o.id FROM opinion o JOIN opinion m ON m.id = o.main_id
			WHERE m.station_id <> o.station_id OR o.state_since >= m.replied_at OR m.accepted_at > o.submitted_at OR (m.closed_at IS NULL) <> (o.closed_at IS NULL)
				OR o.outcome IS DISTINCT FROM m.outcome AND m.fed_back_at IS NOT NULL`,
		"a version that is not the number of events": `SELECT id FROM opinion WHERE version <> events OR events < 1`,
		"an opinion to a deputy who was not there": `SELECT o.id FROM opinion o WHERE deputy_id IS NOT NULL AND NOT EXISTS (SELECT FROM posting p
			WHERE p.deputy_id = o.deputy_id AND p.station_id = o.station_id AND p.started_on <= o.submitted_at)`,
		"a converted opinion without its draft": `SELECT o.number FROM opinion o LEFT JOIN suggestion s ON s.id = o.suggestion_id AND s.opinion_id = o.id
			AND s.code = o.code AND s.state = 'DRAFT' AND s.created_at = o.closed_at WHERE (o.state = 'CONVERTED') <> (s.id IS NOT NULL)`,
	} {
		none(t, db, fault, query)
	}
	standsAsItsState(t, db)
	summed(t, db)
}

// standsAsItsState checks the columns of opinions that their state says, by package state; and that there are some in all states.
func standsAsItsState(t *testing.T, db *sql.DB) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT DISTINCT state, waits_on, open, lead_organ_id IS NOT NULL, due_on IS NOT NULL, coalesce(resume_state, ''), days_left IS NOT NULL
		FROM opinion`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var seen []state.Opinion
	for rows.Next() {
		var is, resume state.Opinion
		var waits state.Party
		var open, led, due, left bool
		if err := rows.Scan(&is, &waits, &open, &led, &due, &resume, &left); err != nil {
			t.Fatal(err)
		}
		_, limited := is.DefaultLimit()
		if waits != is.WaitsOn(led) || open != is.Open() || due != limited || left != (is == state.OpinionWaiting) || (resume != "") != left {
			t.Errorf("an opinion in %s: waits on %s, open %t, due %t, resumes %q", is, waits, open, due, resume)
		}
		seen = append(seen, is)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, s := range state.Opinions {
		if !slices.Contains(seen, s) {
			t.Errorf("no opinion in %s", s)
		}
	}
}

// shares are what is so much of a hundred, at least and at most.
func shares(t *testing.T, db *sql.DB) {
	t.Helper()
	for what, c := range map[string]struct {
		query       string
		least, most int64
	}{
		"activities that are confirmed":          {`SELECT 100 * count(*) FILTER (WHERE state = 'CONFIRMED') / count(*) FROM activity`, 88, 97},
		"activities that are cancelled":          {`SELECT 100 * count(*) FILTER (WHERE state = 'CANCELLED') / count(*) FROM activity`, 2, 6},
		"guests":                                 {`SELECT 100 * count(*) FILTER (WHERE guest) / count(*) FROM attendance`, 1, 45},
		"officials":                              {`SELECT 1000 * count(*) FILTER (WHERE organ_id IS NOT NULL) / count(*) FROM attendance`, 8, 30},
		"attendances of ten activities held":     {`SELECT 10 * (SELECT count(*) FROM attendance) / count(*) FROM activity WHERE state <> 'CANCELLED'`, 30, 40},
		"opinions that are open":                 {`SELECT 1000 * count(*) FILTER (WHERE open) / count(*) FROM opinion`, 20, 70},
		"opinions that are closed":               {`SELECT 100 * count(*) FILTER (WHERE state = 'CLOSED') / count(*) FROM opinion`, 80, 95},
		"opinions that are late":                 {`SELECT 100 * count(*) FILTER (WHERE late) / count(*) FROM opinion`, 5, 25},
		"answers that are rated":                 {`SELECT 100 * count(rating) / count(fed_back_at) FROM opinion`, 80, 95},
		"opinions of 2024, when stations opened": {`SELECT 100 * count(*) FILTER (WHERE submitted_at < '2025-01-01') / count(*) FROM opinion`, 40, 50},
	} {
		if got := number(t, db, c.query); got < c.least || got > c.most {
			t.Errorf("%s: %d, not %d to %d", what, got, c.least, c.most)
		}
	}
	for i, figure := range []string{"people_received", "people_visited", "lectures", "problems_solved"} {
		got := number(t, db, `SELECT `+figure+` FROM fact WHERE code = 0 AND span = 'TOTAL'`)
		want := number(t, db, `SELECT coalesce(sum(value), 0) FROM activity_figure f JOIN activity a ON a.id = f.activity_id AND a.state = 'CONFIRMED'
			WHERE f.figure_id = $1::uuid`, fmt.Sprintf("01930000-0000-7000-8000-%012d", i+1))
		if got != want || got == 0 {
			t.Errorf("%s is %d, its records add up to %d", figure, got, want)
		}
	}
}
