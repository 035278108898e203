package divisions

import (
	"crypto/sha1" //nolint:gosec // UUIDv5 is made with it; it keeps no secret
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
)

// Namespace is the UUIDv5 namespace of divisions. It never changes: ids made from it stand in every deployment's data
// and must be the same in all of them, so that a county's data can later join its province's.
const Namespace = "f231b350-973b-499e-8a5c-2c883addf61b"

// NationName is the name of the root of the tree, which the table itself does not hold.
const NationName = "全国"

var (
	namespace = uuid.MustParse(Namespace)
	tableDate = time.Date(2023, time.June, 30, 0, 0, 0, 0, time.UTC)
)

// ID is the id of the division that first had the code: UUIDv5 of the 12 digits. A division that gets another code keeps its id.
//
// It is uuid.NewSHA1 without the allocations, which take half the time of reading the table.
func ID(first place.Code) uuid.UUID {
	var text [len(namespace) + 12]byte
	copy(text[:], namespace[:])
	for i, n := len(text)-1, first; i >= len(namespace); i, n = i-1, n/10 {
		text[i] = '0' + byte(n%10)
	}
	sum := sha1.Sum(text[:]) //nolint:gosec // as above
	id := uuid.UUID(sum[:len(namespace)])
	id[6] = id[6]&0x0f | 0x50 // version 5
	id[8] = id[8]&0x3f | 0x80 // variant of RFC 9562
	return id
}

// Row is one division: a place, or one of the table's headings (Placeholder).
type Row struct {
	ID          uuid.UUID
	Code        place.Code
	Level       place.Level
	Name        string // as published, without surrounding spaces
	Placeholder bool   // a heading of the table such as 市辖区, not a place a person may pick

	// Parent is the nearest ancestor that is a place: a heading is skipped. Nil for the nation only.
	Parent *place.Code

	// The place's ancestors by level, itself included; nil where the tree has a gap (东莞市 has no county, 东城区 no city).
	// A heading has its province, but is nobody's City, not even its own.
	Province, City, County, Township *place.Code

	// ValidFrom is the date of the table, 30 June 2023. The table tells nothing of earlier days: read it as "at the latest since".
	ValidFrom time.Time
}
