package seed

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/lianluo/lianluo/ent/place"
)

// ErrNoDivisions is returned when a place that is to be filled is not in the database: the tree must be loaded first.
var ErrNoDivisions = errors.New("the divisions are not loaded")

// division is a place of the tree as it is now.
type division struct {
	id    uuid.UUID
	code  place.Code
	level place.Level
	name  string
	// The codes of its ancestors and its own, by level; zero where the tree has a gap.
	province, city, county, township place.Code

	parent   *division
	children []*division
}

// town tells whether the division is a town or township with a congress (镇, 乡, 苏木). Streets have none, nor farms and parks.
func (d *division) town() bool {
	if d.level != place.LevelTownship {
		return false
	}
	for _, ending := range []string{"镇", "乡", "苏木"} {
		if strings.HasSuffix(d.name, ending) {
			return true
		}
	}
	return false
}

// street tells whether the division is a street (街道).
func (d *division) street() bool {
	return d.level == place.LevelTownship && strings.HasSuffix(strings.TrimSuffix(d.name, "办事处"), "街道")
}

// short is what people call the place: the names of villages in the national table are those of their committees.
func (d *division) short() string {
	if d.level == place.LevelTownship {
		return strings.TrimSuffix(d.name, "办事处")
	}
	if d.level != place.LevelVillage {
		return d.name
	}
	for _, c := range []struct{ committee, ending string }{
		{"村民委员会", "村"}, {"居民委员会", "社区"}, {"村委会", "村"}, {"居委会", "社区"}, {"委员会", ""},
	} {
		stem, ok := strings.CutSuffix(d.name, c.committee)
		switch {
		case !ok || stem == "":
		case strings.HasSuffix(stem, "社区"), strings.HasSuffix(stem, c.ending):
			return stem
		default:
			return stem + c.ending
		}
	}
	return d.name
}

// above is the nearest division of the level, the division itself or above it; nil where the tree has a gap.
func (d *division) above(l place.Level) *division {
	for ; d != nil; d = d.parent {
		if d.level == l {
			return d
		}
	}
	return nil
}

// below lists the divisions of the level below it, in the order of the tree.
func (d *division) below(l place.Level) []*division {
	var out []*division
	for _, c := range d.children {
		if c.level == l {
			out = append(out, c)
			continue
		}
		out = append(out, c.below(l)...)
	}
	return out
}

// group is where a mandate posted to a station of the division is grouped: no place is smaller than a township.
func (d *division) group() *division {
	if d.level == place.LevelVillage && d.parent != nil {
		return d.parent
	}
	return d
}

// tree is the part of the tree that was read.
type tree map[place.Code]*division

// find answers the division of a code, or ErrNoDivisions.
func (t tree) find(code place.Code) (*division, error) {
	if d, ok := t[code]; ok {
		return d, nil
	}
	return nil, fmt.Errorf("%w: %s is missing", ErrNoDivisions, code)
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// readTree reads the places of some subtrees and what lies above them.
func readTree(ctx context.Context, q querier, roots ...place.Code) (tree, error) {
	t := tree{}
	for _, root := range roots {
		if err := t.read(ctx, q, root); err != nil {
			return nil, fmt.Errorf("read the divisions: %w", err)
		}
	}
	return t, nil
}

func (t tree) read(ctx context.Context, q querier, root place.Code) (err error) {
	var above pq.Int64Array
	for _, l := range place.Levels[:root.Shape().Depth()] {
		above = append(above, int64(root.At(l)))
	}
	lo, hi := root.Range()
	rows, err := q.QueryContext(ctx, `
		SELECT id, code, level, name, coalesce(parent_code, -1), coalesce(province_code, 0), coalesce(city_code, 0),
			coalesce(county_code, 0), coalesce(township_code, 0)
		FROM division
		WHERE (code >= $1 AND code < $2 OR code = ANY ($3::bigint[])) AND NOT placeholder AND valid_to IS NULL
		ORDER BY code`, int64(lo), int64(hi), above)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var d division
		var parent place.Code
		if err := rows.Scan(&d.id, &d.code, &d.level, &d.name, &parent, &d.province, &d.city, &d.county, &d.township); err != nil {
			return err
		}
		if t[d.code] != nil {
			continue // read with another root
		}
		// A parent has a smaller code, so it has been read.
		if d.parent = t[parent]; d.parent != nil {
			d.parent.children = append(d.parent.children, &d)
		}
		t[d.code] = &d
	}
	return rows.Err()
}
