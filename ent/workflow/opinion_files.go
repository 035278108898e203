package workflow

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
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

// attach makes uploaded files part of an event. Each upload can be attached once.
func (t *task) attach(ctx context.Context, o *gen.Opinion, e *gen.OpinionEvent, secrets []string) error {
	for i, secret := range secrets {
		file, err := t.claim(ctx, secret)
		if err != nil {
			return err
		}
		if file == nil {
			return fault.NotFound("附件不存在、已过期或已被使用", "input", "files", strconv.Itoa(i))
		}
		create := t.tx.Attachment.Create().
			SetOpinionID(o.ID).SetEventID(e.ID).SetShown(e.Shown).
			SetStorageKey(file.Key).SetMediaType(file.MediaType).SetSize(file.Size).SetSha256(file.SHA256).
			SetNillableWidth(file.Width).SetNillableHeight(file.Height)
		areaOfOpinion(o).put(create.Mutation())
		if err := create.Exec(ctx); err != nil {
			return fmt.Errorf("attach a file: %w", err)
		}
	}
	return nil
}

// claim takes an upload by its secret; nil when there is none.
func (t *task) claim(ctx context.Context, secret string) (*StoredFile, error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT storage_key, media_type, size, width, height, sha256 FROM claim_upload($1)`, SecretHash(secret))
	if err != nil {
		return nil, fmt.Errorf("claim an upload: %w", err)
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	var found *StoredFile
	for rows.Next() {
		found = &StoredFile{}
		var width, height sql.NullInt64
		if err := rows.Scan(&found.Key, &found.MediaType, &found.Size, &width, &height, &found.SHA256); err != nil {
			return nil, err
		}
		found.Width, found.Height = pixels(width), pixels(height)
	}
	return found, rows.Err()
}

func pixels(n sql.NullInt64) *int {
	if !n.Valid {
		return nil
	}
	v := int(n.Int64)
	return &v
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
	for _, f := range files {
		create := t.tx.Attachment.Create().
			SetOpinionID(o.ID).SetEventID(to.ID).SetShown(true).
			SetStorageKey(f.StorageKey).SetMediaType(f.MediaType).SetSize(f.Size).SetSha256(f.Sha256).
			SetNillableWidth(f.Width).SetNillableHeight(f.Height)
		areaOfOpinion(o).put(create.Mutation())
		if err := create.Exec(ctx); err != nil {
			return fmt.Errorf("show a file: %w", err)
		}
	}
	return nil
}
