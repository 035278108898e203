package graph

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

// From the API's inputs to the workflows': ids and codes are read here, everything else is judged there.

// reader reads the ids of one input and keeps what is wrong with any of them.
type reader struct{ faults fault.List }

func (r *reader) id(id, typ string, field ...string) uuid.UUID {
	key, err := keyOf(id, typ)
	if err != nil {
		r.faults.Add("MALFORMED", "编号无效", append([]string{"input"}, field...)...)
	}
	return key
}

func (r *reader) optional(id graphql.Omittable[*string], typ string, field ...string) *uuid.UUID {
	if id.Value() == nil {
		return nil
	}
	key := r.id(*id.Value(), typ, field...)
	return &key
}

func (r *reader) changed(id graphql.Omittable[*string], typ string, field ...string) workflow.Change[uuid.UUID] {
	return workflow.Change[uuid.UUID]{Given: id.IsSet(), Value: r.optional(id, typ, field...)}
}

func (r *reader) code(code string, field string) place.Code {
	c, err := place.Parse(code)
	if err != nil {
		r.faults.Add("MALFORMED", "区划代码应为 2、4、6、9 或 12 位数字", "input", field)
	}
	return c
}

func change[T any](v graphql.Omittable[*T]) workflow.Change[T] {
	return workflow.Change[T]{Given: v.IsSet(), Value: v.Value()}
}

func createStation(in model.CreateStationInput) (workflow.CreateStation, error) {
	var r reader
	out := workflow.CreateStation{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Division:       r.code(in.Division, "division"),
		Kind:           in.Kind,
		Name:           in.Name,
		OpenedOn:       in.OpenedOn,
		Address:        in.Address.Value(),
		Longitude:      in.Longitude.Value(),
		Latitude:       in.Latitude.Value(),
		Floor:          in.Floor.Value(),
		AreaM2:         in.AreaM2.Value(),
		OpeningRule:    in.OpeningRule.Value(),
		Brand:          in.Brand.Value(),
		Phone:          in.Phone.Value(),
		Parent:         r.optional(in.Parent, gen.TypeStation, "parent"),
		Organ:          r.optional(in.Organ, gen.TypeOrgan, "organ"),
		Zone:           r.optional(in.Zone, gen.TypeZone, "zone"),
		Constituency:   r.optional(in.Constituency, gen.TypeConstituency, "constituency"),
	}
	return out, r.faults.Err()
}

func updateStation(in model.UpdateStationInput) (workflow.UpdateStation, error) {
	var r reader
	out := workflow.UpdateStation{
		ID:              r.id(in.ID, gen.TypeStation, "id"),
		ExpectedVersion: in.ExpectedVersion.Value(),
		Kind:            change(in.Kind),
		Name:            change(in.Name),
		Address:         change(in.Address),
		Longitude:       change(in.Longitude),
		Latitude:        change(in.Latitude),
		Floor:           change(in.Floor),
		AreaM2:          change(in.AreaM2),
		OpeningRule:     change(in.OpeningRule),
		Brand:           change(in.Brand),
		Phone:           change(in.Phone),
		Parent:          r.changed(in.Parent, gen.TypeStation, "parent"),
		Organ:           r.changed(in.Organ, gen.TypeOrgan, "organ"),
		Zone:            r.changed(in.Zone, gen.TypeZone, "zone"),
		Constituency:    r.changed(in.Constituency, gen.TypeConstituency, "constituency"),
	}
	return out, r.faults.Err()
}

func closeStation(in model.CloseStationInput) (workflow.CloseStation, error) {
	var r reader
	out := workflow.CloseStation{
		ID: r.id(in.ID, gen.TypeStation, "id"), ExpectedVersion: in.ExpectedVersion.Value(),
		ClosedOn: in.ClosedOn, Reason: in.Reason,
	}
	return out, r.faults.Err()
}

func appointStaff(in model.AppointStaffInput) (workflow.AppointStaff, error) {
	var r reader
	out := workflow.AppointStaff{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Station:        r.id(in.Station, gen.TypeStation, "station"),
		Name:           in.Name.Value(),
		Office:         in.Office,
		Origin:         in.Origin,
		Deputy:         r.optional(in.Deputy, gen.TypeDeputy, "deputy"),
		StartedOn:      in.StartedOn,
	}
	return out, r.faults.Err()
}

func dismissStaff(in model.DismissStaffInput) (workflow.DismissStaff, error) {
	var r reader
	out := workflow.DismissStaff{
		ID: r.id(in.ID, gen.TypeStationStaff, "id"), ExpectedVersion: in.ExpectedVersion.Value(), EndedOn: in.EndedOn,
	}
	return out, r.faults.Err()
}

func (r *reader) mandate(in *model.MandateInput) workflow.NewMandate {
	return workflow.NewMandate{
		Congress:     r.id(in.Congress, gen.TypeCongress, "mandate", "congress"),
		Term:         in.Term,
		Constituency: r.optional(in.Constituency, gen.TypeConstituency, "mandate", "constituency"),
		Election:     in.Election,
		ElectedOn:    in.ElectedOn,
		Confirmed:    in.Confirmed,
	}
}

func registerDeputy(in model.RegisterDeputyInput) (workflow.RegisterDeputy, error) {
	var r reader
	out := workflow.RegisterDeputy{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Name:           in.Name,
		Gender:         in.Gender,
		BirthMonth:     in.BirthMonth,
		Ethnicity:      in.Ethnicity,
		WorkUnit:       in.WorkUnit.Value(),
		JobTitle:       in.JobTitle.Value(),
		Phone:          in.Phone.Value(),
		Mandate:        r.mandate(in.Mandate),
	}
	return out, r.faults.Err()
}

func updateDeputy(in model.UpdateDeputyInput) (workflow.UpdateDeputy, error) {
	var r reader
	out := workflow.UpdateDeputy{
		ID:              r.id(in.ID, gen.TypeDeputy, "id"),
		ExpectedVersion: in.ExpectedVersion.Value(),
		Name:            change(in.Name),
		Gender:          change(in.Gender),
		BirthMonth:      change(in.BirthMonth),
		Ethnicity:       change(in.Ethnicity),
		WorkUnit:        change(in.WorkUnit),
		JobTitle:        change(in.JobTitle),
		Phone:           change(in.Phone),
	}
	return out, r.faults.Err()
}

func giveMandate(in model.GiveMandateInput) (workflow.GiveMandate, error) {
	var r reader
	out := workflow.GiveMandate{
		IdempotencyKey: in.IdempotencyKey.Value(), Deputy: r.id(in.Deputy, gen.TypeDeputy, "deputy"), Mandate: r.mandate(in.Mandate),
	}
	return out, r.faults.Err()
}

func changeMandate(in model.ChangeMandateInput) (workflow.ChangeMandate, error) {
	var r reader
	out := workflow.ChangeMandate{
		ID: r.id(in.ID, gen.TypeMandate, "id"), ExpectedVersion: in.ExpectedVersion.Value(), Status: in.Status, On: in.On.Value(),
	}
	return out, r.faults.Err()
}

func endMandate(in model.EndMandateInput) (workflow.EndMandate, error) {
	var r reader
	out := workflow.EndMandate{
		ID: r.id(in.ID, gen.TypeMandate, "id"), ExpectedVersion: in.ExpectedVersion.Value(),
		EndedOn: in.EndedOn, Reason: in.Reason, Note: in.Note.Value(),
	}
	return out, r.faults.Err()
}

func postDeputy(in model.PostDeputyInput) (workflow.PostDeputy, error) {
	var r reader
	out := workflow.PostDeputy{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Mandate:        r.id(in.Mandate, gen.TypeMandate, "mandate"),
		Station:        r.id(in.Station, gen.TypeStation, "station"),
		Basis:          in.Basis,
		StartedOn:      in.StartedOn,
	}
	return out, r.faults.Err()
}

func withdrawPosting(in model.WithdrawPostingInput) (workflow.WithdrawPosting, error) {
	var r reader
	out := workflow.WithdrawPosting{
		ID: r.id(in.ID, gen.TypePosting, "id"), ExpectedVersion: in.ExpectedVersion.Value(),
		EndedOn: in.EndedOn, Reason: in.Reason.Value(),
	}
	return out, r.faults.Err()
}

// session answers a sign-in.
func session(s *workflow.Session, err error) (*model.SignInPayload, error) {
	if err != nil {
		return nil, err
	}
	return &model.SignInPayload{AccessToken: s.AccessToken, RefreshToken: s.RefreshToken, ExpiresAt: s.ExpiresAt}, nil
}
