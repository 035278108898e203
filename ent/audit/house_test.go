package audit_test

import (
	"context"
	"crypto/sha512"
	"database/sql"
	"errors"
	"fmt"
	"hash"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/audit"
	"github.com/lianluo/lianluo/server/anchor"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// These make the test binary a server that seals once, and dies between the seal and the anchor.
const (
	urlEnv    = "LIANLUO_TEST_AUDIT_URL"
	anchorEnv = "LIANLUO_TEST_AUDIT_ANCHOR"
)

func TestMain(m *testing.M) {
	url := os.Getenv(urlEnv)
	if url == "" {
		os.Exit(m.Run())
	}
	pool, err := sql.Open("postgres", url)
	if err == nil {
		_, err = (&audit.Sealer{DB: pool, Anchor: dying{anchor.New(os.Getenv(anchorEnv))}}).Seal(context.Background())
	}
	fmt.Fprintln(os.Stderr, "still alive:", err)
	os.Exit(1)
}

// dying is an anchor whose program is killed when it is to be added to.
type dying struct{ audit.Anchor }

func (dying) Append(audit.Head) error {
	if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
		return err
	}
	select {}
}

// patience is longer than any test.
const patience = time.Hour

// house is a database with lines of the audit.
type house struct {
	*testing.T
	database *pgtest.Database
	owner    *sql.DB
	pool     *sql.DB // of the platform's own viewer
	path     string  // of the anchor
	anchor   *anchor.File
	lines    []uuid.UUID // in the order in which they were written
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, database: pgtest.New(t), path: filepath.Join(t.TempDir(), "anchor")}
	h.owner = h.database.Owner(t)
	h.pool, h.anchor = h.open(h.systemURL()), anchor.New(h.path)
	return h
}

// as is how the server signs in, with settings of the session.
func (h *house) as(settings map[string]string) string {
	h.Helper()
	u, err := url.Parse(h.database.AppURL)
	if err != nil {
		h.Fatal(err)
	}
	query := u.Query()
	for name, value := range settings {
		query.Set(name, value)
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// systemURL is that of the platform's own viewer.
func (h *house) systemURL() string { return h.as(map[string]string{"role": "lianluo_system"}) }

func (h *house) open(url string) *sql.DB {
	h.Helper()
	pool, err := sql.Open("postgres", url)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = pool.Close() })
	return pool
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	if _, err := h.owner.ExecContext(h.Context(), query, args...); err != nil {
		h.Fatalf("%s: %v", query, err)
	}
}

func (h *house) count(from string, args ...any) (n int) {
	h.Helper()
	if err := h.owner.QueryRowContext(h.Context(), `SELECT count(*) FROM `+from, args...).Scan(&n); err != nil {
		h.Fatal(err)
	}
	return n
}

// lineSQL writes a line of the audit in a village.
const lineSQL = `
	INSERT INTO audit_entry (id, created_at, updated_at, code, province_code, city_code, county_code, township_code,
		subject, role, viewer_code, verb, entity, entity_id, detail)
	VALUES ($1, now(), now(), 430121107204, 430000000000, 430100000000, 430121000000, 430121107000,
		$2, 'COUNTY_ADMIN', 430121000000, 'updateStation', 'Station', $1, '{"fields": ["name", "phone"], "day": "2026-06-15", "n": 1.50}')`

// write writes lines, each in a transaction of its own.
func (h *house) write(n int) {
	h.Helper()
	for range n {
		id := uuid.Must(uuid.NewV7())
		h.exec(lineSQL, id, "operator:甲")
		h.lines = append(h.lines, id)
	}
}

func (h *house) seal() int {
	h.Helper()
	n, err := (&audit.Sealer{DB: h.pool, Anchor: h.anchor}).Seal(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	return n
}

// rounds writes lines and seals them, so many at a time.
func (h *house) rounds(rounds, each int) {
	h.Helper()
	for range rounds {
		h.write(each)
		if n := h.seal(); n != each {
			h.Fatalf("%d lines were sealed of %d", n, each)
		}
	}
}

// verify is what is found with the anchor of the house.
func (h *house) verify() audit.Report { return h.verifyAt(h.path, patience) }

func (h *house) verifyAt(path string, patience time.Duration) audit.Report {
	h.Helper()
	reader, err := anchor.Open(path)
	if err != nil {
		h.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	return h.check(audit.Check{Heads: reader.Heads(), Patience: patience})
}

func (h *house) check(c audit.Check) audit.Report {
	h.Helper()
	r, err := audit.Verify(h.Context(), h.owner, c)
	if err != nil {
		h.Fatal(err)
	}
	return r
}

// whole fails unless nothing is wrong and so many links hold.
func (h *house) whole(links int) {
	h.Helper()
	r := h.verify()
	if r.Chain != nil || r.Anchor != nil || r.Checked != int64(links) || r.Unsealed != 0 {
		h.Errorf("%d links hold, %d wait; %v %v", r.Checked, r.Unsealed, r.Chain, r.Anchor)
	}
}

// none is an anchor that keeps nothing.
type none struct{}

func (none) Last() (audit.Head, error) { return audit.Head{}, nil }
func (none) Append(audit.Head) error   { return nil }

// full is an anchor that cannot be added to.
type full struct{ audit.Anchor }

var errFull = errors.New("no room")

func (full) Append(audit.Head) error { return errFull }

// longer is another suite.
type longer struct{}

func (longer) Name() string   { return "SHA-512" }
func (longer) New() hash.Hash { return sha512.New() }
