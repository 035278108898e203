package graph

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/activity"
	"github.com/lianluo/lianluo/ent/gen/activityevent"
	"github.com/lianluo/lianluo/ent/gen/activityfigure"
	"github.com/lianluo/lianluo/ent/gen/attachment"
	"github.com/lianluo/lianluo/ent/gen/attendance"
	"github.com/lianluo/lianluo/ent/gen/keyfigure"
)

// Activities and what belongs to them by their keys, as far as they are in scope.

func (r *Resolver) activitiesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Activity, error) {
	return r.client.Activity.Query().Where(activity.IDIn(ids...)).All(ctx)
}

func (r *Resolver) activityEventsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.ActivityEvent, error) {
	return r.client.ActivityEvent.Query().Where(activityevent.IDIn(ids...)).All(ctx)
}

func (r *Resolver) attendancesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Attendance, error) {
	return r.client.Attendance.Query().Where(attendance.IDIn(ids...)).All(ctx)
}

func (r *Resolver) keyFiguresByID(ctx context.Context, ids []uuid.UUID) ([]*gen.KeyFigure, error) {
	return r.client.KeyFigure.Query().Where(keyfigure.IDIn(ids...)).All(ctx)
}

func activityID(a *gen.Activity) uuid.UUID { return a.ID }

func activityOf[T any](ctx context.Context, r *Resolver, row *T, key func(*T) *uuid.UUID) (*gen.Activity, error) {
	return one(ctx, row, key, r.activitiesByID, activityID)
}

// figuresOf answers what activities counted, by place and key of the figure. A partner from elsewhere is not told what only the host's congress counts.
func (r *Resolver) figuresOf(ctx context.Context, activities []uuid.UUID) ([]*gen.ActivityFigure, error) {
	found, err := r.client.ActivityFigure.Query().Where(activityfigure.ActivityIDIn(activities...)).WithFigure().All(ctx)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(f *gen.ActivityFigure) bool { return f.Edges.Figure == nil })
	slices.SortFunc(found, func(a, b *gen.ActivityFigure) int {
		x, y := a.Edges.Figure, b.Edges.Figure
		return cmp.Or(cmp.Compare(x.Code, y.Code), cmp.Compare(x.Key, y.Key))
	})
	return found, nil
}

// photosOf answers the photos of activities, in the order they were attached.
func (r *Resolver) photosOf(ctx context.Context, activities []uuid.UUID) ([]*gen.Attachment, error) {
	return r.client.Attachment.Query().Where(attachment.ActivityIDIn(activities...)).Order(attachment.ByID()).All(ctx)
}
