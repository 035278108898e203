package duty_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/lianluo/lianluo/ent/duty"
)

func TestStars(t *testing.T) {
	thresholds := []duty.Star{{Stars: 3, From: 600}, {Stars: 4, From: 800}, {Stars: 5, From: 950}}
	for total, want := range map[int]int{0: 0, 599: 0, 600: 3, 799: 3, 800: 4, 949: 4, 950: 5, 1000: 5} {
		if got := duty.Stars(thresholds, total); got == nil || *got != want {
			t.Errorf("%d comes to %v stars, want %d", total, got, want)
		}
	}
	if got := duty.Stars(nil, 1000); got != nil {
		t.Errorf("a checklist without stars gives %d", *got)
	}
}

func TestTotals(t *testing.T) {
	items := []duty.StandardItem{{Key: "1", Points: 200}, {Key: "2", Points: 155}}
	if got := duty.Full(items); got != 355 {
		t.Errorf("full %d", got)
	}
	if got := duty.Total([]duty.Score{{Key: "1", Points: 180}, {Key: "2", Points: 5}}); got != 185 {
		t.Errorf("total %d", got)
	}
	if duty.Full(nil) != 0 || duty.Total(nil) != 0 {
		t.Error("nothing adds up to something")
	}
}

// More points never mean fewer stars, whatever the order in which the thresholds stand; and the stars given are always those of a threshold that is reached.
func TestStarsRise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var thresholds []duty.Star
		from := 0
		for stars := 1; stars <= rapid.IntRange(1, 5).Draw(t, "stars"); stars++ {
			from += rapid.IntRange(1, 300).Draw(t, "step")
			thresholds = append(thresholds, duty.Star{Stars: stars, From: from})
		}
		shuffled := rapid.Permutation(thresholds).Draw(t, "order")
		less := rapid.IntRange(0, 1600).Draw(t, "less")
		more := less + rapid.IntRange(0, 200).Draw(t, "further")
		a, b := *duty.Stars(shuffled, less), *duty.Stars(thresholds, more)
		if a > b {
			t.Fatalf("%d points: %d stars, %d points: %d", less, a, more, b)
		}
		reached := 0
		for _, s := range thresholds {
			if less >= s.From {
				reached++
			}
		}
		if a != reached {
			t.Fatalf("%d points of %v: %d stars, want %d", less, thresholds, a, reached)
		}
	})
}
