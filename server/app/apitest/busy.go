package apitest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Busy is a deputy with a term full of work, at stations of several townships and counties of the world, and what of it a test has to know to
// count it again. The deputy and the stations are not the world's own.
type Busy struct {
	// Deputy sits in 430121 by Mandate, grouped in 430121107, from the day Elected; and is also posted to 430102.
	Deputy, Mandate, Elected string
	Facts                    []Fact

	w       *World
	r       *rand.Rand
	rows    map[string][]row
	today   time.Time
	serial  int
	other   string
	scheme  string
	station map[string]string // by place
}

// Fact is something that a record tells of the deputy.
type Fact struct {
	// Section is the archive's. ID is what deeds knows it by.
	Section, ID string
	// At is the place of the record, Day the day in China, as YYYY-MM-DD.
	At, Day string
	// Counts tells that it counts by its own state, wherever it is and whenever it was.
	Counts bool
	// Sort is the way of an attendance, the outcome of a duty, the state of an opinion, the kind of a record.
	Sort, Mode, Outcome, Rating string
	Guest, Taken                bool
	// N are hours or points, in tenths.
	N int
}

// workplaces are where the deputy works: the own township, a village of it, another township, another county.
var workplaces = []string{"430121107", "430121107201", "430121102", "430102"}

// busyTables are the tables of deputies' work, each after those its rows point to.
var busyTables = []string{
	"station", "deputy", "mandate", "posting", "visit_day", "visit_duty", "activity", "attendance", "opinion", "suggestion", "training", "training_attendance", "duty_record",
	"point_scheme", "point_entry", "point_claim", "point_check", "pairing", "pairing_contact", "standard", "evaluation_campaign", "evaluation",
}

// NewBusy invents a deputy with n records of each sort, up to some days past today. The same seed invents the same.
func (w *World) NewBusy(seed uint64, n int, today time.Time) *Busy {
	b := &Busy{
		Elected: elected, w: w, rows: map[string][]row{}, station: map[string]string{},
		today: today, other: w.Spot("430121107").Deputy,
		r: rand.New(rand.NewPCG(seed, 30)), //nolint:gosec // invents, and guards nothing
	}
	b.settle()
	b.point()
	for range n {
		b.attend(b.day(), b.place())
		b.opinion()
		b.work()
		b.pair()
	}
	for i := range n {
		b.duty(i)
	}
	for i := range 4 {
		b.evaluate(i)
	}
	return b
}

// Load writes the records as the owner.
func (b *Busy) Load(t testing.TB, owner *sql.DB) {
	t.Helper()
	for _, table := range busyTables {
		text, err := json.Marshal(b.rows[table])
		must(t, err)
		if _, err := owner.ExecContext(context.Background(), fmt.Sprintf(
			`INSERT INTO %[1]s SELECT * FROM jsonb_populate_recordset(null::%[1]s, $1)`, table), string(text)); err != nil {
			t.Fatalf("the busy deputy's table %s: %v", table, err)
		}
	}
}

// settle adds the deputy, and a station at each workplace, to all but one of which the deputy is posted.
func (b *Busy) settle() {
	b.Deputy = b.add("deputy", "430121107", row{
		"name": "安忙", "gender": "FEMALE", "birth_month": "1980-03-01", "ethnicity": "土家族", "work_unit": "某中学", "job_title": "教师",
	})
	spot := b.w.Spot("430121")
	b.Mandate = b.add("mandate", "430121107", row{
		"deputy_id": b.Deputy, "congress_id": spot.Congress, "term_id": spot.Term, "level": "COUNTY", "seat_code": number(Full("430121")), "term_number": 18,
		"election": "GENERAL", "status": "CONFIRMED", "elected_on": elected,
	})
	for _, at := range workplaces {
		b.station[at] = b.add("station", at, row{
			"division_id": b.w.Place(Full(at)).ID, "kind": "STATION", "name": b.w.Place(Full(at)).Name + "另一联络站", "name_uniform": false, "opened_on": opened,
			"address": "人民路2号",
		})
		if at != abroad {
			b.add("posting", at, row{
				"station_id": b.station[at], "deputy_id": b.Deputy, "mandate_id": b.Mandate, "basis": "CROSS", "started_on": opened,
			})
		}
	}
}

// abroad is where the deputy is a guest.
const abroad = "430121102"

func (b *Busy) add(table, at string, columns row) string {
	b.serial++
	key := id(fmt.Sprintf("busy %s %d", table, b.serial))
	r := row{"id": key, "version": 1, "created_at": stamp, "updated_at": stamp}
	for column, value := range b.w.area(Full(at)) {
		r[column] = value
	}
	for column, value := range columns {
		r[column] = value
	}
	b.rows[table] = append(b.rows[table], r)
	return key
}

func (b *Busy) tell(f Fact) {
	f.At = Full(f.At)
	b.Facts = append(b.Facts, f)
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func (b *Busy) place() string { return pick(b.r, workplaces...) }

// day is any from some weeks before the election to some after today; the edges come often.
func (b *Busy) day() string {
	first, err := time.Parse(time.DateOnly, elected)
	if err != nil {
		panic(err)
	}
	switch b.r.IntN(12) {
	case 0:
		return elected
	case 1:
		return first.AddDate(0, 0, -1-b.r.IntN(30)).Format(time.DateOnly)
	case 2:
		return b.today.Format(time.DateOnly)
	case 3:
		return b.today.AddDate(0, 0, 1+b.r.IntN(10)).Format(time.DateOnly)
	}
	return first.AddDate(0, 0, b.r.IntN(int(b.today.Sub(first).Hours()/24))).Format(time.DateOnly)
}

// moment is a time of a day in China, at any hour.
func (b *Busy) moment(day string) string {
	return fmt.Sprintf("%sT%02d:30:00+08:00", day, b.r.IntN(24))
}

var ways = []string{
	"RECEPTION", "HOUSEHOLD", "SUPERVISION", "HELP", "REPORT", "LECTURE", "RESEARCH", "INSPECTION", "STUDY", "LEGISLATION", "VOLUNTEER",
}

// activity adds an activity of a day at a place.
func (b *Busy) activity(day, at, state, visitDay string) (key, way, mode string) {
	way, mode = pick(b.r, ways...), pick(b.r, "", "RECEIVING", "VISITING", "APPOINTED")
	r := row{
		"code_then": number(Full(at)), "station_id": b.station[at], "title": "=cmd|'/c calc'!A1 走访<b>群众</b>", "way": way, "setting": "IN_STATION", "day": day,
		"begins_at": day + "T09:00:00+08:00", "ends_at": day + "T11:00:00+08:00", "state": state, "late": false, "events": 1,
	}
	if mode != "" {
		r["mode"] = mode
	}
	if visitDay != "" {
		r["visit_day_id"] = visitDay
	}
	return b.add("activity", at, r), way, mode
}

func (b *Busy) attend(day, at string) {
	state := pick(b.r, "CONFIRMED", "CONFIRMED", "CONFIRMED", "RECORDED", "HELD")
	key, way, mode := b.activity(day, at, state, "")
	b.present(key, day, at, state, way, mode)
}

func (b *Busy) present(activity, day, at, state, way, mode string) {
	guest := at == abroad
	key := b.add("attendance", at, row{
		"code_then": number(Full(at)), "activity_id": activity, "station_id": b.station[at], "deputy_id": b.Deputy, "mandate_id": b.Mandate,
		"level": "COUNTY", "guest": guest, "day": day, "source": "RECORDED",
	})
	b.tell(Fact{Section: "ATTENDANCE", ID: key, At: at, Day: day, Counts: state == "CONFIRMED", Sort: way, Mode: mode, Guest: guest})
}

// duty adds the nth duty on a visit day, on a day of its own.
func (b *Busy) duty(n int) {
	day, at := b.today.AddDate(0, 0, 3-n*7).Format(time.DateOnly), b.place()
	state := pick(b.r, "HELD", "HELD", "HELD", "MISSED", "CANCELLED", "PUBLISHED")
	visit := b.add("visit_day", at, row{
		"code_then": number(Full(at)), "station_id": b.station[at], "day": day, "begins_at": day + "T09:00:00+08:00", "ends_at": day + "T11:00:00+08:00",
		"state": state, "theme": "接待群众",
	})
	duty := func(deputy, mandate string, columns row) string {
		r := row{"visit_day_id": visit, "station_id": b.station[at], "deputy_id": deputy, "mandate_id": mandate, "replaced": false}
		for column, value := range columns {
			r[column] = value
		}
		return b.add("visit_duty", at, r)
	}
	f := Fact{Section: "VISIT_DAY", At: at, Day: day, Counts: true, Sort: map[string]string{
		"MISSED": "NOT_HELD", "CANCELLED": "CANCELLED", "PUBLISHED": "TO_COME",
	}[state]}
	otherMandate := b.w.Spot("430121107").Mandate
	switch b.r.IntN(4) {
	case 0: // someone takes it over
		f.ID, f.Sort = duty(b.Deputy, b.Mandate, row{"replaced": true, "reason": "出差"}), "REPLACED"
		duty(b.other, otherMandate, row{"substitute_for": f.ID})
	case 1: // it is taken over from someone
		taken := duty(b.other, otherMandate, row{"replaced": true, "reason": "生病"})
		f.ID, f.Taken = duty(b.Deputy, b.Mandate, row{"substitute_for": taken}), true
	default:
		f.ID = duty(b.Deputy, b.Mandate, nil)
	}
	if state == "HELD" {
		confirmed := pick(b.r, "CONFIRMED", "CONFIRMED", "RECORDED")
		key, way, mode := b.activity(day, at, confirmed, visit)
		there := f.Sort == "" && b.r.IntN(3) > 0
		if there {
			b.present(key, day, at, confirmed, way, mode)
		}
		switch {
		case f.Sort != "":
		case confirmed != "CONFIRMED":
			f.Sort = "UNCONFIRMED"
		case there:
			f.Sort = "KEPT"
		default:
			f.Sort = "MISSED"
		}
	}
	b.tell(f)
}

func (b *Busy) opinion() {
	day, at := b.day(), b.place()
	state := pick(b.r, "SUBMITTED", "HANDLING", "DECLINED", "CLOSED", "CLOSED", "CONVERTED")
	open := state == "SUBMITTED" || state == "HANDLING"
	r := row{
		"code_then": number(Full(at)), "number": fmt.Sprintf("BUSY-%08d", b.serial), "station_id": b.station[at], "deputy_id": b.Deputy, "channel": "IN_PERSON",
		"content": "宋某某反映的内容", "submitter_masked": "宋**", "phone_masked": "139****0001", "submitted_at": b.moment(day), "state": state, "waits_on": "NONE",
		"open": open, "state_since": stamp, "warned": false, "overdue": false, "late": false, "events": 1, "holder_code": number(Full("430121")), "level": "COUNTY",
		"hardship": false, "extended": false, "dissatisfied": 0, "reworks": 0, "key_case": false, "published": false,
	}
	f := Fact{Section: "OPINION", At: at, Day: day, Counts: state != "DECLINED", Sort: state}
	if state == "CLOSED" {
		f.Outcome, f.Rating = pick(b.r, "SOLVED", "UNDER_WAY", "PLANNED", "EXPLAINED"), pick(b.r, "", "SATISFIED", "BASICALLY_SATISFIED", "DISSATISFIED")
		r["outcome"] = f.Outcome
		if f.Rating != "" {
			r["rating"] = f.Rating
		}
	}
	f.ID = b.add("opinion", at, r)
	b.tell(f)
}

// work adds a suggestion, a course and a record of work.
func (b *Busy) work() {
	day, at := b.day(), b.place()
	key := b.add("suggestion", at, row{
		"deputy_id": b.Deputy, "mandate_id": b.Mandate, "title": "关于道路的建议", "content": "建议修路", "state": "DRAFT", "created_at": b.moment(day),
	})
	b.tell(Fact{Section: "SUGGESTION", ID: key, At: at, Day: day, Counts: true, Sort: "DRAFT"})

	day, at = b.day(), b.place()
	hours := 5 + b.r.IntN(100)
	course := b.add("training", "430121", row{
		"organ_id": b.w.Spot("430121").Organ, "title": "代表法学习", "from_on": day, "to_on": day, "hours": 100,
	})
	key = b.add("training_attendance", at, row{"training_id": course, "deputy_id": b.Deputy, "mandate_id": b.Mandate, "day": day, "hours": hours})
	b.tell(Fact{Section: "TRAINING", ID: key, At: at, Day: day, Counts: true, N: hours})

	day, at = b.day(), b.place()
	state, kind := pick(b.r, "CONFIRMED", "CONFIRMED", "SUBMITTED", "RETURNED"), pick(b.r, "JOURNAL", "LIVELIHOOD", "STORY", "DUTY_REPORT", "OTHER")
	key = b.add("duty_record", at, row{
		"deputy_id": b.Deputy, "mandate_id": b.Mandate, "kind": kind, "day": day, "title": "走访日志", "content": "走访了三户", "state": state,
	})
	b.tell(Fact{Section: "RECORD", ID: key, At: at, Day: day, Counts: state == "CONFIRMED", Sort: kind})

	if b.r.IntN(2) == 0 {
		b.entry(pick(b.r, b.Facts...))
	}
}

// point adds the scheme, a claim and the deputy's own word.
func (b *Busy) point() {
	b.scheme = b.add("point_scheme", "430121", row{
		"congress_id": b.w.Spot("430121").Congress, "level": "COUNTY", "name": "积分办法", "edition": 90, "from_on": founded,
		"items": []row{{"key": "VISIT", "name": "进站接待", "deed": "ATTENDANCE", "points": 15}, {"key": "AWARD", "name": "表彰", "deed": "CLAIM", "points": 0}},
	})
	at := "430121107"
	day := b.today.AddDate(0, -2, 0).Format(time.DateOnly)
	claim := b.add("point_claim", at, row{
		"scheme_id": b.scheme, "mandate_id": b.Mandate, "deputy_id": b.Deputy, "kind": "AWARD", "item": "AWARD", "day": day, "text": "获县级表彰", "state": "APPROVED",
		"points": 50,
	})
	b.entry(Fact{Section: "CLAIM", ID: claim, Day: day})
	b.add("point_check", at, row{"mandate_id": b.Mandate, "deputy_id": b.Deputy, "year": 2025, "points": 123, "agreed": false, "note": "少记一次"})
}

// entry adds a line to the ledger for something that was done.
func (b *Busy) entry(f Fact) {
	if !slices.Contains([]string{"ATTENDANCE", "OPINION", "SUGGESTION", "TRAINING", "RECORD", "CONTACT", "CLAIM"}, f.Section) {
		return
	}
	item, n := "VISIT", 15-b.r.IntN(40)
	if f.Section == "CLAIM" {
		item, n = "AWARD", 50
	}
	key := b.add("point_entry", "430121107", row{
		"scheme_id": b.scheme, "mandate_id": b.Mandate, "deputy_id": b.Deputy, "item": item, "deed": f.Section, "deed_id": f.ID, "day": f.Day, "points": n,
		"correction": n < 0,
	})
	b.tell(Fact{Section: "POINT", ID: key, At: "430121107", Day: f.Day, Counts: true, N: n})
}

// pair adds a pairing, which the deputy leads or is led by, with a contact.
func (b *Busy) pair() {
	day, at := b.day(), b.place()
	r := row{
		"congress_id": b.w.Spot("430121").Congress, "kind": "UPPER_LOWER", "leader_name": "周某", "started_on": founded, "leader_deputy_id": b.Deputy, "deputy_id": b.other,
	}
	if b.r.IntN(2) == 0 {
		r["leader_deputy_id"], r["deputy_id"] = b.other, b.Deputy
	}
	if b.r.IntN(3) == 0 {
		r["ended_on"], r["end_reason"] = "2021-10-01", "调整" // before the mandate
	}
	pairing := b.add("pairing", at, r)
	key := b.add("pairing_contact", at, row{
		"pairing_id": pairing, "leader_deputy_id": r["leader_deputy_id"], "deputy_id": r["deputy_id"], "day": day, "way": "VISIT", "note": "走访联系",
	})
	b.tell(Fact{Section: "CONTACT", ID: key, At: at, Day: day, Counts: true, Sort: "VISIT"})
	if r["ended_on"] == nil {
		b.tell(Fact{Section: "PAIRING", ID: pairing, At: at, Day: elected, Counts: true})
	}
}

// evaluate adds the nth evaluation, every other one published.
func (b *Busy) evaluate(n int) {
	congress := b.w.Spot("430121").Congress
	day := b.today.AddDate(0, 0, -30*n-1).Format(time.DateOnly)
	standard := b.add("standard", "430121", row{
		"congress_id": congress, "subject": "DEPUTY", "name": fmt.Sprintf("代表考评标准%d", n), "edition": 90, "from_on": founded,
		"items": []row{{"key": "A", "name": "出勤", "points": 1000, "evidence": false}},
	})
	campaign := b.add("evaluation_campaign", "430121", row{
		"congress_id": congress, "standard_id": standard, "name": "年度考评", "from_on": "2025-01-01", "to_on": "2025-12-31", "self_until": "2026-01-31", "state": "PUBLISHED",
	})
	r := row{"campaign_id": campaign, "deputy_id": b.Deputy, "mandate_id": b.Mandate, "state": "REVIEWED", "self_total": 900}
	if n%2 == 0 {
		r["published_at"], r["total"], r["stars"] = day+"T10:00:00+08:00", 955, 5
	}
	key := b.add("evaluation", "430121107", r)
	b.tell(Fact{Section: "EVALUATION", ID: key, At: "430121107", Day: day, Counts: n%2 == 0, N: 955})
}
