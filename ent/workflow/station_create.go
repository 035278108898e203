package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// CreateStation is a new station.
type CreateStation struct {
	IdempotencyKey      *string `json:"-"`
	Division            place.Code
	Kind                kind.Station
	Name                string
	OpenedOn            time.Time
	Address             *string
	Longitude, Latitude *float64 // degrees
	Floor               *int
	AreaM2              *float64
	OpeningRule         *string
	Brand               *string
	Phone               *string
	Parent              *uuid.UUID
	Organ               *uuid.UUID
	Zone                *uuid.UUID
	Constituency        *uuid.UUID
}

func (in *CreateStation) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	word(&c, at("类型", "kind"), in.Kind)
	in.Name = c.text(at("名称", "name"), in.Name, 2, 100)
	in.OpenedOn = c.day(at("建站日期", "openedOn"), in.OpenedOn, calendar.Founding, today)
	in.Address = c.optional(at("地址", "address"), in.Address, 200)
	c.coordinates(in.Longitude, in.Latitude)
	c.pair(in.Longitude, in.Latitude)
	c.floor(in.Floor)
	c.area(in.AreaM2)
	in.OpeningRule = c.optional(at("开放规则", "openingRule"), in.OpeningRule, 100)
	in.Brand = c.optional(at("品牌", "brand"), in.Brand, 60)
	in.Phone = c.phone(at("公开电话", "phone"), in.Phone)
	return c.list.Err()
}

// CreateStation opens a station. A name off the uniform rule is accepted and noted in NameUniform; a second open station of the
// same name in a division is a conflict.
func (d *Desk) CreateStation(ctx context.Context, in CreateStation) (*gen.Station, error) {
	v, err := d.admit(ctx, VerbCreateStation)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbCreateStation, v, func(t *task) (*gen.Station, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.Station.Get, func() (*gen.Station, uuid.UUID, error) {
			s, err := t.createStation(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return s, s.ID, nil
		})
	})
}

func (t *task) createStation(ctx context.Context, in CreateStation) (*gen.Station, error) {
	division, err := t.divisionOf(ctx, in.Division)
	if err != nil {
		return nil, err
	}
	township, err := t.townshipName(ctx, division)
	if err != nil {
		return nil, err
	}
	err = t.checkReferences(ctx, references{Organ: in.Organ, Zone: in.Zone, Constituency: in.Constituency})
	if err != nil {
		return nil, err
	}
	if in.Parent != nil {
		if err := t.checkParent(ctx, nil, in.Kind, *in.Parent); err != nil {
			return nil, err
		}
	}
	create := t.tx.Station.Create().
		SetDivisionID(division.ID).
		SetKind(in.Kind).
		SetName(in.Name).
		SetNameUniform(NameUniform(in.Kind, in.Name, division.Name, township)).
		SetOpenedOn(in.OpenedOn).
		SetNillableAddress(in.Address).
		SetNillableLongitude(in.Longitude).
		SetNillableLatitude(in.Latitude).
		SetNillableFloor(in.Floor).
		SetNillableAreaM2(in.AreaM2).
		SetNillableOpeningRule(in.OpeningRule).
		SetNillableBrand(in.Brand).
		SetNillablePhone(in.Phone).
		SetNillableParentID(in.Parent).
		SetNillableOrganID(in.Organ).
		SetNillableZoneID(in.Zone).
		SetNillableConstituencyID(in.Constituency)
	areaOfDivision(division).put(create.Mutation())
	s, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.keepStationKeys(ctx, s, division.Name, township); err != nil {
		return nil, err
	}
	if _, err := t.issueCode(ctx, s, nil); err != nil {
		return nil, err
	}
	return s, t.audit(ctx, gen.TypeStation, s.ID, areaOfStation(s), map[string]any{
		"kind": s.Kind, "name": s.Name, "openedOn": s.OpenedOn.Format(time.DateOnly),
	})
}
