package workflow

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/account"
	"github.com/lianluo/lianluo/ent/gen/appointment"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/evaluation"
	"github.com/lianluo/lianluo/ent/gen/organ"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/gen/visitduty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// concerned are those whom a notice concerns.
type concerned struct {
	// accounts are conditions of which one is enough.
	accounts []predicate.Account
	// appointments are those whose citizens are sent a message, as they stand.
	appointments []*gen.Appointment
}

// concerned works out whom a notice concerns. Who that is goes by what it is about; the notice alone tells what happened to it.
func (t *task) concerned(ctx context.Context, n Notice) (*concerned, error) {
	switch n.Entity {
	case gen.TypeVisitDay:
		return t.concernedByDay(ctx, n)
	case gen.TypeVisitDuty:
		return t.concernedByDuty(ctx, n.ID)
	case gen.TypeAppointment:
		return t.concernedByAppointment(ctx, n)
	case gen.TypeActivity:
		a, err := t.tx.Activity.Get(ctx, n.ID)
		if err != nil {
			return nil, err
		}
		return only(t.keeperAccounts(ctx, a.StationID, areaOfActivity(a)))
	case gen.TypeDutyRecord:
		r, err := t.tx.DutyRecord.Get(ctx, n.ID)
		if err != nil {
			return nil, err
		}
		return only(deputyAccounts(r.DeputyID), nil)
	case gen.TypePointClaim:
		c, err := t.tx.PointClaim.Get(ctx, n.ID)
		if err != nil {
			return nil, err
		}
		return only(deputyAccounts(c.DeputyID), nil)
	case gen.TypeMandate:
		m, err := t.tx.Mandate.Get(ctx, n.ID)
		if err != nil {
			return nil, err
		}
		return only(deputyAccounts(m.DeputyID), nil)
	case gen.TypeDeputy:
		return only(deputyAccounts(n.ID), nil)
	case gen.TypeEvaluation:
		return t.evaluated(ctx, evaluation.ID(n.ID))
	case gen.TypeEvaluationCampaign:
		return t.evaluated(ctx, evaluation.CampaignID(n.ID))
	}
	return nil, fmt.Errorf("no one is told of a %s", n.Entity)
}

// only are the accounts that one condition holds for.
func only(accounts predicate.Account, err error) (*concerned, error) {
	return &concerned{accounts: []predicate.Account{accounts}}, err
}

func deputyAccounts(deputies ...uuid.UUID) predicate.Account {
	return account.And(account.RoleEQ(viewer.Deputy), account.DeputyIDIn(deputies...))
}

// concernedByDay: the deputies on duty, the keepers, and those with an appointment that is open, or that was cancelled with the day.
func (t *task) concernedByDay(ctx context.Context, n Notice) (*concerned, error) {
	day, err := t.tx.VisitDay.Get(ctx, n.ID)
	if err != nil {
		return nil, err
	}
	out, err := only(t.keeperAccounts(ctx, day.StationID, areaOfVisitDay(day)))
	if err != nil {
		return nil, err
	}
	duties, err := t.tx.VisitDuty.Query().Where(visitduty.VisitDayID(day.ID), visitduty.Replaced(false)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range duties {
		out.accounts = append(out.accounts, deputyAccounts(d.DeputyID))
	}
	states := []state.Appointment{state.AppointmentRequested, state.AppointmentAccepted}
	if n.What == kind.NoticeCancelled {
		states = []state.Appointment{state.AppointmentCancelled}
	}
	out.appointments, err = t.tx.Appointment.Query().
		Where(appointment.VisitDayID(day.ID), appointment.StateIn(states...)).Order(appointment.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range out.appointments {
		more, err := t.partiesTo(ctx, a)
		if err != nil {
			return nil, err
		}
		out.accounts = append(out.accounts, more...)
	}
	return out, nil
}

// concernedByDuty: who takes a duty over, who gave it away, and the keepers.
func (t *task) concernedByDuty(ctx context.Context, id uuid.UUID) (*concerned, error) {
	duty, err := t.tx.VisitDuty.Query().Where(visitduty.ID(id)).WithVisitDay().Only(ctx)
	if err != nil {
		return nil, err
	}
	deputies := []uuid.UUID{duty.DeputyID}
	if duty.SubstituteFor != nil {
		before, err := t.tx.VisitDuty.Get(ctx, *duty.SubstituteFor)
		if err != nil {
			return nil, err
		}
		deputies = append(deputies, before.DeputyID)
	}
	out, err := only(t.keeperAccounts(ctx, duty.StationID, areaOfVisitDay(duty.Edges.VisitDay)))
	if err != nil {
		return nil, err
	}
	out.accounts = append(out.accounts, deputyAccounts(deputies...))
	return out, nil
}

// concernedByAppointment: of a request the station and whoever is asked; of what became of it also the organ that asks, and the citizen.
func (t *task) concernedByAppointment(ctx context.Context, n Notice) (*concerned, error) {
	a, err := t.tx.Appointment.Get(ctx, n.ID)
	if err != nil {
		return nil, err
	}
	out, err := only(t.keeperAccounts(ctx, a.StationID, areaOfAppointment(a)))
	if err != nil {
		return nil, err
	}
	asked := *a
	if n.What == kind.NoticeRequested {
		asked.RequesterOrganID = nil
	}
	more, err := t.partiesTo(ctx, &asked)
	if err != nil {
		return nil, err
	}
	out.accounts, out.appointments = append(out.accounts, more...), []*gen.Appointment{a}
	return out, nil
}

// partiesTo are the accounts of whoever an appointment is with, and of the organ that asks.
func (t *task) partiesTo(ctx context.Context, a *gen.Appointment) ([]predicate.Account, error) {
	var out []predicate.Account
	if a.DeputyID != nil {
		out = append(out, deputyAccounts(*a.DeputyID))
	}
	if a.OrganID != nil {
		out = append(out, departmentAccounts(*a.OrganID))
	}
	if a.RequesterOrganID == nil {
		return out, nil
	}
	by, err := t.tx.Organ.Query().Where(organ.ID(*a.RequesterOrganID)).Only(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the organ that asks: %w", err)
	}
	if by.Kind == kind.OrganDepartment {
		return append(out, departmentAccounts(by.ID)), nil
	}
	return append(out, organAccounts(by.Code)), nil
}

// evaluated: the deputies, the keepers of the stations and the organs of the townships that are evaluated.
func (t *task) evaluated(ctx context.Context, which predicate.Evaluation) (*concerned, error) {
	rows, err := t.tx.Evaluation.Query().Where(which).Order(evaluation.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	var deputies, stations, townships []uuid.UUID
	for _, e := range rows {
		switch {
		case e.DeputyID != nil:
			deputies = append(deputies, *e.DeputyID)
		case e.StationID != nil:
			stations = append(stations, *e.StationID)
		case e.DivisionID != nil:
			townships = append(townships, *e.DivisionID)
		}
	}
	below, err := t.tx.Division.Query().Where(division.IDIn(townships...)).All(ctx)
	if err != nil {
		return nil, err
	}
	var codes []place.Code
	for _, d := range below {
		codes = append(codes, d.Code)
	}
	return &concerned{accounts: []predicate.Account{
		deputyAccounts(deputies...), account.And(account.RoleEQ(viewer.StationKeeper), account.StationIDIn(stations...)), organAccounts(codes...),
	}}, nil
}
