package workflow

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/pairing"
	"github.com/lianluo/lianluo/ent/gen/pairingcontact"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// PairingLeader is who leads in a pairing: a deputy, or an organ with the one who acts for it.
type PairingLeader struct {
	Deputy, Organ *uuid.UUID
	// Name is that of an organ's; a deputy has one.
	Name  *string
	Title *string
}

// Pair is who leads, and who or what is led: one of Deputy, Station and Township, by the kind.
type Pair struct {
	IdempotencyKey  *string `json:"-"`
	Congress        uuid.UUID
	Kind            kind.Pairing
	Leader          PairingLeader
	Deputy, Station *uuid.UUID
	Township        *place.Code
	StartedOn       time.Time
}

// The fields of a pairing's input that more than one check names.
var (
	pairingLeader  = at("联系人", "leader")
	leadingDeputy  = at("联系代表", "leader", "deputy")
	leadingOrgan   = at("联系机关", "leader", "organ")
	ledDeputy      = at("被联系代表", "deputy")
	ledStation     = at("联系站点", "station")
	ledTownship    = at("联系乡镇", "township")
	pairedOn       = at("结对日期", "startedOn")
	ledByKind      = map[kind.Pairing]field{kind.PairingLeaderTownship: ledTownship, kind.PairingLeaderStation: ledStation}
	deputiesLead   = []kind.Pairing{kind.PairingMemberDeputy, kind.PairingLeaderDeputy, kind.PairingReelectedNew, kind.PairingUpperLower}
	committeesLead = []kind.Pairing{kind.PairingCommitteeDeputy}
)

// led is the field of the input that names who or what is led in a kind of pairing.
func led(k kind.Pairing) field {
	if f, ok := ledByKind[k]; ok {
		return f
	}
	return ledDeputy
}

func (in *Pair) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	word(&c, at("结对类型", "kind"), in.Kind)
	in.checkLeader(&c)
	wanted := led(in.Kind)
	for _, given := range []struct {
		field
		is bool
	}{{ledDeputy, in.Deputy != nil}, {ledStation, in.Station != nil}, {ledTownship, in.Township != nil}} {
		switch asked := given.label == wanted.label; {
		case asked && !given.is:
			c.add(given.field, "REQUIRED", "不能为空")
		case !asked && given.is:
			c.add(given.field, "MISMATCH", "不适用于此类结对")
		}
	}
	if in.Deputy != nil && in.Leader.Deputy != nil && *in.Deputy == *in.Leader.Deputy {
		c.add(ledDeputy, "SELF", "不能与本人结对")
	}
	in.StartedOn = c.day(pairedOn, in.StartedOn, calendar.Founding, today)
	return c.list.Err()
}

func (in *Pair) checkLeader(c *checker) {
	l := &in.Leader
	l.Title = c.optional(at("联系人职务", "leader", "title"), l.Title, 40)
	name := at("联系人姓名", "leader", "name")
	switch {
	case (l.Deputy == nil) == (l.Organ == nil):
		c.add(pairingLeader, "EXCLUSIVE", "应为一名代表,或者一个机关及其联系人")
	case l.Deputy != nil && slices.Contains(committeesLead, in.Kind):
		c.add(leadingDeputy, "MISMATCH", "不适用于专工委联系代表,应填写机关")
	case l.Organ != nil && slices.Contains(deputiesLead, in.Kind):
		c.add(leadingOrgan, "MISMATCH", "不适用于此类结对,应填写代表")
	case l.Deputy != nil && l.Name != nil:
		c.add(name, "MISMATCH", "以代表登记的姓名为准,不用填写")
	case l.Organ != nil && l.Name == nil:
		c.add(name, "REQUIRED", "不能为空")
	case l.Organ != nil:
		checked := c.text(name, *l.Name, 2, 40)
		l.Name = &checked
	}
}

// Pair makes a pairing of the viewer's own congress. A leading deputy sits in the congress, or with UPPER_LOWER in it or one above it; who or what is led lies in
// its area. A leader is paired with no more than the congress's rule allows, and with no one twice at a time.
func (d *Desk) Pair(ctx context.Context, in Pair) (*gen.Pairing, error) {
	v, err := d.admit(ctx, VerbPair)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbPair, v, func(t *task) (*gen.Pairing, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.Pairing.Get, func() (*gen.Pairing, uuid.UUID, error) {
			p, err := t.pair(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return p, p.ID, nil
		})
	})
}

func (t *task) pair(ctx context.Context, in Pair) (*gen.Pairing, error) {
	if err := t.lock(ctx, pairingsLock(in.Congress)); err != nil {
		return nil, err
	}
	congress, err := t.ownCongress(ctx, in.Congress, "结对")
	if err != nil {
		return nil, err
	}
	create := t.tx.Pairing.Create().
		SetCongressID(congress.ID).SetKind(in.Kind).SetStartedOn(in.StartedOn).SetNillableLeaderTitle(in.Leader.Title).
		SetNillableLeaderDeputyID(in.Leader.Deputy).SetNillableLeaderOrganID(in.Leader.Organ).
		SetNillableDeputyID(in.Deputy).SetNillableStationID(in.Station)
	both, err := t.couple(ctx, congress, in)
	if err != nil {
		return nil, err
	}
	if err := t.checkPaired(ctx, in, congress.ID, both); err != nil {
		return nil, err
	}
	both.place.put(create.Mutation())
	p, err := create.SetLeaderName(both.leader).SetNillableDivisionID(both.division).Save(ctx)
	if err != nil {
		return nil, err
	}
	return p, t.audit(ctx, gen.TypePairing, p.ID, areaOfPairing(p), map[string]any{
		"kind": p.Kind, "leaderDeputy": p.LeaderDeputyID, "leaderOrgan": p.LeaderOrganID,
		"deputy": p.DeputyID, "station": p.StationID, "division": p.DivisionID, "startedOn": p.StartedOn.Format(time.DateOnly),
	})
}

// checkPaired refuses what is paired already at the time, and what is more than the rule allows.
func (t *task) checkPaired(ctx context.Context, in Pair, congress uuid.UUID, both *couple) error {
	standing := t.tx.Pairing.Query().Where(
		pairing.CongressID(congress), pairing.KindEQ(in.Kind), both.leads,
		pairing.Or(pairing.EndedOnIsNil(), pairing.EndedOnGT(in.StartedOn)))
	twice, err := standing.Clone().Where(both.is).Exist(ctx)
	if err != nil {
		return err
	}
	if twice {
		return fault.Conflict("DUPLICATE", "两者已结对", led(in.Kind).path...)
	}
	rule, err := t.pairingRule(ctx, congress, in.Kind)
	if err != nil || rule == nil {
		return err
	}
	n, err := standing.Count(ctx)
	if err != nil {
		return err
	}
	if n >= rule.Most {
		return fault.Conflict("TOO_MANY", fmt.Sprintf("该联系人已结对 %d 个,最多 %d 个", n, rule.Most), pairingLeader.path...)
	}
	return nil
}

func areaOfPairing(p *gen.Pairing) area {
	return area{p.Code, p.ProvinceCode, p.CityCode, p.CountyCode, p.TownshipCode}
}

// Unpair is how a pairing ends.
type Unpair struct {
	ID              uuid.UUID
	ExpectedVersion *int
	EndedOn         time.Time // first day without it
	Reason          string
}

func (in *Unpair) check() error {
	var c checker
	in.EndedOn = calendar.Day(in.EndedOn)
	in.Reason = c.text(at("结束原因", "reason"), in.Reason, 2, 200)
	return c.list.Err()
}

// Unpair ends a pairing of the viewer's own congress; its contacts stay.
func (d *Desk) Unpair(ctx context.Context, in Unpair) (*gen.Pairing, error) {
	v, err := d.admit(ctx, VerbUnpair)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbUnpair, v, func(t *task) (*gen.Pairing, error) { return t.unpair(ctx, in) })
}

func (t *task) unpair(ctx context.Context, in Unpair) (*gen.Pairing, error) {
	old, err := t.lockPairing(ctx, in.ID, "input", "id")
	if err != nil {
		return nil, err
	}
	// The congress of a pairing that is merely seen here is out of sight.
	of, err := t.tx.Congress.Get(ctx, old.CongressID)
	if err != nil && !gen.IsNotFound(err) {
		return nil, err
	}
	if err != nil || of.Code != t.viewer.Division {
		return nil, forbidden("该结对由其所属人民代表大会一级管理", "input", "id")
	}
	if err := expect(in.ExpectedVersion, old.Version); err != nil {
		return nil, err
	}
	if old.EndedOn != nil {
		return nil, fault.Conflict("ENDED", "该结对已结束", "input", "id")
	}
	day := at("结束日期", "endedOn")
	if err := oneDay(day, in.EndedOn, calendar.Day(old.StartedOn), t.desk.today()); err != nil {
		return nil, err
	}
	contacted, err := t.tx.PairingContact.Query().
		Where(pairingcontact.PairingID(old.ID), pairingcontact.DayGTE(in.EndedOn)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if contacted {
		return nil, fault.Conflict("HAS_CONTACTS", "该日或之后已有联系记录", day.path...)
	}
	p, err := t.tx.Pairing.UpdateOne(old).SetEndedOn(in.EndedOn).SetEndReason(in.Reason).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	return p, t.audit(ctx, gen.TypePairing, p.ID, areaOfPairing(p), map[string]any{"endedOn": in.EndedOn.Format(time.DateOnly)})
}

// lockPairing finds a pairing and keeps others from ending it and from adding contacts. The lock is no row's: deputies read their pairings only.
func (t *task) lockPairing(ctx context.Context, id uuid.UUID, path ...string) (*gen.Pairing, error) {
	if err := t.lock(ctx, "pairing "+id.String()); err != nil {
		return nil, err
	}
	p, err := t.tx.Pairing.Get(ctx, id)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("结对不存在或不在查看范围内", path...)
	}
	return p, err
}
