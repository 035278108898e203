package app_test

import (
	"maps"
	"slices"

	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// What each viewer may write of deputies' work past all verbs.

var (
	// dutyRules are the tables of rules; dutyKept those whose rows are added and changed, dutyAdded those whose rows are only added.
	dutyRules = []string{"visit_rule", "key_figure", "norm_set", "point_scheme", "pairing_rule", "training", "standard", "evaluation_campaign"}
	dutyKept  = append([]string{
		"visit_day", "visit_duty", "appointment", "activity", "activity_figure", "point_claim", "pairing", "evaluation", "evaluation_review",
	}, dutyRules...)
	dutyAdded = []string{"appointment_contact", "activity_event", "attendance", "pairing_contact", "training_attendance"}
	// What only others write: deputies their records and checks, the platform the ledger, viewers of a day no one its receipts.
	dutyOthers = []string{"duty_record", "point_entry", "point_check", "activity_station", "appointment_receipt"}
)

func ofDuty(table string) bool {
	return slices.Contains(dutyKept, table) || slices.Contains(dutyAdded, table) || slices.Contains(dutyOthers, table)
}

// removable are the tables whose rows an area takes back, and the column of the place that decides.
var removable = map[string]string{
	"activity_figure": "code", "attendance": "code", "training_attendance": "code", "activity_station": "host_code",
}

// answersOf is how those without an area change rows of theirs: whoever is asked accepts, whoever asked withdraws.
var answersOf = map[viewer.Kind]map[string]string{
	viewer.Self: {
		"appointment": "state = 'ACCEPTED'", "duty_record": "state = 'SUBMITTED'", "point_claim": "state = 'WITHDRAWN'", "evaluation": "state = 'SELF_EVALUATED'",
	},
	viewer.Organ:   {"appointment": "state = 'ACCEPTED'"},
	viewer.Receipt: {"appointment": "state = 'WITHDRAWN'"},
}

// beyond is what they must not set, even of their own.
var beyond = map[viewer.Kind]map[string][]string{
	viewer.Self: {
		"appointment": {"state = 'KEPT'", "topic = 'x'"}, "duty_record": {"state = 'CONFIRMED'", "state = 'RETURNED'", "review = 'x'"},
		"point_claim": {"state = 'APPROVED'", "state = 'REFUSED'", "points = 1"}, "evaluation": {"state = 'REVIEWED'", "total = 1", "published_at = now()"},
		"attendance": {"level = 'NATIONAL'"}, "point_entry": {"points = 1"},
	},
	viewer.Organ:   {"appointment": {"state = 'KEPT'", "organ_id = organ_id"}},
	viewer.Receipt: {"appointment": {"state = 'ACCEPTED'", "topic = 'x'"}},
	viewer.Area: {
		"appointment": {"topic = 'x'"}, "activity": {"station_id = station_id", "code_then = 0"}, "duty_record": {"content = 'x'"}, "norm_set": {"items = '[]'"},
		"point_claim": {"text = 'x'"}, "evaluation": {"total = 1", "published_at = now()"}, "pairing": {"leader_name = 'x'"}, "visit_day": {"station_id = station_id"},
		"point_scheme": {"items = '[]'"}, "standard": {"items = '[]'"},
	},
}

// code is a column that holds a place.
func (r record) code(column string) string {
	n, ok := r.row[column].(float64)
	if !ok {
		return ""
	}
	return codeOfNumber(n)
}

// mayInsertDuty is mayInsert for deputies' work.
func (m *matrix) mayInsertDuty(a asker, r record) (may, decided bool) {
	w, v := m.world, a.Viewer
	if r.table == "attachment" {
		of := oracle.Get[*oracle.Attachment](&w.World, r.id()).Of
		if of == "" {
			return false, false
		}
		switch a.viewer().Kind {
		case viewer.Area:
			return oracle.Reaches(v, r.at()) && w.Sees(v, of), true
		case viewer.Self:
			return r.text("activity_id") == "" && w.Sees(v, of), true
		}
		return false, true
	}
	if !ofDuty(r.table) {
		return false, false
	}
	switch a.viewer().Kind {
	case viewer.Area:
		switch r.table {
		case "appointment_receipt":
			return w.Sees(v, r.text("appointment_id")), true
		case "activity_station": // who sees both stations
			return oracle.Reaches(v, r.at()) && oracle.Reaches(v, r.code("host_code")), true
		case "evaluation_review":
			return oracle.Reaches(v, r.at()) && w.Sees(v, r.text("evaluation_id")), true
		case "evaluation": // by the organ of the campaign, and never with a result
			return oracle.Reaches(v, r.at()) && oracle.Reaches(v, w.At(r.text("campaign_id"))) && r.row["published_at"] == nil, true
		}
		return (slices.Contains(dutyKept, r.table) || slices.Contains(dutyAdded, r.table)) && oracle.Reaches(v, r.at()), true
	case viewer.Self:
		return m.mayInsertOwn(a, r), true
	case viewer.Receipt:
		switch r.table {
		case "appointment":
			return r.id() == a.Receipt && r.text("state") == "REQUESTED", true
		case "appointment_contact", "appointment_receipt":
			return r.text("appointment_id") == a.Receipt, true
		}
	}
	return false, true
}

// mayInsertOwn: what deputies add to their own record.
func (m *matrix) mayInsertOwn(a asker, r record) bool {
	own := func(column string) bool { return a.Person != "" && r.text(column) == a.Person }
	switch r.table {
	case "duty_record", "point_claim":
		return own("deputy_id") && r.text("state") == "SUBMITTED"
	case "point_check":
		return own("deputy_id")
	case "pairing_contact":
		return own("deputy_id") || own("leader_deputy_id")
	case "attendance": // where something is still to take place
		x := oracle.Get[*oracle.Attendance](&m.world.World, r.id())
		return own("deputy_id") && x.CheckIn && oracle.Get[*oracle.Activity](&m.world.World, x.Activity).Open()
	}
	return false
}

// mayUpdateDuty is mayUpdate for deputies' work.
func (m *matrix) mayUpdateDuty(a asker, r record) (may, decided bool) {
	if !ofDuty(r.table) {
		return false, false
	}
	kind := a.viewer().Kind
	if kind == viewer.Area {
		return (slices.Contains(dutyKept, r.table) || r.table == "duty_record") && oracle.Reaches(a.Viewer, r.at()), true
	}
	return answersOf[kind][r.table] != "" && m.world.Sees(a.Viewer, r.id()), true
}

// hangs are the columns by which rows belong to another, and the table of that.
var hangs = map[string]map[string]string{
	"visit_duty":          {"visit_day_id": "visit_day"},
	"appointment":         {"visit_day_id": "visit_day"},
	"appointment_contact": {"appointment_id": "appointment"},
	"appointment_receipt": {"appointment_id": "appointment"},
	"activity_event":      {"activity_id": "activity"},
	"activity_figure":     {"activity_id": "activity"},
	"activity_station":    {"activity_id": "activity", "station_id": "station"},
	"attendance":          {"activity_id": "activity", "station_id": "station"},
	"duty_record":         {"mandate_id": "mandate"},
	"point_claim":         {"mandate_id": "mandate"},
	"point_check":         {"mandate_id": "mandate"},
	"training_attendance": {"mandate_id": "mandate", "training_id": "training"},
	"pairing_contact":     {"pairing_id": "pairing"},
	"evaluation":          {"campaign_id": "evaluation_campaign"},
	"evaluation_review":   {"evaluation_id": "evaluation"},
	"attachment":          {"activity_id": "activity", "duty_record_id": "duty_record", "claim_id": "point_claim", "evaluation_id": "evaluation"},
}

// forgeries are changes that make a row a lie, by kind of viewer and table.
var forgeries = map[viewer.Kind]map[string][]map[string]any{
	viewer.Self: {
		"duty_record":     {{"state": "CONFIRMED"}, {"code": 1}},
		"point_claim":     {{"state": "APPROVED", "points": 5}, {"state": "APPROVED"}, {"code": 1}},
		"point_check":     {{"code": 1}},
		"attendance":      {{"source": "RECORDED"}, {"code": 1}},
		"pairing_contact": {{"code": 1}},
	},
	viewer.Receipt: {"appointment": {{"state": "ACCEPTED"}}},
	viewer.Area: {
		"evaluation":          {{"total": 1}, {"stars": 5}, {"published_at": "2025-01-01T00:00:00Z"}},
		"pairing_contact":     {{"deputy_id": "00000000-0000-7000-8000-000000000000"}},
		"point_claim":         {{"deputy_id": "00000000-0000-7000-8000-000000000000"}},
		"training_attendance": {{"deputy_id": "00000000-0000-7000-8000-000000000000"}},
	},
}

// checkForged tries to add a row that the viewer may add, made to hang on something out of sight, or to say what the viewer has no right to say.
func (m *matrix) checkForged(a asker, r record, changes map[string]any, try func(string, bool, record, map[string]any)) {
	for column, parent := range hangs[r.table] {
		if r.text(column) == "" {
			continue
		}
		for _, p := range m.parents[parent] {
			if m.world.Sees(a.Viewer, p.id()) {
				continue
			}
			mine := maps.Clone(changes)
			mine[column] = p.id()
			try("hang by "+column+" on something out of sight", false, r, mine)
			break
		}
	}
	for _, lie := range forgeries[a.viewer().Kind][r.table] {
		mine := maps.Clone(changes)
		maps.Copy(mine, lie)
		if a.Receipt != "" {
			mine["id"] = r.id()
		}
		try("forge", false, r, mine)
	}
	if slices.Contains(counted, r.table) && r.table != "point_entry" {
		m.checkAstray(a, r, changes, try)
	}
	if r.table == "evaluation" || r.table == "evaluation_review" {
		m.checkSelfPraise(a, r, try)
	}
}

// checkSelfPraise tries to enter the own place for a campaign of above, and to write the own review of it.
func (m *matrix) checkSelfPraise(a asker, r record, try func(string, bool, record, map[string]any)) {
	for _, e := range m.world.Evaluations {
		campaign := m.world.At(e.Campaign)
		if !oracle.Reaches(a.Viewer, e.At) || oracle.Reaches(a.Viewer, campaign) {
			continue
		}
		changes := map[string]any{"campaign_id": e.Campaign, "code": plainNumber(e.At)}
		if r.table == "evaluation_review" {
			changes["evaluation_id"] = e.ID
		}
		try("praise oneself in", false, r, changes)
		return
	}
}
