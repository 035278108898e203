package dossier_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// morning is when the cases of the tests begin: Monday, 3 March 2025, nine o'clock in China.
var morning = time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

// due is a clock that ends some days after the morning.
func due(days int) dossier.Clock {
	d := time.Date(2025, time.March, 3+days, 0, 0, 0, 0, time.UTC)
	return dossier.Clock{Due: &d, Amber: ptr(d.AddDate(0, 0, -1))}
}

// story adds up steps, each a day after the one before, unless it says when.
type story struct {
	testing.TB
	events []dossier.Event
	c      dossier.Case
}

func (s *story) do(step state.Step, f dossier.Facts, clock dossier.Clock) dossier.Case {
	s.Helper()
	to, ok := state.Next(s.c.State, step, s.c.Resume)
	if !ok {
		s.Fatalf("%s in %s", step, s.c.State)
	}
	n := len(s.events)
	e := dossier.Event{
		Sequence: n + 1, Step: step, From: s.c.State, To: to, At: morning.AddDate(0, 0, n), Clock: clock, Facts: f,
	}
	s.events = append(s.events, e)
	s.c = s.c.Apply(e)
	if again := dossier.Replay(s.events); !cmp.Equal(again, s.c) {
		s.Fatal("replayed otherwise:", cmp.Diff(s.c, again))
	}
	return s.c
}

func TestCase(t *testing.T) {
	s := &story{TB: t}
	township, county := place.MustParse("430121107"), place.MustParse("430121")
	category, lead, other, co := uuid.New(), uuid.New(), uuid.New(), uuid.New()

	c := s.do(state.StepSubmit, dossier.Facts{Holder: &township, Level: place.LevelTownship}, due(3))
	if c.State != "SUBMITTED" || c.Holder != township || c.AcceptedAt != nil || c.WaitsOn() != state.PartyStation || c.Events != 1 {
		t.Error("submitted:", c)
	}
	c = s.do(state.StepAccept, dossier.Facts{}, due(4))
	if c.AcceptedAt == nil || !c.AcceptedAt.Equal(morning.AddDate(0, 0, 1)) || !c.Since.Equal(*c.AcceptedAt) {
		t.Error("accepted:", c)
	}
	c = s.do(state.StepAnalyse, dossier.Facts{
		Holder: &county, Level: place.LevelCounty, Category: &category, Urgency: kind.UrgencyUrgent, Hardship: ptr(true),
	}, due(5))
	if c.Holder != county || c.Level != place.LevelCounty || *c.Category != category || !c.Hardship || c.WaitsOn() != state.PartyOrgan {
		t.Error("analysed:", c)
	}
	s.do(state.StepAssign, dossier.Facts{Lead: &lead, Co: []uuid.UUID{co}}, due(9))
	c = s.do(state.StepTake, dossier.Facts{}, due(20))
	if *c.Lead != lead || len(c.Co) != 1 || c.WaitsOn() != state.PartyLead || c.Late {
		t.Error("taken:", c)
	}
	c = s.do(state.StepAsk, dossier.Facts{}, dossier.Clock{Due: due(15).Due, Amber: due(15).Amber, Left: ptr(11)})
	if c.Resume != "HANDLING" || *c.Clock.Left != 11 || c.WaitsOn() != state.PartySubmitter {
		t.Error("asked:", c)
	}
	c = s.do(state.StepSupplement, dossier.Facts{}, due(22))
	if c.State != "HANDLING" || c.Resume != "" || c.Clock.Left != nil {
		t.Error("answered:", c)
	}
	c = s.do(state.StepExtend, dossier.Facts{}, due(30))
	if !c.Extended || !c.Clock.Due.Equal(*due(30).Due) {
		t.Error("extended:", c)
	}
	s.do(state.StepReply, dossier.Facts{Outcome: kind.OutcomePlanned}, due(35))
	s.do(state.StepFeedBack, dossier.Facts{}, due(40))
	c = s.do(state.StepRate, dossier.Facts{Rating: kind.RatingDissatisfied}, dossier.Clock{})
	if c.Dissatisfied != 1 || c.Rating != kind.RatingDissatisfied || c.RatedAt == nil || c.Clock.Due != nil || c.WaitsOn() != state.PartyOrgan {
		t.Error("rated:", c)
	}
	c = s.do(state.StepRework, dossier.Facts{}, due(50))
	if c.Reworks != 1 || c.WaitsOn() != state.PartyLead {
		t.Error("reworked:", c)
	}
	c = s.do(state.StepAssign, dossier.Facts{Lead: &other}, due(55))
	if *c.Lead != other || c.Co != nil || c.Extended {
		t.Error("assigned anew:", c)
	}
	s.do(state.StepTake, dossier.Facts{}, due(60))
	s.do(state.StepReply, dossier.Facts{Outcome: kind.OutcomeSolved}, due(65))
	c = s.do(state.StepFeedBack, dossier.Facts{}, due(70))
	if c.Rating != "" || c.RatedAt != nil || c.Outcome != kind.OutcomeSolved {
		t.Error("the old rating is another answer's:", c)
	}
	s.do(state.StepRate, dossier.Facts{Rating: kind.RatingSatisfied}, dossier.Clock{})
	s.do(state.StepSupervise, dossier.Facts{Supervisor: &co, SupervisionDue: due(80).Due}, dossier.Clock{})
	c = s.do(state.StepClose, dossier.Facts{}, dossier.Clock{})
	if c.ClosedAt == nil || c.Supervisor != nil || c.State.Open() || c.Late {
		t.Error("closed:", c)
	}
	c = s.do(state.StepPublish, dossier.Facts{}, dossier.Clock{})
	if !c.Published || c.State != "CLOSED" {
		t.Error("published:", c)
	}
	c = s.do(state.StepReopen, dossier.Facts{}, due(90))
	if c.ClosedAt != nil || c.Published || c.Reworks != 2 || c.State != "REWORK" {
		t.Error("reopened:", c)
	}
}

// Who leaves a state after its day was late; the citizen's own time counts for no one.
func TestLate(t *testing.T) {
	s := &story{TB: t}
	s.do(state.StepSubmit, dossier.Facts{}, due(0))
	if c := s.do(state.StepAccept, dossier.Facts{}, due(30)); !c.Late {
		t.Error("accepted a day late, and not late")
	}

	s = &story{TB: t}
	s.do(state.StepSubmit, dossier.Facts{}, due(9))
	c := s.do(state.StepAmber, dossier.Facts{}, due(9))
	if !c.Warned || c.Overdue || c.Late {
		t.Error("warned:", c)
	}
	c = s.do(state.StepOverdue, dossier.Facts{}, due(9))
	if !c.Overdue || !c.Late {
		t.Error("overdue:", c)
	}
	if c = s.do(state.StepAnswer, dossier.Facts{Outcome: kind.OutcomeExplained}, due(9)); c.Warned || c.Overdue || !c.Late {
		t.Error("the next state begins fresh, the case stays late:", c)
	}

	s = &story{TB: t}
	s.do(state.StepSubmit, dossier.Facts{}, due(9))
	s.do(state.StepAnswer, dossier.Facts{Outcome: kind.OutcomeExplained}, due(9))
	s.do(state.StepFeedBack, dossier.Facts{}, due(2))
	if c := s.do(state.StepOverdue, dossier.Facts{}, due(2)); c.Late {
		t.Error("late, because the citizen was")
	}
	if c := s.do(state.StepLapse, dossier.Facts{}, dossier.Clock{}); c.Late || c.ClosedAt == nil || c.RatedAt != nil {
		t.Error("lapsed:", c)
	}
}

// A case that was extended after its day has a new day: it is overdue no longer, unless that one is over as well.
func TestExtendedLate(t *testing.T) {
	for days, still := range map[int]bool{9: false, 2: true} {
		s := &story{TB: t}
		lead := uuid.New()
		s.do(state.StepSubmit, dossier.Facts{}, due(9))
		s.do(state.StepAccept, dossier.Facts{}, due(9))
		s.do(state.StepAnalyse, dossier.Facts{}, due(9))
		s.do(state.StepAssign, dossier.Facts{Lead: &lead}, due(9))
		s.do(state.StepTake, dossier.Facts{}, due(4))
		s.do(state.StepOverdue, dossier.Facts{}, due(4))
		c := s.do(state.StepExtend, dossier.Facts{}, due(days))
		if c.Overdue != still || !c.Late || c.Warned {
			t.Errorf("extended to day %d: overdue %v, late %v, warned %v", days, c.Overdue, c.Late, c.Warned)
		}
	}
}

func TestDeclinedUnderSupervision(t *testing.T) {
	s := &story{TB: t}
	supervisor := uuid.New()
	s.do(state.StepSubmit, dossier.Facts{}, due(3))
	s.do(state.StepSupervise, dossier.Facts{Supervisor: &supervisor, SupervisionDue: due(9).Due}, due(3))
	if c := s.do(state.StepDecline, dossier.Facts{}, dossier.Clock{}); c.Supervisor != nil || c.SupervisionDue != nil || c.ClosedAt != nil {
		t.Error("declined, and supervised for ever:", c)
	}
}

func TestMerged(t *testing.T) {
	s := &story{TB: t}
	main := uuid.New()
	s.do(state.StepSubmit, dossier.Facts{}, due(3))
	s.do(state.StepAccept, dossier.Facts{}, due(5))
	c := s.do(state.StepMerge, dossier.Facts{Main: &main}, dossier.Clock{})
	if *c.Main != main || c.State.Open() || c.AcceptedAt == nil {
		t.Error("merged:", c)
	}
	s.do(state.StepFollowFeedback, dossier.Facts{Outcome: kind.OutcomeSolved}, dossier.Clock{})
	s.do(state.StepRate, dossier.Facts{Rating: kind.RatingBasically}, dossier.Clock{})
	c = s.do(state.StepFollowClose, dossier.Facts{}, dossier.Clock{})
	if c.State != "MERGED" || c.FedBackAt == nil || c.Rating != kind.RatingBasically || c.ClosedAt == nil {
		t.Error("followed:", c)
	}
	if c = s.do(state.StepFollowReopen, dossier.Facts{}, dossier.Clock{}); c.ClosedAt != nil || c.Reworks != 1 {
		t.Error("followed back:", c)
	}
	c = s.do(state.StepUnmerge, dossier.Facts{}, due(20))
	if c.Main != nil || c.State != "ACCEPTED" || c.Rating != "" || c.Outcome != "" || c.FedBackAt != nil {
		t.Error("unmerged:", c)
	}
}

func TestEscalated(t *testing.T) {
	s := &story{TB: t}
	township, county, lead := place.MustParse("430121107"), place.MustParse("430121"), uuid.New()
	s.do(state.StepSubmit, dossier.Facts{Holder: &township, Level: place.LevelTownship}, due(3))
	s.do(state.StepAccept, dossier.Facts{}, due(5))
	s.do(state.StepAnalyse, dossier.Facts{}, due(6))
	s.do(state.StepAssign, dossier.Facts{Lead: &lead}, due(7))
	s.do(state.StepRequestReturn, dossier.Facts{}, due(8))
	c := s.do(state.StepEscalate, dossier.Facts{Holder: &county, Level: place.LevelCounty}, due(9))
	if c.Lead != nil || c.Holder != county || c.State != "ESCALATED" || c.WaitsOn() != state.PartyOrgan {
		t.Error("escalated:", c)
	}
	c = s.do(state.StepSendBack, dossier.Facts{Holder: &township, Level: place.LevelTownship}, due(12))
	if c.Holder != township || c.Level != place.LevelTownship || c.State != "ANALYSED" {
		t.Error("sent back:", c)
	}
}

// Whatever happens, the columns keep to the rules that the table checks, and the beside-steps leave the state alone.
func TestAnyStory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c dossier.Case
		at := morning
		for n := 1; n < 40; n++ {
			var can []state.Step
			for _, step := range state.Steps {
				if _, ok := state.Next(c.State, step, c.Resume); ok {
					can = append(can, step)
				}
			}
			if len(can) == 0 {
				return
			}
			step := rapid.SampledFrom(can).Draw(t, "step")
			to, _ := state.Next(c.State, step, c.Resume)
			f := dossier.Facts{}
			if step == state.StepMerge {
				f.Main = ptr(uuid.New())
			}
			at = at.Add(time.Duration(rapid.IntRange(0, 96).Draw(t, "hours")) * time.Hour)
			before := c
			c = c.Apply(dossier.Event{Sequence: n, Step: step, From: c.State, To: to, At: at, Facts: f})
			cols := c.Columns()
			switch {
			case c.State != to || c.Events != n || cols["version"] != n || !c.At.Equal(at):
				t.Fatalf("%s leads to %v", step, c)
			case (c.State == state.OpinionWaiting) != (cols["resume_state"] != nil):
				t.Fatalf("%s: waiting for nothing, or not waiting for something: %v", step, c)
			case (c.State == state.OpinionMerged) != (cols["main_id"] != nil):
				t.Fatalf("%s: merged into nothing, or still into something: %v", step, c)
			case cols["open"] != c.State.Open():
				t.Fatalf("%s: open %v", step, cols["open"])
			case before.Late && !c.Late:
				t.Fatalf("%s makes good what was late", step)
			}
		}
	})
}
