package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
)

// ChangeVisitDay is what changes of a visit day (调整接待日); what is not given stays.
type ChangeVisitDay struct {
	ID              uuid.UUID
	ExpectedVersion *int
	Day             Change[time.Time]
	// Begins and Ends are times of the day, HH:MM.
	Begins, Ends    Change[string]
	Location, Theme Change[string]
	Reason          string
}

func (in *ChangeVisitDay) check(today time.Time) error {
	var c checker
	day := at("日期", "day")
	switch {
	case !in.Day.Given:
	case in.Day.Value == nil:
		c.add(day, "REQUIRED", "不能为空")
	default:
		in.Day = To(c.day(day, *in.Day.Value, today, today.AddDate(0, 0, planAhead)))
	}
	for _, hour := range []struct {
		field
		Change[string]
	}{{at("开始时间", "begins"), in.Begins}, {at("结束时间", "ends"), in.Ends}} {
		if !hour.Given {
			continue
		}
		if _, ok := minute(deref(hour.Value)); !ok {
			c.add(hour.field, "MALFORMED", "应为 09:00 的形式")
		}
	}
	in.Location = c.newOptional(at("地点", "location"), in.Location, 200)
	in.Theme = c.newOptional(at("主题", "theme"), in.Theme, 100)
	if !in.Day.Given && !in.Begins.Given && !in.Ends.Given && !in.Location.Given && !in.Theme.Given {
		c.list.Add("EMPTY", "没有要修改的内容", "input")
	}
	in.Reason = c.text(at("调整原因", "reason"), in.Reason, 2, longestReason)
	return c.list.Err()
}

// ChangeVisitDay moves a visit day that is still to come about, to another day or time, or changes where it is or its theme. It may not be moved into
// the past, nor to a day on which the station has another. Who knows of the day is told.
func (d *Desk) ChangeVisitDay(ctx context.Context, in ChangeVisitDay) (*gen.VisitDay, error) {
	v, err := d.admit(ctx, VerbChangeVisitDay)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbChangeVisitDay, v, func(t *task) (*gen.VisitDay, error) {
		old, err := t.ownVisitDay(ctx, in.ID, in.ExpectedVersion)
		if err != nil {
			return nil, err
		}
		return t.changeVisitDay(ctx, old, in)
	})
}

func (t *task) changeVisitDay(ctx context.Context, old *gen.VisitDay, in ChangeVisitDay) (*gen.VisitDay, error) {
	if _, err := visitStep(old, VerbChangeVisitDay, "input", "id"); err != nil {
		return nil, err
	}
	begins, ends, err := t.moved(old, in)
	if err != nil {
		return nil, err
	}
	update, changed := t.tx.VisitDay.UpdateOne(old), diff{}
	if day := calendar.Today(begins); !day.Equal(calendar.Day(old.Day)) {
		update.SetDay(day)
		changed["day"] = move{From: old.Day.Format(time.DateOnly), To: day.Format(time.DateOnly)}
	}
	revise(changed, "beginsAt", new(old.BeginsAt.UTC()), To(begins.UTC()), update.SetBeginsAt, nil)
	revise(changed, "endsAt", new(old.EndsAt.UTC()), To(ends.UTC()), update.SetEndsAt, nil)
	revise(changed, "location", old.Location, in.Location, update.SetLocation, update.ClearLocation)
	revise(changed, "theme", old.Theme, in.Theme, update.SetTheme, update.ClearTheme)
	if len(changed) == 0 {
		return nil, fault.Invalid("EMPTY", "没有要修改的内容", "input")
	}
	d, err := update.SetReason(in.Reason).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.audit(ctx, gen.TypeVisitDay, d.ID, areaOfVisitDay(d), map[string]any{"changed": changed, "reason": in.Reason}); err != nil {
		return nil, err
	}
	return d, t.announceChange(ctx, d)
}

// moved is when a visit day begins and ends after a change.
func (t *task) moved(old *gen.VisitDay, in ChangeVisitDay) (begins, ends time.Time, err error) {
	day, first, last := calendar.Day(old.Day), minutesOf(old.Day, old.BeginsAt), minutesOf(old.Day, old.EndsAt)
	if in.Day.Given {
		day = *in.Day.Value
	}
	if in.Begins.Given {
		first, _ = minute(*in.Begins.Value)
	}
	if in.Ends.Given {
		last, _ = minute(*in.Ends.Value)
	}
	begins, ends = hourOf(day, first), hourOf(day, last)
	var c checker
	if !ends.After(begins) {
		c.add(at("结束时间", "ends"), "REVERSED", "应晚于开始时间")
	}
	if !begins.Equal(old.BeginsAt) && begins.Before(t.desk.clock()) {
		c.add(at("日期", "day"), impossibleDate, "不能早于现在")
	}
	return begins, ends, c.list.Err()
}

// minutesOf is how many minutes after a day begins a moment is.
func minutesOf(day, moment time.Time) int { return int(moment.Sub(calendar.Begin(day)) / time.Minute) }

// announceChange tells of a change of a visit day, or of duties on it, those who know of the day: everyone concerned, once it is published.
func (t *task) announceChange(ctx context.Context, d *gen.VisitDay, duties ...uuid.UUID) error {
	if d.PublishedAt == nil {
		return nil
	}
	for _, id := range duties {
		if err := t.announce(ctx, kind.NoticeRotaChanged, gen.TypeVisitDuty, id); err != nil {
			return err
		}
	}
	if len(duties) > 0 {
		return nil
	}
	return t.announce(ctx, kind.NoticeRotaChanged, gen.TypeVisitDay, d.ID)
}
