package graph

import (
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

func submitOpinion(in model.SubmitOpinionInput) (workflow.SubmitOpinion, error) {
	var r reader
	out := workflow.SubmitOpinion{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Code:           in.Code,
		OpinionContent: workflow.OpinionContent{
			Content:  in.Content,
			Category: r.optional(in.Category, gen.TypeCategory, "category"),
			Location: in.Location.Value(),
			Name:     in.Name.Value(),
			Phone:    in.Phone.Value(),
			CallBack: in.CallBack,
			Consent:  in.Consent,
			Files:    in.Files.Value(),
		},
	}
	return out, r.faults.Err()
}

func supplementOpinion(in model.SupplementOpinionInput) workflow.SupplementOpinion {
	return workflow.SupplementOpinion{
		Pass:  workflow.Pass{Number: in.Number, Token: in.Token.Value(), Phone: in.Phone.Value()},
		Text:  in.Text,
		Files: in.Files.Value(),
	}
}

func rateOpinion(in model.RateOpinionInput) workflow.RateOpinion {
	return workflow.RateOpinion{
		Pass:    workflow.Pass{Number: in.Number, Token: in.Token.Value(), Phone: in.Phone.Value()},
		Rating:  in.Rating,
		Comment: in.Comment.Value(),
	}
}

// receiptPayload answers what a citizen did.
func receiptPayload(r *workflow.Receipt, err error) (*model.ReceiptPayload, error) {
	if err != nil {
		return nil, err
	}
	return &model.ReceiptPayload{Receipt: r}, nil
}
