package workflow

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/kind"
)

// UpdateStation is what to change of a station.
type UpdateStation struct {
	ID                  uuid.UUID
	ExpectedVersion     *int
	Kind                Change[kind.Station]
	Name                Change[string]
	Address             Change[string]
	Longitude, Latitude Change[float64] // degrees
	Floor               Change[int]
	AreaM2              Change[float64]
	OpeningRule         Change[string]
	Brand               Change[string]
	Phone               Change[string]
	Parent              Change[uuid.UUID]
	Organ               Change[uuid.UUID]
	Zone                Change[uuid.UUID]
	Constituency        Change[uuid.UUID]
}

func (in *UpdateStation) empty() bool {
	given := in.Kind.Given || in.Name.Given || in.Address.Given || in.Longitude.Given || in.Latitude.Given ||
		in.Floor.Given || in.AreaM2.Given || in.OpeningRule.Given || in.Brand.Given || in.Phone.Given ||
		in.Parent.Given || in.Organ.Given || in.Zone.Given || in.Constituency.Given
	return !given
}

func (in *UpdateStation) check() error {
	if in.empty() {
		return nothingToChange()
	}
	var c checker
	newWord(&c, at("类型", "kind"), in.Kind)
	in.Name = c.newText(at("名称", "name"), in.Name, 2, 100)
	in.Address = c.newOptional(at("地址", "address"), in.Address, 200)
	c.coordinates(in.Longitude.Value, in.Latitude.Value)
	c.floor(in.Floor.Value)
	c.area(in.AreaM2.Value)
	in.OpeningRule = c.newOptional(at("开放规则", "openingRule"), in.OpeningRule, 100)
	in.Brand = c.newOptional(at("品牌", "brand"), in.Brand, 60)
	in.Phone = c.newPhone(at("公开电话", "phone"), in.Phone)
	return c.list.Err()
}

func nothingToChange() error { return fault.Invalid("EMPTY", "没有要修改的内容", "input") }

// UpdateStation changes what is given of an open station. What equals the stored is no change: when nothing differs, the station is
// answered as it is.
func (d *Desk) UpdateStation(ctx context.Context, in UpdateStation) (*gen.Station, error) {
	v, err := d.admit(ctx, VerbUpdateStation)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbUpdateStation, v, func(t *task) (*gen.Station, error) {
		return t.updateStation(ctx, in)
	})
}

func (t *task) updateStation(ctx context.Context, in UpdateStation) (*gen.Station, error) {
	if in.Parent.Value != nil {
		if err := t.lock(ctx, parentsLock); err != nil {
			return nil, err
		}
	}
	old, err := t.lockStation(ctx, in.ID, "input", "id")
	if err != nil {
		return nil, err
	}
	if err := expect(in.ExpectedVersion, old.Version); err != nil {
		return nil, err
	}
	if old.ClosedOn != nil {
		return nil, closedStation("input", "id")
	}
	if err := t.checkUpdate(ctx, old, in); err != nil {
		return nil, err
	}
	place, err := t.tx.Division.Query().Where(division.ID(old.DivisionID)).Only(ctx)
	if err != nil {
		return nil, err
	}
	township, err := t.townshipName(ctx, place)
	if err != nil {
		return nil, err
	}
	update := t.tx.Station.UpdateOne(old)
	changed := in.apply(old, update)
	if len(changed) == 0 {
		return old, nil
	}
	name, k := *in.Name.or(&old.Name), *in.Kind.or(&old.Kind)
	s, err := update.SetNameUniform(NameUniform(k, name, place.Name, township)).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	if changed["name"] != nil || changed["brand"] != nil {
		if err := t.keepStationKeys(ctx, s, place.Name, township); err != nil {
			return nil, err
		}
	}
	return s, t.audit(ctx, gen.TypeStation, s.ID, areaOfStation(s), map[string]any{"changed": changed})
}

// checkUpdate checks the station as it would be after the change.
func (t *task) checkUpdate(ctx context.Context, old *gen.Station, in UpdateStation) error {
	var c checker
	c.pair(in.Longitude.or(old.Longitude), in.Latitude.or(old.Latitude))
	if err := c.list.Err(); err != nil {
		return err
	}
	err := t.checkReferences(ctx, references{
		Organ: in.Organ.Value, Zone: in.Zone.Value, Constituency: in.Constituency.Value,
	})
	if err != nil {
		return err
	}
	k := *in.Kind.or(&old.Kind)
	if in.Parent.Value != nil {
		if err := t.checkParent(ctx, &old.ID, k, *in.Parent.Value); err != nil {
			return err
		}
	}
	if sameFamily(k, old.Kind) {
		return nil
	}
	// A parent given was checked against the new kind above.
	branches, err := t.tx.Station.Query().Where(station.ParentID(old.ID), station.ClosedOnIsNil()).Exist(ctx)
	if err != nil {
		return err
	}
	if branches || !in.Parent.Given && old.ParentID != nil {
		return fault.Invalid("MISMATCH", "网上站与实体站点不能互为总站、分站", "input", "kind")
	}
	return nil
}

// apply puts the changes into an update and lists them.
func (in *UpdateStation) apply(old *gen.Station, u *gen.StationUpdateOne) diff {
	d := diff{}
	// Kind and name are never emptied, as the check saw to; their unsetters are not called.
	stays := func() *gen.StationUpdateOne { return u }
	revise(d, "kind", &old.Kind, in.Kind, u.SetKind, stays)
	revise(d, "name", &old.Name, in.Name, u.SetName, stays)
	revise(d, "address", old.Address, in.Address, u.SetAddress, u.ClearAddress)
	revise(d, "longitude", old.Longitude, in.Longitude, u.SetLongitude, u.ClearLongitude)
	revise(d, "latitude", old.Latitude, in.Latitude, u.SetLatitude, u.ClearLatitude)
	revise(d, "floor", old.Floor, in.Floor, u.SetFloor, u.ClearFloor)
	revise(d, "areaM2", old.AreaM2, in.AreaM2, u.SetAreaM2, u.ClearAreaM2)
	revise(d, "openingRule", old.OpeningRule, in.OpeningRule, u.SetOpeningRule, u.ClearOpeningRule)
	revise(d, "brand", old.Brand, in.Brand, u.SetBrand, u.ClearBrand)
	revise(d, "phone", old.Phone, in.Phone, u.SetPhone, u.ClearPhone)
	revise(d, "parent", old.ParentID, in.Parent, u.SetParentID, u.ClearParentID)
	revise(d, "organ", old.OrganID, in.Organ, u.SetOrganID, u.ClearOrganID)
	revise(d, "zone", old.ZoneID, in.Zone, u.SetZoneID, u.ClearZoneID)
	revise(d, "constituency", old.ConstituencyID, in.Constituency, u.SetConstituencyID, u.ClearConstituencyID)
	return d
}
