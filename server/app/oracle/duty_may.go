package oracle

// whoDoes tells whose the verbs on deputies' work are: a station's, which its keeper does and every organ in whose area it lies; organs' alone; a
// congress's own; a deputy's own; and what else the domain gives to several.
var whoDoes = func() map[string][]string {
	stations, organs := append([]string{"STATION_KEEPER"}, administrators...), administrators
	both := append([]string{"DEPUTY"}, administrators...)
	out := map[string][]string{}
	for _, x := range []struct {
		roles []string
		verbs []string
	}{
		// Who keeps the station says when deputies are there, and writes down what was done.
		{stations, []string{
			"createVisitRule", "endVisitRule", "planVisitDays", "changeVisitDay", "publishVisitDays", "cancelVisitDay", "assignDuty", "substituteDuty",
			"requestAppointment", "moveAppointment", "concludeAppointment",
			"planActivity", "changeActivity", "openActivity", "recordAttendance", "removeAttendance", "recordActivity", "cancelActivity",
		}},
		// Whoever is asked for says yes or no, or the station does.
		{append([]string{"DEPUTY", "DEPARTMENT"}, stations...), []string{"acceptAppointment", "declineAppointment"}},
		// The organ confirms, and sets the rules of its congress.
		{organs, []string{
			"joinActivity", "returnActivity", "confirmActivity", "amendActivity", "defineFigure", "changeFigure",
			"setNorms", "endNorms", "remindDeputies", "confirmDutyRecord", "returnDutyRecord", "setPointScheme", "endPointScheme", "approveClaim", "refuseClaim",
			"upholdRefusal", "setPairingRule", "pair", "unpair", "planTraining", "changeTraining", "cancelTraining", "recordTraining",
			"removeTrainingAttendance", "setStandard", "openEvaluation", "reviewCampaign", "reviewEvaluation", "publishEvaluation", "cancelEvaluation",
		}},
		// What only the deputy can say.
		{[]string{"DEPUTY"}, []string{
			"checkIn", "submitDutyRecord", "reviseDutyRecord", "withdrawDutyRecord", "withdrawClaim", "appealClaim", "checkPoints",
		}},
		{both, []string{"claimPoints", "logContact"}},
		// Oneself: the deputy, the keeper of the station, the organ of the township.
		{append([]string{"DEPUTY"}, stations...), []string{"evaluateSelf"}},
	} {
		for _, verb := range x.verbs {
			out[verb] = x.roles
		}
	}
	return out
}()

// DutyVerb tells whether a verb is one on deputies' work.
func DutyVerb(verb string) bool { return whoDoes[verb] != nil }

// mayOwn tells what becomes of an attempt on something that is someone's own: a deputy's, or a department's that is asked. decided is false for those who
// do it by the place.
func mayOwn(v Viewer, t Target) (o Outcome, decided bool) {
	mine := v.Person
	if ways[v.Role] == organ {
		mine = v.Organ
	} else if ways[v.Role] != self {
		return "", false
	}
	switch {
	case mine != "" && mine == t.Owner:
		return Done, true
	case t.Visible:
		return Forbidden, true
	}
	return NotFound, true
}
