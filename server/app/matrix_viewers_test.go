package app_test

import (
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// asker is one viewer of the matrix.
type asker struct {
	oracle.Viewer
	name string
}

func (a asker) String() string { return a.name }

// subject is what stands in the audit for what the viewer does.
func (a asker) subject() string { return a.Subject }

// caller is the viewer with a token.
func (a asker) caller(s *apitest.Server) *apitest.Caller {
	more := []apitest.Grant{apitest.Subject(a.subject())}
	if a.Person != "" {
		more = append(more, apitest.Person(uuid.MustParse(a.Person)))
	}
	if a.Organ != "" {
		more = append(more, apitest.Organ(uuid.MustParse(a.Organ)))
	}
	if a.Station != "" {
		more = append(more, apitest.Station(uuid.MustParse(a.Station)))
	}
	return s.As(viewer.Role(a.Role), place.MustParse(a.At), more...)
}

// viewer is the viewer as the server makes it of the token, or of the receipt, for statements past the API.
func (a asker) viewer() *viewer.Viewer {
	if a.Receipt != "" {
		return viewer.ForReceipt(a.subject(), place.MustParse(a.At), uuid.MustParse(a.Receipt))
	}
	v, err := viewer.For(a.subject(), viewer.Role(a.Role), place.MustParse(a.At))
	if err != nil {
		panic(err)
	}
	for _, narrowed := range []struct {
		text string
		id   *uuid.UUID
	}{{a.Person, &v.Person}, {a.Organ, &v.Organ}, {a.Station, &v.Station}} {
		if narrowed.text != "" {
			*narrowed.id = uuid.MustParse(narrowed.text)
		}
	}
	return v
}

// askers are the viewers of the matrix: every role at every level where it can stand, several in the places where
// something special is to be seen or not.
func askers(w *apitest.World) []asker {
	var out []asker
	at := func(role viewer.Role, codes ...string) {
		for _, code := range codes {
			out = append(out, asker{
				Viewer: oracle.Viewer{Role: string(role), At: apitest.Full(code)}, name: string(role) + "-" + code,
			})
		}
	}
	at(viewer.NationAdmin, "0")
	at(viewer.ProvinceAdmin, "43", "42", "44")
	at(viewer.CityAdmin, "4301", "4310", "4403", "4419")
	at(viewer.CountyAdmin, "430121", "430102", "431002", "440305", "429004")
	at(viewer.TownshipAdmin, "430121107", "430121102", "430102001", "431002001", "441900003", "429004100")
	at(viewer.CommitteeStaff, "0", "43", "4301", "430121", "430121107")
	at(viewer.Supervisor, "43", "4301", "430121")
	at(viewer.Portal, "0", "43", "4310", "430121", "430102", "430121107", "430121107201", "431002001")

	for _, code := range []string{"43", "4301", "430121", "430102", "430121107", "430121107201"} {
		out = append(out, asker{
			Viewer: oracle.Viewer{Role: string(viewer.StationKeeper), At: apitest.Full(code), Station: w.Spot(code).Station},
			name:   "STATION_KEEPER-" + code,
		})
	}

	at(viewer.StationKeeper, "430102001") // of no station

	for _, code := range []string{"43", "4301", "430121", "430121107"} {
		for name, organ := range map[string]string{"": w.Spot(code).Department, "-beside": w.Spot(code).Bureau} {
			if name != "" && code != "430121" {
				continue
			}
			out = append(out, asker{
				Viewer: oracle.Viewer{Role: string(viewer.Department), At: apitest.Full(code), Organ: organ},
				name:   "DEPARTMENT-" + code + name,
			})
		}
	}
	for _, d := range []struct{ at, person, name string }{
		{"0", w.Spot("0").Deputy, "national"},
		{"4301", w.Spot("4301").Deputy, "city"},
		{"430121", w.Spot("430121").Deputy, "county"},
		{"430121107", apitest.Who(apitest.Crossing), "crossing"},
		{"440305", apitest.Who(apitest.Far), "far"},
		{"430121107", apitest.Who(apitest.Double), "double"},
		{"430121", apitest.Who(apitest.Double), "double-of-the-county"},
		{"430121", apitest.Who(apitest.Retired), "retired"},
		{"430102", apitest.Who(apitest.Moved), "moved"},
		{"430102", apitest.Who(apitest.Left), "left"},
		{"430121107201", w.Spot("430121107").Deputy, "village"},
		{"430121", "", "of-nobody"},
	} {
		out = append(out, asker{
			Viewer: oracle.Viewer{Role: string(viewer.Deputy), At: apitest.Full(d.at), Person: d.person},
			name:   "DEPUTY-" + d.at + "-" + d.name,
		})
	}
	for i := range out {
		out[i].Subject = "operator:" + out[i].name
	}
	return out
}

// citizens are those with a receipt and no account: they come past the API only, where the receipt is the permission (TestCitizen).
func citizens(w *apitest.World) []asker {
	var out []asker
	for _, id := range []string{w.Spot("430121107201").Opinion, w.Spot("430102").Case, apitest.Of("appointment", "430121107")} {
		out = append(out, asker{
			Viewer: oracle.Viewer{Role: oracle.Citizen, At: w.At(id), Subject: "receipt:" + id, Receipt: id}, name: "CITIZEN-" + w.At(id),
		})
	}
	return out
}

// few are the viewers of a short run, one of each role.
var few = map[string]bool{
	"NATION_ADMIN-0": true, "PROVINCE_ADMIN-44": true, "CITY_ADMIN-4310": true, "COUNTY_ADMIN-430102": true, "TOWNSHIP_ADMIN-430121107": true,
	"COMMITTEE_STAFF-430121": true, "SUPERVISOR-430121": true, "STATION_KEEPER-430121": true, "PORTAL-430102": true,
	"DEPARTMENT-430121": true, "DEPUTY-430121107-double": true,
}
