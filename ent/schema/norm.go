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

// NormSet is an edition of what a congress asks of deputies of a level (履职标准). It is never changed: another edition follows it.
type NormSet struct{ ent.Schema }

// Mixin gives the NormSet what all entities share.
func (NormSet) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the NormSet.
func (NormSet) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("congress_id", uuid.UUID{}).Immutable(),
		field.Enum("level").GoType(kind.CongressLevel("")).Immutable().Comment("of the deputies it is for"),
		field.String("name").NotEmpty().MaxRuneLen(60).Immutable(),
		field.Int("edition").Positive().Immutable().Comment("its number, from 1 (版次)"),
		field.JSON("items", []duty.NormItem{}).Immutable(),
		field.Time("from_on").SchemaType(asDate).Immutable(),
		field.Time("until_on").SchemaType(asDate).Optional().Nillable().Comment("the last day, once another edition follows or it is ended"),
	}
}

// Edges of the NormSet.
func (NormSet) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("congress", Congress.Type).Field("congress_id").Unique().Required().Immutable(),
	}
}

// Indexes of the NormSet.
func (NormSet) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("congress_id", "level", "edition").Unique(),
		index.Fields("code", "level"),
	}
}

// Annotations of the NormSet.
func (NormSet) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("norm_set"), words(map[string]vocabulary{"level": kind.CongressLevel("")}), entsql.Checks(map[string]string{
		"norm_set_days": "until_on >= from_on - 1",
	})}
}

// DutyRecord is a deputy's own record of work (履职记录): a journal, a livelihood matter, a story, a duty report. Its place is where the deputy was grouped.
type DutyRecord struct{ ent.Schema }

// Mixin gives the DutyRecord what all entities share.
func (DutyRecord) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the DutyRecord.
func (DutyRecord) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("deputy_id", uuid.UUID{}).Immutable(),
		field.UUID("mandate_id", uuid.UUID{}).Immutable(),
		field.Enum("kind").GoType(kind.Record("")).Immutable(),
		field.Time("day").SchemaType(asDate),
		field.String("title").NotEmpty().MaxRuneLen(100),
		field.String("content").NotEmpty().MaxRuneLen(5000),
		field.Enum("state").GoType(state.Record("")),
		field.String("review").Optional().Nillable().MaxRuneLen(500).Comment("what the organ says"),
		field.Time("reviewed_at").Optional().Nillable(),
	}
}

// Edges of the DutyRecord.
func (DutyRecord) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Required().Immutable(),
		edge.To("mandate", Mandate.Type).Field("mandate_id").Unique().Required().Immutable(),
	}
}

// Indexes of the DutyRecord.
func (DutyRecord) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("deputy_id", "day"),
		index.Fields("mandate_id"),
	)
}

// Annotations of the DutyRecord.
func (DutyRecord) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("duty_record"), words(map[string]vocabulary{"kind": kind.Record(""), "state": state.Record("")})}
}
