package workflow

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// settle has the platform bring the ledgers of deputies up to their evidence, once the transaction is through. Verbs that change evidence call it.
func (t *task) settle(ctx context.Context, deputies ...uuid.UUID) error {
	if len(deputies) == 0 {
		return nil
	}
	if _, err := t.tx.ExecContext(ctx, `SELECT enqueue_settlement($1)`, pq.Array(deputies)); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	return nil
}
