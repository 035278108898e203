package graph

import (
	"encoding/json"
	"maps"
	"testing"
)

// TestRollupLength: how many rows and parts are counted on, and what adding them up weighs, as the arguments come.
func TestRollupLength(t *testing.T) {
	period := func(from, to string) map[string]any { return map[string]any{"from": from, "to": to} }
	for name, tt := range map[string]struct {
		asked               map[string]any
		rows, parts, weight int
	}{
		"itself":                 {map[string]any{"by": "SELF"}, 1, 0, 0},
		"itself, whatever":       {map[string]any{"by": "SELF", "first": json.Number("1000")}, 1, 0, 0},
		"provinces":              {map[string]any{"division": "00", "by": "PROVINCES"}, 40, 0, 5},
		"counties of a city":     {map[string]any{"division": "4301", "by": "COUNTIES"}, 50, 0, 6},
		"the first of them":      {map[string]any{"division": "4301", "by": "COUNTIES", "first": json.Number("8")}, 8, 0, 1},
		"counties of all":        {map[string]any{"division": "00", "by": "COUNTIES"}, 1000, 0, 125},
		"the best of all":        {map[string]any{"division": "00", "by": "COUNTIES", "first": json.Number("8"), "orderBy": map[string]any{}}, 8, 0, 500},
		"stations of a county":   {map[string]any{"division": "430121", "by": "STATIONS", "first": json.Number("8")}, 8, 0, 62},
		"a village's villages":   {map[string]any{"division": "430121107201", "by": "CHILDREN"}, 1, 0, 0},
		"no length":              {map[string]any{"division": "4301", "by": "CHILDREN", "first": json.Number("-1")}, 1, 0, 0},
		"more than there may be": {map[string]any{"division": "00", "by": "TOWNSHIPS", "first": json.Number("2147483647")}, 1000, 0, 125},
		"months of a year":       {map[string]any{"division": "4301", "by": "COUNTIES", "interval": "MONTH"}, 50, 12, 81},
		"compared":               {map[string]any{"division": "4301", "by": "COUNTIES", "interval": "MONTH", "compareWith": "LAST_YEAR"}, 50, 12, 162},
		"quarters cut off":       {map[string]any{"by": "SELF", "interval": "QUARTER", "period": period("2024-03-31", "2025-01-01")}, 1, 5, 0},
		"a period backwards":     {map[string]any{"by": "SELF", "interval": "MONTH", "period": period("2025-03-31", "2025-01-01")}, 1, 0, 0},
		"no period":              {map[string]any{"by": "SELF", "interval": "MONTH", "period": period("2025", "")}, 1, 0, 0},
		"rows with an interval":  {map[string]any{"division": "00", "by": "COUNTIES", "interval": "YEAR"}, 100, 1, 25},
	} {
		arguments := map[string]any{"division": "43", "interval": "NONE", "compareWith": "NONE", "period": period("2025-01-01", "2025-12-31")}
		maps.Copy(arguments, tt.asked)
		if rows, parts, weight := rollupLength(arguments); rows != tt.rows || parts != tt.parts || weight != tt.weight {
			t.Errorf("%s: %d rows of %d parts weigh %d, want %d of %d, %d", name, rows, parts, weight, tt.rows, tt.parts, tt.weight)
		}
	}
}
