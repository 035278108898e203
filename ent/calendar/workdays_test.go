package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/lianluo/lianluo/ent/calendar"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// spring2025 is 春节 of 2025 with its make-up days.
func spring2025() calendar.Workdays {
	var off []time.Time
	for d := day("2025-01-28"); !d.After(day("2025-02-04")); d = d.AddDate(0, 0, 1) {
		off = append(off, d)
	}
	return calendar.NewWorkdays(off, []time.Time{day("2025-01-26"), day("2025-02-08")})
}

func TestWorkdays(t *testing.T) {
	w := spring2025()
	for date, want := range map[string]bool{
		"2025-01-24": true, "2025-01-25": false, "2025-01-26": true, "2025-01-27": true, "2025-01-28": false,
		"2025-02-04": false, "2025-02-05": true, "2025-02-08": true, "2025-02-09": false,
	} {
		if w.Works(day(date)) != want {
			t.Errorf("%s works: %v", date, !want)
		}
	}
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-01-24", 0, "2025-01-24"},
		{"2025-01-24", 1, "2025-01-26"}, // a Sunday worked for the holiday
		{"2025-01-24", 3, "2025-02-05"},
		{"2025-01-25", 3, "2025-02-05"}, // begun on a day off
		{"2025-02-06", 2, "2025-02-08"},
		{"2025-02-10", -1, "2025-02-08"},
		{"2025-02-05", -1, "2025-01-27"},
	} {
		if got := w.Add(day(c.from), c.n); !got.Equal(day(c.want)) {
			t.Errorf("%s + %d = %s, want %s", c.from, c.n, got.Format(time.DateOnly), c.want)
		}
	}
	if n := w.Between(day("2025-01-24"), day("2025-02-10")); n != 7 {
		t.Errorf("%d working days around the holiday", n)
	}
	if n := (calendar.Workdays{}).Between(day("2025-02-10"), day("2025-02-03")); n != -5 {
		t.Errorf("a week back is %d working days", n)
	}
}

// What is counted forth is counted back, whatever the exceptions.
func TestWorkdaysAddAndBetween(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOf(rapid.IntRange(0, 200))
		dates := func(label string) (out []time.Time) {
			for _, n := range some.Draw(t, label) {
				out = append(out, day("2025-01-01").AddDate(0, 0, n))
			}
			return out
		}
		w := calendar.NewWorkdays(dates("off"), dates("worked"))
		from := day("2025-03-01").AddDate(0, 0, rapid.IntRange(0, 60).Draw(t, "from"))
		n := rapid.IntRange(-40, 40).Draw(t, "n")
		to := w.Add(from, n)
		if n != 0 && !w.Works(to) {
			t.Fatalf("%s + %d is %s, a day off", from, n, to)
		}
		if n > 0 && w.Between(from, to) != n {
			t.Fatalf("%d days from %s to %s, not %d", w.Between(from, to), from, to, n)
		}
		if w.Between(from, to) != -w.Between(to, from) {
			t.Fatal("back is not as far as forth")
		}
		naive := 0
		for d := from.AddDate(0, 0, 1); !d.After(to); d = d.AddDate(0, 0, 1) {
			if w.Works(d) {
				naive++
			}
		}
		if n > 0 && naive != n {
			t.Fatalf("counted %d, want %d", naive, n)
		}
	})
}
