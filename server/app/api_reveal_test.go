package app_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/lianluo/lianluo/server/app/apitest"
)

// Each reveal of who submitted an opinion is one line of the audit: who, as what, which opinion, why. What is refused reveals nothing and leaves no line, and
// whoever is shown the name and the number at any time leaves none either.
func TestEachRevealIsOneLine(t *testing.T) {
	l := newLoop(t)
	l.record(map[string]any{"name": "赵甲", "phone": "138 0000 1234", "callBack": true})
	lines := func() (n int) {
		t.Helper()
		if err := l.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_entry WHERE verb = 'revealSubmitter'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	reveal := func(c *apitest.Caller, id, reason string) *apitest.Answer {
		return c.Do(`mutation($input: RevealSubmitterInput!) { revealSubmitter(input: $input) { name phone } }`,
			apitest.Vars{"input": map[string]any{"id": id, "reason": reason}})
	}
	const why = "回访核实情况"
	for range 2 {
		before := lines()
		if a := reveal(l.county, l.id, why); !strings.Contains(a.Body, "138 0000 1234") || lines() != before+1 {
			t.Errorf("%d lines more: %s", lines()-before, a.Body)
		}
	}
	var text string
	err := l.Owner.QueryRowContext(t.Context(), `SELECT concat_ws(' ', a.role, a.viewer_code, a.entity, o.number, a.code, a.county_code, a.detail ->> 'reason')
		FROM audit_entry a JOIN opinion o ON o.id = a.entity_id WHERE a.verb = 'revealSubmitter' ORDER BY a.created_at LIMIT 1`).Scan(&text)
	if want := "COUNTY_ADMIN 430121000000 Opinion " + l.number + " 430121102201 430121000000 " + why; err != nil || text != want {
		t.Errorf("the line says %s, want %s (%v)", text, want, err)
	}

	// At once.
	before := lines()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if a := reveal(l.county, l.id, why); !strings.Contains(a.Body, "赵甲") {
				t.Error(a.Body)
			}
		})
	}
	wg.Wait()
	if n := lines(); n != before+4 {
		t.Errorf("%d lines of 4 reveals", n-before)
	}

	before = lines()
	refused := func(what string, a *apitest.Answer) {
		t.Helper()
		if strings.Contains(a.Body, "138 0000 1234") || strings.Contains(a.Body, "赵甲") || len(a.Errors) == 0 || lines() != before {
			t.Errorf("%s: %d lines: %s", what, lines()-before, a.Body)
		}
	}
	refused("no reason", reveal(l.county, l.id, " "))
	refused("a county beside it", reveal(l.otherCounty, l.id, why))
	refused("a department", reveal(l.building, l.id, why))
	refused("a deputy", reveal(l.deputy, l.id, why))
	refused("no opinion", reveal(l.county, globalID("Opinion", "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"), why))

	// The line and what is revealed go together: where the one cannot be written the other is not told.
	for _, statement := range []string{
		`CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$`,
		`CREATE CONSTRAINT TRIGGER no_room AFTER INSERT ON audit_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_room()`,
	} {
		if _, err := l.Owner.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	refused("without room in the audit", reveal(l.county, l.id, why))
	if _, err := l.Owner.ExecContext(t.Context(), `DROP TRIGGER no_room ON audit_entry`); err != nil {
		t.Fatal(err)
	}

	// Whoever is responsible is shown who it is as often as they look, others what is masked: neither is a reveal.
	look := `{ node(id: "` + l.id + `") { ... on Opinion { submitter { name phone } submitterMasked phoneMasked } } }`
	count := func() (n int) {
		t.Helper()
		if err := l.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_entry`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	all := count()
	l.equal("the keeper is shown", at(l.ask(l.keeper, look), "submitter", "phone"), "138 0000 1234")
	l.equal("the county is not", at(l.ask(l.county, look), "submitter"), nil)
	if n := count(); n != all {
		t.Errorf("reading left %d lines", n-all)
	}
}
