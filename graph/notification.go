package graph

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/notification"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/node"
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

// noticeTitles are what notices tell of, in Chinese.
var noticeTitles = map[kind.Notice]string{
	kind.NoticeRota: "接待日安排", kind.NoticeRotaChanged: "接待日调整", kind.NoticeCancelled: "接待日取消",
	kind.NoticeRequested: "约见申请", kind.NoticeDecided: "约见结果", kind.NoticeReturned: "活动记录被退回",
	kind.NoticeRecord: "履职记录审核结果", kind.NoticeClaim: "积分申报结果", kind.NoticeReminder: "履职提醒", kind.NoticeEvaluation: "考评",
}

// titleOf is what a notification tells of, in Chinese; nil for a step of an opinion that is out of sight now.
func (r *Resolver) titleOf(ctx context.Context, n *gen.Notification) (*string, error) {
	if title, ok := noticeTitles[n.Notice]; ok {
		return &title, nil
	}
	e, err := r.eventOf(ctx, n)
	if e == nil || err != nil {
		return nil, err
	}
	move, _ := state.MoveOf(e.Step)
	return &move.Title, nil
}

// targets answers what notifications are about, as far as it is in scope: one statement a type.
func (r *Resolver) targets(ctx context.Context, rows []*gen.Notification) (map[*gen.Notification]node.Node, error) {
	finders := r.finders()
	about := func(n *gen.Notification) (string, uuid.UUID) {
		if n.OpinionID != nil {
			return gen.TypeOpinion, *n.OpinionID
		}
		return *n.Entity, *n.EntityID
	}
	wanted := map[string][]uuid.UUID{}
	for _, n := range rows {
		typ, id := about(n)
		if finders[typ] != nil && !slices.Contains(wanted[typ], id) {
			wanted[typ] = append(wanted[typ], id)
		}
	}
	byID := map[string]node.Node{}
	for typ, ids := range wanted {
		found, err := finders[typ](ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			byID[f.GlobalID()] = f
		}
	}
	out := make(map[*gen.Notification]node.Node, len(rows))
	for _, n := range rows {
		if found, ok := byID[globalid.Encode(about(n))]; ok {
			out[n] = found
		}
	}
	return out, nil
}

func readNotifications(in model.ReadNotificationsInput) (workflow.ReadNotifications, error) {
	var r reader
	out := workflow.ReadNotifications{IDs: r.ids(in.Ids, gen.TypeNotification, "ids"), Before: in.Before.Value()}
	return out, r.faults.Err()
}
