package audit

import (
	"crypto/sha256"
	"hash"
	"time"

	"github.com/google/uuid"
)

// Suite is a hash function by its name. Each seal names its own, so that a chain can go on with another one.
type Suite interface {
	// Name stands in the seals, such as SHA-256.
	Name() string
	// New makes a hash that nothing was written to.
	New() hash.Hash
}

// SHA256 is the suite that is used unless another one is chosen.
var SHA256 Suite = sha256Suite{}

type sha256Suite struct{}

// Name is the suite's name.
func (sha256Suite) Name() string { return "SHA-256" }

// New makes a hash.
func (sha256Suite) New() hash.Hash { return sha256.New() }

func sum(s Suite, form []byte) []byte {
	h := s.New()
	_, _ = h.Write(form) // a hash never fails
	return h.Sum(nil)
}

// Seal is a link of the chain.
type Seal struct {
	// Position counts up from 1 without gaps.
	Position int64
	Entry    uuid.UUID
	// Place is the line's at the time.
	Place    Place
	SealedAt time.Time
	Suite    string
	// Digest is the hash over the line, Hash that over the seal before and the rest of this one.
	Digest, Hash []byte
}

// link is the hash that the seal has after another one.
func (l *Seal) link(s Suite, before []byte) []byte {
	return sum(s, list(text("lianluo.audit.seal.1"), put(kindBytes, before), number(l.Position), text(l.Entry.String()), l.Place.form(),
		moment(l.SealedAt), text(l.Suite), put(kindBytes, l.Digest)))
}

// Head is what a chain ended with at some time. The zero value is that of a chain without a link.
type Head struct {
	Position int64
	Hash     []byte
	Suite    string
	SealedAt time.Time
}

// Anchor keeps heads of the chain outside the database.
type Anchor interface {
	// Last is the head that was added last; the zero Head when there is none.
	Last() (Head, error)
	// Append adds a head behind all others. When it returns, the head is there to stay.
	Append(Head) error
}
