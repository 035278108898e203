package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// PointScheme is an edition of the rules by which a congress gives points to deputies of a level (履职积分办法). It is never changed: another edition follows it.
type PointScheme struct{ ent.Schema }

// Mixin gives the PointScheme what all entities share.
func (PointScheme) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the PointScheme.
func (PointScheme) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("congress_id", uuid.UUID{}).Immutable(),
		field.Enum("level").GoType(kind.CongressLevel("")).Immutable().Comment("of the deputies it is for"),
		field.String("name").NotEmpty().MaxRuneLen(60).Immutable(),
		field.Int("edition").Positive().Immutable().Comment("its number, from 1 (版次)"),
		field.JSON("items", []duty.PointItem{}).Immutable(),
		field.Time("from_on").SchemaType(asDate).Immutable(),
		field.Time("until_on").SchemaType(asDate).Optional().Nillable().Comment("the last day, once another edition follows or it is ended"),
	}
}

// Edges of the PointScheme.
func (PointScheme) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("congress", Congress.Type).Field("congress_id").Unique().Required().Immutable(),
	}
}

// Indexes of the PointScheme.
func (PointScheme) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("congress_id", "level", "edition").Unique(),
		index.Fields("code", "level"),
	}
}

// Annotations of the PointScheme.
func (PointScheme) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("point_scheme"), words(map[string]vocabulary{"level": kind.CongressLevel("")}), entsql.Checks(map[string]string{
		"point_scheme_days": "until_on >= from_on - 1",
	})}
}

// PointEntry is one line of the ledger of points (积分台账). It is only ever added, and only by the platform: a correction is a further line. Its place is where the deputy was grouped.
type PointEntry struct{ ent.Schema }

// Mixin gives the PointEntry what all entities share.
func (PointEntry) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the PointEntry.
func (PointEntry) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("scheme_id", uuid.UUID{}).Immutable(),
		field.UUID("mandate_id", uuid.UUID{}).Immutable(),
		field.UUID("deputy_id", uuid.UUID{}).Immutable(),
		field.String("item").NotEmpty().MaxRuneLen(40).Immutable().Comment("key of the item of the scheme"),
		field.Enum("deed").GoType(kind.Deed("")).Immutable(),
		field.UUID("deed_id", uuid.UUID{}).Immutable().Comment("the record that proves it"),
		field.Time("day").SchemaType(asDate).Immutable().Comment("of the deed"),
		field.Int("points").Immutable().Comment("in tenths of a point; what the line adds or takes"),
		field.Bool("correction").Immutable().Comment("the evidence, or the scheme, has changed since"),
	}
}

// Edges of the PointEntry.
func (PointEntry) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("scheme", PointScheme.Type).Field("scheme_id").Unique().Required().Immutable(),
		edge.To("mandate", Mandate.Type).Field("mandate_id").Unique().Required().Immutable(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Required().Immutable(),
	}
}

// Indexes of the PointEntry.
func (PointEntry) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("mandate_id", "day"),
		index.Fields("deputy_id"),
		index.Fields("scheme_id"),
		index.Fields("deed_id"),
	)
}

// Annotations of the PointEntry.
func (PointEntry) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("point_entry"), words(map[string]vocabulary{"deed": kind.Deed("")})}
}

// PointClaim is what a deputy claims of the points (积分申报、申诉). Its place is where the deputy was grouped.
type PointClaim struct{ ent.Schema }

// Mixin gives the PointClaim what all entities share.
func (PointClaim) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the PointClaim.
func (PointClaim) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("scheme_id", uuid.UUID{}).Immutable(),
		field.UUID("mandate_id", uuid.UUID{}).Immutable(),
		field.UUID("deputy_id", uuid.UUID{}).Immutable(),
		field.Enum("kind").GoType(kind.Claim("")).Immutable(),
		field.String("item").NotEmpty().MaxRuneLen(40).Immutable().Comment("key of the item of the scheme"),
		field.UUID("entry_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the entry appealed against"),
		field.Time("day").SchemaType(asDate).Immutable(),
		field.String("text").NotEmpty().MaxRuneLen(1000).Immutable(),
		field.Enum("state").GoType(state.Claim("")),
		field.Int("points").Optional().Nillable().Comment("what was granted, in tenths"),
		field.String("decision").Optional().Nillable().MaxRuneLen(500),
		field.String("appeal").Optional().Nillable().MaxRuneLen(500).Comment("why the refusal is contested"),
		field.Time("decided_at").Optional().Nillable(),
	}
}

// Edges of the PointClaim.
func (PointClaim) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("scheme", PointScheme.Type).Field("scheme_id").Unique().Required().Immutable(),
		edge.To("mandate", Mandate.Type).Field("mandate_id").Unique().Required().Immutable(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Required().Immutable(),
		edge.To("entry", PointEntry.Type).Field("entry_id").Unique().Immutable(),
	}
}

// Indexes of the PointClaim.
func (PointClaim) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("mandate_id"),
		index.Fields("deputy_id"),
		index.Fields("scheme_id"),
		index.Fields("entry_id"),
	)
}

// Annotations of the PointClaim.
func (PointClaim) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("point_claim"), words(map[string]vocabulary{"kind": kind.Claim(""), "state": state.Claim("")}), entsql.Checks(map[string]string{
		"point_claim_granted": "(state = 'APPROVED') = (points IS NOT NULL)",
		"point_claim_entry":   "(kind = 'APPEAL') = (entry_id IS NOT NULL)",
	})}
}

// PointCheck is a deputy's word that the own points of a year are right, or are not (积分自查).
type PointCheck struct{ ent.Schema }

// Mixin gives the PointCheck what all entities share.
func (PointCheck) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the PointCheck.
func (PointCheck) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("mandate_id", uuid.UUID{}).Immutable(),
		field.UUID("deputy_id", uuid.UUID{}).Immutable(),
		field.Int("year").Positive().Immutable(),
		field.Int("points").Immutable().Comment("the sum at the time, in tenths"),
		field.Bool("agreed").Immutable(),
		field.String("note").Optional().Nillable().MaxRuneLen(500).Immutable(),
	}
}

// Edges of the PointCheck.
func (PointCheck) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("mandate", Mandate.Type).Field("mandate_id").Unique().Required().Immutable(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Required().Immutable(),
	}
}

// Indexes of the PointCheck.
func (PointCheck) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("mandate_id", "year"),
		index.Fields("deputy_id"),
	)
}

// Annotations of the PointCheck.
func (PointCheck) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("point_check")}
}
