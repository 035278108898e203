package workflow

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// StoredFile is a file that the attachment store has, and what is known of it.
type StoredFile struct {
	Key, MediaType string
	Size           int // bytes
	Width, Height  *int
	SHA256         []byte
}

// MayUpload tells whether a file is taken from whoever asks: from everyone who has signed in but portals, and from strangers who have scanned a
// code that is good. It comes before the file is read.
func (c *Counter) MayUpload(ctx context.Context, code string) error {
	if v := viewer.FromContext(ctx); v != nil {
		if v.Kind == viewer.Public {
			return fault.Forbidden("您的角色不能办理此事项")
		}
		return nil
	}
	if err := c.take(Bucket{BoundUploadAddress, addressOf(ctx)}); err != nil {
		return err
	}
	_, err := c.Code(ctx, code)
	return err
}

// KeepUpload notes a file that was put into the store and gives out the secret by which it can be attached, once and within a day. The secret
// of a form's file follows from the form's key and the file, so that a form that is sent twice names the same files; known tells that it
// has come before and waits, stored elsewhere.
func (c *Counter) KeepUpload(ctx context.Context, f StoredFile, form string) (secret string, known bool, err error) {
	drawn := make([]byte, 16)
	if form != "" {
		drawn = formSecret(form, f.SHA256)
	} else if _, err := io.ReadFull(c.desk.random, drawn); err != nil {
		return "", false, fmt.Errorf("draw an upload's secret: %w", err)
	}
	secret = base64.RawURLEncoding.EncodeToString(drawn)
	err = c.system.Upload.Create().
		SetSecretHash(SecretHash(secret)).SetStorageKey(f.Key).SetMediaType(f.MediaType).SetSize(f.Size).SetSha256(f.SHA256).
		SetNillableWidth(f.Width).SetNillableHeight(f.Height).Exec(asCounter(ctx))
	if form != "" && gen.IsConstraintError(err) {
		return secret, true, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("keep an upload: %w", err)
	}
	return secret, false, nil
}

// formSecret is the secret of a form's file, 16 bytes. It cannot be guessed unless the form's key can.
func formSecret(form string, file []byte) []byte {
	mac := hmac.New(sha256.New, []byte(form))
	_, _ = mac.Write(file)
	return mac.Sum(nil)[:16]
}

// HolderOf is who holds the receipt of the opinion that a file is shown with.
func HolderOf(file *gen.Attachment) *viewer.Viewer { return receiptHolder(*file.OpinionID, file.Code) }

// receiptHolder is who holds the receipt of an opinion or of an appointment.
func receiptHolder(id uuid.UUID, at place.Code) *viewer.Viewer {
	return viewer.ForReceipt("receipt:"+id.String(), at, id)
}
