package workflow

import (
	"context"
	"fmt"
)

// VerbGather is the platform's taking along of what came too late for a change of the tree.
const VerbGather Verb = "gatherStrays"

// Gather moves what someone wrote at a place that a change of the tree was just moving, having read it before: it would lie at a code that no
// division has. It looks at the changes of the last hour and answers how many rows it moved.
func (c *Clockwork) Gather(ctx context.Context) (moved int, err error) {
	ctx, v := c.as(ctx, "strays")
	err = c.work(ctx, VerbGather, v, func(t *task) error {
		if err := t.lock(ctx, reformsLock); err != nil {
			return err
		}
		return scalar(ctx, t.tx, &moved, `SELECT gather_strays()`)
	})
	if err != nil {
		return 0, fmt.Errorf("gather what a change of the tree left: %w", err)
	}
	return moved, nil
}
