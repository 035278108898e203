package page

import "github.com/lianluo/lianluo/graph/sums"

// The records behind sums.
//
//nolint:revive // one sentence for both
type (
	RollupRecordConnection = Connection[sums.Record]
	RollupRecordEdge       = Edge[sums.Record]
)
