package workflow

import (
	"context"
	"fmt"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
)

// OpenActivity is which activity begins (开始活动).
type OpenActivity struct {
	ActivityRef
}

// OpenActivity begins a planned activity, at the earliest an hour before the time planned.
func (d *Desk) OpenActivity(ctx context.Context, in OpenActivity) (*gen.Activity, error) {
	return d.arrange(ctx, arrangement{
		verb: VerbOpenActivity, on: in.ActivityRef,
		do: func(ctx context.Context, t *task, a *gen.Activity, _ *arranging) error {
			if err := t.notBefore(a.BeginsAt.Add(-openBefore), "input", "id"); err != nil {
				return err
			}
			return t.partnered(ctx, a)
		},
	})
}

// ReviewActivity is a step that the organ takes, or that ends an activity, and why.
type ReviewActivity struct {
	ActivityRef
	Reason string
}

// tell gives the reason to the history.
func (in *ReviewActivity) tell(_ context.Context, _ *task, _ *gen.Activity, do *arranging) error {
	do.text = &in.Reason
	return nil
}

// ReturnActivity sends a record back to be put right (退回补正), by an administrator in whose area the host lies. The host is told.
func (d *Desk) ReturnActivity(ctx context.Context, in ReviewActivity) (*gen.Activity, error) {
	return d.arrange(ctx, arrangement{
		verb: VerbReturnActivity, on: in.ActivityRef, check: because(&in.Reason), do: in.tell,
		after: func(ctx context.Context, t *task, a *gen.Activity) error {
			return t.announce(ctx, kind.NoticeReturned, gen.TypeActivity, a.ID)
		},
	})
}

// ConfirmActivity is which record is right (确认活动).
type ConfirmActivity struct {
	ActivityRef
}

// ConfirmActivity confirms a record, by an administrator in whose area the host lies. From then on it counts, and so do the attendances.
func (d *Desk) ConfirmActivity(ctx context.Context, in ConfirmActivity) (*gen.Activity, error) {
	return d.arrange(ctx, arrangement{
		verb: VerbConfirmActivity, on: in.ActivityRef,
		do: func(_ context.Context, t *task, _ *gen.Activity, do *arranging) error {
			do.SetConfirmedAt(t.desk.clock())
			return nil
		},
		after: settleAttending,
	})
}

// AmendActivity takes a confirmed record up again to put it right (更正活动). It counts no more until it is confirmed again.
func (d *Desk) AmendActivity(ctx context.Context, in ReviewActivity) (*gen.Activity, error) {
	return d.arrange(ctx, arrangement{
		verb: VerbAmendActivity, on: in.ActivityRef, check: because(&in.Reason),
		do: func(ctx context.Context, t *task, a *gen.Activity, do *arranging) error {
			do.ClearConfirmedAt()
			return in.tell(ctx, t, a, do)
		},
		after: settleAttending,
	})
}

// CancelActivity calls off an activity that is planned or has begun (取消活动). The visit day that it was counts as held no longer.
func (d *Desk) CancelActivity(ctx context.Context, in ReviewActivity) (*gen.Activity, error) {
	return d.arrange(ctx, arrangement{
		verb: VerbCancelActivity, on: in.ActivityRef, check: because(&in.Reason), do: in.tell,
		after: func(ctx context.Context, t *task, a *gen.Activity) error {
			if a.VisitDayID == nil {
				return nil
			}
			return t.unholdVisitDay(ctx, *a.VisitDayID)
		},
	})
}

// settleAttending has the ledgers of all who came settled, those too who came at stations out of the viewer's sight.
func settleAttending(ctx context.Context, t *task, a *gen.Activity) error {
	if _, err := t.tx.ExecContext(ctx, `SELECT enqueue_settlement_of($1)`, a.ID); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	return nil
}
