package apitest

import (
	"fmt"
	"slices"

	"github.com/lianluo/lianluo/server/app/oracle"
)

// DutyPlaces are the places at which deputies are at work: two counties of a city, their townships, a village, another city's county and
// another province's, and those above.
var DutyPlaces = []string{
	"43", "4301", "430121", "430121107", "430121107201", "430102", "430102002", "4310", "431002", "431002001", "440305",
}

// The days of deputies' work: of what was, and of what is yet to come, long after any test is run.
const (
	past   = "2024-05-15"
	coming = "2031-05-15"
)

// Of is the id of something of deputies' work at a place, by the word it is added with.
func Of(what, at string) string { return id(what + " " + Full(at)) }

// hours are the columns of a day on which something takes place.
func hours(day string) row {
	return row{"day": day, "begins_at": day + "T01:00:00Z", "ends_at": day + "T03:00:00Z"}
}

func merge(rows ...row) row {
	out := row{}
	for _, r := range rows {
		for k, v := range r {
			out[k] = v
		}
	}
	return out
}

// addDuty adds what deputies do, and the rules for it.
func (w *World) addDuty() {
	for _, at := range []string{"0", "43", "4301", "430121", "430121107", "430102", "4310", "431002", "44", "440305"} {
		w.addRules(at)
	}
	for _, at := range DutyPlaces {
		w.addVisits(at)
		w.addActivities(at)
	}
	w.Index()
	for _, at := range []string{"430121", "430121107201", "430102", "431002", "440305"} {
		w.addRule("visit_rule", Of("rule station", at), at, visitRule(w.Spot(at).Station))
	}
	w.addGuests()
	w.Index()
	w.addWork()
	w.addPairings()
	w.addEvaluations()
	w.addDutyNotices()
	w.Index()
	w.suspend()
}

// suspend says since when the suspended mandate is.
func (w *World) suspend() {
	for _, r := range w.rows["mandate"] {
		if r["id"] == Who(Suspended, "mandate") {
			r["suspensions"] = []row{{"from": "2024-01-01"}}
		}
	}
}

func (w *World) addRule(table, id, at string, columns row) {
	r := &oracle.Rule{ID: id, Of: table, At: Full(at)}
	if s, ok := columns["station_id"].(string); ok {
		r.Station = s
	}
	r.Published = table == "evaluation_campaign" && columns["published_at"] != nil
	if table == "visit_rule" {
		columns["division_id"] = w.Place(Full(at)).ID
	}
	w.Rules = append(w.Rules, r)
	w.add(table, id, Full(at), columns)
	w.Index()
}

func visitRule(station string) row {
	r := row{
		"name": "每月接待日", "recurrence": "MONTH_DAYS", "days": []int{15}, "shift": "NONE", "from_on": opened, "begins_minute": 540, "ends_minute": 660,
		"per_day": 2, "theme": "倾听民声",
	}
	if station != "" {
		r["station_id"] = station
	}
	return r
}

// Figures are the keys of the nation's key figures, which are the platform's own.
var Figures = []string{"RECEIVED", "VISITED", "LECTURES", "SOLVED"}

// FigureOf is the id of a key figure of the nation's by its key, and of a place's own, which has the key OWN and the place's digits.
func FigureOf(at, key string) string {
	if n := slices.Index(Figures, key); n >= 0 {
		return fmt.Sprintf("01930000-0000-7000-8000-%012d", n+1)
	}
	return id("figure " + at + " " + key)
}

// addRules adds one rule of each sort of a place with a congress.
func (w *World) addRules(at string) {
	s := w.Spot(at)
	item := []row{{"key": "RECEPTION", "name": "参加接待", "deed": "ATTENDANCE", "ways": []string{"RECEPTION"}, "period": "MONTH", "required": 1}}
	award := []row{
		{"key": "RECEPTION", "name": "参加接待", "deed": "ATTENDANCE", "points": 20},
		{"key": "AWARD", "name": "受到表彰", "deed": "CLAIM", "points": 50},
	}
	list := []row{{"key": "SIGN", "name": "有标牌", "points": 1000, "evidence": false}}
	level := congressLevel[w.Place(Full(at)).Level]
	w.addRule("visit_rule", Of("rule", at), at, visitRule(""))
	if at == "0" {
		for _, key := range Figures {
			w.addRule("key_figure", FigureOf("0", key), "0", row{"key": key, "name": "指标" + key, "unit": "人次", "type": "COUNT", "from_on": "1949-10-01"})
		}
	}
	w.addRule("key_figure", FigureOf(at, "OWN"), at, row{"key": "OWN" + at, "name": "慰问物资", "unit": "份", "type": "COUNT", "from_on": opened, "campaign": "大走访"})
	w.addRule("norm_set", Of("norms", at), at, row{"congress_id": s.Congress, "level": level, "name": "履职标准", "edition": 1, "items": item, "from_on": opened})
	w.addRule("point_scheme", Of("scheme", at), at, row{"congress_id": s.Congress, "level": level, "name": "积分办法", "edition": 1, "items": award, "from_on": opened})
	w.addRule("pairing_rule", Of("pairing rule", at), at, row{
		"congress_id": s.Congress, "kind": "MEMBER_DEPUTY", "least": 1, "most": 8, "times": 1, "period": "QUARTER", "from_on": opened,
	})
	w.addRule("training", Of("training", at), at, row{
		"organ_id": s.Organ, "title": "履职培训", "teacher": "林老师", "location": "党校", "from_on": past, "to_on": past, "hours": 20, "summary": "学习代表法",
	})
	w.addRule("standard", Of("standard", at), at, row{
		"congress_id": s.Congress, "subject": "STATION", "name": "五有四公开", "edition": 1, "items": list, "stars": []row{{"stars": 5, "from": 900}}, "from_on": opened,
	})
	w.addRule("standard", Of("standard of deputies", at), at, row{
		"congress_id": s.Congress, "subject": "DEPUTY", "name": "代表考评", "edition": 1, "items": list, "from_on": opened,
	})
}

// host is who is on duty at a place: the deputy posted to its station, on the ground of a mandate.
func (w *World) host(at string) (deputy, mandate string) {
	switch at {
	case "430121107201":
		return Who(Double), Who(Double, "mandate")
	case "430102002":
		return Who(Moved), Who(Moved, "mandate")
	case "431002001":
		return Who(Far), Who(Far, "mandate")
	default:
		s := w.Spot(at)
		return s.Deputy, s.Mandate
	}
}

// addVisits adds a visit day that is published and one that is not, who is on duty and who was replaced, and appointments.
func (w *World) addVisits(at string) {
	s := w.Spot(at)
	for _, d := range []struct {
		what, day, state string
		published        bool
	}{{"day", coming, "PUBLISHED", true}, {"day planned", "2031-06-15", "PLANNED", false}, {"day held", past, "HELD", true}} {
		w.addVisitDay(Of(d.what, at), s.Station, d.day, d.state, d.published)
		deputy, mandate := w.host(at)
		w.addDutyOf(Of("duty "+d.what, at), Of(d.what, at), deputy, mandate, false)
	}
	w.addDutyOf(Of("duty replaced", at), Of("day", at), Who(Left), Who(Left, "mandate"), true)
	deputy, _ := w.host(at)
	w.addAppointment(Of("appointment", at), Of("day", at), deputy, "", "REQUESTED")
	if s.Department != "" {
		w.addAppointment(Of("appointment with department", at), Of("day", at), "", s.Department, "ACCEPTED")
	}
}

func (w *World) addVisitDay(id, station, day, state string, published bool) {
	d := &oracle.VisitDay{ID: id, Station: station, State: state, Day: day, Published: published}
	w.VisitDays = append(w.VisitDays, d)
	at := w.At(station)
	r := merge(hours(day), row{"station_id": station, "code_then": w.written(id, at), "state": state, "theme": "倾听民声", "location": "一楼大厅"})
	if published {
		r["published_at"] = stamp
	}
	w.add("visit_day", id, at, r)
	w.Index()
}

func (w *World) addDutyOf(id, day, deputy, mandate string, replaced bool) {
	d := &oracle.Duty{ID: id, Day: day, Deputy: deputy, Replaced: replaced}
	w.Duties = append(w.Duties, d)
	w.add("visit_duty", id, w.At(day), row{
		"visit_day_id": day, "station_id": oracle.Get[*oracle.VisitDay](&w.World, day).Station, "deputy_id": deputy, "mandate_id": mandate, "replaced": replaced,
	})
	w.Index()
}

func (w *World) addAppointment(key, day, deputy, organ, state string) {
	w.told++
	a := &oracle.Appointment{ID: key, Day: day, Deputy: deputy, Organ: organ, State: state}
	w.Appointments = append(w.Appointments, a)
	at, station := w.At(day), oracle.Get[*oracle.VisitDay](&w.World, day).Station
	x := &oracle.Asker{ID: id("asker " + key), Appointment: key, Name: "宋" + string([]rune("甲乙丙丁戊己庚辛")[w.told%8]), Phone: "1370731" + lastFour(w.told)}
	w.Askers = append(w.Askers, x)
	r := row{
		"number": NumberOf(w.told), "station_id": station, "visit_day_id": day, "topic": "道路积水", "requester_masked": "宋**",
		"phone_masked": "137****" + lastFour(w.told), "state": state, "requested_at": stamp, "moves": 0,
	}
	if deputy != "" {
		r["deputy_id"] = deputy
	} else {
		r["organ_id"], r["official_title"] = organ, "局长"
	}
	if state != "REQUESTED" {
		r["decided_at"] = stamp
	}
	w.add("appointment", key, at, r)
	w.add("appointment_contact", x.ID, at, row{
		"appointment_id": key, "station_id": station, "name": x.Name, "phone": x.Phone, "phone_digits": x.Phone, "consent_version": "2026-1",
		"consented_at": stamp,
	})
	w.add("appointment_receipt", id("receipt "+key), "", row{"appointment_id": key, "token_hash": hashOf(Receipt(key))})
	w.Index()
}

// addActivities adds one that is confirmed, with those who came and what was counted, and one that is planned.
func (w *World) addActivities(at string) {
	s := w.Spot(at)
	w.addActivity(Of("activity", at), s.Station, "CONFIRMED", past)
	w.addActivity(Of("activity planned", at), s.Station, "PLANNED", coming)
	deputy, mandate := w.host(at)
	w.attend(Of("activity", at), s.Station, deputy, mandate, "")
	if s.Organ != "" {
		w.attend(Of("activity", at), s.Station, "", "", s.Organ)
	}
	if at == "430102" || at == "431002001" { // others count too, and not everything has been held or is confirmed
		w.addVisitDay(Of("day missed", at), s.Station, "2024-04-15", "MISSED", true)
		w.addVisitDay(Of("day cancelled", at), s.Station, "2024-06-15", "CANCELLED", true)
		w.addActivity(Of("activity recorded", at), s.Station, "RECORDED", past)
	}
	if at == "430121107201" || at == "430102002" {
		w.attend(Of("activity planned", at), s.Station, deputy, mandate, "")
	}
}

func (w *World) addActivity(key, station, state, day string) {
	a := &oracle.Activity{ID: key, Station: station, State: state, Way: "RECEPTION", Day: day}
	w.Activities = append(w.Activities, a)
	at := w.At(station)
	events := 1
	r := merge(hours(day), row{
		"station_id": station, "code_then": w.written(key, at), "title": "接待群众", "way": a.Way, "setting": "IN_STATION", "mode": "RECEIVING", "theme": "倾听民声",
		"campaign": "大走访", "location": "一楼大厅", "state": state, "late": false, "events": events, "summary": "群众反映三件事",
	})
	if state == "CONFIRMED" {
		r["recorded_at"], r["confirmed_at"] = past+"T08:00:00Z", past+"T09:00:00Z"
	}
	w.add("activity", key, at, r)
	w.Index()
	e := &oracle.OfActivity{ID: id("activity_event " + key), Of: "activity_event", Activity: key}
	w.OfActivities = append(w.OfActivities, e)
	w.add(e.Of, e.ID, at, row{
		"activity_id": key, "sequence": 1, "verb": "planActivity", "to_state": "PLANNED", "occurred_at": stamp, "subject": "operator:world",
		"role": "STATION_KEEPER", "actor_code": number(at),
	})
	for n, figure := range Figures {
		if n > 0 && n != len(w.Activities)%5 {
			continue
		}
		o := &oracle.OfActivity{ID: id("activity_figure " + key + figure), Of: "activity_figure", Activity: key, Key: figure, Value: 12 + n}
		w.OfActivities = append(w.OfActivities, o)
		w.add(o.Of, o.ID, at, row{"activity_id": key, "figure_id": FigureOf("0", figure), "value": o.Value})
	}
	w.addFileOf("activity_id", key)
	w.Index()
}

// addFileOf adds a file of something that deputies do.
func (w *World) addFileOf(column, of string) {
	w.Index()
	a := &oracle.Attachment{ID: id("file " + of), Of: of}
	w.Attachments = append(w.Attachments, a)
	w.add("attachment", a.ID, w.At(of), merge(fileOf(a.ID), row{column: of, "shown": false}))
}

// attend adds the presence of a deputy on the ground of a mandate, or of an official of an organ.
func (w *World) attend(activity, station, deputy, mandate, organ string) {
	day := oracle.Get[*oracle.Activity](&w.World, activity).Day
	a := &oracle.Attendance{ID: id("attendance " + activity + station + deputy + organ), Activity: activity, Station: station, Deputy: deputy, Organ: organ, Day: day}
	w.Attendances = append(w.Attendances, a)
	at := w.At(station)
	r := row{"activity_id": activity, "station_id": station, "code_then": w.written(a.ID, at), "day": day, "source": "RECORDED", "guest": false}
	if a.CheckIn = day == coming; a.CheckIn {
		r["source"], r["checked_in_at"] = "CHECK_IN", day+"T01:30:00Z"
	}
	if deputy != "" {
		m := oracle.Get[*oracle.Mandate](&w.World, mandate)
		a.Level = m.Level
		a.Guest = !slices.ContainsFunc(w.Postings, func(p *oracle.Posting) bool { return p.Deputy == deputy && p.Station == station })
		r["deputy_id"], r["mandate_id"], r["level"], r["guest"] = deputy, mandate, m.Level, a.Guest
	} else {
		r["organ_id"], r["official_name"], r["official_title"] = organ, w.name(), "主任"
	}
	w.add("attendance", a.ID, at, r)
	w.Index()
}

// Joint activities: one hosted at 430121107 with the stations of 430102 and of 430121107201, one hosted at 440305, in another province, with
// that of 430102; each confirmed and, with the word "planned", to come.
var joint = []struct{ host, with string }{{"430121107", "430102"}, {"430121107", "430121107201"}, {"440305", "430102"}}

// JointOf is the id of the joint activity of a host, planned or confirmed.
func JointOf(host string, planned bool) string {
	return id(fmt.Sprintf("joint %s %t", Full(host), planned))
}

// addGuests adds joint activities and deputies at stations of elsewhere.
func (w *World) addGuests() {
	for _, planned := range []bool{false, true} {
		for _, host := range []string{"430121107", "440305"} {
			state, day := "CONFIRMED", past
			if planned {
				state, day = "PLANNED", coming
			}
			w.addActivity(JointOf(host, planned), w.Spot(host).Station, state, day)
		}
		for _, j := range joint {
			x := &oracle.Joined{ID: id(fmt.Sprint("joined ", j, planned)), Activity: JointOf(j.host, planned), Station: w.Spot(j.with).Station}
			w.Joints = append(w.Joints, x)
			w.add("activity_station", x.ID, Full(j.with), row{
				"activity_id": x.Activity, "station_id": x.Station, "host_code": number(Full(j.host)),
			})
		}
	}
	for _, r := range w.rows["activity"] {
		if r["id"] == JointOf("430121107", false) || r["id"] == JointOf("430121107", true) || r["id"] == JointOf("440305", false) || r["id"] == JointOf("440305", true) {
			r["setting"] = "JOINT"
		}
	}
	w.Index()
	w.attend(JointOf("430121107", false), w.Spot("430102").Station, Who(Crossing), Who(Crossing, "mandate"), "")
	w.attend(JointOf("430121107", true), w.Spot("430102").Station, Who(Crossing), Who(Crossing, "mandate"), "")
	w.attend(JointOf("430121107", false), w.Spot("430121107").Station, w.Spot("430121107").Deputy, w.Spot("430121107").Mandate, "")
	w.attend(JointOf("440305", false), w.Spot("430102").Station, Who(Provincial), Who(Provincial, "mandate"), "")
	w.attend(Of("activity", "431002"), w.Spot("431002").Station, Who(Left), Who(Left, "mandate"), "")
	w.attend(Of("activity", "431002"), w.Spot("431002").Station, Who(Moved), Who(Moved, "before"), "")
	w.attend(Of("activity", "430121"), w.Spot("430121").Station, Who(Retired), Who(Retired, "mandate"), "")
	w.attend(Of("activity", "430121"), w.Spot("430121").Station, Who(National), Who(National, "mandate"), "")
	w.attend(Of("activity", "430102"), w.Spot("430102").Station, Who(Moved), Who(Moved, "mandate"), "")
	// What a deputy does after having left a place is none of its business.
	w.addActivity(Of("activity later", "430102002"), w.Spot("430102002").Station, "CONFIRMED", "2025-05-15")
	w.attend(Of("activity later", "430102002"), w.Spot("430102002").Station, Who(Moved), Who(Moved, "mandate"), "")
	w.addDutyOf(Of("duty guest", "430102"), Of("day", "430102"), Who(Crossing), Who(Crossing, "mandate"), false)
}
