package workflow

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/gen/account"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Who is told of a step. It goes by the case as it was after the step, however late the job runs.

// The steps that are told beyond those on whom the case waits.
var (
	// toDeputy are told to the deputy whom the opinion came to.
	toDeputy = []state.Step{
		state.StepSubmit, state.StepReply, state.StepFeedBack, state.StepRate, state.StepClose, state.StepLapse, state.StepConvert,
		state.StepFollowFeedback, state.StepFollowClose,
	}
	// toSupervisor are told to the organ that supervises the case.
	toSupervisor = []state.Step{state.StepReply, state.StepOverdue}
	// toHolders are told to everyone who has the case, also while it waits for the citizen.
	toHolders = []state.Step{state.StepSupervise, state.StepUrge, state.StepAmber, state.StepOverdue}
)

// inUse are the accounts that can be signed in to.
var inUse = account.StatusEQ(kind.AccountActive)

// audience are the accounts that a step concerns, as conditions of which one is enough.
func (t *task) audience(ctx context.Context, what *incident) ([]predicate.Account, error) {
	step, after := what.event.Step, what.after
	var out []predicate.Account
	party := after.WaitsOn()
	if slices.Contains(toHolders, step) {
		party = holder(after)
	}
	switch party {
	case state.PartyStation:
		station, err := t.stationAccounts(ctx, what)
		if err != nil {
			return nil, err
		}
		out = append(out, station)
	case state.PartyOrgan:
		out = append(out, organAccounts(after.Holder))
	case state.PartyLead:
		if after.Lead == nil {
			return nil, fmt.Errorf("the timeline of opinion %s names no department that has it", what.opinion.ID)
		}
		told := []uuid.UUID{*after.Lead}
		if step == state.StepAssign || slices.Contains(toHolders, step) {
			told = append(told, after.Co...)
		}
		out = append(out, departmentAccounts(told...))
	}
	if gone := released(what.before, after); len(gone) > 0 {
		out = append(out, departmentAccounts(gone...))
	}
	if slices.Contains(toDeputy, step) && what.opinion.DeputyID != nil {
		out = append(out, account.And(account.RoleEQ(viewer.Deputy), account.DeputyID(*what.opinion.DeputyID)))
	}
	if slices.Contains(toSupervisor, step) && after.Supervisor != nil {
		by, err := t.tx.Organ.Get(ctx, *after.Supervisor)
		if err != nil {
			return nil, fmt.Errorf("find who supervises: %w", err)
		}
		out = append(out, account.And(account.RoleIn(above...), account.Code(by.Code)))
	}
	return out, nil
}

// holder is who has a case: on whom it waits or, while it waits for the citizen, who asked or gave the answer.
func holder(c dossier.Case) state.Party {
	switch c.State {
	case state.OpinionWaiting:
		return c.Resume.WaitsOn(c.Lead != nil)
	case state.OpinionFedBack:
		return state.PartyStation
	default:
		return c.WaitsOn()
	}
}

// stationAccounts are the keepers of the opinion's station.
func (t *task) stationAccounts(ctx context.Context, what *incident) (predicate.Account, error) {
	return t.keeperAccounts(ctx, what.opinion.StationID, areaOfOpinion(what.opinion))
}

// keeperAccounts are the keepers of a station; where none has an account, the organ responsible for the station's place.
func (t *task) keeperAccounts(ctx context.Context, station uuid.UUID, at area) (predicate.Account, error) {
	keepers := account.And(account.RoleEQ(viewer.StationKeeper), account.StationID(station))
	has, err := t.tx.Account.Query().Where(inUse, keepers).Exist(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the station's keepers: %w", err)
	}
	if !has {
		return organAccounts(at.grouped().Code), nil
	}
	return keepers, nil
}

// organAccounts are the administrators of the organs of some places.
func organAccounts(of ...place.Code) predicate.Account {
	return account.And(account.RoleIn(administrators...), account.CodeIn(of...))
}

func departmentAccounts(departments ...uuid.UUID) predicate.Account {
	return account.And(account.RoleEQ(viewer.Department), account.OrganIDIn(departments...))
}

// released are the departments that had a part in a case and have it no longer.
func released(before, after dossier.Case) []uuid.UUID {
	at := departmentsOf(after)
	return slices.DeleteFunc(departmentsOf(before), func(id uuid.UUID) bool { return slices.Contains(at, id) })
}

func departmentsOf(c dossier.Case) []uuid.UUID {
	out := slices.Clone(c.Co)
	if c.Lead != nil {
		out = append(out, *c.Lead)
	}
	return out
}
