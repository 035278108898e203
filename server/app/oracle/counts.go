package oracle

import "slices"

// Part is what a row of sums is of: a place with all below it, or alone; of that, where they are not nil, what is at some stations, or of some opinions.
type Part struct {
	Root  string
	Alone bool
	// ByThen: by the tree of the time, records of work count where they were written.
	ByThen bool
	// Station takes stations; what is at no station does not count then.
	Station func(*Station) bool
	// Opinion takes opinions; nothing else counts then.
	Opinion func(*Opinion) bool
}

// SeesFacts tells whether a viewer may read what is kept of a place's sums: those who see all of the place. A keeper sees one code of it.
func SeesFacts(v Viewer, code string) bool { return ways[v.Role] == area && Holds(v.At, code) }

// Counts sums up every measure of what a viewer sees of a part, by the names that measures have in the API: states at the end of the last of some days,
// what happened on them, and what has become of opinions accepted on them.
func (w *World) Counts(v Viewer, part Part, from, to string) map[string]int {
	n := map[string]int{}
	in := func(id string) bool {
		at := w.At(id)
		return (at == part.Root || !part.Alone && Holds(part.Root, at)) && w.Sees(v, id)
	}
	standing := in
	if part.ByThen {
		in = func(id string) bool {
			at := w.WrittenAt(id)
			return (at == part.Root || !part.Alone && Holds(part.Root, at)) && reaches(v, at)
		}
	}
	within := func(day string) bool { return day != "" && from <= day && day <= to }
	at := func(station string) bool { return part.Station == nil || part.Station(Get[*Station](w, station)) }
	for _, o := range w.Opinions {
		if in(o.ID) && at(o.Station) && (part.Opinion == nil || part.Opinion(o)) {
			countOpinion(n, o, within)
		}
	}
	if part.Opinion != nil {
		return n
	}
	w.countRoster(n, v, part, from, to)
	w.countDuty(n, in, at, within)
	if part.Station == nil {
		for _, x := range w.Works {
			if x.Of == "point_entry" && standing(x.ID) && within(x.Day) {
				n["POINTS"] += x.Points
			}
		}
		for _, s := range w.Standings {
			if standing(s.ID) && within(s.EndedOn) {
				n["NORMS_MET"] += s.Met
				n["NORMS_MISSING"] += s.Missing
			}
		}
	}
	return n
}

// WrittenAt is the code under which a record of work was written; a figure goes with its activity.
func (w *World) WrittenAt(id string) string {
	if f, ok := w.byID[id].(*OfActivity); ok {
		id = f.Activity
	}
	if code, ok := w.Then[id]; ok {
		return code
	}
	return w.At(id)
}

// countRoster counts stations, the roster and the tree.
func (w *World) countRoster(n map[string]int, v Viewer, part Part, from, to string) {
	if part.Station == nil {
		r := w.Rollup(v, part.Root, part.Alone, from, to)
		for kind, count := range r.ByKind {
			if kind != "ONLINE" {
				n["STATIONS_"+kind] = count
			}
		}
		for level, count := range r.ByLevel {
			n["MANDATES_"+level] = count
		}
		for name, count := range map[string]int{
			"STATIONS": r.Stations, "ONLINE_STATIONS": r.Online, "STATIONS_OPENED": r.Opened, "STATIONS_CLOSED": r.Closed, "MANDATES": r.Mandates,
			"DEPUTIES": r.Deputies, "POSTINGS": r.Postings, "DEPUTIES_POSTED": r.DeputiesPosted, "TOWNSHIPS": r.Townships,
			"TOWNSHIPS_COVERED": r.TownshipsCovered, "VILLAGES": r.Villages, "VILLAGES_COVERED": r.VillagesCovered,
			"CONSTITUENCIES": r.Constituencies, "CONSTITUENCIES_COVERED": r.ConstituenciesCovered,
		} {
			n[name] = count
		}
		return
	}
	then := func(start, end string) bool { return start <= to && (end == "" || end > to) }
	within := func(day string) bool { return day != "" && from <= day && day <= to }
	posted := map[string]bool{}
	for _, s := range w.Stations {
		if at := w.At(s.ID); !Holds(part.Root, at) || !w.Sees(v, s.ID) || !part.Station(s) {
			continue
		}
		if then(s.OpenedOn, s.ClosedOn) {
			if s.Online() {
				n["ONLINE_STATIONS"]++
			} else {
				n["STATIONS"]++
				n["STATIONS_"+s.Kind]++
			}
		}
		if !s.Online() && within(s.OpenedOn) {
			n["STATIONS_OPENED"]++
		}
		if !s.Online() && within(s.ClosedOn) {
			n["STATIONS_CLOSED"]++
		}
		for _, p := range w.Postings {
			if p.Station == s.ID && then(p.StartedOn, p.EndedOn) && w.Sees(v, p.ID) {
				n["POSTINGS"]++
				posted[p.Deputy] = true
			}
		}
	}
	n["DEPUTIES_POSTED"] = len(posted)
}

// countDuty counts visit days, activities, who came to those that are confirmed, and what these reached.
func (w *World) countDuty(n map[string]int, in, at, within func(string) bool) {
	for _, d := range w.VisitDays {
		if in(d.ID) && at(d.Station) && within(d.Day) {
			state := d.State
			if state == "PUBLISHED" {
				state = "PLANNED"
			}
			n["VISIT_DAYS_"+state]++
		}
	}
	for _, a := range w.Activities {
		switch {
		case !in(a.ID) || !at(a.Station) || !within(a.Day):
		case a.State == "CONFIRMED":
			n["ACTIVITIES"]++
		case a.State == "RECORDED":
			n["ACTIVITIES_RECORDED"]++
		}
	}
	attended := map[string]bool{}
	for _, x := range w.Attendances {
		if !in(x.ID) || !at(x.Station) || !within(x.Day) || Get[*Activity](w, x.Activity).State != "CONFIRMED" {
			continue
		}
		if x.Deputy == "" {
			n["OFFICIALS"]++
			continue
		}
		n["ATTENDANCES"]++
		n["ATTENDANCES_"+x.Level]++
		attended[x.Deputy] = true
		if x.Guest {
			n["GUESTS"]++
		}
	}
	n["DEPUTIES_ATTENDED"] = len(attended)
	measure := map[string]string{"RECEIVED": "PEOPLE_RECEIVED", "VISITED": "PEOPLE_VISITED", "LECTURES": "LECTURES", "SOLVED": "PROBLEMS_SOLVED"}
	for _, f := range w.OfActivities {
		if a := Get[*Activity](w, f.Activity); f.Key != "" && in(f.ID) && at(a.Station) && within(a.Day) && a.State == "CONFIRMED" {
			n[measure[f.Key]] += f.Value
		}
	}
	n["PEOPLE_REACHED"] = n["PEOPLE_RECEIVED"] + n["PEOPLE_VISITED"]
}

// countOpinion counts one opinion: when it came in, when it was declined, and when it was accepted what has become of it.
func countOpinion(n map[string]int, o *Opinion, within func(string) bool) {
	add := func(name string, yes bool) {
		if yes {
			n[name]++
		}
	}
	add("OPINIONS_RECEIVED", within(o.SubmittedOn))
	add("OPINIONS_DECLINED", within(o.DeclinedOn))
	if !within(o.AcceptedOn) {
		return
	}
	solved := o.Closed && o.Outcome == "SOLVED"
	overdue := o.Open() && o.Overdue && o.WaitsOn() != "SUBMITTER"
	for name, yes := range map[string]bool{
		"OPINIONS_ACCEPTED": true, "OPINIONS_ONLINE": slices.Contains([]string{"STATION_CODE", "DEPUTY_CODE", "ONLINE"}, o.Channel),
		"OPINIONS_OPEN": !o.Closed, "OPINIONS_OVERDUE": overdue, "OPINIONS_LATE": overdue || o.Late, "OPINIONS_CLOSED": o.Closed,
		"OPINIONS_SOLVED": solved, "OPINIONS_CONVERTED": o.State == "CONVERTED", "OPINIONS_MERGED": o.State == "MERGED",
		"OPINIONS_ANSWERED": o.Answered, "OPINIONS_REWORKED": o.Answered && o.Reworked, "HARDSHIPS": o.Hardship,
		"HARDSHIPS_SOLVED": o.Hardship && solved, "OPINIONS_RATED": o.Rating != "", "OPINIONS_" + o.Rating: o.Rating != "",
	} {
		add(name, yes)
	}
}
