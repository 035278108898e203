package rollup_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

type (
	// categoryRecord is a category; its number begins with that of the one above it.
	categoryRecord struct {
		id     uuid.UUID
		number string
		parent *categoryRecord
	}
	// opinionRecord is an opinion with the timeline that it is the sum of.
	opinionRecord struct {
		id          uuid.UUID
		station     *stationRecord
		channel     kind.Channel
		events      []dossier.Event
		of          dossier.Case
		assignments []assignmentRecord
	}
	assignmentRecord struct {
		organ          uuid.UUID
		part           kind.Assignment
		assigned, ends time.Time
	}
)

// shanghai is the moment at which a day begins.
func shanghai(d time.Time) time.Time { return d.Add(-8 * time.Hour) }

// in tells whether the category is another or a branch of it.
func (c *categoryRecord) in(other *categoryRecord) bool {
	for at := c; at != nil; at = at.parent {
		if at == other {
			return true
		}
	}
	return false
}

func (w *world) category(id *uuid.UUID) *categoryRecord {
	if id == nil {
		return nil
	}
	return w.categories[slices.IndexFunc(w.categories, func(c *categoryRecord) bool { return c.id == *id })]
}

// add adds an event to the timeline.
func (o *opinionRecord) add(e dossier.Event) {
	e.Sequence, e.From = o.of.Events+1, o.of.State
	o.of = o.of.Apply(e)
	o.events = append(o.events, e)
}

func (o *opinionRecord) submitted() time.Time { return o.events[0].At }

// speak has people come to the stations: a tree of categories, and opinions with random timelines that the table of transitions allows.
func (w *world) speak(r *rand.Rand, opinions int) {
	for top := range 3 {
		above := &categoryRecord{id: randomID(r), number: fmt.Sprintf("%02d", top+1)}
		w.categories = append(w.categories, above)
		for branch := range r.IntN(3) {
			leaf := &categoryRecord{id: randomID(r), number: fmt.Sprintf("%s%02d", above.number, branch+1), parent: above}
			w.categories = append(w.categories, leaf, &categoryRecord{id: randomID(r), number: leaf.number + "01", parent: leaf})
		}
	}
	organs := make([]uuid.UUID, 6)
	for i := range organs {
		organs[i] = randomID(r)
	}
	for range opinions {
		o := &opinionRecord{id: randomID(r), station: w.stations[r.IntN(min(len(w.stations), 40))]}
		channels := kind.Channel("").Values()
		o.channel = kind.Channel(channels[r.IntN(len(channels))])
		at := shanghai(day("2024-12-25").AddDate(0, 0, r.IntN(45)))
		for range 2 + r.IntN(20) {
			e, ok := w.happen(r, o, organs)
			if !ok {
				break
			}
			// Midnight, where days and months part, is met often.
			if at = at.Add(time.Duration(r.IntN(4*24*60)) * time.Minute); r.IntN(4) == 0 {
				at = shanghai(calendar.Today(at).AddDate(0, 0, 1))
			}
			e.At = at
			o.add(w.timed(r, o, e))
		}
		o.assign()
		w.opinions = append(w.opinions, o)
	}
}

// detours are steps that few would get past if all were as likely.
var detours = []state.Step{
	state.StepDecline, state.StepAnswer, state.StepMerge, state.StepAsk, state.StepRequestReturn, state.StepEscalate, state.StepUnmerge,
}

// happen is a step that is allowed next, with facts that go with it; false when none is.
func (w *world) happen(r *rand.Rand, o *opinionRecord, organs []uuid.UUID) (e dossier.Event, ok bool) {
	var leading, beside []dossier.Event
	for _, m := range state.Moves {
		to, ok := state.Next(o.of.State, m.Step, o.of.Resume)
		switch e := (dossier.Event{Step: m.Step, To: to}); {
		case !ok:
		case to == o.of.State:
			beside = append(beside, e)
		default:
			leading = append(leading, e)
		}
	}
	choice := leading
	if len(leading) == 0 || len(beside) > 0 && r.IntN(5) == 0 {
		choice = beside
	}
	if len(choice) == 0 {
		return e, false
	}
	e = choice[r.IntN(len(choice))]
	if slices.Contains(detours, e.Step) && r.IntN(2) == 0 {
		e = choice[r.IntN(len(choice))]
	}
	outcomes, found := kind.Outcome("").Values(), kind.Rating("").Values()
	switch e.Step {
	case state.StepMerge:
		main := randomID(r)
		e.Facts.Main = &main
	case state.StepAnalyse:
		hardship := r.IntN(2) == 0
		e.Facts.Category, e.Facts.Hardship = &w.categories[r.IntN(len(w.categories))].id, &hardship
	case state.StepAssign:
		first := r.IntN(len(organs))
		e.Facts.Lead = &organs[first]
		if r.IntN(2) == 0 {
			e.Facts.Co = []uuid.UUID{organs[(first+1)%len(organs)]}
		}
	case state.StepAnswer, state.StepReply, state.StepFollowFeedback:
		e.Facts.Outcome = kind.Outcome(outcomes[r.IntN(len(outcomes))])
	case state.StepRate:
		e.Facts.Rating = kind.Rating(found[r.IntN(len(found))])
	default:
	}
	return e, true
}

// timed sets the clock of a state that the event enters, some days ahead.
func (w *world) timed(r *rand.Rand, o *opinionRecord, e dossier.Event) dossier.Event {
	if e.To == o.of.State {
		e.Clock = o.of.Clock
		return e
	}
	if _, limited := e.To.DefaultLimit(); limited {
		due := calendar.Today(e.At).AddDate(0, 0, r.IntN(6))
		amber := due.AddDate(0, 0, -r.IntN(3))
		e.Clock = dossier.Clock{Due: &due, Amber: &amber}
	}
	return e
}

// assign writes down which departments had the case: each assignment ends the ones before.
func (o *opinionRecord) assign() {
	for _, e := range o.events {
		ends := e.Step == state.StepAssign || e.Step == state.StepEscalate || e.Step == state.StepClose
		for i := range o.assignments {
			if a := &o.assignments[i]; ends && a.ends.IsZero() {
				a.ends = e.At
			}
		}
		if e.Step != state.StepAssign {
			continue
		}
		o.assignments = append(o.assignments, assignmentRecord{*e.Facts.Lead, kind.AssignmentLead, e.At, time.Time{}})
		for _, co := range e.Facts.Co {
			o.assignments = append(o.assignments, assignmentRecord{co, kind.AssignmentCo, e.At, time.Time{}})
		}
	}
}

// storeOpinions writes the categories instead of those that are there, and the opinions.
func (w *world) storeOpinions(exec func(string, ...any), row func(string, uuid.UUID, *spot, map[string]any)) {
	exec(`DELETE FROM category`)
	for _, c := range w.categories {
		var parent any
		if c.parent != nil {
			parent = c.parent.id
		}
		exec(`INSERT INTO category (id, created_at, updated_at, number, name, parent_id) VALUES ($1, $2, $2, $3, '分类', $4)`,
			c.id, day("2025-01-01"), c.number, parent)
	}
	for i, o := range w.opinions {
		c, at := o.of, o.station.at
		columns := c.Columns()
		delete(columns, "updated_at") // row has it
		maps.Copy(columns, map[string]any{
			"code_then": int64(at.code), "number": fmt.Sprint("T", i), "station_id": o.station.id, "channel": o.channel, "content": "路灯不亮",
			"submitted_at": o.submitted(), "holder_code": int64(at.code), "level": at.level,
		})
		row("opinion", o.id, at, columns)
		for _, e := range o.events {
			facts, err := json.Marshal(e.Facts)
			if err != nil {
				panic(err)
			}
			row("opinion_event", uuid.New(), at, map[string]any{
				"opinion_id": o.id, "sequence": e.Sequence, "step": e.Step, "from_state": word(e.From), "to_state": e.To, "occurred_at": e.At,
				"party": state.PartyStation, "subject": "test", "due_on": e.Clock.Due, "amber_on": e.Clock.Amber, "facts": facts, "shown": true,
			})
		}
		for _, a := range o.assignments {
			row("opinion_assignment", uuid.New(), at, map[string]any{
				"opinion_id": o.id, "organ_id": a.organ, "part": a.part, "assigned_at": a.assigned, "ended_at": orNull(a.ends),
			})
		}
	}
}

// word is null when empty.
func word[T ~string](w T) any {
	if w == "" {
		return nil
	}
	return w
}

func randomID(r *rand.Rand) (u uuid.UUID) {
	for i := range u {
		u[i] = byte(r.Uint32())
	}
	return u
}

// talkingWorld is a random world with opinions, which the seed alone decides.
func talkingWorld(seed uint64, opinions int) *world {
	w := randomWorld(seed)
	w.speak(rand.New(rand.NewPCG(seed, 2)), opinions)
	return w
}
