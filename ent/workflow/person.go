package workflow

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/deputy"
	"github.com/lianluo/lianluo/ent/gen/mandate"
)

// lockPersons makes the verbs on the mandates and postings of the same deputies wait for each other. Row locks alone would not do:
// rows of theirs may lie out of the viewer's sight.
func (t *task) lockPersons(ctx context.Context, deputies ...uuid.UUID) error {
	names := make([]string, len(deputies))
	for i, id := range deputies {
		names[i] = "deputy:" + id.String()
	}
	return t.lock(ctx, names...)
}

// lockDeputy finds a deputy at home in the viewer's area and keeps the person's rows from being changed by others. One who is
// visible only as a guest, posted here from elsewhere, is not the viewer's to change.
func (t *task) lockDeputy(ctx context.Context, id uuid.UUID, path ...string) (*gen.Deputy, error) {
	if err := t.lockPersons(ctx, id); err != nil {
		return nil, err
	}
	d, err := t.tx.Deputy.Query().Where(deputy.ID(id)).ForUpdate().Only(ctx)
	if !gen.IsNotFound(err) {
		return d, err
	}
	guest, err := t.tx.Deputy.Query().Where(deputy.ID(id)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if guest {
		return nil, forbidden("该代表不归本辖区管理", path...)
	}
	return nil, fault.NotFound("代表不存在或不在辖区内", path...)
}

// lockMandate finds a mandate and keeps the rows of its person from being changed by others. It may be a guest's.
func (t *task) lockMandate(ctx context.Context, id uuid.UUID, path ...string) (*gen.Mandate, error) {
	m, err := t.tx.Mandate.Get(ctx, id)
	if err == nil {
		if err := t.lockPersons(ctx, m.DeputyID); err != nil {
			return nil, err
		}
		// As it is now that others are done with it.
		m, err = t.tx.Mandate.Query().Where(mandate.ID(id)).ForUpdate().Only(ctx)
		if gen.IsNotFound(err) {
			m, err = t.tx.Mandate.Get(ctx, id) // a guest's row is not the viewer's to lock
		}
	}
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("代表职务不存在或不在辖区内", path...)
	}
	return m, err
}
