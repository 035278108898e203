package sums

import "github.com/lianluo/lianluo/ent/rollup"

// Rate is a rate with what it is made from (比率).
type Rate struct{ Numerator, Denominator int64 }

// Value is the one over the other; nil when the denominator is 0.
func (r Rate) Value() *float64 {
	if r.Denominator == 0 {
		return nil
	}
	v := float64(r.Numerator) / float64(r.Denominator)
	return &v
}

func (r *Rollup) rate(part, whole rollup.Measure) Rate { return Rate{r.of.Of(part), r.of.Of(whole)} }

// VisitDayRate is 接待日开展率: held among the held and the missed.
func (r *Rollup) VisitDayRate() Rate {
	held := r.of.Of(rollup.VisitDaysHeld)
	return Rate{held, held + r.of.Of(rollup.VisitDaysMissed)}
}

// ConfirmedRate is 活动确认率: confirmed among all activities.
func (r *Rollup) ConfirmedRate() Rate {
	confirmed := r.of.Of(rollup.Activities)
	return Rate{confirmed, confirmed + r.of.Of(rollup.ActivitiesRecorded)}
}

// NormRate is 履职标准达标率: met among the met and the missed.
func (r *Rollup) NormRate() Rate {
	met := r.of.Of(rollup.NormsMet)
	return Rate{met, met + r.of.Of(rollup.NormsMissing)}
}

// ClosingRate is 办结率: closed among the accepted.
func (r *Rollup) ClosingRate() Rate { return r.rate(rollup.OpinionsClosed, rollup.OpinionsAccepted) }

// OnTimeRate is 按时办理率: never late among the accepted.
func (r *Rollup) OnTimeRate() Rate {
	accepted := r.of.Of(rollup.OpinionsAccepted)
	return Rate{accepted - r.of.Of(rollup.OpinionsLate), accepted}
}

// SolvedRate is 解决率: solved among the closed.
func (r *Rollup) SolvedRate() Rate { return r.rate(rollup.OpinionsSolved, rollup.OpinionsClosed) }

// SatisfactionRate is 满意率: satisfied or basically satisfied among the rated.
func (r *Rollup) SatisfactionRate() Rate {
	content := r.of.Of(rollup.OpinionsSatisfied) + r.of.Of(rollup.OpinionsBasicallySatisfied)
	return Rate{content, r.of.Of(rollup.OpinionsRated)}
}

// ReworkRate is 重办率: dealt with again among the answered.
func (r *Rollup) ReworkRate() Rate { return r.rate(rollup.OpinionsReworked, rollup.OpinionsAnswered) }

// HardshipsSolvedRate is 急难愁盼解决率: solved among the urgent hardships.
func (r *Rollup) HardshipsSolvedRate() Rate { return r.rate(rollup.HardshipsSolved, rollup.Hardships) }

// AdoptionRate is 建议采纳率: adopted among the suggestions.
func (r *Rollup) AdoptionRate() Rate {
	return r.rate(rollup.SuggestionsAdopted, rollup.SuggestionsMade)
}

// Coverage tells which places have an open physical station (站点覆盖).
type Coverage Rollup

func (c Coverage) rate(part, whole rollup.Measure) Rate {
	r := Rollup(c)
	return r.rate(part, whole)
}

// Townships counts townships and streets, TownshipsCovered those with a station.
func (c Coverage) Townships() int64        { return c.of.Of(rollup.Townships) }
func (c Coverage) TownshipsCovered() int64 { return c.of.Of(rollup.TownshipsCovered) } //nolint:revive // told above

// Villages counts villages and communities, VillagesCovered those with a station.
func (c Coverage) Villages() int64        { return c.of.Of(rollup.Villages) }
func (c Coverage) VillagesCovered() int64 { return c.of.Of(rollup.VillagesCovered) } //nolint:revive // told above

// Constituencies counts constituencies, ConstituenciesCovered those with a station.
func (c Coverage) Constituencies() int64        { return c.of.Of(rollup.Constituencies) }
func (c Coverage) ConstituenciesCovered() int64 { return c.of.Of(rollup.ConstituenciesCovered) } //nolint:revive // told above

// TownshipRate is the share of townships and streets with a station.
func (c Coverage) TownshipRate() Rate { return c.rate(rollup.TownshipsCovered, rollup.Townships) }

// VillageRate is the share of villages and communities with a station.
func (c Coverage) VillageRate() Rate { return c.rate(rollup.VillagesCovered, rollup.Villages) }

// ConstituencyRate is the share of constituencies with a station.
func (c Coverage) ConstituencyRate() Rate {
	return c.rate(rollup.ConstituenciesCovered, rollup.Constituencies)
}
