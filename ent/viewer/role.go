package viewer

import "github.com/lianluo/lianluo/ent/place"

// Role is the role of an account, as its token claims it.
type Role string

// The roles.
const (
	NationAdmin    Role = "NATION_ADMIN"
	ProvinceAdmin  Role = "PROVINCE_ADMIN"
	CityAdmin      Role = "CITY_ADMIN"
	CountyAdmin    Role = "COUNTY_ADMIN"
	TownshipAdmin  Role = "TOWNSHIP_ADMIN"
	CommitteeStaff Role = "COMMITTEE_STAFF"
	Supervisor     Role = "SUPERVISOR"
	StationKeeper  Role = "STATION_KEEPER"
	Deputy         Role = "DEPUTY"
	Department     Role = "DEPARTMENT"
	Portal         Role = "PORTAL"
)

// definition says what a role is: how it sees, at which levels it may stand, what it is called.
type definition struct {
	kind   Kind
	levels []place.Level
	// narrow: sees its division's own rows, nothing below.
	narrow bool
	title  string
	about  string
}

func (d definition) fits(c place.Code) bool {
	for _, l := range d.levels {
		if c.Shape() == l {
			return true
		}
	}
	return false
}

var roles = map[Role]definition{
	NationAdmin:    {Area, place.Levels[:1], false, "全国管理员", "national committee administrator; sees all, needs no division"},
	ProvinceAdmin:  {Area, place.Levels[1:2], false, "省级管理员", "provincial committee administrator"},
	CityAdmin:      {Area, place.Levels[2:3], false, "市级管理员", "city committee administrator"},
	CountyAdmin:    {Area, place.Levels[3:4], false, "县级管理员", "county committee administrator"},
	TownshipAdmin:  {Area, place.Levels[4:5], false, "乡镇(街道)管理员", "township presidium or street working committee"},
	CommitteeStaff: {Area, place.Levels[:5], false, "人大机关工作人员", "committee staff of any level; reads only"},
	Supervisor:     {Area, place.Levels[1:4], false, "督办人员", "special committee; reads and supervises"},
	StationKeeper:  {Area, place.Levels[1:], true, "联络员", "keeper of a station; the station's own division, nothing below it"},
	Deputy:         {Self, place.Levels, true, "人大代表", "deputy; the own record and the stations posted to"},
	Department:     {Organ, place.Levels[1:5], true, "承办单位", "department; the cases assigned to it"},
	Portal:         {Public, place.Levels, false, "第三方门户", "third-party portal; published facts of its area"},
}

// Roles lists the roles, widest first.
var Roles = []Role{
	NationAdmin, ProvinceAdmin, CityAdmin, CountyAdmin, TownshipAdmin, CommitteeStaff, Supervisor,
	StationKeeper, Deputy, Department, Portal,
}

// Values lists the roles as text, for ent enum fields.
func (Role) Values() []string {
	out := make([]string, len(Roles))
	for i, r := range Roles {
		out[i] = string(r)
	}
	return out
}

// Known tells whether the role exists.
func (r Role) Known() bool { _, ok := roles[r]; return ok }

// Kind is the way the role sees rows; empty for an unknown role.
func (r Role) Kind() Kind { return roles[r].kind }

// Title is the Chinese name of the role.
func (r Role) Title() string { return roles[r].title }

// About is one line of English on the role, for command help.
func (r Role) About() string { return roles[r].about }
