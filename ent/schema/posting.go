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

// Posting is a deputy's posting to a station (进站, 编组). Its place is the station's; with it the deputy becomes visible there.
type Posting struct{ ent.Schema }

// Mixin gives the Posting what all entities share.
func (Posting) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Posting.
func (Posting) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("station_id", uuid.UUID{}),
		field.UUID("deputy_id", uuid.UUID{}),
		field.UUID("mandate_id", uuid.UUID{}),
		field.Enum("basis").GoType(kind.Posting("")),
		field.Time("started_on").SchemaType(asDate),
		field.Time("ended_on").SchemaType(asDate).Optional().Nillable().Comment("first day without the posting"),
		field.String("end_reason").Optional().Nillable().MaxRuneLen(200),
	}
}

// Edges of the Posting.
func (Posting) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("station", Station.Type).Field("station_id").Unique().Required(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Required(),
		edge.To("mandate", Mandate.Type).Field("mandate_id").Unique().Required(),
	}
}

// Indexes of the Posting.
func (Posting) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("station_id", "id"),
		index.Fields("deputy_id"),
		index.Fields("mandate_id"),
		index.Fields("mandate_id", "station_id").Unique().
			Annotations(entsql.IndexWhere("ended_on IS NULL")).StorageKey("posting_once"),
	)
}

// Annotations of the Posting.
func (Posting) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("posting"), words(map[string]vocabulary{"basis": kind.Posting("")}), entsql.Checks(map[string]string{"posting_dates": "ended_on >= started_on"})}
}
