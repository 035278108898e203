package engine

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"

	"github.com/lianluo/lianluo/graph/engine/internal/testschema"
)

// doubling are n fragments each of which spreads the next twice: 2^n fields in few bytes.
func doubling(n int, field string) string {
	var b strings.Builder
	b.WriteString(`{division(code:"430121000000"){...F0}}`)
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Division{a:parent{...F%d} b:parent{...F%d}}", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Division{%s}", n, field)
	return b.String()
}

// nested is a path of n fields.
func nested(n int) string {
	return `{division(code:"430121000000"){` + strings.Repeat("parent{", n-2) + "name" + strings.Repeat("}", n-1) + "}"
}

func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// Every request here is refused before a resolver runs.
func TestAttacks(t *testing.T) {
	s := serve(t, Options{})
	long := make([]any, 100_000)
	for i := range long {
		long[i] = "x"
	}
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		code        Code
		reason      string
	}{
		{"a document too long", "{heavy #" + strings.Repeat("x", 128<<10) + "\n}", nil, TooComplex, "DOCUMENT_BYTES"},
		{"20,000 times one field", "{" + strings.Repeat("heavy ", 20_000) + "}", nil, TooComplex, "TOKENS"},
		{"comments", strings.Repeat("#\n", 20_000) + "{heavy}", nil, TooComplex, "TOKENS"},
		{"a name too long", "{" + strings.Repeat("a", 101) + ":heavy}", nil, TooComplex, "NAME_BYTES"},
		{"an operation's name too long", "query " + strings.Repeat("a", 101) + "{heavy}", nil, TooComplex, "NAME_BYTES"},
		{"brackets without end", strings.Repeat("{a", 2000), nil, TooComplex, "NESTING"},
		{"lists without end", "{echo(text:" + strings.Repeat("[", 2000), nil, TooComplex, "NESTING"},
		{"inline fragments in each other", "{" + strings.Repeat("...{", 70) + "heavy" + strings.Repeat("}", 71), nil, TooComplex, "NESTING"},
		{"deep", nested(16), nil, TooComplex, "DEPTH"},
		{"deep in fragments", `{division(code:"430121000000"){...A}} fragment A on Division{parent{parent{parent{parent{parent{parent{parent{...B}}}}}}}}` +
			` fragment B on Division{parent{parent{parent{parent{parent{parent{parent{name}}}}}}}}`, nil, TooComplex, "DEPTH"},
		{
			"a cycle of fragments", `{division(code:"430121000000"){...A}} fragment A on Division{parent{...B}} fragment B on Division{...A}`,
			nil, Invalid, reasonValidation,
		},
		{"a fragment in itself", `{division(code:"430121000000"){...A}} fragment A on Division{...A}`, nil, Invalid, reasonValidation},
		{"a cycle that is not used", `{heavy} fragment A on Division{...A}`, nil, Invalid, reasonValidation},
		{"fragments that double, deep", doubling(30, "name"), nil, TooComplex, "DEPTH"},
		{"fragments that double", doubling(13, "name"), nil, TooComplex, "WORK"},
		{"fragments that double, on one level", `{division(code:"430121000000"){...F0}}` +
			func() string {
				var b strings.Builder
				for i := range 190 {
					fmt.Fprintf(&b, " fragment F%d on Division{...F%d ...F%d}", i, i+1, i+1)
				}
				return b.String() + " fragment F190 on Division{name}"
			}(), nil, TooComplex, "WORK"},
		{"fragments", "{heavy}" + many(201, " fragment F%d on Query{heavy}"), nil, TooComplex, "FRAGMENTS"},
		{"two fragments of one name", "{...A} fragment A on Query{heavy} fragment A on Query{place{__typename}}", nil, Invalid, reasonValidation},
		{"a fragment with variables", "{...A} fragment A($a:Int) on Query{heavy}", nil, Invalid, reasonParse},
		{"operations", many(51, "query Q%d{heavy} "), nil, TooComplex, "OPERATIONS"},
		{"operations that walk one fragment", many(50, "query Q%d{...A} ") + "fragment A on Query{" + strings.Repeat("heavy ", 1000) + "}", nil, TooComplex, "ROOT_FIELDS"},
		{"operations that walk one deep fragment", many(50, "query Q%d{...A} ") +
			`fragment A on Query{division(code:"430121000000"){` + strings.Repeat("name ", 1000) + "}}", nil, TooComplex, "WORK"},
		{"variables", "query(" + many(101, "$v%d:String") + "){heavy}", nil, TooComplex, "VARIABLES"},
		{"directives", "{heavy " + strings.Repeat("@include(if:true)", 201) + "}", nil, TooComplex, "DIRECTIVES"},
		{"unknown directives", "{heavy " + strings.Repeat("@x", 201) + "}", nil, TooComplex, "DIRECTIVES"},
		{"the same directive again", "{heavy @include(if:true) @include(if:true)}", nil, Invalid, reasonValidation},
		{"root fields", "{" + strings.Repeat("heavy ", 51) + "}", nil, TooComplex, "ROOT_FIELDS"},
		{"root fields by aliases", "{" + many(51, "a%d:heavy ") + "}", nil, TooComplex, "ROOT_FIELDS"},
		{"root fields in fragments", "{...A ...B} fragment A on Query{" + many(26, "a%d:heavy ") + "} fragment B on Query{" + many(26, "b%d:heavy ") + "}", nil, TooComplex, "ROOT_FIELDS"},
		{"guesses at a password", "mutation{" + many(11, `a%d:signIn(name:"x") `) + "}", nil, TooComplex, "ROOT_FIELDS"},
		{"aliases on one level", `{division(code:"430121000000"){` + many(4800, "a%d:name ") + "}}", nil, TooComplex, "WORK"},
		{"a literal too deep", "{search(filter:" + strings.Repeat("{nested:", 12) + "{limit:1}" + strings.Repeat("}", 12) + "){id}}", nil, TooComplex, "INPUT_DEPTH"},
		{"a literal too large", "{nodes(ids:[" + strings.Repeat("1 ", 12_000) + "]){id}}", nil, TooComplex, "WORK"},
		{"pages in pages", `{division(code:"430121000000"){children(first:100){nodes{children(first:100){nodes{children(first:100){nodes{name}}}}}}}}`, nil, TooComplex, "COST"},
		{"a page by a variable", `query($n:Int){division(code:"430121000000"){children(first:$n){nodes{name}}}}`, map[string]any{"n": 1_000_000}, TooComplex, "COST"},
		{"a page by a default", `query($n:Int=1000000){division(code:"430121000000"){children(first:$n){nodes{name}}}}`, nil, TooComplex, "COST"},
		{"pages without a length", `{division(code:"430121000000"){children{nodes{children{nodes{children{nodes{name}}}}}}}}`, nil, TooComplex, "COST"},
		{"lists in lists", `{division(code:"430121000000"){siblings{siblings{siblings{siblings{siblings{name}}}}}}}`, nil, TooComplex, "COST"},
		{"ids", `query($ids:[ID!]!){nodes(ids:$ids){id}}`, map[string]any{"ids": long}, TooComplex, "COST"},
		{"a large argument on every row", `query($f:Filter){division(code:"430121000000"){children(first:100){nodes{x:parent{name}}}} ` +
			many(49, "a%d:search(filter:$f){name} ") + `}`, map[string]any{"f": map[string]any{"names": long}}, TooComplex, "COST"},
		{
			"a long text on every row", `query($t:String){division(code:"430121000000"){children(first:100){nodes{value(of:$t)}}}}`,
			map[string]any{"t": strings.Repeat("x", 900_000)},
			TooComplex, "COST",
		},
		{"@defer", `{...@defer{heavy}}`, nil, Invalid, reasonValidation},
		{"a subscription", "subscription{ticks}", nil, Invalid, reasonValidation},
		{"a number that nothing holds", "{division(code:99999999999999999999){id}}", nil, Invalid, reasonValidation},
		{"a fraction that nothing holds", "{division(code:1e999){id}}", nil, Invalid, reasonValidation},
		{"an Int of more than 32 bits", "{search(limit:2147483648){id}}", nil, Invalid, reasonValidation},
		{"NUL", `{echo(text:"a\u0000")}`, nil, Invalid, reasonValidation},
		{"NUL in braces", `{echo(text:"a\u{0}")}`, nil, Invalid, reasonValidation},
		{"@oneOf with two", `{find(by:{id:"1",code:"430121000000"}){id}}`, nil, Invalid, reasonValidation},
		{"@oneOf with none", `{find(by:{}){id}}`, nil, Invalid, reasonValidation},
		{"@oneOf by a variable that may be null", `query($id:ID){find(by:{id:$id}){id}}`, map[string]any{"id": nil}, Invalid, reasonValidation},
		{"a condition that is null", `query($b:Boolean=true){heavy @include(if:$b)}`, map[string]any{"b": nil}, Invalid, reasonVariables},
		{"nothing", " ", nil, Invalid, reasonValidation},
		{"a fragment alone", "fragment A on Query{heavy}", nil, Invalid, reasonValidation},
		{"unknown field", "{divisoin}", nil, Invalid, reasonValidation},
		{"conflict", "{a:heavy a:place{__typename}}", nil, Invalid, reasonValidation},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			before := s.resolver.Calls.Load()
			a := s.ask(c.query, c.variables)
			if a.code() != c.code || a.reason() != c.reason || a.status != http.StatusOK || a.Data != nil {
				t.Errorf("got %s, want %s %s", clip(a.text, 300), c.code, c.reason)
			}
			if len(a.text) > 1000 {
				t.Errorf("an answer of %d bytes", len(a.text))
			}
			if strings.Contains(a.text, "Did you mean") {
				t.Errorf("suggests: %s", a.text)
			}
			if s.resolver.Calls.Load() != before {
				t.Error("a resolver ran")
			}
			if s.log.Len() > 0 {
				t.Errorf("logged: %s", s.log)
			}
		})
	}
}

// What stands just within a limit is answered.
func TestWithinLimits(t *testing.T) {
	s := serve(t, Options{})
	for _, c := range []struct {
		name, query string
		variables   map[string]any
	}{
		{"depth", nested(15), nil},
		{"root fields", "{" + many(50, "a%d:place{__typename} ") + "}", nil},
		{"mutations", "mutation{" + many(10, `a%d:signIn(name:"x") `) + "}", nil},
		{"100 × 100", `{division(code:"430121000000"){children(first:100){edges{node{code name children(first:100){edges{node{code name level}}}}}}}}`, nil},
		{"fragments", "{" + many(50, "...F%d ") + "}" + many(50, " fragment F%d on Query{heavy}"), nil},
		{"a fragment used in two operations", "{...A} fragment A on Query{place{__typename}}", nil},
		{"ids", `query($ids:[ID!]!){nodes(ids:$ids){id}}`, map[string]any{"ids": []any{"1", "2"}}},
		{"Int of 32 bits", "{search(limit:2147483647){name}}", nil},
		{"@skip", `query($s:Boolean!){heavy @skip(if:$s) place{__typename}}`, map[string]any{"s": true}},
		{"types that exclude each other", `{place{...on Division{x:name} ...on Station{x:kind}}}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			q := c.query
			if c.name == "fragments" {
				// heavy costs 1,000 each time it is written.
				q = strings.ReplaceAll(q, "heavy", "place{__typename}")
			}
			if a := s.ask(q, c.variables); a.status != http.StatusOK || len(a.Errors) > 0 {
				t.Errorf("got %d %s", a.status, clip(a.text, 300))
			}
		})
	}
}

// The work that documents make for gqlparser's walk is what shape foretells, and so within the limit:
// counted, not timed.
func TestWorkIsBounded(t *testing.T) {
	schema := withoutDefer(testschema.New(&testschema.Resolver{}).Schema())
	limits := DefaultLimits()
	for name, text := range heavyDocuments() {
		t.Run(name, func(t *testing.T) {
			tokens, refused := limits.measure(text)
			if tokens > limits.Tokens+1 {
				t.Fatalf("%d tokens were read", tokens)
			}
			if refused != nil {
				return
			}
			doc, err := parser.ParseQuery(&ast.Source{Input: text})
			if err != nil {
				t.Fatal(err)
			}
			if _, _, refused := limits.checkShape(doc); refused != nil {
				return
			}
			visits := 0
			all := newRules()
			all.AddRule("Count", func(observers *core.Events, _ core.AddErrFunc) {
				observers.OnField(func(*core.Walker, *ast.Field) { visits++ })
				observers.OnInlineFragment(func(*core.Walker, *ast.InlineFragment) { visits++ })
				observers.OnFragmentSpread(func(*core.Walker, *ast.FragmentSpread) { visits++ })
				observers.OnFragment(func(*core.Walker, *ast.FragmentDefinition) { visits++ })
				observers.OnDirective(func(*core.Walker, *ast.Directive) { visits++ })
				observers.OnValue(func(*core.Walker, *ast.Value) { visits++ })
			})
			if errs := validator.ValidateWithRules(schema, doc, all); len(errs) > validationErrors {
				t.Errorf("%d mistakes told", len(errs))
			}
			if visits > limits.Work {
				t.Errorf("%d visits", visits)
			}
		})
	}
}

// A document of mistakes is answered with some of them.
func TestMistakesAreBounded(t *testing.T) {
	s := serve(t, Options{})
	a := s.ask(`{division(code:"430121000000"){`+many(1000, "x%d ")+"}}", nil)
	if len(a.Errors) != validationErrors || a.code() != Invalid {
		t.Errorf("%d mistakes, %s", len(a.Errors), clip(a.text, 200))
	}
	if want := `Cannot query field "x0" on type "Division".`; a.Errors[0].Message != want {
		t.Errorf("got %q, want %q", a.Errors[0].Message, want)
	}
}

// FuzzGate looks for documents that panic, or pass the gate and then panic in gqlgen.
func FuzzGate(f *testing.F) {
	for _, text := range heavyDocuments() {
		if len(text) < 2000 {
			f.Add(text)
		}
	}
	for _, text := range []string{
		contract, doubling(3, "name"), nested(5),
		`query($f:Filter={by:{id:"1"}}){search(filter:$f,level:CITY){...on Node{id}}}`,
		`mutation{rename(input:{code:"430121000000",name:"""x"""}){id}}`,
		`{place{...on Division{value(of:"a")}...on Station{value}}}`,
	} {
		f.Add(text)
	}
	h := New(testschema.New(&testschema.Resolver{Fail: failures}), Options{Logger: slog.New(slog.DiscardHandler)})
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "fail") || strings.ToValidUTF8(text, "") != text {
			return
		}
		if a := record(t.Context(), t, h, text); a.code() == Internal {
			t.Errorf("%q: %s", text, clip(a.text, 300))
		}
	})
}
