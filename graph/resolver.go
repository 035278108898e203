// Package graph answers the API: each resolver reads its arguments, asks a workflow, a rollup or the client, and returns.
//
// It decides nothing: rows are decided by the database, verbs by ent/workflow. It may import workflow, rollup, gen and
// the vocabularies of ent, never server. Lists go through graph/page, what belongs to many rows through graph/batch.
package graph

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
)

//go:generate go run ./generate

// Parts are what the resolvers work with.
type Parts struct {
	// Client reads for the viewer of the context.
	Client   *gen.Client
	Desk     *workflow.Desk
	Accounts *workflow.Accounts
	Counter  *workflow.Counter
	// Clock tells what day it is.
	Clock func() time.Time
	// AttachmentURL is the address of an attachment, for the context's viewer and a few minutes.
	AttachmentURL func(ctx context.Context, id uuid.UUID) (string, error)
	// ArchiveURL is the address of a mandate's duty archive as a file of some form, for the context's viewer and a few minutes.
	ArchiveURL func(ctx context.Context, mandate uuid.UUID, form string) (string, error)
}

// Resolver is the root of the resolvers.
type Resolver struct {
	client        *gen.Client
	desk          *workflow.Desk
	accounts      *workflow.Accounts
	counter       *workflow.Counter
	clock         func() time.Time
	attachmentURL func(ctx context.Context, id uuid.UUID) (string, error)
	archiveURL    func(ctx context.Context, mandate uuid.UUID, form string) (string, error)
}

// NewResolver makes the root of the resolvers.
func NewResolver(p Parts) *Resolver {
	return &Resolver{p.Client, p.Desk, p.Accounts, p.Counter, p.Clock, p.AttachmentURL, p.ArchiveURL}
}
