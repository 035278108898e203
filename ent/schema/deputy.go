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

// Deputy is the person of a deputy (人大代表). The seats are Mandates; the place is the home, the deepest place of the mandates.
type Deputy struct{ ent.Schema }

// Mixin gives the Deputy what all entities share.
func (Deputy) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Deputy.
func (Deputy) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").NotEmpty().MaxRuneLen(40),
		field.Enum("gender").GoType(kind.Gender("")),
		field.Time("birth_month").SchemaType(asDate).Comment("first day of the month of birth (出生年月)"),
		field.String("ethnicity").Default("汉族").MaxRuneLen(20),
		field.String("work_unit").Optional().Nillable().MaxRuneLen(100).Comment("单位"),
		field.String("job_title").Optional().Nillable().MaxRuneLen(60).Comment("职务"),
		field.String("phone_masked").Optional().Nillable().MaxRuneLen(20).Comment("as 138****1234; the number itself is a DeputyContact"),
	}
}

// Edges of the Deputy.
func (Deputy) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("mandates", Mandate.Type).Ref("deputy"),
		edge.From("postings", Posting.Type).Ref("deputy"),
	}
}

// Indexes of the Deputy.
func (Deputy) Indexes() []ent.Index {
	return append(areaIndexes(), index.Fields("name", "gender", "birth_month"))
}

// Annotations of the Deputy.
func (Deputy) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("deputy"), words(map[string]vocabulary{"gender": kind.Gender("")})}
}

// DeputyContact keeps a deputy's private number apart from the public facts, behind a narrower policy.
type DeputyContact struct{ ent.Schema }

// Mixin gives the DeputyContact what all entities share.
func (DeputyContact) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the DeputyContact.
func (DeputyContact) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("deputy_id", uuid.UUID{}),
		field.String("phone").NotEmpty().MaxRuneLen(20),
	}
}

// Annotations of the DeputyContact.
func (DeputyContact) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("deputy_contact")}
}

// Edges of the DeputyContact.
func (DeputyContact) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Required(),
	}
}

// Indexes of the DeputyContact.
func (DeputyContact) Indexes() []ent.Index {
	return []ent.Index{index.Fields("deputy_id").Unique()}
}
