// Package duty holds the rules by which deputies' work is counted (履职): what a deed is, what a norm asks for and whether it is met, which
// points a deed brings, what a checklist adds up to. All of it is pure: deeds in, figures out.
//
// Room: ent. It may import kind, state and calendar.
package duty

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
)

// Deed is one thing that a deputy did and that counts.
type Deed struct {
	// Kind and ID name the record that proves it: an attendance, an opinion, a contact ….
	Kind kind.Deed
	ID   uuid.UUID
	// Day is the day it was done on.
	Day time.Time
	// Way is the activity's, of an attendance; Record the kind of a record of work; empty elsewhere.
	Way    kind.Way
	Record kind.Record
	// Claimed is the item and the points that a decided claim grants; for an appeal also the deed whose points it puts right.
	Claimed *Claimed
}

// Claimed is what an approved claim grants.
type Claimed struct {
	// Item is the key of the item of the point scheme.
	Item string
	// Points are in tenths; of an appeal they are added to what the deed brought, and may be negative.
	Points int
	// Appeal tells that it puts right what another deed brought.
	Appeal bool
}

// Filter says which deeds count for an item: those of a kind, of some ways and of some kinds of records. An empty list asks for nothing.
type Filter struct {
	Deed    kind.Deed     `json:"deed"`
	Ways    []kind.Way    `json:"ways,omitempty"`
	Records []kind.Record `json:"records,omitempty"`
}

// Counts tells whether a deed counts.
func (f Filter) Counts(d Deed) bool {
	return f.Deed == d.Kind &&
		(len(f.Ways) == 0 || slices.Contains(f.Ways, d.Way)) &&
		(len(f.Records) == 0 || slices.Contains(f.Records, d.Record))
}
