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

// VisitRule is a rule by which visit days recur (接待日规则): of one station, or of all stations of some kinds in a division.
type VisitRule struct{ ent.Schema }

// Mixin gives the VisitRule what all entities share.
func (VisitRule) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the VisitRule.
func (VisitRule) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("division_id", uuid.UUID{}).Immutable(),
		field.UUID("station_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("none for a rule of the whole division"),
		field.JSON("kinds", []kind.Station{}).Optional().Immutable().Comment("of a division: for stations of these kinds; all physical ones if none"),
		field.String("name").NotEmpty().MaxRuneLen(60).Immutable(),
		field.Enum("recurrence").GoType(kind.Recurrence("")).Immutable(),
		field.JSON("days", []int{}).Optional().Immutable(),
		field.Int("every").Optional().Nillable().Positive().Immutable().Comment("days from one to the next"),
		field.JSON("dates", []string{}).Optional().Immutable().Comment("YYYY-MM-DD"),
		field.Enum("shift").GoType(kind.Shift("")).Immutable().Comment("of a day that is not worked"),
		field.Time("from_on").SchemaType(asDate).Immutable(),
		field.Time("until_on").SchemaType(asDate).Optional().Nillable().Comment("the last day it holds on"),
		field.Int("begins_minute").Range(0, 1439).Immutable().Comment("minutes after midnight"),
		field.Int("ends_minute").Range(1, 1440).Immutable(),
		field.Int("per_day").Range(0, 100).Immutable().Comment("deputies on duty each day; 0 for all who are posted"),
		field.String("theme").Optional().Nillable().MaxRuneLen(100).Immutable(),
	}
}

// Edges of the VisitRule.
func (VisitRule) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("division", Division.Type).Field("division_id").Unique().Required().Immutable(),
		edge.To("station", Station.Type).Field("station_id").Unique().Immutable(),
	}
}

// Indexes of the VisitRule.
func (VisitRule) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("station_id"),
		index.Fields("division_id"),
	)
}

// Annotations of the VisitRule.
func (VisitRule) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("visit_rule"), words(map[string]vocabulary{"recurrence": kind.Recurrence(""), "shift": kind.Shift("")}), entsql.Checks(map[string]string{
		"visit_rule_hours":   "begins_minute < ends_minute AND begins_minute >= 0 AND ends_minute <= 1440",
		"visit_rule_days":    "until_on >= from_on - 1",
		"visit_rule_per_day": "per_day BETWEEN 0 AND 100",
	})}
}

// VisitDay is a day on which deputies receive citizens at a station (代表接待日). Its place is the station's.
type VisitDay struct{ ent.Schema }

// Mixin gives the VisitDay what all entities share.
func (VisitDay) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the VisitDay.
func (VisitDay) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("code_then").GoType(place.Code(0)).Immutable().Comment("the place at the time (当时区划); never rewritten"),
		field.UUID("station_id", uuid.UUID{}).Immutable(),
		field.UUID("rule_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.Time("rule_on").SchemaType(asDate).Optional().Nillable().Immutable().Comment("the day the rule gave it, which it may have been moved from"),
		field.Time("day").SchemaType(asDate),
		field.Time("begins_at"),
		field.Time("ends_at"),
		field.String("location").Optional().Nillable().MaxRuneLen(200).Comment("where, if not at the station"),
		field.String("theme").Optional().Nillable().MaxRuneLen(100),
		field.Enum("state").GoType(state.VisitDay("")),
		field.Time("published_at").Optional().Nillable(),
		field.String("reason").Optional().Nillable().MaxRuneLen(200).Comment("why it was changed or cancelled"),
	}
}

// Edges of the VisitDay.
func (VisitDay) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("station", Station.Type).Field("station_id").Unique().Required().Immutable(),
		edge.To("rule", VisitRule.Type).Field("rule_id").Unique().Immutable(),
		edge.From("duties", VisitDuty.Type).Ref("visit_day"),
	}
}

// Indexes of the VisitDay.
func (VisitDay) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("station_id", "day").Unique().
			Annotations(entsql.IndexWhere("state <> 'CANCELLED'")).StorageKey("visit_day_once"),
		index.Fields("rule_id", "station_id", "rule_on").Unique().StorageKey("visit_day_of_rule"),
		index.Fields("code", "day"),
		index.Fields("county_code", "day"),
		index.Fields("city_code", "day"),
		index.Fields("province_code", "day"),
		index.Fields("day"),
		movedIndex("visit_day"),
	)
}

// Annotations of the VisitDay.
func (VisitDay) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("visit_day"), words(map[string]vocabulary{"state": state.VisitDay("")}), entsql.Checks(map[string]string{
		"visit_day_hours": "begins_at < ends_at",
		"visit_day_rule":  "(rule_id IS NULL) = (rule_on IS NULL)",
	})}
}

// VisitDuty is a deputy's duty on a visit day (轮值). One who was replaced keeps the line.
type VisitDuty struct{ ent.Schema }

// Mixin gives the VisitDuty what all entities share.
func (VisitDuty) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the VisitDuty.
func (VisitDuty) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("visit_day_id", uuid.UUID{}).Immutable(),
		field.UUID("station_id", uuid.UUID{}).Immutable(),
		field.UUID("deputy_id", uuid.UUID{}).Immutable(),
		field.UUID("mandate_id", uuid.UUID{}).Immutable(),
		field.UUID("substitute_for", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the duty taken over"),
		field.Bool("replaced").Default(false),
		field.String("reason").Optional().Nillable().MaxRuneLen(200).Comment("why replaced"),
	}
}

// Edges of the VisitDuty.
func (VisitDuty) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("visit_day", VisitDay.Type).Field("visit_day_id").Unique().Required().Immutable(),
		edge.To("station", Station.Type).Field("station_id").Unique().Required().Immutable(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Required().Immutable(),
		edge.To("mandate", Mandate.Type).Field("mandate_id").Unique().Required().Immutable(),
	}
}

// Indexes of the VisitDuty.
func (VisitDuty) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("visit_day_id", "deputy_id").Unique().
			Annotations(entsql.IndexWhere("NOT replaced")).StorageKey("visit_duty_once"),
		index.Fields("deputy_id"), index.Fields("station_id"),
		index.Fields("mandate_id"),
	}
}

// Annotations of the VisitDuty.
func (VisitDuty) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("visit_duty")}
}
