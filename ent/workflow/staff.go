package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/stationstaff"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/viewer"
)

// AppointStaff is who gets which office at a station.
type AppointStaff struct {
	IdempotencyKey *string `json:"-"`
	Station        uuid.UUID
	Name           *string // needed when there is no deputy
	Office         kind.Staff
	Origin         kind.StaffOrigin
	Deputy         *uuid.UUID // when the person is one; then the deputy's name is taken
	StartedOn      time.Time
}

var (
	staffName   = at("姓名", "name")
	appointedOn = at("任职日期", "startedOn")
)

func (in *AppointStaff) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	in.Name = c.optional(staffName, in.Name, 40)
	if in.Name == nil && in.Deputy == nil {
		c.add(staffName, "REQUIRED", "与代表至少填一项")
	}
	word(&c, at("职务", "office"), in.Office)
	word(&c, at("来源", "origin"), in.Origin)
	if in.Origin == kind.OriginDeputy && in.Deputy == nil {
		c.add(at("代表", "deputy"), "REQUIRED", "不能为空:来源为代表")
	}
	in.StartedOn = c.day(appointedOn, in.StartedOn, calendar.Founding, today)
	return c.list.Err()
}

// AppointStaff gives a person an office at an open station. A deputy must be posted there. A second chief is a conflict, and so is the same
// office twice for one name. A keeper whose station is known does it there only.
func (d *Desk) AppointStaff(ctx context.Context, in AppointStaff) (*gen.StationStaff, error) {
	v, err := d.admit(ctx, VerbAppointStaff)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbAppointStaff, v, func(t *task) (*gen.StationStaff, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.StationStaff.Get, func() (*gen.StationStaff, uuid.UUID, error) {
			s, err := t.appointStaff(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return s, s.ID, nil
		})
	})
}

func (t *task) appointStaff(ctx context.Context, in AppointStaff) (*gen.StationStaff, error) {
	// Locked whole, so that two chiefs cannot be appointed at once.
	station, err := t.lockStation(ctx, in.Station, "input", "station")
	if err != nil {
		return nil, err
	}
	if err := t.keeps(station.ID, "input", "station"); err != nil {
		return nil, err
	}
	if station.ClosedOn != nil {
		return nil, closedStation("input", "station")
	}
	if err := oneDay(appointedOn, in.StartedOn, calendar.Day(station.OpenedOn), in.StartedOn); err != nil {
		return nil, err
	}
	name, err := t.staffName(ctx, in)
	if err != nil {
		return nil, err
	}
	if in.Office == kind.StaffChief {
		taken, err := t.tx.StationStaff.Query().Where(stationstaff.StationID(station.ID),
			stationstaff.OfficeEQ(kind.StaffChief), stationstaff.EndedOnIsNil()).Exist(ctx)
		if err != nil {
			return nil, err
		}
		if taken {
			return nil, fault.Conflict("CHIEF_TAKEN", "该站点已有站长", "input", "office")
		}
	}
	create := t.tx.StationStaff.Create().
		SetStationID(station.ID).
		SetName(name).
		SetOffice(in.Office).
		SetOrigin(in.Origin).
		SetNillableDeputyID(in.Deputy).
		SetStartedOn(in.StartedOn)
	areaOfStation(station).put(create.Mutation())
	s, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	return s, t.audit(ctx, gen.TypeStationStaff, s.ID, areaOfStaff(s), map[string]any{
		"station": s.StationID, "office": s.Office, "origin": s.Origin, "startedOn": s.StartedOn.Format(time.DateOnly),
	})
}

// staffName is the name of who is appointed. A deputy who is posted to the station is visible here, whoever's home it is.
func (t *task) staffName(ctx context.Context, in AppointStaff) (string, error) {
	if in.Deputy == nil {
		return *in.Name, nil
	}
	deputy, err := t.tx.Deputy.Get(ctx, *in.Deputy)
	if gen.IsNotFound(err) {
		return "", fault.NotFound("代表不存在或不在辖区内", "input", "deputy")
	}
	if err != nil {
		return "", err
	}
	posted, err := t.tx.Posting.Query().Where(posting.StationID(in.Station),
		posting.DeputyID(deputy.ID), posting.EndedOnIsNil()).Exist(ctx)
	if err != nil {
		return "", err
	}
	if !posted {
		return "", fault.Conflict("NOT_POSTED", "该代表未编入该站点", "input", "deputy")
	}
	return deputy.Name, nil
}

// keeps refuses a keeper of another station, and one of no station.
func (t *task) keeps(station uuid.UUID, path ...string) error {
	if t.viewer.Role == viewer.StationKeeper && t.viewer.Station != station {
		return forbidden("只能办理本站点的事项", path...)
	}
	return nil
}

// DismissStaff is how an office ends.
type DismissStaff struct {
	ID              uuid.UUID
	ExpectedVersion *int
	EndedOn         time.Time // first day no longer in office
}

// DismissStaff ends an office at a station in the viewer's area; a keeper does it at the own station only.
func (d *Desk) DismissStaff(ctx context.Context, in DismissStaff) (*gen.StationStaff, error) {
	v, err := d.admit(ctx, VerbDismissStaff)
	if err != nil {
		return nil, err
	}
	in.EndedOn = calendar.Day(in.EndedOn)
	return transact(ctx, d, VerbDismissStaff, v, func(t *task) (*gen.StationStaff, error) {
		return t.dismissStaff(ctx, in)
	})
}

func (t *task) dismissStaff(ctx context.Context, in DismissStaff) (*gen.StationStaff, error) {
	old, err := t.tx.StationStaff.Query().Where(stationstaff.ID(in.ID)).ForUpdate().Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("任职不存在或不在辖区内", "input", "id")
	}
	if err != nil {
		return nil, err
	}
	if err := t.keeps(old.StationID, "input", "id"); err != nil {
		return nil, err
	}
	if err := expect(in.ExpectedVersion, old.Version); err != nil {
		return nil, err
	}
	if old.EndedOn != nil {
		return nil, fault.Conflict("ENDED", "该任职已结束", "input", "id")
	}
	if err := oneDay(at("离任日期", "endedOn"), in.EndedOn, calendar.Day(old.StartedOn), t.desk.today()); err != nil {
		return nil, err
	}
	s, err := t.tx.StationStaff.UpdateOne(old).SetEndedOn(in.EndedOn).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	return s, t.audit(ctx, gen.TypeStationStaff, s.ID, areaOfStaff(s), map[string]any{
		"endedOn": in.EndedOn.Format(time.DateOnly),
	})
}
