package graph

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/lianluo/lianluo/ent/rollup"
)

// TestLengthThen: by the tree of the time there may be twice as many rows, but of the division itself, and each is added up twice.
func TestLengthThen(t *testing.T) {
	year := map[string]any{"from": "2025-01-01", "to": "2025-12-31"}
	for name, test := range map[string]struct {
		asked map[string]any
		times int
	}{
		"children":          {map[string]any{"division": "43", "by": "CHILDREN"}, 2},
		"counties, ranked":  {map[string]any{"division": "43", "by": "COUNTIES", "orderBy": map[string]any{"measure": "ATTENDANCES"}}, 2},
		"provinces, trend":  {map[string]any{"division": "00", "by": "PROVINCES", "interval": "MONTH", "compareWith": "PREVIOUS"}, 2},
		"the division only": {map[string]any{"division": "43", "by": "SELF"}, 1},
	} {
		now := map[string]any{"tree": "NOW", "interval": "NONE", "compareWith": "NONE", "period": year}
		maps.Copy(now, test.asked)
		then := maps.Clone(now)
		then["tree"] = "THEN"
		rows, parts, weight := rollupLength(now)
		rowsThen, partsThen, weightThen := rollupLength(then)
		if most := rowsUnsaid(rollup.Interval(now["interval"].(string))); rowsThen != min(test.times*rows, most) || partsThen != parts || weightThen < 2*weight || weightThen <= weight {
			t.Errorf("%s: %d rows of %d parts weigh %d, by the tree of the time %d of %d, %d", name, rows, parts, weight, rowsThen, partsThen, weightThen)
		}
	}
}

// TestDivisionLengthThen: sums of one division by the tree of the time take a statement more, wherever the division stands.
func TestDivisionLengthThen(t *testing.T) {
	length := Lengths["Division.rollup"]
	if length == nil {
		t.Fatal("the sums of a division are counted as a field")
	}
	for name, test := range map[string]struct {
		asked map[string]any
		dear  bool
	}{
		"as it is":       {map[string]any{"tree": "NOW"}, false},
		"of the time":    {map[string]any{"tree": "THEN"}, true},
		"without a tree": {map[string]any{}, false},
		"no tree":        {map[string]any{"tree": json.Number("7")}, false},
	} {
		if rows, parts, weight := length(test.asked); rows != 1 || parts != 0 || (weight > 0) != test.dear {
			t.Errorf("%s: %d rows of %d parts weigh %d", name, rows, parts, weight)
		}
	}
}
