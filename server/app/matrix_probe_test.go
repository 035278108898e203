package app_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/lianluo/lianluo/ent/globalid"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// probe asks for one field of a node and judges the answer.
type probe struct {
	field, args string
	// selection is what is asked of the field's own value; empty for a scalar.
	selection string
	// cost is about how many fields the server counts for it.
	cost int
	// judge compares. It counts one cell.
	judge func(c cell, got any)
}

// ask is the probe in a query, under an alias.
func (p probe) ask(alias string) string {
	text := alias + ": " + p.field
	if p.args != "" {
		text += "(" + p.args + ")"
	}
	return text + " " + p.selection
}

// cell is where in the matrix a judgement stands: a viewer and the thing asked about.
type cell struct {
	*matrix
	asker
	id   string // the thing's own id; for a root field the division's
	what string // for people: type, field and arguments
	at   string // the thing's place, for what is not in the world
}

func (c cell) relation() oracle.Relation {
	if c.at == "" {
		c.at = c.world.At(c.id)
	}
	return c.world.RelationOf(c.At, c.at)
}

func (c cell) count(granted bool) { c.tally.cell(c.Role, c.relation(), granted) }

func (c cell) leak(got any) {
	c.tally.leak("%s sees %s of %s: %v", c.name, c.what, c.describe(c.id), got)
}

func (c cell) loss(want any) {
	c.tally.loss("%s is denied %s of %s: %v", c.name, c.what, c.describe(c.id), want)
}

func (c cell) mismatch(got, want any) {
	c.tally.mismatch("%s, %s of %s: got %v, want %v", c.name, c.what, c.describe(c.id), got, want)
}

// same judges a value that must equal another.
func (c cell) same(got, want any) {
	c.count(want != nil)
	got, want = plain(got), plain(want)
	switch {
	case reflect.DeepEqual(got, want):
	case want == nil:
		c.leak(got)
	case got == nil:
		c.loss(want)
	default:
		c.mismatch(got, want)
	}
}

// plain is a value as JSON has it.
func plain(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		panic(err)
	}
	return out
}

// scalar is a field that stands in the row: the column's value.
func scalar(field, column string) probe {
	return probe{field: field, cost: 1, judge: func(c cell, got any) { c.same(got, c.stored(c.id)[column]) }}
}

// value is a field whose value the oracle, or the test, works out.
func value(field, args, selection string, cost int, want func(c cell) any) probe {
	return probe{field: field, args: args, selection: selection, cost: cost, judge: func(c cell, got any) { c.same(got, want(c)) }}
}

// edge is a field that leads to one other thing, which may be out of sight.
func edge(field string, to func(c cell) string) probe {
	return probe{field: field, selection: "{ id }", cost: 8, judge: func(c cell, got any) {
		var want any
		if id := to(c); id != "" && c.world.Sees(c.Viewer, id) {
			want = map[string]any{"id": c.globalID(id)}
		}
		c.same(got, want)
	}}
}

// list is a field that leads to several things; to answers them whether the viewer sees them or not.
func list(field, args string, to func(c cell) []string) probe {
	return probe{field: field, args: args, selection: "{ id }", cost: 22, judge: func(c cell, got any) {
		rows, _ := got.([]any)
		ids := make([]string, len(rows))
		for i, row := range rows {
			ids[i], _ = row.(map[string]any)["id"].(string)
		}
		c.judgeIDs(ids, c.seen(to(c)), false)
	}}
}

// connection is a list by pages; to answers its rows in order. The page is the first 100, or the last 100 if the arguments say so.
func connection(field, args string, to func(c cell) []string) probe {
	return probe{
		field: field, args: args, selection: connectionSelection, cost: 420,
		judge: func(c cell, got any) { c.judgeConnection(got, to(c), strings.Contains(args, "last:")) },
	}
}

const connectionSelection = "{ totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"

// judgeConnection compares a page of a connection: which rows, in which order, how many there are in all.
func (c cell) judgeConnection(got any, rows []string, fromEnd bool) {
	c.judgePage(got, rows, fromEnd, true)
}

// judgePage is judgeConnection of rows that may come in any order.
func (c cell) judgePage(got any, rows []string, fromEnd, ordered bool) {
	var page struct {
		TotalCount int
		Edges      []struct {
			Cursor string
			Node   struct{ ID string }
		}
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
	}
	text, _ := json.Marshal(got)
	if err := json.Unmarshal(text, &page); err != nil || got == nil {
		c.mismatch(got, "a connection")
		return
	}
	want := c.seen(rows)
	total, more := len(want), len(want) > 100
	if fromEnd {
		want = want[max(0, len(want)-100):]
	} else {
		want = want[:min(100, len(want))]
	}
	ids := make([]string, len(page.Edges))
	for i, e := range page.Edges {
		ids[i] = e.Node.ID
	}
	c.judgeIDs(slices.Clone(ids), want, ordered)
	switch {
	case page.TotalCount > total:
		c.leak(page.TotalCount)
	case page.TotalCount < total:
		c.loss(total)
	case page.PageInfo.HasNextPage != (more && !fromEnd), page.PageInfo.HasPreviousPage != (more && fromEnd):
		c.mismatch(page.PageInfo, "more rows: "+map[bool]string{true: "yes", false: "no"}[more])
	case len(ids) > 0 && (*page.PageInfo.StartCursor != page.Edges[0].Cursor || *page.PageInfo.EndCursor != page.Edges[len(ids)-1].Cursor):
		c.mismatch(page.PageInfo, "the cursors of the page's ends")
	}
}

// seen are those of some things that the viewer sees.
func (c cell) seen(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !c.world.Sees(c.Viewer, id) })
}

// judgeIDs compares global ids with the ids wanted.
func (c cell) judgeIDs(got, want []string, ordered bool) {
	c.count(len(want) > 0)
	wanted := make([]string, len(want))
	for i, id := range want {
		wanted[i] = c.globalID(id)
	}
	if !ordered {
		slices.Sort(got)
		slices.Sort(wanted)
	}
	if slices.Equal(got, wanted) {
		return
	}
	clean := true
	for _, id := range got {
		if !slices.Contains(wanted, id) {
			clean = false
			c.leak(c.describe(keyOf(id)))
		}
	}
	for _, id := range wanted {
		if !slices.Contains(got, id) {
			clean = false
			c.loss(c.describe(keyOf(id)))
		}
	}
	if clean {
		c.mismatch("another order or rows twice", len(want))
	}
}

// keyOf is the id in a global id.
func keyOf(id string) string {
	_, key, err := globalid.Decode(id)
	if err != nil {
		return id
	}
	return key.String()
}
