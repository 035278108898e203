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
	"github.com/lianluo/lianluo/ent/state"
)

// OpinionLimit is a congress's own limit for a state of opinions (办理时限), in working days.
type OpinionLimit struct{ ent.Schema }

// Mixin gives the OpinionLimit what all entities share.
func (OpinionLimit) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the OpinionLimit.
func (OpinionLimit) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("congress_id", uuid.UUID{}).Immutable(),
		field.Enum("state").GoType(state.Opinion("")).Immutable(),
		field.Int("days").Range(1, 250),
		field.Int("amber_days").NonNegative().Comment("working days before the last one on which it turns amber"),
	}
}

// Edges of the OpinionLimit.
func (OpinionLimit) Edges() []ent.Edge {
	return []ent.Edge{edge.To("congress", Congress.Type).Field("congress_id").Unique().Required().Immutable()}
}

// Indexes of the OpinionLimit.
func (OpinionLimit) Indexes() []ent.Index {
	return []ent.Index{index.Fields("congress_id", "state").Unique(), index.Fields("code")}
}

// Annotations of the OpinionLimit.
func (OpinionLimit) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("opinion_limit"), words(map[string]vocabulary{"state": state.Opinion("")}),
		entsql.Checks(map[string]string{"opinion_limit_days": "days BETWEEN 1 AND 250 AND amber_days >= 0 AND amber_days < days"}),
	}
}

// CalendarDay is an exception of the working calendar (工作日历): a holiday, or a weekend day that is worked. Every other day from
// Monday to Friday is a working day.
type CalendarDay struct{ ent.Schema }

// Mixin gives the CalendarDay what all entities share.
func (CalendarDay) Mixin() []ent.Mixin { return []ent.Mixin{base{}} }

// Fields of the CalendarDay.
func (CalendarDay) Fields() []ent.Field {
	return []ent.Field{
		field.Time("day").SchemaType(asDate).Unique(),
		field.Enum("kind").GoType(kind.CalendarDay("")),
		field.String("name").NotEmpty().MaxRuneLen(20).Comment("the holiday it belongs to"),
	}
}

// Annotations of the CalendarDay.
func (CalendarDay) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("calendar_day"), words(map[string]vocabulary{"kind": kind.CalendarDay("")})}
}

// Notification tells an account of something (通知): of a step in a case, or of what its notice says happened to something. It names what it is about, nothing else.
type Notification struct{ ent.Schema }

// Mixin gives the Notification what all entities share.
func (Notification) Mixin() []ent.Mixin { return []ent.Mixin{base{}} }

// Fields of the Notification.
func (Notification) Fields() []ent.Field {
	return []ent.Field{
		field.String("subject").NotEmpty().Immutable().Comment("the account"),
		field.Enum("notice").GoType(kind.Notice("")).Default(string(kind.NoticeOpinion)).Immutable(),
		field.UUID("opinion_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("event_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.String("entity").Optional().Nillable().MaxRuneLen(40).Immutable().Comment("the type of what it is about, if no opinion"),
		field.UUID("entity_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("cause_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the one happening of which everyone is told once"),
		field.Time("read_at").Optional().Nillable(),
	}
}

// Edges of the Notification.
func (Notification) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("opinion", Opinion.Type).Field("opinion_id").Unique().Immutable(),
		edge.To("event", OpinionEvent.Type).Field("event_id").Unique().Immutable(),
	}
}

// Indexes of the Notification.
func (Notification) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("event_id", "subject").Unique(),
		index.Fields("cause_id", "subject").Unique(),
		index.Fields("subject", "id"),
		index.Fields("subject").Annotations(entsql.IndexWhere("read_at IS NULL")).StorageKey("notification_unread"),
	}
}

// Annotations of the Notification.
func (Notification) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("notification"), words(map[string]vocabulary{"notice": kind.Notice("")}), entsql.Checks(map[string]string{
		"notification_of": "(opinion_id IS NULL) = (event_id IS NULL) AND (opinion_id IS NULL) = (cause_id IS NOT NULL) AND (cause_id IS NULL) = (entity_id IS NULL) AND (entity IS NULL) = (entity_id IS NULL)",
	})}
}

// Suggestion is a deputy's suggestion (代表建议). Here it begins, as a draft made of an opinion.
type Suggestion struct{ ent.Schema }

// Mixin gives the Suggestion what all entities share.
func (Suggestion) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Suggestion.
func (Suggestion) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("deputy_id", uuid.UUID{}).Immutable().Comment("the deputy who leads it (领衔代表)"),
		field.UUID("mandate_id", uuid.UUID{}).Immutable().Comment("as which deputy"),
		field.UUID("opinion_id", uuid.UUID{}).Optional().Nillable().Unique().Immutable().Comment("what it came from"),
		field.String("title").NotEmpty().MaxRuneLen(100),
		field.String("content").NotEmpty().MaxRuneLen(5000),
		field.Enum("state").GoType(state.Suggestion("")),
	}
}

// Edges of the Suggestion.
func (Suggestion) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Required().Immutable(),
		edge.To("mandate", Mandate.Type).Field("mandate_id").Unique().Required().Immutable(),
		edge.To("opinion", Opinion.Type).Field("opinion_id").Unique().Immutable(),
	}
}

// Indexes of the Suggestion.
func (Suggestion) Indexes() []ent.Index {
	return append(areaIndexes(), index.Fields("deputy_id"), index.Fields("mandate_id"))
}

// Annotations of the Suggestion.
func (Suggestion) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("suggestion"), words(map[string]vocabulary{"state": state.Suggestion("")})}
}

// PublishedCase is a closed case as it is told to the public (公开案例), in words from which no one can be known.
type PublishedCase struct{ ent.Schema }

// Mixin gives the PublishedCase what all entities share.
func (PublishedCase) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the PublishedCase.
func (PublishedCase) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("opinion_id", uuid.UUID{}).Immutable(),
		field.UUID("station_id", uuid.UUID{}).Immutable(),
		field.UUID("category_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.String("title").NotEmpty().MaxRuneLen(100),
		field.String("matter").NotEmpty().MaxRuneLen(1000).Comment("what it was about"),
		field.String("answer").NotEmpty().MaxRuneLen(1000).Comment("what came of it"),
		field.Time("published_at").Immutable(),
		field.Time("withdrawn_at").Optional().Nillable(),
	}
}

// Edges of the PublishedCase.
func (PublishedCase) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("opinion", Opinion.Type).Field("opinion_id").Unique().Required().Immutable(),
		edge.To("station", Station.Type).Field("station_id").Unique().Required().Immutable(),
		edge.To("category", Category.Type).Field("category_id").Unique().Immutable(),
	}
}

// Indexes of the PublishedCase.
func (PublishedCase) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("opinion_id").Unique().
			Annotations(entsql.IndexWhere("withdrawn_at IS NULL")).StorageKey("published_case_once"),
		index.Fields("station_id"),
	)
}

// Annotations of the PublishedCase.
func (PublishedCase) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("published_case")}
}
