package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// Training is a course for deputies (培训). Its place is that of the organ that holds it.
type Training struct{ ent.Schema }

// Mixin gives the Training what all entities share.
func (Training) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Training.
func (Training) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("organ_id", uuid.UUID{}).Immutable(),
		field.String("title").NotEmpty().MaxRuneLen(100),
		field.String("teacher").Optional().Nillable().MaxRuneLen(40),
		field.String("location").Optional().Nillable().MaxRuneLen(200),
		field.Time("from_on").SchemaType(asDate),
		field.Time("to_on").SchemaType(asDate),
		field.Int("hours").Range(1, 10000).Comment("in tenths of an hour"),
		field.String("summary").Optional().Nillable().MaxRuneLen(2000),
		field.Time("cancelled_at").Optional().Nillable(),
		field.String("cancel_reason").Optional().Nillable().MaxRuneLen(200),
	}
}

// Edges of the Training.
func (Training) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("organ", Organ.Type).Field("organ_id").Unique().Required().Immutable(),
	}
}

// Indexes of the Training.
func (Training) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("organ_id"),
		index.Fields("code", "from_on"),
	)
}

// Annotations of the Training.
func (Training) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("training"), entsql.Checks(map[string]string{
		"training_days": "to_on >= from_on",
	})}
}

// TrainingAttendance is a deputy's part in a course (参训). Its place is where the deputy was grouped.
type TrainingAttendance struct{ ent.Schema }

// Mixin gives the TrainingAttendance what all entities share.
func (TrainingAttendance) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the TrainingAttendance.
func (TrainingAttendance) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("training_id", uuid.UUID{}).Immutable(),
		field.UUID("deputy_id", uuid.UUID{}).Immutable(),
		field.UUID("mandate_id", uuid.UUID{}).Immutable(),
		field.Time("day").SchemaType(asDate).Immutable().Comment("the course's first"),
		field.Int("hours").Range(1, 10000).Comment("attended, in tenths of an hour"),
		field.String("note").Optional().Nillable().MaxRuneLen(200),
	}
}

// Edges of the TrainingAttendance.
func (TrainingAttendance) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("training", Training.Type).Field("training_id").Unique().Required().Immutable(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Required().Immutable(),
		edge.To("mandate", Mandate.Type).Field("mandate_id").Unique().Required().Immutable(),
	}
}

// Indexes of the TrainingAttendance.
func (TrainingAttendance) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("training_id", "deputy_id").Unique(),
		index.Fields("deputy_id", "day"),
		index.Fields("mandate_id"),
	)
}

// Annotations of the TrainingAttendance.
func (TrainingAttendance) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("training_attendance")}
}
