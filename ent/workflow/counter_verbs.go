package workflow

import (
	"context"
	"errors"
	"slices"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// SupplementOpinion is what a citizen adds when asked (补充).
type SupplementOpinion struct {
	Pass
	Text  string
	Files []string // secrets of uploads; each is used once
}

// SupplementOpinion answers the question that an opinion waits for; the work goes on. It answers how the opinion stands then.
func (c *Counter) SupplementOpinion(ctx context.Context, in SupplementOpinion) (*Receipt, error) {
	return c.conduct(ctx, in.Pass, conduct{
		verb: VerbSupplementOpinion, step: state.StepSupplement,
		check: func(c *checker) {
			in.Text = c.text(at("补充内容", "text"), in.Text, 2, mostContent)
			c.files(attached, in.Files)
		},
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.text, do.files = &in.Text, in.Files
			return nil
		},
	})
}

// RateOpinion is what a citizen thinks of the answer (满意度评价).
type RateOpinion struct {
	Pass
	Rating  kind.Rating
	Comment *string // needed when dissatisfied
}

// RateOpinion rates the answer that was given back, once. It answers how the opinion stands then.
func (c *Counter) RateOpinion(ctx context.Context, in RateOpinion) (*Receipt, error) {
	return c.conduct(ctx, in.Pass, conduct{
		verb: VerbRateOpinion, step: state.StepRate,
		check: func(c *checker) {
			word(c, at("评价", "rating"), in.Rating)
			comment := at("评价说明", "comment")
			if in.Rating != kind.RatingDissatisfied {
				in.Comment = c.optional(comment, in.Comment, longestNote)
				return
			}
			why := c.text(comment, deref(in.Comment), 2, longestNote)
			in.Comment = &why
		},
		prepare: func(_ context.Context, _ *task, o *gen.Opinion, do *doing) error {
			if o.State == state.OpinionMerged {
				switch {
				case o.Rating != nil:
					return fault.Conflict("ALREADY_RATED", "该意见已评价", "input", "number")
				case o.FedBackAt == nil:
					return fault.Conflict("STATE", "该意见尚未反馈,不能评价", "input", "number")
				}
			}
			do.text, do.facts.Rating = in.Comment, in.Rating
			return nil
		},
	})
}

// conduct does a verb of a citizen on the opinion of a pass.
func (c *Counter) conduct(ctx context.Context, p Pass, w conduct) (*Receipt, error) {
	var list checker
	p.check(&list, at)
	w.check(&list)
	if err := list.list.Err(); err != nil {
		return nil, err
	}
	ctx, err := c.open(ctx, p)
	if err != nil {
		return nil, err
	}
	v := viewer.FromContext(ctx)
	_, err = transact(ctx, c.desk, w.verb, v, func(t *task) (*gen.Opinion, error) {
		o, err := t.lockOpinion(ctx, v.Receipt, "input", "number")
		if err != nil {
			return nil, err
		}
		return t.conduct(ctx, o, w)
	})
	if err != nil {
		return nil, byNumber(err)
	}
	return c.status(ctx)
}

// byNumber blames the receipt number, by which citizens name an opinion, where a verb would blame its id.
func byNumber(err error) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		for i, field := range f.Fields {
			if slices.Equal(field.Path, []string{"input", "id"}) {
				f.Fields[i].Path = []string{"input", "number"}
			}
		}
	}
	return err
}
