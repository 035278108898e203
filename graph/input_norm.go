package graph

import (
	"strconv"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

func setNorms(in model.SetNormsInput) (workflow.SetNorms, error) {
	var r reader
	out := workflow.SetNorms{NewEdition: workflow.NewEdition{
		IdempotencyKey: in.IdempotencyKey.Value(), Congress: r.id(in.Congress, gen.TypeCongress, "congress"), Level: in.Level, Name: in.Name, FromOn: in.FromOn,
	}}
	for _, item := range in.Items {
		out.Items = append(out.Items, duty.NormItem{
			Key: item.Key, Name: item.Name, Filter: duty.Filter{Deed: item.Deed, Ways: item.Ways, Records: item.Records},
			Period: item.Period, Required: item.Required,
		})
	}
	return out, r.faults.Err()
}

func endNorms(in model.EndNormsInput) (workflow.EndEdition, error) {
	var r reader
	out := workflow.EndEdition{ID: r.id(in.ID, gen.TypeNormSet, "id"), ExpectedVersion: in.ExpectedVersion.Value(), UntilOn: in.UntilOn}
	return out, r.faults.Err()
}

func remindDeputies(in model.RemindDeputiesInput) (workflow.RemindDeputies, error) {
	var r reader
	out := workflow.RemindDeputies{}
	for i, id := range in.Mandates {
		out.Mandates = append(out.Mandates, r.id(id, gen.TypeMandate, "mandates", strconv.Itoa(i)))
	}
	return out, r.faults.Err()
}

func submitDutyRecord(in model.SubmitDutyRecordInput) (workflow.SubmitDutyRecord, error) {
	var r reader
	out := workflow.SubmitDutyRecord{
		IdempotencyKey: in.IdempotencyKey.Value(), Mandate: r.id(in.Mandate, gen.TypeMandate, "mandate"),
		Kind: in.Kind, Day: in.Day, Title: in.Title, Content: in.Content, Files: in.Files,
	}
	return out, r.faults.Err()
}

func reviseDutyRecord(in model.ReviseDutyRecordInput) (workflow.ReviseDutyRecord, error) {
	var r reader
	out := workflow.ReviseDutyRecord{
		ID: r.id(in.ID, gen.TypeDutyRecord, "id"), ExpectedVersion: in.ExpectedVersion.Value(),
		Day: change(in.Day), Title: change(in.Title), Content: change(in.Content), Files: in.Files,
	}
	return out, r.faults.Err()
}

func withdrawDutyRecord(in model.WithdrawDutyRecordInput) (workflow.WithdrawDutyRecord, error) {
	var r reader
	out := workflow.WithdrawDutyRecord{ID: r.id(in.ID, gen.TypeDutyRecord, "id"), ExpectedVersion: in.ExpectedVersion.Value()}
	return out, r.faults.Err()
}

func confirmDutyRecord(in model.ConfirmDutyRecordInput) (workflow.ReviewDutyRecord, error) {
	var r reader
	out := workflow.ReviewDutyRecord{ID: r.id(in.ID, gen.TypeDutyRecord, "id"), ExpectedVersion: in.ExpectedVersion.Value(), Text: in.Note.Value()}
	return out, r.faults.Err()
}

func returnDutyRecord(in model.ReturnDutyRecordInput) (workflow.ReviewDutyRecord, error) {
	var r reader
	out := workflow.ReviewDutyRecord{ID: r.id(in.ID, gen.TypeDutyRecord, "id"), ExpectedVersion: in.ExpectedVersion.Value(), Text: &in.Reason}
	return out, r.faults.Err()
}

func setPointScheme(in model.SetPointSchemeInput) (workflow.SetPointScheme, error) {
	var r reader
	out := workflow.SetPointScheme{NewEdition: workflow.NewEdition{
		IdempotencyKey: in.IdempotencyKey.Value(), Congress: r.id(in.Congress, gen.TypeCongress, "congress"), Level: in.Level, Name: in.Name, FromOn: in.FromOn,
	}}
	for _, item := range in.Items {
		out.Items = append(out.Items, workflow.NewPointItem{
			Key: item.Key, Name: item.Name, Filter: duty.Filter{Deed: item.Deed, Ways: item.Ways, Records: item.Records},
			Points: item.Points, Cap: item.Cap.Value(), CapPeriod: item.CapPeriod.Value(),
		})
	}
	return out, r.faults.Err()
}

func endPointScheme(in model.EndPointSchemeInput) (workflow.EndEdition, error) {
	var r reader
	out := workflow.EndEdition{ID: r.id(in.ID, gen.TypePointScheme, "id"), ExpectedVersion: in.ExpectedVersion.Value(), UntilOn: in.UntilOn}
	return out, r.faults.Err()
}

func claimPoints(in model.ClaimPointsInput) (workflow.ClaimPoints, error) {
	var r reader
	out := workflow.ClaimPoints{
		IdempotencyKey: in.IdempotencyKey.Value(), Kind: in.Kind,
		Mandate: r.optional(in.Mandate, gen.TypeMandate, "mandate"), Item: in.Item.Value(), Day: in.Day.Value(),
		Entry: r.optional(in.Entry, gen.TypePointEntry, "entry"), Text: in.Text, Files: in.Files,
	}
	return out, r.faults.Err()
}

// claimRef reads which claim a verb is on.
func claimRef(id string, expected *int) (workflow.ClaimRef, error) {
	var r reader
	out := workflow.ClaimRef{ID: r.id(id, gen.TypePointClaim, "id"), ExpectedVersion: expected}
	return out, r.faults.Err()
}

func approveClaim(in model.ApproveClaimInput) (workflow.ApproveClaim, error) {
	on, err := claimRef(in.ID, in.ExpectedVersion.Value())
	return workflow.ApproveClaim{ClaimRef: on, Points: in.Points, Text: in.Note.Value()}, err
}

func checkPoints(in model.CheckPointsInput) (workflow.CheckPoints, error) {
	var r reader
	out := workflow.CheckPoints{
		IdempotencyKey: in.IdempotencyKey.Value(), Mandate: r.id(in.Mandate, gen.TypeMandate, "mandate"),
		Year: in.Year, Agreed: in.Agreed, Note: in.Note.Value(),
	}
	return out, r.faults.Err()
}
