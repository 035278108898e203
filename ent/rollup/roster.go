package rollup

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"

	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// RosterLevel is one level of a roster (名册).
type RosterLevel struct {
	Level kind.CongressLevel
	// Mandates counts the mandates on the roll: elected, confirmed or suspended.
	Mandates int
	// Posted counts those with a posting in force.
	Posted int
	// Suspended counts those that are suspended.
	Suspended int
}

// Roster counts the mandates grouped in each of the divisions or below, as they are now: all five levels, from the top. Every
// division asked has an entry; one that the viewer does not see has a roster of nothing.
//
// It is a fault.ErrForbidden for deputies and departments, who see no area.
func Roster(ctx context.Context, c *gen.Client, divisions []Place) (map[place.Code][]RosterLevel, error) {
	v, err := sees(ctx, "当前角色不能查看名册", viewer.Area, viewer.Public, viewer.System)
	if err != nil {
		return nil, err
	}
	groups, err := byLevel(v, divisions)
	if err != nil {
		return nil, err
	}
	rosters := make(map[place.Code][]RosterLevel, len(divisions))
	for _, d := range divisions {
		levels := make([]RosterLevel, len(kind.CongressLevels))
		for i, l := range kind.CongressLevels {
			levels[i].Level = l
		}
		rosters[d.Code] = levels
	}
	for _, g := range groups {
		err := each(ctx, c, g.statement(rosterSQL), g.areaArgs(), func(rows *sql.Rows) error { return readRoster(rows, rosters) })
		if err != nil {
			return nil, fmt.Errorf("roster: %w", err)
		}
	}
	return rosters, nil
}

//go:embed sql/roster.sql
var rosterSQL string

func readRoster(rows *sql.Rows, rosters map[place.Code][]RosterLevel) error {
	n := len(kind.CongressLevels)
	var (
		code   place.Code
		counts = make([]int, 3*n)
	)
	if err := rows.Scan(columns(&code, counts)...); err != nil {
		return err
	}
	for i := range rosters[code] {
		l := &rosters[code][i]
		l.Mandates, l.Suspended, l.Posted = counts[i], counts[n+i], counts[i]-counts[2*n+i]
	}
	return nil
}
