package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/lianluo/lianluo/graph/engine/internal/testschema"
)

// headersSeen is an extension that keeps the headers an operation is run with.
type headersSeen struct{ header http.Header }

func (*headersSeen) ExtensionName() string                   { return "HeadersSeen" }
func (*headersSeen) Validate(graphql.ExecutableSchema) error { return nil }
func (h *headersSeen) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	h.header = graphql.GetOperationContext(ctx).Headers.Clone()
	return next(ctx)
}

func (h *headersSeen) extensions() []graphql.HandlerExtension { return []graphql.HandlerExtension{h} }

const secret = "host=10.0.0.7 password=hunter2"

// failures are what the resolvers of the tests fail with.
func failures(ctx context.Context, how string) error {
	switch how {
	case "forbidden":
		return Errorf(Forbidden, "不能修改上级的站点")
	case "field":
		return InvalidField(Path{"input", "items", 3, "name"}, "TOO_LONG", "名称最多 60 字")
	case "wrapped":
		return fmt.Errorf("station: %w", Errorf(Conflict, "站点已被他人修改"))
	case "rate limited":
		return &Error{Code: RateLimited, Message: "操作过于频繁", RetryAfter: 180}
	case "mapped":
		return fmt.Errorf("find: %w", testschema.ErrMissing)
	case "internal":
		return errors.New(secret)
	case "said to be internal":
		return Errorf(Internal, secret)
	case "unknown code":
		return Errorf("TEAPOT", secret)
	case "graphql error":
		return gqlerror.Errorf(secret)
	case "graphql error with a code":
		return &gqlerror.Error{Message: secret, Extensions: map[string]any{"code": "NOT_FOUND"}}
	case "panic":
		panic(secret)
	case "wait":
		<-ctx.Done()
		return fmt.Errorf("query: %w", ctx.Err())
	case "wait, then a driver's own error":
		<-ctx.Done()
		return errors.New("pq: canceling statement due to user request")
	}
	return errors.New(secret)
}

func mapMissing(err error) *Error {
	if errors.Is(err, testschema.ErrMissing) {
		return Errorf(NotFound, "没有这个区划")
	}
	return nil
}

func TestErrorsOfResolvers(t *testing.T) {
	s := serve(t, Options{MapError: mapMissing, RequestID: func(context.Context) string { return "req-1" }})
	s.resolver.Fail = failures
	internal := `"message":"服务器内部错误,请稍后再试","path":["fail"],"locations":[{"line":1,"column":2}],"extensions":{"code":"INTERNAL","requestId":"req-1"}`
	for how, want := range map[string]string{
		"forbidden": `"message":"不能修改上级的站点","path":["fail"],"locations":[{"line":1,"column":2}],"extensions":{"code":"FORBIDDEN"}`,
		"field": `"message":"名称最多 60 字","path":["fail"],"locations":[{"line":1,"column":2}],"extensions":{"code":"INVALID",` +
			`"fields":[{"path":["input","items",3,"name"],"code":"TOO_LONG","message":"名称最多 60 字"}]}`,
		"rate limited":              `"message":"操作过于频繁","path":["fail"],"locations":[{"line":1,"column":2}],"extensions":{"code":"RATE_LIMITED","retryAfter":180}`,
		"wrapped":                   `"message":"站点已被他人修改","path":["fail"],"locations":[{"line":1,"column":2}],"extensions":{"code":"CONFLICT"}`,
		"mapped":                    `"message":"没有这个区划","path":["fail"],"locations":[{"line":1,"column":2}],"extensions":{"code":"NOT_FOUND"}`,
		"internal":                  internal,
		"said to be internal":       internal,
		"unknown code":              internal,
		"graphql error":             internal,
		"graphql error with a code": internal,
		"panic":                     `"message":"服务器内部错误,请稍后再试","path":["fail"],"extensions":{"code":"INTERNAL","requestId":"req-1"}`,
	} {
		t.Run(how, func(t *testing.T) {
			s.t = t
			s.log.Reset()
			a := s.ask(fmt.Sprintf(`{fail(how:%q){id}}`, how), nil)
			if full := `{"errors":[{` + want + `}],"data":{"fail":null}}`; a.text != full {
				t.Errorf("got  %s\nwant %s", a.text, full)
			}
			logged := s.log.String()
			if fault := strings.Contains(want, "INTERNAL"); fault != strings.Contains(logged, "hunter2") || fault != strings.Contains(logged, "request=req-1") {
				t.Errorf("internal causes, and only these, are logged with the request's id: %q", logged)
			}
			if how == "panic" && !strings.Contains(logged, "present_test.go") {
				t.Errorf("a panic is logged with its stack: %q", logged)
			}
		})
	}
}

// The errors of reading arguments happen before the resolver and are the client's.
func TestErrorsOfArguments(t *testing.T) {
	s := serve(t, Options{})
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		fields      string
		path        string
	}{
		{"a literal", `{division(code:"43"){id}}`, nil, `[{"path":["code"],"code":"TYPE","message":"a code has twelve digits"}]`, `["division"]`},
		{
			"a variable", `query($c:Code!){division(code:$c){id}}`,
			map[string]any{"c": "43"},
			`[{"path":["code"],"code":"TYPE","message":"a code has twelve digits"}]`, `["division"]`,
		},
		{
			"a variable of another kind", `query($c:Code!){division(code:$c){id}}`,
			map[string]any{"c": 43},
			`[{"path":["code"],"code":"TYPE","message":"a code is a text, not json.Number"}]`, `["division"]`,
		},
		{
			"in a list in an object", `query($f:Filter){a:search(filter:$f){id}}`,
			map[string]any{"f": map[string]any{"codes": []any{"430121000000", "43"}}},
			`[{"path":["filter","codes",1],"code":"TYPE","message":"a code has twelve digits"}]`, `["a"]`,
		},
		{
			"a number", `{division(code:7){id}}`, nil,
			`[{"path":["code"],"code":"TYPE","message":"a code is a text, not int64"}]`, `["division"]`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			before := s.resolver.Calls.Load()
			a := s.ask(c.query, c.variables)
			if a.code() != Invalid || a.reason() != reasonArguments || !strings.Contains(a.text, `"fields":`+c.fields) || !strings.Contains(a.text, `"path":`+c.path+`,`) {
				t.Errorf("got %s", a.text)
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

// record answers a request without a network, for tests on the clock of a bubble.
func record(ctx context.Context, t *testing.T, h http.Handler, query string) *answer {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	h.ServeHTTP(w, r)
	return parseAnswer(t, w.Code, w.Header(), w.Body.Bytes())
}

func TestTimeout(t *testing.T) {
	for _, how := range []string{"wait", "wait, then a driver's own error"} {
		synctest.Test(t, func(t *testing.T) {
			h := New(testschema.New(&testschema.Resolver{Fail: failures}), Options{Timeout: 3 * time.Second, Logger: slog.New(slog.DiscardHandler)})
			start := time.Now()
			a := record(t.Context(), t, h, fmt.Sprintf(`{fail(how:%q){id} heavy}`, how))
			if a.code() != Timeout || len(a.Errors) != 1 || string(a.Data) != `{"fail":null,"heavy":1}` {
				t.Errorf("%s: got %s", how, a.text)
			}
			if took := time.Since(start); took != 3*time.Second {
				t.Errorf("%s: took %v", how, took)
			}
		})
	}
}

func TestContextThatHasEnded(t *testing.T) {
	h := New(testschema.New(&testschema.Resolver{}), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if a := record(ctx, t, h, `{heavy}`); a.code() != Timeout || a.status != http.StatusGatewayTimeout || a.Data != nil {
		t.Errorf("got %d %s", a.status, a.text)
	}
}

// A list whose every item fails is answered with some of the errors and the number of the others, in the
// order of the list, and fills no log.
func TestManyErrors(t *testing.T) {
	s := serve(t, Options{RequestID: func(context.Context) string { return "r" }})
	s.resolver.Fail = failures
	a := s.ask(`{failing{broken}}`, nil)
	if len(a.Errors) != DefaultLimits().Errors || a.Extensions["omittedErrors"] != float64(200) {
		t.Errorf("%d errors, extensions %v", len(a.Errors), a.Extensions)
	}
	if n := strings.Count(s.log.String(), "graphql: internal error"); n != loggedPerRequest {
		t.Errorf("%d lines in the log", n)
	}
	for i := 1; i < len(a.Errors); i++ {
		if fmt.Sprint(a.Errors[i-1].Path) == fmt.Sprint(a.Errors[i].Path) {
			t.Errorf("error %d has the path of the one before", i)
		}
	}
}

// Fields are resolved in any order; the answer is the same each time.
func TestAnswersAreDeterministic(t *testing.T) {
	s := serve(t, Options{RequestID: func(context.Context) string { return "r" }, Limits: Limits{Errors: 1000}})
	s.resolver.Fail = failures
	first := s.ask(`{failing{broken} b:fail(how:"panic"){id} a:fail(how:"forbidden"){id}}`, nil).text
	for range 5 {
		if again := s.ask(`{failing{broken} b:fail(how:"panic"){id} a:fail(how:"forbidden"){id}}`, nil).text; again != first {
			t.Fatalf("answers differ:\n%s\n%s", clip(first, 500), clip(again, 500))
		}
	}
}

// A panic outside the resolvers is answered in the same form.
func TestPanicOutsideResolvers(t *testing.T) {
	s := serve(t, Options{Extensions: []graphql.HandlerExtension{panics{}}, RequestID: func(context.Context) string { return "r" }})
	a := s.ask(`{heavy}`, nil)
	if a.status != http.StatusInternalServerError || a.text != `{"errors":[{"message":"服务器内部错误,请稍后再试","extensions":{"code":"INTERNAL","requestId":"r"}}]}` {
		t.Errorf("got %d %s", a.status, a.text)
	}
	if !strings.Contains(s.log.String(), "hunter2") || !strings.Contains(a.header.Get("Content-Type"), mediaJSON) {
		t.Errorf("log %q, header %v", s.log, a.header)
	}
}

type panics struct{}

func (panics) ExtensionName() string                   { return "Panics" }
func (panics) Validate(graphql.ExecutableSchema) error { return nil }
func (panics) InterceptOperation(context.Context, graphql.OperationHandler) graphql.ResponseHandler {
	panic(secret)
}

func TestRequestsAreNamed(t *testing.T) {
	s := serve(t, Options{})
	s.resolver.Fail = failures
	a, b := s.ask(`{fail(how:"internal"){id}}`, nil), s.ask(`{fail(how:"internal"){id}}`, nil)
	x, y := a.Errors[0].Extensions.RequestID, b.Errors[0].Extensions.RequestID
	if x == "" || x == y {
		t.Errorf("names %q and %q", x, y)
	}
	if !strings.Contains(s.log.String(), x) || !strings.Contains(s.log.String(), y) {
		t.Errorf("the log has no %s or %s: %s", x, y, s.log)
	}
}
