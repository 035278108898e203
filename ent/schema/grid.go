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

// Grid is a part of a station's area (网格).
type Grid struct{ ent.Schema }

// Mixin gives the Grid what all entities share.
func (Grid) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Grid.
func (Grid) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("station_id", uuid.UUID{}),
		field.Int("number").Positive(),
		field.String("name").NotEmpty().MaxRuneLen(60),
	}
}

// Annotations of the Grid.
func (Grid) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("grid")}
}

// Edges of the Grid.
func (Grid) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("station", Station.Type).Field("station_id").Unique().Required(),
		edge.From("assignments", GridAssignment.Type).Ref("grid"),
	}
}

// Indexes of the Grid.
func (Grid) Indexes() []ent.Index {
	return append(areaIndexes(), index.Fields("station_id", "number").Unique())
}

// GridAssignment gives a grid to a posted deputy or to a grid worker of the station's staff; each has one or two.
type GridAssignment struct{ ent.Schema }

// Mixin gives the GridAssignment what all entities share.
func (GridAssignment) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the GridAssignment.
func (GridAssignment) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("grid_id", uuid.UUID{}),
		field.UUID("posting_id", uuid.UUID{}).Optional().Nillable(),
		field.UUID("staff_id", uuid.UUID{}).Optional().Nillable(),
	}
}

// Edges of the GridAssignment.
func (GridAssignment) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("grid", Grid.Type).Field("grid_id").Unique().Required(),
		edge.To("posting", Posting.Type).Field("posting_id").Unique(),
		edge.To("staff", StationStaff.Type).Field("staff_id").Unique(),
	}
}

// Indexes of the GridAssignment.
func (GridAssignment) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("grid_id", "posting_id").Unique(),
		index.Fields("grid_id", "staff_id").Unique(),
		index.Fields("posting_id"),
		index.Fields("staff_id"),
	)
}

// Annotations of the GridAssignment.
func (GridAssignment) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("grid_assignment"), entsql.Checks(map[string]string{"grid_one_person": "(posting_id IS NULL) <> (staff_id IS NULL)"})}
}
