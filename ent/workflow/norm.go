package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/normset"
	"github.com/lianluo/lianluo/ent/kind"
)

// SetNorms is an edition of what a congress asks of deputies of a level (履职标准).
type SetNorms struct {
	NewEdition
	Items []duty.NormItem
}

// mostRequired bounds what an item asks for in a period: something on every day of a leap year.
const mostRequired = 366

func (in *SetNorms) check(today time.Time) error {
	var c checker
	in.NewEdition.check(&c, len(in.Items), today)
	var keys []string
	for i := range in.Items {
		item := &in.Items[i]
		item.Name = c.item(i, item.Key, item.Name, &item.Filter, keys)
		keys = append(keys, item.Key)
		if item.Deed == kind.DeedClaim {
			c.add(ofItem("事项", i, "deed"), "MISMATCH", "不能是积分申报")
		}
		word(&c, ofItem("周期", i, "period"), item.Period)
		if item.Required < 1 || item.Required > mostRequired {
			c.add(ofItem("次数", i, "required"), "OUT_OF_RANGE", "应为 1 至 366")
		}
	}
	return c.list.Err()
}

// SetNorms puts an edition of norms of the viewer's own congress in force. The edition before it ends on the day before. Norms hold for the deputies of the
// level who are grouped in the congress's area, unless a congress between has set its own.
func (d *Desk) SetNorms(ctx context.Context, in SetNorms) (*gen.NormSet, error) {
	v, err := d.admit(ctx, VerbSetNorms)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbSetNorms, v, func(t *task) (*gen.NormSet, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.NormSet.Get, func() (*gen.NormSet, uuid.UUID, error) {
			n, err := t.setNorms(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return n, n.ID, nil
		})
	})
}

func (t *task) setNorms(ctx context.Context, in SetNorms) (*gen.NormSet, error) {
	// There may be no row to lock yet.
	if err := t.lock(ctx, "norms "+in.Congress.String()+" "+string(in.Level)); err != nil {
		return nil, err
	}
	congress, err := t.ownCongress(ctx, in.Congress, "履职标准")
	if err != nil {
		return nil, err
	}
	before, err := t.latestNorms(ctx, congress.ID, in.Level)
	if err != nil {
		return nil, err
	}
	edition, err := before.follow(ctx, in.FromOn)
	if err != nil {
		return nil, err
	}
	create := t.tx.NormSet.Create().
		SetCongressID(congress.ID).SetLevel(in.Level).SetName(in.Name).SetEdition(edition).SetItems(in.Items).SetFromOn(in.FromOn)
	areaOfCongress(congress).put(create.Mutation())
	n, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	return n, t.audit(ctx, gen.TypeNormSet, n.ID, areaOfCongress(congress), map[string]any{
		"congress": n.CongressID, "level": n.Level, "edition": n.Edition, "items": len(n.Items), "fromOn": n.FromOn.Format(time.DateOnly),
	})
}

// latestNorms is the latest edition of a congress's norms for a level; nil when there is none.
func (t *task) latestNorms(ctx context.Context, congress uuid.UUID, level kind.CongressLevel) (*standing, error) {
	n, err := t.tx.NormSet.Query().Where(normset.CongressID(congress), normset.LevelEQ(level)).
		Order(gen.Desc(normset.FieldEdition)).First(ctx)
	switch {
	case gen.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &standing{n.Edition, n.FromOn, n.UntilOn, func(ctx context.Context, last time.Time) error {
		return t.tx.NormSet.UpdateOne(n).SetUntilOn(last).AddVersion(1).Exec(ctx)
	}}, nil
}

// EndNorms ends an edition of norms of the viewer's own congress that no other follows.
func (d *Desk) EndNorms(ctx context.Context, in EndEdition) (*gen.NormSet, error) {
	v, err := d.admit(ctx, VerbEndNorms)
	if err != nil {
		return nil, err
	}
	in.UntilOn = calendar.Day(in.UntilOn)
	return transact(ctx, d, VerbEndNorms, v, func(t *task) (*gen.NormSet, error) {
		old, err := t.tx.NormSet.Query().Where(normset.ID(in.ID)).ForUpdate().Only(ctx)
		if gen.IsNotFound(err) {
			// What is above the viewer's area can be read, but is not the viewer's to lock.
			old, err = t.tx.NormSet.Get(ctx, in.ID)
		}
		if gen.IsNotFound(err) {
			return nil, fault.NotFound("履职标准不存在或不在辖区内", "input", "id")
		}
		if err != nil {
			return nil, err
		}
		at := area{old.Code, old.ProvinceCode, old.CityCode, old.CountyCode, old.TownshipCode}
		if err := t.mayEnd(in, at, old.Version, old.FromOn, old.UntilOn); err != nil {
			return nil, err
		}
		n, err := t.tx.NormSet.UpdateOne(old).SetUntilOn(in.UntilOn).AddVersion(1).Save(ctx)
		if err != nil {
			return nil, err
		}
		return n, t.audit(ctx, gen.TypeNormSet, n.ID, at, map[string]any{"untilOn": in.UntilOn.Format(time.DateOnly)})
	})
}
