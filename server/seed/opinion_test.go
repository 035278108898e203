package seed_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
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

// timelinesFit counts the days of timelines again, in SQL alone, and looks for what cannot have happened so.
func timelinesFit(t *testing.T, db *sql.DB) {
	t.Helper()
	// worked numbers the working days, day the working days up to each day.
	const days = `WITH calendar AS (SELECT d::date AS day, coalesce(c.kind = 'WORK', extract(isodow FROM d) < 6) AS works
			FROM generate_series(date '2022-01-01', '2026-12-31', '1 day') d LEFT JOIN calendar_day c ON c.day = d::date),
		worked AS (SELECT day, count(*) OVER (ORDER BY day) AS n FROM calendar WHERE works),
		day AS (SELECT day, works, count(*) FILTER (WHERE works) OVER (ORDER BY day) AS n FROM calendar),
		limits (state, days, amber) AS (VALUES ('SUBMITTED', 3, 1), ('ACCEPTED', 3, 1), ('ANALYSED', 2, 1), ('ASSIGNED', 5, 1), ('RETURN_REQUESTED', 5, 1),
			('ESCALATED', 3, 1), ('HANDLING', 15, 3), ('ANSWERED', 10, 3), ('REPLIED', 10, 3), ('FED_BACK', 10, 3), ('REWORK', 15, 3), ('WAITING', 10, 3)),
		event AS (SELECT e.*, (e.occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS on_day,
				lag(e.due_on) OVER line AS due_before, lag(e.amber_on) OVER line AS amber_before, lag(e.days_left) OVER line AS left_before,
				lag(e.occurred_at) OVER line AS before, e.from_state IS DISTINCT FROM e.to_state AS moved
			FROM opinion_event e WINDOW line AS (PARTITION BY e.opinion_id ORDER BY e.sequence)) `
	for fault, query := range map[string]string{
		"an event out of order in time": days + `SELECT id FROM event WHERE occurred_at <= before OR created_at <> occurred_at`,
		"an event after the end that the table forbids": `SELECT id FROM opinion_event WHERE from_state IN ('DECLINED', 'CLOSED', 'CONVERTED')
			AND NOT (from_state = 'CLOSED' AND step IN ('PUBLISH', 'WITHDRAW', 'REOPEN'))`,
		"an event later than the present": `SELECT id FROM opinion_event WHERE occurred_at > '2026-02-13 18:00+08'`,
		"a reopening after more than a year": `SELECT e.id FROM opinion_event e JOIN opinion_event c ON c.opinion_id = e.opinion_id AND c.to_state = 'CLOSED' AND c.from_state <> 'CLOSED'
			WHERE e.step = 'REOPEN' AND e.occurred_at > c.occurred_at + interval '1 year'`,

		"a due day that is not so many working days after the state began": days + `SELECT e.id FROM event e JOIN limits l ON l.state = e.to_state JOIN day d ON d.day = e.on_day
			LEFT JOIN worked w ON w.n = d.n + l.days WHERE e.moved AND e.from_state IS DISTINCT FROM 'WAITING' AND e.due_on IS DISTINCT FROM w.day`,
		"a due day after a question that is not the rest": days + `SELECT e.id FROM event e JOIN day d ON d.day = e.on_day LEFT JOIN worked w ON w.n = d.n + e.left_before
			WHERE e.moved AND e.from_state = 'WAITING' AND e.due_on IS DISTINCT FROM CASE WHEN e.left_before = 0 THEN e.on_day ELSE w.day END`,
		"a rest that is not what was left": days + `SELECT e.id FROM event e JOIN day d ON d.day = e.on_day JOIN day b ON b.day = e.due_before
			WHERE e.to_state = 'WAITING' AND e.moved AND e.days_left <> b.n - d.n`,
		"an extension by something else than 5, 10 or 15 working days": days + `SELECT e.id FROM event e JOIN day d ON d.day = e.due_on JOIN day b ON b.day = e.due_before
			WHERE e.step = 'EXTEND' AND d.n - b.n NOT IN (5, 10, 15)`,
		"a clock that moves without reason": days + `SELECT id FROM event WHERE NOT moved AND step <> 'EXTEND'
			AND ROW(due_on, amber_on, days_left) IS DISTINCT FROM ROW(due_before, amber_before, left_before)`,
		"a clock in a state without a limit": days + `SELECT id FROM event WHERE to_state IN ('RATED', 'CLOSED', 'CONVERTED', 'DECLINED', 'MERGED')
			AND (due_on IS NOT NULL OR amber_on IS NOT NULL) OR (days_left IS NOT NULL) <> (to_state = 'WAITING')`,
		"a warning day that is not so many working days before the due day": days + `SELECT e.id FROM event e JOIN limits l ON l.state = e.to_state JOIN day d ON d.day = e.due_on
			LEFT JOIN worked w ON w.n = d.n - l.amber + CASE WHEN d.works THEN 0 ELSE 1 END WHERE e.amber_on IS DISTINCT FROM w.day`,

		"a warning on another day": days + `SELECT id FROM event WHERE step = 'AMBER' AND (on_day < amber_on OR on_day > due_on
			OR on_day > amber_on AND occurred_at > before + interval '2 minutes')`,
		"an overdue mark on another day": days + `SELECT id FROM event WHERE step = 'OVERDUE' AND (on_day <= due_on
			OR on_day > due_on + 1 AND occurred_at > before + interval '2 minutes')`,
		"an end for want of a rating before its time":  days + `SELECT id FROM event WHERE step = 'LAPSE' AND on_day <> due_before + 1`,
		"a case left to itself though its day is over": `SELECT number FROM opinion WHERE open AND due_on < '2026-02-13' AND NOT overdue`,
		"a case that no one was warned of": `SELECT number FROM opinion WHERE open AND amber_on <= '2026-02-13' AND NOT warned
			AND updated_at < '2026-02-13 17:59+08'`,
		"an officer at work out of hours": days + `SELECT e.id FROM event e JOIN day d ON d.day = e.on_day WHERE e.role IS NOT NULL
			AND (NOT d.works AND NOT (e.step = 'SUBMIT' AND e.on_day = '2022-05-15')
				OR (e.occurred_at AT TIME ZONE 'Asia/Shanghai')::time NOT BETWEEN '08:30' AND '18:00')`,
		"a rating after the time for it": days + `SELECT id FROM event WHERE step = 'RATE' AND on_day > due_before`,
	} {
		none(t, db, fault, query)
	}
	for _, s := range state.Steps {
		if s == state.StepUnmarkKey || s == state.StepEndSupervision || s == state.StepFollowReopen {
			continue // too rare to be shown
		}
		if number(t, db, `SELECT count(*) FROM opinion_event WHERE step = $1`, string(s)) == 0 {
			t.Errorf("no timeline shows %s", s)
		}
	}
	for _, step := range []string{"RESUME", "SUPPLEMENT"} {
		if number(t, db, `SELECT count(*) FROM opinion_event WHERE step = $1 AND due_on IS NOT NULL`, step) == 0 {
			t.Errorf("no clock goes on after %s", step)
		}
	}
}

// line is an event as it is stored.
type line struct {
	dossier.Event
	party         state.Party
	subject       string
	role          viewer.Role
	code          sql.NullInt64
	organ, deputy uuid.NullUUID
	text          sql.NullString
	decline       sql.NullString
	shown         bool
}

// timelines are the events of all opinions, in order.
func timelines(t *testing.T, db *sql.DB) map[uuid.UUID][]line {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT opinion_id, sequence, step, coalesce(from_state, ''), to_state, occurred_at, due_on, amber_on, days_left, facts,
		party, subject, coalesce(role, ''), actor_code, organ_id, deputy_id, text, decline_reason, shown FROM opinion_event ORDER BY opinion_id, sequence`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[uuid.UUID][]line{}
	for rows.Next() {
		var opinion uuid.UUID
		var l line
		var facts []byte
		if err := rows.Scan(&opinion, &l.Sequence, &l.Step, &l.From, &l.To, &l.At, &l.Clock.Due, &l.Clock.Amber, &l.Clock.Left, &facts,
			&l.party, &l.subject, &l.role, &l.code, &l.organ, &l.deputy, &l.text, &l.decline, &l.shown); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(facts, &l.Facts); err != nil {
			t.Fatal(err)
		}
		out[opinion] = append(out[opinion], l)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// replayed replays every timeline from what the database holds: each step must be one that the table allows to that party, and the case it ends
// in must be the row.
func replayed(t *testing.T, db *sql.DB) {
	t.Helper()
	w := witnesses(t, db)
	lines := timelines(t, db)
	columns := slices.Sorted(maps.Keys(dossier.Case{}.Columns()))
	rows, err := db.QueryContext(t.Context(), `SELECT id, code, coalesce(township_code, code), coalesce(county_code, -1), coalesce(city_code, -1), station_id,
		`+strings.Join(columns, ", ")+` FROM opinion`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	count := 0
	for rows.Next() {
		var o scene
		var id uuid.UUID
		held := make([]any, len(columns))
		into := []any{&id, &o.code, &o.responsible, &o.county, &o.city, &o.station}
		for i := range held {
			into = append(into, &held[i])
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		count++
		var c dossier.Case
		for i, l := range lines[id] {
			if l.Sequence != i+1 || l.From != c.State {
				t.Errorf("%s: event %d is number %d, from %s in %s", id, i+1, l.Sequence, l.From, c.State)
			}
			if to, ok := state.Next(c.State, l.Step, c.Resume); !ok || to != l.To {
				t.Errorf("%s: the table does not lead from %s by %s to %s", id, c.State, l.Step, l.To)
			}
			if why := w.may(o, id, c, l); why != "" {
				t.Errorf("%s: %s by %s %s: %s", id, l.Step, l.party, l.subject, why)
			}
			c = c.Apply(l.Event)
		}
		for i, name := range columns {
			if want := c.Columns()[name]; !same(want, held[i]) {
				t.Errorf("%s: %s is %v, its timeline makes %v", id, name, held[i], want)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if count != len(lines) || count != 1041+563+211 {
		t.Errorf("%d opinions, %d timelines", count, len(lines))
	}
}

// same tells whether a column holds what it should.
func same(want, held any) bool {
	switch want := want.(type) {
	case nil:
		return held == nil
	case time.Time:
		at, ok := held.(time.Time)
		return ok && at.Equal(want)
	case bool:
		return held == want
	case int:
		return held == int64(want)
	case place.Code:
		return held == int64(want)
	case uuid.UUID:
		text, ok := held.([]byte)
		return ok && string(text) == want.String()
	}
	return fmt.Sprint(want) == held
}

// scene is where an opinion lies.
type scene struct {
	code, responsible, county, city int64
	station                         uuid.UUID
}

// witness knows who the actors of timelines are.
type witness struct {
	accounts map[string]struct {
		role                   viewer.Role
		code                   int64
		deputy, organ, station uuid.NullUUID
	}
	codes  map[string]uuid.UUID // the stations of codes
	posted map[uuid.UUID]map[uuid.UUID]bool
}

func witnesses(t *testing.T, db *sql.DB) *witness {
	t.Helper()
	w := &witness{codes: map[string]uuid.UUID{}, posted: map[uuid.UUID]map[uuid.UUID]bool{}}
	w.accounts = map[string]struct {
		role                   viewer.Role
		code                   int64
		deputy, organ, station uuid.NullUUID
	}{}
	scan := func(query string, row func(*sql.Rows) error) {
		rows, err := db.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			if err := row(rows); err != nil {
				t.Fatal(err)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	scan(`SELECT id, role, code, deputy_id, organ_id, station_id FROM account`, func(r *sql.Rows) error {
		var id string
		a := w.accounts[""]
		err := r.Scan(&id, &a.role, &a.code, &a.deputy, &a.organ, &a.station)
		w.accounts[id] = a
		return err
	})
	scan(`SELECT id, station_id FROM qr_code`, func(r *sql.Rows) error {
		var id string
		var station uuid.UUID
		err := r.Scan(&id, &station)
		w.codes["code:"+id] = station
		return err
	})
	scan(`SELECT station_id, deputy_id FROM posting WHERE ended_on IS NULL`, func(r *sql.Rows) error {
		var station, deputy uuid.UUID
		err := r.Scan(&station, &deputy)
		if w.posted[station] == nil {
			w.posted[station] = map[uuid.UUID]bool{}
		}
		w.posted[station][deputy] = true
		return err
	})
	return w
}

// may tells why an actor may not do a step as the party that is told; empty when it may.
func (w *witness) may(o scene, id uuid.UUID, c dossier.Case, l line) string {
	move, _ := state.MoveOf(l.Step)
	waitsOn := c.WaitsOn()
	if c.State == state.OpinionWaiting {
		waitsOn = c.Resume.WaitsOn(c.Lead != nil)
	}
	switch {
	case !move.Does(l.party) && (!move.Does(state.PartyHolder) || l.party != waitsOn):
		return "not that party's"
	case l.shown != move.Shown:
		return "shown otherwise"
	case l.decline.Valid != (l.Step == state.StepDecline):
		return "a reason of refusal"
	}
	a, known := w.accounts[l.subject]
	if !known {
		return w.mayUnknown(o, id, l)
	}
	if l.role != a.role || l.code.Int64 != a.code || !l.code.Valid || l.organ != a.organ || l.deputy != a.deputy {
		return "the account is another"
	}
	in := func(codes ...int64) bool { return slices.Contains(codes, a.code) }
	ok := false
	switch l.party {
	case state.PartyStation:
		ok = a.role == viewer.StationKeeper && a.station.UUID == o.station || admin(a.role) && a.code == o.responsible
	case state.PartyOrgan:
		ok = admin(a.role) && a.code == int64(c.Holder)
	case state.PartyLead:
		ok = a.role == viewer.Department && c.Lead != nil && a.organ.UUID == *c.Lead
	case state.PartyHandler:
		ok = a.role == viewer.Department && (a.organ.UUID == *c.Lead || slices.Contains(c.Co, a.organ.UUID))
	case state.PartyDeputy:
		ok = a.role == viewer.Deputy && w.posted[o.station][a.deputy.UUID]
	case state.PartyAbove:
		ok = (admin(a.role) || a.role == viewer.Supervisor) && in(o.responsible, o.county, o.city)
	}
	if !ok {
		return "the account is not that party"
	}
	return ""
}

// mayUnknown is may for those who have no account: citizens and jobs.
func (w *witness) mayUnknown(o scene, id uuid.UUID, l line) string {
	ok := false
	switch {
	case l.role != "" || l.code.Valid || l.organ.Valid || l.deputy.Valid:
	case l.party == state.PartyClock:
		job := "job:deadlines"
		if strings.HasPrefix(string(l.Step), "FOLLOW_") {
			job = "job:steps"
		}
		ok = l.subject == job
	case l.party == state.PartySubmitter && l.Step == state.StepSubmit:
		ok = w.codes[l.subject] == o.station
	case l.party == state.PartySubmitter:
		ok = l.subject == "receipt:"+id.String()
	}
	if !ok {
		return "there is no such actor"
	}
	return ""
}

func admin(r viewer.Role) bool {
	return r == viewer.TownshipAdmin || r == viewer.CountyAdmin || r == viewer.CityAdmin
}
