package workflow

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/attendance"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// PlanActivity is what is to take place (计划活动).
type PlanActivity struct {
	IdempotencyKey *string `json:"-"`
	Station        uuid.UUID
	// VisitDay is the visit day of the station that the activity is; its hours, theme and location hold unless others are given.
	VisitDay            *uuid.UUID
	Title               string
	Way                 kind.Way
	Setting             kind.Setting
	Mode                *kind.Mode
	Theme, Campaign     *string
	BeginsAt, EndsAt    *time.Time
	Location            *string
	Longitude, Latitude *float64
	Partners            []uuid.UUID
}

var (
	beginsAt  = at("开始时间", "beginsAt")
	endsAt    = at("结束时间", "endsAt")
	setting   = at("开展形式", "setting")
	partners  = at("联合站点", "partners")
	mostJoint = 50
)

func (in *PlanActivity) check() error {
	var c checker
	c.key(in.IdempotencyKey)
	in.Title = c.text(at("活动名称", "title"), in.Title, 2, 100)
	word(&c, at("履职方式", "way"), in.Way)
	word(&c, setting, in.Setting)
	if in.Mode != nil {
		word(&c, at("联系群众方式", "mode"), *in.Mode)
	}
	in.Theme = c.optional(at("主题", "theme"), in.Theme, 100)
	in.Campaign = c.optional(at("主题活动", "campaign"), in.Campaign, 60)
	in.Location = c.optional(at("地点", "location"), in.Location, 200)
	c.coordinates(in.Longitude, in.Latitude)
	c.pair(in.Longitude, in.Latitude)
	if in.VisitDay == nil && in.BeginsAt == nil {
		c.add(beginsAt, "REQUIRED", "不能为空")
	}
	if in.VisitDay == nil && in.EndsAt == nil {
		c.add(endsAt, "REQUIRED", "不能为空")
	}
	if in.BeginsAt != nil && in.EndsAt != nil {
		c.span(*in.BeginsAt, *in.EndsAt)
	}
	c.partners(partners, in.Partners, in.Station)
	if len(in.Partners) > 0 && in.Setting != kind.SettingJoint {
		c.add(setting, "MISMATCH", "不是跨区域联合,不能有联合站点")
	}
	return c.list.Err()
}

// span checks when an activity begins and ends.
func (c *checker) span(begins, ends time.Time) {
	switch {
	case !begins.Before(ends):
		c.add(endsAt, "REVERSED", "应晚于开始时间")
	case ends.Sub(begins) > longestActivity:
		c.add(endsAt, "OUT_OF_RANGE", "距开始时间不能超过 7 天")
	}
}

// partners checks a list of stations that take part beside the host.
func (c *checker) partners(f field, ids []uuid.UUID, host uuid.UUID) {
	seen := map[uuid.UUID]bool{}
	for _, id := range ids {
		switch {
		case id == host:
			c.add(f, "MISMATCH", "不能是主办站点本身")
		case seen[id]:
			c.add(f, "REPEATED", "不能重复")
		}
		seen[id] = true
	}
	if len(ids) > mostJoint {
		c.add(f, "TOO_MANY", "最多 50 个")
	}
}

// PlanActivity plans an activity of an open station in the viewer's area; a keeper does it at the own station only. A day that is past is planned as
// well, so that it can be recorded. Stations of a joint activity are named by an administrator who sees them all.
func (d *Desk) PlanActivity(ctx context.Context, in PlanActivity) (*gen.Activity, error) {
	v, err := d.admit(ctx, VerbPlanActivity)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbPlanActivity, v, func(t *task) (*gen.Activity, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.Activity.Get, func() (*gen.Activity, uuid.UUID, error) {
			a, err := t.planActivity(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return a, a.ID, nil
		})
	})
}

func (t *task) planActivity(ctx context.Context, in PlanActivity) (*gen.Activity, error) {
	s, err := t.lockOpenStation(ctx, in.Station, "input", "station")
	if err != nil {
		return nil, err
	}
	if err := t.keeps(s.ID, "input", "station"); err != nil {
		return nil, err
	}
	if err := t.fillFromVisitDay(ctx, s, &in); err != nil {
		return nil, err
	}
	day := calendar.Today(*in.BeginsAt)
	if err := t.onDay(s, day); err != nil {
		return nil, err
	}
	create := t.tx.Activity.Create().
		SetCodeThen(s.Code).SetStationID(s.ID).SetNillableVisitDayID(in.VisitDay).
		SetTitle(in.Title).SetWay(in.Way).SetSetting(in.Setting).SetNillableMode(in.Mode).
		SetNillableTheme(in.Theme).SetNillableCampaign(in.Campaign).
		SetDay(day).SetBeginsAt(*in.BeginsAt).SetEndsAt(*in.EndsAt).
		SetNillableLocation(in.Location).SetNillableLongitude(in.Longitude).SetNillableLatitude(in.Latitude).
		SetState(state.ActivityPlanned).SetEvents(1)
	areaOfStation(s).put(create.Mutation())
	a, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.enter(ctx, a, nil, nil); err != nil {
		return nil, err
	}
	if err := t.join(ctx, a, in.Partners, partners); err != nil {
		return nil, err
	}
	return a, t.audit(ctx, gen.TypeActivity, a.ID, areaOfActivity(a), map[string]any{
		"station": s.ID, "way": a.Way, "setting": a.Setting, "day": day.Format(time.DateOnly), "visitDay": in.VisitDay, "partners": in.Partners,
	})
}

// onDay checks that an activity of a station may be on a day.
func (t *task) onDay(s *gen.Station, day time.Time) error {
	return oneDay(beginsAt, day, calendar.Day(s.OpenedOn), t.desk.today().AddDate(0, 0, activityAhead))
}

// fillFromVisitDay fills in what the visit day says, unless something else was given.
func (t *task) fillFromVisitDay(ctx context.Context, s *gen.Station, in *PlanActivity) error {
	if in.VisitDay == nil {
		return nil
	}
	v, err := t.tx.VisitDay.Get(ctx, *in.VisitDay)
	switch {
	case gen.IsNotFound(err):
		return fault.NotFound("接待日不存在或不在辖区内", "input", "visitDay")
	case err != nil:
		return err
	case v.StationID != s.ID:
		return fault.Invalid("MISMATCH", "不是该站点的接待日", "input", "visitDay")
	}
	// It will be held when the activity is recorded.
	if _, ok := state.VisitDays.Next(v.State, string(VerbRecordActivity)); !ok {
		return fault.Conflict("STATE", "该接待日当前为“"+state.VisitDays.Titles[v.State]+"”", "input", "visitDay")
	}
	in.BeginsAt, in.EndsAt = given(in.BeginsAt, &v.BeginsAt), given(in.EndsAt, &v.EndsAt)
	in.Theme, in.Location = given(in.Theme, v.Theme), given(in.Location, v.Location)
	var c checker
	c.span(*in.BeginsAt, *in.EndsAt)
	if !calendar.Today(*in.BeginsAt).Equal(calendar.Day(v.Day)) {
		c.add(beginsAt, "MISMATCH", "应在接待日当天")
	}
	return c.list.Err()
}

// given is a value, or what holds without one.
func given[T any](value, otherwise *T) *T {
	if value != nil {
		return value
	}
	return otherwise
}

// join has stations take part in an activity.
func (t *task) join(ctx context.Context, a *gen.Activity, stations []uuid.UUID, f field) error {
	if len(stations) == 0 {
		return nil
	}
	if !t.desk.allowed(t.viewer.Role, VerbJoinActivity) {
		return forbidden("联合站点应由同时管辖各站点的人大机关安排", f.path...)
	}
	for _, id := range stations {
		s, err := t.lockOpenStation(ctx, id, f.path...)
		if err != nil {
			return err
		}
		create := t.tx.ActivityStation.Create().SetActivityID(a.ID).SetStationID(s.ID).SetHostCode(a.Code)
		areaOfStation(s).put(create.Mutation())
		if err := create.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ChangeActivity is what changes of an activity that is planned (调整活动).
type ChangeActivity struct {
	ActivityRef
	Title               Change[string]
	Way                 Change[kind.Way]
	Setting             Change[kind.Setting]
	Mode                Change[kind.Mode]
	Theme, Campaign     Change[string]
	BeginsAt, EndsAt    Change[time.Time]
	Location            Change[string]
	Longitude, Latitude Change[float64]
}

func (in *ChangeActivity) check(c *checker) {
	in.Title = c.newText(at("活动名称", "title"), in.Title, 2, 100)
	newWord(c, at("履职方式", "way"), in.Way)
	newWord(c, setting, in.Setting)
	if in.Mode.Value != nil {
		newWord(c, at("联系群众方式", "mode"), in.Mode)
	}
	in.Theme = c.newOptional(at("主题", "theme"), in.Theme, 100)
	in.Campaign = c.newOptional(at("主题活动", "campaign"), in.Campaign, 60)
	in.Location = c.newOptional(at("地点", "location"), in.Location, 200)
	for f, moment := range map[*field]Change[time.Time]{&beginsAt: in.BeginsAt, &endsAt: in.EndsAt} {
		if moment.Given && moment.Value == nil {
			c.add(*f, "REQUIRED", "不能为空")
		}
	}
	c.coordinates(in.Longitude.Value, in.Latitude.Value)
}

// ChangeActivity changes an activity that is planned, by the station that hosts it or an administrator in whose area that lies.
func (d *Desk) ChangeActivity(ctx context.Context, in ChangeActivity) (*gen.Activity, error) {
	return d.arrange(ctx, arrangement{
		verb: VerbChangeActivity, on: in.ActivityRef, check: in.check,
		do: func(ctx context.Context, t *task, a *gen.Activity, do *arranging) error {
			return t.changeActivity(ctx, a, in, do)
		},
	})
}

func (t *task) changeActivity(ctx context.Context, a *gen.Activity, in ChangeActivity, do *arranging) error {
	var c checker
	c.pair(in.Longitude.or(a.Longitude), in.Latitude.or(a.Latitude))
	begins, ends := *in.BeginsAt.or(&a.BeginsAt), *in.EndsAt.or(&a.EndsAt)
	c.span(begins, ends)
	day := calendar.Today(begins)
	if a.VisitDayID != nil && !day.Equal(calendar.Day(a.Day)) {
		c.add(beginsAt, "MISMATCH", "应在接待日当天")
	}
	if err := c.list.Err(); err != nil {
		return err
	}
	if in.BeginsAt.Given {
		s, err := t.lockOpenStation(ctx, a.StationID, "input", "id")
		if err != nil {
			return err
		}
		if err := t.onDay(s, day); err != nil {
			return err
		}
	}
	if err := t.moveDay(ctx, a, day); err != nil {
		return err
	}
	if *in.Setting.or(&a.Setting) != kind.SettingJoint {
		n, err := t.joined(ctx, a)
		if err != nil {
			return err
		}
		if n > 0 {
			return fault.Conflict("HAS_PARTNERS", "已有联合站点,应先移除", setting.path...)
		}
	}
	// What is the same moment is no change, wherever its clock stands.
	in.BeginsAt, in.EndsAt = moved(a.BeginsAt, in.BeginsAt), moved(a.EndsAt, in.EndsAt)
	d := diff(do.detail)
	revise(d, "title", &a.Title, in.Title, do.SetTitle, nil)
	revise(d, "way", &a.Way, in.Way, do.SetWay, nil)
	revise(d, "setting", &a.Setting, in.Setting, do.SetSetting, nil)
	revise(d, "mode", a.Mode, in.Mode, do.SetMode, do.ClearMode)
	revise(d, "theme", a.Theme, in.Theme, do.SetTheme, do.ClearTheme)
	revise(d, "campaign", a.Campaign, in.Campaign, do.SetCampaign, do.ClearCampaign)
	revise(d, "beginsAt", &a.BeginsAt, in.BeginsAt, do.SetBeginsAt, nil)
	revise(d, "endsAt", &a.EndsAt, in.EndsAt, do.SetEndsAt, nil)
	revise(d, "location", a.Location, in.Location, do.SetLocation, do.ClearLocation)
	revise(d, "longitude", a.Longitude, in.Longitude, do.SetLongitude, do.ClearLongitude)
	revise(d, "latitude", a.Latitude, in.Latitude, do.SetLatitude, do.ClearLatitude)
	do.SetDay(day)
	if len(d) == 0 {
		return fault.Invalid("UNCHANGED", "没有任何变更", "input")
	}
	do.text = changedFields(d)
	return nil
}

// moveDay refuses to put an activity on another day once someone has come: attendances stand on its day, under the mandates of that day. Who came to a
// station out of sight cannot be told, so a joint one stays on its day from when check-in began.
func (t *task) moveDay(ctx context.Context, a *gen.Activity, day time.Time) error {
	if day.Equal(calendar.Day(a.Day)) {
		return nil
	}
	came, err := t.tx.Attendance.Query().Where(attendance.ActivityID(a.ID)).Exist(ctx)
	if err != nil {
		return err
	}
	if came || a.Setting == kind.SettingJoint && !t.desk.clock().Before(a.BeginsAt.Add(-openBefore)) {
		return fault.Conflict("HAS_ATTENDANCE", "已有人签到或已可签到,不能改到另一天;可取消后重新计划", beginsAt.path...)
	}
	return nil
}

// moved is the change of a moment, if it is one.
func moved(old time.Time, c Change[time.Time]) Change[time.Time] {
	if c.Given && c.Value.Equal(old) {
		return Change[time.Time]{}
	}
	return c
}

// changedFields names in Chinese what of an activity was changed.
func changedFields(d diff) *string {
	var names []string
	for _, f := range []struct{ name, title string }{
		{"title", "名称"},
		{"way", "履职方式"},
		{"setting", "开展形式"},
		{"mode", "联系群众方式"},
		{"theme", "主题"},
		{"campaign", "主题活动"},
		{"beginsAt", "开始时间"},
		{"endsAt", "结束时间"},
		{"location", "地点"},
		{"longitude", "坐标"},
		{"latitude", "坐标"},
	} {
		if _, ok := d[f.name]; ok && !slices.Contains(names, f.title) {
			names = append(names, f.title)
		}
	}
	text := "调整" + strings.Join(names, "、")
	return &text
}
