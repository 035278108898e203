package rollup

import (
	"fmt"
	"regexp"

	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Place is a division that is asked about. The level is the true one, which where the tree skips one the code does not show.
type Place struct {
	Code  place.Code
	Level place.Level
}

// areas are areas of one level that one statement sums: divisions with everything below them, or what stands at the
// divisions themselves.
type areas struct {
	level place.Level
	own   bool
	codes []place.Code
}

// areaPredicate is the condition that a row of the table with the given alias lies in the area: equality with the ancestor of the
// area's level, which serves every level that an index leads with, and a range of codes where none does. Both arguments are
// ours, never a person's.
func areaPredicate(level place.Level, alias string) string {
	switch level {
	case place.LevelNation:
		return "true"
	case place.LevelProvince:
		return alias + ".province_code = area.lo"
	case place.LevelCity:
		return alias + ".city_code = area.lo"
	case place.LevelCounty:
		return alias + ".county_code = area.lo"
	case place.LevelTownship:
		return alias + ".code >= area.lo AND " + alias + ".code < area.lo + 1000"
	default: // a village has nothing below it, and neither has an area of what stands at a division itself
		return alias + ".code = area.lo"
	}
}

// token is what stands for a condition in the files: {area t}, {reach t}.
var token = regexp.MustCompile(`\{(area|reach) ([a-z])\}`)

// statement writes the areas' conditions into the text of a report.
func (a areas) statement(report string) string {
	return token.ReplaceAllStringFunc(report, func(found string) string {
		parts := token.FindStringSubmatch(found)
		level := a.level
		if a.own && parts[1] == "area" {
			level = place.LevelVillage
		}
		return "(" + areaPredicate(level, parts[2]) + ")"
	})
}

// limits are the first code of one of the areas, and the first one after it.
func (a areas) limits(code place.Code) (lo, hi place.Code) {
	lo, hi = code.Range()
	if a.own {
		hi = lo + 1
	}
	return lo, hi
}

// areaArgs are the first two arguments of every report: the first code of each area, and the first one after it.
func (a areas) areaArgs() []any {
	first, after := make(pq.Int64Array, len(a.codes)), make(pq.Int64Array, len(a.codes))
	for i, code := range a.codes {
		lo, hi := a.limits(code)
		first[i], after[i] = int64(lo), int64(hi)
	}
	return []any{first, after}
}

// byLevel puts the divisions in the viewer's area together by level, each once, from the nation down.
func byLevel(v *viewer.Viewer, divisions []Place) ([]areas, error) {
	groups := make([]areas, len(place.Levels))
	seen := make(map[place.Code]bool, len(divisions))
	for _, d := range divisions {
		depth := d.Level.Depth()
		if depth < 0 {
			return nil, fmt.Errorf("division %s: unknown level %q", d.Code, d.Level)
		}
		if seen[d.Code] || !v.Sees(d.Code) {
			continue
		}
		seen[d.Code] = true
		groups[depth].level = d.Level
		groups[depth].codes = append(groups[depth].codes, d.Code)
	}
	asked := groups[:0]
	for _, g := range groups {
		if len(g.codes) > 0 {
			asked = append(asked, g)
		}
	}
	return asked, nil
}
