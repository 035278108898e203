package seed

import (
	"fmt"
	"slices"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

var (
	changsha       = place.MustParse("4301")
	changshaCounty = place.MustParse("430121")
)

// fillChangshaCounty fills 长沙县: 125 stations, one for each constituency of the county's congress, 1 main and 18 branch online
// stations, and 1,312 deputies of five levels, 305 of them the county's (accounts of 2022 and 2023).
func fillChangshaCounty(w *world) (*builder, error) {
	const stations = 125
	of := seats{national: 1, provincial: 9, city: 41, county: 305, townships: 956}
	b, err := w.builder(changshaCounty, style{
		first: date(2022, 1, 5), last: date(2022, 4, 26), rule: "每月15日", areaCode: "0731",
		lon: 113.08, lat: 28.25, spread: 0.16, past: 19, pastAbove: true,
	})
	if err != nil {
		return nil, err
	}
	b.countyOrgans()
	b.townStations(b.towns)
	b.villageStations(spreadOver(villages(b.towns), stations-len(b.towns)))

	number := 0
	for _, t := range b.towns {
		for _, d := range append([]*division{t}, villages([]*division{t})...) {
			s := b.post[d]
			if s == nil {
				continue
			}
			name, basis := t.short()+d.short(), kind.ByResidence
			if d == t {
				name, basis = t.short()+"机关企事业单位", kind.ByWorkUnit
			}
			s.constituency = b.directly(b.congress(b.root), t, fmt.Sprintf("第%d选区(%s)", number+1, name), basis)
			b.fill(s.constituency, s, share(of.county, stations, number))
			number++
		}
	}
	b.allTownships(of.townships)
	b.allAbove(of, b.streetsFirst())

	b.first, b.last = date(2023, 2, 20), date(2023, 4, 28)
	b.online(b.towns)
	b.employAll()
	return b, nil
}

// streetsFirst lists the stations of townships, those of streets three times: upper deputies go there above all.
func (b *builder) streetsFirst() []*station {
	var streets, others []*station
	for _, s := range b.main {
		if s.in.street() {
			streets = append(streets, s)
		} else {
			others = append(others, s)
		}
	}
	return slices.Concat(streets, streets, streets, others)
}

// fillChangsha fills the other counties of 长沙市. With 长沙县 they have 901 stations and 8,136 deputies of five levels; 芙蓉区
// has 92 stations and points, 雨花区 13 homes (活动室) and 163 stations (account of 2023).
func fillChangsha(w *world, city place.Code) ([]*rows, error) {
	old := style{first: date(2016, 5, 1), last: date(2021, 10, 1), rule: "每月20日", areaCode: "0731", spread: 0.05, past: 23}
	at := func(lon, lat, spread float64) style {
		s := old
		s.lon, s.lat, s.spread = lon, lat, spread
		return s
	}
	plans := map[string]plan{
		"芙蓉区": {style: at(113.03, 28.19, 0.04), villages: 63, points: 16, seats: seats{2, 12, 50, 245, 0}},
		"天心区": {style: at(112.99, 28.11, 0.04), villages: 66, seats: seats{3, 12, 52, 258, 0}},
		"岳麓区": {style: at(112.93, 28.23, 0.06), villages: 91, seats: seats{5, 16, 68, 310, 118}},
		"开福区": {style: at(112.99, 28.26, 0.05), villages: 62, seats: seats{2, 11, 50, 256, 0}},
		"雨花区": {style: at(113.03, 28.13, 0.05), villages: 163, homes: "人大代表活动室", seats: seats{4, 15, 62, 302, 70}},
		"望城区": {style: at(112.82, 28.35, 0.12), villages: 70, seats: seats{1, 9, 44, 290, 312}},
		"浏阳市": {style: at(113.64, 28.16, 0.25), villages: 50, seats: seats{1, 12, 62, 398, 1747}},
		"宁乡市": {style: at(112.55, 28.28, 0.25), villages: 43, seats: seats{1, 12, 60, 392, 1560}},
	}
	root, err := w.tree.find(city)
	if err != nil {
		return nil, err
	}
	var out []*rows
	for _, county := range root.children {
		if county.code == changshaCounty {
			continue
		}
		p, ok := plans[county.name]
		if !ok {
			return nil, fmt.Errorf("%w: no plan for %s", ErrNoDivisions, county.name)
		}
		b := w.fill(county, p)
		switch county.name {
		case "芙蓉区":
			b.rename(6, "人大代表联系群众工作站")
		case "天心区":
			b.brandStars()
		case "雨花区":
			b.rename(4, "人大代表联系群众工作站")
		}
		b.employAll()
		out = append(out, &b.rows)
	}
	return out, nil
}

// rename gives some stations of villages names off the uniform rule, as the account found them.
func (b *builder) rename(n int, ending string) {
	for _, s := range b.stations {
		if n > 0 && s.kind == kind.StationStation && s.in.level == place.LevelVillage {
			s.name, s.uniform = s.in.short()+ending, false
			n--
		}
	}
}

// brandStars gives stations of streets the brand of 天心区.
func (b *builder) brandStars() {
	for i, s := range b.main {
		if i%2 == 0 {
			s.brand = "五星级代表联络站"
		}
	}
}
