package export

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"

	"github.com/lianluo/lianluo/ent/archive"
	"github.com/lianluo/lianluo/ent/calendar"
)

//go:embed page/archive.css
var style template.CSS

//go:embed page/archive.html
var source string

var page = template.Must(template.New("archive").Parse(source))

// Policy is the Content-Security-Policy to send a file with: it runs and loads nothing, and its styles, one element of the page, are known by
// their hash.
func Policy() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// The page as the template sees it.
type (
	printed struct {
		Title, Seat, From, To, Made string
		Style                       template.CSS
		Person                      [][2]string
		Parts                       []part
	}
	part struct {
		Title   string
		Columns []string
		Rows    [][]cell
		Last    []cell
	}
	cell struct {
		Text    string
		Numeric bool
	}
)

// HTML writes an archive as a page to print on A4, whole: nothing is loaded, nothing runs. Send it with [Policy].
func HTML(out *bytes.Buffer, a *archive.Archive) error {
	all := tables(a)
	p := printed{
		Title: title(a), Seat: seat(a.Seat, a.Mandate), From: text(day(a.From)), To: text(day(a.To)), Made: text(day(calendar.Today(a.MadeAt))), Style: style,
	}
	for _, row := range all[0].rows {
		p.Person = append(p.Person, [2]string{text(row[0]), text(row[1])})
	}
	for _, t := range all[1:] {
		p.Parts = append(p.Parts, partOf(t))
	}
	if err := page.Execute(out, p); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

func partOf(t table) part {
	p := part{Title: t.title}
	for _, c := range t.columns {
		p.Columns = append(p.Columns, c.name)
	}
	cells := func(row []any) []cell {
		out := make([]cell, len(t.columns))
		for i, value := range row {
			out[i] = cell{text(value), numeric(value)}
		}
		return out
	}
	for _, row := range t.rows {
		p.Rows = append(p.Rows, cells(row))
	}
	if t.last != nil && len(t.rows) > 0 {
		p.Last = cells(t.last)
	}
	return p
}
