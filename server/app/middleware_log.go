package app

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"github.com/felixge/httpsnoop"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/viewer"
)

// requestIDHeader carries the id of a request, from a proxy before us and back to the client.
const requestIDHeader = "X-Request-Id"

// saneRequestID is what is taken from outside; anything else is replaced, so that it cannot forge the log.
var saneRequestID = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

type requestKey struct{}

// request is what the parts of the server that handle one request tell each other for the log.
type request struct {
	id string
	// subject is set by noteViewer, deep inside, and read by accessLog, outside, after it.
	subject string
}

func requestOf(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	return r
}

// withRequestID gives each request an id: the client's own if it is a sane one, else a new one.
func withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !saneRequestID.MatchString(id) {
			id = uuid.NewString()
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, &request{id: id})))
	})
}

// noteViewer tells the access log who asked; it stands right inside what authenticates.
func noteViewer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req, v := requestOf(r.Context()), viewer.FromContext(r.Context())
		if req != nil && v != nil {
			req.subject = v.Subject
		}
		next.ServeHTTP(w, r)
	})
}

// accessLog writes one line a request. It never logs the query string, headers or bodies: tokens and
// personal data travel in them. Health questions are logged at debug, as they come every few seconds.
func accessLog(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		level := slog.LevelInfo
		if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
			level = slog.LevelDebug
		}
		begin := time.Now()
		metrics := httpsnoop.Metrics{Code: http.StatusOK}
		// Deferred, so that a handler that cuts the connection by a panic is logged too.
		defer func() {
			attrs := []slog.Attr{
				slog.String("method", r.Method),
				slog.String("path", r.URL.Path),
				slog.Int("status", metrics.Code),
				slog.Int64("bytes", metrics.Written),
				slog.Duration("duration", time.Since(begin)),
			}
			if req := requestOf(r.Context()); req != nil && req.subject != "" {
				attrs = append(attrs, slog.String("subject", req.subject))
			}
			log.LogAttrs(r.Context(), level, "request", attrs...)
		}()
		metrics.CaptureMetrics(w, func(w http.ResponseWriter) { next.ServeHTTP(w, r) })
	})
}

// requestLogger makes a logger whose lines carry the id of the request whose context they are given.
func requestLogger(log *slog.Logger) *slog.Logger {
	return slog.New(requestHandler{log.Handler()})
}

type requestHandler struct{ slog.Handler }

// Handle adds the request's id to the record.
func (h requestHandler) Handle(ctx context.Context, record slog.Record) error {
	if req := requestOf(ctx); req != nil {
		record.AddAttrs(slog.String("request_id", req.id))
	}
	return h.Handler.Handle(ctx, record)
}

// WithAttrs keeps the wrapping.
func (h requestHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the wrapping.
func (h requestHandler) WithGroup(name string) slog.Handler {
	return requestHandler{h.Handler.WithGroup(name)}
}
