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

// OpinionSubmitter is who submitted an opinion (反映人), as far as the person wished to say, and what the person consented to. Only the
// station and the organ responsible for it see it.
type OpinionSubmitter struct{ ent.Schema }

// Mixin gives the OpinionSubmitter what all entities share.
func (OpinionSubmitter) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the OpinionSubmitter.
func (OpinionSubmitter) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("opinion_id", uuid.UUID{}).Unique().Immutable(),
		field.UUID("station_id", uuid.UUID{}).Immutable(),
		field.String("name").Optional().Nillable().MaxRuneLen(40),
		field.String("phone").Optional().Nillable().MaxRuneLen(20),
		field.String("phone_digits").Optional().Nillable().MaxRuneLen(20).Comment("the number's digits, to compare"),
		field.Bool("call_back").Default(false).Comment("a call back is wished"),
		field.String("consent_version").NotEmpty().MaxRuneLen(20).Immutable().Comment("which text was agreed to (告知同意书版本)"),
		field.String("consent_purpose").NotEmpty().MaxRuneLen(100).Immutable().Comment("what for"),
		field.Time("consented_at").Immutable(),
	}
}

// Edges of the OpinionSubmitter.
func (OpinionSubmitter) Edges() []ent.Edge {
	return []ent.Edge{edge.To("opinion", Opinion.Type).Field("opinion_id").Unique().Required().Immutable()}
}

// Annotations of the OpinionSubmitter.
func (OpinionSubmitter) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("opinion_submitter")}
}

// OpinionReceipt is a token that a submitter follows the opinion with (回执). Only its hash is kept. A retried submission is
// given one more.
type OpinionReceipt struct{ ent.Schema }

// Mixin gives the OpinionReceipt what all entities share.
func (OpinionReceipt) Mixin() []ent.Mixin { return []ent.Mixin{base{}} }

// Fields of the OpinionReceipt.
func (OpinionReceipt) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("opinion_id", uuid.UUID{}).Immutable(),
		field.Bytes("token_hash").Unique().Immutable().Comment("SHA-256"),
	}
}

// Edges of the OpinionReceipt.
func (OpinionReceipt) Edges() []ent.Edge {
	return []ent.Edge{edge.To("opinion", Opinion.Type).Field("opinion_id").Unique().Required().Immutable()}
}

// Indexes of the OpinionReceipt.
func (OpinionReceipt) Indexes() []ent.Index { return []ent.Index{index.Fields("opinion_id")} }

// Annotations of the OpinionReceipt.
func (OpinionReceipt) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("opinion_receipt")}
}

// Upload is a file that was sent before the opinion or the step it belongs to (上传). Who knows its secret may attach it; what no
// one attaches within a day is removed.
type Upload struct{ ent.Schema }

// Mixin gives the Upload what all entities share.
func (Upload) Mixin() []ent.Mixin { return []ent.Mixin{base{}} }

// Fields of the Upload.
func (Upload) Fields() []ent.Field {
	return append(stored(), field.Bytes("secret_hash").Unique().Immutable())
}

// Indexes of the Upload.
func (Upload) Indexes() []ent.Index { return []ent.Index{index.Fields("created_at")} }

// Annotations of the Upload.
func (Upload) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("upload")}
}

// Attachment is a photo or document (附件): of a step of an opinion, of an activity, of a record or a claim of a deputy, or of an evaluation.
type Attachment struct{ ent.Schema }

// Mixin gives the Attachment what all entities share.
func (Attachment) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the Attachment.
func (Attachment) Fields() []ent.Field {
	return append(stored(),
		field.UUID("opinion_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("event_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the step, of an opinion"),
		field.UUID("activity_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("duty_record_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("claim_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("evaluation_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.Bool("shown").Immutable().Comment("the citizen is shown it"),
	)
}

// Edges of the Attachment.
func (Attachment) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("opinion", Opinion.Type).Field("opinion_id").Unique().Immutable(),
		edge.To("event", OpinionEvent.Type).Field("event_id").Unique().Immutable(),
		edge.To("activity", Activity.Type).Field("activity_id").Unique().Immutable(),
		edge.To("duty_record", DutyRecord.Type).Field("duty_record_id").Unique().Immutable(),
		edge.To("claim", PointClaim.Type).Field("claim_id").Unique().Immutable(),
		edge.To("evaluation", Evaluation.Type).Field("evaluation_id").Unique().Immutable(),
	}
}

// Indexes of the Attachment.
func (Attachment) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("opinion_id"), index.Fields("event_id"), index.Fields("activity_id"), index.Fields("duty_record_id"),
		index.Fields("claim_id"), index.Fields("evaluation_id"),
	}
}

// Annotations of the Attachment.
func (Attachment) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("attachment"), entsql.Checks(map[string]string{
		"attachment_of": "num_nonnulls(opinion_id, activity_id, duty_record_id, claim_id, evaluation_id) = 1 AND (opinion_id IS NULL) = (event_id IS NULL)",
	})}
}

// stored is what is known of a file in the attachment store.
func stored() []ent.Field {
	return []ent.Field{
		field.String("storage_key").NotEmpty().MaxRuneLen(100).Immutable().Comment("where the store keeps it"),
		field.String("media_type").NotEmpty().MaxRuneLen(60).Immutable(),
		field.Int("size").Positive().Immutable().Comment("bytes"),
		field.Int("width").Optional().Nillable().Immutable().Comment("pixels, of an image"),
		field.Int("height").Optional().Nillable().Immutable(),
		field.Bytes("sha256").Immutable(),
	}
}

// QRCode is what citizens scan (二维码): the code of a station (站码), or of a deputy at a station (代表码). It is random, so that
// nothing can be read from it. A deputy's code is good while the posting is in force, any code while the station is open.
type QRCode struct{ ent.Schema }

// Mixin gives the QRCode what all entities share.
func (QRCode) Mixin() []ent.Mixin { return []ent.Mixin{base{}, area{}} }

// Fields of the QRCode.
func (QRCode) Fields() []ent.Field {
	return []ent.Field{
		field.String("text").Unique().NotEmpty().MaxRuneLen(40).Immutable(),
		field.UUID("station_id", uuid.UUID{}).Immutable(),
		field.UUID("posting_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.Time("revoked_at").Optional().Nillable(),
		field.String("revoke_reason").Optional().Nillable().MaxRuneLen(200),
	}
}

// Edges of the QRCode.
func (QRCode) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("station", Station.Type).Field("station_id").Unique().Required().Immutable(),
		edge.To("posting", Posting.Type).Field("posting_id").Unique().Immutable(),
	}
}

// Indexes of the QRCode.
func (QRCode) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("station_id").Unique().
			Annotations(entsql.IndexWhere("posting_id IS NULL AND revoked_at IS NULL")).StorageKey("qr_code_station_once"),
		index.Fields("posting_id").Unique().
			Annotations(entsql.IndexWhere("posting_id IS NOT NULL AND revoked_at IS NULL")).StorageKey("qr_code_posting_once"),
	}
}

// Annotations of the QRCode.
func (QRCode) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("qr_code")}
}

// Message is what is sent to a citizen by a gateway (短信, 微信). It names the receipt number and nothing personal.
type Message struct{ ent.Schema }

// Mixin gives the Message what all entities share.
func (Message) Mixin() []ent.Mixin { return []ent.Mixin{base{}} }

// Fields of the Message.
func (Message) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("opinion_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("event_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("the step, of an opinion"),
		field.UUID("appointment_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.UUID("cause_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("what a message on an appointment tells of, so that it is written once"),
		field.Enum("channel").GoType(kind.MessageChannel("")).Immutable(),
		field.String("address").NotEmpty().MaxRuneLen(40).Sensitive().Immutable().Comment("the number or account it goes to"),
		field.String("text").NotEmpty().MaxRuneLen(300).Immutable(),
		field.Enum("status").GoType(kind.MessageStatus("")).Default(string(kind.MessagePending)),
		field.Int("attempts").Default(0),
		field.Time("sent_at").Optional().Nillable(),
	}
}

// Indexes of the Message.
func (Message) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("event_id", "channel").Unique(), index.Fields("opinion_id"),
		index.Fields("cause_id", "channel").Unique(), index.Fields("appointment_id"),
	}
}

// Annotations of the Message.
func (Message) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("message"), words(map[string]vocabulary{
		"channel": kind.MessageChannel(""), "status": kind.MessageStatus(""),
	}), entsql.Checks(map[string]string{
		"message_of": "num_nonnulls(opinion_id, appointment_id) = 1 AND (opinion_id IS NULL) = (event_id IS NULL) AND (appointment_id IS NULL) = (cause_id IS NULL)",
	})}
}
