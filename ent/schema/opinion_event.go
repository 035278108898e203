package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// OpinionEvent is one line of an opinion's timeline (办理过程). It is only ever added, and the lines together make the case.
type OpinionEvent struct{ ent.Schema }

// Mixin gives the OpinionEvent what all entities share.
func (OpinionEvent) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the OpinionEvent.
func (OpinionEvent) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("opinion_id", uuid.UUID{}).Immutable(),
		field.Int("sequence").Positive().Immutable(),
		field.Enum("step").GoType(state.Step("")).Immutable(),
		field.Enum("from_state").GoType(state.Opinion("")).Optional().Nillable().Immutable(),
		field.Enum("to_state").GoType(state.Opinion("")).Immutable(),
		field.Time("occurred_at").Immutable(),
		field.Enum("party").GoType(state.Party("")).Immutable().Comment("as what the actor did it"),
		field.String("subject").Immutable().Comment("the account, the receipt or the job"),
		field.String("role").Optional().Nillable().Immutable(),
		field.Int64("actor_code").GoType(place.Code(0)).Optional().Nillable().Immutable().Comment("the actor's division"),
		field.UUID("organ_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the actor's department"),
		field.UUID("deputy_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the actor, when a deputy"),
		field.Enum("decline_reason").GoType(kind.DeclineReason("")).Optional().Nillable().Immutable(),
		field.String("text").Optional().Nillable().MaxRuneLen(2000).Immutable().Comment("reason, answer, question or note"),
		field.Time("due_on").SchemaType(asDate).Optional().Nillable().Immutable(),
		field.Time("amber_on").SchemaType(asDate).Optional().Nillable().Immutable(),
		field.Int("days_left").Optional().Nillable().Immutable(),
		field.JSON("facts", dossier.Facts{}).Optional().Immutable(),
		field.Bool("shown").Immutable().Comment("the citizen is shown it"),
	}
}

// Edges of the OpinionEvent.
func (OpinionEvent) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("opinion", Opinion.Type).Field("opinion_id").Unique().Required().Immutable(),
		edge.To("organ", Organ.Type).Field("organ_id").Unique().Immutable(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Immutable(),
	}
}

// Indexes of the OpinionEvent.
func (OpinionEvent) Indexes() []ent.Index {
	return []ent.Index{index.Fields("opinion_id", "sequence").Unique()}
}

// Annotations of the OpinionEvent.
func (OpinionEvent) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("opinion_event"), words(map[string]vocabulary{
		"step": state.Step(""), "from_state": state.Opinion(""), "to_state": state.Opinion(""), "party": state.Party(""),
		"decline_reason": kind.DeclineReason(""),
	})}
}

// OpinionAssignment is a department's part in a case (交办). It stays when it has ended, and with it what the department may read.
type OpinionAssignment struct{ ent.Schema }

// Mixin gives the OpinionAssignment what all entities share.
func (OpinionAssignment) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the OpinionAssignment.
func (OpinionAssignment) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("opinion_id", uuid.UUID{}).Immutable(),
		field.UUID("organ_id", uuid.UUID{}).Immutable(),
		field.Enum("part").GoType(kind.Assignment("")).Immutable(),
		field.Time("assigned_at").Immutable(),
		field.Time("ended_at").Optional().Nillable(),
	}
}

// Edges of the OpinionAssignment.
func (OpinionAssignment) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("opinion", Opinion.Type).Field("opinion_id").Unique().Required().Immutable(),
		edge.To("organ", Organ.Type).Field("organ_id").Unique().Required().Immutable(),
	}
}

// Indexes of the OpinionAssignment.
func (OpinionAssignment) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("organ_id", "opinion_id"),
		index.Fields("opinion_id", "organ_id").Unique().
			Annotations(entsql.IndexWhere("ended_at IS NULL")).StorageKey("opinion_assignment_once"),
	}
}

// Annotations of the OpinionAssignment.
func (OpinionAssignment) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("opinion_assignment"), words(map[string]vocabulary{"part": kind.Assignment("")}),
		entsql.Checks(map[string]string{"opinion_assignment_times": "ended_at >= assigned_at"}),
	}
}
