package workflow

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/deputy"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/gen/trainingattendance"
)

// RecordTraining is who took part in a course (参训登记).
type RecordTraining struct {
	IdempotencyKey *string `json:"-"`
	Training       uuid.UUID
	Attendees      []Attendee
}

// Attendee is a deputy who took part in a course.
type Attendee struct {
	Deputy uuid.UUID
	// Hours are those attended; nil means all of the course.
	Hours *float64
	Note  *string
	hours *int
}

// mostAttendees is how many deputies are recorded at once.
const mostAttendees = 500

func (in *RecordTraining) check() error {
	var c checker
	c.key(in.IdempotencyKey)
	all := at("参训代表", "attendees")
	switch n := len(in.Attendees); {
	case n == 0:
		c.add(all, "REQUIRED", "不能为空")
	case n > mostAttendees:
		c.add(all, "TOO_MANY", fmt.Sprintf("一次最多 %d 名", mostAttendees))
	}
	seen := make(map[uuid.UUID]bool, len(in.Attendees))
	for i := range in.Attendees {
		a := &in.Attendees[i]
		if seen[a.Deputy] {
			c.add(attendeeField("代表", i, "deputy"), "DUPLICATE", "重复")
		}
		seen[a.Deputy] = true
		a.Note = c.optional(attendeeField("备注", i, "note"), a.Note, 200)
		if a.Hours != nil {
			tenths := c.decimal(attendeeField("学时", i, "hours"), *a.Hours, 1, mostHours)
			a.hours = &tenths
		}
	}
	return c.list.Err()
}

func attendeeField(label string, i int, name string) field {
	return at(fmt.Sprintf("第 %d 行%s", i+1, label), "attendees", strconv.Itoa(i), name)
}

// RecordTraining records deputies grouped in the viewer's area as having taken part in a course that the viewer sees: one of the own division, of one below, or of one
// above. Each needs a mandate on the roll on the course's first day, and is recorded once.
func (d *Desk) RecordTraining(ctx context.Context, in RecordTraining) (*gen.Training, error) {
	v, err := d.admit(ctx, VerbRecordTraining)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbRecordTraining, v, func(t *task) (*gen.Training, error) {
		return once(ctx, t, in.IdempotencyKey, in, t.tx.Training.Get, func() (*gen.Training, uuid.UUID, error) {
			course, err := t.recordTraining(ctx, in)
			if err != nil {
				return nil, uuid.Nil, err
			}
			return course, course.ID, nil
		})
	})
}

func (t *task) recordTraining(ctx context.Context, in RecordTraining) (*gen.Training, error) {
	course, err := t.lockTraining(ctx, in.Training, "input", "training")
	if err != nil {
		return nil, err
	}
	if err := notCancelled(course, "input", "training"); err != nil {
		return nil, err
	}
	day := calendar.Day(course.FromOn)
	if day.After(t.desk.today()) {
		return nil, fault.Conflict("NOT_YET", "该培训尚未开始", "input", "training")
	}
	mandates, err := t.attending(ctx, course, in.Attendees)
	if err != nil {
		return nil, err
	}
	creates, deputies := make([]*gen.TrainingAttendanceCreate, len(mandates)), make([]uuid.UUID, len(mandates))
	for i, m := range mandates {
		a := in.Attendees[i]
		hours := course.Hours
		if a.hours != nil {
			hours = *a.hours
		}
		create := t.tx.TrainingAttendance.Create().SetTrainingID(course.ID).SetDeputyID(m.DeputyID).SetMandateID(m.ID).
			SetDay(day).SetHours(hours).SetNillableNote(a.Note)
		areaOfMandate(m).put(create.Mutation())
		creates[i], deputies[i] = create, m.DeputyID
	}
	if err := t.tx.TrainingAttendance.CreateBulk(creates...).Exec(ctx); err != nil {
		return nil, err
	}
	if err := t.settle(ctx, deputies...); err != nil {
		return nil, err
	}
	return course, t.audit(ctx, gen.TypeTraining, course.ID, areaOfTraining(course), map[string]any{"deputies": deputies})
}

// attending finds, for each attendee, the highest mandate grouped in the viewer's area that was on the roll on the course's first day; all that is wrong with any of them is named at once.
func (t *task) attending(ctx context.Context, course *gen.Training, attendees []Attendee) ([]*gen.Mandate, error) {
	ids := make([]uuid.UUID, len(attendees))
	for i, a := range attendees {
		ids[i] = a.Deputy
	}
	seen, err := t.tx.Deputy.Query().Where(deputy.IDIn(ids...)).IDs(ctx)
	if err != nil {
		return nil, err
	}
	recorded, err := t.tx.TrainingAttendance.Query().
		Where(trainingattendance.TrainingID(course.ID), trainingattendance.DeputyIDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	highest, err := t.rolled(ctx, ids, calendar.Day(course.FromOn))
	if err != nil {
		return nil, err
	}
	out := make([]*gen.Mandate, len(attendees))
	var missing, wrong, twice []fault.Field
	note := func(list *[]fault.Field, i int, name, code, message string) {
		f := attendeeField("代表", i, name)
		*list = append(*list, fault.Field{Path: f.path, Code: code, Message: fmt.Sprintf("第 %d 行:%s", i+1, message)})
	}
	for i, a := range attendees {
		out[i] = highest[a.Deputy]
		switch {
		case !slices.Contains(seen, a.Deputy):
			note(&missing, i, "deputy", "NOT_FOUND", "代表不存在或不在辖区内")
		case out[i] == nil:
			note(&twice, i, "deputy", "NOT_ON_ROLL", "该代表在培训开始之日没有辖区内的在册职务")
		case a.hours != nil && *a.hours > course.Hours:
			note(&wrong, i, "hours", "OUT_OF_RANGE", fmt.Sprintf("学时不能多于 %g", float64(course.Hours)/10))
		case slices.ContainsFunc(recorded, func(r *gen.TrainingAttendance) bool { return r.DeputyID == a.Deputy }):
			note(&twice, i, "deputy", "DUPLICATE", "该代表已登记参训")
		}
	}
	for _, found := range []struct {
		kind   error
		fields []fault.Field
	}{{fault.ErrNotFound, missing}, {fault.ErrInvalid, wrong}, {fault.ErrConflict, twice}} {
		if len(found.fields) > 0 {
			return nil, &fault.Fault{Kind: found.kind, Message: found.fields[0].Message, Fields: found.fields}
		}
	}
	return out, nil
}

// rolled finds, of each deputy, the highest mandate grouped in the viewer's area that was on the roll on a day.
func (t *task) rolled(ctx context.Context, deputies []uuid.UUID, day time.Time) (map[uuid.UUID]*gen.Mandate, error) {
	mandates, err := t.tx.Mandate.Query().Where(mandate.DeputyIDIn(deputies...), mandate.ElectedOnLTE(day),
		mandate.Or(mandate.EndedOnIsNil(), mandate.EndedOnGT(day)), mandate.CodeGTE(t.viewer.Lo), mandate.CodeLT(t.viewer.Hi)).
		Order(mandate.ByElectedOn(), mandate.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]*gen.Mandate, len(deputies))
	for _, m := range mandates {
		if best := out[m.DeputyID]; best == nil || rank(m.Level) < rank(best.Level) {
			out[m.DeputyID] = m
		}
	}
	return out, nil
}

// RemoveTrainingAttendance is what is taken back.
type RemoveTrainingAttendance struct {
	ID              uuid.UUID
	ExpectedVersion *int
	Reason          string
}

// RemoveTrainingAttendance takes back that a deputy, grouped in the viewer's area, took part in a course; it answers the course. The audit keeps who it was, and why.
func (d *Desk) RemoveTrainingAttendance(ctx context.Context, in RemoveTrainingAttendance) (*gen.Training, error) {
	v, err := d.admit(ctx, VerbRemoveTrainingAttendance)
	if err != nil {
		return nil, err
	}
	var c checker
	in.Reason = c.text(at("撤销原因", "reason"), in.Reason, 2, 200)
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return transact(ctx, d, VerbRemoveTrainingAttendance, v, func(t *task) (*gen.Training, error) {
		return t.removeTrainingAttendance(ctx, in)
	})
}

func (t *task) removeTrainingAttendance(ctx context.Context, in RemoveTrainingAttendance) (*gen.Training, error) {
	gone := func(err error) error {
		if gen.IsNotFound(err) {
			return fault.NotFound("参训记录不存在或不在辖区内", "input", "id")
		}
		return err
	}
	a, err := t.tx.TrainingAttendance.Get(ctx, in.ID)
	if err != nil {
		return nil, gone(err)
	}
	course, err := t.lockTraining(ctx, a.TrainingID, "input", "id")
	if err != nil {
		return nil, err
	}
	if err := expect(in.ExpectedVersion, a.Version); err != nil {
		return nil, err
	}
	// Nothing, when another has just taken it back.
	if err := t.tx.TrainingAttendance.DeleteOne(a).Exec(ctx); err != nil {
		return nil, gone(err)
	}
	if err := t.settle(ctx, a.DeputyID); err != nil {
		return nil, err
	}
	at := area{a.Code, a.ProvinceCode, a.CityCode, a.CountyCode, a.TownshipCode}
	return course, t.audit(ctx, gen.TypeTrainingAttendance, a.ID, at, map[string]any{
		"training": a.TrainingID, "deputy": a.DeputyID, "hours": a.Hours, "reason": in.Reason,
	})
}
