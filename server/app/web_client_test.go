package app_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/lianluo/lianluo/server/app/apitest"
)

// browser asks for pages as a citizen's phone does.
type browser struct {
	t    *testing.T
	base string
	// origin is what it says its forms come from; the server's own unless set.
	origin string
}

func newBrowser(s *apitest.Server, t *testing.T) *browser { return &browser{t: t, base: s.URL} }

// page is a page that came.
type page struct {
	b      *browser
	status int
	header http.Header
	body   string
	doc    *html.Node
}

func (b *browser) get(path string) *page {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.open(req)
}

// open sends a request and reads the page, which must keep the rules of all pages.
func (b *browser) open(req *http.Request) *page {
	b.t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	p := &page{b: b, status: res.StatusCode, header: res.Header, body: string(body)}
	if p.doc, err = html.Parse(bytes.NewReader(body)); err != nil {
		b.t.Fatal(err)
	}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		p.check()
	}
	return p
}

// pagePolicy is the policy of every page that is no poster.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// check holds a page against the rules of all pages: nothing runs, nothing is loaded from elsewhere, nothing is kept.
func (p *page) check() {
	p.b.t.Helper()
	for name, want := range map[string]string{
		"Content-Security-Policy": pagePolicy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
		"Referrer-Policy": "same-origin", "Content-Type": "text/html; charset=utf-8",
	} {
		if got := p.header.Get(name); got != want {
			p.b.t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !utf8.ValidString(p.body) {
		p.b.t.Error("the page is no text")
	}
	for n := range p.doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains([]string{"script", "iframe", "object", "embed", "base", "style", "svg"}, n.Data) {
			p.b.t.Errorf("the page has a %s", n.Data)
		}
		for _, a := range n.Attr {
			outside := slices.Contains([]string{"src", "href", "action"}, a.Key) && (!strings.HasPrefix(a.Val, "/") || strings.HasPrefix(a.Val, "//"))
			if outside || strings.HasPrefix(a.Key, "on") || a.Key == "style" {
				p.b.t.Errorf("the page has %s=%q", a.Key, a.Val)
			}
		}
	}
}

// is tells that a page is of a status and shows some texts.
func (p *page) is(status int, texts ...string) *page {
	p.b.t.Helper()
	if p.status != status {
		p.b.t.Errorf("status %d, want %d\n%s", p.status, status, p.text())
	}
	for _, text := range texts {
		if !strings.Contains(p.text(), text) {
			p.b.t.Errorf("the page does not say %q:\n%s", text, p.text())
		}
	}
	return p
}

// text is what the page says, to people.
func (p *page) text() string { return textOf(p.doc) }

func textOf(n *html.Node) string {
	var b strings.Builder
	for n := range n.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// all lists the elements of a kind.
func (p *page) all(kind string) []*html.Node {
	var out []*html.Node
	for n := range p.doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == kind {
			out = append(out, n)
		}
	}
	return out
}

// receipt reads the list of a receipt's page: what stands beside a term.
func (p *page) receipt(term string) string {
	for n := range p.doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "dt" && textOf(n) == term {
			return textOf(n.NextSibling)
		}
	}
	return ""
}

// form is a form being filled in.
type form struct {
	page   *page
	action string
	multi  bool
	fields []*field
	photos [][]byte
}

// field is a field of a form: its values are those that can be chosen, or what is typed.
type field struct {
	name, kind, value string
	checked, required bool
	options           map[string]string // of a select, by what is shown
}

// form finds the form that is sent to a path.
func (p *page) form(action string) *form {
	p.b.t.Helper()
	for _, n := range p.all("form") {
		if attribute(n, "action") == action && attribute(n, "method") == "post" {
			f := &form{page: p, action: action, multi: attribute(n, "enctype") == "multipart/form-data"}
			for n := range n.Descendants() {
				f.add(n)
			}
			return f
		}
	}
	p.b.t.Fatalf("no form for %s:\n%s", action, p.body)
	return nil
}

func (f *form) add(n *html.Node) {
	if n.Type != html.ElementNode || attribute(n, "name") == "" {
		return
	}
	x := &field{name: attribute(n, "name"), kind: attribute(n, "type"), value: attribute(n, "value"), checked: has(n, "checked"), required: has(n, "required")}
	switch n.Data {
	case "textarea":
		x.kind, x.value = n.Data, textOf(n)
	case "select":
		x.kind, x.options = n.Data, map[string]string{}
		for o := range n.Descendants() {
			if o.Type == html.ElementNode && o.Data == "option" {
				x.options[strings.TrimSpace(textOf(o))] = attribute(o, "value")
				if has(o, "selected") {
					x.value = attribute(o, "value")
				}
			}
		}
	}
	f.fields = append(f.fields, x)
}

// field finds a field by its name; of several, as of radio buttons, the one with a value.
func (f *form) field(name string, value ...string) *field {
	f.page.b.t.Helper()
	for _, x := range f.fields {
		if x.name == name && (len(value) == 0 || x.value == value[0]) {
			return x
		}
	}
	f.page.b.t.Fatalf("no field %s %v", name, value)
	return nil
}

// fill types into a field that can be seen.
func (f *form) fill(name, value string) *form {
	f.page.b.t.Helper()
	x := f.field(name)
	if x.kind == "hidden" || x.kind == "checkbox" || x.kind == "radio" || x.kind == "file" {
		f.page.b.t.Fatalf("no one types into %s, a %s", name, x.kind)
	}
	if x.kind == "select" {
		known, ok := x.options[value]
		if !ok {
			f.page.b.t.Fatalf("%s has no %s among %v", name, value, slices.Sorted(maps.Keys(x.options)))
		}
		value = known
	}
	x.value = value
	return f
}

// tick ticks a box, or one of several buttons.
func (f *form) tick(name string, value ...string) *form {
	f.page.b.t.Helper()
	f.field(name, value...).checked = true
	return f
}

// choose chooses photos.
func (f *form) choose(photos ...[]byte) *form {
	f.page.b.t.Helper()
	if x := f.field("photo"); x.kind != "file" || !f.multi {
		f.page.b.t.Fatal("the form takes no photos")
	}
	f.photos = photos
	return f
}

// values lists the values of a name that would be sent.
func (f *form) values(name string) []string {
	var out []string
	for _, x := range f.fields {
		if x.name == name && x.kind != "file" && (x.checked || x.kind != "checkbox" && x.kind != "radio") {
			out = append(out, x.value)
		}
	}
	return out
}

// send sends the form as a browser does. It does not hold back what the server is to refuse.
func (f *form) send() *page {
	f.page.b.t.Helper()
	body, mediaType := f.encode()
	b := f.page.b
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+f.action, body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", mediaType)
	// As older browsers, and all without TLS, tell where a form comes from.
	origin := b.origin
	if origin == "" {
		if origin = b.base; f.page.header.Get("Referrer-Policy") == "no-referrer" {
			origin = "null"
		}
	}
	req.Header.Set("Origin", origin)
	return b.open(req)
}

func (f *form) encode() (body io.Reader, mediaType string) {
	lines := strings.NewReplacer("\n", "\r\n")
	if !f.multi {
		values := url.Values{}
		for _, x := range f.fields {
			if slices.Contains(f.values(x.name), x.value) {
				values[x.name] = []string{lines.Replace(x.value)}
			}
		}
		for _, x := range f.fields {
			if x.kind == "radio" && x.checked {
				values.Set(x.name, x.value)
			}
		}
		return strings.NewReader(values.Encode()), "application/x-www-form-urlencoded"
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for _, x := range f.fields {
		switch {
		case x.kind == "file":
			f.writePhotos(w, x.name)
		case x.checked || x.kind != "checkbox" && x.kind != "radio":
			_ = w.WriteField(x.name, lines.Replace(x.value)) // in memory
		}
	}
	_ = w.Close()
	return &out, w.FormDataContentType()
}

// writePhotos writes the photos; where none is chosen, browsers send an empty one without a name.
func (f *form) writePhotos(w *multipart.Writer, name string) {
	part := func(filename string, content []byte) {
		p, _ := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename=%q`, name, filename)}, "Content-Type": {"image/jpeg"},
		})
		_, _ = p.Write(content)
	}
	if len(f.photos) == 0 {
		part("", nil)
	}
	for i, content := range f.photos {
		part(fmt.Sprintf("IMG_%d.jpg", i), content)
	}
}
