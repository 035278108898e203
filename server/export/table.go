package export

import (
	"cmp"
	"strconv"
	"time"

	"github.com/lianluo/lianluo/ent/archive"
	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
)

// table is a part of the file: a title, columns, rows, and what they add up to.
type table struct {
	title   string
	columns []column
	// rows hold texts (string), counts (int), numbers in tenths (tenths), days (day) and nothing (nil).
	rows [][]any
	// last is the line of sums below; none where there is nothing to add up.
	last []any
}

// column is a column of a table.
type column struct {
	name string
	// width is about the number of Latin characters.
	width float64
}

type (
	// tenths is a number kept in tenths.
	tenths int
	// day is a calendar day.
	day time.Time
)

// text is how a cell is told where there are only words.
func text(cell any) string {
	switch c := cell.(type) {
	case string:
		return c
	case int:
		return strconv.Itoa(c)
	case tenths:
		return strconv.FormatFloat(c.number(), 'f', -1, 64)
	case day:
		return time.Time(c).Format(time.DateOnly)
	}
	return ""
}

func (t tenths) number() float64 { return float64(t) / 10 }

// numeric tells whether a cell is set to the right.
func numeric(cell any) bool {
	switch cell.(type) {
	case int, tenths:
		return true
	}
	return false
}

// tables are all parts of an archive's file.
func tables(a *archive.Archive) []table {
	return []table{
		person(a), seats(a), sums(a), attendances(a), visits(a), opinions(a), suggestions(a), trainings(a), records(a), norms(a), items(a),
		points(a), checks(a), pairings(a), contacts(a), evaluations(a),
	}
}

func person(a *archive.Archive) table {
	d, m := a.Deputy, a.Mandate
	t := table{title: "基本情况", columns: []column{{"项目", 16}, {"内容", 48}}}
	for _, row := range [][]any{
		{"姓名", d.Name},
		{"性别", map[kind.Gender]string{kind.Male: "男", kind.Female: "女"}[d.Gender]},
		{"民族", d.Ethnicity},
		{"出生年月", d.BirthMonth.Format("2006年1月")},
		{"单位", d.WorkUnit},
		{"职务", d.JobTitle},
		{"代表职务", seat(a.Seat, m)},
		{"编组地", a.Place},
		{"当选日期", day(m.ElectedOn)},
		{"状态", m.Status.Title()},
		{"档案起止", text(day(a.From)) + " 至 " + text(day(a.To))},
		{"生成日期", day(calendar.Today(a.MadeAt))},
	} {
		if given, ok := row[1].(*string); ok {
			row[1] = ""
			if given != nil {
				row[1] = *given
			}
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// seat names a mandate as people do: 长沙县第18届人民代表大会代表.
func seat(congress string, m *gen.Mandate) string {
	return congress + "(第" + strconv.Itoa(m.TermNumber) + "届)代表"
}

func seats(a *archive.Archive) table {
	t := table{title: "历任代表职务", columns: []column{{"代表职务", 40}, {"当选日期", 12}, {"终止日期", 12}, {"状态", 12}}}
	for _, m := range a.Mandates {
		t.rows = append(t.rows, []any{seat(m.Congress, m.Mandate), day(m.ElectedOn), until(m.EndedOn), m.Status.Title()})
	}
	return t
}

// until is a day that may be none.
func until(end *time.Time) any {
	if end == nil {
		return nil
	}
	return day(*end)
}

func at(s *gen.Station) any {
	if s == nil {
		return nil
	}
	return s.Name
}

// outside stands in the place of the title of what was done outside the viewer's area.
func outside(out bool, title string) string {
	if out {
		return archive.Elsewhere
	}
	return title
}

func yes(b bool, word string) any {
	if b {
		return word
	}
	return nil
}

func attendances(a *archive.Archive) table {
	t := table{title: archive.SectionAttendance.Name(), columns: []column{{"日期", 12}, {"活动", 36}, {"履职方式", 14}, {"联系方式", 10}, {"站点", 36}, {"列席", 8}}}
	for _, x := range a.Attendances {
		t.rows = append(t.rows, []any{day(x.Day), outside(x.Outside, x.Title), archive.WayName(x.Way), archive.ModeName(x.Mode), at(x.Station), yes(x.Guest, "列席")})
	}
	t.last = []any{"合计", a.Total.Attendances}
	return t
}

func visits(a *archive.Archive) table {
	t := table{title: archive.SectionVisit.Name(), columns: []column{{"日期", 12}, {"站点", 36}, {"主题", 30}, {"到岗情况", 12}, {"说明", 36}}}
	for _, x := range a.Visits {
		t.rows = append(t.rows, []any{day(x.Day), at(x.Station), x.Theme, x.Outcome.Name(), x.Substitution()})
	}
	t.last = []any{"合计", len(a.Visits)}
	return t
}

func opinions(a *archive.Archive) table {
	t := table{title: archive.SectionOpinion.Name(), columns: []column{
		{"日期", 12}, {"受理编号", 20}, {"问题分类", 20}, {"站点", 36}, {"状态", 12}, {"办理结果", 12}, {"满意度", 12},
	}}
	for _, x := range a.Opinions {
		t.rows = append(t.rows, []any{
			day(x.Day), outside(x.Outside, x.Number), x.Category, at(x.Station), x.State.Title(), archive.OutcomeName(x.Outcome), archive.RatingName(x.Rating),
		})
	}
	t.last = []any{"合计", len(a.Opinions)}
	return t
}

func suggestions(a *archive.Archive) table {
	t := table{title: archive.SectionSuggestion.Name(), columns: []column{{"日期", 12}, {"标题", 60}, {"状态", 12}}}
	for _, x := range a.Suggestions {
		t.rows = append(t.rows, []any{day(x.Day), outside(x.Outside, x.Title), archive.SuggestionName(x.State)})
	}
	t.last = []any{"合计", a.Total.Suggestions}
	return t
}

func trainings(a *archive.Archive) table {
	t := table{title: archive.SectionTraining.Name(), columns: []column{{"日期", 12}, {"课程", 60}, {"学时", 10}}}
	for _, x := range a.Trainings {
		row := []any{day(x.Day), outside(x.Outside, x.Title), nil}
		if !x.Outside {
			row[2] = tenths(x.Hours)
		}
		t.rows = append(t.rows, row)
	}
	t.last = []any{"合计", a.Total.Trainings, tenths(a.Total.TrainingHours)}
	return t
}

func records(a *archive.Archive) table {
	t := table{title: archive.SectionRecord.Name(), columns: []column{{"日期", 12}, {"类型", 14}, {"标题", 60}}}
	for _, x := range a.Records {
		t.rows = append(t.rows, []any{day(x.Day), archive.RecordName(x.Kind), outside(x.Outside, x.Title)})
	}
	t.last = []any{"合计", a.Total.Records}
	return t
}

func norms(a *archive.Archive) table {
	t := table{title: "履职标准", columns: []column{
		{"年度", 8}, {"标准项", 36}, {"周期", 10}, {"每周期要求", 12}, {"已达标", 10}, {"未达标", 10}, {"进行中", 10}, {"不适用", 10},
	}}
	for _, x := range a.Norms {
		t.rows = append(t.rows, []any{
			x.Year, x.Item.Name, archive.PeriodName(x.Item.Period), x.Item.Required, x.Met, x.Missing, x.Pending, x.NotApplicable,
		})
	}
	t.last = []any{"合计", nil, nil, nil, a.Total.NormsMet, a.Total.NormsMissing}
	return t
}

func items(a *archive.Archive) table {
	t := table{title: "积分分项", columns: []column{{"年度", 8}, {"积分项目", 40}, {"笔数", 10}, {"积分", 10}}}
	for _, x := range a.Items() {
		t.rows = append(t.rows, []any{x.Year, x.Name, x.Lines, tenths(x.Points)})
	}
	t.last = []any{"合计", nil, len(a.Points), tenths(a.Total.Points)}
	return t
}

func points(a *archive.Archive) table {
	t := table{title: "积分台账", columns: []column{{"日期", 12}, {"积分项目", 36}, {"事项", 14}, {"依据", 40}, {"更正", 8}, {"积分", 10}}}
	for _, x := range a.Points {
		t.rows = append(t.rows, []any{day(x.Day), x.Name, archive.DeedName(x.Deed), x.Evidence, yes(x.Correction, "更正"), tenths(x.Points)})
	}
	t.last = []any{"合计", len(a.Points), nil, nil, nil, tenths(a.Total.Points)}
	return t
}

func checks(a *archive.Archive) table {
	t := table{title: "积分自查", columns: []column{{"自查日期", 12}, {"年度", 8}, {"当时积分", 12}, {"结论", 10}, {"说明", 48}}}
	for _, x := range a.Checks {
		word := "有异议"
		if x.Agreed {
			word = "无误"
		}
		t.rows = append(t.rows, []any{day(x.Day), x.Year, tenths(x.Points), word, x.Note})
	}
	return t
}

func pairings(a *archive.Archive) table {
	t := table{title: "结对", columns: []column{{"结对类型", 28}, {"角色", 10}, {"结对对象", 30}, {"起始日期", 12}, {"终止日期", 12}, {"联系次数", 10}}}
	for _, x := range a.Pairings {
		role := "被联系"
		if x.Leads {
			role = "联系人"
		}
		t.rows = append(t.rows, []any{archive.PairingName(x.Kind), role, x.With, day(x.From), until(x.To), x.Contacts})
	}
	return t
}

func contacts(a *archive.Archive) table {
	t := table{title: "联系记录", columns: []column{{"日期", 12}, {"对象", 30}, {"方式", 14}, {"内容", 60}}}
	for _, x := range a.Contacts {
		t.rows = append(t.rows, []any{day(x.Day), outside(x.Outside, x.With), archive.ContactName(x.Way), x.Note})
	}
	t.last = []any{"合计", a.Total.Contacts}
	return t
}

func evaluations(a *archive.Archive) table {
	t := table{title: archive.SectionEvaluation.Name(), columns: []column{{"公布日期", 12}, {"考评活动", 40}, {"考评期间", 26}, {"自评得分", 10}, {"评审得分", 10}, {"星级", 8}}}
	for _, x := range a.Evaluations {
		t.rows = append(t.rows, []any{
			day(x.Day), x.Name, text(day(x.From)) + " 至 " + text(day(x.To)), points10(x.SelfTotal), points10(x.Total), number(x.Stars),
		})
	}
	return t
}

func points10(n *int) any {
	if n == nil {
		return nil
	}
	return tenths(*n)
}

func number(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

// sums is the table of what each year, and the term, come to.
func sums(a *archive.Archive) table {
	t := table{title: "履职小计", columns: []column{{"项目", 30}}}
	all := append(append([]archive.Sums{}, a.Years...), a.Total)
	for _, s := range all {
		name := "合计"
		if s.Year != 0 {
			name = strconv.Itoa(s.Year) + "年"
		}
		t.columns = append(t.columns, column{name, 10})
	}
	for _, line := range lines(a.Total) {
		row := []any{line.name}
		for _, s := range all {
			row = append(row, line.value(s))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// line is one measure of the sums.
type line struct {
	name  string
	value func(archive.Sums) any
}

// lines are all measures; of the vocabularies, those that sums have.
func lines(s archive.Sums) []line {
	out := []line{
		{"参加活动次数", func(s archive.Sums) any { return s.Attendances }},
		{"其中:在辖区外", func(s archive.Sums) any { return s.AttendancesOutside }},
		{"其中:列席", func(s archive.Sums) any { return s.AttendancesAsGuest }},
	}
	out = append(out, each("方式:", s.Ways, func(s archive.Sums) []archive.Count { return s.Ways })...)
	out = append(out, each("联系方式:", s.Modes, func(s archive.Sums) []archive.Count { return s.Modes })...)
	out = append(out,
		line{"接待日到岗次数", func(s archive.Sums) any { return s.VisitsKept }},
		line{"接待日缺席次数", func(s archive.Sums) any { return s.VisitsMissed }},
		line{"由他人替班次数", func(s archive.Sums) any { return s.VisitsReplaced }},
		line{"替他人值班次数", func(s archive.Sums) any { return s.VisitsTaken }},
		line{"反映社情民意件数", func(s archive.Sums) any { return s.Opinions }},
		line{"其中:在辖区外反映", func(s archive.Sums) any { return s.OpinionsOutside }},
		line{"其中:办结", func(s archive.Sums) any { return s.OpinionsClosed }},
		line{"另有:不予受理", func(s archive.Sums) any { return s.OpinionsDeclined }},
	)
	out = append(out, each("办理结果:", s.Outcomes, func(s archive.Sums) []archive.Count { return s.Outcomes })...)
	out = append(out, each("满意度:", s.Ratings, func(s archive.Sums) []archive.Count { return s.Ratings })...)
	out = append(out,
		line{"提出建议件数", func(s archive.Sums) any { return s.Suggestions }},
		line{"其中:在辖区外提出", func(s archive.Sums) any { return s.SuggestionsOutside }},
		line{"参加培训次数", func(s archive.Sums) any { return s.Trainings }},
		line{"其中:在辖区外培训", func(s archive.Sums) any { return s.TrainingsOutside }},
		line{"培训学时", func(s archive.Sums) any { return tenths(s.TrainingHours) }},
		line{"履职记录篇数", func(s archive.Sums) any { return s.Records }},
		line{"其中:在辖区外记录", func(s archive.Sums) any { return s.RecordsOutside }},
	)
	out = append(out, each("记录:", s.RecordKinds, func(s archive.Sums) []archive.Count { return s.RecordKinds })...)
	return append(out,
		line{"达标项次", func(s archive.Sums) any { return s.NormsMet }},
		line{"未达标项次", func(s archive.Sums) any { return s.NormsMissing }},
		line{"履职积分", func(s archive.Sums) any { return tenths(s.Points) }},
		line{"结对联系次数", func(s archive.Sums) any { return s.Contacts }},
		line{"其中:在辖区外联系", func(s archive.Sums) any { return s.ContactsOutside }},
		line{"考评次数", func(s archive.Sums) any { return s.Evaluations }},
	)
}

// each is a measure for every value of a vocabulary.
func each(before string, counts []archive.Count, of func(archive.Sums) []archive.Count) []line {
	out := make([]line, len(counts))
	for i, c := range counts {
		out[i] = line{before + cmp.Or(c.Name, c.Key), func(s archive.Sums) any { return of(s)[i].Count }}
	}
	return out
}
