package graph

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

// dayOr is a day of an input, or another where none is given.
func dayOr(day graphql.Omittable[*time.Time], other time.Time) time.Time {
	if given := day.Value(); given != nil {
		return *given
	}
	return other
}

func setPairingRule(in model.SetPairingRuleInput, today time.Time) (workflow.SetPairingRule, error) {
	var r reader
	out := workflow.SetPairingRule{
		Congress: r.id(in.Congress, gen.TypeCongress, "congress"),
		Kind:     in.Kind,
		Least:    in.Least, Most: in.Most, Times: in.Times, Period: in.Period,
		FromOn: dayOr(in.FromOn, today),
	}
	return out, r.faults.Err()
}

func pair(in model.PairInput) (workflow.Pair, error) {
	var r reader
	out := workflow.Pair{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Congress:       r.id(in.Congress, gen.TypeCongress, "congress"),
		Kind:           in.Kind,
		Leader: workflow.PairingLeader{
			Deputy: r.optional(in.Leader.Deputy, gen.TypeDeputy, "leader", "deputy"),
			Organ:  r.optional(in.Leader.Organ, gen.TypeOrgan, "leader", "organ"),
			Name:   in.Leader.Name.Value(), Title: in.Leader.Title.Value(),
		},
		Deputy:    r.optional(in.Deputy, gen.TypeDeputy, "deputy"),
		Station:   r.optional(in.Station, gen.TypeStation, "station"),
		Township:  r.optionalCode(in.Township, "township"),
		StartedOn: in.StartedOn,
	}
	return out, r.faults.Err()
}

func unpair(in model.UnpairInput) (workflow.Unpair, error) {
	var r reader
	out := workflow.Unpair{
		ID: r.id(in.ID, gen.TypePairing, "id"), ExpectedVersion: in.ExpectedVersion.Value(), EndedOn: in.EndedOn, Reason: in.Reason,
	}
	return out, r.faults.Err()
}

func logContact(in model.LogContactInput) (workflow.LogContact, error) {
	var r reader
	out := workflow.LogContact{
		IdempotencyKey: in.IdempotencyKey.Value(), Pairing: r.id(in.Pairing, gen.TypePairing, "pairing"),
		Day: in.Day, Way: in.Way, Note: in.Note,
	}
	return out, r.faults.Err()
}
