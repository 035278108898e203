package engine

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/graph/engine/enginetest"
)

// echo asks for one field.
const echo = `{"query":"{echo(text:\"ok\")}"}`

func TestRequestsOverHTTP(t *testing.T) {
	s := serve(t, Options{})
	type request struct {
		enginetest.Request
		reason string
	}
	answered := func(name, body string, pairs ...string) request {
		header := enginetest.JSON()
		for i := 0; i < len(pairs); i += 2 {
			header.Set(pairs[i], pairs[i+1])
		}
		return request{enginetest.Request{Name: name, Method: http.MethodPost, Body: body, Header: header, Status: http.StatusOK}, ""}
	}
	requests := []request{
		answered("plain", echo), answered("a charset", echo, "Content-Type", "application/json; charset=UTF-8"),
		answered("not compressed", echo, "Content-Encoding", "identity"),
		answered("nulls and unknown members", `{"query":"{heavy}","variables":null,"operationName":null,"extensions":null,"id":"1"}`),
	}
	for _, r := range enginetest.Requests() {
		requests = append(requests, request{r, "REQUEST"})
	}
	for _, c := range requests {
		t.Run(c.Name, func(t *testing.T) {
			s.t = t
			a := s.send(c.Method, c.Body, c.Header)
			if a.status != c.Status || a.reason() != c.reason {
				t.Errorf("got status %d, %s: want status %d, reason %q", a.status, clip(a.text, 200), c.Status, c.reason)
			}
			if c.Status != 200 {
				if a.code() != Invalid || a.Data != nil {
					t.Errorf("a refusal is INVALID and has no data: %s", clip(a.text, 200))
				}
				if len(a.text) > 400 {
					t.Errorf("a refusal of %d bytes repeats the request", len(a.text))
				}
			}
			if c.Status == 405 && a.header.Get("Allow") != "POST" {
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
