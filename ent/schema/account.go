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
	"github.com/lianluo/lianluo/ent/viewer"
)

// Account is what a person or a system signs in with. Only the platform itself reads it.
type Account struct{ ent.Schema }

// Mixin gives the Account what all entities share.
func (Account) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Account.
func (Account) Fields() []ent.Field {
	return []ent.Field{
		field.String("username").Unique().NotEmpty().MaxRuneLen(40).Comment("lower case"),
		field.String("password_hash").Sensitive(),
		field.String("display_name").NotEmpty().MaxRuneLen(40),
		field.Enum("role").GoType(viewer.Role("")),
		field.UUID("division_id", uuid.UUID{}),
		field.Enum("status").GoType(kind.Account("")).Default(string(kind.AccountActive)),
		field.UUID("deputy_id", uuid.UUID{}).Optional().Nillable(),
		field.UUID("organ_id", uuid.UUID{}).Optional().Nillable(),
		field.UUID("station_id", uuid.UUID{}).Optional().Nillable(),
	}
}

// Edges of the Account.
func (Account) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("division", Division.Type).Field("division_id").Unique().Required(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique(),
		edge.To("organ", Organ.Type).Field("organ_id").Unique(),
		edge.To("station", Station.Type).Field("station_id").Unique(),
	}
}

// Indexes of the Account: who is to be told of something is found by them.
func (Account) Indexes() []ent.Index {
	return []ent.Index{index.Fields("code"), index.Fields("station_id"), index.Fields("organ_id"), index.Fields("deputy_id")}
}

// Annotations of the Account.
func (Account) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("account"), words(map[string]vocabulary{"role": viewer.Role(""), "status": kind.Account("")})}
}

// RefreshToken is a refresh token given at sign-in. Each is used once; a second use ends all of its family.
type RefreshToken struct{ ent.Schema }

// Mixin gives the RefreshToken what all entities share.
func (RefreshToken) Mixin() []ent.Mixin { return []ent.Mixin{base{}} }

// Fields of the RefreshToken.
func (RefreshToken) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("account_id", uuid.UUID{}),
		field.UUID("family_id", uuid.UUID{}).Comment("all tokens that came from one sign-in"),
		field.Bytes("token_hash").Unique().Comment("SHA-256; the token itself is not kept"),
		field.Time("expires_at"),
		field.Time("used_at").Optional().Nillable(),
		field.Time("revoked_at").Optional().Nillable(),
	}
}

// Annotations of the RefreshToken.
func (RefreshToken) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("refresh_token")}
}

// Edges of the RefreshToken.
func (RefreshToken) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("account", Account.Type).Field("account_id").Unique().Required(),
	}
}

// Indexes of the RefreshToken.
func (RefreshToken) Indexes() []ent.Index {
	return []ent.Index{index.Fields("family_id"), index.Fields("account_id")}
}
