package graph

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/attachment"
	"github.com/lianluo/lianluo/ent/gen/category"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/opinionevent"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/publishedcase"
	"github.com/lianluo/lianluo/ent/gen/qrcode"
	"github.com/lianluo/lianluo/ent/gen/suggestion"
)

// Opinions and what belongs to them by their keys, as far as they are in scope.

func (r *Resolver) opinionsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Opinion, error) {
	return r.client.Opinion.Query().Where(opinion.IDIn(ids...)).All(ctx)
}

func (r *Resolver) opinionEventsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.OpinionEvent, error) {
	return r.client.OpinionEvent.Query().Where(opinionevent.IDIn(ids...)).All(ctx)
}

func (r *Resolver) attachmentsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Attachment, error) {
	return r.client.Attachment.Query().Where(attachment.IDIn(ids...)).All(ctx)
}

func (r *Resolver) categoriesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Category, error) {
	return r.client.Category.Query().Where(category.IDIn(ids...)).All(ctx)
}

func (r *Resolver) codesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.QRCode, error) {
	return r.client.QRCode.Query().Where(qrcode.IDIn(ids...)).All(ctx)
}

func (r *Resolver) suggestionsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Suggestion, error) {
	return r.client.Suggestion.Query().Where(suggestion.IDIn(ids...)).All(ctx)
}

func (r *Resolver) casesByID(ctx context.Context, ids []uuid.UUID) ([]*gen.PublishedCase, error) {
	return r.client.PublishedCase.Query().Where(publishedcase.IDIn(ids...)).All(ctx)
}

func (r *Resolver) postingsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.Posting, error) {
	return r.client.Posting.Query().Where(posting.IDIn(ids...)).All(ctx)
}

func opinionOf[T any](ctx context.Context, r *Resolver, row *T, key func(*T) *uuid.UUID) (*gen.Opinion, error) {
	return one(ctx, row, key, r.opinionsByID, opinionID)
}

func categoryOf[T any](ctx context.Context, r *Resolver, row *T, key func(*T) *uuid.UUID) (*gen.Category, error) {
	return one(ctx, row, key, r.categoriesByID, func(c *gen.Category) uuid.UUID { return c.ID })
}

func opinionID(o *gen.Opinion) uuid.UUID { return o.ID }
func postingID(p *gen.Posting) uuid.UUID { return p.ID }

// today is the calendar day now.
func (r *Resolver) today() time.Time { return calendar.Today(r.clock()) }
