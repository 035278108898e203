package graph

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/opinionassignment"
	"github.com/lianluo/lianluo/ent/gen/organ"
	"github.com/lianluo/lianluo/ent/gen/predicate"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/graph/page"
)

// waiting lists the open opinions that wait for the viewer.
func (r *Resolver) waiting(ctx context.Context) (page.Query[gen.Opinion], error) {
	v := viewer.FromContext(ctx)
	mine := waitingFor(v)
	if mine == nil {
		return page.Query[gen.Opinion]{}, fault.Forbidden("当前角色没有待办事项")
	}
	return page.Query[gen.Opinion]{
		Entity: page.Opinions(r.client), Parents: everywhere(), Order: opinionsDue,
		Where: []where{opinion.Open(true), mine},
	}, nil
}

// waitingFor tells which open opinions wait for a viewer: those on which the viewer is the party that they wait on (workflow says who
// is which party), and those that supervisors and deputies have to follow. Each names a key that an index holds. It is nil for who has
// no part in opinions.
func waitingFor(v *viewer.Viewer) where {
	switch v.Role {
	case viewer.StationKeeper:
		return opinion.And(opinion.StationID(v.Station), opinion.WaitsOnEQ(state.PartyStation))
	case viewer.NationAdmin, viewer.ProvinceAdmin, viewer.CityAdmin, viewer.CountyAdmin, viewer.TownshipAdmin, viewer.CommitteeStaff:
		return keyed(
			opinionKeys(opinion.Open(true), opinion.HolderCode(v.Division), opinion.WaitsOnEQ(state.PartyOrgan)),
			opinionKeys(opinion.Open(true), answeredFor(v), opinion.WaitsOnEQ(state.PartyStation)),
		)
	case viewer.Supervisor:
		return opinion.HasSupervisorWith(organ.Code(v.Division))
	case viewer.Department:
		return handedTo(v)
	case viewer.Deputy:
		return opinion.DeputyID(v.Person)
	default:
		return nil
	}
}

// answeredFor keeps the opinions of stations that the organ of the viewer's division is responsible for: of a township all in it, elsewhere
// those at the division itself.
func answeredFor(v *viewer.Viewer) predicate.Opinion {
	if v.Division.Shape() == place.LevelTownship {
		lo, hi := v.Division.Range()
		return opinion.And(opinion.CodeGTE(lo), opinion.CodeLT(hi), opinion.TownshipCode(v.Division))
	}
	return opinion.And(opinion.Code(v.Division), opinion.TownshipCodeIsNil())
}

// handedTo keeps the opinions that a department has now: in the lead what waits on it, beside the lead what is at work.
func handedTo(v *viewer.Viewer) where {
	now := assignedTo(v)
	now.Where(sql.IsNull(now.C(opinionassignment.FieldEndedAt)))
	return opinion.And(keyed(now), opinion.Or(
		opinion.And(opinion.LeadOrganID(v.Organ), opinion.WaitsOnEQ(state.PartyLead)),
		opinion.StateIn(state.OpinionHandling, state.OpinionRework),
	))
}
