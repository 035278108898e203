package app_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// change is the request of a mutation.
func change(token, verb, selection string, input map[string]any) sending {
	return operation(token, fmt.Sprintf("mutation($input: %sInput!) { r: %s(input: $input) { %s } }", strings.ToUpper(verb[:1])+verb[1:], verb, selection), apitest.Vars{"input": input})
}

// hanging lets viewers hang rows on what is not theirs, by every mutation that they have: the answer, and the work, are those about what never was.
func (i *isolation) hanging(*testing.T) {
	probes := verbProbes()
	for _, name := range []string{
		"COUNTY_ADMIN-430102", "TOWNSHIP_ADMIN-430121102", "CITY_ADMIN-4310", "STATION_KEEPER-430102", "DEPARTMENT-430121-beside", "DEPUTY-430121-county", "SUPERVISOR-430121",
	} {
		a := i.attacker(name)
		for _, verb := range slices.Sorted(maps.Keys(probes)) {
			if !oracle.Allowed(a.Role, verb) {
				continue
			}
			p, tried := probes[verb], map[string]bool{}
			for _, where := range i.placesFor(a, verb) {
				for _, try := range p.at(i.matrix, a, where) {
					differs := fieldOf(try)
					if tried[differs] || i.world.May(a.Viewer, verb, try.target) != oracle.NotFound {
						continue
					}
					tried[differs] = true
					code := string(oracle.NotFound)
					if p.code != nil {
						code = "" // it is told cell by cell
					}
					i.alike(fmt.Sprintf("foreign key: %s on a foreign %s, as %s", verb, differs, name), try.thing, code,
						operation(i.token(a), p.document(verb), apitest.Vars{"input": try.input}), operation(i.token(a), p.document(verb), apitest.Vars{"input": try.unknown}))
				}
			}
		}
	}
}

// fieldOf is the field of the input that holds what is foreign.
func fieldOf(try attempt) string {
	for _, field := range slices.Sorted(maps.Keys(try.input)) {
		if got, other := try.input[field], try.unknown[field]; fmt.Sprint(got) != fmt.Sprint(other) {
			if inner, ok := got.(map[string]any); ok {
				never, _ := other.(map[string]any)
				return field + "." + fieldOf(attempt{input: inner, unknown: never})
			}
			return field
		}
	}
	return "thing"
}

// bulk puts one foreign thing among good ones: nothing is done, and the words are those about what never was.
func (i *isolation) bulk(*testing.T) {
	w := i.world
	a := i.attacker("COUNTY_ADMIN-430121")
	token := i.token(a)
	day, foreignDay := globalID("VisitDay", apitest.Of("day planned", "430121")), apitest.Of("day planned", "430102")
	mandate, foreignMandate := globalID("Mandate", w.Spot("430121").Mandate), w.Spot("431002").Mandate
	for _, x := range []struct {
		name, verb, selection, thing, typ string
		input                             func(id string) map[string]any
	}{
		{"publishing visit days", "publishVisitDays", "published", foreignDay, "VisitDay", func(id string) map[string]any { return map[string]any{"ids": []string{day, id}} }},
		{"reminding deputies", "remindDeputies", "reminded", foreignMandate, "Mandate", func(id string) map[string]any { return map[string]any{"mandates": []string{mandate, id}} }},
		{"own notifications", "readNotifications", "read", i.foreign(a, "Notification"), "Notification", func(id string) map[string]any { return map[string]any{"ids": []string{id}} }},
	} {
		before := ""
		i.alike("bulk: a foreign one among "+x.name, x.thing, "NOT_FOUND", change(token, x.verb, x.selection, x.input(globalID(x.typ, x.thing))), change(token, x.verb, x.selection, x.input(never(x.typ))))
		i.unchanged(&before)
	}
	for _, x := range []struct {
		name, verb, code string
		input            func(code string) map[string]any
	}{
		{"divisions that are merged", "mergeDivisions", "NOT_FOUND", func(code string) map[string]any {
			return map[string]any{"divisions": []string{"430121102", code}, "into": "430121107", "day": "2025-06-05"}
		}},
		{"children of a division that is split", "splitDivision", "INVALID", func(code string) map[string]any {
			return map[string]any{"division": "430121107", "day": "2025-06-05", "parts": []map[string]any{{"code": "430121119", "name": "新镇", "children": []map[string]any{{"division": "430121107201"}, {"division": code}}}}}
		}},
		{"parents that a division goes to", "transferDivision", "NOT_FOUND", func(code string) map[string]any {
			return map[string]any{"division": "430121107201", "parent": code, "code": "430121102288", "day": "2025-06-05"}
		}},
	} {
		before := ""
		i.alike("bulk: a foreign one among "+x.name, w.Place(apitest.Full("430102002")).ID, x.code,
			change(token, x.verb, "event { id }", x.input("430102002")), change(token, x.verb, "event { id }", x.input("430102098")))
		i.unchanged(&before)
	}
	i.imports(token)
}

// unchanged has the last attack leave every table as it was.
func (i *isolation) unchanged(before *string) {
	last := &i.attacks[len(i.attacks)-1]
	also := last.also
	last.change = func(t *testing.T) { *before = i.snapshot(t) }
	last.also = func(t *testing.T, got reply) {
		if also != nil {
			also(t, got)
		}
		if after := i.snapshot(t); after != *before {
			t.Error("what was refused has changed something")
		}
	}
}

// imports sends tables in which one row names a foreign station, or what a foreign station has already.
func (i *isolation) imports(token string) {
	w := i.world
	name := func(at string) string { return oracle.Get[*oracle.Station](&w.World, w.Spot(at).Station).Name }
	table := func(rows ...string) sending {
		return change(token, "importOpinions", "rows known created errors { row column code message }", map[string]any{
			"csv": "外部编号,站点,来源渠道,内容\n" + strings.Join(rows, "\n") + "\n", "consent": "2026-1",
		})
	}
	good := "甲-1," + name("430121107") + ",来站,村口桥面破损需要修补"
	i.alike("bulk: a foreign station among those of an import", w.Spot("430102").Station, "",
		table(good, "甲-2,"+name("430102")+",来站,村口桥面破损需要修补"), table(good, "甲-2,没有这个地方的联络站,来站,村口桥面破损需要修补"))
	before := ""
	i.unchanged(&before)
	i.alike("bulk: a foreign station alone in an import", w.Spot("430102").Station, "",
		table("甲-2,"+name("430102")+",来站,村口桥面破损需要修补"), table("甲-2,没有这个地方的联络站,来站,村口桥面破损需要修补"))
	i.unchanged(&before)
}

// oracles tries to learn by a value that must be unique whether it is taken where the viewer does not see: it is not refused then, but for the one
// decision that a county has a person once.
func (i *isolation) oracles(*testing.T) {
	w := i.world
	other, own := i.attacker("COUNTY_ADMIN-430102"), i.attacker("TOWNSHIP_ADMIN-430121102")
	person := i.stored(w.Spot("430121107").Deputy)
	register := func(a asker, name string, congress string) sending {
		return change(i.token(a), "registerDeputy", "deputy { name }", map[string]any{
			"name": name, "gender": person["gender"], "birthMonth": person["birth_month"],
			"mandate": map[string]any{"congress": globalID("Congress", congress), "term": 18, "electedOn": "2021-11-20", "confirmed": true},
		})
	}
	seen, shows := i.seen(w.Spot("430121107").Deputy)
	twin, _ := person["name"].(string)
	// The decision: one county registers a person once, and says so to any of its townships (RegisterDeputyInput).
	i.attacks = append(i.attacks, attack{
		name: "unique: a deputy of a sibling township, by its decision", control: seen, shows: shows,
		sent: register(own, twin, w.Spot("430121102").Congress), want: verdict{status: 200, code: "CONFLICT", statements: anyStatements, secrets: []string{globalID("Deputy", w.Spot("430121107").Deputy), "果园"}},
	})
	i.accepted("unique: a deputy of another county", seen, shows, register(other, twin, w.Spot("430102").Congress), twin)

	station := oracle.Get[*oracle.Station](&w.World, w.Spot("430121107").Station)
	create := func(a asker, division, name string) sending {
		return change(i.token(a), "createStation", "station { name }", map[string]any{"division": division, "kind": "STATION", "name": name, "openedOn": "2025-01-01"})
	}
	seen, shows = i.seen(station.ID)
	i.accepted("unique: the name of a sibling's station", seen, shows, create(own, "430121102", station.Name), station.Name)
	i.alike("unique: the name of a station in its foreign division", station.ID, "NOT_FOUND", create(own, "430121107", station.Name), create(own, "430121107", "没有过的联络站"))
	i.alike("unique: a station in a foreign division, and in none", station.ID, "NOT_FOUND", create(own, "430121107", "没有过的联络站"), create(own, "430121188", "没有过的联络站"))

	// The key of a request is the account's own: another's has no part in it.
	keyed := func(a asker, key string) sending {
		return change(i.token(a), "createStation", "station { name }", map[string]any{
			"idempotencyKey": key, "division": a.At, "kind": "POINT", "name": a.name + "联络点", "openedOn": "2025-01-01",
		})
	}
	first := keyed(i.attacker("COUNTY_ADMIN-430121"), "同一把钥匙")
	i.accepted("unique: the idempotency key of another account", first, "COUNTY_ADMIN-430121", keyed(other, "同一把钥匙"), other.name)
	i.accepted("unique: the idempotency key of an account that is closed", first, "COUNTY_ADMIN-430121", keyed(own, "k-430121"), own.name)

	i.externals()
}

// externals imports an external id that a foreign station has already.
func (i *isolation) externals() {
	w := i.world
	table := func(a asker, at string) sending {
		name := oracle.Get[*oracle.Station](&w.World, w.Spot(at).Station).Name
		return change(i.token(a), "importOpinions", "rows known created errors { row column code message }", map[string]any{
			"csv": "外部编号,站点,来源渠道,内容\n共用-1," + name + ",来站,沿街路灯不亮请及时修复\n", "consent": "2026-1",
		})
	}
	i.accepted("unique: the external id of a foreign station's opinion", table(i.attacker("COUNTY_ADMIN-430121"), "430121"), `"errors":[]`,
		table(i.attacker("COUNTY_ADMIN-430102"), "430102"), `"created":1`)
}

// accepted adds an attack that finds nothing out, since it succeeds.
func (i *isolation) accepted(name string, control sending, shows string, sent sending, told string) {
	i.attacks = append(i.attacks, attack{
		name: name, control: control, shows: shows, sent: sent, want: verdict{status: 200, statements: anyStatements},
		also: func(t *testing.T, got reply) {
			t.Helper()
			if !strings.Contains(got.Body, told) {
				t.Errorf("leak: answered %s", got.Body)
			}
		},
	})
}
