package graph

import (
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

func (r *reader) optionalCode(code graphql.Omittable[*string], field string) *place.Code {
	if code.Value() == nil {
		return nil
	}
	c := r.code(*code.Value(), field)
	return &c
}

func visitRecurrence(in *model.VisitRecurrenceInput) workflow.VisitRecurrence {
	return workflow.VisitRecurrence{
		Recurrence: in.Recurrence, Days: in.Days.Value(), Every: in.Every.Value(), Dates: days(in.Dates.Value()), Shift: in.Shift,
		FromOn: in.FromOn, UntilOn: in.UntilOn.Value(),
	}
}

// days are those of a list, which has no nulls.
func days(in []*time.Time) []time.Time {
	out := make([]time.Time, len(in))
	for i, day := range in {
		out[i] = *day
	}
	return out
}

func createVisitRule(in model.CreateVisitRuleInput) (workflow.CreateVisitRule, error) {
	var r reader
	out := workflow.CreateVisitRule{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Station:        r.optional(in.Station, gen.TypeStation, "station"),
		Division:       r.optionalCode(in.Division, "division"),
		Kinds:          in.Kinds.Value(),
		Name:           in.Name,
		When:           visitRecurrence(in.When),
		Begins:         in.Begins,
		Ends:           in.Ends,
		PerDay:         in.PerDay,
		Theme:          in.Theme.Value(),
	}
	return out, r.faults.Err()
}

func endVisitRule(in model.EndVisitRuleInput) (workflow.EndVisitRule, error) {
	var r reader
	out := workflow.EndVisitRule{
		ID: r.id(in.ID, gen.TypeVisitRule, "id"), ExpectedVersion: in.ExpectedVersion.Value(), UntilOn: in.UntilOn,
	}
	return out, r.faults.Err()
}

func planVisitDays(in model.PlanVisitDaysInput) (workflow.PlanVisitDays, error) {
	var r reader
	out := workflow.PlanVisitDays{
		VisitScope: workflow.VisitScope{Station: r.optional(in.Station, gen.TypeStation, "station"), Division: r.optionalCode(in.Division, "division")},
		Rule:       r.optional(in.Rule, gen.TypeVisitRule, "rule"),
		Until:      in.Until,
	}
	return out, r.faults.Err()
}

func changeVisitDay(in model.ChangeVisitDayInput) (workflow.ChangeVisitDay, error) {
	var r reader
	out := workflow.ChangeVisitDay{
		ID: r.id(in.ID, gen.TypeVisitDay, "id"), ExpectedVersion: in.ExpectedVersion.Value(), Day: change(in.Day),
		Begins: change(in.Begins), Ends: change(in.Ends), Location: change(in.Location), Theme: change(in.Theme), Reason: in.Reason,
	}
	return out, r.faults.Err()
}

func publishVisitDays(in model.PublishVisitDaysInput) (workflow.PublishVisitDays, error) {
	var r reader
	out := workflow.PublishVisitDays{
		VisitScope: workflow.VisitScope{Station: r.optional(in.Station, gen.TypeStation, "station"), Division: r.optionalCode(in.Division, "division")},
		Until:      in.Until.Value(),
	}
	ids := in.Ids.Value()
	out.IDs = make([]uuid.UUID, len(ids))
	for i, id := range ids {
		out.IDs[i] = r.id(id, gen.TypeVisitDay, "ids", strconv.Itoa(i))
	}
	return out, r.faults.Err()
}

func cancelVisitDay(in model.CancelVisitDayInput) (workflow.CancelVisitDay, error) {
	var r reader
	out := workflow.CancelVisitDay{
		ID: r.id(in.ID, gen.TypeVisitDay, "id"), ExpectedVersion: in.ExpectedVersion.Value(), Reason: in.Reason,
	}
	return out, r.faults.Err()
}

func assignDuty(in model.AssignDutyInput) (workflow.AssignDuty, error) {
	var r reader
	out := workflow.AssignDuty{
		IdempotencyKey: in.IdempotencyKey.Value(), VisitDay: r.id(in.VisitDay, gen.TypeVisitDay, "visitDay"),
		Deputy: r.id(in.Deputy, gen.TypeDeputy, "deputy"),
	}
	return out, r.faults.Err()
}

func substituteDuty(in model.SubstituteDutyInput) (workflow.SubstituteDuty, error) {
	var r reader
	out := workflow.SubstituteDuty{
		IdempotencyKey: in.IdempotencyKey.Value(), ID: r.id(in.ID, gen.TypeVisitDuty, "id"), ExpectedVersion: in.ExpectedVersion.Value(),
		Deputy: r.id(in.Deputy, gen.TypeDeputy, "deputy"), Reason: in.Reason,
	}
	return out, r.faults.Err()
}
