package workflow

import (
	"fmt"
	"math"
)

// decimal checks a number with at most one decimal against bounds, both included and in tenths, and answers it in tenths, as it is kept.
func (c *checker) decimal(f field, value float64, low, high int) int {
	scaled := math.Round(value * 10)
	switch {
	case math.IsNaN(value) || scaled < float64(low) || scaled > float64(high):
		c.add(f, "OUT_OF_RANGE", fmt.Sprintf("应在 %g 至 %g 之间", float64(low)/10, float64(high)/10))
		return 0
	case math.Abs(value*10-scaled) > 1e-6:
		c.add(f, "MALFORMED", "最多保留一位小数")
	}
	return int(scaled)
}
