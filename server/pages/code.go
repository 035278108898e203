package pages

import (
	"net/http"
	"strings"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/server/qrcode"
)

// pictureSize is the side of a code's picture, in pixels.
const pictureSize = 1024

// picture serves the picture of a code that is good: /codes/TEXT.png and /codes/TEXT.svg.
func (p *Pages) picture(w http.ResponseWriter, r *http.Request) {
	text, form, _ := strings.Cut(r.PathValue("file"), ".")
	if form != "png" && form != "svg" {
		http.NotFound(w, r)
		return
	}
	info, err := p.Counter.Code(r.Context(), text)
	if err != nil {
		p.refuse(w, r, "二维码", err)
		return
	}
	code, err := qrcode.New(p.Origin() + "/q/" + text)
	if err != nil {
		p.refuse(w, r, "二维码", err)
		return
	}
	content, mediaType := code.SVG(info.Station), "image/svg+xml"
	if form == "png" {
		mediaType = "image/png"
		if content, err = code.PNG(pictureSize); err != nil {
			p.refuse(w, r, "二维码", err)
			return
		}
	}
	w.Header().Set("Content-Type", mediaType)
	_, _ = w.Write(content) //nolint:gosec // the drawing escapes the name; the client is gone
}

// levels are what the deputies of the congresses are called.
var levels = map[kind.CongressLevel]string{
	kind.National: "全国人大代表", kind.Provincial: "省人大代表", kind.City: "市人大代表", kind.County: "县(区)人大代表", kind.Township: "乡镇人大代表",
}

// poster serves a page to print, on A4 or, with ?paper=A5, on A5.
func (p *Pages) poster(w http.ResponseWriter, r *http.Request) {
	text := r.PathValue("code")
	info, err := p.Counter.Code(r.Context(), text)
	if err != nil {
		p.refuse(w, r, "二维码", err)
		return
	}
	code, err := qrcode.New(p.Origin() + "/q/" + text)
	if err != nil {
		p.refuse(w, r, "二维码", err)
		return
	}
	sheet := qrcode.Poster{Code: code, Station: info.Station, Made: p.Clock().In(china), Paper: qrcode.A4}
	if r.URL.Query().Get("paper") == string(qrcode.A5) {
		sheet.Paper = qrcode.A5
	}
	if d := info.Deputy; d != nil {
		sheet.Deputy = d.Name
		for _, l := range d.Levels {
			sheet.Offices = append(sheet.Offices, levels[l])
		}
	}
	page, err := sheet.HTML()
	if err != nil {
		p.refuse(w, r, "二维码", err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", qrcode.PosterPolicy())
	_, _ = w.Write(page) // the client is gone
}
