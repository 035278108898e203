package workflow_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

func TestRecordAttendanceRefusals(t *testing.T) {
	f := newFair(t)
	a := f.held(nil)
	after := f.registered("李庚")   // posted only after the day
	young := f.registered("周辛")   // took up the mandate after the day
	gone := f.registered("王壬")    // left before the day
	paused := f.registered("冯癸")  // suspended on the day
	resumed := f.registered("陈子") // suspended long before
	for m, from := range map[*gen.Mandate]string{after: "2026-06-11", young: "2026-06-01", gone: "2024-02-01", paused: "2024-02-01", resumed: "2024-02-01"} {
		if _, err := f.desk.PostDeputy(f.county(), workflow.PostDeputy{
			Mandate: m.ID, Station: f.station.ID, Basis: kind.PostingProximity, StartedOn: day(from),
		}); err != nil {
			t.Fatal(err)
		}
	}
	for id, set := range map[uuid.UUID]string{
		young.ID:   `elected_on = '2026-06-11'`,
		gone.ID:    `elected_on = '2020-01-01', status = 'ENDED', ended_on = '2026-06-10', end_reason = 'RESIGNED'`,
		paused.ID:  `suspensions = '[{"from": "2026-06-10", "until": "2026-06-12"}]'`,
		resumed.ID: `suspensions = '[{"from": "2025-06-10", "until": "2026-06-10"}]'`,
	} {
		if _, err := f.owner.ExecContext(t.Context(), `UPDATE mandate SET `+set+` WHERE id = $1`, id); err != nil {
			t.Fatal(err)
		}
	}
	first := deputies(false, f.deputy)
	first.Officials = []workflow.AttendingOfficial{{Organ: f.lead, Name: "吴戊"}}
	f.done(f.desk.RecordAttendance(f.keeper, workflow.RecordAttendance{ActivityRef: workflow.ActivityRef{ID: a.ID}, Attendances: first}))
	officials := func(all ...workflow.AttendingOfficial) workflow.Attendances {
		return workflow.Attendances{Officials: all}
	}
	at := func(list workflow.Attendances, station uuid.UUID) workflow.Attendances {
		list.Station = &station
		return list
	}
	many := workflow.Attendances{}
	for range 201 {
		many.Deputies = append(many.Deputies, workflow.AttendingDeputy{Deputy: uuid.New()})
	}
	for name, c := range map[string]struct {
		ctx  context.Context
		list workflow.Attendances
		want refusal
	}{
		"nobody":                     {f.keeper, workflow.Attendances{}, invalid("input.deputies REQUIRED")},
		"201":                        {f.keeper, many, invalid("input.deputies TOO_MANY")},
		"twice at once":              {f.keeper, deputies(false, f.deputy, f.deputy), invalid("input.deputies.1.deputy REPEATED")},
		"twice":                      {f.keeper, deputies(false, f.deputy), conflict("input.deputies.0.deputy TWICE")},
		"not posted there":           {f.county(), deputies(false, f.stranger), conflict("input.deputies.0.deputy NOT_POSTED")},
		"posted later":               {f.keeper, deputies(false, after.DeputyID), conflict("input.deputies.0.deputy NOT_POSTED")},
		"before the mandate began":   {f.keeper, deputies(false, young.DeputyID), conflict("input.deputies.0.deputy NOT_ON_ROLL")},
		"after it ended":             {f.county(), deputies(true, gone.DeputyID), conflict("input.deputies.0.deputy NOT_ON_ROLL")},
		"suspended":                  {f.keeper, deputies(false, paused.DeputyID), conflict("input.deputies.0.deputy NOT_ON_ROLL")},
		"out of sight":               {f.keeper, deputies(true, f.stranger), notFound("input.deputies.0.deputy")},
		"unknown":                    {f.county(), deputies(true, uuid.New()), notFound("input.deputies.0.deputy")},
		"a station without a part":   {f.county(), at(deputies(true, f.stranger), f.elsewhere.ID), invalid("input.station MISMATCH")},
		"another county":             {f.beihu(), deputies(true, f.stranger), notFound("input.id")},
		"an official twice":          {f.keeper, officials(workflow.AttendingOfficial{Organ: f.lead, Name: "吴戊"}), conflict("input.officials.0.name TWICE")},
		"an organ of another county": {f.keeper, officials(workflow.AttendingOfficial{Organ: f.organ[beihu], Name: "吴戊"}), notFound("input.officials.0.organ")},
		"no name": {
			f.keeper, officials(workflow.AttendingOfficial{Organ: f.lead, Title: ptr(strings.Repeat("长", 41))}),
			invalid("input.officials.0.name REQUIRED", "input.officials.0.title TOO_LONG"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			f.in(t).refused(c.want, func() error {
				_, err := f.desk.RecordAttendance(c.ctx, workflow.RecordAttendance{ActivityRef: workflow.ActivityRef{ID: a.ID}, Attendances: c.list})
				return err
			})
		})
	}
	// The guest is marked, and who is posted there is none, whatever was said.
	f.done(f.desk.RecordAttendance(f.county(), workflow.RecordAttendance{
		ActivityRef: workflow.ActivityRef{ID: a.ID}, Attendances: deputies(true, f.stranger, resumed.DeputyID),
	}))
	if f.count(`attendance WHERE deputy_id = $1 AND guest AND code = $2`, f.stranger, int64(huaguo)) != 1 ||
		f.count(`attendance WHERE deputy_id = $1 AND NOT guest`, resumed.DeputyID) != 1 {
		t.Error("the guest is not told from the others")
	}
	f.refused(notFound("input.attendance"), func() error {
		_, err := f.desk.RemoveAttendance(f.keeper, workflow.RemoveAttendance{ActivityRef: workflow.ActivityRef{ID: a.ID}, Attendance: uuid.New(), Reason: "登记有误"})
		return err
	})
	f.refused(invalid("input.reason REQUIRED"), func() error {
		_, err := f.desk.RemoveAttendance(f.keeper, workflow.RemoveAttendance{ActivityRef: workflow.ActivityRef{ID: a.ID}, Reason: " "})
		return err
	})
}

func TestRecordActivityRefusals(t *testing.T) {
	f := newFair(t)
	if _, err := f.desk.DefineFigure(f.county(), workflow.DefineFigure{
		Key: "DONATED", Name: "捐款", Unit: "元", Type: kind.FigureAmount, Campaign: ptr("百日行动"), FromOn: day("2026-01-01"),
	}); err != nil {
		t.Fatal(err)
	}
	for key, in := range map[string]workflow.DefineFigure{
		"LAND": {Name: "整治面积", Unit: "亩", Type: kind.FigureQuantity, FromOn: day("2026-01-01")},
		"OVER": {Name: "已停用指标", Unit: "个", Type: kind.FigureCount, FromOn: day("2025-01-01"), UntilOn: ptr(day("2026-06-09"))},
	} {
		in.Key = key
		if _, err := f.desk.DefineFigure(f.county(), in); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.desk.DefineFigure(f.beihu(), workflow.DefineFigure{
		Key: "THEIRS", Name: "北湖区指标", Unit: "个", Type: kind.FigureCount, FromOn: day("2026-01-01"),
	}); err != nil {
		t.Fatal(err)
	}
	a := f.held(nil)
	counted := func(key string, value float64) func(*workflow.RecordActivity) {
		return func(in *workflow.RecordActivity) { in.Figures = []workflow.FigureValue{{Key: &key, Value: &value}} }
	}
	late := f.deskAt(time.Date(2026, 6, 17, 16, 0, 0, 0, time.UTC)) // 18 June in China
	early := f.deskAt(f.begins.Add(-time.Minute))
	for name, c := range map[string]struct {
		desk   *workflow.Desk
		change func(*workflow.RecordActivity)
		want   refusal
	}{
		"a negative count":        {f.desk, counted("RECEIVED", -1), invalid("input.figures.0.value OUT_OF_RANGE")},
		"an absurd count":         {f.desk, counted("RECEIVED", 1_000_001), invalid("input.figures.0.value OUT_OF_RANGE")},
		"half a person":           {f.desk, counted("RECEIVED", 0.5), invalid("input.figures.0.value MALFORMED")},
		"a thousandth":            {f.desk, counted("LAND", 1.001), invalid("input.figures.0.value MALFORMED")},
		"no such figure":          {f.desk, counted("NOTHING", 1), notFound("input.figures.0")},
		"another county's figure": {f.desk, counted("THEIRS", 1), notFound("input.figures.0")},
		"a figure that is over":   {f.desk, counted("OVER", 1), notFound("input.figures.0")},
		"another campaign's":      {f.desk, counted("DONATED", 1), invalid("input.figures.0 MISMATCH")},
		"a figure twice": {f.desk, func(in *workflow.RecordActivity) {
			in.Figures = []workflow.FigureValue{{Key: ptr("LAND"), Value: ptr(1.0)}, {Key: ptr("LAND"), Value: ptr(2.0)}, {Value: ptr(2.0)}}
		}, invalid("input.figures.1 REPEATED", "input.figures.2 REQUIRED")},
		"too many photos": {f.desk, func(in *workflow.RecordActivity) { in.Photos = make([]string, 10) }, invalid("input.photos TOO_MANY")},
		"no such photo":   {f.desk, func(in *workflow.RecordActivity) { in.Photos = []string{"guess"} }, notFound("input.photos.0")},
		"a guest unmarked": {f.desk, func(in *workflow.RecordActivity) {
			in.Attendances = ptr(deputies(false, f.deputy, uuid.New()))
		}, notFound("input.attendances.deputies.1.deputy")},
		"late without a reason": {late, func(*workflow.RecordActivity) {}, invalid("input.reason REQUIRED")},
		"before it began":       {early, func(*workflow.RecordActivity) {}, conflict("input.id TOO_EARLY")},
		"another version":       {f.desk, func(in *workflow.RecordActivity) { in.ExpectedVersion = ptr(7) }, conflict("input.expectedVersion VERSION")},
	} {
		t.Run(name, func(t *testing.T) {
			f.in(t).refused(c.want, func() error {
				in := workflow.RecordActivity{ActivityRef: workflow.ActivityRef{ID: a.ID}}
				c.change(&in)
				_, err := c.desk.RecordActivity(f.keeper, in)
				return err
			})
		})
	}
	nine := make([]string, 9)
	for i := range nine {
		nine[i] = f.upload(string(rune('a' + i)))
	}
	a = f.done(late.RecordActivity(f.keeper, workflow.RecordActivity{
		ActivityRef: asRead(a), Photos: nine, Reason: ptr("网络故障"),
		Figures: []workflow.FigureValue{{Key: ptr("LAND"), Value: ptr(12.35)}, {Key: ptr("RECEIVED"), Value: ptr(1_000_000.0)}},
	}))
	if !a.Late || f.count(`activity_figure WHERE value = 1235`) != 1 || f.count(`activity_figure WHERE value = 1000000`) != 1 {
		t.Errorf("recorded late: %v", a)
	}
	tenth := f.upload("tenth")
	f.refused(invalid("input.photos TOO_MANY"), func() error {
		_, err := f.desk.RecordActivity(f.keeper, workflow.RecordActivity{ActivityRef: asRead(a), Photos: []string{tenth}, Reason: ptr("补充照片")})
		return err
	})
	f.refused(invalid("input.reason REQUIRED"), func() error {
		_, err := f.desk.RecordActivity(f.keeper, workflow.RecordActivity{ActivityRef: asRead(a), Summary: workflow.To("改了")})
		return err
	})
}

func TestOpenActivityHours(t *testing.T) {
	f := newFair(t)
	a := f.planned(nil)
	in := workflow.OpenActivity{ActivityRef: workflow.ActivityRef{ID: a.ID}}
	f.refused(conflict("input.id TOO_EARLY"), func() error {
		_, err := f.deskAt(f.begins.Add(-time.Hour-time.Second)).OpenActivity(f.keeper, in)
		return err
	})
	if opened := f.done(f.deskAt(f.begins.Add(-time.Hour)).OpenActivity(f.keeper, in)); opened.State != state.ActivityHeld {
		t.Error(opened)
	}
}

func TestFigures(t *testing.T) {
	f := newFair(t)
	good := workflow.DefineFigure{Key: "HOUSEHOLDS", Name: "走访户数", Unit: "户", Type: kind.FigureCount, FromOn: day("2026-01-01")}
	made, err := f.desk.DefineFigure(f.county(), good)
	if err != nil || made.Code != county || made.Version != 1 {
		t.Fatal(made, err)
	}
	define := func(ctx context.Context, change func(*workflow.DefineFigure)) func() error {
		return func() error {
			in := good
			change(&in)
			_, err := f.desk.DefineFigure(ctx, in)
			return err
		}
	}
	same := func(*workflow.DefineFigure) {}
	f.refused(conflict("input.key DUPLICATE"), define(f.county(), same))
	f.refused(conflict("input.key DUPLICATE"), define(f.township(), same)) // a level above has it
	f.refused(conflict("input.key DUPLICATE"), define(f.city(), same))     // a level below has it
	f.refused(conflict("input.key DUPLICATE"), define(f.nation(), func(in *workflow.DefineFigure) { in.Key = "RECEIVED" }))
	f.refused(invalid("input.key MALFORMED", "input.name TOO_SHORT", "input.unit REQUIRED", "input.type UNKNOWN_VALUE", "input.untilOn REVERSED"),
		define(f.county(), func(in *workflow.DefineFigure) {
			in.Key, in.Name, in.Unit, in.Type, in.UntilOn = "户数", "户", "", "X", ptr(day("2025-12-31"))
		}))
	if err := define(f.beihu(), same)(); err != nil { // beside, it is free
		t.Error(err)
	}
	for name, c := range map[string]struct {
		ctx  context.Context
		in   workflow.ChangeFigure
		want refusal
	}{
		"of a level above": {f.township(), workflow.ChangeFigure{ID: made.ID, Name: workflow.To("户数")}, denied("input.id")},
		"of a level below": {f.city(), workflow.ChangeFigure{ID: made.ID, Name: workflow.To("户数")}, denied("input.id")},
		"of another":       {f.beihu(), workflow.ChangeFigure{ID: made.ID, Name: workflow.To("户数")}, notFound("input.id")},
		"no name":          {f.county(), workflow.ChangeFigure{ID: made.ID, Name: workflow.Emptied[string]()}, invalid("input.name REQUIRED")},
		"ends too early":   {f.county(), workflow.ChangeFigure{ID: made.ID, UntilOn: workflow.To(day("2025-12-31"))}, invalid("input.untilOn REVERSED")},
		"another version":  {f.county(), workflow.ChangeFigure{ID: made.ID, ExpectedVersion: ptr(2)}, conflict("input.expectedVersion VERSION")},
	} {
		t.Run(name, func(t *testing.T) {
			f.in(t).refused(c.want, func() error {
				_, err := f.desk.ChangeFigure(c.ctx, c.in)
				return err
			})
		})
	}
	changed, err := f.desk.ChangeFigure(f.county(), workflow.ChangeFigure{ID: made.ID, Name: workflow.To("走访户次"), UntilOn: workflow.To(day("2026-12-31"))})
	if err != nil || changed.Version != 2 || changed.Name != "走访户次" || !changed.UntilOn.Equal(day("2026-12-31")) {
		t.Error(changed, err)
	}
}

// joint is a joint activity of two counties of one city.
type joint struct {
	*fair
	partner  *gen.Station
	keeper   context.Context // of the partner
	theirs   uuid.UUID       // a deputy posted at the partner
	activity *gen.Activity
}

var (
	wangcheng = place.MustParse("430112")
	tongguan  = place.MustParse("430112006")
)

func newJoint(t *testing.T) *joint {
	t.Helper()
	j := &joint{fair: newFair(t)}
	for code, level := range map[place.Code]place.Level{wangcheng: place.LevelCounty, tongguan: place.LevelTownship} {
		if f := j.count(`division WHERE code = $1`, int64(code)); f == 0 {
			j.row("division", code, map[string]any{"level": level, "name": "望城", "valid_from": "2023-06-30"})
		}
	}
	j.partner = j.house.station(tongguan, "铜官街道人大代表联络站")
	j.keeper = j.officer(j.partner)
	d, err := j.desk.RegisterDeputy(j.city(), workflow.RegisterDeputy{
		Name: "褚丑", Gender: kind.Male, BirthMonth: day("1980-05-01"), Ethnicity: "汉族",
		Mandate: workflow.NewMandate{
			Congress: j.congress[changsha], Term: 18, Election: kind.GeneralElection, ElectedOn: day("2021-12-10"), Confirmed: true,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	j.theirs = d.ID
	m, err := j.client.Mandate.Query().Where(mandate.DeputyID(d.ID)).Only(j.job())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.desk.PostDeputy(j.city(), workflow.PostDeputy{
		Mandate: m.ID, Station: j.partner.ID, Basis: kind.PostingProximity, StartedOn: day("2024-02-01"),
	}); err != nil {
		t.Fatal(err)
	}
	j.activity = j.planned(func(in *workflow.PlanActivity) { in.Setting = kind.SettingJoint })
	return j
}

// group puts a deputy, and the mandates, at a place.
func (j *joint) group(deputy uuid.UUID, at place.Code) {
	j.Helper()
	for table, key := range map[string]string{"deputy": "id", "mandate": "deputy_id"} {
		if _, err := j.owner.ExecContext(j.Context(), `UPDATE `+table+` SET code = $1 WHERE `+key+` = $2`, int64(at), deputy); err != nil {
			j.Fatal(err)
		}
	}
}

// A joint activity of two counties, which the city arranges: who does what in it, and who sees what.
func TestJointActivity(t *testing.T) {
	j := newJoint(t)
	on := workflow.ActivityRef{ID: j.activity.ID}
	join := func(ctx context.Context, in workflow.JoinActivity) func() error {
		return func() error {
			in.ActivityRef = on
			_, err := j.desk.JoinActivity(ctx, in)
			return err
		}
	}
	both := workflow.JoinActivity{Add: []uuid.UUID{j.partner.ID, j.elsewhere.ID}}
	open := func() error {
		_, err := j.desk.OpenActivity(j.fair.keeper, workflow.OpenActivity{ActivityRef: on})
		return err
	}
	j.refused(conflict("input.id NO_PARTNERS"), open)
	j.refused(notFound("input.add"), join(j.county(), both)) // sees one of both
	j.refused(notFound("input.id"), join(j.as(viewer.CountyAdmin, wangcheng), both))
	j.refused(invalid("input.add REQUIRED"), join(j.city(), workflow.JoinActivity{}))
	j.refused(invalid("input.add MISMATCH"), join(j.city(), workflow.JoinActivity{Add: []uuid.UUID{j.station.ID}}))
	if err := join(j.city(), both)(); err != nil {
		t.Fatal(err)
	}
	j.refused(conflict("input.add DUPLICATE"), join(j.city(), workflow.JoinActivity{Add: []uuid.UUID{j.partner.ID}}))
	if err := open(); err != nil {
		t.Fatal(err)
	}
	if err := join(j.county(), workflow.JoinActivity{Remove: []uuid.UUID{j.elsewhere.ID}})(); err != nil {
		t.Fatal(err)
	}
	// The partner enters its own, and nothing else.
	came := workflow.RecordAttendance{ActivityRef: on, Attendances: deputies(false, j.theirs)}
	partner := j.done(j.desk.RecordAttendance(j.keeper, came))
	if partner.Version != 4 || j.count(`activity_event WHERE verb = 'recordAttendance'`) != 0 {
		t.Errorf("the partner wrote into the host's history: %v", partner)
	}
	j.audited("recordAttendance", "Activity", on.ID, "STATION_KEEPER@430112006000", tongguan)
	j.refused(denied("input.id"), func() error {
		_, err := j.desk.CancelActivity(j.keeper, workflow.ReviewActivity{ActivityRef: on, Reason: "天气原因"})
		return err
	})
	j.refused(notFound("input.station"), func() error {
		_, err := j.desk.RecordAttendance(j.keeper, workflow.RecordAttendance{ActivityRef: on, Attendances: workflow.Attendances{
			Station: &j.station.ID, Deputies: []workflow.AttendingDeputy{{Deputy: j.theirs, Guest: true}},
		}})
		return err
	})
	// Whom one station has entered, the other does not enter again, though it does not see it.
	j.refused(conflict("input.deputies TWICE"), func() error {
		j.group(j.theirs, county)
		defer j.group(j.theirs, tongguan)
		_, err := j.desk.RecordAttendance(j.county(), workflow.RecordAttendance{ActivityRef: on, Attendances: deputies(true, j.theirs)})
		return err
	})
	j.refused(conflict("input.remove HAS_ATTENDANCE"), join(j.city(), workflow.JoinActivity{Remove: []uuid.UUID{j.partner.ID}}))
	j.refused(notFound("input.remove"), join(j.county(), workflow.JoinActivity{Remove: []uuid.UUID{j.partner.ID}}))
	j.done(j.desk.RecordActivity(j.fair.keeper, workflow.RecordActivity{
		ActivityRef: on, Attendances: ptr(deputies(false, j.deputy)), Figures: []workflow.FigureValue{{Key: ptr("RECEIVED"), Value: ptr(9.0)}},
	}))
	for name, sees := range map[string]struct {
		ctx                                                      context.Context
		activities, attendances, events, figures, stationsJoined int
	}{
		"host":           {j.fair.keeper, 1, 1, 5, 1, 1},
		"host's county":  {j.county(), 1, 1, 5, 1, 1},
		"partner":        {j.keeper, 1, 1, 0, 1, 1},
		"its county":     {j.as(viewer.CountyAdmin, wangcheng), 1, 1, 0, 1, 1},
		"city":           {j.city(), 1, 2, 5, 1, 1},
		"another county": {j.beihu(), 0, 0, 0, 0, 0},
		"who once was":   {j.officer(j.elsewhere), 0, 0, 0, 0, 0},
		"a deputy":       {j.member(j.deputy), 1, 1, 0, 1, 0},
		"the partner's":  {j.member(j.theirs), 1, 1, 0, 1, 1},
		"a stranger":     {j.member(j.stranger), 0, 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			for what, c := range map[string]struct {
				count func(context.Context) (int, error)
				want  int
			}{
				"activities":  {j.client.Activity.Query().Count, sees.activities},
				"attendances": {j.client.Attendance.Query().Count, sees.attendances},
				"events":      {j.client.ActivityEvent.Query().Count, sees.events},
				"figures":     {j.client.ActivityFigure.Query().Count, sees.figures},
				"partners":    {j.client.ActivityStation.Query().Count, sees.stationsJoined},
			} {
				if n, err := c.count(sees.ctx); err != nil || n != c.want {
					t.Errorf("%d %s, want %d: %v", n, what, c.want, err)
				}
			}
		})
	}
	// All who came are settled, those of the other county too.
	theirs, own := j.jobs("settlement", j.theirs.String()), j.jobs("settlement", j.deputy.String())
	j.done(j.desk.ConfirmActivity(j.township(), workflow.ConfirmActivity{ActivityRef: on}))
	if j.jobs("settlement", j.theirs.String()) != theirs+1 || j.jobs("settlement", j.deputy.String()) != own+1 {
		t.Error("not all who came are settled")
	}
	j.refused(conflict("input.id STATE"), func() error {
		_, err := j.desk.RecordAttendance(j.keeper, came)
		return err
	})
}

// Who is added to a record is added with a reason, which stands in the history.
func TestAddedToARecord(t *testing.T) {
	f := newFair(t)
	a := f.recorded()
	for name, c := range map[string]struct {
		reason *string
		want   refusal
	}{
		"no reason":  {nil, invalid("input.reason REQUIRED")},
		"blank":      {ptr("  "), invalid("input.reason REQUIRED")},
		"a long one": {ptr(strings.Repeat("补", 501)), invalid("input.reason TOO_LONG")},
	} {
		t.Run(name, func(t *testing.T) {
			f.in(t).refused(c.want, func() error {
				_, err := f.desk.RecordAttendance(f.keeper, workflow.RecordAttendance{
					ActivityRef: asRead(a), Attendances: deputies(false, f.deputy), Reason: c.reason,
				})
				return err
			})
		})
	}
	f.done(f.desk.RecordAttendance(f.keeper, workflow.RecordAttendance{
		ActivityRef: asRead(a), Attendances: deputies(false, f.deputy), Reason: ptr("当天漏登"),
	}))
	if f.count(`activity_event WHERE verb = 'recordAttendance' AND text LIKE '登记 % 出席 1 人:当天漏登'`) != 1 {
		t.Error("the reason is not in the history")
	}
}
