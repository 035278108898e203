package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// TestTrainingFlow plans a course, records the county's and a township's deputies in it, and reads it from above, from below and from beside.
func TestTrainingFlow(t *testing.T) {
	f := newFlow(t)
	own, town := f.world.Spot("430121"), f.world.Spot("430121107")
	course := f.do(f.county, "planTraining", "training { id version hours division { code } organ { id } }", map[string]any{
		"organ": globalID("Organ", own.Organ), "title": "代表法专题培训", "teacher": "林老师", "fromOn": "2025-05-10", "toOn": "2025-05-11", "hours": 6.5,
	})["training"]
	f.equal("the course", course, map[string]any{
		"id": at(course, "id"), "version": 1, "hours": 6.5, "division": map[string]any{"code": "430121000000"}, "organ": map[string]any{"id": globalID("Organ", own.Organ)},
	})
	id := at(course, "id").(string)
	f.do(f.county, "recordTraining", "training { id }", map[string]any{"training": id, "attendees": []map[string]any{
		{"deputy": globalID("Deputy", own.Deputy)}, {"deputy": globalID("Deputy", apitest.Who(apitest.National)), "hours": 3.5, "note": "半程参加"},
	}})
	recorded := f.do(f.town, "recordTraining", "training { attendances(first: 10) { totalCount edges { node { id hours day deputy { id } mandate { level } } } } }", map[string]any{
		"training": id, "attendees": []map[string]any{{"deputy": globalID("Deputy", town.Deputy)}},
	})
	// The township sees its own part alone.
	part := at(recorded, "training", "attendances", "edges", 0, "node")
	f.equal("the township's part", []any{at(recorded, "training", "attendances", "totalCount"), at(part, "hours"), at(part, "day"), at(part, "deputy", "id"), at(part, "mandate", "level")},
		[]any{1, 6.5, "2025-05-10", globalID("Deputy", town.Deputy), "TOWNSHIP"})
	f.equal("all", at(f.ask(f.county, `{ node(id: "`+id+`") { ... on Training { attendances(first: 1) { totalCount } } } }`), "attendances", "totalCount"), 3)
	mine := fmt.Sprint(f.ask(f.person(own.Deputy), `{ node(id: "`+globalID("Deputy", own.Deputy)+`") { ... on Deputy { trainings(first: 10) { edges { node {
		hours training { title division { name } } } } } } } }`))
	if !strings.Contains(mine, "map[hours:6.5 training:map[division:map[name:长沙县] title:代表法专题培训]]") {
		t.Errorf("the deputy sees %s", mine)
	}

	// Who sees the course: the county and what lies below and above it, nobody beside.
	for name, q := range map[string]struct {
		by    *apitest.Caller
		query string
		want  bool
	}{
		"the county":             {f.county, `{ trainings(division: "430121", first: 100) { edges { node { id } } } }`, true},
		"the city":               {f.city, `{ trainings(first: 100) { edges { node { id } } } }`, true},
		"the township's own":     {f.town, `{ trainings(first: 100) { edges { node { id } } } }`, false},
		"above the township":     {f.town, `{ trainings(above: true, first: 100) { edges { node { id } } } }`, true},
		"above, as of the code":  {f.county, `{ trainings(division: "430121107", above: true, first: 100) { edges { node { id } } } }`, true},
		"above a deputy":         {f.person(own.Deputy), `{ node(id: "` + id + `") { id } }`, true},
		"beside":                 {f.otherCounty, `{ trainings(first: 100) { edges { node { id } } } }`, false},
		"above another county":   {f.otherCounty, `{ trainings(above: true, first: 100) { edges { node { id } } } }`, false},
		"a stranger":             {f.otherCounty, `{ node(id: "` + id + `") { id } }`, false},
		"days before":            {f.county, `{ trainings(division: "430121", to: "2025-05-09", first: 100) { edges { node { id } } } }`, false},
		"days after":             {f.county, `{ trainings(division: "430121", from: "2025-05-12", first: 100) { edges { node { id } } } }`, false},
		"days within":            {f.county, `{ trainings(division: "430121", from: "2025-05-11", to: "2025-05-11", first: 100) { edges { node { id } } } }`, true},
		"of the congress":        {f.county, `{ node(id: "` + globalID("Congress", own.Congress) + `") { ... on Congress { trainings(first: 100) { edges { node { id } } } } } }`, true},
		"below the division":     {f.county, `{ division(code: "430121107") { trainings(first: 100) { edges { node { id } } } } }`, false},
		"of the division itself": {f.county, `{ division(code: "430121") { trainings(first: 100) { edges { node { id } } } } }`, true},
		"a portal":               {f.As(viewer.Portal, place.MustParse("430121")), `{ node(id: "` + id + `") { id } }`, false},
	} {
		t.Run(name, func(t *testing.T) {
			answer := q.by.For(t).Do(q.query, nil)
			if len(answer.Errors) > 0 || strings.Contains(answer.Body, id) != q.want {
				t.Errorf("%s, want %v", answer.Body, q.want)
			}
		})
	}

	f.refuse(f.county, "CONFLICT", "cancelTraining", map[string]any{"id": id, "reason": "另行安排"})
	f.equal("changed", f.do(f.county, "changeTraining", "training { version teacher hours }", map[string]any{"id": id, "expectedVersion": 1, "teacher": null{}, "hours": 7.0})["training"],
		map[string]any{"version": 2, "teacher": nil, "hours": 7})
	f.do(f.town, "removeTrainingAttendance", "training { id }", map[string]any{"id": at(part, "id"), "expectedVersion": 1, "reason": "登记有误"})
	f.equal("the others", at(f.ask(f.county, `{ node(id: "`+id+`") { ... on Training { attendances(first: 1) { totalCount } } } }`), "attendances", "totalCount"), 2)
}

// TestBadTrainings tries what must not become of courses.
func TestBadTrainings(t *testing.T) {
	h := newBadHouse(t)
	own, town, other := h.world.Spot("430121"), h.world.Spot("430121107"), h.world.Spot("430102")
	course := globalID("Training", apitest.Of("training", "430121"))
	plan := map[string]any{"organ": globalID("Organ", own.Organ), "title": "培训班", "fromOn": "2025-05-10", "toOn": "2025-05-11", "hours": 6.0}
	record := func(attendees ...map[string]any) map[string]any {
		return map[string]any{"training": course, "attendees": attendees}
	}
	who := func(id string) map[string]any { return map[string]any{"deputy": globalID("Deputy", id)} }
	h.check(t, []bad{
		{"negative hours", "planTraining", in(plan, "hours", -6.0), "INVALID", "input.hours OUT_OF_RANGE"},
		{"ends before", "planTraining", in(plan, "toOn", "2025-05-09"), "INVALID", "input.toOn IMPOSSIBLE_DATE"},
		{"an organ below", "planTraining", in(plan, "organ", globalID("Organ", town.Organ)), "FORBIDDEN", "input.organ FORBIDDEN"},
		{"an organ beside", "planTraining", in(plan, "organ", globalID("Organ", other.Organ)), "NOT_FOUND", "input.organ NOT_FOUND"},
		{"no title", "planTraining", in(plan, "title", ""), "INVALID", "input.title REQUIRED"},
		{"nothing to change", "changeTraining", map[string]any{"id": course}, "INVALID", "input EMPTY"},
		{"title emptied", "changeTraining", map[string]any{"id": course, "title": null{}}, "INVALID", "input.title REQUIRED"},
		{"another version", "changeTraining", map[string]any{"id": course, "title": "培训", "expectedVersion": 7}, "CONFLICT", "input.expectedVersion VERSION"},
		{"the city's course", "changeTraining", map[string]any{"id": globalID("Training", apitest.Of("training", "4301")), "title": "培训"}, "FORBIDDEN", "input.id FORBIDDEN"},
		{"nobody", "recordTraining", record([]map[string]any{}...), "INVALID", "input.attendees REQUIRED"},
		{"one twice", "recordTraining", record(who(own.Deputy), who(own.Deputy)), "INVALID", "input.attendees.1.deputy DUPLICATE"},
		{"another county's", "recordTraining", record(who(other.Deputy)), "NOT_FOUND", "input.attendees.0.deputy NOT_FOUND"},
		{"a guest", "recordTraining", record(who(apitest.Who(apitest.Provincial))), "CONFLICT", "input.attendees.0.deputy NOT_ON_ROLL"},
		{"more hours than there are", "recordTraining", record(map[string]any{"deputy": globalID("Deputy", apitest.Who(apitest.Elected)), "hours": 99.0}), "INVALID", "input.attendees.0.hours OUT_OF_RANGE"},
		{"unknown attendance", "removeTrainingAttendance", map[string]any{"id": globalID("TrainingAttendance", uuid.NewString()), "reason": "登记有误"}, "NOT_FOUND", "input.id NOT_FOUND"},
		{"no reason", "cancelTraining", map[string]any{"id": course, "reason": ""}, "INVALID", "input.reason REQUIRED"},
	})
}

// TestTrainingStatements counts the statements of lists of courses and of who took part.
func TestTrainingStatements(t *testing.T) {
	f := newFlow(t)
	f.world.Crowd(t, f.Owner)
	id := apitest.Of("training", "430121")
	for _, statement := range []string{
		`INSERT INTO training SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid()))).* FROM training c, generate_series(1, 100) WHERE c.id = $1`,
		`INSERT INTO training_attendance (id, version, created_at, updated_at, code, province_code, city_code, county_code, township_code, training_id, deputy_id, mandate_id, day, hours)
			SELECT gen_random_uuid(), 1, now(), now(), m.code, m.province_code, m.city_code, m.county_code, m.township_code, $1::uuid, m.deputy_id, m.id, '2024-01-01', 20
			FROM mandate m JOIN deputy d ON d.id = m.deputy_id WHERE d.name LIKE '众代表%'`,
		`INSERT INTO training_attendance SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'training_id', c.id))).*
			FROM training_attendance a, training c
			WHERE a.id = (SELECT t.id FROM training_attendance t WHERE t.training_id = $1 LIMIT 1) AND c.county_code = a.county_code AND NOT EXISTS (SELECT FROM training_attendance t WHERE t.training_id = c.id)`,
	} {
		if _, err := f.Owner.ExecContext(t.Context(), statement, id); err != nil {
			t.Fatal(err)
		}
	}
	const attended = `totalCount edges { node { hours training { title organ { name } } deputy { name } mandate { level division { name } } } }`
	t.Run("courses", func(t *testing.T) {
		alikes(t, f.Server, f.county, `{ trainings(division: "430121", last: %d) { totalCount edges { node { title division { name } organ { name } attendances(first: 1) { `+attended+` } } } } }`, 16, `"organ":null`, `"division":null`, `"edges":[]`)
	})
	t.Run("who took part", func(t *testing.T) {
		alikes(t, f.Server, f.county, `{ node(id: "`+globalID("Training", id)+`") { ... on Training { attendances(last: %d) { `+attended+` } } } }`, 12, `"deputy":null`, `"mandate":null`)
	})
	t.Run("deputies", func(t *testing.T) {
		alikes(t, f.Server, f.county, `{ deputies(division: "430121107", last: %d) { edges { node { name trainings(first: 1) { `+attended+` } } } } }`, 14)
	})
}
