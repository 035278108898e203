package seed

import (
	"context"
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

// The ratings that a course ends with.
var (
	satisfied = []kind.Rating{kind.RatingSatisfied}
	basically = []kind.Rating{kind.RatingBasically}
	second    = []kind.Rating{kind.RatingDissatisfied, kind.RatingSatisfied}
	third     = []kind.Rating{kind.RatingDissatisfied, kind.RatingDissatisfied, kind.RatingBasically}
	never     = []kind.Rating{kind.RatingDissatisfied, kind.RatingDissatisfied}
)

// opinionPlans are the counties that have opinions, in the order of the demonstration.
var opinionPlans = []struct {
	code place.Code
	fill func(*docket) *deck
}{
	{changshaCounty, opinionsOfChangshaCounty},
	{yanling, opinionsOfYanling},
	{heshun, opinionsOfHeshun},
}

// fillOpinions makes the opinions of the demonstration, from its other rows and its accounts.
func (w *world) fillOpinions(ctx context.Context, q querier, all *rows, accounts []*account) error {
	a, err := readAlmanac(ctx, q)
	if err != nil {
		return err
	}
	var made []*rows
	for _, p := range opinionPlans {
		d, err := w.docket(p.code, all, accounts, a)
		if err != nil {
			return err
		}
		p.fill(d).play()
		if d.err != nil {
			return d.err
		}
		made = append(made, &d.rows)
	}
	for _, r := range made {
		all.add(r)
	}
	return nil
}

// urgency draws how soon an opinion must be dealt with.
func (d *docket) urgency(c course) kind.Urgency {
	switch n := d.random.IntN(100); {
	case n < 4 || c.hardship && n < 25:
		return kind.UrgencyCritical
	case n < 18 || c.hardship:
		return kind.UrgencyUrgent
	}
	return kind.UrgencyNormal
}

// rated draws what the citizen thinks: most are satisfied, and some do not say.
func (d *docket) rated() []kind.Rating {
	switch n := d.random.IntN(100); {
	case n < 66:
		return satisfied
	case n < 91:
		return basically
	}
	return nil
}

// unsolved draws what comes of an opinion that is not solved.
func (d *docket) unsolved() kind.Outcome {
	return pick(d.random, []kind.Outcome{kind.OutcomeUnderWay, kind.OutcomePlanned, kind.OutcomeExplained})
}

// outcome draws what comes of an opinion: one in two is solved.
func (d *docket) outcome() kind.Outcome {
	if d.chance(50) {
		return kind.OutcomeSolved
	}
	return d.unsolved()
}

// unusual deals the courses that are the exception, so many of a hundred of what 和顺县 has; long ones only to what came in before the summer, the
// others to what came in before the autumn.
func (k *deck) unusual(first, summer, autumn time.Time, percent int) {
	list := []hand{
		{n: 30, before: autumn, course: course{ratings: second}},
		{n: 4, before: summer, course: course{ratings: third}},
		{n: 20, before: autumn, course: course{returned: true, ratings: satisfied}},
		{n: 6, before: summer, course: course{city: takenUp, ratings: basically}},
		{n: 4, before: summer, course: course{city: sentBack, ratings: satisfied}},
		{n: 24, before: autumn, course: course{town: true, ratings: satisfied}},
		{n: 24, before: autumn, course: course{extend: true, co: true, notes: 2, ratings: basically}},
		{n: 18, before: autumn, course: course{ask: answered, ratings: satisfied}},
		{n: 10, before: autumn, course: course{ask: called, ratings: satisfied}},
		{n: 6, before: autumn, course: course{ask: silent}},
		{n: 22, before: autumn, course: course{slow: state.OpinionHandling, notes: 1, ratings: basically}},
		{n: 6, before: autumn, course: course{slow: state.OpinionAccepted, ratings: satisfied}},
		{n: 6, before: autumn, course: course{slow: state.OpinionReplied, ratings: satisfied}},
		{n: 6, before: autumn, course: course{slow: state.OpinionAssigned, ratings: basically}},
		{n: 8, before: autumn, course: course{supervised: true, slow: state.OpinionHandling, notes: 1, ratings: satisfied}},
		{n: 8, before: autumn, course: course{key: true, co: true, notes: 2, ratings: satisfied}},
		{n: 10, before: autumn, course: course{explained: true, ratings: satisfied}},
		{n: 6, before: autumn, course: course{convert: true, outcome: kind.OutcomePlanned, ratings: basically}},
		{n: 4, before: summer, course: course{reopen: true, ratings: satisfied}},
		{n: 6, before: autumn, course: course{publish: true, outcome: kind.OutcomeSolved, ratings: satisfied}},
	}
	for i := range list {
		list[i].n = (list[i].n*percent + 99) / 100
		list[i].first = first
	}
	k.hands(k.outcome, list...)
}

// usual is the course that most take: a good third is answered on the spot. What comes in late in the year is done quickly.
func (d *docket) usual(late time.Time) func(time.Time) course {
	return func(at time.Time) course {
		c := course{spot: d.chance(36), ratings: d.rated(), co: d.chance(12)}
		if !c.spot {
			c.outcome = d.outcome()
		}
		if d.chance(25) {
			c.notes = 1
		}
		if at.After(late) {
			c.quick = true
			if c.ratings == nil {
				c.ratings = satisfied
			}
		}
		return c
	}
}
