package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
)

// Division is one place of the tree (行政区划). Its code may change (变更代码); its id does not.
type Division struct{ ent.Schema }

// Mixin gives the Division what all entities share.
func (Division) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Division.
func (Division) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("level").GoType(place.Level("")),
		field.String("name").NotEmpty().MaxRuneLen(60),
		field.Bool("placeholder").Default(false).
			Comment("a row of the national table that is no place (市辖区, 省直辖县级行政区划 …); no one sees it"),
		field.UUID("parent_id", uuid.UUID{}).Optional().Nillable(),
		field.Int64("parent_code").GoType(place.Code(0)).Optional().Nillable(),
		field.Time("valid_from").SchemaType(asDate),
		field.Time("valid_to").SchemaType(asDate).Optional().Nillable(),
	}
}

// Edges of the Division.
func (Division) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("children", Division.Type).From("parent").Field("parent_id").Unique(),
	}
}

// Indexes of the Division.
func (Division) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("code").Unique(),
		index.Fields("parent_code", "code"),
	}
}

// Annotations of the Division.
func (Division) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("division"), words(map[string]vocabulary{"level": place.Level("")})}
}
