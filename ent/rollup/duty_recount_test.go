package rollup_test

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/ent/state"
)

// counts tells whether something at a station on a day is asked about and seen.
func (r recount) counts(s *stationRecord, on time.Time, q rollup.DutyQuestion) bool {
	return r.takes(s.at) && r.sees(s.at) && within(on, q.Period) && (q.Station == uuid.Nil || q.Station == s.id)
}

// dutyPart is a part of the work: what it takes of it.
type dutyPart struct {
	visitDay   func(*visitDayRecord) bool
	activity   func(*activityRecord) bool
	attendance func(*attendanceRecord) bool
	roll       bool
}

// duty goes through the work one by one.
func (r recount) duty(q rollup.DutyQuestion, part dutyPart) (m rollup.DutyMeasures) {
	if part.visitDay != nil {
		m.VisitDays = &rollup.VisitDayCounts{}
	}
	for _, d := range r.visitDays {
		if part.visitDay == nil || !r.counts(d.station, d.day, q) || !part.visitDay(d) {
			continue
		}
		switch d.state {
		case state.VisitDayPlanned, state.VisitDayPublished:
			m.VisitDays.Planned++
		case state.VisitDayHeld:
			m.VisitDays.Held++
		case state.VisitDayMissed:
			m.VisitDays.Missed++
		case state.VisitDayCancelled:
			m.VisitDays.Cancelled++
		}
	}
	if part.activity != nil {
		m.Activities, m.Figures = &rollup.ActivityCounts{}, map[uuid.UUID]int64{}
	}
	for _, a := range r.activities {
		if part.activity == nil || !r.counts(a.station, a.day, q) || !part.activity(a) {
			continue
		}
		switch a.state {
		case state.ActivityConfirmed:
			m.Activities.Confirmed++
			for figure, value := range a.figures {
				m.Figures[figure] += value
			}
		case state.ActivityRecorded:
			m.Activities.Recorded++
		default: // counts nothing
		}
	}
	deputies, organs := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, x := range r.attendances {
		switch {
		case !r.counts(x.station, x.activity.day, q) || x.activity.state != state.ActivityConfirmed || !part.attendance(x):
		case x.mandate == nil:
			m.Attendances.Officials++
			organs[x.organ] = true
		default:
			m.Attendances.Total++
			if x.guest {
				m.Attendances.Guests++
			}
			deputies[x.mandate.deputy] = true
		}
	}
	m.Attendances.Deputies, m.Attendances.Organs = len(deputies), len(organs)
	if part.roll && q.Station == uuid.Nil {
		m.Roll = &rollup.RollCounts{}
		roll := map[uuid.UUID]bool{}
		for _, x := range r.mandates {
			if r.takes(x.at) && r.seesMandate(x) && inForce(x.elected, x.ended, q.Period.To) && !roll[x.deputy] {
				roll[x.deputy] = true
				m.Roll.Deputies++
				if deputies[x.deputy] {
					m.Roll.Attended++
				}
			}
		}
	}
	return m
}

// dutyAll takes everything.
var dutyAll = dutyPart{
	visitDay: func(*visitDayRecord) bool { return true }, activity: func(*activityRecord) bool { return true },
	attendance: func(*attendanceRecord) bool { return true }, roll: true,
}

// byWord takes what has the word.
func byWord[T ~string](word T, of func(*activityRecord) T) dutyPart {
	return dutyPart{
		activity:   func(a *activityRecord) bool { return of(a) == word },
		attendance: func(x *attendanceRecord) bool { return of(x.activity) == word },
	}
}

// dutyRows recounts the rows of every grouping but that of the tree.
func (r recount) dutyRows(division *spot, by rollup.DutyBy, q rollup.DutyQuestion) (rows []rollup.DutyRow) {
	if !r.viewer.Sees(division.code) {
		return nil
	}
	add := func(row rollup.DutyRow, part dutyPart) {
		row.DutyMeasures = r.duty(q, part)
		nothing := r.duty(q, dutyPart{
			visitDay: only(part.visitDay), activity: only(part.activity), attendance: func(*attendanceRecord) bool { return false },
		})
		if by == rollup.DutyBySelf || by == rollup.DutyByMonth || !equalDuty(row.DutyMeasures, nothing) {
			rows = append(rows, row)
		}
	}
	switch by {
	case rollup.DutyBySelf:
		add(rollup.DutyRow{Code: division.code, Level: division.level}, dutyAll)
	case rollup.DutyByMonth:
		first := q.Period.From.AddDate(0, 0, 1-q.Period.From.Day())
		for month := first; !month.After(q.Period.To); month = month.AddDate(0, 1, 0) {
			in := func(d time.Time) bool { return d.Year() == month.Year() && d.Month() == month.Month() }
			add(rollup.DutyRow{Month: month}, dutyPart{
				visitDay:   func(d *visitDayRecord) bool { return in(d.day) },
				activity:   func(a *activityRecord) bool { return in(a.day) },
				attendance: func(x *attendanceRecord) bool { return in(x.activity.day) },
			})
		}
	case rollup.DutyByStationKind:
		for _, k := range kind.Stations {
			add(rollup.DutyRow{StationKind: k}, dutyPart{
				visitDay:   func(d *visitDayRecord) bool { return d.station.kind == k },
				activity:   func(a *activityRecord) bool { return a.station.kind == k },
				attendance: func(x *attendanceRecord) bool { return x.station.kind == k },
			})
		}
	case rollup.DutyByWay:
		for _, way := range kind.Ways {
			add(rollup.DutyRow{Way: way}, byWord(way, func(a *activityRecord) kind.Way { return a.way }))
		}
	case rollup.DutyByMode:
		for _, mode := range append(slices.Clone(kind.Modes), "") {
			add(rollup.DutyRow{Mode: mode}, byWord(mode, func(a *activityRecord) kind.Mode { return a.mode }))
		}
	case rollup.DutyBySetting:
		for _, setting := range words[kind.Setting](kind.Setting("").Values()) {
			add(rollup.DutyRow{Setting: setting}, byWord(setting, func(a *activityRecord) kind.Setting { return a.setting }))
		}
	case rollup.DutyByLevel:
		for _, level := range append(slices.Clone(kind.CongressLevels), "") {
			add(rollup.DutyRow{Deputies: level}, dutyPart{attendance: func(x *attendanceRecord) bool {
				return x.mandate == nil && level == "" || x.mandate != nil && x.mandate.level == level
			}})
		}
	case rollup.DutyByChildren: // see below
	}
	return rows
}

// only is nil where the part has nothing of the sort, and else takes nothing.
func only[T any](take func(T) bool) func(T) bool {
	if take == nil {
		return nil
	}
	return func(T) bool { return false }
}

// reported recounts what is reported to the committee of a division.
func (r recount) reported(division *spot, p rollup.Period) *rollup.ReportedCounts {
	var all []*attendanceRecord
	for _, x := range r.attendances {
		if x.mandate == nil || x.activity.state != state.ActivityConfirmed || !r.counts(x.station, x.activity.day, rollup.DutyQuestion{Period: p}) {
			continue
		}
		upper := x.mandate.level == kind.National || x.mandate.level == kind.Provincial || x.mandate.level == kind.City
		switch division.level {
		case place.LevelTownship, place.LevelCounty:
			all = append(all, x)
		case place.LevelCity:
			if upper || x.station.at.ancestor(place.LevelCounty) == nil {
				all = append(all, x)
			}
		default: // nothing is reported there
		}
	}
	counts := &rollup.ReportedCounts{}
	count := func(take func(*attendanceRecord) bool) (attendances, deputies int) {
		seen := map[uuid.UUID]bool{}
		for _, x := range all {
			if take(x) {
				attendances++
				seen[x.mandate.deputy] = true
			}
		}
		return attendances, len(seen)
	}
	counts.Attendances, counts.Deputies = count(func(*attendanceRecord) bool { return true })
	for _, level := range kind.CongressLevels {
		l := rollup.ReportedLevel{Level: level}
		l.Attendances, l.Deputies = count(func(x *attendanceRecord) bool { return x.mandate.level == level })
		counts.Levels = append(counts.Levels, l)
	}
	return counts
}

// organs recounts the visits of officials.
func (r recount) organs(p rollup.Period) (rows []rollup.OrganVisits) {
	found := map[uuid.UUID]*rollup.OrganVisits{}
	at := func(organ uuid.UUID) *rollup.OrganVisits {
		if found[organ] == nil {
			found[organ] = &rollup.OrganVisits{Organ: organ}
		}
		return found[organ]
	}
	seen := map[any]bool{}
	once := func(n *int, key any) {
		if !seen[key] {
			seen[key] = true
			*n++
		}
	}
	for _, x := range r.attendances {
		if x.mandate != nil || x.activity.state != state.ActivityConfirmed || !r.counts(x.station, x.activity.day, rollup.DutyQuestion{Period: p}) {
			continue
		}
		o := at(x.organ)
		o.Visits++
		once(&o.Officials, [2]any{x.organ, x.official})
		once(&o.Stations, [2]any{x.organ, x.station})
	}
	for _, c := range r.contacts {
		if c.organ != uuid.Nil && r.takes(c.at) && r.sees(c.at) && within(c.day, p) {
			at(c.organ).Contacts++
		}
	}
	for _, o := range found {
		rows = append(rows, *o)
	}
	slices.SortFunc(rows, func(a, b rollup.OrganVisits) int {
		return cmp.Or(b.Visits-a.Visits, b.Contacts-a.Contacts, bytes.Compare(a.Organ[:], b.Organ[:]))
	})
	return rows
}
