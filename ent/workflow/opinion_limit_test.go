package workflow_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// limitOf is the limit that holds with a congress for a state.
func (h *house) limitOf(ctx context.Context, congress uuid.UUID, s state.Opinion) workflow.StateLimit {
	h.Helper()
	limits, err := h.desk.OpinionLimits(ctx, congress)
	if err != nil {
		h.Fatal(err)
	}
	for _, l := range limits {
		if l.State == s {
			return *l
		}
	}
	h.Fatalf("no limit for %s in %v", s, limits)
	return workflow.StateLimit{}
}

func TestOpinionLimits(t *testing.T) {
	h := newHouse(t)
	limits, err := h.desk.OpinionLimits(h.county(), h.congress[county])
	if err != nil {
		t.Fatal(err)
	}
	listed := 0
	for _, s := range state.Opinions {
		standard, ok := s.DefaultLimit()
		if !ok {
			continue
		}
		if want := (workflow.StateLimit{State: s, Source: workflow.LimitDefault, Limit: standard}); *limits[listed] != want {
			t.Errorf("%v, want %v", *limits[listed], want)
		}
		listed++
	}
	if listed != len(limits) {
		t.Errorf("%d limits instead of %d", len(limits), listed)
	}

	set := func(ctx context.Context, congress uuid.UUID, days, amber int) []*workflow.StateLimit {
		t.Helper()
		limits, err := h.desk.SetOpinionLimit(ctx, workflow.SetOpinionLimit{
			Congress: congress, State: state.OpinionHandling, Days: days, AmberDays: amber,
		})
		if err != nil {
			t.Fatal(err)
		}
		return limits
	}
	want := func(ctx context.Context, congress uuid.UUID, days, amber int, source workflow.LimitSource) {
		t.Helper()
		want := workflow.StateLimit{State: state.OpinionHandling, Source: source, Limit: state.Limit{Days: days, Amber: amber}}
		if got := h.limitOf(ctx, congress, state.OpinionHandling); got != want {
			t.Errorf("%v, want %v", got, want)
		}
	}
	set(h.city(), h.congress[changsha], 20, 5)
	want(h.city(), h.congress[changsha], 20, 5, workflow.LimitOwn)
	want(h.county(), h.congress[county], 20, 5, workflow.LimitInherited)
	want(h.township(), h.congress[guoyuan], 20, 5, workflow.LimitInherited)
	want(h.province(), h.congress[hunan], 15, 3, workflow.LimitDefault)
	want(h.beihu(), h.congress[beihu], 15, 3, workflow.LimitDefault)

	set(h.county(), h.congress[county], 10, 0)
	limits = set(h.county(), h.congress[county], 12, 2)
	answered := workflow.StateLimit{State: state.OpinionHandling, Source: workflow.LimitOwn, Limit: state.Limit{Days: 12, Amber: 2}}
	if !slices.ContainsFunc(limits, func(l *workflow.StateLimit) bool { return *l == answered }) {
		t.Errorf("answered %v", limits)
	}
	want(h.county(), h.congress[county], 12, 2, workflow.LimitOwn)
	want(h.township(), h.congress[guoyuan], 12, 2, workflow.LimitInherited)
	want(h.city(), h.congress[changsha], 20, 5, workflow.LimitOwn)
	if n := h.count(`opinion_limit`); n != 2 {
		t.Errorf("%d rows", n)
	}
	if n := h.count(`opinion_limit WHERE code = $1 AND version = 2 AND county_code = $1 AND province_code = $2`, int64(county), int64(hunan)); n != 1 {
		t.Error("the county's row is not as it should be")
	}
	var id uuid.UUID
	if err := h.owner.QueryRowContext(t.Context(), `SELECT id FROM opinion_limit WHERE code = $1`, int64(county)).Scan(&id); err != nil {
		t.Fatal(err)
	}
	detail := h.audited(workflow.VerbSetOpinionLimit, gen.TypeOpinionLimit, id, "COUNTY_ADMIN@"+county.String(), county)
	if !strings.Contains(detail, `"days": {"to": 12, "from": 10}`) || !strings.Contains(detail, `"state": "HANDLING"`) {
		t.Errorf("audited %s", detail)
	}

	// The limit holds for a case that comes into the state from now on.
	s := h.station(xingsha, "星沙街道人大代表联络站")
	if _, err := h.desk.SetOpinionLimit(h.county(), workflow.SetOpinionLimit{
		Congress: h.congress[county], State: state.OpinionSubmitted, Days: 6, AmberDays: 2,
	}); err != nil {
		t.Fatal(err)
	}
	booked, err := h.desk.RecordOpinion(h.officer(s), workflow.RecordOpinion{
		Station: s.ID, Channel: kind.ChannelInPerson, OpinionContent: workflow.OpinionContent{Content: "路灯不亮已有一周", Consent: "2026-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	// Six working days after Monday 15 June 2026, of which Friday 19 June is a holiday.
	if o := booked.Opinion; o.DueOn.Format("01-02") != "06-24" || o.AmberOn.Format("01-02") != "06-22" {
		t.Errorf("due %v, amber %v", o.DueOn, o.AmberOn)
	}
}

func TestOpinionLimitRefusals(t *testing.T) {
	h := newHouse(t)
	in := workflow.SetOpinionLimit{Congress: h.congress[county], State: state.OpinionHandling, Days: 10, AmberDays: 2}
	with := func(change func(*workflow.SetOpinionLimit)) workflow.SetOpinionLimit {
		out := in
		change(&out)
		return out
	}
	for name, test := range map[string]struct {
		ctx  context.Context
		in   workflow.SetOpinionLimit
		want refusal
	}{
		"no days":               {h.county(), with(func(in *workflow.SetOpinionLimit) { in.Days, in.AmberDays = 0, 0 }), invalid("input.days OUT_OF_RANGE", "input.amberDays OUT_OF_RANGE")},
		"days below nothing":    {h.county(), with(func(in *workflow.SetOpinionLimit) { in.Days, in.AmberDays = -5, -7 }), invalid("input.days OUT_OF_RANGE", "input.amberDays OUT_OF_RANGE")},
		"a year and more":       {h.county(), with(func(in *workflow.SetOpinionLimit) { in.Days = 251 }), invalid("input.days OUT_OF_RANGE")},
		"amber from the start":  {h.county(), with(func(in *workflow.SetOpinionLimit) { in.AmberDays = 10 }), invalid("input.amberDays OUT_OF_RANGE")},
		"negative amber":        {h.county(), with(func(in *workflow.SetOpinionLimit) { in.AmberDays = -1 }), invalid("input.amberDays OUT_OF_RANGE")},
		"a state without limit": {h.county(), with(func(in *workflow.SetOpinionLimit) { in.State = state.OpinionClosed }), invalid("input.state UNKNOWN_VALUE")},
		"no state":              {h.county(), with(func(in *workflow.SetOpinionLimit) { in.State = "HURRY" }), invalid("input.state UNKNOWN_VALUE")},
		"the congress above":    {h.county(), with(func(in *workflow.SetOpinionLimit) { in.Congress = h.congress[changsha] }), notFound("input.congress")},
		"the congress beside":   {h.county(), with(func(in *workflow.SetOpinionLimit) { in.Congress = h.congress[beihu] }), notFound("input.congress")},
		"the congress below":    {h.county(), with(func(in *workflow.SetOpinionLimit) { in.Congress = h.congress[guoyuan] }), denied("input.congress")},
		"from above":            {h.city(), in, denied("input.congress")},
		"from the nation":       {h.nation(), in, denied("input.congress")},
		"no congress":           {h.county(), with(func(in *workflow.SetOpinionLimit) { in.Congress = uuid.Nil }), notFound("input.congress")},
	} {
		t.Run(name, func(t *testing.T) {
			h := h.sub(t)
			h.refused(test.want, func() error {
				_, err := h.desk.SetOpinionLimit(test.ctx, test.in)
				return err
			})
		})
	}
	for _, role := range []viewer.Role{viewer.CommitteeStaff, viewer.Supervisor, viewer.StationKeeper, viewer.Deputy, viewer.Department, viewer.Portal} {
		if _, err := h.desk.SetOpinionLimit(h.as(role, county), in); !errors.Is(err, fault.ErrForbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
	for _, role := range []viewer.Role{viewer.Deputy, viewer.Department, viewer.Portal} {
		if _, err := h.desk.OpinionLimits(h.as(role, county), h.congress[county]); !errors.Is(err, fault.ErrForbidden) {
			t.Errorf("%s reads: %v", role, err)
		}
	}
	if _, err := h.desk.OpinionLimits(h.as(viewer.CommitteeStaff, county), h.congress[guoyuan]); err != nil {
		t.Errorf("staff reads: %v", err)
	}
	if _, err := h.desk.OpinionLimits(h.beihu(), h.congress[county]); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("from beside: %v", err)
	}
	if _, err := h.desk.OpinionLimits(t.Context(), h.congress[county]); !errors.Is(err, fault.ErrUnauthenticated) {
		t.Errorf("nobody reads: %v", err)
	}
	if n := h.count(`opinion_limit`); n != 0 {
		t.Errorf("%d rows of what was refused", n)
	}
}

// Two administrators set the limit of a state for the first time at once: one row, and both are in the audit.
func TestOpinionLimitAtOnce(t *testing.T) {
	h := newHouse(t)
	set := func(days int) func() error {
		return func() error {
			_, err := h.desk.SetOpinionLimit(h.county(), workflow.SetOpinionLimit{
				Congress: h.congress[county], State: state.OpinionRework, Days: days, AmberDays: 1,
			})
			return err
		}
	}
	if err := errors.Join(h.atOnce("opinion limit "+h.congress[county].String(), set(5), set(9))...); err != nil {
		t.Fatal(err)
	}
	if n := h.count(`opinion_limit WHERE version = 2 AND days IN (5, 9)`); n != 1 {
		t.Errorf("%d rows", n)
	}
	if n := h.count(`audit_entry WHERE verb = 'setOpinionLimit'`); n != 2 {
		t.Errorf("%d lines in the audit", n)
	}
}
