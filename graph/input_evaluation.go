package graph

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

func setStandard(in model.SetStandardInput, today time.Time) (workflow.SetStandard, error) {
	var r reader
	out := workflow.SetStandard{
		IdempotencyKey: in.IdempotencyKey.Value(), Congress: r.id(in.Congress, gen.TypeCongress, "congress"),
		Subject: in.Subject, Name: in.Name, FromOn: dayOr(in.FromOn, today),
	}
	for _, item := range in.Items {
		out.Items = append(out.Items, workflow.StandardItem{Key: item.Key, Name: item.Name, Points: item.Points, Evidence: item.Evidence})
	}
	for _, star := range in.Stars.Value() {
		out.Stars = append(out.Stars, workflow.StandardStar{Stars: star.Stars, From: star.From})
	}
	return out, r.faults.Err()
}

func openEvaluation(in model.OpenEvaluationInput) (workflow.OpenEvaluation, error) {
	var r reader
	out := workflow.OpenEvaluation{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Congress:       r.id(in.Congress, gen.TypeCongress, "congress"),
		Standard:       r.id(in.Standard, gen.TypeStandard, "standard"),
		Name:           in.Name,
		FromOn:         in.FromOn, ToOn: in.ToOn, SelfUntil: in.SelfUntil,
		Level: in.Level.Value(),
	}
	return out, r.faults.Err()
}

func reviewCampaign(in model.ReviewCampaignInput) (workflow.CampaignRef, error) {
	return campaignRef(in.ID, in.ExpectedVersion)
}

func publishEvaluation(in model.PublishEvaluationInput) (workflow.CampaignRef, error) {
	return campaignRef(in.ID, in.ExpectedVersion)
}

func campaignRef(id string, expected graphql.Omittable[*int]) (workflow.CampaignRef, error) {
	var r reader
	out := workflow.CampaignRef{ID: r.id(id, gen.TypeEvaluationCampaign, "id"), ExpectedVersion: expected.Value()}
	return out, r.faults.Err()
}

func cancelEvaluation(in model.CancelEvaluationInput) (workflow.CancelEvaluation, error) {
	var r reader
	out := workflow.CancelEvaluation{
		CampaignRef: workflow.CampaignRef{ID: r.id(in.ID, gen.TypeEvaluationCampaign, "id"), ExpectedVersion: in.ExpectedVersion.Value()},
		Reason:      in.Reason,
	}
	return out, r.faults.Err()
}

func evaluateSelf(in model.EvaluateSelfInput) (workflow.EvaluateSelf, error) {
	var r reader
	out := workflow.EvaluateSelf{ID: r.id(in.ID, gen.TypeEvaluation, "id"), ExpectedVersion: in.ExpectedVersion.Value(), Files: in.Files.Value()}
	for _, s := range in.Scores {
		out.Scores = append(out.Scores, workflow.Score{Key: s.Key, Points: s.Points, Text: s.Evidence.Value()})
	}
	return out, r.faults.Err()
}

func reviewEvaluation(in model.ReviewEvaluationInput) (workflow.ReviewEvaluation, error) {
	var r reader
	out := workflow.ReviewEvaluation{ID: r.id(in.ID, gen.TypeEvaluation, "id"), ExpectedVersion: in.ExpectedVersion.Value(), Note: in.Note.Value()}
	for _, s := range in.Scores {
		out.Scores = append(out.Scores, workflow.Score{Key: s.Key, Points: s.Points, Text: s.Note.Value()})
	}
	return out, r.faults.Err()
}
