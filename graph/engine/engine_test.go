package engine

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/graph/engine/internal/testschema"
)

// server is an engine on a loopback address with what its tests look at.
type server struct {
	t        *testing.T
	url      string
	resolver *testschema.Resolver
	log      *bytes.Buffer
}

func serve(t *testing.T, opts Options) *server {
	t.Helper()
	s := &server{t: t, resolver: &testschema.Resolver{}, log: &bytes.Buffer{}}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.NewTextHandler(s.log, nil))
	}
	listening := httptest.NewServer(New(testschema.New(s.resolver), opts))
	t.Cleanup(listening.Close)
	s.url = listening.URL
	return s
}

// answer is what comes back.
type answer struct {
	status int
	header http.Header
	text   string
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Locations  []struct{ Line, Column int }
		Extensions struct {
			Code, Reason, RequestID string
			Fields                  []FieldError
		}
	}
	Extensions map[string]any
}

// code is that of the first error.
func (a *answer) code() Code {
	if len(a.Errors) == 0 {
		return ""
	}
	return Code(a.Errors[0].Extensions.Code)
}

func (a *answer) reason() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Reason
}

// send sends a request and reads the answer, which must be JSON.
func (s *server) send(method, body string, header http.Header) *answer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header = header
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return parseAnswer(s.t, res.StatusCode, res.Header, text)
}

func parseAnswer(t *testing.T, status int, header http.Header, text []byte) *answer {
	t.Helper()
	a := &answer{status: status, header: header, text: string(text)}
	if err := json.Unmarshal(text, a); err != nil {
		t.Fatalf("status %d, not JSON: %v: %s", status, err, clip(a.text, 200))
	}
	return a
}

// ask posts an operation with its variables as an ordinary client does.
func (s *server) ask(query string, variables map[string]any) *answer {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.send(http.MethodPost, string(body), http.Header{"Content-Type": {"application/json"}})
}

// contract is the query other programs rely on.
const contract = `
query First($code: Code!) {
  division(code: $code) {
    id code name fullName level
    parent { code name } ancestors { code name level }
    children(first: 100) { totalCount edges { node { code name level } } pageInfo { hasNextPage endCursor } }
    stations(first: 20) { totalCount edges { node { id name kind } } }
    roster { level mandates }
  }
}`

func TestContractIsAnswered(t *testing.T) {
	s := serve(t, Options{})
	a := s.ask(contract, map[string]any{"code": "430121000000"})
	if a.status != http.StatusOK || len(a.Errors) > 0 {
		t.Fatalf("status %d, errors %+v", a.status, a.Errors)
	}
	var data struct {
		Division struct {
			Code, Name string
			Children   struct{ Edges []any }
		}
	}
	if err := json.Unmarshal(a.Data, &data); err != nil {
		t.Fatal(err)
	}
	if d := data.Division; d.Code != "430121000000" || d.Name != "长沙县" || len(d.Children.Edges) != 100 {
		t.Errorf("got %s", clip(a.text, 300))
	}
}
