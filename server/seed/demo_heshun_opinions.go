package seed

import (
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// opinionsOfHeshun are the 1,041 of 和顺县 in 2025, all accepted; 1,012 are closed, which is 97.2 %, among them 52 urgent hardships
// solved within the year (account of 2025).
func opinionsOfHeshun(d *docket) *deck {
	const total, solvedHardships = 1041, 52
	const mains, echoes = 16, 20 // opinions about the same, of which 2 are taken out again
	first, end := date(2025, 1, 2), date(2025, 12, 25)
	k := d.deck(d.arrivals(total-echoes, first, end, map[kind.Station]int{
		kind.StationStation: 8, kind.StationPoint: 3, kind.StationPost: 1,
	}, []channelShare{
		{kind.ChannelStationCode, 22},
		{kind.ChannelDeputyCode, 15},
		{kind.ChannelOnline, 9},
		{kind.ChannelInPerson, 27},
		{kind.ChannelVisit, 17},
		{kind.ChannelTelephone, 10},
	}))

	lastly, lately, late := date(2025, 12, 18), date(2025, 12, 10), date(2025, 11, 10)
	autumn, summer := date(2025, 9, 25), date(2025, 7, 1)
	k.hands(d.unsolved,
		hand{n: 4, first: lastly, before: end, hard: 1, course: course{tardy: true, extend: true, stop: state.StepExtend}},
		hand{n: 3, first: late, before: lately, hard: 1, course: course{stop: state.StepTake}},
		hand{n: 2, first: late, before: lately, hard: 1, course: course{supervised: true, key: true, stop: state.StepUrge}},
		hand{n: 3, first: lately, before: end, hard: 1, course: course{tardy: true, notes: 2, co: true, stop: state.StepNote, nth: 2}},
		hand{n: 2, first: lately, before: end, hard: 1, course: course{tardy: true, returned: true, stop: state.StepAssign, nth: 2, hold: state.StepRequestReturn, until: date(2026, 2, 4)}},
		hand{n: 3, first: lastly, before: end, hard: 1, course: course{tardy: true, extend: true, stop: state.StepReply, hold: state.StepReply, until: date(2026, 2, 10)}},
		hand{n: 3, first: lately, before: end, hard: 1, course: course{tardy: true, ratings: never, stop: state.StepRate, hold: state.StepFeedBack, until: date(2026, 2, 4)}},
		hand{n: 3, first: lately, before: end, hard: 1, course: course{tardy: true, ratings: never, stop: state.StepRework, hold: state.StepFeedBack, until: date(2026, 2, 3)}},
		hand{n: 2, first: lastly, before: end, hard: 1, course: course{tardy: true, extend: true, ask: answered, stop: state.StepAsk, hold: state.StepAsk, until: date(2026, 2, 5)}},
		hand{n: 2, first: lately, before: end, hard: 1, course: course{tardy: true, returned: true, stop: state.StepRequestReturn, hold: state.StepRequestReturn, until: date(2026, 2, 10)}},
		hand{n: 2, first: autumn, before: late, hard: 1, course: course{ratings: never, stop: state.StepEscalate, hold: state.StepEscalate, until: date(2026, 2, 10)}},
	)
	k.deal(solvedHardships, first, date(2025, 10, 15), func(i int) course {
		return course{
			hardship: true, outcome: kind.OutcomeSolved, ratings: [][]kind.Rating{satisfied, basically, satisfied}[i%3],
			notes: i % 3, co: i%4 == 0, quick: i%2 == 0, key: i%13 == 0, supervised: i%17 == 0, publish: i%9 == 0, withdraw: i == 9,
		}
	})
	k.deal(mains, first, autumn, func(i int) course {
		return course{outcome: d.outcome(), ratings: satisfied, echoes: 1 + i/(2*mains-echoes), split: i < 2}
	})
	k.unusual(first, summer, autumn, 100)
	k.deal(26, first, autumn, func(int) course { return course{hardship: true, outcome: d.unsolved(), ratings: d.rated()} })
	k.rest(d.usual(date(2025, 11, 10)))
	return k
}
