package export

import (
	"bytes"
	"fmt"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/lianluo/lianluo/ent/archive"
)

// XLSX writes an archive as a workbook with a sheet for each table. Texts are cells of texts: none is ever read as a formula.
func XLSX(out *bytes.Buffer, a *archive.Archive) (err error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // it holds nothing but memory
	w := &workbook{file: f}
	if err := w.styles(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	for i, t := range tables(a) {
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), t.title)
		} else {
			_, err = f.NewSheet(t.title)
		}
		if err == nil {
			err = w.write(t)
		}
		if err != nil {
			return fmt.Errorf("export: sheet %s: %w", t.title, err)
		}
	}
	if err := f.SetDocProps(&excelize.DocProperties{Title: title(a), Creator: "联络", Created: stamp(a), Modified: stamp(a)}); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := f.Write(out); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

func stamp(a *archive.Archive) string { return a.MadeAt.UTC().Format(time.RFC3339) }

// workbook is a workbook that is being written.
type workbook struct {
	file                             *excelize.File
	head, plain, date, decimal, last int
}

func (w *workbook) styles() error {
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "BFBFBF", Style: 1})
	}
	wrap := &excelize.Alignment{Vertical: "top", WrapText: true}
	days := "yyyy-mm-dd"
	number := "0.0"
	for _, s := range []struct {
		id    *int
		style *excelize.Style
	}{
		{&w.head, &excelize.Style{
			Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F2DCDB"}}, Border: border,
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
		}},
		{&w.plain, &excelize.Style{Border: border, Alignment: wrap}},
		{&w.date, &excelize.Style{Border: border, Alignment: wrap, CustomNumFmt: &days}},
		{&w.decimal, &excelize.Style{Border: border, Alignment: wrap, CustomNumFmt: &number}},
		{&w.last, &excelize.Style{Font: &excelize.Font{Bold: true}, Border: border, Alignment: wrap}},
	} {
		id, err := w.file.NewStyle(s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	return nil
}

// write writes a table as a sheet of its own name: the header row, which stays in sight, the rows, the sums.
func (w *workbook) write(t table) error {
	s, err := w.file.NewStreamWriter(t.title)
	if err != nil {
		return err
	}
	for i, c := range t.columns {
		if err := s.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(t.columns))
	for i, c := range t.columns {
		head[i] = excelize.Cell{StyleID: w.head, Value: c.name}
	}
	if err := s.SetRow("A1", head, excelize.RowOpts{Height: 22}); err != nil {
		return err
	}
	at := 2
	put := func(row []any, last bool) error {
		cells := make([]any, len(t.columns))
		for i := range cells {
			cells[i] = w.cell(nil, last)
			if i < len(row) {
				cells[i] = w.cell(row[i], last)
			}
		}
		err := s.SetRow(fmt.Sprintf("A%d", at), cells)
		at++
		return err
	}
	for _, row := range t.rows {
		if err := put(row, false); err != nil {
			return err
		}
	}
	if t.last != nil {
		if err := put(t.last, true); err != nil {
			return err
		}
	}
	return s.Flush()
}

// cell is a cell with its style.
func (w *workbook) cell(value any, last bool) excelize.Cell {
	c := excelize.Cell{StyleID: w.plain}
	switch v := value.(type) {
	case string:
		c.Value = v
	case int:
		c.Value = v
	case tenths:
		c.Value, c.StyleID = v.number(), w.decimal
	case day:
		c.Value, c.StyleID = time.Time(v), w.date
	}
	if last {
		c.StyleID = w.last
	}
	return c
}
