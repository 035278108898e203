package seed

import "github.com/lianluo/lianluo/ent/kind"

// dutyOfHetang is the visits to the stations of 荷塘区 from January to May 2022, with 186 people received, 66 problems collected and 18 solved, and the
// first month of the grid campaign, with 73 urgent ones collected and 12 solved (account of 2022).
func dutyOfHetang(d *diary) {
	const received, collected, solved, urgent, urgentSolved = 186, 66, 18, 73, 12
	since := date(2022, 1, 1)
	problems := d.figure(keyFigure{key: "COLLECTED", name: "收集问题", unit: "个", is: kind.FigureCount, from: since})
	grids := "代表更加密切联系群众网格活动"
	hardships := d.figure(keyFigure{key: "URGENT", name: "急难愁盼问题", unit: "个", is: kind.FigureCount, campaign: grids, from: since})
	ended := d.figure(keyFigure{key: "URGENT_SOLVED", name: "促进解决急难愁盼问题", unit: "个", is: kind.FigureCount, campaign: grids, from: since})
	var stations []*station
	for _, s := range d.stations {
		if s.zone == nil && len(d.postedAt(s, date(2022, 1, 18))) > 0 {
			stations = append(stations, s)
		}
	}
	stations = spreadOver(stations, 20)
	days := months(date(2022, 1, 18), date(2022, 5, 18))
	n, i := len(days)*len(stations), 0
	for _, day := range days {
		for _, s := range stations {
			d.hold(&activity{
				station: s, title: "代表进站接待", way: kind.WayReception, setting: kind.SettingInStation, mode: kind.ModeReceiving, day: day,
			}, some(&d.scribe, d.postedAt(s, day), 60),
				counted{figureReceived, share(received, n, i)}, counted{problems, share(collected, n, i)}, counted{figureSolved, share(solved, n, i)})
			i++
		}
	}
	for i, s := range stations {
		d.hold(&activity{
			station: s, title: "网格走访", way: kind.WayHousehold, setting: kind.SettingOutside, mode: kind.ModeVisiting, campaign: grids,
			day: date(2022, 5, 6+i%20),
		}, some(&d.scribe, d.postedAt(s, date(2022, 5, 6)), 80), counted{hardships, share(urgent, len(stations), i)}, counted{ended, share(urgentSolved, len(stations), i)})
	}
	d.standard("十有", kind.EvaluatedStation, date(2022, 1, 1), nil,
		"有牌子", "有场地", "有人员", "有设备", "有规章", "有经费", "有学习资料", "有计划", "有活动", "有档案")
}
