package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// reception is a window at a station with visit days.
type reception struct {
	*window
	// soon and later are published days of the station, both with its deputy; alone has no deputy on duty; elsewhere's is another station's.
	soon, later, alone, theirs uuid.UUID
	numbers                    int
}

func newReception(t *testing.T) *reception {
	t.Helper()
	r := &reception{window: newWindow(t)}
	r.soon = r.visitDay(r.station, "2026-06-20", state.VisitDayPublished, r.deputy)
	r.later = r.visitDay(r.station, "2026-07-20", state.VisitDayPublished, r.deputy)
	r.alone = r.visitDay(r.station, "2026-08-20", state.VisitDayPublished)
	r.theirs = r.visitDay(r.elsewhere, "2026-06-20", state.VisitDayPublished, r.stranger)
	return r
}

// visitDay is a visit day from nine to eleven in the morning, with deputies on duty.
func (r *reception) visitDay(at *gen.Station, on string, s state.VisitDay, deputies ...uuid.UUID) uuid.UUID {
	r.Helper()
	begins := day(on).Add(time.Hour)
	row := map[string]any{
		"code_then": int64(at.Code), "station_id": at.ID, "day": on, "begins_at": begins, "ends_at": begins.Add(2 * time.Hour), "state": s,
	}
	if s != state.VisitDayPlanned {
		row["published_at"] = now
	}
	id := r.row("visit_day", at.Code, row)
	for _, d := range deputies {
		r.duty(id, at, d, nil)
	}
	return id
}

func (r *reception) duty(visitDay uuid.UUID, at *gen.Station, deputy uuid.UUID, instead *uuid.UUID) uuid.UUID {
	r.Helper()
	m, err := r.client.Mandate.Query().Where(mandate.DeputyID(deputy)).Only(r.job())
	if err != nil {
		r.Fatal(err)
	}
	return r.row("visit_duty", at.Code, map[string]any{
		"visit_day_id": visitDay, "station_id": at.ID, "deputy_id": deputy, "mandate_id": m.ID, "substitute_for": instead,
	})
}

// wish is a wish for the deputy on the next day.
func (r *reception) wish() workflow.Wish {
	return workflow.Wish{VisitDay: r.soon, Deputy: &r.deputy, Topic: "村口路灯长期不亮"}
}

// by is a citizen with everything that must be given.
func by() workflow.Petitioner {
	return workflow.Petitioner{Name: "赵甲", Phone: "138 0000 1234", Consent: "A2026-1"}
}

func (r *reception) booked(change func(*workflow.BookAppointment)) *workflow.Appointed {
	r.Helper()
	in := workflow.BookAppointment{Wish: r.wish(), Petitioner: by()}
	if change != nil {
		change(&in)
	}
	a, err := r.counter.BookAppointment(r.Context(), in)
	if err != nil {
		r.Fatal(err)
	}
	return a
}

// in a state is an appointment that was put there.
func (r *reception) standing(s state.Appointment, deputy, organ *uuid.UUID) uuid.UUID {
	r.Helper()
	r.numbers++
	return r.row("appointment", huaguo, map[string]any{
		"number": fmt.Sprintf("260615-%08d", r.numbers), "station_id": r.station.ID, "visit_day_id": r.soon, "deputy_id": deputy, "organ_id": organ,
		"topic": "路灯", "state": s, "requested_at": now,
	})
}

func (r *reception) stateOf(id uuid.UUID) state.Appointment {
	r.Helper()
	a, err := r.client.Appointment.Get(r.job(), id)
	if err != nil {
		r.Fatal(err)
	}
	return a.State
}

// deskAt is a desk whose clock shows another time.
func (r *reception) deskAt(at time.Time) *workflow.Desk {
	return workflow.NewDesk(r.client, workflow.Options{Clock: func() time.Time { return at }})
}

// The lines of the domain: from, verb, to, and who does it (S the station's keeper, O organs of its area, D and H the deputy and the department that are
// asked, R whoever holds the receipt). Whatever does not stand here is refused.
const meetings = `
REQUESTED accept   ACCEPTED  SODH
REQUESTED move     ACCEPTED  SO
REQUESTED decline  DECLINED  SODH
REQUESTED withdraw WITHDRAWN R
ACCEPTED  move     ACCEPTED  SO
ACCEPTED  decline  DECLINED  SODH
ACCEPTED  withdraw WITHDRAWN R
ACCEPTED  keep     KEPT      SO
ACCEPTED  miss     MISSED    SO
`

// TestAppointmentPairs tries every verb in every state as every party, and compares what comes of it with the table above.
func TestAppointmentPairs(t *testing.T) {
	r := newReception(t)
	after := r.deskAt(day("2026-06-20").Add(2 * time.Hour))
	verbs := map[string]func(context.Context, uuid.UUID) error{
		"accept": func(ctx context.Context, id uuid.UUID) error {
			_, err := r.desk.AcceptAppointment(ctx, workflow.AcceptAppointment{AppointmentRef: workflow.AppointmentRef{ID: id}})
			return err
		},
		"move": func(ctx context.Context, id uuid.UUID) error {
			_, err := r.desk.MoveAppointment(ctx, workflow.MoveAppointment{AppointmentRef: workflow.AppointmentRef{ID: id}, VisitDay: r.later, Reason: "当天有会议"})
			return err
		},
		"decline": func(ctx context.Context, id uuid.UUID) error {
			_, err := r.desk.DeclineAppointment(ctx, workflow.DeclineAppointment{AppointmentRef: workflow.AppointmentRef{ID: id}, Reason: "不属职责范围"})
			return err
		},
		"keep": func(ctx context.Context, id uuid.UUID) error {
			_, err := after.ConcludeAppointment(ctx, workflow.ConcludeAppointment{AppointmentRef: workflow.AppointmentRef{ID: id}, Kept: true})
			return err
		},
		"miss": func(ctx context.Context, id uuid.UUID) error {
			_, err := after.ConcludeAppointment(ctx, workflow.ConcludeAppointment{AppointmentRef: workflow.AppointmentRef{ID: id}})
			return err
		},
		"withdraw": func(ctx context.Context, id uuid.UUID) error {
			if v := viewer.FromContext(ctx); v.Kind != viewer.Receipt {
				return &fault.Fault{Kind: fault.ErrForbidden} // there is no way to try
			}
			a, err := r.client.Appointment.Get(r.job(), id)
			if err != nil {
				return err
			}
			token := "token of " + a.Number
			if _, err := r.owner.ExecContext(r.Context(), `INSERT INTO appointment_receipt (id, created_at, updated_at, appointment_id, token_hash)
				VALUES ($1, now(), now(), $2, $3)`, uuid.New(), id, workflow.SecretHash(token)); err != nil {
				return err
			}
			_, err = r.counter.WithdrawAppointment(r.Context(), workflow.Pass{Number: a.Number, Token: &token})
			return err
		},
	}
	want := map[string][2]string{}
	for _, line := range strings.Split(strings.TrimSpace(meetings), "\n") {
		f := strings.Fields(line)
		want[f[0]+" "+f[1]] = [2]string{f[2], f[3]}
	}
	parties := []struct {
		name  string
		ctx   context.Context
		party string
		sees  bool
	}{
		{"keeper", r.officer(r.station), "S", true},
		{"keeper of another station", r.officer(r.elsewhere), "", false},
		{"township", r.township(), "O", true},
		{"county", r.county(), "O", true},
		{"nation", r.nation(), "O", true},
		{"another county", r.beihu(), "", false},
		{"staff", r.as(viewer.CommitteeStaff, county), "", true},
		{"supervisor", r.as(viewer.Supervisor, county), "", true},
		{"portal", r.as(viewer.Portal, county), "", false},
		{"deputy", r.member(r.deputy), "D", true},
		{"another deputy", r.member(r.stranger), "", false},
		{"department", r.department(county, r.lead), "H", true},
		{"another department", r.department(county, r.co), "", false},
		{"receipt", viewer.NewContext(r.Context(), viewer.ForReceipt("test", huaguo, uuid.New())), "R", true},
	}
	cells := 0
	for _, with := range []struct {
		deputy, organ *uuid.UUID
		not           string
	}{{&r.deputy, nil, "H"}, {nil, &r.lead, "D"}} {
		for _, from := range state.Appointments.States {
			for verb, do := range verbs {
				for _, p := range parties {
					cells++
					id := r.standing(from, with.deputy, with.organ)
					line, ok := want[string(from)+" "+verb]
					// Moving goes by who is on duty: a department is asked on any day.
					err := do(p.ctx, id)
					expect := from
					mine := p.party != "" && p.party != with.not
					if ok && mine && strings.Contains(line[1], p.party) {
						expect = state.Appointment(line[0])
					}
					got := r.stateOf(id)
					if got != expect || (err == nil) != (expect != from || ok && mine && strings.Contains(line[1], p.party)) {
						t.Errorf("%s: %s in %s leads to %s, want %s (%v)", p.name, verb, from, got, expect, err)
					}
					if err != nil && !errors.As(err, new(*fault.Fault)) {
						t.Errorf("%s: %s in %s fails: %v", p.name, verb, from, err)
					}
					if !p.sees && err != nil && errors.Is(err, fault.ErrConflict) {
						t.Errorf("%s learns the state of what is out of sight: %v", p.name, err)
					}
				}
			}
		}
	}
	if cells != 2*7*6*14 {
		t.Errorf("tried %d", cells)
	}
}

// Who is asked with no mandate in force any more does not decide.
func TestSuspendedDeputyDecidesNothing(t *testing.T) {
	r := newReception(t)
	id := r.standing(state.AppointmentRequested, &r.deputy, nil)
	if _, err := r.owner.ExecContext(t.Context(), `UPDATE mandate SET status = 'SUSPENDED' WHERE deputy_id = $1`, r.deputy); err != nil {
		t.Fatal(err)
	}
	r.refused(denied("input.id"), func() error {
		_, err := r.desk.AcceptAppointment(r.member(r.deputy), workflow.AcceptAppointment{AppointmentRef: workflow.AppointmentRef{ID: id}})
		return err
	})
	r.refused(conflict("input.deputy NOT_ON_DUTY"), func() error {
		_, err := r.counter.BookAppointment(t.Context(), workflow.BookAppointment{Wish: r.wish(), Petitioner: by()})
		return err
	})
}

func TestAppointmentTimesAndDays(t *testing.T) {
	r := newReception(t)
	ref := func(id uuid.UUID) workflow.AppointmentRef { return workflow.AppointmentRef{ID: id} }
	a, withOrgan := r.standing(state.AppointmentAccepted, &r.deputy, nil), r.standing(state.AppointmentAccepted, nil, &r.lead)
	asked := r.standing(state.AppointmentRequested, &r.deputy, nil)
	move := func(id, to uuid.UUID) func() error {
		return func() error {
			_, err := r.desk.MoveAppointment(r.officer(r.station), workflow.MoveAppointment{AppointmentRef: ref(id), VisitDay: to, Reason: "当天有会议"})
			return err
		}
	}
	r.refused(invalid("input.visitDay MISMATCH"), move(a, r.soon))
	r.refused(invalid("input.visitDay MISMATCH"), func() error { // seen, but another station's
		_, err := r.desk.MoveAppointment(r.county(), workflow.MoveAppointment{AppointmentRef: ref(a), VisitDay: r.theirs, Reason: "当天有会议"})
		return err
	})
	r.refused(notFound("input.visitDay"), move(a, r.theirs)) // out of the keeper's sight
	r.refused(notFound("input.visitDay"), move(a, uuid.New()))
	r.refused(conflict("input.visitDay NOT_ON_DUTY"), move(a, r.alone))
	r.refused(conflict("input.visitDay NOT_PUBLISHED"), move(a, r.visitDay(r.station, "2026-09-20", state.VisitDayPlanned, r.deputy)))
	r.refused(conflict("input.visitDay STATE"), move(a, r.visitDay(r.station, "2026-09-21", state.VisitDayCancelled, r.deputy)))
	r.refused(conflict("input.visitDay BEGUN"), move(a, r.visitDay(r.station, "2026-06-01", state.VisitDayPublished, r.deputy)))
	if err := move(withOrgan, r.alone)(); err != nil {
		t.Errorf("with a department, on a day without deputies: %v", err)
	}
	r.refused(invalid("input.reason REQUIRED"), func() error {
		_, err := r.desk.MoveAppointment(r.officer(r.station), workflow.MoveAppointment{AppointmentRef: ref(a), VisitDay: r.later, Reason: " "})
		return err
	})
	r.refused(invalid("input.reason TOO_LONG"), func() error {
		_, err := r.desk.DeclineAppointment(r.officer(r.station), workflow.DeclineAppointment{AppointmentRef: ref(a), Reason: strings.Repeat("忙", 201)})
		return err
	})
	r.refused(conflict("input.expectedVersion VERSION"), func() error {
		_, err := r.desk.AcceptAppointment(r.county(), workflow.AcceptAppointment{AppointmentRef: workflow.AppointmentRef{ID: asked, ExpectedVersion: ptr(7)}})
		return err
	})
	r.refused(conflict("input.id NOT_YET"), func() error {
		_, err := r.deskAt(day("2026-06-20").Add(time.Hour-time.Second)).ConcludeAppointment(r.officer(r.station), workflow.ConcludeAppointment{AppointmentRef: ref(a), Kept: true})
		return err
	})
	r.refused(conflict("input.id PAST"), func() error {
		_, err := r.deskAt(day("2026-06-20").Add(3*time.Hour)).AcceptAppointment(r.officer(r.station), workflow.AcceptAppointment{AppointmentRef: ref(asked)})
		return err
	})

	// The duty of the deputy who was asked is taken over: the station may move or decline, no one may promise the deputy any more.
	if _, err := r.owner.ExecContext(t.Context(), `UPDATE visit_duty SET replaced = true, reason = '生病' WHERE visit_day_id = $1`, r.soon); err != nil {
		t.Fatal(err)
	}
	for _, ctx := range []context.Context{r.officer(r.station), r.county(), r.member(r.deputy)} {
		r.refused(conflict("input.id NOT_ON_DUTY"), func() error {
			_, err := r.desk.AcceptAppointment(ctx, workflow.AcceptAppointment{AppointmentRef: ref(asked)})
			return err
		})
	}

	moved, err := r.desk.MoveAppointment(r.officer(r.station), workflow.MoveAppointment{AppointmentRef: ref(asked), VisitDay: r.later, Reason: "当天有会议"})
	if err != nil {
		t.Fatal(err)
	}
	if moved.State != state.AppointmentAccepted || moved.VisitDayID != r.later || moved.Moves != 1 || moved.Version != 2 || *moved.Reason != "当天有会议" || moved.DecidedAt == nil {
		t.Errorf("moved: %v", moved)
	}
	r.audited(workflow.VerbMoveAppointment, gen.TypeAppointment, asked, "STATION_KEEPER@"+huaguo.String(), huaguo)
	kept, err := r.deskAt(day("2026-07-20").Add(time.Hour)).ConcludeAppointment(r.township(), workflow.ConcludeAppointment{AppointmentRef: ref(asked), Kept: true})
	if err != nil || kept.State != state.AppointmentKept || kept.ConcludedAt == nil {
		t.Errorf("kept: %v, %v", kept, err)
	}
}

// Two people decide at once: one does, the other is told how it stands.
func TestAppointmentDecidedAtOnce(t *testing.T) {
	r := newReception(t)
	id := r.standing(state.AppointmentRequested, &r.deputy, nil)
	ref := workflow.AppointmentRef{ID: id, ExpectedVersion: ptr(1)}
	deputy, keeper := r.member(r.deputy), r.officer(r.station)
	errs := make(chan error)
	go func() {
		_, err := r.desk.AcceptAppointment(deputy, workflow.AcceptAppointment{AppointmentRef: ref})
		errs <- err
	}()
	go func() {
		_, err := r.desk.AcceptAppointment(keeper, workflow.AcceptAppointment{AppointmentRef: ref})
		errs <- err
	}()
	first, second := <-errs, <-errs
	if first != nil {
		first, second = second, first
	}
	if first != nil {
		t.Fatal(first, second)
	}
	conflict("input.id STATE").check(t, second)
	if n := r.count(`river_job WHERE kind = 'notice' AND args->>'notice' = 'APPOINTMENT_DECIDED'`); n != 1 {
		t.Errorf("%d notices", n)
	}
}

// Bookings that come while the day is being cancelled: none stands open on a cancelled day.
func TestBookingWhileDayIsCancelled(t *testing.T) {
	r := newReception(t)
	const citizens = 8
	errs := make(chan error)
	for i := range citizens {
		go func() {
			_, err := r.counter.BookAppointment(t.Context(), workflow.BookAppointment{Wish: r.wish(), Petitioner: workflow.Petitioner{
				Name: "赵甲", Phone: fmt.Sprintf("1380000%04d", i), Consent: "A2026-1",
			}})
			errs <- err
		}()
	}
	township := r.township()
	go func() {
		_, err := r.desk.CancelVisitDay(township, workflow.CancelVisitDay{ID: r.soon, Reason: "防汛抢险"})
		errs <- err
	}()
	for range citizens + 1 {
		if err := <-errs; err != nil && !errors.Is(err, fault.ErrConflict) {
			t.Error(err)
		}
	}
	if n := r.count(`appointment WHERE state <> 'CANCELLED'`); n != 0 {
		t.Errorf("%d stand open on a cancelled day", n)
	}
}
