package app_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/app/apitest"
)

// attack is one attempt at what is not allowed, as data.
type attack struct {
	// name is its own: no two attacks have the same.
	name string
	// control is the positive control, sent first: what differs from the attack by what is attacked alone, and succeeds.
	control sending
	// shows, if any, must stand in the control's answer.
	shows string
	// change, if any, happens between the control and the attack.
	change func(t *testing.T)
	// sent is the attack, want what must come back.
	sent sending
	want verdict
	// also, if any, looks at what the answer alone does not show.
	also func(t *testing.T, got reply)
}

// sending is a request. Its zero value is a POST of nothing to the API.
type sending struct {
	method, path string
	// token is sent as a bearer's unless it is empty.
	token string
	// header is set beside; a Content-Type of JSON is sent unless it has one (nil for none at all).
	header http.Header
	body   io.Reader
	text   string
}

// operation is the request of an ordinary client.
func operation(token, query string, vars apitest.Vars) sending {
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		panic(err)
	}
	return sending{token: token, text: string(body)}
}

// with is the request with one more header.
func (s sending) with(name string, values ...string) sending {
	header := s.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header[name] = values
	s.header = header
	return s
}

// verdict is what must come back.
type verdict struct {
	status int
	// code is that of the first error, reason its extensions.reason; "" for none.
	code, reason string
	// like, if any, is a request that must be answered to the letter as the attack is: what is denied reads as what never was.
	like *sending
	// statements is how many may be sent to the database at most.
	statements int64
	// tokens and nodes are how much of documents may be read and visited at most; 0 for what the engine's limits say.
	tokens, nodes int64
	// secrets must stand neither in the body nor in the headers.
	secrets []string
}

// anyStatements is for attacks that are refused by what the database says.
const anyStatements = 1 << 30

// reply is what came back.
type reply struct {
	apitest.Answer
	header http.Header
	// reason is the first error's extensions.reason.
	reason string
	// statements, tokens and nodes are what answering took.
	statements, tokens, nodes int64
}

// attackGroup is a part of the suite. make sets a server up and tells the attacks on it.
type attackGroup struct {
	name string
	make func(t *testing.T) (*apitest.Server, []attack)
}

// attackGroups are the parts of the suite.
var attackGroups = []attackGroup{
	{"tokens", tokenAttacks},
	{"engine", engineAttacks},
	{"nodes", isolationGroup((*isolation).nodesOfOthers, (*isolation).nodesAmongOwn, (*isolation).retyped, (*isolation).oddIDs)},
	{"lists", isolationGroup((*isolation).between, (*isolation).cursors)},
	{"searches", isolationGroup((*isolation).searchTricks, (*isolation).bisection)},
	{"foreign keys", isolationGroup((*isolation).hanging, (*isolation).bulk, (*isolation).oracles)},
	{"sums", isolationGroup((*isolation).sums)},
	{"addresses", isolationGroup((*isolation).files)},
	{"strangers", isolationGroup((*isolation).strangers)},
	{"live changes", liveAttacks},
}

// fewestAttacks is how many the suite has at least.
const fewestAttacks = 100

// attackTally counts what was tried and what came of it. A leak is an answer that tells what it must not, a failure any other that
// is not as it should be.
type attackTally struct {
	names           map[string]int
	groups          []string
	leaks, failures int
}

// String is the line people look for.
func (y *attackTally) String() string {
	return fmt.Sprintf("attack suite: %d cases (%s), %d leaks, %d failures", len(y.names), strings.Join(y.groups, ", "), y.leaks, y.failures)
}

// TestAttacks carries every attack out against the real handler, each after its positive control.
func TestAttacks(t *testing.T) {
	y := &attackTally{names: map[string]int{}}
	for _, g := range attackGroups {
		t.Run(g.name, func(t *testing.T) {
			server, attacks := g.make(t)
			y.groups = append(y.groups, fmt.Sprintf("%s %d", g.name, len(attacks)))
			for _, a := range attacks {
				y.names[a.name]++
				t.Run(a.name, func(t *testing.T) { y.carryOut(t, server, a) })
			}
		})
	}
	t.Log(y)
	for name, n := range y.names {
		if n > 1 {
			t.Errorf("%d attacks have the name %q", n, name)
		}
	}
	// With -run a part may be left out.
	if len(y.groups) == len(attackGroups) && len(y.names) < fewestAttacks {
		t.Errorf("only %d attacks", len(y.names))
	}
}

// leak and fail note what is wrong.
func (y *attackTally) leak(t *testing.T, format string, args ...any) {
	t.Helper()
	y.leaks++
	t.Errorf("leak: "+format, args...)
}

func (y *attackTally) fail(t *testing.T, format string, args ...any) {
	t.Helper()
	y.failures++
	t.Errorf(format, args...)
}

// carryOut tries one attack.
func (y *attackTally) carryOut(t *testing.T, server *apitest.Server, a attack) {
	good := sendTo(t, server, a.control)
	if good.Status != http.StatusOK || len(good.Errors) > 0 || string(good.Data) == "" || string(good.Data) == "null" {
		y.fail(t, "the control is answered %d %.300s", good.Status, good.Body)
	}
	if a.shows != "" && !strings.Contains(good.Body, a.shows) {
		y.fail(t, "the control does not show %s: %.300s", a.shows, good.Body)
	}
	if a.change != nil {
		a.change(t)
	}
	got := sendTo(t, server, a.sent)
	if got.Status != a.want.status || got.Code() != a.want.code || a.want.reason != "" && got.reason != a.want.reason {
		y.fail(t, "answered %d %.300s; want %d %s %s", got.Status, got.Body, a.want.status, a.want.code, a.want.reason)
	}
	if a.want.code != "" && tells(got.Data) {
		y.leak(t, "a refusal has data: %.300s", got.Body)
	}
	for _, secret := range append(slices.Clone(a.want.secrets), internals...) {
		if strings.Contains(got.Body, secret) {
			y.leak(t, "the answer has %q: %.300s", secret, got.Body)
		}
		for name, values := range got.header {
			if strings.Contains(strings.Join(values, "\n"), secret) {
				y.leak(t, "the header %s has %q", name, secret)
			}
		}
	}
	if got.statements > a.want.statements {
		y.fail(t, "%d statements, at most %d", got.statements, a.want.statements)
	}
	if most := orMost(a.want.tokens, mostTokens); got.tokens > most {
		y.fail(t, "%d tokens were read, at most %d", got.tokens, most)
	}
	if most := orMost(a.want.nodes, mostNodes); got.nodes > most {
		y.fail(t, "%d nodes were visited, at most %d", got.nodes, most)
	}
	if a.want.like != nil {
		other := sendTo(t, server, *a.want.like)
		if got.Status != other.Status || withoutRequest(got.Body) != withoutRequest(other.Body) {
			y.leak(t, "answered %d %.300s\nbut of what never was %d %.300s", got.Status, got.Body, other.Status, other.Body)
		}
	}
	if a.also != nil {
		a.also(t, got)
	}
}

// tells tells whether an answer has data beside nulls.
func tells(data json.RawMessage) bool {
	var v any
	if json.Unmarshal(data, &v) != nil {
		return len(data) > 0
	}
	var holds func(any) bool
	holds = func(v any) bool {
		switch v := v.(type) {
		case map[string]any:
			return slices.ContainsFunc(slices.Collect(maps.Values(v)), holds)
		case []any:
			return slices.ContainsFunc(v, holds)
		}
		return v != nil
	}
	return holds(v)
}

// internals are words of the platform's inside, and the folders it was built from and keeps files in, which no answer has.
var internals = func() []string {
	here, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	sources := filepath.Dir(filepath.Dir(here))
	return []string{
		"goroutine ", ".go:", "runtime error", "panic", "interface {}", "map[string]", "*gen.", "gqlerror", "encoding/json", "jwt:", "ed25519",
		"pq:", "SQLSTATE", "SELECT ", "row-level security", "row_level", "/lianluo/", "key-0001.pem",
		filepath.Join(sources, "server"), filepath.Join(sources, "ent"), filepath.Join(sources, "graph"), filepath.Clean(os.TempDir()) + string(filepath.Separator),
	}
}()

// mostTokens and mostNodes are the engine's own limits: a token more is read to know that they are too many, and every selection is
// visited once before the steps of validation are counted.
const (
	mostTokens = 15_001
	mostNodes  = 15_000 + 20_000
)

func orMost(n, most int64) int64 {
	if n == 0 {
		return most
	}
	return n
}

// sendTo sends a request and reads whatever comes.
func sendTo(t testing.TB, server *apitest.Server, s sending) reply {
	t.Helper()
	method, path, body := s.method, s.path, s.body
	if method == "" {
		method = http.MethodPost
	}
	if path == "" {
		path = "/graphql"
	}
	if body == nil {
		body = strings.NewReader(s.text)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	for name, values := range s.header {
		req.Header[name] = values
	}
	before, tokens, nodes := server.Statements(), server.Work.Tokens.Load(), server.Work.Nodes.Load()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := reply{
		Answer: apitest.Answer{Status: res.StatusCode, Body: string(text)}, header: res.Header,
		statements: server.Statements() - before, tokens: server.Work.Tokens.Load() - tokens, nodes: server.Work.Nodes.Load() - nodes,
	}
	// What is no JSON has no code, which the verdict tells.
	if json.Unmarshal(text, &got.Answer) != nil {
		return got
	}
	var reasons struct {
		Errors []struct{ Extensions struct{ Reason string } }
	}
	if json.Unmarshal(text, &reasons) == nil && len(reasons.Errors) > 0 {
		got.reason = reasons.Errors[0].Extensions.Reason
	}
	return got
}
