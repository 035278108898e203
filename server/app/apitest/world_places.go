package apitest

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/lianluo/lianluo/server/app/oracle"
)

// The days of the world.
const (
	founded  = "2021-06-01"
	opened   = "2022-05-15"
	shut     = "2024-06-30"
	stamp    = "2022-05-15T08:00:00Z"
	termFrom = "2021-12-01"
	termTo   = "2031-12-01" // longer than any, so that the world does not grow old
	elected  = "2021-11-20"
)

func (w *World) addPlace(code, name, level, parent string) {
	p := &oracle.Place{ID: id("place " + Full(code)), Code: Full(code), Name: name, Level: level}
	if p.Placeholder = parent == "placeholder"; !p.Placeholder {
		p.Parent = Full(parent)
	}
	w.Places = append(w.Places, p)
	w.Index()
	r := row{"level": level, "name": name, "placeholder": p.Placeholder, "valid_from": founded}
	if above := w.Place(p.Parent); above != nil {
		r["parent_id"], r["parent_code"] = above.ID, number(above.Code)
	}
	w.add("division", p.ID, p.Code, r)
	if p.Placeholder {
		return // it is not found either
	}
	for _, key := range []string{name, "p" + p.Code} {
		w.rows["division_key"] = append(w.rows["division_key"], row{"key": key, "code": number(p.Code)})
	}
}

func number(code string) int64 {
	n, err := strconv.ParseInt(code, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// add adds a row with the columns that all share and, where it has a place, those of the place.
func (w *World) add(table, id, at string, columns row) {
	r := row{"id": id, "version": 1, "created_at": stamp, "updated_at": stamp}
	if at != "" {
		maps.Copy(r, w.area(at))
	}
	maps.Copy(r, columns)
	w.rows[table] = append(w.rows[table], r)
}

// area are the columns of a place: its code and the ancestors' by level.
func (w *World) area(at string) row {
	r := row{"code": number(at)}
	for _, p := range append(w.Above(at), w.Place(at)) {
		if p.Level != "NATION" && p.Level != "VILLAGE" && !p.Placeholder {
			r[strings.ToLower(p.Level)+"_code"] = number(p.Code)
		}
	}
	return r
}

var congressLevel = map[string]string{
	"NATION": "NATIONAL", "PROVINCE": "PROVINCIAL", "CITY": "CITY", "COUNTY": "COUNTY", "TOWNSHIP": "TOWNSHIP",
}

// kindAt is the kind of the open station by level.
var kindAt = map[string]string{
	"NATION": "BASE", "PROVINCE": "BASE", "CITY": "HOME", "COUNTY": "HOME", "TOWNSHIP": "STATION", "VILLAGE": "POINT",
}

// settle puts something of everything at a place.
func (w *World) settle(p *oracle.Place) {
	s := &Spot{}
	w.spots[p.Code] = s
	of := func(what string) string { return id(what + " " + p.Code) }
	street := strings.HasSuffix(p.Name, "街道")

	if p.Level != "VILLAGE" {
		s.Organ, s.Department, s.Bureau = of("organ"), of("department"), of("bureau")
		for _, o := range []struct{ id, kind, name string }{
			{s.Organ, "DEPUTY_COMMITTEE", "人大代表工作委员会"}, {s.Department, "DEPARTMENT", "民政部门"}, {s.Bureau, "DEPARTMENT", "交通部门"},
		} {
			w.Organs = append(w.Organs, &oracle.Organ{ID: o.id, At: p.Code})
			w.add("organ", o.id, p.Code, row{
				"division_id": p.ID, "kind": o.kind, "name": p.Name + o.name, "valid_from": founded,
				"former_names": []row{{"name": p.Name + "旧名", "until": "2020-12-31"}},
			})
		}
	}
	if p.Level != "VILLAGE" && !street {
		w.addCongress(p, s, of)
	}
	s.Zone = of("zone")
	w.Zones = append(w.Zones, &oracle.Zone{ID: s.Zone, At: p.Code, Kind: "PARK"})
	w.add("zone", s.Zone, p.Code, row{"division_id": p.ID, "kind": "PARK", "name": p.Name + "产业园"})
	w.addStations(p, s, of)
	if s.Congress != "" {
		s.Deputy, s.Mandate, s.Posting = of("deputy"), of("mandate"), of("posting")
		w.addDeputy(s.Deputy, p.Code)
		w.addMandate(s.Mandate, s.Deputy, p.Code, p.Code, "CONFIRMED", s.Constituency)
		w.addPosting(s.Posting, s.Mandate, s.Station, "PROXIMITY", "")
		w.assign(s.Grid, s.Posting, "")
	}
}

func (w *World) addCongress(p *oracle.Place, s *Spot, of func(string) string) {
	level := congressLevel[p.Level]
	s.Congress, s.Term, s.Constituency, s.Below = of("congress"), of("term"), of("constituency"), of("constituency below")
	w.Congresses = append(w.Congresses, &oracle.Congress{ID: s.Congress, At: p.Code, Level: level})
	w.add("congress", s.Congress, p.Code, row{"division_id": p.ID, "level": level, "name": p.Name + "人民代表大会"})
	w.Terms = append(w.Terms, &oracle.Term{ID: s.Term, Congress: s.Congress, Number: 18})
	w.add("term", s.Term, p.Code, row{"congress_id": s.Congress, "number": 18, "starts_on": termFrom, "ends_on": termTo})
	basis := "ELECTING_UNIT"
	if p.Level == "COUNTY" || p.Level == "TOWNSHIP" {
		basis = "RESIDENCE"
	}
	below := p.Code
	for _, child := range w.Places {
		if child.Parent == p.Code {
			below = child.Code
			break
		}
	}
	for i, c := range []struct{ id, at string }{{s.Constituency, p.Code}, {s.Below, below}} {
		w.Constituencies = append(w.Constituencies, &oracle.Constituency{
			ID: c.id, Congress: s.Congress, At: c.at, Basis: basis, Number: i + 1,
		})
		w.add("constituency", c.id, c.at, row{
			"congress_id": s.Congress, "number": i + 1, "name": fmt.Sprintf("%s第%d选区", p.Name, i+1), "basis": basis,
			"seats": 3, "valid_from": founded,
		})
	}
}

func (w *World) addStations(p *oracle.Place, s *Spot, of func(string) string) {
	s.Station, s.Closed = of("station"), of("station closed")
	// What a village's station refers to stands with the township.
	refer := s
	if p.Level == "VILLAGE" {
		refer = w.spots[p.Parent]
	}
	brand := ""
	if p.Level == "TOWNSHIP" {
		brand = "一站一品"
	}
	w.addStation(&oracle.Station{
		ID: s.Station, At: p.Code, Name: p.Name + "人大代表联络站", Kind: kindAt[p.Level], OpenedOn: opened, Brand: brand,
		NameUniform: p.Level == "TOWNSHIP" || p.Level == "VILLAGE", Organ: refer.Organ, Zone: s.Zone, Constituency: refer.Constituency,
	})
	w.addStation(&oracle.Station{
		ID: s.Closed, At: p.Code, Name: p.Name + "旧站", Kind: "STATION", OpenedOn: opened, ClosedOn: shut,
	})
	s.Code, s.Revoked = CodeOf(s.Station), of("code revoked")
	w.addCode(s.Revoked, s.Station, "", true)
	s.Staff, s.Ended = of("staff"), of("staff ended")
	w.addStaff(s.Staff, s.Station, "LIAISON", "", "")
	w.addStaff(s.Ended, s.Station, "DEPUTY_CHIEF", "", shut)
	w.addStaff(of("staff closed"), s.Closed, "CHIEF", "", shut)
	s.Budget, s.Grid = of("budget"), of("grid")
	w.Budgets = append(w.Budgets, &oracle.Budget{ID: s.Budget, Station: s.Station, Year: 2025, Purpose: "建设", Fen: 1234567})
	w.add("station_budget", s.Budget, p.Code, row{"station_id": s.Station, "year": 2025, "purpose": "建设", "amount_fen": 1234567})
	w.Grids = append(w.Grids, &oracle.Grid{ID: s.Grid, Station: s.Station})
	w.add("grid", s.Grid, p.Code, row{"station_id": s.Station, "number": 1, "name": "第一网格"})
	w.Index()
	w.assign(s.Grid, "", s.Staff)
}

func (w *World) addStation(s *oracle.Station) {
	w.Stations = append(w.Stations, s)
	none := func(text string) any {
		if text == "" {
			return nil
		}
		return text
	}
	reason := any(nil)
	if s.ClosedOn != "" {
		reason = "合并"
	}
	w.add("station", s.ID, s.At, row{
		"division_id": w.Place(s.At).ID, "kind": s.Kind, "name": s.Name, "name_uniform": s.NameUniform, "opened_on": s.OpenedOn,
		"closed_on": none(s.ClosedOn), "close_reason": reason, "brand": none(s.Brand),
		"parent_id": none(s.Parent), "organ_id": none(s.Organ), "zone_id": none(s.Zone), "constituency_id": none(s.Constituency),
		"address": "人民路1号", "longitude": 113.08, "latitude": 28.24, "floor": 2, "area_m2": 60.5, "opening_rule": "每月15日", "phone": "0731-84010000",
	})
	w.Index()
	w.addCode(CodeOf(s.ID), s.ID, "", false)
	for _, key := range []string{s.Name, "z" + s.At} {
		w.rows["station_key"] = append(w.rows["station_key"], row{"key": key, "station_id": s.ID, "code": number(s.At)})
	}
}

// CodeOf is the id of the code of a station or of a posting; it is revoked when the posting has ended.
func CodeOf(thing string) string { return id("code " + thing) }

func (w *World) addCode(id, station, posting string, revoked bool) {
	w.Codes = append(w.Codes, &oracle.Code{ID: id, Station: station, Posting: posting, Revoked: revoked})
	r := row{"text": "QR" + id, "station_id": station}
	if posting != "" {
		r["posting_id"] = posting
	}
	if revoked {
		r["revoked_at"], r["revoke_reason"] = shut+"T08:00:00Z", "更换"
	}
	w.add("qr_code", id, w.At(station), r)
}

func (w *World) addStaff(id, station, office, deputy, ended string) {
	w.Index()
	at := w.At(station)
	w.Staff = append(w.Staff, &oracle.Staff{ID: id, Station: station, Deputy: deputy, EndedOn: ended})
	r := row{"station_id": station, "name": w.name(), "office": office, "origin": "OFFICIAL", "started_on": opened}
	if ended != "" {
		r["ended_on"] = ended
	}
	if deputy != "" {
		r["deputy_id"], r["origin"] = deputy, "DEPUTY"
	}
	w.add("station_staff", id, at, r)
}

// assign gives a grid to a posting or to a member of staff.
func (w *World) assign(grid, posting, staff string) {
	g := oracle.Get[*oracle.Grid](&w.World, grid)
	r := row{"grid_id": grid}
	if posting != "" {
		g.Postings, r["posting_id"] = append(g.Postings, posting), posting
	} else {
		g.Staff, r["staff_id"] = append(g.Staff, staff), staff
	}
	w.add("grid_assignment", id("assignment "+grid+posting+staff), w.At(g.Station), r)
}
