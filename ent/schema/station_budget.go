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

// StationBudget is a budget line (经费) of a station for a year.
type StationBudget struct{ ent.Schema }

// Mixin gives the StationBudget what all entities share.
func (StationBudget) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the StationBudget.
func (StationBudget) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("station_id", uuid.UUID{}),
		field.Int("year").Range(2000, 2100),
		field.String("purpose").NotEmpty().MaxRuneLen(60).Comment("用途, as 提质建设"),
		field.Int64("amount_fen").NonNegative().Comment("in fen, a hundredth of a yuan"),
	}
}

// Annotations of the StationBudget.
func (StationBudget) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("station_budget")}
}

// Edges of the StationBudget.
func (StationBudget) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("station", Station.Type).Field("station_id").Unique().Required(),
	}
}

// Indexes of the StationBudget.
func (StationBudget) Indexes() []ent.Index {
	return append(areaIndexes(), index.Fields("station_id", "year", "purpose").Unique())
}
