package workflow

import (
	"slices"
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/duty"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/state"
)

var changedOn = at("变更日期", "on")

// suspensions are a mandate's after its state changes on a day: one is opened or closed. The day lies after what is written already. Without one it is today.
func suspensions(m *gen.Mandate, to state.Mandate, on *time.Time, today time.Time) ([]duty.Suspension, error) {
	out := slices.Clone(m.Suspensions)
	begins, ends := to == state.MandateSuspended, m.Status == state.MandateSuspended
	if !begins && !ends {
		if on != nil {
			var c checker
			c.add(changedOn, "MISMATCH", "只用于暂停或恢复")
			return nil, c.list.Err()
		}
		return out, nil
	}
	day, first := today, calendar.Day(m.ElectedOn)
	if on != nil {
		day = calendar.Day(*on)
	}
	open := len(out) > 0 && out[len(out)-1].Until == ""
	if len(out) > 0 {
		last := out[len(out)-1]
		written, err := time.Parse(time.DateOnly, max(last.From, last.Until))
		if err != nil {
			return nil, err
		}
		first = later(first, written)
	}
	if err := oneDay(changedOn, day, first, today); err != nil {
		return nil, err
	}
	text := day.Format(time.DateOnly)
	switch {
	case begins && !open:
		out = append(out, duty.Suspension{From: text})
	case ends && open:
		out[len(out)-1].Until = text
	}
	return out, nil
}

// suspensionsAtEnd are a mandate's when it ends: one that is open ends with it.
func suspensionsAtEnd(m *gen.Mandate, endedOn time.Time) []duty.Suspension {
	out := slices.Clone(m.Suspensions)
	if n := len(out); n > 0 && out[n-1].Until == "" {
		out[n-1].Until = max(out[n-1].From, endedOn.Format(time.DateOnly))
	}
	return out
}
