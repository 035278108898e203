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

// Station is a liaison station (人大代表联络站) of any kind, real or online.
type Station struct{ ent.Schema }

// Mixin gives the Station what all entities share.
func (Station) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Station.
func (Station) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("division_id", uuid.UUID{}),
		field.Enum("kind").GoType(kind.Station("")),
		field.String("name").NotEmpty().MaxRuneLen(100),
		field.Bool("name_uniform").Comment("the name follows the uniform rule (统一命名)"),
		field.String("address").Optional().Nillable().MaxRuneLen(200),
		field.Float("longitude").Optional().Nillable().Comment("degrees east"),
		field.Float("latitude").Optional().Nillable().Comment("degrees north"),
		field.Int("floor").Optional().Nillable(),
		field.Float("area_m2").Optional().Nillable().Comment("square metres"),
		field.String("opening_rule").Optional().Nillable().MaxRuneLen(100).Comment("as 每月15日 or 赶集日"),
		field.String("brand").Optional().Nillable().MaxRuneLen(60).Comment("一站一品"),
		field.String("phone").Optional().Nillable().MaxRuneLen(20).Comment("the office's public number"),
		field.Time("opened_on").SchemaType(asDate),
		field.Time("closed_on").SchemaType(asDate).Optional().Nillable().Comment("first day closed"),
		field.String("close_reason").Optional().Nillable().MaxRuneLen(500),
		field.UUID("parent_id", uuid.UUID{}).Optional().Nillable(),
		field.UUID("organ_id", uuid.UUID{}).Optional().Nillable(),
		field.UUID("zone_id", uuid.UUID{}).Optional().Nillable(),
		field.UUID("constituency_id", uuid.UUID{}).Optional().Nillable(),
	}
}

// Edges of the Station.
func (Station) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("division", Division.Type).Field("division_id").Unique().Required(),
		edge.To("branches", Station.Type).From("parent").Field("parent_id").Unique(),
		edge.To("organ", Organ.Type).Field("organ_id").Unique(),
		edge.To("zone", Zone.Type).Field("zone_id").Unique(),
		edge.To("constituency", Constituency.Type).Field("constituency_id").Unique(),
		edge.From("postings", Posting.Type).Ref("station"),
		edge.From("staff", StationStaff.Type).Ref("station"),
		edge.From("grids", Grid.Type).Ref("station"),
		edge.From("budgets", StationBudget.Type).Ref("station"),
	}
}

// Indexes of the Station.
func (Station) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("division_id", "name").Unique().
			Annotations(entsql.IndexWhere("closed_on IS NULL")).StorageKey("station_one_name"),
		index.Fields("parent_id"),
		index.Fields("organ_id"),
		index.Fields("zone_id"),
		index.Fields("constituency_id"),
	)
}

// Annotations of the Station.
func (Station) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("station"), words(map[string]vocabulary{"kind": kind.Station("")}), entsql.Checks(map[string]string{
		"station_dates":  "closed_on >= opened_on",
		"station_coords": "(longitude IS NULL) = (latitude IS NULL) AND longitude BETWEEN 73 AND 136 AND latitude BETWEEN 3 AND 54",
		"station_area":   "area_m2 > 0",
	})}
}
