// Package graph answers the API: each resolver reads its arguments, asks a workflow, a rollup or the client, and returns.
//
// It decides nothing: rows are decided by the database, verbs by ent/workflow. It may import workflow, rollup, gen and
// the vocabularies of ent, never server. Lists go through graph/page, what belongs to many rows through graph/batch.
package graph

import (
	"time"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
)

//go:generate go tool gqlgen generate

// Resolver is what the resolvers work with.
type Resolver struct {
	client   *gen.Client
	desk     *workflow.Desk
	accounts *workflow.Accounts
	clock    func() time.Time
}

// NewResolver makes the root of the resolvers; clock tells them what day it is.
func NewResolver(client *gen.Client, desk *workflow.Desk, accounts *workflow.Accounts, clock func() time.Time) *Resolver {
	return &Resolver{client: client, desk: desk, accounts: accounts, clock: clock}
}
