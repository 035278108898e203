package export

import (
	"bytes"
	"fmt"

	"github.com/gomutex/godocx"
	"github.com/gomutex/godocx/docx"
	"github.com/gomutex/godocx/wml/ctypes"
	"github.com/gomutex/godocx/wml/stypes"

	"github.com/lianluo/lianluo/ent/archive"
)

// DOCX writes an archive as a document on A4 with a heading and a table for each part.
func DOCX(out *bytes.Buffer, a *archive.Archive) error {
	doc, err := godocx.NewDocument()
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	onA4(doc)
	heading, err := doc.AddHeading(title(a), 0)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	heading.Justification(stypes.JustificationCenter)
	for _, t := range tables(a) {
		if _, err := doc.AddHeading(t.title, 2); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		if len(t.rows) == 0 {
			doc.AddParagraph("无")
			continue
		}
		draw(doc.AddTable(), t)
	}
	doc.AddParagraph("“" + archive.Elsewhere + "”为本辖区以外的履职,仅计次数。")
	if err := doc.Write(out); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// onA4 sets the paper and its margins, in twentieths of a point; the template's is American.
func onA4(doc *docx.RootDoc) {
	width, height, margin := uint64(11906), uint64(16838), 1021
	s := doc.Document.Body.SectPr
	if s == nil {
		s = ctypes.NewSectionProper()
		doc.Document.Body.SectPr = s
	}
	s.PageSize = &ctypes.PageSize{Width: &width, Height: &height}
	s.PageMargin = &ctypes.PageMargin{Left: &margin, Right: &margin, Top: &margin, Bottom: &margin}
}

// draw writes a table: the header row, the rows, the sums.
func draw(into *docx.Table, t table) {
	into.Style("TableGrid")
	put := func(row []any, bold bool) {
		line := into.AddRow()
		for i := range t.columns {
			said, right := "", false
			if i < len(row) {
				said, right = text(row[i]), numeric(row[i])
			}
			p := line.AddCell().AddEmptyPara()
			p.AddText(said).Size(9).Bold(bold)
			if right {
				p.Justification(stypes.JustificationRight)
			}
		}
	}
	names := make([]any, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	put(names, true)
	for _, row := range t.rows {
		put(row, false)
	}
	if t.last != nil {
		put(t.last, true)
	}
}
