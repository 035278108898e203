package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/pairingrule"
	"github.com/lianluo/lianluo/ent/kind"
)

// SetPairingRule is what a congress expects of a kind of pairing (结对要求).
type SetPairingRule struct {
	Congress uuid.UUID
	Kind     kind.Pairing
	// Least and Most bound how many one leader is paired with.
	Least, Most int
	// Times is how often the two of a pairing meet in each period.
	Times  int
	Period kind.Period
	// FromOn is the first day that it holds for: what is expected, is expected in whole periods from it on.
	FromOn time.Time
}

// The bounds of a rule on pairings.
const (
	mostPaired = 1000
	mostTimes  = 366
)

func (in *SetPairingRule) check(today time.Time) error {
	var c checker
	word(&c, at("结对类型", "kind"), in.Kind)
	c.count(at("最少结对数", "least"), in.Least, mostPaired)
	most := at("最多结对数", "most")
	c.count(most, in.Most, mostPaired)
	if in.Most >= 1 && in.Least > in.Most {
		c.add(most, "OUT_OF_RANGE", "不能小于最少结对数")
	}
	c.count(at("联系次数", "times"), in.Times, mostTimes)
	word(&c, at("周期", "period"), in.Period)
	in.FromOn = c.day(at("起始日期", "fromOn"), in.FromOn, calendar.Founding, today)
	return c.list.Err()
}

// SetPairingRule sets what the viewer's own congress expects of a kind of pairing, in place of what it expected before. Pairings that stand already are left
// alone, even where they are more than the rule allows.
func (d *Desk) SetPairingRule(ctx context.Context, in SetPairingRule) (*gen.PairingRule, error) {
	v, err := d.admit(ctx, VerbSetPairingRule)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbSetPairingRule, v, func(t *task) (*gen.PairingRule, error) {
		return t.setPairingRule(ctx, in)
	})
}

func (t *task) setPairingRule(ctx context.Context, in SetPairingRule) (*gen.PairingRule, error) {
	if err := t.lock(ctx, pairingsLock(in.Congress)); err != nil {
		return nil, err
	}
	congress, err := t.ownCongress(ctx, in.Congress, "结对要求")
	if err != nil {
		return nil, err
	}
	old, err := t.pairingRule(ctx, congress.ID, in.Kind)
	if err != nil {
		return nil, err
	}
	detail := map[string]any{
		"kind": in.Kind, "least": move{To: in.Least}, "most": move{To: in.Most}, "times": move{To: in.Times},
		"period": move{To: in.Period}, "fromOn": move{To: in.FromOn.Format(time.DateOnly)},
	}
	var r *gen.PairingRule
	if old == nil {
		create := t.tx.PairingRule.Create().SetCongressID(congress.ID).SetKind(in.Kind).
			SetLeast(in.Least).SetMost(in.Most).SetTimes(in.Times).SetPeriod(in.Period).SetFromOn(in.FromOn)
		areaOfCongress(congress).put(create.Mutation())
		r, err = create.Save(ctx)
	} else {
		detail["least"], detail["most"], detail["times"] = move{old.Least, in.Least}, move{old.Most, in.Most}, move{old.Times, in.Times}
		detail["period"] = move{old.Period, in.Period}
		detail["fromOn"] = move{old.FromOn.Format(time.DateOnly), in.FromOn.Format(time.DateOnly)}
		r, err = t.tx.PairingRule.UpdateOne(old).SetLeast(in.Least).SetMost(in.Most).SetTimes(in.Times).
			SetPeriod(in.Period).SetFromOn(in.FromOn).AddVersion(1).Save(ctx)
	}
	if err != nil {
		return nil, err
	}
	return r, t.audit(ctx, gen.TypePairingRule, r.ID, areaOfCongress(congress), detail)
}

// pairingRule is what a congress expects of a kind of pairing; nil when it expects nothing.
func (t *task) pairingRule(ctx context.Context, congress uuid.UUID, k kind.Pairing) (*gen.PairingRule, error) {
	r, err := t.tx.PairingRule.Query().Where(pairingrule.CongressID(congress), pairingrule.KindEQ(k)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, nil
	}
	return r, err
}

// pairingsLock makes the verbs on a congress's pairings wait for each other, so that two of them cannot exceed the rule together.
func pairingsLock(congress uuid.UUID) string { return "pairings " + congress.String() }
