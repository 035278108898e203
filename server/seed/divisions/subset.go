package divisions

import (
	"slices"

	"github.com/lianluo/lianluo/ent/place"
)

// Subset answers, in order, those of the rows that lie in the subtrees of the roots, and their ancestors: a small tree that
// holds together, for tests. The rows must be sorted as Parse answers them; a root that is not among them adds nothing.
func Subset(rows []Row, roots ...place.Code) []Row {
	var subset []Row
	above := make(map[place.Code]bool)
	for _, row := range slices.Backward(rows) { // an ancestor's code is the smaller one, so it comes after what needs it
		inside := slices.ContainsFunc(roots, func(root place.Code) bool { return root.Contains(row.Code) })
		if !inside && !above[row.Code] {
			continue
		}
		subset = append(subset, row)
		if row.Parent != nil {
			above[*row.Parent] = true
		}
	}
	slices.Reverse(subset)
	return subset
}
