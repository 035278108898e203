package seed

import (
	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// opinionsOfChangshaCounty are the 563 of 长沙县's first visit day, 15 May 2022, at its 125 stations (account of 2022).
func opinionsOfChangshaCounty(d *docket) *deck {
	const total = 563
	const mains, echoes = 11, 14 // of which 2 are taken out again
	d.visitDay = date(2022, 5, 15)
	next := d.visitDay.AddDate(0, 0, 1)
	var entries []arrival
	var stations []*station
	for _, s := range d.stations {
		if s.kind == kind.StationStation {
			stations = append(stations, s)
		}
	}
	for i := range total - echoes {
		a := arrival{at: d.minute(d.visitDay, morning), station: stations[i%len(stations)], channel: kind.ChannelInPerson}
		if d.chance(40) {
			a.channel = kind.ChannelVisit
		}
		entries = append(entries, a)
	}
	k := d.deck(entries)
	everyone := clockTime(d.visitDay, 0, 0)
	k.deal(9, everyone, next, func(i int) course {
		return course{decline: []kind.DeclineReason{
			kind.DeclineLegalProcedure, kind.DeclineOutOfScope, kind.DeclineUntrue, kind.DeclineUnclear,
		}[i%4]}
	})
	k.hands(d.unsolved,
		hand{n: 2, first: everyone, before: next, course: course{ratings: second, supervised: true, key: true, stop: state.StepRework}},
		hand{n: 1, first: everyone, before: next, course: course{extend: true, notes: 1, supervised: true, stop: state.StepExtend}},
	)
	k.deal(mains, everyone, next, func(i int) course {
		return course{outcome: d.outcome(), ratings: satisfied, echoes: 1 + i/(2*mains-echoes), split: i < 2}
	})
	k.unusual(everyone, next, next, 50)
	k.deal(30, everyone, next, func(int) course { return course{hardship: true, outcome: d.outcome(), ratings: d.rated()} })
	k.rest(d.usual(calendar.Today(present)))
	return k
}
