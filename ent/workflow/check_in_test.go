package workflow_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/workflow"
)

// code is the text of a station's code.
func (f *fair) code(station uuid.UUID) string {
	f.Helper()
	var text string
	if err := f.owner.QueryRowContext(f.Context(),
		`SELECT text FROM qr_code WHERE station_id = $1 AND posting_id IS NULL AND revoked_at IS NULL`, station).Scan(&text); err != nil {
		f.Fatal(err)
	}
	return text
}

func TestCheckIn(t *testing.T) {
	f := newFair(t)
	a := f.planned(nil)
	at := f.begins.Add(30 * time.Minute)
	row, err := f.deskAt(at).CheckIn(f.member(f.deputy), workflow.CheckIn{
		IdempotencyKey: ptr("k"), Code: f.code(f.station.ID), Longitude: ptr(113.2045), Latitude: ptr(28.30),
	})
	if err != nil {
		t.Fatal(err)
	}
	if row.ActivityID != a.ID || row.StationID != f.station.ID || *row.DeputyID != f.deputy || *row.Level != kind.County || row.Guest ||
		row.Source != kind.AttendanceCheckIn || !row.CheckedInAt.Equal(at) || row.Code != huaguo || row.CodeThen != huaguo ||
		*row.TownshipCode != guoyuan || !row.Day.Equal(day("2026-06-10")) || *row.Longitude != 113.2045 || *row.DistanceM < 435 || *row.DistanceM > 445 {
		t.Errorf("checked in: %v", row)
	}
	again, err := f.deskAt(at).CheckIn(f.member(f.deputy), workflow.CheckIn{
		IdempotencyKey: ptr("k"), Code: f.code(f.station.ID), Longitude: ptr(113.2045), Latitude: ptr(28.30),
	})
	if err != nil || again.ID != row.ID {
		t.Errorf("the retry: %v %v", again, err)
	}
	// A deputy of another station is a guest; without a position the distance is not judged, at the very last minute.
	guest, err := f.deskAt(f.ends.Add(time.Hour)).CheckIn(f.member(f.stranger), workflow.CheckIn{Code: f.code(f.station.ID), Activity: &a.ID})
	if err != nil || !guest.Guest || guest.DistanceM != nil || guest.Longitude != nil {
		t.Errorf("the guest: %v %v", guest, err)
	}
	f.audited("checkIn", "Attendance", guest.ID, "DEPUTY@430121000000", huaguo)
	// Both have come in the eyes of the keeper, who enters neither again.
	opened := f.done(f.desk.OpenActivity(f.keeper, workflow.OpenActivity{ActivityRef: asRead(a)}))
	f.refused(conflict("input.deputies.0.deputy TWICE"), func() error {
		_, err := f.desk.RecordAttendance(f.keeper, workflow.RecordAttendance{ActivityRef: asRead(opened), Attendances: deputies(false, f.deputy)})
		return err
	})
}

func TestCheckInRefusals(t *testing.T) {
	f := newFair(t)
	good := f.code(f.station.ID)
	var revoked, personal string
	for condition, into := range map[string]*string{
		`posting_id IS NOT NULL AND station_id = $1`:     &personal,
		`posting_id IS NULL AND station_id = $1 LIMIT 1`: &revoked,
	} {
		if err := f.owner.QueryRowContext(t.Context(), `SELECT text FROM qr_code WHERE `+condition, f.station.ID).Scan(into); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.desk.ReplaceCode(f.keeper, workflow.ReplaceCode{Station: &f.station.ID, Reason: "旧码损坏"}); err != nil {
		t.Fatal(err)
	}
	if revoked != good {
		t.Fatal("the code is another one")
	}
	good = f.code(f.station.ID)
	first := f.planned(nil)
	outside := f.planned(func(in *workflow.PlanActivity) {
		in.Title, in.Setting, in.Longitude, in.Latitude = "田间走访", kind.SettingOutside, ptr(113.25), ptr(28.30)
		in.BeginsAt, in.EndsAt = ptr(f.begins.Add(8*time.Hour)), ptr(f.ends.Add(8*time.Hour))
	})
	at := func(d time.Duration) *workflow.Desk { return f.deskAt(f.begins.Add(d)) }
	half := at(30 * time.Minute)
	in := func(code string, change func(*workflow.CheckIn)) workflow.CheckIn {
		in := workflow.CheckIn{Code: code}
		if change != nil {
			change(&in)
		}
		return in
	}
	position := func(longitude, latitude float64) func(*workflow.CheckIn) {
		return func(in *workflow.CheckIn) { in.Longitude, in.Latitude = &longitude, &latitude }
	}
	me := f.member(f.deputy)
	none := f.registered("卫寅")
	paused := f.registered("蒋卯")
	if _, err := f.owner.ExecContext(t.Context(), `UPDATE mandate SET elected_on = '2026-06-11' WHERE id = $1`, none.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := f.owner.ExecContext(t.Context(), `UPDATE mandate SET status = 'SUSPENDED' WHERE id = $1`, paused.ID); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		desk *workflow.Desk
		ctx  context.Context
		in   workflow.CheckIn
		want refusal
	}{
		"an unknown code":         {half, me, in("GUESS", nil), notFound("input.code")},
		"a revoked code":          {half, me, in(revoked, nil), notFound("input.code")},
		"a deputy's code":         {half, me, in(personal, nil), notFound("input.code")},
		"no code":                 {half, me, in(" ", position(181, 91)), invalid("input.code REQUIRED", "input.longitude OUT_OF_RANGE", "input.latitude OUT_OF_RANGE")},
		"half a position":         {half, me, in(good, func(in *workflow.CheckIn) { in.Latitude = ptr(28.3) }), invalid("input.longitude REQUIRED")},
		"too early":               {at(-time.Hour - time.Second), me, in(good, nil), conflict("input.code OUTSIDE_HOURS")},
		"too late":                {at(3*time.Hour + time.Second), me, in(good, nil), conflict("input.code OUTSIDE_HOURS")},
		"too late for the named":  {at(8 * time.Hour), me, in(good, func(in *workflow.CheckIn) { in.Activity = &first.ID }), conflict("input.code OUTSIDE_HOURS")},
		"the day after":           {at(24 * time.Hour), me, in(good, nil), conflict("input.code NO_ACTIVITY")},
		"the day after the named": {at(24 * time.Hour), me, in(good, func(in *workflow.CheckIn) { in.Activity = &first.ID }), conflict("input.code OUTSIDE_HOURS")},
		"no such activity":        {half, me, in(good, func(in *workflow.CheckIn) { in.Activity = ptr(uuid.New()) }), notFound("input.activity")},
		"far from the station":    {half, me, in(good, position(113.21, 28.30)), conflict("input.longitude TOO_FAR")},
		"on the other side":       {half, me, in(good, position(-66.8, -28.3)), conflict("input.longitude TOO_FAR")},
		"far from its own place":  {at(9 * time.Hour), me, in(good, position(113.20, 28.30)), conflict("input.longitude TOO_FAR")},
		"before the mandate":      {half, f.member(none.DeputyID), in(good, nil), conflict("input.code NOT_ON_ROLL")},
		"suspended":               {half, f.member(paused.DeputyID), in(good, nil), conflict("input.code NOT_ON_ROLL")},
	} {
		t.Run(name, func(t *testing.T) {
			f.in(t).refused(c.want, func() error {
				_, err := c.desk.CheckIn(c.ctx, c.in)
				return err
			})
		})
	}
	_, err := half.CheckIn(me, in(good, position(113.21, 28.30)))
	if !strings.Contains(err.Error(), "979 米") || !strings.Contains(err.Error(), "500 米") {
		t.Errorf("how far it is, and how far it may be: %v", err)
	}
	// Near its own place, far from the station.
	if row, err := at(9*time.Hour).CheckIn(me, in(good, position(113.251, 28.30))); err != nil || row.ActivityID != outside.ID || *row.DistanceM != 98 {
		t.Errorf("out of the station: %v %v", row, err)
	}
	if _, err := half.CheckIn(me, in(good, nil)); err != nil {
		t.Fatal(err)
	}
	f.refused(conflict("input.activity TWICE"), func() error {
		_, err := half.CheckIn(me, in(good, nil))
		return err
	})
	// Two at a time: which one must be said.
	second := f.planned(func(in *workflow.PlanActivity) { in.Title = "政策宣讲" })
	other := f.member(f.stranger)
	f.refused(conflict("input.activity AMBIGUOUS"), func() error {
		_, err := half.CheckIn(other, in(good, nil))
		if !strings.Contains(err.Error(), "政策宣讲(2026-06-10 09:00 至 2026-06-10 11:00,编号 "+second.GlobalID()+")") {
			t.Errorf("which they are: %v", err)
		}
		return err
	})
	if row, err := half.CheckIn(other, in(good, func(in *workflow.CheckIn) { in.Activity = &second.ID })); err != nil || row.ActivityID != second.ID {
		t.Errorf("the one named: %v %v", row, err)
	}
	f.done(f.desk.CancelActivity(f.keeper, workflow.ReviewActivity{ActivityRef: asRead(second), Reason: "天气原因"}))
	f.refused(notFound("input.activity"), func() error {
		_, err := half.CheckIn(f.member(f.deputy), in(good, func(in *workflow.CheckIn) { in.Activity = &second.ID }))
		return err
	})
}

// At a partner's station its own code is scanned, and who came there is known there.
func TestCheckInAtPartner(t *testing.T) {
	j := newJoint(t)
	if _, err := j.desk.JoinActivity(j.city(), workflow.JoinActivity{
		ActivityRef: workflow.ActivityRef{ID: j.activity.ID}, Add: []uuid.UUID{j.partner.ID},
	}); err != nil {
		t.Fatal(err)
	}
	row, err := j.deskAt(j.begins).CheckIn(j.member(j.theirs), workflow.CheckIn{Code: j.code(j.partner.ID)})
	if err != nil || row.Guest || row.Code != tongguan || row.StationID != j.partner.ID || *row.Level != kind.City {
		t.Errorf("at the partner: %v %v", row, err)
	}
}

// Two scans at once make one attendance.
func TestCheckInAtOnce(t *testing.T) {
	f := newFair(t)
	a := f.planned(nil)
	desk, code := f.deskAt(f.begins), f.code(f.station.ID)
	scan := func() error {
		_, err := desk.CheckIn(f.member(f.deputy), workflow.CheckIn{Code: code})
		return err
	}
	errs := f.atOnce("activity:"+a.ID.String(), scan, scan)
	if errors.Join(errs...) == nil || errs[0] != nil && errs[1] != nil {
		t.Fatal(errs)
	}
	conflict("input.activity TWICE").check(t, errors.Join(errs...))
	if f.count(`attendance`) != 1 {
		t.Error("came twice")
	}
}

// A deputy who checks in while the activity is cancelled is not entered.
func TestCheckInWhileCancelled(t *testing.T) {
	f := newFair(t)
	a := f.planned(nil)
	desk, code := f.deskAt(f.begins), f.code(f.station.ID)
	var cancelled *gen.Activity
	errs := f.atOnce("activity:"+a.ID.String(), func() (err error) {
		cancelled, err = f.desk.CancelActivity(f.keeper, workflow.ReviewActivity{ActivityRef: workflow.ActivityRef{ID: a.ID}, Reason: "天气原因"})
		return err
	}, func() error {
		_, err := desk.CheckIn(f.member(f.deputy), workflow.CheckIn{Code: code})
		return err
	})
	if errs[0] != nil || cancelled == nil {
		t.Fatal(errs)
	}
	// Whoever came first: an attendance stands only if it was entered before.
	if n := f.count(`attendance`); errs[1] == nil && n != 1 || errs[1] != nil && (n != 0 || !errors.Is(errs[1], fault.ErrNotFound)) {
		t.Errorf("%d attendances, %v", n, errs[1])
	}
}

// Once a deputy has checked in, the activity stays on its day; and who checks in while it is put to another time goes by the new one.
func TestActivityStaysOnItsDay(t *testing.T) {
	f := newFair(t)
	code := f.code(f.station.ID)
	later := func(of *gen.Activity, by time.Duration) workflow.ChangeActivity {
		begins, ends := of.BeginsAt.Add(by), of.EndsAt.Add(by)
		return workflow.ChangeActivity{ActivityRef: workflow.ActivityRef{ID: of.ID}, BeginsAt: workflow.To(begins), EndsAt: workflow.To(ends)}
	}
	a := f.planned(nil)
	var moved *gen.Activity
	errs := f.atOnce("activity:"+a.ID.String(), func() (err error) {
		moved, err = f.desk.ChangeActivity(f.keeper, later(a, 24*time.Hour))
		return err
	}, func() error {
		_, err := f.deskAt(f.begins).CheckIn(f.member(f.deputy), workflow.CheckIn{Code: code})
		return err
	})
	// Whoever came first: either the deputy came on the day it was on, or it was put to the next one, on which nobody came.
	if n := f.count(`attendance n JOIN activity a ON a.id = n.activity_id AND a.day <> n.day`); n != 0 {
		t.Errorf("came on another day: %v", errs)
	}
	switch {
	case errs[0] == nil && errs[1] != nil:
		if !errors.Is(errs[1], fault.ErrConflict) {
			t.Error(errs[1])
		}
	case errs[0] != nil && errs[1] == nil:
		conflict("input.beginsAt HAS_ATTENDANCE").check(t, errs[0])
		moved = a
	default:
		t.Fatal(errs)
	}

	if _, err := f.deskAt(moved.BeginsAt).CheckIn(f.member(f.stranger), workflow.CheckIn{Code: code}); err != nil {
		t.Fatal(err)
	}
	f.refused(conflict("input.beginsAt HAS_ATTENDANCE"), func() error {
		_, err := f.desk.ChangeActivity(f.keeper, later(moved, 24*time.Hour))
		return err
	})
	if _, err := f.desk.ChangeActivity(f.keeper, later(moved, time.Hour)); err != nil {
		t.Errorf("to another hour of the day: %v", err)
	}

	// Of a joint one the host does not see who came elsewhere.
	joint := f.done(f.desk.PlanActivity(f.county(), f.plan(func(in *workflow.PlanActivity) { in.Setting = kind.SettingJoint })))
	f.refused(conflict("input.beginsAt HAS_ATTENDANCE"), func() error {
		_, err := f.deskAt(f.begins.Add(-time.Hour)).ChangeActivity(f.keeper, later(joint, 24*time.Hour))
		return err
	})
	if _, err := f.deskAt(f.begins.Add(-time.Hour-time.Second)).ChangeActivity(f.keeper, later(joint, 24*time.Hour)); err != nil {
		t.Error(err)
	}
}
