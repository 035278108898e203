package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/constituency"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/organ"
	"github.com/lianluo/lianluo/ent/gen/station"
	"github.com/lianluo/lianluo/ent/gen/zone"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// The bounds of what a station is.
const (
	westmost, eastmost   = 73, 136
	southmost, northmost = 3, 54
	lowestFloor          = -5
	highestFloor         = 200
	largestArea          = 100_000 // square metres
)

// coordinates checks degrees, each by itself.
func (c *checker) coordinates(longitude, latitude *float64) {
	c.between(at("经度", "longitude"), longitude, westmost, eastmost)
	c.between(at("纬度", "latitude"), latitude, southmost, northmost)
}

// pair checks that there are both coordinates or none.
func (c *checker) pair(longitude, latitude *float64) {
	switch {
	case longitude == nil && latitude != nil:
		c.add(at("经度", "longitude"), "REQUIRED", "应与纬度一同填写")
	case longitude != nil && latitude == nil:
		c.add(at("纬度", "latitude"), "REQUIRED", "应与经度一同填写")
	}
}

func (c *checker) floor(floor *int) {
	if floor != nil && (*floor < lowestFloor || *floor > highestFloor || *floor == 0) {
		c.add(at("楼层", "floor"), "OUT_OF_RANGE", "应在 -5 至 200 之间且不为 0")
	}
}

func (c *checker) area(squareMetres *float64) {
	if squareMetres != nil && !(*squareMetres > 0 && *squareMetres <= largestArea) {
		c.add(at("面积", "areaM2"), "OUT_OF_RANGE", "应大于 0,不超过 100000 平方米")
	}
}

// sameFamily tells whether a station of one kind may be a branch of one of the other: online stations stand by themselves.
func sameFamily(a, b kind.Station) bool {
	return (a == kind.StationOnline) == (b == kind.StationOnline)
}

// divisionOf finds a division that a new thing may stand in.
func (t *task) divisionOf(ctx context.Context, code place.Code) (*gen.Division, error) {
	d, err := t.tx.Division.Query().Where(division.Code(code)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("区划不存在或不在辖区内", "input", "division")
	}
	if err != nil {
		return nil, err
	}
	if ended(d.ValidTo, t.desk.today()) {
		return nil, fault.Conflict("CLOSED", "该区划已撤销", "input", "division")
	}
	return d, nil
}

// ended tells whether something with a first day of being no more is no more.
func ended(until *time.Time, today time.Time) bool { return until != nil && !until.After(today) }

// townshipName is the name of the township in which a village lies, empty for what is no village.
func (t *task) townshipName(ctx context.Context, d *gen.Division) (string, error) {
	if d.Level != place.LevelVillage || d.TownshipCode == nil {
		return "", nil
	}
	township, err := t.tx.Division.Query().Where(division.Code(*d.TownshipCode)).Only(ctx)
	if err != nil {
		return "", err
	}
	return township.Name, nil
}

// lockStation finds a station and keeps it from being changed by others.
func (t *task) lockStation(ctx context.Context, id uuid.UUID, path ...string) (*gen.Station, error) {
	s, err := t.tx.Station.Query().Where(station.ID(id)).ForUpdate().Only(ctx)
	if gen.IsNotFound(err) {
		return nil, noStation(path...)
	}
	return s, err
}

// lockOpenStation finds an open station and keeps it from being closed; others may do so at the same time.
func (t *task) lockOpenStation(ctx context.Context, id uuid.UUID, path ...string) (*gen.Station, error) {
	s, err := t.tx.Station.Query().Where(station.ID(id)).ForShare().Only(ctx)
	if gen.IsNotFound(err) {
		return nil, noStation(path...)
	}
	if err != nil {
		return nil, err
	}
	if s.ClosedOn != nil {
		return nil, closedStation(path...)
	}
	return s, nil
}

func noStation(path ...string) error {
	return fault.NotFound("站点不存在或不在辖区内", path...)
}

func closedStation(path ...string) error {
	return fault.Conflict("CLOSED", "该站点已撤销", path...)
}

// references are the rows that a station names.
type references struct{ Parent, Organ, Zone, Constituency *uuid.UUID }

// checkReferences sees to it that the rows a station names are there for the viewer and still in being; a nil id names none.
func (t *task) checkReferences(ctx context.Context, r references) error {
	today := t.desk.today()
	if r.Organ != nil {
		o, err := t.tx.Organ.Query().Where(organ.ID(*r.Organ)).Only(ctx)
		if gen.IsNotFound(err) {
			return fault.NotFound("机关不存在或不在辖区内", "input", "organ")
		}
		if err != nil {
			return err
		}
		if ended(o.ValidTo, today) {
			return fault.Conflict("CLOSED", "该机关已撤销", "input", "organ")
		}
	}
	if r.Zone != nil {
		there, err := t.tx.Zone.Query().Where(zone.ID(*r.Zone)).Exist(ctx)
		if err != nil {
			return err
		}
		if !there {
			return fault.NotFound("区域不存在或不在辖区内", "input", "zone")
		}
	}
	if r.Constituency != nil {
		c, err := t.tx.Constituency.Query().Where(constituency.ID(*r.Constituency)).Only(ctx)
		if gen.IsNotFound(err) {
			return fault.NotFound("选区不存在或不在辖区内", "input", "constituency")
		}
		if err != nil {
			return err
		}
		if ended(c.ValidTo, today) {
			return fault.Conflict("CLOSED", "该选区已撤销", "input", "constituency")
		}
	}
	return nil
}

// parentsLock makes changes of who is whose branch wait for each other, so that two cannot close a circle together.
const parentsLock = "station parents"

// checkParent sees to it that a station (nil while it is new) of a kind may become a branch of the parent.
func (t *task) checkParent(ctx context.Context, self *uuid.UUID, k kind.Station, parent uuid.UUID) error {
	path := []string{"input", "parent"}
	p, err := t.lockOpenStation(ctx, parent, path...)
	if err != nil {
		return err
	}
	if !sameFamily(k, p.Kind) {
		return fault.Invalid("MISMATCH", "网上站与实体站点不能互为总站、分站", path...)
	}
	if self == nil {
		return nil
	}
	var circle bool
	if err := scalar(ctx, t.tx, &circle, `SELECT station_below($1, $2)`, parent, *self); err != nil {
		return err
	}
	if circle {
		return fault.Invalid("CYCLE", "总站不能是本站或本站的分站", path...)
	}
	return nil
}
