package calendar_test

import (
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/calendar"
)

func TestDaysTurnInShanghai(t *testing.T) {
	for moment, want := range map[string]string{
		"2022-05-14T15:59:59Z":      "2022-05-14",
		"2022-05-14T16:00:00Z":      "2022-05-15",
		"2022-05-15T23:59:59+08:00": "2022-05-15",
	} {
		now, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		got := calendar.Today(now)
		if got.Format(time.DateOnly) != want || got != calendar.Day(got) || got.Location() != time.UTC {
			t.Errorf("%s is %v, want %s", moment, got, want)
		}
		if begin := calendar.Begin(got); begin.After(now) || !now.Before(begin.Add(24*time.Hour)) || calendar.Today(begin) != got {
			t.Errorf("%s begins at %v, which %s is not after", want, begin, moment)
		}
	}
}
