package seed

import (
	"fmt"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

var (
	hetang  = place.MustParse("430202")
	yanling = place.MustParse("430225")
)

// missing is the error of a place that a plan names and the tree does not have.
func missing(name string) error { return fmt.Errorf("%w: %s is missing", ErrNoDivisions, name) }

// fillHetang fills 荷塘区: 272 deputies of four levels, each with a grid, stations in every township and village, and two
// on industry chains (account of 2022).
func fillHetang(w *world) (*builder, error) {
	const everyVillage, grids, perChain = 1 << 20, 4, 9
	b, err := w.fillAt(hetang, plan{
		style: style{
			first: date(2019, 3, 1), last: date(2021, 11, 30), rule: "每月18日", areaCode: "0731",
			lon: 113.17, lat: 27.86, spread: 0.05, past: 21, basis: kind.PostingGrid,
		},
		villages: everyVillage,
		seats:    seats{provincial: 4, city: 32, county: 178, townships: 58},
	})
	if err != nil {
		return nil, err
	}

	byStation := map[*station][]*posting{}
	for _, p := range b.postings {
		if p.open() {
			byStation[p.station] = append(byStation[p.station], p)
		}
	}
	for _, s := range b.stations {
		cells := b.gridsOf(s, grids)
		for i, p := range byStation[s] {
			b.assign(cells, i, p)
		}
	}

	b.first, b.last = date(2022, 2, 1), date(2022, 4, 1)
	next := 0
	for _, chain := range []string{"硬质合金产业链", "节能环保和绿色装配式建筑产业链"} {
		z, err := b.openZone("金山街道", chain, kind.ZoneIndustryChain)
		if err != nil {
			return nil, err
		}
		s := b.station(kind.StationStation, z.in, chain+"人大代表联络站")
		s.zone = z
		for left := perChain; left > 0 && next < len(b.mandates); next++ {
			m := b.mandates[next]
			if m.status == state.MandateConfirmed && m.deputy.enterprise() && m.term.congress.level != kind.Township {
				b.extra(m, s, kind.PostingSector)
				left--
			}
		}
	}
	b.employAll()
	return b, nil
}

// fillYanling fills 炎陵县: 1 main and 11 branch online stations, 12 to walk into, and 769 deputies of four levels (account of 2025).
func fillYanling(w *world) (*builder, error) {
	b, err := w.builder(yanling, style{
		first: date(2018, 5, 1), last: date(2023, 10, 31), rule: "赶集日", townRule: "每月12日", areaCode: "0731",
		lon: 113.77, lat: 26.49, spread: 0.18, past: 21,
	})
	if err != nil {
		return nil, err
	}
	var towns, chosen []*division
	for _, t := range b.towns {
		if t.town() { // the farm and the reserve have no congress and no villages
			towns = append(towns, t)
		}
	}
	for _, v := range villages(towns) {
		if v.short() == "西草坪村" {
			chosen = append(chosen, v)
		}
	}
	if len(chosen) != 1 {
		return nil, missing("西草坪村")
	}
	b.countyOrgans()
	b.townStations(towns)
	b.villageStations(append(chosen, towns[0].children[0]))
	b.giveSeats(seats{provincial: 2, city: 22, county: 165, townships: 580})

	b.first, b.last = date(2024, 3, 1), date(2024, 9, 30)
	b.online(append(towns, chosen...))
	b.employAll()
	// 一府一委两院, and so many departments that their heads are 29.
	for _, name := range []string{
		"人民政府", "监察委员会", "人民法院", "人民检察院",
		"发展和改革局", "财政局", "司法局", "审计局", "统计局", "林业局", "商务粮食局", "信访局", "乡村振兴局", "行政审批服务局", "科学技术局",
	} {
		b.organ(b.root, kind.OrganDepartment, b.root.name+name)
	}
	return b, nil
}
