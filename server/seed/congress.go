package seed

import (
	"time"

	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
)

// termLength is the length of a term in years, by law.
const termLength = 5

// termNumbers are the numbers of the present terms, known from the accounts or counted from the year in which the
// division was founded.
var termNumbers = map[place.Code]int{
	place.MustParse("4301"): 16, place.MustParse("4302"): 16, place.MustParse("4310"): 6,
	place.MustParse("1407"): 5, place.MustParse("4403"): 7,

	place.MustParse("430102"): 6, place.MustParse("430103"): 6, place.MustParse("430104"): 6, place.MustParse("430105"): 6,
	place.MustParse("430111"): 6, place.MustParse("430112"): 3, place.MustParse("431002"): 7, place.MustParse("430202"): 6,
	place.MustParse("140723"): 17,
	place.MustParse("440303"): 8, place.MustParse("440304"): 8, place.MustParse("440305"): 8, place.MustParse("440306"): 7,
	place.MustParse("440307"): 7, place.MustParse("440308"): 6, place.MustParse("440309"): 2, place.MustParse("440310"): 2,
	place.MustParse("440311"): 2,
}

// termFacts are the number of the present term of a congress and its first day.
func termFacts(d *division, level kind.CongressLevel) (number int, starts time.Time) {
	switch level {
	case kind.National:
		return 14, date(2023, 3, 5)
	case kind.Provincial:
		number, starts = 14, date(2023, 1, 13)
	case kind.City:
		number, starts = 8, date(2022, 1, 5)
	case kind.County:
		number, starts = 18, date(2021, 12, 20)
	case kind.Township:
		number, starts = 18, date(2021, 12, 10)
	}
	if known, ok := termNumbers[d.code]; ok {
		number = known
	}
	return number, starts
}

// lead is how long before the first day of a term its deputies are elected.
func lead(level kind.CongressLevel) int {
	switch level {
	case kind.National:
		return 45
	case kind.Provincial, kind.City:
		return 9
	}
	return 30
}

// congress answers the congress of a division, which it makes at the first call.
func (b *builder) congress(d *division) *congress {
	if c := b.own[d]; c != nil {
		return c
	}
	if c := b.w.congresses[d]; c != nil {
		return c
	}
	level, _ := kind.CongressLevelOf(d.level)
	c := &congress{record: b.record(d), level: level, name: d.name + "人民代表大会", units: map[*division]*constituency{}}
	number, starts := termFacts(d, level)
	c.previous = b.term(c, number-1, starts.AddDate(-termLength, 0, 0))
	c.current = b.term(c, number, starts)
	b.congresses = append(b.congresses, c)

	known := b.own
	switch level {
	case kind.National:
		c.id = b.w.mark
		known = b.w.congresses
	case kind.Provincial, kind.City:
		known = b.w.congresses
	}
	known[d] = c
	return c
}

func (b *builder) term(c *congress, number int, starts time.Time) *term {
	t := &term{record: b.record(c.in), congress: c, number: number, starts: starts, ends: starts.AddDate(termLength, 0, 0)}
	b.terms = append(b.terms, t)
	return t
}

// unit answers the electing unit (选举单位) of a division for a congress that is elected by the congresses below it.
func (b *builder) unit(c *congress, d *division) *constituency {
	if u := c.units[d]; u != nil {
		return u
	}
	u := b.constituency(c, d, d.name, kind.ElectingUnit)
	c.units[d] = u
	b.w.units = append(b.w.units, u)
	return u
}

// directly makes a constituency (选区) of a directly elected congress.
func (b *builder) directly(c *congress, d *division, name string, basis kind.Constituency) *constituency {
	u := b.constituency(c, d, name, basis)
	b.constituencies = append(b.constituencies, u)
	return u
}

func (b *builder) constituency(c *congress, d *division, name string, basis kind.Constituency) *constituency {
	c.last++
	return &constituency{record: b.record(d), congress: c, number: c.last, name: name, basis: basis, since: c.previous.starts.AddDate(0, -3, 0)}
}
