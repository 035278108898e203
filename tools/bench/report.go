package main

import (
	"cmp"
	_ "embed" // the template of the report
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/lianluo/lianluo/server/seed"
)

// reportFlags say what is reported.
type reportFlags struct {
	Results []string `arg:"" placeholder:"RESULT.json" help:"Results of runs, one for each size of data."`
	Out     string   `default:"docs" placeholder:"DIR" help:"Folder of performance.md and of the folder performance with its plots (${default})."`
}

//go:embed performance.md.tmpl
var reportTemplate string

// write writes the report.
func (f *reportFlags) write(stdout io.Writer) error {
	runs := make([]*result, len(f.Results))
	for i, name := range f.Results {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		runs[i] = new(result)
		if err := json.Unmarshal(text, runs[i]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	r, err := newReport(runs)
	if err != nil {
		return err
	}
	folder := filepath.Join(f.Out, "performance")
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // documents are for everyone
		return err
	}
	for name, c := range r.charts() {
		if err := os.WriteFile(filepath.Join(folder, name+".svg"), []byte(c.svg()), 0o644); err != nil { //nolint:gosec // documents are for everyone
			return err
		}
	}
	text, err := r.markdown()
	if err != nil {
		return err
	}
	name := filepath.Join(f.Out, "performance.md")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil { //nolint:gosec // documents are for everyone
		return err
	}
	_, err = fmt.Fprintln(stdout, name)
	return err
}

// report is the runs side by side.
type report struct {
	// Runs are in the order of their sizes, the smallest first.
	Runs []*result
	// Names are the cases, in the order they were measured.
	Names []string
}

var errTwice = errors.New("two results are of the same size")

func newReport(runs []*result) (*report, error) {
	r := &report{Runs: slices.SortedStableFunc(slices.Values(runs), func(a, b *result) int {
		return cmp.Compare(slices.Index(seed.Scales, seed.Scale(a.Scale)), slices.Index(seed.Scales, seed.Scale(b.Scale)))
	})}
	for i, run := range r.Runs {
		if i > 0 && run.Scale == r.Runs[i-1].Scale {
			return nil, fmt.Errorf("%w: %s", errTwice, run.Scale)
		}
		for _, c := range run.Cases {
			if !slices.Contains(r.Names, c.Name) {
				r.Names = append(r.Names, c.Name)
			}
		}
	}
	return r, nil
}

// Largest is the run on the largest data.
func (r *report) Largest() *result { return r.Runs[len(r.Runs)-1] }

// About says what a case is.
func (r *report) About(name string) string {
	for _, run := range r.Runs {
		if c := run.find(name); c != nil {
			return c.About
		}
	}
	return ""
}

// Cell writes something of a case in a run.
func (r *report) Cell(run *result, name, what string) string {
	c := run.find(name)
	if c == nil {
		return "–"
	}
	switch what {
	case "p50":
		return fmt.Sprintf("%.2f / %.2f / %.2f", c.API.P50, c.Hand.P50, c.SQL.P50)
	case "p99":
		return fmt.Sprintf("%.2f / %.2f / %.2f", c.API.P99, c.Hand.P99, c.SQL.P99)
	case "rate":
		return fmt.Sprintf("%.0f / %.0f", c.API.PerSecond, c.Hand.PerSecond)
	case "ratio":
		return fmt.Sprintf("%.2f", c.Throughput)
	case "statements":
		return fmt.Sprintf("%d / %d", c.API.Statements, c.Hand.Statements)
	case "allocations":
		return fmt.Sprintf("%.0f / %.0f", c.API.Allocations, c.Hand.Allocations)
	case "bytes":
		return fmt.Sprint(c.API.Bytes)
	case "cpu":
		return fmt.Sprintf("%.0f / %.0f", c.API.CPU, c.Hand.CPU)
	}
	return ""
}

// Bounds says what bounds a case, from what was measured of it: where the time of the API goes beyond that of the SQL.
func (r *report) Bounds(run *result, name string) string {
	c := run.find(name)
	if c == nil || c.API.CPU == 0 {
		return "–"
	}
	database := c.API.DatabaseCPU / c.API.CPU
	word := "the server's own work: rows into objects, and objects into fields of the answer"
	switch {
	case c.Name == "sign-in":
		word = "the hash of the password, which is slow by design"
	case database >= .6:
		word = "the database"
	case database >= .4:
		word = "the database and the server alike"
	}
	return fmt.Sprintf("%s (%.0f %% of the processor time is the database's)", word, 100*database)
}

// Plan writes the lines of a plan, shortened to a width.
func (r *report) Plan(p plan) string {
	lines := strings.Split(p.Text, "\n")
	for i, l := range lines {
		if runes := []rune(l); len(runes) > 160 {
			lines[i] = string(runes[:159]) + "…"
		}
	}
	return strings.Join(lines, "\n")
}

// Statement writes a statement on few lines.
func (r *report) Statement(p plan) string {
	text := []rune(strings.Join(strings.Fields(p.Statement), " "))
	if len(text) > 700 {
		text = append(text[:699:699], '…')
	}
	return string(text)
}

// Word tells whether a goal was reached.
func (r *report) Word(g goal) string { return g.word() }

// Line describes a machine.
func (r *report) Line(m machine) string { return m.line() }

// MiB writes bytes.
func (r *report) MiB(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

func (r *report) markdown() (string, error) {
	t, err := template.New("performance.md").Parse(reportTemplate)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, r)
	return b.String(), err
}

// charts are the plots by their names.
func (r *report) charts() map[string]chart {
	of := func(value func(*caseResult) float64, names []string) []series {
		var out []series
		for _, run := range r.Runs {
			s := series{name: run.Scale}
			for _, n := range names {
				v := math.NaN()
				if c := run.find(n); c != nil {
					v = value(c)
				}
				s.values = append(s.values, v)
			}
			out = append(out, s)
		}
		return out
	}
	var levels []string
	for _, n := range r.Names {
		if strings.HasPrefix(n, "newest-") {
			levels = append(levels, n)
		}
	}
	median := func(c *caseResult) float64 { return c.API.P50 }
	return map[string]chart{
		"median": {title: "Median time of the API, by size of the data", unit: "ms", groups: r.Names, series: of(median, r.Names), logarithmic: true},
		"sql": {
			title: "Median time of the SQL alone, by size of the data", unit: "ms", groups: r.Names,
			series: of(func(c *caseResult) float64 { return c.SQL.P50 }, r.Names), logarithmic: true,
		},
		"newest": {title: "Newest 20 opinions: median by level and size", unit: "ms", groups: levels, series: of(median, levels)},
		"ratio": {
			title: "Requests a second of the API by those of the handler written by hand", unit: "A/B", groups: r.Names,
			series: of(func(c *caseResult) float64 { return c.Throughput }, r.Names), line: leastThroughput,
		},
	}
}
