// Package pgtest gives tests real databases: each test its own, cloned in some 20 ms from a migrated
// template.
//
// All test processes of a user share one server. The first one starts it, the others join it, and it
// ends by itself soon after the last of them is gone; nothing has to be set up or cleaned away. The
// pieces:
//
//   - New and Empty (this file) make a database and drop it at the end of the test.
//   - template.go lists the steps that make the template. Their fingerprints name the server's
//     directory, so a change of migrations or test data never meets an old template.
//   - cluster.go joins the server: a process keeps a shared lock on a file for as long as it lives.
//   - supervisor.go owns the server: a process of its own, made of the test binary, that waits until
//     it can have that lock alone. Locks end with their holders, so any of them may be killed.
//
// The server is made for speed, not to last: no fsync, in memory where the machine has room for it.
// It is reached through a socket that only the user can open, so it asks for no passwords.
//
// Only tests import this package.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/server/postgres/embedded"
)

// appRole is the role that the server signs in as; the migrations make it.
const appRole = "lianluo_app"

// patience bounds one statement of this package, on a machine that is busy with other tests.
const patience = 2 * time.Minute

// Database is a database for one test.
type Database struct {
	// OwnerURL is the libpq URL for the superuser, who owns everything and is bound by no policy.
	OwnerURL string
	// AppURL is the libpq URL for lianluo_app, as the server signs in. In a database made by Empty
	// it works once migrations have made the role.
	AppURL string
}

// New makes a migrated database with the test data of the template. It is dropped when the test
// ends, whoever is still connected.
func New(t testing.TB) *Database {
	t.Helper()
	return create(t, templateName)
}

// Empty makes a database that no migration has touched. It is dropped as New's is. The cluster's
// roles may exist already: databases share them.
func Empty(t testing.TB) *Database {
	t.Helper()
	return create(t, "template0")
}

// Owner opens the database for the superuser. The pool is closed when the test ends.
func (d *Database) Owner(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", d.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the owner's pool: %v", err)
		}
	})
	return db
}

// joined is this process's use of the shared server: one for all its tests, until it ends.
var joined = sync.OnceValues(func() (*member, error) {
	c, err := shared()
	if err != nil {
		return nil, err
	}
	return c.join(context.Background())
})

// create clones the template for the test.
func create(t testing.TB, template string) *Database {
	t.Helper()
	m, err := joined()
	if err != nil {
		t.Fatalf("the test server: %v", err)
	}
	if template == templateName {
		if err := m.template(); err != nil {
			t.Fatalf("the template of the test databases: %v", err)
		}
	}
	name := "test_" + strings.ToLower(rand.Text())
	if err := m.clone(t.Context(), name, template); err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	t.Cleanup(func() {
		if err := m.drop(context.Background(), name); err != nil { // the test's own context has ended
			t.Errorf("drop the test database: %v", err)
		}
	})
	return &Database{
		OwnerURL: m.address.URL(name),
		AppURL:   m.address.UserURL(name, appRole, "not-asked-for"),
	}
}

// clone makes a database out of another one. Copying files beats copying through the log: the
// server has few buffers to write out first.
func (m *member) clone(ctx context.Context, name, template string) error {
	return administer(ctx, m.address, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy",
		pq.QuoteIdentifier(name), pq.QuoteIdentifier(template)))
}

// drop removes a database if it is there, and ends its connections.
func (m *member) drop(ctx context.Context, name string) error {
	return administer(ctx, m.address, fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", pq.QuoteIdentifier(name)))
}

// administer runs statements outside the tests' databases, on a connection of their own: a pool
// that stayed open would look like a leak to tests that look for leaks.
func administer(ctx context.Context, address embedded.Address, statements ...string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return with(address.URL("postgres"), func(db *sql.DB) error {
		for _, statement := range statements {
			if _, err := db.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
}
