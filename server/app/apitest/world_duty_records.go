package apitest

import (
	"fmt"

	"github.com/lianluo/lianluo/server/app/oracle"
)

// worker is a deputy of whom records are kept, with one of the mandates.
type worker struct{ deputy, mandate string }

// workers are the deputies posted at the places at work, and the special cases.
func (w *World) workers() []worker {
	var out []worker
	for _, at := range []string{"43", "4301", "430121", "430121107", "430102", "4310", "431002", "440305"} {
		s := w.Spot(at)
		out = append(out, worker{s.Deputy, s.Mandate})
	}
	for _, name := range []string{Crossing, Far, Retired, Provincial, National, Moved, Left} {
		out = append(out, worker{Who(name), Who(name, "mandate")})
	}
	return append(out, worker{Who(Moved), Who(Moved, "before")}, worker{Who(Double), Who(Double, "mandate")}, worker{Who(Double), Who(Double, "county")})
}

// WorkOf is the id of what stands on a mandate, by table.
func WorkOf(table, mandate string) string { return id(table + " " + mandate) }

// schemeFor is the nearest place at or above a mandate's with a scheme of the world's.
func (w *World) schemeFor(at string) string {
	for p := w.Place(at); p != nil; p = w.Place(p.Parent) {
		for _, r := range w.Rules {
			if r.Of == "point_scheme" && r.At == p.Code {
				return r.ID
			}
		}
	}
	return ""
}

// addWork adds to each mandate at work a record, a line of the ledger, a claim, a check and a course attended. What is confirmed and approved belongs to
// those who ask nothing in the matrix.
func (w *World) addWork() {
	for i, x := range w.workers() {
		m := oracle.Get[*oracle.Mandate](&w.World, x.mandate)
		scheme := w.schemeFor(m.At)
		done := x.deputy == Who(National) || x.deputy == Who(Provincial)
		state := map[bool]string{true: "CONFIRMED", false: "SUBMITTED"}[done]
		common := row{"deputy_id": x.deputy, "mandate_id": x.mandate}
		add := func(of, state, kind, item string, points int, more row) {
			k := &oracle.Work{ID: WorkOf(of, x.mandate), Of: of, Mandate: x.mandate, Deputy: x.deputy, State: state, Day: past, Kind: kind, Item: item, Points: points}
			w.Works = append(w.Works, k)
			w.add(of, k.ID, m.At, merge(common, more))
		}
		add("duty_record", state, "JOURNAL", "", 0, row{"kind": "JOURNAL", "day": past, "title": "民情日志", "content": "走访三户。", "state": state})
		add("point_entry", "", "", "RECEPTION", 20, row{
			"item": "RECEPTION", "deed": "ATTENDANCE", "deed_id": id("deed " + x.mandate), "day": past, "points": 20, "correction": false, "scheme_id": scheme,
		})
		claim := row{"kind": "AWARD", "item": "AWARD", "day": past, "text": "获得县级表彰", "state": "SUBMITTED", "scheme_id": scheme}
		if done {
			claim["state"], claim["points"], claim["decided_at"] = "APPROVED", 50, stamp
			add("point_claim", "APPROVED", "AWARD", "AWARD", 50, claim)
		} else {
			add("point_claim", "SUBMITTED", "AWARD", "AWARD", 0, claim)
		}
		add("point_check", "", "", "", 0, row{"year": 2024, "points": 20, "agreed": true, "note": "无异议"})
		stands := &oracle.Standing{ID: x.mandate + " 2024-06-30", Mandate: x.mandate, EndedOn: "2024-06-30", Met: 2, Missing: i % 3}
		w.Standings = append(w.Standings, stands)
		w.add("norm_standing", "", m.At, row{"mandate_id": x.mandate, "ended_on": stands.EndedOn, "met": stands.Met, "missing": stands.Missing})
		if course := w.courseFor(m.At); i%2 == 0 || x.deputy == Who(Left) {
			add("training_attendance", "", "", "", 0, row{"training_id": course, "day": past, "hours": 20})
		}
	}
	w.Index()
	for _, x := range w.workers() {
		w.addFileOf("duty_record_id", WorkOf("duty_record", x.mandate))
		w.addFileOf("claim_id", WorkOf("point_claim", x.mandate))
	}
}

// courseFor is the nearest course at or above a place.
func (w *World) courseFor(at string) string {
	for p := w.Place(at); p != nil; p = w.Place(p.Parent) {
		for _, r := range w.Rules {
			if r.Of == "training" && r.At == p.Code {
				return r.ID
			}
		}
	}
	return ""
}

// PairingOf is the id of a pairing of the world by its number.
func PairingOf(n int) string { return id(fmt.Sprintf("pairing %d", n)) }

// addPairings adds pairings across levels: deputies with deputies, with a station and with a township, an organ with deputies; and their contacts.
func (w *World) addPairings() {
	for n, x := range []struct {
		of, kind, leader, organ, deputy, station, division string
	}{
		{of: "430121", kind: "MEMBER_DEPUTY", leader: w.Spot("430121").Deputy, deputy: Who(Crossing)},
		{of: "430121", kind: "LEADER_TOWNSHIP", leader: w.Spot("430121").Deputy, division: "430121107"},
		{of: "430121", kind: "COMMITTEE_DEPUTY", organ: w.Spot("430121").Organ, deputy: Who(Double)},
		{of: "4301", kind: "LEADER_STATION", leader: w.Spot("4301").Deputy, station: "430102"},
		{of: "4301", kind: "LEADER_STATION", organ: w.Spot("4301").Organ, station: "430121107201"},
		{of: "430102", kind: "REELECTED_NEW", leader: Who(Left), deputy: Who(Moved)},
		{of: "430102", kind: "LEADER_TOWNSHIP", leader: w.Spot("430102").Deputy, division: "430102002"},
		{of: "43", kind: "UPPER_LOWER", leader: Who(Provincial), deputy: w.Spot("431002").Deputy},
		{of: "440305", kind: "MEMBER_DEPUTY", leader: w.Spot("440305").Deputy, deputy: Who(Far)},
	} {
		p := &oracle.Pairing{ID: PairingOf(n), Leader: x.leader, Deputy: x.deputy}
		r := row{"congress_id": w.Spot(x.of).Congress, "kind": x.kind, "leader_name": "林某", "leader_title": "主任", "started_on": opened}
		if x.leader != "" {
			r["leader_deputy_id"] = x.leader
		} else {
			r["leader_organ_id"] = x.organ
		}
		switch {
		case x.deputy != "":
			p.At, r["deputy_id"] = w.At(x.deputy), x.deputy
		case x.station != "":
			p.At, p.Station = Full(x.station), w.Spot(x.station).Station
			r["station_id"] = p.Station
		default:
			p.At, r["division_id"] = Full(x.division), w.Place(Full(x.division)).ID
		}
		w.Pairings = append(w.Pairings, p)
		w.add("pairing", p.ID, p.At, r)
		c := &oracle.Contact{ID: id("contact of " + p.ID), Pairing: p.ID, Day: past}
		w.Contacts = append(w.Contacts, c)
		contact := row{"pairing_id": p.ID, "day": past, "way": "VISIT", "note": "走访座谈"}
		for column, deputy := range map[string]string{"leader_deputy_id": x.leader, "deputy_id": x.deputy} {
			if deputy != "" {
				contact[column] = deputy
			}
		}
		w.add("pairing_contact", c.ID, p.At, contact)
		w.Index()
	}
}

// CampaignOf is the id of the campaign of a place; those of 430102 and 431002 are published, the others are not.
func CampaignOf(at string) string { return Of("campaign", at) }

// EvaluationOf is the id of the part of something in the campaign of a place.
func EvaluationOf(at, of string) string { return id("evaluation " + Full(at) + of) }

// addEvaluations adds campaigns of several levels, with deputies, stations and townships below.
func (w *World) addEvaluations() {
	for _, c := range []struct {
		at, state string
		published bool
	}{{"43", "OPEN", false}, {"430121", "REVIEWING", false}, {"430102", "PUBLISHED", true}, {"431002", "PUBLISHED", true}, {"440305", "OPEN", false}} {
		r := row{
			"congress_id": w.Spot(c.at).Congress, "standard_id": Of("standard", c.at), "name": "年度考评", "from_on": "2024-01-01", "to_on": "2024-12-31",
			"self_until": "2031-12-31", "state": c.state,
		}
		if c.published {
			r["published_at"] = stamp
		}
		w.addRule("evaluation_campaign", CampaignOf(c.at), c.at, r)
	}
	for _, x := range []struct {
		campaign, deputy, mandate, station, division string
		late                                         bool // reviewed when the others had been published
	}{
		{campaign: "43", station: w.Spot("430121107").Station},
		{campaign: "43", deputy: Who(Provincial), mandate: Who(Provincial, "mandate")},
		{campaign: "430121", deputy: Who(Crossing), mandate: Who(Crossing, "mandate")},
		{campaign: "430121", deputy: Who(Double), mandate: Who(Double, "county")},
		{campaign: "430121", station: w.Spot("430121107201").Station},
		{campaign: "430121", station: w.Spot("430121").Station},
		{campaign: "430121", division: "430121107"},
		{campaign: "430102", deputy: Who(Moved), mandate: Who(Moved, "mandate")},
		{campaign: "430102", deputy: Who(Left), mandate: Who(Left, "mandate")},
		{campaign: "430102", station: w.Spot("430102").Station},
		{campaign: "430102", division: "430102002"},
		{campaign: "431002", station: w.Spot("431002001").Station},
		{campaign: "431002", station: w.Spot("431002").Station, late: true},
		{campaign: "440305", station: w.Spot("440305").Station},
		{campaign: "440305", deputy: Who(Far), mandate: Who(Far, "mandate")},
	} {
		published := x.campaign == "430102" || x.campaign == "431002" && !x.late
		e := &oracle.Evaluation{
			ID: EvaluationOf(x.campaign, x.mandate+x.station+Full(x.division)), Campaign: CampaignOf(x.campaign), Deputy: x.deputy, Station: x.station, Published: published,
		}
		r := row{"campaign_id": e.Campaign, "state": "SELF_EVALUATED", "self_total": 900, "self_at": stamp, "self_scores": []row{{"key": "SIGN", "points": 900}}}
		switch {
		case x.deputy != "":
			e.At, r["deputy_id"], r["mandate_id"] = w.At(x.mandate), x.deputy, x.mandate
		case x.station != "":
			e.At, r["station_id"] = w.At(x.station), x.station
		default:
			e.At, r["division_id"] = Full(x.division), w.Place(Full(x.division)).ID
		}
		given := row{"total": 950, "stars": 5, "scores": []row{{"key": "SIGN", "points": 950}}}
		if published {
			r = merge(r, given, row{"published_at": stamp, "state": "REVIEWED"})
		}
		w.Evaluations = append(w.Evaluations, e)
		w.add("evaluation", e.ID, e.At, r)
		w.Index()
		v := &oracle.Review{ID: id("review " + e.ID), Evaluation: e.ID}
		w.Reviews = append(w.Reviews, v)
		w.add("evaluation_review", v.ID, Full(x.campaign), merge(given, row{"evaluation_id": e.ID, "campaign_id": e.Campaign, "note": "较好"}))
		w.addFileOf("evaluation_id", e.ID)
	}
}

// addDutyNotices adds what accounts are told of deputies' work, within sight and out of it.
func (w *World) addDutyNotices() {
	for _, n := range []struct{ to, notice, entity, about string }{
		{"DEPUTY-430121107-crossing", "VISIT_DAY_PUBLISHED", "VisitDay", Of("day", "430121107")},
		{"DEPUTY-430121107-crossing", "NORM_REMINDER", "Mandate", Who(Crossing, "mandate")},
		{"COUNTY_ADMIN-430121", "APPOINTMENT_REQUESTED", "Appointment", Of("appointment", "430121107")},
		{"COUNTY_ADMIN-430102", "ACTIVITY_RETURNED", "Activity", Of("activity", "431002")}, // out of sight
		{"STATION_KEEPER-430121107201", "VISIT_DAY_CANCELLED", "VisitDay", Of("day", "430121107201")},
		{"DEPARTMENT-430121", "APPOINTMENT_REQUESTED", "Appointment", Of("appointment with department", "430121")},
	} {
		x := &oracle.Notification{ID: id("notice " + n.to + n.about), Subject: "operator:" + n.to, About: n.about}
		w.Notifications = append(w.Notifications, x)
		w.add("notification", x.ID, "", row{
			"subject": x.Subject, "notice": n.notice, "entity": n.entity, "entity_id": n.about, "cause_id": id("cause " + n.to + n.about),
		})
	}
}
