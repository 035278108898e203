package workflow

import (
	"context"
	"crypto/sha256"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/attachment"
	"github.com/lianluo/lianluo/ent/gen/opinionevent"
	"github.com/lianluo/lianluo/ent/state"
)

// SecretHash is the stored form of a secret that was given out: of an upload, of a receipt.
func SecretHash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// lastEvent is the newest event of a timeline that is one of some steps; nil when there is none.
func (t *task) lastEvent(ctx context.Context, opinion uuid.UUID, steps ...state.Step) (*gen.OpinionEvent, error) {
	e, err := t.tx.OpinionEvent.Query().Where(opinionevent.OpinionID(opinion), opinionevent.StepIn(steps...)).
		Order(gen.Desc(opinionevent.FieldSequence)).First(ctx)
	if gen.IsNotFound(err) {
		return nil, nil
	}
	return e, err
}

// showFiles shows the citizen the files of an earlier event, with the event that tells of it.
func (t *task) showFiles(ctx context.Context, o *gen.Opinion, from, to *gen.OpinionEvent) error {
	files, err := t.tx.Attachment.Query().Where(attachment.EventID(from.ID)).Order(attachment.ByID()).All(ctx)
	if err != nil {
		return err
	}
	now := ofEvent(o, to)
	now.shown = true
	for _, f := range files {
		err := t.attach(ctx, now, &StoredFile{
			Key: f.StorageKey, MediaType: f.MediaType, Size: f.Size, Width: f.Width, Height: f.Height, SHA256: f.Sha256,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
