package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// print writes the result for people.
func (r *result) print(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "scale %s, %s\n", orDash(r.Scale), r.Machine.line())
	if r.Note != "" {
		fmt.Fprintln(&b, r.Note)
	}
	fmt.Fprintf(&b, "A: the API; B: by hand; C: the SQL of B alone. Times in ms, one request at a time; requests/s with %d under way.\n\n", r.Concurrency)
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(t, "case\tA p50\tA p99\tB p50\tB p99\tC p50\tC p99\tA req/s\tB req/s\tA/B\tstmts A\tB\tallocs A\tB\tbytes\tCPU µs A\tB\t")
	for _, c := range r.Cases {
		_, _ = fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.0f\t%.0f\t%.2f\t%d\t%d\t%.0f\t%.0f\t%d\t%.0f\t%.0f\t\n", c.Name,
			c.API.P50, c.API.P99, c.Hand.P50, c.Hand.P99, c.SQL.P50, c.SQL.P99, c.API.PerSecond, c.Hand.PerSecond, c.Throughput,
			c.API.Statements, c.Hand.Statements, c.API.Allocations, c.Hand.Allocations, c.API.Bytes, c.API.CPU, c.Hand.CPU)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	b.WriteString("\n")
	for _, g := range r.Goals {
		fmt.Fprintf(&b, "%-11s  %s: %s\n", g.word(), g.Name, g.Measured)
	}
	for _, p := range r.Plans {
		for _, f := range p.Faults {
			fmt.Fprintf(&b, "plan of %s: %s\n", p.Case, f)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func (g goal) word() string {
	if g.Reached {
		return "reached"
	}
	return "not reached"
}

func (m machine) line() string {
	return fmt.Sprintf("%d cores, %.0f GB memory, %s, %s, PostgreSQL %s", m.Cores, float64(m.Memory)/(1<<30), m.System, m.Go, m.PostgreSQL)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
