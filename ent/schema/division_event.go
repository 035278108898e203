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
	"github.com/lianluo/lianluo/ent/place"
)

// DivisionEvent is a change of the tree (区划调整): what became of which divisions on a day. Its place is the division within which everything
// happened, so that whoever sees both sides sees it. It is only ever added.
type DivisionEvent struct{ ent.Schema }

// Mixin gives the DivisionEvent what all entities share.
func (DivisionEvent) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the DivisionEvent.
func (DivisionEvent) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("kind").GoType(kind.DivisionChange("")),
		field.Time("day").SchemaType(asDate).Comment("the first day on which the tree is as it is afterwards"),
		field.String("document").Optional().Nillable().MaxRuneLen(100).Comment("the decision it rests on (批准文号)"),
		field.String("note").Optional().Nillable().MaxRuneLen(500),
		field.JSON("predecessors", []place.Named{}).Comment("the divisions that changed, as they were"),
		field.JSON("successors", []place.Named{}).Comment("what they became; none when they were abolished"),
		field.JSON("moved", map[string]int{}).Optional().Comment("how many rows moved, by table"),
	}
}

// Indexes of the DivisionEvent.
func (DivisionEvent) Indexes() []ent.Index { return append(areaIndexes(), index.Fields("day")) }

// Annotations of the DivisionEvent.
func (DivisionEvent) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("division_event"), words(map[string]vocabulary{"kind": kind.DivisionChange("")})}
}

// FormerDivision is a division as it was until a change (当时区划): a name, a code or a parent that it had, one row for each that ended. Its
// place is where the division, or what it became, is now.
type FormerDivision struct{ ent.Schema }

// Mixin gives the FormerDivision what all entities share.
func (FormerDivision) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the FormerDivision.
func (FormerDivision) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("code_then").GoType(place.Code(0)),
		field.String("name").NotEmpty().MaxRuneLen(60),
		field.Enum("level").GoType(place.Level("")),
		field.Int64("parent_code_then").GoType(place.Code(0)).Optional().Nillable(),
		field.Time("valid_from").SchemaType(asDate),
		field.Time("valid_to").SchemaType(asDate).Comment("the first day on which it was so no longer"),
		field.UUID("division_id", uuid.UUID{}),
		field.UUID("event_id", uuid.UUID{}),
	}
}

// Edges of the FormerDivision.
func (FormerDivision) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("division", Division.Type).Field("division_id").Unique().Required(),
		edge.To("event", DivisionEvent.Type).Field("event_id").Unique().Required(),
	}
}

// Indexes of the FormerDivision.
func (FormerDivision) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("code_then", "valid_to"),
		index.Fields("parent_code_then"),
		index.Fields("division_id"),
		index.Fields("event_id"),
	)
}

// Annotations of the FormerDivision.
func (FormerDivision) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("former_division"),
		words(map[string]vocabulary{"level": place.Level("")}),
		entsql.Checks(map[string]string{"former_division_days": "valid_to >= valid_from"}),
	}
}
