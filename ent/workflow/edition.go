package workflow

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
)

// What norms and point schemes have in common: editions of items that a congress puts in force for deputies of a level, one after another.

// NewEdition is an edition to put in force, without its items.
type NewEdition struct {
	IdempotencyKey *string `json:"-"`
	Congress       uuid.UUID
	Level          kind.CongressLevel // of the deputies it is for
	Name           string
	FromOn         time.Time
}

// mostItems is how many items an edition may have.
const mostItems = 50

var (
	fromOn = at("生效日期", "fromOn")
	lastOn = at("最后一日", "untilOn")
)

func (in *NewEdition) check(c *checker, items int, today time.Time) {
	c.key(in.IdempotencyKey)
	word(c, at("代表层级", "level"), in.Level)
	in.Name = c.text(at("名称", "name"), in.Name, 2, 60)
	in.FromOn = c.day(fromOn, in.FromOn, calendar.Founding, today.AddDate(1, 0, 0))
	switch f := at("项目", "items"); {
	case items == 0:
		c.add(f, "REQUIRED", "至少应有一项")
	case items > mostItems:
		c.add(f, "TOO_MANY", fmt.Sprintf("最多 %d 项", mostItems))
	}
}

// ofItem names a field of an item.
func ofItem(label string, i int, name string) field {
	return at(fmt.Sprintf("第 %d 项的%s", i+1, label), "items", strconv.Itoa(i), name)
}

var itemKey = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,39}$`)

// item checks what items of norms and of points have in common. The keys before it are taken.
func (c *checker) item(i int, key, name string, f *duty.Filter, before []string) (checkedName string) {
	at := ofItem("标识", i, "key")
	switch {
	case !itemKey.MatchString(key):
		c.add(at, "MALFORMED", "应以大写字母开头,由大写字母、数字和下划线组成,最多 40 个字")
	case slices.Contains(before, key):
		c.add(at, "DUPLICATE", "与前面的项目重复")
	}
	word(c, ofItem("事项", i, "deed"), f.Deed)
	if len(f.Ways) > 0 && f.Deed != kind.DeedAttendance {
		c.add(ofItem("履职方式", i, "ways"), "MISMATCH", "只适用于参加活动")
	}
	if len(f.Records) > 0 && f.Deed != kind.DeedRecord {
		c.add(ofItem("履职记录类型", i, "records"), "MISMATCH", "只适用于履职记录")
	}
	words(c, ofItem("履职方式", i, "ways"), f.Ways)
	words(c, ofItem("履职记录类型", i, "records"), f.Records)
	return c.text(ofItem("名称", i, "name"), name, 1, 60)
}

// words checks that values are each of their vocabulary, and none is there twice.
func words[T interface {
	~string
	Values() []string
}](c *checker, f field, values []T,
) {
	for i, v := range values {
		word(c, f, v)
		if slices.Contains(values[:i], v) {
			c.add(f, "DUPLICATE", "有重复")
		}
	}
}

// standing is the latest edition that there is, as far as the next one has to do with it.
type standing struct {
	edition int
	from    time.Time
	until   *time.Time
	end     func(context.Context, time.Time) error // sets its last day
}

// ownCongress finds the congress of an edition, which must be the viewer's own.
func (t *task) ownCongress(ctx context.Context, id uuid.UUID, what string) (*gen.Congress, error) {
	c, err := t.tx.Congress.Get(ctx, id)
	switch {
	case gen.IsNotFound(err):
		return nil, noCongress("input", "congress")
	case err != nil:
		return nil, err
	case c.Code != t.viewer.Division:
		return nil, forbidden("只能设定本级人民代表大会的"+what, "input", "congress")
	}
	return c, nil
}

// follow ends the edition that stands on the day before the next one, and answers the next one's number. None stands before the first.
func (s *standing) follow(ctx context.Context, from time.Time) (int, error) {
	if s == nil {
		return 1, nil
	}
	if err := oneDay(fromOn, from, calendar.Day(s.from), from); err != nil {
		return 0, err
	}
	last := from.AddDate(0, 0, -1)
	if s.until == nil || calendar.Day(*s.until).After(last) {
		if err := s.end(ctx, last); err != nil {
			return 0, err
		}
	}
	return s.edition + 1, nil
}

// EndEdition is the end of an edition that none follows.
type EndEdition struct {
	ID              uuid.UUID
	ExpectedVersion *int
	UntilOn         time.Time // the last day
}

// mayEnd checks whether an edition may be ended. It must be the own congress's and not be ended yet.
func (t *task) mayEnd(in EndEdition, at area, version int, from time.Time, until *time.Time) error {
	switch {
	case at.Code != t.viewer.Division:
		return forbidden("只能由设定它的人民代表大会一级停用", "input", "id")
	case until != nil:
		return fault.Conflict("ENDED", "该版本已停用或已有新版本", "input", "id")
	}
	if err := expect(in.ExpectedVersion, version); err != nil {
		return err
	}
	return oneDay(lastOn, in.UntilOn, calendar.Day(from), t.desk.today().AddDate(1, 0, 0))
}
