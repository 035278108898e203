package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
)

// PairingRule is what a congress expects of a kind of pairing (结对要求): how many each has, and how often they meet.
type PairingRule struct{ ent.Schema }

// Mixin gives the PairingRule what all entities share.
func (PairingRule) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the PairingRule.
func (PairingRule) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("congress_id", uuid.UUID{}).Immutable(),
		field.Enum("kind").GoType(kind.Pairing("")).Immutable(),
		field.Int("least").Range(1, 1000).Comment("fewest paired with one"),
		field.Int("most").Range(1, 1000).Comment("most paired with one"),
		field.Int("times").Range(1, 366).Comment("contacts in each period"),
		field.Enum("period").GoType(kind.Period("")),
		field.Time("from_on").SchemaType(asDate),
	}
}

// Edges of the PairingRule.
func (PairingRule) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("congress", Congress.Type).Field("congress_id").Unique().Required().Immutable(),
	}
}

// Indexes of the PairingRule.
func (PairingRule) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("congress_id", "kind").Unique(),
		index.Fields("code"),
	}
}

// Annotations of the PairingRule.
func (PairingRule) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("pairing_rule"), words(map[string]vocabulary{"kind": kind.Pairing(""), "period": kind.Period("")}), entsql.Checks(map[string]string{
		"pairing_rule_numbers": "least BETWEEN 1 AND most AND times BETWEEN 1 AND 366",
	})}
}

// Pairing ties who leads to whom or what is led (结对). Its place is that of who or what is led.
type Pairing struct{ ent.Schema }

// Mixin gives the Pairing what all entities share.
func (Pairing) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Pairing.
func (Pairing) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("congress_id", uuid.UUID{}).Immutable().Comment("whose pairing it is"),
		field.Enum("kind").GoType(kind.Pairing("")).Immutable(),
		field.UUID("leader_deputy_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("leader_organ_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("of an official who is no deputy, or of a committee"),
		field.String("leader_name").NotEmpty().MaxRuneLen(40).Immutable(),
		field.String("leader_title").Optional().Nillable().MaxRuneLen(40).Immutable(),
		field.UUID("deputy_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("who is led"),
		field.UUID("station_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("or the station"),
		field.UUID("division_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("or the township"),
		field.Time("started_on").SchemaType(asDate).Immutable(),
		field.Time("ended_on").SchemaType(asDate).Optional().Nillable().Comment("first day without it"),
		field.String("end_reason").Optional().Nillable().MaxRuneLen(200),
	}
}

// Edges of the Pairing.
func (Pairing) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("congress", Congress.Type).Field("congress_id").Unique().Required().Immutable(),
		edge.To("leader_deputy", Deputy.Type).Field("leader_deputy_id").Unique().Immutable(),
		edge.To("leader_organ", Organ.Type).Field("leader_organ_id").Unique().Immutable(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Immutable(),
		edge.To("station", Station.Type).Field("station_id").Unique().Immutable(),
		edge.To("division", Division.Type).Field("division_id").Unique().Immutable(),
	}
}

// Indexes of the Pairing.
func (Pairing) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("congress_id", "kind"),
		index.Fields("leader_deputy_id"),
		index.Fields("leader_organ_id"),
		index.Fields("deputy_id"),
		index.Fields("station_id"),
		index.Fields("division_id"),
	)
}

// Annotations of the Pairing.
func (Pairing) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("pairing"), words(map[string]vocabulary{"kind": kind.Pairing("")}), entsql.Checks(map[string]string{
		"pairing_leader": "(leader_deputy_id IS NULL) <> (leader_organ_id IS NULL)",
		"pairing_led":    "num_nonnulls(deputy_id, station_id, division_id) = 1",
		"pairing_dates":  "ended_on >= started_on",
	})}
}

// PairingContact is a contact within a pairing (联系记录). Its place is the pairing's.
type PairingContact struct{ ent.Schema }

// Mixin gives the PairingContact what all entities share.
func (PairingContact) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the PairingContact.
func (PairingContact) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("pairing_id", uuid.UUID{}).Immutable(),
		field.UUID("leader_deputy_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the pairing's"),
		field.UUID("deputy_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.Time("day").SchemaType(asDate).Immutable(),
		field.Enum("way").GoType(kind.ContactWay("")).Immutable(),
		field.String("note").NotEmpty().MaxRuneLen(1000).Immutable(),
	}
}

// Edges of the PairingContact.
func (PairingContact) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("pairing", Pairing.Type).Field("pairing_id").Unique().Required().Immutable(),
		edge.To("leader_deputy", Deputy.Type).Field("leader_deputy_id").Unique().Immutable(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Immutable(),
	}
}

// Indexes of the PairingContact.
func (PairingContact) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("pairing_id", "day"),
		index.Fields("leader_deputy_id", "day"),
		index.Fields("deputy_id", "day"),
	)
}

// Annotations of the PairingContact.
func (PairingContact) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("pairing_contact"), words(map[string]vocabulary{"way": kind.ContactWay("")})}
}
