package rota

import (
	"math"
	"time"

	lunar "github.com/6tail/lunar-go/calendar"
)

// lunarDay is a day of a lunar month (农历), and how many the month has.
type lunarDay struct{ day, end int }

// epoch is the Julian day number of 1 January 1970.
const epoch = 2_440_588

// lunarDays tells the lunar days between two days. A year of the lunar calendar begins in January or February.
func lunarDays(first, last time.Time) map[time.Time]lunarDay {
	out := map[time.Time]lunarDay{}
	for year := first.Year() - 1; year <= last.Year(); year++ {
		months := lunar.NewLunarYear(year).GetMonthsInYear()
		for e := months.Front(); e != nil; e = e.Next() {
			month, ok := e.Value.(*lunar.LunarMonth)
			if !ok {
				continue
			}
			begins := time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC).
				AddDate(0, 0, int(math.Floor(month.GetFirstJulianDay()+0.5))-epoch)
			end := month.GetDayCount()
			for n := range end {
				if day := begins.AddDate(0, 0, n); !day.Before(first) && !day.After(last) {
					out[day] = lunarDay{n + 1, end}
				}
			}
		}
	}
	return out
}
