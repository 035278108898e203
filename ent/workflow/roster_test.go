package workflow_test

import (
	"context"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/workflow"
)

// person is a deputy with a mandate of a congress, as small as may be.
func person(name string, congress uuid.UUID, constituency *uuid.UUID) workflow.RegisterDeputy {
	return workflow.RegisterDeputy{
		Name: name, Gender: kind.Female, BirthMonth: day("1980-03-17"), Ethnicity: "汉族",
		Mandate: workflow.NewMandate{
			Congress: congress, Term: 18, Constituency: constituency, Election: kind.GeneralElection,
			ElectedOn: day("2021-11-20"), Confirmed: true,
		},
	}
}

// register registers a deputy and returns the mandate.
func (h *house) register(ctx context.Context, name string, congress uuid.UUID, constituency *uuid.UUID) uuid.UUID {
	h.Helper()
	d, err := h.desk.RegisterDeputy(ctx, person(name, congress, constituency))
	if err != nil {
		h.Fatal(err)
	}
	m, err := h.client.Mandate.Query().Where(mandate.DeputyID(d.ID)).Only(h.nation())
	if err != nil {
		h.Fatal(err)
	}
	return m.ID
}

// deputyOf is the person of a mandate.
func (h *house) deputyOf(m uuid.UUID) uuid.UUID {
	h.Helper()
	found, err := h.client.Mandate.Get(h.nation(), m)
	if err != nil {
		h.Fatal(err)
	}
	return found.DeputyID
}

func (h *house) post(ctx context.Context, m, s uuid.UUID, basis kind.Posting, from string) uuid.UUID {
	h.Helper()
	p, err := h.desk.PostDeputy(ctx, workflow.PostDeputy{Mandate: m, Station: s, Basis: basis, StartedOn: day(from)})
	if err != nil {
		h.Fatal(err)
	}
	return p.ID
}

func (h *house) appoint(ctx context.Context, s uuid.UUID, name string, office kind.Staff) uuid.UUID {
	h.Helper()
	a, err := h.desk.AppointStaff(ctx, workflow.AppointStaff{
		Station: s, Name: &name, Office: office, Origin: kind.OriginOfficial, StartedOn: day("2024-01-01"),
	})
	if err != nil {
		h.Fatal(err)
	}
	return a.ID
}
