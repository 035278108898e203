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
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// dutyHouse is a house with a deputy grouped in a township.
type dutyHouse struct {
	*house
	station *gen.Station
	mandate uuid.UUID
	deputy  uuid.UUID
}

func newDutyHouse(t *testing.T) *dutyHouse {
	t.Helper()
	h := &dutyHouse{house: newHouse(t)}
	h.station = h.house.station(guoyuan, "果园镇人大代表联络站")
	h.mandate = h.register(h.county(), "江一帆", h.congress[county], nil)
	h.deputy = h.deputyOf(h.mandate)
	h.post(h.county(), h.mandate, h.station.ID, kind.PostingConstituency, "2024-01-01")
	return h
}

func (h *dutyHouse) own() context.Context { return h.asDeputy(h.deputy, guoyuan) }

func (h *dutyHouse) story(on string) workflow.SubmitDutyRecord {
	return workflow.SubmitDutyRecord{
		Mandate: h.mandate, Kind: kind.RecordStory, Day: day(on), Title: "桥修好了", Content: "村口的桥面修好了,孩子们上学不再绕路。",
	}
}

func (h *dutyHouse) submit(on string) *gen.DutyRecord {
	h.Helper()
	r, err := h.desk.SubmitDutyRecord(h.own(), h.story(on))
	if err != nil {
		h.Fatal(err)
	}
	return r
}

// recordVerbs are the verbs on a record, done plainly.
var recordVerbs = map[string]func(*workflow.Desk, context.Context, uuid.UUID) (*gen.DutyRecord, error){
	"reviseDutyRecord": func(d *workflow.Desk, ctx context.Context, id uuid.UUID) (*gen.DutyRecord, error) {
		return d.ReviseDutyRecord(ctx, workflow.ReviseDutyRecord{ID: id, Title: workflow.To("桥修好了之后")})
	},
	"withdrawDutyRecord": func(d *workflow.Desk, ctx context.Context, id uuid.UUID) (*gen.DutyRecord, error) {
		return d.WithdrawDutyRecord(ctx, workflow.WithdrawDutyRecord{ID: id})
	},
	"confirmDutyRecord": func(d *workflow.Desk, ctx context.Context, id uuid.UUID) (*gen.DutyRecord, error) {
		return d.ConfirmDutyRecord(ctx, workflow.ReviewDutyRecord{ID: id})
	},
	"returnDutyRecord": func(d *workflow.Desk, ctx context.Context, id uuid.UUID) (*gen.DutyRecord, error) {
		return d.ReturnDutyRecord(ctx, workflow.ReviewDutyRecord{ID: id, Text: ptr("请补充时间")})
	},
}

// Every state with every verb and every party: what the table of states says is done, everything else is refused and changes nothing.
func TestRecordStates(t *testing.T) {
	h := newDutyHouse(t)
	stranger := h.deputyOf(h.register(h.county(), "江二帆", h.congress[county], nil))
	actors := map[string]struct {
		ctx   context.Context
		party state.Party // empty: sees nothing of it
	}{
		"the deputy": {h.own(), state.PartyDeputy}, "the township": {h.township(), state.PartyOrgan}, "the county": {h.county(), state.PartyOrgan},
		"another deputy": {h.asDeputy(stranger, county), ""}, "another county": {h.beihu(), ""},
	}
	done := 0
	for _, from := range state.Records.States {
		for verb, do := range recordVerbs {
			for who, actor := range actors {
				r := h.submit("2026-05-01")
				if _, err := h.owner.ExecContext(t.Context(), `UPDATE duty_record SET state = $1 WHERE id = $2`, from, r.ID); err != nil {
					t.Fatal(err)
				}
				to, allowed := state.Records.Next(from, verb)
				role := viewer.FromContext(actor.ctx).Role
				switch {
				case !workflow.Allowed(role, workflow.Verb(verb)):
					if _, err := do(h.desk, actor.ctx, r.ID); !errors.Is(err, fault.ErrForbidden) {
						t.Errorf("%s %s: %v", who, verb, err)
					}
				case actor.party == "":
					h.refused(notFound("input.id"), func() error { _, err := do(h.desk, actor.ctx, r.ID); return err })
				case !allowed:
					h.refused(conflict("input.id STATE"), func() error { _, err := do(h.desk, actor.ctx, r.ID); return err })
				default:
					got, err := do(h.desk, actor.ctx, r.ID)
					if err != nil || got.State != to || got.Version != r.Version+1 {
						t.Errorf("%s %s from %s: %v, %v", who, verb, from, got, err)
						continue
					}
					done++
					h.audited(workflow.Verb(verb), "DutyRecord", r.ID, viewer.FromContext(actor.ctx).Subject, guoyuan)
				}
			}
		}
	}
	// Two of two by the deputy, from two states each; confirm from one and return from two by either organ.
	if done != 2*2+2*(1+2) {
		t.Errorf("%d were done", done)
	}
}

func TestRecordIsSettledAndTold(t *testing.T) {
	h := newDutyHouse(t)
	in := h.story("2026-05-01")
	in.Files = []string{h.upload("photo")}
	in.IdempotencyKey = ptr("once")
	r, err := h.desk.SubmitDutyRecord(h.own(), in)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := h.desk.SubmitDutyRecord(h.own(), in); err != nil || again.ID != r.ID {
		t.Errorf("a retry: %v, %v", again, err)
	}
	if h.count(`attachment WHERE duty_record_id = $1 AND code = 430121107000`, r.ID) != 1 || r.Code != guoyuan || r.DeputyID != h.deputy {
		t.Errorf("%v, or its photo", r)
	}
	jobs := h.count(`river_job WHERE kind = 'settlement'`)
	for i, do := range []string{"confirmDutyRecord", "returnDutyRecord"} {
		if _, err := recordVerbs[do](h.desk, h.township(), r.ID); err != nil {
			t.Fatal(err)
		}
		if n := h.count(`river_job WHERE kind = 'settlement' AND args->>'deputy' = $1`, h.deputy); n != jobs+i+1 {
			t.Errorf("%s: %d settlements, want %d", do, n, jobs+i+1)
		}
		if n := h.count(`river_job WHERE kind = 'notice' AND args->>'notice' = 'RECORD_REVIEWED' AND args->>'id' = $1`, r.ID); n != i+1 {
			t.Errorf("%s: %d notices", do, n)
		}
	}
	revised, err := h.desk.ReviseDutyRecord(h.own(), workflow.ReviseDutyRecord{
		ID: r.ID, ExpectedVersion: ptr(3), Day: workflow.To(day("2026-05-02")), Content: workflow.To("补充:五月二日,桥面修好了,群众点赞。"), Files: []string{h.upload("more")},
	})
	if err != nil || revised.State != state.RecordSubmitted || !revised.Day.Equal(day("2026-05-02")) || *revised.Review != "请补充时间" {
		t.Fatalf("%v, %v", revised, err)
	}
	if detail := h.audited(workflow.VerbReviseDutyRecord, "DutyRecord", r.ID, "DEPUTY@430121107000", guoyuan); strings.Contains(detail, "桥面") {
		t.Error("the audit tells what the deputy wrote:", detail)
	}
	h.refused(conflict("input.expectedVersion VERSION"), func() error {
		_, err := h.desk.ConfirmDutyRecord(h.township(), workflow.ReviewDutyRecord{ID: r.ID, ExpectedVersion: ptr(3)})
		return err
	})
}

func TestRecordRefusals(t *testing.T) {
	h := newDutyHouse(t)
	with := func(change func(*workflow.SubmitDutyRecord)) func() error {
		in := h.story("2026-05-01")
		change(&in)
		return func() error { _, err := h.desk.SubmitDutyRecord(h.own(), in); return err }
	}
	other := h.register(h.county(), "江二帆", h.congress[county], nil)
	for name, c := range map[string]struct {
		do   func() error
		want refusal
	}{
		"in the future":      {with(func(in *workflow.SubmitDutyRecord) { in.Day = day("2026-06-16") }), invalid("input.day IMPOSSIBLE_DATE")},
		"before the mandate": {with(func(in *workflow.SubmitDutyRecord) { in.Day = day("2021-11-19") }), invalid("input.day IMPOSSIBLE_DATE")},
		"another's mandate":  {with(func(in *workflow.SubmitDutyRecord) { in.Mandate = other }), notFound("input.mandate")},
		"no mandate":         {with(func(in *workflow.SubmitDutyRecord) { in.Mandate = uuid.New() }), notFound("input.mandate")},
		"an unknown kind":    {with(func(in *workflow.SubmitDutyRecord) { in.Kind = "DIARY" }), invalid("input.kind UNKNOWN_VALUE")},
		"all wrong":          {with(func(in *workflow.SubmitDutyRecord) { in.Title, in.Content = "", "短" }), invalid("input.title REQUIRED", "input.content TOO_SHORT")},
		"turned writing":     {with(func(in *workflow.SubmitDutyRecord) { in.Title = "桥\u202e修好了" }), invalid("input.title MALFORMED")},
		"a file never sent":  {with(func(in *workflow.SubmitDutyRecord) { in.Files = []string{"nothing"} }), notFound("input.files.0")},
		"too many files":     {with(func(in *workflow.SubmitDutyRecord) { in.Files = make([]string, 10) }), invalid("input.files TOO_MANY")},
	} {
		t.Run(name, func(t *testing.T) { h.sub(t).refused(c.want, c.do) })
	}
	r := h.submit("2026-05-01")
	h.refused(invalid("input.reason REQUIRED"), func() error {
		_, err := h.desk.ReturnDutyRecord(h.township(), workflow.ReviewDutyRecord{ID: r.ID, Text: ptr(" ")})
		return err
	})
	h.refused(invalid("input.day IMPOSSIBLE_DATE"), func() error {
		_, err := h.desk.ReviseDutyRecord(h.own(), workflow.ReviseDutyRecord{ID: r.ID, Day: workflow.To(day("2021-01-01"))})
		return err
	})
	h.refused(invalid("input.title REQUIRED", "input.day REQUIRED"), func() error {
		_, err := h.desk.ReviseDutyRecord(h.own(), workflow.ReviseDutyRecord{ID: r.ID, Title: workflow.Emptied[string](), Day: workflow.Emptied[time.Time]()})
		return err
	})
	if _, err := h.desk.ChangeMandate(h.county(), workflow.ChangeMandate{ID: h.mandate, Status: state.MandateSuspended}); err != nil {
		t.Fatal(err)
	}
	h.refused(conflict("input.mandate NOT_ON_ROLL"), with(func(*workflow.SubmitDutyRecord) {}))
}

// Two people confirm at once: one does, the other is told how it stands.
func TestConfirmedAtOnce(t *testing.T) {
	h := newDutyHouse(t)
	r := h.submit("2026-05-01")
	hold, err := h.owner.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = hold.Rollback() }()
	if _, err := hold.ExecContext(t.Context(), `SELECT FROM duty_record WHERE id = $1 FOR UPDATE`, r.ID); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, 2)
	for _, ctx := range []context.Context{h.township(), h.county()} {
		go func() {
			_, err := recordVerbs["confirmDutyRecord"](h.desk, ctx, r.ID)
			errs <- err
		}()
	}
	h.until(2, `pg_locks WHERE NOT granted`)
	if err := hold.Rollback(); err != nil {
		t.Fatal(err)
	}
	first, second := <-errs, <-errs
	if (first == nil) == (second == nil) {
		t.Fatal("of two:", first, second)
	}
	conflict("input.id STATE").check(t, errors.Join(first, second))
	if h.count(`audit_entry WHERE verb = 'confirmDutyRecord'`) != 1 {
		t.Error("it was confirmed twice")
	}
}
