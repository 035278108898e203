package rollup_test

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
)

// recount sums the world's records one by one, without a database: what there is for the viewer among the records that pick takes.
type recount struct {
	*world
	viewer *viewer.Viewer
	// pick takes the places whose records are summed.
	pick func(*spot) bool
}

func (r recount) takes(s *spot) bool { return r.viewer.Sees(r.viewer.Division) && r.pick(s) }

// inForce tells whether something that begins on a day and has an end, its first day without, is in force on another.
func inForce(begins, ends, on time.Time) bool {
	return !begins.After(on) && (ends.IsZero() || ends.After(on))
}

func within(t time.Time, p rollup.Period) bool {
	return !t.IsZero() && !t.Before(p.From) && !t.After(p.To)
}

// sees tells whether a record at the spot is in the viewer's area.
func (r recount) sees(s *spot) bool { return r.viewer.Sees(s.code) }

// seesMandate adds the mandates that a posting in force makes visible across areas.
func (r recount) seesMandate(m *mandateRecord) bool {
	return r.sees(m.at) || slices.ContainsFunc(r.postings, func(p *postingRecord) bool {
		return p.mandate == m && p.ended.IsZero() && r.sees(p.station.at)
	})
}

// numbers are measures that are not zero.
type numbers map[rollup.Measure]int64

func (n numbers) add(m rollup.Measure, when bool) {
	if when {
		n[m]++
	}
}

// numbersOf are the numbers of sums.
func numbersOf(s *rollup.Sums) numbers {
	out := numbers{}
	for _, m := range rollup.Measures {
		if n := s.Of(m); n != 0 {
			out[m] = n
		}
	}
	return out
}

// sums goes through everything that there is, one by one.
func (r recount) sums(p rollup.Period, today time.Time) numbers {
	n := numbers{}
	r.stationsAndRoster(n, p)
	r.coverage(n, p)
	work := r.duty(rollup.DutyQuestion{Period: p}, dutyAll)
	for m, count := range map[rollup.Measure]int{
		rollup.VisitDaysPlanned: work.VisitDays.Planned, rollup.VisitDaysHeld: work.VisitDays.Held, rollup.VisitDaysMissed: work.VisitDays.Missed,
		rollup.VisitDaysCancelled: work.VisitDays.Cancelled, rollup.Activities: work.Activities.Confirmed, rollup.ActivitiesRecorded: work.Activities.Recorded,
		rollup.Attendances: work.Attendances.Total, rollup.Guests: work.Attendances.Guests, rollup.Officials: work.Attendances.Officials,
		rollup.DeputiesAttended: work.Attendances.Deputies,
	} {
		n[m] += int64(count)
	}
	for _, x := range r.attendances {
		if x.mandate != nil && x.activity.state == state.ActivityConfirmed && r.counts(x.station, x.activity.day, rollup.DutyQuestion{Period: p}) {
			n[rollup.Measure("ATTENDANCES_"+string(x.mandate.level))]++
		}
	}
	for _, x := range r.standings {
		if r.takes(x.mandate.at) && r.sees(x.mandate.at) && within(x.ended, p) {
			n[rollup.NormsMet] += x.met
			n[rollup.NormsMissing] += x.missing
		}
	}
	for figure, m := range nationalFigures {
		n[m] += work.Figures[figure]
	}
	n[rollup.PeopleReached] = n[rollup.PeopleReceived] + n[rollup.PeopleVisited]
	r.voices(n, p, today)
	maps.DeleteFunc(n, func(_ rollup.Measure, count int64) bool { return count == 0 })
	return n
}

func (r recount) stationsAndRoster(n numbers, p rollup.Period) {
	for _, s := range r.stations {
		if !r.takes(s.at) || !r.sees(s.at) {
			continue
		}
		online := s.kind == kind.StationOnline
		if inForce(s.opened, s.closed, p.To) {
			n.add(rollup.OnlineStations, online)
			n.add(rollup.Stations, !online)
			n.add(rollup.Measure("STATIONS_"+string(s.kind)), !online)
		}
		n.add(rollup.StationsOpened, !online && within(s.opened, p))
		n.add(rollup.StationsClosed, !online && within(s.closed, p))
	}
	held, posted := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, x := range r.mandates {
		if r.takes(x.at) && r.seesMandate(x) && inForce(x.elected, x.ended, p.To) {
			n[rollup.Mandates]++
			n[rollup.Measure("MANDATES_"+string(x.level))]++
			held[x.deputy] = true
		}
	}
	for _, x := range r.postings {
		if r.takes(x.station.at) && r.sees(x.station.at) && inForce(x.started, x.ended, p.To) {
			n[rollup.Postings]++
			posted[x.mandate.deputy] = true
		}
	}
	n[rollup.Deputies], n[rollup.DeputiesPosted] = int64(len(held)), int64(len(posted))
}

func (r recount) coverage(n numbers, p rollup.Period) {
	open := func(like func(*stationRecord) bool) bool {
		return slices.ContainsFunc(r.stations, func(s *stationRecord) bool {
			return s.kind != kind.StationOnline && r.sees(s.at) && inForce(s.opened, s.closed, p.To) && like(s)
		})
	}
	for _, at := range r.real() {
		if !r.takes(at) || !r.sees(at) {
			continue
		}
		covered := open(func(s *stationRecord) bool { return s.at.in(at) })
		switch at.level {
		case place.LevelTownship:
			n[rollup.Townships]++
			n.add(rollup.TownshipsCovered, covered)
		case place.LevelVillage:
			n[rollup.Villages]++
			n.add(rollup.VillagesCovered, covered)
		}
	}
	for _, x := range r.constituencies {
		if x.basis == kind.ElectingUnit || !r.takes(x.at) || !r.sees(x.at) || !inForce(x.from, x.to, p.To) {
			continue
		}
		n[rollup.Constituencies]++
		n.add(rollup.ConstituenciesCovered, open(func(s *stationRecord) bool { return s.constituency == x.id }))
	}
}

// voices counts the opinions.
func (r recount) voices(n numbers, p rollup.Period, today time.Time) {
	q := rollup.OpinionQuestion{Period: p, Today: today}
	opinions := r.seen(q)
	m := countOpinions(opinions, q)
	for _, o := range opinions {
		if !on(o.of.AcceptedAt, p) {
			continue
		}
		// Marked by the clock, or to be marked at its next sweep.
		c := o.of
		over := c.State.Open() && c.WaitsOn() != state.PartySubmitter && (c.Overdue || c.Clock.Due != nil && today.After(*c.Clock.Due))
		n.add(rollup.OpinionsOverdue, over)
		n.add(rollup.OpinionsLate, c.Late || over && !c.Overdue)
	}
	rated := 0
	for rating, count := range m.Ratings {
		n[map[kind.Rating]rollup.Measure{
			kind.RatingSatisfied: rollup.OpinionsSatisfied, kind.RatingBasically: rollup.OpinionsBasicallySatisfied,
			kind.RatingDissatisfied: rollup.OpinionsDissatisfied,
		}[rating]] = int64(count)
		rated += count
	}
	for measure, count := range map[rollup.Measure]int{
		rollup.OpinionsReceived: m.Submitted, rollup.OpinionsDeclined: m.Declined, rollup.OpinionsAccepted: m.Accepted, rollup.OpinionsOnline: m.Online,
		rollup.OpinionsOpen: m.Open, rollup.OpinionsClosed: m.Closed, rollup.OpinionsSolved: m.Solved, rollup.OpinionsConverted: m.Converted,
		rollup.OpinionsMerged: m.Merged, rollup.OpinionsAnswered: m.Answered, rollup.OpinionsReworked: m.Reworked, rollup.Hardships: m.Hardship,
		rollup.HardshipsSolved: m.HardshipSolved, rollup.OpinionsRated: rated,
	} {
		n[measure] += int64(count)
	}
}

func (r recount) roster() []rollup.RosterLevel {
	var out []rollup.RosterLevel
	for _, level := range kind.CongressLevels {
		l := rollup.RosterLevel{Level: level}
		for _, m := range r.mandates {
			if m.level != level || m.status == state.MandateEnded || !r.takes(m.at) || !r.seesMandate(m) {
				continue
			}
			l.Mandates++
			if m.status == state.MandateSuspended {
				l.Suspended++
			}
			if slices.ContainsFunc(r.postings, func(p *postingRecord) bool {
				return p.mandate == m && p.ended.IsZero() && r.sees(p.station.at)
			}) {
				l.Posted++
			}
		}
		out = append(out, l)
	}
	return out
}
