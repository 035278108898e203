package workflow

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/viewer"
)

// OpinionContent is what a citizen says, whichever way it comes in.
type OpinionContent struct {
	Content  string
	Category *uuid.UUID // what the citizen takes it for
	Location *string    // the place it is about, in words
	// Name and Phone are the citizen's, who need not give them; a call back needs the number.
	Name, Phone *string
	CallBack    bool
	// Consent is the version of the text that was agreed to, which says what the person's data is used for.
	Consent string
	Files   []string `json:"-"` // secrets of uploads; each is used once
}

// mostContent is the length of an opinion in characters.
const mostContent = 2000

func (in *OpinionContent) check(c *checker) {
	in.Content = c.text(at("内容", "content"), in.Content, 5, mostContent)
	in.Location = c.optional(at("地点", "location"), in.Location, 200)
	in.Name = c.optional(at("姓名", "name"), in.Name, 40)
	in.Phone = c.phone(at("电话", "phone"), in.Phone)
	if in.CallBack && in.Phone == nil {
		c.add(at("电话", "phone"), "REQUIRED", "不能为空:希望回电时请填写")
	}
	c.consent(in.Consent)
	c.files(attached, in.Files)
}

// consent checks that a version of the consent text is one there is.
func (c *checker) consent(version string) {
	if _, ok := consentOf(version); !ok {
		c.add(at("告知同意书", "consent"), "REQUIRED", "须为已公布的版本")
	}
}

// RecordOpinion is an opinion that an officer or a deputy records for a citizen (登记).
type RecordOpinion struct {
	IdempotencyKey *string `json:"-"`
	Station        uuid.UUID
	Deputy         *uuid.UUID // the deputy it came to; of a deputy's record the deputy
	Channel        kind.Channel
	OpinionContent
}

func (in *RecordOpinion) check() error {
	var c checker
	c.key(in.IdempotencyKey)
	if !slices.Contains(kind.RecordedChannels, in.Channel) {
		c.add(at("来源渠道", "channel"), "UNKNOWN_VALUE", "的取值无效")
	}
	in.OpinionContent.check(&c)
	return c.list.Err()
}

// Booked is an opinion with the receipt for it. The token is given out this once; only its hash is kept.
type Booked struct {
	Opinion *gen.Opinion
	Token   string
}

// Unwrap turns it into what lives after its transaction.
func (b *Booked) Unwrap() *Booked { return &Booked{Opinion: b.Opinion.Unwrap(), Token: b.Token} }

// RecordOpinion books what a citizen said in person, on a visit or by telephone, at an open station: a keeper at the own one, a deputy where
// posted. A retry under the same key answers the same opinion, with a receipt of its own.
func (d *Desk) RecordOpinion(ctx context.Context, in RecordOpinion) (*Booked, error) {
	v, err := d.admit(ctx, VerbRecordOpinion)
	if err != nil {
		return nil, err
	}
	if v.Role == viewer.Deputy {
		in.Deputy = &v.Person
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbRecordOpinion, v, func(t *task) (*Booked, error) {
		o, err := once(ctx, t, in.IdempotencyKey, in, t.tx.Opinion.Get, func() (*gen.Opinion, uuid.UUID, error) {
			o, err := t.recordOpinion(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return o, o.ID, nil
		})
		if err != nil {
			return nil, err
		}
		token, err := t.giveReceipt(ctx, o)
		return &Booked{o, token}, err
	})
}

func (t *task) recordOpinion(ctx context.Context, in RecordOpinion) (*gen.Opinion, error) {
	station, err := t.receivingStation(ctx, in.Station, "input", "station")
	if err != nil {
		return nil, err
	}
	if in.Deputy != nil {
		posted, err := t.tx.Posting.Query().Where(posting.StationID(station.ID), posting.DeputyID(*in.Deputy),
			posting.EndedOnIsNil(), posting.HasMandateWith(inService)).Exist(ctx)
		if err != nil {
			return nil, err
		}
		if !posted {
			return nil, fault.NotFound("代表不存在、未编入该站点或已暂停履职", "input", "deputy")
		}
	}
	return t.book(ctx, station, booking{
		id: newID(), channel: in.Channel, deputy: in.Deputy, OpinionContent: in.OpinionContent,
	})
}

// receivingStation is an open station at which the viewer may book opinions. A deputy sees the stations posted to, and no one else may
// lock them.
func (t *task) receivingStation(ctx context.Context, id uuid.UUID, path ...string) (*gen.Station, error) {
	s, err := t.tx.Station.Get(ctx, id)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("站点不存在或不在辖区内", path...)
	}
	if err != nil {
		return nil, err
	}
	if err := t.keeps(s.ID, path...); err != nil {
		return nil, err
	}
	if s.ClosedOn != nil {
		return nil, closedStation(path...)
	}
	return s, nil
}

// maskName hides a person's name but for the surname: 张** .
func maskName(name string) string {
	runes := []rune(strings.TrimSpace(name))
	if len(runes) == 0 {
		return ""
	}
	return string(runes[0]) + "**"
}
