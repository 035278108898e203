package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lianluo/lianluo/ent/viewer"
)

const portal = "https://portal.example.cn"

// wrapped serves routes through the whole middleware and gives the server's address and its log, one JSON
// object a line. The log is complete once the answer has been read and the server is closed.
func wrapped(t *testing.T, routes http.Handler, origins ...string) (*httptest.Server, func() []map[string]any) {
	t.Helper()
	var log bytes.Buffer
	logger := requestLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	h, err := withMiddleware(routes, logger, origins)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server, func() []map[string]any {
		server.Close()
		var lines []map[string]any
		for line := range strings.Lines(log.String()) {
			var m map[string]any
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, m)
		}
		return lines
	}
}

// do sends a request with headers given as name, value, name, value … and returns the answer, its body read.
func do(t *testing.T, server *httptest.Server, method, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestAccessLog(t *testing.T) {
	authenticated := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := viewer.NewContext(r.Context(), viewer.SystemJob("test"))
			noteViewer(next).ServeHTTP(w, r.WithContext(ctx))
		})
	}
	routes := http.NewServeMux()
	routes.Handle("/graphql", authenticated(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "12345")
	})))
	routes.Handle("/healthz", liveness())
	server, lines := wrapped(t, routes)
	do(t, server, http.MethodPost, "/graphql?token=geheim", "Authorization", "Bearer geheim", requestIDHeader, "abc-1")
	do(t, server, http.MethodGet, "/healthz")

	log := lines()
	if len(log) != 2 {
		t.Fatalf("%d lines logged, want 2: %v", len(log), log)
	}
	want := map[string]any{
		"level": "INFO", "msg": "request", "method": "POST", "path": "/graphql", "status": 418.0, "bytes": 5.0,
		"subject": "job:test", "request_id": "abc-1",
	}
	for name, value := range want {
		if log[0][name] != value {
			t.Errorf("%s is %v, want %v", name, log[0][name], value)
		}
	}
	if d, ok := log[0]["duration"].(float64); !ok || d <= 0 {
		t.Errorf("duration is %v", log[0]["duration"])
	}
	if log[1]["level"] != "DEBUG" || log[1]["path"] != "/healthz" {
		t.Errorf("a health question was logged as %v", log[1])
	}
	if _, ok := log[1]["subject"]; ok {
		t.Errorf("a subject was logged where there is none: %v", log[1])
	}
	for _, line := range log {
		for name, value := range line {
			if s, ok := value.(string); ok && strings.Contains(s, "geheim") {
				t.Errorf("the log tells a secret in %s: %s", name, s)
			}
		}
	}
}

func TestRequestID(t *testing.T) {
	var inside string
	server, _ := wrapped(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { inside = requestOf(r.Context()).id }))
	for given, kept := range map[string]bool{
		"abc-1.2_3:4":            true,
		strings.Repeat("a", 64):  true,
		strings.Repeat("a", 65):  false,
		"":                       false,
		"a b":                    false,
		`a" level=ERROR msg="x`:  false,
		"中":                      false,
		"<script>alert</script>": false,
	} {
		resp, _ := do(t, server, http.MethodGet, "/", requestIDHeader, given)
		got := resp.Header.Get(requestIDHeader)
		if (got == given) != kept || got != inside || !saneRequestID.MatchString(got) {
			t.Errorf("%q: answered with %q, inside %q", given, got, inside)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	const pagePolicy = "default-src 'self'"
	routes := http.NewServeMux()
	routes.Handle("/healthz", liveness())
	routes.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", pagePolicy)
	})
	server, _ := wrapped(t, routes)
	for path, policy := range map[string]string{
		"/healthz": "default-src 'none'; frame-ancestors 'none'",
		"/nowhere": "default-src 'none'; frame-ancestors 'none'",
		"/page":    pagePolicy,
	} {
		resp, _ := do(t, server, http.MethodGet, path)
		for name, want := range map[string]string{
			"Content-Security-Policy":      policy,
			"X-Content-Type-Options":       "nosniff",
			"X-Frame-Options":              "DENY",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Cache-Control":                "no-store",
			"Access-Control-Allow-Origin":  "",
		} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
}

func TestCrossOrigin(t *testing.T) {
	for name, tc := range map[string]struct {
		allowed []string
		method  string
		headers []string
		status  int
		allow   string
	}{
		"no browser":                    {nil, http.MethodPost, nil, 200, ""},
		"own page":                      {nil, http.MethodPost, []string{"Sec-Fetch-Site", "same-origin"}, 200, ""},
		"foreign page reads":            {nil, http.MethodGet, []string{"Origin", portal, "Sec-Fetch-Site", "cross-site"}, 200, ""},
		"foreign page changes":          {nil, http.MethodPost, []string{"Origin", portal, "Sec-Fetch-Site", "cross-site"}, 403, ""},
		"foreign page of an old reader": {nil, http.MethodPost, []string{"Origin", portal}, 403, ""},
		"allowed page changes":          {[]string{portal}, http.MethodPost, []string{"Origin", portal, "Sec-Fetch-Site", "cross-site"}, 200, portal},
		"allowed page asks first": {
			[]string{portal},
			http.MethodOptions,
			[]string{"Origin", portal, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type"},
			204, portal,
		},
		"another page asks first": {
			[]string{portal},
			http.MethodOptions,
			[]string{"Origin", "https://evil.example.com", "Access-Control-Request-Method", "POST"},
			204, "",
		},
		"another page changes": {
			[]string{portal},
			http.MethodPost,
			[]string{"Origin", "https://evil.example.com", "Sec-Fetch-Site", "cross-site"},
			403, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			reached := false
			server, _ := wrapped(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }), tc.allowed...)
			resp, body := do(t, server, tc.method, "/graphql", tc.headers...)
			if resp.StatusCode != tc.status || resp.Header.Get("Access-Control-Allow-Origin") != tc.allow {
				t.Errorf("status %d, want %d; allowed %q, want %q", resp.StatusCode, tc.status, resp.Header.Get("Access-Control-Allow-Origin"), tc.allow)
			}
			if reached != (tc.status == http.StatusOK) {
				t.Errorf("the route was reached: %t", reached)
			}
			if tc.status == http.StatusForbidden && !strings.Contains(body, `"code":"FORBIDDEN"`) {
				t.Errorf("the refusal has no code: %s", body)
			}
			if got := resp.Header.Get("Access-Control-Allow-Credentials"); got != "" {
				t.Errorf("credentials are allowed: %q", got)
			}
		})
	}
}

func TestCrossOriginRefusesAMalformedOrigin(t *testing.T) {
	if _, err := withMiddleware(http.NotFoundHandler(), discard, []string{"portal.example.cn/x"}); err == nil {
		t.Error("no error")
	}
}

func TestCompression(t *testing.T) {
	long := strings.Repeat("联络站", 1000)
	routes := http.NewServeMux()
	routes.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, long) })
	routes.Handle("/short", liveness())
	server, _ := wrapped(t, routes)
	server.Client().Transport.(*http.Transport).DisableCompression = true

	resp, body := do(t, server, http.MethodGet, "/long", "Accept-Encoding", "zstd, gzip")
	if got := resp.Header.Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("encoding %q, want gzip", got)
	}
	reader, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(reader)
	if err != nil || !strings.Contains(string(plain), long) || len(body) > len(plain)/10 {
		t.Errorf("%d bytes unpack to %d: %v", len(body), len(plain), err)
	}
	for path, accept := range map[string]string{"/short": "gzip", "/long": ""} {
		if resp, _ := do(t, server, http.MethodGet, path, "Accept-Encoding", accept); resp.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s with %q was compressed", path, accept)
		}
	}
}

func TestPanicIsAnsweredAndLogged(t *testing.T) {
	server, lines := wrapped(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("geheim") }))
	resp, body := do(t, server, http.MethodPost, "/graphql", "Accept-Encoding", "gzip")
	if resp.StatusCode != http.StatusInternalServerError || !strings.Contains(body, `"code":"INTERNAL"`) || strings.Contains(body, "geheim") {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	log := lines()
	if len(log) != 2 || log[0]["msg"] != "panic" || log[0]["panic"] != "geheim" || log[0]["request_id"] == nil || log[1]["status"] != 500.0 {
		t.Errorf("logged: %v", log)
	}
}

func TestPanicInTheMiddleOfAnAnswerCutsIt(t *testing.T) {
	for name, p := range map[string]any{"panic": "half way", "abort": http.ErrAbortHandler} {
		t.Run(name, func(t *testing.T) {
			server, lines := wrapped(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, strings.Repeat("a", 100<<10))
				panic(p)
			}))
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := server.Client().Do(req)
			if err == nil {
				_, err = io.ReadAll(resp.Body)
				_ = resp.Body.Close()
			}
			if err == nil {
				t.Error("the client takes half an answer for the whole")
			}
			panics := 0
			log := lines()
			for _, line := range log {
				if line["msg"] == "panic" {
					panics++
				}
			}
			if want := map[string]int{"panic": 1, "abort": 0}[name]; panics != want || log[len(log)-1]["msg"] != "request" {
				t.Errorf("%d panics logged, want %d, and a last line for the request: %v", panics, want, log)
			}
		})
	}
}

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		h := withDeadline(15*time.Second, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			if err := r.Context().Err(); err != context.DeadlineExceeded || time.Since(begin) != 15*time.Second {
				t.Errorf("ended with %v after %s", err, time.Since(begin))
			}
		}))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil))
	})
}

// Streams and upgrades need the connection's own methods through all the wrapping.
func TestWrappingKeepsFlushAndHijack(t *testing.T) {
	server, _ := wrapped(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if _, ok := w.(http.Flusher); !ok {
			t.Error("no Flusher")
		}
		if _, ok := w.(http.Hijacker); !ok {
			t.Error("no Hijacker")
		}
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Errorf("the deadline cannot be set: %v", err)
		}
	}))
	do(t, server, http.MethodGet, "/", "Accept-Encoding", "gzip")
}

func TestRequestLoggerKeepsItsWrapping(t *testing.T) {
	var log strings.Builder
	ctx := context.WithValue(context.Background(), requestKey{}, &request{id: "id-1"})
	requestLogger(slog.New(slog.NewTextHandler(&log, nil))).With("a", 1).InfoContext(ctx, "x")
	if !strings.Contains(log.String(), "a=1 request_id=id-1") {
		t.Errorf("logged %s", log.String())
	}
}
