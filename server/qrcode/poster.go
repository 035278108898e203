package qrcode

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"time"
)

// Paper is the size of a poster.
type Paper string

// The papers.
const (
	A4 Paper = "A4"
	A5 Paper = "A5"
)

// The page is 21 by 29.7 rem, and a rem what makes that a sheet less a hair: a smaller paper has the same page, only
// smaller, and neither has a second one.
var papers = map[Paper]template.CSS{
	A4: "@page{size:A4 portrait;margin:0}html{font-size:9.99mm}",
	A5: "@page{size:A5 portrait;margin:0}html{font-size:7.04mm}",
}

//go:embed page/poster.css
var style template.CSS

//go:embed page/poster.html
var source string

var page = template.Must(template.New("poster").Parse(source))

// PosterPolicy is the Content-Security-Policy to send a poster with: it runs and loads nothing, and its styles, one
// element of it, are known by their hash. No nonce is needed, so a poster can be cached.
func PosterPolicy() string {
	return "default-src 'none'; style-src " + hash(A4) + " " + hash(A5) + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// hash is how a policy names the styles of a paper.
func hash(p Paper) string {
	sum := sha256.Sum256([]byte(papers[p] + style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Poster is a page to print and hang up: the code, whose it is, and what happens to what one scans it for.
type Poster struct {
	// Code is the station's code (站码), or a deputy's at the station (代表码).
	Code *Code
	// Station is the station's name.
	Station string
	// Deputy is the deputy's name when it is a deputy's code, and Offices what to print below it, a line each, such
	// as 和顺县第十八届人民代表大会代表; more than five leave no room.
	Deputy  string
	Offices []string
	// Made is the day to print, by its own clock.
	Made time.Time
	// Paper is A4 or A5; empty for A4.
	Paper Paper
}

// HTML is the page, whole: nothing is loaded, nothing runs. Send it with [PosterPolicy].
func (p Poster) HTML() ([]byte, error) {
	if p.Code == nil || p.Station == "" {
		return nil, errors.New("qrcode: a poster needs a code and a station")
	}
	if p.Paper == "" {
		p.Paper = A4
	}
	paper, ok := papers[p.Paper]
	if !ok {
		return nil, fmt.Errorf("qrcode: no such paper: %q", p.Paper)
	}
	whose := p.Station
	if p.Deputy != "" {
		whose = "人大代表" + p.Deputy
	}
	var out bytes.Buffer
	err := page.Execute(&out, struct {
		Poster
		Style template.CSS
		SVG   template.HTML
		Date  string
	}{
		p,
		paper + style,
		template.HTML(p.Code.SVG(whose + "的二维码")), //nolint:gosec // SVG escapes the title; the rest is numbers
		p.Made.Format("2006年1月2日"),
	})
	if err != nil {
		return nil, fmt.Errorf("qrcode: poster: %w", err)
	}
	return out.Bytes(), nil
}
