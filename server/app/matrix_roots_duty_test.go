package app_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// The lists and sums of deputies' work.

// listOf makes the ways to ask for a list below a division, one for each filter.
func listOf[T any](things func(*world) []T, id func(T) string, filters []dutyFilter) []variant {
	var out []variant
	for _, f := range filters {
		out = append(out, variant{"first: 100" + f.args(), func(c cell, root string) []string {
			return collect(things(c.world), id, func(x T) bool {
				return oracle.Holds(root, c.world.At(id(x))) && f.keep(c, c.rowOf(id(x)))
			})
		}})
	}
	return out
}

// rowOf is a stored row with its id.
func (c cell) rowOf(id string) map[string]any { return c.stored(id) }

// flat is listOf with arguments in the place of a filter.
func flat(variants []variant) []variant {
	out := slices.Clone(variants)
	for i, v := range out {
		if args, ok := strings.CutPrefix(v.args, "first: 100, filter: {"); ok {
			out[i].args = "first: 100, " + strings.TrimSuffix(args, "}")
		}
	}
	return out
}

func visitDayVariants() []variant {
	return listOf(func(w *world) []*oracle.VisitDay { return w.VisitDays }, func(d *oracle.VisitDay) string { return d.ID }, visitDayFilters())
}

func appointmentVariants() []variant {
	return listOf(func(w *world) []*oracle.Appointment { return w.Appointments }, func(a *oracle.Appointment) string { return a.ID }, appointmentFilters())
}

func activityVariants() []variant {
	return listOf(func(w *world) []*oracle.Activity { return w.Activities }, func(a *oracle.Activity) string { return a.ID }, activityFilters())
}

func rulesOf(table string, filters ...dutyFilter) []variant {
	return flat(listOf(func(w *world) []*oracle.Rule {
		return slices.DeleteFunc(slices.Clone(w.Rules), func(r *oracle.Rule) bool { return r.Of != table })
	}, func(r *oracle.Rule) string { return r.ID }, filters))
}

func worksBelow(table string, filters ...dutyFilter) []variant {
	return listOf(func(w *world) []*oracle.Work {
		return slices.DeleteFunc(slices.Clone(w.Works), func(x *oracle.Work) bool { return x.Of != table })
	}, func(x *oracle.Work) string { return x.ID }, filters)
}

var (
	courseFilters = []dutyFilter{{"", every}, only(`from: "2024-05-01", to: "2024-05-31"`, "from_on", "2024-05-15")}
	recordFilters = []dutyFilter{
		{"", every},
		only("states: [CONFIRMED]", "state", "CONFIRMED"), only("kinds: [STORY]", "kind", "STORY"),
		ofOne("deputy_id", "Deputy", apitest.Who(apitest.Crossing), "deputy"),
	}
	claimFilters = []dutyFilter{
		{"", every},
		only("states: [APPROVED]", "state", "APPROVED"), only("kind: APPEAL", "kind", "APPEAL"),
		ofOne("deputy_id", "Deputy", apitest.Who(apitest.Crossing), "deputy"),
	}
)

// dutyPeriod is the year of the world's work that was.
const (
	dutyPeriod = `period: {from: "2024-01-01", to: "2024-12-31"}`
	dutyYear   = 2024
)

// dutyOfDivision are the fields of a division about deputies' work.
func dutyOfDivision() []probe {
	var out []probe
	for field, variants := range map[string][]variant{
		"visitDays": visitDayVariants(), "appointments": appointmentVariants(), "activities": activityVariants(),
		"trainings": rulesOf("training", courseFilters...),
	} {
		for _, v := range variants {
			out = append(out, pages(field, v.args, func(c cell) []string { return v.rows(c, c.world.At(c.id)) }))
		}
	}
	out = append(out,
		pages("evaluations", "first: 100", func(c cell) []string {
			return c.evaluationsOf(func(e *oracle.Evaluation) bool { return e.Station == "" && e.Deputy == "" && e.At == c.world.At(c.id) })
		}),
		rating(func(c cell, e *oracle.Evaluation) bool {
			return e.Station == "" && e.Deputy == "" && e.At == c.world.At(c.id)
		}),
		value("dutyMeasures", dutyPeriod, dutySelection, 60, func(c cell) any { return c.duty(c.world.At(c.id), false) }),
		value("reported", dutyPeriod, "{ attendances deputies levels { level attendances deputies } }", 30, func(c cell) any { return c.reported(c.world.At(c.id)) }),
	)
	return out
}

// rating is the newest published result of something, as far as the viewer sees it.
func rating(of func(cell, *oracle.Evaluation) bool) probe {
	return value("rating", "", "{ stars total campaign { id } }", 12, func(c cell) any {
		ids := c.seen(c.evaluationsOf(func(e *oracle.Evaluation) bool { return e.Published && of(c, e) }))
		if len(ids) == 0 {
			return nil
		}
		var campaign any
		if e := oracle.Get[*oracle.Evaluation](&c.world.World, ids[0]); c.world.Sees(c.Viewer, e.Campaign) {
			campaign = map[string]any{"id": c.globalID(e.Campaign)}
		}
		return map[string]any{"stars": 5, "total": 95, "campaign": campaign}
	})
}

func dutyOfStation() []probe {
	out := appointmentsOf(func(c cell, a *oracle.Appointment) bool {
		return oracle.Get[*oracle.VisitDay](&c.world.World, a.Day).Station == c.id
	})
	for _, f := range visitDayFilters()[:2] {
		out = append(out, pages("visitDays", "first: 100"+f.args(), func(c cell) []string {
			return collect(c.world.VisitDays, func(d *oracle.VisitDay) string { return d.ID },
				func(d *oracle.VisitDay) bool { return d.Station == c.id && f.keep(c, c.stored(d.ID)) })
		}))
	}
	for _, f := range activityFilters()[:2] {
		of := func(c cell, keep func(*oracle.Activity) bool) []string {
			return collect(c.world.Activities, func(a *oracle.Activity) string { return a.ID },
				func(a *oracle.Activity) bool { return keep(a) && f.keep(c, c.stored(a.ID)) })
		}
		out = append(out,
			pages("activities", "first: 100"+f.args(), func(c cell) []string {
				return of(c, func(a *oracle.Activity) bool { return a.Station == c.id })
			}),
			pages("joinedActivities", "first: 100"+f.args(), func(c cell) []string {
				return of(c, func(a *oracle.Activity) bool { return a.Station != c.id && c.world.TakesPart(a, c.id) })
			}))
	}
	return append(out,
		list("visitRules", "", func(c cell) []string {
			return collect(c.world.Rules, func(r *oracle.Rule) string { return r.ID }, func(r *oracle.Rule) bool { return r.Of == "visit_rule" && c.holdsFor(r) })
		}),
		pages("evaluations", "first: 100", func(c cell) []string {
			return c.evaluationsOf(func(e *oracle.Evaluation) bool { return e.Station == c.id })
		}),
		rating(func(c cell, e *oracle.Evaluation) bool { return e.Station == c.id }),
	)
}

// holdsFor tells whether a rule of visit days is one of a station's: its own, or one of its place or above for all physical stations.
func (c cell) holdsFor(r *oracle.Rule) bool {
	s := the[*oracle.Station](c)
	if r.Station != "" {
		return r.Station == s.ID
	}
	return !s.Online() && oracle.Holds(r.At, s.At)
}

func dutyOfDeputy() []probe {
	duties := func(c cell, keep func(*oracle.Duty) bool) []string {
		return collect(c.world.Duties, func(d *oracle.Duty) string { return d.ID }, func(d *oracle.Duty) bool { return d.Deputy == c.id && keep(d) })
	}
	day := func(c cell, d *oracle.Duty) any { return c.stored(d.Day)["day"] }
	attended := func(c cell, day string) []string {
		return c.attendances(func(a *oracle.Attendance) bool { return a.Deputy == c.id && (day == "" || a.Day == day) })
	}
	paired := func(c cell) []string {
		return collect(c.world.Pairings, func(p *oracle.Pairing) string { return p.ID },
			func(p *oracle.Pairing) bool { return p.Leader == c.id || p.Deputy == c.id })
	}
	return append(appointmentsOf(func(c cell, a *oracle.Appointment) bool { return a.Deputy == c.id }),
		pages("duties", "first: 100", func(c cell) []string { return duties(c, func(d *oracle.Duty) bool { return !d.Replaced }) }),
		pages("duties", "replaced: true, first: 100", func(c cell) []string { return duties(c, func(*oracle.Duty) bool { return true }) }),
		pages("duties", `from: "2031-06-01", to: "2031-06-30", first: 100`, func(c cell) []string {
			return duties(c, func(d *oracle.Duty) bool {
				return !d.Replaced && day(c, d) == "2031-06-15" && c.world.Sees(c.Viewer, d.Day)
			})
		}),
		pages("attendances", "first: 100", func(c cell) []string { return attended(c, "") }),
		pages("attendances", `from: "2031-01-01", to: "2031-12-31", first: 100`, func(c cell) []string { return attended(c, "2031-05-15") }),
		pages("pairings", "first: 100", paired), pages("pairings", "current: false, first: 100", paired),
		pages("trainings", "first: 100", func(c cell) []string {
			return c.worksOf("training_attendance", func(x *oracle.Work) bool { return x.Deputy == c.id })
		}),
		pages("evaluations", "first: 100", func(c cell) []string {
			return c.evaluationsOf(func(e *oracle.Evaluation) bool { return e.Deputy == c.id })
		}),
	)
}

func dutyOfCongress() []probe {
	of := func(c cell, table string) []string {
		return collect(c.world.Rules, func(r *oracle.Rule) string { return r.ID }, func(r *oracle.Rule) bool { return r.Of == table && r.At == c.world.At(c.id) })
	}
	paired := func(kind string) func(c cell) []string {
		return func(c cell) []string {
			return collect(c.world.Pairings, func(p *oracle.Pairing) string { return p.ID }, func(p *oracle.Pairing) bool {
				row := c.stored(p.ID)
				return row["congress_id"] == c.id && (kind == "" || row["kind"] == kind)
			})
		}
	}
	return []probe{
		pages("pairings", "first: 100", paired("")), pages("pairings", "kinds: [LEADER_STATION], current: false, first: 100", paired("LEADER_STATION")),
		list("pairingRules", "", func(c cell) []string { return of(c, "pairing_rule") }),
		pages("trainings", "first: 100", func(c cell) []string { return of(c, "training") }),
		pages("standards", "first: 100", func(c cell) []string { return of(c, "standard") }),
		pages("standards", "current: false, first: 100", func(c cell) []string { return of(c, "standard") }),
		pages("evaluationCampaigns", "first: 100", func(c cell) []string { return of(c, "evaluation_campaign") }),
	}
}

func dutyOfMandate() []probe {
	// How a deputy stands is for those where the deputy is grouped, and the deputy: a host of the deputy is not told.
	told := func(c cell) bool {
		x := the[*oracle.Mandate](c)
		return c.Role == "DEPUTY" && x.Deputy == c.Person || oracle.SeesRollup(c.Viewer) && oracle.Reaches(c.Viewer, x.At)
	}
	return []probe{
		value("suspensions", "", "{ from until }", 8, func(c cell) any {
			if the[*oracle.Mandate](c).Status == "SUSPENDED" {
				return []any{map[string]any{"from": "2024-01-01", "until": nil}}
			}
			return []any{}
		}),
		{field: "compliance", args: fmt.Sprintf("year: %d", dutyYear), selection: "{ year }", cost: 40, judge: func(c cell, got any) {
			c.shown(got, told(c))
		}},
		{field: "points", args: fmt.Sprintf("year: %d", dutyYear), selection: "{ year sum entries(first: 100) { edges { node { id } } } lastCheck { id } }", cost: 150, judge: func(c cell, got any) {
			if c.shown(got, told(c)) {
				p, _ := got.(map[string]any)
				entries := c.worksOf("point_entry", func(x *oracle.Work) bool { return x.Mandate == c.id })
				c.same(p["sum"], 2*len(entries))
			}
		}},
	}
}

// shown judges an answer that comes or is withheld as a whole; it tells whether it came as it should.
func (c cell) shown(got any, may bool) bool {
	c.count(may)
	switch {
	case got != nil && !may:
		c.leak(got)
	case got == nil && may:
		c.loss("an answer")
	}
	return got != nil && may
}

const dutySelection = `{ visitDays { planned held missed cancelled } activities { confirmed recorded } attendances { total guests deputies officials organs } }`

// duty sums up the work of the year that was.
func (c cell) duty(root string, alone bool) any {
	in := func(id string) bool {
		at := c.world.At(id)
		return (at == root || !alone && oracle.Holds(root, at)) && c.world.Sees(c.Viewer, id)
	}
	var confirmed, recorded, total, guests, officials int
	days := map[string]int{}
	deputies, organs := map[string]bool{}, map[string]bool{}
	for _, d := range c.world.VisitDays {
		if in(d.ID) && strings.HasPrefix(d.Day, "2024") {
			days[d.State]++
		}
	}
	for _, a := range c.world.Activities {
		switch {
		case !strings.HasPrefix(a.Day, "2024") || !in(a.ID) || !oracle.Holds(root, c.world.At(a.ID)):
		case a.State == "CONFIRMED":
			confirmed++
		case a.State == "RECORDED":
			recorded++
		}
	}
	for _, a := range c.world.Attendances {
		if !in(a.ID) || !strings.HasPrefix(a.Day, "2024") || oracle.Get[*oracle.Activity](&c.world.World, a.Activity).State != "CONFIRMED" {
			continue
		}
		if a.Deputy == "" {
			officials++
			organs[a.Organ] = true
			continue
		}
		total++
		deputies[a.Deputy] = true
		if a.Guest {
			guests++
		}
	}
	return map[string]any{
		"visitDays":   map[string]any{"planned": 0, "held": days["HELD"], "missed": days["MISSED"], "cancelled": days["CANCELLED"]},
		"activities":  map[string]any{"confirmed": confirmed, "recorded": recorded},
		"attendances": map[string]any{"total": total, "guests": guests, "deputies": len(deputies), "officials": officials, "organs": len(organs)},
	}
}

// reportedTo lists the attendances that are reported to the committee of a place: to a township and a county all of their area, to a city those of its
// own, provincial and national deputies, and what is at stations of its own.
func (c cell) reportedTo(root string) []string {
	level := c.world.Place(root).Level
	return c.seen(c.attendances(func(a *oracle.Attendance) bool {
		if a.Deputy == "" || !strings.HasPrefix(a.Day, "2024") || oracle.Get[*oracle.Activity](&c.world.World, a.Activity).State != "CONFIRMED" {
			return false
		}
		at := c.world.At(a.Station)
		row := c.stored(a.ID)
		switch level {
		case "TOWNSHIP", "COUNTY":
			return oracle.Holds(root, at)
		case "CITY":
			return oracle.Holds(root, at) && (row["county_code"] == nil || slices.Contains([]any{"NATIONAL", "PROVINCIAL", "CITY"}, row["level"]))
		}
		return false
	}))
}

func (c cell) reported(root string) any {
	all, by, byLevel := map[string]bool{}, map[string]map[string]bool{}, map[string]int{}
	ids := c.reportedTo(root)
	for _, id := range ids {
		a := oracle.Get[*oracle.Attendance](&c.world.World, id)
		l, _ := c.stored(id)["level"].(string)
		all[a.Deputy] = true
		if by[l] == nil {
			by[l] = map[string]bool{}
		}
		by[l][a.Deputy] = true
		byLevel[l]++
	}
	levels := []any{}
	for _, l := range oracle.Levels {
		levels = append(levels, map[string]any{"level": l, "attendances": byLevel[l], "deputies": len(by[l])})
	}
	return map[string]any{"attendances": len(ids), "deputies": len(all), "levels": levels}
}

// dutyRoots is how the fields of Query about deputies' work are tried that are told a division.
func dutyRoots() []rootProbe {
	var out []rootProbe
	lists := func(field string, variants ...variant) {
		for _, v := range variants {
			out = append(out, rootProbe{field: field, args: "division: %s, " + v.args, selection: connectionSelection, judge: func(c cell, got any) {
				c.judgePage(got, v.rows(c, c.world.At(c.id)), false, false)
			}})
		}
	}
	lists("visitDays", visitDayVariants()...)
	lists("visitRules", rulesOf("visit_rule", dutyFilter{"", every}, dutyFilter{"current: false", every})...)
	lists("appointments", appointmentVariants()...)
	lists("dutyRecords", worksBelow("duty_record", recordFilters...)...)
	lists("pointClaims", worksBelow("point_claim", claimFilters...)...)
	lists("trainings", rulesOf("training", courseFilters...)...)
	lists("evaluationCampaigns", rulesOf("evaluation_campaign", dutyFilter{"", every}, only("states: [PUBLISHED]", "state", "PUBLISHED"))...)
	// The rules that hold at a place are its own and those of above.
	above := func(field, table, args string, keep func(c cell, row map[string]any) bool) {
		out = append(out, rootProbe{field: field, args: "division: %s" + args, selection: "{ id }", judge: func(c cell, got any) {
			root := c.world.At(c.id)
			c.judgeIDs(idsOf(got), c.seen(collect(c.world.Rules, func(r *oracle.Rule) string { return r.ID }, func(r *oracle.Rule) bool {
				return r.Of == table && oracle.Holds(r.At, root) && keep(c, c.stored(r.ID))
			})), false)
		}})
	}
	for args, keep := range map[string]func(c cell, row map[string]any) bool{
		"": every, ", current: false": every, ", level: COUNTY": func(_ cell, row map[string]any) bool { return row["level"] == "COUNTY" },
	} {
		above("normSets", "norm_set", args, keep)
		above("pointSchemes", "point_scheme", args, keep)
	}
	above("keyFigures", "key_figure", "", every)
	above("keyFigures", "key_figure", `, on: "1990-01-01"`, func(_ cell, row map[string]any) bool { return row["from_on"] == "1949-10-01" })
	out = append(out,
		rootProbe{field: "dutyMeasures", args: "division: %s, " + dutyPeriod, selection: "{ division { code } ownOnly measures " + dutySelection + " }", judge: func(c cell, got any) {
			root := c.world.At(c.id)
			c.same(got, []any{map[string]any{"division": map[string]any{"code": root}, "ownOnly": false, "measures": c.duty(root, false)}})
		}},
		rootProbe{field: "reportedAttendances", args: "division: %s, first: 100, " + dutyPeriod, selection: connectionSelection, judge: func(c cell, got any) {
			c.judgePage(got, c.reportedTo(c.world.At(c.id)), false, false)
		}},
	)
	return out
}

// dutySumRoots are the sums of deputies' work of a division whose figures other tests tell: here, that they come for whom they are, and name no one out of sight.
func dutySumRoots() []rootProbe {
	come := func(c cell, got any) { c.count(got != nil) }
	mandates := func(of func(c cell, m *oracle.Mandate) bool) func(c cell, got any) {
		return func(c cell, got any) {
			page, _ := got.(map[string]any)
			edges, _ := page["edges"].([]any)
			for _, e := range edges {
				edge, _ := e.(map[string]any)
				node, _ := edge["node"].(map[string]any)
				m, _ := node["mandate"].(map[string]any)
				id, _ := m["id"].(string)
				x := oracle.Get[*oracle.Mandate](&c.world.World, keyOf(id))
				c.count(true)
				if x == nil || !c.world.Sees(c.Viewer, x.ID) || !of(c, x) {
					c.leak(node)
				}
			}
			c.shown(got, true)
		}
	}
	within := func(c cell, m *oracle.Mandate) bool {
		return oracle.Holds(c.world.At(c.id), m.At) && oracle.Reaches(c.Viewer, m.At)
	}
	county := func(c cell, m *oracle.Mandate) bool { return m.Level == "COUNTY" && within(c, m) }
	const page = " edges { cursor node { "
	return []rootProbe{
		{field: "normMeasures", args: "division: %s, level: COUNTY, year: 2024", selection: selectionOf("NormMeasure"), judge: come},
		{field: "normReminders", args: "division: %s, first: 50", selection: "{" + page + "mandate { id } lacking " + selectionOf("NormCheck") + " } } pageInfo { hasNextPage } }", judge: mandates(within)},
		{field: "normReminders", args: "division: %s, level: COUNTY, first: 50", selection: "{" + page + "mandate { id } } } pageInfo { endCursor } }", judge: mandates(county)},
		{field: "pointRanking", args: "division: %s, level: COUNTY, year: 2024, first: 50", selection: "{ totalCount" + page + "rank points mandate { id } } } pageInfo { hasNextPage } }", judge: mandates(county)},
		{field: "pairingReport", args: "division: %s, kind: MEMBER_DEPUTY", selection: "{ kind on sum " + selectionOf("PairingSum") + " leaders(first: 10) { totalCount edges { cursor node " + selectionOf("PairingLeader") + " } } }", judge: come},
		{field: "pairingReport", args: `division: %s, kind: LEADER_STATION, on: "2024-06-30"`, selection: "{ sum { leaders } }", judge: come},
		{field: "officialVisits", args: "division: %s, " + dutyPeriod, selection: selectionOf("OfficialVisits"), judge: func(c cell, got any) {
			visits, _ := got.(map[string]any)
			n := c.duty(c.world.At(c.id), false).(map[string]any)["attendances"].(map[string]any)["officials"]
			c.same(visits["visits"], n)
		}},
		{field: "dutyMeasures", args: "division: %s, by: MONTH, " + dutyPeriod, selection: selectionOf("DutyMeasuresRow"), judge: come},
		{field: "dutyMeasures", args: fmt.Sprintf("division: %%s, station: %q, ", globalID("Station", apitest.Of("station", "430121"))) + dutyPeriod, selection: "{ measures " + dutySelection + " }", judge: come},
	}
}

// dutyOwn are the fields of Query about deputies' work that are told no division.
func dutyOwn() []ownProbe {
	shown := func(oracle.Viewer) bool { return false }
	ruled := func(field, table string) ownProbe {
		return ownProbe{field, "above: true, first: 100", connectionSelection, shown, func(c cell, got any) {
			c.judgePage(got, collect(c.world.Rules, func(r *oracle.Rule) string { return r.ID }, func(r *oracle.Rule) bool {
				return r.Of == table && r.At != c.At && oracle.Holds(r.At, c.At)
			}), false, false)
		}}
	}
	soon := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	return []ownProbe{
		ruled("trainings", "training"), ruled("evaluationCampaigns", "evaluation_campaign"),
		{
			"previewVisitRule", fmt.Sprintf(`input: {when: {recurrence: DATES, dates: [%q], fromOn: %q}}`, soon, soon), selectionOf("RuledDay"), shown,
			func(c cell, got any) {
				c.same(got, []any{map[string]any{"day": soon, "ruleOn": soon, "shifted": false}})
			},
		},
	}
}

// dutyThings are those that are told one thing.
func dutyThings() []thingProbe {
	all := func(oracle.Viewer) bool { return false }
	come := func(c cell, got any) { c.count(got != nil) }
	few := func(m *matrix) []string {
		var out []string
		for _, at := range []string{"43", "430121", "430121107201", "430102", "431002"} {
			out = append(out, m.world.Spot(at).Station)
		}
		return out
	}
	return []thingProbe{
		{
			field: "dutyArchive", argument: "mandate", selection: archiveSelection(), withheld: all, typ: "Mandate",
			things: func(m *matrix) []string {
				out := []string{}
				for _, name := range []string{apitest.Crossing, apitest.Provincial, apitest.Moved, apitest.Double, apitest.Far} {
					out = append(out, apitest.Who(name, "mandate"))
				}
				return append(out, m.world.Spot("430121").Mandate)
			},
			sees: func(m *matrix, v oracle.Viewer, id string) bool {
				x := oracle.Get[*oracle.Mandate](&m.world.World, id)
				return v.Role == "DEPUTY" && v.Person == x.Deputy || oracle.SeesRollup(v) && oracle.Reaches(v, x.At)
			},
			judge: come,
		},
		{
			field: "askableDepartments", argument: "station", selection: selectionOf("AskableDepartment"), withheld: all, typ: "Station", things: few,
			sees:  func(m *matrix, v oracle.Viewer, id string) bool { return oracle.SeesRollup(v) && m.world.Sees(v, id) },
			judge: come,
		},
		{
			field: "stationNormMeasures", argument: "year: 2024, station", selection: selectionOf("NormMeasure"),
			withheld: func(v oracle.Viewer) bool { return !oracle.SeesRollup(v) }, typ: "Station", things: few,
			sees: func(*matrix, oracle.Viewer, string) bool { return true }, // of one out of sight no row comes, as of one that never was
			judge: func(c cell, got any) {
				rows, _ := got.([]any)
				c.count(c.world.Sees(c.Viewer, c.id))
				if !c.world.Sees(c.Viewer, c.id) && len(rows) > 0 {
					c.leak(rows)
				}
			},
		},
		{
			field: "pairingReport", argument: "kind: MEMBER_DEPUTY, congress", selection: "{ sum { paired } }", typ: "Congress", withheld: all,
			refusal: func(m *matrix, v oracle.Viewer, id string) oracle.Outcome {
				switch {
				case !m.world.Sees(v, id):
					return oracle.NotFound
				case !oracle.SeesRollup(v):
					return oracle.Forbidden
				}
				return ""
			},
			things: func(m *matrix) []string {
				return []string{m.world.Spot("430121").Congress, m.world.Spot("431002").Congress}
			},
			judge: come,
		},
	}
}

// archiveSelection is all that an archive tells, and the first page of its entries.
func archiveSelection() string {
	return strings.TrimSuffix(selectionOf("DutyArchive"), "}") + " entries(sections: [ATTENDANCE, CONTACT], year: 2024, first: 20) { edges { node " +
		strings.ReplaceAll(selectionOf("DutyArchiveEntry"), "source { id }", "source { __typename }") + " } } }"
}
