package workflow

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/division"
	"github.com/lianluo/lianluo/ent/gen/keyfigure"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// DefineFigure is something that activities count from a day on (统计指标).
type DefineFigure struct {
	IdempotencyKey *string `json:"-"`
	Key            string
	Name, Unit     string
	Type           kind.Figure
	// Campaign is the campaign whose activities alone count it.
	Campaign *string
	FromOn   time.Time
	UntilOn  *time.Time
}

// figureKey is how the keys of figures are written.
var figureKey = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,39}$`)

var untilOn = at("截止日期", "untilOn")

func (in *DefineFigure) check() error {
	var c checker
	c.key(in.IdempotencyKey)
	if in.Key = strings.TrimSpace(in.Key); !figureKey.MatchString(in.Key) {
		c.add(at("指标代号", "key"), "MALFORMED", "应为 2 至 40 个大写字母、数字或下划线,以字母开头")
	}
	in.Name = c.text(at("指标名称", "name"), in.Name, 2, 40)
	in.Unit = c.text(at("单位", "unit"), in.Unit, 1, 10)
	word(&c, at("指标类型", "type"), in.Type)
	in.Campaign = c.optional(at("主题活动", "campaign"), in.Campaign, 60)
	in.FromOn = calendar.Day(in.FromOn)
	if in.FromOn.Before(calendar.Founding) {
		c.add(at("起始日期", "fromOn"), impossibleDate, "不能早于 "+calendar.Founding.Format(time.DateOnly))
	}
	if in.UntilOn = sameDay(in.UntilOn); in.UntilOn != nil && in.UntilOn.Before(in.FromOn) {
		c.add(untilOn, "REVERSED", "不能早于起始日期")
	}
	return c.list.Err()
}

// DefineFigure defines a key figure for the viewer's own division and all that lies below. No place above or below may have one of the same key, so
// that a key means one thing at every station.
func (d *Desk) DefineFigure(ctx context.Context, in DefineFigure) (*gen.KeyFigure, error) {
	v, err := d.admit(ctx, VerbDefineFigure)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbDefineFigure, v, func(t *task) (*gen.KeyFigure, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.KeyFigure.Get, func() (*gen.KeyFigure, uuid.UUID, error) {
			f, err := t.defineFigure(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return f, f.ID, nil
		})
	})
}

func (t *task) defineFigure(ctx context.Context, in DefineFigure) (*gen.KeyFigure, error) {
	// There is no row to lock yet.
	if err := t.lock(ctx, "key figure:"+in.Key); err != nil {
		return nil, err
	}
	own, err := t.tx.Division.Query().Where(division.Code(t.viewer.Division)).Only(ctx)
	if err != nil {
		return nil, err
	}
	// In sight are those of the places above, and of all below.
	taken, err := t.tx.KeyFigure.Query().Where(keyfigure.Key(in.Key)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if taken {
		return nil, fault.Conflict("DUPLICATE", "本级、上级或下级已有同一代号的统计指标", "input", "key")
	}
	create := t.tx.KeyFigure.Create().
		SetKey(in.Key).SetName(in.Name).SetUnit(in.Unit).SetType(in.Type).SetNillableCampaign(in.Campaign).
		SetFromOn(in.FromOn).SetNillableUntilOn(in.UntilOn)
	areaOfDivision(own).put(create.Mutation())
	f, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	return f, t.audit(ctx, gen.TypeKeyFigure, f.ID, areaOfFigure(f), map[string]any{
		"key": f.Key, "name": f.Name, "unit": f.Unit, "type": f.Type, "campaign": f.Campaign, "fromOn": f.FromOn.Format(time.DateOnly),
	})
}

func areaOfFigure(f *gen.KeyFigure) area {
	return area{f.Code, f.ProvinceCode, f.CityCode, f.CountyCode, f.TownshipCode}
}

// ChangeFigure is what changes of a key figure. What it counts stays.
type ChangeFigure struct {
	ID              uuid.UUID
	ExpectedVersion *int
	Name, Unit      Change[string]
	Campaign        Change[string]
	UntilOn         Change[time.Time]
}

func (in *ChangeFigure) check() error {
	var c checker
	in.Name = c.newText(at("指标名称", "name"), in.Name, 2, 40)
	in.Unit = c.newText(at("单位", "unit"), in.Unit, 1, 10)
	in.Campaign = c.newOptional(at("主题活动", "campaign"), in.Campaign, 60)
	in.UntilOn.Value = sameDay(in.UntilOn.Value)
	return c.list.Err()
}

// ChangeFigure changes a key figure of the viewer's own division.
func (d *Desk) ChangeFigure(ctx context.Context, in ChangeFigure) (*gen.KeyFigure, error) {
	v, err := d.admit(ctx, VerbChangeFigure)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbChangeFigure, v, func(t *task) (*gen.KeyFigure, error) {
		return t.changeFigure(ctx, in)
	})
}

func (t *task) changeFigure(ctx context.Context, in ChangeFigure) (*gen.KeyFigure, error) {
	old, err := t.tx.KeyFigure.Get(ctx, in.ID)
	switch {
	case gen.IsNotFound(err):
		return nil, fault.NotFound("统计指标不存在或不适用于本辖区", "input", "id")
	case err != nil:
		return nil, err
	case old.Code != t.viewer.Division:
		return nil, forbidden("只能调整本级的统计指标", "input", "id")
	}
	if old, err = t.tx.KeyFigure.Query().Where(keyfigure.ID(old.ID)).ForUpdate().Only(ctx); err != nil {
		return nil, err
	}
	if err := expect(in.ExpectedVersion, old.Version); err != nil {
		return nil, err
	}
	if in.UntilOn.Value != nil && in.UntilOn.Value.Before(calendar.Day(old.FromOn)) {
		return nil, fault.Invalid("REVERSED", "截止日期不能早于起始日期", untilOn.path...)
	}
	u, d := t.tx.KeyFigure.UpdateOne(old), diff{}
	revise(d, "name", &old.Name, in.Name, u.SetName, nil)
	revise(d, "unit", &old.Unit, in.Unit, u.SetUnit, nil)
	revise(d, "campaign", old.Campaign, in.Campaign, u.SetCampaign, u.ClearCampaign)
	revise(d, "untilOn", sameDay(old.UntilOn), in.UntilOn, u.SetUntilOn, u.ClearUntilOn)
	if len(d) == 0 {
		return old, nil
	}
	f, err := u.AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	return f, t.audit(ctx, gen.TypeKeyFigure, f.ID, areaOfFigure(f), d)
}

// figuresHolding are the key figures that hold at a place on a day: those of the places on its way up.
func (t *task) figuresHolding(ctx context.Context, a area, day time.Time) ([]*gen.KeyFigure, error) {
	way := []place.Code{place.Nation, a.Code}
	for _, above := range []*place.Code{a.Province, a.City, a.County, a.Township} {
		if above != nil {
			way = append(way, *above)
		}
	}
	return t.tx.KeyFigure.Query().Where(keyfigure.CodeIn(way...), keyfigure.FromOnLTE(day),
		keyfigure.Or(keyfigure.UntilOnIsNil(), keyfigure.UntilOnGTE(day))).All(ctx)
}

// named is the figure of some that a value names, or nil.
func named(figures []*gen.KeyFigure, v FigureValue) *gen.KeyFigure {
	for _, f := range figures {
		if v.Key != nil && f.Key == *v.Key || v.Figure != nil && f.ID == *v.Figure {
			return f
		}
	}
	return nil
}
