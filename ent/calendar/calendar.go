// Package calendar says how days are counted: in Asia/Shanghai, and kept as midnight UTC. It imports nothing of ours.
package calendar

import "time"

// shanghai is where days are counted. China has had one time, without summer time, since 1991.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Founding is the first day that anything of the platform can have happened on.
var Founding = time.Date(1949, time.October, 1, 0, 0, 0, 0, time.UTC)

// Day is the calendar day that a time shows, as midnight UTC, the form in which days are stored and compared.
func Day(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Today is the calendar day at a moment.
func Today(now time.Time) time.Time { return Day(now.In(shanghai)) }

// Begin is the moment at which a calendar day begins.
func Begin(day time.Time) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, shanghai)
}
