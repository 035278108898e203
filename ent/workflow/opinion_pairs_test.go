package workflow_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/lianluo/lianluo/ent/dossier"
	"github.com/lianluo/lianluo/ent/fault"
	"github.com/lianluo/lianluo/ent/gen"
	"github.com/lianluo/lianluo/ent/gen/mandate"
	"github.com/lianluo/lianluo/ent/kind"
	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/ent/state"
	"github.com/lianluo/lianluo/ent/viewer"
	"github.com/lianluo/lianluo/ent/workflow"
)

// loopHouse is a house with everyone who can have a part in an opinion of the village station.
type loopHouse struct {
	*house
	station, elsewhere   *gen.Station
	lead, co, past, none uuid.UUID // departments of the county: at work on the case, once at work, never
	deputy, stranger     uuid.UUID // posted to the station, and to another
}

func newLoopHouse(t *testing.T) *loopHouse {
	t.Helper()
	h := &loopHouse{house: newHouse(t)}
	h.station, h.elsewhere = h.house.station(huaguo, "果园镇花果村人大代表联络站"), h.house.station(huangxin, "黄兴镇人大代表联络站")
	for name, id := range map[string]*uuid.UUID{"住建局": &h.lead, "水利局": &h.co, "城管局": &h.past, "教育局": &h.none} {
		*id = h.row("organ", county, map[string]any{
			"division_id": h.divisionID(county), "kind": kind.OrganDepartment, "name": name, "valid_from": "2020-01-01",
		})
	}
	for name, at := range map[string]*gen.Station{"钱乙": h.station, "孙丙": h.elsewhere} {
		m := h.registered(name)
		if _, err := h.desk.PostDeputy(h.county(), workflow.PostDeputy{
			Mandate: m.ID, Station: at.ID, Basis: kind.PostingProximity, StartedOn: day("2024-02-01"),
		}); err != nil {
			t.Fatal(err)
		}
		if at == h.station {
			h.deputy = m.DeputyID
		} else {
			h.stranger = m.DeputyID
		}
	}
	return h
}

// registered is the confirmed county mandate of a new deputy.
func (h *loopHouse) registered(name string) *gen.Mandate {
	h.Helper()
	d, err := h.desk.RegisterDeputy(h.county(), workflow.RegisterDeputy{
		Name: name, Gender: kind.Female, BirthMonth: day("1980-05-01"), Ethnicity: "汉族",
		Mandate: workflow.NewMandate{
			Congress: h.congress[county], Term: 18, Election: kind.GeneralElection, ElectedOn: day("2021-12-10"), Confirmed: true,
		},
	})
	if err != nil {
		h.Fatal(err)
	}
	m, err := h.client.Mandate.Query().Where(mandate.DeputyID(d.ID)).Only(h.job())
	if err != nil {
		h.Fatal(err)
	}
	return m
}

// member is the context of a deputy.
func (h *loopHouse) member(deputy uuid.UUID) context.Context {
	ctx := h.as(viewer.Deputy, county)
	viewer.FromContext(ctx).Person = deputy
	return ctx
}

// citizen is the context of who holds the receipt of an opinion.
func (h *loopHouse) citizen(o uuid.UUID) context.Context {
	return viewer.NewContext(h.Context(), viewer.ForReceipt("receipt:"+o.String(), huaguo, o))
}

func (h *loopHouse) job() context.Context {
	return viewer.NewContext(h.Context(), viewer.SystemJob("deadlines"))
}

// submitted is a new opinion at the station, which came to the deputy.
func (h *loopHouse) submitted(content string) *gen.Opinion {
	h.Helper()
	b, err := h.desk.RecordOpinion(h.officer(h.station), workflow.RecordOpinion{
		Station: h.station.ID, Deputy: &h.deputy, Channel: kind.ChannelVisit,
		OpinionContent: workflow.OpinionContent{Content: content, Consent: "2026-1"},
	})
	if err != nil {
		h.Fatal(err)
	}
	return b.Opinion
}

// the ways from the entry to each state.
var ways = map[string][]state.Step{
	"SUBMITTED":        {},
	"ACCEPTED":         {"ACCEPT"},
	"DECLINED":         {"DECLINE"},
	"ANSWERED":         {"ANSWER"},
	"MERGED":           {"ACCEPT", "MERGE"},
	"ANALYSED":         {"ACCEPT", "ANALYSE"},
	"ASSIGNED":         {"ACCEPT", "ANALYSE", "ASSIGN"},
	"RETURN_REQUESTED": {"ACCEPT", "ANALYSE", "ASSIGN", "REQUEST_RETURN"},
	"ESCALATED":        {"ACCEPT", "ANALYSE", "ASSIGN", "REQUEST_RETURN", "ESCALATE"},
	"HANDLING":         {"ACCEPT", "ANALYSE", "ASSIGN", "TAKE"},
	"REPLIED":          {"ACCEPT", "ANALYSE", "ASSIGN", "TAKE", "REPLY"},
	"FED_BACK":         {"ACCEPT", "ANALYSE", "ASSIGN", "TAKE", "REPLY", "FEED_BACK"},
	"RATED":            {"ACCEPT", "ANALYSE", "ASSIGN", "TAKE", "REPLY", "FEED_BACK", "RATE"},
	"REWORK":           {"ACCEPT", "ANALYSE", "ASSIGN", "TAKE", "REPLY", "FEED_BACK", "RATE", "REWORK"},
	"REWORK alone":     {"ANSWER", "FEED_BACK", "RATE", "REWORK"}, // no department has it
	"CLOSED":           {"ACCEPT", "ANALYSE", "ASSIGN", "TAKE", "REPLY", "FEED_BACK", "RATE", "CLOSE"},
	"CONVERTED":        {"ANSWER", "FEED_BACK", "RATE", "CONVERT"},
	"WAITING station":  {"ASK"},
	"WAITING organ":    {"ACCEPT", "ANALYSE", "ASK"},
	"WAITING lead":     {"ACCEPT", "ANALYSE", "ASSIGN", "TAKE", "ASK"},
}

// walk leads a new opinion to a state, each step by whom it is for.
func (h *loopHouse) walk(way []state.Step, main uuid.UUID) *gen.Opinion {
	h.Helper()
	o := h.submitted("村口的桥面破损,雨天积水")
	holder := county
	for _, step := range way {
		var f dossier.Facts
		ctx := h.officer(h.station)
		switch step {
		case "ANALYSE":
			f = dossier.Facts{Holder: &holder, Level: place.LevelCounty, Urgency: kind.UrgencyNormal}
		case "ASSIGN":
			ctx = h.county()
			// Before it went to the lead it had gone to another one.
			if _, err := h.desk.Walk(ctx, o.ID, "ASSIGN", dossier.Facts{Lead: &h.past}); err != nil {
				h.Fatal(err)
			}
			if _, err := h.desk.Walk(h.department(county, h.past), o.ID, "REQUEST_RETURN", f); err != nil {
				h.Fatal(err)
			}
			f = dossier.Facts{Lead: &h.lead, Co: []uuid.UUID{h.co}}
		case "ESCALATE":
			ctx, holder = h.county(), changsha
			f = dossier.Facts{Holder: &holder, Level: place.LevelCity}
		case "REWORK", "CLOSE":
			if ctx = h.county(); len(way) < 5 {
				ctx = h.township() // answered on the spot, it never left the township
			}
		case "TAKE", "REQUEST_RETURN", "REPLY":
			ctx = h.department(county, h.lead)
		case "ASK":
			switch o.WaitsOn {
			case state.PartyOrgan:
				ctx = h.county()
			case state.PartyLead:
				ctx = h.department(county, h.lead)
			}
		case "RATE":
			ctx, f = h.citizen(o.ID), dossier.Facts{Rating: kind.RatingDissatisfied}
		case "CONVERT":
			ctx = h.member(h.deputy)
		case "MERGE":
			f = dossier.Facts{Main: &main}
		}
		next, err := h.desk.Walk(ctx, o.ID, step, f)
		if err != nil {
			h.Fatalf("%s in %s: %v", step, o.State, err)
		}
		o = next
	}
	return o
}

// actor is someone who tries steps, and as what the domain knows them.
type actor struct {
	name    string
	ctx     func(*gen.Opinion) context.Context
	parties func(*gen.Opinion) []state.Party
	// sees tells whether the opinion is there for the actor, changes whether the actor may change it.
	sees, changes func(*gen.Opinion) bool
}

func (h *loopHouse) actors() []actor {
	yes := func(*gen.Opinion) bool { return true }
	no := func(*gen.Opinion) bool { return false }
	always := func(ctx context.Context) func(*gen.Opinion) context.Context {
		return func(*gen.Opinion) context.Context { return ctx }
	}
	are := func(p ...state.Party) func(*gen.Opinion) []state.Party {
		return func(*gen.Opinion) []state.Party { return p }
	}
	organ := func(at place.Code, also ...state.Party) func(*gen.Opinion) []state.Party {
		return func(o *gen.Opinion) []state.Party {
			out := append([]state.Party{"ABOVE"}, also...)
			if o.HolderCode == at {
				out = append(out, "ORGAN")
			}
			return out
		}
	}
	// The departments have their parts from the assignment on, until the escalation.
	assigned := func(o *gen.Opinion) bool { return o.LeadOrganID != nil }
	once := func(o *gen.Opinion) bool { return assigned(o) || o.State == state.OpinionEscalated }
	handlers := func(p ...state.Party) func(*gen.Opinion) []state.Party {
		return func(o *gen.Opinion) []state.Party {
			if assigned(o) {
				return p
			}
			return nil
		}
	}
	return []actor{
		{"officer", always(h.officer(h.station)), are("STATION"), yes, yes},
		{"officer of another station there", always(h.keeperAt(huaguo, uuid.New())), are(), yes, yes},
		{"officer elsewhere", always(h.officer(h.elsewhere)), are(), no, no},
		{"township", always(h.township()), organ(guoyuan, "STATION"), yes, yes},
		{"another township", always(h.as(viewer.TownshipAdmin, huangxin)), are(), no, no},
		{"county", always(h.county()), organ(county), yes, yes},
		{"city", always(h.city()), organ(changsha), yes, yes},
		{"province", always(h.province()), organ(hunan), yes, yes},
		{"nation", always(h.nation()), organ(place.Nation), yes, yes},
		{"another county", always(h.beihu()), are(), no, no},
		{"staff", always(h.as(viewer.CommitteeStaff, county)), are(), yes, yes},
		{"supervisor", always(h.as(viewer.Supervisor, county)), are("ABOVE"), yes, yes},
		{"deputy", always(h.member(h.deputy)), are("DEPUTY"), yes, yes},
		{"deputy elsewhere", always(h.member(h.stranger)), are(), no, no},
		{"lead", always(h.department(county, h.lead)), handlers("LEAD", "HANDLER"), once, assigned},
		{"co-handler", always(h.department(county, h.co)), handlers("HANDLER"), once, assigned},
		{"department of the past", always(h.department(county, h.past)), are(), once, no},
		{"department", always(h.department(county, h.none)), are(), no, no},
		{"citizen", func(o *gen.Opinion) context.Context { return h.citizen(o.ID) }, are("SUBMITTER"), yes, yes},
		{"another citizen", always(h.citizen(uuid.New())), are(), no, no},
		{"clock", always(h.job()), are("CLOCK"), yes, yes},
	}
}

func (h *loopHouse) keeperAt(at place.Code, station uuid.UUID) context.Context {
	ctx := h.as(viewer.StationKeeper, at)
	viewer.FromContext(ctx).Station = station
	return ctx
}

// wanted is what becomes of a step in a state by an actor.
func wanted(a actor, o *gen.Opinion, m state.Move) error {
	holder := o.State.WaitsOn(o.LeadOrganID != nil)
	if o.ResumeState != nil {
		holder = o.ResumeState.WaitsOn(o.LeadOrganID != nil)
	}
	mine := slices.ContainsFunc(a.parties(o), func(p state.Party) bool {
		return m.Does(p) || m.Does(state.PartyHolder) && p == holder
	})
	resume := state.Opinion("")
	if o.ResumeState != nil {
		resume = *o.ResumeState
	}
	_, possible := state.Next(o.State, m.Step, resume)
	switch {
	case !mine:
		return fault.ErrForbidden
	case !possible:
		return fault.ErrConflict
	}
	return nil
}

// Every step, in every state, by everyone: what the table does not say is refused, and what it says is done.
func TestPairs(t *testing.T) {
	h := newLoopHouse(t)
	main := h.walk(ways["ACCEPTED"], uuid.Nil)
	actors := h.actors()
	cells, done := 0, 0
	for i, name := range slices.Sorted(maps.Keys(ways)) {
		if testing.Short() && i%4 != 0 {
			continue
		}
		o := h.walk(ways[name], main.ID)
		if got := string(o.State); got != name[:len(got)] || len(name) > len(got) && name[len(got)] != ' ' {
			t.Fatalf("the way to %s leads to %s", name, got)
		}
		for _, a := range actors {
			var may []state.Step
			err := h.desk.Try(a.ctx(o), o.ID, func(x *workflow.Trial) {
				for _, m := range state.Moves {
					cells++
					got, want := x.May(m.Step), wanted(a, o, m)
					if want == nil && got != nil || !errors.Is(got, want) {
						t.Errorf("%s by %s in %s: %v, want %v", m.Step, a.name, name, got, want)
					}
					if want == nil {
						may = append(may, m.Step)
					}
				}
			})
			switch {
			case !a.sees(o) && !errors.Is(err, fault.ErrNotFound):
				t.Errorf("%s in %s, which is not there for them: %v", a.name, name, err)
			case a.sees(o) && !a.changes(o) && !errors.Is(err, fault.ErrForbidden):
				t.Errorf("%s in %s, which they may only read: %v", a.name, name, err)
			case a.changes(o) && err != nil:
				t.Errorf("%s in %s: %v", a.name, name, err)
			}
			for _, step := range may {
				done += h.tryStep(a, o, step, main.ID)
			}
		}
		if now := h.read(o.ID); now.Version != o.Version || now.State != o.State {
			t.Errorf("trying changed %s", name)
		}
	}
	t.Logf("%d cells, %d steps done", cells, done)
	if !testing.Short() && (done < 600 || cells < 10000) {
		t.Errorf("only %d cells, %d steps done", cells, done)
	}
	h.replayed()
}

// tryStep does a step that may be done, looks where it leads, and takes it back.
func (h *loopHouse) tryStep(a actor, o *gen.Opinion, step state.Step, main uuid.UUID) int {
	h.Helper()
	holder := changsha
	f := map[state.Step]dossier.Facts{
		"MERGE": {Main: &main}, "ASSIGN": {Lead: &h.lead}, "ESCALATE": {Holder: &holder, Level: place.LevelCity},
		"RATE": {Rating: kind.RatingSatisfied},
	}[step]
	resume := state.Opinion("")
	if o.ResumeState != nil {
		resume = *o.ResumeState
	}
	to, _ := state.Next(o.State, step, resume)
	err := h.desk.Try(a.ctx(o), o.ID, func(x *workflow.Trial) {
		after, err := x.Do(step, f)
		switch {
		case err != nil:
			h.Errorf("%s by %s in %s: %v", step, a.name, o.State, err)
		case after.State != to || after.Version != o.Version+1 || after.Events != o.Events+1:
			h.Errorf("%s by %s in %s leads to %s", step, a.name, o.State, after.State)
		}
	})
	if err != nil {
		h.Error(err)
	}
	return 1
}

// read is an opinion as the platform sees it.
func (h *loopHouse) read(id uuid.UUID) *gen.Opinion {
	h.Helper()
	return h.must(h.client.Opinion.Get(h.job(), id))
}
