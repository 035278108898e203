package graph

import (
	"strconv"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

func planTraining(in model.PlanTrainingInput) (workflow.PlanTraining, error) {
	var r reader
	out := workflow.PlanTraining{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Organ:          r.id(in.Organ, gen.TypeOrgan, "organ"),
		Title:          in.Title,
		Teacher:        in.Teacher.Value(), Location: in.Location.Value(),
		FromOn: in.FromOn, ToOn: in.ToOn, Hours: in.Hours, Summary: in.Summary.Value(),
	}
	return out, r.faults.Err()
}

func changeTraining(in model.ChangeTrainingInput) (workflow.ChangeTraining, error) {
	var r reader
	out := workflow.ChangeTraining{
		ID: r.id(in.ID, gen.TypeTraining, "id"), ExpectedVersion: in.ExpectedVersion.Value(),
		Title: change(in.Title), Teacher: change(in.Teacher), Location: change(in.Location), Summary: change(in.Summary),
		FromOn: change(in.FromOn), ToOn: change(in.ToOn), Hours: change(in.Hours),
	}
	return out, r.faults.Err()
}

func cancelTraining(in model.CancelTrainingInput) (workflow.CancelTraining, error) {
	var r reader
	out := workflow.CancelTraining{ID: r.id(in.ID, gen.TypeTraining, "id"), ExpectedVersion: in.ExpectedVersion.Value(), Reason: in.Reason}
	return out, r.faults.Err()
}

func recordTraining(in model.RecordTrainingInput) (workflow.RecordTraining, error) {
	var r reader
	out := workflow.RecordTraining{IdempotencyKey: in.IdempotencyKey.Value(), Training: r.id(in.Training, gen.TypeTraining, "training")}
	for i, a := range in.Attendees {
		out.Attendees = append(out.Attendees, workflow.Attendee{
			Deputy: r.id(a.Deputy, gen.TypeDeputy, "attendees", strconv.Itoa(i), "deputy"), Hours: a.Hours.Value(), Note: a.Note.Value(),
		})
	}
	return out, r.faults.Err()
}

func removeTrainingAttendance(in model.RemoveTrainingAttendanceInput) (workflow.RemoveTrainingAttendance, error) {
	var r reader
	out := workflow.RemoveTrainingAttendance{
		ID: r.id(in.ID, gen.TypeTrainingAttendance, "id"), ExpectedVersion: in.ExpectedVersion.Value(), Reason: in.Reason,
	}
	return out, r.faults.Err()
}
