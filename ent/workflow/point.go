package workflow

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/pointscheme"
	"github.com/lianluo/lianluo/ent/kind"
)

// NewPointItem is one line of a point scheme, in points as people write them.
type NewPointItem struct {
	Key, Name string
	duty.Filter
	Points    float64
	Cap       *float64
	CapPeriod *kind.Period
}

// SetPointScheme is an edition of the rules by which a congress gives points to deputies of a level (履职积分办法).
type SetPointScheme struct {
	NewEdition
	Items []NewPointItem
}

// mostPoints bounds what one item can bring at once, and in a period, in tenths of a point.
const mostPoints = 10_000

// tenths reads points, which have one digit after the point, between bounds in tenths.
func (c *checker) tenths(f field, points float64, least, most int) int {
	scaled := math.Round(points * 10)
	switch {
	case math.IsNaN(points) || math.Abs(points) > mostPoints || math.Abs(points*10-scaled) > 1e-6:
		c.add(f, "MALFORMED", "应为 0.1 的整数倍")
	case scaled == 0:
		c.add(f, "OUT_OF_RANGE", "不能为 0")
	case int(scaled) < least || int(scaled) > most:
		c.add(f, "OUT_OF_RANGE", fmt.Sprintf("应在 %g 至 %g 之间", float64(least)/10, float64(most)/10))
	default:
		return int(scaled)
	}
	return 0
}

// check judges the edition and answers its items as they are stored.
func (in *SetPointScheme) check(today time.Time) ([]duty.PointItem, error) {
	var c checker
	in.NewEdition.check(&c, len(in.Items), today)
	items := make([]duty.PointItem, len(in.Items))
	var keys []string
	for i := range in.Items {
		given := &in.Items[i]
		item := duty.PointItem{Key: given.Key, Filter: given.Filter}
		item.Name = c.item(i, given.Key, given.Name, &given.Filter, keys)
		keys = append(keys, given.Key)
		item.Points = c.tenths(ofItem("分值", i, "points"), given.Points, -mostPoints, mostPoints)
		period := ofItem("上限周期", i, "capPeriod")
		switch {
		case given.Cap == nil && given.CapPeriod != nil:
			c.add(period, "MISMATCH", "只在有上限时填写")
		case given.Cap != nil && given.CapPeriod == nil:
			c.add(period, "REQUIRED", "不能为空")
		case given.Cap != nil:
			word(&c, period, *given.CapPeriod)
			most := c.tenths(ofItem("上限", i, "cap"), *given.Cap, 1, mostPoints)
			item.Cap, item.CapPeriod = &most, *given.CapPeriod
		}
		items[i] = item
	}
	return items, c.list.Err()
}

// SetPointScheme puts an edition of the point scheme of the viewer's own congress in force. The edition before it ends on the day before. The ledgers of all
// deputies under it are brought up to it.
func (d *Desk) SetPointScheme(ctx context.Context, in SetPointScheme) (*gen.PointScheme, error) {
	v, err := d.admit(ctx, VerbSetPointScheme)
	if err != nil {
		return nil, err
	}
	items, err := in.check(d.today())
	if err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbSetPointScheme, v, func(t *task) (*gen.PointScheme, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.PointScheme.Get, func() (*gen.PointScheme, uuid.UUID, error) {
			s, err := t.setPointScheme(ctx, in, items)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return s, s.ID, nil
		})
	})
}

func (t *task) setPointScheme(ctx context.Context, in SetPointScheme, items []duty.PointItem) (*gen.PointScheme, error) {
	// There may be no row to lock yet.
	if err := t.lock(ctx, "points "+in.Congress.String()+" "+string(in.Level)); err != nil {
		return nil, err
	}
	congress, err := t.ownCongress(ctx, in.Congress, "积分办法")
	if err != nil {
		return nil, err
	}
	before, err := t.latestScheme(ctx, congress.ID, in.Level)
	if err != nil {
		return nil, err
	}
	edition, err := before.follow(ctx, in.FromOn)
	if err != nil {
		return nil, err
	}
	create := t.tx.PointScheme.Create().
		SetCongressID(congress.ID).SetLevel(in.Level).SetName(in.Name).SetEdition(edition).SetItems(items).SetFromOn(in.FromOn)
	areaOfCongress(congress).put(create.Mutation())
	s, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.settleUnder(ctx, s); err != nil {
		return nil, err
	}
	return s, t.audit(ctx, gen.TypePointScheme, s.ID, areaOfCongress(congress), map[string]any{
		"congress": s.CongressID, "level": s.Level, "edition": s.Edition, "items": len(s.Items), "fromOn": s.FromOn.Format(time.DateOnly),
	})
}

// latestScheme is the latest edition of a congress's point scheme for a level; nil when there is none.
func (t *task) latestScheme(ctx context.Context, congress uuid.UUID, level kind.CongressLevel) (*standing, error) {
	s, err := t.tx.PointScheme.Query().Where(pointscheme.CongressID(congress), pointscheme.LevelEQ(level)).
		Order(gen.Desc(pointscheme.FieldEdition)).First(ctx)
	switch {
	case gen.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &standing{s.Edition, s.FromOn, s.UntilOn, func(ctx context.Context, last time.Time) error {
		return t.tx.PointScheme.UpdateOne(s).SetUntilOn(last).AddVersion(1).Exec(ctx)
	}}, nil
}

// settleUnder has the ledgers of all deputies brought up to their evidence whom a scheme may be for.
func (t *task) settleUnder(ctx context.Context, s *gen.PointScheme) error {
	lo, hi := s.Code.Range()
	_, err := t.tx.ExecContext(ctx, `SELECT enqueue_settlement(ARRAY(SELECT DISTINCT deputy_id FROM mandate WHERE level = $1 AND code >= $2 AND code < $3))`,
		string(s.Level), int64(lo), int64(hi))
	if err != nil {
		return fmt.Errorf("settle under a scheme: %w", err)
	}
	return nil
}

// EndPointScheme ends an edition of the point scheme of the viewer's own congress that no other follows.
func (d *Desk) EndPointScheme(ctx context.Context, in EndEdition) (*gen.PointScheme, error) {
	v, err := d.admit(ctx, VerbEndPointScheme)
	if err != nil {
		return nil, err
	}
	in.UntilOn = calendar.Day(in.UntilOn)
	return transact(ctx, d, VerbEndPointScheme, v, func(t *task) (*gen.PointScheme, error) {
		old, err := t.tx.PointScheme.Query().Where(pointscheme.ID(in.ID)).ForUpdate().Only(ctx)
		if gen.IsNotFound(err) {
			// What is above the viewer's area can be read, but is not the viewer's to lock.
			old, err = t.tx.PointScheme.Get(ctx, in.ID)
		}
		if gen.IsNotFound(err) {
			return nil, fault.NotFound("积分办法不存在或不在辖区内", "input", "id")
		}
		if err != nil {
			return nil, err
		}
		at := area{old.Code, old.ProvinceCode, old.CityCode, old.CountyCode, old.TownshipCode}
		if err := t.mayEnd(in, at, old.Version, old.FromOn, old.UntilOn); err != nil {
			return nil, err
		}
		s, err := t.tx.PointScheme.UpdateOne(old).SetUntilOn(in.UntilOn).AddVersion(1).Save(ctx)
		if err != nil {
			return nil, err
		}
		if err := t.settleUnder(ctx, s); err != nil {
			return nil, err
		}
		return s, t.audit(ctx, gen.TypePointScheme, s.ID, at, map[string]any{"untilOn": in.UntilOn.Format(time.DateOnly)})
	})
}
