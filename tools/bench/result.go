package main

import (
	"slices"
	"time"
)

// result is what one run measured.
type result struct {
	Scale       string       `json:"scale"`
	Note        string       `json:"note,omitempty"`
	Measured    time.Time    `json:"measured"`
	Machine     machine      `json:"machine"`
	Rows        []rows       `json:"rows"`
	Concurrency int          `json:"concurrency"`
	Cases       []caseResult `json:"cases"`
	Plans       []plan       `json:"plans"`
	Writing     *writing     `json:"writing,omitempty"`
	// PeakMemory is the most memory that the process of server, handlers and bench had, in bytes; 0 when it cannot be told.
	PeakMemory int64  `json:"peakMemory"`
	Goals      []goal `json:"goals"`
}

// machine says what was measured on: no names, no paths.
type machine struct {
	Cores      int      `json:"cores"`
	Memory     int64    `json:"memory"`
	System     string   `json:"system"`
	Go         string   `json:"go"`
	PostgreSQL string   `json:"postgresql"`
	Settings   []string `json:"settings"`
}

// rows is how many rows a table has, about.
type rows struct {
	Table string `json:"table"`
	Count int64  `json:"count"`
}

// caseResult is what was measured of a case.
type caseResult struct {
	Name  string `json:"name"`
	About string `json:"about"`
	Sort  sort   `json:"sort"`
	API   way    `json:"api"`
	Hand  way    `json:"byHand"`
	// SQL is the statements of Hand alone: it has times, and nothing else.
	SQL times `json:"sql"`
	// Throughput is API's requests a second by Hand's.
	Throughput float64 `json:"throughputRatio"`
	// Latency is API's median by Hand's.
	Latency float64 `json:"medianRatio"`
}

// way is one of the two ways over HTTP.
type way struct {
	times
	// PerSecond is requests a second when many are under way.
	PerSecond float64 `json:"perSecond"`
	// Statements, Bytes and the allocations are of one request.
	Statements  int     `json:"statements"`
	Bytes       int     `json:"bytes"`
	Allocations float64 `json:"allocations"`
	Allocated   float64 `json:"allocatedBytes"`
	// CPU is of this process and of the database's together, in microseconds a request, when many are under way; 0 when it cannot be told.
	CPU         float64 `json:"cpuMicros"`
	DatabaseCPU float64 `json:"databaseCpuMicros"`
}

// times are of one request at a time, in milliseconds.
type times struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50"`
	P99   float64 `json:"p99"`
}

// timesOf sums up how long requests took.
func timesOf(took []time.Duration) times {
	if len(took) == 0 {
		return times{}
	}
	sorted := slices.Sorted(slices.Values(took))
	at := func(share float64) float64 {
		return float64(sorted[int(share*float64(len(sorted)-1))].Nanoseconds()) / 1e6
	}
	return times{len(took), at(.50), at(.99)}
}
