// Package workflow holds the verbs: everything that may be done to stations, deputies and accounts.
//
// Each verb is one function with a plain input. It asks who the viewer is and whether the role may do this (verbs.go),
// checks the input and names all that is wrong with it at once, and then does the work in one transaction: it locks
// what it changes, checks it against what is stored, writes, raises the version, and adds a line to the audit. What is
// refused changes nothing. Refusals are faults (package fault) with field paths from the argument "input" on;
// every other error is a fault of the platform.
//
// Which rows there are for the viewer is decided by the database. A verb reads through it, so a row out of scope is the
// same as none; and it looks up each row that the input refers to, since foreign keys ignore row-level security.
//
// Locks are taken in one order, so that verbs wait for each other instead of blocking each other for good: the
// idempotency key, the station, the persons (an advisory lock each, as a person's rows may be out of sight), then rows.
//
// Room: ent. It may import duty, gen, kind, state, place, rota, tally, viewer, fault and spelling, never graph or server.
package workflow

import (
	"crypto/rand"
	"io"
	"sync"
	"time"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/spelling"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Options are what a Desk draws on beside the database. The zero value is ready for use.
type Options struct {
	// Clock tells the time; nil means time.Now.
	Clock func() time.Time
	// Random is drawn on for the codes of stations and must be safe for concurrent use; nil means crypto/rand.
	Random io.Reader
	// Allowed is the table of role × verb; nil means Allowed. Another one shows that the tests of access notice each of its rows.
	Allowed func(viewer.Role, Verb) bool
}

// Desk does the verbs on stations and the roster for the viewer of the context. It is safe for concurrent use.
type Desk struct {
	client  *gen.Client
	clock   func() time.Time
	random  io.Reader
	allowed func(viewer.Role, Verb) bool

	spellerMu sync.Mutex
	speller   *spelling.Speller
}

// NewDesk makes a Desk on a client whose connections follow the context's viewer.
func NewDesk(client *gen.Client, o Options) *Desk {
	d := &Desk{client: client, clock: o.Clock, random: o.Random, allowed: o.Allowed, speller: spelling.NewSpeller()}
	if d.clock == nil {
		d.clock = time.Now
	}
	if d.random == nil {
		d.random = rand.Reader
	}
	if d.allowed == nil {
		d.allowed = Allowed
	}
	return d
}
