package workflow

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen/notification"
	"github.com/lianluo/lianluo/ent/viewer"
)

// ReadNotifications is which of the viewer's own notifications have been read (标为已读): some, or all that came in up to a moment.
type ReadNotifications struct {
	IDs    []uuid.UUID
	Before *time.Time
}

// mostRead is how many notifications can be named at once: a page of them.
const mostRead = 100

func (in *ReadNotifications) check() error {
	var c checker
	ids := at("通知", "ids")
	switch {
	case len(in.IDs) == 0 && in.Before == nil:
		c.add(ids, "REQUIRED", "或截止时间必须给出其一")
	case len(in.IDs) > 0 && in.Before != nil:
		c.add(ids, "EXCLUSIVE", "与截止时间只能给出其一")
	case len(in.IDs) > mostRead:
		c.add(ids, "TOO_MANY", "最多 100 条")
	}
	return c.list.Err()
}

// ReadNotifications marks notifications of the viewer's as read and answers how many had not been. What is read already stays as it is. It leaves no line
// in the audit: it changes nothing but what the viewer is reminded of.
func (d *Desk) ReadNotifications(ctx context.Context, in ReadNotifications) (int, error) {
	v, err := d.admit(ctx, VerbReadNotifications)
	if err != nil {
		return 0, err
	}
	if err := in.check(); err != nil {
		return 0, err
	}
	read := 0
	_, err = transact(ctx, d, VerbReadNotifications, v, func(t *task) (done, error) {
		update := t.tx.Notification.Update().
			Where(notification.Subject(v.Subject), notification.ReadAtIsNil()).
			SetReadAt(d.clock()).AddVersion(1)
		if in.Before != nil {
			update.Where(notification.CreatedAtLTE(*in.Before))
		} else {
			if err := t.ownNotifications(ctx, v, in.IDs); err != nil {
				return done{}, err
			}
			update.Where(notification.IDIn(in.IDs...))
		}
		var err error
		read, err = update.Save(ctx)
		return done{}, err
	})
	return read, err
}

// ownNotifications refuses ids that are not of the viewer's notifications.
func (t *task) ownNotifications(ctx context.Context, v *viewer.Viewer, ids []uuid.UUID) error {
	own, err := t.tx.Notification.Query().Where(notification.IDIn(ids...), notification.Subject(v.Subject)).IDs(ctx)
	if err != nil {
		return err
	}
	known := make(map[uuid.UUID]bool, len(own))
	for _, id := range own {
		known[id] = true
	}
	for i, id := range ids {
		if !known[id] {
			return fault.NotFound("通知不存在", "input", "ids", strconv.Itoa(i))
		}
	}
	return nil
}
