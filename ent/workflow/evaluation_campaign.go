package workflow

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/evaluation"
	"github.com/lianluo/lianluo/ent/gen/evaluationcampaign"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// CampaignRef names the campaign that a verb is about.
type CampaignRef struct {
	ID              uuid.UUID
	ExpectedVersion *int
}

// ReviewCampaign ends the self-evaluation of a campaign of the viewer's own congress and begins the review.
func (d *Desk) ReviewCampaign(ctx context.Context, in CampaignRef) (*gen.EvaluationCampaign, error) {
	return d.campaign(ctx, VerbReviewCampaign, in, nil, func(context.Context, *task, *gen.EvaluationCampaignUpdateOne, *gen.EvaluationCampaign) error {
		return nil
	}, nil)
}

// PublishEvaluation publishes the results of a campaign of the viewer's own congress. Everyone in it must have been reviewed; from then on those who were evaluated
// see what they were given, and they are told.
func (d *Desk) PublishEvaluation(ctx context.Context, in CampaignRef) (*gen.EvaluationCampaign, error) {
	return d.campaign(ctx, VerbPublishEvaluation, in, nil,
		func(ctx context.Context, t *task, u *gen.EvaluationCampaignUpdateOne, c *gen.EvaluationCampaign) error {
			open, err := t.tx.Evaluation.Query().Where(evaluation.CampaignID(c.ID), evaluation.StateNEQ(state.EvaluationReviewed)).Count(ctx)
			if err != nil {
				return err
			}
			if open > 0 {
				return fault.Conflict("NOT_REVIEWED", fmt.Sprintf("还有 %d 个考评对象未评审", open), "input", "id")
			}
			u.SetPublishedAt(t.desk.clock())
			return nil
		},
		func(ctx context.Context, t *task, c *gen.EvaluationCampaign) error {
			all, err := t.tx.Evaluation.Query().Where(evaluation.CampaignID(c.ID)).Count(ctx)
			if err != nil {
				return err
			}
			var published int
			if err := scalar(ctx, t.tx, &published, `SELECT publish_evaluation($1)`, c.ID); err != nil {
				return err
			}
			if published != all {
				return fmt.Errorf("campaign %s: %d of %d results published", c.ID, published, all)
			}
			return t.announce(ctx, kind.NoticeEvaluation, gen.TypeEvaluationCampaign, c.ID)
		})
}

// CancelEvaluation is why a campaign comes to nothing.
type CancelEvaluation struct {
	CampaignRef
	Reason string
}

// CancelEvaluation cancels a campaign of the viewer's own congress whose results are not published.
func (d *Desk) CancelEvaluation(ctx context.Context, in CancelEvaluation) (*gen.EvaluationCampaign, error) {
	return d.campaign(ctx, VerbCancelEvaluation, in.CampaignRef,
		func(c *checker) { in.Reason = c.text(at("撤销原因", "reason"), in.Reason, 2, 200) },
		func(_ context.Context, _ *task, u *gen.EvaluationCampaignUpdateOne, _ *gen.EvaluationCampaign) error {
			u.SetReason(in.Reason)
			return nil
		}, nil)
}

// campaign does a verb that leads a campaign from one state to another. Check looks at the input, prepare at what is stored, and after does what follows; the first and the last may be nil.
func (d *Desk) campaign(
	ctx context.Context, verb Verb, in CampaignRef, check func(*checker),
	prepare func(context.Context, *task, *gen.EvaluationCampaignUpdateOne, *gen.EvaluationCampaign) error,
	after func(context.Context, *task, *gen.EvaluationCampaign) error,
) (*gen.EvaluationCampaign, error) {
	v, err := d.admit(ctx, verb)
	if err != nil {
		return nil, err
	}
	if check != nil {
		var c checker
		check(&c)
		if err := c.list.Err(); err != nil {
			return nil, err
		}
	}
	return transact(ctx, d, verb, v, func(t *task) (*gen.EvaluationCampaign, error) {
		old, err := t.ownCampaign(ctx, in.ID, "input", "id")
		if err != nil {
			return nil, err
		}
		if old, err = t.tx.EvaluationCampaign.Query().Where(evaluationcampaign.ID(old.ID)).ForUpdate().Only(ctx); err != nil {
			return nil, err
		}
		if err := expect(in.ExpectedVersion, old.Version); err != nil {
			return nil, err
		}
		next, ok := state.Campaigns.Next(old.State, string(verb))
		if !ok {
			return nil, campaignState(old.State, "input", "id")
		}
		update := t.tx.EvaluationCampaign.UpdateOne(old).SetState(next).AddVersion(1)
		if err := prepare(ctx, t, update, old); err != nil {
			return nil, err
		}
		c, err := update.Save(ctx)
		if err != nil {
			return nil, err
		}
		if after != nil {
			if err := after(ctx, t, c); err != nil {
				return nil, err
			}
		}
		return c, t.audit(ctx, gen.TypeEvaluationCampaign, c.ID, areaOfCampaign(c), map[string]any{"state": move{old.State, c.State}})
	})
}

// ownCampaign finds a campaign that the viewer's own congress has opened.
func (t *task) ownCampaign(ctx context.Context, id uuid.UUID, path ...string) (*gen.EvaluationCampaign, error) {
	c, err := t.tx.EvaluationCampaign.Get(ctx, id)
	switch {
	case gen.IsNotFound(err):
		return nil, fault.NotFound("考评活动不存在或不在查看范围内", path...)
	case err != nil:
		return nil, err
	case c.Code != t.viewer.Division:
		return nil, forbidden("该考评由发起的人民代表大会一级办理", path...)
	}
	return c, nil
}

func campaignState(s state.Campaign, path ...string) error {
	return fault.Conflict("STATE", "考评活动"+state.Campaigns.Titles[s]+",不能这样办理", path...)
}
