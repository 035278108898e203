package seed

import (
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// pointItems are the 18 items by which 炎陵县 counts deputies' work (《炎陵县人大代表履职积分管理工作实施方案》 names 18).
var pointItems = []duty.PointItem{
	attending("RECEPTION", "进站接待选民", 20, 240, kind.WayReception),
	attending("HOUSEHOLD", "入户走访选民", 20, 120, kind.WayHousehold),
	attending("SUPERVISION", "督办社情民意", 30, 120, kind.WaySupervision),
	attending("HELP", "帮助群众解决困难", 30, 120, kind.WayHelp),
	attending("REPORT", "向选民述职", 50, 50, kind.WayReport),
	attending("LECTURE", "宣讲政策法规", 20, 80, kind.WayLecture),
	attending("RESEARCH", "参加专题调研", 20, 80, kind.WayResearch),
	attending("INSPECTION", "参加视察检查", 20, 80, kind.WayInspection),
	attending("STUDY", "参加集中学习", 10, 60, kind.WayStudy),
	attending("LEGISLATION", "参与立法征询", 20, 60, kind.WayLegislation),
	attending("VOLUNTEER", "参加志愿服务", 10, 60, kind.WayVolunteer),
	item("OPINION", "反映社情民意", 20, 200, duty.Filter{Deed: kind.DeedOpinion}),
	item("SUGGESTION", "提出代表建议", 50, 200, duty.Filter{Deed: kind.DeedSuggestion}),
	item("TRAINING", "参加履职培训", 20, 120, duty.Filter{Deed: kind.DeedTraining}),
	item("JOURNAL", "记录民情日志", 50, 50, recordOf(kind.RecordJournal)),
	item("LIVELIHOOD", "承办民生实事", 80, 80, recordOf(kind.RecordLivelihood)),
	item("STORY", "撰写履职故事", 30, 30, recordOf(kind.RecordStory)),
	item("HONOUR", "受到表彰奖励", 50, 100, duty.Filter{Deed: kind.DeedClaim}),
}

// item brings points, in tenths, and a year at most so many.
func item(key, name string, points, most int, f duty.Filter) duty.PointItem {
	return duty.PointItem{Key: key, Name: name, Filter: f, Points: points, Cap: &most, CapPeriod: kind.PeriodYear}
}

func attending(key, name string, points, most int, way kind.Way) duty.PointItem {
	return item(key, name, points, most, duty.Filter{Deed: kind.DeedAttendance, Ways: []kind.Way{way}})
}

// dutyOfYanling is 炎陵县 under its point scheme, from January to July 2025. In April 12 leaders and the heads of 29 departments came to the
// stations, 64 times in all (account of 2025).
func dutyOfYanling(d *diary) {
	start := date(2025, 1, 1)
	scheme := &edition[duty.PointItem]{
		record: d.recordAt(clockTime(date(2024, 12, 25), 9, 0), d.county), congress: d.congress, level: kind.County,
		name: "代表履职积分", items: pointItems, from: start,
	}
	d.schemes = append(d.schemes, scheme)
	members := d.members()
	for _, month := range months(start, date(2025, 7, 1)) {
		d.receptions(d.Add(month.AddDate(0, 0, 11), 1), 70)
		d.fieldTrip(d.Add(month.AddDate(0, 0, 16), 1))
		if month.Month()%2 == 1 {
			d.course(d.Add(month.AddDate(0, 0, 3), 1), members, 60)
		}
	}
	d.records(members, 2025)
	d.officialsCome()
	d.claims(scheme, members)
	d.settle(scheme)
}

// officialsCome has the leaders of the government, the supervisory commission and the courts, and the heads of departments, come to the stations.
func (d *diary) officialsCome() {
	const visits = 64
	leaders := map[string]int{"人民政府": 7, "监察委员会": 1, "人民法院": 2, "人民检察院": 2}
	var officials []*official
	for _, o := range d.all.organs {
		if o.in != d.county || o.kind != kind.OrganDepartment {
			continue
		}
		n, title := leaders[o.name[len(d.county.name):]], "班子成员"
		if n == 0 {
			n, title = 1, "主要负责人"
		}
		for range n {
			officials = append(officials, &official{o, d.names.name(d.random, gender(d.random)), title})
		}
	}
	var stations []*station
	for _, s := range d.stations {
		if s.kind == kind.StationStation {
			stations = append(stations, s)
		}
	}
	for round, day := range []time.Time{date(2025, 4, 10), date(2025, 4, 24)} {
		coming := officials
		if round == 1 {
			coming = officials[:visits-len(officials)]
		}
		for i, s := range stations {
			a := d.hold(&activity{
				station: s, title: "“局长进站”联系代表", way: kind.WayReception, setting: kind.SettingInStation, mode: kind.ModeAppointed, day: day,
				begins: 14*60 + 30, ends: 17 * 60,
			}, some(&d.scribe, d.postedAt(s, day), 25))
			for j, o := range coming {
				if (j+3*round)%len(stations) == i {
					d.receive(a, o)
				}
			}
		}
	}
}

// claims are what deputies ask points for that no record tells.
func (d *diary) claims(scheme *edition[duty.PointItem], members []*mandate) {
	for i, m := range spreadOver(members, 8) {
		day := date(2025, 5, 6+i)
		c := &pointClaim{
			record: d.recordAt(d.minute(day, morning), m.in), scheme: scheme, mandate: m, item: "HONOUR", day: day,
			text: "获评县级“优秀人大代表”,附表彰文件。", state: state.ClaimApproved, points: 50, decision: "属实,同意加分",
		}
		switch i {
		case 3:
			c.state, c.decision = state.ClaimRefused, "表彰不属于本年度"
		case 6:
			c.state, c.decision = state.ClaimSubmitted, ""
		}
		if c.state != state.ClaimSubmitted {
			c.changed = d.minute(d.Add(day, 5), morning)
		}
		d.pointClaims = append(d.pointClaims, c)
	}
}

// settle writes the ledger that the deeds come to, by the platform's own rule.
func (d *diary) settle(scheme *edition[duty.PointItem]) {
	deeds := d.deeds()
	for _, m := range d.all.mandates {
		if m.term.congress.level != scheme.level || m.in.above(d.county.level) != d.county {
			continue
		}
		years := map[int][]duty.Deed{}
		for _, deed := range deeds[m.deputy] {
			if !deed.Day.Before(scheme.from) && m.serving(deed.Day) {
				years[deed.Day.Year()] = append(years[deed.Day.Year()], deed)
			}
		}
		for _, year := range []int{2025, 2026} {
			for _, line := range duty.Ledger(scheme.items, years[year]) {
				if line.Points == 0 {
					continue
				}
				d.pointEntries = append(d.pointEntries, &pointEntry{
					record: d.recordAt(clockTime(line.Day.AddDate(0, 0, 7), 2, 0), m.in), scheme: scheme, mandate: m, Line: line,
				})
			}
		}
	}
}

// deeds are those of every deputy of the demonstration who did something in the county, or whose opinion or suggestion it is.
func (d *diary) deeds() map[*deputy][]duty.Deed {
	out := map[*deputy][]duty.Deed{}
	add := func(who *deputy, k kind.Deed, id uuid.UUID, day time.Time, more duty.Deed) {
		more.Kind, more.ID, more.Day = k, id, day
		out[who] = append(out[who], more)
	}
	for _, a := range d.attendances {
		if a.mandate != nil {
			add(a.mandate.deputy, kind.DeedAttendance, a.id, a.activity.day, duty.Deed{Way: a.activity.way})
		}
	}
	for _, o := range d.all.opinions {
		if o.deputy != nil && o.kept["state"] != state.OpinionDeclined {
			add(o.deputy, kind.DeedOpinion, o.id, dayOf(o.at), duty.Deed{})
		}
	}
	for _, s := range d.all.suggestions {
		add(s.mandate.deputy, kind.DeedSuggestion, s.id, dayOf(s.at), duty.Deed{})
	}
	for _, t := range d.trainees {
		add(t.mandate.deputy, kind.DeedTraining, t.id, t.training.day, duty.Deed{})
	}
	for _, r := range d.dutyRecords {
		if r.state == state.RecordConfirmed {
			add(r.mandate.deputy, kind.DeedRecord, r.id, r.day, duty.Deed{Record: r.kind})
		}
	}
	for _, c := range d.pointClaims {
		if c.state == state.ClaimApproved {
			add(c.mandate.deputy, kind.DeedClaim, c.id, c.day, duty.Deed{Claimed: &duty.Claimed{Item: c.item, Points: c.points}})
		}
	}
	return out
}
