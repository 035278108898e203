package workflow_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/opinionassignment"
	"github.com/lianluo/lianluo/ent/gen/opinionevent"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// replayed checks of every opinion that its timeline alone makes the row, and the departments that have it.
func (h *house) replayed() {
	h.Helper()
	ctx := viewer.NewContext(h.Context(), viewer.SystemJob("test"))
	all, err := h.client.Opinion.Query().All(ctx)
	if err != nil {
		h.Fatal(err)
	}
	if len(all) == 0 {
		h.Error("nothing to replay")
	}
	for _, o := range all {
		events, err := h.client.OpinionEvent.Query().Where(opinionevent.OpinionID(o.ID)).
			Order(gen.Asc(opinionevent.FieldSequence)).All(ctx)
		if err != nil {
			h.Fatal(err)
		}
		var timeline []dossier.Event
		for i, e := range events {
			if e.Sequence != i+1 || i > 0 && e.OccurredAt.Before(events[i-1].OccurredAt) {
				h.Errorf("%s: event %d is out of order", o.Number, e.Sequence)
			}
			d := dossier.Event{
				Sequence: e.Sequence, Step: e.Step, To: e.ToState, At: e.OccurredAt, Facts: e.Facts,
				Clock: dossier.Clock{Due: e.DueOn, Amber: e.AmberOn, Left: e.DaysLeft},
			}
			if e.FromState != nil {
				d.From = *e.FromState
			}
			timeline = append(timeline, d)
		}
		c := dossier.Replay(timeline)
		want := c.Columns()
		delete(want, "version")
		if diff := cmp.Diff(want, rowColumns(o), sameMoment); diff != "" {
			h.Errorf("%s: the timeline makes another case than the row:\n%s", o.Number, diff)
		}
		h.assigned(o.ID, c)
	}
}

var sameMoment = cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })

// rowColumns are the columns that the timeline adds up to, as the row has them.
func rowColumns(o *gen.Opinion) map[string]any {
	out := map[string]any{
		"state": o.State, "waits_on": o.WaitsOn, "open": o.Open, "state_since": o.StateSince, "updated_at": o.UpdatedAt,
		"warned": o.Warned, "overdue": o.Overdue, "late": o.Late, "events": o.Events, "holder_code": o.HolderCode, "level": o.Level,
		"hardship": o.Hardship, "extended": o.Extended, "dissatisfied": o.Dissatisfied, "reworks": o.Reworks,
		"key_case": o.KeyCase, "published": o.Published,
	}
	optional(out, "resume_state", o.ResumeState)
	optional(out, "due_on", o.DueOn)
	optional(out, "amber_on", o.AmberOn)
	optional(out, "days_left", o.DaysLeft)
	optional(out, "category_id", o.CategoryID)
	optional(out, "urgency", o.Urgency)
	optional(out, "lead_organ_id", o.LeadOrganID)
	optional(out, "main_id", o.MainID)
	optional(out, "outcome", o.Outcome)
	optional(out, "rating", o.Rating)
	optional(out, "supervisor_id", o.SupervisorID)
	optional(out, "supervision_due_on", o.SupervisionDueOn)
	optional(out, "suggestion_id", o.SuggestionID)
	optional(out, "accepted_at", o.AcceptedAt)
	optional(out, "replied_at", o.RepliedAt)
	optional(out, "fed_back_at", o.FedBackAt)
	optional(out, "rated_at", o.RatedAt)
	optional(out, "closed_at", o.ClosedAt)
	return out
}

func optional[T any](row map[string]any, name string, v *T) {
	row[name] = nil
	if v != nil {
		row[name] = *v
	}
}

// assigned checks that the departments at work are those of the timeline.
func (h *house) assigned(opinion uuid.UUID, c dossier.Case) {
	h.Helper()
	ctx := viewer.NewContext(h.Context(), viewer.SystemJob("test"))
	rows, err := h.client.OpinionAssignment.Query().
		Where(opinionassignment.OpinionID(opinion), opinionassignment.EndedAtIsNil()).All(ctx)
	if err != nil {
		h.Fatal(err)
	}
	got, want := map[uuid.UUID]kind.Assignment{}, map[uuid.UUID]kind.Assignment{}
	for _, a := range rows {
		got[a.OrganID] = a.Part
	}
	if c.Lead != nil {
		want[*c.Lead] = kind.AssignmentLead
	}
	for _, id := range c.Co {
		want[id] = kind.AssignmentCo
	}
	if diff := cmp.Diff(want, got); diff != "" {
		h.Errorf("the departments are others than those of the timeline: %s", diff)
	}
}

// The timeline is only added to: no viewer, and no job, can change or remove a line.
func TestTimelineIsAppendOnly(t *testing.T) {
	h := newLoopHouse(t)
	o := h.walk(ways["HANDLING"], uuid.Nil)
	for _, a := range h.actors() {
		ctx := a.ctx(o)
		if _, err := h.client.OpinionEvent.Delete().Where(opinionevent.OpinionID(o.ID)).Exec(ctx); err == nil {
			t.Errorf("%s removes lines", a.name)
		}
		if result, err := h.client.ExecContext(ctx, `UPDATE opinion_event SET text = 'x' WHERE opinion_id = $1`, o.ID); err == nil {
			t.Errorf("%s changes lines: %v", a.name, result)
		}
	}
	if o.State != state.OpinionHandling {
		t.Error(o.State)
	}
	h.replayed()
}
