package seed

import (
	"time"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/rota"
	"github.com/lianluo/lianluo/ent/state"
)

// dutyOfBeihu is what the deputies of 北湖区 did in the first half of 2023 and in the campaigns of the years before: about 2,000 people were
// received and over 500 problems solved, on fixed days of townships, of the park (five deputies, once a month) and of the estate (two, weekly), and
// on the market days of villages; over 20,000 households were visited, over 50,000 leaflets handed out and goods of nearly five million yuan given
// (account of 2023).
func dutyOfBeihu(d *diary) {
	const received, solved = 2_018, 512
	first, last := date(2023, 1, 1), date(2023, 6, 30)
	towns, markets := d.townsAndMarkets()
	var held []*activity
	for _, s := range towns {
		r := d.rule(visitRule{
			station: s, name: "代表接待固定日", perDay: 3,
			Rule: rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{10}, Shift: kind.ShiftNext, From: first},
		})
		held = append(held, d.visits(r, s, first, last, visit{percent: 90})...)
		switch s.in.name {
		case "石盖塘街道":
			park := d.rule(visitRule{
				station: s, name: "湘南国际物流园园区代表固定日", perDay: 5, begins: 14*60 + 30, ends: 17 * 60,
				Rule: rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{20}, Shift: kind.ShiftNext, From: first},
			})
			held = append(held, d.visits(park, s, first, last, visit{location: "湘南国际物流园", percent: 100})...)
		case "燕泉街道":
			estate := d.rule(visitRule{
				station: s, name: "盈丰国际小区代表接待日", perDay: 2, begins: 18 * 60, ends: 20 * 60,
				Rule: rota.Rule{Recurrence: kind.OnWeekdays, Days: []int{5}, Shift: kind.ShiftSkip, From: date(2023, 5, 1)},
			})
			held = append(held, d.visits(estate, s, date(2023, 5, 1), last, visit{location: "盈丰国际住宅小区联络点", percent: 95})...)
		}
	}
	for i, s := range markets {
		r := d.rule(visitRule{
			station: s, name: "赶集日接待", perDay: 1, begins: 8 * 60, ends: 11 * 60,
			Rule: rota.Rule{
				Recurrence: kind.OnLunarDays, Days: [][]int{{3, 8, 13, 18, 23, 28}, {1, 6, 11, 16, 21, 26}}[i%2], Shift: kind.ShiftNone,
				From: date(2023, 4, 1),
			},
		})
		held = append(held, d.visits(r, s, date(2023, 4, 1), last, visit{location: "集市", percent: 100})...)
	}
	for i, a := range held {
		d.count(a, counted{figureReceived, share(received, len(held), i)}, counted{figureSolved, share(solved, len(held), i)})
	}
	d.changes()
	d.knockOnDoors(towns)
	d.evaluateStations(towns)
}

// townsAndMarkets are the stations of the townships, and some of villages that have a market.
func (d *diary) townsAndMarkets() (towns, markets []*station) {
	for _, s := range d.stations {
		switch {
		case s.in.level == place.LevelTownship:
			towns = append(towns, s)
		case s.inTown() && len(d.postedAt(s, date(2023, 4, 1))) > 0:
			markets = append(markets, s)
		}
	}
	return towns, spreadOver(markets, 6)
}

// count adds what an activity counted.
func (d *diary) count(a *activity, all ...counted) {
	for _, c := range all {
		if c.value > 0 {
			d.activityFigures = append(d.activityFigures, &activityFigure{
				record: d.recordAt(a.recordedAt, a.station.in), activity: a, figure: c.figure, value: int64(c.value),
			})
		}
	}
}

// changes has one visit day missed, one cancelled, and on a third one deputy stand in for another; none of them was held.
func (d *diary) changes() {
	next := date(2023, 7, 10)
	var rules []*visitRule
	for _, r := range d.visitRules {
		if r.station != nil && r.name == "代表接待固定日" {
			rules = append(rules, r)
		}
	}
	for i, r := range rules[:3] {
		on := d.visitDay(r, r.station, rota.Day{On: next, Of: next}, visit{})
		there := d.postedAt(r.station, next)
		duties := []*visitDuty{d.duty(on, there[0])}
		switch i {
		case 0:
			on.state, on.changed = state.VisitDayMissed, clockTime(next.AddDate(0, 0, 8), 0, 5)
		case 1:
			on.state, on.reason, on.changed = state.VisitDayCancelled, "强降雨红色预警", clockTime(next.AddDate(0, 0, -1), 17, 0)
		case 2:
			by := d.duty(on, there[1])
			by.instead, duties[0].replaced, duties[0].reason = duties[0], true, "外出参加培训"
			by.record = d.recordAt(clockTime(next.AddDate(0, 0, -3), 10, 0), r.station.in)
			duties[0].changed = by.at
			d.hold(&activity{
				station: r.station, visitDay: on, title: "代表接待日", way: kind.WayReception, setting: kind.SettingInStation,
				mode: kind.ModeReceiving, day: next, begins: r.begins, ends: r.ends,
			}, there[1:2])
		}
	}
}

// knockOnDoors is the campaign of the three years until the summer of 2023, with figures of its own.
func (d *diary) knockOnDoors(towns []*station) {
	const households, leaflets, fen = 21_360, 52_400, 496_000_000
	const name = "敲门行动"
	since := date(2021, 12, 1)
	doors := d.figure(keyFigure{key: "HOUSEHOLDS", name: "入户排查", unit: "户", is: kind.FigureCount, campaign: name, from: since})
	paper := d.figure(keyFigure{key: "LEAFLETS", name: "发放宣传资料", unit: "份", is: kind.FigureCount, campaign: name, from: since})
	gifts := d.figure(keyFigure{key: "DONATIONS", name: "捐赠物品折合", unit: "元", is: kind.FigureAmount, campaign: name, from: since})
	var days []time.Time
	for _, month := range months(date(2022, 1, 1), date(2023, 6, 1)) {
		days = append(days, d.Add(month.AddDate(0, 0, 11), 1))
	}
	n, i := len(days)*len(towns), 0
	for _, day := range days {
		for _, s := range towns {
			came := some(&d.scribe, d.postedAt(s, day), 30)
			d.hold(&activity{
				station: s, title: "“敲门行动”入户排查", way: kind.WayHousehold, setting: kind.SettingOutside, mode: kind.ModeVisiting,
				campaign: name, day: day, begins: 14 * 60, ends: 17 * 60,
			}, came, counted{doors, share(households, n, i)}, counted{paper, share(leaflets, n, i)}, counted{gifts, share(fen/100, n, i) * 100})
			i++
		}
	}
}

// evaluateStations evaluates the stations of the townships by the checklist 五有四公开, and publishes their stars.
func (d *diary) evaluateStations(towns []*station) {
	standard := d.standard("五有四公开", kind.EvaluatedStation, date(2022, 1, 1), []duty.Star{
		{Stars: 5, From: 950}, {Stars: 4, From: 900}, {Stars: 3, From: 800}, {Stars: 2, From: 700}, {Stars: 1, From: 600},
	}, "有固定场所", "有统一标牌", "有完善制度", "有专人管理", "有工作台账", "代表信息公开", "接待日期公开", "工作流程公开", "办理结果公开")
	c := &campaign{
		record: d.recordAt(clockTime(date(2023, 6, 1), 9, 0), d.county), standard: standard, name: "2023年上半年联络站星级评定",
		from: date(2023, 1, 1), to: date(2023, 6, 30), selfUntil: date(2023, 7, 10), published: clockTime(date(2023, 7, 25), 10, 0),
	}
	c.changed = c.published
	d.campaigns = append(d.campaigns, c)
	for _, s := range towns {
		e := &evaluation{record: d.recordAt(c.at, s.in), campaign: c, station: s, selfAt: d.minute(date(2023, 7, 5), morning)}
		e.changed = c.published
		lenient := d.chance(50)
		for _, item := range standard.items {
			given := item.Points
			if d.chance(30) || !lenient && d.chance(40) {
				given -= 10 * (1 + d.random.IntN(4))
			}
			e.scores = append(e.scores, duty.Score{Key: item.Key, Points: given})
			self := duty.Score{Key: item.Key, Points: min(item.Points, given+10*d.random.IntN(3))}
			if item.Evidence {
				self.Evidence = "站内资料齐全,可现场查看"
			}
			e.self = append(e.self, self)
		}
		d.evaluations = append(d.evaluations, e)
		d.reviews = append(d.reviews, &review{record: d.recordAt(d.minute(date(2023, 7, 18), morning), c.in), of: e, note: "已实地核验"})
	}
}
