package seed

import (
	"slices"
	"time"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/rota"
)

// dutyOfChangshaCounty is 长沙县's first visit day, 15 May 2022: 1,160 deputies of five levels came to its 125 stations, received and visited 7,237
// people, gave 122 lectures and helped to solve 123 problems (account of 2022). The opinions of that day stand apart.
func dutyOfChangshaCounty(d *diary) {
	const came, received, visited, lectures, solved = 1160, 4_385, 7_237 - 4_385, 122, 123
	first := date(2022, 5, 15)
	rule := d.rule(visitRule{
		kinds: []kind.Station{kind.StationStation}, name: "代表进站日", theme: "强省会战略与粮食安全",
		Rule: rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{15}, Shift: kind.ShiftNone, From: first},
	})
	var stations []*station
	for _, s := range d.stations {
		if s.kind == kind.StationStation {
			stations = append(stations, s)
		}
	}
	there := map[*deputy]bool{}
	var lower, upper []*deputy
	at := map[*deputy]*station{}
	for _, s := range stations {
		for _, who := range d.postedAt(s, first) {
			if there[who] {
				continue
			}
			there[who], at[who] = true, s
			if m := d.highest(who, first); levelOf(m) == kind.County || levelOf(m) == kind.Township {
				lower = append(lower, who)
			} else {
				upper = append(upper, who)
			}
		}
	}
	coming := map[*station][]*deputy{}
	for _, who := range slices.Concat(upper, spreadOver(lower, came-len(upper))) {
		coming[at[who]] = append(coming[at[who]], who)
	}
	n := len(stations)
	for i, s := range stations {
		on := d.visitDay(rule, s, rota.Day{On: first, Of: first}, visit{theme: rule.theme})
		for _, who := range d.postedAt(s, first) {
			d.duty(on, who)
		}
		d.hold(&activity{
			station: s, visitDay: on, title: "首个代表进站日", way: kind.WayReception, setting: kind.SettingInStation, mode: kind.ModeReceiving,
			theme: rule.theme, day: first, begins: rule.begins, ends: rule.ends,
		}, coming[s],
			counted{figureReceived, share(received, n, i)}, counted{figureVisited, share(visited, n, i)},
			counted{figureLectures, share(lectures, n, i)}, counted{figureSolved, share(solved, n, i)})
	}
	d.standard("五个标准", kind.EvaluatedStation, date(2022, 3, 1), nil,
		"每个县人大代表选区原则上设立一个工作站", "设置一个代表接待选民群众的场所", "设立一个宣传公示栏", "配备一名联络人作为民情信息员", "每月相对固定一天组织进站活动")
}

// standard sets a checklist of the county's congress, whose items share a hundred points.
func (d *diary) standard(name string, of kind.Evaluated, from time.Time, stars []duty.Star, items ...string) *edition[duty.StandardItem] {
	s := &edition[duty.StandardItem]{
		record: d.recordAt(clockTime(from.AddDate(0, 0, -7), 9, 0), d.county), congress: d.congress, subject: of, name: name, stars: stars, from: from,
	}
	for i, item := range items {
		s.items = append(s.items, duty.StandardItem{
			Key: "ITEM_" + pad(i+1, 2), Name: item, Points: share(1000, len(items), i), Evidence: i%2 == 1,
		})
	}
	d.standards = append(d.standards, s)
	return s
}
