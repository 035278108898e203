package workflow_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/workflow"
)

// give gives a deputy a further mandate of a congress.
func (h *house) give(ctx context.Context, deputy uuid.UUID, congress place.Code) (*gen.Mandate, error) {
	return h.desk.GiveMandate(ctx, workflow.GiveMandate{Deputy: deputy, Mandate: person("", h.congress[congress], nil).Mandate})
}

func TestGiveMandate(t *testing.T) {
	h := newHouse(t)
	d := h.deputyOf(h.register(h.county(), "江一帆", h.congress[county], nil))
	m, err := h.give(h.county(), d, guoyuan)
	if err != nil {
		t.Fatal(err)
	}
	if m.DeputyID != d || m.SeatCode != guoyuan || m.Level != kind.Township || m.Version != 1 || m.Code != guoyuan {
		t.Error("gave", m)
	}
	h.audited(workflow.VerbGiveMandate, "Mandate", m.ID, "COUNTY_ADMIN@430121000000", guoyuan)
	// The home is the deepest of the mandates; the keys follow it.
	if got := h.codeOf("deputy", d); got != guoyuan {
		t.Error("at home in", got)
	}
	if h.count(`deputy_key WHERE deputy_id = $1 AND code <> 430121107000`, d) != 0 {
		t.Error("the keys stayed")
	}
	// Up the chain as far as it goes; the home stays.
	for _, c := range []struct {
		ctx      context.Context
		congress place.Code
	}{{h.city(), changsha}, {h.province(), hunan}} {
		if _, err := h.give(c.ctx, d, c.congress); err != nil {
			t.Error(c.congress, err)
		}
	}
	if got := h.codeOf("deputy", d); got != guoyuan {
		t.Error("at home in", got)
	}
}

func TestGiveMandateRefusals(t *testing.T) {
	h := newHouse(t)
	d := h.deputyOf(h.register(h.county(), "江一帆", h.congress[county], nil))
	if _, err := h.give(h.county(), d, guoyuan); err != nil {
		t.Fatal(err)
	}
	guest := h.register(h.beihu(), "江四帆", h.congress[beihu], nil)
	s := h.station(guoyuan, "果园镇人大代表联络站")
	h.post(h.nation(), guest, s.ID, kind.PostingCross, "2024-01-01")
	young := person("江小帆", h.congress[county], nil)
	young.BirthMonth, young.Mandate.ElectedOn = day("2005-01-01"), day("2023-05-01")
	child, err := h.desk.RegisterDeputy(h.county(), young)
	if err != nil {
		t.Fatal(err)
	}
	for title, c := range map[string]struct {
		ctx      context.Context
		deputy   uuid.UUID
		congress uuid.UUID
		want     refusal
	}{
		"beside, by who sees both":  {h.nation(), d, h.congress[beihu], invalid("input.mandate.congress CHAIN")},
		"another township":          {h.county(), d, h.congress[huangxin], invalid("input.mandate.congress CHAIN")},
		"another city":              {h.province(), d, h.congress[chenzhou], invalid("input.mandate.congress CHAIN")},
		"the same congress":         {h.county(), d, h.congress[county], conflict("input.mandate.congress DUPLICATE")},
		"a congress above":          {h.county(), d, h.congress[changsha], notFound("input.mandate.congress")},
		"a deputy who never was":    {h.county(), uuid.New(), h.congress[county], notFound("input.deputy")},
		"a deputy out of sight":     {h.beihu(), d, h.congress[beihu], notFound("input.deputy")},
		"a guest":                   {h.county(), h.deputyOf(guest), h.congress[county], denied("input.deputy")},
		"who was 16 when elected":   {h.county(), child.ID, h.congress[guoyuan], invalid("input.mandate.electedOn IMPOSSIBLE_DATE")},
		"a congress that never was": {h.county(), d, uuid.New(), notFound("input.mandate.congress")},
	} {
		t.Run(title, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error {
				_, err := h.desk.GiveMandate(c.ctx, workflow.GiveMandate{Deputy: c.deputy, Mandate: person("", c.congress, nil).Mandate})
				return err
			})
		})
	}
}

// A seat that the viewer cannot see counts for the chain.
func TestChainReachesOutOfSight(t *testing.T) {
	h := newHouse(t)
	provincial := h.register(h.province(), "江一帆", h.congress[hunan], nil)
	d := h.deputyOf(provincial)
	if _, err := h.give(h.province(), d, beihu); err != nil {
		t.Fatal(err)
	}
	s := h.station(guoyuan, "果园镇人大代表联络站")
	h.post(h.province(), provincial, s.ID, kind.PostingProximity, "2024-01-01")
	if got := h.codeOf("deputy", d); got != guoyuan {
		t.Fatal("at home in", got)
	}
	seen, err := h.client.Mandate.Query().Count(h.county())
	if err != nil || seen != 1 {
		t.Fatalf("the county sees %d mandates, %v; the test needs one out of its sight", seen, err)
	}
	h.refused(invalid("input.mandate.congress CHAIN"), func() error {
		_, err := h.give(h.county(), d, county)
		return err
	})
}

func TestTwoMandatesAtOnce(t *testing.T) {
	h := newHouse(t)
	d := h.deputyOf(h.register(h.county(), "江一帆", h.congress[county], nil))
	errs := h.atOnce("deputy:"+d.String(),
		func() error { _, err := h.give(h.county(), d, guoyuan); return err },
		func() error { _, err := h.give(h.county(), d, huangxin); return err })
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatal("of two mandates off one chain:", errs)
	}
	invalid("input.mandate.congress CHAIN").check(t, errors.Join(errs...))
}

func TestChangeMandate(t *testing.T) {
	h := newHouse(t)
	m := h.register(h.county(), "江一帆", h.congress[county], nil)
	to := func(status state.Mandate) error {
		_, err := h.desk.ChangeMandate(h.county(), workflow.ChangeMandate{ID: m, Status: status})
		return err
	}
	for _, from := range state.Mandates {
		for _, next := range []state.Mandate{state.MandateConfirmed, state.MandateSuspended} {
			t.Run(string(from+" to "+next), func(t *testing.T) {
				h := h.sub(t)
				set := `UPDATE mandate SET status = $1, ended_on = NULL, end_reason = NULL`
				if from == state.MandateEnded {
					set = `UPDATE mandate SET status = $1, ended_on = '2025-01-01', end_reason = 'RESIGNED'`
				}
				if _, err := h.owner.ExecContext(t.Context(), set, from); err != nil {
					t.Fatal(err)
				}
				if !from.CanBecome(next) {
					h.refused(conflict("input.status STATE"), func() error { return to(next) })
					return
				}
				if err := to(next); err != nil {
					t.Fatal(err)
				}
				if h.count(`mandate WHERE status = $1`, next) != 1 {
					t.Error("the state is not", next)
				}
				detail := h.audited(workflow.VerbChangeMandate, "Mandate", m, "COUNTY_ADMIN@430121000000", county)
				if !strings.Contains(detail, `"from": "`+string(from)+`"`) {
					t.Error("audit detail:", detail)
				}
			})
		}
	}
	for _, status := range []state.Mandate{state.MandateElected, state.MandateEnded, "", "X"} {
		h.refused(invalid("input.status UNKNOWN_VALUE"), func() error { return to(status) })
	}
}

func TestMandatesBelongToTheirCongress(t *testing.T) {
	h := newHouse(t)
	cityUnit := h.constituency[county]
	m := h.register(h.city(), "江一帆", h.congress[changsha], &cityUnit)
	if got := h.codeOf("mandate", m); got != county {
		t.Fatal("grouped at", got)
	}
	// Grouped in the county, which sees it, but the city's to change.
	for title, ctx := range map[string]struct {
		context.Context
		want refusal
	}{"county": {h.county(), denied("input.id")}, "another": {h.beihu(), notFound("input.id")}} {
		t.Run(title, func(t *testing.T) {
			h := h.sub(t)
			h.refused(ctx.want, func() error {
				_, err := h.desk.ChangeMandate(ctx, workflow.ChangeMandate{ID: m, Status: state.MandateSuspended})
				return err
			})
			h.refused(ctx.want, func() error {
				_, _, err := h.desk.EndMandate(ctx, workflow.EndMandate{ID: m, EndedOn: today, Reason: kind.EndResigned})
				return err
			})
		})
	}
	_, err := h.desk.ChangeMandate(h.city(), workflow.ChangeMandate{ID: m, ExpectedVersion: ptr(1), Status: state.MandateSuspended})
	if err != nil {
		t.Error(err)
	}
	h.refused(conflict("input.expectedVersion VERSION"), func() error {
		_, err := h.desk.ChangeMandate(h.city(), workflow.ChangeMandate{ID: m, ExpectedVersion: ptr(1), Status: state.MandateConfirmed})
		return err
	})
}

func TestEndMandate(t *testing.T) {
	h := newHouse(t)
	home, other, far := h.station(guoyuan, "甲站"), h.station(huangxin, "乙站"), h.station(beihu, "丙站")
	m := h.register(h.county(), "江一帆", h.congress[county], nil)
	d := h.deputyOf(m)
	second, err := h.give(h.county(), d, huangxin)
	if err != nil {
		t.Fatal(err)
	}
	past := h.post(h.county(), m, other.ID, kind.PostingProximity, "2022-06-01")
	_, err = h.desk.WithdrawPosting(h.county(), workflow.WithdrawPosting{ID: past, EndedOn: day("2023-01-01")})
	if err != nil {
		t.Fatal(err)
	}
	here := h.post(h.county(), m, home.ID, kind.PostingConstituency, "2023-01-01")
	cross := h.post(h.nation(), m, far.ID, kind.PostingCross, "2023-01-01")
	keeps := h.post(h.county(), second.ID, other.ID, kind.PostingConstituency, "2023-01-01")

	ended, n, err := h.desk.EndMandate(h.county(), workflow.EndMandate{
		ID: m, EndedOn: day("2026-05-01"), Reason: kind.EndMovedAway, Note: ptr(" 调往外地 "),
	})
	if err != nil {
		t.Fatal(err)
	}
	if n != 2 || ended.Status != state.MandateEnded || !ended.EndedOn.Equal(day("2026-05-01")) || *ended.EndReason != kind.EndMovedAway ||
		*ended.EndNote != "调往外地" {
		t.Errorf("ended %v with %d postings", ended, n)
	}
	detail := h.audited(workflow.VerbEndMandate, "Mandate", m, "COUNTY_ADMIN@430121000000", ended.Code)
	if strings.Contains(detail, "调往外地") {
		t.Error("audit detail:", detail)
	}
	for what, c := range map[string]struct {
		from string
		id   uuid.UUID
	}{
		"here":                        {`posting WHERE id = $1 AND ended_on = '2026-05-01' AND end_reason = '代表资格终止' AND version = 2`, here},
		"far away, out of sight":      {`posting WHERE id = $1 AND ended_on = '2026-05-01'`, cross},
		"the past stays as it was":    {`posting WHERE id = $1 AND ended_on = '2023-01-01'`, past},
		"the other mandate's goes on": {`posting WHERE id = $1 AND ended_on IS NULL`, keeps},
		"the mandate stays readable":  {`mandate WHERE id = $1 AND status = 'ENDED' AND code = 430121107000`, m},
		"the person moved":            {`deputy WHERE id = $1 AND code = 430121102000`, d},
	} {
		if h.count(c.from, c.id) != 1 {
			t.Error("not so:", what)
		}
	}
	h.refused(conflict("input.id ENDED"), func() error {
		_, _, err := h.desk.EndMandate(h.county(), workflow.EndMandate{ID: m, EndedOn: today, Reason: kind.EndDied})
		return err
	})
	// The seat is free again. The last mandate's end leaves the person where it was.
	again, err := h.give(h.county(), d, county)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []uuid.UUID{again.ID, second.ID} {
		if _, _, err := h.desk.EndMandate(h.county(), workflow.EndMandate{ID: id, EndedOn: today, Reason: kind.EndDied}); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.codeOf("deputy", d); got != huangxin {
		t.Error("at home in", got)
	}
}

func TestEndMandateRefusals(t *testing.T) {
	h := newHouse(t)
	m := h.register(h.county(), "江一帆", h.congress[county], nil)
	for title, c := range map[string]struct {
		change func(*workflow.EndMandate)
		want   refusal
	}{
		"before the election": {func(in *workflow.EndMandate) { in.EndedOn = day("2021-11-19") }, invalid("input.endedOn IMPOSSIBLE_DATE")},
		"tomorrow":            {func(in *workflow.EndMandate) { in.EndedOn = day("2026-06-16") }, invalid("input.endedOn IMPOSSIBLE_DATE")},
		"no reason":           {func(in *workflow.EndMandate) { in.Reason = "" }, invalid("input.reason UNKNOWN_VALUE")},
		"long note":           {func(in *workflow.EndMandate) { in.Note = ptr(strings.Repeat("长", 501)) }, invalid("input.note TOO_LONG")},
		"version":             {func(in *workflow.EndMandate) { in.ExpectedVersion = ptr(2) }, conflict("input.expectedVersion VERSION")},
		"never was":           {func(in *workflow.EndMandate) { in.ID = uuid.New() }, notFound("input.id")},
	} {
		t.Run(title, func(t *testing.T) {
			in := workflow.EndMandate{ID: m, EndedOn: today, Reason: kind.EndResigned}
			c.change(&in)
			h.sub(t).refused(c.want, func() error {
				_, _, err := h.desk.EndMandate(h.county(), in)
				return err
			})
		})
	}
}
