package seed

import (
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// course is what becomes of an opinion, as far as it is not left to chance.
type course struct {
	// decline is why it is not accepted; spot has the station answer it at once.
	decline kind.DeclineReason
	spot    bool

	urgency  kind.Urgency
	hardship bool
	// town has the township take it for its own matter first, city the city take it up, or send it back.
	town bool
	city cityCourse
	// returned has it assigned to another department first.
	returned bool
	// co has a second department help, extend the limit extended, ask a question asked.
	co, extend bool
	ask        question
	notes      int
	// slow is the state that it stays in for too long; quick has everything done in a few days, tardy on the last day that is on time.
	slow         state.Opinion
	quick, tardy bool
	// outcome is what comes of it in the end, ratings what the citizen thinks of each answer; without one the time for it runs out.
	outcome kind.Outcome
	ratings []kind.Rating

	key, supervised, explained, convert, publish, withdraw, reopen bool
	// echoes are opinions about the same that are merged into it, of which the last is taken out again if split.
	echoes int
	split  bool

	// stop is the step, when it is done for the nth time, after which nothing more is done.
	stop state.Step
	nth  int
	// hold is a step that is put off until a day.
	hold  state.Step
	until time.Time
}

// cityCourse is what the city does with a case that the county puts before it.
type cityCourse int

const (
	notAsked cityCourse = iota
	takenUp
	sentBack
)

// question is what becomes of a question to the citizen.
type question int

const (
	noQuestion question = iota
	answered            // by the citizen
	called              // by telephone, so that the department goes on itself
	silent              // not at all
)
