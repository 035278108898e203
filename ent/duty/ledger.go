package duty

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/kind"
)

// Line is what one deed comes to under one item of a point scheme, in tenths of a point.
type Line struct {
	Item string
	Deed kind.Deed
	ID   uuid.UUID
	Day  time.Time
	// Points may be less than the item says, down to nothing, where the cap of the period is reached.
	Points int
}

// counts tells whether a deed brings points under the item. A claim does under the item it names.
func (i PointItem) counts(d Deed) bool {
	return i.Counts(d) && (d.Claimed == nil || !d.Claimed.Appeal && d.Claimed.Item == i.Key)
}

// Ledger works out what deeds come to under the items of a scheme. It depends on nothing else, not on the order of the deeds
// either: within the cap of a period the earlier deed counts first. What a decided appeal grants is added as it is, beyond caps.
func Ledger(items []PointItem, deeds []Deed) []Line {
	deeds = slices.Clone(deeds)
	slices.SortFunc(deeds, func(a, b Deed) int {
		return cmp.Or(a.Day.Compare(b.Day), bytes.Compare(a.ID[:], b.ID[:]))
	})
	var out []Line
	for _, item := range items {
		spent := map[time.Time]int{}
		for _, d := range deeds {
			if !item.counts(d) {
				continue
			}
			points := item.Points
			if d.Claimed != nil {
				points = d.Claimed.Points
			}
			if item.Cap != nil {
				period := PeriodOf(item.CapPeriod, d.Day).From
				before := spent[period]
				spent[period] = max(min(before+points, *item.Cap), -*item.Cap)
				points = spent[period] - before
			}
			out = append(out, Line{item.Key, d.Kind, d.ID, d.Day, points})
		}
	}
	for _, d := range deeds {
		if d.Claimed != nil && d.Claimed.Appeal {
			out = append(out, Line{d.Claimed.Item, d.Kind, d.ID, d.Day, d.Claimed.Points})
		}
	}
	return out
}

// Differences are the lines that make stored ones come to what they should, in the order of days; none when they do. Of both, the lines of one item
// and deed are added up.
func Differences(should, stored []Line) []Line {
	type key struct {
		item string
		id   uuid.UUID
	}
	sums := map[key]*Line{}
	var order []key
	add := func(lines []Line, sign int) {
		for _, l := range lines {
			k := key{l.Item, l.ID}
			if sums[k] == nil {
				sums[k] = &Line{l.Item, l.Deed, l.ID, l.Day, 0}
				order = append(order, k)
			}
			sums[k].Points += sign * l.Points
		}
	}
	add(should, 1) // first, so that a deed whose day has changed since stands with the day it has now
	add(stored, -1)
	var out []Line
	for _, k := range order {
		if sums[k].Points != 0 {
			out = append(out, *sums[k])
		}
	}
	slices.SortFunc(out, func(a, b Line) int {
		return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Item, b.Item), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return out
}

// Sum adds up lines.
func Sum(lines []Line) int {
	n := 0
	for _, l := range lines {
		n += l.Points
	}
	return n
}
