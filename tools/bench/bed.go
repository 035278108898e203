package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/app"
	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/config"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/store"
	"github.com/lianluo/lianluo/server/throttle"
)

// The names of the pools' connections, by which their work in the database is told apart.
const (
	apiName    = "lianluo-bench-api"
	byHandName = "lianluo-bench-by-hand"
	sqlName    = "lianluo-bench-sql"
)

// bed is what a run measures on: one database, the server on it, and beside it the handlers written by hand.
type bed struct {
	owner *sql.DB
	// api and byHand are where the two listen.
	api, byHand string
	// serving and system are the server's pools, hand is that of the handlers written by hand, single has one connection.
	serving, system, hand, single *sql.DB
	// sent are the statements of the server, handSent those written by hand.
	sent, handSent recorder

	// handlers are those written by hand.
	handlers *http.ServeMux

	keys      *auth.Keys
	issuer    *auth.Issuer
	passwords *auth.Passwords
	closers   []func() error
}

// bedOptions say where the bed stands.
type bedOptions struct {
	ownerURL, appURL string
	dataDir          string
	connections      int
	passwords        auth.PasswordParams
	log              *slog.Logger
}

// newBed opens the pools and serves.
func newBed(ctx context.Context, o bedOptions) (b *bed, err error) {
	b = &bed{}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
		}
	}()
	if b.owner, err = postgres.OpenOwner(o.ownerURL, postgres.Options{ApplicationName: "lianluo-bench", MaxOpen: 4}); err != nil {
		return b, err
	}
	b.closers = append(b.closers, b.owner.Close)
	for _, p := range []struct {
		into *(*sql.DB)
		name string
		size int
		sent *recorder
	}{
		{&b.serving, apiName, o.connections, &b.sent},
		{&b.system, apiName, 4, &b.sent},
		{&b.hand, byHandName, o.connections, &b.handSent},
		{&b.single, sqlName, 1, &b.handSent},
	} {
		*p.into, err = postgres.Open(o.appURL, postgres.Options{ApplicationName: p.name, MaxOpen: p.size, ObserveArguments: p.sent.observe})
		if err != nil {
			return b, err
		}
		b.closers = append(b.closers, (*p.into).Close)
	}
	cfg := config.Default()
	cfg.DataDir = o.dataDir
	if b.keys, err = auth.LoadOrCreateKeys(o.dataDir, nil); err != nil {
		return b, err
	}
	if b.passwords, err = auth.NewPasswords(o.passwords, 4, nil); err != nil {
		return b, err
	}
	b.issuer, err = auth.NewIssuer(b.keys, auth.IssuerConfig{Issuer: cfg.Issuer, Audience: cfg.Audience, Lifetime: 24 * time.Hour})
	if err != nil {
		return b, err
	}
	handler, err := b.handler(cfg, o.log)
	if err != nil {
		return b, err
	}
	if b.api, err = b.listen(ctx, handler); err != nil {
		return b, err
	}
	err = b.serveByHand(ctx)
	return b, err
}

// handler is the server's. Strangers may come as often as they like: it is not the throttle that is measured.
func (b *bed) handler(cfg config.Config, log *slog.Logger) (http.Handler, error) {
	kept, err := store.OpenDir(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	b.closers = append(b.closers, kept.Close)
	return app.Handler(app.Parts{
		Config: cfg, Log: log, Serving: b.serving, System: b.system, Keys: b.keys, Passwords: b.passwords,
		Store: kept, LinkKey: make([]byte, 32), Origin: func() string { return "https://lianluo.example.cn" },
		Throttle: throttle.New(throttle.Options{Limits: map[workflow.Bound]throttle.Limit{}}),
	})
}

// serveByHand serves the handlers written by hand; those of cases are added one by one.
func (b *bed) serveByHand(ctx context.Context) error {
	cfg := config.Default()
	verifier, err := auth.NewVerifier(b.keys, auth.VerifierConfig{Issuer: cfg.Issuer, Audience: cfg.Audience})
	if err != nil {
		return err
	}
	b.handlers = http.NewServeMux()
	b.byHand, err = b.listen(ctx, handWritten(verifier, b.handlers))
	return err
}

// listen serves a handler on a free port of loopback until the bed is closed.
func (b *bed) listen(ctx context.Context, h http.Handler) (address string, err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	b.closers = append(b.closers, func() error {
		err := server.Close()
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	})
	return l.Addr().String(), nil
}

// close ends everything, the last opened first.
func (b *bed) close() error {
	var errs []error
	for i := len(b.closers) - 1; i >= 0; i-- {
		errs = append(errs, b.closers[i]())
	}
	return errors.Join(errs...)
}

// who is someone who asks: the token that is sent, and the viewer that it makes.
type who struct {
	token  string
	viewer *viewer.Viewer
}

// as signs a token for an operator of a role at a division.
func (b *bed) as(role viewer.Role, division place.Code, person, station uuid.UUID) (who, error) {
	subject, err := auth.OperatorSubject("bench")
	if err != nil {
		return who{}, err
	}
	g := auth.Grant{Subject: subject, Role: role, Division: division, Person: person, Station: station}
	v, err := g.Viewer()
	if err != nil {
		return who{}, fmt.Errorf("%s at %s: %w", role, division, err)
	}
	token, _, err := b.issuer.Issue(g)
	return who{token, v}, err
}

// system is the context of the platform itself.
func system(ctx context.Context) context.Context {
	return viewer.NewContext(ctx, viewer.SystemJob("bench"))
}
