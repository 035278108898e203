package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/activityevent"
	"github.com/lianluo/lianluo/ent/gen/activityfigure"
	"github.com/lianluo/lianluo/ent/gen/attachment"
	"github.com/lianluo/lianluo/ent/gen/attendance"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// fair is a house with an activity to come about: at the village station, on 10 June 2026 from nine to eleven.
type fair struct {
	*loopHouse
	begins, ends time.Time
	keeper       context.Context
}

func newFair(t *testing.T) *fair {
	t.Helper()
	f := &fair{loopHouse: newLoopHouse(t)}
	f.begins = time.Date(2026, 6, 10, 1, 0, 0, 0, time.UTC)
	f.ends = f.begins.Add(2 * time.Hour)
	f.keeper = f.officer(f.station)
	if _, err := f.desk.UpdateStation(f.county(), workflow.UpdateStation{
		ID: f.station.ID, Longitude: workflow.To(113.20), Latitude: workflow.To(28.30),
	}); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *fair) in(t *testing.T) *fair {
	inner := *f
	loop := *f.loopHouse
	loop.house = f.sub(t)
	inner.loopHouse = &loop
	return &inner
}

// plan is a good plan but for the change.
func (f *fair) plan(change func(*workflow.PlanActivity)) workflow.PlanActivity {
	in := workflow.PlanActivity{
		Station: f.station.ID, Title: "代表接待群众", Way: kind.WayReception, Setting: kind.SettingInStation, Mode: ptr(kind.ModeReceiving),
		BeginsAt: &f.begins, EndsAt: &f.ends,
	}
	if change != nil {
		change(&in)
	}
	return in
}

func (f *fair) done(a *gen.Activity, err error) *gen.Activity {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
	return a
}

func (f *fair) planned(change func(*workflow.PlanActivity)) *gen.Activity {
	f.Helper()
	return f.done(f.desk.PlanActivity(f.keeper, f.plan(change)))
}

func (f *fair) held(change func(*workflow.PlanActivity)) *gen.Activity {
	f.Helper()
	return f.done(f.desk.OpenActivity(f.keeper, workflow.OpenActivity{ActivityRef: asRead(f.planned(change))}))
}

func (f *fair) recorded() *gen.Activity {
	f.Helper()
	return f.done(f.desk.RecordActivity(f.keeper, workflow.RecordActivity{ActivityRef: asRead(f.held(nil)), Summary: workflow.To("接待群众,听取意见")}))
}

// asRead names an activity at the version it was read.
func asRead(a *gen.Activity) workflow.ActivityRef {
	return workflow.ActivityRef{ID: a.ID, ExpectedVersion: &a.Version}
}

func deputies(guest bool, ids ...uuid.UUID) workflow.Attendances {
	var out workflow.Attendances
	for _, id := range ids {
		out.Deputies = append(out.Deputies, workflow.AttendingDeputy{Deputy: id, Guest: guest})
	}
	return out
}

// jobs counts the jobs of a kind that have a word in their arguments.
func (f *fair) jobs(kind, word string) int {
	f.Helper()
	return f.count(`river_job WHERE kind = $1 AND args::text LIKE '%' || $2 || '%'`, kind, word)
}

// One activity from the plan to the amendment, by everyone who has a part in it.
func TestActivityLoop(t *testing.T) {
	f := newFair(t)
	a := f.planned(func(in *workflow.PlanActivity) { in.Campaign = ptr("百日行动") })
	if a.State != state.ActivityPlanned || a.Code != huaguo || a.CodeThen != huaguo || !a.Day.Equal(day("2026-06-10")) || a.Events != 1 {
		t.Errorf("planned %v", a)
	}
	a = f.done(f.desk.ChangeActivity(f.keeper, workflow.ChangeActivity{
		ActivityRef: asRead(a), Title: workflow.To("代表集中接待"), Theme: workflow.To("乡村道路"), Mode: workflow.Emptied[kind.Mode](),
		BeginsAt: workflow.To(f.begins.In(time.FixedZone("", 8*3600))), // the same moment
	}))
	a = f.done(f.desk.OpenActivity(f.keeper, workflow.OpenActivity{ActivityRef: asRead(a)}))
	official := workflow.AttendingOfficial{Organ: f.lead, Name: "吴戊", Title: ptr("副局长")}
	list := deputies(false, f.deputy)
	list.Officials = append(list.Officials, official)
	a = f.done(f.desk.RecordAttendance(f.keeper, workflow.RecordAttendance{ActivityRef: asRead(a), Attendances: list}))
	rows, err := f.client.Attendance.Query().Order(attendance.ByID()).All(f.keeper)
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	came, guest := rows[0], rows[1]
	if *came.DeputyID != f.deputy || *came.Level != kind.County || came.Guest || came.Source != kind.AttendanceRecorded || came.Code != huaguo ||
		came.CodeThen != huaguo || !came.Day.Equal(day("2026-06-10")) {
		t.Errorf("attendance of the deputy: %v", came)
	}
	if *guest.OrganID != f.lead || *guest.OfficialName != "吴戊" || *guest.OfficialTitle != "副局长" || guest.DeputyID != nil || guest.Level != nil {
		t.Errorf("attendance of the official: %v", guest)
	}
	a = f.done(f.desk.RemoveAttendance(f.keeper, workflow.RemoveAttendance{ActivityRef: asRead(a), Attendance: came.ID, Reason: "登记有误"}))
	again := deputies(false, f.deputy)
	a = f.done(f.desk.RecordActivity(f.keeper, workflow.RecordActivity{
		ActivityRef: asRead(a), Summary: workflow.To("接待群众 20 人次"), Attendances: &again, Photos: []string{f.upload("one"), f.upload("two")},
		Figures: []workflow.FigureValue{{Key: ptr("RECEIVED"), Value: ptr(20.0)}, {Key: ptr("SOLVED"), Value: ptr(0.0)}},
	}))
	if a.State != state.ActivityRecorded || a.Late || a.RecordedAt == nil || !a.RecordedAt.Equal(now) {
		t.Errorf("recorded %v", a)
	}
	a = f.done(f.desk.ReturnActivity(f.township(), workflow.ReviewActivity{ActivityRef: asRead(a), Reason: "请核对人次"}))
	if f.jobs("notice", string(kind.NoticeReturned)) != 1 || f.jobs("notice", a.ID.String()) != 1 {
		t.Error("nobody is told that it was returned")
	}
	a = f.done(f.desk.RecordActivity(f.keeper, workflow.RecordActivity{
		ActivityRef: asRead(a), Figures: []workflow.FigureValue{{Key: ptr("RECEIVED"), Value: ptr(21.0)}, {Key: ptr("SOLVED")}},
	}))
	settled := f.jobs("settlement", f.deputy.String())
	a = f.done(f.desk.ConfirmActivity(f.township(), workflow.ConfirmActivity{ActivityRef: asRead(a)}))
	if a.ConfirmedAt == nil || f.jobs("settlement", f.deputy.String()) != settled+1 {
		t.Errorf("confirmed %v, %d settlements", a, f.jobs("settlement", ""))
	}
	a = f.done(f.desk.AmendActivity(f.county(), workflow.ReviewActivity{ActivityRef: asRead(a), Reason: "照片有误"}))
	if a.ConfirmedAt != nil || f.jobs("settlement", f.deputy.String()) != settled+2 {
		t.Errorf("amended %v", a)
	}
	a = f.done(f.desk.RecordActivity(f.keeper, workflow.RecordActivity{ActivityRef: asRead(a), Photos: []string{f.upload("three")}, Reason: ptr("补充照片")}))
	a = f.done(f.desk.ConfirmActivity(f.city(), workflow.ConfirmActivity{ActivityRef: asRead(a)}))
	f.audited("confirmActivity", "Activity", a.ID, "CITY_ADMIN@430100000000", huaguo)

	events, err := f.client.ActivityEvent.Query().Where(activityevent.ActivityID(a.ID)).Order(activityevent.BySequence()).All(f.keeper)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for i, e := range events {
		from := ""
		if e.FromState != nil {
			from = string(*e.FromState)
		}
		line := fmt.Sprintf("%s %s>%s", e.Verb, from, e.ToState)
		if e.Text != nil {
			line += " " + *e.Text
		}
		told = append(told, line)
		if e.Sequence != i+1 || e.Subject == "" || e.ActorCode == nil {
			t.Errorf("event %v", e)
		}
	}
	if want := []string{
		"planActivity >PLANNED", "changeActivity PLANNED>PLANNED 调整名称、联系群众方式、主题", "openActivity PLANNED>HELD",
		"recordAttendance HELD>HELD 登记 果园镇花果村人大代表联络站 出席 2 人", "removeAttendance HELD>HELD 登记有误", "recordActivity HELD>RECORDED",
		"returnActivity RECORDED>HELD 请核对人次", "recordActivity HELD>RECORDED", "confirmActivity RECORDED>CONFIRMED",
		"amendActivity CONFIRMED>RECORDED 照片有误", "recordActivity RECORDED>RECORDED 补充照片", "confirmActivity RECORDED>CONFIRMED",
	}; strings.Join(told, "\n") != strings.Join(want, "\n") {
		t.Errorf("the history:\n%s", strings.Join(told, "\n"))
	}
	if a.Events != len(events) || a.Version != len(events) {
		t.Errorf("%d events, version %d", a.Events, a.Version)
	}
	if _, err := f.owner.ExecContext(t.Context(), `SET ROLE lianluo_system; UPDATE activity_event SET text = 'x'`); err == nil {
		t.Error("the history can be rewritten")
	}
	figures, err := f.client.ActivityFigure.Query().Where(activityfigure.ActivityID(a.ID)).WithFigure().All(f.keeper)
	if err != nil || len(figures) != 1 || figures[0].Value != 21 || figures[0].Edges.Figure.Key != "RECEIVED" {
		t.Errorf("figures: %v %v", figures, err)
	}
	if n, err := f.client.Attachment.Query().Where(attachment.ActivityID(a.ID)).Count(f.keeper); err != nil || n != 3 {
		t.Errorf("%d photos, %v", n, err)
	}
}

func TestPlanActivityRefusals(t *testing.T) {
	f := newFair(t)
	over := f.begins.Add(8 * 24 * time.Hour)
	other := f.row("visit_day", huangxin, map[string]any{
		"code_then": int64(huangxin), "station_id": f.elsewhere.ID, "day": "2026-06-10", "begins_at": f.begins, "ends_at": f.ends, "state": "PLANNED",
	})
	off := f.row("visit_day", huaguo, map[string]any{
		"code_then": int64(huaguo), "station_id": f.station.ID, "day": "2026-06-09", "begins_at": f.begins, "ends_at": f.ends, "state": "CANCELLED",
	})
	open := f.row("visit_day", huaguo, map[string]any{
		"code_then": int64(huaguo), "station_id": f.station.ID, "day": "2026-06-10", "begins_at": f.begins, "ends_at": f.ends, "state": "PUBLISHED", "theme": "赶集日接待",
	})
	first := f.planned(func(in *workflow.PlanActivity) { in.VisitDay, in.BeginsAt, in.EndsAt = &open, nil, nil })
	if *first.VisitDayID != open || *first.Theme != "赶集日接待" || !first.BeginsAt.Equal(f.begins) {
		t.Errorf("planned of the visit day: %v", first)
	}
	for name, c := range map[string]struct {
		ctx    context.Context
		change func(*workflow.PlanActivity)
		want   refusal
	}{
		"everything at once": {f.keeper, func(in *workflow.PlanActivity) {
			in.Title, in.Way, in.BeginsAt, in.Longitude = " ", "X", nil, ptr(10.0)
		}, invalid("input.title REQUIRED", "input.way UNKNOWN_VALUE", "input.longitude OUT_OF_RANGE", "input.latitude REQUIRED", "input.beginsAt REQUIRED")},
		"ends before it begins": {f.keeper, func(in *workflow.PlanActivity) { in.EndsAt = &f.begins }, invalid("input.endsAt REVERSED")},
		"eight days":            {f.keeper, func(in *workflow.PlanActivity) { in.EndsAt = &over }, invalid("input.endsAt OUT_OF_RANGE")},
		"before the station": {f.keeper, func(in *workflow.PlanActivity) {
			in.BeginsAt = ptr(f.begins.AddDate(-5, 0, 0))
			in.EndsAt = ptr(f.ends.AddDate(-5, 0, 0))
		}, invalid("input.beginsAt IMPOSSIBLE_DATE")},
		"too far ahead": {f.keeper, func(in *workflow.PlanActivity) {
			in.BeginsAt, in.EndsAt = ptr(f.begins.AddDate(2, 0, 0)), ptr(f.ends.AddDate(2, 0, 0))
		}, invalid("input.beginsAt IMPOSSIBLE_DATE")},
		"another station":      {f.keeper, func(in *workflow.PlanActivity) { in.Station = f.elsewhere.ID }, notFound("input.station")},
		"another keeper there": {f.keeperAt(huaguo, uuid.New()), nil, denied("input.station")},
		"another county":       {f.beihu(), nil, notFound("input.station")},
		"partners by a keeper": {f.keeper, func(in *workflow.PlanActivity) {
			in.Setting, in.Partners = kind.SettingJoint, []uuid.UUID{f.elsewhere.ID}
		}, denied("input.partners")},
		"partners of one in place": {f.county(), func(in *workflow.PlanActivity) { in.Partners = []uuid.UUID{f.elsewhere.ID} }, invalid("input.setting MISMATCH")},
		"itself as a partner": {f.county(), func(in *workflow.PlanActivity) {
			in.Setting, in.Partners = kind.SettingJoint, []uuid.UUID{f.station.ID, f.elsewhere.ID, f.elsewhere.ID}
		}, invalid("input.partners MISMATCH", "input.partners REPEATED")},
		"visit day of another station": {f.county(), func(in *workflow.PlanActivity) { in.VisitDay = &other }, invalid("input.visitDay MISMATCH")},
		"cancelled visit day":          {f.keeper, func(in *workflow.PlanActivity) { in.VisitDay = &off }, conflict("input.visitDay STATE")},
		"visit day that has one":       {f.keeper, func(in *workflow.PlanActivity) { in.VisitDay = &open }, conflict("input.visitDay DUPLICATE")},
		"off its visit day": {f.keeper, func(in *workflow.PlanActivity) {
			in.VisitDay, in.BeginsAt, in.EndsAt = &open, ptr(f.begins.AddDate(0, 0, 1)), ptr(f.ends.AddDate(0, 0, 1))
		}, invalid("input.beginsAt MISMATCH")},
	} {
		t.Run(name, func(t *testing.T) {
			f.in(t).refused(c.want, func() error {
				_, err := f.desk.PlanActivity(c.ctx, f.plan(c.change))
				return err
			})
		})
	}
}

// The visit day that an activity is becomes held with the record, and is made good again when the activity is cancelled.
func TestActivityOfVisitDay(t *testing.T) {
	f := newFair(t)
	visit := f.row("visit_day", huaguo, map[string]any{
		"code_then": int64(huaguo), "station_id": f.station.ID, "day": "2026-06-10", "begins_at": f.begins, "ends_at": f.ends, "state": "PUBLISHED",
	})
	stands := func(want state.VisitDay) {
		t.Helper()
		if f.count(`visit_day WHERE id = $1 AND state = $2`, visit, string(want)) != 1 {
			t.Errorf("the visit day is not %s", want)
		}
	}
	a := f.held(func(in *workflow.PlanActivity) { in.VisitDay = &visit })
	stands(state.VisitDayPublished)
	a = f.done(f.desk.RecordActivity(f.keeper, workflow.RecordActivity{ActivityRef: asRead(a)}))
	stands(state.VisitDayHeld)
	a = f.done(f.desk.ReturnActivity(f.township(), workflow.ReviewActivity{ActivityRef: asRead(a), Reason: "不是当天的活动"}))
	f.done(f.desk.CancelActivity(f.keeper, workflow.ReviewActivity{ActivityRef: asRead(a), Reason: "登记有误"}))
	stands(state.VisitDayMissed)
	f.planned(func(in *workflow.PlanActivity) { in.VisitDay = &visit })
}

// Every verb, in every state, by everyone: what the table does not say is refused, and what it says is done.
func TestActivityStates(t *testing.T) {
	f := newFair(t)
	a := f.recorded()
	f.done(f.desk.RecordAttendance(f.keeper, workflow.RecordAttendance{ActivityRef: workflow.ActivityRef{ID: a.ID}, Attendances: deputies(false, f.deputy), Reason: ptr("补登")}))
	rows, err := f.client.Attendance.Query().All(f.keeper)
	if err != nil {
		t.Fatal(err)
	}
	on := workflow.ActivityRef{ID: a.ID}
	verbs := map[workflow.Verb]func(context.Context) (*gen.Activity, error){
		workflow.VerbChangeActivity: func(ctx context.Context) (*gen.Activity, error) {
			return f.desk.ChangeActivity(ctx, workflow.ChangeActivity{ActivityRef: on, Title: workflow.To("改期接待")})
		},
		workflow.VerbOpenActivity: func(ctx context.Context) (*gen.Activity, error) {
			return f.desk.OpenActivity(ctx, workflow.OpenActivity{ActivityRef: on})
		},
		workflow.VerbRecordAttendance: func(ctx context.Context) (*gen.Activity, error) {
			list := workflow.Attendances{Station: &f.station.ID, Officials: []workflow.AttendingOfficial{{Organ: f.co, Name: "郑己"}}}
			return f.desk.RecordAttendance(ctx, workflow.RecordAttendance{ActivityRef: on, Attendances: list, Reason: ptr("补登")})
		},
		workflow.VerbRemoveAttendance: func(ctx context.Context) (*gen.Activity, error) {
			return f.desk.RemoveAttendance(ctx, workflow.RemoveAttendance{ActivityRef: on, Attendance: rows[0].ID, Reason: "登记有误"})
		},
		workflow.VerbRecordActivity: func(ctx context.Context) (*gen.Activity, error) {
			return f.desk.RecordActivity(ctx, workflow.RecordActivity{ActivityRef: on, Reason: ptr("补正")})
		},
		workflow.VerbReturnActivity: func(ctx context.Context) (*gen.Activity, error) {
			return f.desk.ReturnActivity(ctx, workflow.ReviewActivity{ActivityRef: on, Reason: "请补正"})
		},
		workflow.VerbConfirmActivity: func(ctx context.Context) (*gen.Activity, error) {
			return f.desk.ConfirmActivity(ctx, workflow.ConfirmActivity{ActivityRef: on})
		},
		workflow.VerbAmendActivity: func(ctx context.Context) (*gen.Activity, error) {
			return f.desk.AmendActivity(ctx, workflow.ReviewActivity{ActivityRef: on, Reason: "更正"})
		},
		workflow.VerbCancelActivity: func(ctx context.Context) (*gen.Activity, error) {
			return f.desk.CancelActivity(ctx, workflow.ReviewActivity{ActivityRef: on, Reason: "天气原因"})
		},
	}
	actors := []struct {
		name       string
		ctx        context.Context
		sees, host bool
	}{
		{"keeper", f.keeper, true, true},
		{"keeper of another station there", f.keeperAt(huaguo, uuid.New()), true, false},
		{"keeper elsewhere", f.officer(f.elsewhere), false, false},
		{"township", f.township(), true, true},
		{"another township", f.as(viewer.TownshipAdmin, huangxin), false, false},
		{"county", f.county(), true, true},
		{"nation", f.nation(), true, true},
		{"another county", f.beihu(), false, false},
		{"staff", f.as(viewer.CommitteeStaff, county), true, false},
		{"deputy", f.member(f.deputy), true, false},
		{"department", f.department(county, f.lead), false, false},
	}
	// set puts the activity, and who came, back as they were, in a state.
	keep, err := f.owner.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = keep.Close() }()
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := keep.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	exec(`CREATE TEMPORARY TABLE kept AS SELECT * FROM attendance`)
	cells, done := 0, 0
	for _, s := range state.Activities.States {
		for _, by := range actors {
			for verb, do := range verbs {
				exec(`DELETE FROM attendance`)
				exec(`INSERT INTO attendance SELECT * FROM kept`)
				exec(`UPDATE activity SET state = $1, title = '代表接待群众' WHERE id = $2`, string(s), a.ID)
				cells++
				after, err := do(by.ctx)
				to, possible := state.Activities.Next(s, string(verb))
				var want error
				switch v := viewer.FromContext(by.ctx); {
				case !workflow.Allowed(v.Role, verb):
					want = fault.ErrForbidden
				case !by.sees:
					want = fault.ErrNotFound
				case !by.host && verb != workflow.VerbRecordAttendance && verb != workflow.VerbRemoveAttendance:
					want = fault.ErrForbidden
				case !possible:
					want = fault.ErrConflict
				case !by.host:
					want = fault.ErrForbidden
				}
				if want == nil && err != nil || !errors.Is(err, want) {
					t.Errorf("%s by %s in %s: %v, want %v", verb, by.name, s, err, want)
				}
				if err == nil {
					done++
					if after.State != to {
						t.Errorf("%s by %s in %s leads to %s", verb, by.name, s, after.State)
					}
				}
			}
		}
	}
	t.Logf("%d cells, %d done", cells, done)
	if cells != 5*len(actors)*len(verbs) || done != 49 {
		t.Errorf("only %d cells, %d done", cells, done)
	}
}

// Two who confirm at once: one does, the other is told.
func TestConfirmActivityAtOnce(t *testing.T) {
	f := newFair(t)
	a := f.recorded()
	confirm := func(ctx context.Context) func() error {
		return func() error {
			_, err := f.desk.ConfirmActivity(ctx, workflow.ConfirmActivity{ActivityRef: workflow.ActivityRef{ID: a.ID}})
			return err
		}
	}
	errs := f.atOnce("activity:"+a.ID.String(), confirm(f.township()), confirm(f.county()))
	first, second := errs[0], errs[1]
	if first != nil {
		first, second = second, first
	}
	if first != nil {
		t.Fatal(first)
	}
	conflict("input.id STATE").check(t, second)
	if f.count(`activity_event WHERE verb = 'confirmActivity'`) != 1 {
		t.Error("confirmed twice")
	}
}
