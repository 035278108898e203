package workflow

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/viewer"
)

// HoldVisitDay does to a visit day what putting its activity on record does; UnholdVisitDay what cancelling the activity does.
func (d *Desk) HoldVisitDay(ctx context.Context, id uuid.UUID) error {
	_, err := transact(ctx, d, VerbRecordActivity, viewer.FromContext(ctx), func(t *task) (done, error) { return done{}, t.holdVisitDay(ctx, id) })
	return err
}

// UnholdVisitDay does to a visit day what cancelling its activity does.
func (d *Desk) UnholdVisitDay(ctx context.Context, id uuid.UUID) error {
	_, err := transact(ctx, d, VerbCancelActivity, viewer.FromContext(ctx), func(t *task) (done, error) { return done{}, t.unholdVisitDay(ctx, id) })
	return err
}
