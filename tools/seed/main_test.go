package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lianluo/lianluo/ent/place"
	"github.com/lianluo/lianluo/migrations"
	"github.com/lianluo/lianluo/server/postgres/pgtest"
	"github.com/lianluo/lianluo/server/seed"
	"github.com/lianluo/lianluo/server/seed/divisions"
)

// A mistake in the command line is told before anything is touched.
func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"nothing to do":    {nil, "--demo or --scale"},
		"both":             {[]string{"--demo", "--scale", "nation"}, "can't be used together"},
		"an unknown scale": {[]string{"--scale", "planet"}, `must be one of county, province, nation, not "planet"`},
		"an unknown flag":  {[]string{"--demo", "--all"}, "unknown flag --all"},
		"an argument":      {[]string{"--demo", "nation"}, "unexpected argument nation"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			var stdout, stderr bytes.Buffer
			err := run(t.Context(), append(c.args, "--data-dir", dir), &stdout, &stderr)
			if err == nil || !strings.Contains(err.Error(), c.want) || exitCode(err) != 2 {
				t.Errorf("error %v, exit code %d; want %q and 2", err, exitCode(err), c.want)
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the data directory: %v", err)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), []string{"--help"}, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--demo", "--scale", "county, province, nation", "--force", "DATABASE_URL", "--data-dir"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("the help lacks %q", want)
		}
	}
}

// What there is is not deleted without --force, and the message says so.
func TestForce(t *testing.T) {
	all, err := divisions.All()
	if err != nil {
		t.Fatal(err)
	}
	db := pgtest.Empty(t).Owner(t)
	if err := migrations.Up(t.Context(), db, nil); err != nil {
		t.Fatal(err)
	}
	if err := divisions.Load(t.Context(), db, divisions.Subset(all, place.MustParse("430121")), nil); err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	f := flags{Scale: seed.ScaleCounty}
	if err := fill(t.Context(), db, f, seed.Options{}, &stdout); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stdout.String(), "108 stations, ") {
		t.Errorf("the summary is %q", stdout.String())
	}
	if err := fill(t.Context(), db, f, seed.Options{}, &stdout); err == nil || !strings.Contains(err.Error(), "--force") || exitCode(err) != 1 {
		t.Errorf("over other data: %v", err)
	}
	if err := fill(t.Context(), db, f, seed.Options{Replace: true}, &stdout); err != nil {
		t.Errorf("with force: %v", err)
	}
}

func TestProgress(t *testing.T) {
	now := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	p := progress{out: &out, clock: func() time.Time { return now }}
	for i := 1; i <= 40; i++ {
		p.report("one", i, 40)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 10 {
		t.Errorf("a step of 40 is told in %d lines:\n%s", lines, out.String())
	}
	out.Reset()
	for i := 1; i <= 20; i++ {
		now = now.Add(time.Second)
		p.report("two", i, 1_000_000)
	}
	if got, want := out.String(), "two: 0 % (6 of 1000000)\n"; !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 3 {
		t.Errorf("a slow step is told as:\n%s", got)
	}
}
