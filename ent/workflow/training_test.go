package workflow_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

func (h *house) course(from string) *gen.Training {
	h.Helper()
	made, err := h.desk.PlanTraining(h.county(), workflow.PlanTraining{
		Organ: h.organ[county], Title: "代表履职培训班", Teacher: ptr("何老师"), FromOn: day(from), ToOn: day(from).AddDate(0, 0, 2), Hours: 6.5,
	})
	if err != nil {
		h.Fatal(err)
	}
	return made
}

func attendees(deputies ...uuid.UUID) []workflow.Attendee {
	out := make([]workflow.Attendee, len(deputies))
	for i, d := range deputies {
		out[i].Deputy = d
	}
	return out
}

func TestTraining(t *testing.T) {
	h := newPairHouse(t)
	course := h.course("2026-05-10")
	if course.Hours != 65 || course.Code != county {
		t.Errorf("%d tenths of an hour at %s", course.Hours, course.Code)
	}
	h.audited(workflow.VerbPlanTraining, gen.TypeTraining, course.ID, "COUNTY_ADMIN@"+county.String(), county)
	record := func(ctx context.Context, key string, who ...workflow.Attendee) error {
		_, err := h.desk.RecordTraining(ctx, workflow.RecordTraining{IdempotencyKey: &key, Training: course.ID, Attendees: who})
		return err
	}
	some := append(attendees(h.first, h.second), workflow.Attendee{Deputy: h.third, Hours: ptr(3.5), Note: ptr("中途离开")})
	for range 2 { // the second time is a retry
		if err := record(h.county(), "a", some...); err != nil {
			t.Fatal(err)
		}
	}
	// A township records its own deputies in the course of the county.
	if err := record(h.township(), "b", attendees(h.town)...); err != nil {
		t.Fatal(err)
	}
	if n := h.count(`training_attendance WHERE training_id = $1 AND day = '2026-05-10' AND hours = CASE WHEN deputy_id = $2 THEN 35 ELSE 65 END`, course.ID, h.third); n != 4 {
		t.Errorf("%d are recorded", n)
	}
	if n := h.count(`river_job WHERE kind = 'settlement'`); n != 4 {
		t.Errorf("%d settlements", n)
	}
	if n := h.count(`training_attendance a JOIN mandate m ON m.id = a.mandate_id WHERE m.deputy_id = a.deputy_id AND m.code = a.code`); n != 4 {
		t.Errorf("%d stand where the deputies are grouped", n)
	}

	h.refused(conflict("input.attendees.1.deputy DUPLICATE"), func() error { return record(h.county(), "c", attendees(h.leader, h.first)...) })
	h.refused(conflict("input.id HAS_ATTENDANCES"), func() error {
		_, err := h.desk.CancelTraining(h.county(), workflow.CancelTraining{ID: course.ID, Reason: "另行安排"})
		return err
	})
	h.refused(conflict("input.fromOn HAS_ATTENDANCES"), func() error {
		_, err := h.desk.ChangeTraining(h.county(), workflow.ChangeTraining{ID: course.ID, FromOn: workflow.To(day("2026-05-09"))})
		return err
	})
	h.refused(conflict("input.hours HAS_ATTENDANCES"), func() error {
		_, err := h.desk.ChangeTraining(h.county(), workflow.ChangeTraining{ID: course.ID, Hours: workflow.To(6.4)})
		return err
	})
	changed, err := h.desk.ChangeTraining(h.county(), workflow.ChangeTraining{
		ID: course.ID, ExpectedVersion: ptr(1), Title: workflow.To("代表履职能力培训班"), Teacher: workflow.Emptied[string](), Hours: workflow.To(8.0),
	})
	if err != nil {
		t.Fatal(err)
	}
	if changed.Version != 2 || changed.Teacher != nil || changed.Hours != 80 || changed.Title != "代表履职能力培训班" {
		t.Errorf("%v", changed)
	}

	// What is taken back is settled too; then the course can be cancelled, and nothing more is done with it.
	all, err := h.client.TrainingAttendance.Query().All(h.nation())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if _, err := h.desk.RemoveTrainingAttendance(h.county(), workflow.RemoveTrainingAttendance{ID: a.ID, Reason: "登记有误"}); err != nil {
			t.Fatal(err)
		}
	}
	h.refused(notFound("input.id"), func() error {
		_, err := h.desk.RemoveTrainingAttendance(h.county(), workflow.RemoveTrainingAttendance{ID: all[0].ID, Reason: "登记有误"})
		return err
	})
	if n := h.count(`river_job WHERE kind = 'settlement'`); n != 8 {
		t.Errorf("%d settlements", n)
	}
	if _, err := h.desk.CancelTraining(h.county(), workflow.CancelTraining{ID: course.ID, Reason: "另行安排"}); err != nil {
		t.Fatal(err)
	}
	h.refused(conflict("input.training CANCELLED"), func() error { return record(h.county(), "d", attendees(h.first)...) })
	h.refused(conflict("input.id CANCELLED"), func() error {
		_, err := h.desk.ChangeTraining(h.county(), workflow.ChangeTraining{ID: course.ID, Title: workflow.To("又一期")})
		return err
	})
}

func TestTrainingRefusals(t *testing.T) {
	h := newPairHouse(t)
	course, ahead := h.course("2026-05-10"), h.course("2026-06-16")
	plan := workflow.PlanTraining{Organ: h.organ[county], Title: "培训班", FromOn: day("2026-05-10"), ToOn: day("2026-05-10"), Hours: 6}
	for name, test := range map[string]struct {
		change func(*workflow.PlanTraining)
		want   refusal
	}{
		"no title":           {func(in *workflow.PlanTraining) { in.Title = " " }, invalid("input.title REQUIRED")},
		"ends before":        {func(in *workflow.PlanTraining) { in.ToOn = day("2026-05-09") }, invalid("input.toOn IMPOSSIBLE_DATE")},
		"lasts two years":    {func(in *workflow.PlanTraining) { in.ToOn = day("2028-05-09") }, invalid("input.toOn IMPOSSIBLE_DATE")},
		"in ten years":       {func(in *workflow.PlanTraining) { in.FromOn, in.ToOn = day("2036-05-09"), day("2036-05-09") }, invalid("input.fromOn IMPOSSIBLE_DATE")},
		"no hours":           {func(in *workflow.PlanTraining) { in.Hours = 0 }, invalid("input.hours OUT_OF_RANGE")},
		"negative hours":     {func(in *workflow.PlanTraining) { in.Hours = -3 }, invalid("input.hours OUT_OF_RANGE")},
		"parts of hours":     {func(in *workflow.PlanTraining) { in.Hours = 1.25 }, invalid("input.hours MALFORMED")},
		"an organ above":     {func(in *workflow.PlanTraining) { in.Organ = h.organ[changsha] }, notFound("input.organ")},
		"an organ below":     {func(in *workflow.PlanTraining) { in.Organ = h.organ[guoyuan] }, denied("input.organ")},
		"an organ elsewhere": {func(in *workflow.PlanTraining) { in.Organ = h.organ[beihu] }, notFound("input.organ")},
	} {
		t.Run(name, func(t *testing.T) {
			in := plan
			test.change(&in)
			h.sub(t).refused(test.want, func() error {
				_, err := h.desk.PlanTraining(h.county(), in)
				return err
			})
		})
	}
	young := h.deputyOf(h.register(h.county(), "陈新", h.congress[county], nil))
	if _, err := h.owner.ExecContext(t.Context(), `UPDATE mandate SET elected_on = '2026-06-01' WHERE deputy_id = $1`, young); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		by   context.Context
		in   workflow.RecordTraining
		want refusal
	}{
		"nobody":           {h.county(), workflow.RecordTraining{Training: course.ID}, invalid("input.attendees REQUIRED")},
		"twice":            {h.county(), workflow.RecordTraining{Training: course.ID, Attendees: attendees(h.first, h.first)}, invalid("input.attendees.1.deputy DUPLICATE")},
		"too long":         {h.county(), workflow.RecordTraining{Training: course.ID, Attendees: []workflow.Attendee{{Deputy: h.first, Hours: ptr(6.6)}}}, invalid("input.attendees.0.hours OUT_OF_RANGE")},
		"negative":         {h.county(), workflow.RecordTraining{Training: course.ID, Attendees: []workflow.Attendee{{Deputy: h.first, Hours: ptr(-1.0)}}}, invalid("input.attendees.0.hours OUT_OF_RANGE")},
		"a stranger":       {h.county(), workflow.RecordTraining{Training: course.ID, Attendees: attendees(h.first, h.stranger)}, notFound("input.attendees.1.deputy")},
		"not yet elected":  {h.county(), workflow.RecordTraining{Training: course.ID, Attendees: attendees(young)}, conflict("input.attendees.0.deputy NOT_ON_ROLL")},
		"before it begins": {h.county(), workflow.RecordTraining{Training: ahead.ID, Attendees: attendees(h.first)}, conflict("input.training NOT_YET")},
		"seen from beside": {h.beihu(), workflow.RecordTraining{Training: course.ID, Attendees: attendees(h.stranger)}, notFound("input.training")},
		"another place's":  {h.as(viewer.TownshipAdmin, huangxin), workflow.RecordTraining{Training: course.ID, Attendees: attendees(h.town)}, notFound("input.attendees.0.deputy")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(test.want, func() error {
				_, err := h.desk.RecordTraining(test.by, test.in)
				return err
			})
		})
	}
	for name, change := range map[string]func() error{
		"changed from below": func() error {
			_, err := h.desk.ChangeTraining(h.township(), workflow.ChangeTraining{ID: course.ID, Title: workflow.To("培训")})
			return err
		},
		"cancelled from above": func() error {
			_, err := h.desk.CancelTraining(h.city(), workflow.CancelTraining{ID: course.ID, Reason: "不办了"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { h.sub(t).refused(denied("input.id"), change) })
	}
	h.refused(invalid("input EMPTY"), func() error {
		_, err := h.desk.ChangeTraining(h.county(), workflow.ChangeTraining{ID: course.ID})
		return err
	})
	h.refused(invalid("input.toOn IMPOSSIBLE_DATE"), func() error {
		_, err := h.desk.ChangeTraining(h.county(), workflow.ChangeTraining{ID: course.ID, ToOn: workflow.To(day("2026-05-01"))})
		return err
	})
	h.refused(invalid("input.fromOn REQUIRED"), func() error {
		_, err := h.desk.ChangeTraining(h.county(), workflow.ChangeTraining{ID: course.ID, FromOn: workflow.Emptied[time.Time]()})
		return err
	})
	for _, role := range []viewer.Role{viewer.CommitteeStaff, viewer.StationKeeper, viewer.Deputy, viewer.Department, viewer.Portal} {
		if _, err := h.desk.PlanTraining(h.as(role, county), plan); !errors.Is(err, fault.ErrForbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// Two who record the same deputy at once: one is told so.
func TestTrainingAtOnce(t *testing.T) {
	h := newPairHouse(t)
	course := h.course("2026-05-10")
	record := func(ctx context.Context) func() error {
		return func() error {
			_, err := h.desk.RecordTraining(ctx, workflow.RecordTraining{Training: course.ID, Attendees: attendees(h.first)})
			return err
		}
	}
	errs := h.atOnce("training "+course.ID.String(), record(h.county()), record(h.township()))
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("%v", errs)
	}
	conflict("input.attendees.0.deputy DUPLICATE").check(t, errors.Join(errs...))
}
