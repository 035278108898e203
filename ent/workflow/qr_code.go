package workflow

import (
	"context"
	"encoding/base32"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/posting"
	"github.com/lianluo/lianluo/ent/gen/qrcode"
)

// newCode draws the text of a QR code: 26 characters that tell nothing and cannot be guessed.
func newCode(random io.Reader) (string, error) {
	secret := make([]byte, 16)
	if _, err := io.ReadFull(random, secret); err != nil {
		return "", fmt.Errorf("draw a code: %w", err)
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret), nil
}

// issueCode gives a station, or a posting at it, its code.
func (t *task) issueCode(ctx context.Context, s *gen.Station, p *gen.Posting) (*gen.QRCode, error) {
	text, err := newCode(t.desk.random)
	if err != nil {
		return nil, err
	}
	create := t.tx.QRCode.Create().SetText(text).SetStationID(s.ID)
	if p != nil {
		create.SetPostingID(p.ID)
	}
	areaOfStation(s).put(create.Mutation())
	return create.Save(ctx)
}

// ReplaceCode is which code is replaced: a station's, or that of a posting.
type ReplaceCode struct {
	IdempotencyKey *string `json:"-"`
	Station        *uuid.UUID
	Posting        *uuid.UUID // instead of the station
	Reason         string
}

func (in *ReplaceCode) check() error {
	var c checker
	c.key(in.IdempotencyKey)
	if (in.Station == nil) == (in.Posting == nil) {
		c.add(at("站点或进站", "station"), "REQUIRED", "须且只能填一项")
	}
	in.Reason = c.text(at("更换原因", "reason"), in.Reason, 2, 200)
	return c.list.Err()
}

// ReplaceCode revokes the code of an open station or of a posting in force, if it has one, and gives it a new one. What was printed leads
// nowhere from then on.
func (d *Desk) ReplaceCode(ctx context.Context, in ReplaceCode) (*gen.QRCode, error) {
	v, err := d.admit(ctx, VerbReplaceCode)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbReplaceCode, v, func(t *task) (*gen.QRCode, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.QRCode.Get, func() (*gen.QRCode, uuid.UUID, error) {
			c, err := t.replaceCode(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return c, c.ID, nil
		})
	})
}

func (t *task) replaceCode(ctx context.Context, in ReplaceCode) (*gen.QRCode, error) {
	s, p, err := t.coded(ctx, in)
	if err != nil {
		return nil, err
	}
	old := t.tx.QRCode.Query().Where(qrcode.StationID(s.ID), qrcode.RevokedAtIsNil()).ForUpdate()
	if p == nil {
		old.Where(qrcode.PostingIDIsNil())
	} else {
		old.Where(qrcode.PostingID(p.ID))
	}
	current, err := old.All(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range current {
		if _, err := t.revoke(ctx, c, in.Reason); err != nil {
			return nil, err
		}
	}
	c, err := t.issueCode(ctx, s, p)
	if err != nil {
		return nil, err
	}
	return c, t.audit(ctx, gen.TypeQRCode, c.ID, areaOfCode(c), map[string]any{
		"station": c.StationID, "posting": c.PostingID, "reason": in.Reason, "replaced": len(current),
	})
}

// coded is the open station, and the posting in force there, that a code is for.
func (t *task) coded(ctx context.Context, in ReplaceCode) (*gen.Station, *gen.Posting, error) {
	if in.Posting == nil {
		s, err := t.lockOpenStation(ctx, *in.Station, "input", "station")
		if err != nil {
			return nil, nil, err
		}
		return s, nil, t.keeps(s.ID, "input", "station")
	}
	p, err := t.tx.Posting.Query().Where(posting.ID(*in.Posting)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, nil, fault.NotFound("进站记录不存在或不在辖区内", "input", "posting")
	}
	if err != nil {
		return nil, nil, err
	}
	s, err := t.lockOpenStation(ctx, p.StationID, "input", "posting")
	if err != nil {
		return nil, nil, err
	}
	if err := t.keeps(s.ID, "input", "posting"); err != nil {
		return nil, nil, err
	}
	// As it is now that no one else is at the station's postings.
	p, err = t.tx.Posting.Query().Where(posting.ID(p.ID)).ForUpdate().Only(ctx)
	if err != nil {
		return nil, nil, err
	}
	if p.EndedOn != nil {
		return nil, nil, fault.Conflict("ENDED", "该进站已结束", "input", "posting")
	}
	return s, p, nil
}

// RevokeCode is which code is revoked and why.
type RevokeCode struct {
	ID     uuid.UUID
	Reason string
}

// RevokeCode ends a code of a station in the viewer's area without giving another.
func (d *Desk) RevokeCode(ctx context.Context, in RevokeCode) (*gen.QRCode, error) {
	v, err := d.admit(ctx, VerbRevokeCode)
	if err != nil {
		return nil, err
	}
	var c checker
	in.Reason = c.text(at("撤销原因", "reason"), in.Reason, 2, 200)
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbRevokeCode, v, func(t *task) (*gen.QRCode, error) {
		old, err := t.tx.QRCode.Query().Where(qrcode.ID(in.ID)).ForUpdate().Only(ctx)
		if gen.IsNotFound(err) {
			return nil, fault.NotFound("二维码不存在或不在辖区内", "input", "id")
		}
		if err != nil {
			return nil, err
		}
		if err := t.keeps(old.StationID, "input", "id"); err != nil {
			return nil, err
		}
		if old.RevokedAt != nil {
			return nil, fault.Conflict("ENDED", "该二维码已撤销", "input", "id")
		}
		revoked, err := t.revoke(ctx, old, in.Reason)
		if err != nil {
			return nil, err
		}
		return revoked, t.audit(ctx, gen.TypeQRCode, old.ID, areaOfCode(old), map[string]any{"reason": in.Reason})
	})
}

func (t *task) revoke(ctx context.Context, c *gen.QRCode, reason string) (*gen.QRCode, error) {
	return t.tx.QRCode.UpdateOne(c).SetRevokedAt(t.desk.clock()).SetRevokeReason(reason).AddVersion(1).Save(ctx)
}
