// Package oracle says who may see what and who may do what, a second time: from the rules alone, over plain data.
//
// The access matrix holds the API against it. It is therefore kept apart from all it judges: it imports nothing of
// ours, knows no database and no ranges of numbers, and compares codes as the digits that people write. Only tests
// import it.
//
//   - World (facts.go) is what there is.
//   - Sees (see.go) tells what a viewer sees of it.
//   - May (may.go) tells what becomes of an attempt to change it, MayOn (opinion_may.go) of a step of an opinion.
//   - Roster and Rollup (sums.go) count what a viewer sees.
package oracle

import "strings"

// Viewer is who asks.
type Viewer struct {
	// Role is the role's name, as COUNTY_ADMIN.
	Role string
	// At is the 12-digit code of the viewer's division.
	At string
	// Person, Organ and Station are the ids that narrow a deputy, a department and a keeper; empty where none.
	Person, Organ, Station string
	// Subject names the account.
	Subject string
	// Receipt is the opinion whose receipt a citizen holds.
	Receipt string
}

// The ways of seeing, by role.
type way int

const (
	nothing   way = iota
	area          // the division and everything below it
	narrow        // the division's own, nothing below it
	self          // a deputy's own
	organ         // a department's own
	published     // what is public in the division and below it
	citizen       // the case of a receipt
)

var ways = map[string]way{
	"NATION_ADMIN": area, "PROVINCE_ADMIN": area, "CITY_ADMIN": area, "COUNTY_ADMIN": area, "TOWNSHIP_ADMIN": area,
	"COMMITTEE_STAFF": area, "SUPERVISOR": area,
	"STATION_KEEPER": narrow,
	"DEPUTY":         self,
	"DEPARTMENT":     organ,
	"PORTAL":         published,
	Citizen:          citizen,
}

// Citizen is how the oracle calls those who have no account but a receipt.
const Citizen = "CITIZEN"

// Roles lists the roles that the oracle knows.
func Roles() []string {
	var out []string
	for role := range ways {
		out = append(out, role)
	}
	return out
}

// significant is the part of a code that names the place, the rest being zeros: 2, 4, 6, 9 or 12 digits, none for the nation.
func significant(code string) string {
	for _, digits := range []int{0, 2, 4, 6, 9} {
		if strings.Trim(code[digits:], "0") == "" {
			return code[:digits]
		}
	}
	return code
}

// Holds tells whether the place of one code is that of the other or has it somewhere below.
func Holds(code, other string) bool { return strings.HasPrefix(other, significant(code)) }

// Relation is how another place stands to a viewer's own.
type Relation string

// The relations.
const (
	Own        Relation = "own"
	Descendant Relation = "descendant"
	Ancestor   Relation = "ancestor"
	Sibling    Relation = "sibling" // below the same place, as the next county
	Cousin     Relation = "cousin"  // everything else
)

// Relations lists them.
var Relations = []Relation{Own, Descendant, Ancestor, Sibling, Cousin}

// RelationOf tells how a place stands to a viewer's.
func (w *World) RelationOf(own, other string) Relation {
	switch {
	case own == other:
		return Own
	case Holds(own, other):
		return Descendant
	case Holds(other, own):
		return Ancestor
	case w.parent(own) == w.parent(other):
		return Sibling
	}
	return Cousin
}

func (w *World) parent(code string) string {
	if p, ok := w.places[code]; ok {
		return p.Parent
	}
	return ""
}
