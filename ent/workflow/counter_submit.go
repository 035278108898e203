package workflow

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/viewer"
)

// SubmitOpinion is an opinion that a citizen submits by a scanned code (扫码提交).
type SubmitOpinion struct {
	IdempotencyKey *string `json:"-"`
	Code           string
	OpinionContent
}

func (in *SubmitOpinion) check() error {
	var c checker
	c.key(in.IdempotencyKey)
	in.OpinionContent.check(&c)
	return c.list.Err()
}

// buckets are what a submission takes one from.
func (in *SubmitOpinion) buckets(address string) []Bucket {
	out := []Bucket{
		{BoundSubmitAddress, address}, {BoundSubmitCode, in.Code}, {BoundSubmitCodeAddress, in.Code + " " + address},
	}
	if in.Phone != nil {
		phone := digits(*in.Phone)
		out = append(out, Bucket{BoundSubmitPhone, phone}, Bucket{BoundSubmitPhoneAddress, phone + " " + address})
	}
	return out
}

// SubmitOpinion books what a citizen submits by a good code, at its station, and for its deputy if it is a deputy's. A retry under the same
// key of the same code answers the same opinion, with a receipt of its own, also when the code has been revoked since.
func (c *Counter) SubmitOpinion(ctx context.Context, in SubmitOpinion) (*Booked, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if len(in.Code) > longestCode {
		return nil, badCode("input", "code")
	}
	if err := c.take(in.buckets(addressOf(ctx))...); err != nil {
		return nil, err
	}
	code, err := c.scan(asCounter(ctx), in.Code)
	if err != nil {
		return nil, err
	}
	if code == nil {
		return nil, badCode("input", "code")
	}
	booked, err := c.submit(ctx, code, in)
	if known, ok := errors.AsType[*bookedBefore](err); ok {
		return c.again(ctx, code, known.id)
	}
	return booked, err
}

// bookedBefore is what a retried submission ends with: whoever books something sees that alone, so what was booked earlier must be asked for by its
// own receipt.
type bookedBefore struct{ id uuid.UUID }

func (*bookedBefore) Error() string { return "booked before" }

// submit books the opinion as the citizen who is about to be given its receipt.
func (c *Counter) submit(ctx context.Context, code *gen.QRCode, in SubmitOpinion) (*Booked, error) {
	id := newID()
	ctx = atCode(ctx, code, id)
	return transact(ctx, c.desk, VerbSubmitOpinion, viewer.FromContext(ctx), func(t *task) (*Booked, error) {
		find := func(_ context.Context, opinion uuid.UUID) (*gen.Opinion, error) { return nil, &bookedBefore{opinion} }
		o, err := once(ctx, t, in.IdempotencyKey, in, find, func() (*gen.Opinion, uuid.UUID, error) {
			if !good(code) {
				return nil, uuid.Nil, badCode("input", "code")
			}
			b := booking{id: id, channel: kind.ChannelStationCode, OpinionContent: in.OpinionContent}
			if p := code.Edges.Posting; p != nil {
				b.channel, b.deputy = kind.ChannelDeputyCode, &p.DeputyID
			}
			o, err := t.book(ctx, code.Edges.Station, b)
			return o, id, err
		})
		if err != nil {
			return nil, err
		}
		token, err := t.giveReceipt(ctx, o)
		return &Booked{o, token}, err
	})
}

// again gives one more receipt for an opinion that a code and a key led to before.
func (c *Counter) again(ctx context.Context, code *gen.QRCode, id uuid.UUID) (*Booked, error) {
	ctx = atCode(ctx, code, id)
	return transact(ctx, c.desk, VerbSubmitOpinion, viewer.FromContext(ctx), func(t *task) (*Booked, error) {
		o, err := t.tx.Opinion.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		token, err := t.giveReceipt(ctx, o)
		return &Booked{o, token}, err
	})
}

// atCode is the context of a citizen who has scanned a code, at the opinion that it leads to.
func atCode(ctx context.Context, code *gen.QRCode, opinion uuid.UUID) context.Context {
	return viewer.NewContext(ctx, viewer.ForReceipt("code:"+code.ID.String(), code.Code, opinion))
}
