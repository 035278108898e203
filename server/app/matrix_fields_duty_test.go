package app_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The fields of what deputies do.

// column is an edge by the id that a column holds.
func column(field, name string) probe {
	return edge(field, func(c cell) string { return c.reference(name) })
}

// tenths is a field that stands in the row as a whole number of tenths.
func tenths(field, column string) probe {
	return value(field, "", "", 1, func(c cell) any { return perTen(c.stored(c.id)[column]) })
}

func perTen(v any) any {
	if n, ok := v.(float64); ok {
		return n / 10
	}
	return nil
}

// thenAt is the place at the time, which is the present one in the world.
func thenAt() probe {
	return value("divisionThen", "", "", 1, func(c cell) any { return c.world.WrittenAt(c.id) })
}

// pages is a list by pages whose order other tests tell.
func pages(field, args string, to func(c cell) []string) probe {
	return probe{field: field, args: args, selection: connectionSelection, cost: 420, judge: func(c cell, got any) {
		c.judgePage(got, to(c), strings.Contains(args, "last:"), false)
	}}
}

func dutyNodes() map[string][]probe {
	return map[string][]probe{
		"VisitRule": visitRuleProbes(), "VisitDay": visitDayProbes(), "VisitDuty": visitDutyProbes(), "Appointment": appointmentProbes(),
		"Activity": activityProbes(), "ActivityEvent": activityEventProbes(), "Attendance": attendanceProbes(), "KeyFigure": figureProbes(),
		"NormSet": normSetProbes(), "DutyRecord": dutyRecordProbes(), "PointScheme": schemeProbes(), "PointEntry": entryProbes(),
		"PointClaim": claimProbes(), "PointCheck": checkProbes(), "PairingRule": pairingRuleProbes(), "Pairing": pairingProbes(),
		"PairingContact": contactProbes(), "Training": trainingProbes(), "TrainingAttendance": trainingAttendanceProbes(),
		"Standard": standardProbes(), "EvaluationCampaign": campaignProbes(), "Evaluation": evaluationProbes(),
	}
}

func visitRuleProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), scalar("name", "name"), column("division", "division_id"), column("station", "station_id"), scalar("kinds", "kinds"),
		scalar("recurrence", "recurrence"), scalar("days", "days"), scalar("every", "every"), scalar("dates", "dates"), scalar("shift", "shift"),
		scalar("fromOn", "from_on"), scalar("untilOn", "until_on"), scalar("perDay", "per_day"), scalar("theme", "theme"), moment("createdAt", "created_at"),
		value("begins", "", "", 1, func(cell) any { return "09:00" }), value("ends", "", "", 1, func(cell) any { return "11:00" }),
	}
}

func visitDayProbes() []probe {
	duties := func(c cell, replaced bool) []string {
		return collect(c.world.Duties, func(d *oracle.Duty) string { return d.ID }, func(d *oracle.Duty) bool { return d.Day == c.id && (replaced || !d.Replaced) })
	}
	return append([]probe{
		own(), scalar("version", "version"), column("station", "station_id"), scalar("day", "day"), moment("beginsAt", "begins_at"), moment("endsAt", "ends_at"),
		scalar("location", "location"), scalar("theme", "theme"), scalar("state", "state"), moment("publishedAt", "published_at"), scalar("reason", "reason"),
		column("rule", "rule_id"), scalar("ruleOn", "rule_on"),
		list("duties", "", func(c cell) []string { return duties(c, false) }),
		list("duties", "replaced: true", func(c cell) []string { return duties(c, true) }),
	}, appointmentsOf(func(c cell, a *oracle.Appointment) bool { return a.Day == c.id })...)
}

func visitDutyProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), column("visitDay", "visit_day_id"), column("station", "station_id"), column("deputy", "deputy_id"),
		column("mandate", "mandate_id"), scalar("replaced", "replaced"), scalar("reason", "reason"), column("substituteFor", "substitute_for"),
	}
}

func appointmentProbes() []probe {
	name := func(c cell, table, column string) any {
		if id := c.reference(column); id != "" {
			return c.named(table, id)
		}
		return nil
	}
	return []probe{
		own(), scalar("version", "version"), scalar("number", "number"), scalar("state", "state"), scalar("topic", "topic"),
		value("stateTitle", "", "", 1, func(c cell) any {
			return map[string]string{"REQUESTED": "待确认", "ACCEPTED": "已接受"}[the[*oracle.Appointment](c).State]
		}),
		scalar("requesterMasked", "requester_masked"), scalar("phoneMasked", "phone_masked"),
		{field: "contact", selection: selectionOf("AppointmentContact"), cost: 12, judge: judgeAsker},
		column("requesterOrgan", "requester_organ_id"),
		value("requesterOrganName", "", "", 4, func(c cell) any { return name(c, "organ", "requester_organ_id") }),
		column("station", "station_id"), value("stationName", "", "", 4, func(c cell) any { return name(c, "station", "station_id") }),
		edge("division", divisionAt), column("visitDay", "visit_day_id"), column("deputy", "deputy_id"), column("organ", "organ_id"),
		value("organName", "", "", 4, func(c cell) any { return name(c, "organ", "organ_id") }),
		scalar("officialTitle", "official_title"), scalar("reason", "reason"), scalar("moves", "moves"), moment("requestedAt", "requested_at"),
		moment("decidedAt", "decided_at"), moment("concludedAt", "concluded_at"),
	}
}

// judgeAsker compares who asked for an appointment with what the viewer may know.
func judgeAsker(c cell, got any) {
	if given, ok := got.(map[string]any); ok {
		given["consentedAt"] = utc(given["consentedAt"])
	}
	var want any
	for _, x := range c.world.Askers {
		if x.Appointment == c.id && c.world.Sees(c.Viewer, x.ID) {
			want = map[string]any{"name": x.Name, "phone": x.Phone, "consentVersion": "2026-1", "consentedAt": utc("2022-05-15T08:00:00Z")}
		}
	}
	c.same(got, want)
}

func activityProbes() []probe {
	of := func(c cell, kind string) []string {
		return collect(c.world.OfActivities, func(o *oracle.OfActivity) string { return o.ID }, func(o *oracle.OfActivity) bool { return o.Of == kind && o.Activity == c.id })
	}
	return []probe{
		own(), scalar("version", "version"), column("station", "station_id"), column("visitDay", "visit_day_id"), edge("division", divisionAt), thenAt(),
		{field: "partners", selection: "{ station { id } division }", cost: 20, judge: judgePartners},
		scalar("title", "title"), scalar("way", "way"), scalar("setting", "setting"), scalar("mode", "mode"), scalar("theme", "theme"),
		scalar("campaign", "campaign"), scalar("day", "day"), moment("beginsAt", "begins_at"), moment("endsAt", "ends_at"), scalar("location", "location"),
		scalar("longitude", "longitude"), scalar("latitude", "latitude"), scalar("summary", "summary"), scalar("state", "state"), scalar("late", "late"),
		moment("recordedAt", "recorded_at"), moment("confirmedAt", "confirmed_at"),
		{field: "figures", selection: "{ figure { key } value }", cost: 24, judge: func(c cell, got any) {
			rows := []any{}
			for _, id := range c.seen(of(c, "activity_figure")) {
				o := oracle.Get[*oracle.OfActivity](&c.world.World, id)
				rows = append(rows, map[string]any{"figure": map[string]any{"key": o.Key}, "value": o.Value})
			}
			c.same(sorted(got), sorted(rows))
		}},
		list("photos", "", func(c cell) []string { return c.filesOf(c.id) }),
		pages("attendances", "first: 100", func(c cell) []string {
			return c.attendances(func(a *oracle.Attendance) bool { return a.Activity == c.id })
		}),
		list("history", "", func(c cell) []string { return of(c, "activity_event") }),
		moment("createdAt", "created_at"), moment("updatedAt", "updated_at"),
	}
}

// filesOf are the files of a thing.
func (m *matrix) filesOf(of string) []string {
	return collect(m.world.Attachments, func(a *oracle.Attachment) string { return a.ID }, func(a *oracle.Attachment) bool { return a.Of == of })
}

func (m *matrix) attendances(keep func(*oracle.Attendance) bool) []string {
	return collect(m.world.Attendances, func(a *oracle.Attendance) string { return a.ID }, keep)
}

// judgePartners compares the guests of a joint activity: each by its place, which the host knows, and by its station where that is in sight.
func judgePartners(c cell, got any) {
	var want []string
	for _, j := range c.world.Joints {
		if j.Activity != c.id || !c.world.Sees(c.Viewer, j.ID) {
			continue
		}
		station := ""
		if c.world.Sees(c.Viewer, j.Station) {
			station = c.globalID(j.Station)
		}
		want = append(want, c.world.At(j.Station)+" "+station)
	}
	var have []string
	rows, _ := got.([]any)
	for _, r := range rows {
		p, _ := r.(map[string]any)
		s, _ := p["station"].(map[string]any)
		id, _ := s["id"].(string)
		have = append(have, fmt.Sprint(p["division"], " ", id))
	}
	slices.Sort(want)
	slices.Sort(have)
	c.same(have, want)
}

func activityEventProbes() []probe {
	return []probe{
		own(), column("activity", "activity_id"), scalar("sequence", "sequence"), scalar("verb", "verb"), scalar("from", "from_state"), scalar("to", "to_state"),
		moment("occurredAt", "occurred_at"), scalar("role", "role"), scalar("text", "text"),
		value("actorDivision", "", "", 1, func(c cell) any { return c.world.At(c.id) }),
	}
}

func attendanceProbes() []probe {
	return []probe{
		own(), column("activity", "activity_id"), column("station", "station_id"), edge("division", divisionAt), thenAt(), column("deputy", "deputy_id"),
		column("mandate", "mandate_id"), scalar("level", "level"), column("organ", "organ_id"), scalar("officialName", "official_name"),
		scalar("officialTitle", "official_title"), scalar("guest", "guest"), scalar("day", "day"), scalar("source", "source"),
		moment("checkedInAt", "checked_in_at"), scalar("longitude", "longitude"), scalar("latitude", "latitude"), scalar("distanceM", "distance_m"),
		scalar("note", "note"), moment("createdAt", "created_at"),
	}
}

func figureProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), scalar("key", "key"), scalar("name", "name"), scalar("unit", "unit"), scalar("type", "type"),
		scalar("campaign", "campaign"), scalar("fromOn", "from_on"), scalar("untilOn", "until_on"), moment("createdAt", "created_at"),
		value("definedBy", "", "", 1, func(c cell) any { return c.world.At(c.id) }),
	}
}

// items are the items of a rule, with the points in tenths told in points, and lists that are empty.
func items(field string, names ...string) probe {
	return value(field, "", "{ "+strings.Join(names, " ")+" }", 30, func(c cell) any {
		rows := []any{}
		stored, _ := c.stored(c.id)[strings.ToLower(field)].([]any)
		for _, x := range stored {
			rows = append(rows, item(x.(map[string]any), names...))
		}
		return rows
	})
}

func item(x map[string]any, names ...string) map[string]any {
	out := map[string]any{}
	for _, n := range names {
		out[n] = x[n]
		switch n {
		case "points", "from", "cap":
			out[n] = perTen(x[n])
		case "ways", "records":
			if x[n] == nil {
				out[n] = []any{}
			}
		}
	}
	return out
}

var (
	normItem   = []string{"key", "name", "deed", "ways", "records", "period", "required"}
	pointItem  = []string{"key", "name", "deed", "ways", "records", "points", "cap", "capPeriod"}
	itemOfList = []string{"key", "name", "points", "evidence"}
)

func edition() []probe {
	return []probe{
		own(), scalar("version", "version"), column("congress", "congress_id"), scalar("name", "name"), scalar("edition", "edition"), scalar("fromOn", "from_on"),
		scalar("untilOn", "until_on"),
	}
}

func normSetProbes() []probe {
	return append(edition(), scalar("level", "level"), items("items", normItem...))
}

func schemeProbes() []probe {
	return append(edition(), scalar("level", "level"), items("items", pointItem...))
}

func standardProbes() []probe {
	return append(edition(), scalar("subject", "subject"), items("items", itemOfList...), items("stars", "stars", "from"),
		value("full", "", "", 1, func(cell) any { return 100 }))
}

func dutyRecordProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), column("deputy", "deputy_id"), column("mandate", "mandate_id"), scalar("kind", "kind"), scalar("day", "day"),
		scalar("title", "title"), scalar("content", "content"), scalar("state", "state"), scalar("review", "review"), moment("reviewedAt", "reviewed_at"),
		list("attachments", "", func(c cell) []string { return c.filesOf(c.id) }), moment("createdAt", "created_at"),
	}
}

// itemOf is the item of a scheme in sight that a line or a claim is for.
func itemOfScheme() probe {
	return value("item", "", "{ "+strings.Join(pointItem, " ")+" }", 20, func(c cell) any {
		scheme := c.reference("scheme_id")
		if !c.world.Sees(c.Viewer, scheme) {
			return nil
		}
		stored, _ := c.stored(scheme)["items"].([]any)
		for _, x := range stored {
			if x.(map[string]any)["key"] == c.stored(c.id)["item"] {
				return item(x.(map[string]any), pointItem...)
			}
		}
		return nil
	})
}

func entryProbes() []probe {
	return []probe{
		own(), column("mandate", "mandate_id"), column("scheme", "scheme_id"), scalar("itemKey", "item"), itemOfScheme(), scalar("deed", "deed"),
		edge("evidence", func(c cell) string { return c.reference("deed_id") }), scalar("day", "day"), tenths("points", "points"),
		scalar("correction", "correction"), moment("createdAt", "created_at"),
	}
}

func claimProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), column("deputy", "deputy_id"), column("mandate", "mandate_id"), column("scheme", "scheme_id"), scalar("kind", "kind"),
		scalar("itemKey", "item"), itemOfScheme(), column("entry", "entry_id"), scalar("day", "day"), scalar("text", "text"), scalar("state", "state"),
		tenths("points", "points"), scalar("decision", "decision"), scalar("appeal", "appeal"), moment("decidedAt", "decided_at"),
		list("attachments", "", func(c cell) []string { return c.filesOf(c.id) }), moment("createdAt", "created_at"),
	}
}

func checkProbes() []probe {
	return []probe{
		own(), column("mandate", "mandate_id"), scalar("year", "year"), tenths("points", "points"), scalar("agreed", "agreed"), scalar("note", "note"),
		moment("createdAt", "created_at"),
	}
}

func pairingRuleProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), column("congress", "congress_id"), scalar("kind", "kind"), scalar("least", "least"), scalar("most", "most"),
		scalar("times", "times"), scalar("period", "period"), scalar("fromOn", "from_on"),
	}
}

func pairingProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), scalar("kind", "kind"), column("congress", "congress_id"), column("leaderDeputy", "leader_deputy_id"),
		column("leaderOrgan", "leader_organ_id"), scalar("leaderName", "leader_name"), scalar("leaderTitle", "leader_title"), column("deputy", "deputy_id"),
		column("station", "station_id"), column("township", "division_id"), scalar("startedOn", "started_on"), scalar("endedOn", "ended_on"),
		scalar("endReason", "end_reason"),
		pages("contacts", "first: 100", func(c cell) []string {
			return collect(c.world.Contacts, func(x *oracle.Contact) string { return x.ID }, func(x *oracle.Contact) bool { return x.Pairing == c.id })
		}),
	}
}

func contactProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), column("pairing", "pairing_id"), scalar("day", "day"), scalar("way", "way"), scalar("note", "note"),
		moment("createdAt", "created_at"),
	}
}

func (m *matrix) worksOf(of string, keep func(*oracle.Work) bool) []string {
	return collect(m.world.Works, func(x *oracle.Work) string { return x.ID }, func(x *oracle.Work) bool { return x.Of == of && keep(x) })
}

// setAt is the place of a rule, which those below it know by name.
func setAt() probe {
	return value("division", "", selectionOf("DivisionRef"), 12, func(c cell) any {
		if at := c.world.At(c.id); c.world.SeesName(c.Viewer, at) {
			return c.refUnchecked(at)
		}
		return nil
	})
}

func trainingProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), column("organ", "organ_id"), setAt(), scalar("title", "title"), scalar("teacher", "teacher"),
		scalar("location", "location"), scalar("fromOn", "from_on"), scalar("toOn", "to_on"), tenths("hours", "hours"), scalar("summary", "summary"),
		moment("cancelledAt", "cancelled_at"), scalar("cancelReason", "cancel_reason"),
		pages("attendances", "first: 100", func(c cell) []string {
			return c.worksOf("training_attendance", func(x *oracle.Work) bool { return c.stored(x.ID)["training_id"] == c.id })
		}),
	}
}

func trainingAttendanceProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), column("training", "training_id"), column("deputy", "deputy_id"), column("mandate", "mandate_id"), scalar("day", "day"),
		tenths("hours", "hours"), scalar("note", "note"),
	}
}

func (m *matrix) evaluationsOf(keep func(*oracle.Evaluation) bool) []string {
	return collect(m.world.Evaluations, func(e *oracle.Evaluation) string { return e.ID }, keep)
}

func campaignProbes() []probe {
	return []probe{
		own(), scalar("version", "version"), column("congress", "congress_id"), setAt(), column("standard", "standard_id"), scalar("name", "name"),
		scalar("fromOn", "from_on"), scalar("toOn", "to_on"), scalar("selfUntil", "self_until"), scalar("state", "state"), scalar("reason", "reason"),
		moment("publishedAt", "published_at"),
		pages("evaluations", "first: 100", func(c cell) []string {
			return c.evaluationsOf(func(e *oracle.Evaluation) bool { return e.Campaign == c.id })
		}),
		pages("evaluations", "states: [REVIEWED], first: 100", func(c cell) []string {
			return c.evaluationsOf(func(e *oracle.Evaluation) bool { return e.Campaign == c.id && e.Published })
		}),
		pages("ranking", "first: 100", func(c cell) []string {
			return c.evaluationsOf(func(e *oracle.Evaluation) bool { return e.Campaign == c.id && e.Published })
		}),
	}
}

var scoreFields = []string{"key", "points", "evidence", "note"}

// givenScores are those in a row, which portals are not shown one by one.
func givenScores(c cell, row map[string]any, column string) any {
	rows := []any{}
	stored, _ := row[column].([]any)
	for _, x := range stored {
		if c.Role != "PORTAL" {
			rows = append(rows, item(x.(map[string]any), scoreFields...))
		}
	}
	return rows
}

func evaluationProbes() []probe {
	fields := "{ " + strings.Join(scoreFields, " ") + " }"
	return []probe{
		own(), scalar("version", "version"), column("campaign", "campaign_id"), column("deputy", "deputy_id"), column("mandate", "mandate_id"),
		column("station", "station_id"), column("township", "division_id"), scalar("state", "state"), moment("publishedAt", "published_at"),
		value("selfScores", "", fields, 20, func(c cell) any { return givenScores(c, c.stored(c.id), "self_scores") }),
		value("selfTotal", "", "", 1, func(c cell) any {
			if c.Role == "PORTAL" {
				return nil
			}
			return perTen(c.stored(c.id)["self_total"])
		}),
		{field: "selfAt", cost: 1, judge: func(c cell, got any) {
			if c.Role == "PORTAL" && got == nil {
				return // whether it is shown is for the API's tests
			}
			c.same(utc(got), utc(c.stored(c.id)["self_at"]))
		}},
		value("scores", "", fields, 20, func(c cell) any { return givenScores(c, c.stored(c.id), "scores") }),
		tenths("total", "total"), scalar("stars", "stars"),
		{field: "review", selection: "{ scores " + fields + " total stars note updatedAt }", cost: 30, judge: judgeReview},
		list("attachments", "", func(c cell) []string { return c.filesOf(c.id) }),
	}
}

// judgeReview compares what the organ gave, which who is evaluated does not see before it is published.
func judgeReview(c cell, got any) {
	if given, ok := got.(map[string]any); ok {
		given["updatedAt"] = utc(given["updatedAt"])
	}
	var want any
	for _, x := range c.world.Reviews {
		if x.Evaluation == c.id && c.world.Sees(c.Viewer, x.ID) {
			want = map[string]any{
				"scores": []any{item(map[string]any{"key": "SIGN", "points": 950.0}, scoreFields...)}, "total": 95, "stars": 5, "note": "较好",
				"updatedAt": utc("2022-05-15T08:00:00Z"),
			}
		}
	}
	c.same(got, want)
}

// appointmentsOf are the lists of appointments of a visit day, a station, a deputy.
func appointmentsOf(belongs func(cell, *oracle.Appointment) bool) []probe {
	out := []probe{}
	for _, f := range appointmentFilters() {
		out = append(out, pages("appointments", "first: 100"+f.args(), func(c cell) []string {
			return collect(c.world.Appointments, func(a *oracle.Appointment) string { return a.ID },
				func(a *oracle.Appointment) bool { return belongs(c, a) && f.keep(c, c.stored(a.ID)) })
		}))
	}
	return out[:2]
}

// dutyFilter is one way to narrow a list of deputies' work: a condition, and what it keeps of the rows as they are stored.
type dutyFilter struct {
	condition string
	keep      func(c cell, row map[string]any) bool
}

func (f dutyFilter) args() string {
	if f.condition == "" {
		return ""
	}
	return ", filter: {" + f.condition + "}"
}

func every(cell, map[string]any) bool { return true }

func ofOne(column, typ, id string, condition string) dutyFilter {
	return dutyFilter{fmt.Sprintf("%s: %q", condition, globalID(typ, id)), func(_ cell, row map[string]any) bool { return row[column] == id }}
}

func only(condition, column string, values ...any) dutyFilter {
	return dutyFilter{condition, func(_ cell, row map[string]any) bool { return slices.Contains(values, row[column]) }}
}

func appointmentFilters() []dutyFilter {
	return []dutyFilter{
		{"", every},
		only("states: [ACCEPTED]", "state", "ACCEPTED"), only("open: true", "state", "REQUESTED", "ACCEPTED"),
		ofOne("deputy_id", "Deputy", apitest.Who(apitest.Double), "deputy"),
		ofOne("organ_id", "Organ", apitest.Of("department", "430121"), "organ"),
		{`requested: {from: "2022-05-15", to: "2022-05-15"}`, every},
	}
}

func visitDayFilters() []dutyFilter {
	onDuty := func(c cell, row map[string]any) bool {
		return slices.ContainsFunc(c.world.Duties, func(d *oracle.Duty) bool {
			return d.Day == row["id"] && d.Deputy == apitest.Who(apitest.Double) && !d.Replaced && c.world.Sees(c.Viewer, d.ID)
		})
	}
	return []dutyFilter{
		{"", every},
		only("states: [PUBLISHED, HELD]", "state", "PUBLISHED", "HELD"),
		only(`from: "2031-06-01", to: "2031-06-30"`, "day", "2031-06-15"),
		{fmt.Sprintf("deputy: %q", globalID("Deputy", apitest.Who(apitest.Double))), onDuty},
		{fmt.Sprintf("rule: %q", globalID("VisitRule", apitest.Of("rule", "430121"))), func(cell, map[string]any) bool { return false }},
	}
}

func activityFilters() []dutyFilter {
	return []dutyFilter{
		{"", every},
		only("states: [CONFIRMED]", "state", "CONFIRMED"), only("ways: [RECEPTION]", "way", "RECEPTION"), only("modes: [VISITING]", "mode", "VISITING"),
		only("settings: [JOINT]", "setting", "JOINT"), only(`from: "2031-01-01", to: "2031-12-31"`, "day", "2031-05-15"),
		only(`campaign: "大走访"`, "campaign", "大走访"), only("late: true", "late", true),
	}
}
