package rota_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	lunar "github.com/6tail/lunar-go/calendar"
	"pgregory.net/rapid"

	"github.com/lianluo/lianluo/ent/calendar"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/rota"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// words writes days as month-day, with the day they were shifted from after it.
func words(days []rota.Day) string {
	out := make([]string, len(days))
	for i, d := range days {
		out[i] = d.On.Format("01-02")
		if !d.On.Equal(d.Of) {
			out[i] += "<" + d.Of.Format("01-02")
		}
	}
	return strings.Join(out, " ")
}

// holidays2026 are the first holidays of 2026 with their make-up days, as the State Council set them.
func holidays2026() calendar.Workdays {
	var off []time.Time
	for _, span := range [][2]string{{"2026-01-01", "2026-01-03"}, {"2026-02-15", "2026-02-23"}, {"2026-04-04", "2026-04-06"}, {"2026-05-01", "2026-05-05"}} {
		for d := day(span[0]); !d.After(day(span[1])); d = d.AddDate(0, 0, 1) {
			off = append(off, d)
		}
	}
	return calendar.NewWorkdays(off, []time.Time{day("2026-01-04"), day("2026-02-14"), day("2026-02-28"), day("2026-05-09")})
}

func TestDays(t *testing.T) {
	for name, c := range map[string]struct {
		rule        rota.Rule
		first, last string
		want        string
	}{
		"the 15th of each month": {
			rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{15}, Shift: kind.ShiftNone}, "2026-01-01", "2026-06-30", "01-15 02-15 03-15 04-15 05-15 06-15",
		},
		"to the next working day": {
			rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{15}, Shift: kind.ShiftNext}, "2026-01-01", "2026-06-30", "01-15 02-24<02-15 03-16<03-15 04-15 05-15 06-15",
		},
		"to the one before": {
			rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{15}, Shift: kind.ShiftPrevious}, "2026-01-01", "2026-03-31", "01-15 02-14<02-15 03-13<03-15",
		},
		"left out": {
			rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{15}, Shift: kind.ShiftSkip}, "2026-01-01", "2026-06-30", "01-15 04-15 05-15 06-15",
		},
		"shifted into the window from before it": {
			rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{15}, Shift: kind.ShiftNext}, "2026-02-20", "2026-03-01", "02-24<02-15",
		},
		"not shifted beyond the end": {
			rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{15}, Shift: kind.ShiftNext, Until: day("2026-02-23")}, "2026-01-01", "2026-06-30", "01-15",
		},
		"not shifted before the beginning": {
			rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{15}, Shift: kind.ShiftPrevious, From: day("2026-03-14")}, "2026-01-01", "2026-04-30", "04-15",
		},
		"the end of each month": {
			rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{30, 31}, Shift: kind.ShiftNone}, "2028-01-01", "2028-04-30", "01-30 01-31 02-29 03-30 03-31 04-30",
		},
		"Wednesdays and Saturdays": {
			rota.Rule{Recurrence: kind.OnWeekdays, Days: []int{3, 6}, Shift: kind.ShiftNone}, "2026-06-01", "2026-06-14", "06-03 06-06 06-10 06-13",
		},
		"Saturdays that are worked": {
			rota.Rule{Recurrence: kind.OnWeekdays, Days: []int{6}, Shift: kind.ShiftSkip}, "2026-02-01", "2026-02-28", "02-14 02-28",
		},
		"two shifted to one day": {
			rota.Rule{Recurrence: kind.OnWeekdays, Days: []int{1, 6, 7}, Shift: kind.ShiftNext}, "2026-06-01", "2026-06-08", "06-01 06-08",
		},
		"every ten days": {
			rota.Rule{Recurrence: kind.EverySoMany, Every: 10, Shift: kind.ShiftNone, From: day("2026-05-28")}, "2026-06-01", "2026-06-30", "06-07 06-17 06-27",
		},
		"given dates": {
			rota.Rule{
				Recurrence: kind.OnGivenDates, Dates: []time.Time{day("2026-06-20"), day("2026-06-10"), day("2026-06-10"), day("2027-01-01")},
				Shift: kind.ShiftNone,
			}, "2026-06-01", "2026-06-30", "06-10 06-20",
		},
		// 正月初一 of 2026 is 17 February, 二月初一 19 March.
		"the first of the lunar month": {
			rota.Rule{Recurrence: kind.OnLunarDays, Days: []int{1}, Shift: kind.ShiftNone}, "2026-02-01", "2026-03-31", "02-17 03-19",
		},
		// 逢三逢八: the 3rd, 8th, 13th, 18th, 23rd and 28th.
		"market days": {
			rota.Rule{Recurrence: kind.OnLunarDays, Days: []int{3, 8, 13, 18, 23, 28}, Shift: kind.ShiftNone},
			"2026-02-17", "2026-03-18",
			"02-19 02-24 03-01 03-06 03-11 03-16",
		},
		// 腊月 of 2025 has 29 days: its last, the eve of the new year (除夕), stands for the 30th.
		"the 30th of a short lunar month": {
			rota.Rule{Recurrence: kind.OnLunarDays, Days: []int{30}, Shift: kind.ShiftNone}, "2026-02-01", "2026-02-28", "02-16",
		},
		// 2025 has a leap sixth month (闰六月) from 25 July to 22 August.
		"a leap month": {
			rota.Rule{Recurrence: kind.OnLunarDays, Days: []int{1}, Shift: kind.ShiftNone}, "2025-06-01", "2025-08-31", "06-25 07-25 08-23",
		},
		"no days named":        {rota.Rule{Recurrence: kind.OnWeekdays, Shift: kind.ShiftNone}, "2026-06-01", "2026-06-30", ""},
		"a step of nothing":    {rota.Rule{Recurrence: kind.EverySoMany, Shift: kind.ShiftNone}, "2026-06-01", "2026-06-30", ""},
		"an unknown rule":      {rota.Rule{Recurrence: "NEVER", Shift: kind.ShiftNone}, "2026-06-01", "2026-06-30", ""},
		"the other way around": {rota.Rule{Recurrence: kind.OnWeekdays, Days: []int{1}, Shift: kind.ShiftNone}, "2026-06-30", "2026-06-01", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if c.rule.From.IsZero() {
				c.rule.From = day("2020-01-01")
			}
			if got := words(c.rule.Between(day(c.first), day(c.last), holidays2026())); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// Known first days of lunar years (正月初一).
func TestLunarNewYears(t *testing.T) {
	first := rota.Rule{Recurrence: kind.OnLunarDays, Days: []int{1}, Shift: kind.ShiftNone, From: day("2000-01-01")}
	for _, c := range []string{
		"2000-02-05", "2008-02-07", "2012-01-23", "2017-01-28", "2020-01-25", "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17",
		"2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2033-01-31", "2034-02-19",
	} {
		if days := first.Between(day(c), day(c), calendar.Workdays{}); len(days) != 1 {
			t.Errorf("%s is not the first of a lunar month", c)
		}
	}
}

func TestNext(t *testing.T) {
	r := rota.Rule{Recurrence: kind.OnMonthDays, Days: []int{15}, Shift: kind.ShiftNone, From: day("2026-08-01")}
	if got := words(r.Next(day("2026-06-15"), 3, calendar.Workdays{})); got != "08-15 09-15 10-15" {
		t.Error("from before it began:", got)
	}
	if got := words(r.Next(day("2026-09-15"), 2, calendar.Workdays{})); got != "09-15 10-15" {
		t.Error("from one of its days:", got)
	}
	r.Until = day("2026-09-14")
	if got := words(r.Next(day("2026-06-15"), 3, calendar.Workdays{})); got != "08-15" {
		t.Error("with an end:", got)
	}
	if n := len((rota.Rule{Recurrence: kind.OnWeekdays, Days: []int{1, 2, 3, 4, 5, 6, 7}, Shift: kind.ShiftNone}).Next(day("2026-06-15"), 10_000, calendar.Workdays{})); n != rota.Horizon+1 {
		t.Error("not as far as the horizon:", n)
	}
}

// rules draws rules of every kind.
func rules() *rapid.Generator[rota.Rule] {
	return rapid.Custom(func(t *rapid.T) rota.Rule {
		begin := day("2024-01-01").AddDate(0, 0, rapid.IntRange(0, 900).Draw(t, "from"))
		r := rota.Rule{
			Recurrence: kind.Recurrence(rapid.SampledFrom(kind.Recurrence("").Values()).Draw(t, "recurrence")),
			Shift:      kind.Shift(rapid.SampledFrom(kind.Shift("").Values()).Draw(t, "shift")),
			From:       begin,
		}
		if rapid.Bool().Draw(t, "ends") {
			r.Until = begin.AddDate(0, 0, rapid.IntRange(0, 500).Draw(t, "length"))
		}
		most := map[kind.Recurrence]int{kind.OnMonthDays: 31, kind.OnWeekdays: 7, kind.OnLunarDays: 30}[r.Recurrence]
		if most > 0 {
			r.Days = rapid.SliceOfN(rapid.IntRange(1, most), 1, 8).Draw(t, "days")
		}
		r.Every = rapid.IntRange(1, 40).Draw(t, "every")
		for _, n := range rapid.SliceOfN(rapid.IntRange(-10, 500), 0, 12).Draw(t, "dates") {
			r.Dates = append(r.Dates, begin.AddDate(0, 0, n))
		}
		return r
	})
}

// workdays draws calendars with more exceptions than any year has.
func workdays(t *rapid.T) calendar.Workdays {
	dates := func(label string) (out []time.Time) {
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 1400), 0, 80).Draw(t, label) {
			out = append(out, day("2024-01-01").AddDate(0, 0, n))
		}
		return out
	}
	return calendar.NewWorkdays(dates("off"), dates("worked"))
}

// naive tells whether a rule names a day, from the words of the rule and another part of the lunar library alone.
func naive(r rota.Rule, d time.Time) bool {
	if d.Before(r.From) || !r.Until.IsZero() && d.After(r.Until) {
		return false
	}
	for _, n := range r.Days {
		switch r.Recurrence {
		case kind.OnMonthDays:
			want := time.Date(d.Year(), d.Month(), n, 0, 0, 0, 0, time.UTC)
			for want.Month() != d.Month() {
				want = want.AddDate(0, 0, -1)
			}
			if want.Equal(d) {
				return true
			}
		case kind.OnWeekdays:
			if int(d.Weekday()) == n%7 {
				return true
			}
		case kind.OnLunarDays:
			today, tomorrow := lunarOf(d), lunarOf(d.AddDate(0, 0, 1))
			if today == n || n == 30 && today == 29 && tomorrow == 1 {
				return true
			}
		}
	}
	switch r.Recurrence {
	case kind.EverySoMany:
		for x := r.From; !x.After(d); x = x.AddDate(0, 0, r.Every) {
			if x.Equal(d) {
				return true
			}
		}
	case kind.OnGivenDates:
		return slices.Contains(r.Dates, d)
	}
	return false
}

func lunarOf(d time.Time) int {
	return lunar.NewLunarFromSolar(lunar.NewSolarFromYmd(d.Year(), int(d.Month()), d.Day())).GetDay()
}

// Every day is one that the rule names or was shifted from one, and none is missing.
func TestDaysAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, w := rules().Draw(t, "rule"), workdays(t)
		first := r.From.AddDate(0, 0, rapid.IntRange(-60, 300).Draw(t, "first"))
		last := first.AddDate(0, 0, rapid.IntRange(0, 120).Draw(t, "span"))
		want := map[time.Time]bool{}
		for d := first.AddDate(0, 0, -40); !d.After(last.AddDate(0, 0, 40)); d = d.AddDate(0, 0, 1) {
			if !naive(r, d) {
				continue
			}
			on := d
			if !w.Works(d) {
				switch r.Shift {
				case kind.ShiftNext:
					on = w.Add(d, 1)
				case kind.ShiftPrevious:
					on = w.Add(d, -1)
				case kind.ShiftSkip:
					continue
				}
			}
			if !on.Before(first) && !on.After(last) && !on.Before(r.From) && (r.Until.IsZero() || !on.After(r.Until)) {
				want[on] = true
			}
		}
		got := r.Between(first, last, w)
		for i, d := range got {
			if i > 0 && !got[i-1].On.Before(d.On) {
				t.Fatalf("%s comes twice or out of order: %s", d.On, words(got))
			}
			if !want[d.On] || !naive(r, d.Of) {
				t.Fatalf("%s is no day of the rule", d.On)
			}
			if r.Shift != kind.ShiftNone && !w.Works(d.On) {
				t.Fatalf("%s is not worked", d.On)
			}
			delete(want, d.On)
		}
		if len(want) > 0 {
			t.Fatalf("missing: %v", want)
		}
	})
}

// Asked in two parts, a rule answers what it answers in one: planning further ahead never changes what was planned.
func TestDaysInParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, w := rules().Draw(t, "rule"), workdays(t)
		first := r.From.AddDate(0, 0, rapid.IntRange(-60, 300).Draw(t, "first"))
		middle := first.AddDate(0, 0, rapid.IntRange(0, 60).Draw(t, "middle"))
		last := middle.AddDate(0, 0, rapid.IntRange(1, 60).Draw(t, "last"))
		parts := append(r.Between(first, middle, w), r.Between(middle.AddDate(0, 0, 1), last, w)...)
		if whole := r.Between(first, last, w); !slices.Equal(whole, parts) {
			t.Fatalf("%s in one, %s in parts", words(whole), words(parts))
		}
	})
}

// The lunar library keeps the year it worked out last; several may ask it at once.
func TestDaysAtOnce(t *testing.T) {
	want := map[int]string{}
	rule := func(year int) (rota.Rule, time.Time, time.Time) {
		return rota.Rule{Recurrence: kind.OnLunarDays, Days: []int{3, 8}, Shift: kind.ShiftNone},
			time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	for year := 2020; year < 2028; year++ {
		r, first, last := rule(year)
		want[year] = words(r.Between(first, last, calendar.Workdays{}))
	}
	var wg sync.WaitGroup
	for year := range want {
		wg.Go(func() {
			for range 20 {
				r, first, last := rule(year)
				if got := words(r.Between(first, last, calendar.Workdays{})); got != want[year] {
					t.Errorf("%d: %s, want %s", year, got, want[year])
				}
			}
		})
	}
	wg.Wait()
}
