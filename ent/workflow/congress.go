package workflow

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
)

// ownCongress finds the congress that an input names, which must be the viewer's own: what a congress lays down, it lays down itself. The refusal is
// what people are told otherwise.
func (t *task) ownCongress(ctx context.Context, id uuid.UUID, refusal string) (*gen.Congress, error) {
	c, err := t.tx.Congress.Get(ctx, id)
	switch {
	case gen.IsNotFound(err):
		return nil, noCongress("input", "congress")
	case err != nil:
		return nil, err
	case c.Code != t.viewer.Division:
		return nil, forbidden(refusal, "input", "congress")
	}
	return c, nil
}

func noCongress(path ...string) error {
	return fault.NotFound("人民代表大会不存在或不在辖区内", path...)
}
