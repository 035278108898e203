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
	"github.com/lianluo/lianluo/ent/state"
)

// Standard is an edition of a checklist (考评标准): 五个标准, 五有四公开, 十有. It is never changed: another edition follows it.
type Standard struct{ ent.Schema }

// Mixin gives the Standard what all entities share.
func (Standard) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Standard.
func (Standard) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("congress_id", uuid.UUID{}).Immutable(),
		field.Enum("subject").GoType(kind.Evaluated("")).Immutable(),
		field.String("name").NotEmpty().MaxRuneLen(60).Immutable(),
		field.Int("edition").Positive().Immutable(),
		field.JSON("items", []duty.StandardItem{}).Immutable(),
		field.JSON("stars", []duty.Star{}).Optional().Immutable().Comment("from which score how many stars; none without stars"),
		field.Time("from_on").SchemaType(asDate).Immutable(),
		field.Time("until_on").SchemaType(asDate).Optional().Nillable(),
	}
}

// Edges of the Standard.
func (Standard) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("congress", Congress.Type).Field("congress_id").Unique().Required().Immutable(),
	}
}

// Indexes of the Standard.
func (Standard) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("congress_id", "name", "edition").Unique(),
		index.Fields("code"),
	}
}

// Annotations of the Standard.
func (Standard) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("standard"), words(map[string]vocabulary{"subject": kind.Evaluated("")}), entsql.Checks(map[string]string{
		"standard_days": "until_on >= from_on - 1",
	})}
}

// EvaluationCampaign is one evaluation of all deputies, stations or townships of a division (考评活动).
type EvaluationCampaign struct{ ent.Schema }

// Mixin gives the EvaluationCampaign what all entities share.
func (EvaluationCampaign) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the EvaluationCampaign.
func (EvaluationCampaign) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("congress_id", uuid.UUID{}).Immutable(),
		field.UUID("standard_id", uuid.UUID{}).Immutable(),
		field.String("name").NotEmpty().MaxRuneLen(60).Immutable(),
		field.Time("from_on").SchemaType(asDate).Immutable().Comment("first day of what is evaluated"),
		field.Time("to_on").SchemaType(asDate).Immutable(),
		field.Time("self_until").SchemaType(asDate).Immutable().Comment("last day of self-evaluation"),
		field.Enum("state").GoType(state.Campaign("")),
		field.String("reason").Optional().Nillable().MaxRuneLen(200).Comment("why cancelled"),
		field.Time("published_at").Optional().Nillable(),
	}
}

// Edges of the EvaluationCampaign.
func (EvaluationCampaign) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("congress", Congress.Type).Field("congress_id").Unique().Required().Immutable(),
		edge.To("standard", Standard.Type).Field("standard_id").Unique().Required().Immutable(),
	}
}

// Indexes of the EvaluationCampaign.
func (EvaluationCampaign) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("congress_id"),
		index.Fields("standard_id"),
	)
}

// Annotations of the EvaluationCampaign.
func (EvaluationCampaign) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("evaluation_campaign"), words(map[string]vocabulary{"state": state.Campaign("")}), entsql.Checks(map[string]string{
		"evaluation_campaign_days": "to_on >= from_on",
	})}
}

// Evaluation is the evaluation of one deputy, station or township (考评). Its place is that of who is evaluated. What the organ above gives stands in EvaluationReview until it is published.
type Evaluation struct{ ent.Schema }

// Mixin gives the Evaluation what all entities share.
func (Evaluation) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Evaluation.
func (Evaluation) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("campaign_id", uuid.UUID{}).Immutable(),
		field.UUID("deputy_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("mandate_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("station_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("division_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the township"),
		field.Enum("state").GoType(state.Evaluation("")),
		field.JSON("self_scores", []duty.Score{}).Optional(),
		field.Int("self_total").Optional().Nillable().Comment("tenths of a point"),
		field.Time("self_at").Optional().Nillable(),
		field.JSON("scores", []duty.Score{}).Optional().Comment("the result, once published"),
		field.Int("total").Optional().Nillable(),
		field.Int("stars").Optional().Nillable(),
		field.Time("published_at").Optional().Nillable(),
	}
}

// Edges of the Evaluation.
func (Evaluation) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("campaign", EvaluationCampaign.Type).Field("campaign_id").Unique().Required().Immutable(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Immutable(),
		edge.To("mandate", Mandate.Type).Field("mandate_id").Unique().Immutable(),
		edge.To("station", Station.Type).Field("station_id").Unique().Immutable(),
		edge.To("division", Division.Type).Field("division_id").Unique().Immutable(),
	}
}

// Indexes of the Evaluation.
func (Evaluation) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("campaign_id", "mandate_id").Unique().
			Annotations(entsql.IndexWhere("mandate_id IS NOT NULL")).StorageKey("evaluation_of_deputy"),
		index.Fields("campaign_id", "station_id").Unique().
			Annotations(entsql.IndexWhere("station_id IS NOT NULL")).StorageKey("evaluation_of_station"),
		index.Fields("campaign_id", "division_id").Unique().
			Annotations(entsql.IndexWhere("division_id IS NOT NULL")).StorageKey("evaluation_of_township"),
		index.Fields("deputy_id"),
		index.Fields("station_id"),
		index.Fields("division_id"),
		index.Fields("mandate_id"),
	)
}

// Annotations of the Evaluation.
func (Evaluation) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("evaluation"), words(map[string]vocabulary{"state": state.Evaluation("")}), entsql.Checks(map[string]string{
		"evaluation_of": "num_nonnulls(mandate_id, station_id, division_id) = 1 AND (deputy_id IS NULL) = (mandate_id IS NULL)",
	})}
}

// EvaluationReview is what the organ that evaluates gives (评审). Its place is that of the campaign, so that those who are evaluated do not see it before the result is published.
type EvaluationReview struct{ ent.Schema }

// Mixin gives the EvaluationReview what all entities share.
func (EvaluationReview) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the EvaluationReview.
func (EvaluationReview) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("evaluation_id", uuid.UUID{}).Unique().Immutable(),
		field.UUID("campaign_id", uuid.UUID{}).Immutable(),
		field.JSON("scores", []duty.Score{}),
		field.Int("total"),
		field.Int("stars").Optional().Nillable(),
		field.String("note").Optional().Nillable().MaxRuneLen(500),
	}
}

// Edges of the EvaluationReview.
func (EvaluationReview) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("evaluation", Evaluation.Type).Field("evaluation_id").Unique().Required().Immutable(),
		edge.To("campaign", EvaluationCampaign.Type).Field("campaign_id").Unique().Required().Immutable(),
	}
}

// Indexes of the EvaluationReview.
func (EvaluationReview) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("campaign_id"),
	}
}

// Annotations of the EvaluationReview.
func (EvaluationReview) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("evaluation_review")}
}
