package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/notification"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/page"
)

// own are the viewer's own notifications, by the key that an index holds. Row-level security says the same.
func (r *Resolver) own(ctx context.Context) *gen.NotificationQuery {
	return r.client.Notification.Query().Where(notification.Subject(viewer.FromContext(ctx).Subject))
}

// notificationList lists the viewer's own notifications.
func (r *Resolver) notificationList(ctx context.Context, unreadOnly bool) page.Query[gen.Notification] {
	q := page.Query[gen.Notification]{
		Entity: page.Notifications(r.client), Parents: everywhere(), Order: page.Newest[gen.Notification](),
		Where: []where{notification.Subject(viewer.FromContext(ctx).Subject)},
	}
	if unreadOnly {
		q.Where = append(q.Where, notification.ReadAtIsNil())
	}
	return q
}

// unread counts the viewer's own notifications that are not read yet.
func (r *Resolver) unread(ctx context.Context) (int, error) {
	return r.own(ctx).Where(notification.ReadAtIsNil()).Count(ctx)
}

func (r *Resolver) notificationsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Notification, error) {
	return r.own(ctx).Where(notification.IDIn(ids...)).All(ctx)
}

// eventOf answers the event that a notification tells of, nil when it is out of sight now.
func (r *Resolver) eventOf(ctx context.Context, n *gen.Notification) (*gen.OpinionEvent, error) {
	return one(ctx, n, func(n *gen.Notification) *uuid.UUID { return n.EventID }, r.opinionEventsByID,
		func(e *gen.OpinionEvent) uuid.UUID { return e.ID })
}

func readNotifications(in model.ReadNotificationsInput) (workflow.ReadNotifications, error) {
	var r reader
	out := workflow.ReadNotifications{IDs: r.ids(in.Ids, gen.TypeNotification, "ids"), Before: in.Before.Value()}
	return out, r.faults.Err()
}
