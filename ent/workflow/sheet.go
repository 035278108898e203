package workflow

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/ent/fault"
)

// column is a column of a table that is imported: its name, what people call it, and whether the table must have it.
type column struct {
	name, title string
	required    bool
}

// sheet is a table that was read, and what is wrong with it so far.
type sheet struct {
	at     map[string]int // where each column stands
	rows   [][]string
	errors []ImportError
}

// readSheet reads CSV with a heading, in which each column goes by its name or by what people call it. What is wrong with the table
// as a whole is refused; single cells are for the caller to judge.
func readSheet(text string, columns []column, most int) (*sheet, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord = -1
	r.ReuseRecord = false
	heading, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fault.Invalid("REQUIRED", "表格为空", "input", "csv")
	}
	if err != nil {
		return nil, malformedSheet(err)
	}
	s := &sheet{at: map[string]int{}}
	for i, name := range heading {
		known := slices.IndexFunc(columns, func(c column) bool { return c.name == strings.TrimSpace(name) || c.title == strings.TrimSpace(name) })
		if known < 0 {
			return nil, fault.Invalid("UNKNOWN_COLUMN", fmt.Sprintf("没有“%s”这一列", shorten(name)), "input", "csv")
		}
		if _, ok := s.at[columns[known].name]; ok {
			return nil, fault.Invalid("REPEATED", "“"+columns[known].title+"”列重复", "input", "csv")
		}
		s.at[columns[known].name] = i
	}
	for _, c := range columns {
		if _, ok := s.at[c.name]; c.required && !ok {
			return nil, fault.Invalid("MISSING_COLUMN", "缺少“"+c.title+"”列", "input", "csv")
		}
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, malformedSheet(err)
		}
		if len(s.rows) == most {
			return nil, fault.Invalid("TOO_MANY", fmt.Sprintf("一次最多 %d 行", most), "input", "csv")
		}
		if len(row) != len(heading) {
			s.errors = append(s.errors, ImportError{len(s.rows) + 2, "", "MALFORMED", "列数与表头不一致"})
			row = append(row, make([]string, max(0, len(heading)-len(row)))...)
		}
		s.rows = append(s.rows, row)
	}
	return s, nil
}

func malformedSheet(err error) error {
	line := 0
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		line = parse.Line
	}
	return fault.Invalid("MALFORMED", fmt.Sprintf("不是有效的 CSV,第 %d 行有误", line), "input", "csv")
}

// shorten keeps what a person typed from filling a message.
func shorten(text string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if unwritable(r) {
			return -1
		}
		return r
	}, text))
	if len(runes) > 20 {
		return string(runes[:20]) + "…"
	}
	return string(runes)
}

// cell is a cell without the spaces around it; empty when the table has no such column.
func (s *sheet) cell(row int, c column) string {
	i, ok := s.at[c.name]
	if !ok || i >= len(s.rows[row]) {
		return ""
	}
	return strings.TrimSpace(s.rows[row][i])
}

func (s *sheet) optionalCell(row int, c column) *string {
	if text := s.cell(row, c); text != "" {
		return &text
	}
	return nil
}

// values are the different values of a column.
func (s *sheet) values(c column) []string {
	var out []string
	for n := range s.rows {
		out = append(out, s.cell(n, c))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// wrong notes what is wrong with a cell. Rows count from 1, the heading among them.
func (s *sheet) wrong(row int, c column, code, message string) {
	s.errors = append(s.errors, ImportError{row + 2, c.name, code, message})
}

// repeatsRow says which row an earlier one repeats.
func repeatsRow(first int) string { return fmt.Sprintf("与第 %d 行重复", first+2) }
