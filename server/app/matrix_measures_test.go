package app_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The sums of opinions, counted once more from the rows that the viewer sees.

// measured are the times for sums of opinions: the world's whole month, and a few days within it.
var measured = []period{{"2024-03-01", "2024-03-31"}, {"2024-03-02", "2024-03-04"}}

// has tells whether a moment lies within the period; the world's moments are at four in the afternoon.
func (p period) has(moment any) bool {
	text, _ := moment.(string)
	return text != "" && text[:10] >= p.from && text[:10] <= p.to
}

// below keeps the opinions at a place and below it.
func (c cell) below(root string) func(*oracle.Opinion) bool {
	return func(o *oracle.Opinion) bool { return oracle.Holds(root, o.At) }
}

// limitedStates are the states with a clock, in the order of an opinion's life.
var limitedStates = []string{
	"SUBMITTED", "ACCEPTED", "ANSWERED", "WAITING", "ANALYSED", "ASSIGNED", "RETURN_REQUESTED", "ESCALATED", "HANDLING", "REPLIED",
	"FED_BACK", "REWORK",
}

// measures sums up the opinions that the viewer sees and that are kept.
func (c cell) measures(p period, keep func(*oracle.Opinion) bool) map[string]any {
	n := map[string]int{}
	add := func(name string, yes bool) {
		if yes {
			n[name]++
		}
	}
	stays := map[string]bool{}
	for _, o := range c.world.Opinions {
		if !keep(o) || !c.world.Sees(c.Viewer, o.ID) {
			continue
		}
		row := c.stored(o.ID)
		add("submitted", p.has(row["submitted_at"]))
		add("declined", o.State == "DECLINED" && p.has(row["state_since"]))
		c.stays(o, p, stays)
		if !p.has(row["accepted_at"]) {
			continue
		}
		closed, solved := row["closed_at"] != nil, row["outcome"] == "SOLVED"
		answered := row["replied_at"] != nil || row["fed_back_at"] != nil
		red := o.Open() && c.clock(o.ID) == "RED" && o.WaitsOn() != "SUBMITTER"
		n["accepted"]++
		add("online", slices.Contains([]any{"STATION_CODE", "DEPUTY_CODE", "ONLINE"}, row["channel"]))
		add("open", !closed)
		add("overdue", red)
		add("late", red || row["late"] == true)
		add("closed", closed)
		add("solved", closed && solved)
		add("converted", o.State == "CONVERTED")
		add("merged", o.State == "MERGED")
		add("answered", answered)
		add("reworked", answered && row["reworks"] != 0.0)
		add("hardship", row["hardship"] == true)
		add("hardshipSolved", row["hardship"] == true && closed && solved)
		if rating, ok := row["rating"].(string); ok {
			n[rating]++
		}
	}
	out := map[string]any{}
	for _, f := range valueFields["OpinionMeasures"] {
		out[f] = n[f]
	}
	satisfied := n["SATISFIED"] + n["BASICALLY_SATISFIED"]
	out["closingRate"], out["onTimeRate"] = share(n["closed"], n["accepted"]), share(n["accepted"]-n["late"], n["accepted"])
	out["satisfaction"], out["reworkRate"] = share(satisfied, satisfied+n["DISSATISFIED"]), share(n["reworked"], n["answered"])
	ratings, medians := []any{}, []any{}
	for _, r := range []string{"SATISFIED", "BASICALLY_SATISFIED", "DISSATISFIED"} {
		ratings = append(ratings, map[string]any{"rating": r, "count": n[r]})
	}
	for _, s := range limitedStates {
		if stays[s] {
			medians = append(medians, map[string]any{"state": s, "days": 1}) // the world's steps are a day apart
		}
	}
	delete(out, "ratings:OpinionRatingCount")
	delete(out, "medianDays:OpinionMedian")
	out["ratings"], out["medianDays"] = ratings, medians
	return out
}

// stays notes the states that an opinion came into within a period and has left.
func (c cell) stays(o *oracle.Opinion, p period, in map[string]bool) {
	for _, e := range c.told[o.ID] {
		event := c.stored(e.ID)
		to, _ := event["to_state"].(string)
		if e.Step != "NOTE" && to != o.State && p.has(event["occurred_at"]) {
			in[to] = true
		}
	}
}

func share(part, whole int) any {
	if whole == 0 {
		return nil
	}
	return float64(part) / float64(whole)
}

// board is how many opinions are in which state.
func (c cell) board(root string) any {
	columns, sum := []any{}, map[string]int{}
	for _, state := range apitest.States {
		n := map[string]int{}
		for _, o := range c.world.Opinions {
			if o.State != state || !oracle.Holds(root, o.At) || !c.world.Sees(c.Viewer, o.ID) {
				continue
			}
			n["count"]++
			if o.Open() {
				n[c.clock(o.ID)]++
				sum["open"]++
			}
		}
		sum["total"] += n["count"]
		sum["amber"] += n["AMBER"]
		sum["red"] += n["RED"]
		columns = append(columns, map[string]any{"state": state, "count": n["count"], "amber": n["AMBER"], "red": n["RED"]})
	}
	return map[string]any{"columns": columns, "total": sum["total"], "open": sum["open"], "amber": sum["amber"], "red": sum["red"]}
}

// measureRoots is how the sums are asked for at the top.
func measureRoots(w *world) []rootProbe {
	measures := func(args string, want func(c cell, root string) []any) rootProbe {
		return rootProbe{
			field: "opinionMeasures", args: "division: %s, " + args, selection: selectionOf("OpinionMeasuresRow"),
			judge: func(c cell, got any) { c.same(sorted(got), sorted(want(c, c.world.At(c.id)))) },
		}
	}
	period := measured[0].args()
	station, category := w.Spot("430121107201").Station, apitest.Category("07")
	out := []rootProbe{
		{field: "opinionBoard", args: "division: %s", selection: selectionOf("OpinionBoard"), judge: func(c cell, got any) {
			c.same(got, c.board(c.world.At(c.id)))
		}},
		measures("by: CHILDREN, "+period, func(c cell, root string) []any {
			rows := []any{c.measuresRow(map[string]any{"division": c.refUnchecked(root), "ownOnly": true}, measured[0],
				func(o *oracle.Opinion) bool { return o.At == root })}
			for _, id := range c.seen(childVariants()[0].rows(c, root)) {
				code := c.world.At(id)
				rows = append(rows, c.measuresRow(map[string]any{"division": c.refUnchecked(code)}, measured[0], c.below(code)))
			}
			return rows
		}),
		measures("by: STATION, "+period, grouped("station", func(o *oracle.Opinion) string { return o.Station })),
		measures("by: DEPARTMENT, "+period, grouped("department", func(o *oracle.Opinion) string { return o.Lead })),
		measures("by: CATEGORY, "+period, grouped("category", func(o *oracle.Opinion) string { return o.Category })),
		measures("by: TOP_CATEGORY, "+period, grouped("category", func(o *oracle.Opinion) string {
			return map[string]string{
				"": "", apitest.Category("0102"): apitest.Category("01"), apitest.Category("0701"): category, category: category,
			}[o.Category]
		})),
		measures("by: MONTH, "+period, func(c cell, root string) []any {
			return []any{c.measuresRow(map[string]any{"month": "2024-03-01"}, measured[0], c.below(root))}
		}),
	}
	for _, p := range measured {
		out = append(out, measures(p.args(), func(c cell, root string) []any {
			return []any{c.measuresRow(map[string]any{"division": c.refUnchecked(root)}, p, c.below(root))}
		}))
	}
	narrowed := func(args string, keep func(*oracle.Opinion) bool) rootProbe {
		return measures(period+", "+args, func(c cell, root string) []any {
			return []any{c.measuresRow(map[string]any{"division": c.refUnchecked(root)}, measured[0],
				func(o *oracle.Opinion) bool { return oracle.Holds(root, o.At) && keep(o) })}
		})
	}
	return append(out,
		narrowed(fmt.Sprintf("station: %q", globalID("Station", station)), func(o *oracle.Opinion) bool { return o.Station == station }),
		narrowed(fmt.Sprintf("category: %q", globalID("Category", category)), func(o *oracle.Opinion) bool {
			return o.Category == category || o.Category == apitest.Category("0701")
		}),
	)
}

// measuresRow is a row of sums with what names it.
func (c cell) measuresRow(named map[string]any, p period, keep func(*oracle.Opinion) bool) any {
	row := map[string]any{"division": nil, "ownOnly": false, "station": nil, "department": nil, "category": nil, "month": nil}
	for k, v := range named {
		row[k] = v
	}
	row["measures"] = c.measures(p, keep)
	return row
}

// grouped are the rows of sums by something that opinions name, one for each that anything happened with.
func grouped(field string, key func(*oracle.Opinion) string) func(c cell, root string) []any {
	return func(c cell, root string) []any {
		keys := map[string]bool{}
		for _, o := range c.world.Opinions {
			if oracle.Holds(root, o.At) && c.world.Sees(c.Viewer, o.ID) {
				keys[key(o)] = true // all came in within the period
			}
		}
		rows := []any{}
		for k := range keys {
			var named any
			if k != "" && c.world.Sees(c.Viewer, k) {
				named = map[string]any{"id": c.globalID(k)}
			}
			rows = append(rows, c.measuresRow(map[string]any{field: named}, measured[0], func(o *oracle.Opinion) bool {
				return oracle.Holds(root, o.At) && key(o) == k
			}))
		}
		return rows
	}
}

// sorted puts rows in one order, that of their texts; the order itself is tried with the sums.
func sorted(v any) any {
	rows, ok := plain(v).([]any)
	if !ok {
		return v
	}
	slices.SortFunc(rows, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return rows
}
