package app_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// readPage is a page of a list.
type readPage struct {
	TotalCount int
	Edges      []readEdge
	PageInfo   struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
}

// readEdge is a row of a page.
type readEdge struct {
	Cursor string
	Node   struct{ ID string }
}

// read finds the page in an answer.
func (l cursorList) read(t *testing.T, got reply) (p readPage) {
	t.Helper()
	var data any
	if err := json.Unmarshal(got.Data, &data); err != nil || len(got.Errors) > 0 {
		t.Fatalf("no page: %.300s", got.Body)
	}
	text, err := json.Marshal(at(data, l.path...))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// readers are viewers of every kind, each of whom sees only some rows of the place that they ask about, or of whose rows others lie between.
var readers = []string{
	"PORTAL-43", "STATION_KEEPER-430121107", "DEPARTMENT-430121", "DEPUTY-430121107-double", "COUNTY_ADMIN-430102", "TOWNSHIP_ADMIN-430121107", "CITY_ADMIN-4310",
}

// between walks lists in which foreign rows lie between the viewer's: counts, and whether there are more rows, tell of the viewer's alone.
func (i *isolation) between(*testing.T) {
	for _, l := range cursorLists(i.world) {
		for _, name := range readers {
			a := i.attacker(name)
			c := cell{matrix: i.matrix, asker: a, id: i.world.Place(a.At).ID}
			want := c.seen(l.rows(c, a.At))
			if len(want) == 0 && a.Role != "PORTAL" && a.Role != "DEPARTMENT" {
				continue
			}
			i.attacks = append(i.attacks, attack{
				name:    fmt.Sprintf("counts: %s with foreign rows between, as %s", l.name, name),
				control: l.page(i.nation(), apitestNation, "first: 1"), shows: `"edges":[{`,
				sent: l.page(i.token(a), a.At, "first: 2"), want: verdict{status: 200, statements: anyStatements},
				also: func(t *testing.T, first reply) { i.walk(t, l, a, first, want) },
			})
		}
	}
}

// apitestNation is the code of the whole country.
const apitestNation = "000000000000"

// walk reads a list to the end by pages of two, and the last page of all, and compares rows, counts and what is told of further rows.
func (i *isolation) walk(t *testing.T, l cursorList, a asker, first reply, want []string) {
	t.Helper()
	var got []string
	p := l.read(t, first)
	for {
		for _, e := range p.Edges {
			got = append(got, keyOf(e.Node.ID))
		}
		if p.TotalCount != len(want) || p.PageInfo.HasNextPage != (len(got) < len(want)) {
			t.Fatalf("leak or loss: %d of %d rows, %d in all, more: %v", len(got), len(want), p.TotalCount, p.PageInfo.HasNextPage)
		}
		if !p.PageInfo.HasNextPage || p.PageInfo.EndCursor == nil {
			break
		}
		p = l.read(t, sendTo(t, i.server, l.page(i.token(a), a.At, fmt.Sprintf("first: 2, after: %q", *p.PageInfo.EndCursor))))
	}
	if !slices.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
	last := l.read(t, sendTo(t, i.server, l.page(i.token(a), a.At, "last: 1")))
	if last.PageInfo.HasPreviousPage != (len(want) > 1) || last.PageInfo.HasNextPage || len(last.Edges) != min(1, len(want)) {
		t.Errorf("the last page: %+v of %d rows", last, len(want))
	}
}

// cursors tries cursors that the viewer was not given: another viewer's, changed ones, those of another list or order.
func (i *isolation) cursors(t *testing.T) {
	lists := cursorLists(i.world)
	found := map[string]readPage{}
	for _, l := range lists {
		found[l.name] = l.read(t, sendTo(t, i.server, l.page(i.nation(), apitestNation, "first: 100")))
	}
	for _, name := range []string{"COUNTY_ADMIN-430102", "PORTAL-430102", "TOWNSHIP_ADMIN-430121107"} {
		a := i.attacker(name)
		for _, l := range lists {
			control := l.page(i.nation(), apitestNation, "first: 100")
			n := slices.IndexFunc(found[l.name].Edges, func(e readEdge) bool { return !i.world.Sees(a.Viewer, keyOf(e.Node.ID)) })
			if n < 0 {
				continue
			}
			foreign := found[l.name].Edges[n].Cursor
			for _, args := range []string{"first: 3, after: %q", "last: 3, before: %q"} {
				beside := l.page(i.token(a), a.At, fmt.Sprintf(args, turned(foreign, 24, 1)))
				i.attacks = append(i.attacks, attack{
					name:    fmt.Sprintf("cursors: a stranger's, %s, of %s, as %s", args[:5], l.name, name),
					control: control, shows: foreign, sent: l.page(i.token(a), a.At, fmt.Sprintf(args, foreign)),
					// A row that never was, just beside, is answered alike.
					want: verdict{status: 200, like: &beside, statements: anyStatements},
					also: i.both(i.inScope(a), i.asMuchWork(beside)),
				})
			}
			i.attacks = append(i.attacks, attack{
				name:    fmt.Sprintf("cursors: every byte changed, of %s, as %s", l.name, name),
				control: control, shows: foreign, sent: l.page(i.token(a), a.At, fmt.Sprintf("first: 3, after: %q", turned(foreign, 0, 0x20))),
				want: verdict{status: 200, code: "INVALID", statements: anyStatements},
				also: func(t *testing.T, _ reply) { i.everyByte(t, l, a, foreign) },
			})
		}
	}
	i.strayCursors(found)
}

// both makes one look of two.
func (i *isolation) both(one, other func(*testing.T, reply)) func(*testing.T, reply) {
	return func(t *testing.T, got reply) {
		t.Helper()
		one(t, got)
		other(t, got)
	}
}

// turned is a cursor with some bits of a byte turned.
func turned(cursor string, n int, bits byte) string {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		panic(err)
	}
	b[n%len(b)] ^= bits
	return base64.RawURLEncoding.EncodeToString(b)
}

// everyByte turns each bit of each byte: what comes is INVALID, or rows of the viewer's, of which there are as many as ever.
func (i *isolation) everyByte(t *testing.T, l cursorList, a asker, cursor string) {
	t.Helper()
	c := cell{matrix: i.matrix, asker: a, id: i.world.Place(a.At).ID}
	all := len(c.seen(l.rows(c, a.At)))
	for n := range 25 {
		for _, bits := range []byte{1, 0x80, 0xff} {
			got := sendTo(t, i.server, l.page(i.token(a), a.At, fmt.Sprintf("first: 3, after: %q", turned(cursor, n, bits))))
			if got.Code() == "INVALID" && got.Status == 200 {
				continue
			}
			if p := l.read(t, got); p.TotalCount != all {
				t.Errorf("byte %d: %d rows in all, not %d", n, p.TotalCount, all)
			}
			i.inScope(a)(t, got)
		}
	}
}

// strayCursors are those of another list, of another order, and what is none.
func (i *isolation) strayCursors(found map[string]readPage) {
	a := i.attacker("COUNTY_ADMIN-430102")
	lists := map[string]cursorList{}
	for _, l := range cursorLists(i.world) {
		lists[l.name] = l
	}
	for _, x := range []struct{ of, at, code string }{
		{"stations in tree order", "deputies", ""},
		{"deputies", "stations in tree order", ""},
		{"mandates", "deputies", ""},
		{"opinions in tree order", "stations in tree order", ""},
		{"stations in tree order", "closed stations, the newest first", "INVALID"},
		{"opinions, the newest first", "opinions in tree order", "INVALID"},
		{"opinions in tree order", "opinions, the newest first", "INVALID"},
		{"opinions by due day", "opinions in tree order", "INVALID"},
		{"opinions, the newest first", "opinions by due day", "INVALID"},
		{"deputies", "opinions, the newest first", "INVALID"},
	} {
		l, cursor := lists[x.at], found[x.of].Edges[len(found[x.of].Edges)/2].Cursor
		i.attacks = append(i.attacks, attack{
			name:    fmt.Sprintf("cursors: one of %s, in %s", x.of, x.at),
			control: lists[x.of].page(i.nation(), apitestNation, fmt.Sprintf("first: 1, after: %q", cursor)), shows: "totalCount",
			sent: l.page(i.token(a), a.At, fmt.Sprintf("first: 100, after: %q", cursor)), want: verdict{status: 200, code: x.code, statements: anyStatements},
			also: i.inScope(a),
		})
	}
	l := lists["opinions, the newest first"]
	good := found[l.name].Edges[0].Cursor
	for name, cursor := range map[string]string{
		"an empty one": "", "a word": "next", "a number": "100", "an opinion's id": found[l.name].Edges[0].Node.ID, "half of one": good[:17], "one and a half": good + good[:17],
		"a padded one": good + "==", "one with a quote": good[:33] + "'", "one with a NUL": good[:33] + `\u0000`,
	} {
		i.attacks = append(i.attacks, attack{
			name: "cursors: " + name, control: l.page(i.token(a), a.At, "first: 1"), shows: "totalCount",
			sent: l.page(i.token(a), a.At, `first: 3, after: "`+cursor+`"`), want: verdict{status: 200, code: "INVALID", statements: anyStatements},
		})
	}
	for args, name := range map[string]string{ // what is huge is too dear before it is read: attacks on the engine
		"first: 0": "of nothing", "first: -1": "of less than nothing", "first: 101": "of 101 rows",
		"last: -100": "backwards, of less than nothing", "last: 101": "backwards, of 101 rows", "first: 3, last: 3": "from both ends", "first: null": "of no size",
	} {
		i.attacks = append(i.attacks, attack{
			name: "pages: " + name, control: l.page(i.token(a), a.At, "first: 100"), shows: "totalCount",
			sent: l.page(i.token(a), a.At, args), want: verdict{status: 200, code: "INVALID", statements: anyStatements},
		})
	}
}
