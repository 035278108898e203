package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gomutex/godocx"
	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"github.com/lianluo/lianluo/ent/archive"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/state"
)

// evil are titles that a spreadsheet, a page or a document could take for more than text.
var evil = []string{"=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "<script>alert(1)</script>", `"&amp;'<`, "]]>", "一\x01二", "{=1}", "行一\n行二"}

func on(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr[T any](v T) *T { return &v }

// sample is an archive with something in each section, and the evil texts wherever people write.
func sample() *archive.Archive {
	m := &gen.Mandate{ID: uuid.New(), TermNumber: 18, ElectedOn: on("2021-11-20"), Status: state.MandateConfirmed}
	s := &gen.Station{Name: "<b>果园镇人大代表联络站</b>"}
	a := &archive.Archive{
		Deputy:  &gen.Deputy{Name: "=安宁", Gender: kind.Female, Ethnicity: "土家族", BirthMonth: on("1980-03-01"), WorkUnit: ptr("+某中学")},
		Mandate: m, Seat: "长沙县人民代表大会", Place: "果园镇", Mandates: []archive.Seat{{Mandate: m, Congress: "长沙县人民代表大会"}},
		From: on("2021-11-20"), To: on("2022-06-15"), MadeAt: time.Date(2022, time.June, 14, 17, 0, 0, 0, time.UTC),
		Attendances: []archive.Attendance{{Day: on("2022-01-05"), Way: kind.WayHelp, Outside: true}},
		Visits: []archive.Visit{
			{Day: on("2022-02-15"), Outcome: archive.VisitReplaced, Station: s, Theme: evil[0], Other: "周某", Reason: evil[5]},
		},
		Opinions: []archive.Opinion{
			{Day: on("2022-03-01"), Number: "220301-1", Category: "道路", State: state.OpinionClosed, Outcome: ptr(kind.OutcomeSolved), Rating: ptr(kind.RatingSatisfied)},
		},
		Trainings: []archive.Training{{Day: on("2022-03-02"), Title: evil[3], Hours: 25}},
		Records:   []archive.Record{{Day: on("2022-03-03"), Kind: kind.RecordStory, Title: evil[6]}},
		Norms:     []archive.Norm{{Year: 2022}},
		Points:    []archive.Point{{Day: on("2022-03-04"), Item: "A", Name: evil[1], Deed: kind.DeedAttendance, Evidence: evil[2], Points: -15, Correction: true}},
		Checks:    []archive.Check{{Day: on("2022-05-01"), Year: 2022, Points: 1234, Note: evil[7]}},
		Pairings:  []archive.Pairing{{Kind: kind.PairingUpperLower, Leads: true, With: evil[4], From: on("2022-01-01"), To: ptr(on("2022-05-01")), Contacts: 2}},
		Contacts:  []archive.Contact{{Day: on("2022-04-01"), Way: kind.ContactVisit, With: "周某", Note: evil[10]}},
		Evaluations: []archive.Evaluation{
			{Day: on("2022-06-01"), From: on("2022-01-01"), To: on("2022-05-31"), Name: "半年考评", SelfTotal: ptr(900), Total: ptr(955), Stars: ptr(5)},
		},
	}
	for i, title := range evil {
		a.Attendances = append(a.Attendances, archive.Attendance{
			ID: uuid.New(), Day: on("2022-01-06").AddDate(0, 0, i), Way: kind.WayReception, Mode: ptr(kind.ModeReceiving), Title: title, Station: s, Guest: i%2 == 0,
		})
		a.Suggestions = append(a.Suggestions, archive.Suggestion{Day: on("2022-02-06").AddDate(0, 0, i), Title: title, State: state.SuggestionDraft})
	}
	a.Norms[0].Item.Name, a.Norms[0].Met, a.Norms[0].Missing = "每月进站", 4, 1
	a.Total = archive.Sums{Attendances: 12, Points: -15, TrainingHours: 25, Ways: []archive.Count{{Key: "RECEPTION", Name: "接待", Count: 11}}}
	a.Years = []archive.Sums{{Year: 2021, Ways: []archive.Count{{Key: "RECEPTION", Name: "接待"}}}, a.Total}
	a.Years[1].Year = 2022
	return a
}

// clean is a text as files can hold it: what XML has no place for is replaced.
func clean(text string) string { return strings.ReplaceAll(text, "\x01", "\uFFFD") }

// want are the texts of a table's cells, row by row, from the header to the sums.
func want(t table) [][]string {
	var out [][]string
	put := func(row []any) {
		texts := make([]string, len(t.columns))
		for i, value := range row {
			texts[i] = clean(text(value))
		}
		out = append(out, texts)
	}
	head := make([]any, len(t.columns))
	for i, c := range t.columns {
		head[i] = c.name
	}
	put(head)
	for _, row := range t.rows {
		put(row)
	}
	if t.last != nil {
		put(t.last)
	}
	return out
}

// TestWorkbook opens the workbook and compares every cell; no text is a formula.
func TestWorkbook(t *testing.T) {
	a := sample()
	var out bytes.Buffer
	if err := XLSX(&out, a); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if got := f.GetSheetList(); len(got) != len(tables(a)) {
		t.Errorf("sheets %v", got)
	}
	formulas := 0
	for _, part := range tables(a) {
		for i, row := range want(part) {
			for j, said := range row {
				name, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				got, err := f.GetCellValue(part.title, name, excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				if date, ok := cellOf(part, i, j).(day); ok {
					serial, err := excelize.ExcelDateToTime(number64(t, got), false)
					if err != nil || serial.Format(time.DateOnly) != said {
						t.Errorf("%s %s: the day %v is %s", part.title, name, date, got)
					}
				} else if got != said {
					t.Errorf("%s %s is %q, want %q", part.title, name, got, said)
				}
				if formula, err := f.GetCellFormula(part.title, name); err != nil || formula != "" {
					formulas++
				}
				if typ, err := f.GetCellType(part.title, name); err != nil || typ == excelize.CellTypeFormula {
					formulas++
				}
			}
		}
		if rows, err := f.GetRows(part.title); err != nil || len(rows) != len(want(part)) {
			t.Errorf("%s has %d rows, want %d", part.title, len(rows), len(want(part)))
		}
		if width, err := f.GetColWidth(part.title, "A"); err != nil || width != part.columns[0].width {
			t.Errorf("%s: the first column is %v wide", part.title, width)
		}
		if panes, err := f.GetPanes(part.title); err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the header moves: %+v", part.title, panes)
		}
	}
	if formulas != 0 {
		t.Errorf("%d formulas", formulas)
	}
}

func number64(t *testing.T, text string) (n float64) {
	t.Helper()
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// cellOf is the cell of a table as want tells it; nil of the header.
func cellOf(t table, i, j int) any {
	rows := append(slices.Clone(t.rows), t.last)
	if i == 0 || j >= len(rows[i-1]) {
		return nil
	}
	return rows[i-1][j]
}

// TestDocument opens the document, by its library and as what it is, and compares every cell.
func TestDocument(t *testing.T) {
	a := sample()
	var out bytes.Buffer
	if err := DOCX(&out, a); err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/archive.docx"
	write(t, path, out.Bytes())
	if _, err := godocx.OpenDocument(path); err != nil {
		t.Errorf("the library does not open it: %v", err)
	}
	got, paper := drawn(t, out.Bytes())
	if paper != "11906 16838" {
		t.Errorf("the paper is %s", paper)
	}
	var all [][][]string
	for _, part := range tables(a) {
		if len(part.rows) > 0 {
			all = append(all, want(part))
		}
	}
	if len(got) != len(all) {
		t.Fatalf("%d tables, want %d", len(got), len(all))
	}
	for i := range all {
		if !slices.EqualFunc(got[i], all[i], slices.Equal) {
			t.Errorf("table %d is\n%q, want\n%q", i, got[i], all[i])
		}
	}
}

// drawn reads the tables and the paper of a document.
func drawn(t *testing.T, file []byte) (tables [][][]string, paper string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	d := xml.NewDecoder(f)
	var inside []string // the elements that are open
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return tables, paper
		}
		if err != nil {
			t.Fatal(err)
		}
		last := len(tables) - 1
		switch x := token.(type) {
		case xml.StartElement:
			inside = append(inside, x.Name.Local)
			switch x.Name.Local {
			case "tbl":
				tables = append(tables, nil)
			case "tr":
				tables[last] = append(tables[last], nil)
			case "tc":
				row := len(tables[last]) - 1
				tables[last][row] = append(tables[last][row], "")
			case "pgSz":
				for _, attr := range x.Attr {
					paper = strings.TrimSpace(paper + " " + attr.Value)
				}
			}
		case xml.EndElement:
			inside = inside[:len(inside)-1]
		case xml.CharData:
			if slices.Contains(inside, "tc") && inside[len(inside)-1] == "t" {
				row := tables[last][len(tables[last])-1]
				row[len(row)-1] += string(x)
			}
		}
	}
}

var cells = regexp.MustCompile(`(?s)<t[hd](?: [^>]*)?>(.*?)</t[hd]>`)

// TestPage reads the page's cells, and holds it to its policy: nothing is loaded, nothing runs.
func TestPage(t *testing.T) {
	a := sample()
	var out bytes.Buffer
	if err := HTML(&out, a); err != nil {
		t.Fatal(err)
	}
	said := out.String()
	for _, forbidden := range []string{"<script", "<img", "<link", "src=", "href=", "url(", "@import", "javascript:", "onload", " style="} {
		if strings.Contains(said, forbidden) {
			t.Errorf("the page has %s", forbidden)
		}
	}
	begin, end := strings.Index(said, "<style>"), strings.Index(said, "</style>")
	if got := said[begin+len("<style>") : end]; got != string(style) {
		t.Error("the style is not what its hash was made of")
	}
	if policy := Policy(); !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") {
		t.Error(policy)
	}
	var got, all []string
	for _, cell := range cells.FindAllStringSubmatch(said, -1) {
		got = append(got, strings.ReplaceAll(html.UnescapeString(cell[1]), "\x01", "\uFFFD"))
	}
	for _, part := range tables(a)[1:] {
		if len(part.rows) > 0 {
			for _, row := range want(part) {
				all = append(all, row...)
			}
		}
	}
	if !slices.Equal(got, all) {
		t.Errorf("%d cells %q, want %d %q", len(got), got, len(all), all)
	}
	for _, part := range tables(a) {
		if !strings.Contains(said, "<h2>"+part.title+"</h2>") {
			t.Errorf("no part %s", part.title)
		}
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
