package workflow_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinionevent"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// office is a house in which everyone has an account.
type office struct {
	*loopHouse
	clockwork *workflow.Clockwork
	accounts  map[string]uuid.UUID
	names     map[string]string // by subject
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{loopHouse: newLoopHouse(t), accounts: map[string]uuid.UUID{}, names: map[string]string{}}
	o.clockwork = o.clockworkAt(now)
	for _, a := range []struct {
		name string
		role viewer.Role
		at   place.Code
		of   map[string]any
	}{
		{"keeper", viewer.StationKeeper, huaguo, map[string]any{"station_id": o.station.ID}},
		{"keeper's colleague", viewer.StationKeeper, huaguo, map[string]any{"station_id": o.station.ID}},
		{"keeper of no station", viewer.StationKeeper, huaguo, nil},
		{"keeper who left", viewer.StationKeeper, huaguo, map[string]any{"station_id": o.station.ID, "status": kind.AccountClosed}},
		{"keeper elsewhere who left", viewer.StationKeeper, huangxin, map[string]any{"station_id": o.elsewhere.ID, "status": kind.AccountClosed}},
		{"township", viewer.TownshipAdmin, guoyuan, nil},
		{"another township", viewer.TownshipAdmin, huangxin, nil},
		{"county", viewer.CountyAdmin, county, nil},
		{"county's second", viewer.CountyAdmin, county, nil},
		{"county's third, who left", viewer.CountyAdmin, county, map[string]any{"status": kind.AccountClosed}},
		{"another county", viewer.CountyAdmin, beihu, nil},
		{"city", viewer.CityAdmin, changsha, nil},
		{"province", viewer.ProvinceAdmin, hunan, nil},
		{"nation", viewer.NationAdmin, place.Nation, nil},
		{"staff", viewer.CommitteeStaff, county, nil},
		{"supervisor", viewer.Supervisor, county, nil},
		{"city's supervisor", viewer.Supervisor, changsha, nil},
		{"portal", viewer.Portal, county, nil},
		{"lead", viewer.Department, county, map[string]any{"organ_id": o.lead}},
		{"lead's second", viewer.Department, county, map[string]any{"organ_id": o.lead}},
		{"co", viewer.Department, county, map[string]any{"organ_id": o.co}},
		{"past", viewer.Department, county, map[string]any{"organ_id": o.past}},
		{"none", viewer.Department, county, map[string]any{"organ_id": o.none}},
		{"deputy", viewer.Deputy, county, map[string]any{"deputy_id": o.deputy}},
		{"stranger", viewer.Deputy, county, map[string]any{"deputy_id": o.stranger}},
	} {
		o.account(a.name, a.role, a.at, a.of)
	}
	return o
}

func (o *office) account(name string, role viewer.Role, at place.Code, of map[string]any) {
	o.Helper()
	row := map[string]any{
		"username": fmt.Sprintf("user%d", len(o.accounts)), "password_hash": "", "display_name": name, "role": role,
		"division_id": o.divisionID(at), "status": kind.AccountActive,
	}
	maps.Copy(row, of)
	id := o.row("account", at, row)
	o.accounts[name], o.names[id.String()] = id, name
}

// clockworkAt is a clockwork that sends messages and whose clock shows another time.
func (h *house) clockworkAt(at time.Time) *workflow.Clockwork {
	return workflow.NewClockwork(h.client, workflow.ClockworkOptions{
		Clock: func() time.Time { return at }, Messages: true, StatusPage: "https://lianluo.example/c", AppointmentPage: "https://lianluo.example/a",
	})
}

// last is the newest event of an opinion.
func (h *house) last(opinion uuid.UUID) *gen.OpinionEvent {
	h.Helper()
	e, err := h.client.OpinionEvent.Query().Where(opinionevent.OpinionID(opinion)).
		Order(gen.Desc(opinionevent.FieldSequence)).First(viewer.NewContext(h.Context(), viewer.SystemJob("test")))
	if err != nil {
		h.Fatal(err)
	}
	return e
}

// announce announces the newest step of an opinion.
func (o *office) announce(opinion uuid.UUID) *gen.OpinionEvent {
	o.Helper()
	e := o.last(opinion)
	if err := o.clockwork.Announce(o.Context(), e.ID); err != nil {
		o.Fatal(err)
	}
	return e
}

// told are the accounts that were told of an event, by name.
func (o *office) told(event uuid.UUID) []string {
	o.Helper()
	rows, err := o.owner.QueryContext(o.Context(), `SELECT subject FROM notification WHERE event_id = $1`, event)
	if err != nil {
		o.Fatal(err)
	}
	return o.subjects(rows)
}

func (o *office) subjects(rows *sql.Rows) []string {
	o.Helper()
	defer rows.Close()
	var out []string
	for rows.Next() {
		var subject string
		if err := rows.Scan(&subject); err != nil {
			o.Fatal(err)
		}
		out = append(out, o.names[subject])
	}
	if err := rows.Err(); err != nil {
		o.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// Who has which part, by account.
var (
	theStation = []string{"keeper", "keeper's colleague"}
	theCounty  = []string{"county", "county's second"}
	theLead    = []string{"lead", "lead's second"}
	theRest    = []string{"co"}
	theDeputy  = []string{"deputy"}
)

// TestWhoIsTold does each step once and more, and compares who was told with a table of its own.
func TestWhoIsTold(t *testing.T) {
	o := newOffice(t)
	main := o.walk(ways["ACCEPTED"], uuid.Nil)
	backTo := county
	committee := o.organ[county]
	due := day("2026-07-31")
	// A step after a way; without a context, by the last one of the way itself.
	type deed struct {
		step state.Step
		ctx  context.Context
		f    dossier.Facts
	}
	lead, organ := o.department(county, o.lead), o.county()
	supervise := deed{"SUPERVISE", organ, dossier.Facts{Supervisor: &committee, SupervisionDue: &due}}
	steps := map[state.Step]bool{}
	for _, c := range []struct {
		way   string
		deeds []deed
		want  [][]string
	}{
		{"SUBMITTED", nil, [][]string{theStation, theDeputy}},
		{"ACCEPTED", nil, [][]string{theStation}},
		{"DECLINED", nil, nil},
		{"ANSWERED", nil, [][]string{theStation}},
		{"MERGED", nil, nil},
		{"MERGED", []deed{{"UNMERGE", o.officer(o.station), dossier.Facts{}}}, [][]string{theStation}},
		{"MERGED", []deed{{"FOLLOW_FEEDBACK", o.job(), dossier.Facts{}}}, [][]string{theDeputy}},
		{"MERGED", []deed{{"FOLLOW_CLOSE", o.job(), dossier.Facts{}}}, [][]string{theDeputy}},
		{"MERGED", []deed{{"FOLLOW_REOPEN", o.job(), dossier.Facts{}}}, nil},
		{"ANALYSED", nil, [][]string{theCounty}},
		{"ASSIGNED", nil, [][]string{theLead, theRest, {"past"}}},
		{"RETURN_REQUESTED", nil, [][]string{theCounty}},
		{"ESCALATED", nil, [][]string{{"city"}, theLead, theRest}},
		{"ESCALATED", []deed{{"TAKE_UP", o.city(), dossier.Facts{}}}, [][]string{{"city"}}},
		{"ESCALATED", []deed{{"SEND_BACK", o.city(), dossier.Facts{Holder: &backTo, Level: place.LevelCounty}}}, [][]string{theCounty}},
		{"HANDLING", nil, [][]string{theLead}},
		{"HANDLING", []deed{{"NOTE", lead, dossier.Facts{}}}, [][]string{theLead}},
		{"HANDLING", []deed{{"EXTEND", lead, dossier.Facts{}}}, [][]string{theLead}},
		{"HANDLING", []deed{{"EXPLAIN", o.member(o.deputy), dossier.Facts{}}}, [][]string{theLead}},
		{"HANDLING", []deed{supervise}, [][]string{theLead, theRest}},
		{"HANDLING", []deed{supervise, {"URGE", organ, dossier.Facts{}}}, [][]string{theLead, theRest}},
		{"HANDLING", []deed{supervise, {"END_SUPERVISION", organ, dossier.Facts{}}}, [][]string{theLead}},
		{"HANDLING", []deed{{"MARK_KEY", organ, dossier.Facts{}}}, [][]string{theLead}},
		{"HANDLING", []deed{{"MARK_KEY", organ, dossier.Facts{}}, {"UNMARK_KEY", organ, dossier.Facts{}}}, [][]string{theLead}},
		{"HANDLING", []deed{{"AMBER", o.job(), dossier.Facts{}}}, [][]string{theLead, theRest}},
		{"HANDLING", []deed{{"OVERDUE", o.job(), dossier.Facts{}}}, [][]string{theLead, theRest}},
		{"HANDLING", []deed{supervise, {"OVERDUE", o.job(), dossier.Facts{}}}, [][]string{theLead, theRest, theCounty, {"supervisor"}}},
		{"HANDLING", []deed{supervise, {"REPLY", lead, dossier.Facts{}}}, [][]string{theStation, theDeputy, theCounty, {"supervisor"}}},
		{"REPLIED", nil, [][]string{theStation, theDeputy}},
		{"REPLIED", []deed{{"OVERDUE", o.job(), dossier.Facts{}}}, [][]string{theStation}},
		{"SUBMITTED", []deed{{"OVERDUE", o.job(), dossier.Facts{}}}, [][]string{theStation}},
		{"ANALYSED", []deed{{"AMBER", o.job(), dossier.Facts{}}}, [][]string{theCounty}},
		{"WAITING station", nil, nil},
		{"WAITING station", []deed{{"AMBER", o.job(), dossier.Facts{}}}, [][]string{theStation}},
		{"WAITING organ", []deed{{"AMBER", o.job(), dossier.Facts{}}}, [][]string{theCounty}},
		{"WAITING lead", []deed{{"AMBER", o.job(), dossier.Facts{}}}, [][]string{theLead, theRest}},
		{"WAITING lead", []deed{{"SUPPLEMENT", nil, dossier.Facts{}}}, [][]string{theLead}},
		{"WAITING lead", []deed{{"RESUME", o.job(), dossier.Facts{}}}, [][]string{theLead}},
		{"FED_BACK", nil, [][]string{theDeputy}},
		{"FED_BACK", []deed{{"AMBER", o.job(), dossier.Facts{}}}, [][]string{theStation}},
		{"FED_BACK", []deed{{"LAPSE", o.job(), dossier.Facts{}}}, [][]string{theDeputy}},
		{"RATED", nil, [][]string{theCounty, theDeputy}},
		{"REWORK", nil, [][]string{theLead}},
		{"REWORK alone", nil, [][]string{{"township"}}},
		{"CLOSED", nil, [][]string{theDeputy}},
		{"CLOSED", []deed{{"REOPEN", organ, dossier.Facts{}}}, [][]string{theLead}},
		{"CLOSED", []deed{{"PUBLISH", organ, dossier.Facts{}}}, nil},
		{"CLOSED", []deed{{"PUBLISH", organ, dossier.Facts{}}, {"WITHDRAW", organ, dossier.Facts{}}}, nil},
		{"CONVERTED", nil, [][]string{theDeputy}},
	} {
		x := o.walk(ways[c.way], main.ID)
		for _, d := range c.deeds {
			if d.ctx == nil {
				d.ctx = o.citizen(x.ID)
			}
			next, err := o.desk.Walk(d.ctx, x.ID, d.step, d.f)
			if err != nil {
				t.Fatalf("%s after %s: %v", d.step, c.way, err)
			}
			x = next
		}
		e := o.announce(x.ID)
		steps[e.Step] = true
		want := slices.Concat(c.want...)
		slices.Sort(want)
		if got := o.told(e.ID); !slices.Equal(got, want) {
			t.Errorf("%s in %s: told %q, want %q", e.Step, c.way, got, want)
		}
	}
	for _, s := range state.Steps {
		if !steps[s] {
			t.Errorf("%s was not tried", s)
		}
	}
}

// What is told is who was concerned then, and each is told once, though the job runs late, twice, or four times at once.
func TestToldLateAndOnce(t *testing.T) {
	o := newOffice(t)
	x := o.walk(ways["ASSIGNED"], uuid.Nil)
	assigned := o.last(x.ID)
	for _, step := range []state.Step{"TAKE", "REPLY"} {
		if _, err := o.desk.Walk(o.department(county, o.lead), x.ID, step, dossier.Facts{}); err != nil {
			t.Fatal(err)
		}
	}
	errs := make(chan error)
	for range 4 {
		go func() { errs <- o.clockworkAt(now).Announce(t.Context(), assigned.ID) }()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if got := fmt.Sprint(o.told(assigned.ID)); got != "[co lead lead's second past]" {
		t.Error("told:", got)
	}
	if err := o.clockwork.Announce(t.Context(), uuid.New()); !gen.IsNotFound(err) {
		t.Errorf("an event that is not: %v", err)
	}
}

// Whoever did the step is not told of it, the others of the same office are.
func TestActorIsNotTold(t *testing.T) {
	o := newOffice(t)
	x := o.walk(ways["SUBMITTED"], uuid.Nil)
	ctx := o.officer(o.station)
	viewer.FromContext(ctx).Subject = o.accounts["keeper"].String()
	o.must(o.desk.AcceptOpinion(ctx, workflow.AcceptOpinion{OpinionRef: ref(x)}))
	if got := fmt.Sprint(o.told(o.announce(x.ID).ID)); got != "[keeper's colleague]" {
		t.Error("told:", got)
	}
}

// A station whose keepers have no account in use is looked after by the organ responsible for its place.
func TestStationWithoutKeeper(t *testing.T) {
	o := newOffice(t)
	b, err := o.desk.RecordOpinion(o.officer(o.elsewhere), workflow.RecordOpinion{
		Station: o.elsewhere.ID, Channel: kind.ChannelVisit,
		OpinionContent: workflow.OpinionContent{Content: "路灯不亮已有一周", Consent: "2026-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(o.told(o.announce(b.Opinion.ID).ID)); got != "[another township]" {
		t.Error("told:", got)
	}
}

// A step that is taken back leaves no job behind.
func TestRefusedStepIsNotAnnounced(t *testing.T) {
	o := newOffice(t)
	x := o.walk(ways["SUBMITTED"], uuid.Nil)
	jobs := o.count(`river_job`)
	err := o.desk.Try(o.officer(o.station), x.ID, func(trial *workflow.Trial) {
		if _, err := trial.Do("ACCEPT", dossier.Facts{}); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	stale := ref(x)
	*stale.ExpectedVersion += 5
	conflict("input.expectedVersion VERSION").check(t, func() error {
		_, err := o.desk.AcceptOpinion(o.officer(o.station), workflow.AcceptOpinion{OpinionRef: stale})
		return err
	}())
	if n := o.count(`river_job`); n != jobs {
		t.Errorf("%d jobs, want %d", n, jobs)
	}
	o.must(o.desk.AcceptOpinion(o.officer(o.station), workflow.AcceptOpinion{OpinionRef: workflow.OpinionRef{ID: x.ID}}))
	if n := o.count(`river_job WHERE kind = 'opinion_step' AND max_attempts = 10 AND args->>'event' = $1`, o.last(x.ID).ID.String()); n != 1 {
		t.Errorf("%d jobs of the step", n)
	}
}

// book books an opinion of a citizen at the station, with a number or without.
func (o *office) book(phone *string) *gen.Opinion {
	o.Helper()
	b, err := o.desk.RecordOpinion(o.officer(o.station), workflow.RecordOpinion{
		Station: o.station.ID, Deputy: &o.deputy, Channel: kind.ChannelTelephone,
		OpinionContent: workflow.OpinionContent{Content: "赵甲家门前的路灯不亮", Name: ptr("赵甲"), Phone: phone, Consent: "2026-1"},
	})
	if err != nil {
		o.Fatal(err)
	}
	return b.Opinion
}

// sent are the texts of the messages of an event, with where they go.
func (o *office) sent(event uuid.UUID) []string {
	o.Helper()
	rows, err := o.owner.QueryContext(o.Context(), `SELECT channel || ' ' || address || ' ' || status || ' ' || text FROM message WHERE event_id = $1`, event)
	if err != nil {
		o.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			o.Fatal(err)
		}
		out = append(out, text)
	}
	if err := rows.Err(); err != nil {
		o.Fatal(err)
	}
	return out
}

// TestMessages tells which steps a citizen is sent a message of, and what it says.
func TestMessages(t *testing.T) {
	o := newOffice(t)
	main := o.walk(ways["ACCEPTED"], uuid.Nil)
	const link = "。凭受理编号和手机号查看:https://lianluo.example/c"
	want := map[state.Step]string{
		"SUBMIT":          "已收到",
		"DECLINE":         "未予受理,原因请查看",
		"ASK":             "需要您补充情况(截止 2026-06-30)",
		"FEED_BACK":       "已有办理结果,请查看并评价(截止 2026-06-30)",
		"FOLLOW_FEEDBACK": "已有办理结果,请查看并评价",
		"CLOSE":           "已办结",
		"LAPSE":           "因逾期未评价,已办结",
		"CONVERT":         "已转为代表建议,本件办结",
		"FOLLOW_CLOSE":    "已办结",
	}
	tried := map[state.Step]bool{}
	check := func(x uuid.UUID) {
		t.Helper()
		e := o.announce(x)
		if tried[e.Step] {
			return
		}
		tried[e.Step] = true
		if err := o.clockwork.Announce(t.Context(), e.ID); err != nil { // a second time
			t.Error(err)
		}
		got := o.sent(e.ID)
		said, ok := want[e.Step]
		number := o.read(x).Number
		switch {
		case !ok && len(got) > 0:
			t.Errorf("%s: %q", e.Step, got)
		case ok && (len(got) != 1 || got[0] != "SMS 13800001234 PENDING 【人大代表联络站】您反映的事项(受理编号 "+number+")"+said+link):
			t.Errorf("%s: %q", e.Step, got)
		}
		if n := o.count(`river_job j JOIN message m ON j.args = jsonb_build_object('message', m.id)
			WHERE j.kind = 'message' AND j.queue = 'messages' AND j.max_attempts = 10 AND m.event_id = $1`, e.ID); n != len(got) {
			t.Errorf("%s: %d jobs for %d messages", e.Step, n, len(got))
		}
	}
	// Each way is walked with a number on file, each step of it looked at.
	for _, name := range slices.Sorted(maps.Keys(ways)) {
		x := o.walk(ways[name], main.ID)
		if _, err := o.owner.ExecContext(t.Context(),
			`UPDATE opinion_submitter SET name = '赵甲', phone = '138 0000 1234', phone_digits = '13800001234' WHERE opinion_id = $1`, x.ID); err != nil {
			t.Fatal(err)
		}
		check(x.ID)
		if name == "MERGED" {
			for _, step := range []state.Step{"FOLLOW_FEEDBACK", "FOLLOW_CLOSE", "FOLLOW_REOPEN"} {
				if _, err := o.desk.Walk(o.job(), x.ID, step, dossier.Facts{}); err != nil {
					t.Fatal(err)
				}
				check(x.ID)
			}
		}
		if name == "FED_BACK" {
			if _, err := o.desk.Walk(o.job(), x.ID, "LAPSE", dossier.Facts{}); err != nil {
				t.Fatal(err)
			}
			check(x.ID)
		}
	}
	for step := range want {
		if !tried[step] {
			t.Errorf("%s was not tried", step)
		}
	}
	if !tried["ACCEPT"] || !tried["RATE"] || !tried["FOLLOW_REOPEN"] {
		t.Error("tried:", tried)
	}
}

func TestNoMessageWithoutMobile(t *testing.T) {
	o := newOffice(t)
	for _, phone := range []*string{nil, ptr("0731-84012345"), ptr("380 0001 234")} {
		if got := o.sent(o.announce(o.book(phone).ID).ID); len(got) != 0 {
			t.Errorf("%q", got)
		}
	}
	x := o.book(ptr("138 0000 1234"))
	quiet := workflow.NewClockwork(o.client, workflow.ClockworkOptions{})
	e := o.last(x.ID)
	if err := quiet.Announce(t.Context(), e.ID); err != nil || len(o.sent(e.ID)) != 0 || len(o.told(e.ID)) != 3 {
		t.Errorf("without a gateway: %v %q %q", err, o.sent(e.ID), o.told(e.ID))
	}
	for _, c := range []struct {
		days, messages int
	}{{8, 0}, {6, 1}} { // what happened more than a week ago is no news
		late := workflow.NewClockwork(o.client, workflow.ClockworkOptions{
			Messages: true, Clock: func() time.Time { return now.AddDate(0, 0, c.days) },
		})
		y := o.last(o.book(ptr("138 0000 1234")).ID)
		if err := late.Announce(t.Context(), y.ID); err != nil || len(o.sent(y.ID)) != c.messages {
			t.Errorf("%d days late: %v %q", c.days, err, o.sent(y.ID))
		}
	}
	page := workflow.NewClockwork(o.client, workflow.ClockworkOptions{Messages: true, Clock: func() time.Time { return now }})
	if err := page.Announce(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	if got := o.sent(e.ID); len(got) != 1 || !strings.HasSuffix(got[0], "已收到。凭受理编号和手机号查看:请扫联络站二维码。") {
		t.Errorf("without a page: %q", got)
	}
}

// Nothing of the citizen stands in notifications, jobs or texts of messages, but the number they go to in its own column.
func TestNothingPersonalIsTold(t *testing.T) {
	o := newOffice(t)
	x := o.book(ptr("138 0000 1234"))
	o.announce(x.ID)
	if n := o.count(`message WHERE address = '13800001234'`); n != 1 {
		t.Fatalf("%d messages", n)
	}
	for _, from := range []string{
		`notification n WHERE n::text ~ $1`, `river_job j WHERE j::text ~ $1`, `message m WHERE (to_jsonb(m) - 'address')::text ~ $1`,
		`opinion_event e WHERE e::text ~ $1`, `audit_entry a WHERE a::text ~ $1`,
	} {
		if n := o.count(from, `13800001234|138 0000 1234|赵甲|路灯`); n != 0 {
			t.Errorf("%d of %s", n, from)
		}
	}
	if _, err := o.client.Message.Query().All(o.nation()); err == nil {
		t.Error("a viewer reads messages")
	}
}
