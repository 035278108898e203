package workflow

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/state"
)

// The verbs of deputies, who explain and take up, but never dispose of a case themselves (代表法: 代表不直接处理问题).

// ExplainOpinion is what a deputy explains (解释说明).
type ExplainOpinion struct {
	OpinionRef
	Text string
}

// ExplainOpinion adds a deputy's explanation of law or policy, which the citizen is shown.
func (d *Desk) ExplainOpinion(ctx context.Context, in ExplainOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbExplainOpinion, step: state.StepExplain, on: in.OpinionRef, check: reason(&in.Text),
		prepare: func(_ context.Context, _ *task, _ *gen.Opinion, do *doing) error {
			do.text = &in.Text
			return nil
		},
	})
}

// ConvertOpinion is the suggestion that an opinion becomes (转建议).
type ConvertOpinion struct {
	OpinionRef
	Mandate        uuid.UUID // as which deputy
	Title, Content string
}

// ConvertOpinion ends a rated opinion by making it the draft of a deputy's suggestion, which keeps where it came from. The mandate must be the
// viewer's own, on the roll and not suspended.
func (d *Desk) ConvertOpinion(ctx context.Context, in ConvertOpinion) (*gen.Opinion, error) {
	return d.conduct(ctx, conduct{
		verb: VerbConvertOpinion, step: state.StepConvert, on: in.OpinionRef,
		check: func(c *checker) {
			in.Title = c.text(at("标题", "title"), in.Title, 4, 100)
			in.Content = c.text(at("内容", "content"), in.Content, 10, 5000)
		},
		prepare: func(ctx context.Context, t *task, o *gen.Opinion, do *doing) error {
			m, err := t.tx.Mandate.Query().Where(mandate.ID(in.Mandate), mandate.DeputyID(t.viewer.Person)).Only(ctx)
			switch {
			case gen.IsNotFound(err):
				return fault.NotFound("代表职务不存在", "input", "mandate")
			case err != nil:
				return err
			case !serves(m.Status):
				return fault.Conflict("NOT_ON_ROLL", "该代表职务已终止或暂停,不能提出建议", "input", "mandate")
			}
			s, err := t.draft(ctx, o, in)
			if err != nil {
				return err
			}
			do.facts.Suggestion = &s.ID
			return nil
		},
	})
}

// draft makes the suggestion that an opinion becomes.
func (t *task) draft(ctx context.Context, o *gen.Opinion, in ConvertOpinion) (*gen.Suggestion, error) {
	create := t.tx.Suggestion.Create().
		SetDeputyID(t.viewer.Person).
		SetMandateID(in.Mandate).
		SetOpinionID(o.ID).
		SetTitle(in.Title).
		SetContent(in.Content).
		SetState(state.SuggestionDraft)
	areaOfOpinion(o).put(create.Mutation())
	s, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	return s, t.audit(ctx, gen.TypeSuggestion, s.ID, areaOfSuggestion(s), map[string]any{"opinion": o.ID, "mandate": in.Mandate})
}
