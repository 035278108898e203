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

// Activity is something that deputies do at or from a station (进站活动). Its place is that of the station that hosts it; others may take part (ActivityStation).
type Activity struct{ ent.Schema }

// Mixin gives the Activity what all entities share.
func (Activity) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Activity.
func (Activity) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("code_then").GoType(place.Code(0)).Immutable().Comment("the place at the time (当时区划); never rewritten"),
		field.UUID("station_id", uuid.UUID{}).Immutable(),
		field.UUID("visit_day_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the visit day it was"),
		field.String("title").NotEmpty().MaxRuneLen(100),
		field.Enum("way").GoType(kind.Way("")),
		field.Enum("setting").GoType(kind.Setting("")),
		field.Enum("mode").GoType(kind.Mode("")).Optional().Nillable(),
		field.String("theme").Optional().Nillable().MaxRuneLen(100),
		field.String("campaign").Optional().Nillable().MaxRuneLen(60).Comment("the campaign it is part of (主题活动)"),
		field.Time("day").SchemaType(asDate),
		field.Time("begins_at"),
		field.Time("ends_at"),
		field.String("location").Optional().Nillable().MaxRuneLen(200),
		field.Float("longitude").Optional().Nillable().Comment("degrees east, where it is not at the station"),
		field.Float("latitude").Optional().Nillable(),
		field.String("summary").Optional().Nillable().MaxRuneLen(2000),
		field.Enum("state").GoType(state.Activity("")),
		field.Bool("late").Default(false).Comment("recorded later than it should be"),
		field.Int("events").Default(0).NonNegative(),
		field.Time("recorded_at").Optional().Nillable(),
		field.Time("confirmed_at").Optional().Nillable(),
	}
}

// Edges of the Activity.
func (Activity) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("station", Station.Type).Field("station_id").Unique().Required().Immutable(),
		edge.To("visit_day", VisitDay.Type).Field("visit_day_id").Unique().Immutable(),
		edge.From("attendances", Attendance.Type).Ref("activity"),
		edge.From("figures", ActivityFigure.Type).Ref("activity"),
	}
}

// Indexes of the Activity.
func (Activity) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("visit_day_id").Unique().
			Annotations(entsql.IndexWhere("state <> 'CANCELLED'")).StorageKey("activity_of_visit_day"),
		index.Fields("station_id", "day"),
		index.Fields("code", "day"),
		index.Fields("county_code", "day"),
		index.Fields("city_code", "day"),
		index.Fields("province_code", "day"),
		movedIndex("activity"),
	)
}

// Annotations of the Activity.
func (Activity) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("activity"), words(map[string]vocabulary{"way": kind.Way(""), "setting": kind.Setting(""), "mode": kind.Mode(""), "state": state.Activity("")}), entsql.Checks(map[string]string{
		"activity_hours":  "begins_at < ends_at",
		"activity_coords": "(longitude IS NULL) = (latitude IS NULL) AND longitude BETWEEN 73 AND 136 AND latitude BETWEEN 3 AND 54",
	})}
}

// ActivityEvent is one line of an activity's history (活动记录过程). It is only ever added.
type ActivityEvent struct{ ent.Schema }

// Mixin gives the ActivityEvent what all entities share.
func (ActivityEvent) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the ActivityEvent.
func (ActivityEvent) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("activity_id", uuid.UUID{}).Immutable(),
		field.Int("sequence").Positive().Immutable(),
		field.String("verb").NotEmpty().MaxRuneLen(40).Immutable(),
		field.Enum("from_state").GoType(state.Activity("")).Optional().Nillable().Immutable(),
		field.Enum("to_state").GoType(state.Activity("")).Immutable(),
		field.Time("occurred_at").Immutable(),
		field.String("subject").NotEmpty().MaxRuneLen(200).Immutable().Comment("the account"),
		field.String("role").Optional().Nillable().MaxRuneLen(40).Immutable(),
		field.Int64("actor_code").GoType(place.Code(0)).Optional().Nillable().Immutable().Comment("the actor's division"),
		field.String("text").Optional().Nillable().MaxRuneLen(500).Immutable().Comment("the reason, or what changed"),
	}
}

// Edges of the ActivityEvent.
func (ActivityEvent) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("activity", Activity.Type).Field("activity_id").Unique().Required().Immutable(),
	}
}

// Indexes of the ActivityEvent.
func (ActivityEvent) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("activity_id", "sequence").Unique(),
	}
}

// Annotations of the ActivityEvent.
func (ActivityEvent) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("activity_event"), words(map[string]vocabulary{"from_state": state.Activity(""), "to_state": state.Activity("")})}
}

// ActivityStation is a station that takes part in a joint activity beside the host (联合站点). Its place is that station's.
type ActivityStation struct{ ent.Schema }

// Mixin gives the ActivityStation what all entities share.
func (ActivityStation) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the ActivityStation.
func (ActivityStation) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("activity_id", uuid.UUID{}).Immutable(),
		field.UUID("station_id", uuid.UUID{}).Immutable(),
		field.Int64("host_code").GoType(place.Code(0)).Immutable().Comment("the activity's place, which sees who takes part"),
	}
}

// Edges of the ActivityStation.
func (ActivityStation) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("activity", Activity.Type).Field("activity_id").Unique().Required().Immutable(),
		edge.To("station", Station.Type).Field("station_id").Unique().Required().Immutable(),
	}
}

// Indexes of the ActivityStation.
func (ActivityStation) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("activity_id", "station_id").Unique(),
		index.Fields("station_id"),
	}
}

// Annotations of the ActivityStation.
func (ActivityStation) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("activity_station")}
}

// KeyFigure is something that activities count (统计指标): for everyone, or as a congress defines it for its campaigns.
type KeyFigure struct{ ent.Schema }

// Mixin gives the KeyFigure what all entities share.
func (KeyFigure) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the KeyFigure.
func (KeyFigure) Fields() []ent.Field {
	return []ent.Field{
		field.String("key").NotEmpty().MaxRuneLen(40).Immutable().Comment("its name in upper case, unique within the place"),
		field.String("name").NotEmpty().MaxRuneLen(40),
		field.String("unit").NotEmpty().MaxRuneLen(10).Comment("as 人次 or 份"),
		field.Enum("type").GoType(kind.Figure("")).Immutable(),
		field.String("campaign").Optional().Nillable().MaxRuneLen(60).Comment("the campaign it belongs to"),
		field.Time("from_on").SchemaType(asDate),
		field.Time("until_on").SchemaType(asDate).Optional().Nillable().Comment("the last day it is counted"),
	}
}

// Indexes of the KeyFigure.
func (KeyFigure) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("code", "key").Unique(),
	)
}

// Annotations of the KeyFigure.
func (KeyFigure) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("key_figure"), words(map[string]vocabulary{"type": kind.Figure("")}), entsql.Checks(map[string]string{
		"key_figure_days": "until_on >= from_on",
	})}
}

// ActivityFigure is what an activity counted (活动统计). Its place is the activity's.
type ActivityFigure struct{ ent.Schema }

// Mixin gives the ActivityFigure what all entities share.
func (ActivityFigure) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the ActivityFigure.
func (ActivityFigure) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("activity_id", uuid.UUID{}).Immutable(),
		field.UUID("figure_id", uuid.UUID{}).Immutable(),
		field.Int64("value").NonNegative().Comment("as the figure's type says: a count, fen, hundredths"),
	}
}

// Edges of the ActivityFigure.
func (ActivityFigure) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("activity", Activity.Type).Field("activity_id").Unique().Required().Immutable(),
		edge.To("figure", KeyFigure.Type).Field("figure_id").Unique().Required().Immutable(),
	}
}

// Indexes of the ActivityFigure.
func (ActivityFigure) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("activity_id", "figure_id").Unique(),
		index.Fields("figure_id"),
	}
}

// Annotations of the ActivityFigure.
func (ActivityFigure) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("activity_figure"), entsql.Checks(map[string]string{
		"activity_figure_value": "value >= 0",
	})}
}

// Attendance is a deputy's or an official's part in an activity (出席). Its place is that of the station it was at.
type Attendance struct{ ent.Schema }

// Mixin gives the Attendance what all entities share.
func (Attendance) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Attendance.
func (Attendance) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("code_then").GoType(place.Code(0)).Immutable().Comment("the place at the time (当时区划); never rewritten"),
		field.UUID("activity_id", uuid.UUID{}).Immutable(),
		field.UUID("station_id", uuid.UUID{}).Immutable(),
		field.UUID("deputy_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("mandate_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the highest mandate at the time"),
		field.Enum("level").GoType(kind.CongressLevel("")).Optional().Nillable().Immutable().Comment("of that mandate"),
		field.UUID("organ_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("an official's organ"),
		field.String("official_name").Optional().Nillable().MaxRuneLen(40).Immutable(),
		field.String("official_title").Optional().Nillable().MaxRuneLen(40).Immutable(),
		field.Bool("guest").Immutable().Comment("a deputy who is not posted there (列席)"),
		field.Time("day").SchemaType(asDate).Immutable(),
		field.Enum("source").GoType(kind.AttendanceSource("")).Immutable(),
		field.Time("checked_in_at").Optional().Nillable().Immutable(),
		field.Float("longitude").Optional().Nillable().Immutable(),
		field.Float("latitude").Optional().Nillable().Immutable(),
		field.Int("distance_m").Optional().Nillable().Immutable().Comment("metres from where it was"),
		field.String("note").Optional().Nillable().MaxRuneLen(200).Immutable(),
	}
}

// Edges of the Attendance.
func (Attendance) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("activity", Activity.Type).Field("activity_id").Unique().Required().Immutable(),
		edge.To("station", Station.Type).Field("station_id").Unique().Required().Immutable(),
		edge.To("deputy", Deputy.Type).Field("deputy_id").Unique().Immutable(),
		edge.To("mandate", Mandate.Type).Field("mandate_id").Unique().Immutable(),
		edge.To("organ", Organ.Type).Field("organ_id").Unique().Immutable(),
	}
}

// Indexes of the Attendance.
func (Attendance) Indexes() []ent.Index {
	return append(areaIndexes(),
		index.Fields("activity_id", "deputy_id").Unique().
			Annotations(entsql.IndexWhere("deputy_id IS NOT NULL")).StorageKey("attendance_once"),
		index.Fields("activity_id", "organ_id", "official_name").Unique().
			Annotations(entsql.IndexWhere("organ_id IS NOT NULL")).StorageKey("attendance_official_once"),
		index.Fields("deputy_id", "day"),
		index.Fields("mandate_id"),
		index.Fields("organ_id", "day"),
		index.Fields("station_id"),
		index.Fields("code", "day"),
		index.Fields("county_code", "day"),
		index.Fields("city_code", "day"),
		index.Fields("province_code", "day"),
		movedIndex("attendance"),
	)
}

// Annotations of the Attendance.
func (Attendance) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("attendance"), words(map[string]vocabulary{"level": kind.CongressLevel(""), "source": kind.AttendanceSource("")}), entsql.Checks(map[string]string{
		"attendance_who": "(deputy_id IS NULL) <> (organ_id IS NULL) AND (deputy_id IS NULL) = (mandate_id IS NULL) AND (deputy_id IS NULL) = (level IS NULL) AND (organ_id IS NULL) = (official_name IS NULL)",
	})}
}
