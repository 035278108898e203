package workflow

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/activityfigure"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// RecordActivity is what came of an activity (记录活动).
type RecordActivity struct {
	ActivityRef
	Summary     Change[string]
	Figures     []FigureValue
	Attendances *Attendances
	// Photos are the secrets of uploads; each is used once.
	Photos []string
	// Reason is why it is recorded late, or why a record is changed.
	Reason *string
}

// FigureValue is what an activity counted. The figure is named by key or id; without a value it is taken back.
type FigureValue struct {
	Key    *string
	Figure *uuid.UUID
	Value  *float64
}

// The greatest values that an activity can come to, by the type of the figure.
var greatest = map[kind.Figure]float64{kind.FigureCount: 1_000_000, kind.FigureAmount: 1_000_000_000, kind.FigureQuantity: 1_000_000}

var photos = at("照片", "photos")

func (in *RecordActivity) check(c *checker) {
	in.Summary = c.newOptional(at("活动小结", "summary"), in.Summary, 2000)
	in.Reason = c.optional(at("原因", "reason"), in.Reason, longestNote)
	c.files(photos, in.Photos)
	if in.Attendances != nil {
		in.Attendances.check(c, "attendances")
	}
	seen := map[string]bool{}
	for i, v := range in.Figures {
		f := at("统计指标", "figures", strconv.Itoa(i))
		switch {
		case (v.Key == nil) == (v.Figure == nil):
			c.add(f, "REQUIRED", "须且只能用 key 或 figure 指明")
		case seen[v.name()]:
			c.add(f, "REPEATED", "不能重复")
		}
		seen[v.name()] = true
		if v.Value != nil && (math.IsNaN(*v.Value) || *v.Value < 0) {
			c.add(at("数值", "figures", strconv.Itoa(i), "value"), "OUT_OF_RANGE", "不能为负")
		}
	}
}

// name tells a figure of the input from the others.
func (v FigureValue) name() string {
	switch {
	case v.Key != nil:
		return *v.Key
	case v.Figure != nil:
		return v.Figure.String()
	}
	return ""
}

// RecordActivity records what came of an activity that was held, or changes the record until it is confirmed. Later than a week after the day, and of
// one that is recorded already, the reason must be given.
func (d *Desk) RecordActivity(ctx context.Context, in RecordActivity) (*gen.Activity, error) {
	return d.arrange(ctx, arrangement{
		verb: VerbRecordActivity, on: in.ActivityRef, check: in.check,
		do: func(ctx context.Context, t *task, a *gen.Activity, do *arranging) error {
			if err := t.recordable(ctx, a, in.Reason, do); err != nil {
				return err
			}
			revise(diff(do.detail), "summary", a.Summary, in.Summary, do.SetSummary, do.ClearSummary)
			if err := t.countFigures(ctx, a, in.Figures); err != nil {
				return err
			}
			if in.Attendances != nil && !in.Attendances.empty() {
				if err := t.attend(ctx, a, *in.Attendances, do, "attendances"); err != nil {
					return err
				}
				do.place = areaOfActivity(a)
			}
			do.text, do.detail["figures"], do.detail["photos"] = in.Reason, len(in.Figures), len(in.Photos)
			if err := t.attachTo(ctx, ofActivity(a), photos, in.Photos); err != nil {
				return err
			}
			if a.VisitDayID != nil {
				return t.holdVisitDay(ctx, *a.VisitDayID)
			}
			return nil
		},
	})
}

// recordable tells whether an activity may be recorded now, and notes when it is.
func (t *task) recordable(ctx context.Context, a *gen.Activity, reason *string, do *arranging) error {
	if err := t.notBefore(a.BeginsAt, "input", "id"); err != nil {
		return err
	}
	if err := t.partnered(ctx, a); err != nil {
		return err
	}
	late := t.desk.today().After(calendar.Day(a.Day).AddDate(0, 0, recordWithin))
	switch {
	case late && reason == nil:
		return fault.Invalid("REQUIRED", "活动结束已超过 7 天,应说明原因", "input", "reason")
	case a.State == state.ActivityRecorded && reason == nil:
		return fault.Invalid("REQUIRED", "该活动已记录,修改应说明原因", "input", "reason")
	}
	if a.RecordedAt == nil {
		do.SetRecordedAt(t.desk.clock()).SetLate(late)
	}
	return nil
}

// countFigures keeps what an activity counted.
func (t *task) countFigures(ctx context.Context, a *gen.Activity, values []FigureValue) error {
	if len(values) == 0 {
		return nil
	}
	holding, err := t.figuresHolding(ctx, areaOfActivity(a), calendar.Day(a.Day))
	if err != nil {
		return err
	}
	old, err := t.tx.ActivityFigure.Query().Where(activityfigure.ActivityID(a.ID)).All(ctx)
	if err != nil {
		return err
	}
	stored := make(map[uuid.UUID]*gen.ActivityFigure, len(old))
	for _, f := range old {
		stored[f.FigureID] = f
	}
	counted := map[uuid.UUID]bool{}
	for i, v := range values {
		path := []string{"figures", strconv.Itoa(i)}
		figure := named(holding, v)
		switch {
		case figure == nil:
			return fault.NotFound("该统计指标不存在,或不适用于该站点和日期", append([]string{"input"}, path...)...)
		case counted[figure.ID]:
			return fault.Invalid("REPEATED", "统计指标不能重复", append([]string{"input"}, path...)...)
		case figure.Campaign != nil && (a.Campaign == nil || *figure.Campaign != *a.Campaign):
			return fault.Invalid("MISMATCH", "“"+figure.Name+"”只统计主题活动“"+*figure.Campaign+"”", append([]string{"input"}, path...)...)
		}
		counted[figure.ID] = true
		if err := t.countFigure(ctx, a, figure, stored[figure.ID], v.Value, append(path, "value")...); err != nil {
			return err
		}
	}
	return nil
}

func (t *task) countFigure(
	ctx context.Context, a *gen.Activity, figure *gen.KeyFigure, old *gen.ActivityFigure, value *float64, path ...string,
) error {
	if value == nil {
		if old == nil {
			return nil
		}
		return t.tx.ActivityFigure.DeleteOne(old).Exec(ctx)
	}
	stored, err := figureValue(figure, *value, path...)
	if err != nil {
		return err
	}
	if old != nil {
		return t.tx.ActivityFigure.UpdateOne(old).SetValue(stored).AddVersion(1).Exec(ctx)
	}
	create := t.tx.ActivityFigure.Create().SetActivityID(a.ID).SetFigureID(figure.ID).SetValue(stored)
	areaOfActivity(a).put(create.Mutation())
	return create.Exec(ctx)
}

// figureValue is a value as it is stored: a count, fen, hundredths.
func figureValue(figure *gen.KeyFigure, value float64, path ...string) (int64, error) {
	f := at("“"+figure.Name+"”的数值", path...)
	scaled := value * figure.Type.Scale()
	whole := math.Round(scaled)
	var c checker
	switch {
	case value > greatest[figure.Type]:
		c.add(f, "OUT_OF_RANGE", fmt.Sprintf("不能超过 %.0f", greatest[figure.Type]))
	case figure.Type == kind.FigureCount && scaled != whole:
		c.add(f, "MALFORMED", "应为整数")
	case math.Abs(scaled-whole) > 1e-4:
		c.add(f, "MALFORMED", "最多两位小数")
	}
	return int64(whole), c.list.Err()
}
