// Package viewer says who asks: the role, the area, the organ, station or person of one request.
//
// The database decides from it which rows there are (a role per Kind, an area as settings of the
// connection), the workflows which verbs are allowed. The package imports nothing of ours but place.
package viewer

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
)

// Kind is the sort of viewer that row-level security tells apart: one database role each.
type Kind string

// The kinds of viewers. An unset kind sees nothing.
const (
	// Area sees a division and everything below it.
	Area Kind = "AREA"
	// Organ sees the cases assigned to one department (承办单位).
	Organ Kind = "ORGAN"
	// Self is a deputy, who sees the own record and the stations posted to.
	Self Kind = "SELF"
	// Receipt is a citizen, who sees one case by its receipt.
	Receipt Kind = "RECEIPT"
	// Public sees published facts of an area only.
	Public Kind = "PUBLIC"
	// System is a job of the platform itself; it is never made from a token.
	System Kind = "SYSTEM"
)

// Kinds lists every kind.
var Kinds = []Kind{Area, Organ, Self, Receipt, Public, System}

// DatabaseRole is the name of the PostgreSQL role whose policies apply to the kind.
func (k Kind) DatabaseRole() string {
	switch k {
	case Area:
		return "lianluo_area"
	case Organ:
		return "lianluo_organ"
	case Self:
		return "lianluo_self"
	case Receipt:
		return "lianluo_receipt"
	case Public:
		return "lianluo_public"
	case System:
		return "lianluo_system"
	}
	return ""
}

// Viewer is who asks. Make one with For or SystemJob; do not change it afterwards.
type Viewer struct {
	// Subject names the account (its UUID), the operator's token or the job; it stands in the audit.
	Subject string
	// Role is empty for a job.
	Role Role
	Kind Kind
	// Division is the division the viewer belongs to.
	Division place.Code
	// Lo and Hi bound the codes [Lo, Hi) the viewer sees.
	Lo, Hi place.Code
	// Person is the deputy (Self), Organ the department (Organ), Station the keeper's station; uuid.Nil where none.
	Person, Organ, Station uuid.UUID
	// Receipt is the opinion whose receipt a citizen holds (Receipt).
	Receipt uuid.UUID
}

// ErrRoleDivision is returned when a role cannot stand at a division, such as a county administrator of a province.
var ErrRoleDivision = errors.New("the role does not fit the division's level")

// For makes the viewer of a role at a division.
func For(subject string, role Role, division place.Code) (*Viewer, error) {
	def, ok := roles[role]
	if !ok {
		return nil, fmt.Errorf("unknown role %q", role)
	}
	if !def.fits(division) {
		return nil, fmt.Errorf("%w: %s at %s", ErrRoleDivision, role, division)
	}
	v := &Viewer{Subject: subject, Role: role, Kind: def.kind, Division: division}
	v.Lo, v.Hi = division.Range()
	if def.narrow {
		v.Hi = v.Lo + 1
	}
	return v, nil
}

// SystemJob makes the viewer of one of the platform's own jobs, which sees everything.
func SystemJob(name string) *Viewer {
	lo, hi := place.Nation.Range()
	return &Viewer{Subject: "job:" + name, Kind: System, Lo: lo, Hi: hi}
}

// ForReceipt makes the viewer of a citizen who holds the receipt of an opinion, or is about to be given it. The subject names what let
// the citizen in: the receipt, or the code that was scanned.
func ForReceipt(subject string, division place.Code, opinion uuid.UUID) *Viewer {
	return &Viewer{Subject: subject, Kind: Receipt, Division: division, Receipt: opinion}
}

// Sees tells whether a code lies in the viewer's area.
func (v *Viewer) Sees(c place.Code) bool { return c >= v.Lo && c < v.Hi }

type contextKey struct{}

// NewContext returns a context that carries the viewer.
func NewContext(ctx context.Context, v *Viewer) context.Context {
	return context.WithValue(ctx, contextKey{}, v)
}

// FromContext returns the context's viewer, or nil when there is none.
func FromContext(ctx context.Context) *Viewer {
	v, _ := ctx.Value(contextKey{}).(*Viewer)
	return v
}
