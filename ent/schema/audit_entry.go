package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
)

// AuditEntry is one line of the audit (审计): who did what to which row. It is only ever added.
type AuditEntry struct{ ent.Schema }

// Mixin gives the AuditEntry what all entities share.
func (AuditEntry) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the AuditEntry.
func (AuditEntry) Fields() []ent.Field {
	return []ent.Field{
		field.String("subject").Comment("the account, operator's token or job"),
		field.String("role").Optional().Nillable(),
		field.Int64("viewer_code").GoType(place.Code(0)),
		field.String("verb"),
		field.String("entity"),
		field.UUID("entity_id", uuid.UUID{}),
		field.JSON("detail", map[string]any{}).Optional().Comment("what was changed; no personal data"),
	}
}

// Annotations of the AuditEntry.
func (AuditEntry) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("audit_entry")}
}

// Indexes of the AuditEntry.
func (AuditEntry) Indexes() []ent.Index {
	return append(areaIndexes(), index.Fields("entity_id"))
}

// IdempotencyKey remembers what a create with an idempotency key made, so that a retry answers the same.
type IdempotencyKey struct{ ent.Schema }

// Mixin gives the IdempotencyKey what all entities share.
func (IdempotencyKey) Mixin() []ent.Mixin { return []ent.Mixin{base{}} }

// Fields of the IdempotencyKey.
func (IdempotencyKey) Fields() []ent.Field {
	return []ent.Field{
		field.String("subject"),
		field.String("key").NotEmpty().MaxRuneLen(100),
		field.String("verb"),
		field.Bytes("request_hash").Comment("SHA-256 of the request; the same key with another request is a conflict"),
		field.UUID("entity_id", uuid.UUID{}),
	}
}

// Annotations of the IdempotencyKey.
func (IdempotencyKey) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("idempotency_key")}
}

// Indexes of the IdempotencyKey.
func (IdempotencyKey) Indexes() []ent.Index {
	return []ent.Index{index.Fields("subject", "key").Unique()}
}
