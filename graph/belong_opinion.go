package graph

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/attachment"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/gen/qrcode"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/tree"
)

// sole is the one row that many found, or nil; for what there is at most one of.
func sole[V any](found []*V, err error) (*V, error) {
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// placed answers a place that an opinion names: on the way up from where the opinion lies or from where the viewer stands. Nil for one
// that is neither.
func (r *Resolver) placed(ctx context.Context, o *gen.Opinion, wanted place.Code) (*tree.Ref, error) {
	ways, err := batch.Shared(ctx, o, "ways", r.ways)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(ways, func(ref *tree.Ref) bool { return ref.Code == wanted })
	if i < 0 {
		return nil, nil
	}
	return ways[i], nil
}

// ways answers the places on the way up from each opinion, and from the viewer.
func (r *Resolver) ways(ctx context.Context, opinions []*gen.Opinion) (map[*gen.Opinion][]*tree.Ref, error) {
	own := viewer.FromContext(ctx).Division
	codes := []int64{int64(own)}
	for _, o := range opinions {
		codes = append(codes, int64(o.Code))
	}
	chains, err := r.chains(ctx, codes)
	if err != nil {
		return nil, err
	}
	out := make(map[*gen.Opinion][]*tree.Ref, len(opinions))
	for _, o := range opinions {
		out[o] = slices.Concat(chains[o.Code], chains[own])
	}
	return out, nil
}

// clockOf is how an opinion stands against its limit on a day; nil when no clock runs.
func clockOf(o *gen.Opinion, today time.Time) *model.OpinionClock {
	if o.DueOn == nil || o.AmberOn == nil {
		return nil
	}
	clock := model.OpinionClockGreen
	switch {
	case today.After(calendar.Day(*o.DueOn)):
		clock = model.OpinionClockRed
	case !today.Before(calendar.Day(*o.AmberOn)):
		clock = model.OpinionClockAmber
	}
	return &clock
}

// files answers the files of opinions, in the order they were attached. A file that was shown to the citizen with a later step is another
// row of the same file, and is told once.
func (r *Resolver) files(ctx context.Context, opinions []uuid.UUID) ([]*gen.Attachment, error) {
	found, err := r.client.Attachment.Query().Where(attachment.OpinionIDIn(opinions...)).Order(attachment.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	type file struct {
		opinion uuid.UUID
		key     string
	}
	seen := make(map[file]bool, len(found))
	return slices.DeleteFunc(found, func(a *gen.Attachment) bool {
		f := file{*a.OpinionID, a.StorageKey}
		known := seen[f]
		seen[f] = true
		return known
	}), nil
}

// goodCodes are codes of some stations or postings that are good now.
func (r *Resolver) goodCodes(ctx context.Context, of ...predicate.QRCode) ([]*gen.QRCode, error) {
	return r.client.QRCode.Query().Where(of...).Where(qrcode.RevokedAtIsNil()).All(ctx)
}

// settled is a word that an event settled, or nil.
func settled[T ~string](word T) *T {
	if word == "" {
		return nil
	}
	return &word
}
