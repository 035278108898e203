package seed

import (
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// opinionsOfYanling are the 211 of 炎陵县 in 2025, up to 28 July; by then 61 were solved and closed, the others were answered otherwise or are
// still open (account of 2025).
func opinionsOfYanling(d *docket) *deck {
	const total, solved = 211, 61
	const mains, echoes = 5, 6 // of which 1 is taken out again
	first, end := date(2025, 1, 6), date(2025, 7, 28)
	k := d.deck(d.arrivals(total-echoes, first, end, map[kind.Station]int{kind.StationStation: 4, kind.StationOnline: 1}, []channelShare{
		{kind.ChannelDeputyCode, 20},
		{kind.ChannelStationCode, 12},
		{kind.ChannelOnline, 12},
		{kind.ChannelInPerson, 26},
		{kind.ChannelVisit, 24},
		{kind.ChannelTelephone, 6},
	}))
	soon, spring := date(2025, 6, 6), date(2025, 5, 15)
	k.deal(solved, first, soon, func(i int) course {
		return course{
			spot: i%4 == 0, hardship: i%4 == 1, outcome: kind.OutcomeSolved, quick: true, notes: i % 2, publish: i%20 == 2,
			ratings: [][]kind.Rating{satisfied, basically, satisfied}[i%3],
		}
	})
	k.deal(mains, first, spring, func(i int) course {
		return course{outcome: d.unsolved(), ratings: basically, echoes: 1 + i/(2*mains-echoes), split: i == 0}
	})
	k.hands(d.unsolved,
		hand{n: 2, first: first, before: end, course: course{extend: true, notes: 1, stop: state.StepExtend}},
		hand{n: 1, first: first, before: end, course: course{supervised: true, stop: state.StepUrge}},
		hand{n: 1, first: first, before: end, course: course{ratings: never, stop: state.StepEscalate, hold: state.StepEscalate, until: date(2026, 2, 10)}},
		hand{n: 6, first: first, before: spring, course: course{ratings: second}},
		hand{n: 1, first: first, before: spring, course: course{ratings: third}},
		hand{n: 4, first: first, before: spring, course: course{returned: true, ratings: satisfied}},
		hand{n: 2, first: first, before: spring, course: course{city: takenUp, ratings: basically}},
		hand{n: 1, first: first, before: spring, course: course{city: sentBack, ratings: satisfied}},
		hand{n: 6, first: first, before: end, course: course{town: true, ratings: satisfied}},
		hand{n: 5, first: first, before: end, course: course{extend: true, co: true, notes: 2, ratings: basically}},
		hand{n: 4, first: first, before: end, course: course{ask: answered, ratings: satisfied}},
		hand{n: 2, first: first, before: end, course: course{ask: silent}},
		hand{n: 6, first: first, before: end, course: course{slow: state.OpinionHandling, ratings: basically}},
		hand{n: 3, first: first, before: end, course: course{explained: true, ratings: satisfied}},
		hand{n: 3, first: first, before: end, course: course{convert: true, ratings: basically}},
	)
	k.rest(func(time.Time) course {
		if d.chance(30) {
			return course{spot: true, outcome: kind.OutcomeExplained, ratings: d.rated()}
		}
		return course{outcome: d.unsolved(), ratings: d.rated(), hardship: d.chance(7)}
	})
	return k
}
