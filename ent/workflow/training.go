package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/training"
	"github.com/lianluo/lianluo/ent/gen/trainingattendance"
)

// PlanTraining is a new course (培训).
type PlanTraining struct {
	IdempotencyKey    *string `json:"-"`
	Organ             uuid.UUID
	Title             string
	Teacher, Location *string
	FromOn, ToOn      time.Time
	Hours             float64 // at most one decimal
	Summary           *string
	hours             int // in tenths
}

// The fields of a course, and their bounds.
var (
	trainingTitle    = at("培训名称", "title")
	trainingTeacher  = at("主讲人", "teacher")
	trainingLocation = at("培训地点", "location")
	trainingFrom     = at("开始日期", "fromOn")
	trainingTo       = at("结束日期", "toOn")
	trainingHours    = at("学时", "hours")
	trainingSummary  = at("培训内容", "summary")
)

const (
	mostHours = 10000 // tenths of an hour
	// A course is planned no further ahead, and lasts no longer, than this, in days.
	farthestTraining = 2 * 366
	longestTraining  = 366
)

func (in *PlanTraining) check(today time.Time) error {
	var c checker
	c.key(in.IdempotencyKey)
	in.Title = c.text(trainingTitle, in.Title, 2, 100)
	in.Teacher = c.optional(trainingTeacher, in.Teacher, 40)
	in.Location = c.optional(trainingLocation, in.Location, 200)
	in.FromOn, in.ToOn = c.trainingDays(in.FromOn, in.ToOn, today)
	in.hours = c.decimal(trainingHours, in.Hours, 1, mostHours)
	in.Summary = c.optional(trainingSummary, in.Summary, 2000)
	return c.list.Err()
}

// trainingDays checks the first and the last day of a course.
func (c *checker) trainingDays(from, to, today time.Time) (time.Time, time.Time) {
	from = c.day(trainingFrom, from, calendar.Founding, today.AddDate(0, 0, farthestTraining))
	return from, c.day(trainingTo, to, from, from.AddDate(0, 0, longestTraining))
}

// PlanTraining plans a course that an organ of the viewer's own division holds. It may also be one that has been.
func (d *Desk) PlanTraining(ctx context.Context, in PlanTraining) (*gen.Training, error) {
	v, err := d.admit(ctx, VerbPlanTraining)
	if err != nil {
		return nil, err
	}
	if err := in.check(d.today()); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbPlanTraining, v, func(t *task) (*gen.Training, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.Training.Get, func() (*gen.Training, uuid.UUID, error) {
			made, err := t.planTraining(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return made, made.ID, nil
		})
	})
}

func (t *task) planTraining(ctx context.Context, in PlanTraining) (*gen.Training, error) {
	o, err := t.ownOrgan(ctx, in.Organ, in.FromOn, at("主办机关", "organ"))
	if err != nil {
		return nil, err
	}
	create := t.tx.Training.Create().SetOrganID(o.ID).SetTitle(in.Title).
		SetNillableTeacher(in.Teacher).SetNillableLocation(in.Location).SetNillableSummary(in.Summary).
		SetFromOn(in.FromOn).SetToOn(in.ToOn).SetHours(in.hours)
	where := area{o.Code, o.ProvinceCode, o.CityCode, o.CountyCode, o.TownshipCode}
	where.put(create.Mutation())
	made, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	return made, t.audit(ctx, gen.TypeTraining, made.ID, areaOfTraining(made), map[string]any{
		"organ": made.OrganID, "title": made.Title, "fromOn": made.FromOn.Format(time.DateOnly), "hours": made.Hours,
	})
}

func areaOfTraining(t *gen.Training) area {
	return area{t.Code, t.ProvinceCode, t.CityCode, t.CountyCode, t.TownshipCode}
}

// ChangeTraining is what to change of a course.
type ChangeTraining struct {
	ID                         uuid.UUID
	ExpectedVersion            *int
	Title                      Change[string]
	Teacher, Location, Summary Change[string]
	FromOn, ToOn               Change[time.Time]
	Hours                      Change[float64]
	hours                      Change[int]
}

func (in *ChangeTraining) check() error {
	given := in.Title.Given || in.Teacher.Given || in.Location.Given || in.Summary.Given || in.FromOn.Given || in.ToOn.Given || in.Hours.Given
	if !given {
		return nothingToChange()
	}
	var c checker
	in.Title = c.newText(trainingTitle, in.Title, 2, 100)
	in.Teacher = c.newOptional(trainingTeacher, in.Teacher, 40)
	in.Location = c.newOptional(trainingLocation, in.Location, 200)
	in.Summary = c.newOptional(trainingSummary, in.Summary, 2000)
	for _, day := range []struct {
		field
		to *Change[time.Time]
	}{{trainingFrom, &in.FromOn}, {trainingTo, &in.ToOn}} {
		switch {
		case !day.to.Given:
		case day.to.Value == nil:
			c.add(day.field, "REQUIRED", "不能为空")
		default:
			*day.to = To(calendar.Day(*day.to.Value))
		}
	}
	switch {
	case !in.Hours.Given:
	case in.Hours.Value == nil:
		c.add(trainingHours, "REQUIRED", "不能为空")
	default:
		in.hours = To(c.decimal(trainingHours, *in.Hours.Value, 1, mostHours))
	}
	return c.list.Err()
}

// ChangeTraining changes what is given of a course of the viewer's own division that is not cancelled. Once deputies have been recorded, the first day stays, and the
// course has no fewer hours than any of them.
func (d *Desk) ChangeTraining(ctx context.Context, in ChangeTraining) (*gen.Training, error) {
	v, err := d.admit(ctx, VerbChangeTraining)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbChangeTraining, v, func(t *task) (*gen.Training, error) { return t.changeTraining(ctx, in) })
}

func (t *task) changeTraining(ctx context.Context, in ChangeTraining) (*gen.Training, error) {
	old, err := t.lockOwnTraining(ctx, in.ID, in.ExpectedVersion)
	if err != nil {
		return nil, err
	}
	from, to := calendar.Day(old.FromOn), calendar.Day(old.ToOn)
	update := t.tx.Training.UpdateOne(old)
	changed := in.apply(old, update)
	if len(changed) == 0 {
		return old, nil
	}
	if changed["fromOn"] != nil || changed["toOn"] != nil {
		var c checker
		c.trainingDays(*in.FromOn.or(&from), *in.ToOn.or(&to), t.desk.today())
		if err := c.list.Err(); err != nil {
			return nil, err
		}
	}
	if err := t.checkAttended(ctx, old, in, changed); err != nil {
		return nil, err
	}
	now, err := update.AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	return now, t.audit(ctx, gen.TypeTraining, now.ID, areaOfTraining(now), map[string]any{"changed": changed})
}

// apply puts the changes into an update and lists them.
func (in *ChangeTraining) apply(old *gen.Training, u *gen.TrainingUpdateOne) diff {
	d := diff{}
	// Some are never emptied, as the check saw to; their unsetters are not called.
	stays := func() *gen.TrainingUpdateOne { return u }
	revise(d, "title", &old.Title, in.Title, u.SetTitle, stays)
	revise(d, "teacher", old.Teacher, in.Teacher, u.SetTeacher, u.ClearTeacher)
	revise(d, "location", old.Location, in.Location, u.SetLocation, u.ClearLocation)
	revise(d, "summary", old.Summary, in.Summary, u.SetSummary, u.ClearSummary)
	revise(d, "fromOn", sameDay(&old.FromOn), in.FromOn, u.SetFromOn, stays)
	revise(d, "toOn", sameDay(&old.ToOn), in.ToOn, u.SetToOn, stays)
	revise(d, "hours", &old.Hours, in.hours, u.SetHours, stays)
	return d
}

// checkAttended holds the changes of a course against the deputies recorded.
func (t *task) checkAttended(ctx context.Context, old *gen.Training, in ChangeTraining, changed diff) error {
	recorded := t.tx.TrainingAttendance.Query().Where(trainingattendance.TrainingID(old.ID))
	if changed["fromOn"] != nil {
		some, err := recorded.Clone().Exist(ctx)
		if err != nil {
			return err
		}
		if some {
			return fault.Conflict("HAS_ATTENDANCES", "已有参训记录,不能改变开始日期", trainingFrom.path...)
		}
	}
	if changed["hours"] != nil {
		more, err := recorded.Clone().Where(trainingattendance.HoursGT(*in.hours.Value)).Exist(ctx)
		if err != nil {
			return err
		}
		if more {
			return fault.Conflict("HAS_ATTENDANCES", "已有参训记录的学时更多", trainingHours.path...)
		}
	}
	return nil
}

// lockTraining finds a course and keeps others from changing it and from recording deputies. The lock is no row's: those below read the course only.
func (t *task) lockTraining(ctx context.Context, id uuid.UUID, path ...string) (*gen.Training, error) {
	if err := t.lock(ctx, "training "+id.String()); err != nil {
		return nil, err
	}
	found, err := t.tx.Training.Query().Where(training.ID(id)).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, fault.NotFound("培训不存在或不在查看范围内", path...)
	}
	return found, err
}

// lockOwnTraining is lockTraining for a course of the viewer's own division, at the expected version, that is not cancelled.
func (t *task) lockOwnTraining(ctx context.Context, id uuid.UUID, expected *int) (*gen.Training, error) {
	found, err := t.lockTraining(ctx, id, "input", "id")
	if err != nil {
		return nil, err
	}
	if found.Code != t.viewer.Division {
		return nil, forbidden("该培训由其主办机关一级管理", "input", "id")
	}
	if err := expect(expected, found.Version); err != nil {
		return nil, err
	}
	return found, notCancelled(found, "input", "id")
}

func notCancelled(t *gen.Training, path ...string) error {
	if t.CancelledAt != nil {
		return fault.Conflict("CANCELLED", "该培训已取消", path...)
	}
	return nil
}

// CancelTraining is why a course is not held.
type CancelTraining struct {
	ID              uuid.UUID
	ExpectedVersion *int
	Reason          string
}

// CancelTraining cancels a course of the viewer's own division for which no deputy was recorded.
func (d *Desk) CancelTraining(ctx context.Context, in CancelTraining) (*gen.Training, error) {
	v, err := d.admit(ctx, VerbCancelTraining)
	if err != nil {
		return nil, err
	}
	var c checker
	in.Reason = c.text(at("取消原因", "reason"), in.Reason, 2, 200)
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbCancelTraining, v, func(t *task) (*gen.Training, error) { return t.cancelTraining(ctx, in) })
}

func (t *task) cancelTraining(ctx context.Context, in CancelTraining) (*gen.Training, error) {
	old, err := t.lockOwnTraining(ctx, in.ID, in.ExpectedVersion)
	if err != nil {
		return nil, err
	}
	recorded, err := t.tx.TrainingAttendance.Query().Where(trainingattendance.TrainingID(old.ID)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if recorded {
		return nil, fault.Conflict("HAS_ATTENDANCES", "已有参训记录,不能取消", "input", "id")
	}
	now, err := t.tx.Training.UpdateOne(old).SetCancelledAt(t.desk.clock()).SetCancelReason(in.Reason).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	return now, t.audit(ctx, gen.TypeTraining, now.ID, areaOfTraining(now), map[string]any{"reason": in.Reason})
}
