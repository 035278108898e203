package graph

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/page"
	"github.com/lianluo/lianluo/graph/tree"
)

// divisionByCode answers a division in scope, or nil. An argument of the name given is blamed for a malformed code.
func (r *Resolver) divisionByCode(ctx context.Context, code, argument string) (*gen.Division, error) {
	c, err := place.Parse(code)
	if err != nil {
		return nil, fault.Invalid("MALFORMED", "区划代码应为 2、4、6、9 或 12 位数字", argument)
	}
	d, err := r.client.Division.Query().Where(division.Code(c)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, nil
	}
	return d, err
}

// divisionNamed is divisionByCode for an argument without which there is no answer.
func (r *Resolver) divisionNamed(ctx context.Context, code, argument string) (*gen.Division, error) {
	d, err := r.divisionByCode(ctx, code, argument)
	if err == nil && d == nil {
		return nil, unknownDivision(argument)
	}
	return d, err
}

func unknownDivision(argument string) error {
	return fault.NotFound("没有这个区划,或者不在您的范围内", argument)
}

// chain answers a place of a row and all places above it, from the nation down. Several fields are made from it, so it is
// loaded once for all of them and for all siblings.
func chain[T any](ctx context.Context, r *Resolver, row *T, code func(*T) place.Code) ([]*tree.Ref, error) {
	return batch.Shared(ctx, row, "chain", func(ctx context.Context, rows []*T) (map[*T][]*tree.Ref, error) {
		codes := make([]int64, len(rows))
		for i, row := range rows {
			codes[i] = int64(code(row))
		}
		found, err := r.chains(ctx, codes)
		if err != nil {
			return nil, err
		}
		out := make(map[*T][]*tree.Ref, len(rows))
		for _, row := range rows {
			out[row] = found[code(row)]
		}
		return out, nil
	})
}

func (r *Resolver) chains(ctx context.Context, codes []int64) (map[place.Code][]*tree.Ref, error) {
	rows, err := r.client.QueryContext(ctx, `SELECT code, link, name, level FROM division_chain($1)`, pq.Array(codes))
	if err != nil {
		return nil, fmt.Errorf("ancestors: %w", err)
	}
	defer rows.Close()
	out := map[place.Code][]*tree.Ref{}
	for rows.Next() {
		var (
			of  place.Code
			ref tree.Ref
		)
		if err := rows.Scan(&of, &ref.Code, &ref.Name, &ref.Level); err != nil {
			return nil, fmt.Errorf("ancestors: %w", err)
		}
		out[of] = append(out[of], &ref)
	}
	return out, rows.Err()
}

func divisionCode(d *gen.Division) place.Code { return d.Code }

// above is the chain of a division without the division itself.
func (r *Resolver) above(ctx context.Context, d *gen.Division) ([]*tree.Ref, error) {
	links, err := chain(ctx, r, d, divisionCode)
	if err != nil || len(links) == 0 {
		return []*tree.Ref{}, err
	}
	return links[:len(links)-1], nil
}

// areas are divisions as the roots of lists.
func areas(divisions []*gen.Division) []page.Area {
	out := make([]page.Area, len(divisions))
	for i, d := range divisions {
		out[i] = page.Area{Code: d.Code, Level: d.Level}
	}
	return out
}
