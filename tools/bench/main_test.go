package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A mistake in the command line is told before anything is touched.
func TestMistakes(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	for name, args := range map[string]string{
		"unknown size": "--scale village", "too short": "--duration 1ms", "no requests": "--count 0", "too many at a time": "--concurrency 65",
		"login without owner": "--app-database-url postgres://x@127.0.0.1/y", "unknown flag": "--fast", "report of nothing": "report",
	} {
		t.Run(name, func(t *testing.T) {
			var out, remarks bytes.Buffer
			dir := filepath.Join(t.TempDir(), "data")
			fields := strings.Fields(args)
			if fields[0] != "report" {
				fields = append(fields, "--data-dir", dir)
			}
			if err := run(t.Context(), fields, &out, &remarks); exitCode(err) != 2 || !errors.As(err, new(usageError)) {
				t.Errorf("error %v", err)
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Error("the data directory was made for nothing")
			}
		})
	}
}

// TestReport writes a report of two runs, given in the wrong order.
func TestReport(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for scale, millis := range map[string]float64{"province": 9.5, "county": 4} {
		r := &result{Scale: scale, Rows: []rows{{"opinion", 7}}, Cases: []caseResult{
			{Name: "newest-county", About: "a list", Sort: list, API: way{times: times{1, millis, millis}, PerSecond: 6}, Hand: way{PerSecond: 8}, Throughput: .75},
			{Name: "newest-nation", About: "a list", Sort: list, API: way{times: times{1, 4, 4}}, Throughput: .75},
		}, Plans: []plan{{Case: "newest-county", Statement: "SELECT 1", Text: "Result"}}}
		r.judge()
		name := filepath.Join(dir, scale+".json")
		if err := r.save(name); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	if err := run(t.Context(), append([]string{"report", "--out", dir}, files...), io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "performance.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| case | what | county | province |", "4.00 / 0.00 / 0.00 | 9.50 / 0.00 / 0.00", "| **reached** | 2 of 2 cases |", "| **not reached** | 2.38 (",
		"| **not reached** | not measured |", "SELECT 1",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the report has no %q", want)
		}
	}
	for _, name := range []string{"median", "sql", "newest", "ratio"} {
		svg, err := os.ReadFile(filepath.Join(dir, "performance", name+".svg"))
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(svg, new(struct{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := run(t.Context(), []string{"report", "--out", dir, files[0], files[0]}, io.Discard, io.Discard); !errors.Is(err, errTwice) {
		t.Errorf("the same size twice: %v", err)
	}
}

// TestFaults looks at plans that do and do not grow with a table.
func TestFaults(t *testing.T) {
	scan := func(typ, cond string) node { return node{Type: typ, Relation: "opinion", Index: "i", Cond: cond} }
	for name, c := range map[string]struct {
		plan  node
		whole bool
		bad   bool
	}{
		"reads a table":                 {plan: scan("Seq Scan", ""), bad: true},
		"reads a small table":           {plan: node{Type: "Seq Scan", Relation: "category"}},
		"finds rows":                    {plan: scan("Index Scan", "county_code = 1")},
		"reads an index":                {plan: scan("Index Scan", ""), bad: true},
		"first of all, by an index":     {plan: node{Type: "Limit", Plans: []node{scan("Index Scan", "")}}, whole: true},
		"first of some, by searching":   {plan: node{Type: "Limit", Plans: []node{scan("Index Scan", "")}}, bad: true},
		"first, by sorting":             {plan: node{Type: "Limit", Plans: []node{{Type: "Sort", Plans: []node{scan("Index Scan", "county_code = 1")}}}}, bad: true},
		"all, sorted":                   {plan: node{Type: "Sort", Plans: []node{scan("Index Scan", "county_code = 1")}}},
		"first, sorted as far as asked": {plan: node{Type: "Limit", Plans: []node{{Type: "Incremental Sort", Plans: []node{scan("Index Scan", "day = 1")}}}}},
	} {
		if found := c.plan.faults(false, c.whole); (len(found) > 0) != c.bad {
			t.Errorf("%s: %v", name, found)
		}
	}
}
