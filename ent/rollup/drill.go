package rollup

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
)

// Cell is one number of a row of sums.
type Cell struct {
	// Area is the division of the row; by others than divisions, the one that was asked.
	Area Place
	// Own is set for what stands at the division itself, without what lies below.
	Own bool
	By  By
	// Tree is that of the records' places; the zero value is TreeNow. By TreeThen the area may be one that is no more.
	Tree Tree
	// ID is that of the row's station, department, category or zone, by those; not valid for what has none.
	ID uuid.NullUUID
	// Period must be valid.
	Period  Period
	Measure Measure
}

// Record is something that counts in a cell.
type Record struct {
	// Entity names its type: Opinion, Activity … It is empty for all that lies outside the viewer's area by now, by the tree of the time: of that, the sum alone is told.
	Entity string
	ID     uuid.UUID
	// Value is how much it counts for.
	Value int64
}

// drillSQL lists what counts in a cell, after one of the ids. {parts} are queries for ids and numbers.
//
// $1, $2  first code of the area, and the first one after it
// $3, $4  first and last day
// $5      the id before the first
// $6      rows at most
const drillSQL = `WITH area AS (SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS a (lo, hi)),
     span AS (SELECT $3::date AS first, $4::date AS last)
SELECT r.id, sum(r.n)::bigint
FROM ({parts}) AS r (id, n)
WHERE r.id > $5
GROUP BY r.id
HAVING sum(r.n) <> 0
ORDER BY r.id
LIMIT $6`

// listing is how those are listed that count once however often they are met, and what the calendar alone tells.
type listing struct{ entity, sql string }

const (
	stationOpen = "t.kind <> 'ONLINE' AND t.opened_on <= span.last AND (t.closed_on IS NULL OR t.closed_on > span.last)"

	placesListed = `SELECT d.id, 1 FROM area CROSS JOIN span JOIN division d ON d.code >= area.lo AND d.code < area.hi
    WHERE d.level = '%s' AND NOT d.placeholder AND d.valid_to IS NULL`
	placeCovered = ` AND EXISTS (SELECT FROM station t WHERE t.code >= d.code AND t.code < d.code + 1000 AND d.code IN (t.code, t.township_code) AND ` + stationOpen + ")"

	drawnListed = `SELECT c.id, 1 FROM area CROSS JOIN span CROSS JOIN constituency c
    WHERE {area c} AND c.basis IN ('RESIDENCE', 'WORK_UNIT') AND c.valid_from <= span.last AND (c.valid_to IS NULL OR c.valid_to > span.last)`
	drawnCovered = " AND EXISTS (SELECT FROM station t WHERE t.constituency_id = c.id AND " + stationOpen + ")"

	unmarkedListed = `SELECT t.id, 1 FROM area CROSS JOIN span CROSS JOIN opinion t{join}
    WHERE {area t} AND day_of(t.accepted_at) BETWEEN span.first AND span.last
      AND t.open AND NOT t.overdue AND t.due_on < {today} AND t.waits_on <> 'SUBMITTER'{only}`
)

var listings = map[column]listing{
	deputies: {"Deputy", `SELECT DISTINCT t.deputy_id, 1 FROM area CROSS JOIN span CROSS JOIN mandate t{join}
    WHERE {area t} AND t.elected_on <= span.last AND (t.ended_on IS NULL OR t.ended_on > span.last){only}`},
	deputiesPosted: {"Deputy", `SELECT DISTINCT t.deputy_id, 1 FROM area CROSS JOIN span CROSS JOIN posting t{join}
    WHERE {area t} AND t.started_on <= span.last AND (t.ended_on IS NULL OR t.ended_on > span.last){only}`},
	deputiesAttended: {"Deputy", `SELECT DISTINCT t.deputy_id, 1 FROM area CROSS JOIN span CROSS JOIN attendance t JOIN activity v ON v.id = t.activity_id{join}
    WHERE {area t} AND t.day BETWEEN span.first AND span.last AND v.state = 'CONFIRMED' AND t.deputy_id IS NOT NULL{only}`},
	townships:             {"Division", fmt.Sprintf(placesListed, place.LevelTownship)},
	townshipsCovered:      {"Division", fmt.Sprintf(placesListed, place.LevelTownship) + placeCovered},
	villages:              {"Division", fmt.Sprintf(placesListed, place.LevelVillage)},
	villagesCovered:       {"Division", fmt.Sprintf(placesListed, place.LevelVillage) + placeCovered},
	constituencies:        {"Constituency", drawnListed},
	constituenciesCovered: {"Constituency", drawnListed + drawnCovered},
	unmarkedOverdue:       {"Opinion", unmarkedListed},
	unmarkedLate:          {"Opinion", unmarkedListed + " AND NOT t.late"},
}

// Records lists what counts in a cell, in the order of ids: the first so many after one of them, and whether there are more. What all of them count for adds up
// to the cell. A cell that the viewer does not see has none.
//
// It is a fault.ErrForbidden for all but committees and keepers of stations, and a fault.ErrInvalid naming by when the grouping cannot tell the measure.
func Records(ctx context.Context, c *gen.Client, cell Cell, today time.Time, first int, after *uuid.UUID) (records []Record, more bool, err error) {
	v, err := sees(ctx, "当前角色不能查看汇总", viewer.Area, viewer.System)
	if err != nil {
		return nil, false, err
	}
	if err := cell.By.tells(NewSet(cell.Measure)); err != nil {
		return nil, false, err
	}
	if err := cell.Tree.tells(cell.By); err != nil {
		return nil, false, err
	}
	if !cell.Measure.Valid() {
		return nil, false, fault.Invalid("UNKNOWN", "没有这个指标", "measure")
	}
	groups, err := byLevel(v, []Place{cell.Area})
	if err != nil || len(groups) == 0 {
		return nil, false, err
	}
	area := groups[0]
	area.own = cell.Own
	var last uuid.UUID // before all others
	if after != nil {
		last = *after
	}
	entity, query, args := cell.statement(area, today)
	args[4], args[5] = last, first+1
	err = each(ctx, c, query, args, func(rows *sql.Rows) error {
		r := Record{Entity: entity}
		err := rows.Scan(&r.ID, &r.Value)
		if r.ID == uuid.Max {
			r.Entity = ""
		}
		records = append(records, r)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("records behind %s: %w", cell.Measure, err)
	}
	if len(records) > first {
		return records[:first], true, nil
	}
	return records, false, nil
}

// statement writes the list of what counts in the cell; the fifth and sixth argument are still to be set.
func (cell Cell) statement(area areas, today time.Time) (entity, query string, args []any) {
	args = append(area.areaArgs(), cell.Period.first(), cell.Period.last(), nil, nil)
	var (
		parts  []string
		summed = map[source][]string{}
		within = map[source]string{}
	)
	for _, c := range columnsOf[cell.Measure] {
		of := tallies[c]
		if l, ok := listings[c]; ok {
			entity = l.entity
			parts = append(parts, cell.placed(cell.grouped(l.sql, of.source), of.source))
			continue
		}
		entity = reports[of.source].entity
		summed[of.source] = append(summed[of.source], fmt.Sprintf("coalesce(m.%s, 0)", of.name))
		within[of.source] = "m.day BETWEEN span.first AND span.last"
		if of.sort == balance {
			within[of.source] = "m.day <= span.last"
		}
	}
	for s, terms := range summed {
		r := reports[s]
		where := within[s]
		if r.days != "" {
			where += fmt.Sprintf(" AND %s BETWEEN $3 AND $4", r.days)
		}
		parts = append(parts, cell.placed(cell.grouped(fmt.Sprintf("SELECT %s, %s FROM area CROSS JOIN span CROSS JOIN %s\n    WHERE {area t} AND %s{only}",
			r.id, strings.Join(terms, " + "), r.from, where), s), s))
	}
	parts = append(parts, cell.beyond()...)
	query = strings.Replace(drillSQL, "{parts}", strings.Join(parts, " UNION ALL "), 1)
	if strings.Contains(query, "{key}") {
		args = append(args, cell.ID)
		query = strings.ReplaceAll(query, "{key}", fmt.Sprintf("$%d::uuid", len(args)))
	}
	if strings.Contains(query, "{today}") {
		args = append(args, today.Format(time.DateOnly))
		query = strings.ReplaceAll(query, "{today}", fmt.Sprintf("$%d::date", len(args)))
	}
	return entity, area.statement(query), args
}

// grouped narrows a part to the cell's row.
func (cell Cell) grouped(part string, s source) string {
	k := reports[s].keys[cell.By]
	only := k.only
	if k.by != "" {
		only += " AND " + k.by + " IS NOT DISTINCT FROM {key}"
	}
	return strings.NewReplacer("{join}", k.join, "{only}", only).Replace(part)
}
