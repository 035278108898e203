// Package sums is how the API tells the sums of one area: each field of a Rollup by its name, with rates and lists made from several
// measures. [Fields] and [CoverageFields] say which measures a field is made from, so that no more is summed than is asked.
//
// Room: graph. It may import kind and rollup of ent; the generated executor calls it.
package sums

import (
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/rollup"
)

// Counts are the numbers of one area; rollup.Sums are.
type Counts interface{ Of(m rollup.Measure) int64 }

// Rollup is the sums of one area (汇总).
type Rollup struct{ of Counts }

// New tells sums.
func New(of Counts) *Rollup { return &Rollup{of} }

// StationKindCount counts the stations of one kind.
type StationKindCount struct {
	Kind  kind.Station
	Count int64
}

// LevelCount counts what belongs to one level of deputies.
type LevelCount struct {
	Level kind.CongressLevel
	Count int64
}

// RatingCount counts the opinions with one rating.
type RatingCount struct {
	Rating kind.Rating
	Count  int64
}

// Record is a record behind a measure.
type Record struct {
	// Entity is its type, ID its key; no type is for the sum of what is not shown.
	Entity string
	ID     uuid.UUID
	// Value is what it counts for, in the unit of the measure.
	Value float64
}

// Value is a number of a measure in the measure's unit.
func Value(m rollup.Measure, n int64) float64 {
	if m == rollup.Points {
		return float64(n) / 10
	}
	return float64(n)
}

// StationsByKind lists all kinds.
func (r *Rollup) StationsByKind() []StationKindCount {
	out := make([]StationKindCount, len(kind.Stations))
	for i, k := range kind.Stations {
		out[i] = StationKindCount{k, r.of.Of(stationKinds[k])}
	}
	return out
}

// MandatesByLevel lists all levels.
func (r *Rollup) MandatesByLevel() []LevelCount { return r.levels(mandateLevels) }

// AttendancesByLevel lists all levels.
func (r *Rollup) AttendancesByLevel() []LevelCount { return r.levels(attendanceLevels) }

func (r *Rollup) levels(measures map[kind.CongressLevel]rollup.Measure) []LevelCount {
	out := make([]LevelCount, len(kind.CongressLevels))
	for i, l := range kind.CongressLevels {
		out[i] = LevelCount{l, r.of.Of(measures[l])}
	}
	return out
}

// Ratings lists all ratings.
func (r *Rollup) Ratings() []RatingCount {
	words := kind.Rating("").Values()
	out := make([]RatingCount, len(words))
	for i, word := range words {
		out[i] = RatingCount{kind.Rating(word), r.of.Of(ratings[kind.Rating(word)])}
	}
	return out
}

// Coverage tells which places have a station.
func (r *Rollup) Coverage() Coverage { return Coverage(*r) }
