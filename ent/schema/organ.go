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

// Organ is an organ (机关): committees of a congress, presidiums, street working committees, departments.
type Organ struct{ ent.Schema }

// Mixin gives the Organ what all entities share.
func (Organ) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Organ.
func (Organ) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("division_id", uuid.UUID{}),
		field.Enum("kind").GoType(kind.Organ("")),
		field.String("name").NotEmpty().MaxRuneLen(100),
		field.JSON("former_names", []FormerName{}).Optional().Comment("names it bore before, newest first"),
		field.Time("valid_from").SchemaType(asDate),
		field.Time("valid_to").SchemaType(asDate).Optional().Nillable(),
	}
}

// Edges of the Organ.
func (Organ) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("division", Division.Type).Field("division_id").Unique().Required(),
		edge.From("stations", Station.Type).Ref("organ"),
	}
}

// Indexes of the Organ.
func (Organ) Indexes() []ent.Index {
	return append(areaIndexes(), index.Fields("division_id", "name").Unique())
}

// Annotations of the Organ.
func (Organ) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("organ"), words(map[string]vocabulary{"kind": kind.Organ("")})}
}

// FormerName is a name that an organ bore until a day.
type FormerName struct {
	Name  string `json:"name"`
	Until string `json:"until"` // the last day, YYYY-MM-DD
}
