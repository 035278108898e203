package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/grid"
	"github.com/lianluo/lianluo/ent/gen/stationstaff"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/graph/batch"
	"github.com/lianluo/lianluo/graph/node"
)

// keyOf reads an id that must be of a type; a path leads to the argument that holds it.
func keyOf(id, typ string, path ...string) (uuid.UUID, error) {
	found, key, err := globalid.Decode(id)
	if err != nil || found != typ {
		return uuid.Nil, fault.Invalid("MALFORMED", "编号无效", path...)
	}
	return key, nil
}

// finders read the rows of each type that is a Node, as far as they are in scope.
func (r *Resolver) finders() map[string]func(context.Context, []uuid.UUID) ([]node.Node, error) {
	return map[string]func(context.Context, []uuid.UUID) ([]node.Node, error){
		gen.TypeDivision:       nodes(r.divisionsByID),
		gen.TypeDivisionEvent:  nodes(r.divisionEventsByID),
		gen.TypeFormerDivision: nodes(r.formerDivisionsByID),
		gen.TypeStation:        nodes(r.stationsByID),
		gen.TypeDeputy:         nodes(r.deputiesByID),
		gen.TypeMandate:        nodes(r.mandatesByID),
		gen.TypeCongress:       nodes(r.congressesByID),
		gen.TypeTerm:           nodes(r.termsByID),
		gen.TypeConstituency:   nodes(r.constituenciesByID),
		gen.TypeOrgan:          nodes(r.organsByID),
		gen.TypeZone:           nodes(r.zonesByID),
		gen.TypeStationStaff: nodes(func(ctx context.Context, ids []uuid.UUID) ([]*gen.StationStaff, error) {
			return r.client.StationStaff.Query().Where(stationstaff.IDIn(ids...)).All(ctx)
		}),
		gen.TypeGrid: nodes(func(ctx context.Context, ids []uuid.UUID) ([]*gen.Grid, error) {
			return r.client.Grid.Query().Where(grid.IDIn(ids...)).All(ctx)
		}),
		gen.TypePosting:            nodes(r.postingsByID),
		gen.TypeOpinion:            nodes(r.opinionsByID),
		gen.TypeOpinionEvent:       nodes(r.opinionEventsByID),
		gen.TypeAttachment:         nodes(r.attachmentsByID),
		gen.TypeCategory:           nodes(r.categoriesByID),
		gen.TypeQRCode:             nodes(r.codesByID),
		gen.TypeSuggestion:         nodes(r.suggestionsByID),
		gen.TypePublishedCase:      nodes(r.casesByID),
		gen.TypeNotification:       nodes(r.notificationsByID),
		gen.TypeActivity:           nodes(r.activitiesByID),
		gen.TypeActivityEvent:      nodes(r.activityEventsByID),
		gen.TypeAttendance:         nodes(r.attendancesByID),
		gen.TypeKeyFigure:          nodes(r.keyFiguresByID),
		gen.TypeNormSet:            nodes(r.normSetsByID),
		gen.TypeDutyRecord:         nodes(r.dutyRecordsByID),
		gen.TypePointScheme:        nodes(r.pointSchemesByID),
		gen.TypePointEntry:         nodes(r.pointEntriesByID),
		gen.TypePointClaim:         nodes(r.pointClaimsByID),
		gen.TypePointCheck:         nodes(r.pointChecksByID),
		gen.TypeAppointment:        nodes(r.appointmentsByID),
		gen.TypeVisitRule:          nodes(r.visitRulesByID),
		gen.TypeVisitDay:           nodes(r.visitDaysByID),
		gen.TypeVisitDuty:          nodes(r.visitDutiesByID),
		gen.TypePairing:            nodes(r.pairingsByID),
		gen.TypePairingRule:        nodes(r.pairingRulesByID),
		gen.TypePairingContact:     nodes(r.pairingContactsByID),
		gen.TypeTraining:           nodes(r.trainingsByID),
		gen.TypeTrainingAttendance: nodes(r.trainingAttendancesByID),
		gen.TypeStandard:           nodes(r.standardsByID),
		gen.TypeEvaluationCampaign: nodes(r.campaignsByID),
		gen.TypeEvaluation:         nodes(r.evaluationsByID),
	}
}

// nodes makes a finder of a loader, and notes the rows found as siblings.
func nodes[T any, P interface {
	*T
	node.Node
}](load func(context.Context, []uuid.UUID) ([]P, error)) func(context.Context, []uuid.UUID) ([]node.Node, error) {
	return func(ctx context.Context, ids []uuid.UUID) ([]node.Node, error) {
		rows, err := load(ctx, ids)
		if err != nil {
			return nil, err
		}
		out, siblings := make([]node.Node, len(rows)), make([]*T, len(rows))
		for i, row := range rows {
			out[i], siblings[i] = row, row
		}
		batch.Siblings(ctx, siblings)
		return out, nil
	}
}

// find answers the nodes of some ids, in their order, nil for each that is not there or not in scope: one statement a type.
// The path leads to the argument that holds the ids.
func (r *Resolver) find(ctx context.Context, ids []string, path ...string) ([]node.Node, error) {
	finders := r.finders()
	wanted := map[string][]uuid.UUID{}
	for _, id := range ids {
		typ, key, err := globalid.Decode(id)
		if err != nil || finders[typ] == nil {
			return nil, fault.Invalid("MALFORMED", "编号无效", path...)
		}
		wanted[typ] = append(wanted[typ], key)
	}
	byID := make(map[string]node.Node, len(ids))
	for typ, keys := range wanted {
		found, err := finders[typ](ctx, keys)
		if err != nil {
			return nil, err
		}
		for _, n := range found {
			byID[n.GlobalID()] = n
		}
	}
	out := make([]node.Node, len(ids))
	for i, id := range ids {
		out[i] = byID[id]
	}
	return out, nil
}
