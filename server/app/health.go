package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// Check is one thing that must hold for the server to be of use, such as a database that answers.
type Check struct {
	// Name stands in the answer of /readyz: a word for programs, such as "database".
	Name string
	// Run returns an error when the thing does not hold. The error is logged, never shown.
	Run func(ctx context.Context) error
}

// checkTimeout bounds all checks of one question; they run side by side.
const checkTimeout = time.Second

// The states of a check, and of them all, in the answer of /readyz.
const (
	stateOK      = "ok"
	stateFailed  = "failed"
	stateTimeout = "timeout"
	stateReady   = "ready"
	stateUnready = "unready"
)

// liveness answers /healthz: 200 as long as the process serves.
func liveness() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": stateOK})
	})
}

// readiness answers /readyz: 200 when every check holds, else 503; in both cases with the state of each check.
func readiness(log *slog.Logger, checks ...Check) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		type result struct {
			name string
			err  error
		}
		ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
		defer cancel()
		results := make(chan result, len(checks))
		states := make(map[string]string, len(checks))
		for _, c := range checks {
			states[c.Name] = stateTimeout
			go func() { results <- result{c.Name, c.Run(ctx)} }()
		}
		ready := true
	collect:
		for range checks {
			select {
			case got := <-results:
				states[got.name] = stateOf(ctx, got.err)
				if got.err != nil {
					ready = false
					log.WarnContext(r.Context(), "not ready", "check", got.name, "error", got.err)
				}
			case <-ctx.Done():
				// A check that does not heed its context must not keep the asker waiting.
				ready = false
				log.WarnContext(r.Context(), "not ready", "error", ctx.Err())
				break collect
			}
		}
		answer := map[string]any{"status": stateReady, "checks": states}
		status := http.StatusOK
		if !ready {
			answer["status"], status = stateUnready, http.StatusServiceUnavailable
		}
		writeJSON(w, status, answer)
	})
}

func stateOf(ctx context.Context, err error) string {
	switch {
	case err == nil:
		return stateOK
	case ctx.Err() != nil:
		return stateTimeout
	default:
		return stateFailed
	}
}

// writeJSON writes an answer that no cache may keep.
func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// An error here is a client that went away: there is nobody to tell.
	_ = json.NewEncoder(w).Encode(body)
}
