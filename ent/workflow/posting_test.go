package workflow_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/workflow"
)

func TestPostDeputyMakesTheHome(t *testing.T) {
	h := newHouse(t)
	village, town, far := h.station(huaguo, "花果村站"), h.station(huangxin, "黄兴站"), h.station(beihu, "北湖站")
	in := person("江一帆", h.congress[county], nil)
	in.Phone = ptr("13800138000")
	deputy, err := h.desk.RegisterDeputy(h.county(), in)
	if err != nil {
		t.Fatal(err)
	}
	var m uuid.UUID
	err = h.owner.QueryRowContext(t.Context(), `SELECT id FROM mandate WHERE deputy_id = $1`, deputy.ID).Scan(&m)
	if err != nil {
		t.Fatal(err)
	}
	home := func(want string) {
		t.Helper()
		for _, from := range []string{`mandate WHERE id = '` + m.String() + `'`, `deputy WHERE id = $1`, `deputy_contact WHERE deputy_id = $1`} {
			args := []any{deputy.ID}[:strings.Count(from, "$1")]
			if h.count(from+` AND code = `+want+` AND county_code = 430121000000`, args...) != 1 {
				t.Errorf("not at home in %s: %s", want, from)
			}
		}
		if h.count(`deputy_key WHERE deputy_id = $1 AND code <> `+want, deputy.ID) != 0 {
			t.Errorf("a key is not at home in %s", want)
		}
	}
	home("430121000000")
	cross := h.post(h.nation(), m, far.ID, kind.PostingCross, "2022-06-01")
	home("430121000000") // a guest elsewhere
	later := h.post(h.county(), m, town.ID, kind.PostingGrid, "2024-03-01")
	home("430121102000")
	p, err := h.desk.PostDeputy(h.county(), workflow.PostDeputy{
		Mandate: m, Station: village.ID, Basis: kind.PostingConstituency, StartedOn: day("2024-02-01"),
	})
	if err != nil {
		t.Fatal(err)
	}
	home("430121107000") // the earliest, at the township of the village
	if p.Code != huaguo || *p.TownshipCode != guoyuan || p.DeputyID != deputy.ID || p.MandateID != m || p.Version != 1 {
		t.Error("posted", p)
	}
	h.audited(workflow.VerbPostDeputy, "Posting", p.ID, "COUNTY_ADMIN@430121000000", huaguo)

	// Withdrawn from one after the other, the home goes back the same way.
	gone, err := h.desk.WithdrawPosting(h.township(), workflow.WithdrawPosting{
		ID: p.ID, ExpectedVersion: ptr(1), EndedOn: day("2026-01-01"), Reason: ptr("换站"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if !gone.EndedOn.Equal(day("2026-01-01")) || *gone.EndReason != "换站" || gone.Version != 2 {
		t.Error("withdrawn", gone)
	}
	h.audited(workflow.VerbWithdrawPosting, "Posting", p.ID, "TOWNSHIP_ADMIN@430121107000", huaguo)
	home("430121102000")
	for _, id := range []uuid.UUID{cross, later} {
		_, err := h.desk.WithdrawPosting(h.nation(), workflow.WithdrawPosting{ID: id, EndedOn: today})
		if err != nil {
			t.Fatal(err)
		}
	}
	home("430121000000")
}

// A city's deputy goes home from one county to another, of which the first sees nothing.
func TestWithdrawalMovesTheHomeOutOfSight(t *testing.T) {
	h := newHouse(t)
	here, far := h.station(guoyuan, "果园站"), h.station(beihu, "北湖站")
	m := h.register(h.province(), "江一帆", h.congress[hunan], nil)
	d := h.deputyOf(m)
	p := h.post(h.province(), m, here.ID, kind.PostingProximity, "2024-01-01")
	h.post(h.province(), m, far.ID, kind.PostingSector, "2024-02-01")
	if got := h.codeOf("mandate", m); got != guoyuan {
		t.Fatal("grouped at", got)
	}
	if _, err := h.desk.WithdrawPosting(h.township(), workflow.WithdrawPosting{ID: p, EndedOn: today}); err != nil {
		t.Fatal(err)
	}
	if m, d := h.codeOf("mandate", m), h.codeOf("deputy", d); m != beihu || d != beihu {
		t.Error("grouped at", m, "at home in", d)
	}
	if n, err := h.client.Deputy.Query().Count(h.township()); err != nil || n != 0 {
		t.Error("the township still sees", n, err)
	}
}

func TestPostDeputyRefusals(t *testing.T) {
	h := newHouse(t)
	s, other, far := h.station(guoyuan, "果园站"), h.station(huangxin, "黄兴站"), h.station(beihu, "北湖站")
	closed := h.station(guoyuan, "旧站")
	_, err := h.desk.CloseStation(h.county(), workflow.CloseStation{ID: closed.ID, ClosedOn: today, Reason: "撤并"})
	if err != nil {
		t.Fatal(err)
	}
	m := h.register(h.county(), "江一帆", h.congress[county], nil)
	town := h.register(h.county(), "江二帆", h.congress[guoyuan], nil)
	unit := h.constituency[county]
	city := h.register(h.city(), "江三帆", h.congress[changsha], &unit)
	foreign := h.register(h.beihu(), "江四帆", h.congress[beihu], nil)
	guest := h.register(h.province(), "江五帆", h.congress[hunan], nil)
	h.post(h.province(), guest, s.ID, kind.PostingCross, "2024-01-01")
	h.post(h.county(), m, other.ID, kind.PostingProximity, "2024-01-01")
	suspended := h.register(h.county(), "江六帆", h.congress[county], nil)
	_, err = h.desk.ChangeMandate(h.county(), workflow.ChangeMandate{ID: suspended, Status: state.MandateSuspended})
	if err != nil {
		t.Fatal(err)
	}
	ended := h.register(h.county(), "江七帆", h.congress[county], nil)
	_, _, err = h.desk.EndMandate(h.county(), workflow.EndMandate{ID: ended, EndedOn: today, Reason: kind.EndResigned})
	if err != nil {
		t.Fatal(err)
	}
	start := day("2024-01-01")
	for title, c := range map[string]struct {
		ctx  context.Context
		in   workflow.PostDeputy
		want refusal
	}{
		"basis":                       {h.county(), workflow.PostDeputy{Mandate: m, Station: s.ID, StartedOn: start}, invalid("input.basis UNKNOWN_VALUE")},
		"before the election":         {h.county(), workflow.PostDeputy{Mandate: m, Station: s.ID, Basis: kind.PostingGrid, StartedOn: day("2021-11-19")}, invalid("input.startedOn IMPOSSIBLE_DATE")},
		"before the station opened":   {h.county(), workflow.PostDeputy{Mandate: m, Station: s.ID, Basis: kind.PostingGrid, StartedOn: day("2022-04-30")}, invalid("input.startedOn IMPOSSIBLE_DATE")},
		"tomorrow":                    {h.county(), workflow.PostDeputy{Mandate: m, Station: s.ID, Basis: kind.PostingGrid, StartedOn: day("2026-06-16")}, invalid("input.startedOn IMPOSSIBLE_DATE")},
		"station that never was":      {h.county(), workflow.PostDeputy{Mandate: m, Station: uuid.New(), Basis: kind.PostingGrid, StartedOn: start}, notFound("input.station")},
		"station out of sight":        {h.county(), workflow.PostDeputy{Mandate: m, Station: far.ID, Basis: kind.PostingCross, StartedOn: start}, notFound("input.station")},
		"station closed":              {h.county(), workflow.PostDeputy{Mandate: m, Station: closed.ID, Basis: kind.PostingGrid, StartedOn: start}, conflict("input.station CLOSED")},
		"mandate that never was":      {h.county(), workflow.PostDeputy{Mandate: uuid.New(), Station: s.ID, Basis: kind.PostingGrid, StartedOn: start}, notFound("input.mandate")},
		"mandate out of sight":        {h.county(), workflow.PostDeputy{Mandate: foreign, Station: s.ID, Basis: kind.PostingCross, StartedOn: start}, notFound("input.mandate")},
		"mandate suspended":           {h.county(), workflow.PostDeputy{Mandate: suspended, Station: s.ID, Basis: kind.PostingGrid, StartedOn: start}, conflict("input.mandate NOT_ON_ROLL")},
		"mandate ended":               {h.county(), workflow.PostDeputy{Mandate: ended, Station: s.ID, Basis: kind.PostingGrid, StartedOn: start}, conflict("input.mandate NOT_ON_ROLL")},
		"a guest made at home":        {h.county(), workflow.PostDeputy{Mandate: guest, Station: other.ID, Basis: kind.PostingProximity, StartedOn: start}, denied("input.mandate")},
		"a guest handed on":           {h.county(), workflow.PostDeputy{Mandate: guest, Station: other.ID, Basis: kind.PostingCross, StartedOn: start}, denied("input.mandate")},
		"off the congress's area":     {h.nation(), workflow.PostDeputy{Mandate: foreign, Station: s.ID, Basis: kind.PostingSector, StartedOn: start}, invalid("input.station MISMATCH")},
		"off the township's area":     {h.county(), workflow.PostDeputy{Mandate: town, Station: other.ID, Basis: kind.PostingConstituency, StartedOn: start}, invalid("input.station MISMATCH")},
		"a city deputy by precinct":   {h.county(), workflow.PostDeputy{Mandate: city, Station: s.ID, Basis: kind.PostingConstituency, StartedOn: start}, invalid("input.basis MISMATCH")},
		"the same station once more":  {h.county(), workflow.PostDeputy{Mandate: m, Station: other.ID, Basis: kind.PostingCross, StartedOn: start}, conflict("input.station DUPLICATE")},
		"too long an idempotency key": {h.county(), workflow.PostDeputy{IdempotencyKey: ptr(strings.Repeat("k", 101)), Mandate: m, Station: s.ID, Basis: kind.PostingGrid, StartedOn: start}, invalid("input.idempotencyKey TOO_LONG")},
	} {
		t.Run(title, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.PostDeputy(c.ctx, c.in)
				return err
			})
		})
	}
	// The positive controls: each basis where it is right, and a guest posted further by an organ above both.
	h.post(h.county(), m, s.ID, kind.PostingConstituency, "2024-01-01")
	h.post(h.township(), town, s.ID, kind.PostingConstituency, "2026-06-15")
	h.post(h.county(), city, s.ID, kind.PostingProximity, "2022-05-01")
	h.post(h.province(), guest, other.ID, kind.PostingCross, "2024-01-01")
	if got := h.codeOf("mandate", guest); got != hunan {
		t.Error("the guest is now grouped at", got)
	}
}

func TestWithdrawPostingRefusals(t *testing.T) {
	h := newHouse(t)
	s := h.station(guoyuan, "果园站")
	m := h.register(h.county(), "江一帆", h.congress[county], nil)
	p := h.post(h.county(), m, s.ID, kind.PostingProximity, "2024-01-01")
	for title, c := range map[string]struct {
		ctx  context.Context
		in   workflow.WithdrawPosting
		want refusal
	}{
		"before it began": {h.county(), workflow.WithdrawPosting{ID: p, EndedOn: day("2023-12-31")}, invalid("input.endedOn IMPOSSIBLE_DATE")},
		"tomorrow":        {h.county(), workflow.WithdrawPosting{ID: p, EndedOn: day("2026-06-16")}, invalid("input.endedOn IMPOSSIBLE_DATE")},
		"long reason":     {h.county(), workflow.WithdrawPosting{ID: p, EndedOn: today, Reason: ptr(strings.Repeat("长", 201))}, invalid("input.reason TOO_LONG")},
		"version":         {h.county(), workflow.WithdrawPosting{ID: p, ExpectedVersion: ptr(2), EndedOn: today}, conflict("input.expectedVersion VERSION")},
		"never was":       {h.county(), workflow.WithdrawPosting{ID: uuid.New(), EndedOn: today}, notFound("input.id")},
		"out of sight":    {h.beihu(), workflow.WithdrawPosting{ID: p, EndedOn: today}, notFound("input.id")},
	} {
		t.Run(title, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.WithdrawPosting(c.ctx, c.in)
				return err
			})
		})
	}
	// On its own first day it may end.
	if _, err := h.desk.WithdrawPosting(h.county(), workflow.WithdrawPosting{ID: p, EndedOn: day("2024-01-01")}); err != nil {
		t.Error(err)
	}
	h.refused(conflict("input.id ENDED"), func() error {
		_, err := h.desk.WithdrawPosting(h.county(), workflow.WithdrawPosting{ID: p, EndedOn: today})
		return err
	})
	// The station is free for another posting.
	h.post(h.county(), m, s.ID, kind.PostingProximity, "2025-01-01")
}

// A mandate ends while it is being posted: whichever comes first, no posting of an ended mandate goes on.
func TestPostingWhileEnding(t *testing.T) {
	h := newHouse(t)
	s := h.station(guoyuan, "果园站")
	m := h.register(h.county(), "江一帆", h.congress[county], nil)
	errs := h.atOnce("deputy:"+h.deputyOf(m).String(),
		func() error {
			_, err := h.desk.PostDeputy(h.county(), workflow.PostDeputy{Mandate: m, Station: s.ID, Basis: kind.PostingGrid, StartedOn: today})
			return err
		},
		func() error {
			_, _, err := h.desk.EndMandate(h.county(), workflow.EndMandate{ID: m, EndedOn: today, Reason: kind.EndDied})
			return err
		})
	if errs[1] != nil {
		t.Error("end:", errs[1])
	}
	if errs[0] != nil {
		conflict("input.mandate NOT_ON_ROLL").check(t, errors.Join(errs...))
	}
	if h.count(`posting WHERE ended_on IS NULL`) != 0 {
		t.Error("a posting goes on without its mandate")
	}
}
