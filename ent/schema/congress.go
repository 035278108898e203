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

// Congress is a people's congress (人民代表大会) of a division; streets and villages have none.
type Congress struct{ ent.Schema }

// Mixin gives the Congress what all entities share.
func (Congress) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Congress.
func (Congress) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("division_id", uuid.UUID{}),
		field.Enum("level").GoType(kind.CongressLevel("")),
		field.String("name").NotEmpty().MaxRuneLen(100),
	}
}

// Edges of the Congress.
func (Congress) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("division", Division.Type).Field("division_id").Unique().Required(),
		edge.From("terms", Term.Type).Ref("congress"),
	}
}

// Indexes of the Congress.
func (Congress) Indexes() []ent.Index {
	return append(areaIndexes(), index.Fields("division_id").Unique())
}

// Annotations of the Congress.
func (Congress) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("congress"), words(map[string]vocabulary{"level": kind.CongressLevel("")})}
}

// Term is one term (届) of a congress, five years.
type Term struct{ ent.Schema }

// Mixin gives the Term what all entities share.
func (Term) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Term.
func (Term) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("congress_id", uuid.UUID{}),
		field.Int("number").Positive().Comment("第几届"),
		field.Time("starts_on").SchemaType(asDate),
		field.Time("ends_on").SchemaType(asDate),
	}
}

// Edges of the Term.
func (Term) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("congress", Congress.Type).Field("congress_id").Unique().Required(),
	}
}

// Indexes of the Term.
func (Term) Indexes() []ent.Index {
	return []ent.Index{index.Fields("code", "id"), index.Fields("congress_id", "number").Unique()}
}

// Annotations of the Term.
func (Term) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("term"), entsql.Checks(map[string]string{"term_dates": "starts_on < ends_on"})}
}

// Constituency is a constituency (选区) or electing unit (选举单位) of a congress. It may be drawn by work unit, so it is no node of the tree.
type Constituency struct{ ent.Schema }

// Mixin gives the Constituency what all entities share.
func (Constituency) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Constituency.
func (Constituency) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("congress_id", uuid.UUID{}),
		field.Int("number").Positive(),
		field.String("name").NotEmpty().MaxRuneLen(100),
		field.Enum("basis").GoType(kind.Constituency("")),
		field.Int("seats").NonNegative().Comment("number of deputies to elect (应选代表名额)"),
		field.Time("valid_from").SchemaType(asDate),
		field.Time("valid_to").SchemaType(asDate).Optional().Nillable(),
	}
}

// Edges of the Constituency.
func (Constituency) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("congress", Congress.Type).Field("congress_id").Unique().Required(),
		edge.From("stations", Station.Type).Ref("constituency"),
	}
}

// Indexes of the Constituency.
func (Constituency) Indexes() []ent.Index {
	return append(areaIndexes(), index.Fields("congress_id", "number").Unique())
}

// Annotations of the Constituency.
func (Constituency) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("constituency"), words(map[string]vocabulary{"basis": kind.Constituency("")})}
}
