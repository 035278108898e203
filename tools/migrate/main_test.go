package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lianluo/lianluo/server/postgres/pgtest"
)

// copied is a copy of the migrations that a test may write to.
func copied(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "migrations")
	if err := os.CopyFS(dir, os.DirFS("../../migrations")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*.sql"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestMigrationsAreTheSchema proves that the files in migrations build what ent/schema describes, no more and no less.
func TestMigrationsAreTheSchema(t *testing.T) {
	dir := copied(t)
	before, sum := len(files(t, dir)), read(t, filepath.Join(dir, "atlas.sum"))
	var out strings.Builder
	if err := diff(t.Context(), pgtest.Empty(t).Owner(t), dir, "missing", &out); err != nil {
		t.Fatal(err)
	}
	if after := files(t, dir); len(after) != before {
		t.Errorf("ent/schema and migrations differ by:\n%s", read(t, after[len(after)-1]))
	}
	if read(t, filepath.Join(dir, "atlas.sum")) != sum {
		t.Error("atlas.sum is out of date: run tools/migrate diff once")
	}
}

// TestDiffWritesWhatIsMissing takes something away, and expects a file that brings it back.
func TestDiffWritesWhatIsMissing(t *testing.T) {
	dir := copied(t)
	taken := filepath.Join(dir, "99980101000000_take_away.sql")
	if err := os.WriteFile(taken, []byte("ALTER TABLE station DROP COLUMN brand;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := diff(t.Context(), pgtest.Empty(t).Owner(t), dir, "bring_back", &out); err != nil {
		t.Fatal(err)
	}
	written := ""
	for _, f := range files(t, dir) {
		if strings.HasSuffix(f, "_bring_back.sql") {
			written = read(t, f)
		}
	}
	if !strings.Contains(written, `ALTER TABLE "station" ADD COLUMN "brand"`) {
		t.Errorf("wrote %q, said %q", written, out.String())
	}
}

func TestStatusAndUp(t *testing.T) {
	db := pgtest.Empty(t)
	var out, errs strings.Builder
	for _, step := range []struct{ command, want string }{{"status", "pending"}, {"up", "applied"}, {"status", "T"}} {
		out.Reset()
		if err := run(t.Context(), []string{"--database-url", db.OwnerURL, step.command}, &out, &errs); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if !strings.Contains(line, step.want) {
				t.Errorf("%s: %q lacks %q", step.command, line, step.want)
			}
		}
		if out.Len() == 0 {
			t.Errorf("%s said nothing", step.command)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
