package seed

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// occasion is a kind of activity, how many of a hundred are such, and what it counts.
type occasion struct {
	percent int
	title   string
	way     kind.Way
	setting kind.Setting
	mode    kind.Mode
	figure  uuid.UUID // none when nil
	most    int       // that it counts
}

// occasions add up to a hundred.
var occasions = []occasion{
	{34, "代表接待日", kind.WayReception, kind.SettingInStation, kind.ModeReceiving, figureReceived, 18},
	{6, "代表约访", kind.WayReception, kind.SettingOnline, kind.ModeAppointed, figureReceived, 4},
	{22, "代表入户走访", kind.WayHousehold, kind.SettingOutside, kind.ModeVisiting, figureVisited, 24},
	{8, "代表宣讲", kind.WayLecture, kind.SettingInStation, "", figureLectures, 2},
	{8, "代表帮忙解难", kind.WayHelp, kind.SettingOutside, kind.ModeVisiting, figureSolved, 3},
	{6, "代表督事", kind.WaySupervision, kind.SettingOutside, "", uuid.Nil, 0},
	{4, "代表述职评议", kind.WayReport, kind.SettingInStation, "", uuid.Nil, 0},
	{4, "专题调研", kind.WayResearch, kind.SettingJoint, "", uuid.Nil, 0},
	{3, "代表视察", kind.WayInspection, kind.SettingJoint, "", uuid.Nil, 0},
	{3, "代表学习培训", kind.WayStudy, kind.SettingInStation, "", uuid.Nil, 0},
	{1, "立法意见征询", kind.WayLegislation, kind.SettingInStation, "", uuid.Nil, 0},
	{1, "志愿服务", kind.WayVolunteer, kind.SettingOutside, "", uuid.Nil, 0},
}

// officials are what officials who come are.
var officials = []string{"局长", "副局长", "分管负责人"}

// Of a hundred activities so many are cancelled, and so many of those held never confirmed; so many of a hundred who come are guests, and
// to so many activities an official comes.
const (
	cancelled, unconfirmed = 4, 2
	guests, withOfficial   = 5, 6
)

// activitiesOf makes so many activities, to which so many deputies and officials come.
func (l *labours) activitiesOf(n, came int) {
	held := make([]*activity, 0, n)
	sites := make([]*site, 0, n)
	for range n {
		at := pick(l.random, l.at)
		if a := l.activity(at); a.state != state.ActivityCancelled {
			held, sites = append(held, a), append(sites, at)
		}
	}
	owed := 0 // by activities that found too few
	for i, a := range held {
		want := share(came, len(held), i) + owed
		if more := l.random.IntN(3); i%2 == 0 && i+1 < len(held) && want > more { // the next one gives back
			want -= more
		}
		owed += share(came, len(held), i) - l.attended(a, sites[i], want)
	}
}

// activity has an activity planned at a station, and recorded and confirmed unless it is cancelled.
func (l *labours) activity(at *site) *activity {
	what, draw := &occasions[0], l.random.IntN(100)
	for i := range occasions {
		if what = &occasions[i]; draw < what.percent {
			break
		}
		draw -= what.percent
	}
	day := l.day(at)
	a := &activity{
		record:  l.recordAt(l.minute(l.Add(day, -5), morning), at.in),
		station: at.station, title: what.title, way: what.way, setting: what.setting, mode: what.mode, day: day, begins: 9 * 60, ends: 11*60 + 30,
	}
	if l.chance(40) {
		a.begins, a.ends = 14*60+30, 17*60
	}
	l.activities = append(l.activities, a)
	if l.chance(cancelled) {
		a.state, a.events, a.changed = state.ActivityCancelled, 2, clockTime(day, 8, l.random.IntN(30))
		return a
	}
	a.recordedAt = clockTime(day, 0, a.ends+5).Add(time.Duration(l.random.IntN(1_800_000)) * time.Millisecond)
	a.state, a.events, a.changed = state.ActivityRecorded, 3, a.recordedAt
	if at := l.minute(l.Add(day, 1+l.random.IntN(4)), morning); !at.After(loadEnd) && !l.chance(unconfirmed) {
		a.state, a.events, a.confirmedAt, a.changed = state.ActivityConfirmed, 4, at, at
	}
	l.count(a, what)
	return a
}

// count notes what an activity counted. Problems are solved on some occasions beside.
func (l *labours) count(a *activity, what *occasion) {
	note := func(figure uuid.UUID, value int) {
		l.activityFigures = append(l.activityFigures, &activityFigure{
			record: l.recordAt(a.recordedAt, a.station.in), activity: a, figure: figure, value: int64(value),
		})
	}
	if what.most > 0 {
		note(what.figure, 1+l.random.IntN(what.most))
	}
	if what.figure != figureSolved && l.chance(20) {
		note(figureSolved, 1+l.random.IntN(2))
	}
}

// attended has about so many come to an activity, and answers how many did: deputies who are posted there first.
func (l *labours) attended(a *activity, at *site, want int) int {
	var there []*deputy
	come := func(p *posting, guest bool) {
		there = append(there, p.mandate.deputy)
		l.attendances = append(l.attendances, &attendance{
			record: l.recordAt(clockTime(a.day, 0, a.begins), a.station.in), activity: a, mandate: p.seat(a.day), guest: guest,
		})
	}
	before := len(l.attendances)
	if want > 0 && l.chance(withOfficial) {
		l.attendances = append(l.attendances, &attendance{
			record: l.recordAt(clockTime(a.day, 0, a.begins), a.station.in), activity: a, organ: pick(l.random, l.departments),
			official: l.names.name(l.random, gender(l.random)), title: pick(l.random, officials),
		})
		want--
	}
	first := l.random.IntN(max(len(at.postings), 1))
	for i := range at.postings {
		p := at.postings[(first+i)%len(at.postings)]
		if want > 0 && p.serves(a.day) && !slices.Contains(there, p.mandate.deputy) && !l.chance(guests) {
			come(p, false)
			want--
		}
	}
	for tries := 8 * want; want > 0 && tries > 0; tries-- {
		p := pick(l.random, l.open)
		if p.serves(a.day) && !slices.Contains(there, p.mandate.deputy) && !at.posted(p.mandate.deputy, a.day) {
			come(p, true)
			want--
		}
	}
	return len(l.attendances) - before
}

// posted tells whether a deputy is posted to the station on a day.
func (at *site) posted(who *deputy, on time.Time) bool {
	return slices.ContainsFunc(at.postings, func(p *posting) bool { return p.mandate.deputy == who && p.inForce(on) })
}
