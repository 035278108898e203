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

// StationStaff is a person who holds an office at a station (站长, 副站长, 联络员), grid workers and volunteers among them.
type StationStaff struct{ ent.Schema }

// Mixin gives the StationStaff what all entities share.
func (StationStaff) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the StationStaff.
func (StationStaff) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("station_id", uuid.UUID{}),
		field.String("name").NotEmpty().MaxRuneLen(40),
		field.Enum("office").GoType(kind.Staff("")),
		field.Enum("origin").GoType(kind.StaffOrigin("")),
		field.UUID("deputy_id", uuid.UUID{}).Optional().Nillable().Comment("when the person is a deputy"),
		field.Time("started_on").SchemaType(asDate),
		field.Time("ended_on").SchemaType(asDate).Optional().Nillable().Comment("first day without the office"),
	}
}

// Edges of the StationStaff.
func (StationStaff) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("station", Station.Type).Field("station_id").Unique().Required(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique(),
	}
}

// Indexes of the StationStaff.
func (StationStaff) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("station_id", "name", "office").Unique().
			Annotations(entsql.IndexWhere("ended_on IS NULL")).StorageKey("station_staff_once"),
	)
}

// Annotations of the StationStaff.
func (StationStaff) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("station_staff"), words(map[string]vocabulary{"office": kind.Staff(""), "origin": kind.StaffOrigin("")}), entsql.Checks(map[string]string{"staff_dates": "ended_on >= started_on"})}
}
