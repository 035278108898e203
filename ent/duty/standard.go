package duty

// Full is the most that a checklist can be given, in tenths of a point.
func Full(items []StandardItem) int {
	sum := 0
	for _, i := range items {
		sum += i.Points
	}
	return sum
}

// Total is what scores add up to, in tenths of a point.
func Total(scores []Score) int {
	sum := 0
	for _, s := range scores {
		sum += s.Points
	}
	return sum
}

// Stars is how many stars a total comes to: those of the highest threshold that it reaches, 0 below the lowest; nil where a checklist gives no stars.
func Stars(thresholds []Star, total int) *int {
	if len(thresholds) == 0 {
		return nil
	}
	stars, reached := 0, -1
	for _, t := range thresholds {
		if total >= t.From && t.From > reached {
			stars, reached = t.Stars, t.From
		}
	}
	return &stars
}
