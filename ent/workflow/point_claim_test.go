package workflow_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

func (h *dutyHouse) award(item string) workflow.ClaimPoints {
	return workflow.ClaimPoints{
		Kind: kind.ClaimAward, Mandate: &h.mandate, Item: &item, Day: ptr(day("2026-05-01")), Text: "被评为市级优秀代表",
	}
}

func (h *dutyHouse) claim(in workflow.ClaimPoints) *gen.PointClaim {
	h.Helper()
	c, err := h.desk.ClaimPoints(h.own(), in)
	if err != nil {
		h.Fatal(err)
	}
	return c
}

// claimVerbs are the verbs on a claim, done plainly.
var claimVerbs = map[string]func(*workflow.Desk, context.Context, uuid.UUID) (*gen.PointClaim, error){
	"withdrawClaim": func(d *workflow.Desk, ctx context.Context, id uuid.UUID) (*gen.PointClaim, error) {
		return d.WithdrawClaim(ctx, workflow.ClaimRef{ID: id})
	},
	"appealClaim": func(d *workflow.Desk, ctx context.Context, id uuid.UUID) (*gen.PointClaim, error) {
		return d.AppealClaim(ctx, workflow.ClaimRef{ID: id}, "证书已补交")
	},
	"approveClaim": func(d *workflow.Desk, ctx context.Context, id uuid.UUID) (*gen.PointClaim, error) {
		return d.ApproveClaim(ctx, workflow.ApproveClaim{ClaimRef: workflow.ClaimRef{ID: id}, Points: 5})
	},
	"refuseClaim": func(d *workflow.Desk, ctx context.Context, id uuid.UUID) (*gen.PointClaim, error) {
		return d.RefuseClaim(ctx, workflow.ClaimRef{ID: id}, "没有证书")
	},
	"upholdRefusal": func(d *workflow.Desk, ctx context.Context, id uuid.UUID) (*gen.PointClaim, error) {
		return d.UpholdRefusal(ctx, workflow.ClaimRef{ID: id}, "证书不符")
	},
}

// Every state with every verb and every party: what the table of states says is done, everything else is refused and changes nothing.
func TestClaimStates(t *testing.T) {
	h := newDutyHouse(t)
	h.scheme("2026-01-01", eighteen())
	stranger := h.deputyOf(h.register(h.county(), "江二帆", h.congress[county], nil))
	actors := map[string]struct {
		ctx  context.Context
		sees bool
	}{
		"the deputy": {h.own(), true}, "the township": {h.township(), true}, "the county": {h.county(), true},
		"another deputy": {h.asDeputy(stranger, county), false}, "another county": {h.beihu(), false},
	}
	done := 0
	for _, from := range state.Claims.States {
		for verb, do := range claimVerbs {
			for who, actor := range actors {
				c := h.claim(h.award("HONOUR"))
				if _, err := h.owner.ExecContext(t.Context(), `UPDATE point_claim SET state = $1::text, points = CASE WHEN $1::text = 'APPROVED' THEN 50 END WHERE id = $2`, from, c.ID); err != nil {
					t.Fatal(err)
				}
				to, allowed := state.Claims.Next(from, verb)
				switch {
				case !workflow.Allowed(viewer.FromContext(actor.ctx).Role, workflow.Verb(verb)):
					if _, err := do(h.desk, actor.ctx, c.ID); !errors.Is(err, fault.ErrForbidden) {
						t.Errorf("%s %s: %v", who, verb, err)
					}
				case !actor.sees:
					h.refused(notFound("input.id"), func() error { _, err := do(h.desk, actor.ctx, c.ID); return err })
				case !allowed:
					h.refused(conflict("input.id STATE"), func() error { _, err := do(h.desk, actor.ctx, c.ID); return err })
				default:
					got, err := do(h.desk, actor.ctx, c.ID)
					if err != nil || got.State != to || got.Version != c.Version+1 {
						t.Errorf("%s %s from %s: %v, %v", who, verb, from, got, err)
						continue
					}
					done++
					h.audited(workflow.Verb(verb), "PointClaim", c.ID, viewer.FromContext(actor.ctx).Subject, guoyuan)
				}
			}
		}
	}
	// The deputy withdraws from two states and appeals from one; either organ approves from two, refuses from one and upholds from one.
	if done != 3+2*4 {
		t.Errorf("%d were done", done)
	}
}

// A claim that is granted brings its points, an appeal puts right what an entry brought; both may be taken to the ledger only once.
func TestClaimsBringPoints(t *testing.T) {
	h := newDutyHouse(t)
	h.scheme("2026-01-01", eighteen())
	in := h.award("HONOUR")
	in.IdempotencyKey, in.Files = ptr("once"), []string{h.upload("certificate")}
	c := h.claim(in)
	if again := h.claim(in); again.ID != c.ID || h.count(`attachment WHERE claim_id = $1`, c.ID) != 1 {
		t.Error("a retry makes another")
	}
	approve := func(id uuid.UUID, points float64) error {
		_, err := h.desk.ApproveClaim(h.township(), workflow.ApproveClaim{ClaimRef: workflow.ClaimRef{ID: id}, Points: points})
		return err
	}
	for points, code := range map[float64]string{10.1: "OUT_OF_RANGE", -1: "OUT_OF_RANGE", 0: "OUT_OF_RANGE", 1.25: "MALFORMED"} {
		h.refused(invalid("input.points "+code), func() error { return approve(c.ID, points) })
	}
	notices := h.count(`river_job WHERE kind = 'notice'`)
	if err := approve(c.ID, 7.5); err != nil {
		t.Fatal(err)
	}
	if h.count(`river_job WHERE kind = 'notice' AND args->>'notice' = 'CLAIM_DECIDED' AND args->>'id' = $1`, c.ID) != 1 || h.count(`river_job WHERE kind = 'notice'`) != notices+1 {
		t.Error("the deputy is not told once")
	}
	h.settle()
	if n := h.points(h.mandate, 2026); n != 75 {
		t.Errorf("%d tenths", n)
	}
	var entry uuid.UUID
	if err := h.owner.QueryRowContext(t.Context(), `SELECT id FROM point_entry`).Scan(&entry); err != nil {
		t.Fatal(err)
	}
	against := workflow.ClaimPoints{Kind: kind.ClaimAppeal, Entry: &entry, Text: "应为省级优秀代表"}
	appeal := h.claim(against)
	if appeal.Item != "HONOUR" || !appeal.Day.Equal(day("2026-05-01")) || *appeal.EntryID != entry {
		t.Errorf("%v", appeal)
	}
	h.refused(conflict("input.entry DUPLICATE"), func() error { _, err := h.desk.ClaimPoints(h.own(), against); return err })
	if err := approve(appeal.ID, -2.5); err != nil {
		t.Fatal(err)
	}
	h.settle()
	if n := h.points(h.mandate, 2026); n != 50 {
		t.Errorf("%d tenths after the appeal", n)
	}
	// An organ claims what takes points away; a township too.
	absent := h.award("ABSENT")
	a, err := h.desk.ClaimPoints(h.township(), absent)
	if err != nil {
		t.Fatal(err)
	}
	h.refused(invalid("input.points OUT_OF_RANGE"), func() error { return approve(a.ID, 2) })
	if err := approve(a.ID, -2); err != nil {
		t.Fatal(err)
	}
	h.settle()
	if n := h.points(h.mandate, 2026); n != 30 {
		t.Errorf("%d tenths after an absence", n)
	}
}

// A claim of one mandate brings nothing to another of the same deputy, though its scheme has an item of that name.
func TestClaimIsOfOneMandate(t *testing.T) {
	h := newDutyHouse(t)
	h.scheme("2026-01-01", eighteen())
	second, err := h.give(h.county(), h.deputy, guoyuan)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.SetPointScheme(h.township(), workflow.SetPointScheme{
		NewEdition: workflow.NewEdition{Congress: h.congress[guoyuan], Level: kind.Township, Name: "乡镇代表积分", FromOn: day("2026-01-01")}, Items: eighteen(),
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := claimVerbs["approveClaim"](h.desk, h.township(), h.claim(h.award("HONOUR")).ID); err != nil {
		t.Fatal(err)
	}
	h.worked(h.station, h.mandate, "2026-04-01", kind.WayReport) // work done counts for both
	h.settle()
	if a, b := h.points(h.mandate, 2026), h.points(second.ID, 2026); a != 100 || b != 50 {
		t.Errorf("%d and %d tenths", a, b)
	}
}

func TestClaimRefusals(t *testing.T) {
	h := newDutyHouse(t)
	h.scheme("2026-01-01", eighteen())
	with := func(change func(*workflow.ClaimPoints)) workflow.ClaimPoints {
		in := h.award("HONOUR")
		change(&in)
		return in
	}
	other := h.register(h.county(), "江二帆", h.congress[county], nil)
	for name, c := range map[string]struct {
		ctx  context.Context
		in   workflow.ClaimPoints
		want refusal
	}{
		"an item that counts itself": {h.own(), h.award("REPORT"), invalid("input.item MISMATCH")},
		"an item that never was":     {h.own(), h.award("NOTHING"), notFound("input.item")},
		"before there was a scheme":  {h.own(), with(func(in *workflow.ClaimPoints) { in.Day = ptr(day("2025-12-31")) }), conflict("input.day NO_SCHEME")},
		"tomorrow":                   {h.own(), with(func(in *workflow.ClaimPoints) { in.Day = ptr(day("2026-06-16")) }), invalid("input.day IMPOSSIBLE_DATE")},
		"before the mandate":         {h.own(), with(func(in *workflow.ClaimPoints) { in.Day = ptr(day("2021-01-01")) }), invalid("input.day IMPOSSIBLE_DATE")},
		"another's":                  {h.own(), with(func(in *workflow.ClaimPoints) { in.Mandate = &other }), notFound("input.mandate")},
		"out of sight":               {h.beihu(), h.award("HONOUR"), notFound("input.mandate")},
		"an award without item":      {h.own(), with(func(in *workflow.ClaimPoints) { in.Item, in.Day = nil, nil }), invalid("input.item REQUIRED", "input.day REQUIRED")},
		"an award of an entry":       {h.own(), with(func(in *workflow.ClaimPoints) { in.Entry = ptr(uuid.New()) }), invalid("input.entry MISMATCH")},
		"an appeal against nothing":  {h.own(), workflow.ClaimPoints{Kind: kind.ClaimAppeal, Text: "没有记录"}, invalid("input.entry REQUIRED")},
		"an appeal against no entry": {h.own(), workflow.ClaimPoints{Kind: kind.ClaimAppeal, Text: "没有记录", Entry: ptr(uuid.New())}, notFound("input.entry")},
		"no words":                   {h.own(), with(func(in *workflow.ClaimPoints) { in.Text = "" }), invalid("input.text REQUIRED")},
	} {
		t.Run(name, func(t *testing.T) {
			h.sub(t).refused(c.want, func() error { _, err := h.desk.ClaimPoints(c.ctx, c.in); return err })
		})
	}
}

func TestCheckPoints(t *testing.T) {
	h := newDutyHouse(t)
	h.scheme("2026-01-01", eighteen())
	h.worked(h.station, h.mandate, "2026-04-01", kind.WayReport)
	h.settle()
	in := workflow.CheckPoints{Mandate: h.mandate, Year: 2026, Agreed: true}
	c, err := h.desk.CheckPoints(h.own(), in)
	if err != nil || c.Points != 50 || !c.Agreed {
		t.Fatalf("%v, %v", c, err)
	}
	h.audited(workflow.VerbCheckPoints, "PointCheck", c.ID, "DEPUTY@430121107000", guoyuan)
	refuse := func(want refusal, change func(*workflow.CheckPoints)) {
		t.Helper()
		bad := in
		change(&bad)
		h.refused(want, func() error { _, err := h.desk.CheckPoints(h.own(), bad); return err })
	}
	refuse(invalid("input.note REQUIRED"), func(in *workflow.CheckPoints) { in.Agreed = false })
	refuse(invalid("input.year OUT_OF_RANGE"), func(in *workflow.CheckPoints) { in.Year = 2027 })
	refuse(notFound("input.mandate"), func(in *workflow.CheckPoints) {
		in.Mandate = h.register(h.county(), "江二帆", h.congress[county], nil)
	})
}

// An opinion that came to a deputy brings points from its entry on, and none once it is declined.
func TestOpinionsBringPoints(t *testing.T) {
	o := newLoopHouse(t)
	o.scheme("2020-01-01", eighteen())
	settlements := func(op *gen.Opinion) int {
		t.Helper()
		before := o.count(`river_job WHERE kind = 'settlement'`)
		if err := o.clockworkAt(now.Add(time.Hour)).Announce(t.Context(), o.last(op.ID).ID); err != nil {
			t.Fatal(err)
		}
		return o.count(`river_job WHERE kind = 'settlement'`) - before
	}
	op := o.submitted("村口的桥面破损,雨天积水")
	if n := settlements(op); n != 1 {
		t.Errorf("%d settlements of an entry", n)
	}
	if err := o.clockwork().Settle(t.Context(), o.deputy); err != nil {
		t.Fatal(err)
	}
	if n := o.count(`point_entry WHERE item = 'OPINION' AND points = 5 AND deed_id = $1`, op.ID); n != 1 {
		t.Errorf("%d entries of an opinion", n)
	}
	if _, err := o.desk.Walk(o.officer(o.station), op.ID, state.StepDecline, dossier.Facts{}); err != nil {
		t.Fatal(err)
	}
	if n := settlements(op); n != 1 {
		t.Errorf("%d settlements of a refusal", n)
	}
	if err := o.clockwork().Settle(t.Context(), o.deputy); err != nil {
		t.Fatal(err)
	}
	if n := o.count(`point_entry WHERE deed_id = $1 AND points = -5 AND correction`, op.ID); n != 1 {
		t.Errorf("%d entries that take it back", n)
	}
}
