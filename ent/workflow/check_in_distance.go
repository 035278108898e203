package workflow

import "math"

// point is a place on earth, in degrees.
type point struct{ longitude, latitude float64 }

// earthRadius is the mean radius of the earth in metres.
const earthRadius = 6_371_008.8

// metres is the distance between two points along the surface, by the haversine formula, which is exact enough for near ones too.
func metres(a, b point) int {
	radians := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	half := func(from, to float64) float64 {
		s := math.Sin(radians(to-from) / 2)
		return s * s
	}
	h := half(a.latitude, b.latitude) +
		math.Cos(radians(a.latitude))*math.Cos(radians(b.latitude))*half(a.longitude, b.longitude)
	return int(math.Round(2 * earthRadius * math.Asin(math.Sqrt(min(1, h)))))
}
