package seed

import (
	"slices"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

var heshun = place.MustParse("140723")

// fillHeshun fills 和顺县: 9 stations with brands, 25 points and 37 posts; 22 grid workers and 15 volunteers are liaison
// officers; 滨河社区 has 8 grids, and 24 deputies of the county have grids (account of 2025).
func fillHeshun(w *world) (*builder, error) {
	const points, posts, volunteers, deputiesOnGrids = 25, 37, 15, 24
	b, err := w.builder(heshun, style{
		first: date(2021, 5, 1), last: date(2024, 10, 31), rule: "每周三", townRule: "每月15日", areaCode: "0354",
		lon: 113.57, lat: 37.33, spread: 0.2, past: 21,
	})
	if err != nil {
		return nil, err
	}
	b.countyOrgans()
	city, err := b.brandStations()
	if err != nil {
		return nil, err
	}
	small, err := b.pointsAndPosts(points, posts)
	if err != nil {
		return nil, err
	}
	b.giveSeats(seats{provincial: 2, city: 26, county: 168, townships: 368})

	workers := 22
	left := deputiesOnGrids
	for i, g := range []struct {
		station *station
		grids   int
	}{{city, 8}, {b.main[0], 4}, {b.main[1], 4}} {
		cells := b.gridsOf(g.station, g.grids)
		names := map[string]bool{}
		for _, c := range cells {
			m := b.hire(g.station, kind.StaffLiaison, kind.OriginGridWorker, names)
			b.assignments = append(b.assignments, &assignment{record: b.record(c.in), grid: c, staff: m})
			workers--
		}
		most := left // the last takes who is left, the second half of them
		if i == 1 {
			most = left / 2
		}
		left -= b.intoGrids(g.station, cells, most)
	}
	for i := range workers + volunteers {
		origin := kind.OriginGridWorker
		if i >= workers {
			origin = kind.OriginVolunteer
		}
		b.hire(small[len(small)-1-i], kind.StaffLiaison, origin, map[string]bool{})
	}
	b.employAll()
	return b, nil
}

// brandStations opens the 9 stations: one for each township and that of 滨河社区, which serves the whole town.
func (b *builder) brandStations() (community *station, err error) {
	brands := map[string]string{
		"义兴镇": "三站合一", "平松乡": "代表直播", "李阳镇": "驻站有约", "松烟镇": "乡贤议事", "青城镇": "田间课堂",
		"横岭镇": "古道民声", "喂马乡": "马上就办", "马坊乡": "流动服务",
	}
	var towns []*division
	for _, t := range b.towns {
		if brands[t.name] != "" {
			towns = append(towns, t)
		}
	}
	if len(towns) != len(brands) {
		return nil, missing("townships of 和顺县")
	}
	b.townStations(towns)
	for _, s := range b.main {
		s.brand = brands[s.in.name]
	}
	d, err := b.w.tree.find(binhe)
	if err != nil {
		return nil, err
	}
	b.villageStations([]*division{d})
	community = b.post[d]
	community.brand = "幸福驿站"
	b.post[d.parent] = community
	b.main = append(b.main, community)
	return community, nil
}

// pointsAndPosts opens points (代表服务点) and posts (代表服务岗) in villages.
func (b *builder) pointsAndPosts(points, posts int) ([]*station, error) {
	named := []string{"阳光占村", "尧村村", "百备村"}
	var first, rest []*division
	for _, v := range villages(b.towns) {
		switch {
		case slices.Contains(named, v.short()):
			first = append(first, v)
		case b.post[v] == nil:
			rest = append(rest, v)
		}
	}
	if len(first) != len(named) {
		return nil, missing("villages of 和顺县")
	}
	chosen := slices.Concat(first, spreadOver(rest, points+posts-len(first)))
	var out []*station
	for _, v := range chosen[:points] {
		s := b.station(kind.StationPoint, v, v.parent.short()+v.short()+"人大代表服务点")
		if v.short() == "百备村" {
			s.brand = "人大主题广场"
		}
		b.post[v] = s
		out = append(out, s)
	}
	themes := []string{
		"民情小院", "交运民生", "银龄关爱", "护苗成长", "法治惠民", "就业帮扶", "医疗健康", "生态环保", "特色农业", "文化惠民", "安全生产", "政策宣讲",
	}
	for i, v := range chosen[points:] {
		theme := themes[i%len(themes)]
		s := b.station(kind.StationPost, v, v.parent.short()+v.short()+"“"+theme+"”代表服务岗")
		s.brand = theme
		out = append(out, s)
	}
	return out, nil
}

// intoGrids gives grids to the deputies posted to a station, at most so many, and tells to how many.
func (b *builder) intoGrids(s *station, cells []*grid, most int) int {
	done := map[*deputy]bool{}
	for _, p := range b.postings {
		if len(done) < most && p.station == s && p.open() && !done[p.mandate.deputy] {
			b.assign(cells, len(done), p)
			p.basis = kind.PostingGrid
			done[p.mandate.deputy] = true
		}
	}
	return len(done)
}
