package seed

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/lianluo/lianluo/ent/place"
)

// Scale is the size of a load.
type Scale string

// The scales: one county (长沙县), one province (湖南省), the nation.
const (
	ScaleCounty   Scale = "county"
	ScaleProvince Scale = "province"
	ScaleNation   Scale = "nation"
)

// Scales lists the scales, the smallest first.
var Scales = []Scale{ScaleCounty, ScaleProvince, ScaleNation}

// ErrUnknownScale is returned for a scale that is not one of Scales.
var ErrUnknownScale = errors.New("unknown scale")

// root is the place that is filled.
func (s Scale) root() (place.Code, error) {
	switch s {
	case ScaleCounty:
		return changshaCounty, nil
	case ScaleProvince:
		return place.MustParse("43"), nil
	case ScaleNation:
		return place.Nation, nil
	}
	return place.Nation, fmt.Errorf("%w: %q", ErrUnknownScale, string(s))
}

// What the nation has: deputies on the roll by level, and stations in villages. Each township has a station besides, and
// each county.
const (
	nationalSeats   = 2_980
	provincialSeats = 20_000
	citySeats       = 120_000
	countySeats     = 600_000
	townshipSeats   = 1_900_000
	villageStations = 245_700
)

// What is done in the nation in the months of a load.
const (
	activitiesHeld      = 3_000_000
	attendancesRecorded = 10_000_000
	opinionsSubmitted   = 5_000_000
)

// What the table of 2023 has, so that a part of the nation gets its share. A unit is a county, or a city that has none.
const (
	units, villagesOfUnits         = 2_978, 620_572
	cityUnits, villagesOfCityUnits = 2_860, 583_566 // those in a city
	counties, villagesOfCounties   = 2_975, 619_336
	towns, villagesOfTowns         = 29_582, 486_089 // townships with a congress
)

// What a place weighs besides its villages, when deputies are dealt out.
const (
	unitWeight = 100
	townWeight = 8
)

// quota deals a total out by weights: any part of the whole gets its share, and the whole exactly the total.
type quota struct{ total, weight, dealt int }

func (q *quota) next(weight int) int {
	before := q.total * q.dealt / q.weight
	q.dealt += weight
	return q.total*q.dealt/q.weight - before
}

// quotas are those of the load.
type quotas struct {
	national, provincial, city, county, township, villages quota
	activities, attendances, opinions                      quota
}

func newQuotas() *quotas {
	return &quotas{
		national:   quota{total: nationalSeats, weight: unitWeight*units + villagesOfUnits},
		provincial: quota{total: provincialSeats, weight: unitWeight*units + villagesOfUnits},
		city:       quota{total: citySeats, weight: unitWeight*cityUnits + villagesOfCityUnits},
		county:     quota{total: countySeats, weight: unitWeight*counties + villagesOfCounties},
		township:   quota{total: townshipSeats, weight: townWeight*towns + villagesOfTowns},
		villages:   quota{total: villageStations, weight: villagesOfUnits},

		activities:  quota{total: activitiesHeld, weight: unitWeight*units + villagesOfUnits},
		attendances: quota{total: attendancesRecorded, weight: unitWeight*units + villagesOfUnits},
		opinions:    quota{total: opinionsSubmitted, weight: unitWeight*units + villagesOfUnits},
	}
}

// plan works out what a unit gets, and what is done in it.
func (q *quotas) plan(unit *division) (plan, workload) {
	weight, ofTowns := unitWeight, 0
	for _, t := range unit.below(place.LevelTownship) {
		weight += len(t.children)
		if t.town() {
			ofTowns += t.weight()
		}
	}
	p := plan{
		style: style{first: date(2016, 3, 1), last: date(2024, 12, 1), rule: "每月15日"},
		own:   true, parks: true,
		villages: q.villages.next(weight - unitWeight),
	}
	p.national, p.provincial = q.national.next(weight), q.provincial.next(weight)
	if unit.city != place.Nation {
		p.city = q.city.next(weight)
	}
	if unit.level == place.LevelCounty {
		p.county = q.county.next(weight)
	}
	p.townships = q.township.next(ofTowns)
	return p, workload{q.activities.next(weight), q.attendances.next(weight), q.opinions.next(weight)}
}

// weight is what a town weighs when deputies of townships are dealt out.
func (d *division) weight() int { return townWeight + len(d.children) }

// unitsOf lists the units in the order of the tree.
func unitsOf(root *division) []*division {
	if root.level == place.LevelCounty {
		return []*division{root}
	}
	out := root.below(place.LevelCounty)
	if root.level == place.LevelCity && len(out) == 0 {
		return []*division{root}
	}
	for _, city := range root.below(place.LevelCity) {
		if len(city.below(place.LevelCounty)) == 0 {
			out = append(out, city)
		}
	}
	slices.SortFunc(out, func(a, b *division) int { return cmp.Compare(a.code, b.code) })
	return out
}
