package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/lianluo/lianluo/graph/engine/internal/testschema"
)

// heavyDocuments are made to cost the gate as much as they can: one for each of its passes and for the
// rules that are known to be slow, as large as the limits let them be.
func heavyDocuments() map[string]string {
	limits := DefaultLimits()
	doc := func(f func(b *strings.Builder)) string {
		var b strings.Builder
		f(&b)
		return b.String()
	}
	// repeat writes a part until n tokens are reached, with tokens counted by the caller.
	repeat := func(n int, part func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(part(i))
		}
		return b.String()
	}
	return map[string]string{
		"same field repeated": `{division(code:"430121000000"){` + strings.Repeat("name ", 1400) + `}}`,
		"aliases on one level": `{division(code:"430121000000"){` +
			repeat(1500, func(i int) string { return fmt.Sprintf("a%d:name ", i) }) + `}}`,
		"aliases, double": `{division(code:"430121000000"){` +
			repeat(700, func(i int) string { return fmt.Sprintf("a%d:name ", i) }) +
			repeat(700, func(i int) string { return fmt.Sprintf("a%d:name ", i) }) + `}}`,
		"composite fields repeated": `{division(code:"430121000000"){` +
			strings.Repeat("parent{name}", 1400) + `}}`,
		"composite fields conflicting deep": `{division(code:"430121000000"){` +
			repeat(800, func(i int) string { return fmt.Sprintf("parent{parent{parent{x:value(of:\"%d\")}}} ", i) }) + `}}`,
		"arguments to compare": `{division(code:"430121000000"){` +
			repeat(1400, func(int) string { return `value(of:"same") ` }) + `}}`,
		"fragments in a chain": doc(func(b *strings.Builder) {
			b.WriteString(`{division(code:"430121000000"){...F0}}`)
			for i := range 60 {
				fmt.Fprintf(b, " fragment F%d on Division{a%d:name ...F%d}", i, i, i+1)
			}
			b.WriteString(" fragment F60 on Division{name}")
		}),
		"fragments, one large leaf": doc(func(b *strings.Builder) {
			b.WriteString(`{division(code:"430121000000"){...F0 ...F1 ...F2}}`)
			for i := range 3 {
				fmt.Fprintf(b, " fragment F%d on Division{...L}", i)
			}
			b.WriteString(" fragment L on Division{" + strings.Repeat("name ", 300) + "}")
		}),
		"fragments crossed": doc(func(b *strings.Builder) {
			b.WriteString(`{division(code:"430121000000"){`)
			for i := range 90 {
				fmt.Fprintf(b, "parent{...F%d}", i)
			}
			b.WriteString("}}")
			for i := range 90 {
				fmt.Fprintf(b, " fragment F%d on Division{parent{", i)
				for j := range 20 {
					fmt.Fprintf(b, "a%d:name ", j)
				}
				b.WriteString("}}")
			}
		}),
		"inline fragments on an interface": `{node(id:"1"){` +
			strings.Repeat("...on Division{name}", 1300) + `}}`,
		"types crossed": doc(func(b *strings.Builder) {
			var write func(depth int)
			write = func(depth int) {
				if depth == 0 {
					b.WriteString("id ")
					return
				}
				b.WriteString("...on Division{p:parent{")
				write(depth - 1)
				b.WriteString("}}...on Station{p:division{")
				write(depth - 1)
				b.WriteString("}}")
			}
			b.WriteString(`{node(id:"1"){`)
			write(8)
			b.WriteString("}}")
		}),
		"a list of values":     `{nodes(ids:[` + strings.Repeat(`"1" `, limits.Tokens-20) + `]){id}}`,
		"objects in objects":   `{search(filter:` + strings.Repeat(`{nested:`, 8) + `{names:[` + strings.Repeat(`"n" `, 14_000) + `]}` + strings.Repeat("}", 8) + `){name}}`,
		"values of wrong type": `{nodes(ids:[` + strings.Repeat(`{a:{a:{a:1}}} `, 1000) + `]){id}}`,
		"unknown fields":       `{division(code:"430121000000"){` + repeat(1_400, func(i int) string { return fmt.Sprintf("x%d ", i) }) + `}}`,
		"unknown long fields":  `{division(code:"430121000000"){` + repeat(1200, func(i int) string { return fmt.Sprintf("%s%d ", strings.Repeat("x", 90), i) }) + `}}`,
		"variables used often": doc(func(b *strings.Builder) {
			b.WriteString("query(")
			for i := range limits.Variables {
				fmt.Fprintf(b, "$v%d:ID!", i)
			}
			b.WriteString("){nodes(ids:[")
			for i := range 7000 {
				fmt.Fprintf(b, "$v%d ", i%limits.Variables)
			}
			b.WriteString("]){id}}")
		}),
		"directives": `{division(code:"430121000000"){` +
			strings.Repeat("name@include(if:true) ", limits.Directives) + strings.Repeat("name ", 1_000) + `}}`,
		"introspection": introspectionQuery,
		"comments":      strings.Repeat("#\n", limits.Tokens-20) + "{place{__typename}}",
		"one long text": `{echo(text:"` + strings.Repeat("长", limits.DocumentBytes/3-10) + `")}`,
		"escapes":       `{echo(text:"` + strings.Repeat(`\u0041`, limits.DocumentBytes/6-10) + `")}`,
		"a block text":  `{echo(text:"""` + strings.Repeat("\n ", limits.DocumentBytes/2-20) + `x""")}`,
	}
}

// BenchmarkGate shows what the dearest documents take before anything runs, accepted or refused.
func BenchmarkGate(b *testing.B) {
	g := newGate(testschema.New(&testschema.Resolver{}).Schema(), Options{Limits: Limits{CacheBytes: 1}})
	for name, text := range heavyDocuments() {
		b.Run(name, func(b *testing.B) {
			verdict := "accepted"
			for b.Loop() {
				if _, errs := g.admit(&graphql.RawParams{Query: text}, nil); errs != nil {
					verdict = string(codeOf(errs[0])) + " " + errs[0].Message
				}
			}
			b.Log(clip(verdict, 80))
		})
	}
}

// BenchmarkServe shows what requests take as a whole, with resolvers that do nothing: the documents of
// BenchmarkGate, and pages in pages at the limit of cost.
func BenchmarkServe(b *testing.B) {
	h := New(testschema.New(&testschema.Resolver{Fail: failures}), Options{Logger: slog.New(slog.DiscardHandler), Limits: Limits{CacheBytes: 1}})
	documents := heavyDocuments()
	documents["the contract"] = strings.NewReplacer("($code: Code!)", "", "$code", `"430121000000"`).Replace(contract)
	documents["100 × 100"] = `{division(code:"430121000000"){children(first:100){edges{node{code children(first:100){edges{node{code name level}}}}}}}}`
	for name, text := range documents {
		b.Run(name, func(b *testing.B) {
			body, err := json.Marshal(map[string]string{"query": text})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
				r.Header.Set("Content-Type", mediaJSON)
				h.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
}
