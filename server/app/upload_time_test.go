package app

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// slowly gives its text a byte at a time.
type slowly struct{ text *strings.Reader }

func (s slowly) Read(p []byte) (int, error) {
	time.Sleep(60 * time.Millisecond)
	return s.text.Read(p[:1])
}

// TestUploadsMayTakeLonger: a body that comes slowly is cut off, but not where files are brought.
func TestUploadsMayTakeLonger(t *testing.T) {
	read := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Context().Err() != nil {
			w.WriteHeader(http.StatusRequestTimeout)
			return
		}
		_, _ = w.Write(body)
	})
	const limit = time.Second // what a body takes that comes slowly is more
	mux := http.NewServeMux()
	mux.Handle("/quick", withDeadline(limit, read))
	mux.Handle("/slow", withUploadTime(limit, read))
	handler, err := withMiddleware(mux, discard, nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg := testConfig()
	cfg.RequestTimeout = limit
	ctx, fail := withFailure(t.Context())
	web := newHTTPServer(cfg, discard, fail)
	ready, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- runComponents(ctx, discard, time.Minute, web.listen(),
			web.serve(func() (http.Handler, error) { return handler, nil }),
			component{name: "ready", start: func(context.Context) error { close(ready); return nil }})
	}()
	<-ready
	client := newClient(t)
	send := func(path string) (int, string, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, web.url()+path, slowly{strings.NewReader("twenty-five bytes of text")})
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err != nil {
			return 0, "", err
		}
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(res.Body)
		return res.StatusCode, string(body), err
	}
	if status, body, err := send("/slow"); status != http.StatusOK || body != "twenty-five bytes of text" {
		t.Errorf("where files are brought: %d %q %v", status, body, err)
	}
	if status, _, err := send("/quick"); err == nil && status != http.StatusRequestTimeout {
		t.Errorf("elsewhere: %d", status)
	}
	fail(nil)
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
