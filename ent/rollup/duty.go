package rollup

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// DutyMeasures are the sums of deputies' work (履职汇总) on the days of a period. What a grouping cannot tell apart is nil: a visit day
// has no way, an activity no level of deputies. A joint activity counts once, where the station is that holds it; who attended counts at the
// station at which each one was.
type DutyMeasures struct {
	VisitDays   *VisitDayCounts
	Activities  *ActivityCounts
	Attendances AttendanceCounts
	// Figures are what confirmed activities counted, by key figure, as the figure's type keeps it; what is absent was not counted.
	Figures map[uuid.UUID]int64
	Roll    *RollCounts
}

// VisitDayCounts counts visit days (接待日) by what became of them: Planned are still to come about.
type VisitDayCounts struct{ Planned, Held, Missed, Cancelled int }

// ActivityCounts counts activities: Confirmed alone count in all else, Recorded wait to be confirmed.
type ActivityCounts struct{ Confirmed, Recorded int }

// AttendanceCounts counts attendances at confirmed activities.
type AttendanceCounts struct {
	// Total counts the attendances of deputies (人次), Guests those among them at stations to which they are not posted.
	Total, Guests int
	// Deputies counts the deputies who attended (人数), each once; it does not add up over rows.
	Deputies int
	// Officials counts the attendances of officials (人次), Organs the organs they are of, each once.
	Officials, Organs int
}

// RollCounts counts deputies, each once: those on the roll on the period's last day who are grouped in the area, and those of them who
// attended an activity in it.
type RollCounts struct{ Deputies, Attended int }

// AttendanceRate is 参与率: attended among the deputies on the roll who are grouped in the area, from 0 to 1; nil when none is, and by groupings
// other than of divisions.
func (m *DutyMeasures) AttendanceRate() *float64 {
	if m.Roll == nil {
		return nil
	}
	return share(m.Roll.Attended, m.Roll.Deputies)
}

// empty tells whether there is nothing in the area but deputies on the roll.
func (m *DutyMeasures) empty() bool {
	return (m.VisitDays == nil || *m.VisitDays == VisitDayCounts{}) && (m.Activities == nil || *m.Activities == ActivityCounts{}) &&
		m.Attendances == AttendanceCounts{} && len(m.Figures) == 0
}

// DutyWant is a set of groups of sums of deputies' work. Only what is wanted is computed.
type DutyWant uint

// The groups, which the fields of DutyMeasures hold.
const (
	WantVisitDays DutyWant = 1 << iota
	WantActivities
	WantAttendances
	WantFigures
	WantRoll

	// WantAllDuty is every group.
	WantAllDuty = WantVisitDays | WantActivities | WantAttendances | WantFigures | WantRoll
)

// DutyQuestion is which work is summed.
type DutyQuestion struct {
	// Period must be valid.
	Period Period
	// Station narrows to what was at one station; uuid.Nil is all. The roll is not a station's: Roll is nil then.
	Station uuid.UUID
	Want    DutyWant
}

// DutyBy is what the rows of sums of deputies' work are.
type DutyBy string

// The groupings. Rows by a vocabulary come in its order, what has no word of it last.
const (
	// DutyBySelf: one row, the division with everything below it.
	DutyBySelf DutyBy = "SELF"
	// DutyByChildren: the divisions directly below in the order of codes, preceded by what stands at the division itself if anything does.
	DutyByChildren DutyBy = "CHILDREN"
	// DutyByMonth: the months of the period in order.
	DutyByMonth DutyBy = "MONTH"
	// DutyByStationKind: the kinds of stations that held the visit days and activities, or at which deputies were.
	DutyByStationKind DutyBy = "STATION_KIND"
	// DutyByWay, DutyByMode and DutyBySetting: how the activities were.
	DutyByWay     DutyBy = "WAY"
	DutyByMode    DutyBy = "MODE"
	DutyBySetting DutyBy = "SETTING"
	// DutyByLevel: the level of the highest mandate that each deputy had; officials have none.
	DutyByLevel DutyBy = "LEVEL"
)

// DutyBys lists the groupings.
var DutyBys = []DutyBy{
	DutyBySelf, DutyByChildren, DutyByMonth, DutyByStationKind, DutyByWay, DutyByMode, DutyBySetting, DutyByLevel,
}

// DutyRow is the sums of one part of the work in a division.
type DutyRow struct {
	// Code and Level tell the division of a row by SELF or CHILDREN, Name its name by CHILDREN.
	Code  place.Code
	Level place.Level
	Name  string
	// Own is set on the row of what stands at the division asked about, without what lies below.
	Own bool
	// Month is the first day of the month of a row by MONTH.
	Month time.Time
	// The others are the words of the rows by a vocabulary; empty on the row of what has none.
	StationKind kind.Station
	Way         kind.Way
	Mode        kind.Mode
	Setting     kind.Setting
	Deputies    kind.CongressLevel
	DutyMeasures
}

// Duty sums deputies' work in each of the divisions with everything below it. Every division asked has an entry; one that the viewer does not
// see sums to nothing.
//
// It is a fault.ErrForbidden for all but committees and keepers of stations, who see an area.
func Duty(ctx context.Context, c *gen.Client, divisions []Place, q DutyQuestion) (map[place.Code]*DutyMeasures, error) {
	v, err := sees(ctx, "当前角色不能查看汇总", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	groups, err := byLevel(v, divisions)
	if err != nil {
		return nil, err
	}
	sums := newDutySheet(q, dutyWhole)
	out := make(map[place.Code]*DutyMeasures, len(divisions))
	for _, d := range divisions {
		out[d.Code] = sums.at(dutyKey{area: d.Code})
	}
	for _, g := range groups {
		if err := sumDuty(ctx, c, dutyReport{g, dutyWhole, q}, sums); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// DutyRows sums the work of deputies in a division with everything below it in rows, which together are the whole, but for persons and organs, who
// are counted once in each. What has nothing to tell has no row, but for months and the divisions below. A division that the viewer does
// not see has no rows.
//
// It is a fault.ErrForbidden for the same roles as Duty.
func DutyRows(ctx context.Context, c *gen.Client, division Place, by DutyBy, q DutyQuestion) ([]DutyRow, error) {
	v, err := sees(ctx, "当前角色不能查看汇总", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	if by == DutyByChildren {
		return dutyBelow(ctx, c, v, division, q)
	}
	g, ok := dutyGroupings[by]
	if !ok {
		return nil, fmt.Errorf("work by %q: unknown grouping", by)
	}
	groups, err := byLevel(v, []Place{division})
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	sums := newDutySheet(q, g)
	if by == DutyBySelf {
		sums.at(dutyKey{area: division.Code})
	}
	if err := sumDuty(ctx, c, dutyReport{groups[0], g, q}, sums); err != nil {
		return nil, err
	}
	words := g.words
	if by == DutyByMonth {
		for _, month := range q.Period.months() {
			word := month.Format(time.DateOnly)
			sums.at(dutyKey{division.Code, word})
			words = append(words, word)
		}
	}
	return sums.rows(division, by, words)
}

// dutyBelow sums the divisions directly below a division, and what stands at the division itself.
func dutyBelow(ctx context.Context, c *gen.Client, v *viewer.Viewer, division Place, q DutyQuestion) ([]DutyRow, error) {
	divisions, err := family(ctx, c, division.Code)
	if err != nil || divisions == nil {
		return nil, err
	}
	groups, err := partsOf(v, divisions)
	if err != nil {
		return nil, err
	}
	sums := newDutySheet(q, dutyWhole)
	for _, g := range groups {
		if err := sumDuty(ctx, c, dutyReport{g, dutyWhole, q}, sums); err != nil {
			return nil, err
		}
	}
	var rows []DutyRow
	for _, d := range divisions {
		if m := sums.at(dutyKey{area: d.Code}); !d.own || !m.empty() {
			rows = append(rows, DutyRow{Code: d.Code, Level: d.Level, Name: d.name, Own: d.own, DutyMeasures: *m})
		}
	}
	return rows, nil
}
