package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/ent/viewer"
)

// plan is how the database carries out a statement of the API, for the viewer who asked.
type plan struct {
	Case      string   `json:"case"`
	Statement string   `json:"statement"`
	Millis    float64  `json:"millis"`
	Text      string   `json:"text"`
	Faults    []string `json:"faults,omitempty"`
}

// big are the tables that grow with the nation: none of them may be read through, or sorted for a page.
var big = []string{
	"activity", "attendance", "deputy", "division", "fact", "mandate", "opinion", "opinion_event", "posting", "station", "visit_day", "visit_duty",
}

// node is a node of a plan, as far as it is looked at.
type node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Cond     string  `json:"Index Cond"`
	Rows     float64 `json:"Actual Rows"`
	Loops    float64 `json:"Actual Loops"`
	Plans    []node  `json:"Plans"`
}

// explained is what EXPLAIN answers as JSON.
type explained []struct {
	Plan      node
	Planning  float64 `json:"Planning Time"`
	Execution float64 `json:"Execution Time"`
}

// faults tells what a plan does that grows with a table. Limited is a node of whose rows only the first are taken; whole tells that the statement asks
// for no rows in particular, so that the first may be taken from the whole table in the order of an index.
func (n node) faults(limited, whole bool) []string {
	var out []string
	large := slices.Contains(big, n.Relation)
	switch {
	case n.Type == "Seq Scan" && large:
		out = append(out, "reads all of "+n.Relation)
	case strings.HasPrefix(n.Type, "Index") && large && n.Cond == "" && (!limited || !whole):
		out = append(out, "reads all of "+n.Relation+" by "+n.Index)
	case n.Type == "Sort" && limited && n.above(big): // an incremental one stops with the page
		out = append(out, "sorts what a page is taken from")
	}
	limited = limited && n.Type != "Sort" && n.Type != "Aggregate" && n.Type != "Hash" || n.Type == "Limit"
	for _, p := range n.Plans {
		out = append(out, p.faults(limited, whole)...)
	}
	return out
}

// above tells whether one of the tables is read below the node.
func (n node) above(tables []string) bool {
	return slices.Contains(tables, n.Relation) || slices.ContainsFunc(n.Plans, func(p node) bool { return p.above(tables) })
}

// explain plans and runs again what was sent and only reads, for the viewer it was sent for.
func (b *bed) explain(ctx context.Context, name string, sent []statement) ([]plan, error) {
	var out []plan
	for _, s := range sent {
		if !s.reads() {
			continue
		}
		ctx := viewer.NewContext(ctx, s.viewer)
		p := plan{Case: name, Statement: s.text}
		var text string
		if err := b.single.QueryRowContext(ctx, "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "+s.text, s.args...).Scan(&text); err != nil {
			return nil, fmt.Errorf("explain: %w", err)
		}
		var tree explained
		if err := json.Unmarshal([]byte(text), &tree); err != nil || len(tree) != 1 {
			return nil, errors.Join(err, fmt.Errorf("explain: not one plan: %.100s", text))
		}
		p.Millis, p.Faults = tree[0].Execution, tree[0].Plan.faults(false, s.whole())
		lines, err := collect(ctx, b.single, scalar[string],
			"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) "+s.text, s.args...)
		if err != nil {
			return nil, fmt.Errorf("explain: %w", err)
		}
		p.Text = strings.Join(lines, "\n")
		out = append(out, p)
	}
	return out, nil
}

// hottest are the statements that take the longest, each text once.
func hottest(plans []plan, n int) []plan {
	sorted := slices.SortedStableFunc(slices.Values(plans), func(a, b plan) int { return cmp.Compare(b.Millis, a.Millis) })
	seen := map[string]bool{}
	sorted = slices.DeleteFunc(sorted, func(p plan) bool {
		twice := seen[p.Statement]
		seen[p.Statement] = true
		return twice
	})
	return sorted[:min(n, len(sorted))]
}
