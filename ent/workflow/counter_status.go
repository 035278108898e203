package workflow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/attachment"
	"github.com/lianluo/lianluo/ent/gen/opinion"
	"github.com/lianluo/lianluo/ent/gen/opinionevent"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Receipt is what a citizen is shown of the own opinion (查询结果).
type Receipt struct {
	Number string
	State  state.Opinion
	// StateTitle is the state in words, of a merged opinion how far its own matter has come.
	StateTitle  string
	SubmittedAt time.Time
	Content     string
	Location    *string
	// Station and Deputy are the names of the station that received it and of the deputy whom it was for.
	Station string
	Deputy  *string
	// DueOn is the last day of the present step; nil when it has no limit.
	DueOn  *time.Time
	Events []*ReceiptEvent
	// Question is what the citizen is asked while the answer is waited for.
	Question *string
	// MaySupplement and MayRate tell what the citizen can do now.
	MaySupplement, MayRate bool
	Rating                 *kind.Rating
}

// ReceiptEvent is a step of the timeline that the citizen is shown.
type ReceiptEvent struct {
	Step state.Step
	// Title is the step in words, By who did it: the part in the case, never a name.
	Title, By     string
	At            time.Time
	DeclineReason *kind.DeclineReason
	Text          *string
	Files         []*gen.Attachment
}

// Status tells the holder of a pass how the opinion stands.
func (c *Counter) Status(ctx context.Context, p Pass) (*Receipt, error) {
	ctx, err := c.Open(ctx, p)
	if err != nil {
		return nil, err
	}
	return c.status(ctx)
}

// status tells how the opinion stands whose receipt the context's viewer holds.
func (c *Counter) status(ctx context.Context) (*Receipt, error) {
	o, err := c.desk.client.Opinion.Get(ctx, viewer.FromContext(ctx).Receipt)
	if err != nil {
		return nil, err
	}
	events, err := c.desk.client.OpinionEvent.Query().
		Where(opinionevent.OpinionID(o.ID), opinionevent.Shown(true)).Order(opinionevent.BySequence()).All(ctx)
	if err != nil {
		return nil, err
	}
	files, err := c.desk.client.Attachment.Query().
		Where(attachment.OpinionID(o.ID), attachment.Shown(true)).Order(attachment.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	out := receiptOf(o, events, files)
	return out, c.addNames(asCounter(ctx), out, o.ID)
}

func receiptOf(o *gen.Opinion, events []*gen.OpinionEvent, files []*gen.Attachment) *Receipt {
	out := &Receipt{
		Number: o.Number, State: o.State, StateTitle: stateTitle(o, events), SubmittedAt: o.SubmittedAt, Content: o.Content, Location: o.Location,
		DueOn: sameDay(o.DueOn), MaySupplement: o.State == state.OpinionWaiting, MayRate: mayRate(o),
		Rating: o.Rating,
	}
	attached := map[uuid.UUID][]*gen.Attachment{}
	for _, f := range files {
		attached[*f.EventID] = append(attached[*f.EventID], f) // it is of an opinion
	}
	for _, e := range events {
		move, _ := state.MoveOf(e.Step)
		out.Events = append(out.Events, &ReceiptEvent{
			Step: e.Step, Title: move.Title, By: partyNames[e.Party], At: e.OccurredAt,
			DeclineReason: e.DeclineReason, Text: e.Text, Files: attached[e.ID],
		})
		if out.MaySupplement && e.Step == state.StepAsk {
			out.Question = e.Text
		}
	}
	return out
}

// addNames adds the names of what the citizen may know of but not look up.
func (c *Counter) addNames(ctx context.Context, out *Receipt, id uuid.UUID) error {
	o, err := c.system.Opinion.Query().Where(opinion.ID(id)).WithStation().WithDeputy().Only(ctx)
	if err != nil {
		return err
	}
	out.Station = o.Edges.Station.Name
	if d := o.Edges.Deputy; d != nil {
		out.Deputy = &d.Name
	}
	return nil
}

// mayRate tells whether the citizen may rate the answer. A merged opinion stays merged when its answer is given and rated.
func mayRate(o *gen.Opinion) bool {
	return o.State == state.OpinionFedBack || o.State == state.OpinionMerged && o.FedBackAt != nil && o.Rating == nil
}

// stateTitle is the state in words, of a merged opinion how far its own matter has come.
func stateTitle(o *gen.Opinion, events []*gen.OpinionEvent) string {
	if o.State != state.OpinionMerged {
		return o.State.Title()
	}
	title := "并件办理中"
	for _, e := range events {
		if e.Step == state.StepMerge { // it may have been merged into another one before
			title = "并件办理中"
		}
		if far, ok := mergedStates[e.Step]; ok {
			title = far.Title()
		}
	}
	return title
}

// mergedStates are the states that steps of a merged opinion stand for.
var mergedStates = map[state.Step]state.Opinion{
	state.StepFollowFeedback: state.OpinionFedBack, state.StepRate: state.OpinionRated,
	state.StepFollowClose: state.OpinionClosed, state.StepFollowReopen: state.OpinionRework,
}
