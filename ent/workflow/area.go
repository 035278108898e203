package workflow

import (
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
)

// area is the place of a row: its code and the ancestors', as far as the tree has them.
type area struct {
	Code                             place.Code
	Province, City, County, Township *place.Code
}

func areaOfDivision(d *gen.Division) area {
	return area{d.Code, d.ProvinceCode, d.CityCode, d.CountyCode, d.TownshipCode}
}

func areaOfStation(s *gen.Station) area {
	return area{s.Code, s.ProvinceCode, s.CityCode, s.CountyCode, s.TownshipCode}
}

func areaOfCongress(c *gen.Congress) area {
	return area{c.Code, c.ProvinceCode, c.CityCode, c.CountyCode, c.TownshipCode}
}

func areaOfConstituency(c *gen.Constituency) area {
	return area{c.Code, c.ProvinceCode, c.CityCode, c.CountyCode, c.TownshipCode}
}

func areaOfDeputy(d *gen.Deputy) area {
	return area{d.Code, d.ProvinceCode, d.CityCode, d.CountyCode, d.TownshipCode}
}

func areaOfMandate(m *gen.Mandate) area {
	return area{m.Code, m.ProvinceCode, m.CityCode, m.CountyCode, m.TownshipCode}
}

func areaOfPosting(p *gen.Posting) area {
	return area{p.Code, p.ProvinceCode, p.CityCode, p.CountyCode, p.TownshipCode}
}

func areaOfStaff(s *gen.StationStaff) area {
	return area{s.Code, s.ProvinceCode, s.CityCode, s.CountyCode, s.TownshipCode}
}

func areaOfAccount(a *gen.Account) area {
	return area{a.Code, a.ProvinceCode, a.CityCode, a.CountyCode, a.TownshipCode}
}

func areaOfOpinion(o *gen.Opinion) area {
	return area{o.Code, o.ProvinceCode, o.CityCode, o.CountyCode, o.TownshipCode}
}

func areaOfActivity(a *gen.Activity) area {
	return area{a.Code, a.ProvinceCode, a.CityCode, a.CountyCode, a.TownshipCode}
}

func areaOfAppointment(a *gen.Appointment) area {
	return area{a.Code, a.ProvinceCode, a.CityCode, a.CountyCode, a.TownshipCode}
}

func areaOfCode(c *gen.QRCode) area {
	return area{c.Code, c.ProvinceCode, c.CityCode, c.CountyCode, c.TownshipCode}
}

func areaOfSuggestion(s *gen.Suggestion) area {
	return area{s.Code, s.ProvinceCode, s.CityCode, s.CountyCode, s.TownshipCode}
}

func areaOfVisitDay(d *gen.VisitDay) area {
	return area{d.Code, d.ProvinceCode, d.CityCode, d.CountyCode, d.TownshipCode}
}

func areaOfVisitRule(r *gen.VisitRule) area {
	return area{r.Code, r.ProvinceCode, r.CityCode, r.CountyCode, r.TownshipCode}
}

// at is the place's ancestor of a level, or the place itself; false where the tree has none.
func (a area) at(l place.Level) (place.Code, bool) {
	var c *place.Code
	switch l {
	case place.LevelNation:
		return place.Nation, true
	case place.LevelProvince:
		c = a.Province
	case place.LevelCity:
		c = a.City
	case place.LevelCounty:
		c = a.County
	case place.LevelTownship:
		c = a.Township
	}
	if c == nil {
		return 0, false
	}
	return *c, true
}

// grouped is the place at which mandates are grouped: a village's is that of its township.
func (a area) grouped() area {
	if a.Township != nil {
		a.Code = *a.Township
	}
	return a
}

// registry is the place within which a person is registered once: the county, where the tree has none the place itself.
func (a area) registry() place.Code {
	if a.County != nil {
		return *a.County
	}
	return a.Code
}

// placed is the part of every entity's mutation that takes its place.
type placed interface {
	SetCode(place.Code)
	SetProvinceCode(place.Code)
	SetCityCode(place.Code)
	SetCountyCode(place.Code)
	SetTownshipCode(place.Code)
}

// put gives a new row its place.
func (a area) put(m placed) {
	m.SetCode(a.Code)
	for _, ancestor := range []struct {
		code *place.Code
		set  func(place.Code)
	}{
		{a.Province, m.SetProvinceCode}, {a.City, m.SetCityCode}, {a.County, m.SetCountyCode}, {a.Township, m.SetTownshipCode},
	} {
		if ancestor.code != nil {
			ancestor.set(*ancestor.code)
		}
	}
}
