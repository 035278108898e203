package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLiveness(t *testing.T) {
	w := httptest.NewRecorder()
	liveness().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/healthz", nil))
	if w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != `{"status":"ok"}` {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestReadiness(t *testing.T) {
	good := func(context.Context) error { return nil }
	bad := func(context.Context) error { return errors.New("dial tcp db.internal: connection refused") }
	heeds := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	type answer struct {
		Status string            `json:"status"`
		Checks map[string]string `json:"checks"`
	}
	for name, tc := range map[string]struct {
		checks []Check
		status int
		want   answer
		takes  time.Duration
	}{
		"nothing to check": {nil, 200, answer{"ready", map[string]string{}}, 0},
		"all hold": {
			[]Check{{"database", good}, {"migrations", good}},
			200,
			answer{"ready", map[string]string{"database": "ok", "migrations": "ok"}},
			0,
		},
		"one fails": {
			[]Check{{"database", good}, {"migrations", bad}},
			503,
			answer{"unready", map[string]string{"database": "ok", "migrations": "failed"}},
			0,
		},
		"both fail": {
			[]Check{{"database", bad}, {"migrations", bad}},
			503,
			answer{"unready", map[string]string{"database": "failed", "migrations": "failed"}},
			0,
		},
		"one is slow": {
			[]Check{{"database", heeds}, {"migrations", good}},
			503,
			answer{"unready", map[string]string{"database": "timeout", "migrations": "ok"}},
			checkTimeout,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log strings.Builder
				w := httptest.NewRecorder()
				begin := time.Now()
				readiness(slog.New(slog.NewTextHandler(&log, nil)), tc.checks...).
					ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
				if took := time.Since(begin); took != tc.takes {
					t.Errorf("took %s, want %s", took, tc.takes)
				}
				var got answer
				if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tc.want, got); diff != "" || w.Code != tc.status {
					t.Errorf("status %d, want %d; answer (-want +got):\n%s", w.Code, tc.status, diff)
				}
				if strings.Contains(w.Body.String(), "internal") {
					t.Errorf("the answer tells the inside: %s", w.Body)
				}
				if logged := strings.Contains(log.String(), "not ready"); logged != (tc.status != 200) {
					t.Errorf("logged: %s", log.String())
				}
			})
		})
	}
}

func TestCheckThatIgnoresItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		stuck := func(context.Context) error { <-release; return nil }
		w := httptest.NewRecorder()
		begin := time.Now()
		readiness(discard, Check{"database", stuck}).
			ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
		if took := time.Since(begin); took != checkTimeout || w.Code != http.StatusServiceUnavailable {
			t.Errorf("status %d after %s", w.Code, took)
		}
		if !strings.Contains(w.Body.String(), `"database":"timeout"`) {
			t.Errorf("got %s", w.Body)
		}
		close(release)
	})
}
