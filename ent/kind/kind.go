// Package kind holds the vocabularies of the field: what sorts of stations, organs, postings … there are.
//
// Each is a text type whose Values are the only ones the database accepts (a CHECK) and GraphQL knows.
// Things that change by rules, step by step, are in package state instead. Imports nothing of ours but place.
package kind

import "github.com/lianluo/lianluo/ent/place"

// vocabulary lists values as text, for ent and for CHECK constraints.
func vocabulary[T ~string](values ...T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// CongressLevel is the level of a people's congress and of its deputies (代表层级).
type CongressLevel string

// The five levels of deputies, from the top.
const (
	National   CongressLevel = "NATIONAL"
	Provincial CongressLevel = "PROVINCIAL"
	City       CongressLevel = "CITY"
	County     CongressLevel = "COUNTY"
	Township   CongressLevel = "TOWNSHIP"
)

// CongressLevels lists the five levels from the top.
var CongressLevels = []CongressLevel{National, Provincial, City, County, Township}

// Values lists the levels as text.
func (CongressLevel) Values() []string { return vocabulary(CongressLevels...) }

// CongressLevelOf is the level of the congress of a division of the given level; false for villages, which have none.
func CongressLevelOf(l place.Level) (CongressLevel, bool) {
	if d := l.Depth(); d >= 0 && d < len(CongressLevels) {
		return CongressLevels[d], true
	}
	return "", false
}

// Station is the kind of a liaison station (站点类型).
type Station string

// The kinds of stations: 代表之家, 联络站, 联络点, 服务岗, 示范基地, 网上站.
const (
	StationHome    Station = "HOME"
	StationStation Station = "STATION"
	StationPoint   Station = "POINT"
	StationPost    Station = "POST"
	StationBase    Station = "BASE"
	StationOnline  Station = "ONLINE"
)

// PhysicalStations lists the kinds that are places one can walk into; published counts of stations mean these.
var PhysicalStations = []Station{StationHome, StationStation, StationPoint, StationPost, StationBase}

// Stations lists every kind of station.
var Stations = append(append([]Station{}, PhysicalStations...), StationOnline)

// Values lists the kinds as text.
func (Station) Values() []string { return vocabulary(Stations...) }

// Posting is the basis on which a deputy is posted to a station (进站依据).
type Posting string

// The bases: 选区, 就近, 交叉进站, 行业, 网格.
const (
	PostingConstituency Posting = "CONSTITUENCY"
	PostingProximity    Posting = "PROXIMITY"
	PostingCross        Posting = "CROSS"
	PostingSector       Posting = "SECTOR"
	PostingGrid         Posting = "GRID"
)

// Values lists the bases as text.
func (Posting) Values() []string {
	return vocabulary(PostingConstituency, PostingProximity, PostingCross, PostingSector, PostingGrid)
}

// Staff is the office a person holds at a station (站内职务).
type Staff string

// The offices: 站长, 副站长, 联络员.
const (
	StaffChief       Staff = "CHIEF"
	StaffDeputyChief Staff = "DEPUTY_CHIEF"
	StaffLiaison     Staff = "LIAISON"
)

// Values lists the offices as text.
func (Staff) Values() []string { return vocabulary(StaffChief, StaffDeputyChief, StaffLiaison) }

// StaffOrigin is where a member of staff comes from (人员来源).
type StaffOrigin string

// The origins: 机关干部 or 专干, 网格员, 志愿者, 代表.
const (
	OriginOfficial   StaffOrigin = "OFFICIAL"
	OriginGridWorker StaffOrigin = "GRID_WORKER"
	OriginVolunteer  StaffOrigin = "VOLUNTEER"
	OriginDeputy     StaffOrigin = "DEPUTY"
)

// Values lists the origins as text.
func (StaffOrigin) Values() []string {
	return vocabulary(OriginOfficial, OriginGridWorker, OriginVolunteer, OriginDeputy)
}

// Organ is the kind of an organ (机关类型).
type Organ string

// The kinds: 人大常委会, 代表工作委员会 (代工委, 联工委), 专门委员会, 乡镇人大主席团, 街道人大工委, 承办单位.
const (
	OrganStandingCommittee Organ = "STANDING_COMMITTEE"
	OrganDeputyCommittee   Organ = "DEPUTY_COMMITTEE"
	OrganSpecialCommittee  Organ = "SPECIAL_COMMITTEE"
	OrganPresidium         Organ = "PRESIDIUM"
	OrganStreetCommittee   Organ = "STREET_COMMITTEE"
	OrganDepartment        Organ = "DEPARTMENT"
)

// Values lists the kinds as text.
func (Organ) Values() []string {
	return vocabulary(OrganStandingCommittee, OrganDeputyCommittee, OrganSpecialCommittee,
		OrganPresidium, OrganStreetCommittee, OrganDepartment)
}

// Zone is the kind of a place off the tree (区域类型).
type Zone string

// The kinds: 产业园区, 住宅小区, 集市商场, 旅游景区, 产业链.
const (
	ZonePark          Zone = "PARK"
	ZoneEstate        Zone = "ESTATE"
	ZoneMarket        Zone = "MARKET"
	ZoneScenicArea    Zone = "SCENIC_AREA"
	ZoneIndustryChain Zone = "INDUSTRY_CHAIN"
)

// Values lists the kinds as text.
func (Zone) Values() []string {
	return vocabulary(ZonePark, ZoneEstate, ZoneMarket, ZoneScenicArea, ZoneIndustryChain)
}

// Constituency is how a constituency is drawn (选区划分方式).
type Constituency string

// By residence (居住状况), by work unit (生产、事业、工作单位), or an electing unit (选举单位) of an indirect election.
const (
	ByResidence  Constituency = "RESIDENCE"
	ByWorkUnit   Constituency = "WORK_UNIT"
	ElectingUnit Constituency = "ELECTING_UNIT"
)

// Values lists the ways as text.
func (Constituency) Values() []string { return vocabulary(ByResidence, ByWorkUnit, ElectingUnit) }

// Election is how a mandate was won (当选方式).
type Election string

// In a general election (换届选举) or a by-election (补选).
const (
	GeneralElection Election = "GENERAL"
	ByElection      Election = "BY_ELECTION"
)

// Values lists the ways as text.
func (Election) Values() []string { return vocabulary(GeneralElection, ByElection) }

// EndReason is why a mandate ended (终止原因; 代表法 and 选举法 name them).
type EndReason string

// The reasons: 届满, 迁出或者调离, 辞职, 罢免, 去世, 丧失国籍, 被剥夺政治权利, 未出席会议, 丧失行为能力.
const (
	EndTermOver    EndReason = "TERM_OVER"
	EndMovedAway   EndReason = "MOVED_AWAY"
	EndResigned    EndReason = "RESIGNED"
	EndRecalled    EndReason = "RECALLED"
	EndDied        EndReason = "DIED"
	EndNationality EndReason = "LOST_NATIONALITY"
	EndRights      EndReason = "LOST_POLITICAL_RIGHTS"
	EndAbsent      EndReason = "ABSENT"
	EndIncapable   EndReason = "INCAPABLE"
)

// Values lists the reasons as text.
func (EndReason) Values() []string {
	return vocabulary(EndTermOver, EndMovedAway, EndResigned, EndRecalled, EndDied,
		EndNationality, EndRights, EndAbsent, EndIncapable)
}

// Gender of a person (性别).
type Gender string

// 男, 女.
const (
	Male   Gender = "MALE"
	Female Gender = "FEMALE"
)

// Values lists the genders as text.
func (Gender) Values() []string { return vocabulary(Male, Female) }

// Account is the status of an account (账号状态).
type Account string

// In use (启用) or closed (停用).
const (
	AccountActive Account = "ACTIVE"
	AccountClosed Account = "CLOSED"
)

// Values lists the statuses as text.
func (Account) Values() []string { return vocabulary(AccountActive, AccountClosed) }
