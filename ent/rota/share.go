package rota

import (
	"cmp"
	"slices"
)

// Share puts deputies on duty on a number of days, some each day, or all of them when perDay is 0 or more than there are. Whoever has been
// on duty least comes first: within the plan, then by what was done before it, then in the order given. So no two differ by more than one
// duty over the plan, and who had done less before it has never done fewer in it. The answer is the same for the same question.
func Share[D comparable](days, perDay int, deputies []D, before map[D]int) [][]D {
	if perDay <= 0 || perDay > len(deputies) {
		perDay = len(deputies)
	}
	now := make(map[D]int, len(deputies))
	out := make([][]D, days)
	queue := slices.Clone(deputies)
	place := make(map[D]int, len(deputies))
	for i, d := range deputies {
		place[d] = i
	}
	for i := range out {
		slices.SortFunc(queue, func(a, b D) int {
			return cmp.Or(cmp.Compare(now[a], now[b]), cmp.Compare(before[a], before[b]), cmp.Compare(place[a], place[b]))
		})
		out[i] = slices.Clone(queue[:perDay])
		for _, d := range out[i] {
			now[d]++
		}
	}
	return out
}
