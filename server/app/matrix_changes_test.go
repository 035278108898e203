package app_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/app/oracle"
)

// The changes of the tree: what is told of them, and who makes them.

func changesWithin(keep func(c cell, x *oracle.Change) bool) func(c cell, root string) []string {
	return func(c cell, root string) []string {
		return collect(c.world.Changes, func(x *oracle.Change) string { return x.ID },
			func(x *oracle.Change) bool { return oracle.Holds(root, x.At) && keep(c, x) })
	}
}

func changeVariants() []variant {
	return []variant{
		{"first: 100", changesWithin(func(cell, *oracle.Change) bool { return true })},
		{"kinds: [RENAME, SPLIT], first: 100", changesWithin(func(c cell, x *oracle.Change) bool {
			return slices.Contains([]any{"RENAME", "SPLIT"}, c.stored(x.ID)["kind"])
		})},
	}
}

// formers are those of which a condition is true of what they were.
func (c cell) formers(keep func(f *oracle.Former) bool) []string {
	return collect(c.world.Formers, func(f *oracle.Former) string { return f.ID }, keep)
}

// changesOfDivision are the fields of a division about changes.
func changesOfDivision() []probe {
	return []probe{
		pages("events", "first: 100", func(c cell) []string { return changeVariants()[0].rows(c, c.world.At(c.id)) }),
		pages("former", "first: 100", func(c cell) []string {
			return c.formers(func(f *oracle.Former) bool { return f.At == c.world.At(c.id) })
		}),
	}
}

// changeNodes are the types about changes.
func changeNodes() map[string][]probe {
	refs := func(field string) probe {
		return value(field, "", selectionOf("DivisionRef"), 20, func(c cell) any { return c.stored(c.id)[field] })
	}
	codeThen := func(field, column string) probe {
		return value(field, "", "", 1, func(c cell) any {
			if n, ok := c.stored(c.id)[column].(float64); ok {
				return codeOfNumber(n)
			}
			return nil
		})
	}
	return map[string][]probe{
		"DivisionEvent": {
			own(), scalar("kind", "kind"), scalar("day", "day"), scalar("document", "document"), scalar("note", "note"), moment("createdAt", "created_at"),
			value("division", "", selectionOf("DivisionRef"), 12, func(c cell) any { return c.refUnchecked(c.world.At(c.id)) }),
			refs("predecessors"), refs("successors"),
			value("moved", "", selectionOf("DivisionMove"), 20, func(c cell) any {
				out := []any{}
				moved, _ := c.stored(c.id)["moved"].(map[string]any)
				for entity, rows := range moved { // of which there is one at most
					out = append(out, map[string]any{"entity": entity, "rows": rows})
				}
				return out
			}),
		},
		"FormerDivision": {
			own(), codeThen("code", "code_then"), scalar("name", "name"), scalar("level", "level"), codeThen("parentCode", "parent_code_then"),
			scalar("validFrom", "valid_from"), scalar("validTo", "valid_to"),
			edge("division", divisionAt), edge("event", func(c cell) string { return the[*oracle.Former](c).Change }),
		},
	}
}

// changeOwn are the fields of Query about changes that are told no division.
func changeOwn() []ownProbe {
	shown := func(oracle.Viewer) bool { return false }
	formers := func(args string, keep func(c cell, f *oracle.Former) bool) ownProbe {
		return ownProbe{"formerDivisions", args + "first: 100", connectionSelection, shown, func(c cell, got any) {
			c.judgePage(got, c.formers(func(f *oracle.Former) bool { return keep(c, f) && oracle.Holds(c.At, f.At) }), false, false)
		}}
	}
	return []ownProbe{
		{"divisionEvents", "first: 100", connectionSelection, shown, func(c cell, got any) {
			c.judgePage(got, changeVariants()[0].rows(c, c.At), false, false)
		}},
		formers(`on: "2022-01-01", `, func(cell, *oracle.Former) bool { return true }),
		formers(`on: "2023-01-01", `, func(cell, *oracle.Former) bool { return false }),
		formers(`on: "2022-01-01", within: "430102", `, func(c cell, f *oracle.Former) bool {
			n, _ := c.stored(f.ID)["code_then"].(float64)
			return strings.HasPrefix(codeOfNumber(n), "430102")
		}),
	}
}

// change makes a verb's attempt on a division: input says what else is sent, which names the division too where it is not alone.
func (m *matrix) change(verb, at string, input map[string]any) attempt {
	for k, v := range map[string]any{"day": "2026-01-01", "document": "民函〔2026〕1号"} {
		input[k] = v
	}
	unknown := maps.Clone(input)
	if verb == "mergeDivisions" {
		unknown["divisions"] = []string{nowhere, nowhere[:9] + "201"}
		unknown["into"] = nowhere
	} else {
		input["division"], unknown["division"] = at, nowhere
	}
	return attempt{verb: verb, input: input, target: oracle.Target{At: at, Below: true}, thing: m.world.Place(at).ID, unknown: unknown}
}

// unused ends codes that no division ever has, for what comes to nothing.
const unused = 299

// next ends codes that nothing else is given, for villages that are made.
func (m *matrix) next() int64 { return unused + m.villages.Add(1) }

// free is a code beside a place and of its level, which ends so.
func (m *matrix) free(at string, n int64) string {
	switch m.world.Place(at).Level {
	case "PROVINCE":
		return "890000000000"
	case "CITY":
		return at[:2] + "8900000000"
	case "COUNTY":
		return at[:4] + "89000000"
	case "TOWNSHIP":
		return fmt.Sprintf("%s%03d000", at[:6], n)
	}
	return fmt.Sprintf("%s%03d", at[:9], n)
}

// beside is another place of the same level directly below the same one.
func (m *matrix) beside(at string) string {
	for _, p := range m.world.Places {
		if own := m.world.Place(at); p.Code != at && p.Level == own.Level && p.Parent == own.Parent {
			return p.Code
		}
	}
	return ""
}

// inputOf is what is sent to change a village, or for verbs that need no other place any division.
func (m *matrix) inputOf(verb, division, other string, n int64) map[string]any {
	switch verb {
	case "renameDivision":
		return map[string]any{"name": fmt.Sprintf("新名村%d", m.number())}
	case "recodeDivision":
		return map[string]any{"code": m.free(division, n)}
	case "transferDivision":
		parent := m.beside(m.world.Place(division).Parent)
		return map[string]any{"parent": parent, "code": fmt.Sprintf("%s%03d", parent[:9], n)}
	case "splitDivision":
		return map[string]any{"ends": false, "parts": []any{map[string]any{"code": m.free(division, n), "name": fmt.Sprintf("新设村%d", m.number())}}}
	case "mergeDivisions":
		return map[string]any{"divisions": []string{division, other}, "into": division}
	}
	return map[string]any{}
}

// changeProbes is how the verbs on the tree are tried: on villages, and on the viewer's own division, which is for those above to change.
func changeProbes() map[string]verbProbe {
	out := map[string]verbProbe{}
	for _, verb := range oracle.TreeVerbs {
		one := verb == "transferDivision" || verb == "mergeDivisions" // of villages alone
		out[verb] = verbProbe{
			payload: []string{
				"event { id }", "predecessors " + selectionOf("DivisionRef"), "successors " + selectionOf("DivisionRef"), "moved " + selectionOf("DivisionMove"),
			},
			sampled: true,
			at: func(m *matrix, a asker, at string) []attempt {
				village := m.world.Place(at).Level == "VILLAGE"
				if !village && (one || at != a.At || at == nation) {
					return nil
				}
				return []attempt{m.change(verb, at, m.inputOf(verb, at, m.beside(at), unused))}
			},
			spare: func(m *matrix, t *testing.T, _ asker, at string) []attempt {
				return []attempt{m.onSpareVillage(t, verb, at)}
			},
		}
	}
	return out
}

// onSpareVillage makes a village beside another, and for a merger one more, and the attempt on it.
func (m *matrix) onSpareVillage(t *testing.T, verb, at string) attempt {
	add := func() string {
		code := m.free(at, m.next())
		m.clone(t, "division", m.world.Place(at).ID, map[string]any{"code": plainNumber(code), "name": fmt.Sprintf("备用村%d", m.number())})
		return code
	}
	village, other := add(), ""
	if verb == "mergeDivisions" {
		other = add()
	}
	input := m.inputOf(verb, at, "", m.next())
	if verb == "mergeDivisions" {
		input = m.inputOf(verb, village, other, 0)
	}
	out := m.change(verb, at, input)
	if verb != "mergeDivisions" {
		out.input["division"] = village
	}
	return out
}

// changeRoots are the fields of Query about changes that are told a division.
func changeRoots() []rootProbe {
	var out []rootProbe
	for _, v := range changeVariants() {
		out = append(out, rootProbe{field: "divisionEvents", args: "division: %s, " + v.args, selection: connectionSelection, judge: func(c cell, got any) {
			c.judgePage(got, v.rows(c, c.world.At(c.id)), false, false)
		}})
	}
	return out
}
