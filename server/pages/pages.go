// Package pages serves the pages of citizens: the one that a scanned code leads to, where an opinion is submitted, and the one where it is
// followed by its receipt, answered and rated; the same for appointments. They also hold the codes themselves, as pictures and as posters.
//
// The pages work on any phone: plain forms, no scripts, nothing from elsewhere. What was typed is not lost when something is wrong with
// it. A receipt's secret travels in the body of a form, never in an address, where it would be logged.
//
// Room: server. It imports ent/workflow, ent/fault, ent/viewer and the vocabularies, server/files, server/link, server/photo and server/qrcode.
package pages

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/workflow"
	"github.com/lianluo/lianluo/server/files"
	"github.com/lianluo/lianluo/server/link"
)

//go:embed web
var web embed.FS

// Options are what the pages work with.
type Options struct {
	Counter *workflow.Counter
	Files   *files.Files
	Links   *link.Links
	// Origin is where citizens reach the server, as https://lianluo.example.cn.
	Origin func() string
	Clock  func() time.Time
	Log    *slog.Logger
}

// Pages serves the pages.
type Pages struct {
	Options
	templates map[string]*template.Template
	style     []byte
	stylePath string
}

// policy lets a page load the server's own styles and pictures, and send forms to it; nothing runs.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// New makes the Pages.
func New(o Options) *Pages {
	p := &Pages{Options: o, templates: map[string]*template.Template{}}
	for _, name := range []string{
		"submit", "submitted", "lookup", "status", "message", "appoint", "appointed", "meeting_lookup", "meeting",
	} {
		// What is embedded was parsed when the tests ran.
		p.templates[name] = template.Must(template.ParseFS(web, "web/layout.html", "web/"+name+".html"))
	}
	p.style, _ = web.ReadFile("web/style.css")
	sum := sha256.Sum256(p.style)
	p.stylePath = "/style-" + hex.EncodeToString(sum[:6]) + ".css"
	return p
}

// ReceiptPath is where citizens see how their opinions stand.
const ReceiptPath = "/receipt"

// SubmitPattern is the route of the form that brings photos.
const SubmitPattern = "POST /q/{code}"

// Register puts the pages where they belong.
func (p *Pages) Register(handle func(pattern string, h http.HandlerFunc)) {
	handle("GET /q/{code}", p.showSubmit)
	handle(SubmitPattern, p.submit)
	handle("GET "+ReceiptPath, p.showLookup)
	handle("POST "+ReceiptPath, p.lookUp)
	handle("POST "+ReceiptPath+"/rate", p.rate)
	handle("POST "+ReceiptPath+"/supplement", p.supplement)
	handle("GET /q/{code}/appointment", p.showAppoint)
	handle("POST /q/{code}/appointment", p.appoint)
	handle("GET "+AppointmentPath, p.showMeetingLookup)
	handle("POST "+AppointmentPath, p.lookUpMeeting)
	handle("POST "+AppointmentPath+"/withdraw", p.withdraw)
	handle("GET /codes/{file}", p.picture)
	handle("GET /codes/{code}/poster", p.poster)
	handle("GET "+p.stylePath, p.serveStyle)
}

func (p *Pages) serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(p.style) // the client is gone
}

// view is what every page is made of.
type view struct {
	Title, Alert, Style string
	Content             any
}

// show writes a page.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, name string, v view) {
	v.Style = p.stylePath
	var out bytes.Buffer
	if err := p.templates[name].ExecuteTemplate(&out, "page", v); err != nil {
		p.Log.ErrorContext(r.Context(), "page failed", "page", name, "error", err)
		http.Error(w, "服务器内部错误,请稍后再试", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	// Not no-referrer: with that, browsers do not tell where a form comes from, and one that comes from nowhere is refused.
	h.Set("Referrer-Policy", "same-origin")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // the client is gone
}

// problem is what is wrong with a form: by field, and in all.
type problem struct {
	status int
	alert  string
	fields map[string]string
}

// problemOf reads a refusal; ok is false for a fault of the platform.
func problemOf(w http.ResponseWriter, err error) (out problem, ok bool) {
	f := (*fault.Fault)(nil)
	if !errors.As(err, &f) {
		return problem{}, false
	}
	out = problem{status: http.StatusUnprocessableEntity, alert: f.Message, fields: map[string]string{}}
	switch {
	case errors.Is(f, fault.ErrNotFound):
		out.status = http.StatusNotFound
	case errors.Is(f, fault.ErrConflict):
		out.status = http.StatusConflict
	case errors.Is(f, fault.ErrRateLimited):
		out.status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
	}
	for _, field := range f.Fields {
		name := strings.Join(field.Path, ".")
		name = strings.TrimPrefix(name, "input.")
		if i := strings.IndexByte(name, '.'); i > 0 {
			name = name[:i]
		}
		out.fields[name] = field.Message
	}
	if len(out.fields) > 0 && out.fields["form"] == "" && errors.Is(f, fault.ErrInvalid) {
		out.alert = "请检查下列各项"
	}
	return out, true
}

// refuse shows a page that says why there is no other.
func (p *Pages) refuse(w http.ResponseWriter, r *http.Request, title string, err error) {
	if why, ok := problemOf(w, err); ok {
		p.show(w, r, why.status, "message", view{Title: title, Content: why.alert})
		return
	}
	p.Log.ErrorContext(r.Context(), "page failed", "path", r.Pattern, "error", err)
	p.show(w, r, http.StatusInternalServerError, "message", view{Title: title, Content: "服务器内部错误,请稍后再试"})
}
