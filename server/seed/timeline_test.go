package seed_test

import (
	"database/sql"
	"testing"

	"github.com/lianluo/lianluo/ent/state"
)

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
