package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/state"
)

// Appointment is a meeting with a deputy or an official that a citizen or an organ asks for (约见: 群众点单、代表有约、局长进站). Its place is the station's.
type Appointment struct{ ent.Schema }

// Mixin gives the Appointment what all entities share.
func (Appointment) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Appointment.
func (Appointment) Fields() []ent.Field {
	return []ent.Field{
		field.String("number").Unique().NotEmpty().MaxRuneLen(20).Immutable().Comment("约见编号"),
		field.UUID("station_id", uuid.UUID{}).Immutable(),
		field.UUID("visit_day_id", uuid.UUID{}).Comment("the visit day it is for at present"),
		field.UUID("deputy_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("whom it is with: a deputy"),
		field.UUID("organ_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("or an official of an organ"),
		field.String("official_title").Optional().Nillable().MaxRuneLen(40).Immutable().Comment("as 局长"),
		field.UUID("requester_organ_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the organ that asks; none for a citizen"),
		field.String("topic").NotEmpty().MaxRuneLen(500).Immutable(),
		field.String("requester_masked").Optional().Nillable().MaxRuneLen(40).Immutable(),
		field.String("phone_masked").Optional().Nillable().MaxRuneLen(20).Immutable(),
		field.Enum("state").GoType(state.Appointment("")),
		field.String("reason").Optional().Nillable().MaxRuneLen(200).Comment("why it was moved, declined or cancelled"),
		field.Int("moves").Default(0).NonNegative(),
		field.Time("requested_at").Immutable(),
		field.Time("decided_at").Optional().Nillable(),
		field.Time("concluded_at").Optional().Nillable(),
	}
}

// Edges of the Appointment.
func (Appointment) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("station", Station.Type).Field("station_id").Unique().Required().Immutable(),
		edge.To("visit_day", VisitDay.Type).Field("visit_day_id").Unique().Required(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Immutable(),
		edge.To("organ", Organ.Type).Field("organ_id").Unique().Immutable(),
		edge.To("requester_organ", Organ.Type).Field("requester_organ_id").Unique().Immutable(),
	}
}

// Indexes of the Appointment.
func (Appointment) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("visit_day_id"),
		index.Fields("station_id"),
		index.Fields("deputy_id"),
		index.Fields("organ_id"),
		index.Fields("requester_organ_id"),
	)
}

// Annotations of the Appointment.
func (Appointment) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("appointment"), words(map[string]vocabulary{"state": state.Appointment("")}), entsql.Checks(map[string]string{
		"appointment_with": "(deputy_id IS NULL) <> (organ_id IS NULL)",
	})}
}

// AppointmentContact is who asks for an appointment (约见申请人) and what the person consented to. Only the station and the organ responsible for it see it.
type AppointmentContact struct{ ent.Schema }

// Mixin gives the AppointmentContact what all entities share.
func (AppointmentContact) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the AppointmentContact.
func (AppointmentContact) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("appointment_id", uuid.UUID{}).Unique().Immutable(),
		field.UUID("station_id", uuid.UUID{}).Immutable(),
		field.String("name").NotEmpty().MaxRuneLen(40),
		field.String("phone").NotEmpty().MaxRuneLen(20),
		field.String("phone_digits").NotEmpty().MaxRuneLen(20).Comment("the number's digits, to compare"),
		field.String("consent_version").NotEmpty().MaxRuneLen(20).Immutable().Comment("which text was agreed to (告知同意书版本)"),
		field.Time("consented_at").Immutable(),
	}
}

// Edges of the AppointmentContact.
func (AppointmentContact) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("appointment", Appointment.Type).Field("appointment_id").Unique().Required().Immutable(),
	}
}

// Annotations of the AppointmentContact.
func (AppointmentContact) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("appointment_contact")}
}

// AppointmentReceipt is a token that a citizen follows an appointment with (约见回执). Only its hash is kept.
type AppointmentReceipt struct{ ent.Schema }

// Mixin gives the AppointmentReceipt what all entities share.
func (AppointmentReceipt) Mixin() []ent.Mixin { return []ent.Mixin{base{}} }

// Fields of the AppointmentReceipt.
func (AppointmentReceipt) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("appointment_id", uuid.UUID{}).Immutable(),
		field.Bytes("token_hash").Unique().Immutable().Comment("SHA-256"),
	}
}

// Edges of the AppointmentReceipt.
func (AppointmentReceipt) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("appointment", Appointment.Type).Field("appointment_id").Unique().Required().Immutable(),
	}
}

// Indexes of the AppointmentReceipt.
func (AppointmentReceipt) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("appointment_id"),
	}
}

// Annotations of the AppointmentReceipt.
func (AppointmentReceipt) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("appointment_receipt")}
}
