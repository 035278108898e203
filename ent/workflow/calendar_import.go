package workflow

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/calendarday"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// ImportCalendar is a year's exceptions of the working calendar as CSV: day, kind (放假 or 上班), name of the holiday (工作日历导入).
type ImportCalendar struct {
	// Year is the year the table is for; days of other years are errors. What the calendar has of that year is replaced.
	Year   int
	CSV    string
	DryRun bool
}

var (
	columnDay     = column{"day", "日期", true}
	columnKind    = column{"kind", "类型", true}
	columnHoliday = column{"name", "节日", true}
)

var dayNames = map[string]kind.CalendarDay{
	"放假": kind.DayOff, "上班": kind.DayWork, string(kind.DayOff): kind.DayOff, string(kind.DayWork): kind.DayWork,
}

// ImportCalendar replaces the exceptions of a year, all or none. Days that are due already stay as they are; what begins from then on is
// counted anew.
func (d *Desk) ImportCalendar(ctx context.Context, in ImportCalendar) (*Import, error) {
	v, err := d.admit(ctx, VerbImportCalendar)
	if err != nil {
		return nil, err
	}
	var c checker
	if in.Year < 2022 || in.Year > d.today().Year()+2 {
		c.add(at("年份", "year"), "OUT_OF_RANGE", "应在 2022 年至后年之间")
	}
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	sheet, err := readSheet(in.CSV, []column{columnDay, columnKind, columnHoliday}, 366)
	if err != nil {
		return nil, err
	}
	if len(sheet.rows) == 0 { // it would take away the year's days
		return nil, fault.Invalid("REQUIRED", "表格没有数据行", "input", "csv")
	}
	days := readDays(sheet, in.Year)
	out := &Import{Rows: len(sheet.rows), Errors: sheet.errors[:min(len(sheet.errors), mostImportErrors)]}
	return transact(ctx, d, VerbImportCalendar, v, func(t *task) (*Import, error) {
		if in.DryRun || len(out.Errors) > 0 {
			return out, nil
		}
		if err := t.lock(ctx, "calendar"); err != nil {
			return nil, err
		}
		first := time.Date(in.Year, time.January, 1, 0, 0, 0, 0, time.UTC)
		_, err := t.tx.CalendarDay.Delete().Where(calendarday.DayGTE(first), calendarday.DayLT(first.AddDate(1, 0, 0))).Exec(ctx)
		if err != nil {
			return nil, err
		}
		out.Created = 0
		for _, day := range days {
			if err := t.tx.CalendarDay.Create().SetDay(day.Day).SetKind(day.Kind).SetName(day.Name).Exec(ctx); err != nil {
				return nil, err
			}
			out.Created++
		}
		return out, t.audit(ctx, gen.TypeCalendarDay, uuid.Nil, area{Code: place.Nation}, map[string]any{"year": in.Year, "days": out.Created})
	})
}

// readDays reads the days of a table and notes what is wrong with them.
func readDays(s *sheet, year int) []gen.CalendarDay {
	seen := map[time.Time]int{}
	days := make([]gen.CalendarDay, len(s.rows))
	for n := range s.rows {
		day, err := time.Parse(time.DateOnly, strings.ReplaceAll(s.cell(n, columnDay), "/", "-"))
		first, repeated := seen[day]
		switch {
		case err != nil:
			s.wrong(n, columnDay, "MALFORMED", "日期应为 2026-10-01 的形式")
		case day.Year() != year:
			s.wrong(n, columnDay, impossibleDate, "不在该年份内")
		case repeated:
			s.wrong(n, columnDay, "REPEATED", repeatsRow(first))
		default:
			seen[day] = n
		}
		what, ok := dayNames[s.cell(n, columnKind)]
		if !ok {
			s.wrong(n, columnKind, "UNKNOWN_VALUE", "类型应为放假或上班")
		}
		var c checker
		name := c.text(field{columnHoliday.title, []string{columnHoliday.name}}, s.cell(n, columnHoliday), 1, 20)
		if c.list.Err() != nil {
			s.wrong(n, columnHoliday, "MALFORMED", "节日应为 1 至 20 个字")
		}
		days[n] = gen.CalendarDay{Day: day, Kind: what, Name: name}
	}
	return days
}
