package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/felixge/httpsnoop"
	"github.com/klauspost/compress/gzhttp"
	"github.com/rs/cors"
)

// withMiddleware wraps the routes in what every request goes through, from the outside in: request id and
// access log, security headers, cross-origin rules, compression, and the net under panics. corsOrigins are
// the web origins that may call beside the server's own.
func withMiddleware(routes http.Handler, log *slog.Logger, corsOrigins []string) (http.Handler, error) {
	// Tokens travel in a header that no foreign page can make a browser send, so compressing answers
	// that hold secrets gives nothing away (BREACH).
	compress, err := gzhttp.NewWrapper(gzhttp.EnableZstd(false))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	// Inside the compression, which would send a status of its own while a panic passes through it.
	h := recoverPanics(log, routes)
	h = compress(h)
	h, err = crossOrigin(corsOrigins, h)
	if err != nil {
		return nil, err
	}
	h = securityHeaders(h)
	h = accessLog(log, h)
	return withRequestID(h), nil
}

// securityHeaders sets what suits an API; a route that serves pages replaces the policy by its own.
func securityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		next.ServeHTTP(w, r)
	})
}

// crossOrigin refuses changes that a browser sends from a page of another origin, but for the origins
// given, whose pages may also read the answers.
func crossOrigin(origins []string, next http.Handler) (http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("--cors-origins: %w", err)
		}
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, http.StatusForbidden, "FORBIDDEN", "不允许其他网站的页面调用本接口")
	}))
	next = protection.Handler(next)
	if len(origins) == 0 {
		return next, nil
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"Authorization", "Content-Type", "Accept-Language", requestIDHeader},
		ExposedHeaders: []string{requestIDHeader, "Retry-After"},
		MaxAge:         int((10 * time.Minute).Seconds()),
	}).Handler(next), nil
}

// recoverPanics turns a panic into one logged error and an answer that tells nothing of it.
func recoverPanics(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := false
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p != http.ErrAbortHandler { //nolint:errorlint // the very value is how a handler asks for the connection to be cut
				log.ErrorContext(r.Context(), "panic", "panic", p, "stack", string(debug.Stack()))
			}
			if begun || p == http.ErrAbortHandler { //nolint:errorlint // as above
				// The client must not take what it has for the whole answer.
				panic(http.ErrAbortHandler)
			}
			writeError(w, http.StatusInternalServerError, "INTERNAL", "服务器内部错误，请稍后再试")
		}()
		next.ServeHTTP(httpsnoop.Wrap(w, httpsnoop.Hooks{
			WriteHeader: func(write httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc {
				return func(code int) { begun = true; write(code) }
			},
			Write: func(write httpsnoop.WriteFunc) httpsnoop.WriteFunc {
				return func(b []byte) (int, error) { begun = true; return write(b) }
			},
		}), r)
	})
}

// withDeadline bounds the handling of a request. It is for routes that answer once: a subscription outlives it.
func withDeadline(limit time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), limit)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// writeError answers in the form of a GraphQL error, which is what clients of the API read.
func writeError(w http.ResponseWriter, status int, code, message string) {
	type graphQLError struct {
		Message    string            `json:"message"`
		Extensions map[string]string `json:"extensions"`
	}
	writeJSON(w, status, map[string][]graphQLError{
		"errors": {{Message: message, Extensions: map[string]string{"code": code}}},
	})
}
