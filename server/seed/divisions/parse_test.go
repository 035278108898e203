package divisions_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// national is the whole table, read once for all tests.
var national = sync.OnceValues(divisions.All)

func all(t testing.TB) []divisions.Row {
	t.Helper()
	rows, err := national()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func byCode(t testing.TB, rows []divisions.Row) map[place.Code]divisions.Row {
	t.Helper()
	index := make(map[place.Code]divisions.Row, len(rows))
	for _, row := range rows {
		if _, twice := index[row.Code]; twice {
			t.Errorf("%s stands in the rows twice", row.Code)
		}
		index[row.Code] = row
	}
	return index
}

func TestAllCounts(t *testing.T) {
	rows := all(t)
	if len(rows) != divisions.Size {
		t.Errorf("%d rows, Size says %d", len(rows), divisions.Size)
	}
	levels := map[place.Level]int{}
	headings := map[string]int{}
	for _, row := range rows {
		levels[row.Level]++
		if row.Placeholder {
			headings[row.Name]++
		}
	}
	// The table's 31, 342, 2,978, 41,352 and 620,573 rows, less five at which a place stands again.
	wantLevels := map[place.Level]int{
		place.LevelNation: 1, place.LevelProvince: 31, place.LevelCity: 342, place.LevelCounty: 2_975,
		place.LevelTownship: 41_351, place.LevelVillage: 620_572,
	}
	if diff := cmp.Diff(wantLevels, levels); diff != "" {
		t.Errorf("rows by level (-want +got):\n%s", diff)
	}
	wantHeadings := map[string]int{"市辖区": 4, "县": 1, "省直辖县级行政区划": 3, "自治区直辖县级行政区划": 1}
	if diff := cmp.Diff(wantHeadings, headings); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	if len(byCode(t, rows)) != len(rows) {
		t.Error("codes stand twice")
	}
	if !slices.IsSortedFunc(rows, func(a, b divisions.Row) int { return int(a.Code - b.Code) }) {
		t.Error("rows are not sorted by code")
	}
}

// hang is where a row hangs in the tree.
type hang struct{ parent, province, city, county, township place.Code }

// none stands for no such ancestor.
const none place.Code = -1

func hangOf(row divisions.Row) hang {
	code := func(c *place.Code) place.Code {
		if c == nil {
			return none
		}
		return *c
	}
	return hang{code(row.Parent), code(row.Province), code(row.City), code(row.County), code(row.Township)}
}

// expected finds where a row must hang by looking up each place that its digits name.
func expected(index map[place.Code]divisions.Row, row divisions.Row) hang {
	h := hang{none, none, none, none, none}
	for _, zeros := range []place.Code{1, 1e3, 1e6, 1e8, 1e10, 1e12} {
		up := row.Code / zeros * zeros
		above, ok := index[up]
		if !ok || above.Placeholder {
			continue
		}
		if up != row.Code && h.parent == none {
			h.parent = up
		}
		switch above.Level {
		case place.LevelProvince:
			h.province = up
		case place.LevelCity:
			h.city = up
		case place.LevelCounty:
			h.county = up
		case place.LevelTownship:
			h.township = up
		}
	}
	return h
}

func TestEveryRowHangsInTheTree(t *testing.T) {
	rows := all(t)
	index := byCode(t, rows)
	faults := 0
	for _, row := range rows {
		want, got := expected(index, row), hangOf(row)
		orphan := got.parent == none && row.Level != place.LevelNation
		if got == want && !orphan && row.Level == row.Code.Shape() {
			continue
		}
		t.Errorf("%s %s, a %s, hangs at %v, want %v", row.Code, row.Name, row.Level, got, want)
		if faults++; faults > 20 {
			t.Fatal("and so on")
		}
	}
}

// links writes where a row hangs.
func links(row divisions.Row) string {
	h := hangOf(row)
	var out []string
	for _, code := range []place.Code{h.parent, h.province, h.city, h.county, h.township} {
		if code == none {
			out = append(out, "-")
			continue
		}
		out = append(out, code.String())
	}
	return strings.Join(out, " ")
}

func TestLevelGaps(t *testing.T) {
	index := byCode(t, all(t))
	for _, test := range []struct {
		code, name string
		level      place.Level
		heading    bool
		links      string // parent, province, city, county, township
	}{
		{"000000000000", "全国", place.LevelNation, false, "- - - - -"},
		{"430000000000", "湖南省", place.LevelProvince, false, "000000000000 430000000000 - - -"},
		{"430100000000", "长沙市", place.LevelCity, false, "430000000000 430000000000 430100000000 - -"},
		{"430121000000", "长沙县", place.LevelCounty, false, "430100000000 430000000000 430100000000 430121000000 -"},
		{"430121001001", "开元路社区居委会", place.LevelVillage, false, "430121001000 430000000000 430100000000 430121000000 430121001000"},
		// Headings are nobody's parent and nobody's city.
		{"110100000000", "市辖区", place.LevelCity, true, "110000000000 110000000000 - - -"},
		{"110101000000", "东城区", place.LevelCounty, false, "110000000000 110000000000 - 110101000000 -"},
		{"110101001000", "东华门街道", place.LevelTownship, false, "110101000000 110000000000 - 110101000000 110101001000"},
		{"500200000000", "县", place.LevelCity, true, "500000000000 500000000000 - - -"},
		{"500229000000", "城口县", place.LevelCounty, false, "500000000000 500000000000 - 500229000000 -"},
		{"429000000000", "省直辖县级行政区划", place.LevelCity, true, "420000000000 420000000000 - - -"},
		{"429004000000", "仙桃市", place.LevelCounty, false, "420000000000 420000000000 - 429004000000 -"},
		{"659001000000", "石河子市", place.LevelCounty, false, "650000000000 650000000000 - 659001000000 -"},
		// Cities without counties.
		{"441900000000", "东莞市", place.LevelCity, false, "440000000000 440000000000 441900000000 - -"},
		{"441900003000", "东城街道", place.LevelTownship, false, "441900000000 440000000000 441900000000 - 441900003000"},
		{"442000000000", "中山市", place.LevelCity, false, "440000000000 440000000000 442000000000 - -"},
		{"460400000000", "儋州市", place.LevelCity, false, "460000000000 460000000000 460400000000 - -"},
		{"460400100000", "那大镇", place.LevelTownship, false, "460400000000 460000000000 460400000000 - 460400100000"},
		// A county that the table repeats as its own township and village.
		{"350527000000", "金门县", place.LevelCounty, false, "350500000000 350000000000 350500000000 350527000000 -"},
	} {
		row, ok := index[place.MustParse(test.code)]
		if !ok {
			t.Errorf("%s %s is missing", test.code, test.name)
			continue
		}
		if row.Name != test.name || row.Level != test.level || row.Placeholder != test.heading {
			t.Errorf("%s is %s %s, heading %t; want %s %s, %t", test.code, row.Name, row.Level, row.Placeholder, test.name, test.level, test.heading)
		}
		if got := links(row); got != test.links {
			t.Errorf("%s %s hangs at\n%s, want\n%s", test.code, test.name, got, test.links)
		}
	}
}

// The ids stand in every deployment's data: these must never change.
func TestIDsAreStable(t *testing.T) {
	for code, want := range map[string]string{
		"000000000000": "b08ceba2-b8c2-5b94-8055-9ae83c3b2236",
		"430000000000": "1b4487cf-d14b-53fc-ac6f-4c0e2b30543a",
		"430121000000": "9ef47078-0d2f-5f66-9fa8-94b3c12659d3",
		"441900003000": "20c475f8-713c-59de-86f8-00113122acca",
		"659012502503": "dc50cad5-8d87-5c12-afb1-43288d9f584a",
	} {
		if got := divisions.ID(place.MustParse(code)).String(); got != want {
			t.Errorf("the id of %s is %s, want %s", code, got, want)
		}
	}
	namespace := uuid.MustParse(divisions.Namespace)
	for _, row := range all(t) {
		if want := uuid.NewSHA1(namespace, []byte(row.Code.String())); row.ID != want {
			t.Fatalf("the id of %s is %s, not UUIDv5 %s", row.Code, row.ID, want)
		}
	}
}

const small = `code,level,name
430000000000,1,湖南省
430100000000,2,长沙市
430121000000,3,长沙县
430121001000,4,星沙街道
430121001001,5,开元路社区居委会
`

func TestParse(t *testing.T) {
	sorted, err := divisions.Parse(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	if len(sorted) != 6 || sorted[0].Name != divisions.NationName {
		t.Fatalf("got %d rows, the first %s; want 6 and %s", len(sorted), sorted[0].Name, divisions.NationName)
	}
	for _, row := range sorted {
		if got := row.ValidFrom.Format("2006-01-02"); got != "2023-06-30" {
			t.Errorf("%s is valid from %s", row.Name, got)
		}
	}

	lines := strings.SplitAfter(small, "\n")
	body := lines[1 : len(lines)-1]
	slices.Reverse(body)
	for name, text := range map[string]string{
		"any order":     lines[0] + strings.Join(body, ""),
		"spaces":        strings.ReplaceAll(small, "长沙县", " 长沙县　"),
		"quoted":        strings.ReplaceAll(small, "长沙县", `"长沙县"`),
		"several times": small + "430121000000,4,长沙县\n430121000000,5,长沙县\n",
		"line ends":     strings.ReplaceAll(small, "\n", "\r\n"),
	} {
		got, err := divisions.Parse(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(sorted, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":               "",
		"another header":        strings.Replace(small, "level", "depth", 1),
		"too few columns":       small + "430121002000,4\n",
		"too many columns":      small + "430121002000,4,泉塘街道,x\n",
		"a short code":          small + "430122,3,望城县\n",
		"a long code":           small + "4301220000000,3,望城县\n",
		"letters in a code":     small + "43012200000x,3,望城县\n",
		"no level":              small + "430122000000,,望城县\n",
		"level 0":               small + "430122000000,0,望城县\n",
		"level 6":               small + "430122000000,6,望城县\n",
		"level 33":              small + "430122000000,33,望城县\n",
		"no name":               small + "430122000000,3, \n",
		"the nation":            small + "000000000000,1,全国\n",
		"too high for its code": small + "430122000000,2,望城县\n",
		"too low for its code":  small + "430122000000,4,望城县\n",
		"no province":           small + "440100000000,2,广州市\n",
		"no city":               small + "430221000000,3,株洲县\n",
		"no township":           small + "430121002001,5,泉塘社区居委会\n",
		"a bare quote":          small + "430122000000,3,望\"城县\n",
	} {
		rows, err := divisions.Parse(strings.NewReader(text))
		if !errors.Is(err, divisions.ErrTable) {
			t.Errorf("%s: got %d rows and error %v, want %v", name, len(rows), err, divisions.ErrTable)
		}
	}
}

func TestParseTellsReadErrors(t *testing.T) {
	broken := errors.New("broken")
	for _, head := range []string{"", small} {
		_, err := divisions.Parse(iotest.DataErrReader(&failing{strings.NewReader(head), broken}))
		if !errors.Is(err, broken) || errors.Is(err, divisions.ErrTable) {
			t.Errorf("after %d bytes: got error %v, want the reader's, not a bad table", len(head), err)
		}
	}
}

// failing reads text and then fails.
type failing struct {
	text *strings.Reader
	err  error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.text.Len() == 0 {
		return 0, f.err
	}
	return f.text.Read(p)
}

func TestSubset(t *testing.T) {
	rows := all(t)
	codes := func(subset []divisions.Row) []string {
		var out []string
		for _, row := range subset {
			out = append(out, row.Code.String())
		}
		return out
	}
	if got := divisions.Subset(rows); got != nil {
		t.Errorf("without roots: %d rows", len(got))
	}
	if got := divisions.Subset(rows, place.MustParse("990000")); got != nil {
		t.Errorf("an unknown root: %d rows", len(got))
	}
	if got := divisions.Subset(rows, place.Nation); len(got) != len(rows) {
		t.Errorf("the nation: %d rows of %d", len(got), len(rows))
	}
	// Ancestors come along, headings do not; a root within another adds nothing.
	got := codes(divisions.Subset(rows, place.MustParse("110101001001"), place.MustParse("350527"), place.MustParse("110101001001")))
	want := []string{"000000000000", "110000000000", "110101000000", "110101001000", "110101001001", "350000000000", "350500000000", "350527000000"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a village and a county (-want +got):\n%s", diff)
	}

	subset := divisions.Subset(rows, place.MustParse("430121"), place.MustParse("441900"))
	index := byCode(t, subset)
	for _, row := range subset {
		if row.Parent == nil {
			continue
		}
		if _, ok := index[*row.Parent]; !ok {
			t.Errorf("%s %s has lost its parent", row.Code, row.Name)
		}
	}
	townships := 0
	for _, row := range subset {
		if row.Level == place.LevelTownship && row.County != nil && row.County.String() == "430121000000" {
			townships++
		}
	}
	if townships != 18 {
		t.Errorf("长沙县 has %d townships, want 18", townships)
	}
}
