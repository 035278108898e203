package graph

import (
	"context"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

// conduct reads the input of a verb on an opinion, does the verb, and answers the opinion after it.
func conduct[I, V any](
	ctx context.Context, input I, read func(I) (V, error), do func(context.Context, V) (*gen.Opinion, error),
) (*model.OpinionPayload, error) {
	in, err := read(input)
	if err != nil {
		return nil, err
	}
	o, err := do(ctx, in)
	if err != nil {
		return nil, err
	}
	return &model.OpinionPayload{Opinion: o}, nil
}

// changeCode does a verb on a QR code and answers the code after it.
func changeCode[I, V any](
	ctx context.Context, input I, read func(I) (V, error), do func(context.Context, V) (*gen.QRCode, error),
) (*model.QRCodePayload, error) {
	in, err := read(input)
	if err != nil {
		return nil, err
	}
	c, err := do(ctx, in)
	if err != nil {
		return nil, err
	}
	return &model.QRCodePayload{Code: c}, nil
}

// opinion reads which opinion a verb is about.
func (r *reader) opinion(id string, expected graphql.Omittable[*int]) workflow.OpinionRef {
	return workflow.OpinionRef{ID: r.id(id, gen.TypeOpinion, "id"), ExpectedVersion: expected.Value()}
}

// ids reads a list of ids.
func (r *reader) ids(ids graphql.Omittable[[]string], typ, field string) []uuid.UUID {
	out := make([]uuid.UUID, len(ids.Value()))
	for i, id := range ids.Value() {
		out[i] = r.id(id, typ, field, strconv.Itoa(i))
	}
	return out
}

func acceptOpinion(in model.AcceptOpinionInput) (workflow.AcceptOpinion, error) {
	var r reader
	out := workflow.AcceptOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text.Value()}
	return out, r.faults.Err()
}

func declineOpinion(in model.DeclineOpinionInput) (workflow.DeclineOpinion, error) {
	var r reader
	out := workflow.DeclineOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Reason: in.Reason, Text: in.Text}
	return out, r.faults.Err()
}

func answerOpinion(in model.AnswerOpinionInput) (workflow.AnswerOpinion, error) {
	var r reader
	out := workflow.AnswerOpinion{
		OpinionRef: r.opinion(in.ID, in.ExpectedVersion),
		Text:       in.Text,
		Outcome:    in.Outcome,
		Files:      in.Files.Value(),
	}
	return out, r.faults.Err()
}

func mergeOpinion(in model.MergeOpinionInput) (workflow.MergeOpinion, error) {
	var r reader
	out := workflow.MergeOpinion{
		OpinionRef: r.opinion(in.ID, in.ExpectedVersion),
		Main:       r.id(in.Main, gen.TypeOpinion, "main"),
		Text:       in.Text.Value(),
	}
	return out, r.faults.Err()
}

func unmergeOpinion(in model.UnmergeOpinionInput) (workflow.UnmergeOpinion, error) {
	var r reader
	out := workflow.UnmergeOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func askSubmitter(in model.AskSubmitterInput) (workflow.AskSubmitter, error) {
	var r reader
	out := workflow.AskSubmitter{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func resumeOpinion(in model.ResumeOpinionInput) (workflow.ResumeOpinion, error) {
	var r reader
	out := workflow.ResumeOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func analyseOpinion(in model.AnalyseOpinionInput) (workflow.AnalyseOpinion, error) {
	var r reader
	out := workflow.AnalyseOpinion{
		OpinionRef: r.opinion(in.ID, in.ExpectedVersion),
		Category:   r.id(in.Category, gen.TypeCategory, "category"),
		Level:      in.Level,
		Urgency:    in.Urgency,
		Hardship:   in.Hardship,
		Text:       in.Text.Value(),
	}
	return out, r.faults.Err()
}

func assignOpinion(in model.AssignOpinionInput) (workflow.AssignOpinion, error) {
	var r reader
	out := workflow.AssignOpinion{
		OpinionRef: r.opinion(in.ID, in.ExpectedVersion),
		Lead:       r.id(in.Lead, gen.TypeOrgan, "lead"),
		Co:         r.ids(in.Co, gen.TypeOrgan, "co"),
		Text:       in.Text.Value(),
	}
	return out, r.faults.Err()
}

func takeOpinion(in model.TakeOpinionInput) (workflow.TakeOpinion, error) {
	var r reader
	out := workflow.TakeOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text.Value()}
	return out, r.faults.Err()
}

func requestReturn(in model.RequestReturnInput) (workflow.RequestReturn, error) {
	var r reader
	out := workflow.RequestReturn{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func escalateOpinion(in model.EscalateOpinionInput) (workflow.EscalateOpinion, error) {
	var r reader
	out := workflow.EscalateOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func takeUpOpinion(in model.TakeUpOpinionInput) (workflow.TakeUpOpinion, error) {
	var r reader
	out := workflow.TakeUpOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text.Value()}
	return out, r.faults.Err()
}

func sendBackOpinion(in model.SendBackOpinionInput) (workflow.SendBackOpinion, error) {
	var r reader
	out := workflow.SendBackOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func noteProgress(in model.NoteProgressInput) (workflow.NoteProgress, error) {
	var r reader
	out := workflow.NoteProgress{
		OpinionRef: r.opinion(in.ID, in.ExpectedVersion),
		Text:       in.Text,
		Files:      in.Files.Value(),
	}
	return out, r.faults.Err()
}

func explainOpinion(in model.ExplainOpinionInput) (workflow.ExplainOpinion, error) {
	var r reader
	out := workflow.ExplainOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func extendOpinion(in model.ExtendOpinionInput) (workflow.ExtendOpinion, error) {
	var r reader
	out := workflow.ExtendOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Days: in.Days, Text: in.Text}
	return out, r.faults.Err()
}

func replyOpinion(in model.ReplyOpinionInput) (workflow.ReplyOpinion, error) {
	var r reader
	out := workflow.ReplyOpinion{
		OpinionRef: r.opinion(in.ID, in.ExpectedVersion),
		Text:       in.Text,
		Outcome:    in.Outcome,
		Files:      in.Files.Value(),
	}
	return out, r.faults.Err()
}

func feedBackOpinion(in model.FeedBackOpinionInput) (workflow.FeedBackOpinion, error) {
	var r reader
	out := workflow.FeedBackOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text.Value()}
	return out, r.faults.Err()
}

func reworkOpinion(in model.ReworkOpinionInput) (workflow.ReworkOpinion, error) {
	var r reader
	out := workflow.ReworkOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func closeOpinion(in model.CloseOpinionInput) (workflow.CloseOpinion, error) {
	var r reader
	out := workflow.CloseOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text.Value()}
	return out, r.faults.Err()
}

func convertOpinion(in model.ConvertOpinionInput) (workflow.ConvertOpinion, error) {
	var r reader
	out := workflow.ConvertOpinion{
		OpinionRef: r.opinion(in.ID, in.ExpectedVersion),
		Mandate:    r.id(in.Mandate, gen.TypeMandate, "mandate"),
		Title:      in.Title,
		Content:    in.Content,
	}
	return out, r.faults.Err()
}

func reopenOpinion(in model.ReopenOpinionInput) (workflow.ReopenOpinion, error) {
	var r reader
	out := workflow.ReopenOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func superviseOpinion(in model.SuperviseOpinionInput) (workflow.SuperviseOpinion, error) {
	var r reader
	out := workflow.SuperviseOpinion{
		OpinionRef: r.opinion(in.ID, in.ExpectedVersion),
		Supervisor: r.id(in.Supervisor, gen.TypeOrgan, "supervisor"),
		DueOn:      in.DueOn,
		Text:       in.Text,
	}
	return out, r.faults.Err()
}

func urgeOpinion(in model.UrgeOpinionInput) (workflow.UrgeOpinion, error) {
	var r reader
	out := workflow.UrgeOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func endSupervision(in model.EndSupervisionInput) (workflow.EndSupervision, error) {
	var r reader
	out := workflow.EndSupervision{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func markKeyOpinion(in model.MarkKeyOpinionInput) (workflow.MarkKeyOpinion, error) {
	var r reader
	out := workflow.MarkKeyOpinion{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Key: in.Key, Text: in.Text.Value()}
	return out, r.faults.Err()
}

func publishOpinion(in model.PublishOpinionInput) (workflow.PublishOpinion, error) {
	var r reader
	out := workflow.PublishOpinion{
		OpinionRef: r.opinion(in.ID, in.ExpectedVersion),
		Title:      in.Title,
		Matter:     in.Matter,
		Answer:     in.Answer,
	}
	return out, r.faults.Err()
}

func withdrawCase(in model.WithdrawCaseInput) (workflow.WithdrawCase, error) {
	var r reader
	out := workflow.WithdrawCase{OpinionRef: r.opinion(in.ID, in.ExpectedVersion), Text: in.Text}
	return out, r.faults.Err()
}

func revealSubmitter(in model.RevealSubmitterInput) (workflow.RevealSubmitter, error) {
	var r reader
	out := workflow.RevealSubmitter{ID: r.id(in.ID, gen.TypeOpinion, "id"), Reason: in.Reason}
	return out, r.faults.Err()
}

func recordOpinion(in model.RecordOpinionInput) (workflow.RecordOpinion, error) {
	var r reader
	out := workflow.RecordOpinion{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Station:        r.id(in.Station, gen.TypeStation, "station"),
		Deputy:         r.optional(in.Deputy, gen.TypeDeputy, "deputy"),
		Channel:        in.Channel,
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

func replaceCode(in model.ReplaceCodeInput) (workflow.ReplaceCode, error) {
	var r reader
	out := workflow.ReplaceCode{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Station:        r.optional(in.Station, gen.TypeStation, "station"),
		Posting:        r.optional(in.Posting, gen.TypePosting, "posting"),
		Reason:         in.Reason,
	}
	return out, r.faults.Err()
}

func revokeCode(in model.RevokeCodeInput) (workflow.RevokeCode, error) {
	var r reader
	out := workflow.RevokeCode{ID: r.id(in.ID, gen.TypeQRCode, "id"), Reason: in.Reason}
	return out, r.faults.Err()
}
