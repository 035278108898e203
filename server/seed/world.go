package seed

import (
	"encoding/base32"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
)

// world is what the places that are filled share.
type world struct {
	tree  tree
	parts *nameParts
	// mark is the key of the national congress, by which it is told what a database was filled with.
	mark uuid.UUID
	// congresses are those above the counties, which several counties elect.
	congresses map[*division]*congress
	organs     map[*division]bool // whether the division above the counties has got its organs
	// units are the electing units of those congresses. Their numbers of seats grow with each county, so they are stored last.
	units []*constituency
	// places counts the places that were begun: each has a minute of its own to be entered in.
	places int
	// receipts counts the opinions of a load, whose numbers are drawn by it.
	receipts uint64
}

func newWorld(t tree, mark uuid.UUID) *world {
	return &world{
		tree: t, parts: newNameParts(), mark: mark,
		congresses: map[*division]*congress{}, organs: map[*division]bool{},
	}
}

// entered is when the first row was entered.
var entered = time.Date(2025, time.July, 1, 1, 0, 0, 0, time.UTC)

// seedOfAll is the seed of all that looks like chance. Another one makes other people.
const seedOfAll = 0x6c69616e6c756f // "lianluo"

// date is a calendar day.
func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// scribe makes what is different for each row: its key, its moment, and all that looks like chance.
type scribe struct {
	random *rand.Rand
	moment time.Time
}

// purpose is what a scribe is for. Each work has its own chances: what is added to one leaves the others as they are.
type purpose uint64

const (
	forRoster   purpose = iota // stations, deputies, accounts
	forCodes                   // deputies' QR codes
	forOpinions                // opinions and what became of them
	forDuties                  // what deputies do
)

// scribe makes the scribe of a place. What one place gets does not depend on the others, but for the moment of entry.
func (w *world) scribe(code place.Code, p purpose) scribe {
	w.places++
	return scribe{
		random: rand.New(rand.NewPCG(seedOfAll+uint64(p), uint64(code))), //nolint:gosec // not for secrets; it must come out the same each time
		moment: entered.Add(time.Duration(w.places) * time.Minute),
	}
}

// record begins a row of a division, a millisecond after the one before.
func (s *scribe) record(in *division) record {
	s.moment = s.moment.Add(time.Millisecond)
	return s.recordAt(s.moment, in)
}

// recordAt begins a row of a division that was entered at a moment of its own.
func (s *scribe) recordAt(at time.Time, in *division) record {
	return record{id: s.uuid(at), at: at, in: in}
}

// uuid makes a UUIDv7 of a moment.
func (s *scribe) uuid(at time.Time) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[0:], uint64(at.UnixMilli())<<16|s.random.Uint64()&0xffff)
	binary.BigEndian.PutUint64(id[8:], s.random.Uint64())
	id[6] = id[6]&0x0f | 0x70 // version 7
	id[8] = id[8]&0x3f | 0x80 // variant of RFC 9562
	return id
}

// code makes the text of a QR code, of the same form as those that are given out later.
func (s *scribe) code() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[0:], s.random.Uint64())
	binary.BigEndian.PutUint64(b[8:], s.random.Uint64())
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
}

// between draws a day from first on and before last.
func (s *scribe) between(first, last time.Time) time.Time {
	days := int(last.Sub(first) / (24 * time.Hour))
	if days < 1 {
		return first
	}
	return first.AddDate(0, 0, s.random.IntN(days))
}

// chance is true in so many of a hundred cases.
func (s *scribe) chance(percent int) bool { return s.random.IntN(100) < percent }
