package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Reporting is which attendances of deputies are reported to the committee of a division (上报), of those at confirmed activities at the stations
// of its area.
type Reporting string

// What may be reported.
const (
	// ReportedAll: a township and a county receive what happens at their stations.
	ReportedAll Reporting = "ALL"
	// ReportedUpper: a city receives the attendances of national, provincial and city deputies, and all at stations with no county between.
	ReportedUpper Reporting = "UPPER"
	// ReportedNone: villages have no committee; provinces and the nation receive nothing directly.
	ReportedNone Reporting = "NONE"
)

// ReportedTo is what is reported to the committee of a division of a level.
func ReportedTo(level place.Level) Reporting {
	switch level {
	case place.LevelTownship, place.LevelCounty:
		return ReportedAll
	case place.LevelCity:
		return ReportedUpper
	default:
		return ReportedNone
	}
}

// UpperLevels lists the levels of the deputies whose attendances are also reported to the city.
var UpperLevels = []kind.CongressLevel{kind.National, kind.Provincial, kind.City}

// predicate is the condition that an attendance t of the area is reported.
func (r Reporting) predicate() string {
	switch r {
	case ReportedAll:
		return "true"
	case ReportedUpper:
		return "(t.level IN ('NATIONAL', 'PROVINCIAL', 'CITY') OR t.county_code IS NULL)"
	default:
		return "false"
	}
}

// ReportedCounts counts what is reported to a committee.
type ReportedCounts struct {
	// Attendances counts the attendances (人次), Deputies the deputies (人数), each once.
	Attendances, Deputies int
	// Levels has all five levels, from the top.
	Levels []ReportedLevel
}

// ReportedLevel counts the attendances of deputies of one level, that of the highest mandate each had, and those deputies, each once.
type ReportedLevel struct {
	Level                 kind.CongressLevel
	Attendances, Deputies int
}

//go:embed sql/duty_reported.sql
var dutyReportedSQL string

// Reported counts what is reported to the committee of each of the divisions. Every division asked has an entry; one that the viewer does not
// see receives nothing.
//
// It is a fault.ErrForbidden for the same roles as Duty.
func Reported(ctx context.Context, c *gen.Client, divisions []Place, p Period) (map[place.Code]*ReportedCounts, error) {
	v, err := sees(ctx, "当前角色不能查看上报情况", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	groups, err := byLevel(v, divisions)
	if err != nil {
		return nil, err
	}
	out := make(map[place.Code]*ReportedCounts, len(divisions))
	for _, d := range divisions {
		counts := &ReportedCounts{Levels: make([]ReportedLevel, len(kind.CongressLevels))}
		for i, l := range kind.CongressLevels {
			counts.Levels[i].Level = l
		}
		out[d.Code] = counts
	}
	for _, g := range groups {
		reported := ReportedTo(g.level)
		if reported == ReportedNone {
			continue
		}
		query := g.statement(strings.ReplaceAll(dutyReportedSQL, "{reported}", reported.predicate()))
		args := append(g.areaArgs(), p.first(), p.last())
		err := each(ctx, c, query, args, func(rows *sql.Rows) error { return readReported(rows, out) })
		if err != nil {
			return nil, fmt.Errorf("reported attendances: %w", err)
		}
	}
	return out, nil
}

func readReported(rows *sql.Rows, out map[place.Code]*ReportedCounts) error {
	var (
		code place.Code
		read ReportedLevel
	)
	if err := rows.Scan(&code, &read.Level, &read.Attendances, &read.Deputies); err != nil {
		return err
	}
	counts := out[code]
	if read.Level == "" { // all levels together
		counts.Attendances, counts.Deputies = read.Attendances, read.Deputies
	}
	for i := range counts.Levels {
		if counts.Levels[i].Level == read.Level {
			counts.Levels[i] = read
		}
	}
	return nil
}

// OrganVisits counts what one organ's officials did in an area.
type OrganVisits struct {
	Organ uuid.UUID
	// Visits counts the attendances of its officials at confirmed activities (人次), Officials these officials by name (人数), Stations the
	// stations they came to.
	Visits, Officials, Stations int
	// Contacts counts the contacts that the organ had with those paired with it (联系次数).
	Contacts int
}

//go:embed sql/duty_organs.sql
var dutyOrgansSQL string

// OfficialVisits counts by organ the visits of leaders and heads of departments to the stations of a division, and the contacts of organs
// there, the most visits first. A division that the viewer does not see has none.
//
// It is a fault.ErrForbidden for the same roles as Duty.
func OfficialVisits(ctx context.Context, c *gen.Client, division Place, p Period) ([]OrganVisits, error) {
	v, err := sees(ctx, "当前角色不能查看汇总", viewer.Area, viewer.System)
	if err != nil {
		return nil, err
	}
	groups, err := byLevel(v, []Place{division})
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	var (
		out  []OrganVisits
		args = append(groups[0].areaArgs(), p.first(), p.last())
	)
	err = each(ctx, c, groups[0].statement(dutyOrgansSQL), args, func(rows *sql.Rows) error {
		var (
			code place.Code
			o    OrganVisits
		)
		err := rows.Scan(&code, &o.Organ, &o.Visits, &o.Officials, &o.Stations, &o.Contacts)
		out = append(out, o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("visits of officials: %w", err)
	}
	return out, nil
}
