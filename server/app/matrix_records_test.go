package app_test

import (
	"fmt"
	"math"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The records behind sums: they are in sight, lie in the part, and add up to what the oracle counts.

// recordQuestion is one way to ask for the records behind a number.
type recordQuestion struct {
	measure, args string
	period
	// part is what the number is of, and narrowed what names that.
	part     func(root string) oracle.Part
	narrowed string
	// anywhere: what counts may stand elsewhere, as who attended does.
	anywhere bool
}

func recordQuestions(w *world) []recordQuestion {
	whole := func(root string) oracle.Part { return oracle.Part{Root: root} }
	station := w.Spot("430121107").Station
	var out []recordQuestion
	for _, x := range []struct {
		measure string
		p       period
	}{
		{"STATIONS", quarter.period},
		{"MANDATES", quarter.period},
		{"POSTINGS", oddDays.period},
		{"VILLAGES_COVERED", may},
		{"CONSTITUENCIES_COVERED", may},
		{"VISIT_DAYS_MISSED", quarter.period},
		{"ACTIVITIES_RECORDED", may},
		{"PEOPLE_REACHED", oddDays.period},
		{"ATTENDANCES", may},
		{"OFFICIALS", may},
		{"POINTS", may},
		{"NORMS_MISSING", quarter.period},
		{"OPINIONS_LATE", oddDays.period},
		{"OPINIONS_RECEIVED", oddDays.period},
		{"SUGGESTIONS_MADE", quarter.period},
	} {
		out = append(out, recordQuestion{measure: x.measure, period: x.p, part: whole})
	}
	for _, measure := range []string{"DEPUTIES", "DEPUTIES_POSTED", "DEPUTIES_ATTENDED"} {
		out = append(out, recordQuestion{measure: measure, period: quarter.period, part: whole, anywhere: true})
	}
	for measure, p := range map[string]period{"VISIT_DAYS_HELD": may, "PEOPLE_REACHED": quarter.period, "DEPUTIES_ATTENDED": quarter.period, "OPINIONS_ACCEPTED": oddDays.period} {
		out = append(out, recordQuestion{measure: measure, args: "tree: THEN, ", period: p, anywhere: true, part: func(root string) oracle.Part {
			return oracle.Part{Root: root, ByThen: true}
		}})
	}
	return append(out,
		recordQuestion{measure: "OPINIONS_RECEIVED", args: "ownOnly: true, by: CHILDREN, ", period: oddDays.period, narrowed: "", part: func(root string) oracle.Part {
			return oracle.Part{Root: root, Alone: true}
		}},
		// A station by its key: nothing comes of one that lies elsewhere.
		recordQuestion{
			measure: "ATTENDANCES", args: fmt.Sprintf("by: STATIONS, key: %q, ", globalID("Station", station)), period: may, narrowed: "station " + station,
			part: func(root string) oracle.Part {
				return oracle.Part{Root: root, Station: func(s *oracle.Station) bool { return s.ID == station }}
			},
		},
		recordQuestion{ // what has no category yet
			measure: "OPINIONS_RECEIVED", args: "by: CATEGORIES, ", period: oddDays.period, narrowed: "category none",
			part: func(root string) oracle.Part {
				return oracle.Part{Root: root, Opinion: func(o *oracle.Opinion) bool { return o.Category == "" }}
			},
		},
		recordQuestion{
			measure: "OPINIONS_ACCEPTED", args: fmt.Sprintf("by: CATEGORIES, key: %q, ", globalID("Category", apitest.Category("01"))), period: oddDays.period,
			narrowed: "category 01", part: func(root string) oracle.Part {
				return oracle.Part{Root: root, Opinion: func(o *oracle.Opinion) bool { return o.Category == apitest.Category("0102") }}
			},
		},
	)
}

func recordRoots(w *world) []rootProbe {
	var out []rootProbe
	for _, q := range recordQuestions(w) {
		out = append(out, rootProbe{
			field: "rollupRecords", args: fmt.Sprintf("division: %%s, %s%s, measure: %s, first: 100", q.args, q.period.args(), q.measure), cost: 600,
			selection: "{ edges { cursor node { value node { id } } } pageInfo { hasNextPage endCursor } }", judge: q.judge,
		})
	}
	return out
}

// judge adds up the records of the first page, which is all of them but at the nation.
func (q recordQuestion) judge(c cell, got any) {
	root := c.world.At(c.id)
	part := q.part(root)
	want := float64(c.counts(part, q.narrowed, q.period)[q.measure])
	if q.measure == "POINTS" {
		want /= 10
	}
	c.count(want > 0)
	page, _ := got.(map[string]any)
	edges, _ := page["edges"].([]any)
	sum := 0.0
	for _, e := range edges {
		edge, _ := e.(map[string]any)
		record, _ := edge["node"].(map[string]any)
		node, _ := record["node"].(map[string]any)
		value, _ := record["value"].(float64)
		sum += value
		id, _ := node["id"].(string)
		key := keyOf(id)
		switch {
		case node == nil: // standings are no nodes, and who has left again is out of sight
			if q.measure != "NORMS_MISSING" && !q.anywhere {
				c.loss("a record")
			}
		case !c.world.Sees(c.Viewer, key) || !q.anywhere && !oracle.Holds(root, c.world.At(key)):
			c.leak(c.describe(key))
		}
	}
	info, _ := page["pageInfo"].(map[string]any)
	switch more := info["hasNextPage"] == true; {
	case more && sum < want, !more && math.Abs(sum-want) < 0.01:
	case sum > want:
		c.leak(fmt.Sprintf("%v counted, not %v", sum, want))
	default:
		c.loss(fmt.Sprintf("%v counted, not %v", sum, want))
	}
}
