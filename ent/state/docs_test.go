package state_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/state"
)

var update = flag.Bool("update", false, "draw docs/states.md anew")

const states = "../../docs/states.md"

// docs/states.md shows the tables as they are. After a change: go test ./ent/state -update, and a look at the difference.
func TestDocs(t *testing.T) {
	drawn := draw()
	if *update {
		if err := os.WriteFile(states, []byte(drawn), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(states)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != drawn {
		t.Errorf("%s does not show the tables of ent/state; draw it anew with -update", states)
	}
}

func draw() string {
	var b strings.Builder
	b.WriteString(`# States

What may become of what, as ent/state has it. This page is drawn by a test (` + "`go test ./ent/state -update`" + `): change the tables, not the page.
`)
	section(&b, "Mandate", "代表资格", mandateTable())
	section(&b, "Opinion", "社情民意", opinionTable())
	section(&b, state.VisitDays.Name, state.VisitDays.Title, lines(&state.VisitDays))
	section(&b, state.Appointments.Name, state.Appointments.Title, lines(&state.Appointments))
	section(&b, state.Activities.Name, state.Activities.Title, lines(&state.Activities))
	section(&b, state.Records.Name, state.Records.Title, lines(&state.Records))
	section(&b, state.Claims.Name, state.Claims.Title, lines(&state.Claims))
	section(&b, state.Campaigns.Name, state.Campaigns.Title, lines(&state.Campaigns))
	section(&b, state.Evaluations.Name, state.Evaluations.Title, lines(&state.Evaluations))
	return b.String()
}

// line is a line of any of the tables.
type line struct {
	verb, title string
	from        []string
	to          string
	by          []state.Party
}

// table is any of the tables: its states with their names, and its lines.
type table struct {
	states []string
	titles map[string]string
	lines  []line
}

func lines[S ~string](t *state.Table[S]) table {
	out := table{titles: map[string]string{}}
	for _, s := range t.States {
		out.states = append(out.states, string(s))
		out.titles[string(s)] = t.Titles[s]
	}
	for _, l := range t.Lines {
		out.lines = append(out.lines, line{l.Verb, l.Title, words(l.From), string(l.To), l.By})
	}
	return out
}

func mandateTable() table {
	out := table{titles: map[string]string{}}
	for _, m := range state.Mandates {
		out.states = append(out.states, string(m))
		out.titles[string(m)] = m.Title()
		for _, to := range m.Next() {
			verb, title := "changeMandate", "变更代表资格状态"
			if to == state.MandateEnded {
				verb, title = "endMandate", "终止代表资格"
			}
			out.lines = append(out.lines, line{verb, title, []string{string(m)}, string(to), []state.Party{state.PartyOrgan}})
		}
	}
	return out
}

func opinionTable() table {
	out := table{titles: map[string]string{}}
	for _, o := range state.Opinions {
		out.states = append(out.states, string(o))
		out.titles[string(o)] = o.Title()
	}
	for _, m := range state.Moves {
		to := string(m.To)
		if m.Back {
			to = "(back)"
		}
		out.lines = append(out.lines, line{string(m.Step), m.Title, words(m.From), to, m.By})
	}
	return out
}

func words[S ~string](states []S) []string {
	out := make([]string, len(states))
	for i, s := range states {
		out[i] = string(s)
	}
	return out
}

// section draws a diagram of what leads from state to state, and a table of all that may be done.
func section(b *strings.Builder, name, title string, t table) {
	fmt.Fprintf(b, "\n## %s (%s)\n\n```mermaid\nstateDiagram-v2\n", name, title)
	for _, s := range t.states {
		fmt.Fprintf(b, "    %s : %s %s\n", s, s, t.titles[s])
	}
	drawn := map[string]bool{}
	for _, l := range t.lines {
		from := l.from
		if len(from) == 0 {
			from = []string{"[*]"}
		}
		for _, f := range from {
			arrow := fmt.Sprintf("    %s --> %s : %s\n", f, l.to, l.title)
			if slices.Contains(t.states, l.to) && f != l.to && !drawn[arrow] {
				b.WriteString(arrow)
				drawn[arrow] = true
			}
		}
	}
	b.WriteString("```\n\n| step | in | leads to | by |\n|---|---|---|---|\n")
	for _, l := range t.lines {
		by := make([]string, len(l.by))
		for i, p := range l.by {
			by[i] = p.Title()
		}
		from, to := strings.Join(l.from, ", "), l.to
		if from == "" {
			from = "–"
		}
		switch to {
		case "":
			to = "stays"
		case "(back)":
			to = "the state before"
		}
		fmt.Fprintf(b, "| %s %s | %s | %s | %s |\n", l.title, l.verb, from, to, strings.Join(by, "、"))
	}
}

// Everything in the tables has a name, leads from and to states that there are, and can be reached.
func TestTables(t *testing.T) {
	for name, table := range map[string]table{
		"mandates": mandateTable(), "opinions": opinionTable(), "visit days": lines(&state.VisitDays), "appointments": lines(&state.Appointments),
		"activities": lines(&state.Activities), "records": lines(&state.Records), "claims": lines(&state.Claims),
		"campaigns": lines(&state.Campaigns), "evaluations": lines(&state.Evaluations),
	} {
		reached := map[string]bool{}
		for _, s := range table.states {
			if table.titles[s] == "" {
				t.Errorf("%s: %s has no name", name, s)
			}
		}
		for _, l := range table.lines {
			if l.title == "" || len(l.by) == 0 {
				t.Errorf("%s: %s has no name, or no one does it", name, l.verb)
			}
			for _, p := range l.by {
				if p.Title() == "" {
					t.Errorf("%s: %s: %s has no name", name, l.verb, p)
				}
			}
			for _, s := range l.from {
				if !slices.Contains(table.states, s) {
					t.Errorf("%s: %s begins in %q", name, l.verb, s)
				}
			}
			if l.to != "" && l.to != "(back)" && !slices.Contains(table.states, l.to) {
				t.Errorf("%s: %s leads to %q", name, l.verb, l.to)
			}
			reached[l.to] = true
		}
		for _, s := range table.states {
			if !reached[s] && s != string(state.MandateElected) {
				t.Errorf("%s: nothing leads to %s", name, s)
			}
		}
	}
}

// Next answers what the table says and nothing else.
func TestNext(t *testing.T) {
	pairs(t, &state.VisitDays)
	pairs(t, &state.Appointments)
	pairs(t, &state.Activities)
	pairs(t, &state.Records)
	pairs(t, &state.Claims)
	pairs(t, &state.Campaigns)
	pairs(t, &state.Evaluations)
}

func pairs[S ~string](t *testing.T, table *state.Table[S]) {
	t.Helper()
	for _, verb := range table.Lines {
		for _, from := range append([]S{""}, table.States...) {
			allowed, to := false, S("")
			for _, l := range table.Lines {
				if l.Verb == verb.Verb && (slices.Contains(l.From, from) || from == "" && len(l.From) == 0) {
					allowed, to = true, l.To
					if to == "" {
						to = from
					}
				}
			}
			if got, ok := table.Next(from, verb.Verb); ok != allowed || got != to {
				t.Errorf("%s: %s from %q: %q %t, want %q %t", table.Name, verb.Verb, from, got, ok, to, allowed)
			}
		}
		if _, ok := table.Next(table.States[0], "noSuchVerb"); ok {
			t.Error("an unknown verb leads somewhere")
		}
	}
}
