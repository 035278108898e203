package rollup_test

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// deeds are what writers of a storm do; the likelier the more often a deed is named.
var deeds = []func(*writer) error{
	(*writer).openStation, (*writer).changeStation, (*writer).changeStation,
	(*writer).elect, (*writer).elect, (*writer).changeMandate, (*writer).changeMandate,
	(*writer).post, (*writer).post, (*writer).changePosting, (*writer).changePosting,
	(*writer).planVisit, (*writer).changeVisit,
	(*writer).hold, (*writer).hold, (*writer).hold, (*writer).confirm, (*writer).confirm, (*writer).confirm, (*writer).changeActivity,
	(*writer).changeActivity, (*writer).confirmDay, (*writer).forget,
	(*writer).attend, (*writer).attend, (*writer).changeAttendance, (*writer).changeAttendance, (*writer).measure,
	(*writer).speak, (*writer).speak, (*writer).speak, (*writer).step, (*writer).step, (*writer).step, (*writer).step, (*writer).step, (*writer).step,
	(*writer).credit, (*writer).judge, (*writer).judge, (*writer).draft,
	(*writer).move, (*writer).move, (*writer).reorganise,
}

// oneOf runs one of the statements on a row of the table; $1 is its id.
func (w *writer) oneOf(table string, statements ...string) error {
	return w.do(pick(w.Rand, statements), w.any(table))
}

func (w *writer) openStation() error {
	opened := w.someday()
	var closed any
	if w.IntN(3) == 0 {
		closed = opened.AddDate(0, w.IntN(4), w.IntN(3))
	}
	_, err := w.insert("station", []string{"kind", "name", "name_uniform", "opened_on", "closed_on", "division_id"},
		[]any{pick(w.Rand, kind.Stations), uuid.NewString(), true, opened, closed, w.any("division")})
	return err
}

func (w *writer) changeStation() error {
	if w.IntN(3) == 0 {
		return w.do(`UPDATE station SET kind = $2, version = version + 1 WHERE id = $1`, w.any("station"), pick(w.Rand, kind.Stations))
	}
	if w.IntN(2) == 0 {
		return w.do(`UPDATE station SET closed_on = greatest($2, opened_on) WHERE id = $1`, w.any("station"), maybe(w, w.someday()))
	}
	return w.oneOf("station",
		`DELETE FROM station WHERE id = $1`,
		`UPDATE station SET closed_on = NULL WHERE id = $1`,
		`UPDATE station SET opened_on = opened_on - 40 WHERE id = $1`,
		`UPDATE station SET kind = 'ONLINE', closed_on = NULL WHERE code = (SELECT code FROM station WHERE id = $1)`)
}

func (w *writer) elect() error {
	level := w.IntN(len(kind.CongressLevels))
	_, err := w.insert("mandate", []string{"level", "seat_code", "term_number", "election", "status", "elected_on", "deputy_id", "congress_id", "term_id"},
		[]any{kind.CongressLevels[level], 0, 18, "GENERAL", "CONFIRMED", w.someday(), pick(w.Rand, w.deputies), w.congresses[level], w.terms[level]})
	return err
}

func (w *writer) changeMandate() error {
	switch w.IntN(4) {
	case 0:
		return w.do(`UPDATE mandate SET status = 'ENDED', end_reason = 'MOVED_AWAY', ended_on = greatest($2, elected_on) WHERE id = $1`,
			w.any("mandate"), w.someday())
	case 1: // of several persons at once
		return w.do(`UPDATE mandate SET elected_on = least(elected_on, $1) WHERE level = $2`, w.someday(), pick(w.Rand, kind.CongressLevels))
	case 2: // it was somebody else
		return w.do(`UPDATE mandate SET deputy_id = $2 WHERE id = $1`, w.any("mandate"), pick(w.Rand, w.deputies))
	}
	return w.oneOf("mandate",
		`UPDATE mandate SET status = 'CONFIRMED', ended_on = NULL, end_reason = NULL WHERE id = $1`,
		`UPDATE mandate SET level = 'COUNTY' WHERE id = $1`,
		`DELETE FROM mandate WHERE id = $1`)
}

func (w *writer) post() error {
	row := func() []any {
		return []any{"PROXIMITY", w.someday(), w.any("station"), pick(w.Rand, w.deputies), w.any("mandate")}
	}
	_, err := w.insert("posting", []string{"basis", "started_on", "station_id", "deputy_id", "mandate_id"}, row(), row())
	return err
}

func (w *writer) changePosting() error {
	if w.IntN(2) == 0 {
		return w.do(`UPDATE posting SET ended_on = greatest($2, started_on), end_reason = '调整' WHERE id = $1`, w.any("posting"), w.someday())
	}
	return w.oneOf("posting",
		`UPDATE posting SET ended_on = NULL WHERE id = $1`,
		`UPDATE posting SET ended_on = greatest('2025-02-01', started_on) WHERE station_id = (SELECT station_id FROM posting WHERE id = $1)`,
		`UPDATE posting SET started_on = started_on - 31 WHERE deputy_id = (SELECT deputy_id FROM posting WHERE id = $1)`,
		`DELETE FROM posting WHERE id = $1`)
}

// hours are when something of a day begins and ends.
func hours(d time.Time) (begins, ends time.Time) {
	return shanghai(d).Add(9 * time.Hour), shanghai(d).Add(11 * time.Hour)
}

func (w *writer) planVisit() error {
	d := w.someday()
	begins, ends := hours(d)
	_, err := w.insert("visit_day", []string{"code_then", "day", "begins_at", "ends_at", "state", "station_id"},
		[]any{0, d, begins, ends, pick(w.Rand, state.VisitDays.States), w.any("station")})
	return err
}

func (w *writer) changeVisit() error {
	if w.IntN(4) == 0 {
		return w.oneOf("visit_day", `DELETE FROM visit_day WHERE id = $1`)
	}
	return w.do(`UPDATE visit_day SET state = $2 WHERE id = $1`, w.any("visit_day"), pick(w.Rand, state.VisitDays.States))
}

// hold records an activity with figures and with who came, perhaps as confirmed at once.
func (w *writer) hold() error {
	d := w.someday()
	begins, ends := hours(d)
	ids, err := w.insert("activity", []string{"code_then", "title", "way", "setting", "day", "begins_at", "ends_at", "state", "station_id", "visit_day_id"},
		[]any{0, "代表接待日", "RECEPTION", "IN_STATION", d, begins, ends, pick(w.Rand, state.Activities.States), w.any("station"), nil})
	if err != nil {
		return err
	}
	if err := w.come(ids[0], d); err != nil {
		return err
	}
	if w.IntN(2) == 0 {
		if err := w.count(ids[0]); err != nil {
			return err
		}
	}
	if w.IntN(2) == 0 {
		return w.do(`UPDATE activity SET state = 'CONFIRMED', confirmed_at = now() WHERE id = $1`, ids[0])
	}
	return nil
}

// come enters some who came, by one statement.
func (w *writer) come(activity uuid.UUID, d time.Time) error {
	var rows [][]any
	for i := range 1 + w.IntN(4) {
		row := []any{0, w.IntN(4) == 0, d, "RECORDED", activity, w.any("station")}
		if w.IntN(5) == 0 {
			row = append(row, nil, nil, nil, pick(w.Rand, w.organs), fmt.Sprintf("官员 %d", i))
		} else {
			row = append(row, pick(w.Rand, kind.CongressLevels), pick(w.Rand, w.deputies), w.any("mandate"), nil, nil)
		}
		rows = append(rows, row)
	}
	_, err := w.insert("attendance", []string{
		"code_then", "guest", "day", "source", "activity_id", "station_id", "level", "deputy_id", "mandate_id", "organ_id", "official_name",
	}, rows...)
	return err
}

func (w *writer) count(activity uuid.UUID) error {
	_, err := w.insert("activity_figure", []string{"activity_id", "figure_id", "value"},
		[]any{activity, w.figures[w.IntN(3)], w.IntN(100)}, []any{activity, w.figures[3+w.IntN(2)], w.IntN(100)})
	return err
}

func (w *writer) confirm() error {
	to := []state.Activity{state.ActivityConfirmed, state.ActivityConfirmed, state.ActivityRecorded, state.ActivityCancelled}
	return w.do(`UPDATE activity SET state = $2, version = version + 1 WHERE id = $1`, w.any("activity"), pick(w.Rand, to))
}

// confirmDay confirms all that is recorded of a day, or takes it all back.
func (w *writer) confirmDay() error {
	return w.do(`UPDATE activity SET state = $2::text WHERE id IN (SELECT id FROM activity WHERE day = $1 AND state <> $2::text ORDER BY id FOR UPDATE)`,
		w.someday(), pick(w.Rand, []state.Activity{state.ActivityConfirmed, state.ActivityRecorded}))
}

func (w *writer) changeActivity() error {
	id, d := w.any("activity"), w.someday()
	if w.IntN(2) == 0 {
		return w.do(`UPDATE activity SET title = title || '!' WHERE id = $1`, id)
	}
	// Put to another day: the activity, and who came.
	if err := w.do(`UPDATE activity SET day = $2 WHERE id = $1`, id, d); err != nil {
		return err
	}
	return w.do(`UPDATE attendance SET day = $2 WHERE activity_id = $1`, id, d)
}

// forget removes an activity and all of it.
func (w *writer) forget() error {
	id := w.any("activity")
	for _, query := range []string{
		`SELECT FROM activity WHERE id = $1 FOR UPDATE`, `DELETE FROM attendance WHERE activity_id = $1`,
		`DELETE FROM activity_figure WHERE activity_id = $1`, `DELETE FROM activity WHERE id = $1`,
	} {
		if err := w.do(query, id); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) attend() error { return w.come(w.any("activity"), w.someday()) }

func (w *writer) changeAttendance() error {
	if w.IntN(3) == 0 {
		return w.do(`UPDATE attendance SET deputy_id = $2 WHERE id = $1 AND deputy_id IS NOT NULL`, w.any("attendance"), pick(w.Rand, w.deputies))
	}
	return w.oneOf("attendance",
		`UPDATE attendance SET guest = NOT guest WHERE activity_id = (SELECT activity_id FROM attendance WHERE id = $1)`,
		`UPDATE attendance SET level = 'NATIONAL' WHERE id = $1 AND level IS NOT NULL`,
		`UPDATE attendance SET activity_id = (SELECT id FROM activity ORDER BY id DESC LIMIT 1) WHERE id = $1`,
		`DELETE FROM attendance WHERE id = $1`,
		`DELETE FROM attendance WHERE deputy_id = (SELECT deputy_id FROM attendance WHERE id = $1) AND day < '2024-12-01'`)
}

func (w *writer) measure() error {
	switch w.IntN(3) {
	case 0:
		return w.count(w.any("activity"))
	case 1:
		return w.do(`UPDATE activity_figure SET value = $2, figure_id = $3 WHERE id = $1`, w.any("activity_figure"), w.IntN(100), pick(w.Rand, w.figures))
	}
	return w.oneOf("activity_figure", `DELETE FROM activity_figure WHERE id = $1`)
}

// speak records opinions that have come to something already.
func (w *writer) speak() error {
	var rows [][]any
	for range 3 {
		at, coin := w.sometime(), func() bool { return w.IntN(2) == 0 }
		stands := pick(w.Rand, []string{"SUBMITTED", "ACCEPTED", "ACCEPTED", "DECLINED", "CONVERTED", "CLOSED"})
		open := stands == "SUBMITTED" || stands == "ACCEPTED"
		var accepted, closed any
		if stands != "SUBMITTED" && stands != "DECLINED" {
			accepted = at.AddDate(0, 0, w.IntN(40))
		}
		if stands == "CLOSED" {
			closed = at.AddDate(0, 0, 60)
		}
		rows = append(rows, []any{
			0, uuid.NewString(), pick(w.Rand, kind.Channel("").Values()), "路灯不亮", at, stands, "STATION", open, at, 0, "VILLAGE", w.any("station"),
			accepted, closed, maybe(w, at), w.IntN(2), coin(), coin(), coin(), pick(w.Rand, kind.Outcome("").Values()), pick(w.Rand, kind.Rating("").Values()),
			maybe(w, w.any("category")),
		})
	}
	_, err := w.insert("opinion", []string{
		"code_then", "number", "channel", "content", "submitted_at", "state", "waits_on", "open", "state_since", "holder_code", "level", "station_id",
		"accepted_at", "closed_at", "replied_at", "reworks", "hardship", "overdue", "late", "outcome", "rating", "category_id",
	}, rows...)
	return err
}

// step takes an opinion from wherever it is to anywhere else, as nobody could, which the sums need not care about.
func (w *writer) step() error {
	id, at := w.any("opinion"), w.sometime()
	coin := func() bool { return w.IntN(2) == 0 }
	switch w.IntN(10) {
	case 0, 1, 2:
		return w.do(`UPDATE opinion SET accepted_at = $2, state = 'ACCEPTED', open = true, closed_at = NULL, main_id = NULL, hardship = $3 WHERE id = $1`,
			id, at, coin())
	case 3, 4:
		return w.do(`UPDATE opinion SET state = $3::text, open = false, closed_at = CASE $3::text WHEN 'CLOSED' THEN $2::timestamptz END, state_since = $2,
			outcome = $4, main_id = NULL WHERE id = $1`, id, at, pick(w.Rand, []string{"CLOSED", "CLOSED", "DECLINED", "CONVERTED"}),
			pick(w.Rand, []kind.Outcome{kind.OutcomeSolved, kind.OutcomeSolved, kind.OutcomePlanned}))
	case 5:
		return w.do(`UPDATE opinion SET state = 'MERGED', open = false, main_id = $2 WHERE id = $1`, id, w.any("opinion"))
	case 6:
		return w.do(`UPDATE opinion SET overdue = $2, late = $3, hardship = $4, waits_on = $5 WHERE open = $2 OR id = $1`,
			id, coin(), coin(), coin(), pick(w.Rand, []string{"SUBMITTER", "STATION"}))
	case 7:
		return w.do(`UPDATE opinion SET replied_at = $2, fed_back_at = $3, reworks = $4, rating = $5 WHERE county_code = (SELECT county_code FROM opinion WHERE id = $1)`,
			id, maybe(w, at), maybe(w, at), w.IntN(2), pick(w.Rand, kind.Rating("").Values()))
	case 8:
		return w.do(`UPDATE opinion SET category_id = $2 WHERE id = $1`, id, maybe(w, w.any("category")))
	}
	return w.do(`DELETE FROM opinion WHERE id = $1`, id)
}

// judge writes how mandates stand with the norms of a period that is over, as the platform does.
func (w *writer) judge() error {
	if w.IntN(4) == 0 {
		return w.do(`DELETE FROM norm_standing WHERE mandate_id = $1`, w.any("mandate"))
	}
	return w.do(`INSERT INTO norm_standing (mandate_id, ended_on, met, missing, code, province_code, city_code, county_code, township_code)
		SELECT id, $2, $3, $4, code, province_code, city_code, county_code, township_code FROM mandate
		WHERE deputy_id = (SELECT deputy_id FROM mandate WHERE id = $1) ORDER BY id
		ON CONFLICT (mandate_id, ended_on) DO UPDATE SET met = EXCLUDED.met, missing = EXCLUDED.missing`,
		w.any("mandate"), w.someday(), w.IntN(4), w.IntN(4))
}

func (w *writer) credit() error {
	switch w.IntN(3) {
	case 0:
		return w.oneOf("point_entry", `DELETE FROM point_entry WHERE id = $1`, `UPDATE point_entry SET points = -points WHERE id = $1`)
	default:
		_, err := w.insert("point_entry", []string{"item", "deed", "deed_id", "day", "points", "correction", "scheme_id", "mandate_id", "deputy_id"},
			[]any{"STORY", "RECORD", randomID(w.Rand), w.someday(), w.IntN(50), false, w.scheme, w.any("mandate"), pick(w.Rand, w.deputies)})
		return err
	}
}

func (w *writer) draft() error {
	_, err := w.insert("suggestion", []string{"title", "content", "state", "deputy_id", "mandate_id"},
		[]any{"建议", "修桥", "DRAFT", pick(w.Rand, w.deputies), w.any("mandate")})
	return err
}

// placed are the tables whose rows follow when a place is moved.
var placed = []string{"station", "mandate", "posting", "visit_day", "activity", "activity_figure", "attendance", "point_entry", "opinion"}

// move puts what stands at one place to another, table by table.
func (w *writer) move() error {
	from, to := w.at(), w.at()
	args := append([]any{int64(from.code)}, codes(to)...)
	tables := placed
	if w.IntN(2) == 0 {
		tables = []string{pick(w.Rand, placed)}
	}
	for _, table := range tables {
		err := w.do(fmt.Sprintf(`UPDATE %s SET code = $2, province_code = $3, city_code = $4, county_code = $5, township_code = $6, version = version + 1
			WHERE code = $1`, table), args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// reorganise has places come and go, and be put directly below a city or back below their county.
func (w *writer) reorganise() error {
	code := int64(w.at().code)
	switch w.IntN(4) {
	case 0:
		return w.do(`UPDATE division SET valid_to = $2 WHERE code = $1`, code, maybe(w, w.someday()))
	case 1:
		return w.do(`UPDATE division SET placeholder = NOT placeholder WHERE code = $1 AND level IN ('TOWNSHIP', 'VILLAGE')`, code)
	case 2:
		return w.do(`UPDATE division SET county_code = NULL WHERE code >= $1 AND code < $1 + 1000000 AND level IN ('TOWNSHIP', 'VILLAGE')`, code)
	}
	return w.do(`UPDATE division SET county_code = code / 1000000 * 1000000 WHERE code >= $1 AND code < $1 + 1000000 AND level IN ('TOWNSHIP', 'VILLAGE')
		AND code / 1000000 % 100 <> 0`, code)
}
