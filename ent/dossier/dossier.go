// Package dossier says what an opinion's timeline adds up to: the events of a case, and the case that they make.
//
// It is the one place where a step changes a case. The verbs append an event and store what Apply makes of it; replaying all
// events of an opinion makes the same case again, which a test checks against the stored rows. Pure: it knows no database.
//
// Room: ent. It imports place, kind, state and calendar.
package dossier

import (
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// Facts are what a step settles beside the state. A fact that is not given stays as it was.
type Facts struct {
	// Holder is the division whose organ owns the case from now on; Level is its level.
	Holder *place.Code `json:"holder,omitempty"`
	Level  place.Level `json:"level,omitempty"`
	// Category, Urgency and Hardship (急难愁盼) come from the analysis.
	Category *uuid.UUID   `json:"category,omitempty"`
	Urgency  kind.Urgency `json:"urgency,omitempty"`
	Hardship *bool        `json:"hardship,omitempty"`
	// Lead and Co are the departments that an assignment names, all of them.
	Lead *uuid.UUID  `json:"lead,omitempty"`
	Co   []uuid.UUID `json:"co,omitempty"`
	// Main is the opinion merged into, Follows the number of its last event that a merged opinion has followed, or found when it was merged.
	Main    *uuid.UUID `json:"main,omitempty"`
	Follows int        `json:"follows,omitempty"`
	// Outcome is what a reply brings about, Rating what the citizen thinks of it.
	Outcome kind.Outcome `json:"outcome,omitempty"`
	Rating  kind.Rating  `json:"rating,omitempty"`
	// Supervisor is the organ that supervises (督办), SupervisionDue its day.
	Supervisor     *uuid.UUID `json:"supervisor,omitempty"`
	SupervisionDue *time.Time `json:"supervisionDue,omitempty"`
	// Suggestion is what the opinion was converted into.
	Suggestion *uuid.UUID `json:"suggestion,omitempty"`
}

// Clock is where a case's clock stands. A case in a state without a limit has none.
type Clock struct {
	// Due is the last day on time, Amber the first day of warning.
	Due, Amber *time.Time
	// Left are the working days that were left when the clock was stopped for a question.
	Left *int
}

// over tells whether the last day was over at a moment.
func (c Clock) over(at time.Time) bool { return c.Due != nil && calendar.Today(at).After(*c.Due) }

// Event is one line of a timeline, as far as it makes the case.
type Event struct {
	Sequence int
	Step     state.Step
	From, To state.Opinion
	At       time.Time
	// Clock is the clock after the event.
	Clock Clock
	Facts Facts
}

// Case is what a timeline adds up to. The zero value is a case before its first event.
type Case struct {
	// Events is how many events there are; the next one has that number and one.
	Events int
	State  state.Opinion
	// Resume is the state before WAITING, empty elsewhere.
	Resume state.Opinion
	// Since is when the present state began, At when the last event happened.
	Since, At time.Time
	Clock     Clock
	// Warned and Overdue tell that the clock has spoken in the present state; Late that some state of this case was left, or found, too late.
	Warned, Overdue, Late bool

	Holder   place.Code
	Level    place.Level
	Category *uuid.UUID
	Urgency  kind.Urgency
	Hardship bool
	Lead     *uuid.UUID
	Co       []uuid.UUID
	Main     *uuid.UUID
	Extended bool
	Outcome  kind.Outcome
	Rating   kind.Rating
	// Dissatisfied counts 不满意, Reworks how often the case was taken up again.
	Dissatisfied, Reworks int
	Supervisor            *uuid.UUID
	SupervisionDue        *time.Time
	Key                   bool
	Published             bool
	Suggestion            *uuid.UUID

	AcceptedAt, RepliedAt, FedBackAt, RatedAt, ClosedAt *time.Time
}

// WaitsOn tells on whom the case waits.
func (c Case) WaitsOn() state.Party { return c.State.WaitsOn(c.Lead != nil) }

// Replay adds up a timeline, which must be in order.
func Replay(events []Event) Case {
	var c Case
	for _, e := range events {
		c = c.Apply(e)
	}
	return c
}

// Apply is the case after one more event. It takes the event as it is: whether the step may be done is for the table
// of transitions (state.Next) and the verbs to say.
func (c Case) Apply(e Event) Case {
	c.settle(e.Facts)
	if e.To != c.State {
		c.enter(e)
	}
	c.Events, c.At, c.Clock = e.Sequence, e.At, e.Clock
	at := e.At
	switch e.Step {
	case state.StepAccept:
		c.AcceptedAt = &at
	case state.StepAnswer:
		c.AcceptedAt, c.RepliedAt = &at, &at
	case state.StepUnmerge:
		c.Main, c.FedBackAt, c.RatedAt, c.ClosedAt, c.Rating, c.Outcome = nil, nil, nil, nil, "", ""
	case state.StepAssign:
		c.Co, c.Extended = e.Facts.Co, false
	case state.StepEscalate:
		c.Lead, c.Co = nil, nil // whoever had it before has it no longer
	case state.StepExtend:
		c.Extended, c.Warned = true, false
		c.Overdue = c.Overdue && e.Clock.over(e.At) // a new day to speak on
	case state.StepReply:
		c.RepliedAt = &at
	case state.StepFeedBack, state.StepFollowFeedback:
		// The answer is another than the one that was rated.
		c.FedBackAt, c.RatedAt, c.Rating = &at, nil, ""
	case state.StepRate:
		c.RatedAt = &at
		if e.Facts.Rating == kind.RatingDissatisfied {
			c.Dissatisfied++
		}
	case state.StepRework:
		c.Reworks++
	case state.StepReopen, state.StepFollowReopen:
		c.Reworks++
		c.ClosedAt, c.Published = nil, false
	case state.StepClose, state.StepLapse, state.StepConvert, state.StepFollowClose:
		c.ClosedAt = &at
		c.Supervisor, c.SupervisionDue = nil, nil
	case state.StepDecline, state.StepEndSupervision:
		c.Supervisor, c.SupervisionDue = nil, nil
	case state.StepMarkKey:
		c.Key = true
	case state.StepUnmarkKey:
		c.Key = false
	case state.StepPublish:
		c.Published = true
	case state.StepWithdraw:
		c.Published = false
	case state.StepAmber:
		c.Warned = true
	case state.StepOverdue:
		c.Warned, c.Overdue = true, true
		c.Late = c.Late || c.WaitsOn() != state.PartySubmitter
	}
	return c
}

// enter takes the case into the event's state. One that was left after its day was left late; the citizen's own time does not count.
func (c *Case) enter(e Event) {
	if c.Clock.over(e.At) && c.WaitsOn() != state.PartySubmitter {
		c.Late = true
	}
	c.Resume = ""
	if e.To == state.OpinionWaiting {
		c.Resume = c.State
	}
	c.State, c.Since = e.To, e.At
	c.Warned, c.Overdue = false, false
}

// settle takes over the facts that are given.
func (c *Case) settle(f Facts) {
	if f.Holder != nil {
		c.Holder, c.Level = *f.Holder, f.Level
	}
	c.Category = given(f.Category, c.Category)
	c.Lead = given(f.Lead, c.Lead)
	c.Main = given(f.Main, c.Main)
	c.Supervisor = given(f.Supervisor, c.Supervisor)
	c.SupervisionDue = given(f.SupervisionDue, c.SupervisionDue)
	c.Suggestion = given(f.Suggestion, c.Suggestion)
	if f.Hardship != nil {
		c.Hardship = *f.Hardship
	}
	c.Urgency = word(f.Urgency, c.Urgency)
	c.Outcome = word(f.Outcome, c.Outcome)
	c.Rating = word(f.Rating, c.Rating)
}

func given[T any](fact, before *T) *T {
	if fact != nil {
		return fact
	}
	return before
}

func word[T ~string](fact, before T) T {
	if fact != "" {
		return fact
	}
	return before
}
