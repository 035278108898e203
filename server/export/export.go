// Package export gives out duty archives (履职档案) as files: a workbook, a page to print, a document.
//
// All three are made of the same tables, which are made of what package archive read: no form has a figure of its own. A file is fetched with a
// token, or by an address that the API hands out, so that a browser, which cannot send a token, can open it. Such an address is good for ten
// minutes at least and carries, sealed, who asked (server/link): the archive is read again on behalf of that viewer.
//
// Room: server. It may import ent's archive, calendar, fault, gen, globalid, kind and viewer, and server/link.
package export

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/archive"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/server/link"
)

// Path is below what archives are fetched, by the id of the mandate and the form: /archives/….xlsx.
const Path = "/archives/"

// Options are what an Exporter works with.
type Options struct {
	// Client reads for the viewer of the context.
	Client *gen.Client
	Links  *link.Links
	// Note writes into the audit that an archive goes out in a form.
	Note  func(ctx context.Context, m *gen.Mandate, form string) error
	Clock func() time.Time
	Log   *slog.Logger
	// Fail answers a refusal or a fault of the platform in the form of the API.
	Fail func(w http.ResponseWriter, r *http.Request, err error)
}

// Exporter gives out archives.
type Exporter struct {
	Options
	// room bounds the files that are made at once, each of which is held in memory.
	room chan struct{}
}

// mostAtOnce is how many files are made at once; others wait, as long as their request may take.
const mostAtOnce = 4

// New makes an Exporter.
func New(o Options) *Exporter { return &Exporter{o, make(chan struct{}, mostAtOnce)} }

// form is a form of a file.
type form struct {
	mediaType string
	// shown tells that browsers show it rather than keep it.
	shown bool
	write func(*bytes.Buffer, *archive.Archive) error
}

var forms = map[string]form{
	"xlsx": {mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write: XLSX},
	"html": {mediaType: "text/html; charset=utf-8", shown: true, write: HTML},
	"docx": {mediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", write: DOCX},
}

// ServeHTTP gives out the archive of a mandate. One that is not for the viewer, one that never was and a form there is none of are answered alike.
func (e *Exporter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, err := e.identify(r)
	if err != nil {
		e.Fail(w, r, err)
		return
	}
	id, name, ok := named(r.PathValue("file"))
	if !ok {
		e.Fail(w, r, fault.NotFound("没有这份履职档案", "mandate"))
		return
	}
	a, file, err := e.make(ctx, id, name)
	if err != nil {
		e.Fail(w, r.WithContext(ctx), err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", forms[name].mediaType)
	h.Set("Content-Length", strconv.Itoa(len(file)))
	h.Set("Content-Disposition", disposition(a, name))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", Policy())
	_, _ = w.Write(file) //nolint:gosec // html/template has escaped it; an error: the client is gone, or sees by the length that something is missing
}

// identify is the context of who asks: by the token, else by what the address carries.
func (e *Exporter) identify(r *http.Request) (context.Context, error) {
	ctx := r.Context()
	if viewer.FromContext(ctx) != nil {
		return ctx, nil
	}
	key := r.URL.Query().Get("key")
	if key == "" {
		return nil, fault.Unauthenticated("请先登录")
	}
	ctx, err := e.Links.Open(ctx, r.URL.Path, key)
	if errors.Is(err, link.ErrShut) {
		return nil, fault.Unauthenticated("链接已失效,请重新导出")
	}
	return ctx, err
}

// PathOf is where the archive of a mandate is fetched in a form, as an address is made of it.
func PathOf(mandate uuid.UUID, form string) string {
	return Path + globalid.Encode(gen.TypeMandate, mandate) + "." + form
}

// named reads the name of a file: the mandate's id and the form.
func named(file string) (mandate uuid.UUID, name string, ok bool) {
	id, name, _ := strings.Cut(file, ".")
	typ, mandate, err := globalid.Decode(id)
	_, known := forms[name]
	return mandate, name, err == nil && typ == gen.TypeMandate && known
}

// make reads the archive, writes the file, and notes that it goes out.
func (e *Exporter) make(ctx context.Context, mandate uuid.UUID, name string) (*archive.Archive, []byte, error) {
	select {
	case e.room <- struct{}{}:
		defer func() { <-e.room }()
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	a, err := archive.Read(ctx, e.Client, mandate, e.Clock())
	if err != nil {
		return nil, nil, err
	}
	var file bytes.Buffer
	if err := forms[name].write(&file, a); err != nil {
		return nil, nil, err
	}
	if err := e.Note(ctx, a.Mandate, name); err != nil {
		return nil, nil, err
	}
	return a, file.Bytes(), nil
}

// disposition names the file by person and term, in Chinese for those who read RFC 5987, in ASCII for the others.
func disposition(a *archive.Archive, name string) string {
	how := "attachment"
	if forms[name].shown {
		how = "inline"
	}
	title := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`\/:*?"<>|`, r) {
			return '_'
		}
		return r
	}, title(a))
	return how + `; filename="archive.` + name + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(title+"."+name), "+", "%20")
}

// title is what the file is called.
func title(a *archive.Archive) string {
	return a.Deputy.Name + "履职档案(第" + strconv.Itoa(a.Mandate.TermNumber) + "届)"
}
