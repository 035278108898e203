package graph

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/divisionevent"
	"github.com/lianluo/lianluo/ent/gen/formerdivision"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/graph/model"
	"github.com/lianluo/lianluo/graph/page"
	"github.com/lianluo/lianluo/graph/tree"
)

func (r *Resolver) divisionEventsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.DivisionEvent, error) {
	return r.client.DivisionEvent.Query().Where(divisionevent.IDIn(ids...)).All(ctx)
}

func (r *Resolver) formerDivisionsByID(ctx context.Context, ids []uuid.UUID) ([]*gen.FormerDivision, error) {
	return r.client.FormerDivision.Query().Where(formerdivision.IDIn(ids...)).All(ctx)
}

func divisionEventID(e *gen.DivisionEvent) uuid.UUID { return e.ID }

func (r *Resolver) divisionEvents(of page.Parents, conditions ...where) page.Query[gen.DivisionEvent] {
	return page.Query[gen.DivisionEvent]{
		Entity: page.DivisionEvents(r.client), Parents: of, Order: page.Newest[gen.DivisionEvent](), Where: conditions,
	}
}

func (r *Resolver) formerDivisions(of page.Parents, order page.Order[gen.FormerDivision], conditions ...where) page.Query[gen.FormerDivision] {
	return page.Query[gen.FormerDivision]{Entity: page.FormerDivisions(r.client), Parents: of, Order: order, Where: conditions}
}

// formersInTree lists former divisions in the order of the codes that they had.
var formersInTree = page.ByNumber('t', "code_then", func(f *gen.FormerDivision) int64 { return int64(f.CodeThen) })

// formersOn keeps what was so on a day, and within the place that had a code then.
func formersOn(on time.Time, within *string) ([]where, error) {
	out := []where{formerdivision.ValidFromLTE(on), formerdivision.ValidToGT(on)}
	if within == nil {
		return out, nil
	}
	code, err := place.Parse(*within)
	if err != nil {
		return nil, fault.Invalid("MALFORMED", "区划代码应为 2、4、6、9 或 12 位数字", "within")
	}
	lo, hi := code.Range()
	return append(out, formerdivision.CodeThenGTE(lo), formerdivision.CodeThenLT(hi)), nil
}

// called are divisions as a change of the tree names them.
func called(named []place.Named) []*tree.Ref {
	out := make([]*tree.Ref, len(named))
	for i, n := range named {
		ref := tree.Ref(n)
		out[i] = &ref
	}
	return out
}

// moves lists what moved, by name.
func moves(moved map[string]int) []*model.DivisionMove {
	out := make([]*model.DivisionMove, 0, len(moved))
	for _, entity := range slices.Sorted(maps.Keys(moved)) {
		out = append(out, &model.DivisionMove{Entity: entity, Rows: moved[entity]})
	}
	return out
}
