package graph

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/node"
	"github.com/lianluo/lianluo/graph/page"
	"github.com/lianluo/lianluo/graph/sums"
	"github.com/lianluo/lianluo/graph/tree"
)

// rollupCell reads which row of sums is asked about, but for the division. A row of a division is known by that alone, however it was come by.
func (r *Resolver) rollupCell(by rollup.By, of rollup.Tree, key *string, own bool, in model.PeriodInput, measure rollup.Measure) (rollup.Cell, error) {
	p, err := r.period(in)
	if err != nil {
		return rollup.Cell{}, err
	}
	cell := rollup.Cell{Own: own, By: by, Tree: of, Period: p, Measure: measure}
	typ := rollupTypes[by]
	switch {
	case typ == "" && key != nil:
		return cell, fault.Invalid("EXCLUSIVE", "按区划分组的行没有行标识", "key")
	case typ == "":
		cell.By = rollup.BySelf
	case own:
		return cell, fault.Invalid("EXCLUSIVE", "仅本级只用于按区划分组的行", "ownOnly")
	case key != nil:
		cell.ID.UUID, err = keyOf(*key, typ, "key")
		cell.ID.Valid = true
	case by == rollup.ByStations || by == rollup.ByZones:
		return cell, fault.Invalid("REQUIRED", "应给出行标识", "key")
	}
	return cell, err
}

// rollupRecords lists the records behind one measure of one row of sums.
func (r *Resolver) rollupRecords(ctx context.Context, root *tree.Ref, cell rollup.Cell, first int, after *string) (*page.RollupRecordConnection, error) {
	k, err := page.ReadKeyset(first, after, 'm')
	if err != nil {
		return nil, err
	}
	var beyond *uuid.UUID
	if k.Beyond {
		beyond = &k.ID
	}
	cell.Area = rollup.Place{Code: root.Code, Level: root.Level}
	found, more, err := rollup.Records(ctx, r.client, cell, r.today(), k.Size, beyond)
	if err != nil {
		return nil, err
	}
	rows := make([]*sums.Record, len(found))
	for i, f := range found {
		rows[i] = &sums.Record{Entity: f.Entity, ID: f.ID, Value: sums.Value(cell.Measure, f.Value)}
	}
	batch.Siblings(ctx, rows)
	return page.Found(k, rows, more, 0, func(row *sums.Record) (int64, uuid.UUID) { return 0, row.ID }), nil
}

// recordNodes answers the records behind measures, as far as they are in scope: one statement a type.
func (r *Resolver) recordNodes(ctx context.Context, rows []*sums.Record) (map[*sums.Record]node.Node, error) {
	rows = slices.DeleteFunc(slices.Clone(rows), func(row *sums.Record) bool { return row.Entity == "" })
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = globalid.Encode(row.Entity, row.ID)
	}
	found, err := r.find(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[*sums.Record]node.Node, len(rows))
	for i, row := range rows {
		if found[i] != nil {
			out[row] = found[i]
		}
	}
	return out, nil
}
