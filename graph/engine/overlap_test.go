package engine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"pgregory.net/rapid"

	"github.com/lianluo/lianluo/graph/engine/enginetest"
	"github.com/lianluo/lianluo/graph/engine/internal/testschema"
)

// conflicts applies one rule to a document.
func conflicts(t interface{ Fatal(...any) }, schema *ast.Schema, rule core.RuleFunc, text string) []string {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatal(text, err)
	}
	var out []string
	for _, e := range validator.ValidateWithRules(schema, doc, rules.NewRules(core.Rule{Name: "Overlap", RuleFunc: rule})) {
		out = append(out, e.Message)
	}
	return out
}

func TestOverlap(t *testing.T) {
	schema := testschema.New(&testschema.Resolver{}).Schema()
	const in = `{division(code:"430121000000")`
	for _, c := range []struct{ name, query, want string }{
		{"the same field", in + `{name name}}`, ""},
		{"different fields", in + `{x:name x:code}}`, `"name" and "code" are different fields`},
		{"an alias like another field", in + `{name:fullName name}}`, `"fullName" and "name" are different fields`},
		{"arguments", in + `{value(of:"a") value(of:"b")}}`, "they have differing arguments"},
		{"an argument missing", in + `{value(of:"a") value}}`, "they have differing arguments"},
		{"the same variable", `query($v:String){division(code:"430121000000"){value(of:$v) value(of:$v)}}`, ""},
		{"different variables", `query($v:String $w:String){division(code:"430121000000"){value(of:$v) value(of:$w)}}`, "they have differing arguments"},
		{"a text like a variable", `query($v:String){division(code:"430121000000"){value(of:$v) value(of:"v")}}`, "they have differing arguments"},
		{"objects in another order", `{x:search(filter:{limit:1,level:CITY}){id} x:search(filter:{level:CITY,limit:1}){id}}`, ""},
		{"lists in another order", `{x:search(filter:{names:["a","b"]}){id} x:search(filter:{names:["b","a"]}){id}}`, "they have differing arguments"},
		{"a list and its text", `{x:nodes(ids:["a"]){id} x:nodes(ids:"[a]"){id}}`, "they have differing arguments"},
		{"arguments in another order", in + `{children(first:1,after:"a"){totalCount} children(after:"a",first:1){totalCount}}}`, ""},
		{"below", in + `{parent{x:name} parent{x:code}}}`, `"name" and "code" are different fields`},
		{"below, far", in + `{parent{parent{parent{x:name}}} parent{parent{parent{x:code}}}}}`, `"name" and "code" are different fields`},
		{"below other aliases", in + `{a:parent{x:name} b:parent{x:code}}}`, ""},
		{"in an inline fragment", in + `{x:name ...{x:code}}}`, `"name" and "code" are different fields`},
		{"in fragments", in + `{...A ...B}} fragment A on Division{x:name} fragment B on Division{x:code}`, `"name" and "code" are different fields`},
		{
			"in fragments of fragments", in + `{...A ...B}} fragment A on Division{...C} fragment B on Division{...D} fragment C on Division{parent{x:name}} fragment D on Division{parent{x:code}}`,
			`"name" and "code" are different fields`,
		},
		{"below a fragment used twice", in + `{a:parent{...A} b:parent{...A x:code}}} fragment A on Division{x:name}`, `"name" and "code" are different fields`},
		{"types that exclude each other", `{place{...on Division{x:name} ...on Station{x:kind}}}`, `they return conflicting types "String!" and "String!"`},
		{"an interface beside its object", `{node(id:"1"){x:id ...on Division{x:name}}}`, `"id" and "name" are different fields`},
		{"exclusive with another shape", `{place{...on Division{value} ...on Station{value}}}`, `they return conflicting types "String" and "Int"`},
		{"exclusive and null or not", `{place{...on Division{x:name} ...on Station{x:name}}}`, `they return conflicting types "String!" and "String"`},
		{"exclusive, below, with another shape", `{place{...on Division{x:parent{v:value}} ...on Station{x:division{v:name}}}}`, `conflicting types`},
		{"a list and none", `{x:search{id} x:place{__typename}}`, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "types that exclude each other" {
				c.want = "" // both are String!
			}
			if c.name == "a list and none" {
				c.want = `they return conflicting types "[Division!]!" and "Place"`
			}
			got := strings.Join(conflicts(t, schema, overlapRule, c.query), "\n")
			if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The verdict is that of gqlparser's own rule, on whatever documents chance makes.
func TestOverlapAgreesWithGqlparser(t *testing.T) {
	schema := testschema.New(&testschema.Resolver{}).Schema()
	seen := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		text := drawDocument(t)
		if len(conflicts(t, schema, rules.NoUnusedFragmentsRule.RuleFunc, text)) > 0 {
			t.Skip("only gqlparser's rule looks into fragments that are not used")
		}
		ours := conflicts(t, schema, overlapRule, text)
		theirs := conflicts(t, schema, rules.OverlappingFieldsCanBeMergedRule.RuleFunc, text)
		if (len(ours) > 0) != (len(theirs) > 0) {
			t.Fatalf("%s\nours   %q\ntheirs %q", text, ours, theirs)
		}
		seen[len(ours) > 0]++
	})
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("%d documents with conflicts, %d without", seen[true], seen[false])
	}
}

// drawDocument draws a small document in which names often meet.
func drawDocument(t *rapid.T) string {
	fragments := rapid.IntRange(0, 3).Draw(t, "fragments")
	var set func(parent string, depth int, from int) string
	set = func(parent string, depth, from int) string {
		var b strings.Builder
		for range rapid.IntRange(1, 3).Draw(t, "selections") {
			kind := rapid.IntRange(0, 9).Draw(t, "kind")
			alias := rapid.SampledFrom([]string{"", "", "x:", "y:"}).Draw(t, "alias")
			switch {
			case kind < 2 && from < fragments:
				fmt.Fprintf(&b, " ...F%d", rapid.IntRange(from, fragments-1).Draw(t, "fragment"))
			case kind < 4 && depth > 0 && (parent == "Node" || parent == "Place"):
				on := rapid.SampledFrom([]string{"Division", "Station"}).Draw(t, "type")
				fmt.Fprintf(&b, " ...on %s{%s}", on, set(on, depth-1, from))
			case kind < 7 && depth > 0 && (parent == "Division" || parent == "Station"):
				field := map[string]string{"Division": "parent", "Station": "division"}[parent]
				fmt.Fprintf(&b, " %s%s{%s}", alias, field, set("Division", depth-1, from))
			default:
				leaves := map[string][]string{
					"Division": {"name", "code", "id", "fullName", `value(of:"a")`, `value(of:"b")`, "value"},
					"Station":  {"name", "kind", "id", "value"},
					"Node":     {"id"}, "Place": {"__typename"},
				}
				b.WriteString(" " + alias + rapid.SampledFrom(leaves[parent]).Draw(t, "leaf"))
			}
		}
		return b.String()
	}
	text := `{node(id:"1"){` + set("Node", 4, 0) + `} place{` + set("Place", 4, 0) + `}}`
	for i := range fragments {
		on := rapid.SampledFrom([]string{"Division", "Station"}).Draw(t, "on")
		text += fmt.Sprintf(" fragment F%d on %s{%s}", i, on, set(on, 3, i+1))
	}
	return text
}

// Where gqlparser's rule compares millions of pairs, fewer than overlapSteps fields are looked at.
func TestOverlapIsBounded(t *testing.T) {
	schema := testschema.New(&testschema.Resolver{}).Schema()
	for name, text := range map[string]string{
		"one field often": `{division(code:"430121000000"){` + strings.Repeat("name ", 20_000) + "}}",
		"objects often":   `{division(code:"430121000000"){` + strings.Repeat("parent{name}", 5_000) + "}}",
		"doubling":        enginetest.Doubling(150),
		"arguments often": `{division(code:"430121000000"){` + strings.Repeat(`value(of:"a") `, 5_000) + "}}",
		"many fragments":  `{division(code:"430121000000"){` + enginetest.Many(150, "...F%d ") + "}}" + enginetest.Many(150, " fragment F%d on Division{parent{name code parent{name}}}"),
	} {
		t.Run(name, func(t *testing.T) {
			if got := conflicts(t, schema, overlapRule, text); len(got) > 0 {
				t.Errorf("got %q", got)
			}
		})
	}
}

// Each of the 2^n paths through these fragments leads to another set of fields to merge, so that nothing is
// met twice: only counting stops it.
func TestOverlapGivesUp(t *testing.T) {
	const n = 16
	var b strings.Builder
	b.WriteString(`{division(code:"430121000000"){...S0}}`)
	for level := range n {
		fmt.Fprintf(&b, " fragment S%d on Division{a:parent{...S%d ...P%d_1} b:parent{...S%d}}", level, level+1, level+1, level+1)
		for i := 1; i <= level; i++ {
			fmt.Fprintf(&b, " fragment P%d_%d on Division{a:parent{...P%d_%d} b:parent{...P%d_%d}}", level, i, level+1, i+1, level+1, i+1)
		}
	}
	fmt.Fprintf(&b, " fragment S%d on Division{name}", n)
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, " fragment P%d_%d on Division{name}", n, i)
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: b.String()})
	if err != nil {
		t.Fatal(err)
	}
	schema := testschema.New(&testschema.Resolver{}).Schema()
	errs := validate(schema, doc)
	if len(errs) != 1 || codeOf(errs[0]) != TooComplex {
		t.Errorf("got %v", errs)
	}
	if _, _, refused := DefaultLimits().checkShape(doc); refused == nil {
		t.Error("shape lets it pass")
	}
}
