package rollup

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lianluo/lianluo/ent/fault"
)

func period(t *testing.T, from, to string) Period {
	t.Helper()
	first, err := time.Parse(time.DateOnly, from)
	if err != nil {
		t.Fatal(err)
	}
	last, err := time.Parse(time.DateOnly, to)
	if err != nil {
		t.Fatal(err)
	}
	return Period{first, last}
}

func text(p Period) string { return p.first() + " " + p.last() }

// TestSpans: which periods have sums that are kept, and under which name.
func TestSpans(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		whole    bool
		span     string
	}{
		{"2025-01-01", "2025-01-31", true, "MONTH"},
		{"2024-02-01", "2024-02-29", true, "MONTH"},
		{"2024-02-01", "2024-02-28", false, ""},
		{"2025-02-01", "2025-02-28", true, "MONTH"},
		{"2025-01-01", "2025-02-28", true, ""},
		{"2025-01-01", "2025-03-31", true, "QUARTER"},
		{"2025-02-01", "2025-04-30", true, ""},
		{"2025-10-01", "2025-12-31", true, "QUARTER"},
		{"2025-01-01", "2025-12-31", true, "YEAR"},
		{"2025-02-01", "2026-01-31", true, ""},
		{"2024-01-01", "2025-12-31", true, ""},
		{"2025-01-02", "2025-01-31", false, ""},
	} {
		p := period(t, tt.from, tt.to)
		if p.whole() != tt.whole || p.span() != tt.span {
			t.Errorf("%s: whole %v, span %q; want %v, %q", text(p), p.whole(), p.span(), tt.whole, tt.span)
		}
	}
}

// TestAgainst: what a period is compared with.
func TestAgainst(t *testing.T) {
	for _, tt := range []struct{ from, to, previous, lastYear string }{
		{"2025-03-01", "2025-03-31", "2025-02-01 2025-02-28", "2024-03-01 2024-03-31"},
		{"2025-01-01", "2025-03-31", "2024-10-01 2024-12-31", "2024-01-01 2024-03-31"},
		{"2025-02-01", "2025-02-28", "2025-01-01 2025-01-31", "2024-02-01 2024-02-29"},
		{"2024-02-01", "2024-02-29", "2024-01-01 2024-01-31", "2023-02-01 2023-02-28"},
		// What was on no day of the year before is compared with no day.
		{"2024-02-29", "2024-02-29", "2024-02-28 2024-02-28", "2023-03-01 2023-02-28"},
		{"2024-02-29", "2024-03-31", "2024-01-28 2024-02-28", "2023-03-01 2023-03-31"},
		{"2025-03-11", "2025-03-20", "2025-03-01 2025-03-10", "2024-03-11 2024-03-20"},
		{"2025-03-05", "2025-03-05", "2025-03-04 2025-03-04", "2024-03-05 2024-03-05"},
	} {
		p := period(t, tt.from, tt.to)
		for c, want := range map[Comparison]string{ComparePrevious: tt.previous, CompareLastYear: tt.lastYear} {
			if got, ok := p.against(c); !ok || text(got) != want {
				t.Errorf("%s of %s: %s, want %s", c, text(p), text(got), want)
			}
		}
	}
	if _, ok := period(t, "2025-03-01", "2025-03-31").against(CompareNone); ok {
		t.Error("nothing is compared with something")
	}
}

// TestParts: a period falls into calendar months, quarters and years, and its bounds cut off the first and the last.
func TestParts(t *testing.T) {
	p := period(t, "2024-11-15", "2025-02-10")
	for interval, want := range map[Interval][]string{
		IntervalNone:    nil,
		IntervalMonth:   {"2024-11-15 2024-11-30", "2024-12-01 2024-12-31", "2025-01-01 2025-01-31", "2025-02-01 2025-02-10"},
		IntervalQuarter: {"2024-11-15 2024-12-31", "2025-01-01 2025-02-10"},
		IntervalYear:    {"2024-11-15 2024-12-31", "2025-01-01 2025-02-10"},
	} {
		var got []string
		for _, part := range p.parts(interval) {
			got = append(got, text(part))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", interval, diff)
		}
		if n := p.Parts(interval); n != len(want) {
			t.Errorf("%s: counted as %d parts, are %d", interval, n, len(want))
		}
	}
	if n := (Period{p.To, p.From}).Parts(IntervalMonth); n != 0 {
		t.Errorf("a reversed period has %d parts", n)
	}
}

// TestSheetIsBounded: a sheet that is full takes no more sums, but still those of its own.
func TestSheetIsBounded(t *testing.T) {
	sums := sheet{}
	for i := range maxCells {
		if _, err := sums.room(cellKey{span: i}); err != nil {
			t.Fatalf("cell %d: %v", i, err)
		}
	}
	if _, err := sums.room(cellKey{span: maxCells}); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("one more: %v", err)
	}
	if of, err := sums.room(cellKey{span: 7}); err != nil || of != sums[cellKey{span: 7}] {
		t.Errorf("one of its own: %v", err)
	}
}

// TestEveryColumnIsTold: each column stands in a measure, has a nature, and a way to be counted and listed.
func TestEveryColumnIsTold(t *testing.T) {
	all := All()
	for c := range columnCount {
		if !all.of[c] {
			t.Errorf("column %d is in no measure", c)
		}
		if c > 0 && tallies[c] == (nature{}) {
			t.Errorf("column %d has no nature", c)
		}
		if reports[tallies[c].source].name == "" {
			t.Errorf("column %d is counted nowhere", c)
		}
		if _, ok := listings[c]; !ok && reports[tallies[c].source].entity == "" {
			t.Errorf("what counts in column %d is not listed", c)
		}
	}
	for _, m := range Measures {
		if !m.Valid() || !all.Has(m) {
			t.Errorf("%s is no measure", m)
		}
	}
}
