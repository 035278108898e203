package workflow_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// pairHouse is a house with deputies of the county: a leader, some who are led, and others.
type pairHouse struct {
	*house
	leader, first, second, third uuid.UUID // deputies of the county
	town                         uuid.UUID // a deputy of the township
	old                          uuid.UUID // of the county, and of its last term
	stranger                     uuid.UUID // of the other county
	station                      *gen.Station
}

func newPairHouse(t *testing.T) *pairHouse {
	t.Helper()
	h := &pairHouse{house: newHouse(t)}
	for name, id := range map[string]*uuid.UUID{"赵领": &h.leader, "钱一": &h.first, "孙二": &h.second, "李三": &h.third, "周旧": &h.old} {
		unit := h.constituency[guoyuan]
		*id = h.deputyOf(h.register(h.county(), name, h.congress[county], &unit))
	}
	h.town = h.deputyOf(h.register(h.township(), "吴镇", h.congress[guoyuan], nil))
	h.stranger = h.deputyOf(h.register(h.beihu(), "郑外", h.congress[beihu], nil))
	var term uuid.UUID
	if err := h.owner.QueryRowContext(t.Context(), `SELECT id FROM term WHERE congress_id = $1 AND number = 17`, h.congress[county]).Scan(&term); err != nil {
		t.Fatal(err)
	}
	h.row("mandate", county, map[string]any{
		"deputy_id": h.old, "congress_id": h.congress[county], "term_id": term, "level": "COUNTY", "seat_code": int64(county), "term_number": 17,
		"election": "GENERAL", "status": "ENDED", "elected_on": "2016-11-20", "ended_on": "2021-12-01", "end_reason": "TERM_OVER",
	})
	h.station = h.house.station(guoyuan, "果园镇人大代表联络站")
	return h
}

// member is the context of a deputy.
func (h *pairHouse) member(deputy uuid.UUID) context.Context {
	ctx := h.as(viewer.Deputy, county)
	viewer.FromContext(ctx).Person = deputy
	return ctx
}

func (h *pairHouse) pairs(leader, deputy uuid.UUID, from string) workflow.Pair {
	return workflow.Pair{
		Congress: h.congress[county], Kind: kind.PairingMemberDeputy, Leader: workflow.PairingLeader{Deputy: &leader}, Deputy: &deputy, StartedOn: day(from),
	}
}

func (h *pairHouse) paired(in workflow.Pair) *gen.Pairing {
	h.Helper()
	p, err := h.desk.Pair(h.county(), in)
	if err != nil {
		h.Fatal(err)
	}
	return p
}

func (h *pairHouse) rule(most, times int, period kind.Period) {
	h.Helper()
	if _, err := h.desk.SetPairingRule(h.county(), workflow.SetPairingRule{
		Congress: h.congress[county], Kind: kind.PairingMemberDeputy, Least: 2, Most: most, Times: times, Period: period, FromOn: day("2026-01-01"),
	}); err != nil {
		h.Fatal(err)
	}
}

func TestPairing(t *testing.T) {
	h := newPairHouse(t)
	h.rule(2, 1, kind.PeriodMonth)
	one := h.paired(h.pairs(h.leader, h.first, "2026-01-10"))
	if one.LeaderName != "赵领" || one.Code != guoyuan {
		t.Errorf("%s at %s", one.LeaderName, one.Code)
	}
	h.audited(workflow.VerbPair, gen.TypePairing, one.ID, "COUNTY_ADMIN@"+county.String(), guoyuan)
	h.paired(h.pairs(h.leader, h.second, "2026-06-01"))
	h.refused(conflict("input.leader TOO_MANY"), func() error {
		_, err := h.desk.Pair(h.county(), h.pairs(h.leader, h.third, "2026-06-01"))
		return err
	})
	h.refused(conflict("input.deputy DUPLICATE"), func() error {
		_, err := h.desk.Pair(h.county(), h.pairs(h.leader, h.first, "2026-06-10"))
		return err
	})

	// Both of a pairing log what they did, and so does who administers the place; each time the ledgers of both are settled.
	for n, by := range []context.Context{h.member(h.leader), h.member(h.first), h.county(), h.township()} {
		c, err := h.desk.LogContact(by, workflow.LogContact{Pairing: one.ID, Day: day("2026-05-20"), Way: kind.ContactVisit, Note: "走访企业"})
		if err != nil {
			t.Fatal(err)
		}
		if c.Code != guoyuan || *c.LeaderDeputyID != h.leader || *c.DeputyID != h.first {
			t.Errorf("contact %v", c)
		}
		if got := h.count(`river_job WHERE kind = 'settlement' AND args->>'deputy' IN ($1, $2)`, h.leader.String(), h.first.String()); got != 2*(n+1) {
			t.Errorf("%d settlements after %d contacts", got, n+1)
		}
	}
	for name, by := range map[string]context.Context{"another deputy": h.member(h.second), "a stranger": h.member(h.stranger), "beside": h.beihu()} {
		if _, err := h.desk.LogContact(by, workflow.LogContact{Pairing: one.ID, Day: day("2026-05-20"), Way: kind.ContactVisit, Note: "走访企业"}); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}

	h.refused(conflict("input.endedOn HAS_CONTACTS"), func() error {
		_, err := h.desk.Unpair(h.county(), workflow.Unpair{ID: one.ID, EndedOn: day("2026-05-20"), Reason: "工作调动"})
		return err
	})
	h.refused(denied("input.id"), func() error {
		_, err := h.desk.Unpair(h.township(), workflow.Unpair{ID: one.ID, EndedOn: day("2026-06-01"), Reason: "工作调动"})
		return err
	})
	ended, err := h.desk.Unpair(h.county(), workflow.Unpair{ID: one.ID, ExpectedVersion: ptr(1), EndedOn: day("2026-06-10"), Reason: "工作调动"})
	if err != nil {
		t.Fatal(err)
	}
	if ended.Version != 2 || *ended.EndReason != "工作调动" {
		t.Errorf("ended %v", ended)
	}
	h.refused(conflict("input.id ENDED"), func() error {
		_, err := h.desk.Unpair(h.county(), workflow.Unpair{ID: one.ID, EndedOn: day("2026-06-10"), Reason: "工作调动"})
		return err
	})
	h.refused(invalid("input.day IMPOSSIBLE_DATE"), func() error {
		_, err := h.desk.LogContact(h.county(), workflow.LogContact{Pairing: one.ID, Day: day("2026-06-10"), Way: kind.ContactVisit, Note: "走访企业"})
		return err
	})
	// There is room for another, and for the same again once the first time is over.
	h.paired(h.pairs(h.leader, h.third, "2026-06-10"))
	h.refused(conflict("input.deputy DUPLICATE"), func() error {
		_, err := h.desk.Pair(h.county(), h.pairs(h.leader, h.first, "2026-06-09"))
		return err
	})
}

// Two who pair the same leader at once do not exceed the rule together.
func TestPairingAtOnce(t *testing.T) {
	h := newPairHouse(t)
	h.rule(2, 1, kind.PeriodMonth)
	h.paired(h.pairs(h.leader, h.first, "2026-01-10"))
	pair := func(deputy uuid.UUID) func() error {
		return func() error {
			_, err := h.desk.Pair(h.county(), h.pairs(h.leader, deputy, "2026-02-01"))
			return err
		}
	}
	errs := h.atOnce("pairings "+h.congress[county].String(), pair(h.second), pair(h.third))
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("%v", errs)
	}
	conflict("input.leader TOO_MANY").check(t, errors.Join(errs...))
	if n := h.count(`pairing`); n != 2 {
		t.Errorf("%d pairings", n)
	}
}

func TestPairingRefusals(t *testing.T) {
	h := newPairHouse(t)
	own := h.pairs(h.leader, h.first, "2026-01-10")
	with := func(change func(*workflow.Pair)) workflow.Pair {
		in := own
		change(&in)
		return in
	}
	suspended := h.register(h.county(), "王停", h.congress[county], nil)
	if _, err := h.desk.ChangeMandate(h.county(), workflow.ChangeMandate{ID: suspended, Status: "SUSPENDED"}); err != nil {
		t.Fatal(err)
	}
	idle := h.deputyOf(suspended)
	organ := func(at place.Code) workflow.PairingLeader {
		id := h.organ[at]
		return workflow.PairingLeader{Organ: &id, Name: ptr("冯主任")}
	}
	for name, test := range map[string]struct {
		in   workflow.Pair
		want refusal
	}{
		"oneself":              {with(func(in *workflow.Pair) { in.Deputy = &h.leader }), invalid("input.deputy SELF")},
		"nobody leads":         {with(func(in *workflow.Pair) { in.Leader = workflow.PairingLeader{} }), invalid("input.leader EXCLUSIVE")},
		"two lead":             {with(func(in *workflow.Pair) { in.Leader.Organ = ptr(h.organ[county]) }), invalid("input.leader EXCLUSIVE")},
		"a member's organ":     {with(func(in *workflow.Pair) { in.Leader = organ(county) }), invalid("input.leader.organ MISMATCH")},
		"no one led":           {with(func(in *workflow.Pair) { in.Deputy = nil }), invalid("input.deputy REQUIRED")},
		"a station too":        {with(func(in *workflow.Pair) { in.Station = &h.station.ID }), invalid("input.station MISMATCH")},
		"tomorrow":             {with(func(in *workflow.Pair) { in.StartedOn = day("2026-06-16") }), invalid("input.startedOn IMPOSSIBLE_DATE")},
		"no kind":              {with(func(in *workflow.Pair) { in.Kind = "FRIENDS" }), invalid("input.kind UNKNOWN_VALUE")},
		"a name of a deputy":   {with(func(in *workflow.Pair) { in.Leader.Name = ptr("某人") }), invalid("input.leader.name MISMATCH")},
		"another congress":     {with(func(in *workflow.Pair) { in.Congress = h.congress[guoyuan] }), denied("input.congress")},
		"congress beside":      {with(func(in *workflow.Pair) { in.Congress = h.congress[beihu] }), notFound("input.congress")},
		"a stranger led":       {with(func(in *workflow.Pair) { in.Deputy = &h.stranger }), notFound("input.deputy")},
		"a stranger leads":     {with(func(in *workflow.Pair) { in.Leader.Deputy = &h.stranger }), notFound("input.leader.deputy")},
		"of another congress":  {with(func(in *workflow.Pair) { in.Leader.Deputy = &h.town }), invalid("input.leader.deputy MISMATCH")},
		"a suspended one led":  {with(func(in *workflow.Pair) { in.Deputy = &idle }), conflict("input.deputy NOT_ON_ROLL")},
		"a suspended leader":   {with(func(in *workflow.Pair) { in.Leader.Deputy = &idle }), invalid("input.leader.deputy MISMATCH")},
		"before elected":       {with(func(in *workflow.Pair) { in.StartedOn = day("2021-01-01") }), conflict("input.deputy NOT_ON_ROLL")},
		"newly elected leads":  {with(func(in *workflow.Pair) { in.Kind = kind.PairingReelectedNew }), invalid("input.leader.deputy MISMATCH")},
		"re-elected led":       {with(func(in *workflow.Pair) { in.Kind, in.Deputy = kind.PairingReelectedNew, &h.old }), invalid("input.deputy MISMATCH")},
		"lower leads upper":    {with(func(in *workflow.Pair) { in.Kind, in.Leader.Deputy = kind.PairingUpperLower, &h.town }), invalid("input.leader.deputy MISMATCH")},
		"equals":               {with(func(in *workflow.Pair) { in.Kind = kind.PairingUpperLower }), invalid("input.leader.deputy MISMATCH")},
		"a deputy's committee": {with(func(in *workflow.Pair) { in.Kind = kind.PairingCommitteeDeputy }), invalid("input.leader.deputy MISMATCH")},
		"a county led": {with(func(in *workflow.Pair) {
			in.Kind, in.Deputy, in.Township = kind.PairingLeaderTownship, nil, ptr(county)
		}), invalid("input.township MISMATCH")},
		"a township elsewhere": {with(func(in *workflow.Pair) {
			in.Kind, in.Deputy, in.Township = kind.PairingLeaderTownship, nil, ptr(place.MustParse("431002102"))
		}), notFound("input.township")},
		"an organ below":  {with(func(in *workflow.Pair) { in.Kind, in.Leader = kind.PairingCommitteeDeputy, organ(guoyuan) }), denied("input.leader.organ")},
		"an organ beside": {with(func(in *workflow.Pair) { in.Kind, in.Leader = kind.PairingCommitteeDeputy, organ(beihu) }), notFound("input.leader.organ")},
		"a station not yet open": {with(func(in *workflow.Pair) {
			in.Kind, in.Deputy, in.Station, in.StartedOn = kind.PairingLeaderStation, nil, &h.station.ID, day("2021-12-15")
		}), invalid("input.startedOn IMPOSSIBLE_DATE")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(test.want, func() error {
				_, err := h.desk.Pair(h.county(), test.in)
				return err
			})
		})
	}
	// What differs from those in one thing alone is right.
	for name, in := range map[string]workflow.Pair{
		"re-elected and new": with(func(in *workflow.Pair) { in.Kind, in.Leader.Deputy = kind.PairingReelectedNew, &h.old }),
		"upper and lower":    with(func(in *workflow.Pair) { in.Kind, in.Deputy = kind.PairingUpperLower, &h.town }),
		"a committee":        with(func(in *workflow.Pair) { in.Kind, in.Leader = kind.PairingCommitteeDeputy, organ(county) }),
		"a township": with(func(in *workflow.Pair) {
			in.Kind, in.Deputy, in.Township = kind.PairingLeaderTownship, nil, ptr(guoyuan)
		}),
		"a station": with(func(in *workflow.Pair) {
			in.Kind, in.Deputy, in.Station, in.Leader = kind.PairingLeaderStation, nil, &h.station.ID, organ(county)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := h.desk.Pair(h.county(), in)
			if err != nil {
				t.Fatal(err)
			}
			if p.Code != guoyuan {
				t.Errorf("at %s", p.Code)
			}
		})
	}
	for name, bad := range map[string]struct {
		change func(*workflow.SetPairingRule)
		want   refusal
	}{
		"most below least": {func(in *workflow.SetPairingRule) { in.Least, in.Most = 5, 4 }, invalid("input.most OUT_OF_RANGE")},
		"nothing":          {func(in *workflow.SetPairingRule) { in.Least, in.Most, in.Times = 0, 0, 0 }, invalid("input.least OUT_OF_RANGE", "input.most OUT_OF_RANGE", "input.times OUT_OF_RANGE")},
		"no period":        {func(in *workflow.SetPairingRule) { in.Period = "WEEK" }, invalid("input.period UNKNOWN_VALUE")},
		"from tomorrow":    {func(in *workflow.SetPairingRule) { in.FromOn = today.AddDate(0, 0, 1) }, invalid("input.fromOn IMPOSSIBLE_DATE")},
		"of the township":  {func(in *workflow.SetPairingRule) { in.Congress = h.congress[guoyuan] }, denied("input.congress")},
	} {
		in := workflow.SetPairingRule{Congress: h.congress[county], Kind: kind.PairingMemberDeputy, Least: 1, Most: 2, Times: 1, Period: kind.PeriodMonth, FromOn: today}
		bad.change(&in)
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(bad.want, func() error {
				_, err := h.desk.SetPairingRule(h.county(), in)
				return err
			})
		})
	}
}

// TestPairingReport holds the report against a year of one leader who keeps up and one who does not.
func TestPairingReport(t *testing.T) {
	h := newPairHouse(t)
	h.rule(3, 2, kind.PeriodMonth)
	kept, lagging := h.paired(h.pairs(h.leader, h.first, "2026-01-10")), h.paired(h.pairs(h.old, h.second, "2026-01-10"))
	late := h.paired(h.pairs(h.old, h.third, "2026-05-02"))
	log := func(p *gen.Pairing, days ...string) {
		for _, d := range days {
			if _, err := h.desk.LogContact(h.county(), workflow.LogContact{Pairing: p.ID, Day: day(d), Way: kind.ContactMeeting, Note: "座谈交流"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	log(kept, "2026-04-30", "2026-05-01", "2026-05-31", "2026-05-31", "2026-06-01")
	log(lagging, "2026-05-15")
	log(late, "2026-05-15")
	ask := func(on string) ([]*rollup.PairingRow, *rollup.PairingSum) {
		t.Helper()
		q := rollup.PairingQuestion{At: county, Congress: h.congress[county], Kind: kind.PairingMemberDeputy, Day: day(on), Today: today}
		rows, err := rollup.Pairings(h.county(), h.client, q, nil, false, 10)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := rollup.SumPairings(h.county(), h.client, q)
		if err != nil {
			t.Fatal(err)
		}
		return rows, sum
	}
	rows, sum := ask("2026-05-20")
	if len(rows) != 2 || *rows[0].Deputy != h.old || *rows[1].Deputy != h.leader {
		t.Fatalf("%v", rows)
	}
	behind, up := rows[0], rows[1]
	if behind.Paired != 2 || behind.Done != 2 || behind.Expected != 2 || behind.Missing != 1 || up.Done != 3 || up.Expected != 2 || up.Missing != 0 {
		t.Errorf("%+v %+v", behind, up)
	}
	if s := behind.Pairings; s[0].Pairing != lagging.ID || s[0].Standing != duty.Missing || s[1].Standing != duty.NotApplicable || s[1].Expected != nil {
		t.Errorf("%+v %+v", *s[0], *s[1])
	}
	if up.Pairings[0].Standing != duty.Met {
		t.Errorf("%+v", *up.Pairings[0])
	}
	// The one who keeps up has one deputy where two are the least.
	if want := (rollup.PairingSum{Leaders: 2, Behind: 2, Paired: 3, Done: 5, Expected: 4, Missing: 1}); *sum != want {
		t.Errorf("%+v, want %+v", *sum, want)
	}
	// In June, which is not over, all three count.
	rows, sum = ask("2026-06-10")
	if rows[0].Missing != 4 || rows[0].Pairings[1].Standing != duty.Pending || sum.Expected != 6 || sum.Missing != 5 {
		t.Errorf("%+v %+v", rows[0], sum)
	}
	// Before the rule and before the pairings there is nothing.
	if rows, _ = ask("2025-12-31"); len(rows) != 0 {
		t.Errorf("%v", rows)
	}
	// A page begins where the last one ended, from either end.
	q := rollup.PairingQuestion{At: county, Kind: kind.PairingMemberDeputy, Day: day("2026-05-20"), Today: today}
	next, err := rollup.Pairings(h.county(), h.client, q, &rollup.PairingMark{Lag: behind.Lag, ID: behind.ID}, false, 10)
	if err != nil || len(next) != 1 || next[0].ID != up.ID {
		t.Errorf("%v %v", next, err)
	}
	last, err := rollup.Pairings(h.county(), h.client, q, nil, true, 1)
	if err != nil || len(last) != 1 || last[0].ID != up.ID {
		t.Errorf("%v %v", last, err)
	}
	if rows, err := rollup.Pairings(h.township(), h.client, q, nil, false, 10); err != nil || len(rows) != 0 {
		t.Errorf("the township sees %v %v of the county's", rows, err)
	}
	if _, err := rollup.Pairings(h.member(h.leader), h.client, q, nil, false, 10); !errors.Is(err, fault.ErrForbidden) {
		t.Errorf("a deputy: %v", err)
	}
}
