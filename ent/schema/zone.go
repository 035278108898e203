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

// Zone is a place off the tree (园区, 小区, 集市, 景区, 产业链), hosted by a division.
type Zone struct{ ent.Schema }

// Mixin gives the Zone what all entities share.
func (Zone) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Zone.
func (Zone) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("division_id", uuid.UUID{}),
		field.Enum("kind").GoType(kind.Zone("")),
		field.String("name").NotEmpty().MaxRuneLen(60),
	}
}

// Edges of the Zone.
func (Zone) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("division", Division.Type).Field("division_id").Unique().Required(),
		edge.From("stations", Station.Type).Ref("zone"),
	}
}

// Indexes of the Zone.
func (Zone) Indexes() []ent.Index {
	return append(areaIndexes(), index.Fields("division_id", "name").Unique())
}

// Annotations of the Zone.
func (Zone) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("zone"), words(map[string]vocabulary{"kind": kind.Zone("")})}
}
