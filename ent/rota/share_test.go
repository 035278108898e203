package rota_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lianluo/lianluo/ent/rota"
)

func TestShare(t *testing.T) {
	for name, c := range map[string]struct {
		days, perDay int
		deputies     string
		before       map[rune]int
		want         string
	}{
		"one after the other":        {5, 1, "ABC", nil, "[A B C A B]"},
		"two each day":               {4, 2, "ABC", nil, "[AB CA BC AB]"},
		"all":                        {2, 0, "ABC", nil, "[ABC ABC]"},
		"more than there are":        {2, 9, "ABC", nil, "[ABC ABC]"},
		"who has done less is first": {4, 1, "ABC", map[rune]int{'A': 2, 'B': 1}, "[C B A C]"},
		"nobody":                     {2, 3, "", nil, "[ ]"},
		"no days":                    {0, 1, "ABC", nil, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, who := range rota.Share(c.days, c.perDay, []rune(c.deputies), c.before) {
				got = append(got, string(who))
			}
			if text := fmt.Sprint(got); text != c.want {
				t.Errorf("%s, want %s", text, c.want)
			}
		})
	}
}

// Over a plan no two deputies differ by more than one duty, each day has as many as it should, nobody is on a day twice, and the same
// question has the same answer.
func TestShareIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deputies := rapid.SliceOfNDistinct(rapid.IntRange(0, 99), 1, 20, rapid.ID[int]).Draw(t, "deputies")
		days, perDay := rapid.IntRange(0, 60).Draw(t, "days"), rapid.IntRange(0, 25).Draw(t, "per day")
		before := rapid.MapOf(rapid.SampledFrom(deputies), rapid.IntRange(0, 9)).Draw(t, "before")
		plan := rota.Share(days, perDay, deputies, before)
		each := perDay
		if each == 0 || each > len(deputies) {
			each = len(deputies)
		}
		count := map[int]int{}
		for _, who := range plan {
			seen := slices.Clone(who)
			slices.Sort(seen)
			if len(who) != each || len(slices.Compact(seen)) != each {
				t.Fatalf("on duty %v, want %d", who, each)
			}
			for _, d := range who {
				count[d]++
			}
		}
		for _, a := range deputies {
			for _, b := range deputies {
				if count[a]-count[b] > 1 {
					t.Fatalf("%d has %d, %d has %d", a, count[a], b, count[b])
				}
				if before[a] < before[b] && count[a] < count[b] {
					t.Fatalf("%d had done less than %d and does less", a, b)
				}
			}
		}
		if len(plan) != days || fmt.Sprint(plan) != fmt.Sprint(rota.Share(days, perDay, deputies, before)) {
			t.Fatal("another plan")
		}
	})
}

// Plan after plan, each going on from those before, it stays fair over all of them, however the days are cut into plans.
func TestShareGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		deputies := rapid.SliceOfNDistinct(rapid.IntRange(0, 99), 1, 12, rapid.ID[int]).Draw(t, "deputies")
		perDay := rapid.IntRange(1, 12).Draw(t, "per day")
		done := map[int]int{}
		for _, days := range rapid.SliceOfN(rapid.IntRange(0, 15), 1, 12).Draw(t, "plans") {
			for _, who := range rota.Share(days, perDay, deputies, done) {
				for _, d := range who {
					done[d]++
				}
			}
			least, most := done[deputies[0]], done[deputies[0]]
			for _, d := range deputies {
				least, most = min(least, done[d]), max(most, done[d])
			}
			if most-least > 1 {
				t.Fatalf("after %d days more: %v", days, done)
			}
		}
	})
}
