package graph

import (
	"encoding/json"
	"time"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rollup"
	"github.com/lianluo/lianluo/graph/engine"
)

// Lengths tell the engine how long lists are whose arguments say more than first, so that a request is not counted for less than it asks.
var Lengths = map[string]engine.Length{"Query.rollup": rollupLength, "Division.rollup": divisionRollupLength}

// weightThen is what it takes to ask by how much sums of the time differ: a statement of its own, beside those of the sums as they are.
const weightThen = 20

// cellsToAField is how many sums of an area in a span take what one field takes.
const cellsToAField = 8

// rollupRoom is how many rows a grouping may have, by the shape of the division's code from the nation down to the township: more than any has in the
// national table, and about as many stations, departments and zones as there may be. A village is one row.
var rollupRoom = map[rollup.By][]int{
	rollup.BySelf:        {1, 1, 1, 1, 1},
	rollup.ByChildren:    {40, 60, 60, 100, 200},
	rollup.ByProvinces:   {40, 1, 1, 1, 1},
	rollup.ByCities:      {500, 30, 1, 1, 1},
	rollup.ByCounties:    {4000, 200, 50, 1, 1},
	rollup.ByTownships:   {50_000, 4000, 400, 100, 1},
	rollup.ByStations:    {50_000, 20_000, 4000, 500, 50},
	rollup.ByDepartments: {50_000, 5000, 1000, 100, 50},
	rollup.ByCategories:  {100, 100, 100, 100, 100},
	rollup.ByZones:       {50_000, 5000, 1000, 100, 50},
}

// rollupLength is how many rows sums have, how many parts the trend of each, and what it takes to add up all that are ranked.
func rollupLength(arguments map[string]any) (rows, parts, weight int) {
	word := func(name string) string {
		text, _ := arguments[name].(string)
		return text
	}
	by, interval := rollup.By(word("by")), rollup.Interval(word("interval"))
	parts = partsOf(arguments["period"], interval)
	room := 1
	code, err := place.Parse(word("division"))
	if depth := code.Shape().Depth(); err == nil && depth < len(rollupRoom[by]) {
		room = rollupRoom[by][depth]
	}
	then := rollup.Tree(word("tree")) == rollup.TreeThen
	if then && by != rollup.BySelf {
		room *= 2 // codes that divisions have lost stand beside those of today
	}
	rows = rowsUnsaid(interval)
	if number, ok := arguments["first"].(json.Number); ok {
		if n, err := number.Int64(); err == nil {
			rows = int(min(max(n, 1), maxRollupRows))
		}
	}
	rows = min(rows, room)
	summed := rows
	if _, told := rollupTypes[by]; told || arguments["orderBy"] != nil {
		summed = room
	}
	spans := 1 + parts
	if rollup.Comparison(word("compareWith")) != rollup.CompareNone {
		spans *= 2
	}
	weight = summed * spans / cellsToAField
	if then {
		weight = 2*weight + weightThen // by how much the sums differ is asked too
	}
	return rows, parts, weight
}

// divisionRollupLength is what the sums of one division take beside their fields.
func divisionRollupLength(arguments map[string]any) (rows, parts, weight int) {
	if tree, _ := arguments["tree"].(string); rollup.Tree(tree) == rollup.TreeThen {
		weight = weightThen
	}
	return 1, 0, weight
}

// partsOf counts the parts of a period as JSON has it. What is no period is refused after.
func partsOf(period any, interval rollup.Interval) int {
	days, _ := period.(map[string]any)
	from, _ := days["from"].(string)
	to, _ := days["to"].(string)
	first, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return 0
	}
	last, err := time.Parse(time.DateOnly, to)
	if err != nil {
		return 0
	}
	return rollup.Period{From: first, To: last}.Parts(interval)
}

// rowsUnsaid is how many rows of sums there are at most when it is not said.
func rowsUnsaid(interval rollup.Interval) int {
	if interval != rollup.IntervalNone {
		return rowsWithTrends
	}
	return maxRollupRows
}
