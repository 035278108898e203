// Package page serves every list of the API: Relay connections by keyset, one statement a page.
//
// A page is found by the order's columns, never by an offset, with one row more than asked to know whether there is a
// next. Pages of many parents (the postings of a hundred stations) come in one statement too, and so do their
// counts. It may import ent/gen; it knows nothing of viewers: row-level security decides what is there.
package page

import (
	"context"

	"github.com/lianluo/lianluo/ent/gen"
)

// MaxSize is the largest page.
const MaxSize = 100

// Info says where a page stands in the whole list.
type Info struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *string
}

// Edge is a row with its cursor.
type Edge[T any] struct {
	Node   *T
	Cursor string
}

// Connection is one page.
type Connection[T any] struct {
	Edges    []*Edge[T]
	PageInfo *Info
	total    func(context.Context) (int, error)
}

// TotalCount counts the whole list, when it is asked for.
func (c *Connection[T]) TotalCount(ctx context.Context) (int, error) { return c.total(ctx) }

// Nodes lists the rows of the page.
func (c *Connection[T]) Nodes() []*T {
	out := make([]*T, len(c.Edges))
	for i, e := range c.Edges {
		out[i] = e.Node
	}
	return out
}

// The connections of the API, by the type of their rows.
//
//nolint:revive // one sentence for all of them: each is a Connection or an Edge of its row
type (
	DivisionConnection     = Connection[gen.Division]
	DivisionEdge           = Edge[gen.Division]
	StationConnection      = Connection[gen.Station]
	StationEdge            = Edge[gen.Station]
	ZoneConnection         = Connection[gen.Zone]
	ZoneEdge               = Edge[gen.Zone]
	PostingConnection      = Connection[gen.Posting]
	PostingEdge            = Edge[gen.Posting]
	DeputyConnection       = Connection[gen.Deputy]
	DeputyEdge             = Edge[gen.Deputy]
	MandateConnection      = Connection[gen.Mandate]
	MandateEdge            = Edge[gen.Mandate]
	ConstituencyConnection = Connection[gen.Constituency]
	ConstituencyEdge       = Edge[gen.Constituency]
	OpinionConnection      = Connection[gen.Opinion]
	OpinionEdge            = Edge[gen.Opinion]
)
