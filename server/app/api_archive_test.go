package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/app/apitest"
)

// archives is the world with a busy deputy, whose archive is asked for.
type archives struct {
	*apitest.Server
	world *apitest.World
	busy  *apitest.Busy
}

func newArchives(t *testing.T, n int) *archives {
	t.Helper()
	a := &archives{Server: apitest.New(t), world: apitest.NewWorld()}
	a.busy = a.world.NewBusy(11, n, calendar.Today(time.Now()))
	a.world.Load(t, a.Owner)
	a.busy.Load(t, a.Owner)
	return a
}

func (a *archives) at(role viewer.Role, code string, more ...apitest.Grant) *apitest.Caller {
	return a.As(role, place.MustParse(code), more...)
}

func (a *archives) deputy(id string) *apitest.Caller {
	return a.at(viewer.Deputy, "430121", apitest.Person(uuid.MustParse(id)))
}

func (a *archives) id() string { return globalID("Mandate", a.busy.Mandate) }

const sumsFields = `year attendances attendancesOutside attendancesAsGuest ways { key name count } modes { key name count } visitsKept visitsMissed visitsReplaced
	visitsTaken opinions opinionsOutside opinionsDeclined opinionsClosed outcomes { key name count } ratings { key name count } suggestions suggestionsOutside trainings
	trainingsOutside trainingHours records recordsOutside recordKinds { key name count } normsMet normsMissing points contacts contactsOutside evaluations`

const archiveQuery = `query($id: ID!) { dutyArchive(mandate: $id) {
	mandate { id level deputy { id } } deputy { id name } mandates { id congress { name } } from to madeAt
	years { ` + sumsFields + ` } total { ` + sumsFields + ` }
	norms { year key name period required met missing pending notApplicable }
	pointItems { year key name lines points } pointChecks { day year points agreed note }
	pairings { kind leads with from to contacts } evaluations { name day from to selfTotal total stars }
	exports { xlsx html docx }
	entries(first: 1) { totalCount edges { cursor node { day } } pageInfo { hasNextPage } } } }`

// answered is what archiveQuery answers, as far as tests look at it.
type answered struct {
	DutyArchive struct {
		Mandate, Deputy struct{ ID, Name string }
		Mandates        []struct{ ID string }
		From, To        string
		Years           []map[string]any
		Total           map[string]any
		PointItems      []struct {
			Year, Lines int
			Name        string
			Points      float64
		}
		PointChecks []struct {
			Year   int
			Points float64
			Agreed bool
			Note   string
		}
		Pairings    []struct{ With string }
		Evaluations []struct {
			Total float64
			Stars int
		}
		Exports struct{ Xlsx, HTML, Docx string }
		Entries struct{ TotalCount int }
	}
}

func (a *archives) read(c *apitest.Caller) *answered {
	out := new(answered)
	c.Get(out, archiveQuery, apitest.Vars{"id": a.id()})
	return out
}

// fetch asks for a path with a token, or without.
func (a *archives) fetch(t *testing.T, path, token string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, body
}

// exported counts the lines in the audit.
func (a *archives) exported(t *testing.T) (n int) {
	t.Helper()
	if err := a.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_entry WHERE verb = 'exportArchive' AND entity = 'Mandate' AND entity_id = $1`,
		a.busy.Mandate).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// measures are the sums of the API by the words of the files, in their order.
func measures(s map[string]any) [][2]string {
	var out [][2]string
	put := func(name string, value any) { out = append(out, [2]string{name, fmt.Sprint(value)}) }
	each := func(before, field string) {
		counts, _ := s[field].([]any)
		for _, c := range counts {
			count, _ := c.(map[string]any)
			put(before+fmt.Sprint(count["name"]), count["count"])
		}
	}
	put("参加活动次数", s["attendances"])
	put("其中:在辖区外", s["attendancesOutside"])
	put("其中:列席", s["attendancesAsGuest"])
	each("方式:", "ways")
	each("联系方式:", "modes")
	for _, m := range [][2]string{
		{"接待日到岗次数", "visitsKept"},
		{"接待日缺席次数", "visitsMissed"},
		{"由他人替班次数", "visitsReplaced"},
		{"替他人值班次数", "visitsTaken"},
		{"反映社情民意件数", "opinions"},
		{"其中:在辖区外反映", "opinionsOutside"},
		{"其中:办结", "opinionsClosed"},
		{"另有:不予受理", "opinionsDeclined"},
	} {
		put(m[0], s[m[1]])
	}
	each("办理结果:", "outcomes")
	each("满意度:", "ratings")
	for _, m := range [][2]string{
		{"提出建议件数", "suggestions"},
		{"其中:在辖区外提出", "suggestionsOutside"},
		{"参加培训次数", "trainings"},
		{"其中:在辖区外培训", "trainingsOutside"},
		{"培训学时", "trainingHours"},
		{"履职记录篇数", "records"},
		{"其中:在辖区外记录", "recordsOutside"},
	} {
		put(m[0], s[m[1]])
	}
	each("记录:", "recordKinds")
	for _, m := range [][2]string{
		{"达标项次", "normsMet"},
		{"未达标项次", "normsMissing"},
		{"履职积分", "points"},
		{"结对联系次数", "contacts"},
		{"其中:在辖区外联系", "contactsOutside"},
		{"考评次数", "evaluations"},
	} {
		put(m[0], s[m[1]])
	}
	return out
}

// sheet is the table of sums as the API tells it: the years side by side, the term last.
func (r *answered) sheet() [][]string {
	head := []string{"项目"}
	var out [][]string
	for i, s := range append(slices.Clone(r.DutyArchive.Years), r.DutyArchive.Total) {
		name := "合计"
		if s["year"] != nil {
			name = fmt.Sprint(s["year"]) + "年"
		}
		head = append(head, name)
		for j, m := range measures(s) {
			if i == 0 {
				out = append(out, []string{m[0]})
			}
			out[j] = append(out[j], m[1])
		}
	}
	return append([][]string{head}, out...)
}

// TestArchiveFiles: the API and the three files tell the same numbers, all of them, to each viewer its own; and the audit tells of every file.
func TestArchiveFiles(t *testing.T) {
	a := newArchives(t, 30)
	notes := 0
	var outside []any
	for name, c := range map[string]*apitest.Caller{
		"county": a.at(viewer.CountyAdmin, "430121"), "township": a.at(viewer.TownshipAdmin, "430121107"), "keeper": a.at(viewer.StationKeeper, "430121107"),
		"deputy": a.deputy(a.busy.Deputy),
	} {
		r := a.read(c)
		d := r.DutyArchive
		outside = append(outside, d.Total["attendancesOutside"])
		if d.Mandate.ID != a.id() || d.Deputy.ID != globalID("Deputy", a.busy.Deputy) || d.From != a.busy.Elected || d.To != calendar.Today(time.Now()).Format(time.DateOnly) ||
			d.Total["year"] != nil || len(d.PointChecks) != 1 || d.PointChecks[0].Points != 12.3 || len(d.Evaluations) != 2 || d.Evaluations[0].Total != 95.5 {
			t.Errorf("%s: %+v", name, d)
		}
		if got := a.exported(t); got != notes {
			t.Fatalf("%s: reading is in the audit: %d lines, want %d", name, got, notes)
		}
		for form, address := range map[string]string{"xlsx": d.Exports.Xlsx, "html": d.Exports.HTML, "docx": d.Exports.Docx} {
			bare, _, _ := strings.Cut(address, "?")
			res, file := a.fetch(t, address, "")
			notes++
			again, same := a.fetch(t, bare, c.Token)
			notes++
			if res.StatusCode != http.StatusOK || again.StatusCode != http.StatusOK {
				t.Fatalf("%s %s: %d by the address, %d by the token: %s", name, form, res.StatusCode, again.StatusCode, file)
			}
			checkHeaders(t, res, form, d.Deputy.Name)
			for _, content := range [][]byte{file, same} {
				got := sumsIn(t, form, content)
				if want := r.sheet(); !slices.EqualFunc(got, want, slices.Equal) {
					t.Errorf("%s %s:\n%q, want\n%q", name, form, got, want)
				}
			}
		}
		if got := a.exported(t); got != notes {
			t.Errorf("%s: %d lines in the audit, want %d", name, got, notes)
		}
		a.checkSections(t, c, d.Exports.Xlsx)
		notes++
	}
	if !slices.Contains(outside, any(0.0)) || slices.IndexFunc(outside, func(n any) bool { return n != 0.0 }) < 0 {
		t.Errorf("outside: %v", outside)
	}
}

// checkSections compares the rows of the workbook's sheets with the entries of the API.
func (a *archives) checkSections(t *testing.T, c *apitest.Caller, address string) {
	t.Helper()
	_, file := a.fetch(t, address, "")
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for section, x := range map[string]struct {
		sheet string
		sums  int // lines of sums below
	}{
		"ATTENDANCE": {"参加活动", 1}, "VISIT_DAY": {"代表接待日", 1}, "OPINION": {"社情民意", 1}, "SUGGESTION": {"代表建议", 1}, "TRAINING": {"培训", 1},
		"RECORD": {"履职记录", 1}, "POINT": {"积分台账", 1}, "CONTACT": {"联系记录", 1}, "EVALUATION": {"考评", 0},
	} {
		var r struct {
			DutyArchive struct{ Entries struct{ TotalCount int } }
		}
		c.Get(&r, `query($id: ID!, $of: [DutyArchiveSection!]) { dutyArchive(mandate: $id) { entries(sections: $of, first: 1) { totalCount } } }`,
			apitest.Vars{"id": a.id(), "of": []string{section}})
		rows, err := f.GetRows(x.sheet)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(rows) - 1 - x.sums; got != r.DutyArchive.Entries.TotalCount || got == 0 {
			t.Errorf("%s: %d rows in the sheet, %d entries", section, got, r.DutyArchive.Entries.TotalCount)
		}
		for _, row := range rows {
			for _, text := range row {
				if strings.Contains(text, "宋") || strings.Contains(text, "139") {
					t.Errorf("%s tells of who submitted an opinion: %q", section, row)
				}
			}
		}
	}
	for sheet := range slices.Values(f.GetSheetList()) {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			for j := range rows[i] {
				cell, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := f.GetCellFormula(sheet, cell); err != nil || formula != "" {
					t.Errorf("%s %s is a formula: %s %v", sheet, cell, formula, err)
				}
			}
		}
	}
}

func checkHeaders(t *testing.T, res *http.Response, form, name string) {
	t.Helper()
	how, params, err := mime.ParseMediaType(res.Header.Get("Content-Disposition"))
	if want := map[string]string{"html": "inline"}[form]; err != nil || how != want && (want != "" || how != "attachment") ||
		params["filename"] != name+"履职档案(第18届)."+form {
		t.Errorf("%s: %s %v %v", form, res.Header.Get("Content-Disposition"), params, err)
	}
	if !strings.Contains(res.Header.Get("Content-Disposition"), `filename="archive.`+form+`"; filename*=UTF-8''%`) {
		t.Errorf("%s", res.Header.Get("Content-Disposition"))
	}
	for header, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
		"Content-Type": map[string]string{
			"html": "text/html; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		}[form],
	} {
		if got := res.Header.Get(header); got != want {
			t.Errorf("%s: %s is %q", form, header, got)
		}
	}
	if policy := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") {
		t.Errorf("%s: %s", form, policy)
	}
}

var (
	tagRows  = regexp.MustCompile(`(?s)<h2>履职小计</h2>.*?</section>`)
	tagRow   = regexp.MustCompile(`(?s)<tr>(.*?)</tr>`)
	tagCell  = regexp.MustCompile(`(?s)<t[hd](?: [^>]*)?>(.*?)</t[hd]>`)
	wordRow  = regexp.MustCompile(`(?s)<w:tr[ >].*?</w:tr>`)
	wordCell = regexp.MustCompile(`(?s)<w:tc>.*?</w:tc>`)
	wordText = regexp.MustCompile(`(?s)<w:t(?: [^>]*)?>(.*?)</w:t>`)
)

// sumsIn reads the table of sums of a file.
func sumsIn(t *testing.T, form string, file []byte) (out [][]string) {
	t.Helper()
	switch form {
	case "xlsx":
		f, err := excelize.OpenReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		rows, err := f.GetRows("履职小计", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		return rows
	case "html":
		for _, row := range tagRow.FindAllStringSubmatch(tagRows.FindString(string(file)), -1) {
			var cells []string
			for _, cell := range tagCell.FindAllStringSubmatch(row[1], -1) {
				cells = append(cells, cell[1])
			}
			out = append(out, cells)
		}
		return out
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	document, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = document.Close() }()
	text, err := io.ReadAll(document)
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "履职小计")
	after, _, _ = strings.Cut(after, "</w:tbl>")
	for _, row := range wordRow.FindAllString(after, -1) {
		var cells []string
		for _, cell := range wordCell.FindAllString(row, -1) {
			said := ""
			for _, part := range wordText.FindAllStringSubmatch(cell, -1) {
				said += part[1]
			}
			cells = append(cells, said)
		}
		out = append(out, cells)
	}
	return out
}

// TestArchiveEntries walks the time line from both ends, filters it, and counts the statements of short and long pages.
func TestArchiveEntries(t *testing.T) {
	a := newArchives(t, 30)
	c := a.at(viewer.TownshipAdmin, "430121107")
	walk := func(forward bool) (lines []string) {
		vars := apitest.Vars{"id": a.id()}
		for {
			var p entryPage
			vars["first"], vars["last"] = 17, nil
			if !forward {
				vars["first"], vars["last"] = nil, 17
			}
			c.Get(&p, entriesQuery, vars)
			e := p.DutyArchive.Entries
			var page []string
			for _, edge := range e.Edges {
				n := edge.Node
				text, err := json.Marshal(n)
				if err != nil {
					t.Fatal(err)
				}
				page = append(page, edge.Cursor+string(text))
				if n.Outside && (n.Title != nil || n.Detail != nil || n.Station != nil || n.Source != nil || n.Hours != nil || n.Points != nil) {
					t.Errorf("told of what is outside: %s", text)
				}
				if n.Section == "OPINION" && !n.Outside && (n.Source == nil || n.Source.Typename != "Opinion") {
					t.Errorf("no source: %s", text)
				}
			}
			if forward {
				lines = append(lines, page...)
				vars["after"] = e.PageInfo.EndCursor
			} else {
				lines = append(page, lines...)
				vars["before"] = e.PageInfo.StartCursor
			}
			if forward && !e.PageInfo.HasNextPage || !forward && !e.PageInfo.HasPreviousPage {
				if len(lines) != e.TotalCount || e.TotalCount < 100 {
					t.Errorf("%d of %d lines", len(lines), e.TotalCount)
				}
				return lines
			}
		}
	}
	if there, back := walk(true), walk(false); !slices.Equal(there, back) {
		t.Error("the way back is another")
	}
	var p entryPage
	c.Get(&p, entriesQuery, apitest.Vars{"id": a.id(), "first": 100, "year": 2024, "sections": []string{"TRAINING", "POINT"}})
	for _, e := range p.DutyArchive.Entries.Edges {
		if n := e.Node; !strings.HasPrefix(n.Day, "2024") || n.Section != "TRAINING" && n.Section != "POINT" || n.Section == "POINT" && n.Points == nil {
			t.Errorf("%+v", n)
		}
	}
	if len(p.DutyArchive.Entries.Edges) == 0 {
		t.Error("nothing of 2024")
	}
	for what, x := range map[string]struct {
		vars       apitest.Vars
		path, code string
	}{
		"no length":        {apitest.Vars{"id": a.id()}, "first", "REQUIRED"},
		"too long":         {apitest.Vars{"id": a.id(), "first": 101}, "first", "OUT_OF_RANGE"},
		"a foreign cursor": {apitest.Vars{"id": a.id(), "first": 1, "after": "abc"}, "after", "MALFORMED"},
	} {
		got := c.Do(entriesQuery, x.vars)
		if got.Code() != "INVALID" || got.Errors[0].Extensions.Fields[0].Code != x.code || fmt.Sprint(got.Errors[0].Extensions.Fields[0].Path) != "["+x.path+"]" {
			t.Errorf("%s: %s", what, got.Body)
		}
	}
	cost := func(first int) int64 {
		before := a.Statements()
		c.Get(new(entryPage), entriesQuery, apitest.Vars{"id": a.id(), "first": first, "sections": []string{"OPINION", "SUGGESTION", "ATTENDANCE"}})
		return a.Statements() - before
	}
	cost(100)
	if few, many := cost(50), cost(100); few != many {
		t.Errorf("%d statements for a short page, %d for a long one", few, many)
	}
	// An archive is dear: few fit into a request.
	many := "{"
	for i := range 20 {
		many += " a" + strconv.Itoa(i) + `: dutyArchive(mandate: "` + a.id() + `") { from }`
	}
	if got := c.Do(many+" }", nil); got.Code() != "TOO_COMPLEX" {
		t.Error(got.Body)
	}
}
