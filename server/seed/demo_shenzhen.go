package seed

import (
	"fmt"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

var shenzhen = place.MustParse("4403")

// fillShenzhen fills 深圳市: 82 homes, one in each street and like place and three of districts, 245 stations and 665 points
// in communities (account of 2023), and deputies of its four levels.
func fillShenzhen(w *world, code place.Code) ([]*rows, error) {
	const stations, points = 245, 665
	districts := map[string]struct {
		lon, lat float64
		seats
		home bool // the district has one of its own
	}{
		"罗湖区": {114.13, 22.56, seats{1, 5, 52, 262, 0}, true},
		"福田区": {114.06, 22.54, seats{2, 6, 60, 280, 0}, false},
		"南山区": {113.94, 22.54, seats{2, 6, 62, 276, 0}, true},
		"宝安区": {113.86, 22.63, seats{2, 8, 84, 340, 0}, true},
		"龙岗区": {114.22, 22.70, seats{2, 8, 82, 330, 0}, false},
		"盐田区": {114.24, 22.59, seats{0, 2, 22, 168, 0}, false},
		"龙华区": {114.04, 22.69, seats{1, 6, 58, 260, 0}, false},
		"坪山区": {114.35, 22.70, seats{1, 2, 28, 172, 0}, false},
		"光明区": {113.94, 22.77, seats{1, 3, 32, 182, 0}, false},
	}
	root, err := w.tree.find(code)
	if err != nil {
		return nil, err
	}
	var weights []int
	for _, d := range root.children {
		weights = append(weights, len(villages(d.children)))
	}
	inVillages, pointsIn := weigh(stations, weights), weigh(points, weights)
	var out []*rows
	for i, d := range root.children {
		of, ok := districts[d.name]
		if !ok {
			return nil, fmt.Errorf("%w: no plan for %s", ErrNoDivisions, d.name)
		}
		b := w.fill(d, plan{
			style: style{
				first: date(2008, 5, 1), last: date(2022, 12, 31), rule: "每周五", townRule: "每周三", areaCode: "0755",
				lon: of.lon, lat: of.lat, spread: 0.03, past: 23,
			},
			seats: of.seats, homes: "人大代表之家", parks: true, villages: inVillages[i], points: pointsIn[i],
		})
		if of.home {
			b.station(kind.StationHome, d, d.name+"人大代表之家")
		}
		b.employAll()
		out = append(out, &b.rows)
	}
	return out, nil
}
