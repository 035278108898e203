package seed

import (
	"slices"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// plan says what a county gets.
type plan struct {
	style
	seats
	// own gives the county a station of its own.
	own bool
	// homes, when not empty, gives townships a home (代表之家) with names that end so, instead of a station.
	homes string
	// parks says that parks, farms and the like, which stand beside townships and streets, get one too.
	parks bool
	// points is the number of points (联络点), villages of stations; both in villages.
	villages, points int
}

// seats are the numbers of deputies on the roll who are grouped in a county, by the level of their congress. Those of townships are
// spread over all that have a congress.
type seats struct{ national, provincial, city, county, townships int }

// fill gives a county what the plan says, but for the staff.
func (w *world) fill(root *division, p plan) *builder {
	b := w.builderOf(root, p.style)
	b.countyOrgans()
	b.openStations(p)
	b.giveSeats(p.seats)
	return b
}

// fillAt is fill for a county named by its code.
func (w *world) fillAt(code place.Code, p plan) (*builder, error) {
	root, err := w.tree.find(code)
	if err != nil {
		return nil, err
	}
	return w.fill(root, p), nil
}

func (b *builder) openStations(p plan) {
	if p.own {
		s := b.station(kind.StationStation, b.root, uniformName(b.root))
		b.post[b.root] = s
		b.main = append(b.main, s)
	}
	towns := b.towns
	if !p.parks {
		towns = slices.DeleteFunc(slices.Clone(towns), func(t *division) bool { return !t.town() && !t.street() })
	}
	if p.homes == "" {
		b.townStations(towns)
	} else {
		b.homes(towns, p.homes)
	}
	places := villages(b.towns)
	b.villageStations(spreadOver(places, p.villages))
	b.openPoints(places, p.points)
}

// homes opens a home in each of some townships, with names that end as given, to which deputies are posted.
func (b *builder) homes(towns []*division, ending string) {
	for _, t := range towns {
		s := b.station(kind.StationHome, t, t.short()+ending)
		b.post[t] = s
		b.main = append(b.main, s)
	}
}

// openPoints opens points, first in villages without a station, then in the others.
func (b *builder) openPoints(places []*division, n int) {
	var without, with []*division
	for _, v := range places {
		if b.post[v] == nil {
			without = append(without, v)
		} else {
			with = append(with, v)
		}
	}
	for _, v := range spreadOver(without, n) {
		b.station(kind.StationPoint, v, v.parent.short()+v.short()+"人大代表联络点")
	}
	for _, v := range spreadOver(with, max(0, n-len(without))) {
		b.station(kind.StationPoint, v, v.parent.short()+v.short()+"党群服务中心人大代表联络点")
	}
}

// giveSeats gives a county its deputies of all levels. Those of upper congresses are posted to the nearest of some stations.
func (b *builder) giveSeats(s seats) {
	if b.root.level == place.LevelCounty && s.county > 0 {
		b.countySeats(s.county)
	}
	b.allTownships(s.townships)
	b.allAbove(s, b.main)
}

// allTownships spreads deputies over the townships that have a congress, by the number of their villages.
func (b *builder) allTownships(total int) {
	var towns []*division
	var weights []int
	for _, t := range b.towns {
		if t.town() {
			towns = append(towns, t)
			weights = append(weights, t.weight())
		}
	}
	for i, n := range weigh(total, weights) {
		if n > 0 {
			b.townshipSeats(towns[i], n)
		}
	}
}

// allAbove gives a county its deputies of the congresses above it.
func (b *builder) allAbove(s seats, stations []*station) {
	province := b.root.above(place.LevelProvince)
	city := b.root.above(place.LevelCity)
	if city == nil {
		city = b.root // what has no city above it elects the province's deputies itself
	} else {
		b.upperSeats(city, b.root, s.city, stations)
	}
	b.upperSeats(province, city, s.provincial, stations)
	b.upperSeats(b.root.above(place.LevelNation), province, s.national, stations)
}

// weigh splits a total by weights, exactly.
func weigh(total int, weights []int) []int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	out := make([]int, len(weights))
	before := 0
	for i, w := range weights {
		out[i] = total*(before+w)/sum - total*before/sum
		before += w
	}
	return out
}

// extra posts a mandate to one more station, which is not its home: after all of its postings.
func (b *builder) extra(m *mandate, s *station, basis kind.Posting) {
	p := b.posting(m, s, basis)
	p.started = later(p.started, m.home.started).AddDate(0, 1, 0)
}

// gridsOf divides a station's area into grids.
func (b *builder) gridsOf(s *station, n int) []*grid {
	var out []*grid
	for i := range n {
		g := &grid{record: b.record(s.in), station: s, number: i + 1, name: s.in.short() + "第" + chinese(i+1) + "网格"}
		out = append(out, g)
	}
	b.grids = append(b.grids, out...)
	return out
}

func chinese(n int) string { return string([]rune("零一二三四五六七八九十")[n]) }

// assign gives the ith posting of a station a grid, and every third one the next grid too.
func (b *builder) assign(grids []*grid, i int, p *posting) {
	b.assignments = append(b.assignments, &assignment{record: b.record(p.in), grid: grids[i%len(grids)], posting: p})
	if i%3 == 0 && len(grids) > 1 {
		b.assignments = append(b.assignments, &assignment{record: b.record(p.in), grid: grids[(i+1)%len(grids)], posting: p})
	}
}

// online opens a county's online station (总站) and its branches (分站).
func (b *builder) online(at []*division) {
	main := b.station(kind.StationOnline, b.root, b.root.name+"网上人大代表联络总站")
	main.opened, main.rule = b.first, "全天"
	for _, d := range at {
		name := d.short()
		if d.level == place.LevelVillage {
			name = d.parent.short() + name
		}
		s := b.station(kind.StationOnline, d, name+"网上人大代表联络站")
		s.parent, s.rule = main, "全天"
		s.opened = later(s.opened, main.opened)
	}
}
