// Package apitest serves the whole API on a test's own database: the real handler, real tokens, real PostgreSQL.
//
// Only tests import it.
package apitest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/engine"
	"github.com/lianluo/lianluo/server/app"
	"github.com/lianluo/lianluo/server/auth"
	"github.com/lianluo/lianluo/server/config"
	"github.com/lianluo/lianluo/server/postgres"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
	"github.com/lianluo/lianluo/server/store"
)

// Server is the API on a database of its own.
type Server struct {
	// URL is where it listens.
	URL string
	// Owner is the database as its owner, whom no policy binds.
	Owner *sql.DB
	// Serving is the pool that serves; its contexts need a viewer.
	Serving *sql.DB
	// Client is ent's client on it.
	Client *gen.Client
	// Passwords hashes quickly, for accounts made by tests.
	Passwords *auth.Passwords
	// Keys sign and verify the tokens.
	Keys *auth.Keys
	// Config is what the server runs with.
	Config config.Config
	// Work is what checking the requests took so far.
	Work *engine.Work

	issuer     *auth.Issuer
	statements *atomic.Int64
	t          testing.TB
}

// For is the same server for a part of the test that runs by itself, so that what fails there fails that part.
func (s *Server) For(t testing.TB) *Server {
	part := *s
	part.t = t
	return &part
}

// patience is how long requests and statements may take on a slow machine.
const patience = 3 * time.Minute

// New serves a fresh clone of the template database, by parts that may be changed.
func New(t testing.TB, change ...func(*app.Parts)) *Server {
	t.Helper()
	return On(t, pgtest.New(t), change...)
}

// awaitTomorrow waits for the day of Beijing to end when little of it is left: a test that tells the server of today and tomorrow, by the
// clock that both read, must not have another day begin in its midst.
func awaitTomorrow(now time.Time) {
	tomorrow := calendar.Begin(calendar.Today(now).AddDate(0, 0, 1))
	if left := tomorrow.Sub(now); left < 2*time.Minute {
		time.Sleep(left)
	}
}

// On serves a database.
func On(t testing.TB, db *pgtest.Database, change ...func(*app.Parts)) *Server {
	t.Helper()
	awaitTomorrow(time.Now())
	s := &Server{t: t, Owner: db.Owner(t), statements: new(atomic.Int64), Work: new(engine.Work)}
	cfg := config.Default()
	cfg.DataDir, cfg.RequestTimeout = t.TempDir(), patience
	serving, err := postgres.Open(db.AppURL, postgres.Options{
		MaxOpen: 8, StatementTimeout: patience, Observe: func(context.Context, string) { s.statements.Add(1) },
	})
	must(t, err)
	t.Cleanup(func() { _ = serving.Close() })
	s.Serving, s.Client = serving, postgres.Client(serving)
	s.Config = cfg
	s.Keys, err = auth.LoadOrCreateKeys(cfg.DataDir, nil)
	must(t, err)
	s.Passwords, err = auth.NewPasswords(auth.PasswordParams{MemoryKiB: 64, Passes: 1, Threads: 1}, 4, nil)
	must(t, err)
	s.issuer, err = auth.NewIssuer(s.Keys, auth.IssuerConfig{Issuer: cfg.Issuer, Audience: cfg.Audience, Lifetime: time.Hour})
	must(t, err)
	kept, err := store.OpenDir(t.TempDir())
	must(t, err)
	t.Cleanup(func() { _ = kept.Close() })
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	parts := app.Parts{
		Config: cfg, Log: log, Serving: serving, System: serving, Keys: s.Keys, Passwords: s.Passwords,
		Store: kept, LinkKey: make([]byte, 32), Origin: func() string { return "https://lianluo.example.cn" },
		Checks: []app.Check{{Name: "database", Run: serving.PingContext}},
	}
	for _, c := range change {
		c(&parts)
	}
	handler, err := app.Handler(parts)
	must(t, err)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(engine.WithWork(r.Context(), s.Work)))
	}))
	t.Cleanup(web.Close)
	s.URL = web.URL
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Statements is how many statements the server has sent to the database so far.
func (s *Server) Statements() int64 { return s.statements.Load() }

// System is a context in which Client sees and does everything, for setting a test up.
func (s *Server) System() context.Context {
	return viewer.NewContext(context.Background(), viewer.SystemJob("test"))
}

// Caller calls the API with one token.
type Caller struct {
	server *Server
	// Token is sent unless it is empty.
	Token string
}

// For is the same caller for a part of the test that runs by itself.
func (c *Caller) For(t testing.TB) *Caller { return &Caller{server: c.server.For(t), Token: c.Token} }

// Grant is what a caller's token claims beside role and division.
type Grant func(*auth.Grant)

// Person makes the caller a certain deputy.
func Person(id uuid.UUID) Grant { return func(g *auth.Grant) { g.Person = id } }

// Organ makes the caller a certain department.
func Organ(id uuid.UUID) Grant { return func(g *auth.Grant) { g.Organ = id } }

// Station makes the caller the keeper of a certain station.
func Station(id uuid.UUID) Grant { return func(g *auth.Grant) { g.Station = id } }

// Subject names the caller's account.
func Subject(name string) Grant { return func(g *auth.Grant) { g.Subject = name } }

// As is a caller of a role at a division, by a token as an operator mints it.
func (s *Server) As(role viewer.Role, division place.Code, more ...Grant) *Caller {
	s.t.Helper()
	g := auth.Grant{Subject: fmt.Sprintf("operator:%s-%s", role, division), Role: role, Division: division}
	for _, m := range more {
		m(&g)
	}
	token, _, err := s.issuer.Issue(g)
	must(s.t, err)
	return &Caller{server: s, Token: token}
}

// Account makes an account and answers its id.
func (s *Server) Account(username, password string, role viewer.Role, division place.Code) uuid.UUID {
	s.t.Helper()
	hash, err := s.Passwords.Hash(context.Background(), password)
	must(s.t, err)
	id := uuid.Must(uuid.NewV7())
	_, err = s.Owner.ExecContext(context.Background(), `INSERT INTO account (id, created_at, updated_at, code, province_code, city_code,
			county_code, township_code, username, password_hash, display_name, role, division_id)
		SELECT $1, now(), now(), code, province_code, city_code, county_code, township_code, $2, $3, $2, $4, id FROM division WHERE code = $5`,
		id, username, hash, string(role), int64(division))
	must(s.t, err)
	return id
}

// Fetch asks for a path beside the API.
func (s *Server) Fetch(path string) (status int, body string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, s.URL+path, nil)
	must(s.t, err)
	res, err := http.DefaultClient.Do(req)
	must(s.t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	must(s.t, err)
	return res.StatusCode, string(text)
}

// With is a caller with a token from elsewhere.
func (s *Server) With(token string) *Caller { return &Caller{server: s, Token: token} }

// Nobody is a caller without a token.
func (s *Server) Nobody() *Caller { return &Caller{server: s} }

// Answer is what the API answered.
type Answer struct {
	Status int
	Data   json.RawMessage `json:"data"`
	Errors []Error         `json:"errors"`
	// Body is the whole answer.
	Body string
}

// Error is one error of an answer.
type Error struct {
	Message    string `json:"message"`
	Path       []any  `json:"path"`
	Extensions struct {
		Code   string  `json:"code"`
		Fields []Field `json:"fields"`
	} `json:"extensions"`
}

// Field is what is wrong with one input.
type Field struct {
	Path    []any  `json:"path"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Code is the code of the first error; empty when there is none.
func (a *Answer) Code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Code
}

// Vars are the variables of an operation.
type Vars map[string]any

// Do sends an operation and answers whatever comes.
func (c *Caller) Do(query string, vars Vars) *Answer {
	c.server.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	must(c.server.t, err)
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, c.server.URL+"/graphql", bytes.NewReader(body))
	must(c.server.t, err)
	req.Header.Set("Content-Type", "application/json")
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	res, err := http.DefaultClient.Do(req)
	must(c.server.t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	must(c.server.t, err)
	answer := &Answer{Status: res.StatusCode, Body: string(text)}
	if err := json.Unmarshal(text, answer); err != nil {
		c.server.t.Fatalf("answer is not JSON: %v\n%s", err, text)
	}
	return answer
}

// Get sends an operation that must succeed and reads its data.
func (c *Caller) Get(into any, query string, vars Vars) {
	c.server.t.Helper()
	answer := c.Do(query, vars)
	if len(answer.Errors) > 0 {
		c.server.t.Fatalf("unexpected errors: %s", answer.Body)
	}
	if err := json.Unmarshal(answer.Data, into); err != nil {
		c.server.t.Fatalf("unexpected data: %v\n%s", err, answer.Body)
	}
}
