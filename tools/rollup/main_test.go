package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// A sum that was changed by hand is told, and counted anew; what is to be added of it is neither lost nor counted twice.
func TestVerifyAndRebuild(t *testing.T) {
	db := pgtest.New(t)
	owner := db.Owner(t)
	exec := func(query string) {
		t.Helper()
		if _, err := owner.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	tool := func(command string) (string, error) {
		t.Helper()
		var out, errs strings.Builder
		err := run(t.Context(), []string{"--database-url", db.OwnerURL, command}, &out, &errs)
		if errs.Len() > 0 {
			t.Errorf("%s: %s", command, errs.String())
		}
		return out.String(), err
	}
	right := func(when string) {
		t.Helper()
		if out, err := tool("verify"); err != nil || out != "all sums are what the records say\n" {
			t.Errorf("%s: %v\n%s", when, err, out)
		}
	}
	if out, err := tool("rebuild"); err != nil || !strings.HasPrefix(out, "counted ") {
		t.Fatalf("%v\n%s", err, out)
	}
	right("rebuilt")

	// 花果村 is no place any more: that waits to be folded.
	exec(`UPDATE division SET valid_to = '2026-01-01' WHERE code = 430121107204`)
	right("with something to fold")
	exec(`UPDATE fact SET villages = villages + 2 WHERE code = 430121000000 AND span = 'TOTAL'`)
	exec(`INSERT INTO fact (code, span, starts, lectures) VALUES (430000000000, 'YEAR', '2031-01-01', 7)`)
	out, err := tool("verify")
	if !errors.Is(err, errDiffer) || !strings.HasPrefix(err.Error(), "2 sums differ") {
		t.Errorf("found %v", err)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines:\n%s", len(lines), out)
	}
	for i, want := range []string{"430000000000 YEAR 2031-01-01 lectures kept 7, counted 0", "430121000000 TOTAL all months villages kept "} {
		if got := strings.Join(strings.Fields(lines[i]), " "); !strings.HasPrefix(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if _, err := tool("rebuild"); err != nil {
		t.Fatal(err)
	}
	right("rebuilt again")
}

func TestArguments(t *testing.T) {
	var out, errs strings.Builder
	if err := run(t.Context(), []string{"--help"}, &out, &errs); err != nil || !strings.Contains(out.String(), "rebuild") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := run(t.Context(), []string{"repair"}, &out, &errs); err == nil {
		t.Error("an unknown command is taken")
	}
}
