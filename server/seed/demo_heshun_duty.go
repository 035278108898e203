package seed

import (
	"fmt"
	"time"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// eightOnes are the norms of 和顺县 (八个一): monthly one reception, one opinion, one activity at a station and one training; yearly one journal, one
// livelihood matter, one story and one duty report.
var eightOnes = []duty.NormItem{
	{Key: "RECEPTION", Name: "每月接待一次选民群众", Filter: duty.Filter{Deed: kind.DeedAttendance, Ways: []kind.Way{kind.WayReception}}, Period: kind.PeriodMonth, Required: 1},
	{Key: "OPINION", Name: "每月反映一条社情民意", Filter: duty.Filter{Deed: kind.DeedOpinion}, Period: kind.PeriodMonth, Required: 1},
	{Key: "ACTIVITY", Name: "每月参加一次进站活动", Filter: duty.Filter{Deed: kind.DeedAttendance}, Period: kind.PeriodMonth, Required: 1},
	{Key: "TRAINING", Name: "每月参加一次学习培训", Filter: duty.Filter{Deed: kind.DeedTraining}, Period: kind.PeriodMonth, Required: 1},
	{Key: "JOURNAL", Name: "每年记录一本民情日志", Filter: recordOf(kind.RecordJournal), Period: kind.PeriodYear, Required: 1},
	{Key: "LIVELIHOOD", Name: "每年承办一件民生实事", Filter: recordOf(kind.RecordLivelihood), Period: kind.PeriodYear, Required: 1},
	{Key: "STORY", Name: "每年撰写一篇履职故事", Filter: recordOf(kind.RecordStory), Period: kind.PeriodYear, Required: 1},
	{Key: "DUTY_REPORT", Name: "每年进行一次述职交流", Filter: recordOf(kind.RecordDutyReport), Period: kind.PeriodYear, Required: 1},
}

func recordOf(k kind.Record) duty.Filter {
	return duty.Filter{Deed: kind.DeedRecord, Records: []kind.Record{k}}
}

// dutyOfHeshun is a year of 和顺县 under its norms, and its pairings (account of 2025).
func dutyOfHeshun(d *diary) {
	start := date(2025, 1, 1)
	d.norms = append(d.norms, &edition[duty.NormItem]{
		record: d.recordAt(clockTime(date(2024, 12, 20), 9, 0), d.county), congress: d.congress, level: kind.County,
		name: "代表履职“八个一”", items: eightOnes, from: start,
	})
	members := d.members()
	for _, month := range months(start, date(2025, 12, 1)) {
		d.receptions(d.Add(month.AddDate(0, 0, 13), 1), 82)
		d.fieldTrip(d.Add(month.AddDate(0, 0, 20), 1))
		d.course(d.Add(month.AddDate(0, 0, 5), 1), members, 74)
	}
	d.records(members, 2025)
	d.pairLeaders()
	d.pairMembers(members)
}

// members are the present mandates of the county's congress.
func (d *diary) members() []*mandate {
	var out []*mandate
	for _, m := range d.all.mandates {
		if m.term.congress == d.congress && m.status == state.MandateConfirmed {
			out = append(out, m)
		}
	}
	return out
}

// receptions are a visit of deputies to each station to which some are posted.
func (d *diary) receptions(day time.Time, percent int) {
	for _, s := range d.stations {
		there := d.postedAt(s, day)
		if len(there) == 0 {
			continue
		}
		came := some(&d.scribe, there, percent)
		d.hold(&activity{
			station: s, title: "代表进站接待选民", way: kind.WayReception, setting: kind.SettingInStation, mode: kind.ModeReceiving, day: day,
		}, came, counted{figureReceived, len(came)/2 + d.random.IntN(4)}, counted{figureSolved, d.random.IntN(2)})
	}
}

// trips are what deputies do away from a station, by turns.
var trips = []struct {
	title string
	way   kind.Way
}{
	{"民生实事项目视察", kind.WayInspection},
	{"乡村振兴专题调研", kind.WayResearch},
	{"入户走访选民", kind.WayHousehold},
	{"督办社情民意", kind.WaySupervision},
	{"政策法规宣讲", kind.WayLecture},
	{"结对帮扶", kind.WayHelp},
	{"代表述职", kind.WayReport},
	{"志愿服务", kind.WayVolunteer},
	{"法规草案征求意见", kind.WayLegislation},
	{"集中学习", kind.WayStudy},
}

// fieldTrip takes half of the deputies of each main station out.
func (d *diary) fieldTrip(day time.Time) {
	for i, s := range d.stations {
		there := d.postedAt(s, day)
		if s.kind != kind.StationStation || len(there) == 0 {
			continue
		}
		trip := trips[(i+int(day.Month()))%len(trips)]
		mode := kind.Mode("")
		if trip.way == kind.WayHousehold || trip.way == kind.WayHelp {
			mode = kind.ModeVisiting
		}
		counts := []counted{{figureVisited, d.random.IntN(12)}}
		if trip.way == kind.WayLecture {
			counts = append(counts, counted{figureLectures, 1})
		}
		d.hold(&activity{
			station: s, title: trip.title, way: trip.way, setting: kind.SettingOutside, mode: mode, day: day, begins: 14*60 + 30, ends: 17 * 60,
		}, some(&d.scribe, there, 50), counts...)
	}
}

// subjects are what courses are about, by turns.
var subjects = []string{
	"代表法专题学习", "如何提出高质量的代表建议", "乡村振兴政策解读", "生态环境保护法律知识", "预算审查监督实务", "基层治理与群众工作方法", "安全生产法律知识", "民生实事项目票决制",
	"全过程人民民主理论学习", "接待选民与化解矛盾", "优化营商环境条例解读", "年度履职经验交流",
}

// course is a course of the committee for deputies, which so many of a hundred attend.
func (d *diary) course(day time.Time, members []*mandate, percent int) {
	t := &training{
		record: d.recordAt(clockTime(day.AddDate(0, 0, -10), 9, 0), d.county), organ: d.committee(), title: subjects[(int(day.Month())+11)%12],
		location: d.county.name + "人大代表培训中心", day: day, hours: 30,
	}
	d.trainings = append(d.trainings, t)
	for _, m := range some(&d.scribe, members, percent) {
		if m.serving(day) {
			d.trainees = append(d.trainees, &trainee{record: d.recordAt(clockTime(day, 17, 30), m.in), training: t, mandate: m})
		}
	}
}

// committee is the county's committee for deputies.
func (d *diary) committee() *organ {
	for _, o := range d.all.organs {
		if o.in == d.county && o.kind == kind.OrganDeputyCommittee {
			return o
		}
	}
	d.fail(fmt.Errorf("%w: the committee for deputies", errNoActor))
	return &organ{}
}

// paper is a kind of a deputy's own record, how many of a hundred hand it in, and in which month.
var papers = []struct {
	kind           kind.Record
	percent        int
	month          time.Month
	title, content string
}{
	{kind.RecordJournal, 88, time.December, "民情日志(%d年)", "全年走访选民情况、收集的意见和办理结果逐条记录在册。"},
	{kind.RecordLivelihood, 64, time.October, "承办民生实事(%d年)", "牵头协调本村道路修补、路灯安装等一件群众反映的实事,已完工并经群众验收。"},
	{kind.RecordStory, 71, time.September, "我的履职故事(%d年)", "记一次从接待选民到问题解决的经过。"},
	{kind.RecordDutyReport, 92, time.November, "述职报告(%d年)", "向选区选民报告一年来履行代表职务的情况,接受询问和评议。"},
}

// records are the deputies' own of a year; few were sent back, or still wait.
func (d *diary) records(members []*mandate, year int) {
	for _, p := range papers {
		for i, m := range some(&d.scribe, members, p.percent) {
			day := date(year, p.month, 1+d.random.IntN(24))
			if !m.serving(day) {
				continue
			}
			r := &dutyRecord{
				record: d.recordAt(d.minute(day, morning), m.in), mandate: m, kind: p.kind, day: day, title: fmt.Sprintf(p.title, year), content: p.content,
				state: state.RecordConfirmed,
			}
			switch i % 40 {
			case 17:
				r.state, r.review = state.RecordReturned, "请补充办理结果"
			case 31:
				r.state = state.RecordSubmitted
			}
			if r.state != state.RecordSubmitted {
				r.changed = d.minute(d.Add(day, 3), morning)
			}
			d.dutyRecords = append(d.dutyRecords, r)
		}
	}
}
