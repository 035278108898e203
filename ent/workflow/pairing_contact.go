package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/viewer"
)

// LogContact is a contact that the two of a pairing had (联系记录).
type LogContact struct {
	IdempotencyKey *string `json:"-"`
	Pairing        uuid.UUID
	Day            time.Time
	Way            kind.ContactWay
	Note           string
}

var contactDay = at("联系日期", "day")

func (in *LogContact) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	in.Day = c.day(contactDay, in.Day, calendar.Founding, today)
	word(&c, at("联系方式", "way"), in.Way)
	in.Note = c.text(at("联系情况", "note"), in.Note, 2, 1000)
	return c.list.Err()
}

// LogContact notes a contact within a pairing, on a day on which the pairing stood. The deputies of the pairing do it, or an administrator in whose area it lies.
func (d *Desk) LogContact(ctx context.Context, in LogContact) (*gen.PairingContact, error) {
	v, err := d.admit(ctx, VerbLogContact)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbLogContact, v, func(t *task) (*gen.PairingContact, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.PairingContact.Get, func() (*gen.PairingContact, uuid.UUID, error) {
			c, err := t.logContact(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return c, c.ID, nil
		})
	})
}

func (t *task) logContact(ctx context.Context, in LogContact) (*gen.PairingContact, error) {
	p, err := t.lockPairing(ctx, in.Pairing, "input", "pairing")
	if err != nil {
		return nil, err
	}
	if err := t.mayLog(ctx, p); err != nil {
		return nil, err
	}
	last := t.desk.today()
	if p.EndedOn != nil {
		last = calendar.Day(*p.EndedOn).AddDate(0, 0, -1)
	}
	if err := oneDay(contactDay, in.Day, calendar.Day(p.StartedOn), last); err != nil {
		return nil, err
	}
	create := t.tx.PairingContact.Create().
		SetPairingID(p.ID).SetNillableLeaderDeputyID(p.LeaderDeputyID).SetNillableDeputyID(p.DeputyID).
		SetDay(in.Day).SetWay(in.Way).SetNote(in.Note)
	areaOfPairing(p).put(create.Mutation())
	c, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	var both []uuid.UUID
	for _, id := range []*uuid.UUID{p.LeaderDeputyID, p.DeputyID} {
		if id != nil {
			both = append(both, *id)
		}
	}
	if err := t.settle(ctx, both...); err != nil {
		return nil, err
	}
	return c, t.audit(ctx, gen.TypePairingContact, c.ID, areaOfPairing(p), map[string]any{
		"pairing": c.PairingID, "day": c.Day.Format(time.DateOnly), "way": c.Way,
	})
}

// mayLog refuses a deputy who is not of the pairing, which one posted to the station that is led sees too, and one who sits in no congress at present.
func (t *task) mayLog(ctx context.Context, p *gen.Pairing) error {
	if t.viewer.Role != viewer.Deputy {
		return nil
	}
	is := func(id *uuid.UUID) bool { return id != nil && *id == t.viewer.Person }
	if !is(p.LeaderDeputyID) && !is(p.DeputyID) {
		return forbidden("只能记录本人结对的联系情况", "input", "pairing")
	}
	return t.mustSit(ctx, "input", "pairing")
}

// mustSit refuses a deputy who sits in no congress at present, all mandates being ended or suspended.
func (t *task) mustSit(ctx context.Context, path ...string) error {
	parties, err := t.deputyParties(ctx)
	if err != nil {
		return err
	}
	if len(parties) == 0 {
		return forbidden("代表职务已终止或暂停,不能办理", path...)
	}
	return nil
}
