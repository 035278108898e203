package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/lianluo/lianluo/server/config"
)

// Run starts the server, tells on out where it can be reached, and serves until the context ends. It returns
// nil after a graceful stop, else what went wrong.
func Run(ctx context.Context, cfg config.Config, out io.Writer, log *slog.Logger) error {
	log = requestLogger(log)
	ctx, fail := withFailure(ctx)
	defer fail(nil)
	web := newHTTPServer(cfg, log, fail)
	return runComponents(ctx, log, cfg.ShutdownTimeout,
		web.listen(),
		web.serve(func() (http.Handler, error) {
			routes := http.NewServeMux()
			routes.Handle("GET /healthz", liveness())
			routes.Handle("GET /readyz", readiness(log))
			return withMiddleware(routes, log, cfg.CORSOrigins)
		}),
		component{name: "announcement", start: func(context.Context) error {
			_, err := fmt.Fprintf(out, "listening on %s\n", web.url())
			return err
		}},
	)
}
