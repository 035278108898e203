package workflow_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// keeper is the context of a station's keeper; uuid.Nil is one of no station.
func (h *house) keeper(station uuid.UUID) context.Context {
	h.Helper()
	v, err := viewer.For("keeper", viewer.StationKeeper, guoyuan)
	if err != nil {
		h.Fatal(err)
	}
	v.Station = station
	return viewer.NewContext(h.Context(), v)
}

func TestAppointStaff(t *testing.T) {
	h := newHouse(t)
	s, second := h.station(guoyuan, "果园站"), h.station(guoyuan, "果园二站")
	a, err := h.desk.AppointStaff(h.keeper(s.ID), workflow.AppointStaff{
		Station: s.ID, Name: ptr(" 白云 "), Office: kind.StaffChief, Origin: kind.OriginGridWorker, StartedOn: day("2022-05-01"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if a.Name != "白云" || a.Office != kind.StaffChief || a.Origin != kind.OriginGridWorker || a.DeputyID != nil || a.Code != guoyuan || a.Version != 1 {
		t.Error("appointed", a)
	}
	detail := h.audited(workflow.VerbAppointStaff, "StationStaff", a.ID, "keeper", guoyuan)
	if strings.Contains(detail, "白云") {
		t.Error("audit detail:", detail)
	}
	// A deputy posted here from elsewhere, under the deputy's own name.
	guest := h.register(h.beihu(), "江四帆", h.congress[beihu], nil)
	h.post(h.nation(), guest, s.ID, kind.PostingCross, "2024-01-01")
	a, err = h.desk.AppointStaff(h.keeper(s.ID), workflow.AppointStaff{
		Station: s.ID, Name: ptr("别名"), Office: kind.StaffLiaison, Origin: kind.OriginDeputy, Deputy: ptr(h.deputyOf(guest)), StartedOn: today,
	})
	if err != nil {
		t.Fatal(err)
	}
	if a.Name != "江四帆" || *a.DeputyID != h.deputyOf(guest) {
		t.Error("appointed", a)
	}
	// A second chief only after the first; at another station at once.
	chief := func(station uuid.UUID, name string) error {
		_, err := h.desk.AppointStaff(h.county(), workflow.AppointStaff{
			Station: station, Name: &name, Office: kind.StaffChief, Origin: kind.OriginOfficial, StartedOn: today,
		})
		return err
	}
	h.refused(conflict("input.office CHIEF_TAKEN"), func() error { return chief(s.ID, "青山") })
	if err := chief(second.ID, "青山"); err != nil {
		t.Error(err)
	}
	first, err := h.client.StationStaff.Query().All(h.keeper(s.ID))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range first {
		if f.Office != kind.StaffChief || f.StationID != s.ID {
			continue
		}
		gone, err := h.desk.DismissStaff(h.keeper(s.ID), workflow.DismissStaff{ID: f.ID, ExpectedVersion: ptr(1), EndedOn: today})
		if err != nil {
			t.Fatal(err)
		}
		if !gone.EndedOn.Equal(today) || gone.Version != 2 {
			t.Error("dismissed", gone)
		}
		h.audited(workflow.VerbDismissStaff, "StationStaff", f.ID, "keeper", guoyuan)
	}
	if err := chief(s.ID, "青山"); err != nil {
		t.Error(err)
	}
}

func TestTwoChiefsAtOnce(t *testing.T) {
	h := newHouse(t)
	s := h.station(guoyuan, "果园站")
	errs := make(chan error, 2)
	for _, name := range []string{"白云", "青山"} {
		go func() {
			_, err := h.desk.AppointStaff(h.county(), workflow.AppointStaff{
				Station: s.ID, Name: &name, Office: kind.StaffChief, Origin: kind.OriginOfficial, StartedOn: today,
			})
			errs <- err
		}()
	}
	first, last := <-errs, <-errs
	if (first == nil) == (last == nil) {
		t.Fatal("of two chiefs:", first, last)
	}
	conflict("input.office CHIEF_TAKEN").check(t, errors.Join(first, last))
}

func TestStaffRefusals(t *testing.T) {
	h := newHouse(t)
	s, second := h.station(guoyuan, "果园站"), h.station(guoyuan, "果园二站")
	closed := h.station(guoyuan, "旧站")
	_, err := h.desk.CloseStation(h.county(), workflow.CloseStation{ID: closed.ID, ClosedOn: today, Reason: "撤并"})
	if err != nil {
		t.Fatal(err)
	}
	h.appoint(h.county(), s.ID, "白云", kind.StaffLiaison)
	unposted := h.deputyOf(h.register(h.county(), "江一帆", h.congress[guoyuan], nil))
	type change = func(*workflow.AppointStaff)
	for title, c := range map[string]struct {
		ctx    context.Context
		change change
		want   refusal
	}{
		"nobody":                    {h.county(), func(in *workflow.AppointStaff) { in.Name = ptr(" ") }, invalid("input.name REQUIRED")},
		"long name":                 {h.county(), func(in *workflow.AppointStaff) { in.Name = ptr(strings.Repeat("白", 41)) }, invalid("input.name TOO_LONG")},
		"office":                    {h.county(), func(in *workflow.AppointStaff) { in.Office = "KING" }, invalid("input.office UNKNOWN_VALUE")},
		"origin":                    {h.county(), func(in *workflow.AppointStaff) { in.Origin = "" }, invalid("input.origin UNKNOWN_VALUE")},
		"a deputy without a person": {h.county(), func(in *workflow.AppointStaff) { in.Origin = kind.OriginDeputy }, invalid("input.deputy REQUIRED")},
		"before the station opened": {h.county(), func(in *workflow.AppointStaff) { in.StartedOn = day("2022-04-30") }, invalid("input.startedOn IMPOSSIBLE_DATE")},
		"in 3024":                   {h.county(), func(in *workflow.AppointStaff) { in.StartedOn = day("3024-01-01") }, invalid("input.startedOn IMPOSSIBLE_DATE")},
		"station that never was":    {h.county(), func(in *workflow.AppointStaff) { in.Station = uuid.New() }, notFound("input.station")},
		"station out of sight":      {h.beihu(), func(*workflow.AppointStaff) {}, notFound("input.station")},
		"station closed":            {h.county(), func(in *workflow.AppointStaff) { in.Station = closed.ID }, conflict("input.station CLOSED")},
		"keeper of another":         {h.keeper(second.ID), func(*workflow.AppointStaff) {}, denied("input.station")},
		"keeper of none":            {h.keeper(uuid.Nil), func(*workflow.AppointStaff) {}, denied("input.station")},
		"twice the same":            {h.county(), func(in *workflow.AppointStaff) { in.Name = ptr("白云") }, conflict("input.name DUPLICATE")},
		"deputy who never was":      {h.county(), func(in *workflow.AppointStaff) { in.Deputy = ptr(uuid.New()) }, notFound("input.deputy")},
		"deputy not posted":         {h.county(), func(in *workflow.AppointStaff) { in.Deputy = &unposted }, conflict("input.deputy NOT_POSTED")},
		"an empty idempotency key":  {h.county(), func(in *workflow.AppointStaff) { in.IdempotencyKey = ptr("") }, invalid("input.idempotencyKey REQUIRED")},
	} {
		t.Run(title, func(t *testing.T) {
			in := workflow.AppointStaff{
				Station: s.ID, Name: ptr("青山"), Office: kind.StaffLiaison, Origin: kind.OriginVolunteer, StartedOn: day("2024-01-01"),
			}
			c.change(&in)
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.AppointStaff(c.ctx, in)
				return err
			})
		})
	}
}

func TestDismissStaffRefusals(t *testing.T) {
	h := newHouse(t)
	s, second := h.station(guoyuan, "果园站"), h.station(guoyuan, "果园二站")
	a := h.appoint(h.county(), s.ID, "白云", kind.StaffLiaison)
	for title, c := range map[string]struct {
		ctx  context.Context
		in   workflow.DismissStaff
		want refusal
	}{
		"before the appointment": {h.county(), workflow.DismissStaff{ID: a, EndedOn: day("2023-12-31")}, invalid("input.endedOn IMPOSSIBLE_DATE")},
		"tomorrow":               {h.county(), workflow.DismissStaff{ID: a, EndedOn: day("2026-06-16")}, invalid("input.endedOn IMPOSSIBLE_DATE")},
		"version":                {h.county(), workflow.DismissStaff{ID: a, ExpectedVersion: ptr(0), EndedOn: today}, conflict("input.expectedVersion VERSION")},
		"never was":              {h.county(), workflow.DismissStaff{ID: uuid.New(), EndedOn: today}, notFound("input.id")},
		"out of sight":           {h.beihu(), workflow.DismissStaff{ID: a, EndedOn: today}, notFound("input.id")},
		"keeper of another":      {h.keeper(second.ID), workflow.DismissStaff{ID: a, EndedOn: today}, denied("input.id")},
	} {
		t.Run(title, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.DismissStaff(c.ctx, c.in)
				return err
			})
		})
	}
	if _, err := h.desk.DismissStaff(h.county(), workflow.DismissStaff{ID: a, EndedOn: today}); err != nil {
		t.Fatal(err)
	}
	h.refused(conflict("input.id ENDED"), func() error {
		_, err := h.desk.DismissStaff(h.county(), workflow.DismissStaff{ID: a, EndedOn: today})
		return err
	})
}
