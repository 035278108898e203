package workflow

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
)

// announce has those told whom a notice about an entity (gen.Type…) concerns, once the transaction is through. Whom, the platform's own job works
// out (Clockwork.Notify), so that a verb need not see everyone it concerns.
func (t *task) announce(ctx context.Context, notice kind.Notice, entity string, id uuid.UUID) error {
	if _, err := t.tx.ExecContext(ctx, `SELECT enqueue_notice($1, $2, $3)`, string(notice), entity, id); err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	return nil
}
