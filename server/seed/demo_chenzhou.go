package seed

import (
	"cmp"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
)

var (
	beihu   = place.MustParse("431002")
	guiyang = place.MustParse("431021")
)

// fillBeihu fills 北湖区: 1 station of the district, 14 of townships and streets, 109 of villages, and 526 deputies of five levels.
// Deputies from enterprises are cross-posted to villages; places off the tree are hosted (account of 2023).
func fillBeihu(w *world) (*builder, error) {
	b, err := w.fillAt(beihu, plan{
		style: style{
			first: date(2017, 3, 1), last: date(2021, 6, 30), rule: "每月固定日", townRule: "每月10日", areaCode: "0735",
			lon: 113.01, lat: 25.78, spread: 0.08, past: 21,
		},
		own: true, villages: 109,
		seats: seats{national: 1, provincial: 6, city: 60, county: 251, townships: 208},
	})
	if err != nil {
		return nil, err
	}
	for _, s := range b.stations {
		if s.inTown() {
			s.rule = "赶集日"
		}
		b.grant(s, 2022, "运行经费", 4_000)
	}
	for _, z := range []struct {
		in, name string
		kind     kind.Zone
	}{
		{"石盖塘街道", "湘南国际物流园", kind.ZonePark},
		{"燕泉街道", "盈丰国际小区", kind.ZoneEstate},
		{"北湖街道", "北湖路综合市场", kind.ZoneMarket},
		{"仰天湖瑶族乡", "仰天湖景区", kind.ZoneScenicArea},
	} {
		if _, err := b.openZone(z.in, z.name, z.kind); err != nil {
			return nil, err
		}
	}
	b.crossPost(16)
	b.employAll()
	return b, nil
}

// crossPost sends deputies from enterprises, of the county or above, to villages of townships other than their own, which is their
// second station (交叉进站).
func (b *builder) crossPost(n int) {
	var to []*station
	for _, s := range b.stations {
		if s.inTown() {
			to = append(to, s)
		}
	}
	for _, m := range b.mandates {
		if n == 0 || len(to) == 0 {
			return
		}
		if m.status == state.MandateConfirmed && m.deputy.enterprise() && m.term.congress.level != kind.Township && m.in.street() {
			b.extra(m, to[n*7%len(to)], kind.PostingCross)
			n--
		}
	}
}

// inTown tells whether the station is in a village of a town or township.
func (s *station) inTown() bool { return s.in.level == place.LevelVillage && s.in.group().town() }

// openZone opens a place off the tree in a township.
func (b *builder) openZone(town, name string, k kind.Zone) (*zone, error) {
	for _, t := range b.towns {
		if t.name == town {
			z := &zone{record: b.record(t), kind: k, name: name}
			b.zones = append(b.zones, z)
			return z, nil
		}
	}
	return nil, missing(town)
}

// grant gives a station a budget line, in yuan.
func (b *builder) grant(s *station, year int, purpose string, yuan int) {
	b.budgets = append(b.budgets, &budget{record: b.record(s.in), station: s, year: year, purpose: purpose, fen: int64(yuan) * 100})
}

// fillGuiyang fills 桂阳县: 89 stations, upgraded for 1,720,000 yuan, and 1,326 deputies of four levels. One station stands for
// agriculture, with 18 deputies of the trade (account of 2025).
func fillGuiyang(w *world) (*builder, error) {
	const inVillages, yuan, perTown, farmers = 67, 1_720_000, 30_000, 18
	b, err := w.fillAt(guiyang, plan{
		style: style{
			first: date(2018, 4, 1), last: date(2023, 9, 30), rule: "赶集日", townRule: "每月8日", areaCode: "0735",
			lon: 112.73, lat: 25.75, spread: 0.2, past: 21,
		},
		villages: inVillages,
		seats:    seats{provincial: 5, city: 45, county: 300, townships: 976},
	})
	if err != nil {
		return nil, err
	}
	rest, n := yuan-perTown*len(b.towns), 0
	var farm *station
	for _, s := range b.stations {
		if s.in.level == place.LevelTownship {
			b.grant(s, 2024, "提质建设", perTown)
			continue
		}
		b.grant(s, 2024, "提质建设", share(rest, inVillages, n))
		n++
		if s.inTown() {
			farm = cmp.Or(farm, s)
		}
	}
	farm.brand = "基础+农业"
	left := farmers
	for _, m := range b.mandates {
		if left > 0 && m.status == state.MandateConfirmed && m.term.congress.level == kind.County && m.in.town() && m.home.station != farm {
			b.extra(m, farm, kind.PostingSector)
			left--
		}
	}
	b.employAll()
	return b, nil
}
