package workflow

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
)

// actor is who stands in the audit.
type actor struct {
	subject, role string
	code          place.Code
}

// audit adds the verb's line to the audit. The detail holds no personal data: of a person the names of the fields that
// were changed, of other things their values too.
func (t *task) audit(ctx context.Context, entity string, id uuid.UUID, at area, detail map[string]any) error {
	who := actor{t.viewer.Subject, string(t.viewer.Role), t.viewer.Division}
	return audit(ctx, t.tx, who, t.verb, entity, id, at, detail)
}

func audit(
	ctx context.Context, tx *gen.Tx, who actor, verb Verb, entity string, id uuid.UUID, at area, detail map[string]any,
) error {
	entry := tx.AuditEntry.Create().
		SetSubject(who.subject).SetRole(who.role).SetViewerCode(who.code).
		SetVerb(string(verb)).SetEntity(entity).SetEntityID(id)
	if len(detail) > 0 {
		entry.SetDetail(detail)
	}
	at.put(entry.Mutation())
	if err := entry.Exec(ctx); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}
