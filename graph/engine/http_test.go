package engine

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// echo asks for one field.
const echo = `{"query":"{echo(text:\"ok\")}"}`

func TestRequestsOverHTTP(t *testing.T) {
	s := serve(t, Options{})
	jsonBody := http.Header{"Content-Type": {"application/json"}}
	with := func(pairs ...string) http.Header {
		h := jsonBody.Clone()
		for i := 0; i < len(pairs); i += 2 {
			h[pairs[i]] = []string{pairs[i+1]}
		}
		return h
	}
	for _, c := range []struct {
		name, method, body string
		header             http.Header
		status             int
		reason             string
	}{
		{"plain", "POST", echo, jsonBody, 200, ""},
		{"charset", "POST", echo, with("Content-Type", "application/json; charset=UTF-8"), 200, ""},
		{"charset of another kind", "POST", echo, with("Content-Type", "application/json; charset=gbk"), 415, "REQUEST"},
		{"no content type", "POST", echo, http.Header{}, 415, "REQUEST"},
		{"two content types", "POST", echo, http.Header{"Content-Type": {"text/plain", "application/json"}}, 415, "REQUEST"},
		{"text", "POST", echo, with("Content-Type", "text/plain"), 415, "REQUEST"},
		{"form", "POST", "query=%7Becho%7D", with("Content-Type", "application/x-www-form-urlencoded"), 415, "REQUEST"},
		{"upload", "POST", echo, with("Content-Type", "multipart/form-data; boundary=x"), 415, "REQUEST"},
		{"graphql", "POST", "{echo}", with("Content-Type", "application/graphql"), 415, "REQUEST"},
		{"compressed", "POST", echo, with("Content-Encoding", "gzip"), 415, "REQUEST"},
		{"not compressed", "POST", echo, with("Content-Encoding", "identity"), 200, ""},
		{"GET", "GET", "", http.Header{}, 405, "REQUEST"},
		{"PUT", "PUT", echo, jsonBody, 405, "REQUEST"},
		{"OPTIONS", "OPTIONS", "", http.Header{}, 405, "REQUEST"},
		{"accepts nothing we have", "POST", echo, with("Accept", "text/html"), 406, "REQUEST"},

		{"empty", "POST", "", jsonBody, 400, "REQUEST"},
		{"not JSON", "POST", "{", jsonBody, 400, "REQUEST"},
		{"trailing comma", "POST", `{"query":"{echo(text:\"ok\")}",}`, jsonBody, 400, "REQUEST"},
		{"trailing value", "POST", echo + echo, jsonBody, 400, "REQUEST"},
		{"batch", "POST", "[" + echo + "]", jsonBody, 400, "REQUEST"},
		{"text for an object", "POST", `"{echo}"`, jsonBody, 400, "REQUEST"},
		{"null", "POST", `null`, jsonBody, 400, "REQUEST"},
		{"key twice", "POST", `{"query":"{place{__typename}}","query":"{heavy}"}`, jsonBody, 400, "REQUEST"},
		{"key twice by an escape", "POST", `{"query":"{heavy}","quer\u0079":"{heavy}"}`, jsonBody, 400, "REQUEST"},
		{"key twice in variables", "POST", `{"query":"{heavy}","variables":{"a":{"b":1,"b":2}}}`, jsonBody, 400, "REQUEST"},
		{"key in another case", "POST", `{"Query":"{heavy}"}`, jsonBody, 400, "REQUEST"},
		{"no query", "POST", `{}`, jsonBody, 400, "REQUEST"},
		{"empty query", "POST", `{"query":""}`, jsonBody, 400, "REQUEST"},
		{"query of a wrong type", "POST", `{"query":7}`, jsonBody, 400, "REQUEST"},
		{"variables of a wrong type", "POST", `{"query":"{heavy}","variables":[]}`, jsonBody, 400, "REQUEST"},
		{"variables as text", "POST", `{"query":"{heavy}","variables":"{}"}`, jsonBody, 400, "REQUEST"},
		{"operationName of a wrong type", "POST", `{"query":"{heavy}","operationName":1}`, jsonBody, 400, "REQUEST"},
		{"extensions of a wrong type", "POST", `{"query":"{heavy}","extensions":[]}`, jsonBody, 400, "REQUEST"},
		{"nulls and unknown members", "POST", `{"query":"{heavy}","variables":null,"operationName":null,"extensions":null,"id":"1"}`, jsonBody, 200, ""},
		{"not UTF-8", "POST", "{\"query\":\"{echo(text:\\\"\xff\\\")}\"}", jsonBody, 400, "REQUEST"},
		{"NUL in a variable", "POST", `{"query":"{heavy}","variables":{"a":"\u0000"}}`, jsonBody, 400, "REQUEST"},
		{"NUL in a key", "POST", `{"query":"{heavy}","variables":{"\u0000":1}}`, jsonBody, 400, "REQUEST"},
		{"deep JSON", "POST", `{"query":"{heavy}","variables":{"a":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}}`, jsonBody, 400, "REQUEST"},
		{"very deep JSON", "POST", `{"a":` + strings.Repeat("[", 500_000) + strings.Repeat("]", 500_000) + `}`, jsonBody, 400, "REQUEST"},
		{"too large", "POST", `{"query":"{heavy}","x":"` + strings.Repeat("x", 1<<20) + `"}`, jsonBody, 413, "REQUEST"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			a := s.send(c.method, c.body, c.header)
			if a.status != c.status || a.reason() != c.reason {
				t.Errorf("got status %d, %s: want status %d, reason %q", a.status, clip(a.text, 200), c.status, c.reason)
			}
			if c.status != 200 {
				if a.code() != Invalid || a.Data != nil {
					t.Errorf("a refusal is INVALID and has no data: %s", clip(a.text, 200))
				}
				if len(a.text) > 400 {
					t.Errorf("a refusal of %d bytes repeats the request", len(a.text))
				}
			}
			if c.status == 405 && a.header.Get("Allow") != "POST" {
				t.Errorf("Allow is %q", a.header.Get("Allow"))
			}
			for name, want := range map[string]string{
				"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Accept",
			} {
				if got := a.header.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
}

// A declared length beyond the limit is refused, and so is a body without one.
func TestBodyOfUnknownLength(t *testing.T) {
	s := serve(t, Options{Limits: Limits{BodyBytes: 100}})
	body := strings.NewReader(`{"query":"{heavy}","x":"` + strings.Repeat("x", 200) + `"}`)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url, struct{ *strings.Reader }{body})
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.ContentLength = -1
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestMediaTypeOfTheAnswer(t *testing.T) {
	s := serve(t, Options{})
	for _, c := range []struct {
		accept []string
		want   string
	}{
		{nil, mediaJSON},
		{[]string{""}, mediaJSON},
		{[]string{"*/*"}, mediaJSON},
		{[]string{"application/*"}, mediaJSON},
		{[]string{"application/json"}, mediaJSON},
		{[]string{"application/graphql-response+json"}, mediaGraphQL},
		{[]string{"application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"}, mediaGraphQL},
		{[]string{"application/json, application/graphql-response+json"}, mediaJSON},
		{[]string{"application/json;q=0.5, application/graphql-response+json"}, mediaGraphQL},
		{[]string{"application/json;q=0.5", "application/graphql-response+json;q=0.6"}, mediaGraphQL},
		{[]string{"application/json;q=0, */*"}, mediaGraphQL},
		{[]string{"text/html, application/xhtml+xml, */*;q=0.8"}, mediaJSON},
		{[]string{";;, application/graphql-response+json"}, mediaGraphQL},
		{[]string{"application/json;q=7"}, ""},
	} {
		t.Run(strings.Join(c.accept, "|"), func(t *testing.T) {
			s.t = t
			header := http.Header{"Content-Type": {"application/json"}}
			if c.accept != nil {
				header["Accept"] = c.accept
			}
			a := s.send(http.MethodPost, echo, header)
			if c.want == "" {
				if a.status != http.StatusNotAcceptable {
					t.Errorf("status %d", a.status)
				}
				return
			}
			if got := a.header.Get("Content-Type"); got != c.want+"; charset=utf-8" || a.status != http.StatusOK {
				t.Errorf("status %d, %s", a.status, got)
			}
		})
	}
}

// With application/json a well-formed request is answered with 200 whatever becomes of it; the newer media
// type tells refusals before execution apart.
func TestStatusOfRefusals(t *testing.T) {
	s := serve(t, Options{})
	for _, c := range []struct {
		name, query string
		graphql     int
	}{
		{"syntax", "{", 400},
		{"validation", "{nothing}", 400},
		{"variables", "query($a:String!){echo(text:$a)}", 400},
		{"too complex", "{" + strings.Repeat("heavy ", 51) + "}", 400},
		{"a resolver's error", `{fail(how:"forbidden"){id}}`, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			s.resolver.Fail = failures
			body, err := json.Marshal(map[string]any{"query": c.query})
			if err != nil {
				t.Fatal(err)
			}
			for media, want := range map[string]int{mediaJSON: 200, mediaGraphQL: c.graphql} {
				a := s.send(http.MethodPost, string(body), http.Header{"Content-Type": {mediaJSON}, "Accept": {media}})
				if a.status != want || len(a.Errors) == 0 {
					t.Errorf("%s: status %d, want %d: %s", media, a.status, want, a.text)
				}
				if executed := want == 200 && c.graphql == 200; (a.Data != nil) != executed {
					t.Errorf("%s: data only when executed: %s", media, a.text)
				}
			}
		})
	}
}

// The body cannot set headers: what resolvers see of them comes from HTTP.
func TestHeadersComeFromHTTP(t *testing.T) {
	seen := &headersSeen{}
	s := serve(t, Options{Extensions: seen.extensions()})
	s.send(http.MethodPost, `{"query":"{heavy}","headers":{"Authorization":["Bearer forged"]},"Headers":{"Authorization":["Bearer forged"]}}`,
		http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer own"}})
	if got := seen.header.Values("Authorization"); len(got) != 1 || got[0] != "Bearer own" {
		t.Errorf("resolvers see %q", got)
	}
}

func TestOperationName(t *testing.T) {
	s := serve(t, Options{})
	two := `query A{heavy} query B{echo(text:\"b\")}`
	for _, c := range []struct{ body, want string }{
		{`{"query":"` + two + `","operationName":"B"}`, `{"data":{"echo":"b"}}`},
		{`{"query":"query A{heavy}","operationName":""}`, `{"data":{"heavy":1}}`},
		{`{"query":"` + two + `"}`, "operationName"},
		{`{"query":"` + two + `","operationName":"C"}`, "operationName"},
		{`{"query":"query A{heavy}","operationName":"C"}`, "operationName"},
	} {
		a := s.send(http.MethodPost, c.body, http.Header{"Content-Type": {"application/json"}})
		if !strings.Contains(a.text, c.want) {
			t.Errorf("%s: got %s", c.body, a.text)
		}
	}
}

// For the layers around the handler.
func TestWriteErrorHasTheForm(t *testing.T) {
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
	WriteError(w, r, http.StatusUnauthorized, Errorf(Unauthenticated, "登录已过期,请重新登录"))
	if got, want := w.Body.String(), `{"errors":[{"message":"登录已过期,请重新登录","extensions":{"code":"UNAUTHENTICATED"}}]}`; got != want || w.Code != 401 {
		t.Errorf("%d %s", w.Code, got)
	}
}

func TestStatusOfCodes(t *testing.T) {
	for code, want := range map[Code]int{
		Unauthenticated: 401, Forbidden: 403, NotFound: 400, Invalid: 400, Conflict: 400,
		RateLimited: 429, TooComplex: 400, Internal: 500, Timeout: 504,
	} {
		if got := code.status(); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}
