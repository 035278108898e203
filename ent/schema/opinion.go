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
	"github.com/lianluo/lianluo/ent/state"
)

// Opinion is what a citizen tells a station (社情民意). Its place is the station's. What its timeline adds up to (package dossier)
// stands in the row as well, so that it can be listed.
type Opinion struct{ ent.Schema }

// Mixin gives the Opinion what all entities share.
func (Opinion) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Opinion: first what came in, which never changes, then what the timeline adds up to.
func (Opinion) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("code_then").GoType(place.Code(0)).Immutable().Comment("the place when it came in (当时区划); never rewritten"),
		field.String("number").Unique().NotEmpty().MaxRuneLen(20).Immutable().Comment("受理编号: day and random characters"),
		field.UUID("station_id", uuid.UUID{}).Immutable(),
		field.UUID("deputy_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the deputy it came to"),
		field.Enum("channel").GoType(kind.Channel("")).Immutable(),
		field.String("external_id").Optional().Nillable().MaxRuneLen(100).Immutable().Comment("key in the system it was imported from"),
		field.String("content").NotEmpty().MaxRuneLen(2000).Immutable(),
		field.String("location").Optional().Nillable().MaxRuneLen(200).Immutable().Comment("the place it is about, in words"),
		field.UUID("category_hint_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("what the citizen takes it for"),
		field.String("submitter_masked").Optional().Nillable().MaxRuneLen(40).Comment("the submitter's name, masked"),
		field.String("phone_masked").Optional().Nillable().MaxRuneLen(20),
		field.Time("submitted_at").Immutable(),

		field.Enum("state").GoType(state.Opinion("")),
		field.Enum("resume_state").GoType(state.Opinion("")).Optional().Nillable(),
		field.Enum("waits_on").GoType(state.Party("")),
		field.Bool("open"),
		field.Time("state_since"),
		field.Time("due_on").SchemaType(asDate).Optional().Nillable(),
		field.Time("amber_on").SchemaType(asDate).Optional().Nillable(),
		field.Int("days_left").Optional().Nillable(),
		field.Bool("warned").Default(false),
		field.Bool("overdue").Default(false),
		field.Bool("late").Default(false),
		field.Int("events").Default(0),
		field.Int64("holder_code").GoType(place.Code(0)).Comment("the division whose organ owns the case"),
		field.Enum("level").GoType(place.Level("")).Comment("the level of that division"),
		field.UUID("category_id", uuid.UUID{}).Optional().Nillable(),
		field.Enum("urgency").GoType(kind.Urgency("")).Optional().Nillable(),
		field.Bool("hardship").Default(false).Comment("急难愁盼"),
		field.UUID("lead_organ_id", uuid.UUID{}).Optional().Nillable(),
		field.UUID("main_id", uuid.UUID{}).Optional().Nillable().Comment("the opinion it is merged into"),
		field.Bool("extended").Default(false),
		field.Enum("outcome").GoType(kind.Outcome("")).Optional().Nillable(),
		field.Enum("rating").GoType(kind.Rating("")).Optional().Nillable(),
		field.Int("dissatisfied").Default(0),
		field.Int("reworks").Default(0),
		field.UUID("supervisor_id", uuid.UUID{}).Optional().Nillable().Comment("the organ that supervises it (督办)"),
		field.Time("supervision_due_on").SchemaType(asDate).Optional().Nillable(),
		field.Bool("key_case").Default(false).Comment("重点"),
		field.Bool("published").Default(false),
		field.UUID("suggestion_id", uuid.UUID{}).Optional().Nillable(),
		field.Time("accepted_at").Optional().Nillable(),
		field.Time("replied_at").Optional().Nillable(),
		field.Time("fed_back_at").Optional().Nillable(),
		field.Time("rated_at").Optional().Nillable(),
		field.Time("closed_at").Optional().Nillable(),
	}
}

// Edges of the Opinion.
func (Opinion) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("station", Station.Type).Field("station_id").Unique().Required().Immutable(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Immutable(),
		edge.To("category_hint", Category.Type).Field("category_hint_id").Unique().Immutable(),
		edge.To("category", Category.Type).Field("category_id").Unique(),
		edge.To("lead_organ", Organ.Type).Field("lead_organ_id").Unique(),
		edge.To("supervisor", Organ.Type).Field("supervisor_id").Unique(),
		edge.To("merged", Opinion.Type).From("main").Field("main_id").Unique(),
	}
}

// Indexes of the Opinion. Lists of work name who has it and go by the day it is due.
func (Opinion) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("station_id", "id"),
		index.Fields("deputy_id", "id"),
		index.Fields("lead_organ_id"),
		index.Fields("main_id"),
		index.Fields("station_id", "external_id").Unique().
			Annotations(entsql.IndexWhere("external_id IS NOT NULL")).StorageKey("opinion_external"),
		index.Fields("due_on").Annotations(entsql.IndexWhere("open")).StorageKey("opinion_due"),
		// What the clock looks for each minute: those it has not spoken on yet.
		index.Fields("due_on").Annotations(entsql.IndexWhere("open AND NOT overdue")).StorageKey("opinion_unmarked"),
		index.Fields("amber_on").Annotations(entsql.IndexWhere("open AND NOT warned")).StorageKey("opinion_unwarned"),
		index.Fields("holder_code", "due_on", "id").Annotations(entsql.IndexWhere("open")).StorageKey("opinion_held"),
		index.Fields("county_code", "due_on", "id").Annotations(entsql.IndexWhere("open")).StorageKey("opinion_open_county"),
		index.Fields("supervisor_id").Annotations(entsql.IndexWhere("supervisor_id IS NOT NULL")).StorageKey("opinion_supervised"),
		movedIndex("opinion"),
	)
}

// Annotations of the Opinion.
func (Opinion) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("opinion"),
		words(map[string]vocabulary{
			"channel": kind.Channel(""), "state": state.Opinion(""), "resume_state": state.Opinion(""), "waits_on": state.Party(""),
			"level": place.Level(""), "urgency": kind.Urgency(""), "outcome": kind.Outcome(""), "rating": kind.Rating(""),
		}),
		entsql.Checks(map[string]string{
			"opinion_resumes": "(state = 'WAITING') = (resume_state IS NOT NULL)",
			"opinion_merged":  "(state = 'MERGED') = (main_id IS NOT NULL) AND main_id <> id",
			"opinion_open":    "open = (state NOT IN ('DECLINED', 'MERGED', 'CLOSED', 'CONVERTED'))",
			"opinion_amber":   "(due_on IS NULL) = (amber_on IS NULL) AND amber_on <= due_on",
		}),
	}
}

// Category is a branch of the tree of what opinions are about (问题分类). It is the same for the whole platform.
type Category struct{ ent.Schema }

// Mixin gives the Category what all entities share.
func (Category) Mixin() []ent.Mixin { return []ent.Mixin{base{}} }

// Fields of the Category.
func (Category) Fields() []ent.Field {
	return []ent.Field{
		field.String("number").Unique().NotEmpty().MaxRuneLen(8).Comment("two digits a level"),
		field.String("name").NotEmpty().MaxRuneLen(40),
		field.UUID("parent_id", uuid.UUID{}).Optional().Nillable(),
	}
}

// Edges of the Category.
func (Category) Edges() []ent.Edge {
	return []ent.Edge{edge.To("children", Category.Type).From("parent").Field("parent_id").Unique()}
}

// Annotations of the Category.
func (Category) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("category")}
}
