package rollup

import "github.com/lianluo/lianluo/ent/place"

// columns lists where the columns of a row go: the area's code, a count for each word of a vocabulary in its order, and the rest.
func columns(code *place.Code, counts []int, rest ...any) []any {
	out := append(make([]any, 0, 1+len(counts)+len(rest)), code)
	for i := range counts {
		out = append(out, &counts[i])
	}
	return append(out, rest...)
}

// named tells the counts by the words of the vocabulary; a count of nothing is left out.
func named[T ~string](words []T, counts []int) map[T]int {
	out := make(map[T]int, len(words))
	for i, w := range words {
		if counts[i] != 0 {
			out[w] = counts[i]
		}
	}
	return out
}
