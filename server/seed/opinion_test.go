package seed_test

import (
	"database/sql"
	"slices"
	"testing"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/server/seed"
)

// opinionsFit looks for opinions, and what hangs on them, that the platform itself would not have written.
func opinionsFit(t *testing.T, db *sql.DB) {
	t.Helper()
	for fault, query := range map[string]string{
		"an opinion that is not its station's": `SELECT o.number FROM opinion o JOIN station s ON s.id = o.station_id
			WHERE o.code <> s.code OR o.code_then <> s.code OR s.opened_on > (o.submitted_at AT TIME ZONE 'Asia/Shanghai')::date`,
		"a number that is not the day's": `SELECT number FROM opinion WHERE number !~ '^[0-9]{6}-[0-9A-HJKMNP-TV-Z]{8}$'
			OR left(number, 6) <> to_char(submitted_at AT TIME ZONE 'Asia/Shanghai', 'YYMMDD')`,
		"an opinion that was not booked when it came in": `SELECT number FROM opinion WHERE created_at <> submitted_at`,
		"a deputy who was not posted to the station": `SELECT o.number FROM opinion o WHERE deputy_id IS NOT NULL AND NOT EXISTS (
			SELECT FROM posting p WHERE p.station_id = o.station_id AND p.deputy_id = o.deputy_id AND p.ended_on IS NULL
				AND p.started_on <= (o.submitted_at AT TIME ZONE 'Asia/Shanghai')::date)`,
		"a deputy's code without the deputy": `SELECT number FROM opinion WHERE (channel = 'DEPUTY_CODE') AND deputy_id IS NULL
			OR channel = 'STATION_CODE' AND deputy_id IS NOT NULL`,
		"an online opinion of a county with online stations at another": `SELECT o.number FROM opinion o JOIN station s ON s.id = o.station_id
			WHERE o.channel = 'ONLINE' AND s.kind <> 'ONLINE' AND EXISTS (SELECT FROM station x WHERE x.kind = 'ONLINE'
				AND x.township_code = s.township_code)`,
		"a text that leaves something open":          `SELECT content FROM opinion WHERE content || coalesce(location, '') ~ '[{}]'`,
		"a telephone number in a text":               `SELECT content FROM opinion WHERE content ~ '[0-9]{6}' UNION ALL SELECT text FROM opinion_event WHERE text ~ '[0-9]{6}|[{}]'`,
		"the same words twice":                       `SELECT content FROM opinion GROUP BY county_code, content HAVING count(*) > 1`,
		"a merged opinion of another township":       `SELECT o.number FROM opinion o JOIN opinion m ON m.id = o.main_id WHERE o.township_code <> m.township_code`,
		"one that is merged and has others merged":   `SELECT o.number FROM opinion o WHERE main_id IS NOT NULL AND EXISTS (SELECT FROM opinion m WHERE m.main_id = o.id)`,
		"a merged opinion that ends before its main": `SELECT o.number FROM opinion o JOIN opinion m ON m.id = o.main_id WHERE (o.closed_at IS NULL) <> (m.closed_at IS NULL)`,

		"an opinion without one submitter": `SELECT o.number FROM opinion o LEFT JOIN opinion_submitter s ON s.opinion_id = o.id AND s.station_id = o.station_id
			AND s.code = o.code AND s.consented_at = o.submitted_at GROUP BY o.id HAVING count(s.id) <> 1`,
		"a submitter's number out of the range that no one has": `SELECT phone FROM opinion_submitter WHERE phone !~ '^1990000[0-9]{4}$' OR phone_digits <> phone`,
		"a call back without a number":                          `SELECT id FROM opinion_submitter WHERE call_back AND phone IS NULL`,
		"a mask that is not the submitter's": `SELECT o.number FROM opinion o JOIN opinion_submitter s ON s.opinion_id = o.id
			WHERE o.submitter_masked IS DISTINCT FROM left(s.name, 1) || '**' OR o.phone_masked IS DISTINCT FROM '199****' || right(s.phone, 4)`,

		"a merger that does not know how far the main opinion was": `SELECT e.id FROM opinion_event e WHERE e.step = 'MERGE' AND (e.facts ->> 'follows')::int IS DISTINCT FROM (
			SELECT count(*) FROM opinion_event m WHERE m.opinion_id::text = e.facts ->> 'main' AND m.occurred_at <= e.occurred_at)`,
		"a merger into an opinion that is answered, or not accepted": `SELECT e.id FROM opinion_event e JOIN LATERAL (SELECT m.to_state FROM opinion_event m
				WHERE m.opinion_id::text = e.facts ->> 'main' AND m.occurred_at <= e.occurred_at AND m.to_state <> 'WAITING' ORDER BY m.sequence DESC LIMIT 1) m ON true
			WHERE e.step IN ('MERGE', 'UNMERGE') AND m.to_state NOT IN ('ACCEPTED', 'ANALYSED', 'ASSIGNED', 'RETURN_REQUESTED', 'ESCALATED', 'HANDLING', 'REWORK')`,
		"a step after the main opinion's that is not": `SELECT e.id FROM opinion_event e JOIN opinion o ON o.id = e.opinion_id
			LEFT JOIN opinion_event m ON m.opinion_id = o.main_id AND m.sequence = (e.facts ->> 'follows')::int
				AND CASE e.step WHEN 'FOLLOW_FEEDBACK' THEN m.step = 'FEED_BACK' AND m.text = e.text ELSE m.step IN ('CLOSE', 'LAPSE', 'CONVERT') END
				AND e.occurred_at - m.occurred_at BETWEEN interval '1 second' AND interval '1 minute'
			WHERE e.step LIKE 'FOLLOW%' AND m.id IS NULL`,
		"a feedback that is not the answer": `SELECT e.id FROM opinion_event e JOIN LATERAL (SELECT r.text FROM opinion_event r WHERE r.opinion_id = e.opinion_id
				AND r.sequence < e.sequence AND r.step IN ('REPLY', 'ANSWER') ORDER BY r.sequence DESC LIMIT 1) r ON true
			WHERE e.step = 'FEED_BACK' AND NOT starts_with(e.text, r.text)`,

		"a part of a department that is none of the case's": `SELECT a.id FROM opinion_assignment a JOIN opinion o ON o.id = a.opinion_id JOIN organ g ON g.id = a.organ_id
			WHERE g.kind <> 'DEPARTMENT' OR a.code <> o.code OR g.code NOT IN (o.county_code, o.city_code)`,
		"a lead who has no part, or a part without the lead": `SELECT o.number FROM opinion o LEFT JOIN opinion_assignment a
			ON a.opinion_id = o.id AND a.part = 'LEAD' AND a.ended_at IS NULL WHERE o.lead_organ_id IS DISTINCT FROM a.organ_id`,
		"a part that does not begin with its event": `SELECT a.id FROM opinion_assignment a LEFT JOIN opinion_event e
			ON e.opinion_id = a.opinion_id AND e.step = 'ASSIGN' AND e.occurred_at = a.assigned_at
				AND CASE a.part WHEN 'LEAD' THEN e.facts ->> 'lead' = a.organ_id::text ELSE e.facts -> 'co' ? a.organ_id::text END
			WHERE e.id IS NULL`,
		"an assignment without its parts": `SELECT e.id FROM opinion_event e LEFT JOIN opinion_assignment a ON a.opinion_id = e.opinion_id AND a.assigned_at = e.occurred_at
			WHERE e.step = 'ASSIGN' GROUP BY e.id HAVING count(a.id) <> 1 + coalesce(jsonb_array_length(e.facts -> 'co'), 0)`,
		"a part that ends otherwise than by an event": `SELECT a.id FROM opinion_assignment a WHERE a.ended_at IS NOT NULL AND (a.version <> 2 OR a.updated_at <> a.ended_at
			OR NOT EXISTS (SELECT FROM opinion_event e WHERE e.opinion_id = a.opinion_id AND e.occurred_at = a.ended_at AND e.step IN ('ASSIGN', 'ESCALATE')))`,

		"a published case that is not told of": `SELECT o.number FROM opinion o LEFT JOIN published_case c ON c.opinion_id = o.id AND c.withdrawn_at IS NULL
			WHERE o.published <> (c.id IS NOT NULL) OR c.station_id <> o.station_id OR c.category_id <> o.category_id`,
		"a published case that does not begin with its event": `SELECT c.id FROM published_case c WHERE NOT EXISTS (
			SELECT FROM opinion_event e WHERE e.opinion_id = c.opinion_id AND e.step = 'PUBLISH' AND e.occurred_at = c.published_at)`,
		"a converted opinion without its draft": `SELECT o.number FROM opinion o LEFT JOIN suggestion s ON s.id = o.suggestion_id AND s.opinion_id = o.id
			AND s.code = o.code AND s.state = 'DRAFT' WHERE (o.state = 'CONVERTED') <> (s.id IS NOT NULL)`,
		"a draft of someone else": `SELECT s.id FROM suggestion s JOIN mandate m ON m.id = s.mandate_id JOIN opinion_event e ON e.opinion_id = s.opinion_id AND e.step = 'CONVERT'
			WHERE m.deputy_id <> s.deputy_id OR m.status <> 'CONFIRMED' OR e.deputy_id <> s.deputy_id OR e.occurred_at <> s.created_at`,
	} {
		none(t, db, fault, query)
	}
	for what, query := range map[string]string{
		"published case": `SELECT count(*) FROM published_case WHERE withdrawn_at IS NULL`, "withdrawn case": `SELECT count(*) FROM published_case WHERE withdrawn_at IS NOT NULL`,
		"draft": `SELECT count(*) FROM suggestion`, "merged opinion": `SELECT count(*) FROM opinion WHERE main_id IS NOT NULL`,
		"key case": `SELECT count(*) FROM opinion WHERE key_case`, "supervised case that is open": `SELECT count(*) FROM opinion WHERE supervisor_id IS NOT NULL`,
		"name that was left": `SELECT count(*) FROM opinion_submitter WHERE name IS NOT NULL`, "case that is not late though open": `SELECT count(*) FROM opinion WHERE open AND NOT overdue`,
	} {
		if number(t, db, query) == 0 {
			t.Errorf("there is no %s", what)
		}
	}
	for _, r := range seed.Receipts() {
		if number(t, db, `SELECT count(*) FROM opinion o JOIN opinion_submitter s ON s.opinion_id = o.id
			WHERE o.number = $1 AND s.phone_digits = $2 AND o.state = $3`, r.Number, r.Phone, string(r.State)) != 1 {
			t.Errorf("the receipt %+v is of no opinion", r)
		}
	}
	texted(t, db)
}

// texted checks what opinions are found by.
func texted(t *testing.T, db *sql.DB) {
	t.Helper()
	none(t, db, "words that are not the pairs", `SELECT body FROM opinion_text WHERE words <> array_to_tsvector(grams)`)
	none(t, db, "an opinion without a text", `SELECT o.number FROM opinion o LEFT JOIN opinion_text t ON t.opinion_id = o.id AND t.code = o.code WHERE t.code IS NULL`)
	rows, err := db.QueryContext(t.Context(), `SELECT o.content, o.location, t.body, t.grams FROM opinion o JOIN opinion_text t ON t.opinion_id = o.id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var content, location, body string
		var grams []string
		if err := rows.Scan(&content, &location, &body, pq.Array(&grams)); err != nil {
			t.Fatal(err)
		}
		if want := spelling.Fold(content) + "\n" + spelling.Fold(location); body != want || !slices.Equal(grams, spelling.Bigrams(want)) {
			t.Errorf("%q is found by %q and %q", content+location, body, grams)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
