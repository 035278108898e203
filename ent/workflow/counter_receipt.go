package workflow

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/opinionreceipt"
	"github.com/lianluo/lianluo/ent/gen/opinionsubmitter"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Pass is what a citizen shows to follow an opinion (查询凭证): the receipt number with the token that was given out, or with the telephone
// number that was left.
type Pass struct {
	Number string
	// Just one of the two is given.
	Token, Phone *string
}

// check looks at the fields of a pass; at names them, as they stand in the input or among the arguments.
func (p *Pass) check(c *checker, at func(label string, path ...string) field) {
	if strings.TrimSpace(p.Number) == "" {
		c.add(at("受理编号", "number"), "REQUIRED", "不能为空")
	}
	if (p.Token == nil) == (p.Phone == nil) {
		c.add(at("查询凭证或电话", "token"), "REQUIRED", "须且只能填一项")
	}
}

// argument names a field by its path from the arguments on.
func argument(label string, path ...string) field { return field{label, path} }

// Open lets a citizen in with a pass: the context it answers is that of the receipt's holder, who sees the one opinion. Whatever is wrong
// with a pass, the refusal is the same NOT_FOUND, and so is the work.
func (c *Counter) Open(ctx context.Context, p Pass) (context.Context, error) {
	var list checker
	p.check(&list, argument)
	if err := list.list.Err(); err != nil {
		return nil, err
	}
	return c.open(ctx, p)
}

// open is Open for a pass that has been checked.
func (c *Counter) open(ctx context.Context, p Pass) (context.Context, error) {
	return c.enter(ctx, p, c.find)
}

// held is what a right pass leads to.
type held struct {
	id   uuid.UUID
	code place.Code
}

// enter lets a citizen in with a checked pass to what find looks up; nil is what a wrong one leads to.
func (c *Counter) enter(
	ctx context.Context, p Pass, find func(ctx context.Context, number string, p Pass) (*held, error),
) (context.Context, error) {
	address, number := addressOf(ctx), receiptNumber(p.Number)
	if err := c.take(Bucket{BoundReadAddress, address}); err != nil {
		return nil, err
	}
	misses := []Bucket{{BoundMissAddress, address}}
	if p.Token == nil {
		misses = append(misses, Bucket{BoundMissNumber, number}, Bucket{BoundMissNumberAddress, number + " " + address})
	}
	if err := c.spare(misses...); err != nil {
		return nil, err
	}
	found, err := find(asCounter(ctx), number, p)
	if err != nil {
		return nil, err
	}
	if found == nil {
		c.missed(misses...)
		return nil, fault.NotFound("编号或凭证不正确")
	}
	return viewer.NewContext(ctx, receiptHolder(found.id, found.code)), nil
}

// find looks up the opinion of a number whose pass is right, in two statements whatever is wrong; nil when something is.
func (c *Counter) find(ctx context.Context, number string, p Pass) (*held, error) {
	o, err := c.system.Opinion.Query().Where(opinion.Number(number)).Only(ctx)
	if err != nil && !gen.IsNotFound(err) {
		return nil, err
	}
	id := uuid.Nil
	if o != nil {
		id = o.ID
	}
	var right bool
	if p.Token != nil {
		right, err = c.system.OpinionReceipt.Query().
			Where(opinionreceipt.OpinionID(id), opinionreceipt.TokenHash(SecretHash(*p.Token))).Exist(ctx)
	} else {
		right, err = c.system.OpinionSubmitter.Query().
			Where(opinionsubmitter.OpinionID(id), opinionsubmitter.PhoneDigits(digits(*p.Phone))).Exist(ctx)
	}
	if err != nil || o == nil || !right {
		return nil, err
	}
	return &held{o.ID, o.Code}, nil
}

// receiptNumber is a receipt number as it was given out, of one that was typed: with small letters, spaces or without the hyphen, or with
// letters that numbers do not have for the digits they look like.
func receiptNumber(typed string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if b.Len() > len("060102-XXXXXXXX") || !strings.ContainsRune(crockford, r) {
			continue
		}
		if b.Len() == len("060102") {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}
