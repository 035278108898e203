package main

import (
	"fmt"
	"strings"
)

// goal is what the platform is to reach, and whether it did.
type goal struct {
	Name    string `json:"name"`
	Reached bool   `json:"reached"`
	// Measured says what was measured, or that it was not.
	Measured string `json:"measured"`
}

// The goals.
const (
	leastThroughput = .7
	mostProvinces   = 5.0 // milliseconds
	mostSpread      = 2.0
	mostWriteCost   = 1.5
	mostMemory      = 512 << 20
)

// judge tells which goals a run has reached. What a run did not measure is not reached.
func (r *result) judge() {
	r.Goals = []goal{r.throughputGoal(), r.provincesGoal(), r.flatGoal(), r.writingGoal(), r.memoryGoal()}
}

func (r *result) throughputGoal() goal {
	g := goal{Name: fmt.Sprintf("lists and rollups: at least %.1f × the requests per second of the handler written by hand", leastThroughput)}
	var missed []string
	of := 0
	for _, c := range r.Cases {
		if c.Sort != list && c.Sort != rollup {
			continue
		}
		of++
		if c.Throughput < leastThroughput {
			missed = append(missed, fmt.Sprintf("%s %.2f", c.Name, c.Throughput))
		}
	}
	g.Reached = of > 0 && len(missed) == 0
	g.Measured = fmt.Sprintf("%d of %d cases", of-len(missed), of)
	if len(missed) > 0 {
		g.Measured += "; below: " + strings.Join(missed, ", ")
	}
	return g
}

func (r *result) find(name string) *caseResult {
	for i := range r.Cases {
		if r.Cases[i].Name == name {
			return &r.Cases[i]
		}
	}
	return nil
}

func (r *result) provincesGoal() goal {
	g := goal{Name: fmt.Sprintf("31 provinces × 2 periods: median at most %.0f ms", mostProvinces), Measured: "not measured"}
	if c := r.find(provincesCase); c != nil {
		g.Reached, g.Measured = c.API.P50 <= mostProvinces, fmt.Sprintf("%.2f ms; the SQL alone %.2f ms", c.API.P50, c.SQL.P50)
	}
	return g
}

func (r *result) flatGoal() goal {
	g := goal{Name: fmt.Sprintf("newest 20 opinions: slowest level at most %.0f × the fastest", mostSpread), Measured: "not measured"}
	var least, most *caseResult
	for i := range r.Cases {
		c := &r.Cases[i]
		if !strings.HasPrefix(c.Name, "newest-") {
			continue
		}
		if least == nil || c.API.P50 < least.API.P50 {
			least = c
		}
		if most == nil || c.API.P50 > most.API.P50 {
			most = c
		}
	}
	if least != nil && least != most {
		spread := most.API.P50 / least.API.P50
		g.Reached = spread <= mostSpread
		g.Measured = fmt.Sprintf("%.2f (%s %.2f ms, %s %.2f ms)", spread, least.Name, least.API.P50, most.Name, most.API.P50)
	}
	return g
}

func (r *result) writingGoal() goal {
	g := goal{Name: fmt.Sprintf("keeping the sums: at most %.1f × the processor time of the same writes without", mostWriteCost), Measured: "not measured"}
	if w := r.Writing; w != nil {
		g.Reached = w.Ratio <= mostWriteCost
		g.Measured = fmt.Sprintf("%.2f (%.0f µs with, %.0f µs without, of %s)", w.Ratio, w.With, w.Without, w.About)
	}
	return g
}

func (r *result) memoryGoal() goal {
	g := goal{Name: fmt.Sprintf("memory of the server below %d MiB over the whole run", mostMemory>>20), Measured: "not measured"}
	if r.PeakMemory > 0 {
		g.Reached, g.Measured = r.PeakMemory < mostMemory, fmt.Sprintf("%d MiB, bench and handlers written by hand included", r.PeakMemory>>20)
	}
	return g
}
