package workflow

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// doing is a step about to be done.
type doing struct {
	step    state.Step
	text    *string
	decline *kind.DeclineReason
	facts   dossier.Facts
	// extension are working days to add to the limit.
	extension int
	// files are the secrets of uploads to attach.
	files []string
}

// may tells as which party the viewer may do a step on a locked opinion now, by the table of moves. It comes before everything else that
// is checked, so that who has no part in a case learns nothing from the checks.
func (t *task) may(ctx context.Context, o *gen.Opinion, s state.Step) (state.Party, error) {
	c := caseOf(o)
	parties, err := t.parties(ctx, o)
	if err != nil {
		return "", err
	}
	move, ok := state.MoveOf(s)
	if !ok {
		return "", fmt.Errorf("no such step: %s", s)
	}
	party := actingAs(move, c, parties)
	if party == "" {
		return "", notYours(move)
	}
	if _, ok := state.Next(c.State, s, c.Resume); !ok {
		return "", wrongState(move, c.State)
	}
	return party, nil
}

// step does a step that the party may do: it adds the event to the timeline, keeps what the timeline adds up to now, and has
// everyone concerned told.
func (t *task) step(ctx context.Context, o *gen.Opinion, party state.Party, do doing) (*gen.Opinion, *gen.OpinionEvent, error) {
	c := caseOf(o)
	move, _ := state.MoveOf(do.step)
	to, ok := state.Next(c.State, do.step, c.Resume)
	if !ok {
		return nil, nil, wrongState(move, c.State)
	}
	e := dossier.Event{
		Sequence: c.Events + 1, Step: do.step, From: c.State, To: to, Facts: do.facts,
		// A clock that was set back does not turn the timeline round.
		At: later(t.desk.clock(), c.At),
	}
	var err error
	if e.Clock, err = t.clockAfter(ctx, o, c, e, do.extension); err != nil {
		return nil, nil, err
	}
	event, err := t.keepEvent(ctx, o, e, party, move.Shown, do)
	if err != nil {
		return nil, nil, err
	}
	c = c.Apply(e)
	update := t.tx.Opinion.UpdateOne(o)
	if err := keepCase(update.Mutation(), c, false); err != nil {
		return nil, nil, err
	}
	changed, err := update.Save(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := t.announceStep(ctx, event); err != nil {
		return nil, nil, err
	}
	return changed, event, t.audit(ctx, gen.TypeOpinion, o.ID, areaOfOpinion(o), map[string]any{
		"step": e.Step, "from": e.From, "to": e.To, "sequence": e.Sequence,
	})
}

// keepEvent adds an event to the timeline, and to it the files.
func (t *task) keepEvent(
	ctx context.Context, o *gen.Opinion, e dossier.Event, party state.Party, shown bool, do doing,
) (*gen.OpinionEvent, error) {
	create := t.tx.OpinionEvent.Create().
		SetOpinionID(o.ID).
		SetSequence(e.Sequence).
		SetStep(e.Step).
		SetToState(e.To).
		SetOccurredAt(e.At).
		SetParty(party).
		SetSubject(t.viewer.Subject).
		SetNillableDeclineReason(do.decline).
		SetNillableText(do.text).
		SetNillableDueOn(e.Clock.Due).
		SetNillableAmberOn(e.Clock.Amber).
		SetNillableDaysLeft(e.Clock.Left).
		SetFacts(e.Facts).
		SetShown(shown)
	if e.From != "" {
		create.SetFromState(e.From)
	}
	if t.viewer.Role != "" {
		create.SetRole(string(t.viewer.Role)).SetActorCode(t.viewer.Division)
	}
	if t.viewer.Organ != uuid.Nil {
		create.SetOrganID(t.viewer.Organ)
	}
	if t.viewer.Person != uuid.Nil {
		create.SetDeputyID(t.viewer.Person)
	}
	areaOfOpinion(o).put(create.Mutation())
	event, err := create.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("add to the timeline: %w", err)
	}
	return event, t.attachTo(ctx, ofEvent(o, event), attached, do.files)
}

// announceStep has everyone concerned told once the transaction is through.
func (t *task) announceStep(ctx context.Context, e *gen.OpinionEvent) error {
	if _, err := t.tx.ExecContext(ctx, `SELECT enqueue_step($1)`, e.ID); err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	return nil
}

// clockAfter is where the clock stands after an event.
func (t *task) clockAfter(ctx context.Context, o *gen.Opinion, c dossier.Case, e dossier.Event, extension int) (dossier.Clock, error) {
	if e.To == c.State && extension == 0 {
		return c.Clock, nil // it needs neither calendar nor limit
	}
	days, err := t.workdays(ctx)
	if err != nil {
		return dossier.Clock{}, err
	}
	holder := o.HolderCode
	if e.Facts.Holder != nil {
		holder = *e.Facts.Holder
	}
	limit, err := t.limit(ctx, holder, e.To)
	if err != nil {
		return dossier.Clock{}, err
	}
	return c.ClockAfter(e, limit, extension, days), nil
}

// limit is how long a case may stay in a state with the organ of a place; nil for ever.
func (t *task) limit(ctx context.Context, holder place.Code, s state.Opinion) (*state.Limit, error) {
	standard, ok := s.DefaultLimit()
	if !ok {
		return nil, nil
	}
	rows, err := t.tx.QueryContext(ctx, `SELECT days, amber_days FROM opinion_clock($1, $2)`, holder, string(s))
	if err != nil {
		return nil, fmt.Errorf("limit of %s: %w", s, err)
	}
	defer func() { _ = rows.Close() }() // what went wrong is in rows.Err
	for rows.Next() {
		if err := rows.Scan(&standard.Days, &standard.Amber); err != nil {
			return nil, err
		}
	}
	return &standard, rows.Err()
}

// notYours refuses a step to someone whose it is not, and says whose it is.
func notYours(m state.Move) error {
	who := ""
	for i, p := range m.By {
		if i > 0 {
			who += "或"
		}
		who += partyNames[p]
	}
	return forbidden("“"+m.Title+"”只能由"+who+"办理", "input", "id")
}

var partyNames = map[state.Party]string{
	state.PartySubmitter: "反映人", state.PartyStation: "该意见的联络站", state.PartyOrgan: "当前主管机关", state.PartyLead: "主办单位",
	state.PartyHandler: "承办单位", state.PartyDeputy: "收到该意见的代表", state.PartyAbove: "主管机关、上级机关或督办机关",
	state.PartyHolder: "当前承办方", state.PartyClock: "系统",
}

// wrongState refuses a step that cannot be done now.
func wrongState(m state.Move, now state.Opinion) error {
	return fault.Conflict("STATE", "该意见当前为“"+now.Title()+"”,不能“"+m.Title+"”", "input", "id")
}
