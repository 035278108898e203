package app_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The attempts on deputies' work.

// dutyTry is how a verb on deputies' work is tried: on a row of the world, and, where it is allowed, on a copy of it in a state for the verb.
type dutyTry struct {
	payload []string
	// field of the input holds the id of a row of a type and its table.
	field, typ, table string
	// row is the world's row at a place; empty where there is none.
	row func(m *matrix, at string) string
	// input is what else is sent.
	input map[string]any
	// copied are the columns of the copy; nil where the verb is done on the row itself.
	copied func(m *matrix, row string) map[string]any
	// own: it must be of the viewer's own congress. many: the field holds a list of ids.
	own, many bool
	// denied: what succeeds is shown elsewhere, in the tests of the verb.
	denied bool
	lines  func(int) int
}

// probe makes a verb's probe of it.
func (d dutyTry) probe(verb string) verbProbe {
	one := func(m *matrix, a asker, at, row, id string) attempt {
		input := d.input
		if input == nil {
			input = map[string]any{}
		}
		out := m.try(verb, d.field, d.typ, id, m.dutyTarget(a, at, row, d), input)
		out.thing = row
		if d.many {
			for _, in := range []map[string]any{out.input, out.unknown} {
				in[d.field] = []any{in[d.field]}
			}
		}
		return out
	}
	p := verbProbe{
		payload: d.payload, sampled: true, lines: d.lines,
		at: func(m *matrix, a asker, at string) []attempt {
			var out []attempt
			for _, row := range d.rows(m, a, at) {
				out = append(out, one(m, a, at, row, row))
			}
			return out
		},
	}
	switch {
	case d.denied:
		p.spare = func(*matrix, *testing.T, asker, string) []attempt { return nil }
	case d.copied != nil:
		p.spare = func(m *matrix, t *testing.T, a asker, at string) []attempt {
			var out []attempt
			for _, row := range d.rows(m, a, at) {
				if m.world.May(a.Viewer, verb, m.dutyTarget(a, at, row, d)) != oracle.Done {
					out = append(out, attempt{}) // not asked for
					continue
				}
				out = append(out, one(m, a, at, row, m.clone(t, d.table, row, d.copied(m, row))))
			}
			return out
		}
	}
	return p
}

// rows are the row at a place and, at the viewer's own, one that is the viewer's.
func (d dutyTry) rows(m *matrix, a asker, at string) []string {
	var out []string
	if row := d.row(m, at); row != "" {
		out = append(out, row)
	}
	if at != a.At || a.Person+a.Organ == "" {
		return out
	}
	w := m.world
	own := slices.Concat(
		collect(w.Works, func(x *oracle.Work) string { return x.ID }, func(x *oracle.Work) bool { return x.Of == d.table && x.Deputy == a.Person }),
		collect(w.Appointments, func(x *oracle.Appointment) string { return x.ID },
			func(x *oracle.Appointment) bool {
				return d.table == "appointment" && x.Deputy+x.Organ == a.Person+a.Organ
			}),
		collect(w.Mandates, func(x *oracle.Mandate) string { return x.ID },
			func(x *oracle.Mandate) bool {
				return d.table == "mandate" && x.Deputy == a.Person && x.Status == "CONFIRMED"
			}))
	for _, id := range own {
		if !slices.Contains(out, id) {
			return append(out, id)
		}
	}
	return out
}

// dutyTarget is what the oracle is told of a row.
func (m *matrix) dutyTarget(a asker, at, row string, d dutyTry) oracle.Target {
	w := &m.world.World
	t := oracle.Target{At: w.At(row), Visible: w.Sees(a.Viewer, row), Own: d.own}
	if t.At == "" {
		t.At = apitest.Full(at)
	}
	for _, column := range []string{"station_id", "deputy_id"} {
		if id, ok := m.stored(row)[column].(string); ok && column == "station_id" {
			t.Station = id
		} else if ok {
			t.Owner = id
		}
	}
	switch x := oracle.Get[*oracle.Appointment](w, row); {
	case x != nil:
		t.Owner = x.Deputy + x.Organ
	case d.typ == "Station":
		t.Station = row
	case d.typ == "VisitRule": // one of above holds here, and is no one's to end
		t.Visible = false
	case d.typ == "Pairing":
		if p := oracle.Get[*oracle.Pairing](w, row); p.Leader == a.Person || p.Deputy == a.Person {
			t.Owner = a.Person
		}
	case d.typ == "Deputy":
		t.Owner = row
	}
	return t
}

// workAt are rows of the world that stand at a place, by the words they were added with.
func workAt(what string) func(m *matrix, at string) string {
	return func(m *matrix, at string) string {
		if id := apitest.Of(what, at); m.rows[id] != nil {
			return id
		}
		return ""
	}
}

// onMandateAt is what stands on a mandate grouped at a place.
func onMandateAt(table string) func(m *matrix, at string) string {
	return func(m *matrix, at string) string {
		for _, x := range m.world.Works {
			if x.Of == table && m.world.At(x.ID) == at && x.State != "CONFIRMED" && x.State != "APPROVED" {
				return x.ID
			}
		}
		return ""
	}
}

func spotAt(of func(*apitest.Spot) string) func(m *matrix, at string) string {
	return func(m *matrix, at string) string { return of(m.world.Spot(at)) }
}

func firstAt[T any](things func(*world) []T, id func(T) string) func(m *matrix, at string) string {
	return func(m *matrix, at string) string {
		for _, x := range things(m.world) {
			if m.world.At(id(x)) == at {
				return id(x)
			}
		}
		return ""
	}
}

// set are the columns of a copy.
func set(columns ...any) func(*matrix, string) map[string]any {
	return func(*matrix, string) map[string]any {
		out := map[string]any{}
		for i := 0; i < len(columns); i += 2 {
			out[columns[i].(string)] = columns[i+1]
		}
		return out
	}
}

// otherDay is a day that no copy had.
func otherDay(state string) func(*matrix, string) map[string]any {
	return func(m *matrix, _ string) map[string]any {
		day := time.Date(2033, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(m.number())).Format(time.DateOnly)
		return map[string]any{"day": day, "begins_at": day + "T01:00:00Z", "ends_at": day + "T03:00:00Z", "state": state, "rule_id": nil, "rule_on": nil}
	}
}

// anotherNumber is an appointment's own.
func anotherNumber(state string) func(*matrix, string) map[string]any {
	return func(m *matrix, _ string) map[string]any {
		return map[string]any{"number": fmt.Sprintf("991130-%08d", m.number()), "state": state}
	}
}

var (
	becauseOf  = map[string]any{"reason": "情况有变,另行安排"}
	visitOf    = []string{"visitDay { id }"}
	askedFor   = []string{"appointment { id }"}
	activityOf = []string{"activity { id }"}
	recordedAs = []string{"dutyRecord { id }"}
	claimedAs  = []string{"pointClaim { id }"}
	campaignOf = []string{"campaign { id }"}
	courseOf   = []string{"training { id }"}
	norms      = []any{map[string]any{"key": "ONE", "name": "参加接待", "deed": "ATTENDANCE", "period": "YEAR", "required": 1}}
	prices     = []any{map[string]any{"key": "ONE", "name": "参加接待", "deed": "ATTENDANCE", "points": 1}}
	sheet      = []any{map[string]any{"key": "SIGN", "name": "有标牌", "points": 100}}
)

// dutyTries is how every verb on deputies' work is tried.
func dutyTries() map[string]dutyTry {
	station := spotAt(func(s *apitest.Spot) string { return s.Station })
	congress := spotAt(func(s *apitest.Spot) string { return s.Congress })
	appointment, activity := workAt("appointment"), workAt("activity planned")
	pairing := firstAt(func(w *world) []*oracle.Pairing { return w.Pairings }, func(p *oracle.Pairing) string { return p.ID })
	evaluation := firstAt(func(w *world) []*oracle.Evaluation { return w.Evaluations }, func(e *oracle.Evaluation) string { return e.ID })
	record, claim := onMandateAt("duty_record"), onMandateAt("point_claim")
	later := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	return map[string]dutyTry{
		"createVisitRule": {payload: []string{"rule { id }"}, field: "station", typ: "Station", table: "station", row: station, denied: true, input: map[string]any{
			"name": "每月接待日", "begins": "09:00", "ends": "11:00", "when": map[string]any{"recurrence": "MONTH_DAYS", "days": []int{10}, "fromOn": later},
		}},
		"endVisitRule":     {payload: []string{"rule { id }", "daysCancelled", "daysStanding"}, field: "id", typ: "VisitRule", table: "visit_rule", row: workAt("rule station"), input: map[string]any{"untilOn": "2031-12-31"}, copied: set()},
		"planVisitDays":    {payload: []string{"planned"}, field: "station", typ: "Station", table: "station", row: station, input: map[string]any{"until": later}, lines: anyLines, denied: true},
		"changeVisitDay":   {payload: visitOf, field: "id", typ: "VisitDay", table: "visit_day", row: workAt("day planned"), input: map[string]any{"theme": "另一主题", "reason": "调整主题"}, copied: otherDay("PLANNED")},
		"publishVisitDays": {payload: []string{"published"}, field: "ids", many: true, typ: "VisitDay", table: "visit_day", row: workAt("day planned"), denied: true},
		"cancelVisitDay":   {payload: visitOf, field: "id", typ: "VisitDay", table: "visit_day", row: workAt("day planned"), input: becauseOf, copied: otherDay("PLANNED")},
		"assignDuty":       {payload: []string{"duty { id }"}, field: "visitDay", typ: "VisitDay", table: "visit_day", row: workAt("day planned"), denied: true, input: map[string]any{"deputy": globalID("Deputy", apitest.Who(apitest.Crossing))}},
		"substituteDuty":   {payload: []string{"duty { id }"}, field: "id", typ: "VisitDuty", table: "visit_duty", row: workAt("duty day planned"), denied: true, input: map[string]any{"deputy": globalID("Deputy", apitest.Who(apitest.Crossing)), "reason": "外出开会"}},

		"requestAppointment": {payload: []string{"appointment { id }", "number", "token"}, field: "visitDay", typ: "VisitDay", table: "visit_day", row: workAt("day"), denied: true, input: map[string]any{
			"deputy": globalID("Deputy", apitest.Who(apitest.Double)), "topic": "反映道路积水问题", "name": "宋某", "phone": "13900001111", "consent": "A2026-1",
		}},
		"acceptAppointment":   {payload: askedFor, field: "id", typ: "Appointment", table: "appointment", row: appointment, copied: anotherNumber("REQUESTED")},
		"declineAppointment":  {payload: askedFor, field: "id", typ: "Appointment", table: "appointment", row: appointment, input: becauseOf, copied: anotherNumber("REQUESTED")},
		"moveAppointment":     {payload: askedFor, field: "id", typ: "Appointment", table: "appointment", row: appointment, denied: true, input: map[string]any{"visitDay": globalID("VisitDay", apitest.Of("day planned", "430121107")), "reason": "改到下一次"}},
		"concludeAppointment": {payload: askedFor, field: "id", typ: "Appointment", table: "appointment", row: appointment, input: map[string]any{"kept": true}, denied: true},

		"planActivity": {payload: activityOf, field: "station", typ: "Station", table: "station", row: station, input: map[string]any{
			"title": "接待群众", "way": "RECEPTION", "setting": "IN_STATION", "beginsAt": later + "T01:00:00Z", "endsAt": later + "T03:00:00Z",
		}},
		"changeActivity":   {payload: activityOf, field: "id", typ: "Activity", table: "activity", row: activity, input: map[string]any{"title": "另一题目"}, copied: set()},
		"joinActivity":     {payload: activityOf, field: "id", typ: "Activity", table: "activity", row: activity, input: map[string]any{"add": []any{globalID("Station", apitest.Of("station", "430121107202"))}}, denied: true},
		"openActivity":     {payload: activityOf, field: "id", typ: "Activity", table: "activity", row: activity, denied: true},
		"recordAttendance": {payload: activityOf, field: "id", typ: "Activity", table: "activity", row: activity, input: map[string]any{"deputies": []any{map[string]any{"deputy": globalID("Deputy", apitest.Who(apitest.Double)), "guest": true}}}, denied: true},
		"removeAttendance": {payload: activityOf, field: "id", typ: "Activity", table: "activity", row: activity, input: map[string]any{"attendance": globalID("Attendance", apitest.Of("none", "43")), "reason": "登记有误"}, denied: true},
		"recordActivity":   {payload: activityOf, field: "id", typ: "Activity", table: "activity", row: activity, input: map[string]any{"summary": "接待三人"}, denied: true},
		"cancelActivity":   {payload: activityOf, field: "id", typ: "Activity", table: "activity", row: activity, input: becauseOf, copied: set()},
		"returnActivity":   {payload: activityOf, field: "id", typ: "Activity", table: "activity", row: activity, input: becauseOf, copied: set("state", "RECORDED")},
		"confirmActivity":  {payload: activityOf, field: "id", typ: "Activity", table: "activity", row: activity, copied: set("state", "RECORDED")},
		"amendActivity":    {payload: activityOf, field: "id", typ: "Activity", table: "activity", row: activity, input: becauseOf, copied: set("state", "CONFIRMED")},
		"changeFigure":     {payload: []string{"figure { id }"}, field: "id", typ: "KeyFigure", table: "key_figure", row: figureAt, own: true, input: map[string]any{"name": "慰问品"}},

		"setNorms":           {payload: []string{"normSet { id }"}, field: "congress", typ: "Congress", table: "congress", row: congress, own: true, denied: true, input: map[string]any{"level": "COUNTY", "name": "标准", "items": norms, "fromOn": later}},
		"endNorms":           {payload: []string{"normSet { id }"}, field: "id", typ: "NormSet", table: "norm_set", row: workAt("norms"), own: true, denied: true, input: map[string]any{"untilOn": later}},
		"remindDeputies":     {payload: []string{"reminded"}, field: "mandates", many: true, typ: "Mandate", table: "mandate", row: spotAt(func(s *apitest.Spot) string { return s.Mandate }), lines: anyLines},
		"submitDutyRecord":   {payload: recordedAs, field: "mandate", typ: "Mandate", table: "mandate", row: mandateAt, input: map[string]any{"kind": "STORY", "day": "2025-03-03", "title": "履职故事", "content": "走访三户群众,逐一记下所反映的问题。"}},
		"reviseDutyRecord":   {payload: recordedAs, field: "id", typ: "DutyRecord", table: "duty_record", row: record, input: map[string]any{"title": "另一题目"}, copied: set("state", "SUBMITTED")},
		"withdrawDutyRecord": {payload: recordedAs, field: "id", typ: "DutyRecord", table: "duty_record", row: record, copied: set("state", "SUBMITTED")},
		"confirmDutyRecord":  {payload: recordedAs, field: "id", typ: "DutyRecord", table: "duty_record", row: record, copied: set("state", "SUBMITTED")},
		"returnDutyRecord":   {payload: recordedAs, field: "id", typ: "DutyRecord", table: "duty_record", row: record, input: becauseOf, copied: set("state", "SUBMITTED")},

		"setPointScheme": {payload: []string{"pointScheme { id }"}, field: "congress", typ: "Congress", table: "congress", row: congress, own: true, denied: true, input: map[string]any{"level": "COUNTY", "name": "办法", "items": prices, "fromOn": later}},
		"endPointScheme": {payload: []string{"pointScheme { id }"}, field: "id", typ: "PointScheme", table: "point_scheme", row: workAt("scheme"), own: true, denied: true, input: map[string]any{"untilOn": later}},
		"claimPoints":    {payload: claimedAs, field: "mandate", typ: "Mandate", table: "mandate", row: mandateAt, denied: true, input: map[string]any{"kind": "AWARD", "item": "AWARD", "day": "2024-05-16", "text": "受到表彰"}},
		"withdrawClaim":  {payload: claimedAs, field: "id", typ: "PointClaim", table: "point_claim", row: claim, copied: set("state", "SUBMITTED")},
		"approveClaim":   {payload: claimedAs, field: "id", typ: "PointClaim", table: "point_claim", row: claim, input: map[string]any{"points": 1}, denied: true},
		"refuseClaim":    {payload: claimedAs, field: "id", typ: "PointClaim", table: "point_claim", row: claim, input: becauseOf, copied: set("state", "SUBMITTED")},
		"appealClaim":    {payload: claimedAs, field: "id", typ: "PointClaim", table: "point_claim", row: claim, input: becauseOf, copied: set("state", "REFUSED")},
		"upholdRefusal":  {payload: claimedAs, field: "id", typ: "PointClaim", table: "point_claim", row: claim, input: becauseOf, copied: set("state", "APPEALED")},
		"checkPoints":    {payload: []string{"pointCheck { id }"}, field: "mandate", typ: "Mandate", table: "mandate", row: mandateAt, input: map[string]any{"year": 2024, "agreed": true}, denied: true},

		"setPairingRule": {payload: []string{"rule { id }"}, field: "congress", typ: "Congress", table: "congress", row: congress, own: true, input: map[string]any{"kind": "UPPER_LOWER", "least": 1, "most": 3, "times": 1, "period": "YEAR"}},
		"pair":           {payload: []string{"pairing { id }"}, field: "congress", typ: "Congress", table: "congress", row: congress, denied: true, input: map[string]any{"kind": "MEMBER_DEPUTY", "leader": map[string]any{"deputy": globalID("Deputy", apitest.Who(apitest.National))}, "deputy": globalID("Deputy", apitest.Who(apitest.Crossing)), "startedOn": "2025-01-01"}},
		"unpair":         {payload: []string{"pairing { id }"}, field: "id", typ: "Pairing", table: "pairing", row: pairing, denied: true, input: map[string]any{"endedOn": "2025-01-01", "reason": "工作变动"}},
		"logContact":     {payload: []string{"contact { id }"}, field: "pairing", typ: "Pairing", table: "pairing", row: pairing, denied: true, input: map[string]any{"day": "2025-01-01", "way": "VISIT", "note": "走访座谈"}},

		"planTraining":             {payload: courseOf, field: "organ", typ: "Organ", table: "organ", row: spotAt(func(s *apitest.Spot) string { return s.Organ }), own: true, denied: true, input: map[string]any{"title": "培训", "fromOn": "2025-03-03", "toOn": "2025-03-03", "hours": 2}},
		"changeTraining":           {payload: courseOf, field: "id", typ: "Training", table: "training", row: workAt("training"), own: true, denied: true, input: map[string]any{"title": "另一培训"}},
		"cancelTraining":           {payload: courseOf, field: "id", typ: "Training", table: "training", row: workAt("training"), own: true, denied: true, input: becauseOf},
		"removeTrainingAttendance": {payload: courseOf, field: "id", typ: "TrainingAttendance", table: "training_attendance", row: onMandateAt("training_attendance"), denied: true, input: becauseOf},

		"setStandard":       {payload: []string{"standard { id }"}, field: "congress", typ: "Congress", table: "congress", row: congress, own: true, denied: true, input: map[string]any{"subject": "STATION", "name": "标准", "items": sheet}},
		"openEvaluation":    {payload: campaignOf, field: "congress", typ: "Congress", table: "congress", row: congress, own: true, denied: true, input: map[string]any{"standard": globalID("Standard", apitest.Of("standard", "430121")), "name": "考评", "fromOn": "2025-01-01", "toOn": "2025-12-31", "selfUntil": later}},
		"evaluateSelf":      {payload: []string{"evaluation { id }"}, field: "id", typ: "Evaluation", table: "evaluation", row: evaluation, denied: true, input: map[string]any{"scores": []any{map[string]any{"key": "SIGN", "points": 90}}}},
		"reviewCampaign":    {payload: campaignOf, field: "id", typ: "EvaluationCampaign", table: "evaluation_campaign", row: workAt("campaign"), own: true, denied: true},
		"reviewEvaluation":  {payload: []string{"evaluation { id }"}, field: "id", typ: "Evaluation", table: "evaluation", row: evaluation, denied: true, input: map[string]any{"scores": []any{map[string]any{"key": "SIGN", "points": 90}}}},
		"publishEvaluation": {payload: campaignOf, field: "id", typ: "EvaluationCampaign", table: "evaluation_campaign", row: workAt("campaign"), own: true, denied: true},
		"cancelEvaluation":  {payload: campaignOf, field: "id", typ: "EvaluationCampaign", table: "evaluation_campaign", row: workAt("campaign"), own: true, denied: true, input: becauseOf},
	}
}

// figureAt is a place's own key figure.
func figureAt(m *matrix, at string) string {
	for _, r := range m.world.Rules {
		if r.Of == "key_figure" && r.At == at && m.stored(r.ID)["campaign"] != nil {
			return r.ID
		}
	}
	return ""
}

// mandateAt is a mandate on the roll that is grouped at a place, of one who works there.
func mandateAt(m *matrix, at string) string {
	for _, x := range m.world.Mandates {
		if x.At == at && x.Status == "CONFIRMED" {
			return x.ID
		}
	}
	return ""
}

// dutyProbesOfVerbs makes the probes of them.
func dutyProbesOfVerbs() map[string]verbProbe {
	out := map[string]verbProbe{}
	for verb, d := range dutyTries() {
		out[verb] = d.probe(verb)
	}
	// A course in sight may be one of above; it is the deputy who must be of the area.
	out["recordTraining"] = verbProbe{payload: courseOf, sampled: true, at: func(m *matrix, a asker, at string) []attempt {
		deputy := m.world.Spot(at).Deputy
		if deputy == "" {
			return nil
		}
		out := m.try("recordTraining", "deputy", "Deputy", deputy, oracle.Target{At: at, Visible: m.world.Sees(a.Viewer, deputy)}, map[string]any{})
		for _, in := range []*map[string]any{&out.input, &out.unknown} {
			*in = map[string]any{"training": globalID("Training", apitest.Of("training", "0")), "attendees": []any{*in}}
		}
		return []attempt{out}
	}, spare: func(*matrix, *testing.T, asker, string) []attempt { return nil }}
	// Of no thing of a place: of the own division, and of a code that is scanned.
	out["defineFigure"] = verbProbe{payload: []string{"figure { id }"}, sampled: true, at: func(m *matrix, a asker, at string) []attempt {
		input := map[string]any{"key": fmt.Sprintf("K%d", m.number()), "name": "指标", "unit": "个", "type": "COUNT", "fromOn": "2025-01-01"}
		return []attempt{{verb: "defineFigure", input: input, target: oracle.Target{At: a.At}, thing: m.world.Place(at).ID, unknown: maps.Clone(input)}}
	}}
	out["checkIn"] = verbProbe{payload: []string{"attendance { id }"}, sampled: true, at: func(m *matrix, a asker, at string) []attempt {
		input := map[string]any{"code": "QR" + apitest.CodeOf(m.world.Spot(at).Station)}
		return []attempt{{verb: "checkIn", input: input, target: oracle.Target{At: a.At, Owner: a.Person}, thing: m.world.Place(at).ID, unknown: map[string]any{"code": "QRnone"}}}
	}, spare: func(*matrix, *testing.T, asker, string) []attempt { return nil }}
	return out
}

// doneElsewhere are the verbs of which the matrix tries what is refused; what succeeds needs more than a row in a state, and is shown, with each
// role that may, by the tests of the verb.
func doneElsewhere(verb string) bool {
	d, ok := dutyTries()[verb]
	return ok && d.denied || verb == "checkIn" || verb == "recordTraining"
}

// unscopedDuty are the verbs on deputies' work that are about nothing that could be out of sight.
var unscopedDuty = []string{"defineFigure", "checkIn"}

// placesFor are the places on which a viewer's attempts at a verb are made. Those on deputies' work are made where there is some.
func (m *matrix) placesFor(a asker, verb string) []string {
	if !oracle.DutyVerb(verb) {
		return m.places(a)
	}
	var out []string
	n := map[oracle.Relation]int{}
	for _, code := range append([]string{a.At, "0", "43", "430102", "430121107201", "440305", "431002001", "430121"}, apitest.DutyPlaces...) {
		at := apitest.Full(code)
		if r := m.world.RelationOf(a.At, at); !slices.Contains(out, at) && n[r] < 6 {
			n[r]++
			out = append(out, at)
		}
	}
	return out
}
