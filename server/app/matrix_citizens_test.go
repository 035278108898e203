package app_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/app/apitest"
	"github.com/lianluo/lianluo/server/app/oracle"
)

// checkCitizens asks what is open to everyone, without an account: where a code leads, and how an opinion stands for who has its receipt. A
// receipt opens its own opinion and no other, and of that what citizens are shown.
func (m *matrix) checkCitizens(t *testing.T) {
	nobody := m.server.For(t).Nobody()
	citizen := func(o *oracle.Opinion) cell {
		return cell{matrix: m, id: o.ID, what: "receipt", asker: asker{name: "the citizen of " + o.ID, Viewer: oracle.Viewer{
			Role: oracle.Citizen, At: o.At, Receipt: o.ID,
		}}}
	}
	query := "query($number: String!, $token: String) { r: receipt(number: $number, token: $token) " + selectionOf("Receipt") + " }"
	ask := func(number, token string) *apitest.Answer {
		return nobody.Do(query, apitest.Vars{"number": number, "token": token})
	}
	var all []*oracle.Opinion
	for _, state := range apitest.States {
		all = append(all, oracle.Get[*oracle.Opinion](&m.world.World, apitest.InState(apitest.Cases[0], state)))
	}
	unknown := ask("240301-ZZZZZZZZ", apitest.Receipt(all[0].ID))
	for i, o := range all {
		c := citizen(o)
		var data struct{ R map[string]any }
		if m.understood(c.asker, &data, query, ask(m.receiptNumber(o), apitest.Receipt(o.ID))) {
			m.judgeReceipt(c, o, data.R)
		}
		if other := all[(i+1)%len(all)]; i%4 == 0 {
			c.id = other.ID
			m.indistinguishable(c.asker, "receipt", other.ID, ask(m.receiptNumber(other), apitest.Receipt(o.ID)), unknown)
		}
	}
	m.checkStrangers(citizen, nobody)
	m.checkCodes(t, nobody)
	m.checkBooking(nobody)
}

// checkStrangers tries what citizens do with the receipt of another: it is refused as it is for an opinion that never was. What they may do
// on their own is tried by TestCitizen.
func (m *matrix) checkStrangers(citizen func(*oracle.Opinion) cell, nobody *apitest.Caller) {
	own := oracle.Get[*oracle.Opinion](&m.world.World, apitest.InState(apitest.Cases[0], "RATED"))
	for verb, try := range map[string]struct {
		state string
		input map[string]any
	}{
		"rateOpinion": {"FED_BACK", map[string]any{"rating": "SATISFIED"}}, "supplementOpinion": {"WAITING", map[string]any{"text": "就在村口"}},
	} {
		other := oracle.Get[*oracle.Opinion](&m.world.World, apitest.InState(apitest.Cases[0], try.state))
		ask := func(number string) *apitest.Answer {
			input := maps.Clone(try.input)
			input["number"], input["token"] = number, apitest.Receipt(own.ID)
			typ := strings.ToUpper(verb[:1]) + verb[1:]
			return nobody.Do(fmt.Sprintf("mutation($input: %sInput!) { %s(input: $input) { receipt { number } } }", typ, verb), apitest.Vars{"input": input})
		}
		c, answer := citizen(own), ask(m.receiptNumber(other))
		c.id, c.what = other.ID, verb
		c.refused(answer, oracle.NotFound)
		m.indistinguishable(c.asker, verb, other.ID, answer, ask("240301-ZZZZZZZZ"))
	}
}

// judgeReceipt compares what a citizen is shown with the rows that a citizen sees.
func (m *matrix) judgeReceipt(c cell, o *oracle.Opinion, got map[string]any) {
	c.same(got["number"], m.receiptNumber(o))
	c.same(got["state"], o.State)
	c.same(got["content"], m.stored(o.ID)["content"])
	c.same(got["station"], m.stored(o.Station)["name"])
	c.same(got["mayRate"], o.State == "FED_BACK")
	c.same(got["maySupplement"], o.State == "WAITING")
	var steps, wanted, files, wantedFiles []string
	events, _ := got["events"].([]any)
	for _, e := range events {
		event, _ := e.(map[string]any)
		steps = append(steps, event["step"].(string))
		files = append(files, idsOf(event["files"])...)
	}
	for _, e := range m.world.Events {
		if m.world.Sees(c.Viewer, e.ID) {
			wanted = append(wanted, e.Step)
		}
	}
	for _, a := range m.world.Attachments {
		if m.world.Sees(c.Viewer, a.ID) {
			wantedFiles = append(wantedFiles, m.globalID(a.ID))
		}
	}
	c.same(steps, wanted)
	slices.Sort(files)
	slices.Sort(wantedFiles)
	c.same(files, wantedFiles)
}

// receiptNumber is the receipt number of an opinion.
func (m *matrix) receiptNumber(o *oracle.Opinion) string { return m.stored(o.ID)["number"].(string) }

// checkCodes asks where codes lead: of those revoked, of closed stations and of postings that are over no more than of one that never was.
func (m *matrix) checkCodes(t *testing.T, nobody *apitest.Caller) {
	ask := func(text string) *apitest.Answer {
		return nobody.Do("query($text: String!) { r: code(text: $text) "+selectionOf("CodeInfo")+" }", apitest.Vars{"text": text})
	}
	unknown := ask("NOSUCHCODE")
	s := m.world.Spot("430121107")
	for _, code := range []struct {
		id   string
		good bool
	}{
		{s.Code, true},
		{apitest.CodeOf(s.Posting), true},
		{s.Revoked, false},
		{apitest.CodeOf(s.Closed), false},
		{apitest.CodeOf(apitest.Who(apitest.Left, "ended")), false},
		{apitest.CodeOf(apitest.Who(apitest.Far, "cross")), true},
	} {
		x := oracle.Get[*oracle.Code](&m.world.World, code.id)
		c := cell{matrix: m, id: code.id, what: "code", asker: asker{name: "anyone", Viewer: oracle.Viewer{Role: oracle.Citizen, At: m.world.At(code.id)}}}
		text := m.stored(code.id)["text"].(string)
		answer := ask(text)
		if !code.good {
			m.indistinguishable(c.asker, "code", code.id, answer, unknown)
			continue
		}
		var data struct{ R map[string]any }
		if !m.understood(c.asker, &data, fmt.Sprintf("where %s leads", text), answer) {
			continue
		}
		c.same(data.R["station"], m.stored(x.Station)["name"])
		var name any
		if p := oracle.Get[*oracle.Posting](&m.world.World, x.Posting); p != nil {
			name = oracle.Get[*oracle.Deputy](&m.world.World, p.Deputy).Name
		}
		deputy, _ := data.R["deputy"].(map[string]any)
		c.same(deputy["name"], name)
	}
	var data struct{ R map[string]any }
	if nobody.Get(&data, "{ r: consent "+selectionOf("Consent")+" }", nil); data.R["version"] == "" {
		t.Error("no consent is in force")
	}
}
