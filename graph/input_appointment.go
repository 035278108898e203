package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/graph/model"
)

// meet reads the input of a verb on an appointment, does the verb, and answers the appointment after it.
func meet[I, V any](
	ctx context.Context, input I, read func(I) (V, error), do func(context.Context, V) (*gen.Appointment, error),
) (*model.AppointmentPayload, error) {
	in, err := read(input)
	if err != nil {
		return nil, err
	}
	a, err := do(ctx, in)
	if err != nil {
		return nil, err
	}
	return &model.AppointmentPayload{Appointment: a}, nil
}

// appointment reads which appointment a verb is about.
func (r *reader) appointment(id string, expected graphql.Omittable[*int]) workflow.AppointmentRef {
	return workflow.AppointmentRef{ID: r.id(id, gen.TypeAppointment, "id"), ExpectedVersion: expected.Value()}
}

// wish reads which meeting is asked for.
func (r *reader) wish(visitDay string, deputy, organ, title graphql.Omittable[*string], topic string) workflow.Wish {
	return workflow.Wish{
		VisitDay:      r.id(visitDay, gen.TypeVisitDay, "visitDay"),
		Deputy:        r.optional(deputy, gen.TypeDeputy, "deputy"),
		Organ:         r.optional(organ, gen.TypeOrgan, "organ"),
		OfficialTitle: title.Value(),
		Topic:         topic,
	}
}

func requestAppointment(in model.RequestAppointmentInput) (workflow.RequestAppointment, error) {
	var r reader
	out := workflow.RequestAppointment{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Wish:           r.wish(in.VisitDay, in.Deputy, in.Organ, in.OfficialTitle, in.Topic),
		RequesterOrgan: r.optional(in.RequesterOrgan, gen.TypeOrgan, "requesterOrgan"),
	}
	name, phone, consent := in.Name.Value(), in.Phone.Value(), in.Consent.Value()
	if name != nil || phone != nil || consent != nil {
		out.For = &workflow.Petitioner{Name: text(name), Phone: text(phone), Consent: text(consent)}
	}
	return out, r.faults.Err()
}

// text is a text that may be missing; an empty one then, which is refused where one is needed.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func bookAppointment(in model.BookAppointmentInput) (workflow.BookAppointment, error) {
	var r reader
	out := workflow.BookAppointment{
		IdempotencyKey: in.IdempotencyKey.Value(),
		Wish:           r.wish(in.VisitDay, in.Deputy, in.Organ, in.OfficialTitle, in.Topic),
		Petitioner:     workflow.Petitioner{Name: in.Name, Phone: in.Phone, Consent: in.Consent},
	}
	return out, r.faults.Err()
}

func acceptAppointment(in model.AcceptAppointmentInput) (workflow.AcceptAppointment, error) {
	var r reader
	out := workflow.AcceptAppointment{AppointmentRef: r.appointment(in.ID, in.ExpectedVersion)}
	return out, r.faults.Err()
}

func moveAppointment(in model.MoveAppointmentInput) (workflow.MoveAppointment, error) {
	var r reader
	out := workflow.MoveAppointment{
		AppointmentRef: r.appointment(in.ID, in.ExpectedVersion),
		VisitDay:       r.id(in.VisitDay, gen.TypeVisitDay, "visitDay"),
		Reason:         in.Reason,
	}
	return out, r.faults.Err()
}

func declineAppointment(in model.DeclineAppointmentInput) (workflow.DeclineAppointment, error) {
	var r reader
	out := workflow.DeclineAppointment{AppointmentRef: r.appointment(in.ID, in.ExpectedVersion), Reason: in.Reason}
	return out, r.faults.Err()
}

func concludeAppointment(in model.ConcludeAppointmentInput) (workflow.ConcludeAppointment, error) {
	var r reader
	out := workflow.ConcludeAppointment{AppointmentRef: r.appointment(in.ID, in.ExpectedVersion), Kept: in.Kept}
	return out, r.faults.Err()
}
