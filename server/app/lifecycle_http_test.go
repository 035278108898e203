package app

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/lianluo/lianluo/server/config"
)

// testConfig is a configuration that listens on a free port of this machine.
func testConfig() config.Config {
	cfg := config.Default()
	cfg.Addr = "127.0.0.1:0"
	return cfg
}

// newClient makes a client that leaves no goroutine behind.
func newClient(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// get asks for a path and returns status, header and body.
func get(t *testing.T, client *http.Client, url string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(body)
}

// dial connects to the host of a URL.
func dial(t *testing.T, url string) (net.Conn, error) {
	t.Helper()
	return new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
}

// startHTTP runs listen and serve with a handler; the returned stop ends them and gives the error of the run.
func startHTTP(t *testing.T, timeout time.Duration, handler http.Handler) (url string, stop func() error) {
	t.Helper()
	ctx, fail := withFailure(t.Context())
	web := newHTTPServer(testConfig(), discard, fail)
	ready, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- runComponents(ctx, discard, timeout, web.listen(),
			web.serve(func() (http.Handler, error) { return handler, nil }),
			component{name: "ready", start: func(context.Context) error { close(ready); return nil }})
	}()
	select {
	case <-ready:
	case err := <-done:
		t.Fatalf("the server did not start: %v", err)
	}
	return web.url(), func() error { fail(nil); return <-done }
}

func TestHTTPServesUntilStopped(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	client := newClient(t)
	url, stop := startHTTP(t, time.Minute, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "served")
	}))
	if strings.HasSuffix(url, ":0") || !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Errorf("the address announced is not the real one: %s", url)
	}
	if status, _, body := get(t, client, url); status != http.StatusOK || body != "served" {
		t.Errorf("got %d %q", status, body)
	}
	if err := stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	client.CloseIdleConnections()
	if conn, err := dial(t, url); err == nil {
		_ = conn.Close()
		t.Error("the port still answers after the stop")
	}
	goleak.VerifyNone(t, leaks)
}

func TestRequestUnderWayIsFinished(t *testing.T) {
	entered, finish := make(chan struct{}), make(chan struct{})
	url, stop := startHTTP(t, time.Minute, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-finish
		if err := r.Context().Err(); err != nil {
			t.Errorf("the request's context ended with the server's: %v", err)
		}
		_, _ = io.WriteString(w, "finished")
	}))
	answer := make(chan string, 1)
	client := newClient(t)
	go func() {
		resp, err := client.Get(url) //nolint:noctx // it must outlive the server's context, which is the point
		if err != nil {
			answer <- err.Error()
			return
		}
		defer func() { _ = resp.Body.Close() }()
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	<-entered
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	// The port is closed at once, while the request is still under way.
	for conn, err := dial(t, url); err == nil; conn, err = dial(t, url) {
		_ = conn.Close()
	}
	close(finish)
	if got := <-answer; got != "finished" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestRequestThatTakesTooLongIsCutOff(t *testing.T) {
	entered, ended := make(chan struct{}), make(chan error, 1)
	url, stop := startHTTP(t, time.Millisecond, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
		ended <- r.Context().Err()
	}))
	conn, err := dial(t, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: test\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-entered
	if err := stop(); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("stop: %v", err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the handler's context ended with %v", err)
	}
	if _, err := bufio.NewReader(conn).ReadByte(); err == nil {
		t.Error("the connection still answers")
	}
}

func TestAddressInUseIsToldFirst(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	cfg := testConfig()
	cfg.Addr = taken.Addr().String()
	ctx, fail := withFailure(t.Context())
	defer fail(nil)
	var j journal
	err = runComponents(ctx, discard, time.Minute, newHTTPServer(cfg, discard, fail).listen(), j.part("database", nil, nil))
	if err == nil || !strings.Contains(err.Error(), "address already in use") || !strings.Contains(err.Error(), cfg.Addr) {
		t.Errorf("got %v", err)
	}
	if len(j.lines) > 0 {
		t.Errorf("something was started before the address was known to be free: %v", j.lines)
	}
}

func TestHandlerThatCannotBeBuilt(t *testing.T) {
	ctx, fail := withFailure(t.Context())
	defer fail(nil)
	web := newHTTPServer(testConfig(), discard, fail)
	broken := errors.New("broken")
	err := runComponents(ctx, discard, time.Minute, web.listen(), web.serve(func() (http.Handler, error) { return nil, broken }))
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if conn, err := dial(t, web.url()); err == nil {
		_ = conn.Close()
		t.Error("the port was not given back")
	}
}

func TestListenerThatBreaksEndsTheServer(t *testing.T) {
	ctx, fail := withFailure(t.Context())
	defer fail(nil)
	web := newHTTPServer(testConfig(), discard, fail)
	err := runComponents(ctx, discard, time.Minute, web.listen(),
		web.serve(func() (http.Handler, error) { return http.NotFoundHandler(), nil }),
		component{name: "saboteur", start: func(context.Context) error { return web.listener.Close() }})
	if err == nil || !strings.Contains(err.Error(), "serve http") {
		t.Errorf("got %v", err)
	}
}

func TestURL(t *testing.T) {
	for addr, want := range map[string]string{"127.0.0.1:0": "http://127.0.0.1:", "localhost:0": "http://127.0.0.1:"} {
		cfg := testConfig()
		cfg.Addr = addr
		web := newHTTPServer(cfg, discard, func(error) {})
		listen := web.listen()
		if err := listen.start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := web.url(); !strings.HasPrefix(got, want) || strings.HasSuffix(got, ":0") {
			t.Errorf("%s is announced as %s", addr, got)
		}
		if err := listen.stop(t.Context()); err != nil {
			t.Error(err)
		}
		if err := listen.stop(t.Context()); err != nil {
			t.Errorf("second stop: %v", err)
		}
	}
}
