package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen/upload"
	"github.com/lianluo/lianluo/ent/viewer"
)

const aDay = 24 * time.Hour

// remains are rows that nobody needs any more after a while. A refresh token that was used stays until it expires: a second use must still
// be known as one.
var remains = []struct {
	table, over string
	after       time.Duration
}{
	{"refresh_token", "expires_at < $1 OR revoked_at < $1", aDay},
	{"idempotency_key", "created_at < $1", 30 * aDay},
	{"message", "created_at < $1", 90 * aDay},
	{"notification", "read_at < $1 AND created_at < $1", 365 * aDay},
}

// uploadAge is when an upload that no one attached is removed. It can be attached for a day; an hour more, and no one is about to.
const uploadAge = 25 * time.Hour

// A batch bounds how many rows one statement or transaction removes, and how many files.
const (
	cleanRows  = 2000
	cleanFiles = 100
)

// Remove deletes a file of the attachment store by its key. That it is not there is no error.
type Remove func(ctx context.Context, key string) error

// Cleaned tells how many rows of a table were removed.
type Cleaned struct {
	Table string
	Rows  int
}

// Clean removes what is over: tokens, idempotency keys, messages with the numbers they went to, old notifications, and uploads that nobody attached, with
// their files. What one of them fails on keeps none of the others.
func (c *Clockwork) Clean(ctx context.Context, remove Remove) ([]Cleaned, error) {
	ctx, v := c.as(ctx, "cleaning")
	var out []Cleaned
	var errs []error
	for _, r := range remains {
		n, err := c.sweep(ctx, v, r.table, r.over, c.desk.clock().Add(-r.after))
		out, errs = append(out, Cleaned{r.table, n}), append(errs, err)
	}
	n, err := c.dropUploads(ctx, v, remove)
	return append(out, Cleaned{upload.Table, n}), errors.Join(append(errs, err)...)
}

// sweep removes a table's rows that were over before a moment, batch by batch.
func (c *Clockwork) sweep(ctx context.Context, v *viewer.Viewer, table, over string, before time.Time) (total int, err error) {
	for {
		var n int64
		err := c.work(ctx, VerbClean, v, func(t *task) error {
			result, err := t.tx.ExecContext(ctx, fmt.Sprintf(
				`DELETE FROM %[1]s WHERE id = ANY (ARRAY(SELECT id FROM %[1]s WHERE %[2]s LIMIT %[3]d FOR UPDATE SKIP LOCKED))`,
				table, over, cleanRows), before)
			if err != nil {
				return err
			}
			n, err = result.RowsAffected()
			return err
		})
		if err != nil {
			return total, fmt.Errorf("clean %s: %w", table, err)
		}
		total += int(n)
		if n < cleanRows {
			return total, nil
		}
	}
}

// dropUploads removes uploads that nobody attached: first the file, then the row, so that no file is forgotten. What the store does not
// remove now is left for the next time.
func (c *Clockwork) dropUploads(ctx context.Context, v *viewer.Viewer, remove Remove) (gone int, err error) {
	var after uuid.UUID
	var failed error
	for found := cleanFiles; found == cleanFiles && ctx.Err() == nil; {
		removed := 0
		err := c.workOnce(ctx, VerbClean, v, func(t *task) error {
			old, err := t.tx.Upload.Query().Where(upload.CreatedAtLT(c.desk.clock().Add(-uploadAge)), upload.IDGT(after)).
				Order(upload.ByID()).Limit(cleanFiles).ForUpdate(sql.WithLockAction(sql.SkipLocked)).All(ctx)
			if err != nil {
				return err
			}
			found = len(old)
			var ids []uuid.UUID
			for _, u := range old {
				after = u.ID
				if err := remove(ctx, u.StorageKey); err != nil {
					failed = err
					continue
				}
				ids = append(ids, u.ID)
			}
			removed, err = t.tx.Upload.Delete().Where(upload.IDIn(ids...)).Exec(ctx)
			return err
		})
		if err != nil {
			return gone, fmt.Errorf("clean uploads: %w", err)
		}
		gone += removed
	}
	if failed != nil {
		return gone, fmt.Errorf("remove the file of an upload: %w", failed)
	}
	return gone, ctx.Err()
}
