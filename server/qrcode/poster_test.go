package qrcode_test

import (
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/lianluo/lianluo/server/qrcode"
)

var update = flag.Bool("update", false, "write the golden files anew")

// hostile are names that someone may enter.
var hostile = []string{
	`<script>alert(1)</script>`,
	`</title></svg><script>alert(1)</script>`,
	`</style><script>alert(1)</script><style>`,
	`"><img src=x onerror=alert(1)>`,
	`' onload='alert(1)`,
	`<!--`, `-->`, `]]>`, `<![CDATA[`, `&lt;b&gt;`, `&amp;`, `{{.Code.Text}}`, `</bdi></h1>`,
	"\u202e站络联", "一\x01二", "零\x00零", "\ufffe", "\xff坏",
	"=HYPERLINK(\"https://evil.example\")",
	strings.Repeat("长", 2000),
}

// printable is a text with what no page can hold replaced.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\t' && r != '\n' && r != '\r') || r == '\ufffe' {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

func station(t testing.TB) qrcode.Poster {
	t.Helper()
	return qrcode.Poster{
		Code:    newCode(t, address),
		Station: "和顺县义兴镇凤台社区人大代表联络站",
		Made:    time.Date(2026, 3, 9, 23, 30, 0, 0, time.FixedZone("", 8*60*60)),
	}
}

func deputy(t testing.TB) qrcode.Poster {
	t.Helper()
	p := station(t)
	p.Deputy, p.Offices, p.Paper = "王小明", []string{"晋中市第五届人民代表大会代表", "和顺县第十八届人民代表大会代表"}, qrcode.A5
	return p
}

func render(t testing.TB, p qrcode.Poster) string {
	t.Helper()
	b, err := p.HTML()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var (
	styles = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	matrix = regexp.MustCompile(`(<path d=")[^"]*(")`)
)

// The pages stand in testdata, without the styles, which have a file of their own, and without the codes' modules.
// After a change: go test ./server/qrcode -update, and a look at the difference.
func TestPosterGolden(t *testing.T) {
	for name, p := range map[string]qrcode.Poster{"station": station(t), "deputy": deputy(t)} {
		got := matrix.ReplaceAllString(styles.ReplaceAllString(render(t, p), "<style>…</style>"), "${1}…${2}")
		file := filepath.Join("testdata", name+".html")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The code on the page is the code.
func TestPosterShowsTheCode(t *testing.T) {
	for _, p := range []qrcode.Poster{station(t), deputy(t)} {
		page := render(t, p)
		from, to := strings.Index(page, "<svg"), strings.Index(page, "</svg>")
		if from < 0 || to < 0 || strings.Count(page, "<svg") != 1 {
			t.Fatal("not one picture")
		}
		s := readSVG(t, []byte(page[from:to+len("</svg>")]))
		want := wants(t, address)
		if diff := cmp.Diff(want, draw(t, s.Paths[1].D, len(want))); diff != "" {
			t.Error(diff)
		}
		whose := p.Station
		if p.Deputy != "" {
			whose = "人大代表" + p.Deputy
		}
		if s.Title != whose+"的二维码" {
			t.Errorf("its title is %q", s.Title)
		}
	}
}

// element is a tag of a page, with its attributes.
type element struct {
	name  string
	attrs []html.Attribute
	text  string // all that stands in it, those in it included
}

// elements reads a page as browsers do.
func elements(t testing.TB, page string) []element {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []element
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		var text strings.Builder
		for d := range n.Descendants() {
			if d.Type == html.TextNode {
				text.WriteString(d.Data)
			}
		}
		all = append(all, element{n.Data, n.Attr, text.String()})
	}
	return all
}

// Nothing on the page runs, loads or leads anywhere, and its styles are those that the policy names.
func TestPosterIsStill(t *testing.T) {
	policy := qrcode.PosterPolicy()
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %s", policy)
	}
	sizes := map[qrcode.Paper]string{"": "size:A4 ", qrcode.A4: "size:A4 ", qrcode.A5: "size:A5 "}
	for paper, size := range sizes {
		p := deputy(t)
		p.Paper = paper
		page := render(t, p)
		found := styles.FindAllStringSubmatch(page, -1)
		if len(found) != 1 {
			t.Fatalf("%d styles", len(found))
		}
		style := found[0][1]
		sum := sha256.Sum256([]byte(style))
		if !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
			t.Errorf("%s: the policy does not know the styles", paper)
		}
		if !strings.Contains(style, "@page{"+size) || strings.Contains(style, "url(") || strings.Contains(style, "@import") {
			t.Errorf("%s: its styles are %.80s…", paper, style)
		}
		still(t, page)
	}
}

// still fails if there is more on the page than its template has.
func still(t testing.TB, page string) {
	t.Helper()
	const known = " html head meta title style body main header p h1 bdi ul li figure svg path figcaption strong span section h2 ol footer "
	const attributes = " lang charset name content class xmlns viewbox viewBox role shape-rendering fill d "
	for _, e := range elements(t, page) {
		if !strings.Contains(known, " "+e.name+" ") {
			t.Errorf("there is a %s", e.name)
		}
		for _, a := range e.attrs {
			if !strings.Contains(attributes, " "+a.Key+" ") {
				t.Errorf("a %s has %s=%q", e.name, a.Key, a.Val)
			}
		}
	}
}

// A name is shown as it is, whatever it looks like.
func TestPosterEscapes(t *testing.T) {
	count := func(page string) int { return len(elements(t, page)) }
	plain := deputy(t)
	plain.Offices = []string{"代表"}
	want := count(render(t, plain))
	for _, name := range hostile {
		p := plain
		p.Station, p.Deputy, p.Offices = name, name, []string{name}
		page := render(t, p)
		still(t, page)
		if got := count(page); got != want {
			t.Errorf("%.40q: %d elements instead of %d", name, got, want)
		}
		shown := 0
		for _, e := range elements(t, page) {
			if e.name == "bdi" && strings.ToValidUTF8(e.text, "\ufffd") == strings.ReplaceAll(strings.ToValidUTF8(name, "\ufffd"), "\x00", "\ufffd") {
				shown++
			}
		}
		if shown != 3 {
			t.Errorf("%.40q is shown %d times", name, shown)
		}
	}
}

func TestPosterRefuses(t *testing.T) {
	for name, change := range map[string]func(*qrcode.Poster){
		"no code":       func(p *qrcode.Poster) { p.Code = nil },
		"no station":    func(p *qrcode.Poster) { p.Station = "" },
		"another paper": func(p *qrcode.Poster) { p.Paper = "A3" },
		"styles":        func(p *qrcode.Poster) { p.Paper = "A4;}</style>" },
	} {
		p := station(t)
		change(&p)
		if page, err := p.HTML(); err == nil || page != nil {
			t.Errorf("%s: %d bytes, %v", name, len(page), err)
		}
	}
}
