package workflow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

func TestBookAppointment(t *testing.T) {
	r := newReception(t)
	b := r.booked(nil)
	r.audited(workflow.VerbBookAppointment, gen.TypeAppointment, b.Appointment.ID, "visitDay:"+r.soon.String(), huaguo)
	a, err := r.client.Appointment.Get(r.job(), b.Appointment.ID)
	if err != nil {
		t.Fatal(err)
	}
	if a.State != state.AppointmentRequested || a.StationID != r.station.ID || a.Code != huaguo || *a.DeputyID != r.deputy ||
		*a.RequesterMasked != "赵**" || *a.PhoneMasked != "138****1234" || a.Topic != "村口路灯长期不亮" {
		t.Errorf("booked %v", a)
	}
	for what, rows := range map[string]int{
		`appointment_contact WHERE name = '赵甲' AND phone = '138 0000 1234' AND phone_digits = '13800001234' AND consent_version = 'A2026-1'`: 1,
		`river_job WHERE kind = 'notice' AND args->>'notice' = 'APPOINTMENT_REQUESTED' AND args->>'id' = '` + a.ID.String() + `'`:            1,
		`appointment_receipt WHERE position('` + b.Token + `' IN encode(token_hash, 'escape')) > 0`:                                          0,
		`appointment_receipt`: 1,
	} {
		if n := r.count(what); n != rows {
			t.Errorf("%d of %s", n, what)
		}
	}
	official := r.booked(func(in *workflow.BookAppointment) {
		in.Deputy, in.Organ, in.OfficialTitle = nil, &r.lead, ptr("局长")
	})
	status, err := r.counter.AppointmentStatus(t.Context(), workflow.Pass{Number: strings.ToLower(official.Appointment.Number), Phone: ptr("13800001234")})
	if err != nil || *status.Organ != "住建局" || *status.OfficialTitle != "局长" || status.Deputy != nil || !status.MayWithdraw {
		t.Errorf("status: %+v, %v", status, err)
	}
}

// Who sees the citizen: the keeper of the station and the organ responsible for its place, nobody else.
func TestWhoSeesPetitioners(t *testing.T) {
	r := newReception(t)
	b := r.booked(nil)
	for name, c := range map[string]struct {
		ctx  func() int
		want int
	}{
		"keeper":               {func() int { return len(r.client.AppointmentContact.Query().AllX(r.officer(r.station))) }, 1},
		"township":             {func() int { return len(r.client.AppointmentContact.Query().AllX(r.township())) }, 1},
		"county":               {func() int { return len(r.client.AppointmentContact.Query().AllX(r.county())) }, 0},
		"keeper of no station": {func() int { return len(r.client.AppointmentContact.Query().AllX(r.as(viewer.StationKeeper, huaguo))) }, 0},
		"deputy":               {func() int { return len(r.client.AppointmentContact.Query().AllX(r.member(r.deputy))) }, 0},
		"department":           {func() int { return len(r.client.AppointmentContact.Query().AllX(r.department(county, r.lead))) }, 0},
		"receipt": {func() int {
			ctx := viewer.NewContext(t.Context(), viewer.ForReceipt("test", huaguo, b.Appointment.ID))
			return len(r.client.AppointmentContact.Query().AllX(ctx))
		}, 0},
	} {
		if got := c.ctx(); got != c.want {
			t.Errorf("%s sees %d", name, got)
		}
	}
}

func TestBookAppointmentRefusals(t *testing.T) {
	r := newReception(t)
	ended := r.row("organ", county, map[string]any{
		"division_id": r.divisionID(county), "kind": "DEPARTMENT", "name": "旅游局", "valid_from": "2020-01-01", "valid_to": "2025-01-01",
	})
	other := r.row("organ", beihu, map[string]any{
		"division_id": r.divisionID(beihu), "kind": "DEPARTMENT", "name": "城管局", "valid_from": "2020-01-01",
	})
	begun := r.visitDay(r.station, "2026-06-01", state.VisitDayPublished, r.deputy)
	planned := r.visitDay(r.station, "2026-09-20", state.VisitDayPlanned, r.deputy)
	held := r.visitDay(r.station, "2026-09-22", state.VisitDayHeld, r.deputy)
	replaced := r.visitDay(r.station, "2026-09-23", state.VisitDayPublished, r.deputy)
	if _, err := r.owner.ExecContext(t.Context(), `UPDATE visit_duty SET replaced = true WHERE visit_day_id = $1`, replaced); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*workflow.BookAppointment)
		want   refusal
	}{
		"nothing": {
			func(in *workflow.BookAppointment) { *in = workflow.BookAppointment{} },
			invalid("input.deputy REQUIRED", "input.topic REQUIRED", "input.name REQUIRED", "input.phone REQUIRED", "input.consent REQUIRED"),
		},
		"both":                 {func(in *workflow.BookAppointment) { in.Organ = &r.lead }, invalid("input.organ EXCLUSIVE")},
		"title of a deputy":    {func(in *workflow.BookAppointment) { in.OfficialTitle = ptr("局长") }, invalid("input.officialTitle EXCLUSIVE")},
		"short topic":          {func(in *workflow.BookAppointment) { in.Topic = "灯" }, invalid("input.topic TOO_SHORT")},
		"long topic":           {func(in *workflow.BookAppointment) { in.Topic = strings.Repeat("灯", 501) }, invalid("input.topic TOO_LONG")},
		"turned writing":       {func(in *workflow.BookAppointment) { in.Topic = "路灯\u202e不亮" }, invalid("input.topic MALFORMED")},
		"long name":            {func(in *workflow.BookAppointment) { in.Name = strings.Repeat("赵", 41) }, invalid("input.name TOO_LONG")},
		"phone":                {func(in *workflow.BookAppointment) { in.Phone = "=1+1" }, invalid("input.phone MALFORMED")},
		"the opinions' text":   {func(in *workflow.BookAppointment) { in.Consent = "2026-1" }, invalid("input.consent REQUIRED")},
		"no day":               {func(in *workflow.BookAppointment) { in.VisitDay = uuid.New() }, notFound("input.visitDay")},
		"unpublished":          {func(in *workflow.BookAppointment) { in.VisitDay = planned }, notFound("input.visitDay")},
		"past day":             {func(in *workflow.BookAppointment) { in.VisitDay = begun }, conflict("input.visitDay BEGUN")},
		"held":                 {func(in *workflow.BookAppointment) { in.VisitDay = held }, conflict("input.visitDay STATE")},
		"not on duty":          {func(in *workflow.BookAppointment) { in.Deputy = &r.stranger }, conflict("input.deputy NOT_ON_DUTY")},
		"replaced":             {func(in *workflow.BookAppointment) { in.VisitDay = replaced }, conflict("input.deputy NOT_ON_DUTY")},
		"nobody on duty":       {func(in *workflow.BookAppointment) { in.VisitDay = r.alone }, conflict("input.deputy NOT_ON_DUTY")},
		"no department":        {func(in *workflow.BookAppointment) { in.Deputy, in.Organ = nil, ptr(r.organ[county]) }, notFound("input.organ")},
		"ended":                {func(in *workflow.BookAppointment) { in.Deputy, in.Organ = nil, &ended }, notFound("input.organ")},
		"another county's":     {func(in *workflow.BookAppointment) { in.Deputy, in.Organ = nil, &other }, notFound("input.organ")},
		"a department unheard": {func(in *workflow.BookAppointment) { in.Deputy, in.Organ = nil, ptr(uuid.New()) }, notFound("input.organ")},
	} {
		t.Run(name, func(t *testing.T) {
			in := workflow.BookAppointment{Wish: r.wish(), Petitioner: by()}
			c.change(&in)
			r.sub(t).refused(c.want, func() error {
				_, err := r.counter.BookAppointment(t.Context(), in)
				return err
			})
		})
	}
}

// A retry answers the same number with one more token, also once the day has begun; another request under the key is refused.
func TestBookAppointmentOnce(t *testing.T) {
	r := newReception(t)
	in := workflow.BookAppointment{IdempotencyKey: ptr("k1"), Wish: r.wish(), Petitioner: by()}
	first, err := r.counter.BookAppointment(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	late := workflow.NewCounter(r.deskAt(day("2026-06-21")), workflow.CounterOptions{})
	again, err := late.BookAppointment(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if again.Appointment.ID != first.Appointment.ID || again.Token == first.Token || r.count("appointment") != 1 || r.count("appointment_contact") != 1 {
		t.Errorf("again: %v", again)
	}
	for _, token := range []string{first.Token, again.Token} {
		status, err := r.counter.AppointmentStatus(t.Context(), workflow.Pass{Number: first.Appointment.Number, Token: &token})
		if err != nil || status.Number != first.Appointment.Number || *status.Deputy != "钱乙" || status.StateTitle != "待确认" {
			t.Errorf("status: %v, %v", status, err)
		}
	}
	in.Topic = "另一件事"
	r.refused(conflict("input.idempotencyKey IDEMPOTENCY_KEY_REUSED"), func() error {
		_, err := r.counter.BookAppointment(t.Context(), in)
		return err
	})
}

// A wrong pass and an unknown number are answered alike, and so is an opinion's pass.
func TestAppointmentPass(t *testing.T) {
	r := newReception(t)
	b := r.booked(nil)
	opinion := r.submit(nil)
	number := b.Appointment.Number
	for name, p := range map[string]workflow.Pass{
		"unknown number": {Number: "260615-00000000", Token: &b.Token},
		"wrong token":    {Number: number, Token: ptr("x")},
		"wrong phone":    {Number: number, Phone: ptr("13800009999")},
		"an opinion's":   pass(opinion),
		"its number":     {Number: opinion.Opinion.Number, Token: &b.Token},
	} {
		_, err := r.counter.AppointmentStatus(t.Context(), p)
		wrongPass(t, err)
		_, err = r.counter.WithdrawAppointment(t.Context(), p)
		if err == nil {
			t.Errorf("%s: withdrawn", name)
		}
		wrongPass(t, err)
	}
	_, err := r.counter.Status(t.Context(), workflow.Pass{Number: number, Token: &b.Token})
	wrongPass(t, err)
	mine := workflow.Pass{Number: number, Token: &b.Token}
	late := workflow.NewCounter(r.deskAt(day("2026-06-20").Add(time.Hour)), workflow.CounterOptions{})
	r.refused(conflict("input.number BEGUN"), func() error {
		_, err := late.WithdrawAppointment(t.Context(), mine)
		return err
	})
	status, err := r.counter.WithdrawAppointment(t.Context(), mine)
	if err != nil || status.State != state.AppointmentWithdrawn || status.MayWithdraw {
		t.Errorf("withdrawn: %+v, %v", status, err)
	}
	r.refused(conflict("input.number STATE"), func() error {
		_, err := r.counter.WithdrawAppointment(t.Context(), mine)
		return err
	})
	r.refused(invalid("input.number REQUIRED", "input.token REQUIRED"), func() error {
		_, err := r.counter.WithdrawAppointment(t.Context(), workflow.Pass{})
		return err
	})
}

// A scanned code shows the published days ahead with who is on duty then; a deputy's code, the deputy's alone.
func TestOpenDays(t *testing.T) {
	r := newReception(t)
	r.visitDay(r.station, "2026-06-01", state.VisitDayPublished, r.deputy)
	r.visitDay(r.station, "2026-09-20", state.VisitDayPlanned, r.deputy)
	r.visitDay(r.station, "2026-09-21", state.VisitDayCancelled, r.deputy)
	shown := func(code string) string {
		t.Helper()
		open, err := r.counter.OpenDays(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		b.WriteString(open.Place + open.Station)
		for _, d := range open.Days {
			fmt.Fprintf(&b, " %s", d.Day.Format(time.DateOnly))
			for _, who := range d.Deputies {
				fmt.Fprintf(&b, " %s %s", who.Name, who.Level)
			}
		}
		fmt.Fprintf(&b, " %d", len(open.Departments))
		return b.String()
	}
	at := "湖南省长沙市长沙县果园镇花果村委会果园镇花果村人大代表联络站"
	if got := shown(r.code); got != at+" 2026-06-20 钱乙 COUNTY 2026-07-20 钱乙 COUNTY 2026-08-20 4" {
		t.Error(got)
	}
	if got := shown(r.deputysCode); got != at+" 2026-06-20 钱乙 COUNTY 2026-07-20 钱乙 COUNTY 0" {
		t.Error(got)
	}
	_, err := r.counter.OpenDays(t.Context(), "NOSUCHCODE")
	notFound("text").check(t, err)
}

// An officer asks for a citizen at the counter, or in the name of an organ.
func TestRequestAppointment(t *testing.T) {
	r := newReception(t)
	citizen := by()
	made, err := r.desk.RequestAppointment(r.officer(r.station), workflow.RequestAppointment{Wish: r.wish(), For: &citizen, IdempotencyKey: ptr("k")})
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.desk.RequestAppointment(r.officer(r.station), workflow.RequestAppointment{Wish: r.wish(), For: &citizen, IdempotencyKey: ptr("k")})
	if err != nil || again.Appointment.ID != made.Appointment.ID || again.Token == made.Token {
		t.Errorf("again: %v, %v", again, err)
	}
	ofOrgan, err := r.desk.RequestAppointment(r.county(), workflow.RequestAppointment{Wish: r.wish(), RequesterOrgan: ptr(r.organ[county])})
	if err != nil || ofOrgan.Appointment.RequesterMasked != nil || *ofOrgan.Appointment.RequesterOrganID != r.organ[county] {
		t.Fatalf("of an organ: %v, %v", ofOrgan, err)
	}
	status, err := r.counter.WithdrawAppointment(t.Context(), workflow.Pass{Number: ofOrgan.Appointment.Number, Token: &ofOrgan.Token})
	if err != nil || status.State != state.AppointmentWithdrawn {
		t.Errorf("an organ withdraws: %v, %v", status, err)
	}
	planned := r.visitDay(r.station, "2026-09-20", state.VisitDayPlanned, r.deputy)
	for name, c := range map[string]struct {
		in   workflow.RequestAppointment
		want refusal
	}{
		"for nobody":    {workflow.RequestAppointment{Wish: r.wish()}, invalid("input.name REQUIRED")},
		"for both":      {workflow.RequestAppointment{Wish: r.wish(), For: &citizen, RequesterOrgan: ptr(r.organ[guoyuan])}, invalid("input.requesterOrgan EXCLUSIVE")},
		"no phone":      {workflow.RequestAppointment{Wish: r.wish(), For: &workflow.Petitioner{Name: "赵甲", Consent: "A2026-1"}}, invalid("input.phone REQUIRED")},
		"unknown organ": {workflow.RequestAppointment{Wish: r.wish(), RequesterOrgan: ptr(r.organ[beihu])}, notFound("input.requesterOrgan")},
		"out of sight":  {workflow.RequestAppointment{Wish: workflow.Wish{VisitDay: r.theirs, Deputy: &r.stranger, Topic: "村口路灯"}, For: &citizen}, notFound("input.visitDay")},
		"unpublished":   {workflow.RequestAppointment{Wish: workflow.Wish{VisitDay: planned, Deputy: &r.deputy, Topic: "村口路灯"}, For: &citizen}, conflict("input.visitDay NOT_PUBLISHED")},
	} {
		t.Run(name, func(t *testing.T) {
			r.sub(t).refused(c.want, func() error {
				_, err := r.desk.RequestAppointment(r.township(), c.in)
				return err
			})
		})
	}
	second := r.house.station(huaguo, "果园镇花果村第二人大代表联络站")
	r.refused(denied("input.visitDay"), func() error {
		_, err := r.desk.RequestAppointment(r.officer(second), workflow.RequestAppointment{Wish: r.wish(), For: &citizen})
		return err
	})
}
