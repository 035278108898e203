package app_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/engine/enginetest"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// engineAttacks are attacks by what is asked and how, refused before the database hears of them: by someone who may ask everything, so
// that nothing else can be what refuses.
func engineAttacks(t *testing.T) (*apitest.Server, []attack) {
	server := apitest.New(t)
	apitest.NewWorld().Load(t, server.Owner)
	token := server.As(viewer.NationAdmin, place.Nation).Token
	return server, slices.Concat(engineDocuments(token), engineRequests(token), enginePages(token), engineVariables(token), engineBrowsers(token), engineHash(token))
}

// engineDocuments are the documents that the engine refuses whatever the schema says.
func engineDocuments(token string) (out []attack) {
	for _, d := range enginetest.Documents() {
		out = append(out, attack{
			name: "document: " + d.Name, control: operation(token, d.Control, nil), sent: operation(token, d.Query, nil),
			want: verdict{status: http.StatusOK, code: d.Code, reason: d.Reason}, also: short,
		})
	}
	return out
}

// engineRequests are the requests that the engine refuses by their form.
func engineRequests(token string) (out []attack) {
	for _, r := range enginetest.Requests() {
		out = append(out, attack{
			name: "request: " + r.Name, control: sending{token: token, text: enginetest.Good},
			sent: sending{method: r.Method, token: token, header: r.Header, text: r.Body},
			want: verdict{status: r.Status, code: "INVALID", reason: "REQUEST", tokens: 1, nodes: 1}, also: short,
		})
	}
	return out
}

// short looks that a refusal does not answer at many times the request's cost.
func short(t *testing.T, got reply) {
	if len(got.Body) > 1000 {
		t.Errorf("an answer of %d bytes", len(got.Body))
	}
}

// enginePages ask too many rows of the platform's own lists.
func enginePages(token string) (out []attack) {
	pages := func(first string) string {
		page := "children(first:" + first + "){edges{node{"
		return `{division(code:"43"){` + strings.Repeat(page, 3) + "name" + strings.Repeat("}}}", 3) + "}}"
	}
	costly := func(name string, control, sent sending) {
		out = append(out, attack{name: "cost: " + name, control: control, sent: sent, want: verdict{status: http.StatusOK, code: "TOO_COMPLEX", reason: "COST"}, also: short})
	}
	costly("pages in pages", operation(token, pages("1"), nil), operation(token, pages("100"), nil))
	byVariable := "query($n:Int)" + pages("$n")
	costly("pages by a variable", operation(token, byVariable, apitest.Vars{"n": 1}), operation(token, byVariable, apitest.Vars{"n": 100}))
	costly("a page of 2³¹−1", operation(token, byVariable, apitest.Vars{"n": 1}), operation(token, byVariable, apitest.Vars{"n": 1<<31 - 1}))
	costly("pages by a default", operation(token, "query($n:Int=1)"+pages("$n"), nil), operation(token, "query($n:Int=100)"+pages("$n"), nil))
	costly("pages without a length", operation(token, pages("1"), nil), operation(token, strings.ReplaceAll(pages("1"), "(first:1)", ""), nil))
	costly("pages by aliases", operation(token, pages("1"), nil),
		operation(token, "{"+enginetest.Many(50, `a%d:division(code:"43"){children(first:100){edges{node{id code name fullName level validFrom a:name b:name c:name d:name e:name f:name parent{name}}}}}`)+"}", nil))
	nodes := `query($ids:[ID!]!){nodes(ids:$ids){id a:id b:id c:id}}`
	costly("19,000 ids", operation(token, nodes, apitest.Vars{"ids": []string{}}), operation(token, nodes, apitest.Vars{"ids": slices.Repeat([]string{"x"}, 19_000)}))
	return out
}

// engineVariables are values that are not what the operation says.
func engineVariables(token string) (out []attack) {
	wrong := func(name, document string, good, bad any) {
		body := func(value any) sending {
			text, err := json.Marshal(map[string]any{"query": document, "variables": map[string]any{"v": value}})
			if err != nil {
				panic(err) // values that were written here
			}
			return sending{token: token, text: string(text)}
		}
		out = append(out, attack{
			name: "variable: " + name, control: body(good), sent: body(bad),
			want: verdict{status: http.StatusOK, code: "INVALID", reason: "VARIABLES"}, also: short,
		})
	}
	include := `query($v:Boolean!){__typename @include(if:$v) a:__typename}`
	wrong("a condition that is null", include, true, nil)
	wrong("a condition as text", include, true, "true")
	wrong("a condition as a number", include, true, 1)
	wrong("a condition as an object", include, true, map[string]any{"$ne": false})
	page := `query($v:Int){division(code:"43"){children(first:$v){edges{node{name}}}}}`
	wrong("a number as text", page, 1, "1")
	wrong("a fraction for a number", page, 1, 1.5)
	wrong("a number beyond 32 bits", page, 1, 1<<40)
	wrong("a number of 100,000 digits", page, 1, json.RawMessage("1"+strings.Repeat("0", 100_000)))
	wrong("a number with an exponent", page, 1, json.RawMessage("1e400"))
	wrong("a list for a number", page, 1, []int{1, 2})
	code := `query($v:String!){division(code:$v){name}}`
	wrong("a number for a text", code, "43", 43)
	wrong("an object for a text", code, "43", map[string]any{"like": "%"})
	wrong("null for a text", code, "43", nil)
	wrong("a list for a text", code, "43", []string{"43", "44"})
	return out
}

// engineBrowsers are what pages of other sites can have a browser send.
func engineBrowsers(token string) (out []attack) {
	const evil = "https://evil.example.com"
	good := sending{token: token, text: enginetest.Good}
	foreign := func(name string, s sending) {
		out = append(out, attack{
			name: "browser: " + name, control: good.with("Sec-Fetch-Site", "same-origin"), sent: s,
			want: verdict{status: http.StatusForbidden, code: "FORBIDDEN", tokens: 1, nodes: 1},
			also: func(t *testing.T, got reply) {
				short(t, got)
				for name := range got.header {
					if strings.HasPrefix(name, "Access-Control-") {
						t.Errorf("the answer may be read elsewhere: %s", name)
					}
				}
			},
		})
	}
	foreign("another site", good.with("Sec-Fetch-Site", "cross-site"))
	foreign("another site, by its name", good.with("Origin", evil))
	foreign("another site that says both", good.with("Sec-Fetch-Site", "cross-site").with("Origin", evil))
	foreign("a site beside", good.with("Sec-Fetch-Site", "same-site"))
	foreign("a page without an origin", good.with("Origin", "null"))
	foreign("a simple request of text", good.with("Sec-Fetch-Site", "cross-site").with("Content-Type", "text/plain"))
	foreign("a form", sending{token: token, text: "query=%7B__typename%7D"}.with("Sec-Fetch-Site", "cross-site").with("Content-Type", "application/x-www-form-urlencoded"))
	foreign("an upload", good.with("Sec-Fetch-Site", "cross-site").with("Content-Type", "multipart/form-data; boundary=x"))
	foreign("a method behind another", good.with("Sec-Fetch-Site", "cross-site").with("X-Http-Method-Override", "GET"))

	// A page can have a browser GET without asking, and so nothing is done for GET.
	get := func(name, query string, s sending) {
		s.method, s.path = http.MethodGet, "/graphql?"+query
		out = append(out, attack{
			name: "browser: " + name, control: good, sent: s,
			want: verdict{status: http.StatusMethodNotAllowed, code: "INVALID", reason: "REQUEST", tokens: 1, nodes: 1}, also: short,
		})
	}
	get("a query by GET", "query=%7B__typename%7D", sending{token: token})
	get("a mutation by GET", "query=mutation%7B__typename%7D", sending{token: token})
	get("a hash by GET", `extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%7D%7D`, sending{token: token})
	get("GET from another site", "query=%7B__typename%7D", sending{token: token}.with("Sec-Fetch-Site", "cross-site").with("Origin", evil))

	// Nor is another page told that it may send the token along.
	preflight := sending{method: http.MethodOptions}.with("Origin", evil).with("Access-Control-Request-Method", "POST").with("Access-Control-Request-Headers", "authorization,content-type")
	out = append(out, attack{
		name: "browser: another site asks first", control: good, sent: preflight,
		want: verdict{status: http.StatusMethodNotAllowed, code: "INVALID", reason: "REQUEST", secrets: []string{evil}},
		also: func(t *testing.T, got reply) {
			if got.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("allowed: %v", got.header)
			}
		},
	})
	return out
}

// engineHash has documents remembered by their hashes, and asks by hash alone: nothing is remembered so.
func engineHash(token string) []attack {
	hashed := func(query string) sending {
		body, err := json.Marshal(map[string]any{"query": query, "extensions": map[string]any{
			"persistedQuery": map[string]any{"version": 1, "sha256Hash": "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38"},
		}})
		if err != nil {
			panic(err) // a body that was written here
		}
		return sending{token: token, text: string(body)}
	}
	return []attack{{
		name: "a document by a hash that was sent with another", control: hashed("{__typename}"), sent: hashed(""),
		want: verdict{status: http.StatusBadRequest, code: "INVALID", reason: "REQUEST", tokens: 1, nodes: 1}, also: short,
	}}
}
