package app_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/server/app/apitest"
)

// oddIDs asks for a foreign row by ids that are spelt otherwise than they were given out. Only one spelling is an id; none of the others says that
// there is a row behind it.
func (i *isolation) oddIDs(*testing.T) {
	a := i.attacker("COUNTY_ADMIN-430102")
	for _, typ := range []string{"Opinion", "Deputy"} {
		id := i.foreign(a, typ)
		for _, x := range oddSpellings {
			i.alike(fmt.Sprintf("odd id: %s, of a foreign %s", x.name, typ), id, "INVALID",
				operation(i.token(a), nodeQuery, apitest.Vars{"id": x.spell(typ, uuid.MustParse(id))}),
				operation(i.token(a), nodeQuery, apitest.Vars{"id": x.spell(typ, uuid.New())}))
		}
	}
	// Keys that no row has, of every version there is.
	for _, key := range []string{
		"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "c232ab00-9414-11ec-b3c8-9f6bdeced846",
		"5df41881-3aed-3515-88a7-2f4a814cf09e", "919108f7-52d1-4320-9bac-f847db4148a8", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "2489e9ad-2ee2-8e00-8ec9-32d5f69181c0",
	} {
		i.alike("odd id: a key of version "+key[14:15]+", "+key[:8], "", "",
			operation(i.token(a), nodeQuery, apitest.Vars{"id": globalID("Opinion", key)}), operation(i.token(a), nodeQuery, apitest.Vars{"id": never("Opinion")}))
	}
}

// raw is what an id is made of.
func raw(typ string, key uuid.UUID) []byte { return append([]byte(typ+":"), key[:]...) }

// coded writes bytes as ids are.
func coded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// oddSpellings are ways to write an id that it was not given out in.
var oddSpellings = []struct {
	name  string
	spell func(typ string, key uuid.UUID) string
}{
	{"padded base64", func(typ string, key uuid.UUID) string { return coded(raw(typ, key)) + "=" }},
	{"base64 of base64", func(typ string, key uuid.UUID) string { return coded([]byte(coded(raw(typ, key)))) }},
	{"other trailing bits", func(_ string, key uuid.UUID) string { s := coded(raw("St", key)); return s[:len(s)-1] + "B" }},
	{"a line break within", func(typ string, key uuid.UUID) string { s := coded(raw(typ, key)); return s[:8] + "\n" + s[8:] }},
	{"a space before", func(typ string, key uuid.UUID) string { return " " + coded(raw(typ, key)) }},
	{"a zero-width space after", func(typ string, key uuid.UUID) string { return coded(raw(typ, key)) + "\u200b" }},
	{"full-width letters", func(typ string, key uuid.UUID) string {
		return strings.Map(func(r rune) rune { return r + 0xFEE0 }, coded(raw(typ, key)))
	}},
	{"the key as text", func(typ string, key uuid.UUID) string { return coded([]byte(typ + ":" + key.String())) }},
	{"the key in capitals", func(typ string, key uuid.UUID) string {
		return coded([]byte(typ + ":" + strings.ToUpper(key.String())))
	}},
	{"the bare key", func(_ string, key uuid.UUID) string { return key.String() }},
	{"a key of 15 bytes", func(typ string, key uuid.UUID) string { b := raw(typ, key); return coded(b[:len(b)-1]) }},
	{"a key of 17 bytes", func(typ string, key uuid.UUID) string { return coded(append(raw(typ, key), 0)) }},
	{"the type in small letters", func(typ string, key uuid.UUID) string { return coded(raw(strings.ToLower(typ), key)) }},
	{"the type in capitals", func(typ string, key uuid.UUID) string { return coded(raw(strings.ToUpper(typ), key)) }},
	{"a type with a confusable letter", func(typ string, key uuid.UUID) string {
		return coded(raw(strings.NewReplacer("O", "О", "p", "р", "D", "Ꭰ").Replace(typ), key))
	}},
	{"a type with a NUL", func(typ string, key uuid.UUID) string { return coded(raw(typ+"\x00", key)) }},
	{"a type of another schema", func(typ string, key uuid.UUID) string { return coded(raw("public."+typ, key)) }},
	{"no type", func(_ string, key uuid.UUID) string { return coded(raw("", key)) }},
	{"two types", func(typ string, key uuid.UUID) string { return coded(append([]byte("Station:"), raw(typ, key)...)) }},
}

// cursorList is a list that is read by pages, with what it holds by the oracle.
type cursorList struct {
	name string
	// field is the list with its arguments; %[1]s stands for the division's code, %[2]s for the arguments of the page.
	query string
	rows  func(c cell, root string) []string
	// path leads to the list in an answer.
	path []any
}

// cursorLists are lists of every order, and of every way of finding rows.
func cursorLists(w *world) []cursorList {
	const page = "{ totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
	root := func(name, field, args string, rows func(cell, string) []string) cursorList {
		return cursorList{name, `{ r: ` + field + `(division: "%[1]s", %[2]s` + args + `) ` + page + ` }`, rows, []any{"r"}}
	}
	below := func(name, field, args string, rows func(cell, string) []string) cursorList {
		return cursorList{name, `{ d: division(code: "%[1]s") { r: ` + field + `(%[2]s` + args + `) ` + page + ` } }`, rows, []any{"d", "r"}}
	}
	return []cursorList{
		root("stations in tree order", "stations", ", filter: {kinds: [HOME, STATION, POINT, POST, BASE, ONLINE], status: ANY}", stationVariants(w)[0].rows),
		root("closed stations, the newest first", "stations", ", orderBy: NEWEST, filter: {status: CLOSED}", stationVariants(w)[3].rows),
		root("deputies", "deputies", ", filter: {statuses: [ELECTED, CONFIRMED, SUSPENDED, ENDED]}", deputyVariants()[0].rows),
		root("opinions, the newest first", "opinions", "", opinionVariants(w)[0].rows),
		root("opinions in tree order", "opinions", ", orderBy: TREE", opinionVariants(w)[1].rows),
		root("opinions by due day", "opinions", ", orderBy: DUE", opinionVariants(w)[2].rows),
		root("published cases", "publishedCases", "", caseVariants()[0].rows),
		root("suggestions", "suggestions", "", suggestionVariants()[0].rows),
		below("mandates", "mandates", ", statuses: [ELECTED, CONFIRMED, SUSPENDED, ENDED]", mandateVariants()[0].rows),
		below("children", "children", "", childVariants()[0].rows),
		below("zones", "zones", "", zoneVariants()[0].rows),
	}
}

// page is the request of one page of a list.
func (l cursorList) page(token, code, args string) sending {
	return operation(token, fmt.Sprintf(l.query, code, args), nil)
}
