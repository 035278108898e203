package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/lianluo/lianluo/server/config"
)

// Limits of a connection that no setting changes.
const (
	readHeaderTimeout = 5 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	// writeGrace is what a response may take to be written after its handling has timed out.
	writeGrace = 5 * time.Second
)

// httpServer serves a handler on one address. It has two parts to start: listen takes the address, so that a port
// in use is told before anything slow begins, and serve answers once everything else is ready. Who connects
// in between waits and is then served.
type httpServer struct {
	addr           string
	requestTimeout time.Duration
	log            *slog.Logger
	// fail ends the whole server with an error (withFailure).
	fail func(error)

	listener net.Listener
	server   *http.Server
	// cutOff ends the requests still under way when the time to stop is over.
	cutOff context.CancelFunc
}

func newHTTPServer(cfg config.Config, log *slog.Logger, fail func(error)) *httpServer {
	return &httpServer{addr: cfg.Addr, requestTimeout: cfg.RequestTimeout, log: log, fail: fail}
}

// url is where the server can be reached from this machine; call it after listen was started.
func (s *httpServer) url() string {
	host, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil {
		return "http://" + s.listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// listen is the part that holds the address.
func (s *httpServer) listen() component {
	return component{
		name: "listener",
		start: func(ctx context.Context) (err error) {
			s.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", s.addr)
			return err
		},
		stop: func(context.Context) error {
			// Serving closes it too, and earlier.
			if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
				return err
			}
			return nil
		},
	}
}

// serve is the part that answers requests with the handler that build makes when everything before it has started.
func (s *httpServer) serve(build func() (http.Handler, error)) component {
	return component{
		name: "http",
		start: func(ctx context.Context) error {
			handler, err := build()
			if err != nil {
				return err
			}
			base, cutOff := context.WithCancel(context.WithoutCancel(ctx))
			s.cutOff = cutOff
			s.server = &http.Server{
				Handler:           handler,
				ReadHeaderTimeout: readHeaderTimeout,
				ReadTimeout:       s.requestTimeout,
				WriteTimeout:      s.requestTimeout + writeGrace,
				IdleTimeout:       idleTimeout,
				MaxHeaderBytes:    maxHeaderBytes,
				ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
				BaseContext:       func(net.Listener) context.Context { return base },
			}
			go func() {
				if err := s.server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
					s.fail(fmt.Errorf("serve http: %w", err))
				}
			}()
			s.log.InfoContext(ctx, "listening", "addr", s.listener.Addr().String())
			return nil
		},
		stop: s.drain,
	}
}

// drain takes no more requests and waits for those under way; when the context ends they are cut off.
func (s *httpServer) drain(ctx context.Context) error {
	defer s.cutOff()
	err := s.server.Shutdown(ctx)
	if err == nil {
		return nil
	}
	s.cutOff()
	return errors.Join(fmt.Errorf("requests under way were cut off: %w", err), s.server.Close())
}
