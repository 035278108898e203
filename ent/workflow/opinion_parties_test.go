package workflow_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/workflow"
)

// A deputy whose only mandate is suspended, or over, reads what came in, and acts as a deputy no longer.
func TestDeputyOutOfService(t *testing.T) {
	h := newLoopHouse(t)
	o := h.submitted("村口的桥面破损,雨天积水")
	m, err := h.client.Mandate.Query().Where(mandate.DeputyID(h.deputy)).Only(h.job())
	if err != nil {
		t.Fatal(err)
	}
	explain := func() error {
		_, err := h.desk.ExplainOpinion(h.member(h.deputy), workflow.ExplainOpinion{
			OpinionRef: workflow.OpinionRef{ID: o.ID}, Text: "按规定由县级养护",
		})
		return err
	}
	record := func(by string) func() error {
		return func() error {
			ctx := h.member(h.deputy)
			if by == "officer" {
				ctx = h.officer(h.station)
			}
			_, err := h.desk.RecordOpinion(ctx, workflow.RecordOpinion{
				Station: h.station.ID, Deputy: &h.deputy, Channel: kind.ChannelVisit,
				OpinionContent: workflow.OpinionContent{Content: "路灯不亮已有一周", Consent: "2026-1"},
			})
			return err
		}
	}
	all := map[string]func() error{"explain": explain, "record": record("deputy"), "record by the officer": record("officer")}
	change := func(to state.Mandate) {
		t.Helper()
		if _, err := h.desk.ChangeMandate(h.county(), workflow.ChangeMandate{ID: m.ID, Status: to}); err != nil {
			t.Fatal(err)
		}
	}
	serves := func() {
		t.Helper()
		for name, do := range all {
			if err := do(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	serves()
	change(state.MandateSuspended)
	h.refused(denied("input.id"), explain)
	h.refused(notFound("input.deputy"), record("deputy"))
	h.refused(notFound("input.deputy"), record("officer"))
	change(state.MandateConfirmed)
	serves()
	if _, _, err := h.desk.EndMandate(h.county(), workflow.EndMandate{ID: m.ID, EndedOn: today, Reason: kind.EndResigned}); err != nil {
		t.Fatal(err)
	}
	h.refused(denied("input.id"), explain)
	h.refused(notFound("input.station"), record("deputy"))
	if _, err := h.client.Opinion.Get(h.member(h.deputy), o.ID); err != nil {
		t.Error("what came to the deputy is gone:", err)
	}
}

// Whoever is supervised does not end the supervision, nor make a key case of the county's an ordinary one.
func TestUndoneFromBelow(t *testing.T) {
	h := newLoopHouse(t)
	o := h.submitted("村口的桥面破损,雨天积水")
	ref := workflow.OpinionRef{ID: o.ID}
	h.must(h.desk.SuperviseOpinion(h.county(), workflow.SuperviseOpinion{
		OpinionRef: ref, Supervisor: h.organ[county], DueOn: today, Text: "限期办理",
	}))
	h.must(h.desk.MarkKeyOpinion(h.county(), workflow.MarkKeyOpinion{OpinionRef: ref, Key: true}))
	end := workflow.EndSupervision{OpinionRef: ref, Text: "已无必要"}
	h.refused(denied("input.id"), func() error {
		_, err := h.desk.EndSupervision(h.township(), end)
		return err
	})
	h.refused(denied("input.id"), func() error {
		_, err := h.desk.MarkKeyOpinion(h.township(), workflow.MarkKeyOpinion{OpinionRef: ref})
		return err
	})
	h.must(h.desk.EndSupervision(h.city(), end))
	h.must(h.desk.MarkKeyOpinion(h.county(), workflow.MarkKeyOpinion{OpinionRef: ref}))
	h.must(h.desk.MarkKeyOpinion(h.township(), workflow.MarkKeyOpinion{OpinionRef: ref, Key: true}))
	h.must(h.desk.MarkKeyOpinion(h.township(), workflow.MarkKeyOpinion{OpinionRef: ref}))
	h.replayed()
}

// An opinion that is taken out of another again is analysed from the station's own level on, whoever had it before.
func TestAnalysedAgain(t *testing.T) {
	h := newLoopHouse(t)
	main := h.walk([]state.Step{"ACCEPT"}, uuid.Nil)
	o := h.walk([]state.Step{"ACCEPT", "ANALYSE", "MERGE", "UNMERGE"}, main.ID)
	analyse := func(l place.Level) error {
		_, err := h.desk.AnalyseOpinion(h.officer(h.station), workflow.AnalyseOpinion{
			OpinionRef: ref(o), Category: h.category("0101"), Level: l, Urgency: kind.UrgencyNormal,
		})
		return err
	}
	h.refused(invalid("input.level MISMATCH"), func() error { return analyse(place.LevelCity) })
	if err := analyse(place.LevelTownship); err != nil {
		t.Error(err)
	}
	if now := h.read(o.ID); now.HolderCode != guoyuan || now.Level != place.LevelTownship {
		t.Errorf("held by %s, %s", now.HolderCode, now.Level)
	}
	h.replayed()
}
