package app

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph"
	"github.com/lianluo/lianluo/graph/engine"
	"github.com/lianluo/lianluo/graph/exec"
	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/config"
	"github.com/lianluo/lianluo/server/explorer"
	"github.com/lianluo/lianluo/server/link"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/store"
	"github.com/lianluo/lianluo/server/throttle"
)

// graphqlPath is where the API is served.
const graphqlPath = "/graphql"

// Run starts the server, tells on out where it can be reached, and serves until the context ends. It returns
// nil after a graceful stop, else what went wrong.
func Run(ctx context.Context, cfg config.Config, out io.Writer, log *slog.Logger) error {
	begin := time.Now()
	log = requestLogger(log)
	ctx, fail := withFailure(ctx)
	defer fail(nil)

	keys, err := auth.LoadOrCreateKeys(cfg.DataDir, nil)
	if err != nil {
		return err
	}
	secret, err := auth.LoadOrCreateSecret(cfg.DataDir, nil)
	if err != nil {
		return err
	}
	passwords, err := auth.NewPasswords(auth.DefaultPasswordParams(), passwordsAtOnce, nil)
	if err != nil {
		return err
	}
	kept, err := openStore(cfg)
	if err != nil {
		return err
	}
	defer func() { _ = kept.Close() }()
	web := newHTTPServer(cfg, log, fail)
	db := &database{cfg: cfg, secret: secret, passwords: passwords, out: out, log: log, fail: fail}
	return runComponents(ctx, log, cfg.ShutdownTimeout,
		web.listen(),
		db.component(),
		(&jobRunner{cfg: cfg, log: log, store: kept}).component(func() *sql.DB { return db.jobs }),
		web.serve(func() (http.Handler, error) {
			return Handler(Parts{
				Config: cfg, Log: log, Serving: db.serving, System: db.system, Keys: keys, Passwords: passwords,
				Store: kept, LinkKey: secret.Key("attachments"), Origin: func() string { return cmp.Or(cfg.PublicURL, web.url()) }, Checks: append(db.checks(), storeChecks(kept)...),
			})
		}),
		component{name: "announcement", start: func(context.Context) error {
			return announce(out, web.url(), db, time.Since(begin))
		}},
	)
}

// passwordsAtOnce bounds how many passwords are hashed side by side: each takes 19 MiB and a core.
const passwordsAtOnce = 4

// Parts are what the handler is made of.
type Parts struct {
	Config config.Config
	Log    *slog.Logger
	// Serving is the pool that works for viewers, System the one for the platform's own look at accounts, codes and receipts; both
	// are postgres.Open's. They are two, so that a connection need not change its viewer twice for every request.
	Serving, System *sql.DB
	Keys            *auth.Keys
	Passwords       *auth.Passwords
	// Store keeps attachments; LinkKey seals the addresses of attachments and archives.
	Store   store.Store
	LinkKey []byte
	// Throttle bounds how often strangers may come; nil means a throttle of package throttle as it is.
	Throttle workflow.Throttle
	// Origin is where citizens reach the server; QR codes lead there.
	Origin func() string
	// Allowed is the table of role × verb; nil means workflow.Allowed.
	Allowed func(viewer.Role, workflow.Verb) bool
	// Clock tells the time of access tokens; nil means time.Now.
	Clock func() time.Time
	// Checks are what /readyz asks.
	Checks []Check
}

// Handler is everything that is served. Run serves it on an address; tests call it as it is.
func Handler(p Parts) (http.Handler, error) {
	s, err := newServices(p)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(graphqlPath, s.known(newAPI(s)))
	mux.Handle(auth.JWKSPath, p.Keys.JWKS())
	mux.Handle("GET /healthz", liveness())
	mux.Handle("GET /readyz", readiness(p.Log, p.Checks...))
	mux.Handle("/", explorer.Handler(graphqlPath))
	s.serveFiles(mux)
	s.serveArchives(mux)
	routes, err := withAddress(p.Config.TrustedProxies, mux)
	if err != nil {
		return nil, err
	}
	return withMiddleware(routes, p.Log, p.Config.CORSOrigins)
}

// services are what the routes share.
type services struct {
	Parts
	client   *gen.Client
	desk     *workflow.Desk
	accounts *workflow.Accounts
	counter  *workflow.Counter
	links    *link.Links
	verifier *auth.Verifier
}

func newServices(p Parts) (*services, error) {
	cfg := p.Config
	issuer, err := auth.NewIssuer(p.Keys, auth.IssuerConfig{Issuer: cfg.Issuer, Audience: cfg.Audience, Lifetime: cfg.TokenTTL, Clock: p.Clock})
	if err != nil {
		return nil, err
	}
	verifier, err := auth.NewVerifier(p.Keys, auth.VerifierConfig{Issuer: cfg.Issuer, Audience: cfg.Audience, Clock: p.Clock})
	if err != nil {
		return nil, err
	}
	if p.Throttle == nil {
		p.Throttle = throttle.New(throttle.Options{})
	}
	client, system := postgres.Client(p.Serving), postgres.Client(p.System)
	desk := workflow.NewDesk(client, workflow.Options{Allowed: p.Allowed})
	accounts := workflow.NewAccounts(system, workflow.AccountOptions{
		Passwords: passwordMatcher{p.Passwords}, Tokens: tokenMaker{issuer}, RefreshLifetime: cfg.RefreshTTL,
	})
	links, err := link.New(p.LinkKey, accountChecker{accounts}, time.Now)
	if err != nil {
		return nil, err
	}
	return &services{
		Parts: p, client: client, desk: desk, verifier: verifier, links: links, accounts: accounts,
		counter: workflow.NewCounter(desk, workflow.CounterOptions{System: system, Throttle: p.Throttle}),
	}, nil
}

// newAPI is GraphQL with its limits.
func newAPI(s *services) http.Handler {
	resolver := graph.NewResolver(graph.Parts{
		Client: s.client, Desk: s.desk, Accounts: s.accounts, Counter: s.counter, Clock: time.Now, AttachmentURL: s.attachmentURL, ArchiveURL: s.archiveURL,
	})
	return engine.New(exec.NewExecutableSchema(exec.Config{Resolvers: resolver}), engine.Options{
		Lengths:    graph.Lengths,
		Timeout:    s.Config.RequestTimeout,
		Logger:     s.Log,
		RequestID:  requestID,
		MapError:   graph.MapError,
		Extensions: []graphql.HandlerExtension{graph.Access{}},
	})
}

// known finds out who asks before a handler works, within the time a request may take.
func (s *services) known(next http.Handler) http.Handler {
	return withDeadline(s.Config.RequestTimeout, s.identified(next))
}

// identified finds out who asks before a handler works.
func (s *services) identified(next http.Handler) http.Handler {
	return auth.Authenticate(s.verifier, accountChecker{s.accounts}, s.Log, deny)(noteViewer(next))
}

// deny answers a request whose token is no good, or could not be checked.
func deny(w http.ResponseWriter, _ *http.Request, err error) {
	if errors.Is(err, auth.ErrUnauthenticated) {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		writeError(w, http.StatusUnauthorized, string(engine.Unauthenticated), "登录已失效,请重新登录")
		return
	}
	writeError(w, http.StatusInternalServerError, string(engine.Internal), "服务器内部错误,请稍后再试")
}

// announce tells a person where to go on.
func announce(out io.Writer, url string, db *database, took time.Duration) error {
	text := fmt.Sprintf("\n联络 Lianluo is ready after %.1f s\n  API       %s%s\n  explorer  %s/\n", took.Seconds(), url, graphqlPath, url)
	if db.demo {
		text += demoAccounts(db.secret)
	}
	_, err := io.WriteString(out, text+"  stop      Ctrl-C\n")
	return err
}

// requestID names a request as the access log does.
func requestID(ctx context.Context) string {
	if r := requestOf(ctx); r != nil {
		return r.id
	}
	return ""
}
