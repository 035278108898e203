package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// Mandate is a seat in a congress for a term (代表职务). Its place is where the deputy is grouped: the county or township of the home posting, before any the electing unit's.
type Mandate struct{ ent.Schema }

// Mixin gives the Mandate what all entities share.
func (Mandate) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Mandate.
func (Mandate) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("deputy_id", uuid.UUID{}),
		field.UUID("congress_id", uuid.UUID{}),
		field.UUID("term_id", uuid.UUID{}),
		field.UUID("constituency_id", uuid.UUID{}).Optional().Nillable(),
		field.Enum("level").GoType(kind.CongressLevel("")).Comment("the congress's"),
		field.Int64("seat_code").GoType(place.Code(0)).Comment("code of the congress's division"),
		field.Int("term_number").Positive().Comment("the term's (第几届)"),
		field.Enum("election").GoType(kind.Election("")),
		field.Enum("status").GoType(state.Mandate("")),
		field.Time("elected_on").SchemaType(asDate),
		field.JSON("suspensions", []duty.Suspension{}).Optional().Comment("when it was suspended, in order"),
		field.Time("ended_on").SchemaType(asDate).Optional().Nillable().Comment("first day without the mandate"),
		field.Enum("end_reason").GoType(kind.EndReason("")).Optional().Nillable(),
		field.String("end_note").Optional().Nillable().MaxRuneLen(500),
	}
}

// Edges of the Mandate.
func (Mandate) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Required(),
		edge.To("congress", Congress.Type).Field("congress_id").Unique().Required(),
		edge.To("term", Term.Type).Field("term_id").Unique().Required(),
		edge.To("constituency", Constituency.Type).Field("constituency_id").Unique(),
		edge.From("postings", Posting.Type).Ref("mandate"),
	}
}

// Indexes of the Mandate.
func (Mandate) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("deputy_id"),
		index.Fields("deputy_id", "congress_id").Unique().
			Annotations(entsql.IndexWhere("status <> 'ENDED'")).StorageKey("mandate_one_seat"),
		index.Fields("congress_id", "constituency_id"),
	)
}

// Annotations of the Mandate.
func (Mandate) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("mandate"), words(map[string]vocabulary{
		"level": kind.CongressLevel(""), "election": kind.Election(""),
		"status": state.Mandate(""), "end_reason": kind.EndReason(""),
	}), entsql.Checks(map[string]string{
		"mandate_ended": "(status = 'ENDED') = (ended_on IS NOT NULL) AND (ended_on IS NULL) = (end_reason IS NULL)",
		"mandate_dates": "ended_on >= elected_on",
	})}
}
