package workflow

import (
	"context"
	"slices"

	"entgo.io/ent"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/opinionassignment"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// caseOf is the case as its row holds it. Of the departments it knows the lead.
func caseOf(o *gen.Opinion) dossier.Case {
	return dossier.Case{
		Events: o.Events, State: o.State, Resume: deref(o.ResumeState), Since: o.StateSince, At: o.UpdatedAt,
		Clock:  dossier.Clock{Due: sameDay(o.DueOn), Amber: sameDay(o.AmberOn), Left: o.DaysLeft},
		Warned: o.Warned, Overdue: o.Overdue, Late: o.Late,
		Holder: o.HolderCode, Level: o.Level, Category: o.CategoryID, Urgency: deref(o.Urgency), Hardship: o.Hardship,
		Lead: o.LeadOrganID, Main: o.MainID, Extended: o.Extended, Outcome: deref(o.Outcome), Rating: deref(o.Rating),
		Dissatisfied: o.Dissatisfied, Reworks: o.Reworks, Supervisor: o.SupervisorID, SupervisionDue: o.SupervisionDueOn,
		Key: o.KeyCase, Published: o.Published, Suggestion: o.SuggestionID,
		AcceptedAt: o.AcceptedAt, RepliedAt: o.RepliedAt, FedBackAt: o.FedBackAt, RatedAt: o.RatedAt, ClosedAt: o.ClosedAt,
	}
}

func deref[T any](v *T) T {
	if v == nil {
		var none T
		return none
	}
	return *v
}

// columns is the part of the mutations of entities that takes fields by name.
type columns interface {
	SetField(name string, value ent.Value) error
	ClearField(name string) error
}

// keepCase writes a case into its row. A new row has nothing to clear.
func keepCase(m columns, c dossier.Case, isNew bool) error {
	for name, v := range c.Columns() {
		var err error
		switch {
		case v != nil:
			err = m.SetField(name, v)
		case !isNew:
			err = m.ClearField(name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lockOpinion finds an opinion and keeps it from being changed by others. A department whose part has ended may still read it.
func (t *task) lockOpinion(ctx context.Context, id uuid.UUID, path ...string) (*gen.Opinion, error) {
	o, err := t.tx.Opinion.Query().Where(opinion.ID(id)).ForUpdate().Only(ctx)
	if !gen.IsNotFound(err) {
		return o, err
	}
	readable, err := t.tx.Opinion.Query().Where(opinion.ID(id)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if readable {
		return nil, forbidden("本单位的承办已结束,只能查看", path...)
	}
	return nil, fault.NotFound("意见不存在或不在查看范围内", path...)
}

// responsible is the place whose organ answers for a station: the township of a village, elsewhere the station's own.
func responsible(o *gen.Opinion) place.Code { return areaOfOpinion(o).grouped().Code }

// parties tells as what the viewer may act on an opinion. A viewer may be several parties at once.
func (t *task) parties(ctx context.Context, o *gen.Opinion) ([]state.Party, error) {
	v := t.viewer
	switch {
	case v.Kind == viewer.System:
		return []state.Party{state.PartyClock}, nil
	case v.Kind == viewer.Receipt && v.Receipt == o.ID:
		return []state.Party{state.PartySubmitter}, nil
	case v.Role == viewer.Deputy:
		return t.deputyParties(ctx)
	case v.Role == viewer.StationKeeper && v.Station == o.StationID:
		return []state.Party{state.PartyStation}, nil
	case v.Role == viewer.Supervisor && v.Sees(o.Code):
		return []state.Party{state.PartyAbove}, nil
	case v.Role == viewer.Department:
		return t.departmentParties(ctx, o)
	case slices.Contains(administrators, v.Role) && v.Sees(o.Code):
		out := []state.Party{state.PartyAbove}
		if v.Division == responsible(o) {
			out = append(out, state.PartyStation)
		}
		if v.Division == o.HolderCode {
			out = append(out, state.PartyOrgan)
		}
		return out, nil
	}
	return nil, nil
}

// deputyParties: who sits in no congress at present, all mandates being ended or suspended, still reads but does not act as a deputy.
func (t *task) deputyParties(ctx context.Context) ([]state.Party, error) {
	sits, err := t.tx.Mandate.Query().Where(mandate.DeputyID(t.viewer.Person), inService).Exist(ctx)
	if err != nil || !sits {
		return nil, err
	}
	return []state.Party{state.PartyDeputy}, nil
}

// inService are the mandates under which a deputy works.
var inService = mandate.StatusIn(slices.DeleteFunc(slices.Clone(state.Mandates), func(s state.Mandate) bool { return !serves(s) })...)

func (t *task) departmentParties(ctx context.Context, o *gen.Opinion) ([]state.Party, error) {
	a, err := t.tx.OpinionAssignment.Query().Where(opinionassignment.OpinionID(o.ID),
		opinionassignment.OrganID(t.viewer.Organ), opinionassignment.EndedAtIsNil()).Only(ctx)
	switch {
	case gen.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, err
	case a.Part == kind.AssignmentLead:
		return []state.Party{state.PartyLead, state.PartyHandler}, nil
	}
	return []state.Party{state.PartyHandler}, nil
}

// actingAs is as which party the viewer does a step; empty when the step is for others.
func actingAs(m state.Move, c dossier.Case, parties []state.Party) state.Party {
	holder := c.WaitsOn()
	if c.State == state.OpinionWaiting {
		holder = c.Resume.WaitsOn(c.Lead != nil)
	}
	for _, p := range parties {
		if m.Does(p) || m.Does(state.PartyHolder) && p == holder {
			return p
		}
	}
	return ""
}

// workdays is the working calendar.
func (t *task) workdays(ctx context.Context) (calendar.Workdays, error) {
	if t.calendar == nil {
		days, err := t.tx.CalendarDay.Query().All(ctx)
		if err != nil {
			return calendar.Workdays{}, err
		}
		read := Workdays(days)
		t.calendar = &read
	}
	return *t.calendar, nil
}
