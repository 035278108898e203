package app_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// searches are the fields that find things by a text.
var searches = []struct{ name, query string }{
	{"stations", `query($q: String!, $d: String!) { r: stations(division: $d, first: 100, filter: {search: $q, status: ANY}) { totalCount edges { node { id } } } }`},
	{"deputies", `query($q: String!, $d: String!) { r: deputies(division: $d, first: 100, filter: {search: $q}) { totalCount edges { node { id } } } }`},
	{"divisions", `query($q: String!, $d: String!) { r: divisions(search: $q, within: $d, first: 100) { totalCount edges { node { id } } } }`},
	{"opinions", `query($q: String!, $d: String!) { r: opinions(division: $d, first: 100, filter: {search: $q}) { totalCount edges { node { id } } } }`},
	{"opinions by number", `query($q: String!, $d: String!) { r: opinions(division: $d, first: 100, filter: {number: $q}) { totalCount edges { node { id } } } }`},
}

// tricks are texts that a careless search would read as a pattern, as part of a statement, or as something else than they are. None of the world's
// names, texts and numbers has them, so that nothing may be found by them.
var tricks = []struct{ name, text string }{
	{"a per cent sign", "%"},
	{"an underscore", "__"},
	{"a pattern around a name", "%长沙%"},
	{"an escape", `\%`},
	{"a star", "*沙*"},
	{"a quote", "'"},
	{"a quote and a condition", "' OR '1'='1"},
	{"a comment", "长沙'--"},
	{"a second statement", "'; DROP TABLE station; --"},
	{"an operator of text search", "镇 | 门前"},
	{"a negation of text search", "!镇门"},
	{"a prefix of text search", "门前:*"},
	{"a phrase of text search", "'门前' <-> '路面'"},
	{"a regular expression", "门.*面"},
	{"an end of line", "沙$"},
	{"a confusable letter", "长沙\u0441\u0441"},
	{"text that runs backwards", "\u202e沙长"},
	{"a zero-width space within", "长\u200b沙市市"},
	{"a combining mark", "沙\u0301沙\u0301"},
	{"the highest character", "\U0010ffff\U0010ffff"},
}

// searchTricks looks for what is not the viewer's by texts that may mean more than they say.
func (i *isolation) searchTricks(t *testing.T) {
	a := i.attacker("COUNTY_ADMIN-430102")
	for _, s := range searches {
		for _, x := range tricks {
			sent := operation(i.token(a), s.query, apitest.Vars{"q": x.text, "d": a.At})
			i.attacks = append(i.attacks, attack{
				name:    fmt.Sprintf("search: %s, in %s", x.name, s.name),
				control: operation(i.token(a), s.query, apitest.Vars{"q": "长沙", "d": a.At}), shows: "totalCount",
				// What has no two letters side by side is no phrase; everything else is a text like any.
				sent: sent, want: verdict{status: 200, code: i.refusal(t, sent, "INVALID"), statements: anyStatements}, also: nothing,
			})
		}
	}
}

// nothing sees to it that nothing was found.
func nothing(t *testing.T, got reply) {
	t.Helper()
	if ids := things(got.Data); len(ids) > 0 {
		t.Errorf("leak: found %v", ids)
	}
}

// bisection looks for what a viewer is shown masked, or not at all, by everything that narrows a list: no digit of it narrows any.
func (i *isolation) bisection(*testing.T) {
	w := i.world
	deputy := oracle.Get[*oracle.Deputy](&w.World, w.Spot("430121").Deputy)
	for _, name := range []string{"PROVINCE_ADMIN-43", "CITY_ADMIN-4301", "COMMITTEE_STAFF-4301", "PORTAL-430121", "SUPERVISOR-43"} {
		a := i.attacker(name)
		for _, x := range []struct{ what, is, isNot string }{
			{"whole number", deputy.Phone, "13999999999"}, {"first digits", deputy.Phone[:7], "1399999"}, {"last digits", deputy.Phone[7:], "9999"}, {"masked number", deputy.Masked, "139****9999"},
		} {
			for _, s := range searches[:3] {
				i.alike(fmt.Sprintf("masked number: %s by its %s, as %s", s.name, x.what, name), deputy.ID, "",
					operation(i.token(a), s.query, apitest.Vars{"q": x.is, "d": a.At}), operation(i.token(a), s.query, apitest.Vars{"q": x.isNot, "d": a.At}))
			}
		}
	}
	i.submitters()
}

// submitters looks for who submitted an opinion by the name and number that are masked on it.
func (i *isolation) submitters() {
	w := i.world
	id := w.Spot("430121107201").Opinion
	var who *oracle.Submitter
	for _, s := range w.Submitters {
		if s.Opinion == id {
			who = s
		}
	}
	for _, name := range []string{"COUNTY_ADMIN-430121", "CITY_ADMIN-4301", "TOWNSHIP_ADMIN-430121107", "DEPARTMENT-430121", "DEPUTY-430121107-double", "COMMITTEE_STAFF-430121"} {
		a := i.attacker(name)
		for _, x := range []struct{ what, is, isNot string }{
			{"name", who.Name, "欧阳"},
			{"number", who.Phone, "13999999999"},
			{"first digits", who.Phone[:7], "1399999"},
			{"last digits", who.Phone[7:], "9998"},
			{"masked number", who.Phone[:3] + "****" + who.Phone[7:], "139****9998"},
		} {
			for _, s := range searches[3:] {
				i.alike(fmt.Sprintf("masked submitter: %s by the %s, as %s", s.name, x.what, name), id, "",
					operation(i.token(a), s.query, apitest.Vars{"q": x.is, "d": a.At}), operation(i.token(a), s.query, apitest.Vars{"q": x.isNot, "d": a.At}))
			}
		}
	}
	// A filter by a thing that is out of sight finds what one by nothing does, also when a case that is in sight refers to it.
	for _, name := range []string{"COUNTY_ADMIN-430102", "TOWNSHIP_ADMIN-430121102", "DEPUTY-430121-county", "DEPARTMENT-430121"} {
		a := i.attacker(name)
		for _, f := range []struct {
			field, typ string
			of         func(*oracle.Opinion) string
		}{
			{"station", "Station", func(o *oracle.Opinion) string { return o.Station }},
			{"deputy", "Deputy", func(o *oracle.Opinion) string { return o.Deputy }},
			{"leadOrgan", "Organ", func(o *oracle.Opinion) string { return o.Lead }},
			{"categories", "Category", func(*oracle.Opinion) string { return "" }},
		} {
			thing := i.foreign(a, f.typ)
			for _, o := range i.world.Opinions {
				if of := f.of(o); of != "" && i.world.Sees(a.Viewer, o.ID) && !i.world.Sees(a.Viewer, of) {
					thing = of
				}
			}
			if thing == "" {
				continue
			}
			ask := func(id string) sending {
				return operation(i.token(a), `query($id: ID!) { opinions(division: "`+a.At+`", first: 100, filter: {`+f.field+`: $id}) { totalCount edges { node { id } } } }`, apitest.Vars{"id": id})
			}
			i.alike(fmt.Sprintf("filter: opinions by a foreign %s, as %s", f.typ, name), thing, "", ask(i.globalID(thing)), ask(never(f.typ)))
		}
		other := i.foreign(a, "Opinion")
		ask := func(number string) sending {
			return operation(i.token(a), searches[4].query, apitest.Vars{"q": number, "d": a.At})
		}
		i.alike("filter: opinions by a foreign number, as "+name, other, "", ask(i.stored(other)["number"].(string)), ask("060102-"+uuid.NewString()[:8]))
	}
}
