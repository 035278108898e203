package engine

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"

	"github.com/lianluo/lianluo/graph/engine/enginetest"
	"github.com/lianluo/lianluo/graph/engine/internal/testschema"
)

// Every request here is refused before a resolver runs.
func TestAttacks(t *testing.T) {
	s := serve(t, Options{})
	long := make([]any, 19_000)
	for i := range long {
		long[i] = "x"
	}
	type attack struct {
		name, query string
		variables   map[string]any
		code        Code
		reason      string
	}
	var attacks []attack
	for _, d := range enginetest.Documents() {
		attacks = append(attacks, attack{d.Name, d.Query, nil, Code(d.Code), d.Reason})
	}
	attacks = append(attacks, []attack{
		{"pages in pages", `{division(code:"430121000000"){children(first:100){nodes{children(first:100){nodes{children(first:100){nodes{name}}}}}}}}`, nil, TooComplex, "COST"},
		{"a page by a variable", `query($n:Int){division(code:"430121000000"){children(first:$n){nodes{name}}}}`, map[string]any{"n": 1_000_000}, TooComplex, "COST"},
		{"a page by a default", `query($n:Int=1000000){division(code:"430121000000"){children(first:$n){nodes{name}}}}`, nil, TooComplex, "COST"},
		{"pages without a length", `{division(code:"430121000000"){children{nodes{children{nodes{children{nodes{name}}}}}}}}`, nil, TooComplex, "COST"},
		{"lists in lists", `{division(code:"430121000000"){siblings{siblings{siblings{siblings{siblings{name}}}}}}}`, nil, TooComplex, "COST"},
		{"ids", `query($ids:[ID!]!){nodes(ids:$ids){id a:id b:id c:id}}`, map[string]any{"ids": long}, TooComplex, "COST"},
		{"a large argument on every row", `query($f:Filter){division(code:"430121000000"){children(first:100){nodes{x:parent{name} ` + enginetest.Many(20, "a%d:name ") + `}}} ` +
			enginetest.Many(49, "a%d:search(filter:$f){name} ") + `}`, map[string]any{"f": map[string]any{"names": long}}, TooComplex, "COST"},
		{
			"a long text on every row", `query($t:String){division(code:"430121000000"){children(first:100){nodes{value(of:$t)}}}}`,
			map[string]any{"t": strings.Repeat("x", 900_000)},
			TooComplex, "COST",
		},
		{"a subscription", "subscription{ticks}", nil, Invalid, reasonValidation},
		{"an Int of more than 32 bits", "{search(limit:2147483648){id}}", nil, Invalid, reasonValidation},
		{"@oneOf with two", `{find(by:{id:"1",code:"430121000000"}){id}}`, nil, Invalid, reasonValidation},
		{"@oneOf with none", `{find(by:{}){id}}`, nil, Invalid, reasonValidation},
		{"@oneOf by a variable that may be null", `query($id:ID){find(by:{id:$id}){id}}`, map[string]any{"id": nil}, Invalid, reasonValidation},
		{"a condition that is null", `query($b:Boolean=true){heavy @include(if:$b)}`, map[string]any{"b": nil}, Invalid, reasonVariables},
	}...)
	for _, c := range attacks {
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
	for _, d := range enginetest.Documents() {
		if a := s.ask(d.Control, nil); a.status != http.StatusOK || len(a.Errors) > 0 {
			t.Errorf("the control of %s: %d %s", d.Name, a.status, clip(a.text, 300))
		}
	}
	for _, c := range []struct {
		name, query string
		variables   map[string]any
	}{
		{"depth", enginetest.Nested(15), nil},
		{"mutations", "mutation{" + enginetest.Many(10, `a%d:signIn(name:"x") `) + "}", nil},
		{"100 × 100", `{division(code:"430121000000"){children(first:100){edges{node{code name children(first:100){edges{node{code name level}}}}}}}}`, nil},
		{"fragments", "{" + enginetest.Many(50, "...F%d ") + "}" + enginetest.Many(50, " fragment F%d on Query{heavy}"), nil},
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
	a := s.ask(`{division(code:"430121000000"){`+enginetest.Many(1000, "x%d ")+"}}", nil)
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
		contract, enginetest.Doubling(3), enginetest.Nested(5),
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
