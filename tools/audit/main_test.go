package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/ent/audit"
	"github.com/lianluo/lianluo/server/anchor"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// Each kind of finding has an exit status of its own, and is told in words.
func TestVerify(t *testing.T) {
	db := pgtest.New(t)
	owner := db.Owner(t)
	exec := func(query string) {
		t.Helper()
		if _, err := owner.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "anchor")
	write := func(age string) {
		t.Helper()
		exec(`INSERT INTO audit_entry (id, created_at, updated_at, code, subject, viewer_code, verb, entity, entity_id)
			SELECT gen_random_uuid(), now() - interval '` + age + `', now(), 0, 'job:test', 0, 'x', 'X', gen_random_uuid() FROM generate_series(1, 3)`)
	}
	seal := func() {
		t.Helper()
		if _, err := (&audit.Sealer{DB: owner, Anchor: anchor.New(path)}).Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tool := func(want int, words ...string) {
		t.Helper()
		var out, errs strings.Builder
		code := run(t.Context(), []string{"--database-url", db.OwnerURL, "--anchor", path, "verify"}, &out, &errs)
		if code != want || errs.Len() > 0 {
			t.Errorf("exit status %d, want %d\n%s%s", code, want, &out, &errs)
		}
		for _, w := range words {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%q is not told:\n%s", w, &out)
			}
		}
	}
	tool(exitAnchor, "0 links hold", "there is no file "+path)
	write("1 second")
	seal()
	write("2 hours")
	tool(exitWaiting, "3 links hold; 1 of them are heads", "3 lines wait to be sealed, the first for 2h", "WAITING")
	seal()
	tool(exitWhole, "6 links hold; 2 of them are heads", "0 lines wait", "note: 3 lines", "position 4", "the chain is whole up to position 6")

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append([]byte("{}\n"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(exitAnchor, "ANCHOR ANCHOR_CHANGED")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	exec(`UPDATE audit_entry SET subject = 'nobody' WHERE id = (SELECT entry_id FROM audit_seal WHERE position = 5)`)
	tool(exitBroken, "4 links hold", "BROKEN ENTRY_CHANGED at position 5, entry ")
	exec(`UPDATE audit_entry SET subject = 'job:test'`)
	tool(exitWhole)
	exec(`DELETE FROM audit_seal WHERE position = 6`)
	tool(exitBroken, "BROKEN CHAIN_CUT at position 6: the chain ends before the anchor's head at 6")
}

func TestArguments(t *testing.T) {
	for _, test := range []struct {
		args []string
		want int
	}{
		{[]string{"--help"}, exitWhole},
		{[]string{}, exitUsage},
		{[]string{"repair"}, exitUsage},
		{[]string{"verify", "--patience", "soon"}, exitUsage},
		{[]string{"verify", "--database-url", "postgres://nobody@127.0.0.1:1/none?connect_timeout=1", "--anchor", "nothing"}, exitUnchecked},
	} {
		var out, errs strings.Builder
		if got := run(t.Context(), test.args, &out, &errs); got != test.want || (got == exitWhole) != (errs.Len() == 0) {
			t.Errorf("%v: exit status %d, want %d\n%s%s", test.args, got, test.want, &out, &errs)
		}
	}
}
