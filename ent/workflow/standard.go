package workflow

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/standard"
	"github.com/lianluo/lianluo/ent/kind"
)

// SetStandard is a new edition of a checklist (考评标准).
type SetStandard struct {
	IdempotencyKey *string `json:"-"`
	Congress       uuid.UUID
	Subject        kind.Evaluated
	Name           string
	Items          []StandardItem
	// Stars are in rising order; none for a checklist without stars.
	Stars  []StandardStar
	FromOn time.Time
	items  []duty.StandardItem
	stars  []duty.Star
}

// StandardItem is one line of a checklist: what it asks for, the most points it brings, and whether evidence is needed.
type StandardItem struct {
	Key, Name string
	Points    float64
	Evidence  bool
}

// StandardStar is from how many points how many stars are given.
type StandardStar struct {
	Stars int
	From  float64
}

// The bounds of a checklist. Points are in tenths.
const (
	mostChecks = 100
	mostStars  = 5
	// A rule begins to hold no later than this, in days from now.
	farthestRule = 366
)

func (in *SetStandard) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	word(&c, at("考评对象", "subject"), in.Subject)
	in.Name = c.text(at("标准名称", "name"), in.Name, 2, 60)
	in.checkItems(&c)
	in.checkStars(&c)
	in.FromOn = c.day(standardFrom, in.FromOn, calendar.Founding, today.AddDate(0, 0, farthestRule))
	return c.list.Err()
}

var standardFrom = at("起始日期", "fromOn")

func (in *SetStandard) checkItems(c *checker) {
	all := at("考评项目", "items")
	switch n := len(in.Items); {
	case n == 0:
		c.add(all, "REQUIRED", "不能为空")
	case n > mostChecks:
		c.add(all, "TOO_MANY", fmt.Sprintf("最多 %d 项", mostChecks))
	}
	seen := make(map[string]bool, len(in.Items))
	in.items = make([]duty.StandardItem, len(in.Items))
	for i, item := range in.Items {
		of := func(label, name string) field {
			return at(fmt.Sprintf("第 %d 项%s", i+1, label), "items", strconv.Itoa(i), name)
		}
		kept := duty.StandardItem{Evidence: item.Evidence}
		kept.Key = c.text(of("编号", "key"), item.Key, 1, 20)
		if kept.Key != "" && seen[kept.Key] {
			c.add(of("编号", "key"), "DUPLICATE", "重复")
		}
		seen[kept.Key] = true
		kept.Name = c.text(of("内容", "name"), item.Name, 2, 200)
		kept.Points = c.decimal(of("分值", "points"), item.Points, 1, mostPoints)
		in.items[i] = kept
	}
}

// checkStars sees to it that more stars always take more points, and none more than there are.
func (in *SetStandard) checkStars(c *checker) {
	if len(in.Stars) > mostStars {
		c.add(at("星级", "stars"), "TOO_MANY", fmt.Sprintf("最多 %d 级", mostStars))
	}
	var last duty.Star
	full := duty.Full(in.items)
	in.stars = nil
	for i, star := range in.Stars {
		of := func(label, name string) field {
			return at(fmt.Sprintf("第 %d 级%s", i+1, label), "stars", strconv.Itoa(i), name)
		}
		c.count(of("星数", "stars"), star.Stars, mostStars)
		kept := duty.Star{Stars: star.Stars, From: c.decimal(of("起评分", "from"), star.From, 1, max(full, 1))}
		if i > 0 && kept.Stars <= last.Stars {
			c.add(of("星数", "stars"), "NOT_RISING", "应多于前一级")
		}
		if i > 0 && kept.From <= last.From {
			c.add(of("起评分", "from"), "NOT_RISING", "应高于前一级")
		}
		in.stars, last = append(in.stars, kept), kept
	}
}

// SetStandard sets a checklist of the viewer's own congress. One of the same name is an edition of it, and ends on the day before the new one begins; evaluations
// under way go on by theirs.
func (d *Desk) SetStandard(ctx context.Context, in SetStandard) (*gen.Standard, error) {
	v, err := d.admit(ctx, VerbSetStandard)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbSetStandard, v, func(t *task) (*gen.Standard, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.Standard.Get, func() (*gen.Standard, uuid.UUID, error) {
			s, err := t.setStandard(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return s, s.ID, nil
		})
	})
}

func (t *task) setStandard(ctx context.Context, in SetStandard) (*gen.Standard, error) {
	if err := t.lock(ctx, "standards "+in.Congress.String()); err != nil {
		return nil, err
	}
	congress, err := t.ownCongress(ctx, in.Congress, "考评标准")
	if err != nil {
		return nil, err
	}
	former, err := t.tx.Standard.Query().Where(standard.CongressID(congress.ID), standard.Name(in.Name)).
		Order(gen.Desc(standard.FieldEdition)).First(ctx)
	edition := 1
	switch {
	case gen.IsNotFound(err):
	case err != nil:
		return nil, err
	default:
		if err := t.endStandard(ctx, former, in); err != nil {
			return nil, err
		}
		edition = former.Edition + 1
	}
	create := t.tx.Standard.Create().SetCongressID(congress.ID).SetSubject(in.Subject).SetName(in.Name).SetEdition(edition).
		SetItems(in.items).SetFromOn(in.FromOn)
	if len(in.stars) > 0 {
		create.SetStars(in.stars)
	}
	areaOfCongress(congress).put(create.Mutation())
	s, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	return s, t.audit(ctx, gen.TypeStandard, s.ID, areaOfCongress(congress), map[string]any{
		"name": s.Name, "edition": s.Edition, "subject": s.Subject, "fromOn": s.FromOn.Format(time.DateOnly),
	})
}

// endStandard ends the edition that a new one follows.
func (t *task) endStandard(ctx context.Context, former *gen.Standard, in SetStandard) error {
	if former.Subject != in.Subject {
		return fault.Conflict("MISMATCH", "同名标准的考评对象不同", "input", "subject")
	}
	if err := oneDay(standardFrom, in.FromOn, calendar.Day(former.FromOn), in.FromOn); err != nil {
		return err
	}
	return t.tx.Standard.UpdateOne(former).SetUntilOn(in.FromOn.AddDate(0, 0, -1)).AddVersion(1).Exec(ctx)
}
