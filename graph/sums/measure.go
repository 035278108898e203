//nolint:revive // one sentence for all of them: each method is the field of its name, which the schema describes
package sums

import "github.com/lianluo/lianluo/ent/rollup"

// The single measures. [Fields] says how their names go together.

func (r *Rollup) Stations() int64           { return r.of.Of(rollup.Stations) }
func (r *Rollup) OnlineStations() int64     { return r.of.Of(rollup.OnlineStations) }
func (r *Rollup) StationsOpened() int64     { return r.of.Of(rollup.StationsOpened) }
func (r *Rollup) StationsClosed() int64     { return r.of.Of(rollup.StationsClosed) }
func (r *Rollup) Mandates() int64           { return r.of.Of(rollup.Mandates) }
func (r *Rollup) Deputies() int64           { return r.of.Of(rollup.Deputies) }
func (r *Rollup) Postings() int64           { return r.of.Of(rollup.Postings) }
func (r *Rollup) DeputiesPosted() int64     { return r.of.Of(rollup.DeputiesPosted) }
func (r *Rollup) VisitDaysPlanned() int64   { return r.of.Of(rollup.VisitDaysPlanned) }
func (r *Rollup) VisitDaysHeld() int64      { return r.of.Of(rollup.VisitDaysHeld) }
func (r *Rollup) VisitDaysMissed() int64    { return r.of.Of(rollup.VisitDaysMissed) }
func (r *Rollup) VisitDaysCancelled() int64 { return r.of.Of(rollup.VisitDaysCancelled) }
func (r *Rollup) Activities() int64         { return r.of.Of(rollup.Activities) }
func (r *Rollup) ActivitiesRecorded() int64 { return r.of.Of(rollup.ActivitiesRecorded) }
func (r *Rollup) NormsMet() int64           { return r.of.Of(rollup.NormsMet) }
func (r *Rollup) NormsMissing() int64       { return r.of.Of(rollup.NormsMissing) }
func (r *Rollup) Attendances() int64        { return r.of.Of(rollup.Attendances) }
func (r *Rollup) Guests() int64             { return r.of.Of(rollup.Guests) }
func (r *Rollup) Officials() int64          { return r.of.Of(rollup.Officials) }
func (r *Rollup) DeputiesAttended() int64   { return r.of.Of(rollup.DeputiesAttended) }
func (r *Rollup) PeopleReceived() int64     { return r.of.Of(rollup.PeopleReceived) }
func (r *Rollup) PeopleVisited() int64      { return r.of.Of(rollup.PeopleVisited) }
func (r *Rollup) PeopleReached() int64      { return r.of.Of(rollup.PeopleReached) }
func (r *Rollup) Lectures() int64           { return r.of.Of(rollup.Lectures) }
func (r *Rollup) ProblemsSolved() int64     { return r.of.Of(rollup.ProblemsSolved) }
func (r *Rollup) OpinionsReceived() int64   { return r.of.Of(rollup.OpinionsReceived) }
func (r *Rollup) OpinionsDeclined() int64   { return r.of.Of(rollup.OpinionsDeclined) }
func (r *Rollup) OpinionsAccepted() int64   { return r.of.Of(rollup.OpinionsAccepted) }
func (r *Rollup) OpinionsOnline() int64     { return r.of.Of(rollup.OpinionsOnline) }
func (r *Rollup) OpinionsOpen() int64       { return r.of.Of(rollup.OpinionsOpen) }
func (r *Rollup) OpinionsOverdue() int64    { return r.of.Of(rollup.OpinionsOverdue) }
func (r *Rollup) OpinionsLate() int64       { return r.of.Of(rollup.OpinionsLate) }
func (r *Rollup) OpinionsClosed() int64     { return r.of.Of(rollup.OpinionsClosed) }
func (r *Rollup) OpinionsSolved() int64     { return r.of.Of(rollup.OpinionsSolved) }
func (r *Rollup) OpinionsConverted() int64  { return r.of.Of(rollup.OpinionsConverted) }
func (r *Rollup) OpinionsMerged() int64     { return r.of.Of(rollup.OpinionsMerged) }
func (r *Rollup) OpinionsAnswered() int64   { return r.of.Of(rollup.OpinionsAnswered) }
func (r *Rollup) OpinionsReworked() int64   { return r.of.Of(rollup.OpinionsReworked) }
func (r *Rollup) Hardships() int64          { return r.of.Of(rollup.Hardships) }
func (r *Rollup) HardshipsSolved() int64    { return r.of.Of(rollup.HardshipsSolved) }
func (r *Rollup) OpinionsRated() int64      { return r.of.Of(rollup.OpinionsRated) }
func (r *Rollup) SuggestionsMade() int64    { return r.of.Of(rollup.SuggestionsMade) }
func (r *Rollup) SuggestionsAdopted() int64 { return r.of.Of(rollup.SuggestionsAdopted) }

// Points are tenths.
func (r *Rollup) Points() int { return int(r.of.Of(rollup.Points)) }
