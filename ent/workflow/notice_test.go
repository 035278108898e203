package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/workflow"
)

// tell tells of something and answers the accounts that were told, by name.
func (r *reception) tell(what kind.Notice, entity string, id uuid.UUID, by string) []string {
	r.Helper()
	n := workflow.Notice{What: what, Entity: entity, ID: id, Cause: uuid.New(), By: by}
	for range 2 { // once is enough, twice is no more
		if err := r.clockwork.Notify(r.Context(), n); err != nil {
			r.Fatal(err)
		}
	}
	rows, err := r.owner.QueryContext(r.Context(), `SELECT subject FROM notification
		WHERE cause_id = $1 AND notice = $2 AND entity = $3 AND entity_id = $4 AND opinion_id IS NULL`, n.Cause, what, entity, id)
	if err != nil {
		r.Fatal(err)
	}
	return r.subjects(rows)
}

// TestWhoIsToldOfNotices compares who is told of what with a table of its own.
func TestWhoIsToldOfNotices(t *testing.T) {
	r := newReception(t)
	mandate, err := r.client.Deputy.Query().QueryMandates().First(r.job())
	if err != nil {
		t.Fatal(err)
	}
	substitute := r.duty(r.alone, r.station, r.stranger, ptr(r.duty(r.alone, r.station, r.deputy, nil)))
	asked := r.standing(state.AppointmentRequested, &r.deputy, nil)
	department := r.standing(state.AppointmentRequested, nil, &r.lead)
	committee := r.row("appointment", huaguo, map[string]any{
		"number": "260615-X", "station_id": r.station.ID, "visit_day_id": r.later, "deputy_id": r.deputy, "requester_organ_id": r.organ[changsha],
		"topic": "路灯", "state": state.AppointmentAccepted, "requested_at": now,
	})
	cancelled := r.visitDay(r.station, "2026-09-20", state.VisitDayCancelled)
	for s, organ := range map[state.Appointment]uuid.UUID{state.AppointmentCancelled: r.co, state.AppointmentDeclined: r.past} {
		r.row("appointment", huaguo, map[string]any{
			"number": "260615-" + string(s[:2]), "station_id": r.station.ID, "visit_day_id": cancelled, "organ_id": organ,
			"topic": "路灯", "state": s, "requested_at": now,
		})
	}
	activity := r.row("activity", huangxin, map[string]any{
		"code_then": int64(huangxin), "station_id": r.elsewhere.ID, "title": "接待群众", "way": kind.WayReception, "setting": kind.SettingInStation,
		"day": "2026-06-01", "begins_at": now, "ends_at": now.Add(time.Hour), "state": state.ActivityHeld,
	})
	record := r.row("duty_record", county, map[string]any{
		"deputy_id": mandate.DeputyID, "mandate_id": mandate.ID, "kind": kind.RecordJournal, "day": "2026-06-01", "title": "走访", "content": "走访三户",
		"state": state.RecordSubmitted,
	})
	whose := theDeputy
	if mandate.DeputyID == r.stranger {
		whose = []string{"stranger"}
	}
	for _, c := range []struct {
		what   kind.Notice
		entity string
		id     uuid.UUID
		want   [][]string
	}{
		{kind.NoticeRota, gen.TypeVisitDay, r.later, [][]string{theStation, theDeputy, {"city"}}},
		{kind.NoticeRotaChanged, gen.TypeVisitDay, r.soon, [][]string{theStation, theDeputy, theLead}},
		{kind.NoticeCancelled, gen.TypeVisitDay, cancelled, [][]string{theStation, theRest}},
		{kind.NoticeCancelled, gen.TypeVisitDay, r.theirs, [][]string{{"another township", "stranger"}}}, // the keeper there has left
		{kind.NoticeRotaChanged, gen.TypeVisitDuty, substitute, [][]string{theStation, theDeputy, {"stranger"}}},
		{kind.NoticeRequested, gen.TypeAppointment, asked, [][]string{theStation, theDeputy}},
		{kind.NoticeRequested, gen.TypeAppointment, department, [][]string{theStation, theLead}},
		{kind.NoticeRequested, gen.TypeAppointment, committee, [][]string{theStation, theDeputy}},
		{kind.NoticeDecided, gen.TypeAppointment, committee, [][]string{theStation, theDeputy, {"city"}}},
		{kind.NoticeReturned, gen.TypeActivity, activity, [][]string{{"another township"}}},
		{kind.NoticeRecord, gen.TypeDutyRecord, record, [][]string{whose}},
		{kind.NoticeReminder, gen.TypeDeputy, r.stranger, [][]string{{"stranger"}}},
		{kind.NoticeReminder, gen.TypeMandate, mandate.ID, [][]string{whose}},
	} {
		want := slices.Concat(c.want...)
		slices.Sort(want)
		if got := r.tell(c.what, c.entity, c.id, "someone"); !slices.Equal(got, want) {
			t.Errorf("%s of %s: told %q, want %q", c.what, c.entity, got, want)
		}
	}
	if got := r.tell(kind.NoticeRequested, gen.TypeAppointment, asked, r.accounts["keeper"].String()); fmt.Sprint(got) != "[deputy keeper's colleague]" {
		t.Errorf("whoever did it is told: %q", got)
	}
	err = r.clockwork.Notify(t.Context(), workflow.Notice{What: kind.NoticeRota, Entity: "Zone", ID: r.zone[county], Cause: uuid.New()})
	if err == nil {
		t.Error("someone is told of a zone")
	}
}

// TestWhoIsToldOfEvaluations: who is evaluated, one by one and all of a campaign.
func TestWhoIsToldOfEvaluations(t *testing.T) {
	r := newReception(t)
	standard := r.row("standard", county, map[string]any{
		"congress_id": r.congress[county], "subject": kind.EvaluatedStation, "name": "五个标准", "edition": 1, "items": "[]", "from_on": "2026-01-01",
	})
	campaign := r.row("evaluation_campaign", county, map[string]any{
		"congress_id": r.congress[county], "standard_id": standard, "name": "年度考评", "from_on": "2026-01-01", "to_on": "2026-12-31",
		"self_until": "2026-12-31", "state": state.CampaignOpen,
	})
	evaluation := func(of map[string]any) uuid.UUID {
		of["campaign_id"], of["state"] = campaign, state.EvaluationOpen
		return r.row("evaluation", guoyuan, of)
	}
	one := evaluation(map[string]any{"station_id": r.station.ID})
	if got := r.tell(kind.NoticeEvaluation, gen.TypeEvaluation, one, ""); !slices.Equal(got, theStation) {
		t.Errorf("of one: %q", got)
	}
	evaluation(map[string]any{"division_id": r.divisionID(huangxin)})
	mandate, err := r.client.Deputy.Query().QueryMandates().First(r.job())
	if err != nil {
		t.Fatal(err)
	}
	evaluation(map[string]any{"deputy_id": r.deputy, "mandate_id": mandate.ID})
	want := slices.Concat(theStation, theDeputy, []string{"another township"})
	slices.Sort(want)
	if got := r.tell(kind.NoticeEvaluation, gen.TypeEvaluationCampaign, campaign, ""); !slices.Equal(got, want) {
		t.Errorf("of all: %q", got)
	}
}

// words are the texts of the messages of an appointment, with where they go, in the order they were written.
func (r *reception) words(appointment uuid.UUID) (out []string) {
	r.Helper()
	rows, err := r.owner.QueryContext(r.Context(),
		`SELECT channel || ' ' || address || ' ' || status || ' ' || text FROM message WHERE appointment_id = $1 ORDER BY id`, appointment)
	if err != nil {
		r.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			r.Fatal(err)
		}
		out = append(out, text)
	}
	if err := rows.Err(); err != nil {
		r.Fatal(err)
	}
	return out
}

// Citizens are sent a message of what others decided, once each; of what they did themselves none.
func TestMessagesOnAppointments(t *testing.T) {
	r := newReception(t)
	a := r.booked(nil).Appointment
	second := r.booked(func(in *workflow.BookAppointment) { in.Phone = "0731-84011234" }).Appointment // no mobile
	third := r.booked(func(in *workflow.BookAppointment) { in.Phone = "13900000000" }).Appointment
	start := "SMS 13800001234 PENDING 【人大代表联络站】您申请的约见(编号 " + a.Number + ")"
	end := "。接待日:2026-06-20 09:00,果园镇花果村人大代表联络站。凭编号和手机号查看:https://lianluo.example/a"
	var want []string
	step := func(what kind.Notice, entity string, id uuid.UUID, happened string) {
		t.Helper()
		r.tell(what, entity, id, "")
		if happened != "" {
			want = append(want, start+happened+end)
		}
		if got := r.words(a.ID); !slices.Equal(got, want) {
			t.Fatalf("%s: %q, want %q", what, got, want)
		}
	}
	ref := workflow.AppointmentRef{ID: a.ID}
	step(kind.NoticeRequested, gen.TypeAppointment, a.ID, "已收到,待确认")
	if _, err := r.desk.AcceptAppointment(r.member(r.deputy), workflow.AcceptAppointment{AppointmentRef: ref}); err != nil {
		t.Fatal(err)
	}
	step(kind.NoticeDecided, gen.TypeAppointment, a.ID, "已接受")
	step(kind.NoticeRotaChanged, gen.TypeVisitDay, r.soon, "的接待安排有调整")
	if got := r.words(third.ID); len(got) != 1 || !strings.HasPrefix(got[0], "SMS 13900000000 PENDING") {
		t.Errorf("another citizen of the day: %q", got)
	}
	if _, err := r.desk.MoveAppointment(r.officer(r.station), workflow.MoveAppointment{AppointmentRef: ref, VisitDay: r.later, Reason: "当天有会议"}); err != nil {
		t.Fatal(err)
	}
	end = strings.ReplaceAll(end, "06-20", "07-20")
	step(kind.NoticeDecided, gen.TypeAppointment, a.ID, "已改约")
	if _, err := r.desk.CancelVisitDay(r.township(), workflow.CancelVisitDay{ID: r.later, Reason: "防汛抢险"}); err != nil {
		t.Fatal(err)
	}
	step(kind.NoticeCancelled, gen.TypeVisitDay, r.later, "因接待日取消而取消")
	if _, err := r.desk.DeclineAppointment(r.township(), workflow.DeclineAppointment{AppointmentRef: workflow.AppointmentRef{ID: third.ID}, Reason: "不属职责范围"}); err != nil {
		t.Fatal(err)
	}
	r.tell(kind.NoticeDecided, gen.TypeAppointment, third.ID, "")
	if got := r.words(third.ID); len(got) != 2 || !strings.Contains(got[1], "未能安排,原因请查看") {
		t.Errorf("declined: %q", got)
	}
	r.tell(kind.NoticeRequested, gen.TypeAppointment, second.ID, "")
	withdrawn := r.standing(state.AppointmentWithdrawn, &r.deputy, nil)
	r.tell(kind.NoticeDecided, gen.TypeAppointment, withdrawn, "")
	if n := r.count(`message WHERE appointment_id IN ($1, $2)`, second.ID, withdrawn); n != 0 {
		t.Errorf("%d messages to no mobile, or of what the citizen did", n)
	}
	if jobs, all := r.count(`river_job WHERE kind = 'message'`), r.count(`message`); jobs != all || all != 7 {
		t.Errorf("%d jobs for %d messages", jobs, all)
	}
}

// Nothing of the citizen, nor what it is about, stands in notifications, jobs, the audit or texts of messages, but the number they go to in its own column.
func TestNothingPersonalOfAppointmentsIsTold(t *testing.T) {
	r := newReception(t)
	a := r.booked(nil).Appointment
	r.tell(kind.NoticeRequested, gen.TypeAppointment, a.ID, "")
	if n := r.count(`message WHERE address = '13800001234'`); n != 1 {
		t.Fatalf("%d messages", n)
	}
	for _, from := range []string{
		`notification n WHERE n::text ~ $1`, `river_job j WHERE j::text ~ $1`, `message m WHERE (to_jsonb(m) - 'address')::text ~ $1`,
		`audit_entry a WHERE a::text ~ $1`, `idempotency_key k WHERE k::text ~ $1`,
	} {
		if n := r.count(from, `13800001234|138 0000 1234|赵甲|路灯`); n != 0 {
			t.Errorf("%d of %s", n, from)
		}
	}
	if n := r.count(`appointment a WHERE a::text ~ $1`, `13800001234|138 0000 1234|赵甲`); n != 0 {
		t.Error("the citizen stands with the appointment itself")
	}
}
