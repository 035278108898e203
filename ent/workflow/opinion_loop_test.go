package workflow_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// officer is the context of the keeper of a station, at its place.
func (h *house) officer(s *gen.Station) context.Context {
	h.Helper()
	ctx := h.as(viewer.StationKeeper, s.Code)
	viewer.FromContext(ctx).Station = s.ID
	return ctx
}

// department is the context of a department.
func (h *house) department(at place.Code, organ uuid.UUID) context.Context {
	h.Helper()
	ctx := h.as(viewer.Department, at)
	viewer.FromContext(ctx).Organ = organ
	return ctx
}

// category is a category by its number.
func (h *house) category(number string) uuid.UUID {
	h.Helper()
	var id uuid.UUID
	if err := h.owner.QueryRowContext(h.Context(), `SELECT id FROM category WHERE number = $1`, number).Scan(&id); err != nil {
		h.Fatal(err)
	}
	return id
}

// must is the opinion that a verb answers.
func (h *house) must(o *gen.Opinion, err error) *gen.Opinion {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
	return o
}

// One opinion from the entry to the feedback, by everyone who has a part in it.
func TestLoop(t *testing.T) {
	h := newHouse(t)
	s := h.station(huaguo, "果园镇花果村人大代表联络站")
	building := h.row("organ", county, map[string]any{
		"division_id": h.divisionID(county), "kind": kind.OrganDepartment, "name": "住房和城乡建设局", "valid_from": "2020-01-01",
	})
	booked, err := h.desk.RecordOpinion(h.officer(s), workflow.RecordOpinion{
		Station: s.ID, Channel: kind.ChannelInPerson,
		OpinionContent: workflow.OpinionContent{Content: "村口的桥面破损,雨天积水", Phone: ptr("13800001234"), Name: ptr("赵甲"), Consent: "2026-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	o := booked.Opinion
	on := func() workflow.OpinionRef { return workflow.OpinionRef{ID: o.ID, ExpectedVersion: ptr(o.Version)} }
	o = h.must(h.desk.AcceptOpinion(h.officer(s), workflow.AcceptOpinion{OpinionRef: on()}))
	o = h.must(h.desk.AnalyseOpinion(h.township(), workflow.AnalyseOpinion{
		OpinionRef: on(), Category: h.category("0101"), Level: place.LevelCounty, Urgency: kind.UrgencyUrgent, Hardship: true,
	}))
	o = h.must(h.desk.AssignOpinion(h.county(), workflow.AssignOpinion{OpinionRef: on(), Lead: building}))
	dept := h.department(county, building)
	o = h.must(h.desk.TakeOpinion(dept, workflow.TakeOpinion{OpinionRef: on()}))
	o = h.must(h.desk.AskSubmitter(dept, workflow.AskSubmitter{OpinionRef: on(), Text: "是哪一座桥?"}))
	o = h.must(h.desk.ResumeOpinion(dept, workflow.ResumeOpinion{OpinionRef: on(), Text: "电话中已说明"}))
	o = h.must(h.desk.NoteProgress(dept, workflow.NoteProgress{OpinionRef: on(), Text: "已到现场查看"}))
	o = h.must(h.desk.ExtendOpinion(dept, workflow.ExtendOpinion{OpinionRef: on(), Days: 5, Text: "等待材料"}))
	o = h.must(h.desk.ReplyOpinion(dept, workflow.ReplyOpinion{OpinionRef: on(), Text: "桥面已修复,排水已疏通", Outcome: kind.OutcomeSolved}))
	o = h.must(h.desk.FeedBackOpinion(h.officer(s), workflow.FeedBackOpinion{OpinionRef: on()}))
	if o.State != state.OpinionFedBack || o.WaitsOn != state.PartySubmitter || o.Version != 11 || o.Events != 11 {
		t.Errorf("ends as %v", o)
	}
	found, err := h.desk.RevealSubmitter(h.county(), workflow.RevealSubmitter{ID: o.ID, Reason: "回访核实情况"})
	if err != nil || *found.Name != "赵甲" || *found.Phone != "13800001234" {
		t.Errorf("%v %v", found, err)
	}
	if n := h.count(`river_job WHERE kind = 'opinion_step'`); n != 11 {
		t.Errorf("%d jobs", n)
	}
	h.replayed()
}
