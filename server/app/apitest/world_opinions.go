package apitest

import (
	"crypto/md5" //nolint:gosec // names, no secrets
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/server/app/oracle"
)

// States lists the states of opinions, in the order of an opinion's life.
var States = []string{
	"SUBMITTED", "ACCEPTED", "DECLINED", "ANSWERED", "MERGED", "WAITING", "ANALYSED", "ASSIGNED", "RETURN_REQUESTED", "ESCALATED",
	"HANDLING", "REPLIED", "FED_BACK", "RATED", "REWORK", "CLOSED", "CONVERTED",
}

// Cases are the places at whose stations there is an opinion in each state; InState is its id.
var Cases = []string{"430121107201", "430102001201"}

// InState is the id of the opinion in a state at one of the Cases.
func InState(at, state string) string { return id("opinion " + Full(at) + " " + state) }

// The opinions of special cases by name.
const (
	// ToLeft came to a deputy whose posting there has ended, ToRetired to one whose mandate has.
	ToLeft    = "to left"
	ToRetired = "to retired"
	// Recalled was published at 431002 and taken back.
	Recalled = "recalled"
	// AtOnline came to the online station of 430121.
	AtOnline = "at online"
)

// Told is the id of an opinion that is a special case.
func Told(name string) string { return id("opinion " + name) }

// tale is an opinion about to be added.
type tale struct {
	id, station, deputy, state, before string
	// holder is the place that owns it; empty for the place responsible for the station.
	holder string
	// lead and co have it now, ended had it once.
	lead, co, ended string
	main            string
	published       bool
	// supervised by the organ that owns it; a few others are too.
	supervised bool
}

// addOpinions adds an opinion that has just come in at every station of a place, one at work at every place with departments, and the
// special cases.
func (w *World) addOpinions() {
	for _, p := range w.Places {
		if p.Placeholder {
			continue
		}
		s := w.spots[p.Code]
		s.Opinion = id("opinion " + p.Code)
		w.tell(tale{id: s.Opinion, station: s.Station, state: "SUBMITTED"})
		if p.Level == "VILLAGE" {
			continue
		}
		s.Case = id("opinion case " + p.Code)
		w.tell(tale{id: s.Case, station: s.Station, deputy: s.Deputy, state: "HANDLING", lead: s.Department, co: s.Bureau})
		if p.Level != "NATION" {
			s.Raised = id("opinion raised " + p.Code)
			w.tell(tale{
				id: s.Raised, station: s.Station, state: "HANDLING", holder: p.Parent, lead: w.spots[p.Parent].Department, supervised: p.Level == "TOWNSHIP",
			})
		}
	}
	for _, at := range []string{"43", "4301", "430121", "430121107", "431002"} {
		s := w.Spot(at)
		s.Past = id("opinion past " + at)
		w.tell(tale{id: s.Past, station: s.Station, state: "ASSIGNED", lead: s.Bureau, ended: s.Department})
	}
	for i, at := range Cases {
		w.addStates(at, []string{Who(Double), ""}[i])
	}
	w.tell(tale{id: Told(ToLeft), station: w.Spot("431002").Station, deputy: Who(Left), state: "FED_BACK", lead: w.Spot("431002").Bureau})
	w.tell(tale{id: Told(ToRetired), station: w.Spot("430121").Station, deputy: Who(Retired), state: "REPLIED", lead: w.Spot("430121").Bureau})
	w.tell(tale{id: Told(Recalled), station: w.Spot("431002").Station, state: "CLOSED", lead: w.Spot("431002").Department})
	w.Index()
	w.publish(Told(Recalled), true)
	w.tell(tale{id: Told(AtOnline), station: Online("430121"), state: "RATED", lead: w.Spot("430121").Bureau})
	w.addLimits()
	w.addNotices()
	w.addQueue()
}

// addStates adds an opinion in each state at a village's station; the deputy, if any, is whom they came to.
func (w *World) addStates(at, deputy string) {
	village := w.Place(Full(at))
	s, township := w.Spot(at), w.spots[village.Parent]
	for _, state := range States {
		x := tale{id: InState(at, state), station: s.Station, deputy: deputy, state: state}
		switch state {
		case "WAITING":
			x.before = "ACCEPTED"
		case "MERGED":
			x.main = InState(at, "HANDLING")
		case "ESCALATED":
			x.holder, x.ended = w.Place(village.Parent).Parent, township.Department
		case "CLOSED":
			x.published = true
		}
		if slices.Contains(path(state, x.before), "ASSIGN") {
			x.lead, x.co = township.Department, township.Bureau
		}
		w.tell(x)
	}
	w.Index()
	w.publish(InState(at, "CLOSED"), false)
	if deputy != "" {
		w.convert(InState(at, "CONVERTED"), Who(Double, "mandate"))
	}
}

// come tells how a case comes into each state: from which other, by which step and whose, and whether the citizen is shown it.
var come = map[string]struct {
	from, step, party string
	shown             bool
}{
	"SUBMITTED":        {"", "SUBMIT", "SUBMITTER", true},
	"ACCEPTED":         {"SUBMITTED", "ACCEPT", "STATION", true},
	"DECLINED":         {"SUBMITTED", "DECLINE", "STATION", true},
	"ANSWERED":         {"SUBMITTED", "ANSWER", "STATION", true},
	"MERGED":           {"ACCEPTED", "MERGE", "STATION", true},
	"ANALYSED":         {"ACCEPTED", "ANALYSE", "STATION", true},
	"ASSIGNED":         {"ANALYSED", "ASSIGN", "ORGAN", true},
	"RETURN_REQUESTED": {"ASSIGNED", "REQUEST_RETURN", "LEAD", false},
	"ESCALATED":        {"ANALYSED", "ESCALATE", "ORGAN", true},
	"HANDLING":         {"ASSIGNED", "TAKE", "LEAD", true},
	"REPLIED":          {"HANDLING", "REPLY", "LEAD", false},
	"FED_BACK":         {"REPLIED", "FEED_BACK", "STATION", true},
	"RATED":            {"FED_BACK", "RATE", "SUBMITTER", true},
	"REWORK":           {"RATED", "REWORK", "ORGAN", true},
	"CLOSED":           {"RATED", "CLOSE", "ORGAN", true},
	"CONVERTED":        {"RATED", "CONVERT", "DEPUTY", true},
}

// path lists the steps that lead to a state; before is the state before WAITING.
func path(state, before string) []string {
	if state == "WAITING" {
		return append(path(before, ""), "ASK")
	}
	x, ok := come[state]
	if !ok {
		return nil
	}
	return append(path(x.from, ""), x.step)
}

// The clock of the world's opinions: what has a limit is due long after any test is run.
const (
	dueOn   = "2031-11-20"
	amberOn = "2031-11-17"
)

// unlimited are the states without a limit.
var unlimited = []string{"DECLINED", "MERGED", "RATED", "CLOSED", "CONVERTED"}

// tell adds an opinion and all that belongs to it.
func (w *World) tell(x tale) {
	w.told++
	at := w.At(x.station)
	o := &oracle.Opinion{
		ID: x.id, At: at, Station: x.station, Deputy: x.deputy, State: x.state, Before: x.before, Holder: x.holder,
		Lead: x.lead, Main: x.main, Published: x.published,
	}
	if o.Holder == "" {
		o.Holder = w.Responsible(at)
	}
	o.Level = w.Place(o.Holder).Level
	steps := path(x.state, x.before)
	events := len(steps)
	if slices.Contains(steps, "TAKE") {
		events++ // with the department's note
	}
	w.Opinions = append(w.Opinions, o)
	r := row{
		"code_then": w.written(x.id, at), "number": NumberOf(w.told), "station_id": x.station,
		"channel": oneOf(w.told, "STATION_CODE", "IN_PERSON", "TELEPHONE", "ONLINE"), "category_hint_id": Category("0101"),
		"content": w.content(at), "location": "村口", "submitter_masked": "宋**", "phone_masked": "139****" + lastFour(w.told),
		"submitted_at": w.moment(1), "state": x.state, "waits_on": o.WaitsOn(), "open": o.Open(), "state_since": w.moment(len(steps)),
		"warned": false, "overdue": false, "late": w.told%6 == 0, "events": events, "version": events, "holder_code": number(o.Holder),
		"level": o.Level, "hardship": w.told%4 == 0, "extended": false, "dissatisfied": 0, "reworks": w.told % 3 / 2, "key_case": w.told%5 == 0, "published": x.published,
	}
	for column, value := range map[string]string{
		"deputy_id": x.deputy, "resume_state": x.before, "lead_organ_id": x.lead, "main_id": x.main,
	} {
		if value != "" {
			r[column] = value
		}
	}
	w.wind(o, r)
	if slices.Contains(steps, "ANALYSE") {
		o.Category = Category(oneOf(w.told, "0102", "0701", "07"))
		r["category_id"], r["urgency"] = o.Category, oneOf(w.told, "NORMAL", "URGENT", "CRITICAL")
	}
	if o.Open() && (w.told%7 == 0 || x.supervised) {
		o.Supervisor = w.spots[o.Holder].Organ
		r["supervisor_id"], r["supervision_due_on"] = o.Supervisor, dueOn
		r["events"], r["version"] = events+1, events+1
	}
	for i, step := range steps {
		for column, when := range map[string][]string{
			"accepted_at": {"ACCEPT", "ANSWER"}, "replied_at": {"REPLY", "ANSWER"}, "fed_back_at": {"FEED_BACK"}, "rated_at": {"RATE"},
			"closed_at": {"CLOSE", "CONVERT"},
		} {
			if slices.Contains(when, step) {
				r[column] = w.moment(i + 1)
			}
		}
	}
	if r["replied_at"] != nil {
		r["outcome"] = oneOf(w.told, "SOLVED", "PLANNED", "EXPLAINED")
	}
	if r["rated_at"] != nil {
		r["rating"] = oneOf(w.told, "SATISFIED", "BASICALLY_SATISFIED", "DISSATISFIED")
	}
	w.add("opinion", x.id, at, r)
	settle(o, r)
	w.addTimeline(o, x, r, steps)
	w.addPerson(o)
	for _, a := range []struct {
		organ, part string
		ended       bool
	}{{x.lead, "LEAD", false}, {x.co, "CO", false}, {x.ended, "LEAD", true}} {
		w.addAssignment(o, a.organ, a.part, a.ended)
	}
}

// settle tells what the row says of an opinion that counts in sums.
func settle(o *oracle.Opinion, r row) {
	text := func(column string) string {
		s, _ := r[column].(string)
		return s
	}
	day := func(column string) string { return text(column)[:min(len(text(column)), len(time.DateOnly))] }
	o.SubmittedOn, o.AcceptedOn = day("submitted_at"), day("accepted_at")
	if o.State == "DECLINED" {
		o.DeclinedOn = day("state_since")
	}
	o.Channel, o.Outcome, o.Rating = text("channel"), text("outcome"), text("rating")
	o.Closed, o.Answered = r["closed_at"] != nil, r["replied_at"] != nil || r["fed_back_at"] != nil
	o.Late, o.Hardship, o.Reworked = r["late"] == true, r["hardship"] == true, r["reworks"] != 0
}

// wind sets the clock: most have time, some are to be warned of, some are overdue, of which some are not marked yet.
func (w *World) wind(o *oracle.Opinion, r row) {
	if slices.Contains(unlimited, o.State) {
		return
	}
	amber := amberOn
	o.DueOn = dueOn
	switch {
	case w.told%9 == 0:
		o.DueOn, amber, o.Overdue = moment(20)[:10], moment(18)[:10], true
		r["warned"], r["overdue"] = true, w.told%18 == 0
	case w.told%8 == 0:
		amber, r["warned"] = moment(18)[:10], true
	}
	r["due_on"], r["amber_on"] = o.DueOn, amber
}

func oneOf(n int, words ...string) string { return words[n%len(words)] }

// Category is the id of a category that the platform is shipped with, by its number.
func Category(number string) string {
	return uuid.UUID(md5.Sum([]byte("category:" + number))).String() //nolint:gosec // a name, not a secret
}

// content is what the citizen says; every opinion of the world is found by 路面积水, and by the name of its place.
func (w *World) content(at string) string {
	return w.Place(at).Name + "门前路面积水,出行不便"
}

// NumberOf is the receipt number of the nth opinion of the world.
func NumberOf(n int) string { return fmt.Sprintf("240301-%08d", n) }

func lastFour(n int) string { return fmt.Sprintf("%04d", n) }

// moment is the time of the nth step of the timeline that is being told; opinions come in on one of three days.
func (w *World) moment(n int) string { return moment(n + w.told%3) }

func moment(day int) string { return fmt.Sprintf("2024-03-%02dT08:00:00Z", day) }

// addTimeline adds the events of the steps, a note of the department's and the supervision, which no citizen is shown, and a file with the
// first and with the note.
func (w *World) addTimeline(o *oracle.Opinion, x tale, r row, steps []string) {
	from := ""
	for i, step := range steps {
		to, shown, party := o.State, true, "STATION"
		for state, x := range come {
			if x.step == step {
				to, shown, party = state, x.shown, x.party
			}
		}
		e := w.addEvent(o, i+1, step, from, to, party, shown, w.factsOf(step, x, r))
		if step == "SUBMIT" {
			w.addFile(o, e)
		}
		from = to
	}
	n := len(steps)
	if slices.Contains(steps, "TAKE") {
		n++
		w.addFile(o, w.addEvent(o, n, "NOTE", o.State, o.State, "LEAD", false, row{}))
	}
	if o.Supervisor != "" {
		w.addEvent(o, n+1, "SUPERVISE", o.State, o.State, "ABOVE", false, w.factsOf("SUPERVISE", x, r))
	}
}

func (w *World) addEvent(o *oracle.Opinion, n int, step, from, to, party string, shown bool, facts row) *oracle.Event {
	e := &oracle.Event{ID: id(fmt.Sprintf("event %s %d", o.ID, n)), Opinion: o.ID, Step: step, Shown: shown, Subject: w.actor(o, party)}
	w.Events = append(w.Events, e)
	r := row{
		"opinion_id": o.ID, "sequence": n, "step": step, "to_state": to, "occurred_at": w.moment(n), "party": party, "subject": e.Subject,
		"text": "第" + lastFour(n) + "步", "facts": facts, "shown": shown,
	}
	if from != "" {
		r["from_state"] = from
	}
	switch party {
	case "STATION":
		r["role"], r["actor_code"] = "STATION_KEEPER", number(o.At)
	case "ORGAN", "ABOVE":
		holder := o.Holder
		if step == "ESCALATE" {
			holder = w.Responsible(o.At) // where it was before
		}
		r["role"], r["actor_code"] = w.Place(holder).Level+"_ADMIN", number(holder)
	case "LEAD":
		r["role"], r["actor_code"], r["organ_id"] = "DEPARTMENT", number(o.Holder), o.Lead
	case "DEPUTY":
		r["role"], r["deputy_id"] = "DEPUTY", Who(Double)
	}
	w.add("opinion_event", e.ID, o.At, r)
	return e
}

// factsOf are what a step of a tale settles, as the row of the opinion has it in the end: the platform's jobs go by them.
func (w *World) factsOf(step string, x tale, r row) row {
	holder := func(code string) row { return row{"holder": code, "level": w.Place(code).Level} }
	switch step {
	case "SUBMIT":
		if x.holder == "" || x.ended != "" {
			return holder(w.Responsible(w.At(x.station))) // where it comes to, before it is passed on
		}
		return holder(x.holder)
	case "ESCALATE":
		return holder(x.holder)
	case "ANALYSE":
		return row{"category": r["category_id"], "urgency": r["urgency"], "hardship": r["hardship"]}
	case "ASSIGN":
		facts := row{"lead": x.lead}
		if x.co != "" {
			facts["co"] = []string{x.co}
		}
		return facts
	case "MERGE":
		return row{"main": x.main}
	case "SUPERVISE":
		return row{"supervisor": r["supervisor_id"], "supervisionDue": dueOn + "T00:00:00Z"}
	case "REPLY", "ANSWER":
		return row{"outcome": r["outcome"]}
	case "RATE":
		return row{"rating": r["rating"]}
	}
	return row{}
}

// actor is the account that acts as a party, named as the matrix names its viewers.
func (w *World) actor(o *oracle.Opinion, party string) string {
	digits := func(code string) string {
		if code == Full("0") {
			return "0"
		}
		for _, n := range []int{2, 4, 6, 9} {
			if strings.Trim(code[n:], "0") == "" {
				return code[:n]
			}
		}
		return code
	}
	switch party {
	case "STATION":
		return "operator:STATION_KEEPER-" + digits(o.At)
	case "ORGAN", "ABOVE":
		return "operator:" + o.Level + "_ADMIN-" + digits(o.Holder)
	case "LEAD":
		return "operator:DEPARTMENT-" + digits(o.Holder)
	case "DEPUTY":
		return "operator:DEPUTY-430121107-double"
	}
	return "receipt:" + o.ID
}

func (w *World) addFile(o *oracle.Opinion, e *oracle.Event) {
	a := &oracle.Attachment{ID: id("file " + e.ID), Opinion: e.Opinion, Event: e.ID, Shown: e.Shown}
	w.Attachments = append(w.Attachments, a)
	r := fileOf(a.ID)
	r["opinion_id"], r["event_id"], r["shown"] = a.Opinion, a.Event, a.Shown
	w.add("attachment", a.ID, o.At, r)
}

// fileOf are the columns of a stored file.
func fileOf(id string) row {
	return row{"storage_key": "world/" + id, "media_type": "image/jpeg", "size": 2048, "width": 640, "height": 480, "sha256": "\\xaa"}
}

func (w *World) addAssignment(o *oracle.Opinion, organ, part string, ended bool) {
	if organ == "" {
		return
	}
	a := &oracle.Assignment{ID: id("part " + o.ID + organ), Opinion: o.ID, Organ: organ, Part: part, Ended: ended}
	w.Assignments = append(w.Assignments, a)
	r := row{"opinion_id": o.ID, "organ_id": organ, "part": part, "assigned_at": moment(4)}
	if ended {
		r["ended_at"] = moment(5)
	}
	w.add("opinion_assignment", a.ID, o.At, r)
}

// publish tells the public of a closed case; withdrawn, it was taken back.
func (w *World) publish(opinion string, withdrawn bool) {
	o := oracle.Get[*oracle.Opinion](&w.World, opinion)
	c := &oracle.Case{ID: id("case " + opinion), Opinion: opinion, Station: o.Station, Category: o.Category, Withdrawn: withdrawn}
	w.Cases = append(w.Cases, c)
	r := row{
		"opinion_id": opinion, "station_id": o.Station, "title": "门前积水治理", "matter": "门前路面积水", "answer": "已疏通排水",
		"published_at": moment(20), "category_id": o.Category,
	}
	if withdrawn {
		r["withdrawn_at"] = moment(25)
	}
	w.add("published_case", c.ID, o.At, r)
}

// convert makes an opinion a suggestion of the deputy of a mandate.
func (w *World) convert(opinion, mandate string) {
	o, m := oracle.Get[*oracle.Opinion](&w.World, opinion), oracle.Get[*oracle.Mandate](&w.World, mandate)
	s := &oracle.Suggestion{ID: id("suggestion " + opinion), Deputy: m.Deputy, Mandate: mandate, Opinion: opinion}
	w.Suggestions = append(w.Suggestions, s)
	w.add("suggestion", s.ID, o.At, row{
		"deputy_id": m.Deputy, "mandate_id": mandate, "opinion_id": opinion, "title": "关于整治积水的建议", "content": "建议统一改造排水管网。",
		"state": "DRAFT",
	})
	for _, r := range w.rows["opinion"] {
		if r["id"] == opinion {
			r["suggestion_id"] = s.ID
		}
	}
}
