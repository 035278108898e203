package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql/sqlgraph"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/attendance"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// The bounds of checking in.
const (
	// checkInAfter is how long after the end deputies may still check in; before the begin it is openBefore.
	checkInAfter = time.Hour
	// checkInMetres is how far from where it is a deputy may be.
	checkInMetres = 500
)

// CheckIn is a deputy's own check-in (扫码签到).
type CheckIn struct {
	IdempotencyKey *string `json:"-"`
	// Code is the text of the station's QR code.
	Code string
	// Activity is which one, where the station has several at the time.
	Activity *uuid.UUID
	// Longitude and Latitude are where the deputy is, if the phone tells.
	Longitude, Latitude *float64
}

func (in *CheckIn) check() error {
	var c checker
	c.key(in.IdempotencyKey)
	in.Code = c.text(at("站码", "code"), in.Code, 1, 40)
	// Wherever on earth: that it is too far is said later.
	c.between(at("经度", "longitude"), in.Longitude, -180, 180)
	c.between(at("纬度", "latitude"), in.Latitude, -90, 90)
	c.pair(in.Longitude, in.Latitude)
	return c.list.Err()
}

// CheckIn enters the deputy who asks as one who came to an activity of the station whose code was scanned, from an hour before the begin to an hour
// after the end. With a position it must be near. A deputy who is not posted there is a guest.
func (d *Desk) CheckIn(ctx context.Context, in CheckIn) (*gen.Attendance, error) {
	v, err := d.admit(ctx, VerbCheckIn)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbCheckIn, v, func(t *task) (*gen.Attendance, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.Attendance.Get, func() (*gen.Attendance, uuid.UUID, error) {
			a, err := t.checkIn(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return a, a.ID, nil
		})
	})
}

func (t *task) checkIn(ctx context.Context, in CheckIn) (*gen.Attendance, error) {
	now := t.desk.clock()
	s, err := t.scan(ctx, in.Code, calendar.Today(now))
	if err != nil {
		return nil, err
	}
	a, err := s.choose(in.Activity, now)
	if err != nil {
		return nil, err
	}
	if err := t.lock(ctx, "activity:"+a.id.String()); err != nil {
		return nil, err
	}
	// Neither cancelled nor put to another time meanwhile.
	if s, err = t.scan(ctx, in.Code, calendar.Today(now)); err != nil {
		return nil, err
	}
	if a, err = s.choose(&a.id, now); err != nil {
		return nil, err
	}
	distance, err := a.near(in, s)
	if err != nil {
		return nil, err
	}
	person, day := t.viewer.Person, calendar.Today(a.begins)
	came, err := t.tx.Attendance.Query().Where(attendance.ActivityID(a.id), attendance.DeputyID(person)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if came {
		return nil, alreadyHere()
	}
	ranks, err := t.ranks(ctx, []uuid.UUID{person}, day)
	if err != nil {
		return nil, err
	}
	served := ranks[person]
	if served == nil {
		return nil, notServing("您", "input", "code")
	}
	posted, err := t.postedAt(ctx, s.id, []uuid.UUID{person}, day)
	if err != nil {
		return nil, err
	}
	create := t.tx.Attendance.Create().
		SetCodeThen(s.area.Code).SetActivityID(a.id).SetStationID(s.id).
		SetDeputyID(person).SetMandateID(served.mandate).SetLevel(served.level).SetGuest(!posted[person]).
		SetDay(day).SetSource(kind.AttendanceCheckIn).SetCheckedInAt(now).
		SetNillableLongitude(in.Longitude).SetNillableLatitude(in.Latitude).SetNillableDistanceM(distance)
	s.area.put(create.Mutation())
	row, err := create.Save(ctx)
	if sqlgraph.IsUniqueConstraintError(err) {
		return nil, alreadyHere()
	}
	if err != nil {
		return nil, err
	}
	return row, t.audit(ctx, gen.TypeAttendance, row.ID, s.area, map[string]any{
		"activity": a.id, "station": s.id, "guest": row.Guest, "distanceM": distance,
	})
}

func alreadyHere() error {
	return twice("您已签到或已被登记出席该活动", "input", "activity")
}

// scanned is the station whose code was scanned, and what is planned or under way there.
type scanned struct {
	id                  uuid.UUID
	name                string
	longitude, latitude *float64
	area                area
	activities          []scannedActivity
}

type scannedActivity struct {
	id                  uuid.UUID
	title               string
	begins, ends        time.Time
	setting             kind.Setting
	longitude, latitude *float64
}

// scan reads what a deputy who scanned a station's code may check in to about today.
func (t *task) scan(ctx context.Context, code string, today time.Time) (*scanned, error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT station, name, longitude, latitude, code, province_code, city_code, county_code, township_code,
		activity, title, begins_at, ends_at, setting, place_longitude, place_latitude FROM scanned_activities($1, $2::date, $3::date)`,
		code, today.Add(-longestActivity).AddDate(0, 0, -1).Format(time.DateOnly), today.AddDate(0, 0, 1).Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("scan a code: %w", err)
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	var s *scanned
	for rows.Next() {
		var (
			at           scanned
			own          place.Code
			id           *uuid.UUID
			title        *string
			begins, ends *time.Time
			setting      *kind.Setting
			a            scannedActivity
		)
		if err := rows.Scan(&at.id, &at.name, &at.longitude, &at.latitude, &own, &at.area.Province, &at.area.City, &at.area.County, &at.area.Township,
			&id, &title, &begins, &ends, &setting, &a.longitude, &a.latitude); err != nil {
			return nil, err
		}
		if s == nil {
			s = &at
			s.area.Code = own
		}
		if id != nil {
			a.id, a.title, a.begins, a.ends, a.setting = *id, *title, *begins, *ends, *setting
			s.activities = append(s.activities, a)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if s == nil {
		return nil, fault.NotFound("二维码无效或已撤销,或者不是站码", "input", "code")
	}
	return s, nil
}

// choose is the activity to check in to now: the one that is named, or the only one at this hour.
func (s *scanned) choose(named *uuid.UUID, now time.Time) (*scannedActivity, error) {
	among := s.activities
	if named != nil {
		among = slices.DeleteFunc(slices.Clone(among), func(a scannedActivity) bool { return a.id != *named })
		if len(among) == 0 {
			return nil, fault.NotFound("该站点没有可以签到的此项活动", "input", "activity")
		}
	}
	open := slices.DeleteFunc(slices.Clone(among), func(a scannedActivity) bool { return !a.openAt(now) })
	switch len(open) {
	case 1:
		return &open[0], nil
	case 0:
		if named == nil {
			among = onDay(among, calendar.Today(now))
		}
		return nil, s.outside(among)
	}
	titles := make([]string, len(open))
	for i, a := range open {
		titles[i] = fmt.Sprintf("%s(%s,编号 %s)", a.title, a.hours(), a.globalID())
	}
	return nil, fault.Conflict("AMBIGUOUS", "该站点此时有多项活动,请选择一项:"+strings.Join(titles, ";"), "input", "activity")
}

// onDay are those of activities that have a part on a day.
func onDay(activities []scannedActivity, day time.Time) []scannedActivity {
	return slices.DeleteFunc(slices.Clone(activities), func(a scannedActivity) bool {
		return calendar.Today(a.begins).After(day) || calendar.Today(a.ends).Before(day)
	})
}

// outside refuses a check-in to activities none of which is open, and tells when each is.
func (s *scanned) outside(among []scannedActivity) error {
	if len(among) == 0 {
		return fault.Conflict("NO_ACTIVITY", s.name+"今天没有可以签到的活动", "input", "code")
	}
	hours := make([]string, len(among))
	for i, a := range among {
		hours[i] = a.title + "(" + a.hours() + ")"
	}
	return fault.Conflict("OUTSIDE_HOURS", "不在签到时间内,开始前 60 分钟至结束后 60 分钟可以签到:"+strings.Join(hours, ";"), "input", "code")
}

func (a *scannedActivity) openAt(now time.Time) bool {
	return !now.Before(a.begins.Add(-openBefore)) && !now.After(a.ends.Add(checkInAfter))
}

func (a *scannedActivity) hours() string { return clockTime(a.begins) + " 至 " + clockTime(a.ends) }

func (a *scannedActivity) globalID() string { return (&gen.Activity{ID: a.id}).GlobalID() }

// near is how far a deputy who tells the position is from where the activity is, in metres: its own place, or the station it is in. Nil where that
// cannot be told, as of one that is out of the station at a place without coordinates.
func (a *scannedActivity) near(in CheckIn, s *scanned) (*int, error) {
	longitude, latitude := a.longitude, a.latitude
	if longitude == nil && (a.setting == kind.SettingInStation || a.setting == kind.SettingJoint) {
		longitude, latitude = s.longitude, s.latitude
	}
	if in.Longitude == nil || longitude == nil || latitude == nil {
		return nil, nil
	}
	distance := metres(point{*in.Longitude, *in.Latitude}, point{*longitude, *latitude})
	if distance > checkInMetres {
		return nil, fault.Conflict("TOO_FAR", fmt.Sprintf("距活动地点约 %d 米,应在 %d 米以内", distance, checkInMetres), "input", "longitude")
	}
	return &distance, nil
}
